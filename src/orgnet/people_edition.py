"""From the restricted part of a results folder to the model of the people edition.

Only here do people leave that folder: for a purpose that is printed on every page, under
pseudonyms unless the roster is given again and names are asked for, and never whoever opted out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from orgnet.errors import InputError, UnreadableFileError, UsageError, did_you_mean
from orgnet.layouts import grouped_layout
from orgnet.network import Network, opted_out
from orgnet.pairs import BoolArray, IntArray
from orgnet.pseudonyms import project_key, pseudonyms
from orgnet.report_model import (
    TIE_STRENGTHS,
    DrawnTies,
    MappedPerson,
    PeopleGroup,
    PeopleModel,
    PeopleTotals,
    ReportModel,
)
from orgnet.results import read_model, read_restricted, read_rules
from orgnet.roster import read_people
from orgnet.rules import week_number
from orgnet.words import require_language

#: Below this a picture would show individuals to everybody who knows the firm: the team edition,
#: by agreement, is made for that.
FEWEST_PEOPLE = 15

#: One map holds at most so many people, and at most so many ties, the strongest.
MOST_PEOPLE = 10_000
MOST_TIES = 40_000

#: Digits of a pseudonym that are shown; more where two people would look alike.
_SHOWN_DIGITS = 8

#: Positions are 16-bit; room is left at the edges for the names of groups.
_FARTHEST, _MARGIN = 65_535, 2_600

_REGULAR, _MOST_WEEKS = TIE_STRENGTHS.index("regular"), TIE_STRENGTHS.index("most_weeks")


@dataclass(frozen=True, slots=True)
class _Roster:
    """Who is who: names by pseudonym, and the pseudonyms of those who opted out."""

    names: Mapping[str, str]
    opted_out: frozenset[str]


def people_model(
    folder: Path,
    *,
    purpose: str | None,
    asked_by: str | None = None,
    people: Path | None = None,
    names: bool = False,
    group: str | None = None,
    language: str | None = None,
    project: str = "default",
    key_file: Path | None = None,
) -> PeopleModel:
    """Return what the people edition of a results folder shows.

    Parameters
    ----------
    folder
        A results folder with its restricted part.
    purpose
        What the edition is for; it is printed on every page.
    asked_by
        Who asked for it.
    people
        The roster, as it is now: tells who is who, and who has opted out since.
    names
        Show the roster's names instead of pseudonyms. People whom the roster lacks stay
        pseudonyms and are counted.
    group
        Show the people of this group only.
    language
        Of the words; that of the results if not given.
    project, key_file
        Which pseudonym key the results were written with.

    Raises
    ------
    UsageError
        Without a purpose; if names are asked for without a roster; if there are too few people,
        or too many for one map; if there is no such group.
    InputError
        If the folder lacks its restricted part, or nobody of the roster is in the results.
    """
    if not purpose or not purpose.strip():
        raise UsageError(
            "the people edition needs a purpose; say with --purpose what it is for, such as "
            "--purpose 'plan who introduces the two new teams': it is printed on every page"
        )
    if names and people is None:
        raise UsageError("names come from the roster only; give it with --people")
    released = read_model(folder)
    who = None
    if people is not None:
        who = _who_is_who(people, project_key(project, file=key_file, make=False))
    network, left_out = _network(folder, released, who)
    everybody = network.index.to_numpy(dtype=object)
    if who is not None and not left_out and not set(everybody) & set(who.names):
        raise InputError(
            f"nobody of its {len(who.names):,} people is in these results",
            file=None if people is None else people.name,
            remedy="give the roster that was analysed, and the --key or --project of that run",
        )
    if network.n < FEWEST_PEOPLE:
        raise UsageError(
            f"there are {network.n} people, expected at least {FEWEST_PEOPLE}: so small a map "
            "would show individuals; `--edition team` is made for small teams, by agreement"
        )
    return _map(
        network,
        released,
        purpose=purpose.strip().rstrip("."),
        asked_by=(asked_by or "").strip() or None,
        language=released.language if language is None else require_language(language),
        names=who.names if names and who is not None else None,
        group=group,
    )


def _who_is_who(path: Path, key: bytes) -> _Roster:
    roster = read_people(path)
    ids = roster["person"].astype(str).tolist()
    said = roster["name"] if "name" in roster.columns else pd.Series([None] * len(roster))
    hidden = pseudonyms(ids, key)
    out = opted_out(roster["opt_out"]) if "opt_out" in roster.columns else np.zeros(len(ids), bool)
    return _Roster(
        names={
            pseudonym: name if isinstance(name, str) and name.strip() else person
            for pseudonym, name, person in zip(hidden, said, ids, strict=True)
        },
        opted_out=frozenset(np.asarray(hidden, dtype=object)[out]),
    )


def _network(
    folder: Path, released: ReportModel, who: _Roster | None
) -> tuple[Network, frozenset[str]]:
    """Return the network under pseudonyms, and those who opted out since it was stored."""
    ties, stored = (read_restricted(folder, name) for name in ("ties", "people"))
    needed = {"person", "observed", released.by}
    if not needed <= set(stored.columns):
        raise UnreadableFileError(
            f"the file has the columns {sorted(stored.columns)}, expected {sorted(needed)}",
            file="people.parquet",
            remedy="run `orgnet analyse` again",
        )
    gone = frozenset(stored["person"]) & (who.opted_out if who else frozenset())
    # Sorted by pseudonym: the order of the roster must not show in who stands where.
    table = stored[~stored["person"].isin(gone)].sort_values("person", ignore_index=True)
    network = Network.from_ties(
        ties,
        table[["person", "observed", released.by]],
        rules=read_rules(folder),
        holiday_weeks=tuple(
            week_number(date.fromisoformat(week)) for week in released.period.holiday_weeks
        ),
    )
    return network, gone


def _map(
    network: Network,
    released: ReportModel,
    *,
    purpose: str,
    asked_by: str | None,
    language: str,
    names: Mapping[str, str] | None,
    group: str | None,
) -> PeopleModel:
    codes, titles = _boxes(network, released.by)
    shown = network.observed & _wanted(codes, titles, group, released.by)
    _check_size(codes[shown], titles, group)
    first, second = network.pairs.first, network.pairs.second
    outside = codes[first] != codes[second]
    contacts = _count(first, second, len(codes))
    contacts_outside = _count(first[outside], second[outside], len(codes))
    weeks = None if network.weeks is None else len(network.weeks)
    most_weeks = None if weeks is None else max(weeks // 2, network.rules.regular_weeks) + 1

    people = np.flatnonzero(shown)
    labels, without_name = _labels(network.index.to_numpy(dtype=object)[people], names)
    used = np.unique(codes[people])
    box = np.searchsorted(used, codes[people])
    inside = shown[first] & shown[second]
    place = np.cumsum(shown) - 1
    ends = place[first[inside]], place[second[inside]]
    layout = grouped_layout(box, len(used), *ends, network.pairs.strength[inside])
    order = np.asarray(
        sorted(range(len(people)), key=lambda at: (box[at], labels[at].casefold(), labels[at])),
        dtype=np.int64,
    )
    low = (layout.centres - layout.radii[:, None]).min(axis=0)
    extent = float((layout.centres + layout.radii[:, None] - low).max())
    scale = (_FARTHEST - 2 * _MARGIN) / extent

    def placed(points: Any) -> Any:
        return np.rint((points - low) * scale + _MARGIN).astype(int).tolist()

    points, centres = placed(layout.points), placed(layout.centres)
    return PeopleModel(
        language=language,
        title=released.title,
        organisation=released.organisation,
        purpose=purpose,
        asked_by=asked_by,
        names=names is not None,
        by=released.by,
        group=group,
        run_date=released.run_date,
        period=released.period,
        groups=tuple(
            PeopleGroup(
                name=titles[code],
                people=int((box == at).sum()),
                x=centres[at][0],
                y=centres[at][1],
                radius=round(float(layout.radii[at]) * scale),
            )
            for at, code in enumerate(used.tolist())
        ),
        people=tuple(
            MappedPerson(
                label=labels[at],
                group=int(box[at]),
                x=points[at][0],
                y=points[at][1],
                contacts=int(contacts[people[at]]),
                contacts_outside=int(contacts_outside[people[at]]),
            )
            for at in order.tolist()
        ),
        spacing=round(1.7 * scale),
        ties=_drawn(network, inside, ends, np.argsort(order), most_weeks),
        totals=PeopleTotals(
            people_known=int(_wanted(codes, titles, group, released.by).sum()),
            people_seen=len(people),
            ties=int(inside.sum()),
            without_name=without_name,
        ),
        regular_weeks=None if weeks is None else network.rules.regular_weeks,
        most_weeks=most_weeks,
        method=replace(released.method, measures=()),
        policy=released.policy,
    )


def _boxes(network: Network, by: str) -> tuple[IntArray, tuple[str | None, ...]]:
    """Return the box of each person, and the boxes' names; None for those of no known group."""
    groups = network.groups(by)
    raw = network.people[by]
    codes = groups.codes.copy()
    # `groups` codes observed people only; here the others count among those known.
    unseen = ~network.observed & raw.notna().to_numpy()
    at = {name: code for code, name in enumerate(groups.names)}
    codes[unseen] = [at.get(str(name).strip(), -1) for name in raw[unseen]]
    return np.where(codes < 0, len(groups.names), codes), (*groups.names, None)


