"""What changed since the period before, among the people who were seen in both."""

from __future__ import annotations

from collections.abc import Iterable

from orgnet.report_model import Change, DepartmentChange
from orgnet_reports.blocks import Block, Cell, Chart, Facts, Paragraph, Section, Table
from orgnet_reports.drawing.slope_chart import Slope, slope_chart, slope_mark
from orgnet_reports.page import Page
from orgnet_reports.phrasing import Name

#: Departments that are drawn, those that changed most; the table holds all.
MOST_DRAWN = 15


def what_changed(page: Page) -> Section | None:
    """Return openness before and after, or nothing where the data hold one period."""
    found = page.model.change
    if found is None:
        return None
    say = page.say
    told = [row for row in found.departments if row.change is not None]
    blocks: list[Block] = [Facts(items=_periods(page, found))]
    if not told:
        reason = f"change.reason.{found.reason}"
        text = say(reason if reason in say else "change.reason.other")
        blocks.append(Paragraph(text=text))
    else:
        blocks.append(_chart(page, told))
        if len(told) > MOST_DRAWN:
            count = page.figures.count(MOST_DRAWN)
            blocks.append(Paragraph(text=say("change.drawn", count=count), tone="note"))
        blocks.append(_table(page, found.departments))
        minimum = page.model.policy.minimum_group
        blocks.append(Paragraph(text=say("change.note", minimum=minimum), tone="note"))
    if any(score.before is not None for score in found.scores):
        blocks += _scores(page, found)
    return Section(
        anchor="change", title=say("change.title"), lead=say("change.lead"), blocks=tuple(blocks)
    )


def _periods(page: Page, found: Change) -> tuple[tuple[str, str], ...]:
    say, figures = page.say, page.figures
    minimum = page.model.policy.minimum_group

    def people(count: int | None) -> str:
        if count is None:
            return say.plain("change.few", minimum=minimum)
        return say.plain("change.about", count=figures.count(count))

    facts = [
        (say.plain("change.fact.before"), figures.span(found.before.first, found.before.last)),
        (say.plain("change.fact.after"), figures.span(found.after.first, found.after.last)),
    ]
    if found.people is not None:
        facts += [
            (say.plain("change.fact.people"), people(found.people)),
            (say.plain("change.fact.joined"), people(found.joined)),
            (say.plain("change.fact.left"), people(found.left)),
        ]
    return tuple(facts)


def _chart(page: Page, told: list[DepartmentChange]) -> Chart:
    say, figures = page.say, page.figures
    proven = sum(row.proven for row in told)
    ranked = sorted(told, key=lambda row: (not row.proven, -abs(row.change or 0.0), row.name))
    drawn = [
        Slope(
            label=row.name,
            before=row.before,
            after=row.after,
            shown_before=figures.fine_ratio(row.before),
            shown_after=figures.fine_ratio(row.after),
            emphasised=row.proven,
        )
        for row in ranked[:MOST_DRAWN]
        if row.before is not None and row.after is not None
    ]
    return Chart(
        name="change",
        title=say.counted("change.chart_title", proven, count=figures.count(proven))
        if proven
        else say("change.chart_title.none"),
        drawing=slope_chart(
            drawn,
            before=say.plain("change.before"),
            after=say.plain("change.after"),
            label=say.plain("change.picture"),
        ),
        source=say("change.source"),
        legend=(
            (slope_mark(emphasised=True), say("change.legend.proven")),
            (slope_mark(emphasised=False), say("change.legend.other")),
        ),
    )


def _table(page: Page, rows: Iterable[DepartmentChange]) -> Table:
    say, figures = page.say, page.figures
    columns = ("department", "before", "after", "change", "range", "chance", "finding")

    def chance(row: DepartmentChange) -> str:
        rare = row.q is not None and row.q < 0.01
        return say.plain("weak.under_one") if rare else figures.share(row.q)

    def finding(row: DepartmentChange) -> str:
        if row.change is None:
            return say.plain("change.withheld")
        way = ("opened" if row.change > 0 else "closed") if row.proven else "unproven"
        return say.plain(f"change.{way}")

    return Table(
        caption=say("change.table.caption"),
        columns=tuple(say(f"change.table.{name}") for name in columns),
        rows=tuple(
            (
                Cell(text=Name(row.name)),
                Cell(text=figures.fine_ratio(row.before)),
                Cell(text=figures.fine_ratio(row.after)),
                Cell(text=figures.agreement(row.change)),
                Cell(text=figures.interval(row.low, row.high, figures.agreement)),
                Cell(text=chance(row)),
                Cell(text=finding(row), css="prose"),
            )
            for row in rows
        ),
        file_name="change",
        numbers=frozenset({1, 2, 3, 4, 5}),
    )


def _scores(page: Page, found: Change) -> Iterable[Block]:
    say, figures = page.say, page.figures
    yield Table(
        caption=say("change.scores.caption"),
        columns=(say("index.table.part"), say("change.before"), say("change.after")),
        rows=tuple(
            (
                Cell(text=say(f"index.row.{score.key}")),
                Cell(text=figures.score(score.before)),
                Cell(text=figures.score(score.after)),
            )
            for score in found.scores
        ),
        file_name="change-of-the-index",
        numbers=frozenset({1, 2}),
    )
    yield Paragraph(text=say("change.scores.note"), tone="note")
