"""Who is who: every identity in the exports, and the person that it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from orgnet.errors import InputError
from orgnet.network import as_ids
from orgnet.schema import PEOPLE, Profile


class Standing(IntEnum):
    """What an actor is to the network."""

    PERSON = 0
    #: bots, shared mailboxes, rooms, mailing lists
    NOT_A_PERSON = 1
    #: outside the roster: another organisation, or an address that the roster does not have
    OUT_OF_SCOPE = 2
    OPTED_OUT = 3


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
        Addresses or aliases that two people share and that were therefore not used.
    """

    people: pd.DataFrame
    actor: npt.NDArray[np.int32]
    standing: npt.NDArray[np.int8]
    external: int
    unmatched: int
    not_people: int
    ambiguous: int


def resolve(
    identities: Sequence[str],
    profiles: Iterable[Profile],
    people: pd.DataFrame | None,
) -> Actors:
    """Decide for every identity whom it stands for.

    Parameters
    ----------
    identities
        As they stand in the interactions.
    profiles
        What the exports say about identities: addresses, kind.
    people
        The roster (`design.md` §3), or None to make people of everybody seen.

    Returns
    -------
    Actors
        An identity matches a roster row by person id, address or alias; by the address in its
        profile; or by its address without a ``+tag``, if that address is in the roster. Nobody
        is matched by name.

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
        return _everybody(identities, known)
    roster = people.reset_index() if people.index.name == "person" else people
    roster = roster.reset_index(drop=True)
    keys, ambiguous = _roster_keys(roster)
    domains = _domains(roster)
    standing = list(_roster_standing(roster))
    actor = np.empty(len(identities), dtype=np.int32)
    external = unmatched = not_people = 0
    for code, identity in enumerate(identities):
        profile = known.get(identity)
        row = _match(identity, profile, keys)
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
        ambiguous=ambiguous,
    )


def _everybody(identities: Sequence[str], known: dict[str, Profile]) -> Actors:
    """Make a person of every identity that is one; addresses in common make one person."""
    rows: dict[str, int] = {}
    records: list[dict[str, object]] = []
    standing: list[int] = []
    actor = np.empty(len(identities), dtype=np.int32)
    for code, identity in enumerate(identities):
        profile = known.get(identity)
        person = profile.emails[0] if profile and profile.emails else identity
        if person not in rows:
            rows[person] = len(standing)
            bot = _is_not_a_person(person, profile)
            standing.append(Standing.NOT_A_PERSON if bot else Standing.PERSON)
            records.append(_record(person, profile, bot))
        elif identity != person:
            aliases = records[rows[person]]["aliases"]
            assert isinstance(aliases, list)
            aliases.append(identity)
        actor[code] = rows[person]
    people = pd.DataFrame(records, columns=PEOPLE.names)
    order = people.sort_values("person", kind="stable").index.to_numpy()
    position = np.empty(len(order), dtype=np.int32)
    position[order] = np.arange(len(order), dtype=np.int32)
    flags = np.asarray(standing, dtype=np.int8)[order]
    return Actors(
        people=people.iloc[order].reset_index(drop=True),
        actor=position[actor] if len(order) else actor,
        standing=flags,
        external=0,
        unmatched=0,
        not_people=int((flags == Standing.NOT_A_PERSON).sum()),
        ambiguous=0,
    )


def _record(person: str, profile: Profile | None, bot: bool) -> dict[str, object]:
    emails = list(profile.emails) if profile else []
    if not emails and "@" in person:
        emails = [person]
    kind = profile.kind if profile and profile.kind != "person" else "bot" if bot else "person"
    return {
        "person": person,
        "name": profile.name if profile else None,
        "emails": emails,
        "aliases": [profile.identity] if profile and profile.identity != person else [],
        "department": profile.department if profile else None,
        "kind": kind,
    }


def _roster_keys(roster: pd.DataFrame) -> tuple[dict[str, int], int]:
    keys: dict[str, int] = {}
    shared: set[str] = set()
    lines = range(len(roster))
    for row, person in zip(lines, as_ids(roster["person"]), strict=True):
        keys[person.lower()] = row
    for row, emails in zip(lines, _lists(roster, "emails"), strict=True):
        for email in emails:
            address = email.strip().lower()
            if keys.setdefault(address, row) != row:
                raise InputError(
                    f"rows {keys[address] + 1} and {row + 1} of the people have one address",
                    file="people",
                    remedy="give the address to one of them, or mark the row as a shared mailbox",
                )
    for row, aliases in zip(lines, _lists(roster, "aliases"), strict=True):
        for alias in aliases:
            key = alias.strip().lower()
            if key and keys.setdefault(key, row) != row:
                shared.add(key)
    for key in shared:
        del keys[key]
    keys.pop("", None)
    return keys, len(shared)


def _lists(roster: pd.DataFrame, column: str) -> list[list[str]]:
    if column not in roster.columns:
        return [[] for _ in range(len(roster))]
    return [
        [str(v) for v in value] if isinstance(value, (list, tuple, np.ndarray)) else []
        for value in roster[column]
    ]


def _roster_standing(roster: pd.DataFrame) -> list[Standing]:
    kinds = roster["kind"] if "kind" in roster.columns else ["person"] * len(roster)
    outs = roster["opt_out"] if "opt_out" in roster.columns else [False] * len(roster)
    return [
        Standing.OPTED_OUT
        if out is True or out is np.True_
        else Standing.PERSON
        if kind == "person" or pd.isna(kind)
        else Standing.NOT_A_PERSON
        for kind, out in zip(kinds, outs, strict=True)
    ]


def _domains(roster: pd.DataFrame) -> frozenset[str]:
    emails = (email for row in _lists(roster, "emails") for email in row)
    return frozenset(email.rpartition("@")[2].lower() for email in emails)


def _match(identity: str, profile: Profile | None, keys: dict[str, int]) -> int | None:
    for key in _candidates(identity, profile):
        row = keys.get(key)
        if row is not None:
            return row
    return None


def _candidates(identity: str, profile: Profile | None) -> Iterable[str]:
    yield identity.lower()
    scheme, separator, rest = identity.partition(":")
    if separator and "@" not in scheme:
        yield rest.lower()
    emails = profile.emails if profile else ()
    yield from emails
    if profile:
        for alias in profile.aliases:
            yield alias.lower()
    for address in (identity, *emails):
        local, at, domain = address.lower().rpartition("@")
        if at and "+" in local:
            yield f"{local.partition('+')[0]}@{domain}"


def _is_not_a_person(identity: str, profile: Profile | None) -> bool:
    if profile is not None and profile.kind != "person":
        return True
    addresses = (identity, *(profile.emails if profile else ()))
    return any(_SHARED_ADDRESS.match(address) for address in addresses)


def _is_external(identity: str, profile: Profile | None, domains: frozenset[str]) -> bool:
    addresses = [a for a in (identity, *(profile.emails if profile else ())) if "@" in a]
    return bool(addresses) and all(a.rpartition("@")[2].lower() not in domains for a in addresses)
