"""What a survey export is made of, whichever tool wrote it: respondents, questions and answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from orgnet_connectors.list_cells import identity
from orgnet_connectors.survey_headings import asks_for_people, question_key, tidy
from orgnet_connectors.survey_names import key_of, looks_like_a_name, person_identity, plain
from orgnet_connectors.survey_sheets import Sheet

#: What Microsoft Forms and Qualtrics write in place of a respondent.
_ANONYMOUS = frozenset(
    ("anonymous", "anonym", "anonyme", "anonimo", "anonym user", "anoniem", "anonimowy")
)


class Column(Struct, frozen=True, kw_only=True):
    """One column of answers.

    Parameters
    ----------
    position
        Where it stands.
    key
        What the columns of one question have in common.
    text
        The question, tidy.
    label
        The choice or the row of a matrix that the column is about; empty for none.
    asks
        True where the column is known to ask for people, whatever the text says.
    """

    position: int
    key: str
    text: str
    label: str = ""
    asks: bool = False


class Question(Struct, frozen=True, kw_only=True):
    """One question with its columns.

    Parameters
    ----------
    key
        Names it in the records; the same in a later export of the survey.
    text
        The question, tidy.
    columns
        One column, or one for each choice, row or text box.
    """

    key: str
    text: str
    columns: tuple[Column, ...]

    @property
    def asks(self) -> bool:
        """Whether it asks for people."""
        return any(column.asks for column in self.columns) or asks_for_people(self.text)


class Respondent(Struct, frozen=True, kw_only=True):
    """Who answered, as one row says it.

    Parameters
    ----------
    identity
        Address, else id, else ``name:`` and the name; empty where the row does not say it.
    email
        The address, in lower case; empty for none.
    name
        The name as it is written; empty for none.
    id
        The id as it is written; empty for none.
    """

    identity: str
    email: str = ""
    name: str = ""
    id: str = ""

    def known_as(self) -> set[str]:
        """List the forms in which others may name them."""
        words = plain(self.email.partition("@")[0])
        from_address = key_of(words) if " " in words and looks_like_a_name(words) else ""
        return {key_of(self.id), key_of(self.name), self.email, from_address} - {""}


def _always(cells: Sequence[str]) -> bool:
    return True


def _never(cells: Sequence[str]) -> str | None:
    return None


class Form(Struct, frozen=True, kw_only=True):
    """A survey that was found in a file, ready to be read from the start as often as needed.

    Parameters
    ----------
    sheet
        Its cells.
    headings
        How many rows stand above the first answer.
    width
        How many columns there are.
    own
        What the columns say of respondent and response, to their positions: ``email``, ``id``,
        ``name``, ``first``, ``last``, ``response`` (a key), ``time``, ``wave``, ``status``,
        ``finished``, ``group`` (where ids are unique in a group only).
    own_headings
        The heading of each of those.
    questions
        In the order of the file.
    unread
        Headings that are never looked at.
    refused
        Says why a row is no answer (``preview``, ``spam``), or None.
    finished
        Says whether somebody answered to the end.
    coded
        True where the export holds numbers in place of the texts of choices.
    day_first
        The order of day and month where the tool has one; None where dates show it.
    """

    sheet: Sheet
    headings: int
    width: int
    own: Mapping[str, int]
    own_headings: Mapping[str, str]
    questions: tuple[Question, ...]
    unread: tuple[str, ...] = ()
    refused: Callable[[Sequence[str]], str | None] = _never
    finished: Callable[[Sequence[str]], bool] = _always
    coded: bool = False
    day_first: bool | None = None

    def cell(self, cells: Sequence[str], column: str) -> str:
        """Return the cell of one of the own columns; empty where there is no such column."""
        position = self.own.get(column)
        return "" if position is None else cells[position].strip()

    def respondent(self, cells: Sequence[str]) -> Respondent:
        """Read who gave an answer: by address, else id, else name."""
        email = person_identity(self.cell(cells, "email"))
        if "@" not in email or email.startswith("name:"):
            email = ""
        name = self.cell(cells, "name") or " ".join(
            part for part in (self.cell(cells, "first"), self.cell(cells, "last")) if part
        )
        name = "" if name.casefold() in _ANONYMOUS or not plain(name) else name
        own_id = identity(self.cell(cells, "id"))
        own_id = "" if own_id.casefold() in _ANONYMOUS else own_id
        named = self.scoped(own_id, cells) if own_id else person_identity(name)
        return Respondent(identity=email or named, email=email, name=name, id=own_id)

    def scoped(self, own_id: str, cells: Sequence[str]) -> str:
        """Put the respondent's group before an id that is unique in the group only."""
        group = self.cell(cells, "group")
        return f"{group}/{own_id}" if group else own_id

    def key(self) -> str:
        """Begin the keys of the answers; the same in a later export of the same survey."""
        texts = "\n".join(
            f"{column.text}\t{column.label}" for q in self.questions for column in q.columns
        )
        return hashlib.sha256(texts.encode("utf-8")).hexdigest()[:12]


def questions_of(columns: Iterable[Column]) -> tuple[Question, ...]:
    """Put the columns with one key together, and name each question by its words.

    A question that comes again gets a number.

    Examples
    --------
    >>> columns = [Column(position=n, key=k, text="Who?") for n, k in enumerate("aab")]
    >>> [(question.key, len(question.columns)) for question in questions_of(columns)]
    [('who', 2), ('who_2', 1)]
    """
    groups: dict[str, list[Column]] = {}
    for column in columns:
        groups.setdefault(column.key, []).append(column)
    taken: set[str] = set()
    questions = []
    for group in groups.values():
        number, name = 1, question_key(group[0].text)
        free = name
        while free in taken:
            number += 1
            free = f"{name}_{number}"
        taken.add(free)
        questions.append(Question(key=free, text=group[0].text, columns=tuple(group)))
    return tuple(questions)


def own_headings(header: Sequence[str], own: Mapping[str, int]) -> dict[str, str]:
    """Return the heading of each own column, for the note of what was read as what."""
    return {column: tidy(header[position]) for column, position in own.items()}
