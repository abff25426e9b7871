"""What `orgnet report` writes for whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import typer


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for on the command line.

    Attributes
    ----------
    folder, format
        The results folder, and which output to write of it.
    language
        Of the output; by default that in which the folder was written.
    people
        The roster, given again to tell who is who.
    key, project
        Where the pseudonym key of the results is.
    purpose, asked_by
        What a report with people in it is for, and who asked for it.
    names
        Whether names take the place of pseudonyms.
    group
        The one group to show.
    """

    folder: Path
    format: str
    language: str | None = None
    people: Path | None = None
    key: Path | None = None
    project: str | None = None
    purpose: str | None = None
    asked_by: str | None = None
    names: bool = False
    group: str | None = None


def groups_edition(request: Request) -> Path:
    """Write figures about departments, and nothing about a person."""
    from orgnet.disclosure import in_language
    from orgnet.plugins import report
    from orgnet.results import read_model, write_report

    model = read_model(request.folder)
    if request.language is not None:
        model = in_language(model, request.language)
    path = request.folder / report(request.format).file_name
    return write_report(model, path, format=request.format)


def people_edition(request: Request) -> Path:
    """Write the map of people, for the purpose that is printed on it."""
    from orgnet.files import write_bytes
    from orgnet.people_edition import people_model
    from orgnet.plugins import report

    writer = report(request.format, edition="people")
    model = people_model(
        request.folder,
        purpose=request.purpose,
        asked_by=request.asked_by,
        people=request.people,
        names=request.names,
        group=request.group,
        language=request.language,
        project=request.project or "default",
        key_file=request.key,
    )
    path = request.folder / writer.file_name
    write_bytes(path, writer.render(model))
    return path


def team_edition(request: Request) -> Path:
    """Write who works with whom in a small firm, named for those who agreed."""
    from orgnet.files import write_bytes
    from orgnet.plugins import report
    from orgnet.team_edition import team_model

    writer = report(request.format, edition="team")
    model = team_model(
        request.folder,
        people=request.people,
        language=request.language,
        project=request.project or "default",
        key_file=request.key,
    )
    path = request.folder / writer.file_name
    write_bytes(path, writer.render(model))
    return path


#: Each edition with what writes it and returns the file.
EDITIONS: dict[str, Callable[[Request], Path]] = {
    "groups": groups_edition,
    "people": people_edition,
    "team": team_edition,
}


def write_edition(edition: str, request: Request) -> Path:
    """Write one output, put that down in the access trail, and return the file."""
    from orgnet.restricted.trail import forgotten_since, record

    path = EDITIONS[edition](request)
    if edition != "people" and forgotten_since(request.folder):
        typer.echo(
            "orgnet: somebody was forgotten after these figures were made, and they still count "
            "that person; run `orgnet analyse` into this folder again",
            err=True,
        )
    record(
        request.folder,
        "report",
        outputs=[path],
        edition=edition,
        format=request.format,
        purpose=request.purpose,
        asked_by=request.asked_by,
        names=request.names or edition == "team",
    )
    return path
