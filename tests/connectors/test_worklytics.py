"""Collaboration graphs with two employees a row."""

from pathlib import Path
from typing import Any

import pytest

from orgnet.errors import InputError, UnknownFormatError
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.activity_reports import ActivityReports
from orgnet_connectors.edges import EdgeList
from orgnet_connectors.event_log import EventLog
from orgnet_connectors.group_tables import GroupTables
from orgnet_connectors.interactions import InteractionsCsv
from orgnet_connectors.roster import Roster
from orgnet_connectors.viva import Viva
from orgnet_connectors.worklytics import Worklytics

OTHERS: list[Connector] = [
    Worklytics(),
    Viva(),
    GroupTables(),
    ActivityReports(),
    EventLog(),
    EdgeList(),
    InteractionsCsv(),
    Roster(),
]


def written(tmp_path: Path, text: str) -> Source:
    path = tmp_path / "graph.csv"
    path.write_text(text, encoding="utf-8")
    return Source(path)


def read(source: Source, **options: Any) -> tuple[list[dict[str, Any]], Ledger]:
    ledger = Ledger()
    batches = Worklytics().read(source, ReadOptions(**options), ledger)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert ledger.interactions == ledger.kept == len(rows)
    return rows, ledger


def claims(source: Source) -> list[str]:
    return [one.name for one in OTHERS if one.recognise(source) is not None]


def test_it_is_a_connector() -> None:
    assert isinstance(Worklytics(), Connector)


@pytest.mark.parametrize(
    "header",
    [
        "week,employeeId1,employeeId2,interactionCount",
        "Week Start,Employee Email A,Employee Email B,Minutes",
        "weekOf,employeeId,collaboratorId,collaborationScore",
        "week,sourceEmployeeId,targetEmployeeId,weight",
        "date,fromPersonId,toPersonId,interactions",
    ],
)
def test_rows_by_week_are_dated_totals(tmp_path: Path, header: str) -> None:
    source = written(tmp_path, f"{header}\n2026-03-02,7,8,12\n2026-03-09,7,9.0,0.5\n")

    rows, ledger = read(source)

    assert [(row["sender"], row["recipient"], row["value"]) for row in rows] == [
        ("7", "8", 12.0),
        ("7", "9", 0.5),
    ]
    assert {(row["channel"], row["kind"]) for row in rows} == {("work", "total")}
    assert rows[0]["sent_at"].isoformat() == "2026-03-02T00:00:00+00:00"
    assert ledger.ambiguous == []
    assert claims(source) == ["worklytics"]


def test_rows_of_one_period_are_totals_without_a_time(tmp_path: Path) -> None:
    rows, ledger = read(
        written(tmp_path, "period,employeeId1,employeeId2,hours\n2026-03-01,7,8,1\n")
    )

    assert rows[0]["sent_at"] is None
    assert ledger.ambiguous == ["not by week or day: its ties are totals without a time"]


def test_graph_without_a_strength_counts_rows(tmp_path: Path) -> None:
    source = written(
        tmp_path, "week,employeeId1,employeeId2,x\n2026-03-02,7,8,1\n2026-03-09,7,8,1\n"
    )

    rows, ledger = read(source)

    assert [row["value"] for row in rows] == [1.0, 1.0]
    assert ledger.ambiguous == ["no strength in the file; all rows count the same"]
    assert ledger.dropped_unread == {"x"}


def test_rows_that_are_no_ties_are_counted_under_their_reason(tmp_path: Path) -> None:
    values = "7,,1\n,8,1\n7,8,\n7,8,much\n7,8,0\n7,8,-1\n7,8,2\n"

    _, ledger = read(written(tmp_path, "employeeId1,employeeId2,weight\n" + values))

    assert ledger.kept == 1
    assert ledger.skipped == {
        **{"no_recipient": 1, "no_sender": 1, "no_value": 1, "bad_value": 2, "zero": 1},
    }


def test_row_without_its_week_is_counted(tmp_path: Path) -> None:
    text = "week,employeeId1,employeeId2\n2026-03-02,7,8\n2026-03-09,7,8\nsoon,7,8\n"

    assert read(written(tmp_path, text))[1].skipped == {"no_date": 1}


@pytest.mark.parametrize(
    "text",
    [
        "employeeId1,employeeId2\n7,8\n",
        "employeeId,department,week\n7,Sales,1\n",
        "from,to,employeeId1,employeeId2,week\n1,2,7,8,1\n",
        "employeeName1,employeeName2,weight\nAya,Ben,1\n",
    ],
)
def test_other_tables_are_not_claimed(tmp_path: Path, text: str) -> None:
    source = written(tmp_path, text)

    assert "worklytics" not in claims(source)
    with pytest.raises(UnknownFormatError, match="no two columns of employees"):
        read(source)


def test_graph_of_wrong_rows_only_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"graph\.csv, line 2: none of the 1 rows"):
        read(written(tmp_path, "employeeId1,employeeId2,weight\n7,8,much\n"))
