"""``orgnet demo bakery``: a planted bakery, analysed through its export files, for its team."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from orgnet.report_model import TeamModel


def demo_bakery(out: Path, *, open_report: bool, seed: int, language: str = "en") -> None:
    """Plant, write exports, analyse, make the team edition, say what it shows, open it."""
    from orgnet.analysis import Settings, analyse
    from orgnet.cli.analyse import print_analysis, steps
    from orgnet.cli.demo import show
    from orgnet.files import write_bytes
    from orgnet.plugins import report
    from orgnet.restricted.trail import record
    from orgnet.simulate import plant_bakery, write_bakery
    from orgnet.team_edition import team_model
    from orgnet.words import load_words, require_language

    words = load_words("orgnet", require_language(language))
    with steps() as progress:
        progress("planting a bakery")
        bakery = plant_bakery(seed=seed)
        files = write_bakery(bakery, out / "exports")
        analysis = analyse(
            [files["chat"], files["mail"], files["survey"]],
            people=files["people"],
            out=out,
            settings=Settings(
                organisation=words("report.demo_bakery"),
                language=language,
                project="demo",
                earlier="withdrawn",
            ),
            progress=progress,
        )
        progress("writing the team edition")
        model = team_model(out, people=files["people"], project="demo")
        writer = report("html", edition="team")
        page = out / writer.file_name
        write_bytes(page, writer.render(model))
        record(out, "report", outputs=[page], edition="team", format="html", names=True)
    typer.echo(f"Exports as a bakery would have them: {out / 'exports'}")
    print_analysis(analysis)
    typer.echo("")
    typer.echo("What was planted, and what the team edition shows:")
    shown = _shown(model)
    for kind, subject in bakery.truth:
        told = "found" if (kind, subject) in shown else "missed"
        typer.echo(f"  {told}: {_PLANTED[kind].format(*subject)}")
    typer.echo(f"Team edition, two pages to print: {page}")
    show(page, open_report=open_report)


#: What is planted, in words.
_PLANTED = {
    "whole": "{1} reaches the others through {0} alone",
    "no_contact": "{0} and {1} have no regular contact",
    "ended": "{0} and {1} have none any more",
}


def _shown(model: TeamModel) -> set[tuple[str, tuple[str, ...]]]:
    """Return what the edition says, in the form in which it was planted."""
    names = model.departments
    found = {
        (hung.kind, (model.people[hung.person].name, names[hung.departments[0]]))
        for hung in model.dependences
    }
    pairs = {("no_contact", (pair.first, pair.second)) for pair in model.no_contact}
    if model.change is not None:
        pairs |= {("ended", pair) for pair in model.change.departments_ended}
    return found | {(kind, (names[a], names[b])) for kind, (a, b) in pairs}
