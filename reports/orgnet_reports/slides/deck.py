"""The deck: title, what stands out, a finding a slide, the evidence, further sections, method."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any, ClassVar

from orgnet.errors import OrgnetError
from orgnet.report_model import ReportModel
from orgnet_reports.group_tables.opening import opened
from orgnet_reports.page import Page
from orgnet_reports.slides.package import sealed

_NO_DAY = "1980-01-01"


class Slides:
    """Writes ``report.pptx``."""

    name: ClassVar[str] = "slides"
    title: ClassVar[str] = "One finding a slide, with charts and tables to edit in PowerPoint"
    file_name: ClassVar[str] = "report.pptx"

    def render(self, model: ReportModel) -> bytes:
        """Return the presentation; the same model gives the same bytes.

        Raises
        ------
        OrgnetError
            If python-pptx is not installed.
        """
        try:
            import pptx  # noqa: F401
        except ImportError as error:
            raise OrgnetError(
                "slides need python-pptx, which is not installed; "
                "run: pip install 'orgnet-ona[slides]'"
            ) from error
        from orgnet_reports.slides.canvas import Canvas
        from orgnet_reports.slides.closing import closing
        from orgnet_reports.slides.evidence import evidence
        from orgnet_reports.slides.findings import findings
        from orgnet_reports.slides.further import further
        from orgnet_reports.slides.opening import footer, opening

        page = opened(model, "orgnet_reports.slides")
        canvas = Canvas(model.language)
        for tell in (opening, findings, evidence, further, closing):
            tell(page, canvas)
        slides = canvas.presentation.slides
        for number, slide in enumerate(slides, start=1):
            canvas.footer(slide, footer(page), number)
        day = _day(page.model.run_date)
        _say_of_itself(canvas.presentation.core_properties, page, day)
        target = io.BytesIO()
        canvas.presentation.save(target)
        return sealed(target.getvalue(), day=day)


def _day(run_date: str) -> str:
    try:
        return datetime.fromisoformat(run_date[:10]).date().isoformat()
    except ValueError:
        return _NO_DAY


def _say_of_itself(properties: Any, page: Page, day: str) -> None:
    """Set the file's properties: the report's title and day, and no user."""
    properties.title = page.model.title[:255]
    properties.subject = page.say.plain("header.kicker.plain")
    properties.author = ""
    properties.last_modified_by = ""
    properties.keywords = ""
    properties.comments = ""
    properties.category = ""
    properties.language = page.model.language
    properties.revision = 1
    properties.created = properties.modified = datetime.fromisoformat(day)
