"""What has been released: plain figures and sentences, already withheld and rounded.

Every output is written from one of these models and from nothing else, so a number cannot differ
between page, sheet and JSON. Nothing here knows of networks or of files.
"""

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

__all__ = [
    "SCHEMA",
    "Bottleneck",
    "Change",
    "Communities",
    "CommunityRow",
    "Confidence",
    "Contact",
    "Coverage",
    "Department",
    "DepartmentChange",
    "DepartmentCoverage",
    "Finding",
    "FindingKind",
    "Glance",
    "Index",
    "IndexChange",
    "Method",
    "Mode",
    "Pair",
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
    "TreeStep",
    "Vertical",
    "WeekLoad",
    "anchor",
]
