"""Every byte of every output, of every edition and language, holds those alone who may be there."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pypdf
import pytest

from attack.whole_run import CONTENT, LANGUAGES, WholeRun, formats, whole_run
from orgnet.audit import audit
from orgnet.audit.contents import texts
from orgnet.plugins import report
from orgnet.pseudonyms import project_key, pseudonyms
from support import printing_browser

#: Outputs in which nobody may be at all.
OF_GROUPS = ("groups/", "papers/")

#: Pseudonyms are shown by their beginning.
SHOWN_DIGITS = 8


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> WholeRun:
    return whole_run(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def read_out(run: WholeRun) -> dict[str, str]:
    """Everything that can be read in each output, without case."""
    return {name: readable(name, content) for name, content in run.editions.items()}


def readable(name: str, content: bytes) -> str:
    skipped: list[str] = []
    found = "\n".join(text for _, text in texts(Path(name).name, content, skipped.append))
    assert skipped == []
    return " ".join(found.casefold().split())


def column(run: WholeRun, name: str, rows: pd.Series | None = None) -> list[str]:
    table = run.people if rows is None else run.people[rows]
    cells = (cell.strip() for value in table[name] for cell in re.split("[;|]", value))
    return sorted({cell.casefold() for cell in cells if len(cell) > 3})


def heading(run: WholeRun, *words: str) -> str:
    return next(name for name in run.people.columns if name.casefold() in words)


def names(run: WholeRun, rows: pd.Series | None = None) -> list[str]:
    return column(run, heading(run, "name"), rows)


def addresses(run: WholeRun) -> list[str]:
    return [
        one
        for name in run.people.columns
        for one in column(run, name)
        if "@" in one and " " not in one
    ]


def ids(run: WholeRun) -> list[str]:
    return column(run, heading(run, "person", "id", "employee id", "person id"))


def all_pseudonyms(run: WholeRun) -> list[str]:
    who = run.people[heading(run, "person", "id", "employee id", "person id")]
    return sorted(set(pseudonyms(who, project_key(file=run.key))))


def standing_in(text: str, words: list[str]) -> list[str]:
    return [
        word
        for word in words
        if word in text and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
    ]


def outputs(run: WholeRun, *editions: str) -> Iterator[str]:
    found = [name for name in run.editions if name.startswith(editions)]
    assert found
    return iter(found)


def test_every_format_of_every_edition_and_language_was_written(run: WholeRun) -> None:
    for edition in ("groups", "people", "team"):
        for language in LANGUAGES:
            for name in formats(edition):
                file = f"{edition}/{language}/{report(name, edition=edition).file_name}"
                # In English the page is what the analysis wrote already.
                unchanged = (run.out / Path(file).name).is_file() and language == "en"
                assert file in run.editions or unchanged
    model = run.model
    sections = (model.survey, model.vertical, model.change, model.requirements, model.communities)
    assert all(section is not None for section in sections)
    assert model.mode == "full"


def test_nobody_stands_in_the_groups_edition_or_in_the_papers(
    run: WholeRun, read_out: dict[str, str]
) -> None:
    everybody = [*names(run), *addresses(run), *ids(run)]
    digits = [pseudonym[:SHOWN_DIGITS] for pseudonym in all_pseudonyms(run)]
    for name in outputs(run, *OF_GROUPS):
        assert standing_in(read_out[name], everybody) == []
        assert [one for one in digits if one in read_out[name]] == []


def test_no_address_and_no_id_stands_in_any_edition(
    run: WholeRun, read_out: dict[str, str]
) -> None:
    identities = [*addresses(run), *ids(run)]
    for name in outputs(run, ""):
        assert standing_in(read_out[name], identities) == []


def test_the_people_edition_has_pseudonyms_alone_unless_names_are_asked_for(
    run: WholeRun, read_out: dict[str, str]
) -> None:
    for name in outputs(run, "people/"):
        assert standing_in(read_out[name], names(run)) == []
    for name in outputs(run, "people-with-names/"):
        assert len(standing_in(read_out[name], names(run))) > 40


def test_whoever_opted_out_stands_in_no_output(run: WholeRun, read_out: dict[str, str]) -> None:
    out = run.people["opt_out"] == "yes"
    (gone,) = names(run, out)
    own = run.people[heading(run, "person", "id", "employee id", "person id")][out]
    (pseudonym,) = pseudonyms(own, project_key(file=run.key))
    for name in outputs(run, ""):
        assert standing_in(read_out[name], [gone]) == []
        assert pseudonym[:SHOWN_DIGITS] not in read_out[name]


def test_the_team_edition_names_those_who_agreed_alone(
    run: WholeRun, read_out: dict[str, str]
) -> None:
    refused = names(run, run.people["agreed"] == "no")
    digits = [pseudonym[:SHOWN_DIGITS] for pseudonym in all_pseudonyms(run)]
    for name in outputs(run, "team/"):
        assert standing_in(read_out[name], refused) == []
        assert len(standing_in(read_out[name], names(run))) > 40
        assert [one for one in digits if one in read_out[name]] == []


def records_of_those_who_opted_out(manifest: dict[str, Any]) -> int | None:
    """What is left of all records when those that are told are taken off."""
    noise = manifest["noise"]
    told = [count for count in noise["removed"].values() if isinstance(count, int)]
    return (
        noise["records"] - noise["kept"] - sum(told) if len(told) < len(noise["removed"]) else None
    )


def test_how_much_a_few_who_opted_out_wrote_cannot_be_worked_out(run: WholeRun) -> None:
    manifest = json.loads((run.out / "manifest.json").read_text(encoding="utf-8"))

    assert not records_of_those_who_opted_out(manifest)


def test_it_would_notice_a_count_that_the_others_leave() -> None:
    removed = {"self": 6, "out_of_scope": 977, "opted_out": "of fewer than 5 people"}
    noise = {"records": 2000, "kept": 1000, "removed": removed}
    assert records_of_those_who_opted_out({"noise": noise}) == 17
    folded = noise | {"removed": {"self": 6, "out_of_scope": 994}}
    assert records_of_those_who_opted_out({"noise": folded}) is None


def test_what_people_wrote_stands_nowhere_not_even_in_the_restricted_part(
    run: WholeRun, read_out: dict[str, str]
) -> None:
    assert CONTENT in run.files["mail"].read_text(encoding="utf-8")
    assert CONTENT in run.files["survey"].read_text(encoding="utf-8")
    everything = dict(read_out)
    for path in sorted(run.out.rglob("*")):
        if path.is_file():
            everything[path.name] = readable(path.name, path.read_bytes())

    assert [name for name, text in everything.items() if CONTENT in text] == []


def test_the_audit_finds_nothing_in_all_that_was_written(run: WholeRun, tmp_path: Path) -> None:
    shutil.copytree(run.out, tmp_path / "all")
    # One language is enough: the other test has read all of them.
    german = [name for name in run.editions if "/de/" in name]
    for name in german:
        path = tmp_path / "all" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(run.editions[name])
    exports = [run.files[name] for name in ("mail", "slack", "survey")]
    result = audit(tmp_path / "all", exports, people=run.files["people"])

    assert result.found == ()
    assert len(result.looked_at) >= len(german) + 5
    assert {edition for _, edition in result.looked_at} == {
        *("groups", "people", "people with names", "team", "restricted"),
    }


# --------------------------------------------------- tests of the tests: one leak in each format


def into_member(content: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        assert any(re.fullmatch(member, name) for name in old.namelist())
        for name in old.namelist():
            inside = old.read(name)
            new.writestr(name, change(inside) if re.fullmatch(member, name) else inside)
    return made.getvalue()


def into_page(content: bytes, who: str) -> bytes:
    escaped = "".join(f"&#x{ord(sign):x};" for sign in who)
    return content.replace(b"</body>", f"<p hidden>{escaped}</p></body>".encode())


def into_data_block(content: bytes, who: str) -> bytes:
    block = base64.b64encode(json.dumps({"people": [{"label": who}]}).encode()).decode()
    return content.replace(
        b"</body>", f'<script type="text/plain">{block}</script></body>'.encode()
    )


def into_json(content: bytes, who: str) -> bytes:
    return json.dumps(json.loads(content) | {"note": f"ask {who}"}).encode()


def into_table(content: bytes, who: str) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(["Legal", who, 3])
    return into_member(content, r"departments\.csv", lambda old: old + line.getvalue().encode())


def into_people_table(content: bytes, who: str) -> bytes:
    return into_member(content, r"people\.csv", lambda old: old + f"{who}\r\n".encode())


def into_sheet(content: bytes, who: str) -> bytes:
    cell = f"<si><t>{who}</t></si></sst>".encode()
    return into_member(content, r"xl/sharedStrings\.xml", lambda old: old.replace(b"</sst>", cell))


def into_slide(content: bytes, who: str) -> bytes:
    run = f"<a:r><a:t>{who}</a:t></a:r></a:p>".encode()
    return into_member(
        content, r"ppt/slides/slide2\.xml", lambda old: old.replace(b"</a:p>", run, 1)
    )


def into_graph(content: bytes, who: str) -> bytes:
    return re.sub(
        rb"<(graph|graphml|gexf)\b", lambda m: f"<!-- {who} -->".encode() + m[0], content, count=1
    )


LEAKY = {
    "report.html": into_page,
    "explorer.html": into_data_block,
    "diagnosis.json": into_json,
    "tables.zip": into_table,
    "report.xlsx": into_sheet,
    "report.pptx": into_slide,
    "departments.graphml": into_graph,
    "departments.gexf": into_graph,
    "privacy-pack.html": into_page,
    "report-people.html": into_page,
    "explorer-people.html": into_data_block,
    "people.zip": into_people_table,
    "people.graphml": into_graph,
    "people.gexf": into_graph,
    "team.html": into_page,
}


def test_there_is_a_leaky_output_of_every_format() -> None:
    files = {
        report(name, edition=edition).file_name
        for edition in ("groups", "people", "team")
        for name in formats(edition)
    }
    assert files <= set(LEAKY)


@pytest.mark.parametrize("file", sorted(LEAKY))
def test_a_leak_in_each_format_is_found(run: WholeRun, tmp_path: Path, file: str) -> None:
    name = next(name for name in run.editions if name.endswith(f"/{file}"))
    # Of those who did not agree nobody is in any edition but under a pseudonym.
    row = run.people.index[(run.people["agreed"] == "no") & (run.people["opt_out"] == "")][0]
    who = run.people[heading(run, "name")][row]
    leaky = LEAKY[file](run.editions[name], who)
    assert leaky != run.editions[name]
    out = tmp_path / "leaky"
    out.mkdir()
    (out / file).write_bytes(leaky)

    assert standing_in(readable(name, leaky), [who.casefold()]) == [who.casefold()]
    result = audit(out, people=run.files["people"])
    assert ("name", f"people.csv, row {row + 1}") in {(one.what, one.whose) for one in result.found}


def test_nobody_stands_in_the_pdf(run: WholeRun, tmp_path: Path) -> None:
    printing_browser()
    content = report("pdf").render(run.model)
    everybody = [*names(run), *addresses(run), *ids(run)]
    assert standing_in(readable("report.pdf", content), everybody) == []

    copied = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    copied.add_metadata({"/Keywords": run.people[heading(run, "name")][0]})
    leaky = io.BytesIO()
    copied.write(leaky)
    assert len(standing_in(readable("report.pdf", leaky.getvalue()), everybody)) == 1
