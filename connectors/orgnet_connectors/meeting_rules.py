"""Recurrence rules of calendars, expanded to days within limits.

Written here and not left to a library because a rule comes from a file: whatever it says, no more
periods are looked at than lie between the series' start and the last day that is asked for. A
library goes on to the year 9999 after the 30th of February.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo

from msgspec import Struct

_WEEKDAYS = {name: number for number, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_NUMBER = re.compile(r"[+-]?\d{1,4}")
_UNTIL = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:T?(\d\d):?(\d\d):?(\d\d)?(Z)?)?")
#: Parts that no calendar program writes for a meeting.
_UNKNOWN = ("BYSECOND", "BYMINUTE", "BYHOUR", "BYYEARDAY", "BYWEEKNO", "BYEASTER", "RSCALE", "SKIP")


class BadRuleError(ValueError):
    """A rule that cannot be followed; the message says what is wrong, and quotes nothing."""


class Rule(Struct, frozen=True, kw_only=True):
    """One recurrence rule.

    Parameters
    ----------
    frequency
        ``DAILY``, ``WEEKLY``, ``MONTHLY`` or ``YEARLY``.
    interval
        Every so many days, weeks, months or years.
    count
        Number of meetings, those that were deleted later included; None where not stated.
    until
        Latest possible start, UTC; None where not stated.
    days
        Weekdays, Monday 0, each with the number of the one that is meant in its month or year,
        0 for all of them.
    month_days, months, positions
        ``BYMONTHDAY``, ``BYMONTH``, ``BYSETPOS``.
    week_start
        Weekday on which weeks begin, Monday 0.
    """

    frequency: str
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    days: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0


def read_rule(text: str, zone: tzinfo) -> Rule:
    """Read the value of an ``RRULE``.

    Parameters
    ----------
    text
        Such as ``FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20260630``.
    zone
        Of an ``UNTIL`` that names none; one that is only a date includes that day.

    Raises
    ------
    BadRuleError
        If it is no rule, or one that no meeting has (every hour, the 200th day of the year).

    Examples
    --------
    >>> read_rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", UTC).days
    ((3, 0),)
    >>> read_rule("FREQ=SECONDLY", UTC)
    Traceback (most recent call last):
    ...
    orgnet_connectors.meeting_rules.BadRuleError: the frequency is none of DAILY, WEEKLY, ...
    """
    parts: dict[str, str] = {}
    for part in text.strip().upper().split(";"):
        name, _, value = part.partition("=")
        parts.setdefault(name.strip(), value.strip())
    if parts.get("FREQ") not in _FREQUENCIES:
        raise BadRuleError(f"the frequency is none of {', '.join(_FREQUENCIES)}")
    strange = [name for name in _UNKNOWN if parts.get(name)]
    if strange:
        raise BadRuleError(f"{strange[0]} is not followed")
    interval = _numbers(parts, "INTERVAL", 1, 9999) or (1,)
    count = _numbers(parts, "COUNT", 1, 9999)
    positions = _numbers(parts, "BYSETPOS", -366, 366)
    month_days = _numbers(parts, "BYMONTHDAY", -31, 31)
    if 0 in positions or 0 in month_days:
        raise BadRuleError("a position or a day of the month is 0")
    week_start = _WEEKDAYS.get(parts.get("WKST", "MO"))
    if week_start is None:
        raise BadRuleError("WKST is no weekday")
    return Rule(
        frequency=parts["FREQ"],
        interval=interval[0],
        count=count[0] if count else None,
        until=_until(parts["UNTIL"], zone) if parts.get("UNTIL") else None,
        days=_days(parts.get("BYDAY", "")),
        month_days=month_days,
        months=_numbers(parts, "BYMONTH", 1, 12),
        positions=positions,
        week_start=week_start,
    )


def _numbers(parts: dict[str, str], name: str, least: int, most: int) -> tuple[int, ...]:
    texts = [text.strip() for text in parts.get(name, "").split(",") if text.strip()]
    if not all(_NUMBER.fullmatch(text) and least <= int(text) <= most for text in texts):
        raise BadRuleError(f"{name} is no number from {least} to {most}")
    return tuple(int(text) for text in texts)


def _days(text: str) -> tuple[tuple[int, int], ...]:
    found = []
    for part in text.split(","):
        if not part.strip():
            continue
        day = _DAY.fullmatch(part.strip())
        if day is None:
            raise BadRuleError("BYDAY is no list of weekdays")
        found.append((_WEEKDAYS[day[2]], int(day[1] or 0)))
    return tuple(found)


def _until(text: str, zone: tzinfo) -> datetime:
    match = _UNTIL.fullmatch(text)
    if match is None:
        raise BadRuleError("UNTIL is no date")
    year, month, day, hour, minute, second, utc = match.groups()
    clock = (23, 59, 59) if hour is None else (int(hour), int(minute), int(second or 0))
    try:
        moment = datetime(int(year), int(month), int(day), *clock, tzinfo=UTC if utc else zone)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadRuleError("UNTIL is no date") from None


def starts(rule: Rule, first: datetime, last: datetime) -> Iterator[datetime]:
    """Yield the starts of a series in order, from the first to the last time that is asked for.

    Parameters
    ----------
    rule
        How it recurs.
    first
        Start of the first meeting, aware: the clock stays the same through summer time. It is
        a meeting of the series even where the rule would not have it.
    last
        No later start is yielded.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> first = datetime(2026, 3, 23, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    >>> found = starts(read_rule("FREQ=WEEKLY;COUNT=2", UTC), first, first + timedelta(days=30))
    >>> [start.isoformat() for start in found]
    ['2026-03-23T09:00:00+01:00', '2026-03-30T09:00:00+02:00']
    """
    if rule.until is not None:
        last = min(last, rule.until)
    first_day = first.date()
    yield first
    days = _rule_days(rule, first_day, last.astimezone(first.tzinfo).date())
    for number, day in enumerate(days):
        if rule.count is not None and number >= rule.count:
            return
        start = datetime.combine(day, first.timetz())
        if start > last:
            return
        if day != first_day:
            yield start


def _rule_days(rule: Rule, first: date, last: date) -> Iterator[date]:
    for days in _periods(rule, first, last):
        chosen = sorted(set(days))
        if rule.positions:
            chosen = sorted(
                {
                    chosen[position - 1 if position > 0 else position]
                    for position in rule.positions
                    if abs(position) <= len(chosen)
                }
            )
        yield from (day for day in chosen if first <= day <= last)


def _periods(rule: Rule, first: date, last: date) -> Iterator[list[date]]:
    """Yield the days that fit the rule, a list for each of its days, weeks, months or years."""
    if rule.frequency in ("DAILY", "WEEKLY"):
        step = timedelta(days=rule.interval * (1 if rule.frequency == "DAILY" else 7))
        begin = first
        if rule.frequency == "WEEKLY":
            begin -= timedelta(days=(first.weekday() - rule.week_start) % 7)
        while begin <= last:
            yield [day for day in _of_period(rule, first, begin) if _fits(rule, day)]
            begin += step
    elif rule.frequency == "MONTHLY":
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        for month in months[:: rule.interval]:
            fits = not rule.months or month % 12 + 1 in rule.months
            yield _of_month(rule, first, month // 12, month % 12 + 1) if fits else []
    else:
        for year in range(first.year, last.year + 1, rule.interval):
            yield _of_year(rule, first, year)


def _of_period(rule: Rule, first: date, begin: date) -> list[date]:
    if rule.frequency == "DAILY":
        return [begin]
    weekdays = {weekday for weekday, _ in rule.days} or {first.weekday()}
    week = [begin + timedelta(days=day) for day in range(7)]
    return [day for day in week if day.weekday() in weekdays]


def _fits(rule: Rule, day: date) -> bool:
    """Say whether a day of a daily or weekly rule passes its limits."""
    if rule.months and day.month not in rule.months:
        return False
    if rule.days and day.weekday() not in {weekday for weekday, _ in rule.days}:
        return False
    length = monthrange(day.year, day.month)[1]
    return not rule.month_days or bool({day.day, day.day - length - 1} & set(rule.month_days))


def _of_month(rule: Rule, first: date, year: int, month: int) -> list[date]:
    length = monthrange(year, month)[1]
    by_number = {day if day > 0 else length + 1 + day for day in rule.month_days}
    by_weekday = _weekdays(rule, date(year, month, 1), length)
    if rule.month_days and rule.days:
        numbers = by_number & {day.day for day in by_weekday}
    elif rule.days:
        numbers = {day.day for day in by_weekday}
    else:
        numbers = by_number or {first.day}
    return [date(year, month, day) for day in numbers if 1 <= day <= length]


def _of_year(rule: Rule, first: date, year: int) -> list[date]:
    if rule.days and not rule.months and not rule.month_days:
        return _weekdays(rule, date(year, 1, 1), (date(year, 12, 31) - date(year, 1, 1)).days + 1)
    months = rule.months or (range(1, 13) if rule.month_days else (first.month,))
    return [day for month in months for day in _of_month(rule, first, year, month)]


def _weekdays(rule: Rule, begin: date, length: int) -> list[date]:
    """Return the weekdays of a month or year that the rule means."""
    found = []
    for weekday, number in rule.days:
        offset = (weekday - begin.weekday()) % 7
        all_of_them = [begin + timedelta(days=day) for day in range(offset, length, 7)]
        if not number:
            found += all_of_them
        elif abs(number) <= len(all_of_them):
            found.append(all_of_them[number - 1 if number > 0 else number])
    return found
