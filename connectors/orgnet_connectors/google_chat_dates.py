"""The dates of Google Takeout, which are sentences in the language of the account."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from orgnet_connectors.dates import FIRST_YEAR, LAST_YEAR

# January to December in English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish,
# Danish, Norwegian, Polish and Czech. A name that several of them have is one month in all.
_NAMES = (
    "january januar januari janvier enero gennaio janeiro stycznia ledna jänner",
    "february februar februari février febrero febbraio fevereiro lutego února",
    "march märz mars marzo março maart marts marca března",
    "april avril abril aprile kwietnia dubna",
    "may mai mayo maggio maio mei maj maja května",
    "june juni juin junio giugno junho czerwca června",
    "july juli juillet julio luglio julho lipca července",
    "august août agosto augustus augusti sierpnia srpna",
    "september septembre septiembre settembre setembro wrzesnia września září",
    "october oktober octobre octubre ottobre outubro października października října",
    "november novembre noviembre novembro listopada listopadu",
    "december dezember décembre diciembre dicembre dezembro grudnia prosince",
)
_MONTHS = {name: month for month, names in enumerate(_NAMES, 1) for name in names.split()}

_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})[:.](\d{2})(?:\s*([ap])\.?\s?m\b\.?)?")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_DAY = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")


def takeout_time_us(text: str) -> int | None:
    r"""Return the microseconds since 1970 UTC of a date in Takeout, None where it is none.

    Takeout writes UTC. A blank in it may be a narrow one.

    Examples
    --------
    >>> takeout_time_us("Monday, March 2, 2026 at 8:15:09\u202fAM UTC")
    1772439309000000
    >>> takeout_time_us("lundi 2 mars 2026 à 08:15:09 UTC"), takeout_time_us("yesterday")
    (1772439309000000, None)
    """
    text = text.casefold()
    clock, year = _CLOCK.search(text), _YEAR.search(text)
    if clock is None or year is None:
        return None
    before = text[: clock.start()]
    day = _DAY.search(before)
    months = {_MONTHS[word] for word in _WORD.findall(before) if word in _MONTHS}
    if day is None or len(months) != 1:
        return None
    hour = int(clock[1])
    if clock[4]:
        hour = hour % 12 + (12 if clock[4] == "p" else 0)
    try:
        moment = datetime(
            int(year[0]), months.pop(), int(day[0]), hour, int(clock[2]), int(clock[3]), tzinfo=UTC
        )
    except ValueError:
        return None
    return int(moment.timestamp()) * 1_000_000 if FIRST_YEAR <= moment.year < LAST_YEAR else None
