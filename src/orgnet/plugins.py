"""Finding connectors and reports by entry point: ours exactly as a stranger's."""

from __future__ import annotations

import warnings
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any

from orgnet.errors import PluginError, did_you_mean

if TYPE_CHECKING:
    from orgnet.report_model import Report, ReportModel
    from orgnet.schema import Connector

CONNECTORS = "orgnet.connectors"

#: The entry points of each edition's reports.
REPORTS = {
    "groups": "orgnet.reports",
    "people": "orgnet.people_reports",
    "team": "orgnet.team_reports",
}


class PluginWarning(UserWarning):
    """A connector or report was left out, and why."""


@cache
def connectors() -> dict[str, Connector]:
    """Return the installed connectors by name; those that fail to load are named in a warning."""
    return _load_all(CONNECTORS)


@cache
def reports() -> dict[str, Report[ReportModel]]:
    """Return the reports of the groups edition; those that fail to load are told in a warning."""
    return _load_all(REPORTS["groups"])


def connector(name: str) -> Connector:
    """Return one connector.

    Raises
    ------
    PluginError
        If it is not installed (the message lists those that are) or fails to load.
    """
    found: Connector = _load_one(CONNECTORS, "connector", name)
    return found


def report(name: str, *, edition: str = "groups") -> Report[Any]:
    """Return one report of an edition of `REPORTS`; raises `PluginError` as `connector` does."""
    what = "report" if edition == "groups" else f"report of the {edition} edition"
    found: Report[Any] = _load_one(REPORTS[edition], what, name)
    return found


# Asking the system reads a file of every package that is installed.
_installed = cache(entry_points)


@cache
def _found(group: str) -> dict[str, EntryPoint]:
    found: dict[str, EntryPoint] = {}
    for entry in sorted(_installed().select(group=group), key=lambda e: (e.name, e.value)):
        if entry.name in found and found[entry.name].value != entry.value:
            warnings.warn(
                f"two plugins are called {entry.name!r} in {group}: {found[entry.name].value} is "
                f"used, {entry.value} is not",
                PluginWarning,
                stacklevel=3,
            )
            continue
        found[entry.name] = entry
    return found


def _load_all(group: str) -> dict[str, Any]:
    loaded: dict[str, Any] = {}
    for name, entry in _found(group).items():
        try:
            loaded[name] = entry.load()()
        except Exception as error:
            warnings.warn(
                f"{entry.value} ({group}) fails to load and is left out: {error}",
                PluginWarning,
                stacklevel=3,
            )
    return loaded


def _load_one(group: str, what: str, name: str) -> Any:
    found = _found(group)
    if name not in found:
        raise PluginError(
            f"no {what} named {name!r}; installed: {', '.join(found) or 'none'}."
            f"{did_you_mean(name, found)}"
        )
    try:
        return found[name].load()()
    except Exception as error:
        raise PluginError(f"the {what} {name!r} fails to load: {error}") from error
