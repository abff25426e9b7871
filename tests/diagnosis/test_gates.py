"""Which results too little data closes, with the reason, at the limits themselves."""

from collections.abc import Callable

import pandas as pd
import pytest

from orgnet import gates
from orgnet.network import Groups, Network

Gate = Callable[[Network, Groups], gates.Reason | None]


def firm(
    sizes: list[int], *, weeks: int | None = 12, unseen: int = 0, ties: bool = True
) -> Network:
    """A ring of everybody, active every week."""
    people = pd.DataFrame(
        {
            "person": [f"p{i:03d}" for i in range(sum(sizes) + unseen)],
            "department": [f"D{g:02d}" for g, size in enumerate(sizes) for _ in range(size)]
            + ["D00"] * unseen,
            "observed": [True] * sum(sizes) + [False] * unseen,
        }
    )
    ring = people["person"].to_numpy()[: sum(sizes)]
    rows = pd.DataFrame({"sender": ring, "recipient": [*ring[1:], ring[0]]})
    if not ties:
        rows = rows.iloc[:0]
    if weeks is not None:
        mondays = pd.DataFrame({"week": pd.date_range("2026-03-02", periods=weeks, freq="7D")})
        rows = rows.merge(mondays, how="cross")
    return Network.from_ties(rows, people)


def key(gate: Gate, network: Network) -> str | None:
    reason = gate(network, network.groups("department"))
    assert reason is None or "{" not in reason.text
    return None if reason is None else reason.key


FIVE = [10] * 5


@pytest.mark.parametrize(
    ("gate", "weeks", "expected"),
    [
        (gates.silo_gate, 3, "too_few_weeks"),
        (gates.silo_gate, 4, None),
        (gates.silo_gate, None, None),
        (gates.weak_link_gate, 11, "too_few_weeks"),
        (gates.weak_link_gate, 12, None),
        (gates.weak_link_gate, None, None),
        (gates.bottleneck_gate, 11, "too_few_weeks"),
        (gates.bottleneck_gate, 12, None),
        (gates.index_gate, 11, "too_few_weeks"),
        (gates.index_gate, 12, None),
        (gates.index_gate, None, None),
    ],
)
def test_weeks_are_asked_of_dated_networks_alone(
    gate: Gate, weeks: int | None, expected: str | None
) -> None:
    assert key(gate, firm(FIVE, weeks=weeks)) == expected


@pytest.mark.parametrize(
    ("gate", "sizes", "expected"),
    [
        (gates.silo_gate, [5, 5], None),
        (gates.silo_gate, [5, 4], "too_few_units"),
        (gates.silo_gate, [9], "single_group"),
        (gates.weak_link_gate, [5] * 4, None),
        (gates.weak_link_gate, [5, 5, 5, 4], "too_few_units"),
        (gates.bottleneck_gate, [5, 5], None),
        (gates.bottleneck_gate, [5, 4], "too_few_units"),
        (gates.index_gate, [10] * 5, None),
        (gates.index_gate, [10, 10, 10, 10, 9], "too_few_people"),
        (gates.index_gate, [20] * 4, "too_few_units"),
        (gates.index_gate, [5] * 12, None),
        (gates.index_gate, [5] * 13, "too_many_units"),
    ],
)
def test_units_and_people(gate: Gate, sizes: list[int], expected: str | None) -> None:
    assert key(gate, firm(sizes)) == expected


@pytest.mark.parametrize(
    ("gate", "unseen", "expected"),
    [
        (gates.silo_gate, 50, None),
        (gates.silo_gate, 51, "low_coverage"),
        (gates.weak_link_gate, 21, None),
        (gates.weak_link_gate, 22, "low_coverage"),
        (gates.bottleneck_gate, 12, None),
        (gates.bottleneck_gate, 13, "low_coverage"),
        (gates.index_gate, 21, None),
        (gates.index_gate, 22, "low_coverage"),
    ],
)
def test_the_share_of_people_that_was_seen(gate: Gate, unseen: int, expected: str | None) -> None:
    assert key(gate, firm(FIVE, unseen=unseen)) == expected


@pytest.mark.parametrize(
    "gate", [gates.silo_gate, gates.weak_link_gate, gates.bottleneck_gate, gates.index_gate]
)
def test_without_a_tie_nothing_is_assessed(gate: Gate) -> None:
    assert key(gate, firm(FIVE, weeks=None, ties=False)) == "no_ties"


def test_paths_need_thirty_people() -> None:
    few = gates.path_gate(firm([10, 10, 9]))
    assert few is not None
    assert few.text == "too few people: 29 of the 30 that are needed"
    assert gates.path_gate(firm([10, 10, 10])) is None


def test_weeks_left_out_as_holidays_count_towards_the_window() -> None:
    network = firm(FIVE, weeks=12)
    assert network.weeks is not None
    middle = network.weeks[5]
    ties = network.to_pandas()[["sender", "recipient"]].merge(
        pd.DataFrame({"week": pd.date_range("2026-03-02", periods=12, freq="7D")}), how="cross"
    )
    rest = Network.from_ties(ties, network.people.reset_index(), holiday_weeks=(middle,))

    assert len(rest.weeks or ()) == 11
    assert gates.calendar_weeks(rest) == 12
