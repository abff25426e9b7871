"""What goes with contact when the other factors are held constant."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from measures.organisations import random_ties
from orgnet.errors import UnknownColumnError, UsageError
from orgnet.measures.contact_factors import contact_factors
from orgnet.network import Network

FACTORS = ["department", "site"]


def firm(seed=0, *, unknown=0, unseen=0, shuffle=None):
    """People with a department, on sites that have nothing to do with contact."""
    ties, people = random_ties(40, 4, seed)
    people["site"] = np.random.default_rng(seed + 1).permutation(np.arange(40) % 3).astype(str)
    people["department"] = people["department"].astype("object")
    people.loc[people.index[:unknown], "department"] = None
    if unseen:
        more = pd.DataFrame({"person": np.arange(40, 40 + unseen), "department": "D00",
                             "site": "1"})  # fmt: skip
        people = pd.concat([people, more], ignore_index=True)
        people["observed"] = people["person"] < 40
    if shuffle is not None:
        people = people.sample(frac=1, random_state=shuffle)
    return Network.from_ties(ties, people)


def factors_of(network, **options):
    return contact_factors(network, factors=FACTORS, **({"permutations": 99} | options))


def test_coefficients_are_those_of_least_squares_over_all_pairs():
    network = firm(unknown=3)
    table = factors_of(network)
    strength = network.symmetric_strength.toarray()
    upper = np.triu_indices(40, 1)
    columns = [np.ones(len(upper[0]))]
    for factor in FACTORS:
        codes = network.groups(factor).codes
        columns.append(((codes[:, None] == codes) & (codes >= 0))[upper])
    expected, *_ = np.linalg.lstsq(np.column_stack(columns).astype(float), strength[upper])
    assert table["coefficient"].tolist() == pytest.approx(expected[1:].tolist(), abs=1e-10)
    assert table.attrs["intercept"] == pytest.approx(expected[0], abs=1e-10)
    assert table.attrs["pairs"] == 40 * 39 // 2


def test_the_department_is_found_and_the_site_is_not():
    table = factors_of(firm())
    assert table["p"].tolist()[0] == 0.01
    assert table["p"].tolist()[1] > 0.05
    assert table.index.tolist() == FACTORS
    assert table.index.name == "factor"


def test_people_who_were_not_seen_change_nothing():
    pd.testing.assert_frame_equal(factors_of(firm()), factors_of(firm(unseen=4)))


def test_the_order_of_rows_changes_nothing():
    pd.testing.assert_frame_equal(factors_of(firm()), factors_of(firm(shuffle=1)))


def test_a_graph_is_taken_with_all_its_attributes():
    network = firm()
    table = factors_of(network.to_networkx())
    assert table["t"].tolist() == pytest.approx(factors_of(network)["t"].tolist())
    other = factors_of(network.to_igraph())
    assert other["t"].tolist() == pytest.approx(table["t"].tolist())


@pytest.mark.parametrize(
    ("edges", "units", "reason"),
    [
        ([], "", "no_ties"),
        ([], "AABB", "no_ties"),
        ([(0, 1), (2, 3)], "AAAA", "single_group"),
        ([(0, 1), (2, 3)], "ABCD", "single_group"),
    ],
)
def test_where_nothing_can_be_compared_there_is_a_reason(edges, units, reason):
    graph = nx.empty_graph(len(units))
    graph.add_edges_from(edges)
    nx.set_node_attributes(graph, dict(enumerate(units)), "unit")
    table = contact_factors(graph, factors=["unit"], permutations=9)
    assert table.isna().all(axis=None)
    assert table.attrs["reason"] == reason


def test_an_unknown_column_is_refused():
    with pytest.raises(UnknownColumnError, match="no column 'floor'"):
        contact_factors(firm(), factors=["department", "floor"])


@pytest.mark.parametrize("factors", [[], ["site", "site"]])
def test_no_factor_and_one_given_twice_are_refused(factors):
    with pytest.raises(UsageError, match="expected different columns, at least one"):
        contact_factors(firm(), factors=factors)
