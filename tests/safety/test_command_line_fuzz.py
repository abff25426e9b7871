"""Whatever is typed, and however damaged the files are: a clear end, and nobody is named.

Bounded, and the same every time; ``ORGNET_FUZZ=2000`` tries so many others.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import re
import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kept_firm
from orgnet.cli import main

MORE = int(os.environ.get("ORGNET_FUZZ", "0"))
EXAMPLES = settings(
    max_examples=MORE or 60,
    derandomize=not MORE,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

PEOPLE = range(kept_firm.PEOPLE)
#: Words that stand for somebody, and what somebody wrote.
CONTENT = "quagmire-of-secrets"
SECRETS = re.compile(
    "|".join(
        [
            CONTENT,
            *(re.escape(kept_firm.address(n)) for n in PEOPLE),
            *(kept_firm.name(n) for n in PEOPLE),
            *(rf"\b{kept_firm.person(n)}\b" for n in PEOPLE),
        ]
    ),
    re.IGNORECASE,
)

#: Places within a file, in thousandths of it.
PLACES = st.integers(0, 1000)
DAMAGE = st.one_of(
    st.just(("whole",)),
    st.just(("empty",)),
    st.just(("absent",)),
    st.just(("folder",)),
    st.tuples(st.just("cut"), PLACES),
    st.tuples(st.just("zeros"), PLACES, st.integers(1, 60)),
    st.tuples(st.just("noise"), PLACES, st.binary(min_size=1, max_size=40)),
    st.tuples(st.just("twice"), PLACES, st.integers(1, 400)),
    st.tuples(
        st.just("line"), PLACES, st.sampled_from(['"', ",", ";", "\t", "", "\x00", "{", "<"])
    ),
    st.tuples(st.just("encoding"), st.sampled_from(["utf-16", "utf-32", "utf-8-sig", "cp037"])),
)
Damage = tuple[object, ...]

ANYTHING = st.one_of(
    st.sampled_from(
        ["", "-", "--", "0", "-1", "1e999", "nan", "department", "nowhere", "2026-02-30", "..",
         "en", "xx", "html", "csv", "json", "email", "Europe/Berlin", "Mars/Phobos", "1GB", "-4PB",
         "duckdb", "duckdb:", "spark://", "refuse", "common", "withdrawn", "a\x00b", "é" * 300]
    ),
    st.text(max_size=8),
)  # fmt: skip

#: Options of each command with what they take; None for a flag.
OPTIONS: dict[str, dict[str, st.SearchStrategy[str] | None]] = {
    "check": {"--json": None, "--tie-from": ANYTHING, "--tz": ANYTHING, "--channel": ANYTHING},
    "analyse": {
        "--by": ANYTHING, "--from": ANYTHING, "--to": ANYTHING, "--minimum-group": ANYTHING,
        "--language": ANYTHING, "--seed": ANYTHING, "--run-date": ANYTHING, "--keep-going": None,
        "--tz": ANYTHING, "--channel": ANYTHING, "--tie-from": ANYTHING, "--earlier": ANYTHING,
        "--memory": ANYTHING, "--engine": st.sampled_from(["duckdb", "duckdb:", "none", ""]),
        "--title": ANYTHING, "--project": ANYTHING, "--day-first": None,
    },
    "report": {
        "--format": st.one_of(
            st.sampled_from(
                ["html", "explorer", "slides", "workbook", "csv", "json", "graphml", "gexf"]
            ),
            ANYTHING,
        ),
        "--edition": st.sampled_from(["groups", "people", "team", "all"]),
        "--language": ANYTHING, "--purpose": ANYTHING, "--group": ANYTHING,
    },
    "people": {"--department-from-domain": None, "--tz": ANYTHING},
    "audit": {"--json": None},
    "purge": {"--keep-months": ANYTHING, "--dry-run": None},
    "trail": {"--verify": None},
    "privacy-pack": {"--language": ANYTHING},
}  # fmt: skip

#: Commands that take a results folder before the exports, and those that take no exports.
FOLDER_FIRST = {"report", "audit", "purge", "trail", "privacy-pack"}
NO_EXPORTS = {"report", "purge", "trail", "privacy-pack"}
WITH_PEOPLE = {"check", "analyse", "report", "audit", "people"}


@dataclass(frozen=True)
class Typed:
    """A command line, and what becomes of the files that it names."""

    command: str
    exports: tuple[tuple[str, Damage], ...]
    people: Damage | None
    requirements: Damage | None
    results: tuple[tuple[int, Damage], ...]
    options: tuple[tuple[str, str | None], ...]
    debug: bool


@st.composite
def typed(draw: st.DrawFn) -> Typed:
    command = draw(st.sampled_from(sorted(OPTIONS)))
    known = OPTIONS[command]
    chosen = draw(st.lists(st.sampled_from(sorted(known)), max_size=4, unique=True))
    values = [(name, None if (v := known[name]) is None else draw(v)) for name in chosen]
    kinds = sorted(exports())
    return Typed(
        command=command,
        exports=tuple(
            draw(st.lists(st.tuples(st.sampled_from(kinds), DAMAGE), min_size=1, max_size=2))
        ),
        people=draw(st.none() | DAMAGE) if command in WITH_PEOPLE else None,
        requirements=draw(st.none() | DAMAGE) if command == "analyse" else None,
        results=tuple(draw(st.lists(st.tuples(st.integers(0, 99), DAMAGE), max_size=2))),
        options=tuple(values),
        debug=draw(st.booleans()),
    )


def exports() -> dict[str, bytes]:
    """One small export of some kinds, all of the same people."""
    everybody = [(kept_firm.name(n), kept_firm.address(n)) for n in PEOPLE]
    pairs = [
        (everybody[n], everybody[(n + step) % len(everybody)]) for n in PEOPLE for step in (1, 2)
    ]
    mails = "".join(
        f"From {a[1]} Mon Jan  5 09:00:00 2026\nMessage-ID: <{at}@x.example>\n"
        f"Date: Mon, 05 Jan 2026 09:{at % 60:02d}:00 +0000\nFrom: {a[0]} <{a[1]}>\n"
        f"To: {b[0]} <{b[1]}>\nSubject: {CONTENT}\n\n{CONTENT}\n\n"
        for at, (a, b) in enumerate(pairs)
    )
    rows = "".join(f"2026-01-05T09:00:00Z,{a[1]},{b[1]},email,to\n" for a, b in pairs)
    chat = "".join(
        f"25/01/2026, 09:{at % 60:02d} - {a[0]}: @\u2068{b[0]}\u2069 {CONTENT}\n"
        for at, (a, b) in enumerate(pairs)
    )
    users = [{"id": f"U{at}", "real_name": one[0], "profile": {"email": one[1]}}
             for at, one in enumerate(everybody)]  # fmt: skip
    said = [{"type": "message", "user": f"U{n}", "ts": f"17676{n:05d}.000100",
             "text": f"<@U{(n + 1) % len(everybody)}> {CONTENT}"} for n in PEOPLE]  # fmt: skip
    slack = io.BytesIO()
    with zipfile.ZipFile(slack, "w") as archive:
        archive.writestr("users.json", json.dumps(users))
        archive.writestr("channels.json", json.dumps([{"id": "C1", "name": "all", "members": []}]))
        archive.writestr("all/2026-01-05.json", json.dumps(said))
    meeting = "".join(f"ATTENDEE;CN={name}:mailto:{address}\n" for name, address in everybody[:6])
    nodes = "".join(f'<node id="{address}"/>' for _, address in everybody)
    edges = "".join(f'<edge source="{a[1]}" target="{b[1]}"/>' for a, b in pairs)
    survey = "".join(
        f"25/01/2026 09:{at % 60:02d}:00,{a[1]},{b[0]},{at % 5 + 1},{CONTENT}\n"
        for at, (a, b) in enumerate(pairs[::2])
    )
    return {
        "box.mbox": mails.encode(),
        "talk.csv": f"sent_at,sender,recipient,channel,kind\n{rows}".encode(),
        "chat.txt": chat.encode(),
        "slack.zip": slack.getvalue(),
        "day.ics": (
            f"BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\nSUMMARY:{CONTENT}\n"
            f"DTSTART:20260105T090000Z\nDTEND:20260105T100000Z\n{meeting}END:VEVENT\nEND:VCALENDAR\n"
        ).encode(),
        "ties.graphml": (
            '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="directed">'
            f"{nodes}{edges}</graph></graphml>"
        ).encode(),
        "survey.csv": (
            f"Timestamp,Email Address,Whom do you ask?,We plan together,Else\n{survey}"
        ).encode(),
        "other.json": json.dumps([{"who": everybody[0], "text": CONTENT}]).encode(),
    }


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A results folder with two editions in it, to be damaged."""
    folder = tmp_path_factory.mktemp("fuzzed")
    kept_firm.write_messages(folder / "messages.csv")
    kept_firm.write_roster(folder / "people.csv")
    out = folder / "out"
    known = ["--people", str(folder / "people.csv"), "--key", str(folder / "key")]
    assert main(["analyse", str(folder / "messages.csv"), *known, "--out", str(out)]) == 0
    asked = ["--edition", "people", "--format", "csv", "--purpose", "a test"]
    assert main(["report", str(out), *known, *asked]) == 0
    return folder


