"""``orgnet demo``: a planted organisation, analysed through its export files."""

from __future__ import annotations

import os
import sys
import webbrowser
from pathlib import Path

import typer

_KINDS = {"silo": "silos", "bottleneck": "bottlenecks", "weak_link": "weak links"}


def demo(out: Path, *, open_report: bool, seed: int, language: str = "en") -> None:
    """Plant, write exports, analyse, compare with what was planted, open the report."""
    from orgnet.analysis import Settings, analyse
    from orgnet.cli.analyse import print_analysis, steps
    from orgnet.simulate import compare_with_truth, plant_organisation, write_exports
    from orgnet.words import load_words, require_language

    words = load_words("orgnet", require_language(language))
    with steps() as progress:
        progress("planting an organisation")
        organisation = plant_organisation(seed=seed)
        files = write_exports(organisation, out / "exports")
        analysis = analyse(
            [files["slack"], files["mail"]],
            people=files["people"],
            out=out,
            settings=Settings(
                organisation=words("report.demo_organisation"),
                language=language,
                project="demo",
                # Another seed is another invented firm with the same ids: nothing to compare.
                earlier="withdrawn",
            ),
            progress=progress,
        )
    typer.echo(f"Exports as a company would have them: {out / 'exports'}")
    print_analysis(analysis)
    typer.echo("")
    typer.echo("What was planted, and what was found:")
    compared = compare_with_truth(analysis.model.findings, organisation.truth)
    for kind, planted in _KINDS.items():
        found, missed = compared.found[kind], compared.missed[kind]
        typer.echo(f"  {planted}: {len(found)} of {len(found) + len(missed)} found")
        for word, subjects in (
            ("found", found),
            ("missed", missed),
            ("not planted", compared.extra[kind]),
        ):
            for subject in sorted(subjects):
                typer.echo(f"    {word}: {' and '.join(subject)}")
    show(analysis.files[0], open_report=open_report)


def show(page: Path, *, open_report: bool) -> None:
    """Open a page in the browser, if that is wanted and there is a screen."""
    if open_report and _has_screen():
        webbrowser.open(page.resolve().as_uri())


def _has_screen() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
