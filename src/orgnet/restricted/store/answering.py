"""A run with a store: what is taken from it, what is read, and weekly ties of both."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from msgspec import Struct, field

from orgnet.building import WeeklyTies, answers_of, weekly_of, weekly_ties
from orgnet.coding import code
from orgnet.engines import EngineChoice, Work, started
from orgnet.errors import InputError
from orgnet.files import temporary_folder
from orgnet.identity import NAMED, Actors, Standing, directory, goes_by, resolve
from orgnet.memberships import stints
from orgnet.plugins import connectors
from orgnet.pseudonyms import pseudonyms
from orgnet.reading import Reading, Records, counted
from orgnet.reduction import Reduced, count, tie
from orgnet.restricted.store.batches import Batch, BatchWriter, DamagedStoreError, Facts
from orgnet.restricted.store.counting import Counting, mapped, marks_of, moves_of, people_of
from orgnet.restricted.store.exports import (
    Export,
    as_options,
    export_of,
    reading_of,
)
from orgnet.restricted.store.generations import FOLDER, Store
from orgnet.restricted.store.hashes import Hasher
from orgnet.restricted.store.identities import NOBODY, Identities, Lookup, identities_of
from orgnet.restricted.store.months import in_large_parts
from orgnet.restricted.store.removing import without_people
from orgnet.results import RESTRICTED, Input, input_of
from orgnet.rules import TieRules
from orgnet.schema import ReadOptions
from orgnet.versions import own_version

_Rows = npt.NDArray[np.int32]

#: Names told in one line.
_NAMED = 3

#: Rules by which a sender is like a machine, the one that is told first.
_MACHINES = ("never_answered", "even_times", "all_hours")


class Asked(Struct, frozen=True, kw_only=True, dict=True):
    """What a run wants to know.

    Parameters
    ----------
    roster
        The people.
    key
        Of the pseudonyms.
    options, rules, matches, left_out, engine
        As for `orgnet.building.weekly_ties` and `orgnet.read`.
    add
        Whether the exports are added to what the store holds; else it is to hold them alone.
    """

    roster: pd.DataFrame
    key: bytes
    options: ReadOptions
    rules: TieRules
    matches: Mapping[str, str] | None = None
    left_out: Callable[[Sequence[str]], bool] | None = None
    engine: EngineChoice = field(default_factory=EngineChoice)
    add: bool = False

    @cached_property
    def hasher(self) -> Hasher:
        """The keyed hashes of the project."""
        return Hasher(self.key)


class Answered(Struct, frozen=True, kw_only=True):
    """What a run needs of its exports, whether they were read or not.

    Attributes
    ----------
    weekly
        The ties.
    records
        All exports behind them with complete ledgers; those from the store cannot be read again.
    inputs
        The file of each reading.
    taken
        How many exports were not read.
    told
        Why others were read again, a line each.
    batches
        What the store is to hold from now on; None where it is to be left as it is.
    """

    weekly: WeeklyTies
    records: Records
    inputs: tuple[Input, ...]
    taken: int
    told: tuple[str, ...]
    batches: tuple[Batch, ...] | None


def answer(
    store: Store,
    records: Records,
    asked: Asked,
    progress: Callable[[str], None] = lambda step: None,
) -> Answered:
    """Return weekly ties of exports, of which those that the store holds are not read again.

    Nothing in the store has changed afterwards: its next state is `Answered.batches`.

    Parameters
    ----------
    store
        That of the results folder.
    records
        The exports that were named, recognised and not yet read.
    asked
        What is wanted.
    progress
        Is told how many exports need not be read.

    Raises
    ------
    InputError
        If an export that was not named has to be read again.
    """
    store.sweep()
    opened = store.opened(asked.hasher.check)
    run = _Run(store, records, asked, progress)
    if opened.lost is None:
        try:
            return run.answered(opened.batches)
        except DamagedStoreError:
            lost = "it is damaged"
    else:
        lost = opened.lost
    if asked.add or not records.readings:
        raise InputError(
            f"the store cannot be used: {lost}",
            file=f"{RESTRICTED}/{FOLDER}",
            remedy="name all exports, without --add: they are read again, and it is made again",
        )
    return run.answered((), f"the store is made again, and exports are read again: {lost}")


class _Named(Struct, frozen=True):
    """An export that was named: its reading, its file, and where the store holds it."""

    reading: Reading
    file: Input
    batch: Batch | None = None
    export: Export | None = None


class _Read(Struct, frozen=True):
    """What was read, and whom each identity stands for: a row of the roster, or a larger number."""

    records: Records
    actor: dict[str, int]

    @property
    def respondents(self) -> _Rows:
        rows = [self.actor[identity] for identity in sorted(self.records.respondents)]
        return np.asarray(rows, dtype=np.int32)


class _Workshop(NamedTuple):
    """Where a run puts what it needs for itself alone, and its engine, which writes there, too."""

    folder: Path
    at_work: Work


class _Run:
    def __init__(
        self, store: Store, records: Records, asked: Asked, progress: Callable[[str], None]
    ) -> None:
        self._store = store
        self._records = records
        self._asked = asked
        self._progress = progress
        self._directory = directory(asked.roster, matches=asked.matches, left_out=asked.left_out)
        self._moves = stints(self._directory.people)
        self._files = [input_of(reading.source) for reading in records.readings]
        self._hidden = pseudonyms(self._directory.people["person"], asked.key)

    @cached_property
    def _lookup(self) -> Lookup:
        return Lookup(self._directory, self._asked.hasher)

    @cached_property
    def _row(self) -> dict[str, int]:
        return {person: row for row, person in enumerate(self._hidden)}

    def answered(self, batches: Sequence[Batch], *told: str) -> Answered:
        """Answer from these batches and the exports that they do not hold."""
        if len(self._row) < len(self._hidden):
            # Two people with one pseudonym cannot be told apart in a store.
            return self._without_store("two ids of the roster differ in capitals only")
        found, lines = self._usable(batches)
        named = self._named(found)
        new = [one for one in named if one.batch is None]
        taken = sum(len(batch.facts.exports) for batch in found)
        if taken:
            self._progress(f"taken from the store: {taken} exports")
        with (
            temporary_folder(self._asked.engine.folder) as folder,
            started(self._asked.engine, folder) as at_work,
        ):
            shop = _Workshop(folder, at_work)
            surveys = [one for one in new if _is_survey(one.reading)]
            others = [one for one in new if not _is_survey(one.reading)]
            kept = [self._without_opted_out(batch) for batch in found]
            passing: list[Batch] = []
            read: dict[Path, _Read] = {}
            for some, storable in ((others, True), (surveys, False)):
                if some:
                    batch, done, stays = self._read(some, kept, storable, shop)
                    (kept if stays else passing).append(batch)
                    read[batch.folder] = done
            weekly = self._weekly([*kept, *passing], read, shop)
        readings, files = self._readings(named, found)
        return Answered(
            weekly=weekly,
            records=Records(readings, self._records.rosters, self._records.left_out),
            inputs=tuple(files),
            taken=taken,
            told=(*told, *lines),
            batches=tuple(kept),
        )

    def _without_store(self, why: str) -> Answered:
        asked = self._asked
        if asked.add or not self._records.readings:
            raise InputError(
                f"there can be no store: {why}", remedy="name all exports, without --add"
            )
        weekly = weekly_ties(
            self._records,
            asked.roster,
            rules=asked.rules,
            matches=asked.matches,
            left_out=asked.left_out,
            engine=asked.engine,
        )
        return Answered(
            weekly=weekly,
            records=self._records,
            inputs=tuple(self._files),
            taken=0,
            told=(f"nothing is stored: {why}",),
            batches=None,
        )

    def _named(self, batches: Sequence[Batch]) -> list[_Named]:
        """Return what was named, and where the store holds it."""
        held: dict[tuple[str, str], list[tuple[Batch, Export]]] = {}
        for batch in batches:
            for export in batch.facts.exports:
                held.setdefault((export.sha256, export.connector), []).append((batch, export))
        named = []
        for reading, file in zip(self._records.readings, self._files, strict=True):
            places = held.get((file.sha256, reading.connector.name), [])
            named.append(_Named(reading, file, *(places.pop(0) if places else (None, None))))
        return named

    def _usable(self, batches: Sequence[Batch]) -> tuple[list[Batch], list[str]]:
        """Return the batches that say what their exports would, and lines about the others."""
        asked = self._asked
        named = Counter(
            (file.sha256, reading.connector.name)
            for reading, file in zip(self._records.readings, self._files, strict=True)
        )
        alone = not asked.add and bool(self._records.readings)
        usable: list[Batch] = []
        lines: list[str] = []
        for batch in batches:
            keys = Counter((one.sha256, one.connector) for one in batch.facts.exports)
            missing = keys - named
            why = self._why_not(batch, {one.facts.name for one in usable})
            if alone and missing and why is None:
                why = "not all exports that were read with them were named"
            if why is None:
                usable.append(batch)
                named -= keys
                continue
            absent = [
                one.name for one in batch.facts.exports if (one.sha256, one.connector) in missing
            ]
            if absent and not alone:
                raise InputError(
                    f"has to be read again: {why}",
                    file=_some(absent),
                    remedy="name it too" if len(absent) == 1 else "name them too",
                )
            again = [one.name for one in batch.facts.exports if one.name not in absent]
            if again:
                lines.append(f"{_some(again)}: read again, for {why}")
        return usable, lines

    def _why_not(self, batch: Batch, usable: set[str]) -> str | None:
        """Return why a batch does not say what its exports would, if they were read now."""
        facts = batch.facts
        if facts.options != list(as_options(self._asked.options)):
            return "they were read in another way"
        if facts.version != own_version():
            return "they were read by another version of orgnet"
        if any(export.connector not in connectors() for export in facts.exports):
            return "what reads them is not installed"
        if not usable.issuperset(facts.leans_on):
            return "others that they overlap with are not taken from the store"
        people = batch.people
        here = [self._row.get(person, -1) for person in people["person"].to_pylist()]
        rows = np.asarray(here, dtype=np.int32)
        inside = rows >= 0
        moves = moves_of(rows, self._moves, self._asked.hasher)
        # Null of those who were taken out; with nulls, whole numbers of this size become others.
        if (moves[inside] != people["moves"].fill_null(0).to_numpy()[inside]).any():
            return "the roster tells of other changes of department"
        identities = batch.identities
        then, now = identities.standing, self._lookup.rows(identities)
        is_there = now >= 0
        standing = np.full(len(now), NOBODY, dtype=np.int8)
        standing[is_there] = self._directory.standing[now[is_there]]
        person = identities.person >= 0
        theirs = np.full(len(now), -1, dtype=np.int32)
        theirs[person] = rows[identities.person[person]]
        # Of people the rows are there, whatever they are now; a person who left is nobody.
        same = np.where(person, now == theirs, (standing == then) | (then == Standing.OPTED_OUT))
        if ((then == Standing.OPTED_OUT) & is_there & (standing != Standing.OPTED_OUT)).any():
            return "somebody in them is no longer left out"
        if not same.all():
            return "the roster now tells otherwise who is who in them"
        return None

    def _without_opted_out(self, batch: Batch) -> Batch:
        """Return the batch without those who opted out since."""
        people = batch.people["person"].to_pylist()
        rows = np.asarray([self._row.get(person, -1) for person in people], dtype=np.int32)
        out = (rows >= 0) & (self._directory.standing[rows] == Standing.OPTED_OUT)
        numbers = np.flatnonzero(out)
        return without_people(batch, numbers, self._store) if len(numbers) else batch

    def _read(
        self, named: Sequence[_Named], earlier: Sequence[Batch], storable: bool, shop: _Workshop
    ) -> tuple[Batch, _Read, bool]:
        """Read exports into a batch; tell whether the store may have it."""
        asked, hasher = self._asked, self._asked.hasher
        records = Records([one.reading for one in named], [], [])
        with temporary_folder(shop.folder) as folder:
            batches = counted(records, self._progress)
            identities, rows = code(batches, folder, key=hasher.messages)
            respondents = sorted(records.respondents)
            identities = list(dict.fromkeys([*identities, *respondents]))
            storable = storable and not respondents and not any(True for _ in records.answers)
            storable = storable and not any(one.startswith(NAMED) for one in identities)
            profiles = {profile.identity: profile for profile in records.profiles}
            actors = resolve(identities, profiles.values(), self._directory)
            people = people_of(actors)
            number = np.full(len(actors.people), -1, dtype=np.int32)
            number[people] = np.arange(len(people))
            known = identities_of(
                [goes_by(identity, profiles.get(identity)) for identity in identities],
                actors,
                number,
                hasher,
            )
            target = (
                self._store.new_folder()
                if storable
                else Path(tempfile.mkdtemp(prefix="batch-", dir=shop.folder))
            )
            with BatchWriter(target) as writer:
                counting = Counting(
                    writer,
                    earlier if storable else (),
                    marks_of(actors, known.identity, self._hidden, hasher),
                    number,
                    hasher,
                )
                machines = count(folder, actors, self._moves, counting, shop.at_work)
                rules = dict(zip(machines["actor"], machines["rule"], strict=True))
                batch = writer.finish(
                    Facts(
                        name=target.name.partition("-")[0],
                        leans_on=sorted(counting.leans_on),
                        read_on=datetime.now(UTC).date(),
                        version=own_version(),
                        options=list(as_options(asked.options)),
                        records=rows,
                        exports=[export_of(one.reading, one.file) for one in named],
                        sizes={},
                    ),
                    pa.table(
                        {
                            "person": pa.array([self._hidden[row] for row in people], pa.string()),
                            "moves": pa.array(moves_of(people, self._moves, hasher)),
                            "rule": pa.array([rules.get(row) for row in people], pa.string()),
                        }
                    ),
                    known,
                    counting.aside,
                )
        return batch, _Read(records, dict(zip(identities, actors.actor, strict=True))), storable

    def _weekly(
        self, batches: Sequence[Batch], read: Mapping[Path, _Read], shop: _Workshop
    ) -> WeeklyTies:
        """Return the weekly ties of all batches under the rules and the roster of this run."""
        asked, known = self._asked, self._directory
        rows = [self._actors(batch) for batch in batches]
        absent = max((int(some.max()) + 1 for some in rows if len(some)), default=0)
        standing = np.full(max(absent, len(known.people)), Standing.OUT_OF_SCOPE, dtype=np.int8)
        standing[: len(known.people)] = known.standing

        def months() -> Iterator[pa.Table]:
            for month in sorted({month for batch in batches for month in batch.months} | {""}):
                tables = [
                    mapped(batch, month, some, standing, dated=len(self._moves) > 0)
                    for batch, some in zip(batches, rows, strict=True)
                ]
                yield pa.concat_tables(tables)

        ties, counts = tie(
            in_large_parts(months()),
            asked.rules,
            shop.folder,
            shop.at_work,
            dated=len(self._moves) > 0,
        )
        for batch in batches:
            _count_aside(counts, batch.aside, asked.rules)
        total = sum(batch.facts.records for batch in batches)
        seen = sum(records + repeats for records, repeats in counts.values())
        if seen != total:
            raise DamagedStoreError
        external, unmatched, not_people = self._lookup.counted(
            self._stand_for(batch, read.get(batch.folder)) for batch in reversed(batches)
        )
        respondents = [one.respondents for one in read.values()]
        weekly = weekly_of(
            Reduced(ties=ties, counts=counts, proposed_bots=self._machines(batches, rows)),
            Actors(
                people=known.people,
                actor=np.empty(0, dtype=np.int32),
                standing=known.standing,
                external=external,
                unmatched=unmatched,
                not_people=not_people,
                ambiguous=known.ambiguous,
            ),
            total,
            np.concatenate([np.empty(0, dtype=np.int32), *respondents]),
            self._moves,
        )
        found = [answers_of(one.records, weekly, one.actor) for one in read.values()]
        found = [some for some in found if len(some)]
        return replace(weekly, answers=pd.concat(found, ignore_index=True)) if found else weekly

    def _stand_for(self, batch: Batch, read: _Read | None) -> tuple[Identities, _Rows]:
        """Return the identities of a batch with their rows of the roster."""
        identities = batch.identities
        if read is None:
            return identities, self._lookup.rows(identities)
        # Names in surveys stand for people whom no hash leads to.
        rows = np.fromiter(read.actor.values(), dtype=np.int32, count=len(read.actor))
        return identities, np.where(rows < len(self._hidden), rows, -1)

    def _actors(self, batch: Batch) -> _Rows:
        """Return for each person of a batch their row; who is not in the roster comes after it."""
        people = batch.people["person"].to_pylist()
        rows = [self._row.get(person, -1) for person in people]
        beyond = iter(range(len(self._hidden), len(self._hidden) + len(people)))
        return np.asarray([next(beyond) if row < 0 else row for row in rows], dtype=np.int32)

    def _machines(self, batches: Sequence[Batch], rows: Sequence[_Rows]) -> pd.DataFrame:
        found: dict[int, str] = {}
        for batch, some in zip(batches, rows, strict=True):
            rules = batch.people["rule"]
            told = some[rules.is_valid().to_numpy()].tolist()
            for row, rule in zip(told, rules.drop_null().to_pylist(), strict=True):
                here = row < len(self._hidden)
                if here and self._directory.standing[row] == Standing.PERSON:
                    found[row] = min(rule, found.get(row, rule), key=_MACHINES.index)
        return pd.DataFrame(sorted(found.items()), columns=["actor", "rule"]).astype(
            {"actor": "int32"}
        )

    def _readings(
        self, named: Sequence[_Named], batches: Sequence[Batch]
    ) -> tuple[list[Reading], list[Input]]:
        """Return all exports, those that were not named before the others, with their files."""
        shown = {id(one.export) for one in named if one.export is not None}
        options = self._asked.options
        stored = [
            export for batch in batches for export in batch.facts.exports if id(export) not in shown
        ]
        readings = [reading_of(export, options) for export in stored]
        readings += [
            one.reading if one.export is None else reading_of(one.export, options) for one in named
        ]
        files = [Input(one.name, one.bytes, one.sha256) for one in stored]
        return readings, [*files, *(one.file for one in named)]


def _count_aside(counts: dict[str, tuple[int, int]], aside: pa.Table, rules: TieRules) -> None:
    """Add what is no contact between people to the counts, under the reason that comes first."""
    for row in aside.to_pylist():
        cap = rules.meeting_above - 1 if row["attend"] else rules.broadcast_above
        reason = row["reason"]
        if reason in ("out_of_scope", "opted_out") and row["recipients"] > cap:
            reason = "broadcast"
        # What another batch holds is a repeat of a record there.
        reason = "kept" if reason == "duplicate" else reason
        records, repeats = counts.get(reason, (0, 0))
        more = row["copies"] - row["records"]
        counts[reason] = records + row["records"], repeats + more


def _is_survey(reading: Reading) -> bool:
    """Say whether an export may hold answers of people, which are never stored."""
    return reading.connector.name.startswith("survey")


def _some(names: Sequence[str]) -> str:
    rest = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