def damaged(content: bytes, damage: Damage) -> bytes:
    kind, *rest = damage
    if kind == "empty":
        return b""
    if kind == "encoding":
        return content.decode("utf-8", errors="replace").encode(str(rest[0]), errors="replace")
    if kind in ("whole", "absent", "folder"):
        return content
    assert isinstance(rest[0], int)
    at = len(content) * rest[0] // 1000
    if kind == "cut":
        return content[:at]
    if kind == "zeros":
        assert isinstance(rest[1], int)
        return content[:at] + bytes(rest[1]) + content[at + rest[1] :]
    if kind == "noise":
        assert isinstance(rest[1], bytes)
        return content[:at] + rest[1] + content[at + len(rest[1]) :]
    if kind == "twice":
        assert isinstance(rest[1], int)
        return content[: at + rest[1]] + content[at:]
    line = content.find(b"\n", at)
    return content[:line] + str(rest[1]).encode() * 3 + content[line:]


def put(path: Path, content: bytes, damage: Damage) -> None:
    if path.is_dir():
        return
    path.unlink(missing_ok=True)
    if damage[0] == "folder":
        path.mkdir()
    elif damage[0] != "absent":
        path.write_bytes(damaged(content, damage))


def words_of(line: Typed, folder: Path, results: Path) -> list[str]:
    """Write the files that a command line names, and return it."""
    given: list[str] = []
    for at, (name, damage) in enumerate(line.exports):
        path = folder / f"{at}-{name}"
        put(path, exports()[name], damage)
        given.append(str(path))
    out = folder / "out"
    shutil.copytree(results / "out", out)
    inside = sorted(path for path in out.rglob("*") if path.is_file())
    for at, damage in line.results:
        path = inside[at % len(inside)]
        if path.is_file():
            put(path, path.read_bytes(), damage)
    words = [line.command]
    words += [str(out)] if line.command in FOLDER_FIRST else []
    words += [] if line.command in NO_EXPORTS else given
    if line.command == "analyse":
        words += ["--out", str(out)]
    if line.command in ("analyse", "report"):
        words += ["--key", str(folder / "key")]
        shutil.copy(results / "key", folder / "key")
    if line.command == "people":
        words += ["--out", str(folder / "sheet.csv")]
    if line.people is not None:
        put(folder / "people.csv", (results / "people.csv").read_bytes(), line.people)
        words += ["--people", str(folder / "people.csv")]
    if line.requirements is not None:
        needs = b"objective,department,weight\n1,Legal,1\n1,Sales,2\n2,Sales,1\n2,Support,1\n"
        put(folder / "needs.csv", needs, line.requirements)
        words += ["--requirements", str(folder / "needs.csv")]
    for name, value in line.options:
        words += [name] if value is None else [name, value]
    return [*words, *(["--debug"] if line.debug else [])]


