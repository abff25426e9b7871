"""What the readers of all survey tools share: from rows of answers to nominations and attitudes."""

from __future__ import annotations

import abc
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Literal

import pyarrow as pa
from msgspec import Struct, field

from orgnet.errors import AmbiguousInputError
from orgnet.schema import Answer, InteractionWriter, Ledger, Profile, ReadOptions, Source
from orgnet_connectors.dates import OrderEvidence, TimeReader, zone_of
from orgnet_connectors.list_reading import refuse_if_all_wrong
from orgnet_connectors.survey_forms import Form, Respondent
from orgnet_connectors.survey_headings import shown
from orgnet_connectors.survey_names import PREFIX, person_identity, plain
from orgnet_connectors.survey_questions import ChoiceQuestion, Decisions, NameQuestion, decide
from orgnet_connectors.survey_scales import scale_ends
from orgnet_connectors.survey_sheets import Sheet, find_sheet, require_sheet, unread_parts

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: What columns that are not the respondent's are called; all others say who it is.
_OURS = {
    "time": "first and last",
    "response": "message",
    "status": "skipped",
    "finished": "unfinished",
    "wave": "wave",
}

#: Why a row is no answer: what was found, what to do.
_WHY_SKIPPED = {
    "preview": ("a preview or test of the survey", "none needed"),
    "spam": ("an answer that the survey tool takes for spam", "none needed"),
    "no_sender": (
        "an answer that does not say who gave it",
        "export with the respondents' addresses, or ask for the name in the survey",
    ),
    "no_answer": ("somebody who opened the survey and answered nothing", "none needed"),
    "duplicate": ("an answer that the same respondent gave again", "none needed"),
}


class SurveyReader(abc.ABC):
    """Reads the export of one survey tool; what it looks like is for the tools to say.

    A respondent is kept, and stands in `Ledger.respondents`, also if they named nobody. Answers
    to a survey are one window: records have no time, and the ledger's first and last are those of
    the answering. Attitudes go to `Ledger.answers`; free text goes nowhere.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str]
    dropped_unread: ClassVar[tuple[str, ...]]

    @abc.abstractmethod
    def fits(self, rows: Sequence[list[str]]) -> bool:
        """Say whether the first rows of a table are those of this tool."""

    @abc.abstractmethod
    def form(self, sheet: Sheet) -> Form:
        """Say which column of a table that fits is what."""

    @abc.abstractmethod
    def why(self, sheet: Sheet) -> str:
        """Say what gave the table away."""

    def recognise(self, source: Source) -> str | None:
        """Say why the file is of this tool, or None where it is not."""
        sheet = find_sheet(source, self.fits)
        return None if sheet is None else self.why(sheet)

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield one nomination for everybody whom a respondent names in answer to a question.

        Rows are skipped as ``preview``, ``spam``, ``no_sender`` (nobody says whose answer it
        is), ``no_answer`` (opened and left), ``duplicate`` (the same respondent again: the last
        finished answer counts), ``ragged``, ``empty`` and ``unreadable``.

        Raises
        ------
        UnknownFormatError
            If the file is none of this tool.
        AmbiguousInputError
            If colleagues are rated on a scale that does not say from which value on it is a tie.
        InputError
            If it holds no answer of anybody.
        """
        sheet = require_sheet(source, self.fits, self.title)
        form = self.form(sheet)
        survey = _Survey.of(form)
        ties = _TieRule(source, options, survey.decisions)
        _note(form, survey, ledger)
        ledger.dropped_unread |= unread_parts(sheet)
        time = _time_reader(form, survey, options, ledger)
        writer = InteractionWriter(ledger, channel=options.channel or "survey", source=self.name)
        begin = f"{self.name}:{form.key()}"
        for number, cells in sheet.rows(form.headings, form.width, ledger):
            respondent = form.respondent(cells)
            reason = survey.why_skipped(number, cells, respondent)
            if reason is not None:
                found, remedy = _WHY_SKIPPED[reason]
                ledger.skip(reason, place=sheet.place(number), found=found, remedy=remedy)
                continue
            ledger.keep()
            ledger.respondents.add(respondent.identity)
            ledger.profile(survey.profile(respondent))
            _widen(ledger, time, form.cell(cells, "time"))
            response = form.cell(cells, "response") or respondent.identity
            for key, nominees in ties.nominations(cells, survey, ledger):
                for nominee, value in nominees.items():
                    writer.add(
                        None,
                        respondent.identity,
                        nominee,
                        "nomination",
                        1,
                        f"{begin}:{response}:{key}",
                        thread=key,
                        value=value,
                    )
            _keep_attitudes(form, survey, respondent, cells, ledger)
            yield from writer.full()
        yield from writer.flush()
        _refuse_without_answers(source, ledger)
        if time is not None and time.without_zone:
            ledger.ambiguous.append(
                f"times without a zone are read as {options.timezone or 'UTC'} (--tz)"
            )


