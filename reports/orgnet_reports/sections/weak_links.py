"""Pairs of departments with far less contact than both have with the others."""

from __future__ import annotations

from orgnet.report_model import Pair, anchor
from orgnet_reports.blocks import Block, Cell, Chart, Section, Table, Text
from orgnet_reports.drawing.gap_plot import Gap, gap_plot
from orgnet_reports.page import Page
from orgnet_reports.phrasing import Name
from orgnet_reports.sections.matrix import withheld_reason


def weak_links(page: Page) -> Section | None:
    """Return the weak pairs, the clearest first, or nothing where none was found."""
    pairs = [page.model.pairs[at] for at in page.model.weak_links]
    if page.model.mode != "full" or not pairs:
        return None
    say, figures = page.say, page.figures
    gaps = [
        Gap(
            label=page.pair_name(pair),
            seen=float(pair.ties),
            expected=pair.expected,
            shown=say.plain(
                "weak.shown",
                ties=figures.count(pair.ties),
                expected=figures.expected(pair.expected),
            ),
        )
        for pair in pairs
        if pair.ties is not None and pair.expected is not None
    ]
    blocks: list[Block] = []
    if gaps:
        blocks.append(
            Chart(
                name="weak-links",
                title=_chart_title(page, len(pairs), len(gaps)),
                drawing=gap_plot(
                    gaps,
                    label=say.plain("weak.picture"),
                    seen=say.plain("weak.seen"),
                    expected=say.plain("weak.expected"),
                ),
                source=page.source(departments=len(page.model.departments)),
            )
        )
    blocks.append(_table(page, pairs))
    return Section(
        anchor="weak-links", title=say("weak.title"), lead=say("weak.lead"), blocks=tuple(blocks)
    )


def _chart_title(page: Page, count: int, drawn: int) -> Text:
    if drawn == count:
        return page.say.counted("weak.chart_title", count, count=count)
    return page.say("weak.chart_title_some", count=count, drawn=drawn)


def _table(page: Page, pairs: list[Pair]) -> Table:
    say, figures = page.say, page.figures
    columns = ["first", "second", "ties", "expected", "ratio", "range", "chance"]
    rows = [
        [
            Cell(
                text=Name(pair.group_a),
                anchor=anchor("weak_link", pair.group_a, pair.group_b),
            ),
            Cell(text=Name(pair.group_b)),
            Cell(text=figures.count(pair.ties)),
            Cell(text=figures.expected(pair.expected)),
            Cell(text=figures.fine_ratio(pair.ratio)),
            Cell(text=figures.interval(pair.low, pair.high, figures.fine_ratio)),
            Cell(text=_chance(page, pair.q)),
        ]
        for pair in pairs
    ]
    if any(pair.reason for pair in pairs):
        columns.append("note")
        for row, pair in zip(rows, pairs, strict=True):
            told = withheld_reason(page, pair) if pair.reason else ""
            row.append(Cell(text=told, css="prose"))
    return Table(
        caption=say("weak.table.caption"),
        columns=tuple(say(f"weak.table.{name}") for name in columns),
        rows=tuple(map(tuple, rows)),
        file_name="weak-links",
        numbers=frozenset({2, 3, 4, 5, 6}),
    )


def _chance(page: Page, q: float | None) -> str:
    if q is None:
        return page.figures.share(None)
    return page.say.plain("weak.under_one") if q < 0.01 else page.figures.share(q)
