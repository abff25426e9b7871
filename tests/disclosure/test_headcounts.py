"""Head counts of some departments do not tell how many people the others have."""

from collections import defaultdict
from itertools import product

import pytest

from orgnet.disclosure.headcounts import HeadCounts, released_headcounts


def told(sizes: tuple[int, ...], rest: int, minimum: int) -> tuple[int, tuple[int, ...]]:
    counts = released_headcounts(
        dict(zip("ABC", sizes, strict=False)),
        everybody=sum(sizes) + rest,
        hidden=1,
        minimum=minimum,
    )
    return sum(sizes) + rest, tuple(counts.values())


@pytest.mark.parametrize(("departments", "minimum"), [(2, 3), (2, 5), (3, 3), (3, 5)])
def test_whatever_is_told_fits_two_sizes_of_a_department_not_shown(
    departments: int, minimum: int
) -> None:
    rests = defaultdict(set)
    largest = 0
    for sizes in product(range(minimum, 18), repeat=departments):
        for rest in range(1, minimum):
            rests[told(sizes, rest, minimum)].add(rest)
            largest = max(largest, *sizes)

    # At the upper end of the sizes tried some that fit are missing; and a total that leaves one
    # person beside departments of the minimum tells it by itself.
    given_away = {
        (total, counts)
        for (total, counts), fitting in rests.items()
        if len(fitting) == 1
        and max(counts) + 2 <= largest - 5
        and total - departments * minimum > 1
    }
    assert given_away == set()


def test_steps_keep_the_order_of_magnitude() -> None:
    sizes = {"A": 12, "B": 31, "C": 58}
    counts = released_headcounts(sizes, everybody=104, hidden=1, minimum=5)

    assert all(abs(counts[name] - size) <= 7 for name, size in sizes.items())
    assert all(count % 5 == 0 for count in counts.values())


def test_expectations_follow_from_what_is_told() -> None:
    people = HeadCounts(counts={"A": 10, "B": 5}, everybody=19, exact=False)

    assert people.expected_inside("A") == pytest.approx(9 / 18)
    assert people.expected_outside == pytest.approx(1 - (10 * 9 + 5 * 4) / (19 * 18))