class _Survey(Struct, kw_only=True):
    """What a first pass through the answers shows."""

    form: Form
    decisions: Decisions
    ids: frozenset[str]
    #: respondent -> the row that counts
    row_of: dict[str, int]
    #: how many respondents have one name
    namesakes: Counter[str]
    #: identities by plain name or id of everybody who answered
    times: list[str] = field(default_factory=list)
    unfinished: int = 0

    @classmethod
    def of(cls, form: Form) -> _Survey:
        """Go through the answers once."""
        cells: dict[int, dict[str, None]] = {
            column.position: {} for question in form.questions for column in question.columns
        }
        best: dict[str, tuple[bool, int]] = {}
        people: dict[str, Respondent] = {}
        times: list[str] = []
        for number, row in form.sheet.rows(form.headings, form.width):
            if form.refused(row) is not None:
                continue
            times.append(form.cell(row, "time"))
            respondent = form.respondent(row)
            if respondent.identity and not _says_nothing(form, row):
                people.setdefault(respondent.identity, respondent)
                found = form.finished(row), number
                best[respondent.identity] = max(best.get(respondent.identity, found), found)
            for position, different in cells.items():
                if text := row[position].strip():
                    different[text] = None
        known = {key for respondent in people.values() for key in respondent.known_as()}
        ids = frozenset(person.id for person in people.values()) - {""}
        return cls(
            form=form,
            decisions=decide(form, cells, known, ids),
            ids=ids,
            row_of={person: number for person, (_, number) in best.items()},
            namesakes=Counter(plain(person.name) for person in people.values()),
            times=times,
            unfinished=sum(not finished for finished, _ in best.values()),
        )

    def why_skipped(self, number: int, cells: Sequence[str], respondent: Respondent) -> str | None:
        """Say why a row does not count, or None."""
        refused = self.form.refused(cells)
        if refused is not None:
            return refused
        if not respondent.identity:
            return "no_sender"
        if _says_nothing(self.form, cells):
            return "no_answer"
        return None if self.row_of.get(respondent.identity) == number else "duplicate"

    def profile(self, respondent: Respondent) -> Profile:
        """Return what the survey says of a respondent."""
        name = plain(respondent.name)
        # Two of one name cannot be told apart by it.
        own = f"{PREFIX}{name}" if name and self.namesakes[name] == 1 else ""
        return Profile(
            identity=respondent.identity,
            emails=(respondent.email,) if respondent.email else (),
            aliases=(own,) if own and own != respondent.identity else (),
            name=respondent.name or None,
        )


class _TieRule:
    """From which answer on somebody is named.

    Parameters
    ----------
    source
        For the message.
    options
        Their `tie_from`.
    decisions
        The questions.

    Raises
    ------
    AmbiguousInputError
        If colleagues are rated, the smallest rating is not 0, and `tie_from` is not given. Words
        that say how often have a "never" of their own.
    """

    def __init__(self, source: Source, options: ReadOptions, decisions: Decisions) -> None:
        self._tie_from = options.tie_from
        for choice in decisions.choices:
            scale = choice.scale
            if scale is None or scale.kind == "frequency" or scale.low == 0:
                continue
            if options.tie_from is None:
                raise AmbiguousInputError(
                    f"{shown(choice.question.text)!r} runs from {scale.low:g} to {scale.high:g}, "
                    f"and {scale.low:g} may mean 'never'",
                    file=source.name,
                    remedy="say from which value on an answer is a tie, e.g. --tie-from "
                    f"{min(scale.low + 1, scale.high):g}",
                )

    def nominations(
        self, cells: Sequence[str], survey: _Survey, ledger: Ledger
    ) -> Iterator[tuple[str, dict[str, float | None]]]:
        """Yield for every question its key and whom a row names, with the rating if any."""
        for asked in survey.decisions.names:
            yield asked.question.key, self._named(asked, cells, survey, ledger)
        for choice in survey.decisions.choices:
            yield choice.question.key, self._chosen(choice, cells)

    def _named(
        self, asked: NameQuestion, cells: Sequence[str], survey: _Survey, ledger: Ledger
    ) -> dict[str, float | None]:
        named: dict[str, float | None] = {}
        for column in asked.question.columns:
            for text in asked.split(cells[column.position]):
                nominee = person_identity(text, survey.ids)
                if not nominee:
                    continue
                if nominee.startswith(PREFIX):
                    ledger.profile(Profile(identity=nominee, name=" ".join(text.split())))
                elif "@" not in nominee:
                    nominee = survey.form.scoped(nominee, cells)
                named[nominee] = None
        return named

    def _chosen(self, choice: ChoiceQuestion, cells: Sequence[str]) -> dict[str, float | None]:
        chosen: dict[str, float | None] = {}
        for index, (column, nominee) in enumerate(
            zip(choice.question.columns, choice.nominees, strict=True)
        ):
            rating = choice.rating(index, cells[column.position])
            if rating is None or not nominee:
                continue
            if choice.scale is None:
                chosen[nominee] = None
            elif rating > 0 if self._tie_from is None else rating >= self._tie_from:
                chosen[nominee] = max(rating, chosen.get(nominee) or 0.0)
        return chosen


