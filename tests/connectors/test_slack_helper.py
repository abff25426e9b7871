"""A second process reads a part of a large Slack export, and nobody can tell from the results."""

import io
import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest

from orgnet.schema import INTERACTIONS, Ledger, ReadOptions, Source
from orgnet_connectors import slack_helper
from orgnet_connectors.export_files import open_export
from orgnet_connectors.slack import Slack
from orgnet_connectors.slack_conversations import Conversation
from orgnet_connectors.slack_stretches import Room

ROOMS = 12


def day_file(room: int, day: int) -> bytes:
    """Twenty posts, each of them with a mention but the last, which is a notice."""
    posts: list[dict[str, Any]] = [
        {
            "type": "message",
            "user": f"U{(room + at) % 5}",
            "ts": f"17724{room:02d}{day}{at:02d}.000100",
            "text": f"<@U{(room + at + 1) % 5}> look",
        }
        for at in range(19)
    ]
    posts.append({"type": "message", "subtype": "channel_join", "user": "U1", "ts": "1772439309.1"})
    return json.dumps(posts).encode()


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        listed = [{"id": f"C{room}", "name": f"room-{room}"} for room in range(ROOMS)]
        archive.writestr("channels.json", json.dumps(listed))
        for room in range(ROOMS):
            archive.writestr(f"room-{room}/2026-03-02.json", day_file(room, 1))
            archive.writestr(f"room-{room}/2026-03-03.json", day_file(room, 2)[: -room or None])
    return path


def read(export: Path) -> tuple[list[dict[str, Any]], Ledger]:
    ledger = Ledger()
    batches = list(Slack().read(Source(export), ReadOptions(), ledger))
    return pa.Table.from_batches(batches, INTERACTIONS).to_pylist(), ledger


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a second process for exports of any size, on machines with one core, too."""
    monkeypatch.setattr(slack_helper, "_WORTH_IT", 0)
    monkeypatch.setattr(slack_helper, "_cores", lambda: 2)


@pytest.fixture
def slow(always: None, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let this process wait after its first share until nothing is left for it; count its shares.

    What it reads in the end is what the other process did not.
    """
    reading = slack_helper.read_conversations
    shares: list[int] = []

    def read_slowly(*arguments: Any, **more: Any) -> Iterator[pa.RecordBatch]:
        shares.append(len(shares))
        yield from reading(*arguments, **more)
        for thread in threading.enumerate():
            if thread.name == slack_helper._THREAD:
                thread.join()

    monkeypatch.setattr(slack_helper, "read_conversations", read_slowly)
    return shares


def test_records_and_counts_are_those_of_one_process(
    export: Path, slow: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    together = read(export)
    assert len(slow) == 1
    monkeypatch.setattr(slack_helper, "_WORTH_IT", 1 << 40)
    alone = read(export)
    assert len(slow) == 2
    assert together == alone
    assert together[1].skipped["system"] == ROOMS
    assert together[1].skipped["unreadable"] > 0
    assert len(together[0]) > 19 * ROOMS


@pytest.mark.parametrize(
    "program",
    [
        pytest.param("raise SystemExit(3)", id="it ends at once"),
        pytest.param("print('no answer')", id="it says something else"),
        pytest.param(
            "import sys; sys.stdin.buffer.read(8); sys.stdout.buffer.write(b'\\x09' + bytes(7))",
            id="it ends within an answer",
        ),
    ],
)
def test_all_is_read_without_the_help_of_a_process_that_fails(
    program: str, export: Path, slow: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_helper, "_SERVE", program)
    together = read(export)
    assert len(slow) == ROOMS
    monkeypatch.setattr(slack_helper, "_WORTH_IT", 1 << 40)
    assert together == read(export)


def test_all_is_read_where_no_process_can_be_started(
    export: Path, slow: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = [str(export.parent / "no interpreter")]
    monkeypatch.setattr(slack_helper, "_command", lambda: missing)
    rows, ledger = read(export)
    assert len(slow) == ROOMS
    assert ledger.interactions == len(rows) > 19 * ROOMS


def test_who_stops_reading_leaves_no_process_behind(
    export: Path, always: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, **more)
            started.append(self)

    monkeypatch.setattr(slack_helper.subprocess, "Popen", Noted)
    batches = Slack().read(Source(export), ReadOptions(), Ledger())
    next(batches)
    assert len(started) == 1
    assert started[0].poll() is None
    batches.close()  # type: ignore[attr-defined]
    assert started[0].returncode is not None


@pytest.mark.parametrize(
    ("where", "name", "value"),
    [
        (sys, "frozen", True),
        (sys, "executable", ""),
        (sys, "executable", "/opt/spreadsheet/calc"),
        (slack_helper, "_cores", lambda: 1),
    ],
)
def test_no_program_is_started_that_is_no_interpreter_or_has_no_core_of_its_own(
    where: Any, name: str, value: Any, always: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert slack_helper._command() is not None
    monkeypatch.setattr(where, name, value, raising=False)
    assert slack_helper._command() is None


def test_small_exports_and_folders_are_read_in_one_process(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a process is started")

    monkeypatch.setattr(slack_helper.subprocess, "Popen", refuse)
    monkeypatch.setattr(slack_helper, "_cores", lambda: 2)
    rows, _ = read(export)
    monkeypatch.setattr(slack_helper, "_WORTH_IT", 1)
    with zipfile.ZipFile(export) as archive:
        archive.extractall(tmp_path / "folder")
    assert read(tmp_path / "folder")[0] == rows


def test_a_task_whose_records_cannot_be_written_is_answered_with_nothing(export: Path) -> None:
    day = "room-1/2026-03-02.json"
    with open_export(Source(export)) as files:
        entries = [files.entries[day]]
    answers = []
    for records in (export.parent / "there.arrow", export.parent / "no folder" / "there.arrow"):
        conversations = [Conversation(Room("C1", None), (day,))]
        task = slack_helper._Task(str(export), str(records), "slack", conversations, entries)
        asked, told = io.BytesIO(), io.BytesIO()
        slack_helper._send(asked, msgspec.msgpack.encode(task))
        asked.seek(0)
        slack_helper.serve(asked, told)
        told.seek(0)
        answers.append(msgspec.msgpack.decode(slack_helper._receive(told)))
    assert answers[0]["interactions"] == 19
    assert answers[1] is None


def test_the_second_process_does_not_load_pandas() -> None:
    program = (
        "import sys; from orgnet_connectors.slack_helper import do_without_pandas; "
        "do_without_pandas(); import pyarrow as pa; pa.array(['x']); print('pandas' in sys.modules)"
    )
    assert "do_without_pandas()" in slack_helper._SERVE
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, encoding="utf-8"
    )
    assert done.stdout.strip() == "False"
