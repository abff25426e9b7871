"""Contact over time for the whole organisation, where no department may be drawn."""

from __future__ import annotations

from orgnet_reports.blocks import Cell, Chart, Section, Table
from orgnet_reports.drawing.week_columns import week_columns
from orgnet_reports.figures import NOTHING
from orgnet_reports.page import Page


def load_over_time(page: Page) -> Section | None:
    """Return one column a week, or nothing in a full report or without weeks."""
    weeks = page.model.load
    if page.model.mode == "full" or not weeks:
        return None
    say, figures = page.say, page.figures
    most = max((week.contacts or 0 for week in weeks), default=0)
    chart = Chart(
        name="load",
        title=say("load.chart_title", most=figures.count(most)),
        drawing=week_columns(
            [(figures.short_day(week.week), week.contacts) for week in weeks],
            label=say.plain("load.picture"),
            withheld=NOTHING,
            most=figures.count(most),
        ),
        source=say("load.source", minimum=page.model.policy.minimum_group),
        table=Table(
            caption=say("load.table.caption"),
            columns=tuple(say(f"load.table.{name}") for name in ("week", "people", "contacts")),
            rows=tuple(
                (
                    Cell(text=figures.day(week.week)),
                    Cell(text=figures.count(week.people)),
                    Cell(text=figures.count(week.contacts)),
                )
                for week in weeks
            ),
            file_name="load",
            numbers=frozenset({1, 2}),
        ),
    )
    return Section(anchor="load", title=say("load.title"), lead=say("load.lead"), blocks=(chart,))
