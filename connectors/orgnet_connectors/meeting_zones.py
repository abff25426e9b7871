"""Time zones by the names that calendars give them: IANA, Windows, and paths that end in one."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_UTC_NAMES = frozenset({"utc", "gmt", "z", "zulu", "etc/utc", "tzone://microsoft/utc"})
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d\d):?(\d\d)")


@lru_cache(maxsize=1024)
def zone_named(name: str) -> tzinfo | None:
    """Return the zone of a name, None where it is not known.

    Parameters
    ----------
    name
        ``Europe/Berlin``, ``W. Europe Standard Time`` (Windows, by the table of the Unicode
        project), ``/mozilla.org/20050126_1/Europe/Berlin``, ``UTC``, ``GMT+0100``.

    Examples
    --------
    >>> zone_named("W. Europe Standard Time"), zone_named("Customized Time Zone")
    (zoneinfo.ZoneInfo(key='Europe/Berlin'), None)
    """
    name = name.strip().strip('"')
    if name.lower() in _UTC_NAMES:
        return UTC
    if match := _OFFSET.fullmatch(name):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
        if offset < timedelta(hours=24):
            return timezone(-offset if match[1] == "-" else offset)
    parts = name.strip("/").split("/")
    candidates = [_windows_zones().get(name), "/".join(parts)]
    candidates += ["/".join(parts[-length:]) for length in (3, 2) if len(parts) > length]
    for candidate in candidates:
        zone = _zone(candidate) if candidate else None
        if zone is not None:
            return zone
    return None


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _windows_zones() -> dict[str, str]:
    # Takes a quarter of a second to load: only where a calendar is read.
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    return WINDOWS_TO_OLSON
