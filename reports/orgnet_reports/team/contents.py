"""What stands on the two pages: sentences, lists cut to their room, and tables with everything."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from orgnet.report_model import (
    HowOften,
    TeamContact,
    TeamConversation,
    TeamDependence,
    TeamModel,
    TeamPerson,
)
from orgnet_reports.blocks import Cell, Table
from orgnet_reports.cleaning import without_hidden_characters
from orgnet_reports.drawing.svg import shorten, text_width
from orgnet_reports.figures import Figures
from orgnet_reports.phrasing import Name, Speaker
from orgnet_reports.team.ring import Guest, legend_line, ring
from orgnet_reports.team.seats import seated

#: A list on paper has room for so many entries.
MOST_LISTED = 4

#: A name in a sentence is at most so wide, in em, and so are the title and the organisation.
_WIDEST, _WIDEST_TITLE = 15.0, 30.0

_Pairs = Sequence[tuple[int, int]]


class Card(Struct, frozen=True, kw_only=True):
    """One of the things seen: a title, entries, and what is said where there is none."""

    title: Markup
    note: Markup | None
    entries: tuple[Markup, ...]
    more: Markup | None


class Talk(Struct, frozen=True, kw_only=True):
    """One conversation: what was seen, and the question."""

    seen: Markup
    question: Markup


def cleaned(model: TeamModel, *, nobody: str, nowhere: str) -> TeamModel:
    """Return the model with hidden characters taken out of every name."""
    clean = without_hidden_characters
    return dataclasses.replace(
        model,
        title=shorten(clean(model.title), _WIDEST_TITLE, 1.0),
        organisation=shorten(clean(model.organisation or ""), _WIDEST_TITLE, 1.0) or None,
        sources=tuple((connector, clean(title)) for connector, title in model.sources),
        departments=tuple(clean(name) or nowhere for name in model.departments),
        people=tuple(
            TeamPerson(name=clean(person.name) or nobody, department=person.department)
            for person in model.people
        ),
    )


class Contents(Struct, frozen=True, kw_only=True):
    """One team edition being written, from its cleaned model."""

    model: TeamModel
    say: Speaker
    figures: Figures

    # ------------------------------------------------------------------ head

    @property
    def kicker(self) -> Markup:
        """The line above the title."""
        if self.model.organisation is None:
            return self.say("edition")
        return self.say("kicker", organisation=Name(self.model.organisation))

    @property
    def standfirst(self) -> Markup:
        """What the pages are, and who is named on them."""
        return self.say(
            "standfirst.some" if self.model.others else "standfirst.all",
            named=len(self.model.people),
            known=self.model.people_known,
        )

    @property
    def facts(self) -> tuple[Markup, ...]:
        """Period, sources and day."""
        model, period = self.model, self.model.period
        span = self.figures.span(period.first, period.last)
        sources = self._joined(self._source(*source) for source in model.sources)
        return (
            self.say("fact.period", span=span, weeks=period.weeks)
            if period.weeks is not None
            else self.say("fact.undated"),
            *([self.say("fact.sources", sources=sources)] if sources else []),
            self.say("fact.made", day=self.figures.day(model.run_date)),
        )

    def _source(self, connector: str, title: str) -> str:
        key = f"source_title.{connector}"
        return self.say.plain(key) if key in self.say else title

    # ------------------------------------------------------------------ picture

    @property
    def picture(self) -> Markup:
        """The ring."""
        model = self.model
        groups: list[tuple[int | None, tuple[int, ...]]] = [
            (place, model.members(place)) for place in range(len(model.departments))
        ]
        if without := model.members(None):
            groups.append((None, without))
        return ring(
            [
                Guest(name=person.name, department=person.department, sentence=self._spoken(at))
                for at, person in enumerate(model.people)
            ],
            model.departments,
            model.ties,
            seated(
                groups,
                self._contacts(len(groups)),
                longest=max(text_width(person.name, 1.0) for person in model.people),
            ),
            untitled=self.say.plain("unnamed_department"),
            label=self.say.plain("picture.spoken", people=len(model.people), lines=len(model.ties)),
        )

    @property
    def legend(self) -> tuple[tuple[Markup, Markup], ...]:
        """The samples of lines, each with what it means; only those that are drawn."""
        drawn = {tie.how_often for tie in self.model.ties}
        kinds: tuple[HowOften, ...] = ("most_weeks", "regular", "named")
        return tuple((legend_line(kind), self._meaning(kind)) for kind in kinds if kind in drawn)

    def _meaning(self, kind: HowOften) -> Markup:
        model = self.model
        if kind == "named":
            return self.say("legend.named")
        if model.regular_weeks is None or model.most_weeks is None:
            return self.say("legend.undated")
        weeks, last = model.regular_weeks, model.most_weeks - 1
        if kind == "regular" and last > weeks:
            return self.say("legend.regular", weeks=weeks, most=last, all=model.period.weeks)
        return self.say(
            "legend.most_weeks",
            weeks=weeks if kind == "regular" else model.most_weeks,
            all=model.period.weeks,
        )

    @property
    def others(self) -> Markup | None:
        """What is said of those who did not agree."""
        model = self.model
        if not model.others:
            return None
        one = "one" if model.others == 1 else "other"
        if model.others_contacts is None:
            return self.say(f"others.{one}.folded", count=self.figures.count(model.others))
        return self.say(
            f"others.{one}.counted",
            count=self.figures.count(model.others),
            contacts=self.figures.count(model.others_contacts),
        )

    def _spoken(self, at: int) -> str:
        person = self.model.people[at]
        told = {"name": person.name, "department": self._department(person.department)}
        partners = [self.model.people[other].name for other in self._partners(at)]
        if not partners:
            return self.say.plain("picture.person_alone", **told)
        return self.say.plain("picture.person", names=self._joined(partners), **told)

    def _partners(self, at: int) -> list[int]:
        ends = [(tie.first, tie.second) for tie in self.model.ties]
        return [b if a == at else a for a, b in ends if at in (a, b)]

    def _contacts(self, groups: int) -> np.ndarray:
        """Count pairs in contact by two groups; those of no department are the last one."""
        counts = np.zeros((groups, groups))
        for tie in self.model.ties:
            a, b = (self.model.people[end].department for end in (tie.first, tie.second))
            first, second = (groups - 1 if place is None else place for place in (a, b))
            counts[first, second] += 1
            counts[second, first] += 1
        return counts

    # ------------------------------------------------------------------ tables

    @property
    def tables(self) -> tuple[Table, ...]:
        """Everything that the picture and the lists show, uncut."""
        say, model = self.say, self.model
        people = Table(
            caption=say("table.people"),
            columns=tuple(say(f"table.{key}") for key in ("name", "function", "contact")),
            rows=tuple(
                (
                    Cell(text=Name(person.name)),
                    Cell(text=Name(self._department(person.department))),
                    Cell(text=self._names(self._partners(at)) or say("table.nobody"), css="prose"),
                )
                for at, person in enumerate(model.people)
            ),
            file_name="team",
        )
        tables = [people]
        if model.contacts:
            tables.append(
                Table(
                    caption=say("table.functions"),
                    columns=tuple(say(f"table.{key}") for key in ("first", "second", "pairs")),
                    numbers=frozenset({2}),
                    rows=tuple(
                        (
                            Cell(text=Name(model.departments[contact.first])),
                            Cell(text=Name(model.departments[contact.second])),
                            Cell(text=self.figures.count(contact.pairs)),
                        )
                        for contact in model.contacts
                    ),
                    file_name="functions",
                )
            )
        if model.change and (model.change.begun or model.change.ended):
            tables.append(
                Table(
                    caption=say("table.changes"),
                    columns=(say("table.what"), say("table.who")),
                    rows=tuple(
                        (Cell(text=say(f"table.{key}")), Cell(text=self._names(pair)))
                        for key, pairs in (
                            ("began", model.change.begun),
                            ("ended", model.change.ended),
                        )
                        for pair in pairs
                    ),
                    file_name="changes",
                )
            )
        return tuple(tables)

    # ------------------------------------------------------------------ second page

    @property
    def cards(self) -> tuple[Card, ...]:
        """What we see."""
        return self._no_contact(), self._hung(), self._changed()

    def _no_contact(self) -> Card:
        apart = sorted(self.model.no_contact, key=self._concerned)
        entries = [self.say("no_contact.pair", **self._both(pair)) for pair in apart]
        none = "no_contact.none" if len(self.model.departments) > 1 else "no_contact.few"
        return self._card("no_contact", entries, none)

    def _concerned(self, contact: TeamContact) -> int:
        sizes = [len(self.model.members(place)) for place in (contact.first, contact.second)]
        return -sizes[0] * sizes[1]

    def _hung(self) -> Card:
        entries = [self._hanging("hung", hung) for hung in self.model.dependences]
        return self._card("hung", entries, "hung.none", more="seen.more_hung")

    def _hanging(self, table: str, hung: TeamDependence) -> Markup:
        names = [self._department_name(place) for place in hung.departments]
        told: dict[str, object] = {"name": self._name(hung.person), "department": names[0]}
        told |= dict(zip("ab", names, strict=False))
        if hung.partner is not None:
            told["partner"] = self._name(hung.partner)
        return self.say(f"{table}.{hung.kind}", **told)

    def _changed(self) -> Card:
        change = self.model.change
        if change is None:
            return Card(title=self.say("change.title"), note=self.say("change.no_period"),
                        entries=(), more=None)  # fmt: skip
        entries = [
            self.say(f"change.{key}", a=self._department_name(a), b=self._department_name(b))
            for key, pairs in (
                ("departments_ended", change.departments_ended),
                ("departments_begun", change.departments_begun),
            )
            for a, b in pairs
        ]
        entries += [
            self.say(f"change.{key}", name=self._name(a), partner=self._name(b))
            for key, pairs in (("begun", change.begun), ("ended", change.ended))
            for a, b in pairs
        ]
        card = self._card("change", entries, "change.none")
        span = self.figures.span(change.before.first, change.before.last)
        since = self.say("change.since", span=span, people=self.figures.count(change.people))
        return replace(card, note=Markup(" ").join(filter(None, (since, card.note))))

    def _card(
        self, key: str, entries: Sequence[Markup], none: str, *, more: str = "seen.more"
    ) -> Card:
        left = len(entries) - MOST_LISTED
        return Card(
            title=self.say(f"{key}.title"),
            note=None if entries else self.say(none),
            entries=tuple(entries[:MOST_LISTED]),
            more=self.say.counted(more, left, count=self.figures.count(left)) if left > 0 else None,
        )

    @property
    def talks(self) -> tuple[Talk, ...]:
        """The three conversations."""
        return tuple(map(self._talk, self.model.conversations))

    def _talk(self, conversation: TeamConversation) -> Talk:
        model, kind, at = self.model, conversation.kind, conversation.at or 0
        if kind == "dependence":
            hung = model.dependences[at]
            return Talk(seen=self._hanging("hung", hung), question=self._hanging("question", hung))
        if kind == "no_contact":
            names = self._both(model.no_contact[at])
            return Talk(
                seen=self.say("seen_first.no_contact", **names),
                question=self.say("question.no_contact", **names),
            )
        if kind in ("ended", "begun") and model.change is not None:
            pairs: _Pairs = getattr(model.change, f"departments_{kind}")
            a, b = (self._department_name(place) for place in pairs[at])
            return Talk(
                seen=self.say(f"change.departments_{kind}", a=a, b=b),
                question=self.say(f"question.{kind}", a=a, b=b),
            )
        return Talk(seen=self.say(f"seen_first.{kind}"), question=self.say(f"question.{kind}"))

    @property
    def made(self) -> tuple[Markup, ...]:
        """How the pages were made."""
        model = self.model
        regular = (
            self.say("made.undated")
            if model.regular_weeks is None
            else self.say("made.regular", regular=model.regular_weeks, all=model.period.weeks)
        )
        rest = (self.say(f"made.{key}") for key in ("content", "agreement", "offline"))
        policy = model.policy
        rules = self.say("page.policy", version=policy.version, minimum=policy.minimum_group)
        return (regular, *rest, rules)

    # ------------------------------------------------------------------ names

    def _both(self, contact: TeamContact) -> dict[str, Name]:
        return {
            "a": self._department_name(contact.first),
            "b": self._department_name(contact.second),
        }

    def _department(self, place: int | None) -> str:
        if place is None:
            return self.say.plain("unnamed_department")
        return self.model.departments[place]

    def _department_name(self, place: int) -> Name:
        return Name(shorten(self.model.departments[place], _WIDEST, 1.0))

    def _name(self, person: int) -> Name:
        return Name(shorten(self.model.people[person].name, _WIDEST, 1.0))

    def _names(self, people: Iterable[int]) -> Markup:
        names = [Name(self.model.people[at].name).__html__() for at in people]
        return self.say("separator").join(names)

    def _joined(self, texts: Iterable[str]) -> str:
        return self.say.plain("separator").join(texts)
