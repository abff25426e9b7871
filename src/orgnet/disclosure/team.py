"""From weekly ties and a roster to the team edition: the door for those who agreed.

What the edition says of people comes from contact among those who agreed and from nothing else.
Contact with the others cannot change it, so that nothing about one of them can be read from it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import numpy as np
import pandas as pd

from orgnet.disclosure.agreement import Agreement, agreement, few_disagree
from orgnet.disclosure.rounding import in_steps
from orgnet.disclosure.team_conversations import conversations
from orgnet.disclosure.team_dependences import Pair, dependences
from orgnet.errors import InputError
from orgnet.network import Network, as_ids
from orgnet.pairs import week_numbers
from orgnet.report_model import (
    HowOften,
    Period,
    ReportModel,
    TeamChange,
    TeamContact,
    TeamModel,
    TeamPerson,
    TeamTie,
)
from orgnet.rules import TieRules, week_number

#: Contact with the others is told in steps of this.
_STEP = 5

#: An earlier period may lack so many weeks at its begin.
_WEEKS_OF_GRACE = 2


def release_team(
    ties: pd.DataFrame,
    roster: pd.DataFrame,
    groups: ReportModel,
    *,
    rules: TieRules | None = None,
) -> TeamModel:
    """Return what a small firm is shown of itself, by agreement.

    Parameters
    ----------
    ties
        Weekly ties, schema `orgnet.schema.TIES`, with the person ids of the roster. Weeks before
        the period make the earlier one, if there are enough of them.
    roster
        One row a person, columns as `orgnet.schema.PEOPLE`.
    groups
        The groups edition of the same data: its period, column of groups and minimum hold here.
    rules
        How contact becomes regular.

    Returns
    -------
    TeamModel
        The same whatever contact those had who did not agree, save for one number about all of
        them, which is there from `groups.policy.minimum_group` such people on.

    Raises
    ------
    MissingColumnError, InputError
        If the edition is refused: see `orgnet.disclosure.agreement`. Also where the groups
        edition, less what this one shows, would tell the contact of a few who did not agree.
    """
    rules = rules or TieRules()
    period = groups.period
    team = agreement(roster, period)
    _check_difference(team, groups)
    named = _in_order(team.named, groups.by)
    departments = tuple(sorted({name for name in named["group"] if name is not None}))
    people = tuple(
        TeamPerson(name=name, department=None if group is None else departments.index(group))
        for name, group in zip(named["label"], named["group"], strict=True)
    )
    ids = named["person"].tolist()
    now = _window(rules, period)
    contact = _contact(ties, ids, now, period)
    pairs = sorted(contact)
    place = [person.department for person in people]
    contacts = _between_departments(pairs, place, len(departments))
    hung = tuple(dependences(pairs, place))
    change = _change(ties, ids, now, period, place, contact)
    apart = [pair for pair in contacts if not pair.pairs]
    weeks = period.weeks
    return TeamModel(
        language=groups.language,
        title=groups.title,
        organisation=groups.organisation,
        run_date=groups.run_date,
        period=period,
        sources=tuple(
            dict.fromkeys((source.connector, source.title) for source in groups.quality.sources)
        ),
        people_known=len(team.members),
        people=people,
        departments=departments,
        ties=tuple(TeamTie(first=a, second=b, how_often=contact[a, b]) for a, b in pairs),
        contacts=contacts,
        others=len(team.others),
        others_contacts=_with_others(ties, ids, team, now, period, groups.policy.minimum_group),
        dependences=hung,
        change=change,
        conversations=conversations(hung, apart, change, people),
        regular_weeks=None if weeks is None else rules.regular_weeks,
        most_weeks=None if weeks is None else _most(rules, weeks),
        policy=groups.policy,
    )


def _check_difference(team: Agreement, groups: ReportModel) -> None:
    """Refuse where all contact of the others is the groups edition less this one.

    With dates the two count differently: pairs in contact at all there, in regular contact here.
    """
    counted = team.members[~team.opted_out]
    few = few_disagree(counted, groups.policy.minimum_group)
    if few and groups.period.weeks is None and groups.pairs:
        raise InputError(
            f"{len(counted) - len(team.named)} did not agree, and the report of departments, which "
            "counts them, would tell their contact to whoever has both",
            remedy="put a yes into the roster's column 'opt_out' for them and run `orgnet analyse` "
            "again; they are then in neither",
        )


def _in_order(named: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return those who agreed by department and name, with what to call them."""
    group = named[by] if by in named.columns else pd.Series(None, index=named.index, dtype=object)
    table = pd.DataFrame({"person": as_ids(named["person"])})
    table["group"] = [text.strip() or None if isinstance(text, str) else None for text in group]
    names = named["name"] if "name" in named.columns else named["person"]
    table["label"] = [
        name.strip() if isinstance(name, str) and name.strip() else person
        for name, person in zip(names, table["person"], strict=True)
    ]
    # Those without a department come last. The id decides between two of one name.
    order = sorted(
        range(len(table)),
        key=lambda at: (
            table["group"][at] is None,
            table["group"][at] or "",
            _plain(table["label"][at]),
            table["person"][at],
        ),
    )
    return table.iloc[order].reset_index(drop=True)