def _wanted(
    codes: IntArray, titles: tuple[str | None, ...], group: str | None, by: str
) -> BoolArray:
    if group is None:
        return np.ones(len(codes), dtype=bool)
    if group not in titles:
        known = [title for title in titles if title is not None]
        raise UsageError(
            f"no {by} {group!r} has anybody seen; there are {', '.join(known) or 'none'}."
            f"{did_you_mean(group, known)}"
        )
    return np.asarray(codes == titles.index(group), dtype=bool)


def _check_size(codes: IntArray, titles: tuple[str | None, ...], group: str | None) -> None:
    if len(codes) <= MOST_PEOPLE:
        return
    if group is None:
        largest = titles[int(np.bincount(codes, minlength=len(titles))[:-1].argmax())]
        remedy = f"show one group at a time, such as --group {largest!r}"
    else:
        remedy = "analyse again by a column with smaller groups (--by)"
    raise UsageError(
        f"there are {len(codes):,} people, expected at most {MOST_PEOPLE:,} on one map; {remedy}"
    )


def _count(first: IntArray, second: IntArray, people: int) -> IntArray:
    return np.bincount(first, minlength=people) + np.bincount(second, minlength=people)


def _labels(ids: Any, names: Mapping[str, str] | None) -> tuple[list[str], int]:
    """Return what stands for each person, and for how many a name was asked for in vain."""
    digits = _SHOWN_DIGITS
    while len({identity[:digits] for identity in ids}) < len(ids):
        digits += 1
    known = names or {}
    labels = [known.get(identity, identity[:digits]) for identity in ids]
    missing = sum(identity not in known for identity in ids) if names is not None else 0
    return labels, missing


def _drawn(
    network: Network,
    inside: BoolArray,
    ends: tuple[IntArray, IntArray],
    position: IntArray,
    most_weeks: int | None,
) -> DrawnTies:
    pairs = network.pairs
    weeks, strength = pairs.active_weeks[inside], pairs.strength[inside]
    classes = np.where(pairs.regular[inside], _REGULAR, 0)
    if most_weeks is not None:
        classes[weeks >= most_weeks] = _MOST_WEEKS
    one, other = position[ends[0]], position[ends[1]]
    low, high = np.minimum(one, other), np.maximum(one, other)
    strongest = np.lexsort((high, low, -strength, -weeks, -classes))[:MOST_TIES]
    return DrawnTies(
        first=tuple(low[strongest].tolist()),
        second=tuple(high[strongest].tolist()),
        strength=tuple(classes[strongest].tolist()),
    )
