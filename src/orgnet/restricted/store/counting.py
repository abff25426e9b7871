"""From coded records to a batch: what is counted, what is kept of it, and what was known before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from orgnet.identity import Actors, Standing
from orgnet.restricted.store.batches import ROWS, Batch, BatchWriter, aside_table
from orgnet.restricted.store.hashes import Hasher, Hashes
from orgnet.restricted.store.months import UNDATED, by_month
from orgnet.ties import KIND_CODES, STINT_COLUMNS

_ATTEND = KIND_CODES["attend"]


class Counting:
    """Takes in the counts of one batch; see `orgnet.reduction.Counts`.

    Parameters
    ----------
    writer
        Of the batch.
    earlier
        Batches whose records are not counted again.
    marks
        The hash of each actor (`marks_of`).
    number
        For each row of the roster its number among the people of the batch, or -1.
    hasher
        Of the project.
    """

    def __init__(
        self,
        writer: BatchWriter,
        earlier: Sequence[Batch],
        marks: Hashes,
        number: npt.NDArray[np.int32],
        hasher: Hasher,
    ) -> None:
        self._writer = writer
        self._earlier = earlier
        self._marks = marks
        self._number = number
        self._hasher = hasher
        self._aside: dict[tuple[str, str, bool, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
        #: Names of the batches that held some of the records.
        self.leans_on: set[str] = set()

    def known(self, records: pa.Table) -> pa.Table:
        """Note the hashes of records; return those that an earlier batch has."""
        ends = [self._marks[records[end].to_numpy()] for end in ("sender", "recipient")]
        # A meeting is one record of two people, whichever of them comes first here.
        turned = (records["kind"].to_numpy() == _ATTEND) & (ends[0] > ends[1])
        sender, recipient = np.where(turned, ends[::-1], ends)
        message = records["message"].to_numpy().astype(np.int64).view(np.uint64)
        digests = self._hasher.records(message, sender, recipient)
        known = np.zeros(len(records), dtype=bool)
        weeks = pc.floor(pc.divide(pc.add(records["day"].cast(pa.float64()), 3.0), 7.0))
        for month, chosen in by_month(weeks.cast(pa.int32())):
            some = digests[chosen]
            found = np.zeros(len(some), dtype=bool)
            for batch in self._earlier:
                hits = np.isin(some, batch.digests(month))
                if hits.any():
                    self.leans_on.add(batch.facts.name)
                    found |= hits
            known[chosen] = found
            self._writer.add_digests(month, some[~found])
        return records.select(["message", "sender", "recipient"]).filter(pa.array(known))

    def add(self, counted: pa.Table) -> None:
        """Keep counts between two people; add up the others by what they are."""
        sender, recipient = (counted[end].to_numpy() for end in ("sender", "recipient"))
        standings = [counted[f"{end}_standing"].to_numpy() for end in ("from", "to")]

        def either(standing: Standing) -> npt.NDArray[np.bool_]:
            found: npt.NDArray[np.bool_] = (standings[0] == standing) | (standings[1] == standing)
            return found

        reason = np.select(
            [
                sender == recipient,
                either(Standing.NOT_A_PERSON),
                either(Standing.OUT_OF_SCOPE),
                either(Standing.OPTED_OUT),
            ],
            ["self", "bot", "out_of_scope", "opted_out"],
            default="",
        )
        kept = reason == ""
        for month, chosen in by_month(counted["week"]):
            self._add_rows(month, counted.filter(pa.array(chosen & kept)))
            some = chosen & ~kept
            if some.any():
                self._add_aside(month, counted.filter(pa.array(some)), reason[some])

    def add_repeats(self, repeats: int) -> None:
        """Count records that an earlier batch has; of which month is not asked."""
        if repeats:
            self._count((UNDATED, "duplicate", False, 0), 0, repeats)

    @property
    def aside(self) -> pa.Table:
        """What is no contact between two people."""
        return aside_table(self._aside)

    def _add_rows(self, month: str, rows: pa.Table) -> None:
        columns = {name: rows[name] for name in ROWS.names if name in rows.column_names}
        for end in ("sender", "recipient"):
            columns[end] = pa.array(self._number[rows[end].to_numpy()])
        for end in STINT_COLUMNS:
            columns.setdefault(end, pa.array(np.zeros(len(rows), dtype=np.int32)))
        self._writer.add_rows(month, pa.table(columns))

    def _add_aside(self, month: str, rows: pa.Table, reason: npt.NDArray[np.str_]) -> None:
        grouped = pa.table(
            {
                "reason": pa.array(reason.tolist(), pa.string()),
                "attend": pc.equal(rows["kind"], _ATTEND),
                "recipients": rows["recipients"],
                "records": rows["records"].cast(pa.int64()),
                "copies": rows["copies"].cast(pa.int64()),
            }
        ).group_by(["reason", "attend", "recipients"])
        for row in grouped.aggregate([("records", "sum"), ("copies", "sum")]).to_pylist():
            key = (month, row["reason"], row["attend"], row["recipients"])
            self._count(key, row["records_sum"], row["copies_sum"])

    def _count(self, key: tuple[str, str, bool, int], records: int, copies: int) -> None:
        before = self._aside[key]
        self._aside[key] = before[0] + records, before[1] + copies


def marks_of(actors: Actors, identity: Hashes, people: Sequence[str], hasher: Hasher) -> Hashes:
    """Return a hash for each actor: of a person the same whatever they wrote under.

    `identity` holds the hash of each identity, `people` the pseudonym of each person.
    """
    marks = np.zeros(len(actors.standing), dtype=np.uint64)
    marks[actors.actor] = identity
    marks[: len(people)] = hasher.texts(people)
    return marks


def people_of(actors: Actors) -> npt.NDArray[np.int32]:
    """Return the rows of the people who stand behind an identity and are to be counted."""
    rows = np.unique(actors.actor[actors.actor < len(actors.people)])
    found: npt.NDArray[np.int32] = rows[actors.standing[rows] == Standing.PERSON].astype(np.int32)
    return found


def moves_of(rows: npt.NDArray[np.int32], stints: pd.DataFrame, hasher: Hasher) -> Hashes:
    """Return for each person a hash of the days on which they moved; 0 where they never did."""
    days: dict[int, list[str]] = {}
    for row, day in zip(stints["row"].tolist(), stints["first_day"].tolist(), strict=True):
        days.setdefault(row, []).append(str(day))
    found = np.zeros(len(rows), dtype=np.uint64)
    for at in np.flatnonzero(np.isin(rows, list(days))):
        found[at] = hasher.texts([" ".join(days[int(rows[at])])])[0]
    return found


def mapped(
    batch: Batch,
    month: str,
    actor: npt.NDArray[np.int32],
    standing: npt.NDArray[np.int8],
    *,
    dated: bool,
) -> pa.Table:
    """Return the rows of a month as the table ``counted`` of `orgnet.ties`.

    Parameters
    ----------
    batch, month
        Whose rows.
    actor
        For each person of the batch the actor of this run.
    standing
        For each actor its standing in this run.
    dated
        Whether the stints are asked for.
    """
    rows = batch.rows(month)
    ends = {end: actor[rows[end].to_numpy()] for end in ("sender", "recipient")}
    columns = {name: ends.get(name, rows[name]) for name in rows.column_names}
    columns |= {
        "from_standing": standing[ends["sender"]],
        "to_standing": standing[ends["recipient"]],
    }
    order = [name for name in columns if dated or name not in STINT_COLUMNS]
    return pa.table({name: columns[name] for name in order})
