"""The clock of working hours: time passes on weekdays from nine to five alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from orgnet.errors import UsageError
from orgnet.pairs import FloatArray

#: When the clock runs, in hours of the local day.
WORKING_HOURS = (9.0, 17.0)

_HOUR = np.timedelta64(1, "h")


def hours_worked(times: pd.Series, *, zone: str, hours: tuple[float, float]) -> FloatArray:
    """Return what the clock of working hours shows, in hours since Monday 29 December 1969.

    The difference of two values is the working time between. Monday to Friday; holidays count as
    working days.

    Parameters
    ----------
    times
        Moments with a time zone.
    zone
        The time zone of the working day, such as ``Europe/Berlin``.
    hours
        Start and end of the working day, in hours from midnight.

    Raises
    ------
    UsageError
        If the zone is not known, or the day does not end after it starts.

    Examples
    --------
    From Friday, four in the afternoon, to Monday, ten in the morning.

    >>> moments = pd.Series(pd.to_datetime(["2026-03-06 16:00", "2026-03-09 10:00"], utc=True))
    >>> float(np.diff(hours_worked(moments, zone="UTC", hours=(9, 17)))[0])
    2.0
    """
    start, end = hours
    if not 0 <= start < end <= 24:
        raise UsageError(f"working hours are {hours}, expected a start before an end, from 0 to 24")
    try:
        local = times.dt.tz_convert(zone).dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    except KeyError as error:
        raise UsageError(
            f"no time zone {zone!r}; expected a name such as 'Europe/Berlin' or 'UTC'"
        ) from error
    day = local.astype("datetime64[D]")
    # The first day of 1970 was a Thursday.
    week, weekday = np.divmod(day.astype(np.int64) + 3, 7)
    today = np.clip((local - day) / _HOUR - start, 0.0, end - start)
    whole_days = 5 * week + np.minimum(weekday, 5)
    return np.asarray(whole_days * (end - start) + np.where(weekday < 5, today, 0.0))
