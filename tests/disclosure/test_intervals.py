"""No table leaves a withheld figure open by less than a fifth of its size."""

import dataclasses
import re
from collections.abc import Iterator
from itertools import product
from typing import get_args, get_type_hints

import numpy as np
import pandas as pd
import pytest

from orgnet.diagnosis import diagnose
from orgnet.disclosure import DisclosurePolicy, release
from orgnet.disclosure.communities import withheld_cells
from orgnet.disclosure.requirements import ReleasedRequirements
from orgnet.disclosure.rounding import score_step
from orgnet.disclosure.survey import _shown_respondents
from orgnet.disclosure.vertical import _to_top, withheld_shares
from orgnet.network import Network
from orgnet.report_model import Change, IndexChange, Period, ReportModel, Requirements

MINIMUM, PROTECTION = 5, 0.2


def small_table(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Departments by circles, some of few people; now and then somebody is in no circle shown."""
    rng = np.random.default_rng(seed)
    while True:
        shape = ((2, 2), (2, 3), (3, 2))[seed % 3]
        counts = rng.integers(0, 12, shape)
        sizes = counts.sum(axis=1) + rng.integers(0, 2) * rng.integers(0, 3, shape[0])
        if min(sizes) >= MINIMUM and min(counts.sum(axis=0)) >= MINIMUM:
            return counts, sizes


def tried_out(counts: np.ndarray, sizes: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """All tables that would be told as this one is, stacked."""
    people = 5 * np.round(counts.sum(axis=0) / 5)
    rows = []
    whole = counts.sum(axis=1) == sizes
    for count, size, gone, everybody in zip(counts, sizes, hidden, whole, strict=True):
        share = np.round(20 * count / size)
        fits = [
            range(size + 1)
            if none
            else [n for n in range(size + 1) if abs(20 * n / size - one) <= 0.5]
            for one, none in zip(share, gone, strict=True)
        ]
        rows.append(
            [row for row in product(*fits) if (sum(row) == size if everybody else sum(row) <= size)]
        )
    tables = np.array(list(product(*rows)))
    return tables[(abs(tables.sum(axis=1) - people) <= 2).all(axis=1)]


@pytest.mark.parametrize("seed", range(60))
def test_trying_out_all_tables_of_circles_leaves_each_withheld_cell_open(seed: int) -> None:
    counts, sizes = small_table(seed)
    hidden = withheld_cells(counts, sizes, minimum=MINIMUM, protection=PROTECTION)
    assert hidden[counts < MINIMUM].all()
    if hidden.all() or not hidden.any():
        return
    tables = tried_out(counts, sizes, hidden)
    width = tables.max(axis=0) - tables.min(axis=0)
    assert (width >= np.maximum(PROTECTION * counts, 1))[hidden].all()


def test_among_the_small_tables_are_such_that_two_withheld_cells_in_a_line_give_away() -> None:
    naive = []
    for seed in range(60):
        counts, sizes = small_table(seed)
        hidden = counts < MINIMUM
        if hidden.any():
            tables = tried_out(counts, sizes, hidden)
            naive.append((tables.max(axis=0) - tables.min(axis=0))[hidden].min())
    assert min(naive) == 0


def test_many_departments_and_circles_are_quickly_done() -> None:
    rng = np.random.default_rng(1)
    counts = (rng.random((40, 26)) < 0.1) * rng.integers(1, 40, (40, 26))
    counts[np.arange(40), np.arange(40) % 26] += 60
    hidden = withheld_cells(counts, counts.sum(axis=1), minimum=MINIMUM, protection=PROTECTION)
    assert hidden.sum() >= (counts < MINIMUM).sum()


def open_by(shares: list[float], hidden: list[bool], within: float, at: int) -> float:
    """Between which shares one can be, in steps of a two-hundredth: by trying all out."""
    steps = np.arange(201) / 200
    in_line = np.round(shares[0] * 200) / 200
    lines = steps if hidden[0] else [in_line]
    found = []
    for line in lines:
        for inside in steps[steps <= line + 1e-9]:
            lateral = within - inside
            across = line - inside
            rest = 1 - within - across
            if lateral < -1e-9 or rest < -1e-9:
                continue
            if not hidden[1] and abs(lateral - shares[1]) > 1e-9:
                continue
            # Across units and diagonally share the rest.
            for cross in [shares[2]] if not hidden[2] else steps[steps <= rest + 1e-9]:
                diagonal = rest - cross
                if diagonal < -1e-9 or (not hidden[3] and abs(diagonal - shares[3]) > 1e-9):
                    continue
                found.append((line, lateral, cross, diagonal)[at])
    return max(found) - min(found)


@pytest.mark.parametrize("seed", range(25))
def test_no_direction_of_contact_follows_from_the_others_and_the_part_across_units(
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    # In line within a unit and across, then the others, in steps of a twentieth.
    within, across, lateral, cross, diagonal = rng.multinomial(20, rng.dirichlet([1] * 5)) / 20
    shares = [within + across, lateral, cross, diagonal]
    primary = [
        bool(gone and share) for gone, share in zip(rng.random(4) < 0.4, shares, strict=True)
    ]
    inside = within + lateral
    hidden = withheld_shares(shares, primary, inside, protection=PROTECTION)
    assert all(after or not before for before, after in zip(primary, hidden, strict=True))
    if any(hidden) and not all(hidden):
        for at in np.flatnonzero(hidden):
            width = open_by(shares, hidden, inside, int(at))
            assert width >= PROTECTION * shares[at] - 0.01


def test_one_share_alone_is_never_withheld() -> None:
    hidden = withheld_shares([0.4, 0.3, 0.2, 0.1], [False, False, False, True], 0.6,
                             protection=PROTECTION)  # fmt: skip
    assert sum(hidden) >= 2


def test_the_far_tenth_is_told_where_it_is_the_minimum_of_people() -> None:
    def told(people: int, unreachable: float = 0.0) -> float | None:
        found = pd.Series(
            {"mean": 2.0, "quantile_90": 3.0, "unreachable": unreachable, "people": people}
        )
        return _to_top(found, DisclosurePolicy(minimum_group=MINIMUM))["distance_to_top_90"]

    assert told(50) == 3.0
    assert told(49) is None
    # Whoever cannot be reached is not in the tenth.
    assert told(60, unreachable=0.25) is None


@pytest.mark.parametrize("withheld", [5, 24, 26, 49, 51, 90])
def test_the_step_of_a_score_leaves_a_departments_own_open_by_a_fifth(withheld: int) -> None:
    step = score_step(withheld, 100, protection=PROTECTION)
    # All else known, the department's score is told to within the step of all, a step wide.
    width = step * 100 / withheld
    assert width >= PROTECTION * 100


def test_how_many_of_a_department_that_is_not_shown_answered_does_not_follow() -> None:
    policy = DisclosurePolicy(minimum_group=MINIMUM)
    asked, answered = {"A": 6, "B": 8}, {"A": 6, "B": 2}
    # Of 14 each rate tells the number: two of B answered.
    assert _shown_respondents(["A", "B"], asked, answered, policy) == []
    # Of 600 a step of 5 % is thirty people.
    many = {"A": 300, "B": 300}, {"A": 250, "B": 2}
    assert _shown_respondents(["A", "B"], *many, policy) == ["A"]


def field_names(kind: object) -> Iterator[str]:
    """All names of fields that a model may hold, however deep."""
    for part in get_args(kind):
        yield from field_names(part)
    if dataclasses.is_dataclass(kind):
        for name, told in get_type_hints(kind).items():
            yield name
            yield from field_names(told)


def test_the_only_order_statistics_told_are_a_median_and_a_guarded_tenth() -> None:
    pattern = re.compile(r"(^|_)(min|max|smallest|largest|quantile|percentile|median|\d+)(_|$)")
    found = {name for name in field_names(ReportModel) if pattern.search(name)}
    assert found == {"span_median", "distance_to_top_90"}


def network_of(unseen: dict[str, int], size: int = 12) -> Network:
    """Everybody who was seen is tied to the next three; the others have no tie."""
    rows = [
        (f"{name}{number:02}", name, number >= unseen.get(name, 0))
        for name in "ABCD"
        for number in range(size)
    ]
    people = pd.DataFrame(rows, columns=["person", "department", "observed"])
    there = people.loc[people["observed"], "person"].tolist()
    ties = [(one, there[(at + step) % len(there)])
            for at, one in enumerate(there) for step in (1, 2, 15)]  # fmt: skip
    table = pd.DataFrame(ties, columns=["sender", "recipient"])
    return Network.from_ties(table, people, directed=False)


def covered(unseen: dict[str, int], size: int = 12) -> set[str]:
    diagnosis = diagnose(network_of(unseen, size), draws=20, robustness_draws=0)
    model = release(diagnosis, DisclosurePolicy(minimum_group=MINIMUM))
    assert len(model.departments) == 4
    return {row.department for row in model.coverage.departments}


def test_a_share_seen_that_counts_a_few_is_left_out_with_another() -> None:
    assert covered({}) == {"A", "B", "C", "D"}
    # Eleven of twelve; the total says how many were not seen in all.
    left = covered({"B": 1, "C": 6})
    assert "B" not in left
    assert len(left) == 2
    assert covered({"B": 1, "C": 2, "D": 7}) == {"A", "D"}


def test_no_share_seen_tells_where_the_few_are_who_were_not_seen_in_all() -> None:
    assert covered({"B": 1}) == set()
    assert covered({"B": 2, "C": 2}) == set()
    assert covered({"B": 5}) == {"A", "B", "C", "D"}


def test_a_share_seen_of_many_counts_nobody() -> None:
    assert covered({"B": 1}, size=60) == {"A", "B", "C", "D"}


def test_scores_of_a_change_are_as_coarse_as_the_sums_of_requirements() -> None:
    window = Period(first=None, last=None, weeks=None)
    scores = (IndexChange(key="coverage", before=43.0, after=48.0),)
    change = Change(before=window, after=window, people=20, joined=0, left=0, scores=scores)
    model = Requirements(congruence=None, lift=None, unneeded_share=None, links=())

    def told(step: float | None) -> tuple[IndexChange, ...]:
        guarded = ReleasedRequirements(model, step).guarded_change(change)
        assert guarded is not None
        return guarded.scores

    assert told(0.01) == scores
    assert told(0.1) == (IndexChange(key="coverage", before=40.0, after=50.0),)
    assert told(None) == ()
    assert ReleasedRequirements(model, None).guarded_change(None) is None
