"""A second process that reads conversations of a large Slack export, from the last to the first.

It is a plain interpreter that runs `serve`, not a copy of the program that reads: that works on
every system, and nothing of the program is run twice.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import accumulate
from pathlib import Path
from typing import IO

import msgspec
import pyarrow as pa

from orgnet.errors import OrgnetError
from orgnet.schema import INTERACTIONS, Ledger
from orgnet.schema.reading import Problem
from orgnet.schema.zip_listing import Entry
from orgnet_connectors.export_files import ExportFiles, files_of
from orgnet_connectors.slack_conversations import Conversation, read_conversations

#: Unpacked bytes from which on a second process is worth its start.
_WORTH_IT = 200 << 20

#: Shares that an export is cut into: so many that both processes end at about the same time.
_SHARES = 64

#: Bytes that say how long a message is that follows.
_LENGTH_BYTES = 8

#: No message is longer; what says so is not of the other process.
_LONGEST = 1 << 30

_SERVE = (
    "import sys; sys.path[:] = sys.argv[1:]; from orgnet_connectors import slack_helper as helper; "
    "helper.do_without_pandas(); helper.serve(sys.stdin.buffer, sys.stdout.buffer)"
)

_THREAD = "orgnet: hands Slack conversations to the second process"

#: Of interpreters, as opposed to programs that have one inside.
_INTERPRETERS = ("python", "pypy")


class _Task(msgspec.Struct):
    """Conversations to read, and the file to write their records to."""

    export: str
    records: str
    source: str
    conversations: list[Conversation]
    entries: list[Entry]


class _Counts(msgspec.Struct):
    """What a ledger says of some conversations."""

    kept: int
    skipped: dict[str, int]
    interactions: int
    first: datetime | None
    last: datetime | None
    problems: dict[str, list[Problem]]
    truncated: str | None

    @classmethod
    def of(cls, ledger: Ledger) -> _Counts:
        return cls(
            ledger.kept,
            dict(ledger.skipped),
            ledger.interactions,
            ledger.first,
            ledger.last,
            ledger.problems,
            ledger.truncated,
        )

    def add_to(self, ledger: Ledger) -> None:
        ledger.keep(self.kept)
        ledger.skipped.update(self.skipped)
        ledger.interactions += self.interactions
        ledger.first = min(filter(None, (ledger.first, self.first)), default=None)
        ledger.last = max(filter(None, (ledger.last, self.last)), default=None)
        for reason, problems in self.problems.items():
            for each in problems:
                ledger.note(reason, place=each.place, found=each.found, remedy=each.remedy)
        ledger.truncated = ledger.truncated or self.truncated


def read_together(
    files: ExportFiles,
    conversations: Sequence[Conversation],
    ledger: Ledger,
    *,
    export: Path,
    source: str,
) -> Iterator[pa.RecordBatch]:
    """Do what `read_conversations` does, with a second process where that is worth while.

    Records and counts come in the same order. What the second process cannot read, for whatever
    reason, is read here.

    Parameters
    ----------
    files, conversations, ledger, source
        As there.
    export
        Where the export is.
    """
    command = _command()
    sizes = _sizes(files, conversations)
    if command is None or sum(sizes) < _WORTH_IT:
        yield from read_conversations(files, conversations, ledger, source=source)
        return
    shares = _shares(conversations, sizes)
    waiting = deque(range(len(shares)))
    # A folder of this name is swept by the next run should this one be killed.
    with tempfile.TemporaryDirectory(prefix="orgnet-tmp-", ignore_cleanup_errors=True) as name:
        folder = Path(name)

        def task(number: int) -> _Task:
            share = shares[number]
            return _Task(
                str(export.absolute()),
                str(folder / f"{number}.arrow"),
                source,
                share,
                [files.entries[name] for each in share for name in each.days],
            )

        read: dict[int, _Counts] = {}
        done = 0
        with _helping(command, task, waiting, read) as wait:
            for number in _taken(waiting.popleft):
                done = number + 1
                yield from read_conversations(files, shares[number], ledger, source=source)
            wait()
        for number in range(done, len(shares)):
            if number in read:
                yield from _written(folder / f"{number}.arrow")
                read[number].add_to(ledger)
            else:
                yield from read_conversations(files, shares[number], ledger, source=source)


def _written(records: Path) -> Iterator[pa.RecordBatch]:
    # Threads would each keep memory of their own.
    options = pa.ipc.IpcReadOptions(use_threads=False)
    with (
        pa.OSFile(str(records)) as file,
        pa.ipc.open_stream(file, options=options) as batches,
    ):
        yield from batches


class _NoPandas:
    """Lets nobody find pandas."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name=name)


