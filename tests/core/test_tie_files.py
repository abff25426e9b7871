"""Weekly ties in files are in the order of a sort of all of them, each tie once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orgnet.errors import EngineError
from orgnet.reduction.tie_files import TieFiles, frame_of, in_order

KEYS = ["week", "sender", "recipient", "channel"]


def ties(weeks: list[int | None], *, seed: int = 1, far: int = 9) -> pa.Table:
    """Ties of some weeks, each once, in no order."""
    rng = np.random.default_rng(seed)
    rows = [(w, s, r, c) for w in weeks for s in (0, 3, far) for r in (far, 1) for c in (0, 2)]
    rng.shuffle(rows)
    columns: dict[str, Any] = {
        name: pa.array([row[at] for row in rows], pa.int8() if name == "channel" else pa.int32())
        for at, name in enumerate(KEYS)
    }
    columns["interactions"] = pa.array(range(len(rows)), pa.int64()).cast(pa.decimal128(38))
    columns["billionths"] = pa.array([10**15 + row for row in range(len(rows))], pa.int64())
    return pa.table(columns)


def sorted_plainly(*tables: pa.Table) -> pd.DataFrame:
    table = pa.concat_tables(tables)
    at = table.schema.get_field_index("interactions")
    table = table.set_column(at, "interactions", table["interactions"].cast(pa.int64()))
    return table.to_pandas().sort_values(KEYS, ignore_index=True)


def never(folder: Path) -> pa.Table:
    raise AssertionError("the files stand apart")


@pytest.mark.parametrize("far", [9, (1 << 31) - 1])
def test_ties_are_in_the_order_of_their_columns(far: int) -> None:
    table = ties([5, None, -2], far=far)

    pd.testing.assert_frame_equal(in_order(table).to_pandas(), sorted_plainly(table))


def test_files_come_in_the_order_of_weeks_and_undated_ties_last(tmp_path: Path) -> None:
    tables = [ties([None]), ties([7, 8]), ties([]), ties([5, 6])]
    files = TieFiles(tmp_path)
    for table in tables:
        files.add(table)

    found = files.finished(never)

    assert [pq.read_table(file)["week"][0].as_py() for file in found] == [5, 7, None]
    pd.testing.assert_frame_equal(frame_of(found), sorted_plainly(*tables))


def test_a_week_of_several_files_is_added_up(tmp_path: Path) -> None:
    tables = [ties([5, 6]), ties([6, 7]), ties([None, 9])]
    files = TieFiles(tmp_path)
    for table in tables:
        files.add(table)

    def added_up(folder: Path) -> pa.Table:
        whole = pa.concat_tables([pq.read_table(file) for file in sorted(folder.iterdir())])
        sums = whole.group_by(KEYS).aggregate([("interactions", "sum"), ("billionths", "sum")])
        names = [name.removesuffix("_sum") for name in sums.column_names]
        return sums.rename_columns(names)

    (found,) = files.finished(added_up)

    expected = sorted_plainly(*tables).groupby(KEYS, dropna=False, as_index=False).sum()
    pd.testing.assert_frame_equal(frame_of((found,)), expected, check_dtype=False)


def test_no_ties_are_a_file_without_rows(tmp_path: Path) -> None:
    files = TieFiles(tmp_path)
    files.add(ties([]))

    assert list(frame_of(files.finished(never)).columns) == [*KEYS, "interactions", "billionths"]


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*given: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    files = TieFiles(tmp_path)
    monkeypatch.setattr(pq, "write_table", full)

    with pytest.raises(EngineError, match="the weekly ties cannot be put aside: No space left"):
        files.add(ties([5]))
