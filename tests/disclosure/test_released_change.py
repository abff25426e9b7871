"""What changed between two periods: found where planted, and nothing told of who came or went."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from itertools import combinations

import pandas as pd
import pytest

from orgnet.building import earlier_window, network_of, weekly_ties
from orgnet.diagnosis import Diagnosis, diagnose
from orgnet.disclosure import release
from orgnet.measures.period_change import period_change
from orgnet.network import Network
from orgnet.report_model import Change, DepartmentChange
from orgnet.rules import TieRules
from orgnet.simulate import Drift, plant_drift

MONDAY = date(2026, 1, 5)


def network(planted: pd.DataFrame, people: pd.DataFrame, **columns: object) -> Network:
    ties = planted[["sender", "recipient", "week"]]
    return Network.from_ties(ties, people.assign(**columns))


@pytest.fixture(scope="module")
def drift() -> Drift:
    return plant_drift(seed=4, people=180, departments=6, closing=1)


@pytest.fixture(scope="module")
def two(drift: Drift) -> tuple[Network, Network]:
    return network(drift.before.ties, drift.before.people), network(
        drift.after.ties, drift.after.people
    )


@pytest.fixture(scope="module")
def diagnosis(two: tuple[Network, Network]) -> Diagnosis:
    return diagnose(two[1], earlier=two[0], draws=100, robustness_draws=0)


def change(diagnosis: Diagnosis) -> Change:
    found = release(diagnosis).change
    assert found is not None
    return found


def row(found: Change, name: str) -> DepartmentChange:
    return next(row for row in found.departments if row.name == name)


def test_the_department_that_closed_is_found_and_no_other(
    drift: Drift, diagnosis: Diagnosis
) -> None:
    found = change(diagnosis)
    proven = {row.name for row in found.departments if row.proven}
    assert proven == set(drift.after.truth.silos)
    closed = row(found, proven.pop())
    assert closed.change is not None and closed.high is not None
    assert closed.change <= closed.high < 0


def test_the_figures_of_a_row_fit(diagnosis: Diagnosis) -> None:
    for one in change(diagnosis).departments:
        assert None not in (one.before, one.after, one.change, one.low, one.high, one.q)
        assert one.after == pytest.approx(one.before + one.change)
        assert one.low <= one.change <= one.high


def test_the_periods_and_the_index_before_are_told(diagnosis: Diagnosis) -> None:
    model = release(diagnosis)
    found = model.change
    assert found is not None and found.after == model.period
    assert found.before.last is not None and found.after.first is not None
    assert date.fromisoformat(found.before.last) + timedelta(1) == date.fromisoformat(
        found.after.first
    )
    assert [score.key for score in found.scores] == ["index", "openness", "coverage", "resilience"]
    index = next(figure for figure in model.glance if figure.key == "index")
    assert index.compared == found.scores[0].before


def test_without_an_earlier_window_there_is_no_section(two: tuple[Network, Network]) -> None:
    found = diagnose(two[1], draws=10, robustness_draws=0)
    assert release(found).change is None


def test_people_who_moved_are_not_compared(two: tuple[Network, Network]) -> None:
    before, after = two
    moved = before.people["department"].to_numpy(dtype=object).copy()
    names = sorted(set(moved))
    first = [at for at, name in enumerate(moved) if name == names[0]][:6]
    moved[first] = names[1]
    earlier = dataclasses.replace(before, people=before.people.assign(department=moved))
    found = period_change(earlier, after, by="department", draws=20)
    assert found.people == before.n - 6
    assert found.departments["joined"].to_dict() == {name: 6 * (name == names[0]) for name in names}
    assert found.departments["left"].to_dict() == {name: 6 * (name == names[1]) for name in names}


@pytest.mark.parametrize(("gone", "step"), [(3, 0.05), (8, 0.01)])
def test_a_few_who_joined_make_the_figures_coarse(
    two: tuple[Network, Network], gone: int, step: float
) -> None:
    before, after = two
    department = before.people["department"]
    absent = set(department[department == department.iloc[0]].index[:gone])
    seen = [person not in absent and seen for person, seen in before.people["observed"].items()]
    kept = before.subset(pd.Series(seen).to_numpy())
    earlier = Network.from_ties(
        _ties(kept), before.people.drop(columns=["observed", "insufficient"]).assign(observed=seen)
    )
    found = diagnose(after, earlier=earlier, draws=30, robustness_draws=0)
    told = change(found)
    assert told.joined == (None if gone < 5 else 10)
    named = row(told, str(department.iloc[0]))
    for value in (named.before, named.after, named.change, named.low, named.high):
        assert value is not None
        assert abs(value / step - round(value / step)) < 1e-6
    if step == 0.05:
        # Of the others nobody joined, but those few may have been in contact with them.
        assert all(
            abs(20 * one.change - round(20 * one.change)) < 1e-6
            for one in told.departments
            if one.change is not None
        )


def _ties(network: Network) -> pd.DataFrame:
    """Rows of weekly ties that make the network again."""
    p, ids = network.pairs, network.index.to_numpy(dtype=object)
    assert p.weekly is not None and network.weeks is not None
    cells = p.weekly.tocoo()
    weeks = pd.to_datetime(
        [MONDAY + timedelta(7 * (network.weeks[c] - network.weeks[0])) for c in cells.col]
    )
    return pd.DataFrame(
        {"sender": ids[p.first[cells.row]], "recipient": ids[p.second[cells.row]], "week": weeks}
    )


def test_coverage_that_differs_closes_the_gate(two: tuple[Network, Network]) -> None:
    before, after = two
    half = before.people["observed"].to_numpy(dtype=bool).copy()
    half[::4] = False
    earlier = dataclasses.replace(
        before.subset(half), people=before.people.assign(observed=half), pairs=before.pairs
    )
    found = diagnose(after, earlier=earlier, draws=10, robustness_draws=0)
    told = change(found)
    assert (told.reason, told.departments, told.people) == ("coverage_differs", (), None)


def records(weeks: int) -> pd.DataFrame:
    days = [MONDAY + timedelta(7 * week) for week in range(weeks)]
    pairs = list(combinations([f"p{i}" for i in range(6)], 2))
    return pd.DataFrame(
        [(day, a, b, "chat", "dm") for day in days for a, b in pairs],
        columns=["sent_at", "sender", "recipient", "channel", "kind"],
    )


@pytest.mark.parametrize(("weeks", "there"), [(23, False), (24, True), (30, True)])
def test_the_window_before_must_be_whole(weeks: int, there: bool) -> None:
    weekly = weekly_ties(records(weeks), None, rules=TieRules())
    earlier = earlier_window(weekly, rules=TieRules())
    assert (earlier is not None) is there
    if earlier is not None:
        window, later = (network_of(weekly, rules=rules) for rules in (earlier, TieRules()))
        assert window.weeks is not None and later.weeks is not None
        assert (len(window.weeks), max(window.weeks) + 1) == (12, min(later.weeks))
