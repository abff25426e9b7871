"""Viva Insights queries, invented and real: pairs are read, groups and totals are refused."""

import math
import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from orgnet.building import weekly_ties
from orgnet.errors import AmbiguousInputError, InputError, UnknownFormatError
from orgnet.rules import TieRules
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.activity_reports import ActivityReports
from orgnet_connectors.edges import EdgeList
from orgnet_connectors.group_tables import GroupTables
from orgnet_connectors.interactions import InteractionsCsv
from orgnet_connectors.list_cells import read_number
from orgnet_connectors.roster import Roster
from orgnet_connectors.viva import Viva
from orgnet_connectors.viva_headings import is_nobody
from support import shared

AYA = "1f2e3d4c-0000-4000-8000-00000000000a"
BEN = "1f2e3d4c-0000-4000-8000-00000000000b"
CY = "1f2e3d4c-0000-4000-8000-00000000000c"
HEADER = (
    "PrimaryCollaborator_PersonId,SecondaryCollaborator_PersonId,MetricDate,"
    "Diverse_tie_score,Diverse_tie_type,Strong_tie_score,Strong_tie_type,"
    "PrimaryCollaborator_Organization,SecondaryCollaborator_Organization\n"
)
OTHERS: list[Connector] = [
    Viva(),
    GroupTables(),
    ActivityReports(),
    EdgeList(),
    InteractionsCsv(),
    Roster(),
]


def line(
    sender: str, recipient: str, date: str, *, diverse: str = "0.1", strong: str = "0.5"
) -> str:
    return f"{sender},{recipient},{date},{diverse},1,{strong},2,Sales,Support\n"


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Source:
    path = tmp_path / "query.csv"
    path.write_text(text, encoding=encoding)
    return Source(path)


def read(source: Source, **options: Any) -> tuple[list[dict[str, Any]], Ledger]:
    ledger = Ledger()
    batches = Viva().read(source, ReadOptions(**options), ledger)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert ledger.interactions == len(rows)
    return rows, ledger


def claims(source: Source) -> list[str]:
    return [one.name for one in OTHERS if one.recognise(source) is not None]


@pytest.mark.parametrize("reader", [Viva(), GroupTables(), ActivityReports()])
def test_they_are_connectors(reader: Connector) -> None:
    assert isinstance(reader, Connector)


def test_a_row_is_a_directed_total_with_the_strong_tie_score(tmp_path: Path) -> None:
    source = written(tmp_path, HEADER + line(AYA.upper(), BEN, "2026-03-01"))

    rows, ledger = read(source)

    assert [(row["sender"], row["recipient"], row["value"]) for row in rows] == [(AYA, BEN, 0.5)]
    assert (rows[0]["channel"], rows[0]["kind"]) == ("work", "total")
    assert ledger.columns["Strong_tie_score"] == "value"
    assert {"Diverse_tie_type", "Strong_tie_type"} <= ledger.dropped_unread


def test_pair_without_a_strong_tie_has_the_diverse_one(tmp_path: Path) -> None:
    text = HEADER + line(AYA, BEN, "2026-03-01", strong="0") + line(AYA, CY, "2026-03-01")

    rows, ledger = read(written(tmp_path, text))

    assert [row["value"] for row in rows] == [0.1, 0.5]
    assert any("'Diverse_tie_score'" in note for note in ledger.ambiguous)


def test_organisations_become_departments_unless_they_are_special_values(tmp_path: Path) -> None:
    text = HEADER + f"{AYA},{BEN},2026-03-01,.1,1,.5,2,Sales,Unclassified Collaborators\n"

    _, ledger = read(written(tmp_path, text))

    assert {p.identity: p.department for p in ledger.profiles.values()} == {AYA: "Sales"}


def test_single_attribute_under_any_name_is_the_department(tmp_path: Path) -> None:
    text = (
        "PrimaryCollaborator_PersonId,SecondaryCollaborator_PersonId,PrimaryCollaborator_Bereich,"
        f"SecondaryCollaborator_Bereich,Strong tie score\n{AYA},{BEN},Vertrieb,Technik,0.5\n"
    )

    _, ledger = read(written(tmp_path, text))

    assert ledger.profiles[BEN].department == "Technik"


