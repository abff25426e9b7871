"""The top of the page: what this is about, how much of it was seen, who may see it."""

from __future__ import annotations

from orgnet_reports.blocks import Facts, Text
from orgnet_reports.page import Page
from orgnet_reports.phrasing import Name


def kicker(page: Page) -> Text:
    """Return the line above the title: organisation and edition."""
    if page.model.organisation:
        return page.say("header.kicker.named", organisation=page.model.organisation)
    return page.say("header.kicker.plain")


def standfirst(page: Page) -> Text:
    """Return the sentence below the title: what was found, in whom, from what."""
    key = {"full": "header.standfirst.full", "small": "header.standfirst.small"}.get(
        page.model.mode, "header.standfirst.no_groups"
    )
    found = len(page.model.findings)
    if page.model.mode != "full":
        return page.say(key, seen=page.people(page.model.coverage.people_seen))
    told = {
        "departments": page.figures.count(len(page.model.departments)),
        "seen": page.people(page.model.coverage.people_seen),
    }
    if not found:
        return page.say(f"{key}.none", **told)
    return page.say.counted(key, found, count=page.figures.count(found), **told)


def facts(page: Page) -> Facts:
    """Return period, sources, coverage, run date, what was read and who may see it."""
    model, say, figures = page.model, page.say, page.figures
    period: Text = say("header.no_period")
    if model.period.first and model.period.last:
        period = figures.span(model.period.first, model.period.last)
        if model.period.weeks is not None:
            period = say.counted(
                "header.period", model.period.weeks, span=period, count=model.period.weeks
            )
    coverage = model.coverage
    people: Text = page.people(coverage.people_seen)
    if coverage.share is not None:
        people = say(
            "header.people",
            seen=figures.count(coverage.people_seen),
            known=figures.count(coverage.people_known),
            share=figures.share(coverage.share),
        )
    grouped: tuple[tuple[Text, Text], ...] = ()
    if (roll_up := model.roll_up) is not None:
        told = say(
            f"header.groups.{roll_up.kind}",
            by=Name(roll_up.by),
            into=Name(roll_up.into),
            groups=figures.count(roll_up.groups),
            into_groups=figures.count(roll_up.into_groups),
        )
        grouped = ((say("header.fact.groups"), told),)
    content = "header.content" if model.period.first else "header.content_undated"
    titles = dict.fromkeys(page.source_title(source) for source in model.quality.sources)
    return Facts(
        items=(
            (say("header.fact.period"), period),
            (say("header.fact.people"), people),
            *grouped,
            (say("header.fact.sources"), page.listed(titles) or say("header.no_sources")),
            (say("header.fact.content"), say(content)),
            (say("header.fact.audience"), say("header.audience")),
            (say("header.fact.run"), figures.day(model.run_date)),
        )
    )
