"""No name, address, id or pseudonym of a person in any byte that may be mailed."""

import base64
import html
import io
import json
import os
import re
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import pytest

from orgnet.cli import main
from orgnet.pseudonyms import project_key, pseudonyms
from orgnet.simulate import plant_organisation, write_exports

MAILED = ("report.html", "diagnosis.json", "explorer.html")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("bytes")
    organisation = plant_organisation(
        seed=3, people=120, departments=5, silos=1, bottlenecks=1, weak_links=1
    )
    files = write_exports(organisation, folder / "exports")
    temporary = folder / "temporary"
    temporary.mkdir()
    said = io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(said),
        redirect_stderr(said),
    ):
        patch.setattr(tempfile, "tempdir", str(temporary))
        code = main(
            [
                *("analyse", str(files["slack"]), str(files["mail"])),
                *("--people", str(files["people"])),
                *("--out", str(folder / "out"), "--key", str(folder / "key")),
            ]
        )
        code += main(["report", str(folder / "out"), "--format", "explorer"])
    assert code == 0
    return {
        "out": folder / "out",
        "people": organisation.people,
        "key": project_key(file=folder / "key"),
        "said": said.getvalue(),
        "left": sorted(temporary.rglob("*")),
    }


def secrets(run: dict[str, object]) -> list[str]:
    """Everything that identifies somebody in the input, and the pseudonyms made of it."""
    people = run["people"]
    assert isinstance(people, pd.DataFrame)
    words = {str(person) for person in people["person"]}
    words |= {str(name) for name in people["name"].dropna()}
    for column in ("emails", "aliases"):
        words |= {str(value) for values in people[column] for value in values}
    key = run["key"]
    assert isinstance(key, bytes)
    words |= set(pseudonyms(people["person"], key))
    return sorted(word for word in words if len(word) > 3)


def readings(content: bytes) -> list[str]:
    """The text as it stands, and as a reader of escapes, entities and data blocks sees it."""
    text = content.decode("utf-8")
    blocks = re.findall(r"[A-Za-z0-9+/]{24,}", text)
    decoded = [base64.b64decode(block[: len(block) // 4 * 4]).decode("latin-1") for block in blocks]
    unescaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)
    return [text, html.unescape(text), unquote(text), unescaped, *decoded]


def found(content: bytes, words: list[str]) -> list[str]:
    everything = "\n".join(readings(content)).casefold()
    return [word for word in words if word.casefold() in everything]


@pytest.mark.parametrize("name", MAILED)
def test_nobody_stands_in_what_is_mailed(run: dict[str, object], name: str) -> None:
    out = run["out"]
    assert isinstance(out, Path)
    assert found((out / name).read_bytes(), secrets(run)) == []


def test_nobody_stands_in_the_manifest_or_on_the_screen(run: dict[str, object]) -> None:
    out = run["out"]
    assert isinstance(out, Path)
    assert found((out / "manifest.json").read_bytes(), secrets(run)) == []
    assert found(str(run["said"]).encode(), secrets(run)) == []


def test_the_restricted_folder_holds_pseudonyms_alone(run: dict[str, object]) -> None:
    out, people = run["out"], run["people"]
    assert isinstance(out, Path)
    assert isinstance(people, pd.DataFrame)
    stored = pd.concat(
        [
            pd.read_parquet(out / "restricted" / "ties.parquet").astype(str),
            pd.read_parquet(out / "restricted" / "people.parquet").astype(str),
        ]
    )
    text = "\n".join(stored.fillna("").to_numpy().ravel()).casefold()
    plain = [word for word in secrets(run) if not re.fullmatch("[0-9a-f]{32}", word)]

    assert stored["sender"].dropna().str.fullmatch("[0-9a-f]{32}").all()
    # As whole words: a short id may stand in a pseudonym by chance.
    words = set(re.findall(r"[^\s]+", text))
    assert [word for word in plain if words >= set(word.casefold().split())] == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_everything_written_is_the_owners_alone(run: dict[str, object]) -> None:
    out = run["out"]
    assert isinstance(out, Path)
    restricted = out / "restricted"
    open_to_others = [
        path.name
        for path in (restricted, *restricted.iterdir(), *out.glob("*.*"))
        if path.stat().st_mode & 0o077
    ]
    assert open_to_others == []


def test_no_temporary_file_is_left(run: dict[str, object]) -> None:
    assert run["left"] == []


def test_the_search_finds_what_is_hidden() -> None:
    words = ["zoe.bjork@company.example"]
    plain = words[0]

    for hidden in (
        json.dumps({"x": plain}).encode(),
        "".join(f"\\u{ord(sign):04x}" for sign in plain).encode(),
        base64.b64encode(b"  " + plain.encode() + b"   "),
        plain.replace("@", "&#64;").encode(),
        plain.replace("@", "%40").upper().encode(),
    ):
        assert found(b"<p>" + hidden + b"</p>", words) == words
