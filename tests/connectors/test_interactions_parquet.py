"""Parquet of interactions is read as the table that it is, and what else is in it stays unread."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orgnet.errors import InputError, MissingColumnError, UnreadableFileError
from orgnet.schema import INTERACTIONS, Connector, Ledger, ReadOptions, Source
from orgnet_connectors.interactions_parquet import InteractionsParquet

MORNING = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
ROW = {"sent_at": MORNING, "sender": "a", "recipient": "b", "channel": "email", "kind": "cc"}
READER = InteractionsParquet()


def written(path: Path, rows: list[dict[str, Any]], schema: pa.Schema | None = None) -> Source:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema), path)
    return Source(path)


def rows_of(source: Source, **options: Any) -> tuple[list[dict[str, Any]], Ledger]:
    ledger = Ledger()
    batches = list(READER.read(source, ReadOptions(**options), ledger))
    assert all(batch.schema == INTERACTIONS for batch in batches)
    return [row for batch in batches for row in batch.to_pylist()], ledger


def test_it_is_a_connector() -> None:
    assert isinstance(READER, Connector)


def test_a_table_of_interactions_comes_back_as_it_was_written(tmp_path: Path) -> None:
    full = {
        **dict.fromkeys(INTERACTIONS.names), **ROW,
        "recipients": 3, "hours": 0.5, "value": 2.0, "message": "m1", "thread": "t", "source": "x",
    }  # fmt: skip
    source = written(tmp_path / "i.parquet", [full], INTERACTIONS)
    rows, ledger = rows_of(source)
    assert rows == [{**full, "source": "interactions_parquet"}]
    assert READER.recognise(source) == "Parquet with the columns 'sender' and 'recipient'"
    assert (ledger.read, ledger.kept, ledger.interactions) == (1, 1, 1)
    assert ledger.first == ledger.last == MORNING.replace(second=0)
    assert ledger.ambiguous == []


def test_what_a_row_leaves_open_has_a_default(tmp_path: Path) -> None:
    bare = {"sent_at": MORNING, "sender": 7, "recipient": 8, "subject": "secret"}
    rows, ledger = rows_of(written(tmp_path / "i.parquet", [bare, bare]), channel="meeting")
    assert [(r["sender"], r["channel"], r["kind"], r["recipients"]) for r in rows] == [
        ("7", "meeting", "attend", 1)
    ] * 2
    assert len({row["message"] for row in rows}) == 2
    assert "subject" in ledger.dropped_unread


def test_the_files_of_a_folder_are_one_table(tmp_path: Path) -> None:
    for part in range(3):
        written(tmp_path / f"month={part}" / "part-0.parquet", [{**ROW, "sender": f"s{part}"}])
    (tmp_path / "_SUCCESS").touch()
    (tmp_path / "month=0" / ".part-0.parquet.crc").write_bytes(b"crc")
    source = Source(tmp_path)
    assert READER.recognise(source) is not None
    rows, _ = rows_of(source)
    assert [row["sender"] for row in rows] == ["s0", "s1", "s2"]
    assert len({row["message"] for row in rows}) == 3


def test_a_folder_with_other_files_is_left_to_be_walked(tmp_path: Path) -> None:
    written(tmp_path / "i.parquet", [ROW])
    (tmp_path / "people.csv").write_text("person\n", encoding="utf-8")
    assert READER.recognise(Source(tmp_path)) is None


def test_another_table_in_parquet_is_not_recognised(tmp_path: Path) -> None:
    assert READER.recognise(written(tmp_path / "o.parquet", [{"a": 1}])) is None


def test_rows_without_an_end_or_a_plausible_time_are_counted(tmp_path: Path) -> None:
    wrong = [
        {**ROW, "sender": None},
        {**ROW, "recipient": " "},
        {**ROW, "sent_at": None},
        {**ROW, "sent_at": datetime(1601, 1, 1, tzinfo=UTC)},
        ROW,
    ]
    rows, ledger = rows_of(written(tmp_path / "i.parquet", wrong))
    assert len(rows) == 1
    assert dict(ledger.skipped) == {"no_sender": 1, "no_recipient": 1, "no_date": 2}
    assert ledger.read == len(wrong)
    assert ledger.problems["no_recipient"][0].place == "row 2"


def test_times_without_a_zone_are_in_the_stated_one(tmp_path: Path) -> None:
    local = {**ROW, "sent_at": MORNING.replace(tzinfo=None)}
    rows, ledger = rows_of(written(tmp_path / "i.parquet", [local]), timezone="Europe/Berlin")
    assert rows[0]["sent_at"] == datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
    assert ledger.ambiguous == ["times without a zone are read as Europe/Berlin (--tz)"]


def test_a_channel_that_is_not_stated_is_told(tmp_path: Path) -> None:
    rows, ledger = rows_of(written(tmp_path / "i.parquet", [{**ROW, "channel": "fax"}]))
    assert rows[0]["channel"] == "chat"
    assert ledger.ambiguous == ["rows without a channel are read as 'chat' (--channel)"]


def test_without_times_the_missing_column_is_named(tmp_path: Path) -> None:
    source = written(tmp_path / "i.parquet", [{"sender": "a", "recipient": "b"}])
    with pytest.raises(MissingColumnError, match=r"i\.parquet: no column 'sent_at'"):
        rows_of(source)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"sent_at": 5}, "sent_at"),
        ({"recipients": "many"}, "recipients"),
        ({"hours": "x"}, "hours"),
    ],
)
def test_a_column_of_another_type_is_named(
    tmp_path: Path, change: dict[str, Any], place: str
) -> None:
    source = written(tmp_path / "i.parquet", [{**ROW, **change}])
    with pytest.raises(InputError, match=f"column '{place}'"):
        rows_of(source)


def test_a_damaged_file_is_recognised_and_refused(tmp_path: Path) -> None:
    source = written(tmp_path / "i.parquet", [ROW])
    source.path.write_bytes(source.path.read_bytes()[:-20])
    assert READER.recognise(source) == "a Parquet file"
    with pytest.raises(UnreadableFileError, match="damaged"):
        rows_of(source)


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    source = written(tmp_path / "i.parquet", [], INTERACTIONS)
    with pytest.raises(UnreadableFileError, match="no rows"):
        rows_of(source)
