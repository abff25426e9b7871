"""Looking at coded records: which numbers are the same, and parts piece by piece."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgnet.coding import has_equal, order_of, pieces, reading, sameness

FEW = st.integers(-40, 40)


@given(st.lists(FEW | st.integers(-(1 << 63), (1 << 63) - 1), max_size=60))
def test_equal_numbers_are_found_and_others_are_not(values: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for few, at_once in ((1, 7), (1, 1 << 21), (10, 1 << 21)):
            patch.setattr(sameness, "_FEW", few)
            patch.setattr(sameness, "_AT_ONCE", at_once)
            patch.setattr(sameness, "_ADDED", 5)
            assert has_equal(np.array(values, dtype=np.int64)) is (len(set(values)) < len(values))


@pytest.mark.parametrize("copies", [0, 1, 2])
def test_one_number_twice_among_many_is_found(copies: int) -> None:
    hashes = np.random.default_rng(0).integers(-(1 << 63), 1 << 63, 50_000)
    hashes = np.concatenate([hashes, hashes[100 : 100 + copies]])

    assert has_equal(hashes) is (copies > 0)


def part(path: Path, messages: list[int]) -> Path:
    table = pa.table({"message": messages, "row": range(len(messages))})
    pq.write_table(table, path, row_group_size=3)
    return path


@given(runs=st.lists(st.tuples(FEW, st.integers(1, 9)), max_size=12, unique_by=lambda run: run[0]))
def test_all_rows_of_a_message_are_in_one_piece(
    runs: list[tuple[int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    messages = [message for message, rows in runs for _ in range(rows)]
    file = part(tmp_path_factory.mktemp("part") / "0.parquet", messages)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_PIECE", 4)
        order = order_of(file)
        found = [piece.to_pydict() for piece in pieces(file, ("message", "row"), together=True)]
    assert order.together
    assert order.first.tolist() == [row == 0 for _, rows in runs for row in range(rows)]
    assert [row for piece in found for row in piece["row"]] == list(range(len(messages)))
    sets = [set(piece["message"]) for piece in found]
    assert sum(map(len, sets)) == len(runs)


def test_a_part_with_a_message_in_two_places_is_one_piece(tmp_path: Path) -> None:
    file = part(tmp_path / "0.parquet", [1, 1, 2, 1])

    order = order_of(file)
    assert not order.together
    assert order.first.tolist() == [True, False, True, True]
    (whole,) = pieces(file, ("message",), together=False)
    assert whole["message"].to_pylist() == [1, 1, 2, 1]
