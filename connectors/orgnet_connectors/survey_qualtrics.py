"""Network surveys from Qualtrics: three rows of headings, or the two of exports before 2017."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from orgnet_connectors.dates import read_time
from orgnet_connectors.headings import heading_key
from orgnet_connectors.survey_forms import Column, Form, own_headings, questions_of
from orgnet_connectors.survey_headings import own_column, tidy
from orgnet_connectors.survey_reading import SurveyReader
from orgnet_connectors.survey_sheets import Sheet

#: Columns that Qualtrics adds, by the name in the first row (the second is translated) or, in
#: old exports, in the second, and what they are to us.
_OWN = {
    "recipientemail": "email",
    "emailaddress": "email",
    "externalreference": "id",
    "externaldatareference": "id",
    "recipientfirstname": "first",
    "recipientlastname": "last",
    "name": "name",
    "responseid": "response",
    "enddate": "time",
    "status": "status",
    "finished": "finished",
    "wave": "wave",
}
_UNREAD = frozenset(
    (
        *("startdate", "ipaddress", "progress", "durationinseconds", "recordeddate"),
        *("locationlatitude", "locationlongitude", "locationaccuracy", "distributionchannel"),
        *("userlanguage", "responseset", "usercountry", "useragent"),
    )
)
_METADATA = frozenset(
    ("startdate", "enddate", "status", "progress", "finished", "recordeddate", "responseid")
)
_LEGACY = re.compile(r"V\d{1,2}")
_IMPORT = re.compile(r'"ImportId"\s*:\s*"([^"]*)"')
_QUESTION = re.compile(r"(?:\d+_)?(QID\d+(?:#\d+)?)")
#: Order of display, timers, scores, text analysis, and what fraud detection adds.
_TECHNICAL = re.compile(
    r"(?:.*_DO(?:_\d+)?|.*_(?:First Click|Last Click|Page Submit|Click Count)|SC\d+|Q_\w+|"
    r".* - (?:Topics|Parent Topics|Sentiment\b.*|Topic Sentiment.*))"
)
_ANALYSIS = re.compile(r"_TEXT_[0-9a-f]{16,}")
_PART = re.compile(r"\s+-\s+")
_CHOSEN = re.compile(r"^(?:Selected Choice|Ausgewählte Auswahl|Choix sélectionné)\s+-\s+")
_TEXT_BOX = re.compile(r"\s+-\s+(?:Text|Selected Choice)$")
_PREVIEW = re.compile(r"preview|test|vorschau|aperçu|vista previa|anteprima|voorbeeld", re.I)
_SPAM_BIT = 8
_PREVIEW_CODES = frozenset((1, 2, 9, 17))


class QualtricsSurvey(SurveyReader):
    """Reads the CSV, TSV or XLSX of Qualtrics, with the texts of choices or their numbers."""

    name: ClassVar[str] = "survey-qualtrics"
    title: ClassVar[str] = "Qualtrics survey"
    accepts: ClassVar[str] = "CSV, TSV or XLSX of a Qualtrics survey, or its zip"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "IP address",
        "location",
        "duration",
        "free text that names nobody",
        "order of display",
        "timers",
    )

    def fits(self, rows: Sequence[list[str]]) -> bool:
        """Say whether the headings are those of Qualtrics."""
        return _headings(rows) > 0

    def why(self, sheet: Sheet) -> str:
        """Say what gave it away."""
        rows = [cells for _, cells in sheet.head]
        count = _headings(rows)
        if count == 3:
            return "three rows of headings, the third with the ImportId of Qualtrics"
        if _is_legacy(rows):
            return "two rows of headings, V1 to V10 above those of Qualtrics before 2017"
        return "the columns of Qualtrics: StartDate, EndDate, ResponseId …"

    def form(self, sheet: Sheet) -> Form:
        """Say which column is what."""
        rows = [cells for _, cells in sheet.head]
        count = _headings(rows)
        width = max(len(rows[0]), len(rows[1]) if count > 1 else 0)
        names, texts, imports = (
            [*row, *[""] * (width - len(row))]
            for row in (
                rows[0],
                rows[1] if count > 1 else rows[0],
                rows[2] if count > 2 else [],
            )
        )
        legacy = _is_legacy(rows)
        own: dict[str, int] = {}
        unread: list[str] = []
        columns: list[Column] = []
        for position in range(width):
            name = texts[position] if legacy and _LEGACY.fullmatch(names[position]) else ""
            key = heading_key(name or names[position])
            column = _OWN.get(key) or (own_column(texts[position]) if key not in _UNREAD else None)
            if column is not None and column not in own:
                own[column] = position
            elif key in _UNREAD or _is_technical(names[position], imports[position]):
                unread.append(tidy(names[position]))
            elif names[position].strip() and not (legacy and _LEGACY.fullmatch(names[position])):
                columns.append(
                    Column(
                        position=position,
                        key=_question_key(names[position], imports[position]),
                        text=tidy(texts[position]),
                    )
                )
        return Form(
            sheet=sheet,
            headings=count,
            width=width,
            own=own,
            own_headings=own_headings(texts if legacy else names, own),
            questions=questions_of(_labelled(columns)),
            unread=tuple(unread),
            refused=lambda cells: _refused(_cell(cells, own.get("status"))),
            finished=lambda cells: _finished(_cell(cells, own.get("finished"))),
            coded=_is_coded(rows[count:], own.get("status"), own.get("finished")),
        )


def _cell(cells: Sequence[str], position: int | None) -> str:
    return "" if position is None or position >= len(cells) else cells[position].strip()


def _headings(rows: Sequence[list[str]]) -> int:
    """Count the rows of headings; 0 where they are not those of Qualtrics."""
    if not rows:
        return 0
    if _is_legacy(rows):
        return 2
    first = [heading_key(cell) for cell in rows[0]]
    if len(_METADATA.intersection(first)) < 4 or "responseid" not in first:
        return 0
    if len(rows) > 2 and any(_IMPORT.search(cell) for cell in rows[2]):
        return 3
    dated = "enddate" in first and len(rows) > 1
    position = first.index("enddate") if dated else 0
    is_answer = dated and read_time(_cell(rows[1], position), True) is not None
    return 1 if is_answer or len(rows) < 2 else 2


def _is_legacy(rows: Sequence[list[str]]) -> bool:
    if len(rows) < 2 or sum(_LEGACY.fullmatch(cell) is not None for cell in rows[0]) < 6:
        return False
    second = {heading_key(cell) for cell in rows[1]}
    return {"responseid", "status", "finished"} <= second


def _is_technical(name: str, imported: str) -> bool:
    return _TECHNICAL.fullmatch(name.strip()) is not None or _ANALYSIS.search(imported) is not None


def _question_key(name: str, imported: str) -> str:
    """Name the question of a column: by its id where there is one, else by the name's stem."""
    found = _IMPORT.search(imported)
    match = _QUESTION.match(found[1]) if found else None
    text_of_other = name.endswith("_TEXT") and name.count("_") > 1
    stem = match[1] if match else re.sub(r"(?:[_#]\d+)+(?:_TEXT)?$", "", name.strip())
    return f"{stem} text" if text_of_other else stem


