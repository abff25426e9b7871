"""What has been released: plain figures and sentences, already withheld and rounded.

Every output is written from one of these models and from nothing else, so a number cannot differ
between page, sheet and JSON. Nothing here knows of networks or of files.

The models of single people and of teams are loaded when they are first used: few runs have them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from orgnet.report_model.change import Change, DepartmentChange, IndexChange
from orgnet.report_model.groups import (
    SCHEMA,
    Bottleneck,
    Communities,
    CommunityRow,
    Confidence,
    Contact,
    Coverage,
    Department,
    DepartmentCoverage,
    Finding,
    FindingKind,
    Glance,
    Index,
    Method,
    Mode,
    Notice,
    Pair,
    Policy,
    Quality,
    ReportModel,
    SourceRead,
    WeekLoad,
)
from orgnet.report_model.outputs import Report, anchor
from orgnet.report_model.period import Period
from orgnet.report_model.requirements import RequiredLink, Requirements
from orgnet.report_model.roll_up import RollUp
from orgnet.report_model.survey import Survey, SurveyAnswers, SurveyItem, SurveyRow
from orgnet.report_model.vertical import TreeStep, Vertical

if TYPE_CHECKING:
    from orgnet.report_model.people import (
        PEOPLE_SCHEMA,
        TIE_STRENGTHS,
        DrawnTies,
        MappedPerson,
        PeopleGroup,
        PeopleModel,
        PeopleTotals,
    )
    from orgnet.report_model.team import (
        TEAM_SCHEMA,
        ConversationKind,
        DependenceKind,
        HowOften,
        TeamChange,
        TeamContact,
        TeamConversation,
        TeamDependence,
        TeamModel,
        TeamPerson,
        TeamTie,
    )

_HOMES = {
    "PEOPLE_SCHEMA": "people",
    "TIE_STRENGTHS": "people",
    "DrawnTies": "people",
    "MappedPerson": "people",
    "PeopleGroup": "people",
    "PeopleModel": "people",
    "PeopleTotals": "people",
    "TEAM_SCHEMA": "team",
    "ConversationKind": "team",
    "DependenceKind": "team",
    "HowOften": "team",
    "TeamChange": "team",
    "TeamContact": "team",
    "TeamConversation": "team",
    "TeamDependence": "team",
    "TeamModel": "team",
    "TeamPerson": "team",
    "TeamTie": "team",
}

__all__ = [
    "PEOPLE_SCHEMA",
    "SCHEMA",
    "TEAM_SCHEMA",
    "TIE_STRENGTHS",
    "Bottleneck",
    "Change",
    "Communities",
    "CommunityRow",
    "Confidence",
    "Contact",
    "ConversationKind",
    "Coverage",
    "Department",
    "DepartmentChange",
    "DepartmentCoverage",
    "DependenceKind",
    "DrawnTies",
    "Finding",
    "FindingKind",
    "Glance",
    "HowOften",
    "Index",
    "IndexChange",
    "MappedPerson",
    "Method",
    "Mode",
    "Notice",
    "Pair",
    "PeopleGroup",
    "PeopleModel",
    "PeopleTotals",
    "Period",
    "Policy",
    "Quality",
    "Report",
    "ReportModel",
    "RequiredLink",
    "Requirements",
    "RollUp",
    "SourceRead",
    "Survey",
    "SurveyAnswers",
    "SurveyItem",
    "SurveyRow",
    "TeamChange",
    "TeamContact",
    "TeamConversation",
    "TeamDependence",
    "TeamModel",
    "TeamPerson",
    "TeamTie",
    "TreeStep",
    "Vertical",
    "WeekLoad",
    "anchor",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
