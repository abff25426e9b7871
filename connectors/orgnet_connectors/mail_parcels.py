"""From the rows of a mail log to interactions: each mail and recipient once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from orgnet.errors import AmbiguousInputError
from orgnet.schema import INTERACTIONS, Ledger, Profile, ReadOptions, Source
from orgnet.schema.reading import PROBLEMS_KEPT
from orgnet_connectors.batch_file import BatchFile
from orgnet_connectors.dates import OrderEvidence, TimeReader, zone_of
from orgnet_connectors.list_reading import refuse_if_all_wrong
from orgnet_connectors.mail_pairing import Flags, Hashes, Lines, Numbers, Records, pair, pair_hashes

#: Code of a delivery in `Parcel.outcome`.
DELIVERED = 0
#: In `Parcel.sent_at`: no time, or one that is still to be read.
NO_TIME = np.iinfo(np.int64).min
#: Reasons for whole rows that a log's own columns show; the place is the code in `Parcel.refused`.
REFUSALS = ("", "automatic", "meeting", "not_delivered", "other_event")

#: In the place of an outcome: the row has no recipient.
_NO_LINE = 255
_BATCH_ROWS = 50_000
_SECOND = 1_000_000
_DAY = re.compile(r"\s*(\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4})")


class Outcome(Struct, frozen=True, kw_only=True):
    """Why a recipient in a row gives no record.

    Parameters
    ----------
    reason, found, remedy
        For the ledger.
    addressed
        Whether the mail was meant for this person all the same, and counts them as a recipient.
    group
        Whether the address is a group's: its members are the recipients, and have rows too.
    """

    reason: str
    found: str
    remedy: str = "none needed"
    addressed: bool = False
    group: bool = False


class Parcel(Struct, frozen=True, kw_only=True):
    """Rows of a mail log that were read together, and the recipients in them.

    Parameters
    ----------
    row
        Number of each row, rising from one parcel to the next.
    sender
        Its address in the form of `interactions`, '' where there is none.
    sent_at
        Microseconds since 1970 UTC, or `NO_TIME`.
    time
        The text of the time where that is still to be read, else ''; None if there is no such row.
    key
        Key of the mail.
    message
        A hash of it.
    refused
        Why the whole row is left out: a place in `REFUSALS`.
    line_row
        Of each recipient the place of its row in the parcel, rising.
    recipient
        The address in the form of `interactions`, never ''.
    recipient_hash
        A hash of it.
    outcome
        `DELIVERED`, or 1 + the place of an `Outcome`.
    is_copy
        Whether it is a copy; None where no line is one.
    named
        How many recipients its row says that the mail has, or 0; None where no row says so.
    """

    row: Numbers
    sender: pa.DictionaryArray
    sent_at: Numbers
    time: pa.StringArray | None
    key: pa.StringArray
    message: Hashes
    refused: npt.NDArray[np.uint8]
    line_row: npt.NDArray[np.int32]
    recipient: pa.DictionaryArray
    recipient_hash: Hashes
    outcome: npt.NDArray[np.uint8]
    is_copy: Flags | None = None
    named: npt.NDArray[np.int32] | None = None


#: Reasons for whole rows: what was found, what to do.
_ROWS = {
    "no_sender": ("no sender", "none needed if this is rare"),
    "no_date": ("no time that can be read", "export again, or give times as 2026-03-31T09:00:00Z"),
    "no_recipient": ("no recipient", "none needed if this is rare"),
    "duplicate": ("a mail and recipient that an earlier row had", "none needed"),
    "automatic": ("an empty return path, which marks automatic mail", "none needed"),
    "meeting": ("an invitation, or an answer to one", "export the calendars as well"),
    "other_event": ("an event that is no delivery", "none needed"),
    "empty": ("a row without content", "none needed"),
}


def write_parcels(
    parcels: Iterable[Parcel],
    outcomes: Sequence[Outcome],
    source: Source,
    options: ReadOptions,
    ledger: Ledger,
    *,
    name: str,
    place: Callable[[int], str],
    zone_stated: bool,
) -> Iterator[pa.RecordBatch]:
    """Yield one interaction a mail and recipient, and tell the ledger of every row.

    Texts are laid aside while rows are read, on the disk where they are many. In memory stay some
    20 bytes a row and recipient, and twice as many while they are brought together.

    Parameters
    ----------
    parcels
        All rows of the log.
    outcomes
        Why recipients give no record. Of a row with several, the first counts.
    source, options, ledger
        As in `orgnet.schema.Connector.read`.
    name
        Of the connector.
    place
        Says where the row with a number stands.
    zone_stated
        Whether the format settles that times without a zone are UTC.

    Raises
    ------
    AmbiguousInputError
        If dates do not show whether the day or the month stands first.
    InputError
        If every row is wrong.
    """
    with BatchFile() as rows, BatchFile() as lines, BatchFile() as times:
        log = _Log(outcomes, rows, lines, times)
        for parcel in parcels:
            log.add(parcel)
        log.settle_times(source, options, ledger, zone_stated=zone_stated)
        for address in sorted(log.groups):
            ledger.profile(Profile(identity=address, emails=(address,), kind="shared"))
        if log.parts:
            records = pair(log.take_lines())
            _count(log, records, outcomes, ledger, place)
        refuse_if_all_wrong(source, ledger)
        if log.parts:
            yield from _records(log, records, ledger, name)


class _Part(Struct, kw_only=True):
    """What stays in memory of a parcel."""

    row: Numbers
    sent_at: Numbers
    refused: npt.NDArray[np.uint8]
    has_sender: Flags
    #: whether the text of the time had to be read by itself; None where none had to
    is_pending: Flags | None
    line_row: npt.NDArray[np.int32]
    outcome: npt.NDArray[np.uint8]
    is_copy: Flags | None
    named: npt.NDArray[np.int32] | None

    @property
    def is_sound(self) -> Flags:
        """Which rows have all that a record needs of a row."""
        sound: Flags = (self.refused == 0) & self.has_sender & (self.sent_at != NO_TIME)
        return sound


class _Log:
    """All rows of a log: numbers in memory, texts in files."""

    def __init__(
        self, outcomes: Sequence[Outcome], rows: BatchFile, lines: BatchFile, times: BatchFile
    ) -> None:
        self.parts: list[_Part] = []
        #: addresses of groups
        self.groups: set[str] = set()
        self.row_texts = rows
        self.line_texts = lines
        self._times = times
        self._messages: list[Hashes] = []
        self._pairs: list[Hashes] = []
        self._is_group = np.array([False, *(outcome.group for outcome in outcomes)])
        self._is_addressed = np.array([True, *(outcome.addressed for outcome in outcomes)])
        self._evidence = OrderEvidence()
        self._days: set[str] = set()

    def add(self, parcel: Parcel) -> None:
        is_group = self._is_group[parcel.outcome]
        if is_group.any():
            self.groups.update(parcel.recipient.filter(pa.array(is_group)).unique().to_pylist())
        has_sender = _numpy(pc.not_equal(parcel.sender.dictionary, ""))
        is_pending = None
        if parcel.time is not None:
            is_pending = _numpy(pc.not_equal(parcel.time, ""))
            self._times.write(pa.record_batch({"time": parcel.time}))
            self._look_at_days(parcel.time)
        message = parcel.message[parcel.line_row]
        self._messages.append(message)
        self._pairs.append(pair_hashes(message, parcel.recipient_hash))
        self.row_texts.write(pa.record_batch({"key": parcel.key, "sender": parcel.sender}))
        self.line_texts.write(pa.record_batch({"recipient": parcel.recipient}))
        self.parts.append(
            _Part(
                row=parcel.row,
                sent_at=parcel.sent_at,
                refused=parcel.refused,
                has_sender=has_sender[_numpy(parcel.sender.indices)],
                is_pending=is_pending,
                line_row=parcel.line_row,
                outcome=parcel.outcome,
                is_copy=parcel.is_copy,
                named=parcel.named,
            )
        )

    def _look_at_days(self, times: pa.StringArray) -> None:
        for text in times.unique().to_pylist():
            found = _DAY.match(text)
            if found and found[1] not in self._days:
                self._days.add(found[1])
                self._evidence.add(found[1])

    def settle_times(
        self, source: Source, options: ReadOptions, ledger: Ledger, *, zone_stated: bool
    ) -> None:
        """Read the times that could not be read before all of them were seen."""
        pending = [(p, p.is_pending) for p in self.parts if p.is_pending is not None]
        if not pending:
            return
        day_first = options.day_first
        if day_first is None:
            day_first = self._evidence.day_first
            if self._evidence.needed and day_first is None:
                raise AmbiguousInputError(
                    "the dates do not show whether the day or the month stands first",
                    file=source.name,
                    remedy="say it with --day-first or --month-first",
                )
        read_time = TimeReader(day_first=day_first, zone=zone_of(options.timezone))
        for (part, is_pending), batch in zip(pending, self._times, strict=True):
            texts = batch.column("time").dictionary_encode()
            found = [read_time(text) if text else None for text in texts.dictionary.to_pylist()]
            moments = np.array([NO_TIME if at is None else at for at in found], np.int64)
            part.sent_at = np.where(is_pending, moments[_numpy(texts.indices)], part.sent_at)
        if read_time.without_zone and options.timezone is None and not zone_stated:
            ledger.ambiguous.append("the times state no zone; read as UTC (--tz)")

    def take_lines(self) -> Lines:
        """Return the lines of all parcels, one after the other, and forget their hashes."""
        parts = self.parts
        outcome = np.concatenate([part.outcome for part in parts])
        sound = np.concatenate([part.is_sound[part.line_row] for part in parts])
        is_copy = named = None
        if any(part.is_copy is not None for part in parts):
            is_copy = np.concatenate(
                [_or_zeros(part.is_copy, part.line_row, np.bool_) for part in parts]
            )
        if any(part.named is not None for part in parts):
            named = np.concatenate(
                [_or_zeros(part.named, part.line_row, np.int32) for part in parts]
            )
        return Lines(
            message=_joined(self._messages),
            pair=_joined(self._pairs),
            gives_record=sound & (outcome == DELIVERED),
            is_addressed=self._is_addressed[outcome],
            is_group=self._is_group[outcome],
            is_copy=is_copy,
            named=named,
        )

    def slices(self) -> Iterator[tuple[_Part, slice]]:
        """Yield every part and where its lines stand among all of them."""
        start = 0
        for part in self.parts:
            yield part, slice(start, start + len(part.line_row))
            start += len(part.line_row)


def _joined(hashes: list[Hashes]) -> Hashes:
    """Return arrays one after the other, and let go of each, for they are large."""
    joined = np.empty(sum(map(len, hashes)), np.uint64)
    end = len(joined)
    while hashes:
        last = hashes.pop()
        joined[end - len(last) : end] = last
        end -= len(last)
    return joined


def _or_zeros(values: npt.NDArray[Any] | None, like: npt.NDArray[Any], kind: Any) -> Any:
    return np.zeros(len(like), kind) if values is None else values


def _numpy(array: pa.Array) -> npt.NDArray[Any]:
    values: npt.NDArray[Any] = array.to_numpy(zero_copy_only=False)
    return values


def _count(
    log: _Log,
    records: Records,
    outcomes: Sequence[Outcome],
    ledger: Ledger,
    place: Callable[[int], str],
) -> None:
    """Count rows with a record as kept, and all others under one reason each."""
    own = ("empty", "no_sender", "no_date", "no_recipient", "duplicate")
    reasons = [*REFUSALS, *own, *(outcome.reason for outcome in outcomes)]
    empty, no_sender, no_date, no_recipient, duplicate = range(len(REFUSALS), len(REFUSALS) + 5)
    found: dict[str, list[Numbers]] = defaultdict(list)
    first, last = NO_TIME, NO_TIME
    for part, at in log.slices():
        kept = np.zeros(len(part.row), bool)
        kept[part.line_row[records.chosen[at]]] = True
        ledger.keep(int(kept.sum()))
        moments = part.sent_at[kept]
        if moments.size:
            first = int(moments.min()) if first == NO_TIME else min(first, int(moments.min()))
            last = max(last, int(moments.max()))
        if kept.all():
            continue
        told = ~kept[part.line_row]
        outcome = np.full(len(part.row), _NO_LINE, np.uint8)
        np.minimum.at(outcome, part.line_row[told], part.outcome[told])
        has_text = part.has_sender if part.is_pending is None else part.has_sender | part.is_pending
        code = np.select(
            [
                part.refused > 0,
                ~has_text & (outcome == _NO_LINE),
                ~part.has_sender,
                part.sent_at == NO_TIME,
                outcome == _NO_LINE,
            ],
            [part.refused, empty, no_sender, no_date, no_recipient],
            default=outcome.astype(np.int64) + duplicate,
        )
        for number in np.unique(code[~kept]).tolist():
            found[reasons[number]].append(part.row[~kept & (code == number)])
    said = {outcome.reason: (outcome.found, outcome.remedy) for outcome in outcomes}
    for reason in sorted(found):
        rows = np.concatenate(found[reason])
        ledger.skip(reason, len(rows))
        what, remedy = said.get(reason) or _ROWS[reason]
        for row in np.sort(rows)[:PROBLEMS_KEPT].tolist():
            ledger.note(reason, place=place(row), found=what, remedy=remedy)
    if first != NO_TIME:
        ledger.first = datetime.fromtimestamp(first // _SECOND, UTC)
        ledger.last = datetime.fromtimestamp(last // _SECOND, UTC)


def _records(log: _Log, records: Records, ledger: Ledger, name: str) -> Iterator[pa.RecordBatch]:
    texts = zip(log.slices(), log.row_texts, log.line_texts, strict=True)
    for (part, at), row_texts, line_texts in texts:
        lines = np.flatnonzero(records.chosen[at])
        rows = part.line_row[lines]
        key, sender = (row_texts.column(column).take(pa.array(rows)) for column in range(2))
        recipient = line_texts.column("recipient").take(pa.array(lines))
        kind: pa.Array = pa.repeat("to", len(lines))
        if records.is_copy is not None:
            kind = pc.if_else(pa.array(records.is_copy[at][lines]), "cc", "to")
        ledger.interactions += len(lines)
        batch = pa.RecordBatch.from_arrays(
            [
                pa.array(part.sent_at[rows]).cast(INTERACTIONS.field("sent_at").type),
                sender.cast(pa.string()),
                recipient.cast(pa.string()),
                pa.repeat("email", len(lines)),
                kind,
                pa.array(records.recipients[at][lines]),
                pa.nulls(len(lines), pa.float64()),
                pa.nulls(len(lines), pa.float64()),
                key,
                pa.nulls(len(lines), pa.string()),
                pa.repeat(name, len(lines)),
            ],
            schema=INTERACTIONS,
        )
        for start in range(0, len(lines), _BATCH_ROWS):
            yield batch.slice(start, _BATCH_ROWS)
