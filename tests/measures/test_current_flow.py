import igraph as ig
import networkx as nx
import numpy as np
import pandas as pd
import pytest

from measures.organisations import barbell, network_of
from orgnet.errors import UsageError
from orgnet.measures.current_flow import current_flow_betweenness


def weighted(seed: int, n: int = 20, m: int = 45) -> nx.Graph:
    graph = nx.relabel_nodes(nx.gnm_random_graph(n, m, seed=seed), str)
    rng = np.random.default_rng(seed)
    for _, _, data in graph.edges(data=True):
        data["weight"] = float(rng.integers(1, 9))
    return graph


def test_the_barbell_has_the_published_values() -> None:
    flow = current_flow_betweenness(barbell(), normalized=False)

    assert flow.round(4).tolist() == [1.3333, 1.3333, 6.3333, 6.3333, 1.3333, 1.3333]


@pytest.mark.parametrize("seed", range(4))
def test_each_part_agrees_with_networkx(seed: int) -> None:
    graph = nx.disjoint_union(weighted(seed), weighted(seed + 10, 8, 12))
    graph = nx.relabel_nodes(graph, str)
    expected = dict.fromkeys(graph, 0.0)
    for part in nx.connected_components(graph):
        if len(part) > 2:
            expected |= nx.current_flow_betweenness_centrality(
                graph.subgraph(part), weight="weight"
            )

    flow = current_flow_betweenness(graph)

    assert flow.to_dict() == pytest.approx(expected, abs=1e-9)


def test_volume_and_order_do_not_matter() -> None:
    graph = weighted(1)
    turned = nx.Graph()
    turned.add_nodes_from(reversed(list(graph)))
    turned.add_weighted_edges_from((a, b, 5 * w) for a, b, w in graph.edges(data="weight"))

    assert current_flow_betweenness(turned).to_dict() == pytest.approx(
        current_flow_betweenness(graph).to_dict(), abs=1e-9
    )
    from_igraph = ig.Graph.from_networkx(graph)
    from_igraph.vs["name"] = from_igraph.vs["_nx_name"]
    pd.testing.assert_series_equal(
        current_flow_betweenness(from_igraph), current_flow_betweenness(graph)
    )


def test_unobserved_people_are_undefined_and_isolated_ones_have_none() -> None:
    network = network_of([(0, 1), (1, 2)], list("AAAAA"), observed=[True] * 4 + [False])

    assert current_flow_betweenness(network).tolist() == pytest.approx(
        [0, 1, 0, 0, np.nan], abs=1e-12, nan_ok=True
    )


@pytest.mark.parametrize("people", [0, 1, 3])
def test_without_ties_the_flow_is_undefined(people: int) -> None:
    flow = current_flow_betweenness(nx.empty_graph(people))

    assert flow.isna().all() and flow.dtype == float
    assert flow.attrs["reason"] == "no_ties"


def test_too_large_a_part_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orgnet.measures.current_flow.LARGEST_PART", 4)

    with pytest.raises(UsageError, match="has 5 people, expected at most 4; use betweenness"):
        current_flow_betweenness(nx.path_graph(5))
