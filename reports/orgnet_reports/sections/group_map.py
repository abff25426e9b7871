"""The map section: departments as circles, the unusual contact between them as lines."""

from __future__ import annotations

from orgnet_reports.blocks import Cell, Chart, Section, Table
from orgnet_reports.drawing.backbone import Line, backbone
from orgnet_reports.drawing.group_map import Circle, group_map, legend_circle, legend_line
from orgnet_reports.page import MOST_DEPARTMENTS, Page, ratio_matrix
from orgnet_reports.phrasing import Name


def map_of_departments(page: Page) -> Section | None:
    """Return the map, or nothing for fewer than 3 or more than 25 departments."""
    departments = page.model.departments
    if page.model.mode != "full" or not 3 <= len(departments) <= MOST_DEPARTMENTS:
        return None
    lines = backbone(page.model.pairs, {group.name: at for at, group in enumerate(departments)})
    say = page.say
    legend = [
        (legend_line(gap=False), say("map.legend.tie")),
        (legend_line(gap=True), say("map.legend.gap")),
        (legend_circle(silo=False), say("map.legend.circle")),
    ]
    if any(group.silo for group in departments):
        legend.append((legend_circle(silo=True), say("map.legend.silo")))
    chart = Chart(
        name="map",
        title=say("map.chart_title"),
        drawing=group_map(
            [
                Circle(
                    name=group.name,
                    people=group.people,
                    sentence=_sentence(page, at, lines),
                    silo=group.silo,
                )
                for at, group in enumerate(departments)
            ],
            lines,
            ratio_matrix(departments, page.model.pairs),
            label=say.plain("map.picture", count=len(departments)),
        ),
        source=page.source(departments=len(departments)),
        table=_table(page, lines),
        legend=tuple(legend),
    )
    return Section(anchor="map", title=say("map.title"), lead=say("map.lead"), blocks=(chart,))


def _sentence(page: Page, at: int, lines: tuple[Line, ...]) -> str:
    department = page.model.departments[at]

    def others(*, gap: bool) -> str:
        ends = [
            page.model.departments[line.second if line.first == at else line.first].name
            for line in lines
            if line.gap == gap and at in (line.first, line.second)
        ]
        return page.listed(ends) or page.say.plain("map.nobody")

    return page.say.plain(
        "map.circle",
        name=department.name,
        people=page.people(department.people),
        more=others(gap=False),
        fewer=others(gap=True),
    )


def _table(page: Page, lines: tuple[Line, ...]) -> Table:
    say, figures = page.say, page.figures
    return Table(
        caption=say("map.table.caption"),
        columns=tuple(say(f"map.table.{name}") for name in ("first", "second", "line", "ratio")),
        rows=tuple(
            (
                Cell(text=Name(line.pair.group_a)),
                Cell(text=Name(line.pair.group_b)),
                Cell(text=say("map.table.gap" if line.gap else "map.table.tie")),
                Cell(text=figures.ratio(line.pair.ratio)),
            )
            for line in lines
        ),
        file_name="map",
        numbers=frozenset({3}),
    )
