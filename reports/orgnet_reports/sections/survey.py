"""What a survey says: who answered, and how far they agree, as a whole and by department."""

from __future__ import annotations

from collections.abc import Iterable

from orgnet.report_model import Survey, SurveyAnswers, SurveyItem
from orgnet_reports.blocks import Block, Cell, Chart, Paragraph, Section, Subheading, Table
from orgnet_reports.drawing.agreement_bars import Bar, agreement_bars, agreement_mark
from orgnet_reports.figures import NOTHING
from orgnet_reports.page import Page
from orgnet_reports.phrasing import Name

#: Statements that the page holds; the others are in the files.
MOST_ITEMS = 30

_PARTS = ("disagree", "neutral", "agree")


def what_the_survey_says(page: Page) -> Section | None:
    """Return response rates and agreement, or nothing where there was no survey."""
    found = page.model.survey
    if found is None or not found.response:
        return None
    say = page.say
    blocks: list[Block] = []
    items = sorted(found.items, key=_agreement)[:MOST_ITEMS]
    if items:
        blocks += [_chart(page, items), *_by_department(page, items)]
    if rest := len(found.items) - len(items):
        told = say.counted("survey.rest", rest, count=page.figures.count(rest))
        blocks.append(Paragraph(text=told, tone="note"))
    blocks += [Subheading(text=say("survey.response.title")), _response(page, found)]
    minimum = page.model.policy.minimum_group
    blocks.append(Paragraph(text=say("survey.missing", minimum=minimum), tone="note"))
    return Section(
        anchor="survey",
        title=say("survey.title"),
        lead=say("survey.lead" if items else "survey.lead_response"),
        blocks=tuple(blocks),
    )


def _everybody(item: SurveyItem) -> SurveyAnswers:
    return next(row for row in item.rows if row.department is None)


def _agreement(item: SurveyItem) -> tuple[float, str]:
    return -(_everybody(item).agree or 0.0), item.text


def _chart(page: Page, items: list[SurveyItem]) -> Chart:
    say, figures = page.say, page.figures
    rows = [(item, _everybody(item)) for item in items]
    columns = ("item", "answers", "agree", "neutral", "disagree")
    return Chart(
        name="survey",
        title=say("survey.chart_title"),
        drawing=agreement_bars(
            [
                Bar(
                    label=item.text,
                    shares=(row.disagree or 0.0, row.neutral or 0.0, row.agree or 0.0),
                    shown=figures.share(row.agree),
                )
                for item, row in rows
            ],
            label=say.plain("survey.picture"),
        ),
        source=say("survey.source"),
        table=Table(
            caption=say("survey.table.caption"),
            columns=tuple(say(f"survey.table.{name}") for name in columns),
            rows=tuple(
                (
                    Cell(text=Name(item.text), css="prose"),
                    Cell(text=figures.count(row.people)),
                    Cell(text=figures.share(row.agree)),
                    Cell(text=figures.share(row.neutral)),
                    Cell(text=figures.share(row.disagree)),
                )
                for item, row in rows
            ),
            file_name="survey",
            numbers=frozenset({1, 2, 3, 4}),
        ),
        legend=tuple(
            (agreement_mark(at), say(f"survey.legend.{part}")) for at, part in enumerate(_PARTS)
        ),
    )


def _by_department(page: Page, items: list[SurveyItem]) -> Iterable[Table]:
    """Return the share who agree, a column each department of which anything is told."""
    say, figures = page.say, page.figures
    shares = [{row.department: row.agree for row in item.rows} for item in items]
    names = sorted({name for row in shares for name in row if name is not None})
    if not names:
        return
    yield Table(
        caption=say("survey.by_department.caption"),
        columns=(
            say("survey.table.item"),
            say("survey.everybody"),
            *(Name(name) for name in names),
        ),
        rows=tuple(
            (
                Cell(text=Name(item.text), css="prose"),
                Cell(text=figures.share(row[None])),
                *(
                    Cell(text=figures.share(row[name]) if name in row else NOTHING)
                    for name in names
                ),
            )
            for item, row in zip(items, shares, strict=True)
        ),
        file_name="survey-by-department",
        numbers=frozenset(range(1, len(names) + 2)),
    )


def _response(page: Page, found: Survey) -> Table:
    say, figures = page.say, page.figures
    return Table(
        caption=say("survey.response.caption"),
        columns=tuple(
            say(f"survey.response.{name}") for name in ("department", "people", "answered")
        ),
        rows=tuple(
            (
                Cell(
                    text=say("survey.everybody") if row.department is None else Name(row.department)
                ),
                Cell(text=figures.count(row.people)),
                Cell(text=figures.share(row.answered)),
            )
            for row in found.response
        ),
        file_name="survey-response",
        numbers=frozenset({1, 2}),
    )
