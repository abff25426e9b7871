"""Departments in one release, what they are made up into in another: no withheld number follows."""

from collections.abc import Mapping

import numpy as np
import pytest

from orgnet.errors import InputError
from orgnet.restricted.nesting import Contact, Pair, PairTable, given_away
from orgnet.restricted.releases import EVERYBODY, Population, given_away_by, refuse_given_away

SIZE = 8
NAMES = "ABCD"
PEOPLE = [f"{name}{number}" for name in NAMES for number in range(SIZE)]
DEPARTMENTS = {
    name: frozenset(PEOPLE[at * SIZE : (at + 1) * SIZE]) for at, name in enumerate(NAMES)
}
DIVISIONS = {
    "East": DEPARTMENTS["A"] | DEPARTMENTS["B"],
    "West": DEPARTMENTS["C"] | DEPARTMENTS["D"],
}
HALF = {"East": DIVISIONS["East"], "C": DEPARTMENTS["C"], "D": DEPARTMENTS["D"]}


def contact(**ties: int) -> Contact:
    """So many ties between two departments, as ``AC=9``."""
    ends = [
        (PEOPLE.index(f"{pair[0]}{n % SIZE}"), PEOPLE.index(f"{pair[1]}{n // SIZE}"))
        for pair, count in ties.items()
        for n in range(count)
    ]
    first, second = np.array(ends).T
    return Contact(PEOPLE, first, second)


ALL = contact(AB=20, AC=9, AD=12, BC=15, BD=7, CD=30)


def table(groups: Mapping[str, frozenset[str]], *withheld: str) -> PairTable:
    return PairTable(groups, frozenset(_split(pair) for pair in withheld))


def _split(pair: str) -> Pair:
    one, other = pair.split("-")
    return one, other


def found(new: PairTable, earlier: PairTable, ties: Contact = ALL) -> list[Pair]:
    return list(given_away(new, earlier, ties, protection=0.2))


@pytest.mark.parametrize("coarse_first", [True, False])
def test_the_one_withheld_of_the_parts_of_a_sum_is_given_away(coarse_first: bool) -> None:
    fine, coarse = table(DEPARTMENTS, "A-C"), table(DIVISIONS)
    assert found(*((fine, coarse) if coarse_first else (coarse, fine))) == [("A", "C")]


def test_two_withheld_parts_leave_each_other_open() -> None:
    assert found(table(DIVISIONS), table(DEPARTMENTS, "A-C", "B-D")) == []


def test_two_parts_of_one_each_are_known_from_their_sum_of_two() -> None:
    ties = contact(AC=1, AD=12, BC=15, BD=1)
    assert found(table(DIVISIONS), table(DEPARTMENTS, "A-C", "B-D"), ties) == [("A", "C")]


def test_a_sum_that_is_withheld_is_given_away_by_parts_that_are_all_shown() -> None:
    coarse = table(HALF, "C-East")
    assert found(table(DEPARTMENTS), coarse) == [("C", "East")]
    # Had the parts been shown before, their sum would be no news.
    assert found(coarse, table(DEPARTMENTS)) == []


def test_a_sum_and_a_part_of_it_that_are_both_withheld_do_no_harm() -> None:
    assert found(table(HALF, "C-East"), table(DEPARTMENTS, "A-C")) == []


def test_columns_that_cross_do_not_meet() -> None:
    crossed = {
        "Odd": frozenset(PEOPLE[::2]), "Even": frozenset(PEOPLE[1::2]),
    }  # fmt: skip
    assert found(table(crossed), table(DEPARTMENTS, "A-C")) == []


def test_the_same_table_may_be_released_again_with_more_or_fewer_numbers() -> None:
    one, more = table(DEPARTMENTS, "A-C", "B-D"), table(DEPARTMENTS, "A-C", "B-D", "A-D")
    assert found(one, one) == found(one, more) == found(more, one) == []


def test_the_same_table_with_another_number_on_guard_is_not() -> None:
    one, other = table(DEPARTMENTS, "A-C", "B-C"), table(DEPARTMENTS, "A-C", "A-D")
    assert found(one, other) == [("A", "C")]


def released(groups: Mapping[str, frozenset[str]], *withheld: str, first: str = "") -> Population:
    return Population(
        run_date="2026-03-02", by="division", first=first, last=first,
        groups={EVERYBODY: frozenset(PEOPLE), **groups},
        withheld=frozenset(_split(pair) for pair in withheld),
    )  # fmt: skip


def test_a_release_that_gives_a_number_away_is_refused_and_the_ways_on_are_told() -> None:
    earlier = released(DIVISIONS)
    told = given_away_by(released(DEPARTMENTS, "A-C"), [earlier], ALL, protection=0.2)
    assert told == [(earlier, ("A", "C"))]
    with pytest.raises(InputError) as refused:
        refuse_given_away(told, way="refuse")
    said = str(refused.value)
    assert "between 'A' and 'C', which is withheld" in said
    assert "that of 2026-03-02 by division" in said
    assert "--earlier withdrawn" in said
    assert " 9 " not in said
    refuse_given_away(told, way="withdrawn")


def test_releases_of_other_windows_and_of_older_logs_are_not_subtracted() -> None:
    new = released(DEPARTMENTS, "A-C", first="2026-01-05")
    older = Population(run_date="2026-01-05", by="division", first="2026-01-05",
                       last="2026-01-05", groups=DIVISIONS)  # fmt: skip
    other = released(DIVISIONS, first="2026-04-06")
    assert given_away_by(new, [older, other], ALL, protection=0.2) == []
