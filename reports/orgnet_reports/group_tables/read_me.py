"""What stands before the tables: what they are, of when, under which rules, how to read them."""

from __future__ import annotations

from orgnet_reports.page import Page
from orgnet_reports.sections.header import facts


def read_me(page: Page, *, csv: bool = False) -> tuple[tuple[str, str], ...]:
    """Return names and texts of the read-me, without the list of tables.

    Parameters
    ----------
    page
        What `open_tables` returns.
    csv
        Whether a missing figure is an empty cell and an apostrophe guards text.
    """
    text, model = page.say.plain, page.model
    period, people, *_ = (str(_plain(value)) for _, value in facts(page).items)
    missing, formula = ("dash_csv", "formula_csv") if csv else ("dash", "formula")
    rows = [
        (text("readme.kind"), text("readme.kind_text")),
        (text("readme.report"), model.title),
        (text("readme.organisation"), model.organisation or ""),
        (text("readme.period"), period),
        (text("readme.people"), people),
        (text("readme.made"), page.figures.day(model.run_date)),
        (text("readme.audience"), text("header.audience")),
        (
            text("readme.rules"),
            text("data.withheld.rule", minimum=model.policy.minimum_group),
        ),
        (text(f"readme.{missing}"), text(f"readme.{missing}_text")),
        (text("readme.range"), text("readme.range_text")),
        (text("readme.formula"), text(f"readme.{formula}_text")),
        *((text("readme.notes"), note) for note in notes(page)),
    ]
    return tuple((name, told) for name, told in rows if told)


def notes(page: Page) -> tuple[str, ...]:
    """Return what the report says about its data before any figure: notices and notes."""
    told = [_plain(page.notice(key, arguments)) for key, arguments in page.model.notices]
    return (*told, *page.model.quality.notes)


def _plain(text: object) -> str:
    return text.striptags() if hasattr(text, "striptags") else str(text)
