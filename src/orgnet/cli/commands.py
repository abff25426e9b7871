"""The commands and their options."""

# Annotations are kept as they are: of those that are text, typer would take apart each one twice.
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="orgnet",
    help="Silos, bottlenecks and weak links between departments, from exports that you have.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Files = Annotated[
    list[Path], typer.Argument(help="Exports: files, zips or folders.", show_default=False)
]
People = Annotated[
    Path | None,
    typer.Option("--people", help="The roster: CSV or Excel, one row a person."),
]
TieFrom = Annotated[
    float | None,
    typer.Option(help="In a rated list: the smallest rating that counts as a tie."),
]
DayFirst = Annotated[
    bool | None,
    typer.Option(
        "--day-first/--month-first", help="How 03/02/2026 is meant, if the file leaves it open."
    ),
]
Zone = Annotated[
    str | None,
    typer.Option("--tz", help="Zone of times without one, such as Europe/Berlin.", metavar="ZONE"),
]
Channel = Annotated[
    str | None,
    typer.Option(help="Channel of a list without one: email, chat, meeting, work or survey."),
]
KeyFile = Annotated[
    Path | None, typer.Option("--key", help="File of the pseudonym key, if `analyse` got one.")
]
Project = Annotated[
    str | None,
    typer.Option("--project", help="Project name, if `analyse` was given one. [default]"),
]
Results = Annotated[Path, typer.Argument(help="A results folder.", show_default=False)]
Language = Annotated[str | None, typer.Option(help="Language of the report: en, de or fr.")]


key_app = typer.Typer(
    epilog="Example: orgnet key where",
    help="The key of the pseudonyms: where it is, a new one, another one.",
    no_args_is_help=True,
)
app.add_typer(key_app, name="key")


class Edition(StrEnum):
    """Whom a report is for."""

    groups = "groups"
    people = "people"
    team = "team"


class Organisation(StrEnum):
    """What ``orgnet demo`` plants."""

    company = "company"
    bakery = "bakery"


