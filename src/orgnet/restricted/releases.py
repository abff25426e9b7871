"""Which people stood behind each release, so that no two releases differ by a few of them.

Whoever has two releases has their difference: if it is one person, the figures are that person's.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

import msgspec

from orgnet.errors import InputError, UnreadableFileError
from orgnet.files import make_folder, write_bytes
from orgnet.network import Groups, Network
from orgnet.pseudonyms import pseudonyms
from orgnet.report_model import Period
from orgnet.restricted.nesting import Contact, PairTable, given_away
from orgnet.restricted.overlaps import Release, nearly_the_same
from orgnet.results import RESTRICTED

FILE = "releases.jsonl"

#: What may be done about an earlier release from which a new one differs by a few people.
WAYS = ("refuse", "common", "withdrawn")

#: Everybody seen, beside the groups that are shown.
EVERYBODY = ""


#: Everybody seen who is in no group that is shown: the figures of all, less those of the groups.
_OTHERS = "(in no group that is shown)"


class Population(msgspec.Struct, frozen=True, kw_only=True):
    """The people behind one release.

    Attributes
    ----------
    run_date
        Day of the release.
    by
        The column that sorted them.
    first, last
        The window; None without dates.
    groups
        Pseudonyms of the people seen in each group that was shown, and of everybody seen.
    withheld
        Pairs of groups, sorted by name, whose number of ties was withheld. None in logs of before
        this was noted.
    """

    run_date: str
    by: str
    first: str | None
    last: str | None
    groups: Mapping[str, frozenset[str]]
    withheld: frozenset[tuple[str, str]] | None = None

    def same_window(self, other: Population) -> bool:
        """Whether both releases tell of the same days."""
        return (self.first, self.last) == (other.first, other.last)

    def tells_of(self, people: Collection[str]) -> bool:
        """Whether somebody of these people is in it."""
        return any(not inside.isdisjoint(people) for inside in self.groups.values())


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Groups of a new release who together are nearly those of an earlier one.

    Attributes
    ----------
    groups, earlier_groups
        Their names; `EVERYBODY` alone for all together.
    earlier
        The release.
    joined, left
        Who is in the one only, and in the other only.
    """

    groups: tuple[str, ...]
    earlier_groups: tuple[str, ...]
    earlier: Population
    joined: frozenset[str]
    left: frozenset[str]

    @property
    def group(self) -> str:
        """The groups of the new release by name."""
        return " and ".join(self.groups)


def population(
    network: Network, groups: Groups, shown: Collection[str], *, run_date: str, period: Period,
    key: bytes, withheld: Collection[tuple[str, str]] = (),
) -> Population:  # fmt: skip
    """Return the people behind a release.

    Parameters
    ----------
    network, groups
        What was measured.
    shown
        Groups of which figures are told.
    run_date, period
        Day and window of the release.
    key
        Of the pseudonyms.
    withheld
        Pairs of groups whose number of ties is not told.
    """
    seen = network.observed
    hidden = pseudonyms(network.index.astype(str), key)
    members = {EVERYBODY: frozenset(who for who, here in zip(hidden, seen, strict=True) if here)}
    for code, name in enumerate(groups.names):
        if name in shown:
            inside = seen & (groups.codes == code)
            members[name] = frozenset(w for w, here in zip(hidden, inside, strict=True) if here)
    return Population(
        run_date=run_date,
        by=groups.by,
        first=period.first,
        last=period.last,
        groups=members,
        withheld=frozenset((min(pair), max(pair)) for pair in withheld),
    )


