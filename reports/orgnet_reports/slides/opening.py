"""The first slides: what this is about and how much was seen, then all findings at once."""

from __future__ import annotations

from markupsafe import Markup

from orgnet.report_model import Finding
from orgnet_reports.blocks import Bullets, Command, Paragraph, Text
from orgnet_reports.drawing.svg import shorten
from orgnet_reports.page import Page
from orgnet_reports.sections.findings import findings as findings_of_the_page
from orgnet_reports.sections.header import facts, kicker, standfirst
from orgnet_reports.slides.canvas import BODY_WIDTH, MARGIN, TOP, Box, Canvas, Grid
from orgnet_reports.slides.fitting import in_sentence

#: So many findings have a slide of their own; the others are in the report and the workbook.
MOST_FINDINGS = 10

#: The most that a name may take of a headline, in em.
_NAME_WIDTH = 24.0


def opening(page: Page, canvas: Canvas) -> None:
    """Add the title slide and the summary."""
    _title(page, canvas)
    _summary(page, canvas)


def footer(page: Page) -> str:
    """Return the line below every slide."""
    text, model = page.say.plain, page.model
    period = (
        page.figures.span(model.period.first, model.period.last)
        if model.period.first
        else text("header.no_period")
    )
    if model.organisation:
        return text("footer_named", organisation=model.organisation, period=period)
    return text("footer", title=model.title, period=period)


def headline(finding: Finding) -> str:
    """Return a finding's headline; names that would crowd the sentence out are cut."""
    sentence = finding.headline
    for name in sorted(finding.subject, key=len, reverse=True):
        sentence = sentence.replace(name, shorten(name, _NAME_WIDTH, 1))
    return in_sentence(sentence, finding.subject)


def plain(text: Text) -> str:
    """Return what a page says as text without its links."""
    return text.striptags() if isinstance(text, Markup) else str(text)


def _title(page: Page, canvas: Canvas) -> None:
    slide = canvas.slide(page.model.title, opening=True)
    canvas.text(
        slide,
        [plain(kicker(page))],
        Box(left=MARGIN, top=0.95, width=BODY_WIDTH, height=0.5),
        sizes=(18, 16, 14),
        colour="soft",
        name="Kind of report",
    )
    canvas.text(
        slide,
        [plain(standfirst(page))],
        Box(left=MARGIN, top=3.5, width=BODY_WIDTH, height=0.9),
        sizes=(22, 20, 18, 16),
        name="Summary",
    )
    shown = [(plain(name), plain(value)) for name, value in facts(page).items]
    left, right = shown[:3], shown[3:]
    half = BODY_WIDTH / 2
    for items, start in ((left, MARGIN), (right, MARGIN + half)):
        box = Box(left=start, top=4.5, width=half, height=2.45)
        canvas.labelled(slide, items, box, sizes=(13, 12, 11, 10), name="Facts")
    canvas.notes(slide, [plain(page.say("findings.caution"))])


def _summary(page: Page, canvas: Canvas) -> None:
    text, found = page.say.plain, page.model.findings
    slide = canvas.slide(text(f"findings.title.{page.model.mode}"))
    body = Box(left=MARGIN, top=TOP, width=BODY_WIDTH, height=4.9)
    if not found or page.model.mode != "full":
        canvas.text(slide, _statements(page), body, sizes=(24, 20, 18, 16, 14))
        canvas.notes(slide, [text("findings.caution")])
        return
    shown = found[:MOST_FINDINGS]
    grid = Grid(
        columns=tuple(
            text(f"summary.{name}") for name in ("number", "finding", "kind", "confidence")
        ),
        rows=tuple(
            (
                str(number),
                headline(item),
                text(f"finding.topic.{item.kind}"),
                text(f"confidence.{item.confidence}"),
            )
            for number, item in enumerate(shown, start=1)
        ),
        widths=(0.7, 7.93, 1.8, 1.7),
        told=text("summary.told"),
        numbers=frozenset({0}),
        size=17,
    )
    canvas.table(slide, grid, body)
    if rest := len(found) - len(shown):
        canvas.text(
            slide,
            [text(f"summary.rest.{'one' if rest == 1 else 'other'}", count=rest)],
            Box(left=MARGIN, top=6.35, width=BODY_WIDTH, height=0.4),
            sizes=(14, 13, 12),
            colour="soft",
        )
    canvas.notes(slide, [text("findings.caution"), *(item.headline for item in shown)])


def _statements(page: Page) -> list[str]:
    """Return what the page says where it has no cards, paragraph by paragraph."""
    told: list[str] = []
    for block in findings_of_the_page(page).blocks:
        if isinstance(block, Paragraph):
            told.append(plain(block.text))
        elif isinstance(block, Command):
            told.append(block.text)
        elif isinstance(block, Bullets):
            told += [plain(item) for item in block.items]
    return told