def _refuse_without_answers(source: Source, ledger: Ledger) -> None:
    """Raise unless there was an answer; say it where nobody can be told by theirs."""
    if ledger.skipped["no_sender"] and not ledger.kept:
        ledger.ambiguous.append(
            "the survey is anonymous: no answer says who gave it, so that no tie comes of it"
        )
    else:
        refuse_if_all_wrong(source, ledger)


def _says_nothing(form: Form, cells: Sequence[str]) -> bool:
    """Say whether somebody opened the survey and left; who finished has answered."""
    if form.finished(cells):
        return False
    positions = (column.position for q in form.questions for column in q.columns)
    return not any(cells[position].strip() for position in positions)


def _keep_attitudes(
    form: Form, survey: _Survey, respondent: Respondent, cells: Sequence[str], ledger: Ledger
) -> None:
    wave = form.cell(cells, "wave") or None
    for item in survey.decisions.items:
        value = item.scale.value(cells[item.position])
        if value is not None:
            ledger.answers.append(
                Answer(person=respondent.identity, item=item.item, value=value, wave=wave)
            )


def _note(form: Form, survey: _Survey, ledger: Ledger) -> None:
    """Tell the ledger what was read as what."""
    decisions = survey.decisions
    for column, heading in form.own_headings.items():
        ledger.columns[shown(heading)] = _OURS.get(column, "sender")
    read = [*(n.question.text for n in decisions.names)]
    for text in (*read, *(c.question.text for c in decisions.choices)):
        ledger.columns[shown(text)] = "recipient"
    ends = scale_ends([item.scale for item in decisions.items])
    for item, limits in zip(decisions.items, ends, strict=True):
        ledger.columns[item.item] = "value"
        ledger.scales[item.item] = limits
    ledger.dropped_unread.update((*form.unread, *decisions.left_out))
    ledger.ambiguous += decisions.notes
    if not decisions.names and not decisions.choices:
        ledger.ambiguous.append("no question was found whose answers are people")
    if "group" in form.own:
        ledger.ambiguous.append(
            f"ids are unique in {form.own_headings['group']!r} only; they are read as group/id"
        )
    if survey.unfinished:
        ledger.ambiguous.append(f"{survey.unfinished:,} unfinished answers are kept")
    if form.coded and any(q.columns for q in form.questions):
        ledger.ambiguous.append(
            "the export holds numbers in place of the text of choices; export it with choice text "
            "if a question is missing"
        )


def _time_reader(
    form: Form, survey: _Survey, options: ReadOptions, ledger: Ledger
) -> TimeReader | None:
    """Make the reader of the times of answering; None where they cannot be read."""
    zone = zone_of(options.timezone)
    if "time" not in form.own:
        return None
    day_first = options.day_first
    if day_first is None:
        evidence = OrderEvidence()
        for text in survey.times:
            evidence.add(text)
        day_first = evidence.day_first
        if day_first is None:
            day_first = form.day_first
        if day_first is None and evidence.needed:
            ledger.ambiguous.append(
                "the dates do not show whether the day or the month stands first; the time of "
                "answering is left out (--day-first)"
            )
            return None
    return TimeReader(day_first=day_first, zone=zone)


def _widen(ledger: Ledger, read_time: TimeReader | None, text: str) -> None:
    moment_us = read_time(text) if read_time is not None and text else None
    if moment_us is None:
        return
    moment = _EPOCH + timedelta(microseconds=moment_us)
    ledger.first = moment if ledger.first is None else min(ledger.first, moment)
    ledger.last = moment if ledger.last is None else max(ledger.last, moment)