def differences(
    new: Population,
    earlier: Sequence[Population],
    *,
    minimum: int,
    excused: Collection[str] = (),
    common: bool = False,
) -> list[Difference]:
    """Return where a release differs from an earlier one by fewer people than the minimum.

    Every group, and every sum of groups, is compared with every earlier one, by whatever column and
    of whatever window: a department under another name is the same department, and one that was
    split is the sum of its parts.

    Parameters
    ----------
    new, earlier
        The releases.
    minimum
        Differences of none and of so many people tell of nobody.
    excused
        People who asked to be left out: that is done whatever was released before.
    common
        Whether the new release is to stand on the people of both where the windows differ. Those
        who left since are in neither of its figures then, and are no difference.

    Examples
    --------
    >>> def of(*people):
    ...     told = {"Sales": frozenset(people)}
    ...     return Population(run_date="2026-03-02", by="department", first=None, last=None,
    ...                       groups=told)
    >>> found = differences(of(*"abcdef"), [of(*"abcdefgh")], minimum=5)
    >>> [(one.group, sorted(one.left)) for one in found]
    [('Sales', ['g', 'h'])]
    >>> differences(of(*"abcdef"), [of(*"abcdefgh")], minimum=5, excused="gh")
    []
    """
    without = frozenset(excused)
    after = _with_others(_without(new, without), minimum)
    found = []
    for release in earlier:
        before = _with_others(_without(release, without), minimum)
        left_since = common and not release.same_window(new)
        while True:
            here = [
                Difference(
                    groups=names,
                    earlier_groups=others,
                    earlier=release,
                    joined=_together(after, names) - _together(before, others),
                    left=_together(before, others) - _together(after, names),
                )
                for names, others in nearly_the_same(
                    _release(after), _release(before), minimum=minimum, everybody=EVERYBODY
                )
            ]
            gone = [one for one in here if left_since and not one.joined]
            if not gone:
                break
            for one in gone:
                before = _without(before, one.left, groups=one.earlier_groups)
        found += here
    return found


def given_away_by(
    new: Population, earlier: Sequence[Population], contact: Contact, *, protection: float
) -> list[tuple[Population, tuple[str, str]]]:
    """Return earlier releases of the same window, each with a number that both together tell.

    Parameters
    ----------
    new, earlier
        The releases.
    contact
        What the new one counts; of the same window it is what the earlier ones counted.
    protection
        Width of the interval, as a share of a withheld number, that must remain.
    """
    found = []
    for release in earlier:
        if new.withheld is None or release.withheld is None or not release.same_window(new):
            continue
        pairs = given_away(
            PairTable(_release(new).groups, new.withheld),
            PairTable(_release(release).groups, release.withheld),
            contact,
            protection=protection,
        )
        found += [(release, pair) for pair in islice(pairs, 1)]
    return found


def refuse_given_away(
    found: Sequence[tuple[Population, tuple[str, str]]],
    *,
    way: str,
    log: str = f"{RESTRICTED}/{FILE}",
) -> None:
    """Refuse a release from which, with an earlier one, a withheld number can be worked out.

    Raises
    ------
    InputError
        If `given_away_by` found one and the earlier release was not withdrawn.
    """
    if way == "withdrawn" or not found:
        return
    release, (one, other) = found[0]
    raise InputError(
        f"the number of ties between {one!r} and {other!r}, which is withheld, could be worked out "
        f"of this release and that of {release.run_date} by {release.by} together",
        file=log,
        remedy="analyse by the same column as before, or another window; if nobody has the earlier "
        "release, or everybody gave it back, say so with --earlier withdrawn",
    )


def joined_since(found: Sequence[Difference], new: Population) -> frozenset[str]:
    """Return the few who joined since releases of other windows: the others are in both."""
    late = [one.joined for one in found if not one.earlier.same_window(new)]
    return frozenset().union(*late)


def refuse_differences(
    found: Sequence[Difference],
    new: Population,
    *,
    way: str,
    minimum: int,
    log: str = f"{RESTRICTED}/{FILE}",
    elsewhere: bool = False,
) -> None:
    """Refuse a release that tells of a few people beside an earlier one.

    Parameters
    ----------
    found
        What `differences` returns for the release as it would be.
    new
        The release.
    way
        One of `WAYS`.
    minimum
        Of so many people a difference would be allowed.
    log
        Name of the file that tells of the earlier release.
    elsewhere
        Whether that one may have gone into another folder.

    Raises
    ------
    InputError
        If there is a difference left; it names no person, and does not say how many there are.
    """
    if way == "withdrawn" or not found:
        return
    one = found[0]
    before, same_window = one.earlier, one.earlier.same_window(new)
    window = "" if before.first is None else f", {before.first} to {before.last}"
    common = (
        "publish on the people of both with --earlier common; "
        if way == "refuse" and not same_window
        else ""
    )
    other = (
        "; if it was about another organisation, give each a --project name of its own"
        if elsewhere
        else ""
    )
    raise InputError(
        f"{_named(one.groups)} are {_named(one.earlier_groups, again=True)} in "
        f"{'a release of this project' if elsewhere else 'the release'} of {before.run_date} (by "
        f"{before.by}{window}) but for fewer than {minimum}, so that both releases together would "
        "tell of these few",
        file=log,
        remedy=f"{common}if nobody has the earlier release, or everybody gave it back, say so "
        f"with --earlier withdrawn{other}",
    )


