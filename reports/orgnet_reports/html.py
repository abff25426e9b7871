"""The groups edition: one page that answers first, works offline and holds nothing of a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from markupsafe import Markup

from orgnet.report_model import ReportModel
from orgnet.templates import environment
from orgnet.words import load_words
from orgnet_reports.blocks import Block, Matrix, Section
from orgnet_reports.cleaning import clean_model
from orgnet_reports.figures import Figures
from orgnet_reports.page import Page
from orgnet_reports.palette import custom_properties
from orgnet_reports.phrasing import Speaker
from orgnet_reports.running_header import running_header
from orgnet_reports.script_words import TABLE_WORDS, script_words
from orgnet_reports.sealed_page import content_policy, data_block, page_bytes, static
from orgnet_reports.sections.bottlenecks import bottlenecks
from orgnet_reports.sections.change import what_changed
from orgnet_reports.sections.communities import communities
from orgnet_reports.sections.findings import findings
from orgnet_reports.sections.glance import at_a_glance
from orgnet_reports.sections.group_map import map_of_departments
from orgnet_reports.sections.header import facts, kicker, standfirst
from orgnet_reports.sections.load import load_over_time
from orgnet_reports.sections.matrix import department_matrix
from orgnet_reports.sections.method import method, words_used
from orgnet_reports.sections.quality import data_quality
from orgnet_reports.sections.requirements import required_contact
from orgnet_reports.sections.silos import silos
from orgnet_reports.sections.survey import what_the_survey_says
from orgnet_reports.sections.vertical import along_the_lines
from orgnet_reports.sections.weak_links import weak_links

#: In the order of the page; each returns nothing where it has no place. The glossary comes last,
#: because it explains the terms that the others have used.
SECTIONS: tuple[Callable[[Page], Section | None], ...] = (
    findings,
    at_a_glance,
    load_over_time,
    map_of_departments,
    department_matrix,
    silos,
    bottlenecks,
    weak_links,
    required_contact,
    communities,
    along_the_lines,
    what_changed,
    what_the_survey_says,
    data_quality,
    method,
    words_used,
)


class Html:
    """Writes ``report.html``."""

    name: ClassVar[str] = "html"
    title: ClassVar[str] = "One page for leaders: findings first, then the evidence and the method"
    file_name: ClassVar[str] = "report.html"

    def render(self, model: ReportModel) -> bytes:
        """Return the page; the same model gives the same bytes.

        Raises
        ------
        OrgnetError
            If the page is too large to be mailed.
        """
        words = load_words("orgnet", model.language) | load_words("orgnet_reports", model.language)
        say = Speaker(words)
        page = Page(
            model=clean_model(model, unnamed=words("unnamed")), say=say, figures=Figures(words)
        )
        top = {"kicker": kicker(page), "standfirst": standfirst(page), "facts": facts(page)}
        sections = [section for build in SECTIONS if (section := build(page))]
        script = static("tables.js") + static("report.js")
        style = (
            custom_properties()
            + static("report.css")
            + running_header(page, say.plain("page.edition_name"))
        )
        data = data_block(_script_data(page, sections))
        text = (
            environment("orgnet_reports")
            .get_template("report.html.j2")
            .render(
                page=page,
                say=say,
                policy=content_policy(scripts=(script,), styles=(style,)),
                script=Markup(script),
                style=Markup(style),
                data=data,
                sections=sections,
                **top,
            )
        )
        return page_bytes(
            text,
            what="the page",
            parts=lambda: {section.anchor: _length(page, section) for section in sections},
            remedy="group people by a column with fewer values (--by)",
        )


def _length(page: Page, section: Section) -> int:
    template = environment("orgnet_reports").get_template("section.html.j2")
    return len(template.render(page=page, say=page.say, section=section))


def _script_data(page: Page, sections: list[Section]) -> dict[str, Any]:
    blocks: list[Block] = [block for section in sections for block in section.blocks]
    return {
        "orders": {
            way: order
            for block in blocks
            if isinstance(block, Matrix)
            for way, _, order in block.orders
        },
        "words": script_words(
            page.say, (*TABLE_WORDS, ("reordered", "matrix.reordered", ("order",)))
        ),
    }
