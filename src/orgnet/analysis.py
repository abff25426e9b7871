"""The whole way once: files in, a results folder out."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pandas as pd

from orgnet.building import WeeklyTies, earlier_window, network_of, weekly_ties
from orgnet.diagnosis import STEPS as diagnosis_steps
from orgnet.diagnosis import Diagnosis, diagnose
from orgnet.disclosure import DisclosurePolicy, Provenance, release
from orgnet.disclosure.roll_up import rolled_up, rolled_up_requirements
from orgnet.disclosure.survey import SurveyData
from orgnet.engines import MEMORY, EngineChoice
from orgnet.errors import (
    InputError,
    MissingColumnError,
    UnknownColumnError,
    UnreadableFileError,
    UsageError,
    did_you_mean,
)
from orgnet.matches import confirmed_matches
from orgnet.network import Network, as_ids, opted_out
from orgnet.pseudonyms import project_key
from orgnet.reading import Reading, Records, read
from orgnet.report_model import ReportModel, RollUp, SourceRead
from orgnet.required_work import RequiredWork, read_required_work
from orgnet.restricted.forgotten import read_forgotten
from orgnet.restricted.lock import alone
from orgnet.restricted.project_releases import ProjectReleases
from orgnet.restricted.release_log import ReleaseLog
from orgnet.restricted.releases import WAYS
from orgnet.restricted.store import Asked, Store, answer
from orgnet.restricted.trail import record
from orgnet.results import input_of, write_results
from orgnet.roster import people_of, roster_reading
from orgnet.rules import TieRules
from orgnet.schema import ReadOptions, Source
from orgnet.words import require_language

#: Told at each step what begins.
Progress = Callable[[str], None]


#: So many more objects than before are there when garbage is looked for.
_OBJECTS_BETWEEN = 1_000_000

#: What `analyse` tells of its progress, more or less in this order.
STEPS = ("reading people", "reading exports", "measuring", *diagnosis_steps, "writing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a run depends on besides the files.

    Parameters
    ----------
    by
        The column that sorts people into groups.
    read
        How to read what the files leave open.
    rules
        How interactions become ties.
    policy
        What may leave.
    seed
        Of everything random.
    title, organisation
        Heading of the report, and whose it is.
    language
        Of the report: one of `orgnet.words.languages`.
    run_date
        Today if not given.
    keep_going
        Analyse what is readable of a damaged archive.
    matches
        A sheet of confirmed matches (`orgnet.matches`).
    project, key_file
        Which pseudonym key to use.
    project_releases
        Whether to compare with releases of the project into other folders, too. The command line
        does so where a project is named.
    earlier
        What to do where a release into the same folder differs from this one by a few people only:
        ``refuse``, publish on the people ``common`` to both windows, or take the earlier one as
        ``withdrawn``.
    engine, memory
        What reduces the records to weekly ties, and what it may take (`EngineChoice.of`). The
        results are the same with each.
    """

    by: str = "department"
    read: ReadOptions = field(default_factory=ReadOptions)
    rules: TieRules = field(default_factory=TieRules)
    policy: DisclosurePolicy = field(default_factory=DisclosurePolicy)
    seed: int = 0
    title: str | None = None
    organisation: str | None = None
    language: str = "en"
    run_date: date | None = None
    keep_going: bool = False
    matches: Path | None = None
    project: str = "default"
    key_file: Path | None = None
    project_releases: bool = False
    earlier: str = "refuse"
    engine: str = "duckdb"
    memory: str = MEMORY

    def __post_init__(self) -> None:
        """Refuse a language or engine that there is not before anything is read."""
        require_language(self.language)
        if self.earlier not in WAYS:
            raise UsageError(
                f"earlier is {self.earlier!r}, expected one of {', '.join(WAYS)}."
                f"{did_you_mean(self.earlier, WAYS)}"
            )
        EngineChoice.of(self.engine, self.memory)


@dataclass(frozen=True, eq=False)
class Analysis:
    """A finished run.

    Attributes
    ----------
    model, diagnosis
        What may leave, and what stands behind it.
    weekly, records
        The ties, and what became of every record.
    files
        The files written, the report first.
    taken
        How many exports were taken from the store instead of read.
    told
        Why what the store holds was read again, a line each.
    """

    model: ReportModel
    diagnosis: Diagnosis
    weekly: WeeklyTies
    records: Records
    files: list[Path]
    taken: int = 0
    told: tuple[str, ...] = ()


