"""Edge lists, invented and real."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from orgnet.errors import (
    AmbiguousInputError,
    InputError,
    UnknownFormatError,
    UnreadableFileError,
)
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.edges import EdgeList
from orgnet_connectors.interactions import InteractionsCsv
from orgnet_connectors.roster import Roster
from support import shared


def read(path: Path, **options: Any) -> tuple[list[dict[str, Any]], Ledger]:
    ledger = Ledger()
    batches = EdgeList().read(Source(path), ReadOptions(**options), ledger)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert ledger.interactions == len(rows)
    return rows, ledger


def read_text(
    tmp_path: Path, text: str, name: str = "ties.csv", **options: Any
) -> tuple[list[dict[str, Any]], Ledger]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read(path, **options)


def pairs(rows: Sequence[dict[str, Any]]) -> list[tuple[str, str, float]]:
    return [(row["sender"], row["recipient"], row["value"]) for row in rows]


def test_it_is_a_connector() -> None:
    assert isinstance(EdgeList(), Connector)


def test_plain_list_has_ties_of_strength_one(tmp_path: Path) -> None:
    rows, ledger = read_text(tmp_path, "from,to\naya,ben\nben,cy\n")

    assert pairs(rows) == [("aya", "ben", 1.0), ("ben", "cy", 1.0)]
    assert {row["kind"] for row in rows} == {"total"}
    assert {row["channel"] for row in rows} == {"survey"}
    assert {row["recipients"] for row in rows} == {1}
    assert all(row["sent_at"] is None for row in rows)
    assert ledger.ambiguous == ["no column 'channel'; read as 'survey' (--channel)"]


@pytest.mark.parametrize(
    "header",
    [
        "Source,Target,Weight",
        "ego,alter,value",
        "src;dst;count",
        "Sender\tReceiver\tStrength",
        "SourceID|TargetID|weight",
        "i,j,value",
        "node1,node2,weight",
    ],
)
def test_usual_headings_are_known(tmp_path: Path, header: str) -> None:
    delimiter = next(c for c in header if c in ",;\t|")

    rows, _ = read_text(tmp_path, f"{header}\n" + delimiter.join(["1", "2", "2.5"]) + "\n")

    assert pairs(rows) == [("1", "2", 2.5)]


@pytest.mark.parametrize(
    "text",
    [
        "1 2 3\n2 3 4\n",
        "# made by hand\n1  2   3\n2 3 4\n",
        "1,2,3\n2,3,4\n",
        "% x\n1\t2\t3\n2\t3\t4\n",
    ],
)
def test_list_without_headings_is_read(tmp_path: Path, text: str) -> None:
    rows, _ = read_text(tmp_path, text)

    assert pairs(rows) == [("1", "2", 3.0), ("2", "3", 4.0)]


def test_two_bare_columns_of_words_are_ties(tmp_path: Path) -> None:
    rows, _ = read_text(tmp_path, "aya ben\nben cy\n")

    assert pairs(rows) == [("aya", "ben", 1.0), ("ben", "cy", 1.0)]


@pytest.mark.parametrize(
    "text",
    [
        *("a;b\nb;c;d\ne\nf;a;g\n", "hello world, this is\na letter to you\n", "word\n", ""),
        *("apples,pears\n1,2\n3,4\n", "id,department\n1,Sales\n", "a b\n"),
        '"";"x";"y"\n"x";0;1\n"y";1;0\n',
    ],
)
def test_other_texts_are_no_edge_lists(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")

    assert EdgeList().recognise(Source(path)) is None


def test_file_that_is_no_list_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError, match="name two columns 'from' and 'to'"):
        read_text(tmp_path, "apples,pears\n1,2\n")


def test_ids_are_text_and_addresses_in_lower_case(tmp_path: Path) -> None:
    rows, _ = read_text(tmp_path, "from,to\n12.0, 7 \nAya@Example.com,Ben <BEN@example.com>\n")

    assert pairs(rows) == [("12", "7", 1.0), ("aya@example.com", "ben@example.com", 1.0)]


def test_self_ties_and_repeated_rows_are_left_to_the_next_stage(tmp_path: Path) -> None:
    rows, ledger = read_text(tmp_path, "from,to\n1,1\n1,2\n1,2\n")

    assert len(rows) == 3
    assert ledger.kept == 3


def test_row_without_an_end_is_skipped_by_its_reason(tmp_path: Path) -> None:
    rows, ledger = read_text(tmp_path, "from,to\nNA,2\n1,\n1,2\n")

    assert len(rows) == 1
    assert ledger.skipped == {"no_sender": 1, "no_recipient": 1}
    assert ledger.problems["no_recipient"][0].place == "line 3"


def test_strengths_that_cannot_be_are_skipped_by_their_reason(tmp_path: Path) -> None:
    values = ["2", "0", "-1", "inf", "nan", "often", "", "NA", '"1,234"', '"1,5"']
    body = "".join(f"a,b{n},{value}\n" for n, value in enumerate(values))

    rows, ledger = read_text(tmp_path, f"from,to,weight\n{body}")

    assert [row["value"] for row in rows] == [2.0, 1.5]
    assert ledger.skipped == {"zero": 1, "bad_value": 5, "no_value": 2}
    assert ledger.problems["bad_value"][0].place == "line 4"


def test_list_without_one_good_row_is_refused_with_place_and_remedy(tmp_path: Path) -> None:
    message = r"ties\.csv, line 2: none of the 2 rows can be read; .*; write strengths as 1 or 1\.5"
    with pytest.raises(InputError, match=message):
        read_text(tmp_path, "from,to,weight\n1,2,often\n2,3,-1\n")


def test_list_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="the list has headings and no rows"):
        read_text(tmp_path, "from,to\n")


def test_rated_list_asks_from_which_value_on_a_row_is_a_tie(tmp_path: Path) -> None:
    with pytest.raises(AmbiguousInputError) as caught:
        read_text(tmp_path, "from,to,score\n1,2,5\n1,3,1\n2,3,3\n", name="info.csv")

    assert str(caught.value) == (
        "info.csv: 'score' runs from 1 to 5, and 1 may mean 'never'; "
        "say from which value on a row is a tie, e.g. --tie-from 3"
    )


def test_rated_list_keeps_ratings_from_the_stated_value_on(tmp_path: Path) -> None:
    text = "from,to,score\n1,2,5\n1,3,1\n2,3,2\n3,1,\n3,2,often\n"

    rows, ledger = read_text(tmp_path, text, tie_from=2.0)

    assert pairs(rows) == [("1", "2", 5.0), ("2", "3", 2.0)]
    assert {row["kind"] for row in rows} == {"nomination"}
    assert ledger.skipped == {"below_tie_from": 1, "no_value": 2}


def test_rating_of_zero_says_by_itself_that_it_is_no_tie(tmp_path: Path) -> None:
    rows, ledger = read_text(tmp_path, "from,to,rating\n1,2,0\n1,3,4\n")

    assert pairs(rows) == [("1", "3", 4.0)]
    assert ledger.skipped == {"zero": 1}


def test_undirected_rows_of_gephi_are_one_tie(tmp_path: Path) -> None:
    text = (
        "Source,Target,Type,Id,Label,timeset,Weight\n1,2,Undirected,0,,,1.0\n2,3,Directed,1,,,2\n"
    )

    rows, ledger = read_text(tmp_path, text)

    assert pairs(rows) == [("1", "2", 1.0), ("2", "3", 2.0)]
    assert ledger.columns["Type"] == "directed"
    assert ledger.dropped_unread == {"Id", "timeset"}
    assert "1 rows marked undirected are read as one tie" in ledger.ambiguous


def test_several_relations_in_one_list_are_noted(tmp_path: Path) -> None:
    _, ledger = read_text(tmp_path, "from,to,type\n1,2,advice\n1,2,trust\n")

    assert any("'type' names 2 relations" in note for note in ledger.ambiguous)


def test_channel_is_taken_from_the_row_then_from_the_options(tmp_path: Path) -> None:
    rows, ledger = read_text(
        tmp_path, "from,to,channel\n1,2,Email\n1,3,carrier pigeon\n", channel="work"
    )

    assert {(row["recipient"], row["channel"]) for row in rows} == {("2", "email"), ("3", "work")}
    assert ledger.ambiguous == []


def test_dated_strengths_keep_their_dates(tmp_path: Path) -> None:
    text = "from,to,weight,date\n1,2,3,27/02/2026\n1,3,2,03/02/2026\n1,4,1,soon\n"

    rows, ledger = read_text(tmp_path, text)

    assert [row["sent_at"].date().isoformat() for row in rows] == ["2026-02-27", "2026-02-03"]
    assert ledger.skipped == {"no_date": 1}
    assert ledger.first is not None
    assert ledger.first.isoformat() == "2026-02-03T00:00:00+00:00"


def test_message_keys_are_stable_and_differ_between_files(tmp_path: Path) -> None:
    first, _ = read_text(tmp_path, "from,to\n1,2\n", name="a.csv")
    copy, _ = read_text(tmp_path, "from,to\n1,2\n", name="b.csv")
    other, _ = read_text(tmp_path, "from,to\n3,4\n", name="c.csv")

    assert first[0]["message"] == copy[0]["message"]
    assert first[0]["message"] != other[0]["message"]


def test_workbook_is_read(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for row in [["From", "To", "Weight"], [1, 2, 0.5], ["Aya", "Ben", 2]]:
        workbook.active.append(row)
    workbook.save(tmp_path / "ties.xlsx")

    rows, _ = read(tmp_path / "ties.xlsx")

    assert pairs(rows) == [("1", "2", 0.5), ("Aya", "Ben", 2.0)]


@pytest.mark.parametrize(
    ("text", "reader"),
    [
        ("from,to\n1,2\n", "edges"),
        ("from,to,weight\n1,2,3\n", "edges"),
        ("from,to,weight,date\n1,2,3,2026-03-02\n", "edges"),
        ("time,from,to\n2026-03-02,1,2\n", "interactions"),
        ("1 2 1082040961\n3 4 1082155839\n", "interactions"),
        ("1 2 5\n3 4 7\n", "edges"),
        ("id,department\n1,Sales\n", "roster"),
        ("id,from,to,department\n1,2,3,Sales\n", "edges"),
        ("apples,pears\n1,2\n", None),
        ("objective,department\nlaunch,Sales\nlaunch,Support\n", None),
        ("name,department\nAya,Sales\nBen,Support\n", "roster"),
        ("id,name,i,department\n1,from,to,Sales\n", "roster"),
    ],
)
def test_a_table_belongs_to_one_reader(tmp_path: Path, text: str, reader: str | None) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")

    claims = [
        one.name
        for one in (EdgeList(), InteractionsCsv(), Roster())
        if one.recognise(Source(path)) is not None
    ]

    assert claims == ([reader] if reader else [])


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "count", "selfs"),
    [
        ("data/email-eu-core/edges.csv", 25_571, 642),
        ("data/krackhardt-hightech/advice.csv", 190, 0),
        ("data/krackhardt-hightech/friendship.csv", 102, 0),
        ("data/krackhardt-hightech/reports_to.csv", 20, 0),
        ("data/uk-faculty/edges.csv", 817, 0),
        ("samples/graph/edges_table_repeated_without_ids.csv", 5, 0),
        ("samples/graph/edges_table_with_timeset_intervals.csv", 5, 0),
    ],
)
def test_real_edge_lists_are_read_whole(name: str, count: int, selfs: int) -> None:
    path = shared(name)

    rows, ledger = read(path)

    assert EdgeList().recognise(Source(path)) is not None
    assert (len(rows), ledger.read, ledger.kept) == (count, count, count)
    assert sum(row["sender"] == row["recipient"] for row in rows) == selfs


@pytest.mark.shared
@pytest.mark.parametrize(("name", "count"), [("info", 877), ("value", 855)])
def test_real_ratings_need_a_threshold(name: str, count: int) -> None:
    path = shared(f"data/cross-parker-consulting/{name}.csv")

    with pytest.raises(AmbiguousInputError, match=r"runs from 1 to 5, .* e\.g\. --tie-from 2"):
        read(path)
    rows, ledger = read(path, tie_from=2.0)

    assert ledger.read == count
    assert len(rows) == count - ledger.skipped["below_tie_from"]
    assert min(row["value"] for row in rows) == 2.0


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    [
        *("samples/graph/adj_list.csv", "samples/graph/complex_matrix.csv"),
        *("samples/graph/emptyattribute.vna", "samples/irc/supybot_valid.log"),
        *("samples/whatsapp/pokemon.txt", "samples/mbox/mbox_iso8859_encoding.mbox"),
        *("data/mbox-numpy-2001/2001-November.txt", "samples/eventlog/running_example.csv"),
        *("samples/synthetic/email/get_messagetrace_export.csv", "samples/qualtrics/sample.csv"),
        "samples/synthetic/calendar/teams_attendance.csv",
        "/".join(("samples", "synthetic", "work", "jira.csv")),
        *("data/process-receipt/receipt.csv", "samples/viva/p2p_data.csv"),
    ],
)
def test_other_real_exports_are_left_to_others(name: str) -> None:
    source = Source(shared(name))

    assert [
        one.name
        for one in (EdgeList(), InteractionsCsv(), Roster())
        if one.recognise(source) is not None
    ] == []
