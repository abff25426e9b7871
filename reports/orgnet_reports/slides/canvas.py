"""One presentation being made: its format, and the few things that stand on a slide.

All places are in inches on a slide of 13.333 by 7.5. Text is fitted by our own measure, because
programs shrink it on opening only where somebody edits it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from msgspec import Struct, field
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from orgnet_reports.palette import LIGHT
from orgnet_reports.slides.chart_sheet import chart_sheet
from orgnet_reports.slides.fitting import fitted, reads_right_to_left

WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.6
BODY_WIDTH = WIDTH - 2 * MARGIN

#: Where the content of a slide begins below its title, and where the footer begins.
TOP, BOTTOM = 1.75, 6.95

#: Layouts of python-pptx's template that are kept: title slide, and title only.
_TITLE_SLIDE, _TITLE_ONLY = 0, 5

_THEME = {
    "dk2": "ink", "lt2": "raised", "accent1": "accent", "accent2": "fewer", "accent3": "edge",
    "accent4": "step-7", "accent5": "step-3", "accent6": "soft", "hlink": "accent",
    "folHlink": "soft",
}  # fmt: skip


class Box(Struct, frozen=True, kw_only=True):
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float


class Bars(Struct, frozen=True, kw_only=True):
    """A chart of horizontal bars: one value a label, shown with the digits of `form`.

    `marked` are the positions drawn in the second colour. Labels are short; `told` is the text
    for those who do not see the chart.
    """

    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    series: str
    form: str
    told: str
    marked: frozenset[int] = frozenset()
    upright: bool = False


class Grid(Struct, frozen=True, kw_only=True):
    """A table: headings, rows of finished text, widths in inches, and how cells look.

    `numbers` are the columns set to the right; `fills` colour of a cell and of its text by
    position. Names too long for their cell are cut, and told in full in the notes.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    told: str
    numbers: frozenset[int] = frozenset()
    bold: frozenset[tuple[int, int]] = frozenset()
    fills: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    size: float = 13
    lines: int = 1


