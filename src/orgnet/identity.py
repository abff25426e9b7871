"""Who is who: every identity in the exports, and the person that it stands for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from orgnet.errors import InputError
from orgnet.network import as_ids, opted_out
from orgnet.schema import PEOPLE, Profile


class Standing(IntEnum):
    """What an actor is to the network."""

    PERSON = 0
    #: bots, shared mailboxes, rooms, mailing lists
    NOT_A_PERSON = 1
    #: outside the roster: another organisation, or an address that the roster does not have
    OUT_OF_SCOPE = 2
    OPTED_OUT = 3


#: Begins the identity of somebody whom a survey calls by name only. `orgnet.name_matching` has it,
#: too, and is loaded only when there are names to match.
NAMED = "name:"

#: Local parts of addresses behind which no single person sits.
_SHARED_ADDRESS = re.compile(
    r"""^(?:
        no[-_.]?reply | do[-_.]?not[-_.]?reply | donotreply | mailer-daemon | postmaster |
        bounces? | notifications? | alerts? | newsletters? | auto(?:mated|-?mailer)? |
        support | helpdesk | service-?desk | info | office | jobs | careers | calendar |
        daemon | root | admin | administrator | webmaster | listserv | majordomo | system
    )(?:[-_.+].*)?@""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Actors:
    """Everybody and everything that sent or received something.

    Attributes
    ----------
    people
        The roster, or without one everybody seen; the actor numbers below ``len(people)`` are
        its rows.
    actor
        For each identity, in the order given, the number of the actor that it stands for.
    standing
        For each actor a `Standing`.
    external
        Identities with an address of another domain than the people's.
    unmatched
        Identities that may be colleagues and that the roster does not have.
    not_people
        Identities of bots, shared mailboxes, rooms and lists.
    ambiguous
        Aliases that two people share, or ids that differ in capitals only: they match nobody but
        who has exactly that id or address.
    """

    people: pd.DataFrame
    actor: npt.NDArray[np.int32]
    standing: npt.NDArray[np.int8]
    external: int
    unmatched: int
    not_people: int
    ambiguous: int


@dataclass(frozen=True)
class Directory:
    """Whom a roster knows.

    Attributes
    ----------
    people
        The roster, person ids as text.
    keys
        What people go by (ids, addresses, aliases, confirmed identities) with the row of each.
    standing
        For each row a `Standing`.
    domains
        Those of the people's addresses, in lower case.
    ambiguous
        As in `Actors`.
    """

    people: pd.DataFrame
    keys: dict[str, int]
    standing: npt.NDArray[np.int8]
    domains: frozenset[str]
    ambiguous: int


@dataclass(frozen=True, slots=True)
class GoesBy:
    """What decides whom an identity stands for: see `goes_by`.

    Attributes
    ----------
    candidates
        What to look up in a roster, in order.
    domains
        Of its addresses, in lower case.
    shared
        Whether it is not a person's: a bot, a shared mailbox, a room, a list.
    """

    candidates: tuple[str, ...]
    domains: tuple[str, ...]
    shared: bool


def directory(
    people: pd.DataFrame,
    *,
    matches: Mapping[str, str] | None = None,
    left_out: Callable[[Sequence[str]], bool] | None = None,
) -> Directory:
    """Return whom a roster knows, by what; the parameters are those of `resolve`.

    Raises
    ------
    InputError
        If two rows have one address, or a match names somebody who is not in the roster.
    """
    roster = people.reset_index() if people.index.name == "person" else people
    roster = roster.reset_index(drop=True).assign(person=as_ids(roster["person"]))
    roster = mark_left_out(roster, left_out)
    keys, ambiguous = _roster_keys(roster)
    return Directory(
        people=roster,
        keys=keys | _confirmed(matches or {}, roster),
        standing=np.asarray(_roster_standing(roster), dtype=np.int8),
        domains=_domains(roster),
        ambiguous=ambiguous,
    )


