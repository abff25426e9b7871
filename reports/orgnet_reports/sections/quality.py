"""How good the data are: what was read, what was left out and why, who was not seen."""

from __future__ import annotations

from markupsafe import Markup

from orgnet.report_model import SourceRead
from orgnet_reports.blocks import Block, Bullets, Cell, Paragraph, Section, Subheading, Table, Text
from orgnet_reports.page import Page
from orgnet_reports.phrasing import Name


def data_quality(page: Page) -> Section:
    """Return notices, sources, coverage, removed records and withheld figures."""
    say = page.say
    blocks: list[Block] = [
        *_notices(page),
        *_sources(page),
        *_coverage(page),
        *_removed(page),
        *_withheld(page),
    ]
    return Section(
        anchor="data", title=say("data.title"), lead=say("data.lead"), blocks=tuple(blocks)
    )


def _notices(page: Page) -> list[Block]:
    told: list[Text] = [page.notice(key, arguments) for key, arguments in page.model.notices]
    told += [_in_english(page, note) for note in page.model.quality.notes]
    return [Bullets(items=tuple(told))] if told else []


def _in_english(page: Page, note: str) -> Text:
    """Return a connector's note; a page in another language says that it is English."""
    return note if page.model.language == "en" else Markup('<span lang="en">{}</span>').format(note)


def _sources(page: Page) -> list[Block]:
    say, figures, sources = page.say, page.figures, page.model.quality.sources
    if not sources:
        return [Paragraph(text=say("data.no_sources"))]
    columns = ("source", "read", "kept", "skipped", "span")
    return [
        Subheading(text=say("data.sources.title")),
        Table(
            caption=say("data.sources.caption"),
            columns=tuple(say(f"data.sources.{name}") for name in columns),
            rows=tuple(
                (
                    Cell(text=page.source_title(source)),
                    Cell(text=figures.count(source.read)),
                    Cell(text=figures.count(source.kept)),
                    Cell(text=_skipped(page, source), css="prose"),
                    Cell(text=figures.span(source.first, source.last), css="prose"),
                )
                for source in sources
            ),
            file_name="sources",
            numbers=frozenset({1, 2}),
        ),
    ]


def _skipped(page: Page, source: SourceRead) -> str:
    return page.listed(
        page.say.plain(
            "data.skipped_item",
            reason=page.say.code("skipped", reason),
            count=page.figures.count(number),
        )
        for reason, number in source.skipped
        if number
    ) or page.say.plain("data.nothing_skipped")


def _coverage(page: Page) -> list[Block]:
    say, figures, coverage = page.say, page.figures, page.model.coverage
    sentences = [
        say(
            "data.coverage.people",
            seen=figures.count(coverage.people_seen),
            known=figures.count(coverage.people_known),
        )
    ]
    if coverage.unknown_department:
        sentences.append(
            say("data.coverage.unknown", share=figures.share(coverage.unknown_department))
        )
    counted = (
        ("data.unmatched", page.model.quality.identities_unmatched),
        ("data.insufficient", page.model.quality.insufficient_people),
        ("data.coverage.withheld", coverage.withheld_departments),
    )
    sentences += [
        say.counted(
            key,
            number,
            count=figures.count(number),
            **({"minimum": page.model.policy.minimum_group} if key.endswith("withheld") else {}),
        )
        for key, number in counted
        if number
    ]
    minimum = page.model.policy.minimum_group
    if 0 < coverage.people_known - coverage.people_seen < minimum and not coverage.departments:
        sentences.append(say("data.coverage.few_unseen_in_all", minimum=minimum))
    elif len(coverage.departments) < len(page.model.departments):
        sentences.append(say("data.coverage.few_unseen"))
    if page.model.period.holiday_weeks:
        sentences.append(
            say(
                "data.holidays",
                weeks=page.listed(map(figures.day, page.model.period.holiday_weeks)),
            )
        )
    blocks: list[Block] = [
        Subheading(text=say("data.coverage.title")),
        Bullets(items=tuple(sentences)),
    ]
    if coverage.departments:
        blocks.append(
            Table(
                caption=say("data.coverage.caption"),
                columns=tuple(
                    say(f"data.coverage.{name}") for name in ("department", "number", "share")
                ),
                rows=tuple(
                    (
                        Cell(text=Name(row.department)),
                        Cell(text=figures.count(row.people)),
                        Cell(text=figures.share(row.share)),
                    )
                    for row in coverage.departments
                ),
                file_name="coverage",
                numbers=frozenset({1, 2}),
            )
        )
    return blocks


def _removed(page: Page) -> list[Block]:
    say, figures, quality = page.say, page.figures, page.model.quality
    rows = [(say.code("removed", reason), number) for reason, number in quality.removed]
    rows.append((say.plain("data.removed.kept"), quality.interactions_kept))
    return [
        Subheading(text=say("data.removed.title")),
        Table(
            caption=say("data.removed.caption"),
            columns=(say("data.removed.reason"), say("data.removed.number")),
            rows=tuple(
                (Cell(text=reason), Cell(text=figures.count(number))) for reason, number in rows
            ),
            file_name="removed",
            numbers=frozenset({1}),
        ),
    ]


def _withheld(page: Page) -> list[Block]:
    say, figures, withheld = page.say, page.figures, page.model.withheld
    blocks: list[Block] = [
        Subheading(text=say("data.withheld.title")),
        Paragraph(text=say("data.withheld.rule", minimum=page.model.policy.minimum_group)),
    ]
    if withheld:
        blocks.append(
            Table(
                caption=say("data.withheld.caption"),
                columns=(say("data.withheld.reason"), say("data.withheld.number")),
                rows=tuple(
                    (Cell(text=say.code("withheld", reason)), Cell(text=figures.count(number)))
                    for reason, number in withheld
                ),
                file_name="withheld",
                numbers=frozenset({1}),
            )
        )
    return blocks
