"""A firm whose records have everything that a store must keep apart, as files to be read."""

from __future__ import annotations

import csv
from collections.abc import Collection
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from orgnet.schema import INTERACTIONS

PEOPLE = 30
#: A machine by the roster; somebody who changes departments; somebody with two addresses.
MACHINE, MOVER, TWICE = 4, 5, 6
DEPARTMENTS = ("Legal", "Sales", "Support")
START = pd.Timestamp("2026-01-05", tz="UTC")
MOVED = date(2026, 2, 11)


def address(number: int) -> str:
    return f"p{number}@firm.example"


def write_roster(
    path: Path,
    *,
    opted_out: Collection[int] = (3,),
    without: Collection[int] = (),
    shift: int = 0,
    moved: date | None = MOVED,
    known: bool = True,
) -> Path:
    """Write the roster; `shift` sorts people into other departments.

    `known` is whether it has the second address of `TWICE`.
    """
    header = ["id", "email", "aliases", "department", "valid_from", "valid_to", "opt_out", "kind"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for number in range(PEOPLE):
            if number in without:
                continue
            other = "second@firm.example" if number == TWICE and known else ""
            out = "yes" if number in opted_out else ""
            kind = "bot" if number == MACHINE else "person"
            own = DEPARTMENTS[(number // (1 + shift) + shift) % len(DEPARTMENTS)]
            person = [f"E{number}", address(number), other]
            if number == MOVER and moved is not None:
                before = moved - pd.Timedelta(days=1)
                writer.writerow([*person, "Sales", "2020-01-01", before, out, kind])
                writer.writerow([*person, "Legal", moved, "", out, kind])
            else:
                writer.writerow([*person, own, "2020-01-01", "", out, kind])
    return path


def records(seed: int = 7, size: int = 3000) -> pd.DataFrame:
    """Return messages with copies, meetings named from either side, reactions and broadcasts."""
    drawn = np.random.default_rng(seed)
    names = [
        *map(address, range(PEOPLE)),
        *["second@firm.example"] * 3,
        "guest@elsewhere.example",
        "new@firm.example",
        "no-reply@firm.example",
    ]
    kind = drawn.choice(["to", "cc", "dm", "reply", "reaction", "attend"], size)
    message = drawn.integers(0, size // 2, size)
    # All records of a message agree in what the message says.
    kind = np.where(np.isin(message % 7, (0, 1)), "attend", np.where(kind == "attend", "to", kind))
    attends = kind == "attend"
    seconds = 86400 * (message * 97 % 83) + 3600 * (8 + message % 9)
    sent_at = START + pd.to_timedelta(seconds, unit="s")
    table = pd.DataFrame(
        {
            "sent_at": sent_at,
            "sender": drawn.choice(names, size),
            "recipient": drawn.choice(names, size),
            "channel": np.where(attends, "meeting", np.where(message % 2 == 0, "email", "chat")),
            "kind": kind,
            "recipients": message % 26 + 1,
            "hours": np.where(attends, message % 5 / 3, np.nan),
            "value": np.nan,
            "message": [f"m{number}" for number in message],
            "thread": None,
            "source": "test",
        }
    )
    # Which of two kinds a pair has in one message is not to hang on the order of reading.
    first = table.drop_duplicates(["message", "sender", "recipient"])
    both = ["message", "sender", "recipient"]
    return table[both].merge(first, on=both)[table.columns.to_list()]


def write_records(path: Path, table: pd.DataFrame) -> Path:
    table = table.assign(sent_at=table["sent_at"].dt.as_unit("us"))
    pq.write_table(pa.Table.from_pandas(table, INTERACTIONS, preserve_index=False), path)
    return path


def write_undated(path: Path) -> Path:
    """Write a list of contacts without dates."""
    rows = [f"{address(i)},{address((i * 7 + 3) % PEOPLE)},{i % 4 + 1}" for i in range(PEOPLE)]
    path.write_text("\n".join(["from,to,weight", *rows]) + "\n", encoding="utf-8")
    return path


def thirds(folder: Path, *, overlap: int = 200, seed: int = 7) -> list[Path]:
    """Write the records in three files, each of which repeats some of the one before."""
    table = records(seed)
    order = np.argsort(np.random.default_rng(seed).random(len(table)), kind="stable")
    table = table.iloc[order]
    cuts = [0, len(table) // 3, 2 * len(table) // 3, len(table)]
    return [
        write_records(
            folder / f"part{number}.parquet",
            table.iloc[max(cuts[number] - (overlap if number else 0), 0) : cuts[number + 1]],
        )
        for number in range(3)
    ]
