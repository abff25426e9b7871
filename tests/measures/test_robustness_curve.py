"""How far measures move when people are missing."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from measures.organisations import barbell, network_of, random_network, random_ties
from orgnet.errors import UsageError
from orgnet.measures import betweenness, core_number, ei_index, group_matrix, openness
from orgnet.measures.resampled import removal_order
from orgnet.measures.robustness_curve import robustness_curve
from orgnet.network import Network

COLUMNS = ["removal", "share", "people", "draws", "defined", "median_change", "rank_correlation"]


def curve(network, measure=core_number, draws=5, **options):
    return robustness_curve(network, measure, draws=draws, **options)


def test_there_is_a_row_for_every_removal_and_share():
    table = curve(random_network(), draws=3)
    assert table.columns.tolist() == COLUMNS
    assert table["removal"].tolist() == ["random"] * 3 + ["degree"] * 3
    assert table["share"].tolist() == [0.1, 0.2, 0.3] * 2
    assert table["people"].tolist() == [6, 12, 18] * 2


def test_the_core_of_a_complete_network_falls_by_one_a_person():
    table = curve(nx.complete_graph(20))
    assert table["median_change"].tolist() == [2, 4, 6] * 2
    # Everybody has the same core number: there is no order to keep.
    assert table["rank_correlation"].isna().all()


def test_change_and_order_are_those_of_the_rest_written_out():
    network = random_network(40, 4)
    table = curve(network, betweenness, draws=7, shares=[0.2], removals=["random"], seed=3)
    graph = network.to_networkx().to_undirected()
    whole = pd.Series(nx.betweenness_centrality(graph))
    rng = np.random.default_rng(3)
    changes, ranks = [], []
    for _ in range(7):
        gone = network.index[removal_order(network, None, rng)[:8]]
        rest = pd.Series(nx.betweenness_centrality(graph.subgraph(set(graph) - set(gone))))
        both = pd.concat([whole, rest], axis=1).dropna()
        changes.append((both[1] - both[0]).abs().median())
        ranks.append(both.corr("spearman").loc[0, 1])
    assert table["median_change"].tolist() == pytest.approx([np.median(changes)], abs=1e-12)
    assert table["rank_correlation"].tolist() == pytest.approx([np.median(ranks)], abs=1e-9)


def test_people_with_many_contacts_are_the_likelier_left_out():
    star = network_of([(0, i) for i in range(1, 11)], ["A"] * 11)
    degree = np.array([10.0] + [1.0] * 10)
    rng = np.random.default_rng(0)
    first = [removal_order(star, degree, rng)[0] for _ in range(2000)]
    assert np.mean(np.array(first) == 0) == pytest.approx(0.5, abs=0.04)


def test_people_without_contacts_are_left_out_last():
    isolated = network_of([(0, 1)], ["A"] * 6)
    degree = np.array([1.0, 1, 0, 0, 0, 0])
    orders = {tuple(removal_order(isolated, degree, np.random.default_rng(s))) for s in range(50)}
    assert {frozenset(order[:2]) for order in orders} == {frozenset({0, 1})}
    assert len({order[2:] for order in orders}) > 5


def test_leaving_out_by_degree_hurts_more_where_hubs_hold_a_network_together():
    graph = nx.barabasi_albert_graph(80, 2, seed=0)
    table = curve(graph, draws=20, shares=[0.2])
    random, degree = table["median_change"]
    assert degree >= random


def test_a_share_of_contact_stays_when_people_are_missing_at_random():
    table = curve(random_network(80, 4), ei_index, by="department", draws=20, shares=[0.2])
    assert table["median_change"].max() < 0.1
    assert table["rank_correlation"].isna().all()


def test_groups_that_are_gone_are_not_compared():
    network = network_of([(0, 1), (1, 2), (2, 3), (3, 0)], list("AABC"))
    table = curve(network, openness, by="department", shares=[0.5], draws=10)
    assert table["defined"].between(0, 10).all()
    assert (table["median_change"].dropna() >= 0).all()


def test_people_who_were_not_seen_are_not_counted():
    seen = network_of([(0, 1), (1, 2), (2, 3)], list("AABB"))
    more = network_of([(0, 1), (1, 2), (2, 3)], list("AABBBB"), observed=[True] * 4 + [False] * 2)
    options = {"shares": [0.5], "draws": 4}
    pd.testing.assert_frame_equal(curve(more, **options), curve(seen, **options))


def test_the_order_of_rows_does_not_matter():
    ties, people = random_ties(30, 3, 0)
    one = Network.from_ties(ties, people)
    other = Network.from_ties(
        ties.sample(frac=1, random_state=1), people.sample(frac=1, random_state=2)
    )
    pd.testing.assert_frame_equal(curve(one), curve(other))


def test_nobody_gives_nothing():
    table = curve(network_of([], []))
    assert table["people"].tolist() == [0] * 6
    assert table["defined"].tolist() == [0] * 6
    assert table["median_change"].isna().all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"shares": [0.0]}, "a share is 0.0, expected more than 0"),
        ({"shares": [1.0]}, "a share is 1.0"),
        ({"removals": ["hubs"]}, "a removal is 'hubs', expected 'random' or 'degree'"),
        ({"draws": 0}, "draws is 0, expected at least 1"),
        ({"measure": group_matrix, "by": "department"}, "group_matrix returns a DataFrame"),
    ],
)
def test_wrong_options_are_refused(options, message):
    with pytest.raises(UsageError, match=message):
        curve(barbell(), **options)