def _labelled(columns: Sequence[Column]) -> list[Column]:
    """Part the text of every column of a question into the question and the choice or row."""
    groups: dict[str, list[Column]] = {}
    for column in columns:
        groups.setdefault(column.key, []).append(column)
    parted = {}
    for group in groups.values():
        texts = [_PART.split(column.text) for column in group]
        cut = _shared_parts(texts) if len(group) > 1 else 0
        for column, parts in zip(group, texts, strict=True):
            text = _TEXT_BOX.sub("", column.text)
            label = ""
            if cut:
                label = _CHOSEN.sub("", " - ".join(parts[cut:])).strip()
                text = " - ".join(parts[:cut])
            parted[column.position] = Column(
                position=column.position, key=column.key, text=text, label=label
            )
    return [parted[column.position] for column in columns]


def _shared_parts(texts: Sequence[Sequence[str]]) -> int:
    """Count the parts with which all texts begin, of which at least one must go on."""
    shared = 0
    for parts in zip(*texts, strict=False):
        if len(set(parts)) > 1:
            break
        shared += 1
    return min(shared, min(map(len, texts)) - 1) if any(len(t) > shared for t in texts) else shared


def _refused(status: str) -> str | None:
    if status.isdigit():
        code = int(status)
        if code in _PREVIEW_CODES:
            return "preview"
        return "spam" if code & _SPAM_BIT else None
    if "spam" in status.casefold():
        return "spam"
    return "preview" if _PREVIEW.search(status) else None


def _finished(text: str) -> bool:
    return text.casefold() not in ("0", "false", "falsch", "faux", "falso", "onwaar", "falsz")


def _is_coded(rows: Sequence[Sequence[str]], *positions: int | None) -> bool:
    """Say whether Status and Finished are numbers, and so the answers are."""
    given = [text for row in rows for p in positions if (text := _cell(row, p))]
    return bool(given) and all(text.isdigit() for text in given)
