from itertools import combinations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from measures.organisations import random_ties
from orgnet.errors import UsageError
from orgnet.measures.org_chart import (
    formal_informal_overlap,
    hierarchy_coverage,
    tree_distance_profile,
)
from orgnet.measures.reporting_lines import climb, depths, managers, pairs_by_climb
from orgnet.network import Network


def firm(
    n: int = 40, seed: int = 0, *, roots: int = 2, observed: bool = True
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ties and people; each person's manager stands before them in the roster."""
    ties, people = random_ties(n, 4, seed)
    rng = np.random.default_rng(seed)
    boss = [None if i < roots else int(rng.integers(0, i)) for i in range(n)]
    people = people.assign(manager=pd.Series(boss, dtype="object"))
    if not observed:
        people["observed"] = rng.random(n) < 0.7
        seen = set(people["person"][people["observed"]])
        ties = ties[ties["sender"].isin(seen) & ties["recipient"].isin(seen)]
    return ties, people


def tree_of(network: Network) -> nx.Graph:
    tree = nx.Graph()
    tree.add_nodes_from(network.index)
    lines = network.people["manager"].dropna()
    tree.add_edges_from((person, str(boss)) for person, boss in lines.items())
    return tree


# ---------------------------------------------------------------- reporting lines


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("observed", [True, False])
def test_steps_on_random_charts_agree_with_networkx(seed: int, observed: bool) -> None:
    network = Network.from_ties(*firm(seed=seed, observed=observed))
    boss = managers(network, "manager")
    distance = dict(nx.all_pairs_shortest_path_length(tree_of(network)))
    ids = network.index
    pairs = np.array(list(combinations(range(len(ids)), 2)))

    up, other_up = climb(boss, pairs[:, 0], pairs[:, 1])
    counted = pairs_by_climb(boss, network.observed)

    steps = np.where(up < 0, -1, up + other_up).tolist()
    assert steps == [distance[ids[a]].get(ids[b], -1) for a, b in pairs]
    seen = network.observed[pairs].all(axis=1) & (up >= 0)
    by_hand = np.zeros_like(counted)
    np.add.at(by_hand, (up[seen], other_up[seen]), 1)
    assert counted.tolist() == (by_hand + by_hand.T).tolist()


def test_circles_have_neither_depth_nor_distance() -> None:
    boss = np.array([-1, 2, 1, 1])

    up, _ = climb(boss, np.array([0, 1, 3]), np.array([1, 2, 0]))

    assert np.isnan(depths(boss)).tolist() == [False, True, True, True]
    assert up.tolist() == [-1, -1, -1]
    assert pairs_by_climb(boss, np.ones(4, dtype=bool)).sum() == 0


# ---------------------------------------------------------------- coverage


def kind_by_definition(network: Network, a: str, b: str) -> str:
    boss = {p: str(m) for p, m in network.people["manager"].dropna().items()}
    unit = network.people["department"]

    def line(person: str) -> list[str]:
        return [person, *line(boss[person])] if person in boss else [person]

    if boss.get(a) == b or boss.get(b) == a:
        return "reporting_line"
    if a in line(b) or b in line(a):
        return "further_line"
    if unit[a] == unit[b]:
        return "lateral_within"
    return "lateral_across" if len(line(a)) == len(line(b)) else "diagonal"


@pytest.mark.parametrize("seed", range(4))
def test_shares_of_contact_agree_with_a_walk_over_the_ties(seed: int) -> None:
    network = Network.from_ties(*firm(seed=seed))
    sums: dict[str, float] = dict.fromkeys(
        ["reporting_line", "further_line", "lateral_within", "lateral_across", "diagonal"], 0.0
    )
    for row in network.to_pandas().itertuples():
        sums[kind_by_definition(network, row.sender, row.recipient)] += row.strength

    shares = hierarchy_coverage(network, by="department")

    total = sum(sums.values())
    assert shares.to_dict() == pytest.approx({k: v / total for k, v in sums.items()}, abs=1e-12)


def test_a_graph_may_carry_units_and_managers() -> None:
    ties, people = firm()
    network = Network.from_ties(ties, people)

    shares = hierarchy_coverage(network.to_networkx(), by="department")

    assert shares.to_dict() == pytest.approx(
        hierarchy_coverage(network, by="department").to_dict(), abs=1e-12
    )


def test_volume_and_row_order_do_not_matter() -> None:
    ties, people = firm()
    more = ties.assign(strength=ties["strength"] * 3).sample(frac=1, random_state=1)
    moved = Network.from_ties(more, people.sample(frac=1, random_state=2))
    network = Network.from_ties(ties, people)

    assert hierarchy_coverage(moved, by="department").to_dict() == pytest.approx(
        hierarchy_coverage(network, by="department").to_dict(), abs=1e-12
    )
    assert tree_distance_profile(moved)["strength"].tolist() == pytest.approx(
        (3 * tree_distance_profile(network)["strength"]).tolist(), abs=1e-9
    )


@pytest.mark.parametrize(
    ("boss", "ties", "reason"),
    [
        ([], [], "no_managers"),
        ([None, None], ["01"], "no_managers"),
        ([None, "0"], [], "no_ties"),
        ([None, "0", "3", "2"], ["23"], "no_ties"),
    ],
    ids=["nobody", "no managers", "no ties", "ties in a circle only"],
)
def test_without_lines_or_ties_nothing_runs_along_the_chart(
    boss: list[str | None], ties: list[str], reason: str
) -> None:
    people = pd.DataFrame({"person": range(len(boss)), "unit": "A"})
    people["manager"] = pd.Series(boss, dtype="object")
    frame = pd.DataFrame([tuple(t) for t in ties], columns=["sender", "recipient"])

    shares = hierarchy_coverage(Network.from_ties(frame, people), by="unit")

    assert shares.isna().all()
    assert shares.attrs["reason"] == reason


# ---------------------------------------------------------------- profile


@pytest.mark.parametrize("observed", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_the_profile_agrees_with_a_walk_over_the_pairs(seed: int, observed: bool) -> None:
    network = Network.from_ties(*firm(seed=seed, observed=observed))
    distance = dict(nx.all_pairs_shortest_path_length(tree_of(network)))
    strength = network.symmetric_strength.toarray()
    rows = [
        (distance[a][b], strength[i, j])
        for (i, a), (j, b) in combinations(enumerate(network.index), 2)
        if b in distance[a] and network.observed[[i, j]].all()
    ]
    expected = pd.DataFrame(rows, columns=["distance", "strength"]).groupby("distance")["strength"]

    profile = tree_distance_profile(network)

    assert profile["pairs"].to_dict() == expected.size().to_dict()
    assert profile["strength"].to_dict() == pytest.approx(expected.mean().to_dict(), abs=1e-12)
    tied = expected.agg(lambda s: (s > 0).mean())
    assert profile["tied"].to_dict() == pytest.approx(tied.to_dict(), abs=1e-12)
    some = expected.mean()[expected.mean() > 0]
    slope = np.polyfit(some.index, np.log(some), 1)[0]
    assert profile.attrs["slope"] == pytest.approx(slope, abs=1e-9)


def test_contact_that_halves_with_each_step_has_a_slope_of_minus_ln_2() -> None:
    tree = nx.balanced_tree(2, 3)
    graph = nx.Graph()
    for a, lengths in nx.all_pairs_shortest_path_length(tree):
        graph.add_weighted_edges_from((a, b, 2.0**-d) for b, d in lengths.items() if a < b)
    nx.set_node_attributes(graph, {i: (i - 1) // 2 for i in range(1, 15)}, "manager")

    assert tree_distance_profile(graph).attrs["slope"] == pytest.approx(-np.log(2), abs=1e-12)


def test_without_lines_the_profile_has_no_rows_and_keeps_its_columns() -> None:
    graph = nx.Graph([("a", "b")])
    nx.set_node_attributes(graph, None, "manager")

    profile = tree_distance_profile(graph)

    assert profile.empty
    assert profile.columns.tolist() == ["pairs", "tied", "strength"]
    assert profile.index.name == "distance"
    assert np.isnan(profile.attrs["slope"])
    assert profile.attrs["reason"] == "no_managers"


# ---------------------------------------------------------------- overlap


@pytest.mark.parametrize("observed", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_overlap_agrees_with_dense_matrices(seed: int, observed: bool) -> None:
    network = Network.from_ties(*firm(30, seed=seed, observed=observed))
    seen = network.observed
    boss = managers(network, "manager")
    formal = np.zeros((len(boss),) * 2)
    formal[np.flatnonzero(boss >= 0), boss[boss >= 0]] = 1
    formal = (formal + formal.T)[np.ix_(seen, seen)]
    strength = network.symmetric_strength.toarray()[np.ix_(seen, seen)]
    upper = np.triu_indices(len(formal), 1)
    rng = np.random.default_rng(seed)
    shuffles = [rng.permutation(len(formal)) for _ in range(400)]
    observed_r = np.corrcoef(formal[upper], strength[upper])[0, 1]
    drawn = [np.corrcoef(formal[upper], strength[np.ix_(p, p)][upper])[0, 1] for p in shuffles]

    overlap = formal_informal_overlap(network, permutations=2000)

    assert overlap["correlation"] == pytest.approx(observed_r, abs=1e-9)
    assert overlap["p"] == pytest.approx(np.mean(np.array(drawn) >= observed_r), abs=0.1)


def test_ties_that_are_equally_strong_share_the_last_places() -> None:
    graph = nx.Graph([("a", "b"), ("a", "c"), ("b", "c"), ("c", "d")])
    nx.set_node_attributes(graph, {"b": "a", "c": "a"}, "manager")

    # Two of four equal ties are taken, half of each: one of the two lines.
    assert formal_informal_overlap(graph, permutations=0)["jaccard"] == pytest.approx(1 / 3)


def test_seeds_repeat_and_permutations_are_optional() -> None:
    network = Network.from_ties(*firm())

    once = formal_informal_overlap(network, permutations=50, seed=3)
    again = formal_informal_overlap(network, permutations=50, seed=3)

    pd.testing.assert_series_equal(once, again)
    assert np.isnan(formal_informal_overlap(network, permutations=0)["p"])
    with pytest.raises(UsageError, match="permutations is -1, expected 0 or more"):
        formal_informal_overlap(network, permutations=-1)


@pytest.mark.parametrize(
    ("graph", "boss", "reason"),
    [
        (nx.empty_graph(0), {}, "no_managers"),
        (nx.path_graph(3), {}, "no_managers"),
        (nx.empty_graph(3), {1: 0}, "no_ties"),
    ],
    ids=["nobody", "no managers", "no ties"],
)
def test_without_lines_or_ties_there_is_no_overlap(
    graph: nx.Graph, boss: dict[int, int], reason: str
) -> None:
    nx.set_node_attributes(graph, None, "manager")
    nx.set_node_attributes(graph, boss, "manager")

    overlap = formal_informal_overlap(graph)

    assert overlap.isna().all()
    assert overlap.attrs["reason"] == reason


def test_where_everybody_is_in_touch_alike_the_correlation_is_undefined() -> None:
    graph = nx.complete_graph(6)
    nx.set_node_attributes(graph, dict.fromkeys(range(1, 6), 0), "manager")

    overlap = formal_informal_overlap(graph)

    assert overlap[["correlation", "p"]].isna().all()
    assert overlap["jaccard"] == pytest.approx(1 / 5)
