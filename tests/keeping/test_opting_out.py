"""Whoever opted out is in no byte of any output, and the store does not know them."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from kept_firm import PEOPLE, WEEKS, address, name, person, run, write_messages, write_roster
from orgnet.cli import main
from orgnet.pseudonyms import project_key, pseudonyms

OUT, BESIDE = 7, 8
GROUPS = ("html", "json", "csv", "explorer", "slides", "workbook", "graphml", "gexf")
PEOPLES = ("html", "explorer", "csv", "graphml", "gexf")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("opted-out")
    write_roster(folder / "people.csv", opted_out=(OUT,))
    write_messages(folder / "messages.csv")
    analysis = run(folder)
    assert analysis.weekly.opted_out == 1
    assert analysis.weekly.removed["opted_out"] == 6 * WEEKS
    return folder


def pseudonym(place: Path, number: int) -> str:
    return pseudonyms([person(number)], project_key(file=place / "key"))[0]


def all_text(content: bytes) -> str:
    """Return what a file says, its packed and its base64 parts unpacked."""
    parts = [content]
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts += [archive.read(member) for member in archive.namelist()]
            parts.append("\n".join(archive.namelist()).encode())
    for part in list(parts):
        blocks = re.findall(rb"[A-Za-z0-9+/]{24,}={0,2}", part)
        parts += [base64.b64decode(block) for block in blocks if len(block) % 4 == 0]
    return "\n".join(part.decode("utf-8", "replace") for part in parts).casefold()


def traces(place: Path, number: int, file: Path) -> list[str]:
    words = [*name(number).split(), address(number), person(number), pseudonym(place, number)[:8]]
    text = all_text(file.read_bytes())
    return [word for word in words if word.casefold() in text]


def written(place: Path, edition: str, format_: str, *more: str) -> Path:
    given = ["report", str(place / "out"), "--edition", edition, "--format", format_]
    keyed = ["--key", str(place / "key"), "--people", str(place / "people.csv")]
    assert main([*given, *keyed, *more]) == 0
    newest = max((place / "out").glob("*.*"), key=lambda path: path.stat().st_mtime_ns)
    return newest


def test_the_store_knows_everybody_else(place: Path) -> None:
    restricted = place / "out" / "restricted"
    ties = pd.read_parquet(restricted / "ties.parquet")
    known = {*ties["sender"], *ties["recipient"]}

    assert known == set(pd.read_parquet(restricted / "people.parquet")["person"])
    assert len(known) == PEOPLE - 1 and pseudonym(place, OUT) not in known


@pytest.mark.parametrize("format_", GROUPS)
def test_the_groups_edition_holds_no_trace(place: Path, format_: str) -> None:
    assert traces(place, OUT, written(place, "groups", format_)) == []


@pytest.mark.parametrize("format_", PEOPLES)
def test_the_people_edition_names_the_others_and_holds_no_trace(place: Path, format_: str) -> None:
    file = written(place, "people", format_, "--purpose", "a test", "--names")

    assert name(BESIDE).split()[0] in traces(place, BESIDE, file)
    assert traces(place, OUT, file) == []


def test_no_other_file_of_the_results_holds_a_trace(place: Path) -> None:
    files = [path for path in (place / "out").rglob("*") if path.is_file()]

    assert {"manifest.json", "access-log.jsonl"} <= {path.name for path in files}
    assert [path.name for path in files if traces(place, OUT, path)] == []