def goes_by(identity: str, profile: Profile | None) -> GoesBy:
    """Return what decides whom an identity stands for, besides its name in a survey.

    Examples
    --------
    >>> goes_by("slack:U1", Profile(identity="slack:U1", emails=("aya@x.example",)))
    GoesBy(candidates=('slack:U1', 'slack:u1', 'u1', 'aya@x.example'), domains=('x.example',),
           shared=False)
    """
    return GoesBy(
        candidates=tuple(dict.fromkeys(_candidates(identity, profile))),
        domains=tuple(
            dict.fromkeys(a.rpartition("@")[2].lower() for a in _addresses(identity, profile))
        ),
        shared=_is_not_a_person(identity, profile),
    )


def resolve(
    identities: Sequence[str],
    profiles: Iterable[Profile],
    people: pd.DataFrame | Directory | None,
    *,
    matches: Mapping[str, str] | None = None,
    left_out: Callable[[Sequence[str]], bool] | None = None,
) -> Actors:
    """Decide for every identity whom it stands for.

    Parameters
    ----------
    identities
        As they stand in the interactions.
    profiles
        What the exports say about identities: addresses, kind.
    people
        The roster (`design.md` §3), or what `directory` made of it; None to make people of
        everybody seen.
    matches
        Identities that somebody confirmed, and the person ids that they stand for.
    left_out
        Says of all that a person goes by whether they asked to be left out; they are then as
        people whose roster row says so.

    Returns
    -------
    Actors
        An identity matches a roster row by person id, address or alias; by the address in its
        profile; or by its address without a ``+tag``, if that address is in the roster. By name
        only those are matched who were named in a survey (``name:…``), and only where one person
        can be meant (`orgnet.name_matching`), or where an export says of one identity alone that
        it goes by that name. Without a roster, identities with an address in common are one
        person, called by the main address, and so are a name and whoever goes by it.

    Raises
    ------
    InputError
        If two roster rows have one address.

    Examples
    --------
    >>> roster = pd.DataFrame({"person": ["7"], "emails": [["aya@x.example"]]})
    >>> slack = Profile(identity="slack:U1", emails=("aya@x.example",))
    >>> actors = resolve(["slack:U1", "bo@y.example"], [slack], roster)
    >>> actors.actor.tolist(), [Standing(s).name for s in actors.standing]
    ([0, 1], ['PERSON', 'OUT_OF_SCOPE'])
    """
    known = {profile.identity: profile for profile in profiles}
    if people is None:
        return _everybody(identities, known, left_out)
    if isinstance(people, pd.DataFrame):
        people = directory(people, matches=matches, left_out=left_out)
    roster, domains = people.people, people.domains
    keys = people.keys | _named(identities, roster)
    called = _called(known.values())
    standing = people.standing.tolist()
    actor = np.empty(len(identities), dtype=np.int32)
    external = unmatched = not_people = 0
    for code, identity in enumerate(identities):
        profile = known.get(identity)
        row = _match(identity, profile, keys)
        if row is None and identity in called:
            row = _match(called[identity], known[called[identity]], keys)
        if row is not None:
            actor[code] = row
            not_people += standing[row] == Standing.NOT_A_PERSON
            continue
        actor[code] = len(standing)
        if _is_not_a_person(identity, profile):
            standing.append(Standing.NOT_A_PERSON)
            not_people += 1
        else:
            standing.append(Standing.OUT_OF_SCOPE)
            if _is_external(identity, profile, domains):
                external += 1
            else:
                unmatched += 1
    return Actors(
        people=roster,
        actor=actor,
        standing=np.asarray(standing, dtype=np.int8),
        external=external,
        unmatched=unmatched,
        not_people=not_people,
        ambiguous=people.ambiguous,
    )


def _everybody(
    identities: Sequence[str],
    known: dict[str, Profile],
    left_out: Callable[[Sequence[str]], bool] | None,
) -> Actors:
    """Make people of everybody an export names, also of those who sent and received nothing.

    Identities that have an address in common are one person.
    """
    everybody = list(dict.fromkeys([*identities, *known]))
    members: dict[str, list[str]] = {}
    for identity, first in zip(everybody, _joined(everybody, known), strict=True):
        members.setdefault(first, []).append(identity)
    found = sorted(
        ((_record(sorted(set(some)), known), some) for some in members.values()),
        key=lambda pair: str(pair[0]["person"]),
    )
    row = {identity: row for row, (_, some) in enumerate(found) for identity in some}
    people = mark_left_out(
        pd.DataFrame([record for record, _ in found], columns=PEOPLE.names), left_out
    )
    standing = np.asarray(_roster_standing(people), dtype=np.int8)
    actor = np.asarray([row[identity] for identity in identities], dtype=np.int32)
    return Actors(
        people=people,
        actor=actor,
        standing=standing,
        external=0,
        unmatched=0,
        not_people=int((standing[actor] == Standing.NOT_A_PERSON).sum()),
        ambiguous=0,
    )