@pytest.mark.parametrize(
    "header",
    [
        "TieOrigin_PersonId,TieDestination_PersonId,StrongTieScore",
        "TieOrigin PersonId,TieDestination PersonId,Strong Tie Score",
        "PrimaryCollaborator-PersonId,SecondaryCollaborator-PersonId,Strong tie score",
        "TimeInvestors_PersonId,Collaborators_PersonId,StrongTieScore",
    ],
)
def test_older_names_and_raw_headings_are_known(tmp_path: Path, header: str) -> None:
    source = written(tmp_path, f"{header}\n{AYA},{BEN},0.25\n")

    rows, _ = read(source)

    assert [(row["sender"], row["value"], row["sent_at"]) for row in rows] == [(AYA, 0.25, None)]
    assert claims(source) == ["viva"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_are_told_apart(tmp_path: Path, encoding: str) -> None:
    source = written(tmp_path, HEADER + line(AYA, BEN, "2026-03-01"), encoding)

    assert len(read(source)[0]) == 1
    assert claims(source) == ["viva"]


def test_rows_without_a_person_or_a_tie_are_counted_under_their_reason(tmp_path: Path) -> None:
    text = HEADER + "".join(
        [
            line("", BEN, "2026-03-01"),
            line(AYA, "Other_collaborators", "2026-03-01"),
            line(AYA, "#N/A", "2026-03-01"),
            line(AYA, BEN, "2026-03-01", strong="0", diverse="0"),
            line(AYA, BEN, "2026-03-01", strong="#N/A", diverse=""),
            line(AYA, BEN, "2026-03-01", strong="much"),
            line(AYA, CY, "2026-03-01"),
        ]
    )

    rows, ledger = read(written(tmp_path, text))

    assert len(rows) == ledger.kept == 1
    assert ledger.skipped == {
        "no_sender": 1,
        "no_recipient": 2,
        "zero": 1,
        "no_value": 1,
        "bad_value": 1,
    }
    assert ledger.problems["bad_value"][0].place == "line 7"


def test_query_by_week_has_times(tmp_path: Path) -> None:
    dates = ["18/01/2026", "25/01/2026", "01/02/2026"]

    rows, ledger = read(written(tmp_path, HEADER + "".join(line(AYA, BEN, date) for date in dates)))

    assert [row["sent_at"].date().isoformat() for row in rows] == [
        "2026-01-18",
        "2026-01-25",
        "2026-02-01",
    ]
    assert ledger.ambiguous == [
        "the strength of a tie is 'Strong_tie_score' and, for a pair where that is 0, "
        "'Diverse_tie_score'"
    ]


def test_row_without_a_date_in_a_query_by_week_is_skipped(tmp_path: Path) -> None:
    dates = ["18/01/2026", "25/01/2026", "soon"]

    _, ledger = read(written(tmp_path, HEADER + "".join(line(AYA, BEN, date) for date in dates)))

    assert ledger.skipped == {"no_date": 1}


@pytest.mark.parametrize(
    "dates",
    [["01/04/2023"], ["01/03/2023", "01/04/2023", "01/05/2023"], ["4/1/2023 12:00:00 AM"] * 2],
)
def test_totals_have_a_period_and_no_time(tmp_path: Path, dates: list[str]) -> None:
    rows, ledger = read(written(tmp_path, HEADER + "".join(line(AYA, BEN, d) for d in dates)))

    assert {row["sent_at"] for row in rows} == {None}
    assert len({row["message"] for row in rows}) == len(set(dates))
    assert ledger.first is not None and ledger.last is not None
    assert ledger.first.day == ledger.last.day == 1
    assert any("--day-first" in note for note in ledger.ambiguous)


def test_totals_make_regular_ties_of_their_strength(tmp_path: Path) -> None:
    source = written(tmp_path, HEADER + line(AYA, BEN, "01/04/2023", strong="0.25"))
    batches = list(Viva().read(source, ReadOptions(), Ledger()))

    ties = weekly_ties(pa.Table.from_batches(batches), None, rules=TieRules()).ties

    assert ties["week"].isna().all()
    assert ties["strength"].tolist() == [0.25]


def test_user_decides_the_order_of_day_and_month(tmp_path: Path) -> None:
    source = written(tmp_path, HEADER + line(AYA, BEN, "01/04/2023"))

    _, ledger = read(source, day_first=False)

    assert ledger.first == datetime(2023, 1, 4, tzinfo=UTC)


def test_period_that_nothing_decides_is_left_open(tmp_path: Path) -> None:
    _, ledger = read(written(tmp_path, HEADER + line(AYA, BEN, "06/05/2025")))

    assert ledger.first is None
    assert "the period is left open" in ledger.ambiguous[0]


def test_weeks_that_nothing_decides_are_asked_for(tmp_path: Path) -> None:
    dates = ["03/04/2024", "10/04/2024"]
    source = written(tmp_path, HEADER + "".join(line(AYA, BEN, date) for date in dates))

    with pytest.raises(AmbiguousInputError, match=r"'MetricDate' do not show .* --day-first"):
        read(source)


def test_query_without_rows_or_headings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no rows"):
        read(written(tmp_path, HEADER))
    with pytest.raises(UnknownFormatError, match="two columns of person ids"):
        read(written(tmp_path, "a,b\n1,2\n"))


def test_query_with_wrong_rows_only_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"query\.csv, line 2: none of the 1 rows"):
        read(written(tmp_path, HEADER + line(AYA, BEN, "2026-03-01", strong="much")))


