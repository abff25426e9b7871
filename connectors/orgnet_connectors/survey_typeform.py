"""Network surveys from Typeform: one column a question, or one a choice of a multi-select."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from orgnet_connectors.headings import heading_key
from orgnet_connectors.survey_forms import Column, Form, own_headings, questions_of
from orgnet_connectors.survey_headings import own_column, tidy
from orgnet_connectors.survey_reading import SurveyReader
from orgnet_connectors.survey_sheets import Sheet

_OWN = {"number": "response", "submitdateutc": "time", "responsetype": "finished"}
_UNREAD = frozenset(
    (
        *("startdateutc", "stagedateutc", "networkid", "tags", "ending", "score", "endings"),
        *("outcome", "landingid"),
    )
)


class TypeformSurvey(SurveyReader):
    """Reads the answers of a Typeform as CSV or XLSX."""

    name: ClassVar[str] = "survey-typeform"
    title: ClassVar[str] = "Typeform survey"
    accepts: ClassVar[str] = "CSV or XLSX of the answers to a Typeform"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "network id",
        "tags",
        "free text that names nobody",
    )

    def fits(self, rows: Sequence[list[str]]) -> bool:
        """Say whether the headings are those of Typeform."""
        if not rows:
            return False
        keys = {heading_key(tidy(cell)) for cell in rows[0]}
        return "submitdateutc" in keys and bool(keys & {"networkid", "startdateutc"})

    def why(self, sheet: Sheet) -> str:
        """Say what gave it away."""
        return "columns 'Start Date (UTC)' or 'Network ID', and 'Submit Date (UTC)'"

    def form(self, sheet: Sheet) -> Form:
        """Say which column is what."""
        header = sheet.head[0][1]
        own: dict[str, int] = {}
        unread: list[str] = []
        columns: list[Column] = []
        for position, heading in enumerate(header):
            text = tidy(heading)
            key = heading_key(text)
            column = _OWN.get(key) or own_column(text)
            if column is not None and column not in own:
                own[column] = position
            elif key in _UNREAD:
                unread.append(text)
            elif text:
                columns.append(Column(position=position, key=f"{text} {position}", text=text))
        finished = own.get("finished")
        return Form(
            sheet=sheet,
            headings=1,
            width=len(header),
            own=own,
            own_headings=own_headings(header, own),
            questions=questions_of(columns),
            unread=tuple(unread),
            finished=lambda cells: (
                finished is None or cells[finished].strip().casefold() != "started"
            ),
        )
