"""Network surveys from Microsoft Forms: a workbook, or what Excel makes of it as CSV."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from orgnet_connectors.headings import heading_key
from orgnet_connectors.survey_forms import Column, Form, own_headings, questions_of
from orgnet_connectors.survey_headings import own_column, tidy
from orgnet_connectors.survey_reading import SurveyReader
from orgnet_connectors.survey_sheets import Sheet

#: What Forms writes before the questions, in the languages of its users.
_START = frozenset(
    (
        *("starttime", "startzeit", "heuredebut", "heurededebut", "horadeinicio", "oradiinizio"),
        *("oradinizio", "begintijd", "starttijd", "horadeinicio", "godzinarozpoczecia"),
    )
)
_END = frozenset(
    (
        *("completiontime", "fertigstellungszeit", "heuredefin", "horadefinalizacion"),
        *("oradicompletamento", "tijdvanvoltooien", "voltooiingstijd", "horadeconclusao"),
        *("godzinaukonczenia",),
    )
)
_EMAIL = frozenset(
    (
        *("email", "emailadresse", "adressedemessagerie", "correoelectronico"),
        *("postaelettronica", "emailadres", "adresemail"),
    )
)
_NAME = frozenset(("name", "nom", "nombre", "nome", "naam", "nazwa"))
_UNREAD = re.compile(
    r"(?:lastmodifiedtime|totalpoints|quizfeedback|gradepostedtime|gesamtpunktzahl|"
    r"uhrzeitderletztenanderung|quizfeedback|pointstotal)|(?:points|feedback|punkte)\s*[-–—\x97].*",
    re.IGNORECASE,
)
_LEADING = 8


class MicrosoftFormsSurvey(SurveyReader):
    """Reads answers of Microsoft Forms: XLSX, or CSV as Excel saves it in any country."""

    name: ClassVar[str] = "survey-microsoft-forms"
    title: ClassVar[str] = "Microsoft Forms survey"
    accepts: ClassVar[str] = "XLSX of the answers to a Microsoft form, or the CSV that Excel makes"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "start time",
        "points and feedback of quizzes",
        "free text that names nobody",
    )

    def fits(self, rows: Sequence[list[str]]) -> bool:
        """Say whether the headings are those of Microsoft Forms."""
        if not rows:
            return False
        keys = [heading_key(tidy(cell)) for cell in rows[0][:_LEADING]]
        return keys[0] == "id" and bool(_END.intersection(keys)) and bool(_START.intersection(keys))

    def why(self, sheet: Sheet) -> str:
        """Say what gave it away."""
        header = sheet.head[0][1]
        return f"columns 'ID', {tidy(header[1])!r} and {tidy(header[2])!r}, then questions"

    def form(self, sheet: Sheet) -> Form:
        """Say which column is what."""
        header = sheet.head[0][1]
        own: dict[str, int] = {"response": 0}
        unread: list[str] = []
        columns: list[Column] = []
        for position, heading in enumerate(header[1:], start=1):
            text = tidy(heading)
            key = heading_key(text)
            leading = not columns
            if leading and key in _END:
                own["time"] = position
            elif (leading and key in _START) or _UNREAD.fullmatch(text) or _UNREAD.fullmatch(key):
                unread.append(text)
            elif leading and key in _EMAIL and "email" not in own:
                own["email"] = position
            elif leading and key in _NAME and "name" not in own:
                own["name"] = position
            elif text:
                columns.append(Column(position=position, key=f"{text} {position}", text=text))
        for column in list(columns):
            # An anonymous form must ask who somebody is, and that is then a question.
            told = own_column(column.text)
            if told is not None and not _says(sheet, own.get(told)):
                own[told] = column.position
                columns.remove(column)
        return Form(
            sheet=sheet,
            headings=1,
            width=len(header),
            own=own,
            own_headings=own_headings(header, own),
            questions=questions_of(columns),
            unread=tuple(unread),
        )


def _says(sheet: Sheet, position: int | None) -> bool:
    """Say whether a column tells respondents apart: ``anonymous`` does not."""
    if position is None:
        return False
    cells = (cells[position] for _, cells in sheet.head[1:] if position < len(cells))
    return any(text.strip().casefold() not in ("", "anonymous", "anonym") for text in cells)