def test_every_row_of_the_published_query_is_read() -> None:
    source = Source(shared("samples/viva/p2p_data.csv"))

    rows, ledger = read(source)

    assert (ledger.read, ledger.kept, len(rows)) == (2014, 2014, 2014)
    assert rows[0]["value"] == pytest.approx(0.069560552)
    assert ledger.first == datetime(2023, 4, 1, tzinfo=UTC)
    assert claims(source) == ["viva"]


GROUP_TO_GROUP = (
    "PrimaryCollaborator_Organization,PrimaryCollaborator_GroupSize,"
    "SecondaryCollaborator_Organization,SecondaryCollaborator_GroupSize,MetricDate,"
    "Group_meeting_count\nSales,7,Support,9,01/04/2023,3\n"
)
OLD_GROUP_TO_GROUP = (
    "TimeInvestors_Organization,Collaborators_Organization,Date,Meetings,Meeting_hours\n"
    "Sales,Collaborators Within Group,01/04/2023,3,2\n"
)
PERSON_TO_GROUP = (
    "PrimaryCollaborator_PersonId,PrimaryCollaborator_LevelDesignation,"
    "SecondaryCollaborator_FunctionType,MetricDate,Meeting_Count,Mail_Count\n"
    f"{AYA},Manager,Support,01/03/2023,12,10\n"
)


@pytest.mark.parametrize("text", [GROUP_TO_GROUP, OLD_GROUP_TO_GROUP, PERSON_TO_GROUP])
def test_groups_are_recognised_and_refused_with_what_to_export(tmp_path: Path, text: str) -> None:
    source = written(tmp_path, text)

    assert claims(source) == ["viva_groups"]
    with pytest.raises(
        InputError, match=r"query\.csv: this table has groups, not people.*person-to-person query"
    ):
        list(GroupTables().read(source, ReadOptions(), Ledger()))


@pytest.mark.parametrize("name", ["g2g_data.csv", "p2g_data.csv"])
def test_published_group_queries_are_recognised(name: str) -> None:
    assert claims(Source(shared(f"samples/viva/{name}"))) == ["viva_groups"]


USAGE = (
    "\ufeffReport Refresh Date,User Id,User Principal Name,Last Activity Date,Is Deleted,"
    "Team Chat Message Count,Private Chat Message Count,Report Period\n"
    "2026-03-01,u1,aya@example.com,2026-02-27,False,12,40,30\n"
)
MEETINGS = (
    "\ufeffMeetingId,Attendee_meeting_hours,Number_of_attendees,Subject,Organizer,Organization,"
    f"Duration\n0400,2,4,secret,{AYA},Sales,0.5\n"
)
PERSONS = f"PersonId,MetricDate,Collaboration_hours\n{AYA},2026-03-01,12\n"


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        (USAGE, "getAllMessages"),
        (MEETINGS, "export calendars"),
        (PERSONS, "person-to-person query"),
        (PERSONS.replace("MetricDate", "Date"), "person-to-person query"),
    ],
)
def test_totals_of_single_people_are_refused_with_what_to_export(
    tmp_path: Path, text: str, instead: str
) -> None:
    source = written(tmp_path, text)

    assert ActivityReports().recognise(source) is not None
    with pytest.raises(InputError, match=f"no pairs of people.*{instead}") as refusal:
        list(ActivityReports().read(source, ReadOptions(), Ledger()))
    assert "secret" not in str(refusal.value)


