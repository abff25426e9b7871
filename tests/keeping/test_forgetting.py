"""Whoever asks to be forgotten is gone from the store and from whatever is made later."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from kept_firm import PEOPLE, WEEKS, address, firm, name, person, run
from orgnet.cli import main
from orgnet.errors import InputError, UnreadableFileError, UsageError
from orgnet.pseudonyms import project_key, pseudonyms, rotate_key
from orgnet.restricted.forgetting import forget
from orgnet.restricted.forgotten import Forgotten, read_forgotten
from orgnet.restricted.tables import read_table, write_table

GONE = 7


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return firm(tmp_path / "firm")


def forgotten(place: Path, who: str, *, roster: bool = True, **options):
    given = {"people": place / "people.csv"} if roster else {}
    return forget(place / "out", who, key_file=place / "key", **given, **options)


def pseudonym(place: Path, number: int = GONE) -> str:
    return pseudonyms([person(number)], project_key(file=place / "key"))[0]


def stored(place: Path) -> set[str]:
    restricted = place / "out" / "restricted"
    ties = pd.read_parquet(restricted / "ties.parquet")
    people = pd.read_parquet(restricted / "people.parquet")
    return {*ties["sender"], *ties["recipient"], *people["person"]}


@pytest.mark.parametrize("who", [person(GONE), address(GONE).upper(), f"  {name(GONE).lower()}"])
def test_an_id_an_address_or_a_name_is_enough(place: Path, who: str) -> None:
    assert pseudonym(place) in stored(place)

    removed = forgotten(place, who)

    assert (removed.ties, removed.rows) == (6 * WEEKS, 1)
    assert len(stored(place)) == PEOPLE - 1 and pseudonym(place) not in stored(place)


def test_no_byte_of_the_folder_holds_the_pseudonym_afterwards(place: Path) -> None:
    hidden = pseudonym(place).encode()
    forgotten(place, person(GONE))

    files = [path for path in (place / "out").rglob("*") if path.is_file()]
    assert [path.name for path in files if hidden in path.read_bytes()] == []
    texts = [address(GONE), name(GONE), person(GONE)]
    assert [t for t in texts for path in files if t.encode() in path.read_bytes()] == []


def test_the_next_analysis_leaves_the_person_out_and_counts_them(place: Path) -> None:
    forgotten(place, person(GONE))

    analysis = run(place)

    assert pseudonym(place) not in stored(place)
    assert analysis.weekly.opted_out == 1
    assert analysis.weekly.removed["opted_out"] == 6 * WEEKS
    assert analysis.model.coverage.people_known == PEOPLE - 1


def test_without_a_roster_the_person_is_left_out_by_address(place: Path) -> None:
    forgotten(place, person(GONE))

    analysis = run(place, roster=False)

    assert analysis.weekly.opted_out == 1
    assert address(GONE) not in set(analysis.weekly.people["person"])


def test_the_log_of_releases_forgets_too(place: Path) -> None:
    log = place / "out" / "restricted" / "releases.jsonl"
    assert pseudonym(place) in log.read_text(encoding="utf-8")

    forgotten(place, person(GONE))

    assert pseudonym(place) not in log.read_text(encoding="utf-8")
    assert pseudonym(place, 8) in log.read_text(encoding="utf-8")


def test_a_new_id_in_the_roster_brings_nobody_back(place: Path) -> None:
    forgotten(place, person(GONE))
    roster = place / "people.csv"
    rows = list(csv.reader(roster.read_text(encoding="utf-8").splitlines()))
    rows[GONE + 1][0] = "N900"
    with roster.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)

    assert run(place).weekly.opted_out == 1


def test_a_rotated_key_brings_nobody_back(place: Path) -> None:
    forgotten(place, person(GONE))
    rotate_key(file=place / "key")

    assert run(place).weekly.opted_out == 1


def test_two_are_forgotten_one_after_the_other(place: Path) -> None:
    forgotten(place, person(GONE))
    forgotten(place, name(8))

    assert run(place).weekly.opted_out == 2


def test_who_is_forgotten_twice_is_no_error(place: Path) -> None:
    forgotten(place, person(GONE))

    again = forgotten(place, person(GONE), roster=False)

    assert (again.ties, again.rows) == (0, 0)


def test_the_list_holds_hashes_in_order_and_nothing_else(place: Path) -> None:
    forgotten(place, person(GONE))

    lines = (place / "out" / "restricted" / "forgotten").read_text(encoding="ascii").splitlines()

    assert lines[1:] == sorted(lines[1:]) and len(lines) == 3
    assert all(len(line) == 32 and int(line, 16) for line in lines[1:])
    assert pseudonym(place) not in lines


def test_outputs_that_were_written_before_are_told(place: Path) -> None:
    given = ["report", str(place / "out"), "--edition", "people", "--key", str(place / "key")]
    assert main([*given, "--purpose", "a test"]) == 0

    removed = forgotten(place, person(GONE))

    assert set(removed.counting) == {"report.html", "diagnosis.json", "manifest.json"}
    assert removed.showing == ("report-people.html",)


def test_a_report_of_figures_that_still_count_the_person_says_so(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forget", person(GONE), str(place / "out"), "--key", str(place / "key")]) == 0
    assert main(["report", str(place / "out"), "--format", "json"]) == 0
    assert "they still count that person" in capsys.readouterr().err

    run(place)
    assert main(["report", str(place / "out"), "--format", "json"]) == 0
    assert capsys.readouterr().err == ""


def test_two_people_of_one_name_are_asked_about(place: Path) -> None:
    roster = place / "people.csv"
    text = roster.read_text(encoding="utf-8").replace(name(3), name(GONE))
    roster.write_text(text, encoding="utf-8")

    with pytest.raises(UsageError) as error:
        forgotten(place, name(GONE))

    assert str(error.value) == (
        "2 people of the roster go by that (people number 4, 8); give the id of one of them"
    )


def test_without_a_roster_an_unknown_id_is_refused_and_nothing_is_written(place: Path) -> None:
    with pytest.raises(UsageError, match="nobody in this store has that id"):
        forgotten(place, address(GONE), roster=False)

    assert not (place / "out" / "restricted" / "forgotten").exists()


def test_another_key_is_noticed(place: Path) -> None:
    project_key(file=place / "other")

    with pytest.raises(UsageError, match="nobody of the roster's 24 people is in this store"):
        forget(place / "out", person(GONE), people=place / "people.csv", key_file=place / "other")


def test_an_analysis_with_another_key_does_not_pass_over_the_list(place: Path) -> None:
    forgotten(place, person(GONE))
    list_key = place / "key.forgotten"
    list_key.rename(place / "kept.forgotten")

    with pytest.raises(UnreadableFileError, match="there is no such key"):
        run(place)
    project_key(file=list_key)
    with pytest.raises(InputError, match="was written with another key"):
        run(place)


@pytest.mark.parametrize("content", [b"", b"orgnet-forgotten/1", b"\xff\n", b"a b c\n"])
def test_a_damaged_list_stops_the_analysis(place: Path, content: bytes) -> None:
    forgotten(place, person(GONE))
    (place / "out" / "restricted" / "forgotten").write_bytes(content)

    with pytest.raises(InputError, match="restricted/forgotten"):
        run(place)


def test_messages_of_the_command_name_nobody(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--people", str(place / "people.csv"), "--key", str(place / "key")]

    assert main(["forget", name(GONE), str(place / "out"), *given]) == 0

    said = capsys.readouterr()
    assert f"Removed {6 * WEEKS} weekly ties, 1 rows" in said.out
    assert name(GONE) not in said.out + said.err and address(GONE) not in said.out + said.err


def test_a_tagged_address_is_the_person_too() -> None:
    nobody = Forgotten(frozenset(), bytes(32))

    known = nobody.with_person(["Aya+lists@x.example"])

    assert known.includes(["aya@x.example"]) and known.includes(["AYA+other@x.example"])
    assert not known.includes(["bo@x.example"]) and not nobody.includes(["aya@x.example"])


def test_nobody_is_forgotten_where_there_is_no_list(tmp_path: Path) -> None:
    assert read_forgotten(tmp_path) is None


def test_a_table_written_again_drops_values_of_rows_that_are_gone(place: Path) -> None:
    table = read_table(place / "out", "people")
    coded = table.set_column(
        table.schema.get_field_index("person"), "person", table["person"].dictionary_encode()
    )

    write_table(place / "out", "people", coded.slice(1))

    again = read_table(place / "out", "people")
    assert not pa.types.is_dictionary(again.schema.field("person").type)
    first = coded["person"][0].as_py().encode()
    assert first not in (place / "out" / "restricted" / "people.parquet").read_bytes()
