"""Arrow batches laid aside, to be read once more in the order in which they came."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from types import TracebackType

import pyarrow as pa

#: So much stays in memory.
_HELD_BYTES = 32 << 20


class BatchFile:
    """Some batches in memory, and all others in a file that only the user can open.

    It is gone with the ``with`` block.

    Examples
    --------
    >>> with BatchFile() as file:
    ...     file.write(pa.record_batch({"key": ["m1", "m2"]}))
    ...     [batch.num_rows for batch in file]
    [2]
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="orgnet-tmp-")  # noqa: SIM115 - closed by __exit__
        self._writer: pa.ipc.RecordBatchStreamWriter | None = None
        self._held: list[pa.RecordBatch] = []
        self._room = _HELD_BYTES

    def __enter__(self) -> BatchFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def write(self, batch: pa.RecordBatch) -> None:
        """Add a batch; all have the columns of the first, and dictionaries of their own."""
        self._room -= batch.nbytes
        if self._room >= 0:
            self._held.append(batch)
            return
        if self._writer is None:
            self._writer = pa.ipc.new_stream(self._file, batch.schema)
        self._writer.write_batch(batch)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        yield from self._held
        if self._writer is None:
            return
        self._writer.close()
        self._file.seek(0)
        with pa.ipc.open_stream(self._file) as reader:
            yield from reader