def without_withdrawn(
    releases: Sequence[Population], gone: Sequence[Population]
) -> list[Population]:
    """Return the releases that stay beside a new one: those withdrawn are no longer compared."""
    return [release for release in releases if not any(release is other for other in gone)]


def read_releases(folder: Path) -> list[Population]:
    """Read the log of a results folder, the oldest first; empty where there is none.

    Raises
    ------
    UnreadableFileError
        If it is damaged: without it nothing can be compared.
    """
    path = folder / RESTRICTED / FILE
    if not path.exists():
        return []
    try:
        return decoded(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise UnreadableFileError(
            "the log of releases is damaged",
            file=f"{RESTRICTED}/{FILE}",
            remedy="bring it back from a copy, or write into another folder",
        ) from error


def write_releases(folder: Path, releases: Sequence[Population]) -> None:
    """Write the log; releases of the same people are one."""
    make_folder(folder / RESTRICTED, owner_only=True)
    write_bytes(folder / RESTRICTED / FILE, encoded(releases).encode())


def forget_in_releases(folder: Path, people: Collection[str]) -> None:
    """Take the pseudonyms of forgotten people out of the log of a results folder."""
    releases = read_releases(folder)
    if any(one.tells_of(people) for one in releases):
        write_releases(folder, forgetting(releases, people))


def purge_releases(folder: Path, before: date) -> int:
    """Delete releases of before a day from the log of a results folder; return how many.

    Nothing can be compared with them any more: retention goes first.
    """
    releases = read_releases(folder)
    kept = since(releases, before)
    if len(kept) < len(releases):
        write_releases(folder, kept)
    return len(releases) - len(kept)


def forgetting(releases: Sequence[Population], people: Collection[str]) -> list[Population]:
    """Return the releases without some people."""
    return [_without(one, frozenset(people)) for one in releases]


def since(releases: Sequence[Population], day: date) -> list[Population]:
    """Return the releases of a day and later."""
    return [one for one in releases if one.run_date >= day.isoformat()]


def encoded(releases: Sequence[Population]) -> str:
    """Return the lines of a log, one for each release; those of the same people are one."""
    return "".join(f"{line}\n" for line in dict.fromkeys(_lines(releases)))


def decoded(lines: str) -> list[Population]:
    """Return what `encoded` took; raises `msgspec.DecodeError` for anything else."""
    return [
        msgspec.json.decode(line, type=Population) for line in lines.splitlines() if line.strip()
    ]


def _lines(releases: Sequence[Population]) -> Iterator[str]:
    for release in releases:
        plain: dict[str, object] = {
            "run_date": release.run_date,
            "by": release.by,
            "first": release.first,
            "last": release.last,
            "groups": {name: sorted(people) for name, people in sorted(release.groups.items())},
        }
        if release.withheld is not None:
            plain["withheld"] = sorted(release.withheld)
        yield json.dumps(plain, ensure_ascii=True)


def _without(
    release: Population, people: frozenset[str], *, groups: Collection[str] | None = None
) -> Population:
    """Return a release without some people, in all of its groups or in some."""
    if not people:
        return release
    return msgspec.structs.replace(
        release,
        groups={
            name: inside - people if groups is None or name in groups else inside
            for name, inside in release.groups.items()
        },
    )


def _with_others(told: Population, minimum: int) -> Population:
    """Return a release with one group more: all others, if they are not a few."""
    others = told.groups.get(EVERYBODY, frozenset()).difference(*_release(told).groups.values())
    if len(others) < minimum:
        return told
    return msgspec.structs.replace(told, groups={**told.groups, _OTHERS: others})


def _release(told: Population) -> Release:
    groups = {name: people for name, people in told.groups.items() if name != EVERYBODY}
    return Release(told.groups.get(EVERYBODY, frozenset()), groups)


def _together(told: Population, names: Collection[str]) -> frozenset[str]:
    return frozenset().union(*(told.groups[name] for name in names))


def _named(groups: Sequence[str], *, again: bool = False) -> str:
    if tuple(groups) == (EVERYBODY,):
        return "all people" if again else "all people together"
    *first, last = (name if name == _OTHERS else repr(name) for name in groups)
    names = f"{', '.join(first)} and {last} together" if first else last
    return f"{'those' if again else 'the people'} of {names}"