def ran(words: Sequence[str]) -> tuple[int, str, str]:
    said, wrong = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(wrong):
        code = main(list(words))
    return code, said.getvalue(), wrong.getvalue()


def end_of(code: int, said: str, wrong: str, *, debug: bool = False) -> list[str]:
    """What is not as it should be about the end of a command; who debugs is shown places."""
    faults = []
    if code not in (0, 1, 2):
        faults.append(f"exit {code}")
    if code and not (wrong.strip() or said.strip()):
        faults.append("nothing was said")
    if "an error inside orgnet" in wrong:
        faults.append("an error inside")
    if "Traceback" in said + wrong and not debug:
        faults.append("a traceback")
    faults += ["somebody is named"] * bool(SECRETS.search(said + wrong))
    return faults


@EXAMPLES
@given(line=typed())
def test_every_command_line_ends_clearly_and_names_nobody(
    line: Typed, results: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("line")
    try:
        with contextlib.chdir(folder):
            code, said, wrong = ran(words_of(line, folder, results))
        assert end_of(code, said, wrong, debug=line.debug) == [], wrong
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_the_exports_are_read_where_they_are_whole(results: Path, tmp_path: Path) -> None:
    for name in sorted(set(exports()) - {"other.json"}):
        (tmp_path / name).write_bytes(exports()[name])
        roster = str(results / "people.csv")
        code, said, wrong = ran(["check", str(tmp_path / name), "--people", roster, "--json"])

        assert (code, wrong) == (0, "")
        assert json.loads(said)[0]["kept"] > 0


def test_it_would_notice_a_name_a_traceback_and_a_strange_end() -> None:
    somebody = kept_firm.name(random.Random(1).randrange(kept_firm.PEOPLE))

    assert end_of(1, "", f"orgnet: {somebody.upper()} is unknown") == ["somebody is named"]
    assert end_of(1, "", "Traceback (most recent call last):\nKeyError") == ["a traceback"]
    assert end_of(99, "x", "") == ["exit 99"]
    assert end_of(1, "", "") == ["nothing was said"]
    assert end_of(1, "", "orgnet: an error inside orgnet (KeyError in x)") == ["an error inside"]
    assert end_of(0, "57 of 57 people seen", "") == []
