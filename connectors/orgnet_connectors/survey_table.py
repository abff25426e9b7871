"""Tables that somebody made of a survey: one row a respondent, nominations in several columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from orgnet_connectors.headings import heading_key
from orgnet_connectors.list_cells import is_missing
from orgnet_connectors.list_columns import list_score
from orgnet_connectors.survey_forms import Column, Form, own_headings, questions_of
from orgnet_connectors.survey_google_forms import GoogleFormsSurvey
from orgnet_connectors.survey_headings import (
    asks_for_people,
    numbered_columns,
    own_column,
    tidy,
)
from orgnet_connectors.survey_matrix import SurveyMatrix
from orgnet_connectors.survey_microsoft_forms import MicrosoftFormsSurvey
from orgnet_connectors.survey_monkey import SurveyMonkeySurvey
from orgnet_connectors.survey_names import key_of, looks_like_a_name
from orgnet_connectors.survey_qualtrics import QualtricsSurvey
from orgnet_connectors.survey_reading import SurveyReader
from orgnet_connectors.survey_sheets import Sheet
from orgnet_connectors.survey_typeform import TypeformSurvey

_TOOLS: tuple[SurveyReader, ...] = (
    QualtricsSurvey(),
    SurveyMonkeySurvey(),
    GoogleFormsSurvey(),
    MicrosoftFormsSurvey(),
    TypeformSurvey(),
)
#: Two rows may have one id in different groups, such as schools.
_GROUPS = frozenset(("group", "school", "class", "village", "site", "wavegroup", "network"))
_LEAST_COLUMNS = 2
#: The share of a heading's columns, or of its answers, that must be respondents or like names.
_SHARE = 0.5


class SurveyTable(SurveyReader):
    """Reads a table with a respondent a row: numbered nominations, or one column a colleague.

    ``id,net1,net2,net3`` as netdiffuseR has it, ``name,colleague 1,colleague 2``, questions that
    ask for people over cells with names, or a roster matrix, whose columns are colleagues and
    whose cells say how often.
    """

    name: ClassVar[str] = "survey-table"
    title: ClassVar[str] = "Table of survey answers"
    accepts: ClassVar[str] = (
        "CSV, TSV or XLSX with a row a respondent and nominations in numbered columns, "
        "or a column a colleague"
    )
    dropped_unread: ClassVar[tuple[str, ...]] = ("notes", "attributes", "all other columns")

    def fits(self, rows: Sequence[list[str]]) -> bool:
        """Say whether the columns of a table are nominations of the people in its rows."""
        if len(rows) < _LEAST_COLUMNS or list_score(rows[0]):
            return False
        if any(tool.fits(rows) for tool in _TOOLS) or SurveyMatrix().fits(rows):
            return False
        header = [tidy(cell) for cell in rows[0]]
        own = _own(header)
        if own is None:
            return False
        below = [row for row in rows[1:] if len(row) > max(own.values())]
        return bool(_nominations(header, own, below))

    def why(self, sheet: Sheet) -> str:
        """Say what gave it away."""
        header = [tidy(cell) for cell in sheet.head[0][1]]
        own = _own(header) or {}
        rows = [cells for _, cells in sheet.head[1:]]
        kind = _nominations(header, own, rows)
        return f"one row a respondent, {kind}"

    def form(self, sheet: Sheet) -> Form:
        """Say which column is what."""
        header = [tidy(cell) for cell in sheet.head[0][1]]
        own = dict(_own(header) or {})
        group = _group(sheet, header, own)
        numbered = numbered_columns(header)
        columns = []
        for position, text in enumerate(header):
            if position in own.values() or position == group or not text:
                continue
            stem = numbered.get(position)
            columns.append(
                Column(
                    position=position,
                    key=stem or f"{text} {position}",
                    text=stem or text,
                    asks=stem is not None,
                )
            )
        if group is not None:
            own["group"] = group
        return Form(
            sheet=sheet,
            headings=1,
            width=len(header),
            own=own,
            own_headings=own_headings(header, own),
            questions=questions_of(columns),
        )


def _own(header: Sequence[str]) -> dict[str, int] | None:
    """Find the columns that say who answered; None where there are none."""
    own: dict[str, int] = {}
    for position, text in enumerate(header):
        column = own_column(text)
        if column is not None:
            own.setdefault(column, position)
    return own or None


def _nominations(header: Sequence[str], own: dict[str, int], rows: Sequence[list[str]]) -> str:
    """Say which columns hold nominations; empty where none do."""
    people = {key_of(row[p]) for row in rows for p in own.values() if p < len(row)} - {""}
    if {"first", "last"} <= own.keys():
        pair = (own["first"], own["last"])
        people |= {key_of(" ".join(row[p] for p in pair)) for row in rows if len(row) > max(pair)}
    numbered = numbered_columns(header)
    if numbered and _are_people(rows, list(numbered), people):
        stems = ", ".join(repr(stem) for stem in dict.fromkeys(numbered.values()))
        return f"nominations in the numbered columns {stems}"
    rest = [p for p, text in enumerate(header) if text and p not in own.values()]
    headed = [p for p in rest if key_of(header[p]) in people]
    if len(headed) > _LEAST_COLUMNS:
        return f"and {len(headed)} columns headed by respondents"
    asked = [p for p in rest if header[p].endswith("?") and asks_for_people(header[p])]
    if asked and _are_people(rows, asked, people):
        return "and questions that ask for people"
    return ""


def _are_people(rows: Sequence[list[str]], positions: Sequence[int], people: set[str]) -> bool:
    """Say whether the cells of some columns are respondents, or look like names."""
    cells = [row[p] for row in rows for p in positions if p < len(row) and not is_missing(row[p])]
    likely = [
        key_of(cell) in people or looks_like_a_name(cell.split(";")[0].split(",")[0])
        for cell in cells
    ]
    return bool(cells) and sum(likely) >= _SHARE * len(likely)


def _group(sheet: Sheet, header: Sequence[str], own: dict[str, int]) -> int | None:
    """Find the column without which ids are not unique; None where they are by themselves."""
    if "id" not in own or "email" in own:
        return None
    ids = [cells[own["id"]] for _, cells in sheet.head[1:] if len(cells) > own["id"]]
    if len(set(ids)) == len(ids):
        return None
    for position, text in enumerate(header):
        if heading_key(text) not in _GROUPS:
            continue
        pairs = [
            (cells[position], cells[own["id"]])
            for _, cells in sheet.head[1:]
            if len(cells) > max(position, own["id"])
        ]
        if len(set(pairs)) == len(pairs):
            return position
    return None
