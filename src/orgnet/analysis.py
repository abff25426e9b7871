"""The whole way once: files in, a results folder out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from orgnet.building import WeeklyTies, network_of, weekly_ties
from orgnet.diagnosis import Diagnosis, diagnose
from orgnet.disclosure import DisclosurePolicy, Provenance, release
from orgnet.errors import InputError, MissingColumnError, UnknownColumnError, UnreadableFileError
from orgnet.matches import confirmed_matches
from orgnet.pseudonyms import project_key
from orgnet.reading import Reading, Records, read
from orgnet.report_model import ReportModel, SourceRead
from orgnet.results import write_results
from orgnet.roster import people_of, roster_reading
from orgnet.rules import TieRules
from orgnet.schema import ReadOptions

#: Told at each step what begins.
Progress = Callable[[str], None]


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
    run_date
        Today if not given.
    keep_going
        Analyse what is readable of a damaged archive.
    matches
        A sheet of confirmed matches (`orgnet.matches`).
    project, key_file
        Which pseudonym key to use.
    """

    by: str = "department"
    read: ReadOptions = field(default_factory=ReadOptions)
    rules: TieRules = field(default_factory=TieRules)
    policy: DisclosurePolicy = field(default_factory=DisclosurePolicy)
    seed: int = 0
    title: str = "How we work together"
    organisation: str | None = None
    run_date: date | None = None
    keep_going: bool = False
    matches: Path | None = None
    project: str = "default"
    key_file: Path | None = None


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
    """

    model: ReportModel
    diagnosis: Diagnosis
    weekly: WeeklyTies
    records: Records
    files: list[Path]


def analyse(
    files: Sequence[Path],
    *,
    people: Path | None = None,
    requirements: Path | None = None,
    out: Path,
    settings: Settings | None = None,
    progress: Progress = lambda step: None,
) -> Analysis:
    """Read exports, build the network, diagnose it and write a results folder.

    Parameters
    ----------
    files
        Exports; a roster among them is used if `people` is not given.
    people
        The roster.
    requirements
        Which departments need each other: a CSV file (`measures.md` 4.1).
    out
        The results folder; made where there is none.
    settings
        Everything else.
    progress
        Is told what begins.

    Raises
    ------
    InputError
        If a file cannot be read, is damaged, or nothing in the files makes a tie. Nothing is
        written then.
    """
    settings = settings or Settings()
    options = settings.read
    records = read(
        *files,
        tie_from=options.tie_from,
        day_first=options.day_first,
        timezone=options.timezone,
        channel=options.channel,
    )
    if not records.readings:
        raise InputError(
            "there are only rosters among the files",
            file=files[0].name if files else None,
            remedy="name at least one export with messages, meetings or answers",
        )
    progress("reading people")
    roster = _roster(people, records, settings)
    progress("reading exports")
    confirmed = None if settings.matches is None else confirmed_matches(settings.matches)
    weekly = weekly_ties(records, roster, rules=settings.rules, matches=confirmed)
    _check(records, weekly, settings)
    progress("measuring")
    network = network_of(weekly, rules=settings.rules)
    if settings.by not in network.people.columns:
        raise UnknownColumnError(settings.by, _groupable(network.people))
    diagnosis = diagnose(
        network,
        by=settings.by,
        requirements=None if requirements is None else _requirements(requirements),
        seed=settings.seed,
    )
    progress("writing")
    model = release(
        diagnosis,
        settings.policy,
        provenance=provenance(records, weekly),
        title=settings.title,
        organisation=settings.organisation,
        run_date=settings.run_date,
    )
    written = write_results(
        out,
        model=model,
        diagnosis=diagnosis,
        weekly=weekly,
        records=records,
        people_file=people,
        policy=settings.policy,
        key=project_key(settings.project, file=settings.key_file),
    )
    return Analysis(model=model, diagnosis=diagnosis, weekly=weekly, records=records, files=written)


def provenance(records: Records, weekly: WeeklyTies) -> Provenance:
    """Return what a report says of the reading: counts, never a file name."""
    return Provenance(
        sources=tuple(_source(reading) for reading in records.readings),
        removed=tuple(weekly.removed.items()),
        kept=weekly.kept,
        unmatched=weekly.unmatched,
        notes=tuple(
            dict.fromkeys(note for reading in records.readings for note in reading.ledger.ambiguous)
        ),
    )


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
    private = (*hidden, "observed", "insufficient", "manager")
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


def _requirements(path: Path) -> pd.DataFrame:
    try:
        table = pd.read_csv(path, sep=None, engine="python", encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise UnreadableFileError(
            "the requirements cannot be read as a table",
            file=path.name,
            remedy="give a CSV file with columns objective, department and weight",
        ) from error
    unnamed = str(table.columns[0]).startswith("Unnamed") or not str(table.columns[0]).strip()
    square = unnamed or set(table.iloc[:, 0].astype(str)) <= set(table.columns[1:])
    return table.set_index(table.columns[0]) if square else table


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
