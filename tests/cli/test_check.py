"""``orgnet check`` tells whoever made an export what would be read of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from orgnet.cli.commands import app

ROSTER = (
    "Employee #,First Name,Last Name,Work Email,Department,Reports To,Salary,Shoe size\n"
    '1,Aya,Ito,aya@example.com,Sales,,90000,40\n2,Ben,Osei,ben@example.com,Sales,"Ito, Aya",8,41\n'
)
MESSAGES = (
    "sender,recipient,sent_at,channel,mood\n"
    "aya@example.com,ben@example.com,03/02/2026 09:15,email,x\n"
    "aya@example.com,zoe@other.example,15/02/2026 09:15,email,x\n"
    "aya@example.com,cy@example.com,16/02/2026 09:15,email,x\n"
    "noreply@example.com,aya@example.com,17/02/2026 09:15,email,x\n"
    "aya@example.com,,17/02/2026 09:15,email,x\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "people.csv").write_text(ROSTER, encoding="utf-8")
    (tmp_path / "messages.csv").write_text(MESSAGES, encoding="utf-8")
    return tmp_path


def shown(*words: str | Path) -> str:
    return CliRunner().invoke(app, ["check", *map(str, words)]).output


def found(*words: str | Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(shown(*words, "--json"))
    return entries


def test_roster_among_the_files_is_what_identities_are_matched_with(folder: Path) -> None:
    messages, people = found(folder)

    assert messages["people"] == {
        "matched": 2,
        "unmatched": 3,
        "external": 1,
        "not_people": 1,
        "unknown": 1,
    }
    assert (people["connector"], people["kept"]) == ("roster", 2)


def test_lines_say_why_identities_are_not_in_the_roster(folder: Path) -> None:
    text = shown(folder / "messages.csv", "--people", folder / "people.csv")

    assert (
        "names, addresses and accounts: 2 in the roster, 1 of other organisations, 1 machines, "
        "rooms or shared mailboxes, 1 not in the roster (`orgnet people` suggests who they are)"
    ) in text


def test_without_a_roster_the_lines_say_how_to_match(folder: Path) -> None:
    assert "5 (--people F says how many of them the roster has)" in shown(folder / "messages.csv")


def test_lines_show_rows_period_zone_columns_and_what_was_ignored(folder: Path) -> None:
    text = shown(folder / "messages.csv", "--tz", "Europe/Paris")

    assert "rows or messages: read 5, kept 4, skipped 1 without a recipient" in text
    assert (
        "period: 2026-02-03 08:15 to 2026-02-17 08:15 UTC; times that state no zone are taken for "
        "Europe/Paris (--tz)"
    ) in text
    assert "    sent_at → sent_at" in text
    assert "ignored in this file: 'mood'" in text


def test_first_records_are_masked(folder: Path) -> None:
    text = shown(folder)

    assert "2026-02-03 09:15  a…@example.com → b…@example.com  email, " in text
    assert "2…  b…@example.com  B… O…  Sales  reports to 1…" in text
    assert "Osei" not in text
    assert "90000" not in text


def test_only_ten_records_are_shown(tmp_path: Path) -> None:
    rows = "".join(f"p{n},q{n},2026-02-{n + 1:02d}\n" for n in range(25))
    (tmp_path / "ties.csv").write_text(f"from,to,date\n{rows}", encoding="utf-8")

    (entry,) = found(tmp_path / "ties.csv")

    assert (entry["read"], len(entry["records"])) == (25, 10)


def test_what_is_ambiguous_is_shown_with_the_option_that_decides_it(tmp_path: Path) -> None:
    text = "id,department,Hire Date\n1,Sales,09-10-2023\n"
    (tmp_path / "people.csv").write_text(text, encoding="utf-8")

    assert "to decide: dates in 'Hire Date' do not show" in shown(tmp_path / "people.csv")


def test_unknown_file_has_every_key_and_fails(tmp_path: Path) -> None:
    (tmp_path / "poem.txt").write_text("Roses are red,\nviolets are blue.\n", encoding="utf-8")

    ran = CliRunner().invoke(app, ["check", str(tmp_path / "poem.txt"), "--json"])
    (entry,) = json.loads(ran.stdout)

    assert ran.exit_code == 1
    assert entry["connector"] is None
    assert entry["columns"] == {}
    assert [entry[key] for key in ("ambiguous", "dropped_unread", "ignored", "records")] == [[]] * 4


def test_dates_of_a_wrong_clock_are_problems(tmp_path: Path) -> None:
    rows = "a,b,1985-01-01\na,b,2026-02-01\na,b,2095-01-01\n"
    (tmp_path / "ties.csv").write_text(f"from,to,date\n{rows}", encoding="utf-8")

    (entry,) = found(tmp_path / "ties.csv")

    assert entry["problems"] == [
        "the last date, 2095-01-01, lies in the future; if it is a wrong clock, analyse with --to",
        "the first date, 1985-01-01, is older than such exports; if it is a wrong clock, analyse "
        "with --from",
    ]
