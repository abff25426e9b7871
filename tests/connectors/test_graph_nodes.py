"""What the nodes of a graph file are called."""

from collections.abc import Sequence

import pytest

from orgnet.schema import Ledger
from orgnet_connectors.graph_nodes import NodeNames


def called(nodes: Sequence[tuple[str, str]]) -> list[str]:
    names = NodeNames()
    for id, label in nodes:
        names.add(id, label, {}, "person")
    names.settle(Ledger())
    return [names.identity(id) for id, _ in nodes]


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ([("0", "Aya Ito"), ("1", "Ben")], ["Aya Ito", "Ben"]),
        ([("n0", "Aya Ito"), ("n1", "Ben")], ["Aya Ito", "Ben"]),
        ([("1", "aya@example.com"), ("2", "ben")], ["aya@example.com", "ben"]),
    ],
)
def test_labels_stand_in_for_ids_that_only_count(
    nodes: list[tuple[str, str]], expected: list[str]
) -> None:
    assert called(nodes) == expected


@pytest.mark.parametrize(
    "nodes",
    [
        [("1", "Aya Ito"), ("2", "Ben")],
        [("0", "Aya"), ("1", "Aya")],
        [("0", "Aya"), ("1", "")],
        [("0", "Aya"), ("2", "Ben")],
        [("7", "aya"), ("8", "ben")],
        [("x0", "aya"), ("y1", "ben")],
        [("aya", "Aya Ito"), ("ben", "Ben Osei")],
    ],
)
def test_ids_stay_where_they_may_be_real_or_labels_cannot_replace_them(
    nodes: list[tuple[str, str]],
) -> None:
    assert called(nodes) == [id for id, _ in nodes]


def test_name_goes_before_label_when_ids_only_count() -> None:
    names = NodeNames()
    names.add("n0", "Aya Ito", {"name": "aya", "E-Mail": "Aya@Example.com"}, "person")
    ledger = Ledger()
    names.settle(ledger)

    profile = ledger.profiles["aya"]
    assert (profile.name, profile.emails) == ("Aya Ito", ("aya@example.com",))
    assert ledger.columns == {"name": "name", "E-Mail": "emails"}


def test_node_that_only_ties_name_has_its_id() -> None:
    names = NodeNames()
    names.add("7", "Aya", {}, "person")
    names.add("8", "Ben", {}, "person")
    names.add("9", "Ben", {}, "person")
    names.settle(Ledger())

    assert [names.identity(id) for id in ("Aya", "Ben", "X@Example.com", "12.0", "NA")] == [
        *("7", "Ben", "x@example.com", "12", "")
    ]


def test_department_is_the_best_attribute_that_has_a_value() -> None:
    names = NodeNames()
    names.add("a", "", {"group": "3", "Department": "Sales"}, "person")
    names.add("b", "", {"group": "3", "Department": " "}, "person")
    ledger = Ledger()
    names.settle(ledger)

    assert [profile.department for profile in ledger.profiles.values()] == ["Sales", "3"]
