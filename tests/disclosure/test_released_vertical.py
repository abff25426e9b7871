"""Contact along the reporting lines on its way out."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from orgnet.diagnosis import diagnose
from orgnet.disclosure import DisclosurePolicy, release
from orgnet.disclosure.vertical import share_of_people
from orgnet.measures import reporting_line_contact, skip_level_contact
from orgnet.network import Network
from orgnet.report_model import Vertical


def organisation(heads: int, leads: int, reports: int) -> pd.DataFrame:
    """One at the top, a head a department, and so many leads and reports below each."""
    rows: list[tuple[str, str | None, str]] = [("top", None, "D0")]
    for h in range(heads):
        rows.append((f"h{h}", "top", f"D{h}"))
        for lead in range(leads):
            rows.append((f"h{h}l{lead}", f"h{h}", f"D{h}"))
            rows += [(f"h{h}l{lead}r{r}", f"h{h}l{lead}", f"D{h}") for r in range(reports)]
    return pd.DataFrame(rows, columns=["person", "manager", "department"])


def network(people: pd.DataFrame, *, apart: int = 0) -> Network:
    """Everybody speaks with their manager but the last `apart`, and with their peers."""
    lines = people.dropna(subset="manager")
    lines = lines.iloc[: len(lines) - apart]
    ties = list(zip(lines["person"], lines["manager"], strict=True))
    for _, peers in people.groupby("manager"):
        ties += list(combinations(peers["person"], 2))
    table = pd.DataFrame(ties, columns=["sender", "recipient"])
    return Network.from_ties(table, people, directed=False)


def vertical(graph: Network, minimum: int = 5) -> Vertical | None:
    found = diagnose(graph, draws=10, robustness_draws=0)
    return release(found, DisclosurePolicy(minimum_group=minimum)).vertical


@pytest.fixture(scope="module")
def told() -> Vertical:
    found = vertical(network(organisation(6, 3, 5)))
    assert found is not None
    return found


def test_managers_spans_and_layers_are_those_of_the_chart(told: Vertical) -> None:
    assert (told.managers, told.span_median, told.span_wide) == (25, 5.0, 0.0)
    # The one at the top counts with the six heads.
    assert told.layers == 3


def test_everybody_speaks_with_their_manager(told: Vertical) -> None:
    assert told.line_contact == 1.0
    assert told.unreachable == 0.0


def test_contact_falls_off_with_distance(told: Vertical) -> None:
    strengths = [step.strength for step in told.profile]
    assert [step.distance for step in told.profile] == [1, 2, 3, 4, 5, 6]
    assert strengths[0] == 1.0 and strengths[-1] == 0.0


def test_shares_of_contact_by_direction_add_up_to_one(told: Vertical) -> None:
    shares = (told.share_line, told.share_lateral, told.share_cross, told.share_diagonal)
    assert sum(share or 0.0 for share in shares) == pytest.approx(1.0, abs=0.02)


def test_a_share_that_would_count_a_few_is_withheld() -> None:
    found = vertical(network(organisation(6, 3, 5), apart=2))
    assert found is not None
    assert found.line_contact is None


def test_what_is_mostly_about_one_superior_is_withheld() -> None:
    people = organisation(6, 0, 0)
    rest = [(f"x{i}", "h0", "D0") for i in range(40)]
    rest += [(f"y{i}", f"h{1 + i % 5}", f"D{1 + i % 5}") for i in range(20)]
    people = pd.concat([people, pd.DataFrame(rest, columns=people.columns)], ignore_index=True)
    found = vertical(network(people))
    assert found is not None
    # 40 of 66 people report to one, and all skip-level contact is with the one at the top.
    assert (found.line_contact, found.skip_level_contact) == (None, None)


def test_too_few_managers_give_no_section() -> None:
    assert vertical(network(organisation(2, 1, 10))) is not None
    assert vertical(network(organisation(3, 0, 0))) is None
    people = organisation(3, 0, 8).assign(manager=lambda t: t["manager"].where(t.index < 3))
    assert vertical(network(people)) is None


def test_without_managers_there_is_no_section() -> None:
    people = organisation(6, 2, 2)
    assert vertical(network(people)) is not None
    ties = pd.DataFrame({"sender": people["person"][1:], "recipient": people["person"][0]})
    plain = Network.from_ties(ties, people.drop(columns="manager"), directed=False)
    assert vertical(plain) is None


def test_nothing_is_told_where_few_did_not_agree_to_a_team_edition() -> None:
    people = organisation(6, 2, 2)
    assert vertical(network(people.assign(agreed=[True] * 40 + [False] * 3))) is None
    assert vertical(network(people.assign(agreed=[True] * 33 + [False] * 10))) is not None


def test_the_figures_are_those_of_the_measures() -> None:
    rng = np.random.default_rng(3)
    people = organisation(6, 4, 5)
    ids = people["person"].to_numpy()
    ties = pd.DataFrame({"sender": rng.choice(ids, 900), "recipient": rng.choice(ids, 900)})
    ties = ties[ties["sender"] != ties["recipient"]]
    lines = people.dropna(subset="manager").iloc[::2]
    lines = pd.DataFrame({"sender": lines["person"], "recipient": lines["manager"]})
    graph = Network.from_ties(pd.concat([ties, lines]), people, directed=False)
    found = vertical(graph)
    assert found is not None
    assert found.line_contact == pytest.approx(reporting_line_contact(graph), abs=0.0251)
    assert found.skip_level_contact == pytest.approx(skip_level_contact(graph), abs=0.0251)


@pytest.mark.parametrize("people", [5, 12, 40, 67, 199, 200, 1000])
def test_a_share_of_people_never_counts_fewer_than_the_minimum(people: int) -> None:
    for count in range(people + 1):
        told = share_of_people(count, people, 5)
        if told is None or count in (0, people):
            continue
        fits = [c for c in range(people + 1) if share_of_people(c, people, 5) == told]
        assert max(min(c, people - c) for c in fits) >= 5