def mark_left_out(
    people: pd.DataFrame, left_out: Callable[[Sequence[str]], bool] | None
) -> pd.DataFrame:
    """Mark as opted out who is to be left out by one of the things they go by."""
    if left_out is None:
        return people
    emails, aliases = _lists(people, "emails"), _lists(people, "aliases")
    marked = [
        left_out([person, *mails, *others])
        for person, mails, others in zip(people["person"], emails, aliases, strict=True)
    ]
    if not any(marked):
        return people
    said = people["opt_out"] if "opt_out" in people.columns else [None] * len(people)
    chosen = [True if mark else value for mark, value in zip(marked, said, strict=True)]
    return people.assign(opt_out=pd.Series(chosen, index=people.index, dtype=object))


def _joined(identities: Sequence[str], known: dict[str, Profile]) -> list[str]:
    """Name for each identity the first, by name, of all that addresses or a name join to it."""
    parent: dict[str, str] = {}

    def first(key: str) -> str:
        above = parent.setdefault(key, key)
        while parent[above] != above:
            above = parent[above]
        parent[key] = above
        return above

    called = _called(known.values())
    for identity in identities:
        others = _addresses(identity, known.get(identity))
        for key in (*others, *([called[identity]] if identity in called else ())):
            one, other = sorted((first(identity), first(key)))
            parent[other] = one
    return [first(identity) for identity in identities]


def _called(profiles: Iterable[Profile]) -> dict[str, str]:
    """Map each name (``name:…``) that a single identity goes by to that identity."""
    owners: dict[str, set[str]] = {}
    for profile in profiles:
        for alias in profile.aliases:
            if alias.startswith(NAMED) and alias != profile.identity:
                owners.setdefault(alias, set()).add(profile.identity)
    return {name: next(iter(some)) for name, some in owners.items() if len(some) == 1}


def _record(identities: list[str], known: dict[str, Profile]) -> dict[str, object]:
    """Make one row of the people table of identities that are one person."""
    profiles = [known[identity] for identity in identities if identity in known]
    emails = sorted({a for i in identities for a in _addresses(i, known.get(i))})
    # An account elsewhere says which of several addresses is the main one.
    main = [p.emails[0] for p in profiles if p.emails and p.identity not in p.emails]
    person = min(main or emails or identities)
    bot = any(_is_not_a_person(identity, known.get(identity)) for identity in identities)
    kinds = [p.kind for p in profiles if p.kind != "person"]
    return {
        "person": person,
        "name": next((p.name for p in profiles if p.name), None),
        "emails": sorted(emails, key=lambda address: (address != person, address)),
        "aliases": [i for i in identities if i != person and i not in emails],
        "department": next((p.department for p in profiles if p.department), None),
        "kind": kinds[0] if kinds else "bot" if bot else "person",
    }


def _roster_keys(roster: pd.DataFrame) -> tuple[dict[str, int], int]:
    """Map ids, addresses and aliases to rows; count those that two rows claim."""
    ids: list[str] = roster["person"].tolist()
    keys = {person: row for row, person in enumerate(ids)}
    ambiguous = 0
    lower = [[person] for person in ids]
    for values, what in (
        (lower, "id"),
        (_lists(roster, "emails"), "address"),
        (_lists(roster, "aliases"), "alias"),
    ):
        for key, rows in _claims(values).items():
            owners = rows | {keys.get(key, row) for row in rows}
            if len(owners) == 1:
                keys[key] = owners.pop()
            elif what == "address":
                one, other = sorted(owners)[:2]
                raise InputError(
                    f"rows {one + 1} and {other + 1} of the people have one address",
                    file="people",
                    remedy="give the address to one of them",
                )
            else:
                # Who has it as an id or an address keeps it.
                ambiguous += 1
    return keys, ambiguous


