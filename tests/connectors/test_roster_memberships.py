"""Rosters with several rows a person: who was in which department from when on."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from orgnet.schema import MEMBERSHIPS, PEOPLE, Ledger, ReadOptions, Source
from orgnet_connectors.roster import Roster


def read(tmp_path: Path, text: str, **options: Any) -> tuple[dict[str, dict[str, Any]], Ledger]:
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    ledger = Ledger()
    batches = list(Roster().read(Source(path), ReadOptions(**options), ledger))
    return {row["person"]: row for row in pa.Table.from_batches(batches).to_pylist()}, ledger


def moves(row: dict[str, Any]) -> list[tuple[Any, Any]]:
    return [(one["since"], one["department"]) for one in row["memberships"]]


def test_memberships_stand_after_the_columns_of_the_people_table(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    text = "id,department,valid from,grade family\n1,Sales,2024-01-01,x\n1,Legal,2026-01-01,x\n"
    path.write_text(text, encoding="utf-8")

    batch = next(Roster().read(Source(path), ReadOptions(), Ledger()))

    assert batch.schema == pa.schema([*PEOPLE, MEMBERSHIPS, pa.field("grade_family", pa.string())])


@pytest.mark.parametrize(
    "text",
    [
        # one's own sheet
        "id,department,valid_from,valid_to\n1,Sales,2024-01-01,2026-02-28\n1,Legal,2026-03-01,\n",
        # SuccessFactors job information
        "User ID,Effective Start Date,Effective End Date,Department\n"
        "1,01/01/2024,02/28/2026,Sales (1001)\n1,03/01/2026,12/31/9999,Legal (1002)\n",
        # Workday-like
        "Effective Date,Worker,Employee ID,Supervisory Organization\n"
        "2026-03-01,Aya Ito,1,Legal\n2024-01-01,Aya Ito,1,Sales\n",
        # BambooHR job history
        "Employee #,Last name,Job Information: Date,Job Information: Department\n"
        "1,Ito,2024-01-01,Sales\n1,Ito,2026-03-01,Legal\n",
        # an analytics vendor's monthly snapshots
        "EMPLOYEE_ID,DEPARTMENT,SNAPSHOT\n1,Sales,2026-01-01\n1,Sales,2026-02-01\n"
        "1,Legal,2026-03-01\n1,Legal,2026-04-01\n",
        # jobs with their own start and end
        "id;Abteilung;Start;Ende\n1;Sales;01.01.2024;28.02.2026\n1;Legal;01.03.2026;\n",
        # Personio-like, in German
        "Personalnummer;Abteilung;Gültig ab;Gültig bis\n"
        "1;Legal;01.03.2026;31.12.9999\n1;Sales;01.01.2024;28.02.2026\n",
    ],
)
def test_change_of_department_is_read_from_the_usual_exports(tmp_path: Path, text: str) -> None:
    people, ledger = read(tmp_path, text)

    assert moves(people["1"]) == [(None, "Sales"), (date(2026, 3, 1), "Legal")]
    assert people["1"]["department"] == "Legal"
    assert ledger.kept == 1
    assert any(note.startswith("1 people changed departments") for note in ledger.ambiguous)


def test_secondment_ends_with_the_return(tmp_path: Path) -> None:
    text = (
        "id,department,valid from,valid to\n1,Sales,2020-01-01,\n"
        "1,Legal,2026-01-01,2026-02-28\n2,Legal,2020-01-01,\n"
    )

    people, _ = read(tmp_path, text)

    assert moves(people["1"]) == [
        (None, "Sales"),
        (date(2026, 1, 1), "Legal"),
        (date(2026, 3, 1), "Sales"),
    ]
    assert people["1"]["department"] == "Sales"
    assert people["2"]["memberships"] == []


def test_gap_between_two_jobs_belongs_to_the_first(tmp_path: Path) -> None:
    text = "id,department,start date,end date\n1,Sales,2020-01-01,2021-12-31\n1,Legal,2024-01-01,\n"

    people, _ = read(tmp_path, text)

    assert moves(people["1"]) == [(None, "Sales"), (date(2024, 1, 1), "Legal")]


def test_hire_date_that_is_the_same_in_all_rows_makes_no_move(tmp_path: Path) -> None:
    text = "id,department,hire date\n1,Sales,2020-01-01\n1,Legal,2020-01-01\n"

    people, _ = read(tmp_path, text)

    assert "memberships" not in people["1"]


def test_codes_and_case_make_no_move(tmp_path: Path) -> None:
    text = (
        "id,department,valid from\n1,Sales (1001),2020-01-01\n1,SALES,2024-01-01\n"
        "2,Sales,2020-01-01\n"
    )

    people, ledger = read(tmp_path, text)

    assert "memberships" not in people["1"]
    assert people["1"]["department"] == "Sales"
    assert ledger.skipped == {"superseded": 1}


def test_newest_row_gives_everything_else(tmp_path: Path) -> None:
    text = (
        "id,email,department,level,valid from\n1,old@x.example,Sales,3,2020-01-01\n"
        "1,new@x.example,Legal,4,2026-01-01\n"
    )

    people, _ = read(tmp_path, text)

    assert people["1"]["level"] == "4"
    assert people["1"]["emails"] == ["new@x.example", "old@x.example"]


def test_further_heading_called_memberships_gets_another_name(tmp_path: Path) -> None:
    people, _ = read(tmp_path, "id,department,memberships\n1,Sales,gold\n")

    assert people["1"]["memberships_2"] == "gold"
