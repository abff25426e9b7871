"""What the page says beside findings and departments: a slide a section, with its first table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from orgnet_reports.blocks import Block, Bullets, Cell, Chart, Facts, Paragraph, Section, Table
from orgnet_reports.drawing.svg import text_width
from orgnet_reports.page import Page
from orgnet_reports.palette import step_ink
from orgnet_reports.sections.change import what_changed
from orgnet_reports.sections.communities import communities
from orgnet_reports.sections.requirements import required_contact
from orgnet_reports.sections.survey import what_the_survey_says
from orgnet_reports.sections.vertical import along_the_lines
from orgnet_reports.slides.canvas import BODY_WIDTH, BOTTOM, MARGIN, Box, Canvas, Grid
from orgnet_reports.slides.opening import plain

_SECTIONS: tuple[Callable[[Page], Section | None], ...] = (
    communities,
    required_contact,
    along_the_lines,
    what_changed,
    what_the_survey_says,
)

#: Of a table that is longer or wider, the first ones are shown, and the slide says so.
_ROWS, _COLUMNS = 10, 9

#: Of the letters in points; the rest in inches.
_SIZE, _PADDING, _TOP, _ROW = 12.0, 0.4, 1.6, 0.345


def further(page: Page, canvas: Canvas) -> None:
    """Add a slide for each further section that the page has."""
    for section_of in _SECTIONS:
        section = section_of(page)
        if section is not None:
            _slide(page, canvas, section)


def _slide(page: Page, canvas: Canvas, section: Section) -> None:
    chart = next((block for block in section.blocks if isinstance(block, Chart)), None)
    slide = canvas.slide(plain(chart.title if chart else section.title))
    table = next(_tables(section), None)
    top = _TOP
    said: list[str] = []
    if table is not None:
        shown = table.rows[:_ROWS]
        canvas.table(
            slide,
            _grid(table, shown),
            Box(left=MARGIN, top=top, width=BODY_WIDTH, height=_ROW * (len(shown) + 1)),
        )
        top += _ROW * (len(shown) + 1) + 0.15
        if len(shown) < len(table.rows) or len(table.columns) > _COLUMNS:
            said.append(page.say.plain("further.cut"))
    said = [*_sentences(section, noted=False), *said]
    if said:
        canvas.text(
            slide,
            said,
            Box(left=MARGIN, top=top, width=BODY_WIDTH, height=BOTTOM - top),
            sizes=(16, 14, 13, 12, 11, 10),
        )
    lead = [plain(section.lead)] if section.lead else []
    names = [plain(row[0].text) for row in table.rows[:_ROWS]] if table else []
    told = [page.say.plain("overview.full", names="; ".join(names))] if names else []
    canvas.notes(slide, [*lead, *_sentences(section, noted=True), *told])


def _tables(section: Section) -> Iterator[Table]:
    for block in section.blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Chart) and block.table is not None:
            yield block.table


def _sentences(section: Section, *, noted: bool) -> list[str]:
    """Return what a section says in words: its remarks, or everything else."""
    return [told for block in section.blocks for told in _words(block, noted=noted)]


def _words(block: Block, *, noted: bool) -> Iterator[str]:
    if isinstance(block, Paragraph):
        if noted == (block.tone == "note"):
            yield plain(block.text)
    elif isinstance(block, Facts) and not noted:
        yield " · ".join(f"{plain(name)}: {plain(value)}" for name, value in block.items)
    elif isinstance(block, Bullets) and not noted:
        yield from (plain(item) for item in block.items)


def _grid(table: Table, rows: tuple[tuple[Cell, ...], ...]) -> Grid:
    columns = tuple(plain(column) for column in table.columns[:_COLUMNS])
    texts = tuple(tuple(plain(cell.text) for cell in row[: len(columns)]) for row in rows)
    return Grid(
        columns=columns,
        rows=texts,
        widths=_widths(columns, texts),
        told=plain(table.caption),
        numbers=frozenset(at for at in table.numbers if at < len(columns)),
        fills={
            (at, place): fill
            for at, row in enumerate(rows)
            for place, cell in enumerate(row[: len(columns)])
            if (fill := _fill(cell.css))
        },
        size=_SIZE,
    )


def _widths(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> tuple[float, ...]:
    """Share the slide out by the longest text of each column."""
    longest = [
        max(text_width(row[at], _SIZE) for row in (columns, *rows)) / 72 + _PADDING
        for at in range(len(columns))
    ]
    scale = BODY_WIDTH / sum(longest)
    return tuple(width * scale for width in longest)


def _fill(css: str) -> tuple[str, str] | None:
    step = next((word for word in css.split() if word.startswith("step-")), None)
    return (step, step_ink(int(step.removeprefix("step-")))) if step else None
