"""The report as a PDF: the browser that is found, and the file that it prints."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import os
import re
import sys
from pathlib import Path
from typing import Any

import pypdf
import pytest

from orgnet.errors import OrgnetError
from orgnet.report_model import Report
from orgnet_reports.html import Html
from orgnet_reports.pdf.browser import BROWSER, installed_browser, printed
from orgnet_reports.pdf.document import Pdf, for_paper, sealed
from report_models import hostile, organisation
from support import printing_browser

PROGRAM = "{}.exe" if sys.platform == "win32" else "{}"


@pytest.fixture(scope="module")
def browser() -> Path:
    return printing_browser()


@pytest.fixture(scope="module")
def content(browser: Path) -> bytes:
    return Pdf().render(organisation(100, 6))


@pytest.fixture(scope="module")
def document(content: bytes) -> Any:
    return pypdf.PdfReader(io.BytesIO(content))


def program(folder: Path, name: str) -> Path:
    file = folder / PROGRAM.format(name)
    file.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    file.chmod(0o700)
    return file


def text_of(document: Any) -> str:
    return " ".join(" ".join(page.extract_text() for page in document.pages).split())


def test_pdf_is_a_report():
    assert isinstance(Pdf(), Report)
    assert (Pdf.name, Pdf.file_name) == ("pdf", "report.pdf")


@pytest.mark.parametrize("name", ["chromium", "google-chrome", "msedge"])
def test_a_browser_on_the_path_is_found(tmp_path: Path, name: str):
    file = program(tmp_path, name)
    assert installed_browser({"PATH": str(tmp_path)}) == file


def test_edge_is_found_where_windows_keeps_programs(tmp_path: Path):
    file = tmp_path / "Microsoft" / "Edge" / "Application" / "msedge.exe"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"")
    assert installed_browser({"PATH": "", "PROGRAMFILES(X86)": str(tmp_path)}) == file


def test_the_browser_that_the_reader_names_comes_first(tmp_path: Path):
    program(tmp_path, "chromium")
    chosen = program(tmp_path, "my-browser")
    assert installed_browser({"PATH": str(tmp_path), BROWSER: str(chosen)}) == chosen


def test_a_named_browser_that_is_none_is_told(tmp_path: Path):
    with pytest.raises(OrgnetError, match="ORGNET_BROWSER names 'no-browser', which is no program"):
        installed_browser({"PATH": str(tmp_path), BROWSER: str(tmp_path / "no-browser")})


@pytest.mark.skipif(sys.platform == "darwin", reason="its usual folders may hold a browser")
def test_without_a_browser_the_message_says_what_to_install_and_what_else_to_do(tmp_path: Path):
    with pytest.raises(OrgnetError, match=r"Chromium, Chrome or Edge.*or open report\.html"):
        installed_browser({"PATH": str(tmp_path)})


@pytest.mark.skipif(sys.platform == "win32", reason="needs a script that runs as a program")
def test_a_browser_that_prints_nothing_is_told(tmp_path: Path):
    with pytest.raises(OrgnetError, match="silent printed nothing; it may be too old"):
        printed(b"<!doctype html>", program(tmp_path, "silent"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs a script that runs as a program")
def test_the_browser_gets_a_profile_of_its_own_and_no_network(tmp_path: Path):
    given = tmp_path / "given.txt"
    file = tmp_path / "spy"
    file.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{given}"\n', encoding="utf-8")
    file.chmod(0o700)
    with pytest.raises(OrgnetError, match="printed nothing"):
        printed(b"<!doctype html>", file)
    words = given.read_text(encoding="utf-8").splitlines()
    assert {"--headless=new", "--disable-background-networking", "--export-tagged-pdf",
            "--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer",
            } <= set(words)  # fmt: skip
    assert ("--no-sandbox" in words) == (os.geteuid() == 0)
    (profile,) = [word.split("=", 1)[1] for word in words if word.startswith("--user-data-dir=")]
    assert not Path(profile).parent.exists()


def test_the_style_for_paper_is_allowed_by_the_page_and_nothing_else_is_loosened():
    page = Html().render(organisation(100, 6))
    changed = for_paper(page)
    (style,) = set(re.findall(b"<style>(.*?)</style>", changed, re.DOTALL)) - set(
        re.findall(b"<style>(.*?)</style>", page, re.DOTALL)
    )
    digest = base64.b64encode(hashlib.sha256(style).digest())
    assert f"style-src 'sha256-{digest.decode()}' 'sha256-" in html.unescape(changed.decode())
    assert b"unsafe" not in changed.split(b"</head>")[0].split(b"<style>")[0]
    assert style.startswith(b"@page{size:A4}")


def test_sealing_keeps_every_length_so_that_the_parts_are_found():
    before = b"/Producer (Skia/PDF m150) /CreationDate (D:20261122081500+00'00') /ModDate (D:2026)"
    after = sealed(before, day="2026-05-26")
    assert len(after) == len(before)
    assert after.startswith(b"/Producer (orgnet       ) /CreationDate (D:20260526000000+00'00')")


@pytest.mark.browser
def test_the_pdf_is_a4_tagged_and_has_bookmarks_and_a_language(document: Any):
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert document.outline
    for page in document.pages:
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)


@pytest.mark.browser
def test_the_pdf_holds_the_findings_and_the_method(document: Any):
    text = text_of(document)
    for finding in organisation(100, 6).findings[:3]:
        assert finding.headline in text
    for heading in ("What stands out", "Method and limits", "Words used"):
        assert heading in text


@pytest.mark.browser
def test_the_properties_name_the_report_and_its_day_and_no_machine(document: Any, content: bytes):
    told = {name: str(value).strip() for name, value in document.metadata.items()}
    assert told == {
        "/Title": "How we work together",
        "/Creator": "orgnet",
        "/Producer": "orgnet",
        "/CreationDate": "D:20260526000000+00'00'",
        "/ModDate": "D:20260526000000+00'00'",
    }
    assert b"file:///" not in content and b"HeadlessChrome" not in content


@pytest.mark.browser
def test_the_same_model_gives_the_same_bytes(content: bytes):
    assert Pdf().render(organisation(100, 6)) == content


@pytest.mark.browser
def test_the_pdf_can_be_mailed(content: bytes):
    assert len(content) < 5_000_000


@pytest.mark.browser
def test_hostile_names_print_as_text_without_anything_active(browser: Path):
    content = Pdf().render(hostile())
    document = pypdf.PdfReader(io.BytesIO(content))
    assert "</script><img src=x onerror=alert(1)>" in text_of(document)
    assert b"/JavaScript" not in content and b"/Launch" not in content
    assert b"evil.example" not in b"".join(re.findall(rb"/URI \([^)]*\)", content))
