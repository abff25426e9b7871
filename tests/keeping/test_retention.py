"""What has been kept long enough is deleted, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from kept_firm import FIRST_WEEK, PEOPLE, WEEKS, firm
from orgnet.cli import main
from orgnet.errors import UnreadableFileError, UsageError
from orgnet.restricted.retention import months_before, purge
from orgnet.restricted.tables import read_table, write_table

A_WEEK = 3 * PEOPLE


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return firm(tmp_path / "firm") / "out"


def test_ties_of_old_weeks_go_and_the_others_stay(place: Path) -> None:
    # A day after the second Monday, one month later: two weeks are too old.
    today = FIRST_WEEK + timedelta(days=8 + 31)

    purged = purge(place, keep_months=1, today=today)

    assert purged.before == FIRST_WEEK + timedelta(days=8)
    assert (purged.ties, purged.ties_kept) == (2 * A_WEEK, (WEEKS - 2) * A_WEEK)
    assert (purged.people, purged.people_kept) == (0, PEOPLE)
    weeks = pd.read_parquet(place / "restricted" / "ties.parquet")["week"]
    assert min(weeks) == FIRST_WEEK + timedelta(weeks=2)


def test_two_years_are_kept_if_nothing_else_is_said(place: Path) -> None:
    assert purge(place, today=date(2028, 1, 5)).ties == 0
    assert purge(place, today=date(2028, 1, 6)).ties == A_WEEK


def test_a_store_without_ties_keeps_nobody(place: Path) -> None:
    purged = purge(place, today=date(2029, 1, 1))

    assert (purged.ties_kept, purged.people_kept) == (0, 0)
    assert len(read_table(place, "people")) == 0


def test_who_has_no_tie_left_goes_too(place: Path) -> None:
    ties = read_table(place, "ties").to_pandas()
    alone = ties["sender"].iloc[0]
    newest = ties["week"] == ties["week"].max()
    touched = (ties["sender"] == alone) | (ties["recipient"] == alone)
    table = read_table(place, "ties")
    write_table(place, "ties", table.filter((~newest | ~touched).to_numpy()))

    purged = purge(place, keep_months=1, today=date(2026, 3, 8))

    assert purged.people == 1
    assert alone not in read_table(place, "people")["person"].to_pylist()


def test_ties_without_a_date_are_as_old_as_the_run(place: Path) -> None:
    table = read_table(place, "ties")
    at = table.schema.get_field_index("week")
    undated = table.slice(0, 5)
    week = table.schema.field("week")
    write_table(place, "ties", undated.set_column(at, week, pa.nulls(5, week.type)))

    assert purge(place, keep_months=1, today=date(2026, 4, 1), dry_run=True).ties == 0
    assert purge(place, keep_months=1, today=date(2026, 4, 2), dry_run=True).ties == 5


def test_zero_months_delete_everything(place: Path) -> None:
    purged = purge(place, keep_months=0)

    assert (purged.ties_kept, purged.people_kept) == (0, 0)


def contents(place: Path) -> dict[Path, bytes]:
    return {p: p.read_bytes() for p in (place / "restricted").rglob("*") if p.is_file()}


def test_a_dry_run_deletes_nothing(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(place)

    assert main(["purge", str(place), "--keep-months", "0", "--dry-run"]) == 0

    assert f"Would delete {WEEKS * A_WEEK} weekly ties" in capsys.readouterr().out
    assert contents(place) == before


def test_leftovers_of_stopped_runs_are_removed(place: Path) -> None:
    leftover = place / "restricted" / ".ties.parquet.x7"
    leftover.write_bytes(b"half a table")

    assert purge(place, today=date(2026, 3, 1)).leftovers == 1
    assert not leftover.exists()


def test_a_negative_number_of_months_is_refused(place: Path) -> None:
    with pytest.raises(UsageError, match="--keep-months is -1, expected 0 or more"):
        purge(place, keep_months=-1)


def test_a_folder_without_a_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"there is no restricted/ties\.parquet"):
        purge(tmp_path)


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
    ],
)
def test_months_are_those_of_the_calendar(day: date, months: int, earlier: date) -> None:
    assert months_before(day, months) == earlier
