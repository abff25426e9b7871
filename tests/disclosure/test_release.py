"""What may leave: figure by figure, on small firms made for one rule each."""

import dataclasses
import json
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest

from attack.invented_firms import diagnosed
from orgnet.diagnosis import Diagnosis, diagnose
from orgnet.disclosure import DisclosurePolicy, Provenance, release
from orgnet.errors import UsageError
from orgnet.network import Network
from orgnet.report_model import Pair, ReportModel

SEEDS = range(12)


def members(group: int, size: int) -> list[str]:
    return [f"{'ABCDEFGH'[group]}{i:02d}" for i in range(size)]


def firm(
    sizes: list[int], ties: list[tuple[str, str]], *, weeks: int | None = None, **columns: Any
) -> Diagnosis:
    """A firm of which all ties are given; everybody in a department knows everybody there."""
    groups = [members(g, size) for g, size in enumerate(sizes)]
    people = pd.DataFrame({"person": [person for group in groups for person in group]})
    people["department"] = people["person"].str[0]
    people = people.assign(**columns)
    inside = [pair for group in groups for pair in combinations(group, 2)]
    table = pd.DataFrame(inside + ties, columns=["sender", "recipient"])
    if weeks is not None:
        mondays = pd.DataFrame({"week": pd.date_range("2026-03-02", periods=weeks, freq="7D")})
        table = table.merge(mondays, how="cross")
    network = Network.from_ties(table, people, directed=False)
    return diagnose(network, draws=30, robustness_draws=0)


def mesh(sizes: list[int], *, modulus: int = 2) -> list[tuple[str, str]]:
    """Ties between all departments, evenly spread over their people."""
    return [
        (a, b)
        for g, h in combinations(range(len(sizes)), 2)
        for i, a in enumerate(members(g, sizes[g]))
        for j, b in enumerate(members(h, sizes[h]))
        if (i + j) % modulus == 0
    ]


def between(model: ReportModel, a: str, b: str) -> Pair:
    return next(pair for pair in model.pairs if (pair.group_a, pair.group_b) == (a, b))


def through_one(sizes: list[int]) -> list[tuple[str, str]]:
    """As `mesh`, but six of the eight ties of A and B are those of one person."""
    rest = [(a, b) for a, b in mesh(sizes) if (a[0], b[0]) != ("A", "B")]
    held = [("A00", person) for person in members(1, 6)]
    return [*rest, *held, *[(f"A{i:02d}", f"B{i:02d}") for i in range(1, 5)]]


SIZES = [8] * 5


def test_a_pair_that_hangs_on_one_person_shows_its_class_and_no_number() -> None:
    pair = between(release(firm(SIZES, through_one(SIZES))), "A", "B")

    assert pair.reason == "one_person"
    assert pair.contact == "fewer"
    assert (pair.ties, pair.expected, pair.ratio, pair.low, pair.high, pair.q) == (None,) * 6


@pytest.mark.parametrize("concentration", ["qualitative", "withhold"])
def test_other_ways_of_telling_never_say_one_person(concentration: Any) -> None:
    policy = DisclosurePolicy(concentration=concentration)
    text = json.dumps(release(firm(SIZES, through_one(SIZES)), policy).to_dict())

    assert "one_person" not in text
    assert "one person" not in text


def test_withheld_concentration_leaves_the_finding_out_and_counts_it() -> None:
    rest = [(a, b) for a, b in mesh(SIZES, modulus=4) if (a[0], b[0]) != ("A", "B")]
    diagnosis = firm(SIZES, [*rest, *[("A00", person) for person in members(1, 8)]])
    assert [f.kind for f in diagnosis.findings] == ["bottleneck"]

    model = release(diagnosis, DisclosurePolicy(concentration="withhold"))

    assert model.findings == model.bottlenecks == ()
    assert dict(model.withheld)["findings"] == 1


def test_no_contact_at_all_is_shown_as_none() -> None:
    ties = [(a, b) for a, b in mesh(SIZES) if (a[0], b[0]) != ("A", "B")]
    pair = between(release(firm(SIZES, ties)), "A", "B")

    assert (pair.ties, pair.contact, pair.reason) == (0, "none", None)


def test_a_department_below_the_minimum_is_nowhere_named() -> None:
    sizes = [9, 9, 9, 9, 4]
    model = release(firm(sizes, mesh(sizes)))

    assert [department.name for department in model.departments] == ["A", "B", "C", "D"]
    assert model.coverage.withheld_departments == 1
    assert '"E"' not in json.dumps(model.to_dict())


def test_a_large_department_of_which_few_have_contact_is_not_shown() -> None:
    people = {"department": ["A"] * 9 + ["B"] * 9 + ["C"] * 9}
    frame = pd.DataFrame({"person": [f"p{i}" for i in range(27)], **people})
    ties = pd.DataFrame(
        [(f"p{i}", f"p{j}") for i in range(22) for j in range(i) if (i + j) % 3],
        columns=["sender", "recipient"],
    )
    model = release(diagnose(Network.from_ties(ties, frame)))

    assert [department.name for department in model.departments] == ["A", "B"]


