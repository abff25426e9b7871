"""Records of Slack messages on their way into Arrow, thousands at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import pyarrow as pa

from orgnet.schema import INTERACTIONS, Ledger
from orgnet_connectors.slack_records import stamps_us

#: So few that what was put in last is still at hand for the processor.
_BATCH_ROWS = 8_192


class SlackColumns:
    """Collects records in columns; `InteractionWriter` is for those that come one by one.

    Parameters
    ----------
    ledger
        Is told the number of records and the first and last time.
    source
        Name of the connector.

    Examples
    --------
    >>> ledger = Ledger()
    >>> columns = SlackColumns(ledger, source="slack")
    >>> stamps = ["1772439309.000200"]
    >>> columns.extend("D1", stamps, ["slack:U1"], ["slack:U2"], ["dm"], [1], stamps)
    >>> [batch.column("message")[0].as_py() for batch in columns.flush()], ledger.interactions
    (['D1:1772439309.000200'], 1)
    """

    def __init__(self, ledger: Ledger, *, source: str) -> None:
        self._ledger = ledger
        self._source = source
        self._begin()

    def _begin(self) -> None:
        self._rooms: list[str] = []
        self._stamps: list[str] = []
        self._senders: list[str] = []
        self._recipients: list[str] = []
        self._kinds: list[str] = []
        self._counts: list[int] = []
        self._threads: list[str] = []

    def extend(
        self,
        room: str,
        stamps: Iterable[str],
        senders: Iterable[str],
        recipients: Iterable[str],
        kinds: Iterable[str],
        counts: Iterable[int],
        threads: Iterable[str],
    ) -> None:
        """Add records of one conversation, an entry each in every column.

        Parameters
        ----------
        room
            Key of the conversation.
        stamps
            Times of the messages, as in the export.
        senders, recipients, kinds
            As in the table.
        counts
            How many people the messages address.
        threads
            Times of the first messages of the threads.
        """
        self._stamps += stamps
        self._senders += senders
        self._recipients += recipients
        self._kinds += kinds
        self._counts += counts
        self._threads += threads
        self._rooms += [room] * (len(self._stamps) - len(self._rooms))

    def full(self) -> Iterator[pa.RecordBatch]:
        """Yield a batch if enough records have come together, else nothing."""
        if len(self._stamps) >= _BATCH_ROWS:
            yield from self.flush()

    def flush(self) -> Iterator[pa.RecordBatch]:
        """Yield what has come together, if anything."""
        rows = len(self._stamps)
        if not rows:
            return
        moments = stamps_us(self._stamps)
        self._widen(int(moments.min()), int(moments.max()))
        self._ledger.interactions += rows
        keys = zip(self._rooms, self._stamps, strict=True)
        threads = zip(self._rooms, self._threads, strict=True)
        batch = pa.RecordBatch.from_arrays(
            [
                pa.array(moments).cast(INTERACTIONS.field("sent_at").type),
                pa.array(self._senders, pa.string()),
                pa.array(self._recipients, pa.string()),
                pa.repeat("chat", rows),
                pa.array(self._kinds, pa.string()),
                pa.array(self._counts, pa.int32()),
                pa.nulls(rows, pa.float64()),
                pa.nulls(rows, pa.float64()),
                pa.array([f"{room}:{stamp}" for room, stamp in keys], pa.string()),
                pa.array([f"{room}:{thread}" for room, thread in threads], pa.string()),
                pa.repeat(self._source, rows),
            ],
            schema=INTERACTIONS,
        )
        self._begin()
        yield batch

    def _widen(self, first_us: int, last_us: int) -> None:
        first = datetime.fromtimestamp(first_us // 1_000_000, UTC)
        last = datetime.fromtimestamp(last_us // 1_000_000, UTC)
        ledger = self._ledger
        ledger.first = first if ledger.first is None else min(ledger.first, first)
        ledger.last = last if ledger.last is None else max(ledger.last, last)
