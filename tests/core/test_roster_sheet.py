"""The sheet of everybody seen, which HR fills in and hands back as the roster."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import orgnet
from orgnet.reading import Reading, Records
from orgnet.roster import SHEET, people_sheet, read_people, sheet_bytes
from orgnet.schema import InteractionWriter, Ledger, Profile, ReadOptions, Source


class Talk:
    """An export of a few messages, with profiles."""

    name = "talk"
    title = "Talk"
    table = "interactions"
    accepts = "nothing"
    dropped_unread = ()

    def __init__(self, ends: list[tuple[str, str]], profiles: list[Profile]) -> None:
        self.ends = ends
        self.profiles = profiles

    def recognise(self, source: Source) -> str | None:
        return None

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        writer = InteractionWriter(ledger, channel="chat", source=self.name)
        for profile in self.profiles:
            ledger.profile(profile)
        for number, (sender, recipient) in enumerate(self.ends):
            ledger.keep()
            writer.add(0, sender, recipient, "dm", 1, str(number))
        yield from writer.flush()


def records(*ends: tuple[str, str], profiles: tuple[Profile, ...] = ()) -> Records:
    talk = Talk(list(ends), list(profiles))
    return Records([Reading(source=Source(Path("talk")), connector=talk, why="")], [], [])


AYA = Profile(identity="slack:U1", emails=("aya@x.example",), name="Aya Ito")
BOT = Profile(identity="slack:B1", kind="bot", name="Deploys")

TALK = records(
    ("slack:U1", "ben@y.example"),
    ("aya@x.example", "slack:U2"),
    ("slack:B1", "slack:U2"),
    profiles=(AYA, BOT),
)


def rows(sheet: pd.DataFrame) -> list[dict[str, str]]:
    text = sheet_bytes(sheet).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_everybody_seen_has_a_row_sorted_by_person() -> None:
    sheet = people_sheet(TALK)

    assert sheet["person"].tolist() == ["aya@x.example", "ben@y.example", "slack:B1", "slack:U2"]
    assert sheet.columns.tolist() == list(SHEET)


def test_what_the_exports_say_about_a_person_is_in_the_row() -> None:
    assert people_sheet(TALK).iloc[0].to_dict() == {
        "person": "aya@x.example",
        "name": "Aya Ito",
        "emails": "aya@x.example",
        "aliases": "slack:U1",
        "domain": "x.example",
        "department": "",
        "team": "",
        "manager": "",
        "kind": "person",
        "note": "",
    }


def test_bots_are_marked() -> None:
    assert people_sheet(TALK)["kind"].tolist() == ["person", "person", "bot", "person"]


def test_departments_can_be_filled_with_the_domain() -> None:
    sheet = people_sheet(TALK, department_from_domain=True)

    assert sheet["department"].tolist() == ["x.example", "y.example", "", ""]


def test_the_sheet_of_nobody_has_its_columns() -> None:
    sheet = people_sheet(records())

    assert (sheet.columns.tolist(), len(sheet)) == (list(SHEET), 0)
    assert sheet_bytes(sheet).decode("utf-8-sig") == ",".join(SHEET) + "\r\n"


def test_the_file_is_what_excel_opens_in_the_right_encoding() -> None:
    profile = Profile(identity="zoë", name='Zoë "Z" Ünal, Ops')

    content = sheet_bytes(people_sheet(records(("zoë", "ben"), profiles=(profile,))))

    assert content.startswith(b"\xef\xbb\xbfperson,name,")
    assert content.count(b"\r\n") == content.count(b"\n") == 3
    assert rows(people_sheet(records(("zoë", "ben"), profiles=(profile,))))[1]["name"] == (
        'Zoë "Z" Ünal, Ops'
    )


@pytest.mark.parametrize("name", ["=cmd|'/c calc'!A0", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1"])
def test_no_cell_is_a_formula(name: str) -> None:
    profile = Profile(identity="ben", name=name)

    assert rows(people_sheet(records(("ben", "aya"), profiles=(profile,))))[1]["name"] == f"'{name}"


def test_a_cell_that_is_no_formula_stays_as_it_is() -> None:
    profile = Profile(identity="ben", name="O'Neil = Ben")

    assert rows(people_sheet(records(("ben", "aya"), profiles=(profile,))))[1]["name"] == (
        "O'Neil = Ben"
    )


def filled_in(tmp_path: Path, sheet: pd.DataFrame) -> pd.DataFrame:
    """The roster that comes back after HR has filled in the departments."""
    path = tmp_path / "people.csv"
    path.write_bytes(sheet_bytes(sheet.assign(department="Sales")))
    return read_people(path)


def test_the_sheet_comes_back_as_a_roster_with_the_same_people(tmp_path: Path) -> None:
    sheet = people_sheet(TALK)

    roster = filled_in(tmp_path, sheet).set_index("person")

    assert roster.index.tolist() == sheet["person"].tolist()
    assert roster["department"].unique().tolist() == ["Sales"]
    assert roster["kind"].tolist() == sheet["kind"].tolist()
    assert roster.loc["aya@x.example", "name"] == "Aya Ito"
    assert list(roster.loc["aya@x.example", "emails"]) == ["aya@x.example"]
    assert list(roster.loc["aya@x.example", "aliases"]) == ["slack:U1"]


def test_records_match_the_roster_that_the_sheet_became(tmp_path: Path) -> None:
    roster = filled_in(tmp_path, people_sheet(TALK))

    network = orgnet.build_network(TALK, roster)
    without = orgnet.build_network(TALK)

    pd.testing.assert_frame_equal(network.to_pandas(), without.to_pandas())
    assert network.dropped == without.dropped == {"bot": 1}


@pytest.mark.parametrize("person", ["=cmd", "@ben", "+49 30 1", "-ben", "＝1＋1"])
def test_an_id_like_a_formula_comes_back_as_it_was(tmp_path: Path, person: str) -> None:
    profile = Profile(identity=person, name="=Ben")

    roster: Any = filled_in(tmp_path, people_sheet(records((person, "aya"), profiles=(profile,))))

    assert roster["person"].tolist() == sorted([person, "aya"])
    assert roster.set_index("person").loc[person, "name"] == "=Ben"


def test_departments_that_an_export_states_are_filled_in() -> None:
    stated = Profile(identity="aya@x.example", department="Sales")
    sheet = people_sheet(records(("aya@x.example", "ben@y.example"), profiles=(stated,)))

    assert sheet["department"].tolist() == ["Sales", ""]


def test_domain_fills_in_only_what_no_export_states() -> None:
    stated = Profile(identity="aya@x.example", department="Sales")
    talk = records(("aya@x.example", "ben@y.example"), profiles=(stated,))

    assert people_sheet(talk, department_from_domain=True)["department"].tolist() == [
        "Sales",
        "y.example",
    ]


def test_name_in_a_survey_is_noted_with_those_it_may_mean_and_can_be_handed_back(
    tmp_path: Path,
) -> None:
    ben = Profile(identity="ben@y.example", name="Ben Osei")
    sheet = people_sheet(records(("aya@x.example", "name:ben ossei"), profiles=(ben,)))
    note = sheet.set_index("person")["note"]["name:ben ossei"]
    assert note.startswith("perhaps ben@y.example? then write 'name:ben ossei' into the aliases")

    done = sheet[sheet["person"] != "name:ben ossei"].assign(department="Sales")
    done.loc[done["person"] == "ben@y.example", "aliases"] = "slack:U7 name:ben ossei;b.osei"
    path = tmp_path / "people.csv"
    path.write_bytes(sheet_bytes(done))

    aliases = read_people(path).set_index("person")["aliases"]["ben@y.example"]
    assert list(aliases) == ["slack:U7", "name:ben ossei", "b.osei"]