def analyse(
    files: Sequence[Path] = (),
    *,
    people: Path | None = None,
    requirements: Path | None = None,
    out: Path,
    add: bool = False,
    settings: Settings | None = None,
    progress: Progress = lambda step: None,
) -> Analysis:
    """Read exports, build the network, diagnose it and write a results folder.

    With a roster, the folder keeps weekly counts of what was read (`orgnet.restricted.store`), and
    exports that it holds are not read again, whatever else is asked of them.

    Parameters
    ----------
    files
        Exports; a roster among them is used if `people` is not given. None to analyse what the
        results folder holds.
    people
        The roster.
    requirements
        Which departments need each other: a CSV file (`measures.md` 4.1), or the event log of a
        process.
    out
        The results folder; made where there is none. Whoever was forgotten in it is left out.
    add
        Add the files to what the results folder holds; else its store is of these files alone.
    settings
        Everything else.
    progress
        Is told what begins.

    Raises
    ------
    InputError
        If a file cannot be read, is damaged, or nothing in the files makes a tie. Nothing is
        written then.
    UsageError
        If another run is writing the results folder, or there is nothing to analyse.
    """
    settings = settings or Settings()
    if not files and not Store(out).exists:
        raise UsageError("no file was named; give at least one export, such as slack-export.zip")
    with alone(out), _seldom_collecting():
        try:
            return _analysed(files, people, requirements, out, add, settings, progress)
        finally:
            # What a run that fails has read so far is not left behind.
            Store(out).sweep()


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Look for garbage less often, since a run makes many small objects and hardly any in circles.

    With Python's own threshold it takes a tenth of a run on few data. Nothing else waits for it.
    """
    before = gc.get_threshold()
    # 0 is of somebody who looks for it himself.
    if before[0]:
        gc.set_threshold(max(before[0], _OBJECTS_BETWEEN), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _analysed(
    files: Sequence[Path],
    people: Path | None,
    requirements: Path | None,
    out: Path,
    add: bool,
    settings: Settings,
    progress: Progress,
) -> Analysis:
    forgotten = read_forgotten(out, project=settings.project, key_file=settings.key_file)
    options = settings.read
    records = read(
        *files,
        tie_from=options.tie_from,
        day_first=options.day_first,
        timezone=options.timezone,
        channel=options.channel,
    )
    if files and not records.readings:
        raise InputError(
            "there are only rosters among the files",
            file=files[0].name if files else None,
            remedy="name at least one export with messages, meetings or answers",
        )
    progress("reading people")
    roster = _roster(people, records, settings)
    progress("reading exports")
    confirmed = None if settings.matches is None else confirmed_matches(settings.matches)
    left_out = None if forgotten is None else forgotten.includes
    engine = EngineChoice.of(settings.engine, settings.memory)
    store, answered = Store(out), None
    if roster is None:
        if add or not files:
            raise UsageError("what the store holds needs a roster; name it with --people")
        inputs = tuple(input_of(reading.source) for reading in records.readings)
        weekly = weekly_ties(records, None, rules=settings.rules, left_out=left_out, engine=engine)
    else:
        key = project_key(settings.project, file=settings.key_file)
        asked = Asked(
            roster=roster,
            key=key,
            options=options,
            rules=settings.rules,
            matches=confirmed,
            left_out=left_out,
            engine=engine,
            add=add,
        )
        answered = answer(store, records, asked, progress)
        records, weekly, inputs = answered.records, answered.weekly, answered.inputs
    _check(records, weekly, settings)
    progress("measuring")
    network = network_of(weekly, rules=settings.rules)
    if settings.by not in network.people.columns:
        raise UnknownColumnError(settings.by, _groupable(network.people))
    required = None if requirements is None else _required(requirements, files, weekly, settings)
    if answered is not None and answered.batches is not None:
        # What was read is kept, whatever becomes of this report.
        store.commit(answered.batches, asked.hasher.check)
    network, roll_up = rolled_up(
        network,
        settings.by,
        columns=_groupable(network.people),
        minimum=settings.policy.minimum_group,
    )
    by = settings.by if roll_up is None else roll_up.into
    log = ReleaseLog(
        folder=out,
        way=settings.earlier,
        minimum=settings.policy.minimum_group,
        key=lambda: project_key(settings.project, file=settings.key_file),
        excused=lambda: _opted_out(roster),
        project=(
            ProjectReleases(settings.project, settings.key_file)
            if settings.project_releases
            else None
        ),
        protection=settings.policy.protection,
    )
    network = log.on_common_people(network, by)
    needed = None if required is None else required.table
    if roll_up is not None and needed is not None:
        needed = rolled_up_requirements(needed, network, roll_up)
    diagnosis = diagnose(
        network,
        by=by,
        requirements=needed,
        earlier=_earlier(weekly, network, settings, roll_up),
        seed=settings.seed,
        progress=progress,
    )
    progress("writing")
    model = release(
        diagnosis,
        settings.policy,
        provenance=provenance(records, weekly, required),
        title=settings.title,
        organisation=settings.organisation,
        run_date=settings.run_date,
        language=settings.language,
        roll_up=roll_up,
        survey=SurveyData(weekly.respondents, weekly.answers),
    )
    # First the log: a release that is not in it could be compared with nothing.
    log.add(diagnosis.network, diagnosis.groups, model)
    written = write_results(
        out,
        model=model,
        diagnosis=diagnosis,
        weekly=weekly,
        records=records,
        inputs=[*inputs, *map(input_of, _rosters(records, people))],
        policy=settings.policy,
        key=project_key(settings.project, file=settings.key_file),
    )
    record(out, "analyse", outputs=written, edition="groups")
    return Analysis(
        model=model,
        diagnosis=diagnosis,
        weekly=weekly,
        records=records,
        files=written,
        taken=0 if answered is None else answered.taken,
        told=() if answered is None else answered.told,
    )


def _rosters(records: Records, people: Path | None) -> list[Source]:
    """Return the files of rosters that were named."""
    named = [] if people is None else [Source(people)]
    return [*(reading.source for reading in records.rosters), *named]


def _opted_out(roster: pd.DataFrame | None) -> list[str]:
    """Return the ids of those in the roster who opted out."""
    if roster is None or "opt_out" not in roster.columns:
        return []
    ids: list[str] = as_ids(roster["person"])[opted_out(roster["opt_out"])].tolist()
    return ids


def _earlier(
    weekly: WeeklyTies, network: Network, settings: Settings, roll_up: RollUp | None
) -> Network | None:
    """Return the network of the window before, if the data hold it; without its weekly ties."""
    rules = earlier_window(weekly, rules=settings.rules)
    if rules is None:
        return None
    earlier = network_of(weekly, rules=rules)
    people = earlier.people
    if roll_up is not None:
        # Gaps in the coarser column were filled in by the diagnosis of the later window.
        people = people.assign(**{roll_up.into: network.people[roll_up.into].reindex(people.index)})
    return replace(earlier, people=people, pairs=replace(earlier.pairs, weekly=None))


def provenance(
    records: Records, weekly: WeeklyTies, required: RequiredWork | None = None
) -> Provenance:
    """Return what a report says of the reading: counts, never a file name."""
    return Provenance(
        sources=tuple(_source(reading) for reading in records.readings),
        removed=tuple(weekly.removed.items()),
        kept=weekly.kept,
        unmatched=weekly.unmatched,
        handovers_left_out=0 if required is None else required.left_out,
        notes=tuple(
            dict.fromkeys(note for reading in records.readings for note in reading.ledger.ambiguous)
        ),
    )


def _required(
    path: Path, files: Sequence[Path], weekly: WeeklyTies, settings: Settings
) -> RequiredWork:
    if path.resolve() in {file.resolve() for file in files}:
        raise InputError(
            "the file gives both the contact and what is required of it, so that all would be well",
            file=path.name,
            remedy="take the contact from other exports, such as mail, chat or meetings",
        )
    return read_required_work(path, weekly.people, by=settings.by, options=settings.read)


def _roster(people: Path | None, records: Records, settings: Settings) -> pd.DataFrame | None:
    if people is not None:
        reading = roster_reading(people, settings.read)
    elif len(records.rosters) == 1:
        reading = records.rosters[0]
    elif records.rosters:
        names = ", ".join(reading.source.name for reading in records.rosters)
        raise InputError(
            f"there are {len(records.rosters)} rosters among the files ({names})",
            remedy="name the one to use with --people",
        )
    else:
        return None
    roster = people_of(reading)
    if settings.by not in roster.columns or bool(roster[settings.by].isna().all()):
        if settings.by != "department":
            raise UnknownColumnError(settings.by, _groupable(roster))
        others = [c for c in _groupable(roster) if c not in ("person", "name")]
        raise MissingColumnError(
            "the roster names no departments",
            file=reading.source.name,
            place="column 'department'",
            remedy="fill in the column 'department'"
            + (f", or group by another with --by ({', '.join(others)})" if others else ""),
        )
    return roster


def _groupable(people: pd.DataFrame) -> list[str]:
    hidden = ("name", "emails", "aliases", "start", "end", "agreed", "opt_out", "kind")
    private = (*hidden, "observed", "insufficient", "manager", "memberships")
    return [c for c in people.columns if c not in private and not people[c].isna().all()]


def _check(records: Records, weekly: WeeklyTies, settings: Settings) -> None:
    for reading in records.readings:
        if reading.ledger.truncated and not settings.keep_going:
            raise UnreadableFileError(
                f"{reading.ledger.truncated}; {reading.ledger.read} messages could be read",
                file=reading.source.name,
                remedy="export it again, or analyse what is readable with --keep-going",
            )
    if weekly.kept:
        return
    first = records.readings[0]
    if not weekly.records:
        skipped = sum(
            (r.ledger.skipped for r in records.readings), start=type(first.ledger.skipped)()
        )
        reasons = ", ".join(f"{count} {reason}" for reason, count in skipped.most_common(3))
        raise InputError(
            f"no record says who was in contact with whom ({reasons or 'nothing in it'})",
            file=first.source.name,
            remedy="`orgnet check` shows what was read",
        )
    reasons = ", ".join(f"{count} {reason}" for reason, count in weekly.removed.items() if count)
    raise InputError(
        f"none of {weekly.records} records is between two people of the roster ({reasons})",
        file=first.source.name,
        remedy="check that ids or addresses in the roster are those of the export",
    )


def _source(reading: Reading) -> SourceRead:
    ledger = reading.ledger
    return SourceRead(
        title=reading.connector.title,
        connector=reading.connector.name,
        channel=None,
        read=ledger.read,
        kept=ledger.kept,
        skipped=tuple(sorted(ledger.skipped.items())),
        first=ledger.first.date().isoformat() if ledger.first else None,
        last=ledger.last.date().isoformat() if ledger.last else None,
    )
