"""Which departments keep to themselves more than their size explains."""

from __future__ import annotations

import statistics

from markupsafe import Markup

from orgnet.report_model import Department, anchor
from orgnet_reports.blocks import Block, Cell, Chart, Paragraph, Section, Table
from orgnet_reports.drawing.dot_plot import Dot, Marker, dot_plot
from orgnet_reports.page import Page
from orgnet_reports.phrasing import Name


def silos(page: Page) -> Section | None:
    """Return the ranked list, or nothing where no department has a figure."""
    shown = sorted(
        (group for group in page.model.departments if group.openness is not None),
        key=lambda group: (group.openness or 0.0, group.name),
    )
    if page.model.mode != "full" or not shown:
        return None
    say = page.say
    number = sum(group.silo for group in shown)
    untested = page.untested("silos")
    blocks: list[Block] = [
        Chart(
            name="silos",
            title=say.counted("silos.chart_title", number, count=number)
            if number
            else say(f"silos.chart_title.{'untested' if untested else 'none'}"),
            drawing=_drawing(page, shown),
            source=page.source(departments=len(shown)),
        ),
        _table(page, shown),
    ]
    if untested:
        blocks.append(Paragraph(text=untested, tone="note"))
    if any(group.openness is None for group in page.model.departments):
        blocks.append(
            Paragraph(
                text=say("silos.missing", minimum=page.model.policy.minimum_group), tone="note"
            )
        )
    return Section(
        anchor="silos", title=say("silos.title"), lead=say("silos.lead"), blocks=tuple(blocks)
    )


def _drawing(page: Page, groups: list[Department]) -> Markup:
    say, figures = page.say, page.figures
    values = [group.openness for group in groups if group.openness is not None]
    highest = max([1.0, *values, *(group.high or 0.0 for group in groups)])
    end = 1.25 if highest <= 1.25 else 1.5 if highest <= 1.5 else 2.0
    ticks = [at / 4 for at in range(int(end * 4) + 1)]
    markers = [Marker(value=1.0, text=say.plain("silos.marker.expected"))]
    if len(values) >= 3:
        markers.append(
            Marker(value=statistics.median(values), text=say.plain("silos.marker.middle"))
        )
    return dot_plot(
        [
            Dot(
                label=group.name,
                value=group.openness,
                low=group.low,
                high=group.high,
                shown=figures.fine_ratio(group.openness),
                emphasised=group.silo,
            )
            for group in groups
        ],
        scale=[(at, figures.tick(at)) for at in ticks],
        markers=markers,
        label=say.plain("silos.picture"),
    )


def _table(page: Page, shown: list[Department]) -> Table:
    say, figures = page.say, page.figures
    columns = ("department", "people", "inside", "expected", "openness", "range", "finding")
    return Table(
        caption=say("silos.table.caption"),
        columns=tuple(say(f"silos.table.{name}") for name in columns),
        rows=tuple(
            (
                Cell(text=Name(group.name), anchor=anchor("silo", group.name)),
                Cell(text=figures.count(group.people)),
                Cell(text=figures.share(group.share_inside)),
                Cell(text=figures.share(group.expected_inside)),
                Cell(text=figures.fine_ratio(group.openness)),
                Cell(text=figures.interval(group.low, group.high, figures.fine_ratio)),
                Cell(text=say("silos.table.silo") if group.silo else ""),
            )
            for group in shown
        ),
        file_name="silos",
        numbers=frozenset({1, 2, 3, 4, 5}),
    )