def test_without_hidden_departments_head_counts_and_openness_are_exact() -> None:
    sizes = [9, 8, 7, 11]
    diagnosis = firm(sizes, mesh(sizes))
    model = release(diagnosis)

    assert [department.people for department in model.departments] == sizes
    openness = diagnosis.departments["openness"].round(2).tolist()
    assert [department.openness for department in model.departments] == pytest.approx(openness)


@pytest.mark.parametrize("seed", SEEDS)
def test_intervals_follow_from_the_numbers_shown(seed: int) -> None:
    diagnosis = diagnosed(seed)
    one = release(diagnosis, DisclosurePolicy(minimum_group=3))
    hidden = {(p.group_a, p.group_b) for p in one.pairs if p.ties is None}
    table = diagnosis.pairs.copy()
    changed = [pair in hidden for pair in zip(table["group_a"], table["group_b"], strict=True)]
    # The same diagnosis, had the test of the withheld cells come out otherwise.
    table.loc[changed, ["z", "p", "q", "low", "high"]] = [2.0, 0.9, 0.9, 0.1, 9.0]
    table.attrs = dict(diagnosis.pairs.attrs)
    other = release(dataclasses.replace(diagnosis, pairs=table), DisclosurePolicy(minimum_group=3))

    assert other.pairs == one.pairs


def test_a_silo_is_told_in_the_figures_of_its_row() -> None:
    sizes = [12] * 6
    inside = [pair for g in range(6) for pair in combinations(members(g, 12), 2)]
    outside = [(a, b) for a, b in mesh(sizes, modulus=4) if a[0] != "A"]
    lone = [(f"A{i:02d}", f"{'BCDEF'[i % 5]}{i:02d}") for i in range(5)]
    model = release(firm(sizes, [*inside, *outside, *lone]))
    (finding,) = (f for f in model.findings if f.kind == "silo")
    row = next(d for d in model.departments if d.name == "A")

    assert finding.subject == ("A",)
    assert row.silo
    assert (finding.effect, finding.low, finding.high) == (row.openness, row.low, row.high)


def test_a_weak_link_is_told_in_the_figures_of_its_cell() -> None:
    sizes = [12] * 5
    ties = [(a, b) for a, b in mesh(sizes) if (a[0], b[0]) != ("A", "B") or int(a[1:]) % 3 == 0]
    thinned = [
        (a, b) for a, b in ties if (a[0], b[0]) != ("A", "B") or (int(a[1:]) + int(b[1:])) % 4 == 0
    ]
    spread = [(f"A{i:02d}", f"B{i:02d}") for i in range(1, 12, 2)]
    model = release(firm(sizes, [*thinned, *spread]))
    (finding,) = (f for f in model.findings if f.kind == "weak_link")
    pair = between(model, "A", "B")

    assert pair.reason is None
    assert (finding.effect, finding.low, finding.high) == (pair.ratio, pair.low, pair.high)
    assert finding.arguments["ties"] == pair.ties


def test_a_bottleneck_is_told_without_a_number() -> None:
    rest = [(a, b) for a, b in mesh(SIZES, modulus=4) if (a[0], b[0]) != ("A", "B")]
    model = release(firm(SIZES, [*rest, *[("A00", person) for person in members(1, 8)]]))
    (finding,) = model.findings

    assert finding.arguments == {"group_a": "A", "group_b": "B", "people": "one_person"}
    assert (finding.effect, finding.low, finding.high) == (None, None, None)


def test_a_silo_is_told_with_the_median_of_departments_that_are_shown() -> None:
    sizes = [12, 12, 12, 4]
    ties = [(a, b) for a, b in mesh(sizes) if "A" not in a[0] + b[0]] + [
        ("A00", "B00"), ("A01", "C00"), ("A02", "B01"), ("A03", "C02"),
    ]  # fmt: skip
    diagnosis = firm(sizes, ties)
    (finding,) = (f for f in release(diagnosis).findings if f.kind == "silo")
    (exact,) = (f for f in diagnosis.findings if f.kind == "silo")
    shown = [d.openness for d in release(diagnosis).departments if d.name in ("B", "C")]

    assert finding.arguments["median"] == pytest.approx(np.mean(shown), abs=0.006)
    assert exact.arguments["median"] != pytest.approx(finding.arguments["median"], abs=0.006)


def test_a_figure_of_a_department_that_hangs_on_one_person_is_withheld() -> None:
    sizes = [8, 8, 8]
    people = [person for g, size in enumerate(sizes) for person in members(g, size)]
    frame = pd.DataFrame({"person": people})
    frame["department"] = frame["person"].str[0]
    star = [("A00", other) for other in people[1:]]
    rest = [(a, b) for a, b in mesh(sizes) if a[0] == "B"] + [("A01", "A02")]
    ties = pd.DataFrame(star + rest, columns=["sender", "recipient"])
    model = release(diagnose(Network.from_ties(ties, frame, directed=False)))
    own = model.departments[0]

    assert (own.name, own.reason, own.openness, own.share_inside) == ("A", "one_person", None, None)
    assert "openness" not in dict(model.method.measures)


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ([8] * 4, True),
        ([8, 8, 8, 4], False),
        ([8] * 7 + [4], True),
    ],
)
def test_sums_over_departments_are_told_where_they_tell_none_of_a_hidden_one(
    sizes: list[int], told: bool
) -> None:
    measures = dict(release(firm(sizes, mesh(sizes, modulus=3))).method.measures)

    assert ("assortativity" in measures) is told
    assert ("openness" in measures) is (min(sizes) >= 5)
    assert "density" in measures


