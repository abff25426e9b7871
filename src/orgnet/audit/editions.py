"""What each file of a results folder is meant to hold."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import entry_points
from pathlib import Path

from orgnet.audit.identifiers import Identifier
from orgnet.plugins import REPORTS, report
from orgnet.results import RESTRICTED

#: So many names are no edition with names.
_FEW_NAMES = 4


def edition_files() -> dict[str, str]:
    """Return the edition of every file that an installed report of people or teams writes."""
    return {
        report(entry.name, edition=edition).file_name: edition
        for edition in ("people", "team")
        for entry in entry_points(group=REPORTS[edition])
    }


def edition_of(path: Path, folder: Path, files: dict[str, str]) -> str:
    """Return ``restricted``, ``people``, ``team`` or ``groups``."""
    inside = path.relative_to(folder)
    if inside.parts[0] == RESTRICTED:
        return "restricted"
    return files.get(inside.name, "groups")


def is_meant(one: Identifier, edition: str) -> bool:
    """Whether a file of an edition may hold this.

    Addresses, ids and aliases stand nowhere, and who opted out stands in nothing but the
    restricted part, under a pseudonym.
    """
    if one.kind == "pseudonym":
        return edition in ("restricted", "people", "people with names")
    if one.kind not in ("name", "part of a name") or one.gone:
        return False
    return edition == "people with names" or (edition == "team" and one.may_be_named)


def with_names(found: Iterable[Identifier]) -> bool:
    """Whether a people edition shows names in place of pseudonyms: more of them than of those.

    One name beside many pseudonyms is a name that should not be there; so are a few names where the
    pseudonyms are not known.
    """
    kinds = {(one.kind, one.whose if one.kind == "name" else one.text) for one in found if one.sure}
    names = sum(kind == "name" for kind, _ in kinds)
    return names > max(_FEW_NAMES, sum(kind == "pseudonym" for kind, _ in kinds))
