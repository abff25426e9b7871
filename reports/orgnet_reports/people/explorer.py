"""The explorer of the people edition: up to 500 people and their ties, to move about in."""

from __future__ import annotations

from typing import ClassVar

from markupsafe import escape

from orgnet.report_model import PeopleModel
from orgnet_reports.blocks import Cell, Table
from orgnet_reports.explorer_page import Line, Network, Node, explorer_page
from orgnet_reports.people.opening import PeoplePaper, opened_people

#: Pixels between neighbouring people: room for a circle and its label.
_SPACING = 170.0

_WIDTHS = (1.0, 2.0, 4.0)


class PeopleExplorer:
    """Writes ``explorer-people.html``."""

    name: ClassVar[str] = "explorer"
    title: ClassVar[str] = "Up to 500 people as a network to move about in, with filters"
    file_name: ClassVar[str] = "explorer-people.html"

    def render(self, model: PeopleModel) -> bytes:
        """Return the page; the same model gives the same bytes.

        Raises
        ------
        OrgnetError
            If there are more than 500 people, if the page is too large to be mailed, or if pyvis
            comes without vis-network.
        """
        paper = opened_people(model)
        return explorer_page(
            _network(paper),
            say=paper.say,
            language=model.language,
            remedy="show one group at a time (--group), or write the map (--format html)",
        )


def _network(paper: PeoplePaper) -> Network:
    say, model = paper.say, paper.model
    scale = _SPACING / max(model.spacing, 1)
    ties = zip(model.ties.first, model.ties.second, model.ties.strength, strict=True)
    dated = model.regular_weeks is not None
    strengths = [(0.0, say.plain("people.map.all_ties"))]
    if dated:
        strengths += [(float(least), paper.strength(least)) for least in (1, 2)]
    return Network(
        title=say.plain("people.page_title", title=model.title),
        banner=f"{say.plain('people.edition')} {paper.banner()}",
        kicker=model.organisation or model.title,
        heading=say("people.heading"),
        intro=paper.ties_drawn(),
        nodes=[
            Node(
                label=person.label,
                # All circles are of one size: nobody is more than anybody else.
                size=1.0,
                x=round(person.x * scale),
                y=round(person.y * scale),
                told=say.plain(
                    "people.spoken.chosen",
                    label=person.label,
                    group=paper.groups[person.group],
                    contacts=person.contacts,
                    outside=person.contacts_outside,
                ),
                group=person.group,
            )
            for person in model.people
        ],
        lines=[
            Line(first=a, second=b, strength=strength, side="even", width=_WIDTHS[strength])
            for a, b, strength in ties
        ],
        node_word=say("people.list.person"),
        every_node=say("people.everybody"),
        groups=paper.groups,
        group_word=say("people.map.group"),
        every_group=say("people.map.all_groups"),
        sides=[("all", say.plain("people.map.all_ties"))],
        strengths=strengths,
        strength=0.0,
        legend=(),
        lines_table=_ties_table(paper),
        tables=(_people_table(paper),),
        notes=(
            *(say(f"people.reading.{key}") for key in ("few", "use", "left_out")),
            escape(paper.rules()),
        ),
        footer=say("people.footer"),
    )


def _people_table(paper: PeoplePaper) -> Table:
    say, figures = paper.say, paper.figures
    return Table(
        caption=say("people.list.title"),
        columns=(
            say("people.list.person"),
            say("people.map.group"),
            say("people.list.contacts"),
            say("people.list.outside"),
        ),
        rows=tuple(
            (
                Cell(text=paper.name(person.label)),
                Cell(text=paper.groups[person.group]),
                Cell(text=figures.count(person.contacts)),
                Cell(text=figures.count(person.contacts_outside)),
            )
            for person in paper.model.people
        ),
        file_name="people",
        numbers=frozenset({2, 3}),
    )


def _ties_table(paper: PeoplePaper) -> Table:
    say, people, ties = paper.say, paper.model.people, paper.model.ties
    return Table(
        caption=say("people.ties.title"),
        columns=(say("people.ties.one"), say("people.ties.other"), say("people.map.strength")),
        rows=tuple(
            (
                Cell(text=paper.name(people[a].label)),
                Cell(text=paper.name(people[b].label)),
                Cell(text=paper.strength(strength)),
            )
            for a, b, strength in zip(ties.first, ties.second, ties.strength, strict=True)
        ),
        file_name="people-ties",
    )