def do_without_pandas() -> None:
    """Have Arrow not load pandas with the first column that it makes, as it does where it can.

    Nothing here needs it, and it takes a third of a second and 80 MB.
    """
    sys.meta_path.insert(0, _NoPandas)


def serve(asked: IO[bytes], told: IO[bytes]) -> None:
    """Read what is asked for until nothing is, and tell the counts of each task."""
    while task := _receive(asked):
        _send(told, msgspec.msgpack.encode(_done(msgspec.msgpack.decode(task, type=_Task))))


def _done(task: _Task) -> _Counts | None:
    """Write the records of a task to its file; return their counts, None if there is an error."""
    ledger = Ledger()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    try:
        with (
            files_of(Path(task.export), task.entries) as files,
            pa.OSFile(task.records, "wb") as file,
            pa.ipc.new_stream(file, INTERACTIONS, options=options) as written,
        ):
            conversations = task.conversations
            for batch in read_conversations(files, conversations, ledger, source=task.source):
                written.write_batch(batch)
    except (OSError, OrgnetError, pa.ArrowException):
        return None
    return _Counts.of(ledger)


@contextmanager
def _helping(
    command: list[str],
    task: Callable[[int], _Task],
    waiting: deque[int],
    read: dict[int, _Counts],
) -> Iterator[Callable[[], None]]:
    """Have tasks done from the last on; give a function that waits until all that are taken are.

    `task` makes one of its number, `waiting` holds the numbers of those that nobody has taken, and
    `read` is filled.
    """
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # No window opens on Windows for a program that has none itself.
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError:
        yield lambda: None
        return
    assert process.stdin is not None and process.stdout is not None
    thread = threading.Thread(
        target=_hand_out,
        args=(process.stdin, process.stdout, task, waiting, read),
        name=_THREAD,
        daemon=True,
    )
    with process:
        thread.start()
        try:
            yield thread.join
        finally:
            waiting.clear()
            process.kill()
            thread.join()
            with suppress(OSError):
                process.stdin.close()


def _hand_out(
    asked: IO[bytes],
    told: IO[bytes],
    task: Callable[[int], _Task],
    waiting: deque[int],
    read: dict[int, _Counts],
) -> None:
    # When the other process is gone, what waits is left to this one.
    with suppress(OSError, ValueError, msgspec.MsgspecError):
        for number in _taken(waiting.pop):
            _send(asked, msgspec.msgpack.encode(task(number)))
            answer = _receive(told)
            if not answer:
                return
            counts = msgspec.msgpack.decode(answer, type=_Counts | None)
            if counts is not None:
                read[number] = counts


def _taken(take: Callable[[], int]) -> Iterator[int]:
    """Yield what is taken from a queue until it is empty; both ends may be taken from at once."""
    while True:
        try:
            number = take()
        except IndexError:
            return
        yield number


def _send(stream: IO[bytes], message: bytes) -> None:
    stream.write(len(message).to_bytes(_LENGTH_BYTES, "little") + message)
    stream.flush()


def _receive(stream: IO[bytes]) -> bytes:
    """Return the next message, empty where there is no more."""
    length = int.from_bytes(stream.read(_LENGTH_BYTES), "little")
    if length > _LONGEST:
        return b""
    message = stream.read(length)
    return message if len(message) == length else b""


def _command() -> list[str] | None:
    """Return what starts the second process, None where there is none to be had."""
    name = Path(sys.executable or "").stem.lower()
    if getattr(sys, "frozen", False) or not name.startswith(_INTERPRETERS) or _cores() < 2:
        return None
    return [sys.executable, "-I", "-c", _SERVE, *map(str, sys.path)]


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _sizes(files: ExportFiles, conversations: Sequence[Conversation]) -> list[int]:
    """Return unpacked bytes of each conversation, 0 where no zip says them."""
    return [sum(map(files.size, each.days)) for each in conversations]


def _shares(
    conversations: Sequence[Conversation], sizes: Sequence[int]
) -> list[list[Conversation]]:
    """Cut conversations into shares of about the same size, in their order."""
    share = sum(sizes) // _SHARES + 1
    shares: dict[int, list[Conversation]] = {}
    for each, upto in zip(conversations, accumulate(sizes), strict=True):
        shares.setdefault(upto // share, []).append(each)
    return list(shares.values())
