"""Sums of groups of two releases, and what of them is only a few people."""

import itertools
from collections.abc import Iterable, Mapping

import numpy as np
import pytest

from orgnet.errors import InputError
from orgnet.restricted.overlaps import Names, Release, nearly_the_same
from orgnet.restricted.releases import EVERYBODY, Population, differences, refuse_differences

MINIMUM = 5


def people(letter: str, count: int) -> frozenset[str]:
    return frozenset(f"{letter}{number}" for number in range(count))


SALES, TRADE, LEGAL, SUPPORT = (people(letter, 8) for letter in "stlu")
BEFORE = {"Sales": SALES, "Trade": TRADE, "Legal": LEGAL, "Support": SUPPORT}


def released(
    groups: Mapping[str, frozenset[str]],
    *,
    others: Iterable[str] = (),
    by: str = "department",
    first: str | None = None,
) -> Population:
    everybody = frozenset().union(*groups.values(), others)
    return Population(
        run_date="2026-03-02", by=by, first=first, last=first,
        groups={EVERYBODY: everybody, **groups},
    )  # fmt: skip


def named(
    new: Population, earlier: Population, *, common: bool = False
) -> set[tuple[Names, Names]]:
    found = differences(new, [earlier], minimum=MINIMUM, common=common)
    return {(tuple(sorted(one.groups)), tuple(sorted(one.earlier_groups))) for one in found}


def test_departments_that_were_merged_are_the_same_people() -> None:
    after = {"Market": SALES | TRADE, "Legal": LEGAL, "Support": SUPPORT}
    assert named(released(after), released(BEFORE)) == set()
    assert named(released(BEFORE), released(after)) == set()


def test_a_merger_with_an_exchange_of_few_is_noticed_though_no_department_is_nearly_the_same() -> (
    None
):
    newcomers = people("n", 2)
    after = {"Market": SALES | TRADE | newcomers, "Legal": LEGAL | people("m", 5)}
    before = released({"Sales": SALES, "Trade": TRADE, "Legal": LEGAL})
    assert named(released(after), before) == {(("Market",), ("Sales", "Trade"))}
    assert named(before, released(after)) == {(("Sales", "Trade"), ("Market",))}


def test_a_merger_of_many_departments_is_noticed() -> None:
    parts = {f"D{number}": people(f"d{number}-", 6) for number in range(7)}
    whole = frozenset().union(*parts.values())
    after = released({"All of it": whole - {"d3-1"}, "New": people("n", 9)})
    assert named(after, released(parts)) == {
        (("All of it",), tuple(parts)),
        (("All of it",), (EVERYBODY,)),
    }


def test_departments_that_were_shuffled_two_into_two_are_noticed() -> None:
    mixed = sorted(SALES) + sorted(TRADE)
    after = {
        "North": frozenset(mixed[::2]), "South": frozenset(mixed[1::2]) | {"n1"}, "Legal": LEGAL,
    }  # fmt: skip
    before = released({"Sales": SALES, "Trade": TRADE, "Legal": LEGAL}, others=people("x", 9))
    found = named(released(after, others=people("y", 12)), before)
    assert found == {(("North", "South"), ("Sales", "Trade"))}


def test_all_people_beside_the_sum_of_the_departments_of_another_release_are_noticed() -> None:
    before = released(BEFORE, others=people("h", 6))
    found = named(released({"One": SALES | TRADE | {"n1"}, "Two": LEGAL | SUPPORT}), before)
    assert ((EVERYBODY,), tuple(sorted(BEFORE))) in found


def test_a_few_whom_no_department_holds_are_no_difference_of_two_releases_of_the_same() -> None:
    told = released(BEFORE, others=people("h", 2))
    assert named(told, told) == set()
    merged = released(
        {"Market": SALES | TRADE, "Rest": LEGAL | SUPPORT},
        others=people("h", 2),
        first="2026-04-06",
    )
    assert named(merged, told) == set()


def test_a_few_who_joined_those_that_no_department_holds_are_noticed() -> None:
    before = released(BEFORE, others=people("h", 9))
    after = released(
        {**BEFORE, "Sales": SALES | people("n", 6)}, others=people("h", 9) | {"h9", "h10"}
    )
    others = ("(in no group that is shown)",)
    assert named(after, before) == {(others, others)}
    (one,) = differences(after, [before], minimum=MINIMUM)
    with pytest.raises(InputError, match=r"the people of .in no group that is shown. are those"):
        refuse_differences([one], after, way="refuse", minimum=MINIMUM)


def test_releases_about_other_people_do_not_meet() -> None:
    tiny = released({}, others={"a", "b"})
    assert named(tiny, released({}, others={"c", "d"})) == set()
    assert named(released(BEFORE), released({"Sales": people("q", 8)})) == set()


def test_those_who_left_a_sum_before_another_window_are_no_ground_on_the_common_people() -> None:
    before = released(BEFORE, first="2026-01-05")
    after = released(
        {"Market": (SALES | TRADE) - {"s1"}, "Legal": LEGAL, "Support": SUPPORT}, first="2026-04-06"
    )
    assert named(after, before)
    assert named(after, before, common=True) == set()
    same_window = released(after.groups | {}, first="2026-01-05")
    assert named(same_window, before, common=True)


def chance_firm(seed: int) -> tuple[Release, Release]:
    """Two releases of a firm: departments split, merged, and people moving, coming and going."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(15, 40))
    ids = np.array([f"p{number}" for number in range(count)])
    first = rng.integers(0, int(rng.integers(2, 5)), count)
    second = np.where((first == 1) & (rng.random() < 0.5), 0, first)
    if rng.random() < 0.5:
        second = np.where((second == 0) & (rng.random(count) < 0.5), 7, second)
    movers = rng.integers(0, count, int(rng.integers(0, 4)))
    second[movers] = rng.integers(0, 3, len(movers))

    def release(codes: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Release:
        there = rng.random(count) < rng.choice([1, 0.95, 0.9])
        groups = {f"G{code}": frozenset(ids[(codes == code) & there]) for code in np.unique(codes)}
        large = {name: inside for name, inside in groups.items() if len(inside) >= MINIMUM}
        return Release(frozenset(ids[there]), large)

    return release(first), release(second)


def every_sum(groups: Mapping[str, frozenset[str]]) -> dict[Names, frozenset[str]]:
    names = [
        some for size in range(1, len(groups) + 1) for some in itertools.combinations(groups, size)
    ]
    return {some: frozenset().union(*(groups[name] for name in some)) for some in names}


@pytest.mark.parametrize("start", range(0, 400, 100))
def test_nothing_is_found_or_missed_that_trying_all_sums_does_not_find_or_miss(start: int) -> None:
    noticed = 0
    for seed in range(start, start + 100):
        one, other = chance_firm(seed)
        by_trying = {
            (frozenset(here), frozenset(there))
            for here, some in every_sum(one.groups).items()
            for there, others in every_sum(other.groups).items()
            if 0 < len(some ^ others) < MINIMUM
        }
        pairs = nearly_the_same(one, other, minimum=MINIMUM, everybody=EVERYBODY)
        found = {(frozenset(a), frozenset(b)) for a, b in pairs if (EVERYBODY,) not in (a, b)}
        assert found <= by_trying
        assert bool(found) == bool(by_trying)
        noticed += bool(found)
    assert 0 < noticed < 100
