"""What a leader should know: up to three cards, or that nothing stands out."""

from __future__ import annotations

from markupsafe import Markup

from orgnet.report_model import Finding, anchor
from orgnet_reports.blocks import Block, Bullets, Card, Cards, Command, Paragraph, Section
from orgnet_reports.drawing.effect import effect_bar, thread
from orgnet_reports.page import Page
from orgnet_reports.phrasing import isolate

_CARDS = 3

#: Cards and short entries together; a longer list is read in the sections.
_LISTED = 10


def findings(page: Page) -> Section:
    """Return the cards, the statement of the mode, or that there is no clear finding."""
    blocks: list[Block] = []
    if page.model.mode == "small":
        known = max(page.model.coverage.people_known, page.model.coverage.people_seen)
        blocks.append(
            Paragraph(
                text=page.say.counted("small.statement", known, people=page.people(known)),
                tone="statement",
            )
        )
        blocks.append(Paragraph(text=page.say("small.instead")))
    elif page.model.mode == "no_groups":
        blocks += [
            Paragraph(text=page.say("no_groups.statement", by=page.model.by), tone="statement"),
            Paragraph(text=page.say("no_groups.cannot", by=page.model.by)),
            Paragraph(text=page.say("no_groups.remedy", by=page.model.by)),
            Command(text=page.say.plain("no_groups.command")),
        ]
    elif not page.model.findings:
        blocks += _nothing_found(page)
    if page.model.findings:
        cards = [_card(page, at, finding) for at, finding in enumerate(page.model.findings)]
        blocks.append(Cards(cards=tuple(cards[:_CARDS]), further=tuple(cards[_CARDS:_LISTED])))
        if rest := max(len(cards) - _LISTED, 0):
            blocks.append(Paragraph(text=page.say.counted("findings.rest", rest, count=rest)))
        blocks.append(Paragraph(text=page.say("findings.caution"), tone="note"))
    return Section(
        anchor="findings",
        title=page.say(f"findings.title.{page.model.mode}"),
        lead=None,
        blocks=tuple(blocks),
    )


def _nothing_found(page: Page) -> list[Block]:
    gates = [page.untested(kind) for kind in ("silos", "weak_links", "bottlenecks")]
    untested = tuple(reason for reason in gates if reason is not None)
    if not untested:
        return [
            Paragraph(text=page.say("findings.none"), tone="statement"),
            Paragraph(text=page.say("findings.none_meaning")),
        ]
    key = "findings.untested" if len(untested) == len(gates) else "findings.none_tested"
    return [Paragraph(text=page.say(key), tone="statement"), Bullets(items=untested)]


def _card(page: Page, at: int, finding: Finding) -> Card:
    names = finding.subject
    return Card(
        anchor=f"finding-{at + 1}",
        topic=page.say(f"finding.topic.{finding.kind}"),
        css=finding.kind.replace("_", "-"),
        headline=isolate(finding.headline, names),
        statement=isolate(finding.statement, names),
        picture=_picture(page, finding),
        confidence=page.say(
            "finding.confidence",
            word=Markup("<strong>{}</strong>").format(page.say(f"confidence.{finding.confidence}")),
            reason=isolate(finding.confidence_reason, names),
        ),
        alternative=isolate(finding.alternative, names),
        question=isolate(finding.question, names),
        evidence=_evidence(page, finding),
    )


def _picture(page: Page, finding: Finding) -> Markup | None:
    if finding.kind == "bottleneck":
        word = next(
            (item.people for item in page.model.bottlenecks
             if {item.group_a, item.group_b} == set(finding.subject)),
            "very_few",
        )  # fmt: skip
        return thread(
            {"one_person": 1, "two_people": 2, "very_few": 3}[word],  # type: ignore[arg-type]
            label=page.say.plain(f"bottleneck.picture.{word}"),
        )
    if finding.effect is None:
        return None
    return effect_bar(
        finding.effect,
        finding.low,
        finding.high,
        label=page.say.plain("effect.label", ratio=page.figures.ratio(finding.effect)),
        none=page.say.plain("effect.none"),
        expected=page.say.plain("effect.expected"),
    )


def _evidence(page: Page, finding: Finding) -> str:
    """Return the row that the finding came from, or its section where no row is shown."""
    model, rows = page.model, list[tuple[str, ...]]()
    if finding.kind == "silo":
        section = "silos"
        rows = [(group.name,) for group in model.departments if group.openness is not None]
    elif finding.kind == "bottleneck":
        section = "bottlenecks"
        rows = [(item.group_a, item.group_b) for item in model.bottlenecks]
    else:
        section = "weak-links" if model.weak_links else "matrix"
        weak = (model.pairs[at] for at in model.weak_links)
        rows = [(pair.group_a, pair.group_b) for pair in weak]
    return anchor(finding.kind, *finding.subject) if finding.subject in rows else section
