"""What the readers of edge lists and of interactions share: times, channels, the last check."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pyarrow as pa

from orgnet.errors import AmbiguousInputError, InputError, UnreadableFileError
from orgnet.schema import CHANNELS, InteractionWriter, Ledger, ReadOptions, Source
from orgnet_connectors.dates import FIRST_YEAR, LAST_YEAR, OrderEvidence, TimeReader, zone_of
from orgnet_connectors.list_tables import ListTable

#: Reasons under which a list can lose all its rows only because it is wrong.
WRONG = frozenset(
    {"bad_value", "no_value", "no_sender", "no_recipient", "no_date", "ragged", "unreadable"}
)


def row_key(source: Source) -> str:
    """Begin the message keys of rows that state none; the same in a copy of the file.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "ties.csv"
    ...     _ = path.write_bytes(b"from,to")
    ...     row_key(Source(path))
    'd552d23e47ee:row:'
    """
    return f"{hashlib.sha256(source.head).hexdigest()[:12]}:row:"


def time_reader(found: ListTable, position: int, options: ReadOptions) -> TimeReader:
    """Make the reader of a column of times, in the order of day and month that the file shows.

    All rows are looked at where the first have dates such as ``03/02/2026``, unless the
    options state the order.

    Raises
    ------
    AmbiguousInputError
        If the order matters and neither the user nor the file shows it.
    """
    zone = zone_of(options.timezone)
    if options.day_first is not None:
        return TimeReader(day_first=options.day_first, zone=zone)
    evidence = OrderEvidence()
    for _, cells in found.table.preview:
        if position < len(cells):
            evidence.add(cells[position])
    if evidence.needed:
        evidence = OrderEvidence()
        for _, cells in found.table.rows():
            evidence.add(cells[position])
        if evidence.day_first is None:
            raise AmbiguousInputError(
                f"the dates in {found.heading(position)!r} do not show whether the day or the "
                "month stands first",
                file=found.table.source.name,
                remedy="say it with --day-first or --month-first",
            )
    return TimeReader(day_first=evidence.day_first, zone=zone)


def skip_undated(ledger: Ledger, place: str) -> None:
    """Count a row whose time cannot be read."""
    ledger.skip(
        "no_date",
        place=place,
        found=f"no date between {FIRST_YEAR} and {LAST_YEAR}",
        remedy="write dates as 2026-03-31 or 2026-03-31T09:00:00Z",
    )


def skip_endless(ledger: Ledger, place: str, *, sender: str) -> None:
    """Count a row that lacks its sender or, where that is there, its recipient."""
    reason, end = ("no_recipient", "recipient") if sender else ("no_sender", "sender")
    ledger.skip(reason, place=place, found=f"no {end}", remedy="fill in who it was")


def stated_channel(text: str, default: str) -> str:
    """Return the channel that a row states if it is one of ours, else the default."""
    text = text.strip().lower()
    return text if text in CHANNELS else default


class ChannelWriters:
    """One writer a channel, for lists that name the channel of each row.

    Parameters
    ----------
    ledger
        Counts the interactions.
    source
        Name of the connector.
    default
        Channel of rows that name none of ours.
    """

    def __init__(self, ledger: Ledger, *, source: str, default: str) -> None:
        self._ledger = ledger
        self._source = source
        self._default = default
        self._writers: dict[str, InteractionWriter] = {}

    def channel(self, stated: str) -> str:
        """Return the channel of a row: the stated one if it is one of ours."""
        return stated_channel(stated, self._default)

    def of(self, channel: str) -> InteractionWriter:
        """Return the writer of a channel."""
        writer = self._writers.get(channel)
        if writer is None:
            writer = InteractionWriter(self._ledger, channel=channel, source=self._source)
            self._writers[channel] = writer
        return writer

    def flush(self) -> Iterator[pa.RecordBatch]:
        """Yield what has come together in all of them."""
        for writer in self._writers.values():
            yield from writer.flush()


def refuse_if_all_wrong(source: Source, ledger: Ledger) -> None:
    """Raise if no row of a list could be kept, and that because its rows are wrong.

    Raises
    ------
    UnreadableFileError
        If the list has no rows.
    InputError
        If every row was skipped as wrong; names the first under the commonest reason.
    """
    if ledger.kept:
        return
    rows = {reason: count for reason, count in ledger.skipped.items() if reason != "empty"}
    if not rows:
        raise UnreadableFileError(
            "the list has headings and no rows", file=source.name, remedy="export it again"
        )
    if WRONG.issuperset(rows):
        reason = max(rows, key=lambda name: rows[name])
        example = ledger.problems[reason][0]
        raise InputError(
            f"none of the {ledger.read:,} rows can be read; here: {example.found}",
            file=source.name,
            place=example.place,
            remedy=example.remedy,
        )
