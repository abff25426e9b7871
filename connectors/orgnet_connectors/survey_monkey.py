"""Network surveys from SurveyMonkey: two rows of headings, the question above its first column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from orgnet_connectors.headings import heading_key
from orgnet_connectors.survey_forms import Column, Form, own_headings, questions_of
from orgnet_connectors.survey_headings import own_column, tidy
from orgnet_connectors.survey_reading import SurveyReader
from orgnet_connectors.survey_sheets import Sheet

_OWN = {
    "respondentid": "response",
    "emailaddress": "email",
    "firstname": "first",
    "lastname": "last",
    "enddate": "time",
}
_UNREAD = frozenset(("collectorid", "startdate", "ipaddress", "datecreated", "datemodified"))
_CUSTOM = re.compile(r"customdata\d*")
#: Labels of a column that is the whole answer, and of the remarks beside choices.
_WHOLE = frozenset(
    ("response", "openendedresponse", "antwort", "offeneantwort", "reponse", "respuesta")
)
_REMARK = re.compile(r"^(?:other|sonstige|autre|otro|otra|altro)\b.*\(", re.IGNORECASE)
_ID = re.compile(r"[A-Za-z]{0,4}[-_#]?\d[\w\-]*")
#: Excel writes long ids so, and they are no longer ids.
_DAMAGED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)


class SurveyMonkeySurvey(SurveyReader):
    """Reads "All responses data" of SurveyMonkey: CSV or XLSX, or the zip."""

    name: ClassVar[str] = "survey-monkey"
    title: ClassVar[str] = "SurveyMonkey survey"
    accepts: ClassVar[str] = "CSV or XLSX of SurveyMonkey's 'All responses data', or its zip"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "IP address",
        "collector",
        "free text that names nobody",
    )

    def fits(self, rows: Sequence[list[str]]) -> bool:
        """Say whether the headings are those of SurveyMonkey."""
        if len(rows) < 2:
            return False
        first = {heading_key(cell) for cell in rows[0]}
        return {"respondentid", "collectorid"} <= first

    def why(self, sheet: Sheet) -> str:
        """Say what gave it away."""
        return "columns 'Respondent ID' and 'Collector ID', and the choices in the second row"

    def form(self, sheet: Sheet) -> Form:
        """Say which column is what."""
        rows = [cells for _, cells in sheet.head]
        count = 2 if not any(cell.strip() for cell in rows[1][:2]) else 1
        below = rows[count:]
        width = max(len(rows[0]), len(rows[1]))
        header = [*rows[0], *[""] * (width - len(rows[0]))]
        labels = [*rows[1], *[""] * width] if count == 2 else [""] * width
        own: dict[str, int] = {}
        unread: list[str] = []
        columns: list[Column] = []
        text, begin = "", -1
        for position, heading in enumerate(header):
            key = heading_key(heading)
            if heading.strip():
                text, begin = tidy(heading), position
            label = tidy(labels[position])
            if not columns and key in _OWN and _OWN[key] not in own:
                own[_OWN[key]] = position
            elif not columns and (key in _UNREAD or (not key and begin < 0)):
                unread.append(tidy(heading))
            elif _CUSTOM.fullmatch(key):
                if "id" not in own and _are_ids(below, position):
                    own["id"] = position
                else:
                    unread.append(tidy(heading))
            elif (column := own_column(text)) is not None and heading.strip():
                own.setdefault(column, position)
            elif text:
                remark = _REMARK.match(label) is not None
                whole = heading_key(label) in _WHOLE or remark
                columns.append(
                    Column(
                        position=position,
                        # A question may be asked twice; its columns stand together.
                        key=f"{text} {begin}" + (" other" if remark else ""),
                        text=text,
                        label="" if whole else label,
                    )
                )
        if _are_damaged(below, own.get("response")):
            unread.append(tidy(header[own.pop("response")]))
        return Form(
            sheet=sheet,
            headings=count,
            width=width,
            own=own,
            own_headings=own_headings(header, own),
            questions=questions_of(columns),
            unread=tuple(heading for heading in unread if heading),
            # SurveyMonkey writes American dates; those of an account elsewhere may show it.
            day_first=False,
        )


def _cells(rows: Sequence[Sequence[str]], position: int | None) -> list[str]:
    if position is None:
        return []
    return [text for row in rows if position < len(row) and (text := row[position].strip())]


def _are_ids(rows: Sequence[Sequence[str]], position: int) -> bool:
    """Say whether a custom field tells respondents apart, as an employee number does."""
    cells = _cells(rows, position)
    return bool(cells) and len(set(cells)) == len(cells) and all(map(_ID.fullmatch, cells))


def _are_damaged(rows: Sequence[Sequence[str]], position: int | None) -> bool:
    return any(_DAMAGED.fullmatch(cell) for cell in _cells(rows, position))
