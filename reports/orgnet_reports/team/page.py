"""Writes the team edition: one sealed page without script, two sheets of paper when printed."""

from __future__ import annotations

from typing import ClassVar

from markupsafe import Markup

from orgnet.report_model import TeamModel
from orgnet.templates import environment
from orgnet.words import load_words
from orgnet_reports.drawing.svg import shorten
from orgnet_reports.figures import Figures
from orgnet_reports.palette import LIGHT, custom_properties
from orgnet_reports.phrasing import Speaker
from orgnet_reports.running_header import css_string
from orgnet_reports.sealed_page import content_policy, page_bytes, static
from orgnet_reports.team.contents import Contents, cleaned
from orgnet_reports.team.ring import lit_rules

#: Points that a name may take at the foot of a sheet, beside the period.
_NAME_WIDTH, _FOOT_SIZE = 230, 8.5


class TeamPage:
    """Writes ``team.html``."""

    name: ClassVar[str] = "html"
    title: ClassVar[str] = "Two pages for a small firm: who works with whom, and what to talk about"
    file_name: ClassVar[str] = "team.html"

    def render(self, model: TeamModel) -> bytes:
        """Return the page; the same model gives the same bytes.

        Raises
        ------
        OrgnetError
            If the page is too large to be mailed.
        """
        words = load_words("orgnet", model.language)
        for package in ("orgnet_reports", "orgnet_reports.team"):
            words = words | load_words(package, model.language)
        say = Speaker(words)
        clean = cleaned(model, nobody=words("unnamed_person"), nowhere=words("unnamed_department"))
        contents = Contents(model=clean, say=say, figures=Figures(words))
        style = "".join(
            (
                custom_properties(),
                static("team.css"),
                lit_rules(len(clean.people)),
                _running_foot(contents),
            )
        )
        text = (
            environment("orgnet_reports")
            .get_template("team.html.j2")
            .render(
                contents=contents,
                model=clean,
                say=say,
                policy=content_policy(scripts=(), styles=(style,)),
                style=Markup(style),
            )
        )
        return page_bytes(
            text, what="the page", parts=lambda: {"the text": len(text)}, remedy="shorten names"
        )


def _running_foot(contents: Contents) -> str:
    """Return the style that prints whose pages these are, of when, and which of the two."""
    model, period = contents.model, contents.model.period
    name = shorten(model.organisation or model.title, _NAME_WIDTH, _FOOT_SIZE)
    left = contents.say.plain("page.running", name=name,
                              span=contents.figures.span(period.first, period.last)
                              ) if period.first else name  # fmt: skip
    edition = contents.say.plain("edition")
    return (
        "@media print { @page { margin: 12mm 14mm 14mm; "
        f"font: {_FOOT_SIZE}pt system-ui, sans-serif; color: {LIGHT['soft']};\n"
        f"@bottom-left {{ content: {css_string(left)}; }}\n"
        f"@bottom-right {{ content: {css_string(edition)} ' \\00B7  ' counter(page) ' / ' "
        "counter(pages); } } }\n"
    )
