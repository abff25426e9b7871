"""Which connector takes which file, and what is said about files that none takes."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import orgnet
from orgnet import reading
from orgnet.errors import UnknownFormatError, UnreadableFileError
from orgnet.roster import read_people
from orgnet.schema import INTERACTIONS, InteractionWriter, Ledger, Profile, ReadOptions, Source

MONDAY = 1_772_438_400_000_000  # 2026-03-02 08:00 UTC


class Notes:
    """Reads files that begin with NOTES: a line a message, ``sender>recipient``."""

    name = "notes"
    title = "Notes"
    table = "interactions"
    accepts = "files of notes"
    dropped_unread = ()

    def recognise(self, source: Source) -> str | None:
        return "NOTES at the beginning" if source.head.startswith(b"NOTES") else None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        writer = InteractionWriter(ledger, channel="email", source=self.name)
        lines = source.path.read_text(encoding="utf-8").splitlines()[1:]
        for number, line in enumerate(lines):
            sender, _, recipient = line.partition(">")
            ledger.keep()
            ledger.profile(Profile(identity=sender, emails=(f"{sender}@x.example",)))
            writer.add(
                MONDAY + number * 86_400_000_000, sender, recipient, "to", 1, f"{source.name}{line}"
            )
        yield from writer.flush()


class Staff(Notes):
    """Recognises files that begin with STAFF as a table of people."""

    name = "staff"
    title = "Staff list"
    table = "people"

    def recognise(self, source: Source) -> str | None:
        return "STAFF at the beginning" if source.head.startswith(b"STAFF") else None


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "connectors", lambda: {"notes": Notes(), "staff": Staff()})


def notes(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["NOTES", *lines]), encoding="utf-8")
    return path


def ends(records: Any) -> list[tuple[str, str]]:
    frame = records.to_pandas()
    return list(zip(frame["sender"], frame["recipient"], strict=True))


def test_records_come_from_the_connector_that_recognises_the_file(tmp_path: Path) -> None:
    records = orgnet.read(notes(tmp_path / "a", "aya>ben"))

    assert ends(records) == [("aya", "ben")]
    assert [(r.connector.name, r.why) for r in records.readings] == [
        ("notes", "NOTES at the beginning")
    ]


def test_records_of_several_files_come_in_the_order_of_the_files(tmp_path: Path) -> None:
    one, other = notes(tmp_path / "z", "aya>ben"), notes(tmp_path / "a", "ben>cleo")

    assert ends(orgnet.read(one, other)) == [("aya", "ben"), ("ben", "cleo")]


def test_records_can_be_read_again_with_the_same_counts(tmp_path: Path) -> None:
    records = orgnet.read(notes(tmp_path / "a", "aya>ben", "ben>cleo"))

    assert ends(records) == ends(records)
    assert (records.readings[0].ledger.read, records.readings[0].ledger.interactions) == (2, 2)


def test_profiles_are_known_after_reading(tmp_path: Path) -> None:
    records = orgnet.read(notes(tmp_path / "a", "aya>ben", "ben>cleo"), notes(tmp_path / "b"))
    before = list(records.profiles)

    records.to_pandas()

    assert before == []
    assert [profile.identity for profile in records.profiles] == ["aya", "ben"]


def test_nothing_read_is_a_table_with_all_columns(tmp_path: Path) -> None:
    frame = orgnet.read(notes(tmp_path / "a")).to_pandas()

    assert frame.columns.tolist() == INTERACTIONS.names
    assert len(frame) == 0


def test_a_roster_among_the_files_stands_apart(tmp_path: Path) -> None:
    (tmp_path / "people").write_text("STAFF", encoding="utf-8")

    records = orgnet.read(notes(tmp_path / "a", "aya>ben"), tmp_path / "people")

    assert [r.source.name for r in records.readings] == ["a"]
    assert [r.source.name for r in records.rosters] == ["people"]


def test_a_folder_is_walked_and_what_is_no_export_is_named(tmp_path: Path) -> None:
    notes(tmp_path / "b", "aya>ben")
    notes(tmp_path / "deep" / "er" / "a", "ben>cleo")
    (tmp_path / "deep" / "readme.txt").write_text("hello", encoding="utf-8")
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / "nothing inside").mkdir()

    records = orgnet.read(tmp_path)

    assert ends(records) == [("aya", "ben"), ("ben", "cleo")]
    assert records.left_out == ["readme.txt", "empty"]


@pytest.mark.skipif(os.name != "posix", reason="making links needs a right on Windows")
def test_a_folder_with_links_in_a_circle_or_to_nowhere_is_walked_once(tmp_path: Path) -> None:
    notes(tmp_path / "a", "aya>ben")
    (tmp_path / "circle").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")

    records = orgnet.read(tmp_path)

    assert ends(records) == [("aya", "ben")]
    assert records.left_out == ["circle", "gone"]


def test_a_format_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff")

    with pytest.raises(UnknownFormatError) as error:
        orgnet.read(tmp_path / "photo.jpg")

    assert str(error.value) == (
        "photo.jpg: the format is not known; `orgnet connectors` lists what can be read"
    )


def test_a_folder_without_any_export_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")

    with pytest.raises(UnknownFormatError, match=r"^pictures: nothing in this folder is an export"):
        orgnet.read(folder)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mail.mbox").write_bytes(b"")

    with pytest.raises(UnreadableFileError) as error:
        orgnet.read(tmp_path / "mail.mbox")

    assert str(error.value) == "mail.mbox: the file is empty; export it again"


def test_a_missing_file_is_refused_by_its_name_and_not_its_folder(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError) as error:
        orgnet.read(tmp_path / "gone.csv")

    assert str(error.value) == "gone.csv: there is no such file; check the name and the folder"


def test_one_wrong_file_among_good_ones_is_refused(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff")

    with pytest.raises(UnknownFormatError, match=r"^photo\.jpg"):
        orgnet.read(notes(tmp_path / "a", "aya>ben"), tmp_path / "photo.jpg")


def test_a_file_that_vanishes_before_it_is_read_is_said_to_be_unreadable(tmp_path: Path) -> None:
    records = orgnet.read(notes(tmp_path / "a", "aya>ben"))
    (tmp_path / "a").unlink()

    with pytest.raises(UnreadableFileError, match=r"^a: cannot be read \(No such file"):
        records.to_pandas()


def test_options_reach_the_connector(tmp_path: Path) -> None:
    records = orgnet.read(
        notes(tmp_path / "a"), tie_from=3, day_first=True, timezone="Europe/Berlin", channel="work"
    )

    assert records.readings[0].options == ReadOptions(
        tie_from=3, day_first=True, timezone="Europe/Berlin", channel="work"
    )


def test_mails_are_no_roster(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError, match=r"^a: the format is 'Notes', expected a roster"):
        read_people(notes(tmp_path / "a", "aya>ben"))


def test_a_file_of_another_kind_is_no_roster(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff")

    with pytest.raises(UnknownFormatError, match=r"^photo\.jpg: no headings of a roster; give"):
        read_people(tmp_path / "photo.jpg")


def test_a_roster_of_nobody_is_refused(tmp_path: Path) -> None:
    (tmp_path / "people").write_text("STAFF", encoding="utf-8")

    with pytest.raises(orgnet.InputError, match=r"^people: there is nobody in this roster"):
        read_people(tmp_path / "people")


def test_a_missing_roster_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"^people\.csv: there is no such file"):
        read_people(tmp_path / "people.csv")
