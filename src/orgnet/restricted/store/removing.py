"""Taking people, and months, out of what is stored."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from orgnet.identity import Standing
from orgnet.restricted.store.batches import Batch, BatchWriter, DamagedStoreError, aside_table
from orgnet.restricted.store.generations import Store
from orgnet.restricted.store.hashes import Hasher
from orgnet.restricted.store.identities import Identities
from orgnet.restricted.store.months import UNDATED
from orgnet.ties import KIND_CODES

_Chosen = npt.NDArray[np.bool_]


class Purged(msgspec.Struct, frozen=True):
    """Counts of records between two people in the store: deleted, and kept."""

    rows: int
    kept: int


def people_in_store(store: Store) -> set[str]:
    """Return the pseudonyms of all people of whom there are counts."""
    batches = store.opened().batches
    return {person for batch in batches for person in batch.people["person"].to_pylist() if person}


def forget_in_store(store: Store, theirs: Collection[str], texts: Iterable[str], key: bytes) -> int:
    """Take somebody out of every batch, whatever they go by; their records are still counted.

    Parameters
    ----------
    store
        That of the results folder.
    theirs
        Pseudonyms that they may have.
    texts
        All that they go by.
    key
        Of the pseudonyms.

    Returns
    -------
    int
        Rows that were removed.
    """
    hasher = Hasher(key)
    opened = store.opened(hasher.check)
    if opened.lost is not None:
        # Nobody can look for them in it, and nobody can use it.
        store.remove()
        return 0
    try:
        return _forgotten(store, opened.batches, theirs, texts, hasher)
    except DamagedStoreError:
        # The next run reads the exports again.
        store.remove()
        return 0


def _forgotten(
    store: Store,
    batches: Iterable[Batch],
    theirs: Collection[str],
    texts: Iterable[str],
    hasher: Hasher,
) -> int:
    forms = dict.fromkeys(form for text in texts for form in (text, text.strip().lower()))
    hashes = hasher.texts(forms)
    left: list[Batch] = []
    removed = 0
    for batch in batches:
        people = batch.people
        chosen = np.flatnonzero(np.isin(people["person"].to_numpy(), list(theirs)))
        identities = batch.identities
        asked = identities.candidates
        named = np.zeros(len(identities), dtype=bool)
        named[asked.owner[np.isin(asked.hashes, hashes)]] = True
        named |= np.isin(identities.person, chosen)
        if named.any() or len(chosen):
            new = without_people(batch, chosen, store, keep=~named)
            removed += _count(batch) - _count(new)
            batch = new
        left.append(batch)
    store.commit(left) if store.exists else store.sweep()
    return removed


def without_people(
    batch: Batch, numbers: npt.NDArray[np.int64], store: Store, *, keep: _Chosen | None = None
) -> Batch:
    """Return a copy of a batch without some people, whose records are counted as opted out.

    Parameters
    ----------
    batch
        Stays as it is.
    numbers
        The people's, in the batch.
    store
        Where the copy is made; a commit takes it in.
    keep
        Which identities the copy has. By default all: those of people who opted out tell that they
        did, not who they are.
    """
    identities = batch.identities
    gone = np.isin(identities.person, numbers) & (identities.person >= 0)
    identities = Identities(
        identity=identities.identity,
        candidates=identities.candidates,
        domains=identities.domains,
        shared=identities.shared,
        person=np.where(gone, -1, identities.person).astype(np.int32),
        standing=np.where(gone, Standing.OPTED_OUT, identities.standing).astype(np.int8),
    )
    people = batch.people
    left = ~np.isin(np.arange(len(people)), numbers)
    people = pa.table(
        {name: pc.if_else(pa.array(left), people[name], None) for name in people.column_names}
    )

    def others(rows: pa.Table) -> _Chosen:
        return ~(_is(rows, "sender", numbers) | _is(rows, "recipient", numbers))

    return _rewritten(
        batch,
        store,
        rows=lambda month, rows: others(rows),
        identities=identities if keep is None else identities.taken(keep),
        people=people,
        opted_out=True,
    )


def purge_store(store: Store, before: date, *, everything: bool, dry_run: bool) -> Purged:
    """Delete what is of weeks before a day; undated records are of the day they were read.

    Parameters
    ----------
    store
        That of the results folder. No key is needed.
    before
        Weeks that began before it are deleted.
    everything
        Delete all.
    dry_run
        Count only.
    """
    opened = store.opened()
    if opened.lost is not None or everything:
        rows = _rows_of(opened.batches)
        if not dry_run:
            store.remove()
        return Purged(rows, 0)
    try:
        return _purged(store, opened.batches, before, dry_run=dry_run)
    except DamagedStoreError:
        if not dry_run:
            store.remove()
        return Purged(0, 0)


def _purged(store: Store, batches: Iterable[Batch], before: date, *, dry_run: bool) -> Purged:
    left: list[Batch] = []
    rows = kept = 0
    for batch in batches:
        rule = _Rule(before, batch.facts.read_on)
        gone = sum(int((~rule.rows(month, batch.rows(month))).sum()) for month in batch.months)
        rows += gone
        kept += _count(batch) - gone
        if not dry_run and (gone or not all(map(rule.month, batch.digest_months))):
            batch = _rewritten(batch, store, rows=rule.rows, months=rule.month)
        left.append(batch)
    if not dry_run and store.exists:
        store.commit(left)
    return Purged(rows, kept)


def _rows_of(batches: Iterable[Batch]) -> int:
    try:
        return sum(map(_count, batches))
    except DamagedStoreError:
        return 0


class _Rule(msgspec.Struct, frozen=True):
    """What of a batch stays: weeks from `before` on; what is undated is of the day `read_on`."""

    before: date
    read_on: date

    def month(self, month: str) -> bool:
        """Whether something of a month stays."""
        if month == UNDATED:
            return self.read_on >= self.before
        return month >= self.before.strftime("%Y-%m")

    def rows(self, month: str, rows: pa.Table) -> _Chosen:
        """Which rows of a month stay."""
        if month == UNDATED:
            return np.full(len(rows), self.month(month))
        days = rows["week"].to_numpy().astype(np.int64) * 7 - 3
        stays: _Chosen = days >= (self.before - date(1970, 1, 1)).days
        return stays


def _rewritten(
    batch: Batch,
    store: Store,
    *,
    rows: Callable[[str, pa.Table], _Chosen],
    months: Callable[[str], bool] = lambda month: True,
    identities: Identities | None = None,
    people: pa.Table | None = None,
    opted_out: bool = False,
) -> Batch:
    """Copy a batch with some of its rows.

    Parameters
    ----------
    batch, store
        What is copied, and where to.
    rows
        Says of a month's rows which stay.
    months
        Says of which months hashes and counts aside stay.
    identities, people
        Instead of those of the batch.
    opted_out
        Whether rows that go are counted aside as those of people who opted out.
    """
    counts: dict[tuple[str, str, bool, int], tuple[int, int]] = {}
    gone = 0
    for row in batch.aside.to_pylist():
        key = (row["month"], row["reason"], row["attend"], row["recipients"])
        if months(row["month"]):
            counts[key] = row["records"], row["copies"]
        else:
            gone += row["copies"]
    with BatchWriter(store.new_folder(batch.facts.name)) as writer:
        for month in batch.months:
            table = batch.rows(month)
            chosen = rows(month, table)
            writer.add_rows(month, table.filter(pa.array(chosen)))
            leaves = table.filter(pa.array(~chosen))
            if opted_out:
                _count_aside(counts, month, leaves)
            else:
                gone += int(pc.sum(leaves["copies"]).as_py() or 0)
        for month in batch.digest_months:
            if months(month):
                writer.add_digests(month, batch.digests(month))
        return writer.finish(
            msgspec.structs.replace(batch.facts, records=batch.facts.records - gone),
            batch.people if people is None else people,
            batch.identities if identities is None else identities,
            aside_table(counts),
        )


def _count_aside(
    counts: dict[tuple[str, str, bool, int], tuple[int, int]], month: str, rows: pa.Table
) -> None:
    attend = pc.equal(rows["kind"], KIND_CODES["attend"])
    grouped = pa.table(
        {
            "attend": attend,
            "recipients": rows["recipients"],
            "records": rows["records"],
            "copies": rows["copies"],
        }
    ).group_by(["attend", "recipients"])
    for row in grouped.aggregate([("records", "sum"), ("copies", "sum")]).to_pylist():
        key = (month, "opted_out", row["attend"], row["recipients"])
        records, copies = counts.get(key, (0, 0))
        counts[key] = records + row["records_sum"], copies + row["copies_sum"]


def _count(batch: Batch) -> int:
    return sum(len(batch.rows(month)) for month in batch.months)


def _is(rows: pa.Table, end: str, numbers: npt.NDArray[np.int64]) -> _Chosen:
    return np.isin(rows[end].to_numpy(), numbers)