class Canvas:
    """A presentation of 16:9 with our colours and without anything about who made it.

    Parameters
    ----------
    language
        Of all text, for proofing and for screen readers.
    """

    def __init__(self, language: str) -> None:
        self.presentation: Any = Presentation()
        self._language = language
        self._prepare()

    def slide(self, title: str, *, opening: bool = False) -> Any:
        """Return a new slide with its title; every slide has one, for those who listen."""
        layouts = self.presentation.slide_layouts
        slide = self.presentation.slides.add_slide(layouts[0 if opening else 1])
        sizes = (44, 38, 32, 28, 24) if opening else (30, 26, 22, 18)
        (text,), size = fitted(
            [title or " "],
            width=BODY_WIDTH - 0.2,
            height=1.9 if opening else 0.95,
            sizes=sizes,
        )
        frame = slide.shapes.title.text_frame
        frame.auto_size = MSO_AUTO_SIZE.NONE
        self._paragraph(frame.paragraphs[0], text, size=size, bold=True)
        for shape in list(slide.placeholders):
            if shape.placeholder_format.idx != 0:
                shape._element.getparent().remove(shape._element)
        return slide

    def text(
        self,
        slide: Any,
        paragraphs: Sequence[str],
        box: Box,
        *,
        sizes: Sequence[float] = (18, 16, 14, 12),
        colour: str = "ink",
        bold: bool = False,
        name: str = "Text",
    ) -> None:
        """Write paragraphs into a box at the largest size that fits."""
        shown, size = fitted(
            paragraphs, width=box.width - 0.2, height=box.height - 0.1, sizes=sizes, gap=0.4
        )
        frame = self._frame(slide, box, name)
        for at, text in enumerate(shown):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            if at:
                paragraph.space_before = Pt(size * 0.4)
            self._paragraph(paragraph, text, size=size, bold=bold, colour=colour)

    def labelled(
        self,
        slide: Any,
        items: Sequence[tuple[str, str]],
        box: Box,
        *,
        sizes: Sequence[float] = (16, 15, 14, 13, 12, 11),
        name: str = "Text",
    ) -> None:
        """Write texts with a small heading above each, all at one size."""
        shown, size = fitted(
            [text for item in items for text in item],
            width=box.width - 0.2,
            height=box.height - 0.1,
            sizes=sizes,
            gap=0.35,
        )
        frame = self._frame(slide, box, name)
        for at, text in enumerate(shown):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            heading = at % 2 == 0
            if at:
                paragraph.space_before = Pt(size * (0.6 if heading else 0.1))
            self._paragraph(
                paragraph, text, size=size, bold=heading, colour="soft" if heading else "ink"
            )

    def table(self, slide: Any, grid: Grid, box: Box) -> None:
        """Set a native table; a row is as tall as its lines ask for."""
        row_height = grid.size * 1.22 * grid.lines / 72 + 0.12
        height = row_height * (len(grid.rows) + 1)
        shape = slide.shapes.add_table(
            len(grid.rows) + 1,
            len(grid.columns),
            Inches(box.left),
            Inches(box.top),
            Inches(sum(grid.widths)),
            Inches(height),
        )
        shape.name = "Table"
        _describe(shape, grid.told)
        table = shape.table
        _plain_style(table)
        for at, width in enumerate(grid.widths):
            table.columns[at].width = Inches(width)
        for row in table.rows:
            row.height = Inches(row_height)
        for at, heading in enumerate(grid.columns):
            self._cell(table.cell(0, at), grid, at, heading, fill="node", heading=True)
        for row, texts in enumerate(grid.rows):
            for at, text in enumerate(texts):
                fill, ink = grid.fills.get((row, at), ("paper", "ink"))
                self._cell(
                    table.cell(row + 1, at), grid, at, text, fill=fill, ink=ink,
                    heading=at == 0 or (row, at) in grid.bold,
                )  # fmt: skip

    def bars(self, slide: Any, bars: Bars, box: Box) -> None:
        """Set a native chart that can be edited, with its numbers beside the bars."""
        data = CategoryChartData(number_format=bars.form)
        data.categories = list(bars.labels)
        data.add_series(bars.series, bars.values)
        kind = XL_CHART_TYPE.COLUMN_CLUSTERED if bars.upright else XL_CHART_TYPE.BAR_CLUSTERED
        shape = slide.shapes.add_chart(
            kind, Inches(box.left), Inches(box.top), Inches(box.width), Inches(box.height), data
        )
        shape.name = "Chart"
        shape.chart.part.chart_workbook.update_from_xlsx_blob(
            chart_sheet(labels=bars.labels, values=bars.values, series=bars.series, form=bars.form)
        )
        _describe(shape, bars.told)
        self._dress(shape.chart, bars)

    def notes(self, slide: Any, paragraphs: Sequence[str]) -> None:
        """Write the speaker's notes."""
        slide.notes_slide.notes_text_frame.text = "\n".join(text for text in paragraphs if text)

    def footer(self, slide: Any, text: str, number: int) -> None:
        """Write the line below every slide: whose figures, of when, and the slide's number."""
        (shown,), size = fitted([text], width=BODY_WIDTH - 1.2, height=0.25, sizes=(11, 10))
        frame = self._frame(
            slide, Box(left=MARGIN, top=7.0, width=BODY_WIDTH - 1, height=0.32), "Footer"
        )
        self._paragraph(frame.paragraphs[0], shown, size=size, colour="soft")
        box = Box(left=WIDTH - MARGIN - 0.9, top=7.0, width=0.9, height=0.32)
        paragraph = self._frame(slide, box, "Slide number").paragraphs[0]
        self._paragraph(paragraph, str(number), size=11, colour="soft")
        paragraph.alignment = PP_ALIGN.RIGHT

    def _prepare(self) -> None:
        show = self.presentation
        show.slide_width, show.slide_height = Emu(12_192_000), Emu(6_858_000)
        kept = (_TITLE_SLIDE, _TITLE_ONLY)
        for at, layout in reversed(list(enumerate(show.slide_layouts))):
            if at not in kept:
                show.slide_layouts.remove(layout)
        for frame in (show.slide_master, *show.slide_layouts):
            _widen(frame)
        opening, plain = show.slide_layouts
        for frame in (show.slide_master, plain):
            _place_title(frame, Box(left=MARGIN, top=0.72, width=BODY_WIDTH, height=1.0))
        _place_title(opening, Box(left=MARGIN, top=1.5, width=BODY_WIDTH, height=2.0))
        for relation, related in list(show.part.package._rels.items()):
            if related.reltype.endswith("/thumbnail"):
                show.part.package._rels.pop(relation)
        for relation, related in list(show.part.rels.items()):
            if related.reltype.endswith("/printerSettings"):
                show.part.rels.pop(relation)
        _colour_theme(show.slide_master)

    def _frame(self, slide: Any, box: Box, name: str) -> Any:
        shape = slide.shapes.add_textbox(
            Inches(box.left), Inches(box.top), Inches(box.width), Inches(box.height)
        )
        shape.name = name
        frame = shape.text_frame
        frame.word_wrap = True
        frame.auto_size = MSO_AUTO_SIZE.NONE
        return frame

    def _paragraph(
        self, paragraph: Any, text: str, *, size: float, bold: bool = False, colour: str = "ink"
    ) -> None:
        paragraph.alignment = PP_ALIGN.LEFT
        if reads_right_to_left(text):
            paragraph._p.get_or_add_pPr().set("rtl", "1")
        run = paragraph.add_run()
        run.text = text
        run.font.size = Pt(size)
        run.font.bold = bold
        run.font.color.rgb = _colour(colour)
        run._r.get_or_add_rPr().set("lang", self._language)

    def _cell(
        self,
        cell: Any,
        grid: Grid,
        at: int,
        text: str,
        *,
        fill: str,
        ink: str = "ink",
        heading: bool = False,
    ) -> None:
        room = grid.widths[at] - 0.22
        height = grid.size * 1.23 * grid.lines / 72
        (shown,), size = fitted(
            [text or " "],
            width=room,
            height=height,
            sizes=[grid.size - less for less in range(4)],
        )
        cell.fill.solid()
        cell.fill.fore_color.rgb = _colour(fill)
        cell.margin_left = cell.margin_right = Inches(0.1)
        cell.margin_top = cell.margin_bottom = Inches(0.03)
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        paragraph = cell.text_frame.paragraphs[0]
        self._paragraph(paragraph, shown.strip(), size=size, bold=heading, colour=ink)
        if at in grid.numbers:
            paragraph.alignment = PP_ALIGN.RIGHT

    def _dress(self, chart: Any, bars: Bars) -> None:
        chart.has_legend = False
        chart.has_title = False
        chart.font.size = Pt(13)
        chart.font.color.rgb = _colour("ink")
        plot = chart.plots[0]
        plot.gap_width = 45
        plot.vary_by_categories = False
        plot.has_data_labels = True
        labels = plot.data_labels
        labels.number_format = bars.form
        labels.number_format_is_linked = False
        labels.position = XL_LABEL_POSITION.OUTSIDE_END
        labels.show_value = True
        chart.value_axis.visible = False
        chart.value_axis.has_major_gridlines = False
        chart.value_axis.minimum_scale = 0
        chart.category_axis.has_major_gridlines = False
        chart.category_axis.format.line.color.rgb = _colour("edge")
        # Programs leave every other label out where they think them crowded.
        skip = chart.category_axis._element.makeelement(qn("c:tickLblSkip"), {"val": "1"})
        chart.category_axis._element.find(qn("c:lblOffset")).addnext(skip)
        chart.category_axis.tick_labels.font.size = Pt(11 if len(bars.labels) > 8 else 13)
        if not bars.upright:
            chart.category_axis.reverse_order = True
        series = plot.series[0]
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _colour("step-7")
        for at in sorted(bars.marked):
            point = series.points[at].format.fill
            point.solid()
            point.fore_color.rgb = _colour("fewer")


