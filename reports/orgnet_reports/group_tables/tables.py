"""Every table of a report: headings in words, text as text, numbers as the released numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from msgspec import Struct

from orgnet.report_model import Finding, ReportModel
from orgnet_reports.group_tables.opening import opened
from orgnet_reports.page import Page
from orgnet_reports.sections.method import alphabetical, parameters

#: What a column holds. ``own``: every cell is `Measured` and says for itself.
Unit = Literal["text", "count", "expected", "share", "ratio", "score", "chance", "agreement", "own"]


class Measured(NamedTuple):
    """A number in a column of different measures, with its own unit."""

    value: float | None
    unit: Unit


#: A cell. None in a column of numbers: the figure is not released or not defined.
Value = str | int | float | Measured | None


class Column(Struct, frozen=True, kw_only=True):
    """One column: a short key for files, a heading for readers, and what it holds."""

    key: str
    heading: str
    unit: Unit = "text"


class GroupTable(Struct, frozen=True, kw_only=True):
    """One table.

    Attributes
    ----------
    name
        Of the sheet or file, in plain letters: ``departments``.
    title, about
        What it is called, and one sentence on what a row is.
    """

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


def open_tables(model: ReportModel) -> Page:
    """Return the model as the page sees it, with the words of tables."""
    return opened(model, "orgnet_reports.group_tables")


def group_tables(page: Page) -> tuple[GroupTable, ...]:
    """Return the tables of a report that have rows, in reading order.

    Parameters
    ----------
    page
        What `open_tables` returns.
    """
    return tuple(table for build in _TABLES if (table := build(page)).rows)


def pair_note(page: Page, reason: str | None) -> str:
    """Return why a figure is missing as a sentence, or nothing where it is there."""
    if reason is None:
        return ""
    key = f"why.{reason}"
    return page.say.plain(
        key if key in page.say else "why.other", minimum=page.model.policy.minimum_group
    )


def _table(
    page: Page,
    name: str,
    columns: tuple[tuple[str, Unit], ...],
    rows: Iterator[tuple[Value, ...]],
) -> GroupTable:
    text = page.say.plain
    return GroupTable(
        name=name,
        title=text(f"table.{name}.title"),
        about=text(f"table.{name}.about"),
        columns=tuple(
            Column(key=key, heading=text(f"column.{key}"), unit=unit) for key, unit in columns
        ),
        rows=tuple(rows),
    )


def _findings(page: Page) -> GroupTable:
    text = page.say.plain

    def measure(finding: Finding) -> str:
        if finding.effect is None:
            return ""
        return text("measure_of.openness" if finding.kind == "silo" else "measure_of.ratio")

    return _table(
        page,
        "findings",
        (
            ("number", "count"), ("kind", "text"), ("headline", "text"), ("statement", "text"),
            ("effect", "ratio"), ("low", "ratio"), ("high", "ratio"), ("measure", "text"),
            ("confidence", "text"), ("confidence_reason", "text"), ("alternative", "text"),
            ("question", "text"),
        ),
        (
            (
                number, text(f"finding.topic.{finding.kind}"), finding.headline,
                finding.statement, finding.effect, finding.low, finding.high, measure(finding),
                text(f"confidence.{finding.confidence}"), finding.confidence_reason,
                finding.alternative, finding.question,
            )
            for number, finding in enumerate(page.model.findings, start=1)
        ),
    )  # fmt: skip


def _departments(page: Page) -> GroupTable:
    text = page.say.plain
    return _table(
        page,
        "departments",
        (
            ("department", "text"), ("people", "count"), ("share_inside", "share"),
            ("expected_inside", "share"), ("openness", "ratio"), ("low", "ratio"),
            ("high", "ratio"), ("silo", "text"), ("note", "text"),
        ),
        (
            (
                group.name, group.people, group.share_inside, group.expected_inside,
                group.openness, group.low, group.high,
                text("silos.table.silo") if group.silo else "",
                _department_note(page, group.reason),
            )
            for group in page.model.departments
        ),
    )  # fmt: skip


def _department_note(page: Page, reason: str | None) -> str:
    if reason is None:
        return ""
    known = f"why.{reason}" in page.say
    return pair_note(page, reason) if known else page.say.code("reason", reason)


def _pairs(page: Page) -> GroupTable:
    text = page.say.plain
    return _table(
        page,
        "pairs",
        (
            ("department", "text"), ("other_department", "text"), ("ties", "count"),
            ("expected", "expected"), ("ratio", "ratio"), ("low", "ratio"), ("high", "ratio"),
            ("chance", "chance"), ("contact", "text"), ("weak", "text"), ("note", "text"),
        ),
        (
            (
                pair.group_a, pair.group_b, pair.ties, pair.expected, pair.ratio, pair.low,
                pair.high, pair.q,
                text(f"explorer.word.{pair.contact}") if pair.contact else "",
                text("finding.topic.weak_link") if pair.weak else "",
                pair_note(page, pair.reason),
            )
            for pair in page.model.pairs
        ),
    )  # fmt: skip


def _bottlenecks(page: Page) -> GroupTable:
    text = page.say.plain
    return _table(
        page,
        "bottlenecks",
        (
            ("department", "text"), ("other_department", "text"), ("hangs_on", "text"),
            ("confidence", "text"),
        ),
        (
            (
                item.group_a, item.group_b, text(f"bottleneck.people.{item.people}"),
                text(f"confidence.{item.confidence}"),
            )
            for item in page.model.bottlenecks
        ),
    )  # fmt: skip


def _glance(page: Page) -> GroupTable:
    text, index = page.say.plain, page.model.index

    def rows() -> Iterator[tuple[Value, ...]]:
        for figure in page.model.glance:
            label = f"glance.{figure.key}.label"
            yield (
                text(label) if label in page.say else page.say.code("glance", figure.key),
                *(
                    Measured(value, figure.unit)
                    for value in (figure.value, figure.low, figure.high, figure.compared)
                ),
            )
        if index.value is not None:
            for part, value, low, high in (
                ("index", index.value, index.low, index.high),
                ("openness", index.openness, index.openness_low, index.openness_high),
                ("coverage", index.coverage, index.coverage_low, index.coverage_high),
                ("resilience", index.resilience, index.resilience_low, index.resilience_high),
            ):
                yield (
                    text("index_part", part=text(f"index.row.{part}")),
                    *(Measured(number, "score") for number in (value, low, high, None)),
                )

        if (needed := page.model.requirements) is not None:
            for name, needed_figure in (
                ("congruence", Measured(needed.congruence, "share")),
                ("lift", Measured(needed.lift, "agreement")),
                ("unneeded_share", Measured(needed.unneeded_share, "share")),
            ):
                yield text(f"required_figure.{name}"), needed_figure, *_nothing(3)
        if (change := page.model.change) is not None:
            for score in change.scores:
                part = text(f"index.row.{score.key}")
                after, before = (Measured(one, "score") for one in (score.after, score.before))
                yield text("index_change", part=part), after, *_nothing(2), before

    columns: tuple[tuple[str, Unit], ...] = (
        ("figure", "text"), ("value", "own"), ("low", "own"), ("high", "own"), ("compared", "own"),
    )  # fmt: skip
    return _table(page, "figures", columns, rows())


def _nothing(cells: int) -> tuple[Measured, ...]:
    return (Measured(None, "score"),) * cells


def _requirements(page: Page) -> GroupTable:
    text, found = page.say.plain, page.model.requirements
    return _table(
        page,
        "requirements",
        (
            ("department", "text"), ("other_department", "text"), ("required", "share"),
            ("regular", "count"), ("target", "count"), ("gap", "share"), ("state", "text"),
            ("note", "text"),
        ),
        (
            (
                link.group_a, link.group_b, link.required, link.regular, link.target, link.gap,
                text(f"required_link.{link.state}") if link.state else "",
                pair_note(page, link.reason),
            )
            for link in (found.links if found else ())
        ),
    )  # fmt: skip


def _change(page: Page) -> GroupTable:
    text, found = page.say.plain, page.model.change
    return _table(
        page,
        "change",
        (
            ("department", "text"), ("before", "ratio"), ("after", "ratio"), ("change", "ratio"),
            ("low", "ratio"), ("high", "ratio"), ("chance", "chance"), ("proven", "text"),
            ("note", "text"),
        ),
        (
            (
                row.name, row.before, row.after, row.change, row.low, row.high, row.q,
                text("proven") if row.proven else "", _department_note(page, row.reason),
            )
            for row in (found.departments if found else ())
        ),
    )  # fmt: skip


def _survey_response(page: Page) -> GroupTable:
    found = page.model.survey
    return _table(
        page,
        "survey_response",
        (("department", "text"), ("people_asked", "count"), ("answered", "share")),
        (
            (_or_everybody(page, row.department), row.people, row.answered)
            for row in (found.response if found else ())
        ),
    )


def _survey_answers(page: Page) -> GroupTable:
    found = page.model.survey
    return _table(
        page,
        "survey_answers",
        (
            ("item_text", "text"), ("department", "text"), ("people_answered", "count"),
            ("agree", "share"), ("neutral", "share"), ("disagree", "share"),
        ),
        (
            (
                item.text, _or_everybody(page, row.department), row.people, row.agree,
                row.neutral, row.disagree,
            )
            for item in (found.items if found else ())
            for row in item.rows
        ),
    )  # fmt: skip


def _or_everybody(page: Page, department: str | None) -> str:
    return page.say.plain("everybody") if department is None else department


def _vertical(page: Page) -> GroupTable:
    text, found = page.say.plain, page.model.vertical
    units: tuple[tuple[str, Unit], ...] = (
        ("managers", "count"), ("layers", "count"), ("span_median", "expected"),
        ("span_wide", "share"), ("span_narrow", "share"), ("line_contact", "share"),
        ("skip_level_contact", "share"), ("share_line", "share"), ("share_lateral", "share"),
        ("share_cross", "share"), ("share_diagonal", "share"), ("distance_to_top", "ratio"),
        ("distance_to_top_90", "ratio"), ("unreachable", "share"), ("overlap", "agreement"),
        ("overlap_p", "chance"),
    )  # fmt: skip

    def rows() -> Iterator[tuple[Value, ...]]:
        if found is None:
            return
        for name, unit in units:
            yield text(f"vertical_figure.{name}"), Measured(getattr(found, name), unit)
        for step in found.profile:
            yield (
                text("vertical_figure.profile", distance=step.distance),
                Measured(step.strength, "ratio"),
            )

    return _table(page, "vertical", (("figure", "text"), ("value", "own")), rows())


def _communities(page: Page) -> GroupTable:
    found = page.model.communities
    shown = found.rows if found and found.circles else ()
    table = _table(
        page,
        "communities",
        (("department", "text"),),
        ((row.department, *row.shares) for row in shown),
    )
    circles = tuple(
        Column(
            key=f"circle_{circle}",
            heading=page.say.plain(
                "communities.table.circle", circle=circle, people=page.figures.count(people)
            ),
            unit="share",
        )
        for circle, people in zip(
            found.circles if found else (), found.circle_people if found else (), strict=True
        )
    )
    return GroupTable(
        name=table.name,
        title=table.title,
        about=table.about,
        columns=(*table.columns, *circles),
        rows=table.rows,
    )


def _agreement(page: Page) -> GroupTable:
    text, found = page.say.plain, page.model.communities
    names = (
        "ami", "ari", "homogeneity", "completeness", "modularity_departments",
        "modularity_circles", "louvain_ami",
    )  # fmt: skip
    return _table(
        page,
        "agreement",
        (("measure_name", "text"), ("value", "agreement")),
        (
            (text(f"communities.measure.{name}"), getattr(found, name))
            for name in (names if found else ())
        ),
    )


def _weeks(page: Page) -> GroupTable:
    return _table(
        page,
        "weeks",
        (("week", "text"), ("people_active", "count"), ("contacts", "count"), ("note", "text")),
        (
            (
                week.week,
                week.people,
                week.contacts,
                "" if week.people is not None else pair_note(page, "few_people"),
            )
            for week in page.model.load
        ),
    )


def _coverage(page: Page) -> GroupTable:
    return _table(
        page,
        "coverage",
        (("department", "text"), ("people", "count"), ("share_seen", "share")),
        ((row.department, row.people, row.share) for row in page.model.coverage.departments),
    )


def _sources(page: Page) -> GroupTable:
    columns: tuple[tuple[str, Unit], ...] = (
        ("source", "text"), ("channel", "text"), ("read", "count"), ("kept", "count"),
        ("skipped", "count"), ("first", "text"), ("last", "text"),
    )  # fmt: skip
    return _table(
        page,
        "sources",
        columns,
        (
            (
                page.source_title(source), source.channel or "", source.read, source.kept,
                sum(number for _, number in source.skipped), source.first or "",
                source.last or "",
            )
            for source in page.model.quality.sources
        ),
    )  # fmt: skip


def _quality(page: Page) -> GroupTable:
    text, model = page.say.plain, page.model
    coverage, quality = model.coverage, model.quality

    def rows() -> Iterator[tuple[Value, ...]]:
        topic = text("topic.people")
        counted = (
            ("known", coverage.people_known), ("seen", coverage.people_seen),
            ("insufficient", quality.insufficient_people),
            ("unmatched", quality.identities_unmatched),
            ("departments_withheld", coverage.withheld_departments),
        )  # fmt: skip
        for key, number in counted:
            yield topic, text(f"item.{key}"), Measured(number, "count")
        if coverage.share is not None:
            yield topic, text("item.share_seen"), Measured(coverage.share, "share")
        if coverage.unknown_department is not None:
            yield (
                topic,
                text("item.unknown_department"),
                Measured(coverage.unknown_department, "share"),
            )
        for source in quality.sources:
            for reason, number in source.skipped:
                yield (
                    text("topic.skipped", source=page.source_title(source)),
                    page.say.code("skipped", reason),
                    Measured(number, "count"),
                )
        for reason, number in quality.removed:
            yield text("topic.removed"), page.say.code("removed", reason), Measured(number, "count")
        yield text("topic.removed"), text("item.kept"), Measured(quality.interactions_kept, "count")
        for reason, number in model.withheld:
            yield (
                text("topic.withheld"),
                page.say.code("withheld", reason),
                Measured(number, "count"),
            )

    columns: tuple[tuple[str, Unit], ...] = (("topic", "text"), ("item", "text"), ("count", "own"))
    return _table(page, "quality", columns, rows())


def _method(page: Page) -> GroupTable:
    text, model = page.say.plain, page.model
    steps = ("tie", "window", "expected", "silo", "weak_link", "bottleneck", "confidence")
    limits = ("silence", "coverage", "cause", "people", "index")

    def rows() -> Iterator[tuple[Value, ...]]:
        for step in steps:
            yield text("topic.definition"), text(f"defined.{step}"), text(f"method.{step}")
        for limit in limits:
            yield text("topic.limit"), "", text(f"limit.{limit}")
        for name, value in parameters(page):
            yield text("topic.parameter"), name, value
        for name, number in model.method.measures:
            yield (
                text("topic.measure"),
                page.say.code("measure", name),
                page.figures.agreement(number),
            )
        yield text("topic.parameter"), text("item.seed"), str(model.method.seed)
        yield text("topic.policy"), text("method.policy"), model.policy.version
        yield text("topic.policy"), text("item.minimum"), str(model.policy.minimum_group)
        yield text("topic.policy"), text("item.concentration"), model.policy.concentration
        for name, value in (*model.method.versions, (text("method.schema"), model.schema)):
            yield text("topic.version"), name, value

    columns: tuple[tuple[str, Unit], ...] = (
        ("topic", "text"), ("item", "text"), ("description", "text"),
    )  # fmt: skip
    return _table(page, "method", columns, rows())


def _glossary(page: Page) -> GroupTable:
    text = page.say.plain
    found: dict[str, str] = {
        text(f"word.{term}.term"): text(f"word.{term}.meaning")
        for term in (
            "tie", "regular-tie", "interaction", "expected", "openness", "silo", "bottleneck",
            "weak-link", "index", "circle", "withheld", "confidence", "week",
        )
    }  # fmt: skip
    return _table(
        page,
        "glossary",
        (("term", "text"), ("meaning", "text")),
        ((term, found[term]) for term in sorted(found, key=alphabetical)),
    )


_TABLES: tuple[Callable[[Page], GroupTable], ...] = (
    _findings, _departments, _pairs, _bottlenecks, _requirements, _glance, _change, _vertical,
    _communities, _agreement, _survey_response, _survey_answers, _weeks, _coverage,
    _sources, _quality, _method, _glossary,
)  # fmt: skip
