"""What is taken from the store is what reading everything at once gives, to the last byte."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import orgnet
from orgnet.analysis import Analysis, Settings, analyse
from orgnet.building import WeeklyTies, weekly_ties
from orgnet.disclosure import DisclosurePolicy
from orgnet.pseudonyms import pseudonyms
from orgnet.restricted.store import Answered, Asked, Store, answer, forget_in_store
from orgnet.roster import read_people
from orgnet.rules import TieRules
from orgnet.schema import ReadOptions
from store_firm import MOVER, address, records, thirds, write_records, write_roster, write_undated

KEY = bytes(range(32))

RULES = {
    "defaults": TieRules(),
    "a window": TieRules(first_day=date(2026, 2, 2), last_day=date(2026, 3, 15)),
    "small messages only": TieRules(broadcast_above=5, meeting_above=7),
    "everything": TieRules(broadcast_above=500, meeting_above=500, carbon_copy_share=1.0),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return thirds(tmp_path_factory.mktemp("parts"))


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory, files: list[Path]) -> Path:
    """A store of three batches, and one of a single batch."""
    folder = tmp_path_factory.mktemp("made")
    roster = write_roster(folder / "people.csv")
    for number in (1, 2, 3):
        found = stored(folder / "three", files[:number], asked(roster))
        assert found.taken == number - 1
    stored(folder / "one", files, asked(roster))
    return folder


@pytest.fixture
def three(_made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(_made / "three", tmp_path / "three"))


@pytest.fixture
def one(_made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(_made / "one", tmp_path / "one"))


def asked(roster: Path, rules: TieRules | None = None, **more: Any) -> Asked:
    return Asked(
        roster=read_people(roster),
        key=KEY,
        options=ReadOptions(),
        rules=rules or TieRules(),
        **more,
    )


def stored(out: Path, files: list[Path], question: Asked) -> Answered:
    """Answer, and leave the store as it is to be."""
    store = Store(out)
    found = answer(store, orgnet.read(*files), question)
    assert found.batches is not None
    store.commit(found.batches, question.hasher.check)
    return found


def at_once(files: list[Path], question: Asked) -> WeeklyTies:
    return weekly_ties(orgnet.read(*files), question.roster, rules=question.rules)


def assert_same(one: WeeklyTies, other: WeeklyTies, *, left: bool = False) -> None:
    """Compare; `left` is whether somebody left who had contact with somebody who opted out."""
    pd.testing.assert_frame_equal(one.ties, other.ties, check_exact=True)
    pd.testing.assert_frame_equal(one.people, other.people)
    pd.testing.assert_frame_equal(one.everybody, other.everybody)
    assert (one.records, one.kept) == (other.records, other.kept)
    assert told(one, left) == told(other, left)
    for name in ("external", "unmatched", "not_people", "opted_out", "respondents"):
        assert getattr(one, name) == getattr(other, name), name


def told(weekly: WeeklyTies, left: bool) -> dict[str, int]:
    removed = dict(weekly.removed)
    if left:
        # Of whom the contact of people who opted out was is not kept.
        removed["out_of_scope"] += removed.pop("opted_out")
    return removed


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
def test_three_exports_one_after_the_other_are_as_all_at_once(
    three: Path, tmp_path: Path, files: list[Path], rules: TieRules
) -> None:
    roster = write_roster(tmp_path / "people.csv")
    found = stored(three, files, asked(roster, rules))

    assert (found.taken, found.told) == (3, ())
    expected = at_once(files, asked(roster, rules))
    assert min(expected.removed.values()) > 0 or rules == RULES["everything"]
    assert_same(found.weekly, expected)


def test_what_is_read_beside_the_store_is_counted_with_it(
    one: Path, tmp_path: Path, files: list[Path]
) -> None:
    roster = write_roster(tmp_path / "people.csv")
    other = write_records(tmp_path / "other.parquet", records(seed=8, size=500))
    found = stored(one, [other, *files], asked(roster))

    assert found.taken == 3
    assert_same(found.weekly, at_once([other, *files], asked(roster)))


def test_records_with_and_without_dates_are_kept_apart(tmp_path: Path, files: list[Path]) -> None:
    roster = write_roster(tmp_path / "people.csv")
    both = [files[0], write_undated(tmp_path / "undated.csv")]
    stored(tmp_path / "out", both[:1], asked(roster))
    stored(tmp_path / "out", both, asked(roster))
    found = stored(tmp_path / "out", both, asked(roster))

    assert found.taken == 2 and found.weekly.ties["week"].isna().any()
    assert_same(found.weekly, at_once(both, asked(roster)))


def test_exports_that_are_added_are_named_alone(tmp_path: Path, files: list[Path]) -> None:
    roster = write_roster(tmp_path / "people.csv")
    stored(tmp_path / "out", files[:1], asked(roster))
    stored(tmp_path / "out", files[1:2], asked(roster, add=True))
    found = stored(tmp_path / "out", files[2:], asked(roster, add=True))

    assert [reading.source.name for reading in found.records.readings] == [f.name for f in files]
    assert_same(found.weekly, at_once(files, asked(roster)))


def test_without_a_file_everything_is_taken_from_the_store(
    one: Path, tmp_path: Path, files: list[Path]
) -> None:
    roster = write_roster(tmp_path / "people.csv")
    found = answer(Store(one), orgnet.read(), asked(roster))

    assert found.taken == 3
    assert_same(found.weekly, at_once(files, asked(roster)))


@pytest.mark.parametrize(
    "change",
    [
        {"shift": 1},
        {"without": (7, 8)},
        {"opted_out": (3, 9, 10)},
        {"shift": 2, "without": (11,), "opted_out": (3, 12)},
    ],
    ids=["other departments", "people left", "more opted out", "all of it"],
)
def test_another_roster_is_applied_without_reading_again(
    three: Path, tmp_path: Path, files: list[Path], change: dict[str, object]
) -> None:
    roster = write_roster(tmp_path / "later.csv", **change)  # type: ignore[arg-type]
    found = stored(three, files, asked(roster))

    left = "without" in change
    assert (found.taken, found.told) == (3, ())
    assert_same(found.weekly, at_once(files, asked(roster)), left=left)
    # And once more from what is left in the store now.
    again = stored(three, files, asked(roster))
    assert again.taken == 3
    assert_same(again.weekly, found.weekly)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"opted_out": ()}, "no longer left out"),
        ({"moved": date(2026, 2, 25)}, "other changes of department"),
        ({"moved": None}, "other changes of department"),
        ({"known": False}, "who is who"),
    ],
)
def test_a_roster_that_changes_who_is_who_has_exports_read_again(
    one: Path, tmp_path: Path, files: list[Path], change: dict[str, object], why: str
) -> None:
    roster = write_roster(tmp_path / "later.csv", **change)  # type: ignore[arg-type]
    found = answer(Store(one), orgnet.read(*files), asked(roster))

    assert found.taken == 0
    assert len(found.told) == 1 and why in found.told[0]
    assert "part0.parquet, part1.parquet, part2.parquet: read again" in found.told[0]
    assert_same(found.weekly, at_once(files, asked(roster)))


def test_a_roster_that_comes_to_know_somebody_has_exports_read_again(
    tmp_path: Path, files: list[Path]
) -> None:
    stored(tmp_path / "out", files, asked(write_roster(tmp_path / "p.csv", known=False)))
    roster = write_roster(tmp_path / "later.csv")
    found = stored(tmp_path / "out", files, asked(roster))

    assert found.taken == 0 and "who is who" in found.told[0]
    assert_same(found.weekly, at_once(files, asked(roster)))


def test_after_somebody_was_forgotten_the_others_need_no_reading(
    one: Path, tmp_path: Path, files: list[Path]
) -> None:
    theirs = [address(9), "E9"]
    assert forget_in_store(Store(one), pseudonyms(theirs, KEY), theirs, KEY) > 0
    roster = write_roster(tmp_path / "people.csv", opted_out=(3, 9))
    found = stored(one, files, asked(roster))

    assert (found.taken, found.told) == (3, ())
    assert_same(found.weekly, at_once(files, asked(roster)))


def test_an_export_that_is_left_out_takes_the_others_of_its_batch_along(
    one: Path, tmp_path: Path, files: list[Path]
) -> None:
    roster = write_roster(tmp_path / "people.csv")
    found = stored(one, files[:1], asked(roster))

    assert found.taken == 0
    assert found.told == (
        "part0.parquet: read again, for not all exports that were read with them were named",
    )
    assert_same(found.weekly, at_once(files[:1], asked(roster)))


def test_an_export_that_overlaps_with_one_left_out_is_read_again(
    three: Path, tmp_path: Path, files: list[Path]
) -> None:
    roster = write_roster(tmp_path / "people.csv")
    found = stored(three, files[1:2], asked(roster))

    assert found.taken == 0 and "overlap" in found.told[0]
    assert_same(found.weekly, at_once(files[1:2], asked(roster)))


def test_the_same_export_named_twice_counts_once(tmp_path: Path, files: list[Path]) -> None:
    roster = write_roster(tmp_path / "people.csv")
    twice = [files[0], files[0]]
    first = stored(tmp_path / "out", twice, asked(roster))
    found = stored(tmp_path / "out", twice, asked(roster))

    assert found.taken == 2
    assert_same(first.weekly, at_once(twice, asked(roster)))
    assert_same(found.weekly, first.weekly)


def test_other_ways_of_reading_have_exports_read_again(
    one: Path, tmp_path: Path, files: list[Path]
) -> None:
    roster = read_people(write_roster(tmp_path / "people.csv"))
    other = Asked(roster=roster, key=KEY, options=ReadOptions(day_first=True), rules=TieRules())
    found = answer(Store(one), orgnet.read(*files, day_first=True), other)

    assert found.taken == 0 and "in another way" in found.told[0]


def run(folder: Path, out: str, files: list[Path], **more: object) -> Analysis:
    rules = more.pop("rules", TieRules())
    return analyse(
        files,
        people=folder / "people.csv",
        out=folder / out,
        settings=Settings(
            run_date=date(2026, 4, 30),
            key_file=folder / "key",
            policy=DisclosurePolicy(minimum_group=3),
            rules=rules,  # type: ignore[arg-type]
            earlier="withdrawn",
        ),
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("rules", [RULES["defaults"], RULES["small messages only"]])
def test_the_report_from_the_store_is_that_of_reading_to_the_last_byte(
    tmp_path: Path, files: list[Path], rules: TieRules
) -> None:
    write_roster(tmp_path / "people.csv")
    run(tmp_path, "parts", files[:1])
    run(tmp_path, "parts", files[1:], add=True)
    taken = run(tmp_path, "parts", [], rules=rules)
    read = run(tmp_path, "whole", files, rules=rules)

    assert (taken.taken, read.taken) == (3, 0)
    assert len(read.weekly.stints) > 0
    assert read.diagnosis.network.people.loc[f"E{MOVER}", "department"] in ("Legal", "Sales")
    for name in ("report.html", "diagnosis.json", "manifest.json", "restricted/ties.parquet"):
        one, other = ((tmp_path / out / name).read_bytes() for out in ("parts", "whole"))
        assert one == other, name
