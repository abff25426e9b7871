"""Which questions of a survey name people, which state attitudes, and which are left alone.

Nothing in a file says it, so it is decided once a question by what the answers and headings hold:
names that recur, choices that are respondents, words on a known scale. Every decision is noted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from orgnet_connectors.headings import heading_key, heading_words
from orgnet_connectors.survey_forms import Column, Form, Question
from orgnet_connectors.survey_headings import question_key, shown
from orgnet_connectors.survey_names import (
    NameSplitter,
    key_of,
    looks_like_a_name,
    names_nobody,
    person_identity,
)
from orgnet_connectors.survey_scales import Scale, find_scale, is_no_answer, tick_key, ticks_of

#: Shares of the answers or labels that must be people: known ones, or such as look like it.
KNOWN_SHARE = 0.5
NAMED_SHARE = 0.6

_SEGMENT = re.compile(r"\s+[-–—]\s+")
_BOX = re.compile(r"(?:[^\W\d]+\s*)?#?\s*\d{1,3}\.?")
_CODES = re.compile(r"\d+(?:\s*[,;]\s*\d+)*[,;]?")
_OTHER = frozenset(
    (
        *("other", "others", "otherpleasespecify", "otherspecify", "otherpleasename", "sonstige"),
        *("andere", "anderebitteangeben", "autre", "autrepreciser", "otro", "otra", "altro"),
        *("anders", "outro", "inne", "noneoftheabove", "noneofthese", "nobody", "noone", "none"),
    )
)
#: Words of questions whose numbers are facts about a person or counts, and not a scale.
_FACTS = frozenset(
    (
        *("age", "gender", "sex", "year", "years", "tenure", "month", "months", "many", "number"),
        *("level", "grade", "band", "location", "site", "office", "department", "team", "unit"),
        *("country", "region", "role", "job", "position", "education", "ethnicity", "race", "id"),
        *("religion", "nationality", "language", "hours", "alter", "geschlecht", "jahre", "sexe"),
        *("age", "annees", "edad", "genero", "sexo", "anos", "eta", "genere", "leeftijd", "wiek"),
        *("old", "born", "since", "seniority", "times", "reports", "size", "floor", "alt", "jahr"),
        *("children", "marital", "disability", "income", "salary", "pay", "score", "group", "toa"),
    )
)


class NameQuestion(Struct, frozen=True, kw_only=True):
    """A question whose answers are names.

    Parameters
    ----------
    question
        The question.
    split
        Cuts a cell into names.
    """

    question: Question
    split: NameSplitter


class ChoiceQuestion(Struct, frozen=True, kw_only=True):
    """A question with one column a colleague, ticked or rated.

    Parameters
    ----------
    question
        The question; its columns are those of colleagues.
    nominees
        Identity of the colleague of each column.
    ticks
        Cells that mean "ticked"; None where colleagues are rated.
    scale
        Of the ratings.
    """

    question: Question
    nominees: tuple[str, ...]
    ticks: frozenset[tuple[int, str]] | None = None
    scale: Scale | None = None

    def rating(self, index: int, cell: str) -> float | None:
        """Return what a cell says of the colleague of a column; None for nothing."""
        if self.ticks is not None:
            return 1.0 if (index, tick_key(cell)) in self.ticks else None
        return self.scale.value(cell) if self.scale else None


class AttitudeItem(Struct, frozen=True, kw_only=True):
    """A column whose answers are on a scale.

    Parameters
    ----------
    position
        Where it stands.
    item
        The statement.
    scale
        Of the answers.
    """

    position: int
    item: str
    scale: Scale


class Decisions(Struct):
    """What every question is read as.

    Attributes
    ----------
    names, choices, items
        The questions that are read.
    left_out
        Texts of those that are not.
    notes
        Each decision in words, without the name of anybody.
    """

    names: list[NameQuestion] = field(default_factory=list)
    choices: list[ChoiceQuestion] = field(default_factory=list)
    items: list[AttitudeItem] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


#: Position of a column to its different cells.
Cells = Mapping[int, Iterable[str]]


def decide(form: Form, cells: Cells, known: set[str], ids: frozenset[str]) -> Decisions:
    """Decide what every question of a form is.

    Parameters
    ----------
    form
        The survey.
    cells
        The different cells of every column of answers.
    known
        `key_of` of the respondents, by name, address and id.
    ids
        Ids of the respondents.
    """
    return _Decider(form, cells, known, ids).decide()


class _Decider:
    def __init__(self, form: Form, cells: Cells, known: set[str], ids: frozenset[str]) -> None:
        self._form = form
        self._cells = {position: list(some) for position, some in cells.items()}
        self._respondents = frozenset(known)
        self._known = frozenset(known)
        self._ids = ids
        self._found = Decisions()

    def decide(self) -> Decisions:
        questions = list(self._form.questions)
        self._known |= self._people_named_by(questions)
        headed = [q for q in questions if self._is_headed_by_a_person(q)]
        open_questions = [q for q in questions if not any(q is other for other in headed)]
        if len(headed) > 1 and self._are_known([q.text for q in headed]):
            self._read_choices(_merged(headed))
        else:
            open_questions, headed = questions, []
        rest = [question for question in open_questions if not self._names_people(question)]
        if not self._found.names and not self._found.choices:
            rest = self._likely_people(rest)
        for question in rest:
            self._read_attitude(question)
        return self._found

    def _people_named_by(self, questions: Sequence[Question]) -> set[str]:
        """Collect who is named, alone in a cell or as a label, where people are asked for."""
        named: set[str] = set()
        for question in questions:
            if not question.asks:
                continue
            labels = [column.label for column in question.columns if column.label]
            cells = [cell for column in question.columns for cell in self._cells[column.position]]
            for text in (*labels, *(part for cell in cells for part in re.split(r"[;\n]+", cell))):
                # A comma may stand between two names as well; labels are one each.
                if (text in labels or "," not in text) and looks_like_a_name(text, full=True):
                    named.add(key_of(text))
        return named

    def _is_headed_by_a_person(self, question: Question) -> bool:
        if len(question.columns) > 1 or question.columns[0].label:
            return False
        text = question.text
        return key_of(text) in self._known or looks_like_a_name(text, full=True)

    def _are_known(self, labels: Sequence[str]) -> bool:
        return _share(key_of(label) in self._known for label in labels) >= KNOWN_SHARE

    def _names_people(self, question: Question) -> bool:
        """Read a question as nominations, if that is what it is."""
        labels = [column.label for column in question.columns]
        boxes = not any(labels) or all(_BOX.fullmatch(label) for label in labels)
        if boxes and self._read_names(question):
            return True
        if len(labels) < 2 or not all(labels):
            return False
        people = [c for c in question.columns if heading_key(c.label) not in _OTHER]
        if self._labels_are_people([c.label for c in people], question.asks):
            others = [c for c in question.columns if c not in people]
            if self._read_choices(replace(question, columns=tuple(people))):
                for other in others:
                    self._read_names(replace(question, columns=(replace(other, label=""),)))
            return True
        return self._read_segments(question)

    def _labels_are_people(self, labels: Sequence[str], asked: bool) -> bool:
        if not labels:
            return False
        if self._are_known(labels):
            return True
        full = _share(looks_like_a_name(label, full=True) for label in labels)
        last_first = all("," in label for label in labels) and len(labels) > 1
        return full >= NAMED_SHARE and (asked or last_first)

    def _read_segments(self, question: Question) -> bool:
        """Read a matrix of people by relations, whose labels are ``Aya Ito - Advice``."""
        cut = [_SEGMENT.split(column.label) for column in question.columns]
        if any(len(segments) != 2 for segments in cut):
            return False
        asked = question.asks
        for person, relation in ((0, 1), (1, 0)):
            labels = list(dict.fromkeys(segments[person] for segments in cut))
            if not self._labels_are_people(labels, asked):
                continue
            for name in dict.fromkeys(segments[relation] for segments in cut):
                columns = tuple(
                    replace(column, label=segments[person])
                    for column, segments in zip(question.columns, cut, strict=True)
                    if segments[relation] == name
                )
                self._read_choices(
                    Question(
                        key=f"{question.key}:{question_key(name)}",
                        text=f"{question.text} – {name}",
                        columns=columns,
                    )
                )
            return True
        return False

    def _read_choices(self, question: Question, why: str = "one column a colleague") -> bool:
        """Read columns headed by people; False where their cells say nothing that is known."""
        columns = [(c.label, set(self._cells[c.position])) for c in question.columns]
        answers = [cell for _, cells in columns for cell in cells]
        ticks = ticks_of(columns)
        scale = None if ticks is not None else find_scale(answers)
        if ticks is None and scale is None and not all(map(is_no_answer, answers)):
            self._leave_out(
                question,
                "is about colleagues, but its answers are on no scale that is known; "
                "export them as numbers, 0 for no contact",
            )
            return False
        identities = tuple(person_identity(c.label, self._ids) for c in question.columns)
        self._found.choices.append(
            ChoiceQuestion(
                question=question,
                nominees=identities,
                # Columns without any answer have no ticks in them.
                ticks=frozenset() if scale is None and ticks is None else ticks,
                scale=scale,
            )
        )
        how = f"rated by {scale.describe()}" if scale else "ticked"
        self._note(question, f"is read as nominations: {why}, {how}")
        return True

    def _read_names(self, question: Question) -> bool:
        cells = [text for c in question.columns for text in self._cells[c.position]]
        cells = [cell for cell in cells if not is_no_answer(cell)]
        asked = question.asks
        if asked and self._form.coded and cells and self._are_codes(cells):
            self._leave_out(
                question, "holds the numbers of choices; export it with the text of the choices"
            )
            return True
        split = NameSplitter(cells, self._known, one_each=len(question.columns) > 1)
        parts = [part for cell in cells for part in split(cell) if not names_nobody(part)]
        if not parts:
            return asked and self._note_names(question, split)
        if not asked and find_scale(cells) is not None:
            return False
        known = [part for part in parts if key_of(part) in self._known]
        alike = _share(looks_like_a_name(part) for part in parts)
        share = len(known) / len(parts)
        if share < KNOWN_SHARE and not (asked and alike >= NAMED_SHARE):
            return False
        if not asked and len({key_of(part) for part in known} & self._respondents) < 2:
            return False
        if not asked and _is_formal(question.text):
            return False
        return self._note_names(question, split)

    def _are_codes(self, cells: Sequence[str]) -> bool:
        """Say whether cells hold the numbers of choices, which are nobody's ids."""
        numbers = [part for cell in cells for part in re.split(r"\D+", cell) if part]
        return all(map(_CODES.fullmatch, cells)) and not self._are_known(numbers)

    def _note_names(self, question: Question, split: NameSplitter) -> bool:
        self._found.names.append(NameQuestion(question=question, split=split))
        self._note(question, "is read as nominations: names in the answers")
        if split.undecided:
            how = "stand inside names" if split.last_name_first else "separate names"
            self._note(
                question, f"has commas, and nothing shows what they do; they are taken to {how}"
            )
        return True

    def _likely_people(self, questions: list[Question]) -> list[Question]:
        """Take labels that all look like full names for people, if nothing else names any."""
        rest = []
        headed = []
        for question in questions:
            people = [c for c in question.columns if heading_key(c.label) not in _OTHER]
            if len(people) > 1 and all(looks_like_a_name(c.label, full=True) for c in people):
                self._read_choices(
                    replace(question, columns=tuple(people)), "labels that look like names"
                )
            elif self._is_headed_by_a_person(question):
                headed.append(question)
            else:
                rest.append(question)
        if len(headed) > 1:
            self._read_choices(_merged(headed), "headings that look like names")
            headed = []
        return rest + headed

    def _read_attitude(self, question: Question) -> None:
        cells = [text for c in question.columns for text in self._cells[c.position]]
        scale = find_scale(cells)
        if scale is None or not self._is_attitude(question, scale, cells):
            self._leave_out(question)
            return
        for column in question.columns:
            if any(scale.value(cell) is not None for cell in self._cells[column.position]):
                text = " – ".join(part for part in (question.text, column.label) if part)
                self._found.items.append(
                    AttitudeItem(position=column.position, item=shown(text), scale=scale)
                )
        self._note(question, f"is read as attitude: {scale.describe()}")

    def _is_attitude(self, question: Question, scale: Scale, cells: Sequence[str]) -> bool:
        labelled = len(question.columns) > 1
        if labelled and ticks_of(
            [(c.label, set(self._cells[c.position])) for c in question.columns]
        ):
            return False
        if scale.kind != "numbers":
            return True
        if not _FACTS.isdisjoint(heading_words(question.text)):
            return False
        different = {scale.value(cell) for cell in cells} - {None}
        # The numbers of the choices of one question may as well be those of genders or sites.
        return len(different) > 1 and different != {0.0, 1.0} and (labelled or not self._form.coded)

    def _leave_out(self, question: Question, why: str = "") -> None:
        self._found.left_out.append(_without_name(question.text))
        if why:
            self._note(question, why)

    def _note(self, question: Question, what: str) -> None:
        text = _without_name(question.text)
        self._found.notes.append(f"{text!r} {what}")


def _merged(questions: Sequence[Question]) -> Question:
    """Make one question of the columns that are headed by people."""
    columns = tuple(
        Column(
            position=q.columns[0].position, key="people", text="(columns of people)", label=q.text
        )
        for q in questions
    )
    return Question(key="people", text="(columns of people)", columns=columns)


def _without_name(text: str) -> str:
    """Show a heading unless it may be somebody's name."""
    return "(a name)" if looks_like_a_name(text, full=True) or "@" in text else shown(text)


def _is_formal(text: str) -> bool:
    words = set(heading_words(text))
    return not words.isdisjoint(
        ("manager", "supervisor", "boss", "chef", "jefe", "capo", "vorgesetzter", "reports", "lead")
    )


def _share(answers: Iterable[bool]) -> float:
    given = list(answers)
    return sum(given) / len(given) if given else 0.0
