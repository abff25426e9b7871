"""One finding a slide: the sentence, its numbers as chart and table, how sure, what to ask."""

from __future__ import annotations

from typing import Any

from orgnet.report_model import Department, Finding, Pair
from orgnet_reports.drawing.svg import shorten
from orgnet_reports.figures import Figures, Formatter
from orgnet_reports.group_tables.tables import pair_note
from orgnet_reports.page import Page
from orgnet_reports.slides.canvas import BODY_WIDTH, MARGIN, TOP, Bars, Box, Canvas, Grid
from orgnet_reports.slides.fitting import in_sentence
from orgnet_reports.slides.opening import MOST_FINDINGS, headline

#: A chart of openness shows at most so many departments: the silo and the least open others.
_MOST_BARS = 10

_LABEL_WIDTH, _LABEL_SIZE = 190.0, 13.0

_TEXT = Box(left=8.0, top=2.65, width=BODY_WIDTH + MARGIN - 8.0, height=2.95)
_CHART = Box(left=MARGIN, top=3.0, width=7.1, height=2.6)
_TABLE_TOP = 5.78


def findings(page: Page, canvas: Canvas) -> None:
    """Add a slide for each of the first findings."""
    if page.model.mode == "full":
        for finding in page.model.findings[:MOST_FINDINGS]:
            _slide(page, canvas, finding)


def shown_value(figures: Figures, form: Formatter, value: float | None) -> float | None:
    """Return a number as it is printed, so that no program rounds it another way.

    Examples
    --------
    >>> from orgnet.words import Words
    >>> figures = Figures(Words({}))
    >>> shown_value(figures, figures.expected, 94.5)
    94.0
    >>> shown_value(figures, figures.fine_ratio, 0.125)
    0.12
    """
    if value is None:
        return None
    digits = 0 if form == figures.count else 1 if form == figures.expected else 2
    wide = abs(value) >= 9.95 and form in (figures.expected, figures.fine_ratio)
    return round(value, 0 if wide else digits)


def bar_label(name: str) -> str:
    """Return a department's name as it stands beside a bar, cut where it is long."""
    return shorten(name, _LABEL_WIDTH, _LABEL_SIZE)


def _slide(page: Page, canvas: Canvas, finding: Finding) -> None:
    text, names = page.say.plain, finding.subject
    slide = canvas.slide(headline(finding))
    topic = text(f"finding.topic.{finding.kind}")
    canvas.text(
        slide, [topic], Box(left=MARGIN, top=0.35, width=BODY_WIDTH, height=0.38),
        sizes=(14,), colour="accent", bold=True, name="Kind",
    )  # fmt: skip
    canvas.text(
        slide, [in_sentence(finding.statement, names)],
        Box(left=MARGIN, top=TOP, width=BODY_WIDTH, height=0.85),
        sizes=(20, 18, 16, 14, 12), name="Statement",
    )  # fmt: skip
    drawn = _evidence(page, canvas, slide, finding)
    words = _TEXT if drawn else Box(left=MARGIN, top=2.65, width=BODY_WIDTH, height=2.95)
    canvas.labelled(
        slide,
        [
            (
                text("finding.confidence_label"),
                text(
                    "finding.confidence",
                    word=text(f"confidence.{finding.confidence}"),
                    reason=in_sentence(finding.confidence_reason, names),
                ),
            ),
            (text("finding.alternative_label"), in_sentence(finding.alternative, names)),
            (text("finding.question_label"), in_sentence(finding.question, names)),
        ],
        words,
        sizes=(16, 15, 14, 13, 12, 11) if drawn else (20, 18, 16, 14, 12, 11),
        name="How sure and what to ask",
    )
    canvas.notes(
        slide,
        [
            finding.headline,
            finding.statement,
            text(f"method.{finding.kind}"),
            *(
                [text("bottlenecks.privacy")]
                if finding.kind == "bottleneck"
                else [text("method.expected")]
            ),
            text("method.confidence"),
        ],
    )


def _evidence(page: Page, canvas: Canvas, slide: Any, finding: Finding) -> bool:
    """Set chart and table of a finding; return whether there is a chart."""
    if finding.kind == "silo":
        group = next((g for g in page.model.departments if g.name == finding.subject[0]), None)
        return group is not None and _silo(page, canvas, slide, group)
    pair = next(
        (p for p in page.model.pairs if {p.group_a, p.group_b} == set(finding.subject)), None
    )
    if finding.kind == "bottleneck":
        _bottleneck(page, canvas, slide, finding)
        return False
    return pair is not None and _weak_link(page, canvas, slide, pair)


