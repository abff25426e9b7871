"""What the data cannot answer, and why, as keys of the catalogue."""

from __future__ import annotations

from orgnet.diagnosis import Diagnosis
from orgnet.gates import PAIR_WEEKS, calendar_weeks
from orgnet.report_model import Mode

#: Above this share, people without a known group are worth a warning.
_UNKNOWN_SHARE = 0.05

_FEW_SEEN = 0.7

Notice = tuple[str, tuple[tuple[str, str], ...]]


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
            found.append(("few_weeks", (("weeks", str(weeks)), ("needed", str(PAIR_WEEKS)))))
    if undated := network.dropped.get("no_date"):
        found.append(("undated_left_out", (("ties", str(undated)),)))
    unknown = groups.unknown / network.n if network.n else 0.0
    if groups.names and unknown > _UNKNOWN_SHARE:
        found.append(("unknown_departments", (("share", f"{unknown:.0%}"),)))
    if network.people_coverage < _FEW_SEEN:
        found.append(("low_coverage", (("share", f"{network.people_coverage:.0%}"),)))
    if mode == "full":
        found += [
            (f"gate_{name}", (("reason", reason.text),))
            for name in ("silos", "weak_links", "bottlenecks")
            if (reason := diagnosis.gates[name]) is not None
        ]
    return tuple(found)
