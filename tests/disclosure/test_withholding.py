"""Secondary withholding against a table of all possibilities."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orgnet.disclosure.withholding import (
    Cells,
    Shown,
    _in_free_cycle,
    in_free_cycles,
    interval,
    least_width,
    withhold,
)

PROTECTION = 0.2


def cells(values: list[int], *, k: int, lowest: float = 0.0, outside: bool = False) -> Cells:
    """A table of k groups; with `outside` the last group's cells are never shown."""
    first, second = np.triu_indices(k, 1)
    count = len(first)
    return Cells(
        first=first.astype(np.int64),
        second=second.astype(np.int64),
        value=np.array(values, dtype=np.int64),
        lowest=np.full(count, lowest),
        highest=np.full(count, np.inf),
        told_lowest=np.zeros(count),
        told_highest=np.full(count, np.inf),
        guarded=np.ones(count, dtype=bool) if not outside else second < k - 1,
        k=k,
    )


def possible(table: Cells, withheld: np.ndarray, cell: int) -> set[int]:
    """All values of a cell over all tables of whole numbers with the same row totals."""
    where = np.flatnonzero(withheld).tolist()
    left = [0] * table.k
    for i in where:
        for group in (table.first[i], table.second[i]):
            left[group] += int(table.value[i])
    found: set[int] = set()

    def fill(position: int, value_of_cell: int) -> None:
        if position == len(where):
            if not any(left):
                found.add(value_of_cell)
            return
        i = where[position]
        a, b = table.first[i], table.second[i]
        for value in range(int(table.lowest[i]), min(left[a], left[b]) + 1):
            left[a] -= value
            left[b] -= value
            fill(position + 1, value if i == cell else value_of_cell)
            left[a] += value
            left[b] += value

    fill(0, -1)
    return found


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 4), min_size=6, max_size=6),
    st.lists(st.booleans(), min_size=6, max_size=6).filter(any),
)
def test_the_interval_is_that_of_trying_every_table(values: list[int], hide: list[bool]) -> None:
    table, withheld = cells(values, k=4), np.array(hide)
    shown = Shown(withheld=withheld, silent=np.zeros(6, dtype=bool))
    cell = int(np.flatnonzero(withheld)[0])

    every = possible(table, withheld, cell)

    assert interval(table, shown, cell) == (min(every), max(every))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(1, 4), min_size=6, max_size=6),
    st.lists(st.booleans(), min_size=6, max_size=6).filter(any),
)
def test_what_is_called_safe_leaves_every_withheld_number_open(
    values: list[int], hide: list[bool]
) -> None:
    table = cells(values, k=4, lowest=1.0)

    shown = withhold(table, np.array(hide), protection=PROTECTION)

    open_cells = [
        len(possible(table, shown.withheld, int(cell))) > 1
        for cell in np.flatnonzero(shown.withheld)
    ]
    assert all(open_cells) or not shown.safe
    assert shown.withheld[np.array(hide)].all()


def test_a_number_alone_in_its_rows_takes_others_with_it() -> None:
    table = cells([9, 5, 6, 7, 8, 4, 3, 9, 6, 5], k=5)
    primary = np.arange(10) == 0

    shown = withhold(table, primary, protection=PROTECTION)

    assert shown.safe
    assert shown.withheld.sum() > 1


def test_no_contact_at_all_is_never_withheld_for_another() -> None:
    values = [6, 0, 5, 0, 0, 7, 4, 8, 0, 9]
    table = cells(values, k=5)

    shown = withhold(table, np.arange(10) == 0, protection=PROTECTION)

    assert not shown.withheld[np.array(values) == 0].any()


def test_words_that_are_too_exact_are_not_said() -> None:
    table = cells([1, 5, 6, 7, 8, 4, 3, 9, 6, 5], k=5, lowest=1.0)
    table.told_highest[0] = 1.8

    shown = withhold(table, np.arange(10) == 0, protection=PROTECTION)

    assert shown.silent[0]


def test_words_with_room_are_said() -> None:
    table = cells([2, 5, 6, 7, 8, 4, 3, 9, 6, 5], k=5, lowest=1.0)
    table.told_highest[0] = 4.0

    shown = withhold(table, np.arange(10) == 0, protection=PROTECTION)

    assert shown.safe
    assert not shown.silent[0]


def test_a_table_that_cannot_be_protected_is_said_to_be_unsafe() -> None:
    # Three groups: row totals give all three numbers.
    shown = withhold(cells([3, 4, 5], k=3), np.array([True, False, False]), protection=PROTECTION)

    assert not shown.safe


def test_contact_with_departments_not_shown_is_not_room_enough_for_one_number() -> None:
    # Groups 0 to 3 are shown, 4 is not. With one group outside, all contact with it is known in
    # sum: one withheld number alone would follow.
    table = cells([6, 5, 4, 3, 7, 8, 2, 6, 9, 3], k=5, outside=True)
    only = (table.first == 0) & (table.second == 1)
    alone = Shown(withheld=only | ~table.guarded, silent=np.zeros(10, dtype=bool))
    cell = int(np.flatnonzero(only)[0])

    assert interval(table, alone, cell) == (6, 6)
    shown = withhold(table, only, protection=PROTECTION)
    assert shown.safe
    low, high = interval(table, shown, cell)
    assert high - low >= 2


@pytest.mark.parametrize(("value", "width"), [(4, 1), (10, 2), (11, 3)])
def test_a_fifth_of_the_number_stays_open(value: int, width: int) -> None:
    table = cells([value, 9, 9, 9, 9, 9, 9, 9, 9, 9], k=5)

    shown = withhold(table, np.arange(10) == 0, protection=PROTECTION)

    low, high = interval(table, shown, 0)
    assert high - low >= width


@pytest.mark.parametrize("seed", range(12))
def test_all_cells_at_once_have_the_room_that_each_has_alone(seed: int) -> None:
    rng = np.random.default_rng(seed)
    k = int(rng.integers(4, 9))
    count = k * (k - 1) // 2
    table = cells(rng.integers(0, 14, count).tolist(), k=k)
    shown = Shown(withheld=rng.random(count) < 0.6, silent=np.zeros(count, dtype=bool))

    at_once = in_free_cycles(table, shown, PROTECTION)

    alone = [
        bool(shown.withheld[cell])
        and _in_free_cycle(table, shown, cell, least_width(int(table.value[cell]), PROTECTION))
        for cell in range(count)
    ]
    assert at_once.tolist() == alone


def test_a_table_of_many_groups_is_protected_in_no_time_and_no_less() -> None:
    rng = np.random.default_rng(1)
    k = 40
    count = k * (k - 1) // 2
    table = cells(rng.poisson(6, count).tolist(), k=k, lowest=1.0)
    primary = (table.value > 0) & (table.value < 6)

    shown = withhold(table, primary, protection=PROTECTION)

    assert shown.safe
    assert (shown.withheld >= primary).all()
    for cell in rng.choice(np.flatnonzero(shown.withheld), 5, replace=False):
        low, high = interval(table, shown, int(cell))
        assert high - low >= least_width(int(table.value[cell]), PROTECTION)