def test_person_query_with_an_organisation_is_left_to_the_roster(tmp_path: Path) -> None:
    source = written(tmp_path, f"PersonId,MetricDate,Organization\n{AYA},2026-03-01,Sales\n")

    assert claims(source) == ["roster"]


def test_published_meeting_query_is_recognised() -> None:
    assert claims(Source(shared("samples/viva/mt_data.csv"))) == ["activity_report"]


@pytest.mark.parametrize("reader", [GroupTables(), ActivityReports()])
def test_refusing_reader_says_so_when_given_something_else(
    tmp_path: Path, reader: Connector
) -> None:
    source = written(tmp_path, "from,to\na,b\n")

    assert reader.recognise(source) is None
    with pytest.raises(InputError, match="leave it out"):
        list(reader.read(source, ReadOptions(), Ledger()))


def one_by_one(rows: list[list[str]], *, weekly: bool) -> tuple[list[Any], Counter[str], Any]:
    """What is read of rows that hold sender, recipient, date, score, other score, departments."""
    kept, skipped, departments = [], Counter[str](), {}
    for first, second, date, strong, diverse, *stated in rows:
        sender, recipient = ("" if is_nobody(x) else x.strip().lower() for x in (first, second))
        scores = [text for text in (strong, diverse) if not is_nobody(text)]
        numbers = [read_number(text) for text in scores]
        odd = [n is None or not 0 <= n < math.inf for n in numbers]
        above = [n is not None and 0 < n < math.inf for n in numbers]
        decided = next((at for at in range(len(numbers)) if odd[at] or above[at]), None)
        if not sender or not recipient:
            skipped["no_recipient" if sender else "no_sender"] += 1
        elif decided is None:
            skipped["zero" if numbers else "no_value"] += 1
        elif odd[decided]:
            skipped["bad_value"] += 1
        elif weekly and not date.startswith("2026"):
            skipped["no_date"] += 1
        else:
            kept.append((sender, recipient, numbers[decided]))
            for person, department in zip((sender, recipient), stated, strict=True):
                if not is_nobody(department):
                    departments.setdefault(person, department.strip())
    return kept, skipped, departments


@pytest.mark.parametrize("seed", range(5))
def test_columns_at_once_read_what_rows_one_by_one_do(tmp_path: Path, seed: int) -> None:
    drawn = random.Random(seed)
    people = [f" P{n}" if n % 3 else f"p{n}" for n in range(12)] + ["", "Unclassified", "N/A"]
    scores = ["0.5", "1", "0", "", "-1", "nan", "inf", "0,25", "none", "often"]
    dates = ["2026-03-01", "2026-03-08", "2026-03-15"] + (["", "soon"] if seed % 2 else [])
    groups = ["Sales", " Support", "Unclassified", ""]
    columns = (people, people, dates, scores, scores, groups, groups)
    rows = [[drawn.choice(cells) for cells in columns] for _ in range(300)]
    header = (
        "TieOrigin_PersonId,TieDestination_PersonId,MetricDate,StrongTieScore,DiverseTieScore,"
        "TieOrigin_Organization,TieDestination_Organization\n"
    )
    lines = [",".join(f'"{cell}"' for cell in row) for row in rows]
    found, ledger = read(written(tmp_path, header + "\n".join(lines)))

    kept, skipped, departments = one_by_one(rows, weekly=True)
    assert [(row["sender"], row["recipient"], row["value"]) for row in found] == kept
    assert ledger.skipped == skipped
    assert {p.identity: p.department for p in ledger.profiles.values()} == departments
