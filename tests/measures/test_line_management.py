"""Reporting lines: spans and layers as networkx counts them, contact as it is defined."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from orgnet.errors import UnknownColumnError
from orgnet.measures.line_management import layers, reporting_line_contact, span_of_control
from orgnet.network import Network
from support import shared


def high_tech(name: str) -> pd.DataFrame:
    """Ties among Krackhardt's 21 managers."""
    ties = pd.read_csv(shared(f"data/krackhardt-hightech/{name}.csv"))
    return ties.rename(columns={"from": "sender", "to": "recipient"})


def managers(boss: dict[str, str | None], ties: tuple[str, ...] = (), **columns: object) -> Network:
    people = pd.DataFrame({"person": list(boss), "manager": list(boss.values()), **columns})
    rows = [tuple(tie) for tie in ties]
    return Network.from_ties(pd.DataFrame(rows, columns=["sender", "recipient"]), people)


def test_spans_and_layers_of_the_high_tech_managers_agree_with_networkx() -> None:
    lines = high_tech("reports_to").set_index("sender")["recipient"]
    people = pd.read_csv(shared("data/krackhardt-hightech/nodes.csv"))
    roster = people.rename(columns={"id": "person"}).assign(manager=people["id"].map(lines))
    network = Network.from_ties(high_tech("advice"), roster)
    tree = nx.DiGraph([(str(boss), str(person)) for person, boss in lines.items()])

    spans, depths = span_of_control(network), layers(network)

    assert spans.to_dict() == {v: d for v, d in tree.out_degree() if d}
    assert depths.to_dict() == nx.single_source_shortest_path_length(tree, "7")


def test_managers_outside_the_company_and_of_themselves_are_no_managers() -> None:
    network = managers({"a": "a", "b": "stranger", "c": "b"})

    assert span_of_control(network).to_dict() == {"b": 1}
    assert layers(network).to_dict() == {"a": 0.0, "b": 0.0, "c": 1.0}


def test_reporting_lines_in_a_circle_have_no_layer() -> None:
    network = managers({"a": "b", "b": "a", "c": "a", "d": None})

    assert layers(network).isna().tolist() == [True, True, True, False]


def test_only_regular_contact_of_observed_managers_and_reports_counts() -> None:
    network = managers(
        {"a": None, "b": "a", "c": "a", "d": "b", "absent": "a"},
        ties=["ba", "ac", "cd"],
        observed=[True, True, True, True, False],
    )

    assert reporting_line_contact(network) == pytest.approx(2 / 3, abs=1e-12)


@pytest.mark.parametrize(
    ("boss", "ties"),
    [({}, []), ({"a": None}, []), ({"a": None, "b": "a"}, []), ({"a": None, "b": None}, ["ab"])],
    ids=["no people", "one person", "no ties", "no manager"],
)
def test_without_lines_or_ties_there_is_no_reporting_line_contact(
    boss: dict[str, str | None], ties: list[str]
) -> None:
    assert np.isnan(reporting_line_contact(managers(boss, ties)))


def test_nobody_reports_to_nobody() -> None:
    network = managers({})

    assert span_of_control(network).empty
    assert span_of_control(network).dtype == np.int64
    assert layers(network).empty
    assert layers(network).dtype == float


def test_people_without_a_column_of_managers_are_refused() -> None:
    people = pd.DataFrame({"person": ["a"], "boss": [None]})
    network = Network.from_ties(pd.DataFrame({"sender": [], "recipient": []}), people)

    with pytest.raises(UnknownColumnError, match="no column 'manager'; the people have"):
        layers(network)


def test_a_graph_may_carry_its_managers() -> None:
    graph = nx.Graph(["ab"])
    nx.set_node_attributes(graph, {"a": None, "b": "a"}, "manager")

    assert reporting_line_contact(graph) == 1.0