def test_with_one_department_shown_nothing_is_told_of_departments() -> None:
    sizes = [20, 3]
    model = release(firm(sizes, mesh(sizes)))
    keys = [figure.key for figure in model.glance]

    assert model.mode == "no_groups"
    assert "external_share" not in keys
    assert set(dict(model.method.measures)) == {"density", "reciprocity"}
    assert (model.departments, model.pairs, model.communities) == ((), (), None)


def test_three_departments_show_numbers_and_nothing_expected() -> None:
    sizes = [8, 8, 8]
    model = release(firm(sizes, mesh(sizes)))

    assert {pair.reason for pair in model.pairs} == {"not_estimated"}
    assert all(pair.ties and pair.expected is None for pair in model.pairs)
    assert all(pair.contact is None for pair in model.pairs)


def test_weeks_in_which_fewer_than_the_minimum_were_active_are_empty() -> None:
    people = pd.DataFrame({"person": [f"p{i:02d}" for i in range(20)], "department": "A"})
    busy = [(f"p{i:02d}", f"p{i + 1:02d}", "2026-03-02") for i in range(19)]
    quiet = [("p00", "p01", "2026-03-09"), ("p02", "p03", "2026-03-09")]
    ties = pd.DataFrame(busy + quiet, columns=["sender", "recipient", "week"])
    load = release(diagnose(Network.from_ties(ties, people))).load

    assert [(week.people, week.contacts) for week in load] == [(20, 19), (None, None)]


def test_the_busiest_are_not_told_where_one_of_them_is_most_of_it() -> None:
    sizes = [60, 60]
    spread = [(a, b) for a, b in mesh(sizes, modulus=10)]
    alone = [("A00", person) for person in members(1, 60)]
    even = release(firm(sizes, spread))
    one = release(firm(sizes, [*spread[:12], *alone]))

    assert "cross_load" in [figure.key for figure in even.glance]
    assert "cross_load" not in [figure.key for figure in one.glance]


def test_records_of_people_who_opted_out_have_no_count_of_their_own() -> None:
    removed = (("duplicate", 4), ("out_of_scope", 20), ("opted_out", 17))
    model = release(diagnosed(0), provenance=Provenance(removed=removed))

    assert model.quality.removed == (("duplicate", 4), ("out_of_scope", 37))


def test_a_handful_of_people_without_enough_weeks_is_not_counted_out() -> None:
    people = pd.DataFrame({"person": [f"p{i:02d}" for i in range(20)], "department": "A"})
    often = [(f"p{i:02d}", f"p{i + 1:02d}", day) for i in range(16)
             for day in ("2026-03-02", "2026-03-09")]  # fmt: skip
    once = [("p18", "p19", "2026-03-02")]
    ties = pd.DataFrame(often + once, columns=["sender", "recipient", "week"])
    diagnosis = diagnose(Network.from_ties(ties, people))

    assert diagnosis.network.people["insufficient"].sum() > 0
    assert release(diagnosis).quality.insufficient_people == 0


def test_fewer_than_fifteen_people_give_figures_of_the_whole_alone() -> None:
    sizes = [7, 7]
    model = release(firm(sizes, mesh(sizes)))

    assert model.mode == "small"
    assert (model.departments, model.pairs, model.findings) == ((), (), ())
    assert (model.communities, model.method.measures) == (None, ())
    assert [figure.key for figure in model.glance] == ["people", "regular_ties_per_person"]


def test_the_run_date_is_the_only_thing_that_a_day_changes() -> None:
    one = release(diagnosed(1), run_date=date(2026, 4, 1))
    other = release(diagnosed(1), run_date=date(2026, 4, 2))

    assert dataclasses.replace(other, run_date="2026-04-01") == one


@pytest.mark.parametrize("seed", SEEDS)
def test_the_model_holds_no_person(seed: int) -> None:
    diagnosis = diagnosed(seed)
    text = json.dumps(release(diagnosis, DisclosurePolicy(minimum_group=3)).to_dict())

    assert [person for person in diagnosis.network.index if f'"{person}"' in text] == []


def test_a_minimum_below_three_is_refused() -> None:
    with pytest.raises(UsageError, match="minimum_group is 2, expected at least 3"):
        DisclosurePolicy(minimum_group=2)


def test_an_unknown_way_of_telling_concentration_is_refused() -> None:
    with pytest.raises(UsageError, match="concentration is 'loud', expected 'count'"):
        DisclosurePolicy(concentration="loud")  # type: ignore[arg-type]