def _plain(name: str) -> str:
    """Return a name as it is sorted: without case and accents."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _window(rules: TieRules, period: Period) -> TieRules:
    if period.first is None or period.last is None:
        return rules
    return replace(
        rules, first_day=date.fromisoformat(period.first), last_day=date.fromisoformat(period.last)
    )


def _most(rules: TieRules, weeks: int) -> int:
    """Return from how many weeks on contact is that of most weeks: more than half of them."""
    return max(rules.regular_weeks, weeks // 2) + 1


def _contact(
    ties: pd.DataFrame, ids: list[str], rules: TieRules, period: Period
) -> dict[Pair, HowOften]:
    """Return the pairs of some people in regular contact, by position, and how often they were."""
    survey = ties["channel"] == "survey"
    found: dict[Pair, HowOften] = dict.fromkeys(_named(ties[survey], ids, rules, period), "named")
    network = _network(ties[~survey], ids, rules, period)
    p = network.pairs
    most = _most(rules, period.weeks or 0)
    for first, second, weeks in zip(
        p.first[p.regular].tolist(),
        p.second[p.regular].tolist(),
        p.active_weeks[p.regular].tolist(),
        strict=True,
    ):
        often = period.weeks is not None and weeks >= most
        found[first, second] = "most_weeks" if often else "regular"
    return found


def _named(ties: pd.DataFrame, ids: list[str], rules: TieRules, period: Period) -> list[Pair]:
    """Return pairs of whom one named the other in a survey that falls into the period."""
    place = pd.Index(ids)
    weeks, dated = week_numbers(ties["week"])
    inside = ~dated
    if rules.first_day and rules.last_day:
        inside |= (weeks >= week_number(rules.first_day)) & (weeks <= week_number(rules.last_day))
    ends = np.stack(
        [place.get_indexer(pd.Index(as_ids(ties[end]))) for end in ("sender", "recipient")]
    )
    ends.sort(axis=0)
    known = inside & (ends[0] >= 0) & (ends[0] != ends[1])
    return list(zip(ends[0][known].tolist(), ends[1][known].tolist(), strict=True))


def _network(ties: pd.DataFrame, ids: list[str], rules: TieRules, period: Period) -> Network:
    known = ties["sender"].isin(ids) & ties["recipient"].isin(ids)
    holidays = tuple(week_number(date.fromisoformat(week)) for week in period.holiday_weeks)
    return Network.from_ties(
        ties[known], pd.DataFrame({"person": ids}), rules=rules, holiday_weeks=holidays
    )


def _between_departments(
    pairs: list[Pair], place: list[int | None], departments: int
) -> tuple[TeamContact, ...]:
    counts = _counts(pairs, place)
    return tuple(
        TeamContact(first=a, second=b, pairs=counts.get((a, b), 0))
        for a, b in combinations(range(departments), 2)
    )


def _counts(pairs: list[Pair], place: list[int | None]) -> Mapping[Pair, int]:
    """Return pairs of people by pairs of departments."""
    counts: dict[Pair, int] = {}
    for first, second in pairs:
        a, b = place[first], place[second]
        if a is not None and b is not None and a != b:
            key = (min(a, b), max(a, b))
            counts[key] = counts.get(key, 0) + 1
    return counts


def _with_others(
    ties: pd.DataFrame,
    ids: list[str],
    team: Agreement,
    rules: TieRules,
    period: Period,
    minimum: int,
) -> int | None:
    """Return the pairs of one who agreed and one who did not, if enough people stand behind it."""
    others = as_ids(team.others["person"]).tolist()
    contact = _contact(ties, [*ids, *others], rules, period)
    behind = np.array([b for a, b in contact if a < len(ids) <= b], dtype=np.int64)
    if not len(behind):
        return None
    each = np.bincount(behind)
    told = int(in_steps(len(behind), _STEP) or 0)
    enough = (each > 0).sum() >= minimum and each.max() <= 0.5 * each.sum()
    possible = len(ids) * len(others)
    return told if enough and told and told <= possible - _STEP else None


def _change(
    ties: pd.DataFrame,
    ids: list[str],
    rules: TieRules,
    period: Period,
    place: list[int | None],
    contact: Mapping[Pair, HowOften],
) -> TeamChange | None:
    """Compare with the period of the same length before; None if the data do not go back so far."""
    if rules.first_day is None or rules.last_day is None:
        return None
    length = rules.last_day - rules.first_day + timedelta(days=1)
    last = rules.first_day - timedelta(days=1)
    before = Period(
        first=(rules.first_day - length).isoformat(), last=last.isoformat(), weeks=length.days // 7
    )
    earlier = _window(rules, before)
    messages = ties[ties["channel"] != "survey"]
    then, now = (_network(messages, ids, r, p) for r, p in ((earlier, before), (rules, period)))
    begin = min(then.weeks or (week_number(rules.first_day),))
    if begin > week_number(rules.first_day - length) + _WEEKS_OF_GRACE:
        return None
    both = _seen(then, len(ids)) & _seen(now, len(ids))
    was, was_regular = _pairs_of(then, both)
    is_now, is_regular = _pairs_of(now, both)
    # A survey is asked once: that it names a pair is no sign that their contact is new.
    is_now |= contact.keys()
    had, have = _counts(sorted(was), place), _counts(sorted(is_now), place)
    had_regular = _counts(sorted(was_regular), place)
    have_regular = _counts(sorted(is_regular), place)
    return TeamChange(
        before=before,
        people=int(both.sum()),
        begun=tuple(sorted(is_regular - was)),
        ended=tuple(sorted(was_regular - is_now)),
        departments_begun=tuple(sorted(have_regular.keys() - had.keys())),
        departments_ended=tuple(sorted(had_regular.keys() - have.keys())),
    )


def _seen(network: Network, count: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    seen = np.zeros(count, dtype=bool)
    seen[network.pairs.first] = True
    seen[network.pairs.second] = True
    return seen


def _pairs_of(
    network: Network, both: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> tuple[set[Pair], set[Pair]]:
    """Return the pairs of people seen in both periods, and those of them in regular contact."""
    p = network.pairs
    kept = both[p.first] & both[p.second]
    pairs = list(zip(p.first.tolist(), p.second.tolist(), strict=True))
    return (
        {pair for pair, keep in zip(pairs, kept, strict=True) if keep},
        {pair for pair, keep in zip(pairs, kept & p.regular, strict=True) if keep},
    )
