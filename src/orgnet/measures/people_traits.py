"""What a roster says of people besides their department, where it may explain their contact."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import pandas as pd

from orgnet.network import Network, as_ids
from orgnet.rules import monday

#: Headings of columns about working time, and about language, in letters and digits alone.
_WORKING_TIME = frozenset(
    (
        *("fte", "ftepercent", "fulltimeequivalent", "parttime", "parttimefulltime", "timetype"),
        *("fullorparttime", "employmenttype", "employeetype", "contracttype", "workingtime"),
        *("worktime", "workload", "hours", "weeklyhours", "hoursperweek", "contracthours"),
        *("scheduledweeklyhours", "standardhours", "teilzeit", "beschäftigungsgrad"),
        *("beschaeftigungsgrad", "arbeitszeit", "wochenstunden", "pensum", "arbeitszeitmodell"),
        *("tempspartiel", "tempsdetravail", "tauxdactivité", "tauxdactivite", "quotité"),
        *("quotite", "heureshebdomadaires", "jornada", "partttime", "deeltijd", "etat"),
    )
)
_LANGUAGE = frozenset(
    (
        *("language", "languages", "mainlanguage", "workinglanguage", "preferredlanguage"),
        *("nativelanguage", "firstlanguage", "sprache", "arbeitssprache", "muttersprache"),
        *("langue", "languedetravail", "languematernelle", "idioma", "lingua", "taal", "język"),
    )
)
_PART = ("part", "teilzeit", "partiel", "parcial", "parziale", "deeltijd")
_YES = frozenset(("yes", "y", "true", "1", "1.0", "ja", "oui", "sí", "si", "x"))

#: Who works less than this share of what is usual is a part-timer.
_FULL = 0.9

#: Who began so many days before the end of the window is new.
_NEW_DAYS = 365


def places(network: Network) -> dict[str, pd.Series[str]]:
    """Return where people sit and what they speak: ``location`` and ``language``, if known.

    Empty text where it is not known of somebody.

    Examples
    --------
    >>> people = pd.DataFrame({"person": ["a", "b"], "Sprache": ["de", None]})
    >>> ties = pd.DataFrame({"sender": ["a"], "recipient": ["b"]})
    >>> places(Network.from_ties(ties, people))["language"].tolist()
    ['de', '']
    """
    people = network.people
    found = {}
    for name, headings in (("location", {"location"}), ("language", _LANGUAGE)):
        for column in _columns(people, headings)[:1]:
            values = pd.Series(as_ids(people[column]), index=people.index, dtype=object)
            found[name] = values.str.strip().str.casefold()
    return found


def traits(network: Network, by: str) -> dict[str, pd.Series[float]]:
    """Return what sets some people of a department apart: 1 who has it, 0 who has not, else NaN.

    Parameters
    ----------
    network
        The people.
    by
        The column of departments.

    Returns
    -------
    dict of pandas.Series
        ``part_time``; ``location`` and ``language``: another one than most of the department;
        ``tenure``: began within a year before the end of the window. Only what is known.

    Examples
    --------
    >>> people = pd.DataFrame({"person": list("abc"), "department": "X", "FTE": ["1", "0,5", ""]})
    >>> ties = pd.DataFrame({"sender": ["a"], "recipient": ["b"]})
    >>> traits(Network.from_ties(ties, people), "department")["part_time"].tolist()
    [0.0, 1.0, nan]
    """
    people = network.people
    found: dict[str, pd.Series[float]] = {}
    for column in _columns(people, _WORKING_TIME):
        part_time = _part_time(people[column])
        if part_time.nunique() > 1:
            found["part_time"] = part_time
            break
    department = as_ids(people[by])
    for name, value in places(network).items():
        known = value[value != ""]
        most = known.groupby(department[(value != "").to_numpy()]).agg(_commonest)
        home = pd.Series(department, index=people.index).map(most)
        apart = (value != home).astype(float)
        found[name] = apart.where((value != "") & home.notna())
    if "start" in people.columns and network.weeks:
        end = monday(max(network.weeks)).toordinal()
        begun = people["start"].map(_ordinal).astype(float)
        found["tenure"] = (begun > end - _NEW_DAYS).astype(float).where(begun.notna())
    return found


def _columns(people: pd.DataFrame, headings: Collection[str]) -> list[str]:
    keys = {c: "".join(filter(str.isalnum, str(c).casefold())) for c in people.columns}
    return [c for c, key in keys.items() if key in headings and not people[c].isna().all()]


def _part_time(values: pd.Series[str]) -> pd.Series[float]:
    """Read hours, per cent, a share of full time, or words."""
    text = pd.Series(as_ids(values), index=values.index, dtype=object).str.strip().str.casefold()
    number = pd.to_numeric(
        text.str.rstrip("%h ").str.replace(",", ".", regex=False), errors="coerce"
    )
    if number.notna().sum() > (text != "").sum() / 2 and number.max() > number.min():
        most = float(number.max())
        full = most if most in (1.0, 100.0) else float(number.mode().iloc[-1])
        return (number < _FULL * full).astype(float).where(number.notna())
    return text.map(_says_part_time).astype(float).where(text != "")


def _says_part_time(text: str) -> bool:
    return text in _YES or any(word in text for word in _PART)


def _commonest(values: pd.Series[str]) -> str:
    """Return the commonest value; of several the last in order."""
    return str(values.mode().iloc[-1])


def _ordinal(value: object) -> float:
    moment = pd.Timestamp(value) if isinstance(value, (date, str)) else None
    return float("nan") if moment is None or pd.isna(moment) else float(moment.toordinal())
