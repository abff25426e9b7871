"""NetDraw VNA."""

from pathlib import Path

import pytest

from graph_reading import pairs, read_path, read_text, ties
from orgnet.schema import Connector, Source
from orgnet_connectors.graph_vna import Vna
from support import shared

NODES = '*Node data\nID name dept shoe\n1 "Aya Ito" Sales 38\n2 "Ben" "" 41\n3 Cy Support 40\n'


def test_it_is_a_connector() -> None:
    assert isinstance(Vna(), Connector)


def test_nodes_and_ties_are_read_and_properties_are_not(tmp_path: Path) -> None:
    text = (
        f"{NODES}*Node properties\nID x y color\n1 0.5 0.5 255\n"
        '*Tie data\nfrom to strength note\n1 2 2.5 "x y"\n3 1 1 ""\n*Tie properties\na b\n1 2\n'
    )

    rows, ledger = read_text(Vna(), tmp_path, text)

    assert ties(rows) == [("1", "2", 2.5), ("3", "1", 1.0)]
    assert {id: p.department for id, p in ledger.profiles.items()} == {
        "1": "Sales",
        "2": None,
        "3": "Support",
    }
    assert ledger.profiles["1"].name == "Aya Ito"
    assert ledger.columns == {"name": "name", "dept": "department", "strength": "value"}
    assert ledger.dropped_unread == {"shoe", "note"}


def test_each_column_of_numbers_is_a_relation_where_none_is_called_a_strength(
    tmp_path: Path,
) -> None:
    text = "*tie DATA\nfrom to friends advice note\n1 2 1 0 x\n2 3 1 3 y\n3 1 0 0 z\n"

    rows, ledger = read_text(Vna(), tmp_path, text)

    assert [(row["recipient"], row["value"], row["thread"]) for row in rows] == [
        ("2", 1.0, "relation:1"),
        ("3", 1.0, "relation:1"),
        ("3", 3.0, "relation:2"),
    ]
    assert ledger.skipped == {"zero": 1}
    assert "relation:1 'friends' (2 ties), relation:2 'advice' (1 ties)" in ledger.ambiguous[-1]
    assert ledger.columns == {"friends": "value", "advice": "value"}


def test_ties_without_any_strength_have_one(tmp_path: Path) -> None:
    rows, _ = read_text(Vna(), tmp_path, '*Tie data\nfrom to\n"Aya Ito" Ben\n')

    assert ties(rows) == [("Aya Ito", "Ben", 1.0)]


def test_ties_may_stand_before_the_nodes(tmp_path: Path) -> None:
    rows, ledger = read_text(Vna(), tmp_path, f"*Tie data\nfrom to\n1 2\n{NODES}")

    assert pairs(rows) == [("1", "2")]
    assert ledger.profiles["3"].name == "Cy"


def test_line_that_does_not_fit_its_header_is_ragged(tmp_path: Path) -> None:
    text = "*Tie data\nfrom to strength\n1 2 1\nAya Ito Ben 1\n1\n"

    rows, ledger = read_text(Vna(), tmp_path, text)

    assert len(rows) == 1
    assert ledger.skipped == {"ragged": 2}
    assert ledger.problems["ragged"][0].place == "line 4"


@pytest.mark.parametrize("text", ["*Vertices 2\n", "* Node\n", "", "node data\n"])
def test_other_texts_are_no_vna(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.vna"
    path.write_text(text, encoding="utf-8")

    assert Vna().recognise(Source(path)) is None


@pytest.mark.shared
def test_real_file_is_read() -> None:
    rows, ledger = read_path(Vna(), shared("samples/graph/emptyattribute.vna"))

    assert ties(rows) == [("1", "2", 1.0), ("3", "1", 10.0), ("1", "3", 10.0)]
    assert set(ledger.profiles) == {"1", "2", "3"}