@app.callback()
def _common(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Silos, bottlenecks and weak links between departments, from exports that you have."""


@app.command(
    epilog="Example: orgnet check slack-export.zip archive.mbox --people people.csv",
)
def check(
    files: Files,
    people: People = None,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
    tie_from: TieFrom = None,
    day_first: DayFirst = None,
    tz: Zone = None,
    channel: Channel = None,
) -> None:
    """Show what would be read: format, period, people, coverage, problems. Writes nothing."""
    from orgnet.cli.check import check as run

    options = _options(tie_from, day_first, tz, channel)
    raise typer.Exit(run(files, people=people, as_json=json, options=options))


@app.command(
    epilog="Example: orgnet analyse slack-export.zip archive.mbox --people people.csv --out report",
)
def analyse(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Exports: files, zips or folders.", show_default=False),
    ] = None,
    people: People = None,
    requirements: Annotated[
        Path | None,
        typer.Option(help="Which departments need each other: a table or an event log."),
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="The roster's column to group people by. [department]")
    ] = None,
    from_: Annotated[
        datetime | None,
        typer.Option("--from", help="First day of the window.", formats=["%Y-%m-%d"]),
    ] = None,
    to: Annotated[
        datetime | None,
        typer.Option("--to", help="Last day of the window.", formats=["%Y-%m-%d"]),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The results folder. [orgnet-out]")] = None,
    add: Annotated[
        bool | None,
        typer.Option("--add", help="Add the files to those that --out holds counts of."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="An orgnet.toml with the same settings.")
    ] = None,
    minimum_group: Annotated[
        int | None, typer.Option(help="No figure stands for fewer people. [5]")
    ] = None,
    organisation: Annotated[str | None, typer.Option(help="Name for the header.")] = None,
    title: Annotated[str | None, typer.Option(help="Title of the report.")] = None,
    language: Language = None,
    seed: Annotated[int | None, typer.Option(help="Seed of everything random. [0]")] = None,
    run_date: Annotated[
        datetime | None,
        typer.Option(help="Date in the report instead of today's.", formats=["%Y-%m-%d"]),
    ] = None,
    matches: Annotated[
        Path | None,
        typer.Option(help="Confirmed matches: the sheet of `orgnet people FILE... --people F`."),
    ] = None,
    keep_going: Annotated[
        bool | None,
        typer.Option("--keep-going", help="Analyse what is readable of a damaged archive."),
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="File of the pseudonym key; made if it is not there.")
    ] = None,
    project: Annotated[
        str | None, typer.Option(help="Project name: one pseudonym key each. [default]")
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(
            help="What reduces records to ties: duckdb, duckdb:FOLDER, spark-local or "
            "spark://HOST:PORT. [duckdb]"
        ),
    ] = None,
    memory: Annotated[
        str | None, typer.Option(help="What the engine may take, such as 4GB. [2GB]")
    ] = None,
    earlier: Annotated[
        str | None,
        typer.Option(
            help="If people of an earlier release into --out are almost the same: refuse, "
            "publish on those common to both windows, or take it as withdrawn. [refuse]",
            metavar="refuse|common|withdrawn",
        ),
    ] = None,
    tie_from: TieFrom = None,
    day_first: DayFirst = None,
    tz: Zone = None,
    channel: Channel = None,
) -> None:
    """Read exports, find silos, bottlenecks and weak links, and write the report.

    With --people the results folder keeps weekly counts: exports that it holds are not read again,
    and without any FILE everything is taken from it.
    """
    from orgnet.cli.analyse import analyse as run

    run(
        {
            "files": files,
            "people": people,
            "requirements": requirements,
            "by": by,
            "from": from_.date() if from_ else None,
            "to": to.date() if to else None,
            "out": out,
            "add": add,
            "minimum_group": minimum_group,
            "organisation": organisation,
            "title": title,
            "language": language,
            "seed": seed,
            "run_date": run_date.date() if run_date else None,
            "matches": matches,
            "keep_going": keep_going,
            "key": key,
            "project": project,
            "earlier": earlier,
            "engine": engine,
            "memory": memory,
            "tie_from": tie_from,
            "day_first": day_first,
            "tz": tz,
            "channel": channel,
        },
        config,
    )


@app.command(epilog="Example: orgnet report orgnet-out --format slides")
def report(
    folder: Annotated[Path, typer.Argument(help="A results folder.", show_default=False)],
    format: Annotated[
        str,
        typer.Option(
            help="What to write: html, explorer, slides, workbook, pdf, csv, json, graphml, gexf."
        ),
    ] = "html",
    edition: Annotated[
        Edition, typer.Option(help="Figures about departments, or more.")
    ] = Edition.groups,
    language: Language = None,
    people: People = None,
    purpose: Annotated[
        str | None, typer.Option(help="People edition: what it is for; printed on every page.")
    ] = None,
    asked_by: Annotated[
        str | None, typer.Option(help="People edition: who asked for it; printed as well.")
    ] = None,
    names: Annotated[
        bool,
        typer.Option("--names", help="People edition: names of the roster instead of pseudonyms."),
    ] = False,
    group: Annotated[
        str | None, typer.Option(help="People edition: the people of this group only.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="File of the pseudonym key, if `analyse` was given one.")
    ] = None,
    project: Annotated[
        str | None, typer.Option(help="Project name, if `analyse` was given one. [default]")
    ] = None,
) -> None:
    """Write another output from a results folder, without reading the exports again."""
    from orgnet.cli.editions import Request, write_edition

    request = Request(
        folder=folder,
        format=format,
        language=language,
        people=people,
        key=key,
        project=project,
        purpose=purpose,
        asked_by=asked_by,
        names=names,
        group=group,
    )
    typer.echo(str(write_edition(edition.value, request)))


@app.command(epilog="Example: orgnet people archive.mbox --out people.csv")
def people(
    files: Files,
    out: Annotated[Path, typer.Option(help="The sheet to write: a CSV file.")],
    people: People = None,
    department_from_domain: Annotated[
        bool,
        typer.Option(
            "--department-from-domain",
            help="Fill in the address's domain as department: the company, on lists of several.",
        ),
    ] = False,
    tie_from: TieFrom = None,
    day_first: DayFirst = None,
    tz: Zone = None,
    channel: Channel = None,
) -> None:
    """Write a roster of everybody seen, for HR to fill in departments.

    With a roster (--people), write instead who of those seen is missing in it and whom they may
    be: put a yes into the column 'confirmed' and give the sheet to `orgnet analyse --matches`.
    """
    from orgnet.cli.people import people as run

    options = _options(tie_from, day_first, tz, channel)
    run(files, out, roster=people, from_domain=department_from_domain, options=options)


@app.command(epilog="Example: orgnet audit orgnet-out archive.mbox --people people.csv")
def audit(
    folder: Annotated[Path, typer.Argument(help="A results folder.", show_default=False)],
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="The exports that were analysed.", show_default=False),
    ] = None,
    people: People = None,
    beside: Annotated[
        list[Path] | None,
        typer.Option(help="Another results folder that may be in the same hands."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Search every byte of the outputs for people of the input, and for withheld figures."""
    from orgnet.cli.audit import audit as run

    code = run(folder, files or [], people=people, beside=beside or [], as_json=json)
    raise typer.Exit(code)


@app.command(epilog="Example: orgnet connectors")
def connectors() -> None:
    """List the installed connectors and what each reads."""
    from orgnet.plugins import connectors as installed

    for name, connector in installed().items():
        typer.echo(f"{name}: {connector.title}")
        typer.echo(f"    reads {connector.accepts}")
        typer.echo(f"    never looks at {', '.join(connector.dropped_unread) or 'nothing'}")


@app.command(epilog="Example: orgnet demo bakery --out orgnet-demo")
def demo(
    organisation: Annotated[
        Organisation, typer.Argument(help="What to plant.")
    ] = Organisation.company,
    out: Annotated[Path, typer.Option(help="Where to write exports and results.")] = Path(
        "orgnet-demo"
    ),
    no_open: Annotated[
        bool, typer.Option("--no-open", help="Do not open the report in a browser.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Seed of the planted organisation.")] = 7,
    language: Language = None,
) -> None:
    """Plant an organisation, write it as real exports, analyse these, say what was found."""
    if organisation is Organisation.bakery:
        from orgnet.cli.demo_bakery import demo_bakery as run
    else:
        from orgnet.cli.demo import demo as run

    run(out, open_report=not no_open, seed=seed, language=language or "en")


@app.command(epilog="Example: orgnet forget E0042 orgnet-out --people people.csv")
def forget(
    person: Annotated[str, typer.Argument(help="An id; with the roster, an address or name too.")],
    folder: Results,
    people: People = None,
    key: KeyFile = None,
    project: Project = None,
) -> None:
    """Remove a person from a results folder and from what is made of it later."""
    from orgnet.cli.keeping import forget as run

    run(folder, person, people=people, key=key, project=project)


@app.command(epilog="Example: orgnet purge orgnet-out --keep-months 12 --dry-run")
def purge(
    folder: Results,
    keep_months: Annotated[
        int, typer.Option(help="Months that weekly ties are kept; 0 deletes all.")
    ] = 24,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count, delete nothing.")] = False,
    key: KeyFile = None,
    project: Project = None,
) -> None:
    """Delete weekly ties, and figures by person, that have been kept long enough."""
    from orgnet.cli.keeping import purge as run

    run(folder, keep_months=keep_months, dry_run=dry_run, key=key, project=project)


@app.command(epilog="Example: orgnet trail orgnet-out --verify")
def trail(
    folder: Results,
    verify: Annotated[
        bool, typer.Option("--verify", help="Check that nothing was changed since.")
    ] = False,
) -> None:
    """Show who wrote which output of a results folder, when, and for what."""
    from orgnet.cli.keeping import trail as run

    raise typer.Exit(run(folder, verify=verify))


@app.command("privacy-pack", epilog="Example: orgnet privacy-pack orgnet-out --language de")
def privacy_pack(folder: Results, language: Language = None) -> None:
    """Write drafts for record of processing, impact assessment, notice and works council."""
    from orgnet.cli.keeping import privacy_pack as run

    run(folder, language=language)


@key_app.command("where", epilog="Example: orgnet key where --project spring")
def key_where(key: KeyFile = None, project: Project = None) -> None:
    """Print the file of the key."""
    from orgnet.cli.keeping import show_key as run

    run(key=key, project=project)


@key_app.command("new", epilog="Example: orgnet key new --project spring")
def key_new(key: KeyFile = None, project: Project = None) -> None:
    """Make a key, where there is none; `orgnet analyse` does so by itself."""
    from orgnet.cli.keeping import new_key as run

    run(key=key, project=project)


@key_app.command("rotate", epilog="Example: orgnet key rotate --project spring")
def key_rotate(
    key: KeyFile = None,
    project: Project = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Replace the key: earlier results can then never be led back to people."""
    from orgnet.cli.keeping import rotate as run

    run(key=key, project=project, yes=yes)


def _options(
    tie_from: float | None, day_first: bool | None, tz: str | None, channel: str | None
) -> dict[str, object]:
    return {"tie_from": tie_from, "day_first": day_first, "timezone": tz, "channel": channel}
