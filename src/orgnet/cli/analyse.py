"""``orgnet analyse``: settings from the command line and from ``orgnet.toml``, then the run."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import typer

from orgnet.cli.memory import giving_back
from orgnet.errors import UsageError, did_you_mean
from orgnet.files import reason

#: Settings that name files; in ``orgnet.toml`` they are relative to it.
_PATHS = ("people", "requirements", "matches", "out", "key")

#: Settings that go to `orgnet.analysis.Settings` under their own name.
_AS_GIVEN = (
    "by", "seed", "title", "organisation", "language", "run_date", "keep_going", "project",
    "engine", "memory", "earlier",
)  # fmt: skip

#: Findings that are printed; all stand in the report.
_PRINTED = 10


def analyse(given: dict[str, Any], config: Path | None) -> None:
    """Run the analysis and print the findings and where the report is."""
    chosen = _merged(given, config)
    from orgnet.analysis import analyse as run

    with steps() as progress:
        analysis = run(
            [Path(file) for file in chosen["files"] or ()],
            people=chosen["people"],
            requirements=chosen["requirements"],
            out=chosen["out"] or Path("orgnet-out"),
            add=bool(chosen["add"]),
            settings=_settings(chosen),
            progress=giving_back(progress),
        )
    print_analysis(analysis)


def print_analysis(analysis: Any) -> None:
    """Print what was read, what was left out, the findings, and where the report is."""
    from orgnet.results import removed_records

    model, weekly = analysis.model, analysis.weekly
    for line in analysis.told:
        typer.echo(f"orgnet: {line}", err=True)
    if analysis.taken:
        typer.echo(f"Taken from the store, not read again: {analysis.taken:,} exports")
    for source in model.quality.sources:
        skipped = ", ".join(f"{count:,} {reason}" for reason, count in source.skipped)
        typer.echo(
            f"{source.title}: read {source.read:,}, kept {source.kept:,}"
            + (f", skipped {skipped}" if skipped else "")
        )
    counts = removed_records(weekly, model.policy.minimum_group)
    removed = ", ".join(
        f"{count:,} {reason}"
        for reason, count in counts.items()
        if count and isinstance(count, int)
    )
    typer.echo(
        f"{weekly.records:,} interactions, {weekly.kept:,} make ties"
        + (f"; left out {removed}" if removed else "")
    )
    coverage = model.coverage
    typer.echo(
        f"{coverage.people_seen:,} of {coverage.people_known:,} people seen; "
        f"{weekly.unmatched:,} identities not in the roster, {weekly.external:,} external"
    )
    if len(weekly.proposed_bots):
        typer.echo(
            f"{len(weekly.proposed_bots):,} senders behave like machines and were counted as "
            "people; `orgnet people` notes them, and the roster's column 'kind' decides"
        )
    for line in _skipped_lines(analysis.records):
        typer.echo(f"orgnet: {line}", err=True)
    for name in analysis.records.left_out:
        typer.echo(f"orgnet: {name} was left out: its format is not known", err=True)
    for line in _told(model):
        typer.echo(line)
    typer.echo("")
    typer.echo(f"Report: {analysis.files[0]}")


def _skipped_lines(records: Any) -> Iterator[str]:
    """One line a reason for which records were skipped that somebody could mend."""
    for reading in records.readings:
        for skipped, problems in sorted(reading.ledger.problems.items()):
            first = problems[0]
            if first.remedy.startswith("none needed"):
                continue
            count = reading.ledger.skipped.get(skipped, len(problems))
            others = f" ({count} such records)" if count > 1 else ""
            yield f"{reading.source.name}, {first.place}: {first.found}; {first.remedy}{others}"


def _told(model: Any) -> Iterator[str]:
    """Notices and findings, in the language of the report."""
    from orgnet.words import load_words

    words = load_words("orgnet", model.language)
    for key, arguments in model.notices:
        notice = words(f"notice.{key}", **dict(arguments))
        yield words("printed.notice", notice=notice)
    yield ""
    if not model.findings:
        yield words("printed.none")
    for number, finding in enumerate(model.findings[:_PRINTED], start=1):
        yield words(
            "printed.finding",
            number=number,
            headline=finding.headline,
            sureness=finding.confidence,
        )
        yield f"   {finding.statement}"
    if rest := max(len(model.findings) - _PRINTED, 0):
        yield words("printed.more", count=rest)


@contextmanager
def steps() -> Iterator[Any]:
    """Show the step at work on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from orgnet.analysis import STEPS

    columns = (SpinnerColumn(), BarColumn(20), TextColumn("{task.description}"))
    shown = Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True)
    with shown:
        task = shown.add_task("starting", total=len(STEPS))

        def tell(step: str) -> None:
            name = step.partition(":")[0]
            done = STEPS.index(name) if name in STEPS else None
            shown.update(task, description=step, completed=done)

        yield tell


def _merged(given: dict[str, Any], config: Path | None) -> dict[str, Any]:
    if config is None:
        return given
    try:
        with config.open("rb") as file:
            settings = tomllib.load(file)
    except OSError as error:
        raise UsageError(f"{config.name} cannot be read: {reason(error)}") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{config.name} is not valid TOML: {error}") from error
    chosen = dict(given)
    for name, value in settings.items():
        key = name.replace("-", "_")
        if key not in given:
            raise UsageError(
                f"{config.name} sets {name!r}, which is not a setting.{did_you_mean(key, given)}"
            )
        if chosen[key] not in (None, []):
            continue
        if key == "files":
            value = [config.parent / file for file in value]
        elif key in _PATHS:
            value = config.parent / value
        elif key in ("from", "to", "run_date") and not isinstance(value, date):
            value = _day(config, name, value)
        chosen[key] = value
    return chosen


def _day(config: Path, name: str, value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise UsageError(
            f"{config.name} sets {name} to {value!r}, expected a day such as 2026-03-02"
        ) from error


def _settings(chosen: dict[str, Any]) -> Any:
    from orgnet.analysis import Settings
    from orgnet.disclosure import DisclosurePolicy
    from orgnet.rules import TieRules
    from orgnet.schema import ReadOptions

    minimum = chosen["minimum_group"]
    wanted = {name: chosen[name] for name in _AS_GIVEN if chosen[name] is not None}
    return Settings(
        **wanted,
        project_releases=chosen["project"] is not None,
        key_file=chosen["key"],
        matches=chosen["matches"],
        read=ReadOptions(
            tie_from=chosen["tie_from"],
            day_first=chosen["day_first"],
            timezone=chosen["tz"],
            channel=chosen["channel"],
        ),
        rules=TieRules(first_day=chosen["from"], last_day=chosen["to"]),
        policy=DisclosurePolicy() if minimum is None else DisclosurePolicy(minimum_group=minimum),
    )
