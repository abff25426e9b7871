"""One run with everything in it: every kind of input, every edition, format and language.

What nobody may ever read again is planted into subjects, messages and free answers.
"""

from __future__ import annotations

import csv
import mailbox
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from orgnet.cli import main
from orgnet.plugins import REPORTS
from orgnet.report_model import ReportModel
from orgnet.results import read_model
from orgnet.simulate import Organisation, plant_organisation, write_exports

LANGUAGES = ("en", "de", "fr")

#: Stands in a subject, in a message and in a free answer of the survey.
CONTENT = "quagmire-of-secrets"

#: Printed from the page in a browser, in which it stands.
FROM_THE_PAGE = "pdf"

PURPOSE, ASKED_BY = "a test of everything", "the staff council"


@dataclass(frozen=True)
class WholeRun:
    """A run and what went into it.

    Attributes
    ----------
    out
        The results folder, with the groups edition in English in every format.
    editions
        Every file of every edition and language by what it is: ``groups/de/report.xlsx``.
    files
        The inputs by what they are.
    key
        The file of the pseudonym key.
    people
        The roster.
    """

    out: Path
    editions: dict[str, bytes]
    files: dict[str, Path]
    key: Path
    people: pd.DataFrame

    @property
    def model(self) -> ReportModel:
        return read_model(self.out)


def whole_run(folder: Path) -> WholeRun:
    """Plant 58 people and 24 weeks, analyse mail, chat, survey and requirements, write it all."""
    organisation = plant_organisation(
        seed=11, people=58, departments=5, silos=1, bottlenecks=1, weak_links=1, weeks=24
    )
    files = write_exports(organisation, folder / "exports")
    people = _with_agreement(files["people"])
    files["survey"] = _survey(folder / "exports" / "survey.csv", organisation)
    files["requirements"] = _requirements(folder / "exports" / "needs.csv", organisation)
    _plant_content(files["mail"])
    out, key = folder / "out", folder / "key"
    exports = [str(files[name]) for name in ("slack", "mail", "survey")]
    asked = ["--people", str(files["people"]), "--key", str(key)]
    needed = ["--requirements", str(files["requirements"]), "--run-date", "2026-11-20"]
    assert main(["analyse", *exports, *asked, *needed, "--out", str(out)]) == 0
    editions: dict[str, bytes] = {}
    for language in LANGUAGES:
        for place, words in _requests(language, asked):
            with _as_it_was(out):
                before = _contents(out)
                assert main(["report", str(out), *words, "--language", language]) == 0
                for name, content in _contents(out).items():
                    if before.get(name) != content and not name.startswith("restricted"):
                        editions[f"{place}/{language}/{name}"] = content
        with _as_it_was(out):
            assert main(["privacy-pack", str(out), "--language", language]) == 0
            pack = (out / "privacy-pack.html").read_bytes()
            editions[f"papers/{language}/privacy-pack.html"] = pack
    return WholeRun(out, editions, files, key, people)


def _requests(language: str, asked: list[str]) -> Iterator[tuple[str, list[str]]]:
    for edition in ("groups", "people", "team"):
        for name in formats(edition):
            words = ["--edition", edition, "--format", name]
            if edition == "groups":
                yield edition, words
            elif edition == "team":
                yield edition, [*words, *asked]
            else:
                told = [*words, *asked, "--purpose", PURPOSE, "--asked-by", ASKED_BY]
                yield "people", told
                yield "people-with-names", [*told, "--names"]


def formats(edition: str) -> list[str]:
    """Return the formats of an edition, the print in a browser left out."""
    from importlib.metadata import entry_points

    names = {entry.name for entry in entry_points(group=REPORTS[edition])}
    return sorted(names - {FROM_THE_PAGE})


@contextmanager
def _as_it_was(out: Path) -> Iterator[None]:
    """Put the folder back afterwards, so that no output is taken for that of another request."""
    kept = out.with_name("kept")
    shutil.copytree(out, kept)
    try:
        yield
    finally:
        shutil.rmtree(out)
        kept.rename(out)


def _contents(out: Path) -> dict[str, bytes]:
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def _with_agreement(path: Path) -> pd.DataFrame:
    """Let six not agree, one of whom opted out; the others may be named to the team."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    rows = range(len(table))
    table["agreed"] = ["no" if 3 <= row < 9 else "yes" for row in rows]
    table["opt_out"] = ["yes" if row == 5 else "" for row in rows]
    table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
    return table


def _survey(path: Path, organisation: Organisation) -> Path:
    people = organisation.people[organisation.people["kind"] == "person"]
    rng = organisation.rng("attack")
    with path.open("w", encoding="utf-8", newline="") as stream:
        sheet = csv.writer(stream)
        question = "Who do you work with at least once a week?"
        items = ("I hear in time what others plan", "We decide together", "Meetings help me")
        sheet.writerow(["Timestamp", "Email Address", question, *items, "Anything else?"])
        names = people["name"].tolist()
        for row, person in enumerate(people.itertuples(index=False)):
            if rng.random() < 0.15:
                continue
            named = ", ".join(rng.choice(names, 4, replace=False).tolist())
            moment = f"{1 + row // 24:02d}/06/2026 {row % 24:02d}:05:00"
            rated = rng.integers(1, 6, 3).tolist()
            sheet.writerow([moment, person.emails[0], named, *rated, f"{CONTENT} {names[row - 1]}"])
    return path


def _requirements(path: Path, organisation: Organisation) -> Path:
    names = organisation.departments
    rows = ["objective,department,weight"]
    rows += [f"{goal},{names[(goal + step) % 5]},1" for goal in range(5) for step in range(3)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def _plant_content(path: Path) -> None:
    archive = mailbox.mbox(path)
    for key in list(archive.keys())[:40]:
        message = archive[key]
        message.replace_header("Subject", f"About the {CONTENT}")
        message.set_payload(f"This is the {CONTENT}.\n")
        archive[key] = message
    archive.flush()
    archive.close()


def members(content: bytes) -> dict[str, bytes]:
    """Return the members of a zip, or nothing."""
    import io

    if not zipfile.is_zipfile(io.BytesIO(content)):
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
