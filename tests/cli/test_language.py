"""``--language``: the report and the findings that are printed, in German and French."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from orgnet.cli.commands import app
from orgnet_reports.json import Json
from report_models import organisation

PEOPLE = [f"p{number}@example.com" for number in range(6)]


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, words)])


@pytest.fixture
def results(tmp_path: Path) -> Path:
    (tmp_path / "diagnosis.json").write_bytes(Json().render(organisation(100, 6)))
    return tmp_path


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Five weeks of messages among six people, without departments."""
    first = datetime.date(2026, 3, 2)
    rows = [
        f"{sender},{recipient},{first + datetime.timedelta(weeks=week)}T09:00:00Z,email"
        for week in range(5)
        for sender in PEOPLE
        for recipient in PEOPLE
        if sender < recipient
    ]
    file = tmp_path / "messages.csv"
    file.write_text("\n".join(["sender,recipient,sent_at,channel", *rows, ""]), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("language", "said"), [("de", "kaum Kontakt"), ("fr", "à peine en contact")]
)
def test_a_folder_is_told_in_another_language_without_its_exports(results, language, said):
    assert run("report", results, "--language", language).exit_code == 0
    page = (results / "report.html").read_text(encoding="utf-8")
    assert f'<html lang="{language}"' in page
    assert said in page


def test_a_folder_keeps_the_language_in_which_it_was_written(results):
    run("report", results, "--language", "de", "--format", "json")
    run("report", results)
    assert '<html lang="de"' in (results / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["report", "analyse"])
def test_an_unknown_language_is_refused_before_anything_is_written(results, export, command):
    told = run(command, results if command == "report" else export, "--language", "it")
    assert told.exit_code != 0
    assert not (results / "report.html").exists()
    assert "no language 'it'; there are de, en, fr" in str(told.exception)


def test_an_analysis_prints_notices_and_findings_in_the_language_of_the_report(export, tmp_path):
    key = tmp_path / "key"
    told = run(
        "analyse", export, "--out", tmp_path / "out", "--key", key, "--language", "de"
    ).output
    assert "Hinweis: Die Daten nennen keine Abteilungen." in told
    assert "Kein eindeutiger Befund." in told
    assert "Report: " in told


def test_the_settings_file_names_the_language_too(export, tmp_path):
    config = tmp_path / "orgnet.toml"
    config.write_text('language = "fr"\nkey = "key"\nout = "out"\n', encoding="utf-8")
    told = run("analyse", export, "--config", config).output
    assert "Remarque\u00a0: Les données ne nomment aucun service." in told
    assert '<html lang="fr"' in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