def _colour(name: str) -> Any:
    return RGBColor.from_string(LIGHT[name].lstrip("#").upper())


def _describe(shape: Any, told: str) -> None:
    shape._element.xpath("./p:nvGraphicFramePr/p:cNvPr")[0].set("descr", told)


def _plain_style(table: Any) -> None:
    """Take the bands of the template's style away: cells bring their own colours."""
    table.horz_banding = False
    table.first_row = True


def _widen(frame: Any) -> None:
    """Stretch what the template places on slides of 4:3 to 16:9."""
    for shape in frame.placeholders:
        if shape._element.xpath(".//a:xfrm"):
            shape.left = Emu(round(shape.left * 4 / 3))
            shape.width = Emu(round(shape.width * 4 / 3))


def _place_title(frame: Any, box: Box) -> None:
    for shape in frame.placeholders:
        if shape.placeholder_format.idx == 0:
            shape.left, shape.top = Inches(box.left), Inches(box.top)
            shape.width, shape.height = Inches(box.width), Inches(box.height)
            shape.text_frame.vertical_anchor = MSO_ANCHOR.TOP
            style = shape._element.find(qn("p:txBody"))
            body = style.find(qn("a:bodyPr"))
            for shrinking in list(body):
                body.remove(shrinking)


def _colour_theme(master: Any) -> None:
    """Give charts and tables that somebody adds the colours of the report."""
    theme = next(
        relation.target_part
        for relation in master.part.rels.values()
        if relation.reltype.endswith("/theme")
    )
    blob = theme.blob.decode("utf-8")
    for slot, name in _THEME.items():
        value = LIGHT[name].lstrip("#").upper()
        blob = re.sub(
            rf'(<a:{slot}>)<a:srgbClr val="[0-9A-Fa-f]{{6}}"/>',
            rf'\1<a:srgbClr val="{value}"/>',
            blob,
        )
    theme._blob = blob.encode("utf-8")
