"""Mail, chat, calendar, survey and roster in one folder: one network with one person each."""

import json
import zipfile
from pathlib import Path

import pytest

from orgnet.analysis import Analysis, Settings, analyse

NAMES = {"aya": "Aya Ito", "ben": "Ben Osei", "cy": "Cy Roy", "dee": "Dee Løv", "eli": "Eli Novak"}


def roster() -> str:
    lines = ["Employee ID,Name,Work Email,Department"]
    lines += [
        f"{number},{name},{who}@company.example,{'Sales' if number % 2 else 'Legal'}"
        for number, (who, name) in enumerate(NAMES.items(), start=1)
    ]
    return "\n".join(lines) + "\n"


def mail(sender: str, recipient: str, day: int) -> str:
    return (
        f"From {sender}@company.example Mon Mar {day:2d} 09:00:00 2026\n"
        f"Message-ID: <{sender}.{day}@company.example>\n"
        f"Date: Mon, {day} Mar 2026 09:00:00 +0000\n"
        f"From: {sender}@company.example\nTo: {recipient}@company.example\n\nHello.\n\n"
    )


def slack(path: Path) -> None:
    users = [
        {"id": f"U{who.upper()}", "name": who, "profile": {"email": f"{who}@company.example"}}
        for who in NAMES
    ]
    talk = [
        {"type": "message", "user": "UBEN", "text": "<@UCY> ready?", "ts": "1772614800.000100"},
        {"type": "message", "user": "UCY", "text": "<@UBEN> yes", "ts": "1772614900.000200"},
    ]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("users.json", json.dumps(users))
        archive.writestr("channels.json", json.dumps([{"id": "C1", "name": "work", "members": []}]))
        archive.writestr("work/2026-03-04.json", json.dumps(talk))


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//EN
BEGIN:VEVENT
UID:one@company.example
DTSTAMP:20260301T080000Z
DTSTART:20260305T090000Z
DTEND:20260305T100000Z
ORGANIZER:mailto:cy@company.example
ATTENDEE;PARTSTAT=ACCEPTED:mailto:cy@company.example
ATTENDEE;PARTSTAT=ACCEPTED:mailto:dee@company.example
END:VEVENT
END:VCALENDAR
"""

SURVEY = (
    "Timestamp,Email Address,Whom do you turn to for advice?\n"
    "2026/03/06 9:00:00 AM GMT,dee@company.example,Eli Novak;Ito Aya\n"
    "2026/03/06 9:05:00 AM GMT,eli@company.example,Dee Lov\n"
    "2026/03/06 9:06:00 AM GMT,aya@company.example,Ben Osei\n"
)


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    folder = tmp_path_factory.mktemp("mixed")
    exports = folder / "exports"
    exports.mkdir()
    (exports / "people.csv").write_text(roster(), encoding="utf-8")
    (exports / "inbox").write_text(
        mail("aya", "ben", 2) + mail("ben", "aya", 9) + mail("aya", "ben", 2), encoding="utf-8"
    )
    (exports / "sent").write_text(mail("aya", "ben", 2), encoding="utf-8")
    slack(exports / "chat.zip")
    (exports / "team.ics").write_text(CALENDAR.replace("\n", "\r\n"), encoding="utf-8")
    (exports / "answers.csv").write_text(SURVEY, encoding="utf-8")
    return analyse([exports], out=folder / "out", settings=Settings(key_file=folder / "key"))


def test_every_file_is_read_by_its_own_reader(analysis: Analysis) -> None:
    assert {reading.connector.name for reading in analysis.records.readings} == {
        "ics",
        "mbox",
        "slack",
        "survey-google-forms",
    }
    assert analysis.records.left_out == []


def test_everybody_is_one_person(analysis: Analysis) -> None:
    assert analysis.diagnosis.network.index.tolist() == ["1", "2", "3", "4", "5"]
    assert analysis.weekly.unmatched == 0


def test_the_same_mail_in_two_mailboxes_counts_once(analysis: Analysis) -> None:
    mails = analysis.weekly.ties.query("channel == 'email'")
    assert mails[["sender", "recipient", "interactions"]].values.tolist() == [
        ["1", "2", 1],
        ["2", "1", 1],
    ]


def test_every_channel_gives_its_ties(analysis: Analysis) -> None:
    ties = analysis.weekly.ties.groupby("channel")[["sender", "recipient"]].apply(
        lambda rows: sorted(map(tuple, rows.values.tolist()))
    )
    assert ties.to_dict() == {
        "chat": [("2", "3"), ("3", "2")],
        "email": [("1", "2"), ("2", "1")],
        "meeting": [("3", "4"), ("4", "3")],
        "survey": [("1", "2"), ("4", "1"), ("4", "5"), ("5", "4")],
    }


def test_answers_without_dates_are_left_out_beside_dated_messages_and_it_is_said(
    analysis: Analysis,
) -> None:
    assert analysis.diagnosis.network.dropped["no_date"] == 4
    assert dict(analysis.model.notices)["undated_left_out"] == (("ties", 4),)


def test_the_manifest_counts_nothing_of_a_few_who_opted_out(tmp_path: Path) -> None:
    (tmp_path / "inbox").write_text(mail("aya", "ben", 2) + mail("cy", "ben", 9), encoding="utf-8")
    people = roster().replace("Department", "Department,Opt out").replace("Legal", "Legal,no")
    people = people.replace("Sales", "Sales,no").replace("Sales,no", "Sales,yes", 1)
    (tmp_path / "people.csv").write_text(people, encoding="utf-8")

    analyse(
        [tmp_path / "inbox"],
        people=tmp_path / "people.csv",
        out=tmp_path / "out",
        settings=Settings(key_file=tmp_path / "key"),
    )

    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["identities"]["opted_out"] == "of fewer than 5 people"
    assert manifest["noise"]["removed"]["opted_out"] == "of fewer than 5 people"
