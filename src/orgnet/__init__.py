"""Organisational network analysis: silos, bottlenecks and weak links between departments.

Names are loaded when they are first used, so that importing orgnet costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orgnet import measures
    from orgnet.building import build_network
    from orgnet.diagnosis import Diagnosis, diagnose
    from orgnet.disclosure import DisclosurePolicy, release
    from orgnet.errors import InputError, OrgnetError, UsageError
    from orgnet.network import Network, as_network
    from orgnet.reading import Records, read
    from orgnet.report_model import ReportModel
    from orgnet.results import write_report
    from orgnet.roster import read_people
    from orgnet.rules import TieRules

_HOMES = {
    "Diagnosis": "orgnet.diagnosis",
    "DisclosurePolicy": "orgnet.disclosure",
    "InputError": "orgnet.errors",
    "Network": "orgnet.network",
    "OrgnetError": "orgnet.errors",
    "Records": "orgnet.reading",
    "ReportModel": "orgnet.report_model",
    "TieRules": "orgnet.rules",
    "UsageError": "orgnet.errors",
    "as_network": "orgnet.network",
    "build_network": "orgnet.building",
    "diagnose": "orgnet.diagnosis",
    "read": "orgnet.reading",
    "read_people": "orgnet.roster",
    "release": "orgnet.disclosure",
    "write_report": "orgnet.results",
}

__all__ = [
    "Diagnosis",
    "DisclosurePolicy",
    "InputError",
    "Network",
    "OrgnetError",
    "Records",
    "ReportModel",
    "TieRules",
    "UsageError",
    "as_network",
    "build_network",
    "diagnose",
    "measures",
    "read",
    "read_people",
    "release",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in ("measures", "simulate"):
        return import_module(f"orgnet.{name}")
    raise AttributeError(f"module 'orgnet' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "simulate"])
