"""`orgnet audit` finds nobody in what orgnet writes, and everybody in what leaks."""

import base64
import gzip
import html
import io
import json
import os
import shutil
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
import pypdf
import pytest

from orgnet.audit import Audit, audit
from orgnet.cli import main
from orgnet.simulate import plant_organisation, write_exports

NAME, ADDRESS, IDENTITY = "Zoë Bjørk-Ångström", "zoe.bjork@company.example", "K40721"
ROSTER = f"""person,name,email,department,agreed,opt_out
{IDENTITY},{NAME},{ADDRESS},Sales,yes,
K40722,Mark Price,mark.price@company.example,Sales,no,
K40723,Tove Lindqvist,tove.lindqvist@company.example,Product,yes,yes
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audited")
    organisation = plant_organisation(
        seed=3, people=60, departments=4, silos=1, bottlenecks=1, weak_links=0
    )
    files = write_exports(organisation, folder / "exports")
    key = ["--key", str(folder / "key")]
    people = ["--people", str(files["people"])]
    out = str(folder / "out")
    assert main(["analyse", str(files["slack"]), *people, "--out", out, *key]) == 0
    for form in ("slides", "workbook", "csv", "graphml"):
        assert main(["report", out, "--format", form]) == 0
    asked = ["--edition", "people", "--purpose", "a test", *people, *key]
    assert main(["report", out, "--format", "csv", *asked]) == 0
    assert main(["report", out, "--format", "graphml", "--names", *asked]) == 0
    return folder


@pytest.fixture
def copy(run: Path, tmp_path: Path) -> Path:
    shutil.copytree(run / "out", tmp_path / "out")
    return tmp_path / "out"


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(ROSTER, encoding="utf-8")
    return path


def audited(run: Path, folder: Path) -> Audit:
    exports = run / "exports"
    return audit(folder, [exports / "slack-export.zip"], people=exports / "people.csv")


def somebody(run: Path) -> str:
    """The name in the roster's first row."""
    line = (run / "exports" / "people.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    return next(cell for cell in line.split(",") if " " in cell)


def told(result: Audit) -> set[tuple[str, str]]:
    return {(leak.what, leak.where) for leak in result.found}


def one_file(tmp_path: Path, roster: Path, name: str, content: bytes) -> Audit:
    folder = tmp_path / "results"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return audit(folder, people=roster)


def with_member(path: Path, change: Callable[[str, bytes], bytes]) -> None:
    """Write a zip again with its members changed."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, change(name, content))


def test_nobody_is_found_in_what_orgnet_writes(run: Path) -> None:
    result = audited(run, run / "out")

    assert result.found == ()
    editions = dict(result.looked_at)
    assert editions["report.html"] == "groups"
    assert editions["people.zip"] == "people"
    assert editions["people.graphml"] == "people with names"
    assert editions["restricted/ties.parquet"] == "restricted"
    assert dict(result.searched_for)["pseudonym"] == 60


def test_a_name_in_a_comment_of_the_page_is_found(run: Path, copy: Path) -> None:
    page = copy / "report.html"
    page.write_bytes(page.read_bytes() + f"<!-- {somebody(run)} -->".encode())

    assert told(audited(run, copy)) == {("name", "report.html")}


def test_a_name_in_a_base64_block_is_found(run: Path, copy: Path) -> None:
    page = copy / "report.html"
    block = base64.b64encode(json.dumps({"x": [1, somebody(run)]}).encode())
    page.write_bytes(page.read_bytes() + b"<p data-x='" + block + b"'></p>")

    assert told(audited(run, copy)) == {("name", "report.html › base64")}


def test_a_name_in_the_properties_of_the_workbook_is_found(run: Path, copy: Path) -> None:
    with_member(
        copy / "report.xlsx",
        lambda name, content: (
            content.replace(b"</cp:coreProperties>", b"<cp:keywords>%s</cp:keywords>%s" % (
                somebody(run).encode(), b"</cp:coreProperties>"))
            if name == "docProps/core.xml" else content
        ),
    )  # fmt: skip

    assert told(audited(run, copy)) == {("name", "report.xlsx › docProps/core.xml")}


def test_a_name_in_the_notes_of_a_slide_is_found(run: Path, copy: Path) -> None:
    # Slides cut text into runs: the name is in two of them.
    first, _, last = somebody(run).partition(" ")
    runs = f"<a:r><a:t>{first} </a:t></a:r><a:r><a:t>{last}</a:t></a:r></a:p>".encode()
    notes = "ppt/notesSlides/notesSlide2.xml"
    with_member(
        copy / "report.pptx",
        lambda name, content: content.replace(b"</a:p>", runs, 1) if name == notes else content,
    )

    assert told(audited(run, copy)) == {("name", f"report.pptx › {notes}")}


def test_a_name_in_the_metadata_of_a_pdf_is_found(tmp_path: Path, roster: Path) -> None:
    document = pypdf.PdfWriter()
    document.add_blank_page(72, 72)
    document.add_metadata({"/Author": NAME})
    content = io.BytesIO()
    document.write(content)

    result = one_file(tmp_path, roster, "report.pdf", content.getvalue())
    assert told(result) == {("name", "report.pdf")}


def test_a_pseudonym_in_the_released_figures_is_found(run: Path, copy: Path) -> None:
    pseudonym = pq.read_table(copy / "restricted" / "people.parquet")["person"][7].as_py()
    figures = copy / "diagnosis.json"
    model = json.loads(figures.read_text(encoding="utf-8"))
    model["note"] = f"see {pseudonym[:10]}"
    figures.write_text(json.dumps(model), encoding="utf-8")

    assert told(audited(run, copy)) == {("pseudonym", "diagnosis.json")}


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("a.html", html.escape(NAME).replace("ö", "&ouml;").encode(), ""),
        ("a.html", "".join(f"&#{ord(s)};" for s in ADDRESS).encode(), ""),
        ("a.json", json.dumps({"x": NAME.upper()}).encode(), ""),
        ("a.json", "".join(f"\\u{ord(sign):04x}" for sign in IDENTITY).encode(), ""),
        ("a.csv", unicodedata.normalize("NFD", NAME).encode(), ""),
        ("a.csv", f"x;{IDENTITY.lower()};y".encode(), ""),
        ("a.txt", quote(ADDRESS, safe="").encode(), ""),
        ("a.bin", b"\x07" + NAME.encode("utf-16-le"), ""),
        ("a.bin", b"\xfe\xff" + NAME.encode("utf-16-be"), ""),
        ("a.html", b"<b>Zo\xc3\xab</b> <i>Bj\xc3\xb8rk</i>-\xc3\x85ngstr\xc3\xb6m", ""),
        ("a.txt", "Bjørk-Ångström, Zoë".replace("Bjørk-", "Bjørk ").encode(), None),
        ("a.txt", b"xx" + base64.b64encode(ADDRESS.encode()), " › base64"),
        ("a.txt", ADDRESS.encode().hex().encode(), " › hexadecimal"),
        ("a.gz", gzip.compress(ADDRESS.encode(), mtime=0), " › unpacked"),
        (f"{ADDRESS}.txt", b"nothing", ""),
    ],
)
def test_people_are_found_in_every_form(
    tmp_path: Path, roster: Path, name: str, content: bytes, place: str | None
) -> None:
    result = one_file(tmp_path, roster, name, content)

    if place is None:
        assert {leak.what for leak in result.possible} == {"part of a name"}
    else:
        assert f"{name}{place}" in {leak.where for leak in result.found}
        assert {leak.whose for leak in result.found} == {"people.csv, row 1"}


def test_common_words_and_other_words_are_no_certain_leak(tmp_path: Path, roster: Path) -> None:
    text = b"The price is marked; Sales and Product; K407210, xzoe.bjorkx; mark the price."
    result = one_file(tmp_path, roster, "a.txt", text)

    assert result.found == ()
    assert {leak.what for leak in result.possible} == {"part of a name"}


def test_the_team_edition_may_name_those_who_agreed_alone(tmp_path: Path, roster: Path) -> None:
    page = f"<p>{NAME}, Mark Price, Tove Lindqvist, {ADDRESS}</p>".encode()
    found = one_file(tmp_path, roster, "team.html", page).found

    assert {(leak.what, leak.whose) for leak in found} == {
        ("name", "people.csv, row 2"),
        ("name", "people.csv, row 3"),
        ("address", "people.csv, row 1"),
    }


def test_one_name_among_pseudonyms_of_a_people_edition_is_found(run: Path, copy: Path) -> None:
    name = somebody(run).encode()
    with_member(
        copy / "people.zip",
        lambda member, content: content + name if member == "people.csv" else content,
    )

    assert told(audited(run, copy)) == {("name", "people.zip › people.csv")}


def test_an_address_in_an_edition_with_names_is_found(run: Path, copy: Path) -> None:
    line = (run / "exports" / "people.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    address = next(cell for cell in line.split(",") if "@" in cell).split(";")[0]
    graph = copy / "people.graphml"
    graph.write_bytes(graph.read_bytes() + f"<!-- {address} -->".encode())

    assert told(audited(run, copy)) == {("address", "people.graphml")}


def test_a_name_in_the_restricted_part_is_found(tmp_path: Path, roster: Path) -> None:
    restricted = tmp_path / "results" / "restricted"
    restricted.mkdir(parents=True, mode=0o700)
    pq.write_table(pa.table({"person": ["0" * 32], "note": [NAME]}), restricted / "people.parquet")
    (restricted / "people.parquet").chmod(0o600)

    result = audit(tmp_path / "results", people=roster)
    assert told(result) == {("name", "restricted/people.parquet › note")}


def test_the_store_is_looked_at_and_its_pseudonyms_are_known(run: Path, copy: Path) -> None:
    batch = copy / "restricted" / "store" / "0123456789abcdef-01234567"
    batch.mkdir(parents=True, mode=0o700)
    batch.parent.chmod(0o700)
    only_here = "0123456789abcdef" * 2
    pq.write_table(pa.table({"person": [only_here]}), batch / "people.parquet")
    (batch / "batch.json").write_text('{"exports": [{"name": "mail.mbox"}]}', encoding="utf-8")
    (batch / "digests-2026-03.bin").write_bytes(bytes(range(256)) * 8)
    (copy / "restricted" / ".lock").touch()
    for path in (*batch.iterdir(), copy / "restricted" / ".lock"):
        path.chmod(0o600)

    result = audited(run, copy)
    assert result.found == ()
    editions = dict(result.looked_at)
    assert {editions[f"restricted/store/{batch.name}/{one.name}"] for one in batch.iterdir()} == {
        "restricted"
    }

    (batch / "batch.json").write_text(f'{{"name": "{somebody(run)}.mbox"}}', encoding="utf-8")
    page = copy / "report.html"
    page.write_bytes(page.read_bytes() + f"<!-- {only_here[:12]} -->".encode())
    assert told(audited(run, copy)) == {
        ("name", f"restricted/store/{batch.name}/batch.json"),
        ("pseudonym", "report.html"),
    }


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_restricted_file_that_others_may_read_is_found(run: Path, copy: Path) -> None:
    (copy / "restricted" / "ties.parquet").chmod(0o644)

    assert told(audited(run, copy)) == {("file mode", "restricted/ties.parquet")}


def test_the_key_in_the_results_folder_is_found(run: Path, copy: Path) -> None:
    shutil.copy(run / "key", copy / "key")
    assert told(audited(run, copy)) == {("pseudonym key", "key")}


DEPARTMENTS = ("Engineering", "Legal", "Product", "Sales")
TIES = {
    ("Engineering", "Legal"): 12,
    ("Engineering", "Product"): 44,
    ("Engineering", "Sales"): 31,
    ("Legal", "Product"): 9,
    ("Legal", "Sales"): 27,
    ("Product", "Sales"): 38,
}


def figures(*withheld: tuple[str, str], **more: int) -> bytes:
    """Released figures with some pairs withheld, and totals of some departments."""
    return json.dumps(
        {
            "title": "Contact",
            "organisation": None,
            "policy": {"minimum_group": 5},
            "coverage": {"withheld_departments": 0},
            "departments": [
                {"name": name, "people": 20} | ({"ties": more[name]} if name in more else {})
                for name in DEPARTMENTS
            ],
            "pairs": [
                {
                    "group_a": a,
                    "group_b": b,
                    "ties": None if (a, b) in withheld else ties,
                    "expected": None,
                    "contact": None,
                    "reason": "complementary" if (a, b) in withheld else None,
                }
                for (a, b), ties in TIES.items()
            ],
        }
    ).encode()


def matrix(*withheld: tuple[str, str], totals: bool) -> str:
    lines = [["", *DEPARTMENTS, *(["Total"] if totals else [])]]
    for name in DEPARTMENTS:
        row = [name]
        for other in DEPARTMENTS:
            pair = (min(name, other), max(name, other))
            row.append("–" if name == other or pair in withheld else str(TIES[pair]))
        row += [str(sum(t for p, t in TIES.items() if name in p))] if totals else []
        lines.append(row)
    return "\n".join(",".join(line) for line in lines)


HIDDEN = ("Legal", "Product")
BESIDE = [("Engineering", "Legal"), ("Engineering", "Product")]


def withheld_found(tmp_path: Path, files: dict[str, bytes]) -> list[tuple[str, str]]:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    found = audit(tmp_path).found
    return [(leak.where, leak.whose) for leak in found if leak.what == "withheld number"]


def test_a_withheld_number_beside_a_total_is_worked_out(tmp_path: Path) -> None:
    files = {
        "diagnosis.json": figures(HIDDEN),
        "matrix.csv": matrix(HIDDEN, totals=True).encode(),
    }
    assert withheld_found(tmp_path, files) == [
        ("matrix.csv", "Legal – Product is withheld and must be 9")
    ]


def test_a_total_in_the_released_figures_gives_a_number_away(tmp_path: Path) -> None:
    files = {"diagnosis.json": figures(HIDDEN, Legal=48)}
    assert withheld_found(tmp_path, files) == [
        ("diagnosis.json", "Legal – Product is withheld and must be 9")
    ]


def test_a_triangle_of_withheld_numbers_is_no_protection_against_totals(tmp_path: Path) -> None:
    withheld = [HIDDEN, *BESIDE]
    files = {
        "diagnosis.json": figures(*withheld),
        "matrix.csv": matrix(*withheld, totals=True).encode(),
    }
    assert len(withheld_found(tmp_path, files)) == 3


def test_a_cycle_of_four_withheld_numbers_protects_them(tmp_path: Path) -> None:
    withheld = [HIDDEN, BESIDE[0], ("Product", "Sales"), ("Engineering", "Sales")]
    files = {
        "diagnosis.json": figures(*withheld),
        "matrix.csv": matrix(*withheld, totals=True).encode(),
    }
    assert withheld_found(tmp_path, files) == []


def test_nothing_is_worked_out_without_totals(tmp_path: Path) -> None:
    files = {
        "diagnosis.json": figures(HIDDEN),
        "matrix.csv": matrix(HIDDEN, totals=False).encode(),
    }
    assert withheld_found(tmp_path, files) == []


def test_a_number_withheld_in_one_output_and_shown_in_another_is_found(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>{a}</td><td>{b}</td><td>{t}</td></tr>" for (a, b), t in TIES.items())
    files = {
        "diagnosis.json": figures(HIDDEN),
        "report.html": f"<table>{rows}</table>".encode(),
    }
    assert withheld_found(tmp_path, files) == [
        ("report.html", "Legal – Product is withheld in diagnosis.json and shown here")
    ]


def required(**shown: int | None) -> bytes:
    """A table of required contact, with the target beside what there is."""
    rows = [f"{a},{b},0.2,{shown.get(a[0] + b[0], '')},4" for a, b in TIES]
    return "\n".join(["department,other_department,required,regular,target", *rows]).encode()


def test_required_contact_that_is_withheld_and_shown_in_another_output_is_found(
    tmp_path: Path,
) -> None:
    told = {"EL": 3, "EP": 4, "ES": 0, "LS": 4}
    links = [
        {"group_a": a, "group_b": b, "regular": told.get(a[0] + b[0]), "target": 4} for a, b in TIES
    ]
    model = json.loads(figures()) | {"requirements": {"links": links}}
    files = {"diagnosis.json": json.dumps(model).encode(), "requirements.csv": required(**told)}
    assert withheld_found(tmp_path, files) == []

    files["requirements.csv"] = required(**told, LP=2)
    assert withheld_found(tmp_path, files) == [
        (
            "requirements.csv",
            "Legal – Product: regular contact is withheld in diagnosis.json and shown here",
        )
    ]


def test_the_command_says_what_it_did_and_names_nobody(
    tmp_path: Path, roster: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = tmp_path / "results"
    results.mkdir()
    (results / "report.html").write_text("<p>nothing</p>", encoding="utf-8")

    assert main(["audit", str(results), "--people", str(roster)]) == 0
    said = capsys.readouterr().out
    assert "1 files were searched" in said
    assert "Nothing was found that should not be there." in said
    assert "Not searched: identities of the exports" in said

    (results / "report.html").write_text(f"<p>{NAME}</p>", encoding="utf-8")
    assert main(["audit", str(results), "--people", str(roster)]) == 1
    said = capsys.readouterr().out
    assert "report.html: name (people.csv, row 1)" in said
    assert "Zoë" not in said and ADDRESS not in said

    assert main(["audit", str(results), "--people", str(roster), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["leaks"][0]["what"] == "name"


def test_a_folder_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", str(tmp_path / "nowhere")]) == 1
    assert "nowhere: there is no such folder" in capsys.readouterr().err
