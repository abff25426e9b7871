"""The people edition as one page: the map, everybody on it as tables, and how to read them."""

from __future__ import annotations

from typing import ClassVar

from markupsafe import Markup

from orgnet.report_model import PeopleModel
from orgnet.templates import environment
from orgnet_reports.palette import custom_properties
from orgnet_reports.people.opening import PeoplePaper, opened_people
from orgnet_reports.people.packing import map_data
from orgnet_reports.people.picture import MOST_LINES, still_map
from orgnet_reports.script_words import script_words
from orgnet_reports.sealed_page import content_policy, data_block, page_bytes, static

#: Up to so many people, tables that are closed on the screen are printed as well.
PRINTED_WHOLE = 150

#: Sentences that the script says: its own name, the key, the arguments that it fills in.
_SPOKEN = tuple(
    (name, f"people.spoken.{name}", arguments)
    for name, arguments in (
        ("all", ("people", "ties")),
        ("group", ("group", "people", "ties")),
        ("found.one", ("count",)),
        ("found.other", ("count",)),
        ("nobody", ()),
        ("chosen", ("label", "group", "contacts", "outside")),
        ("few", ()),
        ("drawn", ("drawn", "contacts")),
        ("more", ()),
        ("members", ("group",)),
        ("groups", ()),
        ("results", ()),
        ("contacts_of", ("label",)),
        ("close", ()),
        ("download", ()),
        ("downloaded", ("file",)),
    )
)


class PeoplePage:
    """Writes ``report-people.html``."""

    name: ClassVar[str] = "html"
    title: ClassVar[str] = (
        "The map of people: one page with search, groups and everybody's contacts"
    )
    file_name: ClassVar[str] = "report-people.html"

    def render(self, model: PeopleModel) -> bytes:
        """Return the page; the same model gives the same bytes.

        Raises
        ------
        OrgnetError
            If the page is too large to be mailed.
        """
        paper = opened_people(model)
        script = static("people.js")
        style = (
            custom_properties()
            + static("people.css")
            + _page_margin(f"{paper.say.plain('people.edition')} {paper.banner()}")
        )
        data = data_block(map_data(model) | {"words": script_words(paper.say, _SPOKEN)})
        picture = still_map(paper)
        text = (
            environment("orgnet_reports")
            .get_template("people.html.j2")
            .render(
                paper=paper,
                model=paper.model,
                say=paper.say,
                facts=paper.facts(),
                policy=content_policy(scripts=(script,), styles=(style,)),
                script=Markup(script),
                style=Markup(style),
                data=data,
                picture=picture,
                strengths=_strengths(paper),
                lines_on_paper=min(MOST_LINES, len(model.ties.first)),
                printed_whole=len(model.people) <= PRINTED_WHOLE,
            )
        )
        return page_bytes(
            text,
            what="the people edition",
            parts=lambda: {
                "the data": len(data),
                "the picture": len(picture),
                "the tables": len(text) - len(data) - len(picture) - len(script) - len(style),
            },
            remedy="show one group at a time (--group)",
        )


def _strengths(paper: PeoplePaper) -> list[tuple[int, str]]:
    """Return the choices of the filter: at least how strong a tie must be to be drawn."""
    if paper.model.regular_weeks is None:
        return []
    return [(least, paper.strength(least)) for least in (1, 2)]


def _page_margin(banner: str) -> str:
    r"""Return the rule that prints the banner at the top of every sheet.

    Every character that is no letter, digit or space is written by its number, so that a purpose
    can say whatever it likes and never ends the string.

    Examples
    --------
    >>> _page_margin('for "HR"')
    '@media print { @page { @top-left { content: "for \\000022 HR\\000022 "; } } }\n'
    """
    letters = "".join(
        letter
        if letter == " " or (letter.isascii() and letter.isalnum())
        else f"\\{ord(letter):06x} "
        for letter in banner
    )
    return f'@media print {{ @page {{ @top-left {{ content: "{letters}"; }} }} }}\n'
