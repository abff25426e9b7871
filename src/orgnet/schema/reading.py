"""What a connector is, and what it writes into: a source, options, a ledger and record batches."""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Literal, Protocol, runtime_checkable

import pyarrow as pa

from orgnet.schema.tables import ANSWERS, INTERACTIONS
from orgnet.schema.zip_listing import DAMAGED, zip_listing

HEAD_BYTES = 1 << 16


@dataclass(frozen=True)
class Source:
    """One export as the user gave it: a file, an archive or a folder.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = Path(folder.name) / "ties.csv"
    >>> _ = path.write_text("from,to")
    >>> source = Source(path)
    >>> source.name, source.head, source.members
    ('ties.csv', b'from,to', ())
    >>> folder.cleanup()
    """

    path: Path

    @property
    def name(self) -> str:
        """The file's own name, for messages; never a whole path."""
        return self.path.name

    @cached_property
    def is_folder(self) -> bool:
        """True where the source is a folder."""
        return self.path.is_dir()

    @cached_property
    def head(self) -> bytes:
        """The first 64 KiB of a file, as they are; empty for a folder."""
        if self.is_folder:
            return b""
        with self.path.open("rb") as file:
            return file.read(HEAD_BYTES)

    @cached_property
    def is_zip(self) -> bool:
        """True where the file begins as a zip archive does, even if it is damaged."""
        return self.head.startswith((b"PK\x03\x04", b"PK\x05\x06"))

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Names of the files inside an archive or folder, ``/`` as separator, sorted.

        Empty for a plain file, and for an archive whose directory cannot be read.
        """
        if self.is_folder:
            return tuple(
                sorted(
                    path.relative_to(self.path).as_posix()
                    for path in self.path.rglob("*")
                    if stat.S_ISREG(path.stat().st_mode)
                )
            )
        if not self.is_zip:
            return ()
        try:
            names = zip_listing(self.path).names
            return tuple(sorted(name for name in names if not name.endswith("/")))
        except DAMAGED:
            return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What the user says about the files, where they do not say it themselves.

    Parameters
    ----------
    tie_from
        In a rated list: the smallest rating that counts as a tie.
    day_first
        True where ``03/02/2026`` is 3 February; None to let the file decide.
    timezone
        IANA name of the zone of times without one; None for UTC.
    channel
        The channel of a list that names none.
    """

    tie_from: float | None = None
    day_first: bool | None = None
    timezone: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What an export says about one identity in it.

    Parameters
    ----------
    identity
        As it stands in `interactions`: ``slack:U024BE7LH``, ``aya@example.com``.
    emails
        Addresses in lower case, the main one first.
    aliases
        Other identities of the same one: user names, old ids.
    name
        Display name; used for the people sheet and never released.
    kind
        ``person``, ``shared``, ``bot`` or ``room``.
    department
        Where the export states one, such as a graph file's attribute.
    """

    identity: str
    emails: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    name: str | None = None
    kind: str = "person"
    department: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer to an attitude item of a survey, a row of the table `ANSWERS`.

    Parameters
    ----------
    person
        Identity of the respondent.
    item
        The statement or question.
    value
        The answer as a number, larger for more of it.
    wave
        The round of a repeated survey.
    """

    person: str
    item: str
    value: float
    wave: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One record that could not be read: where, what was found, what to do."""

    place: str
    found: str
    remedy: str


#: How many examples of a reason are kept.
PROBLEMS_KEPT = 5


@dataclass(slots=True)
class Ledger:
    """What a reader did with every message, row or answer it met: ``read = kept + Σ skipped``.

    A reader calls `keep` or `skip` exactly once for each message, answer or row.

    Examples
    --------
    >>> ledger = Ledger()
    >>> ledger.keep()
    >>> ledger.skip("no_sender", place="line 812", found="an empty From", remedy="none needed")
    >>> ledger.read, ledger.kept, dict(ledger.skipped)
    (2, 1, {'no_sender': 1})
    """

    kept: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    interactions: int = 0
    first: datetime | None = None
    last: datetime | None = None
    #: identity -> what the export says about it
    profiles: dict[str, Profile] = field(default_factory=dict)
    #: a few examples of every reason
    problems: dict[str, list[Problem]] = field(default_factory=dict)
    #: what two readings were possible of, and how it was or can be decided
    ambiguous: list[str] = field(default_factory=list)
    #: heading in the file -> our column
    columns: dict[str, str] = field(default_factory=dict)
    #: headings or fields that were there and were not looked at
    dropped_unread: set[str] = field(default_factory=set)
    #: identities of those who answered a survey, also if they named nobody
    respondents: set[str] = field(default_factory=set)
    #: their answers to attitude items; surveys are small enough to hold them
    answers: list[Answer] = field(default_factory=list)
    #: attitude item -> the smallest and the largest answer that its scale offers; in their order
    scales: dict[str, tuple[float, float]] = field(default_factory=dict)
    #: the archive ended early or is damaged: what is counted is what could be read
    truncated: str | None = None

    @property
    def read(self) -> int:
        """Messages, answers or rows met."""
        return self.kept + self.skipped.total()

    def keep(self, count: int = 1) -> None:
        """Count messages that gave at least one record."""
        self.kept += count

    def skip(
        self,
        reason: str,
        count: int = 1,
        *,
        place: str | None = None,
        found: str = "",
        remedy: str = "",
    ) -> None:
        """Count messages that gave no record, under one reason; keep a few as examples."""
        self.skipped[reason] += count
        if place is not None:
            self.note(reason, place=place, found=found, remedy=remedy)

    def note(self, reason: str, *, place: str, found: str, remedy: str) -> None:
        """Keep an example of something wrong with a record; the record itself is not counted."""
        examples = self.problems.setdefault(reason, [])
        if len(examples) < PROBLEMS_KEPT:
            examples.append(Problem(place=place, found=found, remedy=remedy))

    def profile(self, profile: Profile) -> None:
        """Note what the export says about an identity; the first statement stays."""
        self.profiles.setdefault(profile.identity, profile)

    def answers_table(self) -> pa.Table:
        """Return the answers to attitude items as a table of the schema `ANSWERS`.

        Examples
        --------
        >>> ledger = Ledger()
        >>> ledger.answers.append(Answer(person="7", item="Our goals are clear", value=4.0))
        >>> ledger.answers_table().to_pylist()
        [{'person': '7', 'item': 'Our goals are clear', 'value': 4.0, 'wave': None}]
        """
        return pa.Table.from_pylist([asdict(answer) for answer in self.answers], ANSWERS)


#: A record without channel and source: `sent_at` in microseconds since 1970 UTC, `sender`,
#: `recipient`, `kind`, `recipients`, `hours`, `value`, `message`, `thread`.
InteractionRow = tuple[int | None, str, str, str, int, float | None, float | None, str, str | None]


class InteractionWriter:
    """Collects interactions row by row and hands them on as record batches.

    Parameters
    ----------
    ledger
        Is told the number of records and the first and last time.
    channel, source
        The same for all rows of a reader.
    batch_rows
        Rows in a batch.

    Examples
    --------
    >>> ledger = Ledger()
    >>> writer = InteractionWriter(ledger, channel="email", source="mbox")
    >>> writer.add(1_700_000_000_000_000, "a@x.example", "b@x.example", "to", 1, "m1")
    >>> [batch.num_rows for batch in writer.flush()], ledger.interactions
    ([1], 1)
    """

    def __init__(
        self, ledger: Ledger, *, channel: str, source: str, batch_rows: int = 50_000
    ) -> None:
        self._ledger = ledger
        self._channel = channel
        self._source = source
        self._batch_rows = batch_rows
        #: in the order of the columns, without those that are the same for all rows
        self._rows: list[InteractionRow] = []

    def add(
        self,
        sent_at: int | None,
        sender: str,
        recipient: str,
        kind: str,
        recipients: int,
        message: str,
        *,
        thread: str | None = None,
        hours: float | None = None,
        value: float | None = None,
    ) -> None:
        """Add one record; `sent_at` in microseconds since 1970 UTC, None where unknown."""
        self._rows.append(
            (sent_at, sender, recipient, kind, recipients, hours, value, message, thread)
        )

    def full(self) -> Iterator[pa.RecordBatch]:
        """Yield a batch if enough rows have come together, else nothing."""
        if len(self._rows) >= self._batch_rows:
            yield from self.flush()

    def flush(self) -> Iterator[pa.RecordBatch]:
        """Yield what has come together, if anything."""
        rows = len(self._rows)
        if not rows:
            return
        sent_at, sender, recipient, kind, recipients, hours, value, message, thread = zip(
            *self._rows, strict=True
        )
        self._rows = []
        times = [t for t in sent_at if t is not None]
        if times:
            self._widen(min(times), max(times))
        self._ledger.interactions += rows
        yield pa.RecordBatch.from_arrays(
            [
                pa.array(sent_at, INTERACTIONS.field("sent_at").type),
                pa.array(sender, pa.string()),
                pa.array(recipient, pa.string()),
                pa.repeat(self._channel, rows),
                pa.array(kind, pa.string()),
                pa.array(recipients, pa.int32()),
                pa.array(hours, pa.float64()),
                pa.array(value, pa.float64()),
                pa.array(message, pa.string()),
                pa.array(thread, pa.string()),
                pa.repeat(self._source, rows),
            ],
            schema=INTERACTIONS,
        )

    def _widen(self, first_us: int, last_us: int) -> None:
        first = datetime.fromtimestamp(first_us // 1_000_000, UTC)
        last = datetime.fromtimestamp(last_us // 1_000_000, UTC)
        ledger = self._ledger
        ledger.first = first if ledger.first is None else min(ledger.first, first)
        ledger.last = last if ledger.last is None else max(ledger.last, last)


@runtime_checkable
class Connector(Protocol):
    """One kind of export. Instances are made without arguments and hold no state.

    Attributes
    ----------
    name
        The entry point's name: ``slack``.
    title
        What the report calls the source: ``Slack export``.
    table
        Which table it reads: ``interactions`` or ``people``.
    accepts
        What it takes, for ``orgnet connectors``: ``zip or folder of a Slack export``.
    dropped_unread
        Fields of the source that are never looked at, such as ``files`` or ``body``.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    table: ClassVar[Literal["interactions", "people"]]
    accepts: ClassVar[str]
    dropped_unread: ClassVar[tuple[str, ...]]

    def recognise(self, source: Source) -> str | None:
        """Say why `source` is of this kind, or None where it is not. By content, not by name."""
        ...

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield batches of the connector's table, counting everything in `ledger`.

        Raises
        ------
        UnreadableFileError
            If nothing of the source can be read.
        """
        ...
