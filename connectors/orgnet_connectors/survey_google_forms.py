"""Network surveys from Google Forms: a timestamp, perhaps an address, then the questions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from orgnet_connectors.dates import read_time
from orgnet_connectors.headings import heading_key
from orgnet_connectors.list_columns import list_score
from orgnet_connectors.survey_forms import Column, Form, own_headings, questions_of
from orgnet_connectors.survey_headings import own_column, tidy
from orgnet_connectors.survey_reading import SurveyReader
from orgnet_connectors.survey_sheets import Sheet

_TIMESTAMP = frozenset(
    (
        *("timestamp", "zeitstempel", "horodateur", "marcatemporal", "informazionicronologiche"),
        *("tijdstempel", "carimbodedatahora", "sygnaturaczasowa"),
    )
)
_ADDRESS = frozenset(
    (
        *("emailaddress", "username", "emailadresse", "nutzername", "adresseemail"),
        *("nomdutilisateur", "direcciondecorreoelectronico", "nombredeusuario"),
        *("indirizzoemail", "nomeutente", "emailadres", "gebruikersnaam", "enderecodeemail"),
        *("adresemail", "nazwauzytkownika"),
    )
)
_SCORE = frozenset(("score", "punktzahl", "punkte", "note", "puntuacion", "punteggio", "pontuacao"))
_GRID = re.compile(r"(.*\S)\s*\[([^\[\]]+)\]\s*", re.DOTALL)
#: A heading of so many words is a question, whatever stands behind it.
_QUESTION_WORDS = 4


class GoogleFormsSurvey(SurveyReader):
    """Reads answers of Google Forms: the CSV or its zip, or the sheet linked with the form."""

    name: ClassVar[str] = "survey-google-forms"
    title: ClassVar[str] = "Google Forms survey"
    accepts: ClassVar[str] = "CSV of the answers to a Google form, its zip, or the sheet as XLSX"
    dropped_unread: ClassVar[tuple[str, ...]] = ("score", "free text that names nobody")

    def fits(self, rows: Sequence[list[str]]) -> bool:
        """Say whether a timestamp stands before questions."""
        if not rows or heading_key(rows[0][0]) not in _TIMESTAMP or list_score(rows[0]):
            return False
        dates = [row[0] for row in rows[1:] if row and row[0].strip()]
        if any(read_time(text, True) is read_time(text, False) is None for text in dates):
            return False
        rest = rows[0][1:]
        return any(map(_is_question, rest)) or (
            bool(rest) and heading_key(rest[0]) in _ADDRESS and len(rest) > 1
        )

    def why(self, sheet: Sheet) -> str:
        """Say what gave it away."""
        return "a column of timestamps before columns headed by questions"

    def form(self, sheet: Sheet) -> Form:
        """Say which column is what."""
        header = sheet.head[0][1]
        own = {"time": 0}
        unread: list[str] = []
        columns: list[Column] = []
        for position, heading in enumerate(header[1:], start=1):
            text = tidy(heading)
            if position == 1 and heading_key(text) in _ADDRESS:
                own["email"] = position
            elif position <= 2 and heading_key(text) in _SCORE:
                unread.append(text)
            elif (column := own_column(text)) is not None and column not in own:
                own[column] = position
            elif text:
                grid = _GRID.fullmatch(text)
                columns.append(
                    Column(
                        position=position,
                        # Questions may have one text; the rows of a grid stand together.
                        key=f"{grid[1]} grid" if grid else f"{text} {position}",
                        text=grid[1] if grid else text,
                        label=grid[2] if grid else "",
                    )
                )
        return Form(
            sheet=sheet,
            headings=1,
            width=len(header),
            own=own,
            own_headings=own_headings(header, own),
            questions=questions_of(columns),
            unread=tuple(unread),
        )


def _is_question(heading: str) -> bool:
    text = tidy(heading)
    return (
        text.endswith(("?", ":"))
        or _GRID.fullmatch(text) is not None
        or len(text.split()) >= _QUESTION_WORDS
    )
