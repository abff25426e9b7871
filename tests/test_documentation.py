"""The words keep up with the program: every connector, command, link and example is checked."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

import orgnet
from orgnet.cli.commands import app
from orgnet.plugins import connector, connectors
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet.simulate import plant_organisation, write_exports

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONNECTORS = sorted(PROJECT["entry-points"]["orgnet.connectors"])
COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
HEADINGS = [
    "How to get the file",
    "What is read",
    "What is dropped unread",
    "What cannot be known from it",
]

FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")
PROGRAM = re.compile(r"(?:\.venv[/\\](?:bin|Scripts)[/\\])?orgnet")


def page_name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code_blocks(text: str, language: str | None = None) -> list[str]:
    return [
        found["code"]
        for found in FENCE.finditer(text)
        if language is None or found["language"] == language
    ]


def written_commands(page: Path) -> Iterator[list[str]]:
    """Yield the words behind ``orgnet`` for every command line in a page's code blocks."""
    for block in code_blocks(page.read_text(encoding="utf-8")):
        for line in re.split(r"\n|&&", block):
            words = shlex.split(line.strip(), comments=True, posix=False)
            if words and PROGRAM.fullmatch(words[0]):
                yield words[1:]


ALL_COMMANDS = [
    pytest.param(words, id=f"{page_name(page)}: {' '.join(words)}")
    for page in PAGES
    for words in written_commands(page)
]


@pytest.mark.parametrize("name", CONNECTORS)
def test_every_connector_has_a_page_with_the_four_headings(name: str) -> None:
    page = text_of(f"docs/connectors/{name}.md")
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == HEADINGS


@pytest.mark.parametrize("name", CONNECTORS)
def test_page_of_a_connector_names_everything_that_it_never_looks_at(name: str) -> None:
    section = text_of(f"docs/connectors/{name}.md").split(f"## {HEADINGS[2]}")[1].split("\n## ")[0]
    words = " ".join(section.split())
    assert [part for part in connector(name).dropped_unread if part not in words] == []


def test_every_page_of_a_connector_belongs_to_one() -> None:
    assert sorted(page.stem for page in (ROOT / "docs/connectors").glob("*.md")) == CONNECTORS
    assert sorted(connectors()) == CONNECTORS


def test_pages_show_commands_at_all() -> None:
    assert len(ALL_COMMANDS) >= 10


@pytest.mark.parametrize("words", ALL_COMMANDS)
def test_every_command_in_the_pages_exists_with_its_options(words: list[str]) -> None:
    command = COMMANDS[words[0]]
    known = {
        option
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    assert [word for word in words[1:] if word.startswith("--") and word not in known] == []


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_shows_an_example_in_its_help(name: str) -> None:
    shown = CliRunner().invoke(app, [name, "--help"])
    assert shown.exit_code == 0
    assert f"Example: orgnet {name}" in " ".join(shown.output.split())


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_stands_in_the_readme(name: str) -> None:
    assert re.search(rf"orgnet {name}\b", text_of("README.md"))


def test_every_make_target_in_the_pages_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    shown = {
        target
        for page in PAGES
        for block in code_blocks(page.read_text(encoding="utf-8"))
        for target in re.findall(r"^make (\w+)", block, re.MULTILINE)
    }
    assert {"demo", "test", "check"} <= shown <= targets


@pytest.mark.parametrize("name", sorted(orgnet.__all__))
def test_every_public_name_has_a_docstring(name: str) -> None:
    assert (getattr(orgnet, name).__doc__ or "").strip()


@pytest.mark.parametrize("name", sorted(orgnet.measures.__all__))
def test_every_measure_has_a_docstring(name: str) -> None:
    assert len((getattr(orgnet.measures, name).__doc__ or "").strip().splitlines()) > 1


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_no_page_installs_the_project_of_the_same_name(page: Path) -> None:
    assert not re.search(r"install[^\n]* orgnet(?![-_\w])", page.read_text(encoding="utf-8"))


def test_readme_states_the_licences() -> None:
    licence = text_of("README.md").split("## Licence")[1]
    assert "MIT" in licence
    assert "GPL-2.0-or-later" in licence


def test_changelog_begins_with_the_version_of_the_project() -> None:
    versions = re.findall(r"^## \[(.+?)\]", text_of("CHANGELOG.md"), re.MULTILINE)
    assert versions[0] == PROJECT["version"]


def test_quick_start_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    company = plant_organisation(people=60, departments=4, silos=1, bottlenecks=0, weak_links=0)
    files = write_exports(company, tmp_path)
    files["mail"].rename(tmp_path / "archive.mbox")
    monkeypatch.chdir(tmp_path)
    (quick_start,) = code_blocks(text_of("README.md"), "python")

    names: dict[str, Any] = {}
    exec(compile(quick_start, "README.md", "exec"), names)

    assert names["diagnosis"].groups.names == ("Engineering", "Operations", "Sales", "Support")
    assert len(names["graph"]) == 60
    assert (tmp_path / "report.html").stat().st_size > 10_000


def test_connector_of_the_guide_reads_and_counts(tmp_path: Path) -> None:
    (module,) = code_blocks(text_of("docs/writing-a-connector.md"), "python")
    names: dict[str, Any] = {}
    exec(compile(module, "writing-a-connector.md", "exec"), names)
    path = tmp_path / "visits.txt"
    path.write_text(
        "visitor;host;when;purpose\n"
        "Aya@example.com;ben@example.com;2026-03-02T09:15:00;none of our business\n"
        ";ben@example.com;2026-03-02T10:00:00;\n",
        encoding="utf-8",
    )
    visits, ledger = names["Visits"](), Ledger()

    (batch,) = visits.read(Source(path), ReadOptions(), ledger)

    assert visits.recognise(Source(path)) == "begins with the tablet's headings"
    assert visits.recognise(Source(ROOT / "README.md")) is None
    assert (ledger.kept, dict(ledger.skipped)) == (1, {"no_addressee": 1})
    row = batch.to_pylist()[0]
    assert (row["sender"], row["recipient"]) == ("aya@example.com", "ben@example.com")
    assert row["sent_at"].isoformat() == "2026-03-02T09:15:00+00:00"
