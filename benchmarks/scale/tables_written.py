"""Writes a firm's rosters, tables and lists of interactions; millions of rows pass in pieces."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.scale.organisations import Firm, interactions, weekly
from orgnet.coding import FOLDER
from orgnet.schema import INTERACTIONS

#: The Monday on which interactions begin.
BEGIN = datetime(2026, 1, 5)

#: Rows of a piece.
_PIECE = 1_000_000

_WEEK = 7 * 24 * 3600

#: What `orgnet.coding` writes; a test compares the two.
CODED = pa.schema(
    [
        ("message", pa.int64()), ("sender", pa.int32()), ("recipient", pa.int32()),
        ("day", pa.int32()), ("second", pa.int64()), ("channel", pa.int8()), ("kind", pa.int8()),
        ("recipients", pa.int32()), ("amount", pa.int64()),
    ]
)  # fmt: skip

#: Days of one of its files, and what it does for speed and space.
_PART_DAYS, _MONDAY, _PARTS = 14, 3, 130
_PACKED, _ROWS = ["day", "channel", "kind", "recipients"], 1 << 17

#: Its numbers of a mail to somebody.
_EMAIL, _TO = 0, 1


def write_roster(path: Path, firm: Firm) -> None:
    """Write the roster: id, address, name and department."""
    ids = pa.array(firm.ids)
    table = pa.table(
        {
            "id": ids,
            "email": pc.binary_join_element_wise(ids, "@example.com", ""),
            "name": pc.binary_join_element_wise("Given", ids, " "),
            "department": _names(firm),
        }
    )
    pa_csv.write_csv(table, path)


def write_hr(path: Path, firm: Firm) -> None:
    """Write the roster in the columns that PyPI `orgnet` asks for."""
    addresses = pc.binary_join_element_wise(pa.array(firm.ids), "@example.com", "")
    same = {"role": "Staff", "team": "Team", "start_date": "2020-01-06"}
    columns = {name: pa.array([value] * firm.people) for name, value in same.items()}
    pa_csv.write_csv(
        pa.table({"person_id": addresses, "department": _names(firm), **columns}), path
    )


def write_query(path: Path, firm: Firm) -> None:
    """Write a person-to-person query as Viva Insights does: a row a person and contact."""
    both = np.concatenate([firm.first, firm.second]), np.concatenate([firm.second, firm.first])
    names = _names(firm).to_numpy(zero_copy_only=False)
    score = np.random.default_rng(firm.people).lognormal(-1.0, 0.8, len(firm.first)).round(3) + 0.01
    pa_csv.write_csv(
        pa.table(
            {
                "PrimaryCollaborator_PersonId": firm.ids[both[0]],
                "SecondaryCollaborator_PersonId": firm.ids[both[1]],
                "PrimaryCollaborator_Organization": pa.array(names[both[0]]),
                "SecondaryCollaborator_Organization": pa.array(names[both[1]]),
                "StrongTieScore": np.concatenate([score, score]),
            }
        ),
        path,
    )


def write_weekly(path: Path, firm: Firm, *, weeks: int) -> int:
    """Write the weekly ties of a firm, people as numbers, and return how many rows there are."""
    week, sender, recipient = weekly(firm, weeks)
    table = pa.table({"week": week, "sender": sender, "recipient": recipient})
    pq.write_table(table, path, compression="zstd")
    return len(week)


def write_list(path: Path, firm: Firm, rows: int, *, weeks: int, begin: datetime = BEGIN) -> None:
    """Write a list of dated interactions: time, sender, recipient."""
    addresses = pc.binary_join_element_wise(pa.array(firm.ids), "@example.com", "")
    schema = pa.schema([(name, pa.string()) for name in ("timestamp", "sender", "recipient")])
    with pa_csv.CSVWriter(path, schema) as writer:
        for at, sender, recipient, _ in _pieces(firm, rows, weeks):
            times = pa.array(np.datetime64(begin, "s") + at.astype("timedelta64[s]"))
            columns = [
                pc.strftime(times, format="%Y-%m-%d %H:%M:%S"),
                addresses.take(pa.array(sender)),
                addresses.take(pa.array(recipient)),
            ]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))


def write_interactions(path: Path, firm: Firm, rows: int, *, weeks: int) -> None:
    """Write interactions in Parquet with the columns of `orgnet.schema.INTERACTIONS`."""
    addresses = pc.binary_join_element_wise(pa.array(firm.ids), "@example.com", "")
    written = 0
    with pq.ParquetWriter(path, INTERACTIONS, compression="zstd") as writer:
        for at, sender, recipient, rng in _pieces(firm, rows, weeks):
            size = len(at)
            numbers = pa.array(np.arange(written, written + size)).cast(pa.string())
            recipients = rng.geometric(0.3, size).clip(max=30).astype(np.int32)
            columns = {
                "sent_at": pa.array(np.datetime64(BEGIN, "s") + at.astype("timedelta64[s]")).cast(
                    pa.timestamp("us", tz="UTC")
                ),
                "sender": addresses.take(pa.array(sender)),
                "recipient": addresses.take(pa.array(recipient)),
                "channel": _repeated("email", size),
                "kind": _repeated("to", size),
                "recipients": pa.array(recipients),
                "hours": pa.nulls(size, pa.float64()),
                "value": pa.nulls(size, pa.float64()),
                "message": pc.binary_join_element_wise("mail:", numbers, ""),
                "thread": pa.nulls(size, pa.string()),
                "source": _repeated("parquet", size),
            }
            writer.write_batch(
                pa.RecordBatch.from_arrays(list(columns.values()), schema=INTERACTIONS)
            )
            written += size


def write_coded(folder: Path, firm: Firm, rows: int, *, weeks: int) -> None:
    """Write interactions as `orgnet.coding.code` leaves them: a file for each two weeks."""
    (folder / FOLDER).mkdir(parents=True)
    epoch = (BEGIN.date() - date(1970, 1, 1)).days
    writers: dict[int, pq.ParquetWriter] = {}
    try:
        for at, sender, recipient, rng in _pieces(firm, rows, weeks):
            size = len(at)
            day = (at // 86_400).astype(np.int32) + epoch
            table = pa.table(
                [
                    pa.array(rng.integers(-(1 << 63), 1 << 63, size)),
                    pa.array(sender),
                    pa.array(recipient),
                    pa.array(day),
                    pa.array(at + epoch * 86_400),
                    pa.array(np.full(size, _EMAIL, dtype=np.int8)),
                    pa.array(np.full(size, _TO, dtype=np.int8)),
                    pa.array(rng.geometric(0.3, size).clip(max=30).astype(np.int32)),
                    pa.nulls(size, pa.int64()),
                ],
                schema=CODED,
            )
            part = (day + _MONDAY) // _PART_DAYS % _PARTS
            for name in np.unique(part).tolist():
                if name not in writers:
                    path = folder / FOLDER / f"{name}.parquet"
                    writers[name] = pq.ParquetWriter(
                        path, CODED, compression="lz4", use_dictionary=_PACKED
                    )
                rows = table.filter(pa.array(part == name))
                writers[name].write_table(rows, row_group_size=_ROWS)
    finally:
        for writer in writers.values():
            writer.close()


def last_weeks(weeks: int) -> datetime:
    """Return a time so many weeks before now: PyPI `orgnet` does not take mails of another year."""
    return datetime.now().replace(microsecond=0) - timedelta(weeks=weeks)


def _pieces(
    firm: Firm, rows: int, weeks: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], np.random.Generator]]:
    """Yield seconds since the begin, senders and recipients, in order of time."""
    pieces = -(-rows // _PIECE)
    for number in range(pieces):
        size = min(_PIECE, rows - number * _PIECE)
        sender, recipient, rng = interactions(firm, size, piece=number)
        begin, end = (weeks * _WEEK * each // pieces for each in (number, number + 1))
        yield np.sort(rng.integers(begin, end, size)), sender, recipient, rng


def _names(firm: Firm) -> pa.Array:
    return pa.array(np.char.mod("Department %03d", firm.department))


def _repeated(text: str, size: int) -> pa.Array:
    return pa.array([text]).take(pa.array(np.zeros(size, dtype=np.int32)))
