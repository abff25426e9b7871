"""Which people stood behind each release, so that no two releases differ by a few of them.

Whoever has two releases has their difference: if it is one person, the figures are that person's.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from orgnet.errors import InputError, UnreadableFileError
from orgnet.files import make_folder, write_bytes
from orgnet.network import Groups, Network
from orgnet.pseudonyms import pseudonyms
from orgnet.report_model import Period
from orgnet.results import RESTRICTED

FILE = "releases.jsonl"

#: What may be done about an earlier release from which a new one differs by a few people.
WAYS = ("refuse", "common", "withdrawn")

#: Everybody seen, beside the groups that are shown.
EVERYBODY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
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
    """

    run_date: str
    by: str
    first: str | None
    last: str | None
    groups: Mapping[str, frozenset[str]]

    def same_window(self, other: Population) -> bool:
        """Whether both releases tell of the same days."""
        return (self.first, self.last) == (other.first, other.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A group of a new release, and one of an earlier release that is nearly the same.

    Attributes
    ----------
    group, earlier_group
        Their names; `EVERYBODY` for all together.
    earlier
        The release.
    joined, left
        Who is in the one only, and in the other only.
    """

    group: str
    earlier_group: str
    earlier: Population
    joined: frozenset[str]
    left: frozenset[str]


def population(
    network: Network, groups: Groups, shown: Collection[str], *, run_date: str, period: Period,
    key: bytes,
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
    """
    seen = network.observed
    hidden = pseudonyms(network.index.astype(str), key)
    members = {EVERYBODY: frozenset(who for who, here in zip(hidden, seen, strict=True) if here)}
    for code, name in enumerate(groups.names):
        if name in shown:
            inside = seen & (groups.codes == code)
            members[name] = frozenset(w for w, here in zip(hidden, inside, strict=True) if here)
    return Population(
        run_date=run_date, by=groups.by, first=period.first, last=period.last, groups=members
    )


def differences(
    new: Population, earlier: Sequence[Population], *, minimum: int, excused: Collection[str] = ()
) -> list[Difference]:
    """Return where a release differs from an earlier one by fewer people than the minimum.

    Every group is compared with every earlier one, by whatever column and of whatever window: a
    department under another name is the same department.

    Parameters
    ----------
    new, earlier
        The releases.
    minimum
        Differences of none and of so many people tell of nobody.
    excused
        People who asked to be left out: that is done whatever was released before.

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
    found = []
    for release in earlier:
        for group, people in new.groups.items():
            for before, them in release.groups.items():
                joined, left = people - them - without, them - people - without
                if 0 < len(joined) + len(left) < minimum:
                    found.append(
                        Difference(
                            group=group,
                            earlier_group=before,
                            earlier=release,
                            joined=joined,
                            left=left,
                        )
                    )
    return found


def joined_since(found: Sequence[Difference], new: Population) -> frozenset[str]:
    """Return the few who joined since releases of other windows: the others are in both."""
    late = [one.joined for one in found if not one.earlier.same_window(new)]
    return frozenset().union(*late)


def refuse_differences(found: Sequence[Difference], new: Population, *, way: str) -> None:
    """Refuse a release that tells of a few people beside an earlier one.

    Parameters
    ----------
    found
        What `differences` returns for the release as it would be.
    new
        The release.
    way
        One of `WAYS`. With ``common``, those who left since an earlier window are in neither
        figure of the new one, and are no ground to refuse it.

    Raises
    ------
    InputError
        If there is a difference left; it does not say of how many people.
    """
    if way == "withdrawn":
        return
    left = [one for one in found if way == "refuse" or one.earlier.same_window(new) or one.joined]
    if not left:
        return
    one = left[0]
    group = "all people together" if one.group == EVERYBODY else repr(one.group)
    common = (
        "publish on the people of both with --earlier common; "
        if way == "refuse" and not one.earlier.same_window(new)
        else ""
    )
    raise InputError(
        f"only a few people of {group} are not those of the release of {one.earlier.run_date}, so "
        "that both releases together would tell of these few",
        file=f"{RESTRICTED}/{FILE}",
        remedy=f"{common}if nobody has the earlier release, or everybody gave it back, say so "
        "with --earlier withdrawn",
    )


def without_different(
    releases: Sequence[Population], found: Sequence[Difference]
) -> list[Population]:
    """Return the releases that stay beside a new one: those withdrawn are no longer compared."""
    gone = [one.earlier for one in found]
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
        lines = path.read_text(encoding="utf-8").splitlines()
        return [msgspec.json.decode(line, type=Population) for line in lines if line.strip()]
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise UnreadableFileError(
            "the log of releases is damaged",
            file=f"{RESTRICTED}/{FILE}",
            remedy="bring it back from a copy, or write into another folder",
        ) from error


def write_releases(folder: Path, releases: Sequence[Population]) -> None:
    """Write the log; releases of the same people are one."""
    make_folder(folder / RESTRICTED, owner_only=True)
    lines = dict.fromkeys(_lines(releases))
    write_bytes(folder / RESTRICTED / FILE, "".join(f"{line}\n" for line in lines).encode())


def forget_in_releases(folder: Path, people: Collection[str]) -> None:
    """Take the pseudonyms of forgotten people out of the log of a results folder."""
    releases = read_releases(folder)
    if not any(who in some for one in releases for some in one.groups.values() for who in people):
        return
    write_releases(
        folder,
        [
            replace(one, groups={name: some - set(people) for name, some in one.groups.items()})
            for one in releases
        ],
    )


def _lines(releases: Sequence[Population]) -> Iterator[str]:
    for release in releases:
        plain = {
            "run_date": release.run_date,
            "by": release.by,
            "first": release.first,
            "last": release.last,
            "groups": {name: sorted(people) for name, people in sorted(release.groups.items())},
        }
        yield json.dumps(plain, ensure_ascii=True)
