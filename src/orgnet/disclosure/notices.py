"""What the data cannot answer, and why, as keys of the catalogue."""

from __future__ import annotations

from orgnet.diagnosis import Diagnosis
from orgnet.gates import PAIR_WEEKS, Reason, calendar_weeks
from orgnet.report_model import Mode, Notice

#: Above this share, people without a known group are worth a warning.
_UNKNOWN_SHARE = 0.05

_FEW_SEEN = 0.7


def notices(diagnosis: Diagnosis, mode: Mode) -> tuple[Notice, ...]:
    """Return the notices of a report, the most important first."""
    network, groups = diagnosis.network, diagnosis.groups
    found: list[Notice] = []
    if not groups.names:
        found.append(("no_departments", ()))
    if network.no_weeks:
        found.append(("no_weeks", ()))
    else:
        weeks = calendar_weeks(network)
        if weeks is not None and weeks < PAIR_WEEKS:
            found.append(("few_weeks", (("weeks", weeks), ("needed", PAIR_WEEKS))))
    if undated := network.dropped.get("no_date"):
        found.append(("undated_left_out", (("ties", undated),)))
    if network.dropped.get("other_department"):
        # Without a number: it may be about the contact of one person.
        found.append(("other_department", ()))
    unknown = groups.unknown / network.n if network.n else 0.0
    if groups.names and unknown > _UNKNOWN_SHARE:
        found.append(("unknown_departments", (("share", round(unknown, 2)),)))
    if network.people_coverage < _FEW_SEEN:
        found.append(("low_coverage", (("share", round(network.people_coverage, 2)),)))
    if mode == "full":
        found += [
            (f"gate_{name}", _told(reason))
            for name in ("silos", "weak_links", "bottlenecks")
            if (reason := diagnosis.gates[name]) is not None
        ]
    return tuple(found)


def _told(reason: Reason) -> tuple[tuple[str, str | float | int], ...]:
    """Return the reason as the code of its sentence, with the figures that fill it."""
    figures = {name: round(value, 2) for name, value in reason.arguments.items()}
    return (("reason", reason.key), *figures.items())