def _silo(page: Page, canvas: Canvas, slide: Any, group: Department) -> bool:
    text, figures = page.say.plain, page.figures
    columns = ("department", "people", "inside", "expected", "openness", "range")
    row = (
        group.name,
        figures.count(group.people),
        figures.share(group.share_inside),
        figures.share(group.expected_inside),
        figures.fine_ratio(group.openness),
        figures.interval(group.low, group.high, figures.fine_ratio),
    )
    grid = Grid(
        columns=tuple(text(f"silos.table.{name}") for name in columns),
        rows=(row,),
        widths=(4.13, 1.4, 1.7, 1.7, 1.4, 1.8),
        told=text("table.finding_told"),
        numbers=frozenset(range(1, 6)),
    )
    canvas.table(slide, grid, Box(left=MARGIN, top=_TABLE_TOP, width=BODY_WIDTH, height=0.8))
    known = [other for other in page.model.departments if other.openness is not None]
    least = sorted(known, key=lambda other: (other.openness or 0.0, other.name))[:_MOST_BARS]
    if group.openness is None or group not in least or len(least) < 2:
        return False
    _chart_title(page, canvas, slide, text("chart.silo_title"))
    canvas.bars(
        slide,
        Bars(
            labels=tuple(bar_label(other.name) for other in least),
            values=tuple(
                shown_value(figures, figures.fine_ratio, other.openness) for other in least
            ),
            series=text("silos.table.openness"),
            form="0.00",
            told=text(
                "chart.silo_told",
                name=group.name,
                value=figures.fine_ratio(group.openness),
                count=len(least),
            ),
            marked=frozenset({least.index(group)}),
        ),
        _CHART,
    )
    return True


def _weak_link(page: Page, canvas: Canvas, slide: Any, pair: Pair) -> bool:
    text, figures = page.say.plain, page.figures
    columns = ["first", "second", "ties", "expected", "ratio", "range"]
    row = [
        pair.group_a,
        pair.group_b,
        figures.count(pair.ties),
        figures.expected(pair.expected),
        figures.fine_ratio(pair.ratio),
        figures.interval(pair.low, pair.high, figures.fine_ratio),
    ]
    widths = [3.25, 3.25, 1.2, 1.3, 1.2, 1.93]
    if pair.reason is not None:
        columns, row, widths = columns[:2], row[:2], [3.25, 3.25]
        columns.append("note")
        row.append(pair_note(page, pair.reason))
        widths.append(5.63)
    grid = Grid(
        columns=tuple(text(f"weak.table.{name}") for name in columns),
        rows=(tuple(row),),
        widths=tuple(widths),
        told=text("table.finding_told"),
        numbers=frozenset() if pair.reason is not None else frozenset(range(2, 6)),
    )
    canvas.table(slide, grid, Box(left=MARGIN, top=_TABLE_TOP, width=BODY_WIDTH, height=0.8))
    if pair.ties is None or pair.expected is None:
        return False
    _chart_title(page, canvas, slide, text("chart.gap_title"))
    canvas.bars(
        slide,
        Bars(
            labels=(text("chart.seen"), text("chart.expected")),
            values=(
                float(pair.ties),
                shown_value(figures, figures.expected, pair.expected),
            ),
            series=text("chart.gap_title"),
            form="#,##0" if pair.expected >= 9.95 else "#,##0.#",
            told=text(
                "chart.gap_told",
                a=pair.group_a,
                b=pair.group_b,
                ties=figures.count(pair.ties),
                expected=figures.expected(pair.expected),
            ),
            marked=frozenset({0}),
        ),
        _CHART,
    )
    return True


def _bottleneck(page: Page, canvas: Canvas, slide: Any, finding: Finding) -> None:
    text = page.say.plain
    item = next(
        (b for b in page.model.bottlenecks if {b.group_a, b.group_b} == set(finding.subject)), None
    )
    if item is None:
        return
    grid = Grid(
        columns=tuple(
            text(f"bottlenecks.table.{name}")
            for name in ("first", "second", "people", "confidence")
        ),
        rows=(
            (
                item.group_a,
                item.group_b,
                text(f"bottleneck.people.{item.people}"),
                text(f"confidence.{item.confidence}"),
            ),
        ),
        widths=(4.0, 4.0, 2.3, 1.83),
        told=text("table.finding_told"),
    )
    canvas.table(slide, grid, Box(left=MARGIN, top=_TABLE_TOP, width=BODY_WIDTH, height=0.8))


def _chart_title(page: Page, canvas: Canvas, slide: Any, title: str) -> None:
    canvas.text(
        slide,
        [title],
        Box(left=MARGIN, top=2.65, width=_CHART.width, height=0.38),
        sizes=(13, 12, 11),
        colour="soft",
        name="Chart title",
    )
