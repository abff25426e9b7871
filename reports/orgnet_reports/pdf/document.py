"""The groups edition on paper: the very page, printed."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import ClassVar

from orgnet.report_model import ReportModel
from orgnet_reports.html import Html
from orgnet_reports.pdf.browser import installed_browser, printed

_PAPER = b"@page{size:A4}"

_DATE = re.compile(rb"(/(?:CreationDate|ModDate)\s*\()(D:[^)]*)(\))")
_PRODUCER = re.compile(rb"(/Producer\s*\()([^)\\]*)(\))")


class Pdf:
    """Writes ``report.pdf``."""

    name: ClassVar[str] = "pdf"
    title: ClassVar[str] = "The report as a PDF; needs Chromium, Chrome or Edge"
    file_name: ClassVar[str] = "report.pdf"

    def render(self, model: ReportModel) -> bytes:
        """Return the PDF; the same model and browser give the same bytes.

        Raises
        ------
        OrgnetError
            If no browser is installed, or it cannot print.
        """
        browser = installed_browser()
        return sealed(printed(for_paper(Html().render(model)), browser), day=model.run_date)


def for_paper(page: bytes) -> bytes:
    """Return the page with A4 as its paper, allowed by its security policy.

    Without a size a browser takes the paper of the country it believes to be in, so the same report
    would differ between two computers.
    """
    digest = base64.b64encode(hashlib.sha256(_PAPER).digest())
    allowed = page.replace(b"style-src ", b"style-src 'sha256-%s' " % digest, 1)
    return allowed.replace(b"</head>", b"<style>%s</style></head>" % _PAPER, 1)


def sealed(content: bytes, *, day: str) -> bytes:
    r"""Return a PDF whose properties tell the report's day and nothing of the machine.

    Every replacement is as long as what it replaces, because a PDF finds its parts by position.

    Examples
    --------
    >>> sealed(b"/CreationDate (D:20260526071530+02'00')", day="2026-03-02")
    b"/CreationDate (D:20260302000000+00'00')"
    """
    digits = re.sub(r"\D", "", day)[:8]
    stamp = f"D:{digits:0<8}000000+00'00'".encode()

    def dated(found: re.Match[bytes]) -> bytes:
        return found[1] + stamp[: len(found[2])].ljust(len(found[2])) + found[3]

    def unnamed(found: re.Match[bytes]) -> bytes:
        return found[1] + b"orgnet"[: len(found[2])].ljust(len(found[2])) + found[3]

    return _PRODUCER.sub(unnamed, _DATE.sub(dated, content))
