"""The people edition from a results folder: who is in it, under which label, and who never is."""

from __future__ import annotations

import base64
import csv
import re
import shutil
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from orgnet import people_edition
from orgnet.analysis import Settings, analyse
from orgnet.cli import main
from orgnet.disclosure import DisclosurePolicy
from orgnet.errors import InputError, UnreadableFileError, UsageError
from orgnet.people_edition import people_model
from orgnet.rules import monday, week_number
from orgnet_reports.people.explorer import PeopleExplorer
from orgnet_reports.people.network_files import PeopleGexf, PeopleGraphMl
from orgnet_reports.people.page import PeoplePage
from orgnet_reports.people.tables import PeopleCsv

PURPOSE = "plan who introduces the new team"
WRITERS = (PeoplePage, PeopleExplorer, PeopleGraphMl, PeopleGexf, PeopleCsv)
DEPARTMENTS = ("Legal", "Sales", "Support")
OUT = 7
FIRST = week_number(date(2026, 1, 5))


def address(number: int) -> str:
    return f"first{number}.last{number}@firm.example"


def name(number: int) -> str:
    return f"First{number} Last{number}"


def write_roster(path: Path, numbers, *, opted_out=(OUT,)) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["person", "name", "email", "department", "opt_out"])
        for number in numbers:
            out = "yes" if number in opted_out else ""
            row = [f"E{number:03}", name(number), address(number), DEPARTMENTS[number % 3], out]
            writer.writerow(row)
    return path


