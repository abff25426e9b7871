"""Contact that the work requires, pair by pair, against the contact that is there."""

from __future__ import annotations

from collections.abc import Iterable

from orgnet.report_model import RequiredLink, Requirements
from orgnet_reports.blocks import Block, Cell, Chart, Paragraph, Section, Table
from orgnet_reports.drawing.gap_plot import Gap, gap_mark, gap_plot
from orgnet_reports.page import Page
from orgnet_reports.phrasing import Name

#: Pairs that are drawn, and pairs that the table of the page holds; the others are in the files.
MOST_DRAWN, MOST_ROWS = 15, 60


def required_contact(page: Page) -> Section | None:
    """Return the work list, the largest gap first, or nothing where nothing was required."""
    found = page.model.requirements
    if page.model.mode != "full" or found is None or not found.links:
        return None
    say = page.say
    blocks: list[Block] = [_chart(page, found), *_sums(page, found), _table(page, found)]
    blocks += [Paragraph(text=told, tone="note") for told in _reasons(page, found)]
    if rest := max(len(found.links) - MOST_ROWS, 0):
        told = say.counted("required.rest", rest, count=page.figures.count(rest))
        blocks.append(Paragraph(text=told, tone="note"))
    return Section(
        anchor="requirements",
        title=say("required.title"),
        lead=say("required.lead"),
        blocks=tuple(blocks),
    )


def _chart(page: Page, found: Requirements) -> Chart:
    say, figures = page.say, page.figures
    return Chart(
        name="requirements",
        title=say("required.chart_title.none")
        if found.congruence is None
        else say("required.chart_title.share", share=figures.share(found.congruence)),
        drawing=gap_plot(
            [
                Gap(
                    label=say.plain("pair", a=link.group_a, b=link.group_b),
                    seen=None if link.gap is None else link.required - link.gap,
                    expected=link.required,
                    shown=_state(page, link),
                    short=link.state == "thin",
                )
                for link in found.links[:MOST_DRAWN]
            ],
            label=say.plain("required.picture"),
        ),
        source=page.source(departments=len(page.model.departments)),
        legend=(
            (gap_mark(seen=False), say("required.mark_required")),
            (gap_mark(seen=True), say("required.mark_met")),
        ),
    )


def _sums(page: Page, found: Requirements) -> Iterable[Paragraph]:
    say, figures = page.say, page.figures
    if found.congruence is None:
        yield Paragraph(text=say("required.withheld"), tone="note")
    elif found.lift is not None:
        points = figures.score(abs(found.lift) * 100)
        if points == figures.score(0):
            yield Paragraph(text=say("required.lift.same"))
        else:
            way = "more" if found.lift > 0 else "less"
            yield Paragraph(text=say(f"required.lift.{way}", points=points))
    if found.unneeded_share is not None:
        share = figures.share(found.unneeded_share)
        yield Paragraph(text=say("required.unneeded", share=share), tone="note")


def _table(page: Page, found: Requirements) -> Table:
    say, figures = page.say, page.figures
    links = found.links[:MOST_ROWS]
    columns = ("first", "second", "required", "regular", "target", "gap", "state")
    rows = tuple(
        (
            Cell(text=Name(link.group_a)),
            Cell(text=Name(link.group_b)),
            Cell(text=figures.share(link.required)),
            Cell(text=figures.count(link.regular)),
            Cell(text=figures.count(link.target)),
            Cell(text=figures.share(link.gap)),
            Cell(text=_state(page, link), css="prose"),
        )
        for link in links
    )
    return Table(
        caption=say("required.table.caption"),
        columns=tuple(say(f"required.table.{name}") for name in columns),
        rows=rows,
        file_name="requirements",
        numbers=frozenset({2, 3, 4, 5}),
    )


def _state(page: Page, link: RequiredLink) -> str:
    return page.say.plain(f"required.state.{link.state or 'open'}")


def _reasons(page: Page, found: Requirements) -> list[str]:
    """Return each reason for a dash in the table once, in the table's order."""
    reasons = dict.fromkeys(link.reason for link in found.links[:MOST_ROWS] if link.reason)
    return [
        page.say.plain(
            f"why.{reason}" if f"why.{reason}" in page.say else "why.other",
            minimum=page.model.policy.minimum_group,
        )
        for reason in reasons
    ]
