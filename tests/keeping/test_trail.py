"""The access trail says who wrote what, and shows when somebody changed it."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import platformdirs
import pytest
from filelock import FileLock

from kept_firm import firm, person, run
from orgnet.cli import main
from orgnet.disclosure.policy import VERSION
from orgnet.errors import InputError, UsageError
from orgnet.files import sha256
from orgnet.restricted import trail


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda *_, **__: str(tmp_path / "config"))
    (tmp_path / "out" / "restricted").mkdir(parents=True)
    return tmp_path / "out"


def log_of(place: Path) -> Path:
    return place / "restricted" / "access-log.jsonl"


def filled(place: Path, lines: int = 4) -> list[bytes]:
    for number in range(lines):
        page = place / f"page{number}.html"
        page.write_text(f"page {number}", encoding="utf-8")
        trail.record(place, "report", outputs=[page], edition="groups", format="html")
    return log_of(place).read_bytes().splitlines(keepends=True)


def test_a_line_says_who_when_what_and_what_for(place: Path) -> None:
    page = place / "report-people.html"
    page.write_text("a map", encoding="utf-8")
    (place / "manifest.json").write_text('{"policy": {"version": "1"}}', encoding="utf-8")

    trail.record(
        place,
        "report",
        outputs=[page],
        edition="people",
        format="html",
        purpose="plan the move",
        asked_by="the board",
        names=True,
    )

    (entry,) = trail.entries(place)
    assert entry.pop("at").endswith("Z") and len(entry.pop("trail")) == 32
    assert entry == {
        "schema": "orgnet-trail/1",
        "line": 1,
        "previous": "0" * 64,
        "who": getpass.getuser(),
        "action": "report",
        "edition": "people",
        "format": "html",
        "names": True,
        "purpose": "plan the move",
        "asked_by": "the board",
        "policy": {"version": "1"},
        "outputs": [{"file": "report-people.html", "sha256": sha256(page)}],
        "counts": {},
    }


def test_an_untouched_trail_verifies(place: Path) -> None:
    filled(place)

    assert trail.verify(place) == trail.Verdict(entries=4, problems=())


def _changed(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1].replace(b'"report"', b'"nothing"'), *lines[2:]]


def _without_second(lines: list[bytes]) -> list[bytes]:
    return [lines[0], *lines[2:]]


def _moved(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[2], lines[1], lines[3]]


@pytest.mark.parametrize(("tamper", "line"), [(_changed, 3), (_without_second, 2), (_moved, 2)])
def test_a_broken_chain_is_told_with_its_line(
    place: Path, tamper: Callable[[list[bytes]], list[bytes]], line: int
) -> None:
    log_of_lines = tamper(filled(place))
    log_of(place).write_bytes(b"".join(log_of_lines))

    problems = trail.verify(place).problems

    assert problems[0].startswith(f"line {line} does not follow from the line before it")


def test_a_damaged_line_is_told(place: Path) -> None:
    lines = filled(place)
    log_of(place).write_bytes(lines[0] + b"{]\n" + b"".join(lines[2:]))

    assert trail.verify(place).problems[0] == "line 2 is damaged"
    assert len(trail.entries(place)) == 3


@pytest.mark.parametrize("output", ["x", {"file": "x"}, {"file": "../x", "sha256": ""}, None])
def test_a_line_with_something_else_for_outputs_is_damaged(place: Path, output: object) -> None:
    first = json.loads(filled(place, 1)[0])
    log_of(place).write_text(json.dumps(first | {"outputs": [output]}) + "\n", encoding="utf-8")

    assert "line 1 is damaged" in trail.verify(place).problems


def test_a_trail_that_was_cut_off_is_noticed(place: Path) -> None:
    lines = filled(place)
    log_of(place).write_bytes(b"".join(lines[:2]))

    assert trail.verify(place).problems == (
        "there are 2 lines, expected 4: the end was cut off, or this is an older copy of the "
        "folder",
    )


def test_a_last_line_written_anew_is_noticed(place: Path) -> None:
    lines = filled(place)
    log_of(place).write_bytes(b"".join([*lines[:3], lines[3].replace(b"groups", b"people")]))

    (problem,) = trail.verify(place).problems
    assert problem.startswith("line 4 is not the one that was written last: it was changed")


def test_on_another_machine_the_chain_alone_is_checked(place: Path) -> None:
    lines = filled(place)
    for head in (place.parent / "config").rglob("*.json"):
        head.unlink()
    log_of(place).write_bytes(b"".join(lines[:2]))

    assert trail.verify(place).problems == ()


def test_an_output_that_was_changed_afterwards_is_noticed(place: Path) -> None:
    filled(place)
    (place / "page2.html").write_text("another page", encoding="utf-8")
    (place / "page3.html").unlink()

    assert trail.verify(place).problems == (
        "page2.html is not the file that the trail says was written last",
    )


def test_the_lock_of_a_killed_run_holds_nobody(place: Path) -> None:
    lock = place / "restricted" / trail.LOCK
    lock.touch(mode=0o600)
    trail.record(place, "report")

    assert len(trail.entries(place)) == 1
    assert not lock.exists()


def test_a_run_that_does_not_let_go_is_told(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail, "_PATIENCE", 0.01)
    with (
        FileLock(place / "restricted" / trail.LOCK),
        pytest.raises(UsageError, match="another run is writing the access trail; wait"),
    ):
        trail.record(place, "report")
    trail.record(place, "report")

    assert len(trail.entries(place)) == 1


def test_a_removed_trail_is_told(place: Path) -> None:
    filled(place)
    log_of(place).unlink()

    with pytest.raises(InputError, match=r"there is no restricted/access-log\.jsonl"):
        trail.verify(place)


def test_a_folder_that_was_mailed_gets_no_trail(tmp_path: Path) -> None:
    trail.record(tmp_path, "report")

    assert list(tmp_path.iterdir()) == []


def test_runs_at_once_write_one_line_each(place: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: trail.record(place, "report"), range(12)))

    assert trail.verify(place) == trail.Verdict(entries=12, problems=())
    assert [path.name for path in (place / "restricted").iterdir()] == ["access-log.jsonl"]


def test_a_configuration_folder_that_is_a_file_stops_no_run(place: Path) -> None:
    (place.parent / "config").write_text("", encoding="utf-8")

    trail.record(place, "report")

    assert trail.verify(place) == trail.Verdict(entries=1, problems=())


def test_analyses_and_reports_of_every_edition_are_in_the_trail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = firm(tmp_path / "firm")
    out, key = str(place / "out"), ["--key", str(place / "key")]
    assert main(["report", out, "--format", "csv"]) == 0
    assert main(["report", out, "--edition", "people", "--purpose", "a test", *key]) == 0
    assert main(["forget", person(7), out, *key]) == 0
    assert main(["purge", out]) == 0
    run(place)
    capsys.readouterr()

    assert main(["trail", out]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[2] for line in said] == [
        "analyse", "report", "report", "forget", "purge", "analyse",
    ]  # fmt: skip
    assert "people html" in said[2] and "for: a test" in said[2]
    assert f"policy {VERSION}, minimum group 3" in said[0] and "report.html " in said[0]
    assert main(["trail", out, "--verify"]) == 0
    assert capsys.readouterr().out == "6 lines, nothing changed\n"


def test_a_purpose_cannot_move_the_cursor(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trail.record(place, "report", purpose="a \x1b[2Jtest")

    assert main(["trail", str(place)]) == 0
    assert "for: a ?[2Jtest" in capsys.readouterr().out


def test_the_command_fails_where_something_was_changed(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = filled(place)
    log_of(place).write_bytes(b"".join(lines[1:]))

    assert main(["trail", str(place), "--verify"]) == 1
    assert "access-log.jsonl: line 1 does not follow" in capsys.readouterr().err
