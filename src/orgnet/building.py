"""From records and people to weekly ties and the network."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orgnet.errors import InputError, MissingColumnError
from orgnet.files import temporary_folder
from orgnet.identity import Actors, Standing, resolve
from orgnet.network import Network, as_ids
from orgnet.pairs import week_numbers
from orgnet.rules import BILLION, TieRules
from orgnet.schema import CHANNELS, INTERACTIONS
from orgnet.ties import CHANNEL_CODES, KIND_CODES, REMOVED, queries

_STORED = pa.schema(
    [
        ("message", pa.int64()),
        ("sender", pa.int32()),
        ("recipient", pa.int32()),
        ("day", pa.int32()),
        ("channel", pa.int8()),
        ("kind", pa.int8()),
        ("recipients", pa.int32()),
        ("amount", pa.int64()),
    ]
)

#: Columns that a table of interactions cannot do without; the others have a default.
_NEEDED = ("sender", "recipient", "channel", "kind")

#: Above this an amount in billionths leaves whole numbers of 64 bits.
_AMOUNT_LIMIT = 9e9

#: What the embedded engine may use before it spills to disk.
MEMORY_LIMIT = "2GB"


@dataclass(frozen=True)
class WeeklyTies:
    """Weekly ties between people, and what became of every record on the way.

    Attributes
    ----------
    ties
        Schema `TIES` of `orgnet.schema`, person ids as text.
    people
        The roster or, without one, everybody seen; with ``observed``. Without those who opted out.
    records
        Records read.
    kept
        Records that count towards a tie.
    removed
        Records removed by each rule of `REMOVED`, zero included.
    external, unmatched, not_people, opted_out
        Identities: of other organisations; missing in the roster; bots and shared mailboxes; and
        people who opted out.
    """

    ties: pd.DataFrame
    people: pd.DataFrame
    records: int
    kept: int
    removed: dict[str, int]
    external: int
    unmatched: int
    not_people: int
    opted_out: int


def build_network(
    records: Any,
    people: pd.DataFrame | None = None,
    *,
    rules: TieRules | None = None,
) -> Network:
    """Build the network from records and a roster.

    Parameters
    ----------
    records
        What `orgnet.read` returns; or record batches or a table (pandas or Arrow) with the
        columns of ``interactions`` (`design.md` §3). A pandas table may leave out all but
        ``sender``, ``recipient``, ``channel`` and ``kind``.
    people
        The roster; None makes a person of everybody seen, without departments.
    rules
        How interactions become ties.

    Returns
    -------
    Network
        `Network.dropped` counts what the noise rules removed. ``observed`` is False for roster
        people of whom no record was kept.

    Raises
    ------
    MissingColumnError
        If a table has no sender, recipient, channel or kind.
    InputError
        If a record has an unknown channel or kind, or an amount that is negative or no number;
        or two people of the roster have one address.
    """
    rules = rules or TieRules()
    return network_of(weekly_ties(records, people, rules=rules), rules=rules)


def network_of(weekly: WeeklyTies, *, rules: TieRules) -> Network:
    """Return the network of weekly ties.

    Weeks in which hardly anybody was active are left out. Observed is who was seen in the window:
    somebody who left before it is no part of what it shows.
    """
    people, ties = weekly.people, weekly.ties
    weeks, dated = week_numbers(ties["week"])
    if dated.any():
        first, last = rules.window(int(weeks[dated].min()), int(weeks[dated].max()))
        inside = ties[dated & (weeks >= first) & (weeks <= last)]
        seen = set(inside["sender"]) | set(inside["recipient"])
        people = people.assign(observed=people["person"].isin(seen))
    network = Network.from_ties(ties, people, rules=rules, holiday_weeks=holiday_weeks(ties, rules))
    removed = {reason: count for reason, count in weekly.removed.items() if count}
    return replace(network, dropped={**removed, **network.dropped})


def weekly_ties(records: Any, people: pd.DataFrame | None, *, rules: TieRules) -> WeeklyTies:
    """Reduce records to weekly ties between people, out of core, every removal counted."""
    with temporary_folder() as folder:
        identities, count = _store(_batches(records), folder)
        profiles = list(getattr(records, "profiles", ()))
        actors = resolve(identities, profiles, people)
        ties, counts = _reduce(folder, actors, rules, count)
    return _weekly(ties, counts, actors, count)


def holiday_weeks(ties: pd.DataFrame, rules: TieRules) -> tuple[int, ...]:
    """Return the weeks with fewer active people than `rules.holiday_share` of the median week.

    Only weeks inside the window count, calendar weeks without any tie included.
    """
    dated = ties[ties["week"].notna() & (ties["interactions"] > 0)]
    if dated.empty:
        return ()
    weeks, _ = week_numbers(dated["week"])
    first, last = rules.window(int(weeks.min()), int(weeks.max()))
    ends = pd.concat([dated["sender"], dated["recipient"]], ignore_index=True)
    both = pd.DataFrame({"week": np.concatenate([weeks, weeks]), "person": ends.to_numpy()})
    active = both.drop_duplicates().groupby("week").size()
    active = active.reindex(range(first, last + 1), fill_value=0)
    if len(active) == 0:
        return ()
    few = active < rules.holiday_share * float(active.median())
    return tuple(int(week) for week in active.index[few])


def _batches(records: Any) -> Iterable[pa.RecordBatch]:
    if isinstance(records, pd.DataFrame):
        records = _from_pandas(records)
    if isinstance(records, pa.Table):
        return list(records.to_batches())
    return records  # type: ignore[no-any-return]


def _from_pandas(records: pd.DataFrame) -> pa.Table:
    for column in _NEEDED:
        if column not in records.columns:
            raise MissingColumnError(
                f"no column {column!r}; the interactions have {list(records.columns)}",
                remedy=f"a table of interactions needs {', '.join(_NEEDED)}",
            )
    missing = [c for c in INTERACTIONS.names if c not in records.columns]
    frame = records.assign(**dict.fromkeys(missing)).loc[:, INTERACTIONS.names]
    for end in ("sender", "recipient"):
        frame[end] = as_ids(frame[end])
        nobody = frame[end].to_numpy() == ""
        if nobody.any():
            raise InputError(
                f"there is no {end}",
                place=f"row {int(nobody.argmax()) + 1} of the interactions",
                remedy="fill in or remove the row",
            )
    # Arrow refuses times that are finer than its own.
    frame["sent_at"] = pd.to_datetime(frame["sent_at"], utc=True).dt.as_unit("us")
    if "recipients" in missing:
        frame["recipients"] = 1
    if "message" in missing:
        frame["message"] = [f"row:{row}" for row in range(len(frame))]
    if "source" in missing:
        frame["source"] = "table"
    return pa.Table.from_pandas(frame, INTERACTIONS, preserve_index=False)


def _store(batches: Iterable[pa.RecordBatch], folder: Path) -> tuple[list[str], int]:
    """Write the batches with numbers for identities; return the identities and the row count."""
    numbers: dict[str, int] = {}
    rows = 0
    with pq.ParquetWriter(folder / "interactions.parquet", _STORED, compression="zstd") as writer:
        for batch in batches:
            rows += batch.num_rows
            if batch.num_rows:
                writer.write_batch(_coded(batch, numbers))
    return list(numbers), rows


def _coded(batch: pa.RecordBatch, numbers: dict[str, int]) -> pa.RecordBatch:
    message = pd.util.hash_array(
        batch.column("message").to_numpy(zero_copy_only=False), categorize=False
    )
    day = batch.column("sent_at").cast(pa.timestamp("us")).cast(pa.date32()).cast(pa.int32())
    amount = pc.coalesce(batch.column("value"), batch.column("hours"))
    # Comparisons with what is not a number are false, so that it is caught, too.
    fits = pc.and_(pc.greater_equal(amount, 0.0), pc.less(amount, _AMOUNT_LIMIT))
    if pc.any(pc.invert(fits)).as_py():
        raise InputError(
            f"a record's hours or value is not a number from 0 to {_AMOUNT_LIMIT:.0e}",
            place=f"records of {batch.column('source')[0]}",
            remedy="correct or remove the row, or scale all values",
        )
    return pa.RecordBatch.from_arrays(
        [
            pa.array(message.view(np.int64)),
            _numbered(batch.column("sender"), numbers),
            _numbered(batch.column("recipient"), numbers),
            day,
            _known("channel", batch, CHANNEL_CODES),
            _known("kind", batch, KIND_CODES),
            batch.column("recipients"),
            pc.round(pc.multiply(amount, float(BILLION))).cast(pa.int64()),
        ],
        schema=_STORED,
    )


def _numbered(column: pa.Array, numbers: dict[str, int]) -> pa.Array:
    encoded = column.dictionary_encode()
    codes = [numbers.setdefault(text, len(numbers)) for text in encoded.dictionary.to_pylist()]
    return pa.array(codes, pa.int32()).take(encoded.indices)


def _known(name: str, batch: pa.RecordBatch, codes: dict[str, int]) -> pa.Array:
    encoded = batch.column(name).dictionary_encode()
    found = encoded.dictionary.to_pylist()
    if encoded.null_count or not codes.keys() >= set(found):
        raise InputError(
            f"a record's {name} is none of {', '.join(codes)}",
            place=f"records of {batch.column('source')[0]}",
            remedy=f"correct the {name}",
        )
    return pa.array([codes[text] for text in found], pa.int8()).take(encoded.indices)


def _reduce(
    folder: Path, actors: Actors, rules: TieRules, count: int
) -> tuple[pd.DataFrame, dict[str, tuple[int, int]]]:
    with warnings.catch_warnings():
        # Libraries below Ibis warn of their own deprecations while the expression is compiled.
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", FutureWarning)
        sql = queries(rules)
    table = pa.table(
        {
            "identity": pa.array(np.arange(len(actors.actor), dtype=np.int32)),
            "actor": pa.array(actors.actor),
            "standing": pa.array(actors.standing[actors.actor]),
        }
    )
    engine = duckdb.connect(
        config={
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": str(folder / "spill"),
            "preserve_insertion_order": False,
        }
    )
    try:
        engine.register("actors", table)
        path = str(folder / "interactions.parquet").replace("'", "''")
        engine.execute(f"CREATE VIEW interactions AS SELECT * FROM read_parquet('{path}')")
        engine.execute(f"CREATE TEMP TABLE classified AS {sql.classified}")
        ties = engine.sql(sql.ties).to_arrow_table().to_pandas()
        counts = {r: (rows, repeats) for r, rows, repeats in engine.execute(sql.counts).fetchall()}
    finally:
        engine.close()
    seen = sum(rows + repeats for rows, repeats in counts.values())
    if seen != count:
        raise AssertionError(f"{count} records went into the reduction and {seen} came out")
    return ties, counts


def _weekly(
    coded: pd.DataFrame, counts: dict[str, tuple[int, int]], actors: Actors, count: int
) -> WeeklyTies:
    people = actors.people
    ids = people["person"].to_numpy(dtype=object)
    sender = coded["sender"].to_numpy()
    recipient = coded["recipient"].to_numpy()
    observed = np.zeros(len(people), dtype=bool)
    observed[sender] = True
    observed[recipient] = True
    week = coded["week"]
    monday = np.where(week.isna(), 0, week.fillna(0).to_numpy(dtype=np.int64) * 7 - 3)
    dates = pd.Series(monday.astype("datetime64[D]").astype("datetime64[s]"))
    ties = pd.DataFrame(
        {
            "week": dates.mask(week.isna().to_numpy()),
            "sender": ids[sender],
            "recipient": ids[recipient],
            "channel": np.asarray(CHANNELS, dtype=object)[coded["channel"].to_numpy()],
            "interactions": coded["interactions"].to_numpy(dtype=np.int64),
            "strength": coded["billionths"].to_numpy(dtype=float) / BILLION,
        }
    )
    removed = dict.fromkeys(REMOVED, 0)
    for reason, (rows, repeats) in counts.items():
        removed["duplicate"] += repeats
        if reason != "kept":
            removed[reason] = rows
    standing = actors.standing[: len(people)]
    persons = standing == Standing.PERSON
    return WeeklyTies(
        ties=ties,
        people=people.assign(observed=observed)[persons].reset_index(drop=True),
        records=count,
        kept=counts.get("kept", (0, 0))[0],
        removed=removed,
        external=actors.external,
        unmatched=actors.unmatched,
        not_people=actors.not_people,
        opted_out=int((standing == Standing.OPTED_OUT).sum()),
    )
