"""Where an output of the people edition begins: the cleaned model with its words and figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from markupsafe import Markup
from msgspec import Struct

from orgnet.report_model import TIE_STRENGTHS, MappedPerson, PeopleModel
from orgnet.words import load_words
from orgnet_reports.cleaning import without_hidden_characters
from orgnet_reports.figures import Figures
from orgnet_reports.phrasing import Name, Speaker


class PeoplePaper(Struct, frozen=True, kw_only=True):
    """One people edition being written.

    Attributes
    ----------
    groups
        Names of the groups as shown, one for each of the model's.
    """

    model: PeopleModel
    say: Speaker
    figures: Figures
    groups: tuple[str, ...]

    def people_of(self, group: int) -> tuple[MappedPerson, ...]:
        """Return the people of one group, in the model's order."""
        return tuple(person for person in self.model.people if person.group == group)

    def counted(self, key: str, number: int) -> str:
        """Return a count with its noun: ``1 person``, ``214 people``."""
        return str(self.say.counted(key, number, count=self.figures.count(number)))

    def banner(self) -> str:
        """Return the sentence that stands on every page."""
        asked = "banner.asked" if self.model.asked_by else "banner.plain"
        return self.say.plain(
            f"people.{asked}", purpose=self.model.purpose, who=self.model.asked_by
        )

    def strength(self, position: int) -> str:
        """Return the words for one strength of a tie."""
        code = TIE_STRENGTHS[position]
        if self.model.regular_weeks is None:
            return self.say.plain("people.strength.undated")
        weeks = {
            "occasional": self.model.regular_weeks,
            "regular": self.model.regular_weeks,
            "most_weeks": self.model.most_weeks,
        }[code]
        return self.say.plain(f"people.strength.{code}", weeks=weeks)

    def facts(self) -> tuple[tuple[str, str | Markup], ...]:
        """Return what has to be known of the edition before it is read, in pairs."""
        model, say = self.model, self.say
        totals, span = model.totals, self.figures.span(model.period.first, model.period.last)
        labels = say.plain("people.labels.names" if model.names else "people.labels.pseudonyms")
        if totals.without_name:
            labels += " " + self.counted("people.labels.without_name", totals.without_name)
        rows = [
            ("purpose", model.purpose),
            ("asked_by", model.asked_by or say.plain("people.nobody_named")),
            ("period", span if model.period.first else say.plain("people.no_dates")),
            (
                "people",
                say.plain(
                    "people.seen_of_known",
                    seen=self.figures.count(totals.people_seen),
                    known=self.figures.count(totals.people_known),
                ),
            ),
            ("ties", self.ties_drawn()),
            ("labels", labels),
            ("audience", say.plain("people.audience")),
            ("policy", self.rules()),
            ("made", self.figures.day(model.run_date)),
        ]
        if model.group is not None:
            rows.insert(3, ("group", str(say("people.only_group", group=model.group))))
        return tuple((say.plain(f"people.fact.{key}"), value) for key, value in rows)

    def rules(self) -> str:
        """Say by which rules the report of groups, from which this was made, was released."""
        policy = self.model.policy
        return self.say.plain("page.policy", version=policy.version, minimum=policy.minimum_group)

    def ties_drawn(self) -> str:
        """Say how many ties are on the map, and of how many."""
        drawn, all_ties = len(self.model.ties.first), self.model.totals.ties
        key = "people.ties_capped" if drawn < all_ties else "people.ties_all"
        return self.say.plain(
            key, drawn=self.figures.count(drawn), all=self.figures.count(all_ties)
        )

    def name(self, label: str) -> Name | str:
        """Return a label for a page; a pseudonym needs no isolation."""
        return Name(label) if self.model.names else label


def opened_people(model: PeopleModel) -> PeoplePaper:
    """Return the model with every text cleaned, and people told apart, with its words."""
    words = load_words("orgnet", model.language)
    for package in ("orgnet_reports", "orgnet_reports.people"):
        words = words | load_words(package, model.language)
    unnamed = words("unnamed")
    titles = _distinct(
        words("people.no_group")
        if group.name is None
        else without_hidden_characters(group.name) or unnamed
        for group in model.groups
    )
    labels = _distinct(
        without_hidden_characters(person.label) or unnamed for person in model.people
    )
    cleaned = replace(
        model,
        title=without_hidden_characters(model.title),
        organisation=_cleaned(model.organisation),
        purpose=without_hidden_characters(model.purpose) or unnamed,
        asked_by=_cleaned(model.asked_by),
        group=titles[0] if model.group is not None and titles else None,
        people=tuple(
            replace(person, label=label) if label != person.label else person
            for person, label in zip(model.people, labels, strict=True)
        ),
    )
    return PeoplePaper(
        model=cleaned, say=Speaker(words), figures=words.figures, groups=tuple(titles)
    )


def _cleaned(text: str | None) -> str | None:
    return None if text is None else without_hidden_characters(text) or None


def _distinct(texts: Iterable[str]) -> list[str]:
    """Return the texts with a number behind those that were there before."""
    taken: set[str] = set()
    shown = []
    for text in texts:
        candidate, number = text, 2
        while candidate in taken:
            candidate, number = f"{text} ({number})", number + 1
        taken.add(candidate)
        shown.append(candidate)
    return shown
