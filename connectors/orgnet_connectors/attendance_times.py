"""The times of an attendance report: local, without a zone, day or month first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC

from orgnet.errors import AmbiguousInputError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.dates import OrderEvidence, TimeReader, zone_of

#: `3/2/26, 9:00:00 AM`: of the ways in which browsers write dates, only the American one has
#: slashes, no zeros in front, and AM or PM in capitals.
_AMERICAN = re.compile(r"[1-9]\d?/[1-9]\d?/\d\d,\s\d{1,2}:\d\d:\d\d\s[AP]M")


def time_reader(
    source: Source,
    texts: Iterable[str],
    options: ReadOptions,
    ledger: Ledger,
    *,
    by_browser: bool = False,
) -> TimeReader:
    """Make the reader of a report's times, in the order of day and month that the file shows.

    Parameters
    ----------
    source
        The report, for messages.
    texts
        All of its times.
    options, ledger
        What the user says; where to note what was assumed.
    by_browser
        True where a browser wrote the times in the reader's language, so that their form shows
        the order.

    Raises
    ------
    AmbiguousInputError
        If the order matters and neither the user nor the file shows it.
    """
    zone = zone_of(options.timezone)
    evidence, american, numeric = OrderEvidence(), 0, 0
    for text in texts if options.day_first is None else ():
        if text.strip():
            evidence.add(text)
            numeric += 1
            american += _AMERICAN.fullmatch(text.strip()) is not None
    day_first = options.day_first if options.day_first is not None else evidence.day_first
    if day_first is None and by_browser and american and american == numeric:
        day_first = False
        ledger.ambiguous.append(
            "times such as 3/2/26, 9:00:00 AM are American: the month stands first (--day-first)"
        )
    if day_first is None and evidence.needed:
        raise AmbiguousInputError(
            "its dates do not show whether the day or the month stands first",
            file=source.name,
            remedy="say it with --day-first or --month-first",
        )
    if options.timezone is None:
        ledger.ambiguous.append("times without a zone are read as UTC (--tz)")
    return TimeReader(day_first=day_first, zone=zone)


_EITHER_ORDER = tuple(TimeReader(day_first=first, zone=UTC) for first in (True, False))


def is_time(text: str) -> bool:
    """Say whether a cell is a date with a time, in whatever order.

    Examples
    --------
    >>> is_time("3/2/26, 9:00:00 AM"), is_time("30m 0s"), is_time("26.11.2025, 16:16:54")
    (True, False, True)
    """
    return ":" in text and any(read(text) is not None for read in _EITHER_ORDER)
