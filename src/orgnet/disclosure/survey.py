"""Survey answers on their way out: who answered and how far they agree, department by department.

The row of everybody is told too. What it leaves when the departments shown are taken off is
therefore a figure as well: about nobody, or about at least the minimum of people.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from msgspec import Struct

from orgnet.diagnosis import Diagnosis
from orgnet.disclosure.headcounts import HeadCounts, released_headcounts
from orgnet.disclosure.policy import DisclosurePolicy
from orgnet.disclosure.rounding import in_steps
from orgnet.disclosure.withholding import IntArray, least_width
from orgnet.network import as_ids
from orgnet.report_model import Survey, SurveyAnswers, SurveyItem, SurveyRow

#: Shares are told in steps of this, and people who answered an item in steps of so many.
_STEP, _PEOPLE_STEP = 0.05, 5

#: Statements are cut to so many letters.
LONGEST_TEXT = 120

_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, eq=False, slots=True)
class SurveyData:
    """What was answered, by person.

    Attributes
    ----------
    respondents
        Everybody who answered anything.
    answers
        One row an answer to an item: ``person, item, value, low, high, wave``, where ``low`` and
        ``high`` are the ends of the item's scale.
    """

    respondents: frozenset[str]
    answers: pd.DataFrame

    def latest(self) -> SurveyData:
        """Return the last round of a repeated survey; answers of no round stay.

        Examples
        --------
        >>> answers = pd.DataFrame({"person": ["a", "b"], "wave": ["wave 9", "wave 10"]})
        >>> sorted(SurveyData(frozenset("ab"), answers).latest().respondents)
        ['b']
        """
        waves = self.answers["wave"].dropna().unique()
        if not len(waves):
            return self
        last = max(waves, key=_natural)
        kept = self.answers[self.answers["wave"].isna() | (self.answers["wave"] == last)]
        return SurveyData(respondents=frozenset(kept["person"]), answers=kept)


class _Votes(Struct, frozen=True):
    """Who of some people answered an item, and how: more agree, less disagree."""

    asked: int
    agree: int
    neutral: int
    disagree: int

    @property
    def answered(self) -> int:
        return self.agree + self.neutral + self.disagree

    def without(self, others: Iterable[_Votes]) -> _Votes:
        rest = [self.asked, self.agree, self.neutral, self.disagree]
        for other in others:
            rest[0] -= other.asked
            rest[1] -= other.agree
            rest[2] -= other.neutral
            rest[3] -= other.disagree
        return _Votes(*rest)

    def tellable(self, minimum: int) -> bool:
        """Whether enough people answered, and it does not follow what each of them said."""
        everyone_alike = max(self.agree, self.neutral, self.disagree) == self.answered
        nearly_all = self.asked - self.answered < minimum
        return self.answered >= minimum and not (everyone_alike and nearly_all)


def released_survey(
    diagnosis: Diagnosis,
    policy: DisclosurePolicy,
    people: HeadCounts,
    given: SurveyData | None,
) -> Survey | None:
    """Return response rates and agreement; None where too few people answered.

    A department is shown where at least the minimum of its people answered. Where all that asked
    answered alike, the answer of each would follow: such a row is withheld too. What is left of
    everybody is nobody or can be told itself, or one more department is withheld.

    That somebody did not answer is told of nobody: rates are in steps of 5 %.

    Parameters
    ----------
    diagnosis, policy
        What was found, and the rules.
    people
        Head counts; their departments are those that may be named.
    given
        Who answered what; None where nothing but contact was read.
    """
    if given is None or not given.respondents:
        return None
    given = given.latest()
    everybody = diagnosis.network.people
    department = pd.Series(as_ids(everybody[diagnosis.by]), index=everybody.index.astype(str))
    respondents = department.index.intersection(sorted(given.respondents))
    if len(respondents) < policy.minimum_group:
        return None
    asked, answered = Counter(department), Counter(department[respondents])
    shown = _shown_respondents(list(people.counts), asked, answered, policy)
    total = SurveyRow(
        department=None, people=len(department), answered=_share(len(respondents), len(department))
    )
    told = released_headcounts(
        {name: asked[name] for name in shown},
        everybody=len(department),
        hidden=len(set(asked) - set(shown)),
        minimum=policy.minimum_group,
    )
    seen = Counter(department[diagnosis.network.observed])
    if any(0 < asked[name] - seen[name] < policy.minimum_group for name in shown):
        # Beside the head counts these would count those who were not seen.
        told = {name: _PEOPLE_STEP * round(asked[name] / _PEOPLE_STEP) for name in shown}
    rows = (
        SurveyRow(department=name, people=told[name], answered=_share(answered[name], asked[name]))
        for name in shown
    )
    return Survey(
        response=(total, *rows),
        items=tuple(_items(given.answers, department, asked, shown, everybody, policy)),
    )


def _shown_respondents(
    names: Sequence[str],
    asked: Mapping[str, int],
    answered: Mapping[str, int],
    policy: DisclosurePolicy,
) -> list[str]:
    """Choose the departments whose rate is told, so that those left are none or enough people.

    How many of those left answered is a figure about enough people as well, or is left open by the
    steps of the rates that are told.
    """
    minimum = policy.minimum_group
    shown = sorted(name for name in names if answered.get(name, 0) >= minimum)

    def tells_of_the_rest() -> bool:
        people = sum(asked.values()) - sum(asked[name] for name in shown)
        some = sum(answered.values()) - sum(answered[name] for name in shown)
        if not people or people < minimum:
            return people > 0
        told = [(sum(answered.values()), sum(asked.values()))]
        told += [(answered[name], asked[name]) for name in shown]
        width = sum(_as_well(count, all_of_them) for count, all_of_them in told)
        return some < minimum and width < least_width(some, policy.protection)

    while shown and tells_of_the_rest():
        shown.remove(min(shown, key=lambda name: (asked[name], name)))
    return shown


def _as_well(count: int, people: int) -> int:
    """Return how many other counts would be told by the same share."""
    share = _share(count, people)
    return sum(_share(other, people) == share for other in range(people + 1)) - 1


def _items(
    answers: pd.DataFrame,
    department: pd.Series[str],
    asked: Mapping[str, int],
    shown: Sequence[str],
    everybody: pd.DataFrame,
    policy: DisclosurePolicy,
) -> Iterable[SurveyItem]:
    answers = answers[answers["person"].isin(department.index)]
    answers = answers.drop_duplicates(["person", "item"], keep="last")
    known = names_of(everybody)
    for item, given in answers.groupby("item", sort=False):
        text = cleaned(str(item))
        if not text or names_somebody(text, known):
            continue
        side = _side(given)
        place = department[given["person"]].to_numpy(dtype=object)
        total = _votes(side, len(department))
        votes = {name: _votes(side[place == name], asked[name]) for name in shown}
        if not total.tellable(policy.minimum_group):
            continue
        told = _tellable(total, votes, policy.minimum_group)
        rows = [_answers(None, total), *(_answers(name, votes[name]) for name in told)]
        yield SurveyItem(text=text, rows=tuple(rows))


def _tellable(total: _Votes, votes: Mapping[str, _Votes], minimum: int) -> list[str]:
    """Choose the departments of which an item is told."""
    told = [name for name, own in votes.items() if own.tellable(minimum)]
    while told:
        rest = total.without(votes[name] for name in told)
        if not rest.answered or rest.tellable(minimum):
            return told
        told.remove(min(told, key=lambda name: (votes[name].answered, name)))
    return told


def _side(given: pd.DataFrame) -> IntArray:
    """Return 1 for answers above the middle of the scale, -1 for those below, 0 on it."""
    value, low, high = (given[name].to_numpy(dtype=float) for name in ("value", "low", "high"))
    side: IntArray = np.sign(value - (low + high) / 2).astype(np.int64)
    return side


def _votes(side: IntArray, asked: int) -> _Votes:
    return _Votes(asked, int((side > 0).sum()), int((side == 0).sum()), int((side < 0).sum()))


def _answers(name: str | None, votes: _Votes) -> SurveyAnswers:
    answered = votes.answered
    return SurveyAnswers(
        department=name,
        people=max(_PEOPLE_STEP * round(answered / _PEOPLE_STEP), _PEOPLE_STEP),
        agree=_share(votes.agree, answered),
        neutral=_share(votes.neutral, answered),
        disagree=_share(votes.disagree, answered),
    )


def _share(count: int, people: int) -> float | None:
    return in_steps(count / people, _STEP) if people else None


def cleaned(text: str) -> str:
    r"""Return a statement as it may be printed: visible letters, single spaces, not too long.

    Examples
    --------
    >>> cleaned("I know\u202e who\n decides ")
    'I know who decides'
    """
    visible = "".join(
        " " if letter.isspace() else letter
        for letter in text
        if letter.isspace() or unicodedata.category(letter)[0] != "C"
    )
    words = " ".join(visible.split())
    return words if len(words) <= LONGEST_TEXT else f"{words[: LONGEST_TEXT - 1].rstrip()}…"


def names_of(everybody: pd.DataFrame) -> frozenset[str]:
    """Return the full names of the people, to find a statement that is about one of them."""
    if "name" not in everybody.columns:
        return frozenset()
    names = (" ".join(str(name).casefold().split()) for name in everybody["name"].dropna())
    return frozenset(name for name in names if " " in name)


def names_somebody(text: str, names: Collection[str]) -> bool:
    """Say whether a text has an address in it or one of the names."""
    lower = text.casefold()
    return "@" in text or any(name in lower for name in names)


def _natural(wave: str) -> list[tuple[int, str]]:
    """Sort ``wave 10`` after ``wave 9``."""
    return [
        (int(part), "") if part.isdigit() else (-1, part) for part in _DIGITS.split(wave) if part
    ]