def write_messages(path: Path) -> Path:
    """Everybody writes to the next ones: 1 and 2 every week, 3 in four weeks, 4 once."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["time", "sender", "recipient", "channel", "kind"])
        for week in range(12):
            for number in range(30):
                for step, weeks in ((1, 12), (2, 12), (3, 4), (4, 1)):
                    if week >= 12 - weeks:
                        day = monday(FIRST + week).isoformat()
                        to = address((number + step) % 30)
                        writer.writerow([f"{day}T09:00:00Z", address(number), to, "email", "to"])
    return path


@pytest.fixture(scope="module")
def firm(tmp_path_factory) -> Path:
    """A folder with roster, key and results of 30 people, one of whom opted out."""
    folder = tmp_path_factory.mktemp("firm")
    roster = write_roster(folder / "people.csv", range(30))
    analyse(
        [write_messages(folder / "messages.csv")],
        people=roster,
        out=folder / "out",
        settings=Settings(
            run_date=date(2026, 4, 1),
            key_file=folder / "key",
            policy=DisclosurePolicy(minimum_group=3),
            organisation="A firm",
        ),
    )
    return folder


def edition(firm: Path, **options):
    return people_model(firm / "out", **({"purpose": PURPOSE} | options))


def named(firm: Path, **options):
    wanted = {"names": True, "people": firm / "people.csv", "key_file": firm / "key"}
    return edition(firm, **(wanted | options))


def open_text(content: bytes, folder: Path) -> str:
    """Return everything that a file says, packed and base64 parts unpacked."""
    if content[:2] == b"PK":
        (folder / "packed.zip").write_bytes(content)
        with zipfile.ZipFile(folder / "packed.zip") as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    blocks = re.findall(rb'"([A-Za-z0-9+/]{24,}={0,2})"', content)
    unpacked = [base64.b64decode(block) for block in blocks if len(block) % 4 == 0]
    return "\n".join(part.decode("utf-8", "replace") for part in (content, *unpacked)).casefold()


def test_everybody_seen_is_on_the_map_but_who_opted_out(firm):
    model = edition(firm)
    assert len(model.people) == model.totals.people_seen == 29
    assert [group.name for group in model.groups] == list(DEPARTMENTS)
    assert [group.people for group in model.groups] == [10, 9, 10]
    assert model.totals.ties == 4 * 30 - 8


def test_a_tie_is_as_strong_as_the_weeks_it_was_seen_in(firm):
    model = edition(firm)
    strengths = list(model.ties.strength)
    assert (model.regular_weeks, model.most_weeks) == (3, 7)
    assert [strengths.count(code) for code in (2, 1, 0)] == [2 * 28, 28, 28]
    assert strengths == sorted(strengths, reverse=True)


def test_contacts_count_people_and_those_in_other_groups(firm):
    contacts = {person.label: person for person in named(firm).people}
    # Steps 1, 2 and 4 lead to other departments, step 3 stays.
    assert (contacts[name(20)].contacts, contacts[name(20)].contacts_outside) == (8, 6)
    assert (contacts[name(8)].contacts, contacts[name(8)].contacts_outside) == (7, 5)


@pytest.mark.parametrize("writer", WRITERS)
def test_without_names_no_name_address_or_id_is_in_any_byte(firm, tmp_path, writer):
    text = open_text(writer().render(edition(firm)), tmp_path)
    found = [
        word
        for number in range(30)
        for word in (f"first{number}", f"last{number}", address(number), f'e{number:03}"')
        if word in text
    ]
    assert found == []


@pytest.mark.parametrize("writer", WRITERS)
def test_with_names_everybody_is_named_but_who_opted_out(firm, tmp_path, writer):
    text = open_text(writer().render(named(firm)), tmp_path)
    there = {
        number
        for number in range(30)
        if f"{name(number)}<".casefold() in text
        or f"{name(number)},".casefold() in text
        or f'"{name(number)}"'.casefold() in text
    }
    assert there == set(range(30)) - {OUT}


def test_the_map_is_the_same_with_and_without_names(firm):
    def places(model):
        return sorted((person.x, person.y, person.contacts) for person in model.people)

    assert places(edition(firm)) == places(named(firm))


def test_who_has_opted_out_since_is_left_out_as_well(firm, tmp_path):
    roster = write_roster(tmp_path / "now.csv", range(30), opted_out=(OUT, 11))
    model = named(firm, people=roster)
    assert len(model.people) == 28
    assert not {name(OUT), name(11)} & {person.label for person in model.people}
    # The two were in contact with each other: eight ties each, one of them shared.
    assert model.totals.ties == 4 * 30 - 15


def test_people_whom_the_roster_lacks_stay_pseudonyms_and_are_counted(firm, tmp_path):
    roster = write_roster(tmp_path / "short.csv", range(20))
    model = named(firm, people=roster)
    without = [person.label for person in model.people if not person.label.startswith("First")]
    assert model.totals.without_name == len(without) == 10
    assert all(re.fullmatch("[0-9a-f]{8}", label) for label in without)
    assert "10 people are not in it" in PeoplePage().render(model).decode()


def test_another_key_is_refused_with_the_remedy(firm, tmp_path):
    (tmp_path / "other").write_text("ab" * 32)
    with pytest.raises(InputError, match=r"nobody of its 30 people .* --key or --project"):
        named(firm, key_file=tmp_path / "other")


def test_a_key_that_is_not_there_is_not_made(firm, tmp_path):
    with pytest.raises(UnreadableFileError, match=r"no such key; give the --key or --project"):
        named(firm, key_file=tmp_path / "missing")
    assert not (tmp_path / "missing").exists()


@pytest.mark.parametrize("purpose", [None, "", "  \n"])
def test_without_a_purpose_there_is_no_people_edition(firm, purpose):
    with pytest.raises(UsageError, match=r"needs a purpose; say with --purpose"):
        edition(firm, purpose=purpose)


def test_names_need_the_roster_again(firm):
    with pytest.raises(UsageError, match=r"give it with --people"):
        edition(firm, names=True)


def test_one_group_is_shown_by_itself_with_contacts_outside_counted(firm):
    model = edition(firm, group="Sales")
    assert [(group.name, group.people) for group in model.groups] == [("Sales", 9)]
    assert model.totals.people_known == 9
    assert max(person.contacts_outside for person in model.people) == 6
    assert model.totals.ties == 8


def test_an_unknown_group_is_refused_with_those_there_are(firm):
    with pytest.raises(UsageError, match=r"no department 'Sale'.*Did you mean 'Sales'"):
        edition(firm, group="Sale")


def test_too_many_people_for_one_map_are_refused_with_the_remedy(firm, monkeypatch):
    monkeypatch.setattr(people_edition, "MOST_PEOPLE", 15)
    with pytest.raises(UsageError, match=r"29 people, expected at most 15.*--group 'Legal'"):
        edition(firm)
    assert len(edition(firm, group="Legal").people) == 10


def test_too_few_people_are_sent_to_the_team_edition(firm, monkeypatch):
    monkeypatch.setattr(people_edition, "FEWEST_PEOPLE", 40)
    with pytest.raises(UsageError, match=r"29 people, expected at least 40.*--edition team"):
        edition(firm)


def test_only_the_strongest_ties_are_drawn_and_the_page_says_so(firm, monkeypatch):
    monkeypatch.setattr(people_edition, "MOST_TIES", 60)
    model = edition(firm)
    assert len(model.ties.first) == 60 and model.totals.ties == 112
    assert min(model.ties.strength[:56]) == 2
    assert "The 60 strongest of 112 ties are drawn." in PeoplePage().render(model).decode()


def test_the_order_of_the_stored_people_changes_no_byte(firm, tmp_path):
    shutil.copytree(firm / "out", tmp_path / "out")
    stored = tmp_path / "out" / "restricted" / "people.parquet"
    table = people_edition.pd.read_parquet(stored)
    table.iloc[::-1].to_parquet(stored, index=False)
    assert people_model(tmp_path / "out", purpose=PURPOSE) == edition(firm)


def test_a_folder_without_its_restricted_part_is_refused(firm, tmp_path):
    shutil.copytree(firm / "out", tmp_path / "out", ignore=shutil.ignore_patterns("restricted"))
    with pytest.raises(
        UnreadableFileError, match=r"no restricted/ties\.parquet; .* ran the analysis"
    ):
        people_model(tmp_path / "out", purpose=PURPOSE)


@pytest.mark.parametrize("damaged", ["restricted/people.parquet", "restricted/ties.parquet"])
def test_a_damaged_file_is_named(firm, tmp_path, damaged):
    shutil.copytree(firm / "out", tmp_path / "out")
    (tmp_path / "out" / damaged).write_bytes(b"nothing")
    with pytest.raises(UnreadableFileError, match=r"\.parquet: the file is damaged"):
        people_model(tmp_path / "out", purpose=PURPOSE)


def test_the_words_are_those_of_the_language_asked_for(firm):
    page = PeoplePage().render(edition(firm, language="de")).decode()
    assert '<html lang="de"' in page and "Wer mit wem in Kontakt ist" in page


def test_the_command_writes_a_file_that_says_people_in_its_name(firm, monkeypatch, capsys):
    monkeypatch.setattr("orgnet.plugins.report", lambda name, edition: PeoplePage())
    asked = ["report", str(firm / "out"), "--edition", "people", "--purpose", PURPOSE]
    assert main([*asked, "--asked-by", "The works council"]) == 0
    written = Path(capsys.readouterr().out.strip())
    assert written == firm / "out" / "report-people.html"
    assert "Asked for by The works council." in written.read_text(encoding="utf-8")


def test_the_command_without_a_purpose_ends_with_2_and_writes_nothing(firm, monkeypatch, capsys):
    monkeypatch.setattr("orgnet.plugins.report", lambda name, edition: PeopleCsv())
    assert main(["report", str(firm / "out"), "--edition", "people"]) == 2
    assert "needs a purpose" in capsys.readouterr().err
    assert not (firm / "out" / "people.zip").exists()


def test_a_model_says_the_same_after_json(firm):
    model = edition(firm)
    assert model.to_dict()["people"][0]["label"] == model.people[0].label
    assert replace(model) == model
