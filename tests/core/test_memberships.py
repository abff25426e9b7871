"""People who change departments: contact counts in the department of its date."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import orgnet
from orgnet.building import network_of, weekly_ties
from orgnet.memberships import chart, stints
from orgnet.rules import TieRules, week_number

MONDAY = date(2026, 1, 5)
WEEK = week_number(MONDAY)

ROSTER = """id,email,department,valid_from,valid_to
m,m@x.example,Sales,2024-01-01,2026-02-15
m,m@x.example,Legal,2026-02-16,
s,s@x.example,Sales,2024-01-01,
l,l@x.example,Legal,2024-01-01,
"""


def roster(tmp_path: Path, text: str = ROSTER) -> pd.DataFrame:
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    return orgnet.read_people(path)


def messages(*rows: tuple[date, str, str], kind: str = "to") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["sent_at", "sender", "recipient"])
    times = [datetime(d.year, d.month, d.day, 12, tzinfo=UTC) for d in frame["sent_at"]]
    channel = "meeting" if kind == "attend" else "email"
    return frame.assign(sent_at=times, channel=channel, kind=kind)


def weekly(
    sender: str, recipient: str, first: date, count: int, *, kind: str = "to"
) -> pd.DataFrame:
    days = [first + timedelta(weeks=week) for week in range(count)]
    return messages(*((day, sender, recipient) for day in days), kind=kind)


def department(network: orgnet.Network, person: str) -> Any:
    return network.people["department"][person]


def test_window_before_a_change_has_the_department_of_before(tmp_path: Path) -> None:
    records = pd.concat([weekly("m", "s", MONDAY, 4), weekly("m", "l", date(2026, 3, 2), 4)])

    before = orgnet.build_network(
        records, roster(tmp_path), rules=TieRules(last_day=date(2026, 2, 8))
    )
    after = orgnet.build_network(
        records, roster(tmp_path), rules=TieRules(first_day=date(2026, 2, 16))
    )

    assert department(before, "m") == "Sales"
    assert department(after, "m") == "Legal"
    assert before.dropped == {"outside_window": 4}
    assert after.dropped == {"outside_window": 4}


def test_one_reading_serves_windows_on_both_sides_of_a_change(tmp_path: Path) -> None:
    records = pd.concat([weekly("m", "s", MONDAY, 4), weekly("m", "l", date(2026, 3, 2), 4)])
    ties = weekly_ties(records, roster(tmp_path), rules=TieRules())

    charts = [
        department(network_of(ties, rules=rules), "m")
        for rules in (TieRules(last_day=date(2026, 2, 8)), TieRules(first_day=date(2026, 2, 16)))
    ]

    assert charts == ["Sales", "Legal"]


def test_ties_tell_the_departments_of_their_day(tmp_path: Path) -> None:
    days = (date(2026, 2, 15), date(2026, 2, 16))
    records = messages(*((day, "m", "s") for day in days), *((day, "l", "m") for day in days))

    ties = weekly_ties(records, roster(tmp_path), rules=TieRules()).ties

    columns = ["sender", "recipient", "sender_department", "recipient_department"]
    assert sorted(ties[columns].values.tolist()) == [
        ["l", "m", "Legal", "Legal"],
        ["l", "m", "Legal", "Sales"],
        ["m", "s", "Legal", "Sales"],
        ["m", "s", "Sales", "Sales"],
    ]


def test_both_directions_of_a_meeting_tell_the_departments_of_its_day(tmp_path: Path) -> None:
    records = messages((date(2026, 1, 5), "s", "m"), (date(2026, 3, 2), "m", "s"), kind="attend")

    ties = weekly_ties(records, roster(tmp_path), rules=TieRules()).ties

    columns = ["sender", "recipient", "sender_department", "recipient_department"]
    assert ties[columns].values.tolist() == [
        ["m", "s", "Sales", "Sales"],
        ["s", "m", "Sales", "Sales"],
        ["m", "s", "Legal", "Sales"],
        ["s", "m", "Sales", "Legal"],
    ]


def test_contact_had_in_another_department_than_the_charts_is_left_out(tmp_path: Path) -> None:
    # Six weeks in Sales, then four in Legal: the window's chart has Sales.
    records = pd.concat(
        [
            weekly("m", "s", MONDAY, 6),
            weekly("m", "s", date(2026, 2, 16), 2),
            weekly("m", "l", date(2026, 2, 16), 4),
            weekly("s", "l", MONDAY, 10),
        ]
    )

    network = orgnet.build_network(records, roster(tmp_path))

    assert department(network, "m") == "Sales"
    assert network.dropped == {"other_department": 6}
    pairs = network.to_pandas()[["sender", "recipient", "strength"]].values.tolist()
    assert pairs == [["m", "s", 6.0], ["s", "l", 10.0]]


def test_of_two_departments_of_the_same_length_the_later_one_counts() -> None:
    people = pd.DataFrame(
        {
            "person": ["m"],
            "memberships": [
                [
                    {"since": None, "department": "Sales", "team": None},
                    {"since": "2026-01-12", "department": "Legal", "team": "T"},
                ]
            ],
        }
    )

    moves = stints(people)

    assert chart(moves, WEEK, WEEK + 1).values.tolist() == [["Legal", "T"]]
    assert chart(moves, WEEK - 1, WEEK + 1).values.tolist() == [["Sales", None]]
    assert chart(moves, WEEK, WEEK).values.tolist() == [["Sales", None]]


def test_who_was_seen_in_the_other_department_only_is_not_observed(tmp_path: Path) -> None:
    records = pd.concat([weekly("m", "l", date(2026, 2, 16), 3), weekly("s", "l", MONDAY, 10)])

    network = orgnet.build_network(records, roster(tmp_path))

    assert department(network, "m") == "Sales"
    assert not network.people["observed"]["m"]


def test_change_of_team_alone_leaves_nothing_out(tmp_path: Path) -> None:
    text = (
        "id,department,team,valid_from\nm,Sales,North,2024-01-01\nm,Sales,South,2026-02-01\n"
        "s,Sales,South,2024-01-01\n"
    )

    network = orgnet.build_network(weekly("m", "s", MONDAY, 10), roster(tmp_path, text))

    assert network.people["team"]["m"] == "South"
    assert "other_department" not in network.dropped


def test_without_dates_the_last_department_counts(tmp_path: Path) -> None:
    records = messages((MONDAY, "m", "s")).assign(sent_at=pd.NaT)

    network = orgnet.build_network(records, roster(tmp_path))

    assert department(network, "m") == "Legal"
    assert len(network.pairs) == 1


def test_people_who_never_moved_need_no_stints(tmp_path: Path) -> None:
    people = roster(tmp_path, "id,department,valid_from\na,Sales,2024-01-01\nb,Legal,2024-01-01\n")

    ties = weekly_ties(weekly("a", "b", MONDAY, 2), people, rules=TieRules())

    assert "memberships" not in people.columns
    assert (len(ties.stints), "sender_department" in ties.ties.columns) == (0, False)


@pytest.mark.parametrize("cell", [None, [], float("nan")])
def test_cells_without_memberships_are_nobodys_move(cell: Any) -> None:
    people = pd.DataFrame({"person": ["a"], "memberships": pd.Series([cell], dtype=object)})

    assert stints(people).empty