def _confirmed(matches: Mapping[str, str], roster: pd.DataFrame) -> dict[str, int]:
    rows = {str(person): row for row, person in enumerate(roster["person"])}
    unknown = [person for person in matches.values() if person not in rows]
    if unknown:
        raise InputError(
            f"{len(unknown)} confirmed matches name a person who is not in the roster",
            file="matches",
            remedy="write person ids as they stand in the roster",
        )
    return {identity: rows[person] for identity, person in matches.items()}


def _named(identities: Sequence[str], roster: pd.DataFrame) -> dict[str, int]:
    """Return the rows of those who were named in a survey and can be only one person."""
    named = [identity for identity in identities if identity.startswith(NAMED)]
    if not named:
        return {}
    from orgnet.name_matching import match_names

    rows = {str(person): row for row, person in enumerate(roster["person"])}
    found = match_names(named, roster)
    return {
        identity: rows[str(person)]
        for identity, person in zip(found["name"], found["person"], strict=True)
        if isinstance(person, str)
    }


def _claims(values: Iterable[Iterable[str]]) -> dict[str, set[int]]:
    """Return for each text in lower case the rows in which it stands."""
    claims: dict[str, set[int]] = {}
    for row, texts in enumerate(values):
        for text in texts:
            if key := text.strip().lower():
                claims.setdefault(key, set()).add(row)
    return claims


def _lists(roster: pd.DataFrame, column: str) -> list[list[str]]:
    if column not in roster.columns:
        return [[] for _ in range(len(roster))]
    return [_texts(value) for value in roster[column]]


def _texts(cell: object) -> list[str]:
    """Return the texts in a list, or in a text that a CSV has for one."""
    if isinstance(cell, str):
        return re.split(r"[;,\s]+", cell)
    if isinstance(cell, (list, tuple, np.ndarray)):
        return [text for text in cell if isinstance(text, str)]
    return []


def _roster_standing(roster: pd.DataFrame) -> list[Standing]:
    count = len(roster)
    kinds = roster["kind"] if "kind" in roster.columns else ["person"] * count
    outs = opted_out(roster["opt_out"]) if "opt_out" in roster.columns else [False] * count
    return [
        Standing.OPTED_OUT
        if out
        else Standing.PERSON
        if pd.isna(kind) or kind == "person"
        else Standing.NOT_A_PERSON
        for kind, out in zip(kinds, outs, strict=True)
    ]


def _domains(roster: pd.DataFrame) -> frozenset[str]:
    texts = (*roster["person"], *(e for row in _lists(roster, "emails") for e in row))
    return frozenset(text.rpartition("@")[2].strip().lower() for text in texts if "@" in text)


def _match(identity: str, profile: Profile | None, keys: dict[str, int]) -> int | None:
    for key in _candidates(identity, profile):
        row = keys.get(key)
        if row is not None:
            return row
    return None


def _candidates(identity: str, profile: Profile | None) -> Iterable[str]:
    yield identity
    yield identity.lower()
    scheme, separator, rest = identity.partition(":")
    # A bare number may as well be somebody else's id at the employer.
    if separator and "@" not in scheme and not rest.isdigit():
        yield rest.lower()
    emails = profile.emails if profile else ()
    yield from (email.lower() for email in emails)
    if profile:
        for alias in profile.aliases:
            yield alias.lower()
    for address in (identity, *emails):
        local, at, domain = address.lower().rpartition("@")
        if at and "+" in local:
            yield f"{local.partition('+')[0]}@{domain}"


def _addresses(identity: str, profile: Profile | None) -> tuple[str, ...]:
    own = (identity,) if "@" in identity.strip("@") else ()
    return (*own, *(profile.emails if profile else ()))


def _is_not_a_person(identity: str, profile: Profile | None) -> bool:
    if profile is not None and profile.kind != "person":
        return True
    return any(_SHARED_ADDRESS.match(a.lower()) for a in _addresses(identity, profile))


def _is_external(identity: str, profile: Profile | None, domains: frozenset[str]) -> bool:
    addresses = _addresses(identity, profile)
    return bool(addresses) and all(a.rpartition("@")[2].lower() not in domains for a in addresses)
