"""Suggested links: gains worked by hand, against recomputing, and who is asked."""

import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from measures.organisations import (
    barbell,
    network_of,
    random_network,
    random_ties,
    relabelled,
    unmeasurable,
    weekly_network,
)
from orgnet.errors import InputError, UsageError
from orgnet.measures.alignment import horizontal_alignment_index
from orgnet.measures.bottlenecks import sole_connectors
from orgnet.measures.capacity import people_with_capacity
from orgnet.measures.link_gains import EfficiencyGains, ResistanceGains
from orgnet.measures.suggestions import suggested_links
from orgnet.network import Network

GROUP_COLUMNS = ["group_a", "group_b", "links", "most", "regular_ties", "gain"]
PEOPLE_COLUMNS = ["group_a", "group_b", "person_a", "person_b", "common_contacts", "gain"]
OBJECTIVES = ["index", "efficiency", "resistance"]


def with_links(network, table):
    """The undated network with the suggested ties in it."""
    more = pd.DataFrame(
        {
            "sender": table["person_a"],
            "recipient": table["person_b"],
            "strength": table.attrs["strength"],
        }
    )
    pairs = network.pairs
    ids = network.index.to_numpy()
    ties = pd.DataFrame(
        {
            "sender": ids[pairs.first],
            "recipient": ids[pairs.second],
            "strength": pairs.strength,
        }
    )
    return Network.from_ties(
        pd.concat([ties, more], ignore_index=True),
        network.people[["department"]],
        directed=False,
    )


def kirchhoff(graph):
    values = np.linalg.eigvalsh(nx.laplacian_matrix(graph, weight="strength").toarray())
    return len(graph) * (1 / values[1:]).sum()


def efficiency(graph):
    group = nx.get_node_attributes(graph, "department")
    lengths = dict(nx.all_pairs_shortest_path_length(graph))
    values = [1 / lengths[s].get(t, math.inf) for s in graph for t in graph if group[s] != group[t]]
    return float(np.mean(values))


# ---------------------------------------------------------------- published values


def test_barbell_link_lowers_the_kirchhoff_index_by_the_published_gain():
    table = suggested_links(
        barbell(), by="department", objective="resistance", links=1, people=True
    )
    link = (table.loc[0, "person_a"], table.loc[0, "person_b"])
    assert link in {("0", "4"), ("0", "5"), ("1", "4"), ("1", "5")}
    assert table.loc[0, "gain"] == pytest.approx(8.3, abs=1e-9)


def test_barbell_has_the_published_resistance_and_efficiency():
    network = barbell()
    gains = ResistanceGains(network.symmetric_strength, 1.0)
    assert 6 * np.trace(gains.inverse) == pytest.approx(21, abs=1e-9)
    inverse = gains.inverse
    assert inverse[0, 0] + inverse[5, 5] - 2 * inverse[0, 5] == pytest.approx(7 / 3, abs=1e-9)
    codes = network.groups("department").codes
    ways = EfficiencyGains(network.regular_ties, codes)
    assert ways.value == pytest.approx(0.4814815, abs=5e-8)
    cross = codes[:, None] != codes
    assert ways.lengths[cross].mean() == pytest.approx(7 / 3, abs=1e-12)


# ---------------------------------------------------------------- against recomputing


@pytest.mark.parametrize("seed", range(5))
def test_gains_of_the_index_are_those_of_the_index_with_the_ties_added(seed):
    network = random_network(
        80,
        5,
        seed,
        per_person=2,
        cohesion=0.8,
    )
    table = suggested_links(network, by="department", people=True, links=8)
    before = horizontal_alignment_index(network, by="department").value
    assert len(table) >= 3
    for count in range(1, len(table) + 1):
        head = table.iloc[:count]
        head.attrs = table.attrs
        after = horizontal_alignment_index(with_links(network, head), by="department").value
        assert after - before == pytest.approx(head["gain"].sum(), abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_the_first_link_is_the_best_of_all_pairs_of_groups(seed):
    network = random_network(60, 4, seed, per_person=1, cohesion=0.9)
    table = suggested_links(network, by="department", people=True, links=1)
    before = horizontal_alignment_index(network, by="department").value
    codes = network.groups("department").codes
    busy = (network.regular_ties.toarray()[:, :, None] * (codes[:, None] == range(4))).any(axis=1)
    best = 0.0
    for g in range(4):
        for h in range(g + 1, 4):
            u = np.flatnonzero((codes == g) & ~busy[:, h])
            v = np.flatnonzero((codes == h) & ~busy[:, g])
            ends = network.index[[u[0], v[0]]].to_numpy()
            one = pd.DataFrame({"person_a": ends[:1], "person_b": ends[1:]})
            one.attrs = table.attrs
            after = horizontal_alignment_index(with_links(network, one), by="department").value
            best = max(best, after - before)
    assert table.loc[0, "gain"] == pytest.approx(best, abs=1e-9)


def test_two_groups_that_are_in_touch_through_a_third_get_all_the_links_that_count():
    # Between A and B one link adds nothing to coverage: half is credited through C already.
    size = 30
    ties = [(i, 2 * size + i) for i in range(6)] + [(size + i, 2 * size + i) for i in range(6)]
    ties += [(g * size + i, g * size + (i + 1) % size) for g in range(3) for i in range(size)]
    network = network_of(ties, [name for name in "ABC" for _ in range(size)])
    table = suggested_links(network, by="department", requirements=None, links=3)
    row = table[(table["group_a"] == "A") & (table["group_b"] == "B")].iloc[0]
    assert row["links"] == 3
    before = horizontal_alignment_index(network, by="department").value
    each = suggested_links(network, by="department", links=3, people=True)
    after = horizontal_alignment_index(with_links(network, each), by="department").value
    assert after - before == pytest.approx(row["gain"], abs=1e-9)


def test_gains_with_requirements_are_those_of_the_index_with_requirements():
    network = random_network(60, 4, 2, per_person=1, cohesion=0.9)
    needed = pd.DataFrame(
        {"group_a": ["D00", "D02"], "group_b": ["D01", "D03"], "weight": [3.0, 1.0]}
    )
    options = {"by": "department", "requirements": needed}
    table = suggested_links(network, people=True, links=6, **options)
    pairs = set(zip(table["group_a"], table["group_b"], strict=True))
    assert pairs <= {("D00", "D01"), ("D02", "D03")}
    before = horizontal_alignment_index(network, **options).value
    after = horizontal_alignment_index(with_links(network, table), **options).value
    assert after - before == pytest.approx(table["gain"].sum(), abs=1e-9)


@pytest.mark.parametrize("objective", OBJECTIVES[1:])
@pytest.mark.parametrize("seed", range(3))
def test_gains_along_ways_are_those_of_the_network_with_the_ties_added(objective, seed):
    ties, people = random_ties(40, 4, seed, per_person=3)
    ring = pd.DataFrame({"sender": range(40), "recipient": [*range(1, 40), 0], "strength": 1.0})
    network = Network.from_ties(pd.concat([ties, ring]), people)
    table = suggested_links(network, by="department", objective=objective, people=True, links=4)
    assert len(table) >= 3
    nothing = table.iloc[:0]
    nothing.attrs = table.attrs
    before, after = (nx.Graph(with_links(network, part).to_networkx()) for part in (nothing, table))
    measure = efficiency if objective == "efficiency" else kirchhoff
    change = measure(after) - measure(before)
    expected = change if objective == "efficiency" else -change
    assert table["gain"].sum() == pytest.approx(expected, rel=1e-9)
    assert (table["gain"] > 0).all()


@pytest.mark.parametrize("objective", OBJECTIVES[1:])
def test_ties_between_parts_come_first(objective):
    ties = [(a + 4 * g, b + 4 * g) for g in range(3) for a in range(4) for b in range(a)]
    network = network_of([*ties, (0, 4), (1, 5)], list("AAAABBBBCCCC"))
    table = suggested_links(network, by="department", objective=objective, links=1)
    assert "C" in set(table.loc[0, ["group_a", "group_b"]])


# ---------------------------------------------------------------- by groups


def test_by_default_groups_are_named_and_nobody():
    network = random_network(80, 5, 1, per_person=2, cohesion=0.8)
    table = suggested_links(network, by="department")
    assert list(table.columns) == GROUP_COLUMNS
    names = set(network.groups("department").names)
    assert set(table[["group_a", "group_b"]].to_numpy().ravel()) <= names
    assert (table["group_a"] < table["group_b"]).all()
    assert table["links"].sum() <= 20
    assert (table["most"] >= table["links"]).all()
    assert table["gain"].is_monotonic_decreasing


def test_rows_by_group_are_the_sums_of_those_by_person():
    network = random_network(80, 5, 1, per_person=2, cohesion=0.8)
    one = suggested_links(network, by="department").set_index(["group_a", "group_b"])
    each = suggested_links(network, by="department", people=True)
    assert list(each.columns) == PEOPLE_COLUMNS
    sums = each.groupby(["group_a", "group_b"])["gain"].agg(["size", "sum"]).loc[one.index]
    assert one["links"].tolist() == sums["size"].tolist()
    assert one["gain"].to_numpy() == pytest.approx(sums["sum"].to_numpy())


def test_nobody_is_asked_twice_and_only_who_has_capacity():
    network = random_network(80, 5, 3, per_person=2, cohesion=0.8)
    for objective in OBJECTIVES:
        table = suggested_links(network, by="department", objective=objective, people=True)
        asked = [*table["person_a"], *table["person_b"]]
        assert len(set(asked)) == len(asked)
        assert people_with_capacity(network, by="department")[asked].all()


def test_dated_networks_are_counted_in_weeks():
    network = weekly_network(60, 5, 1, per_person=2, cohesion=0.9)
    table = suggested_links(network, by="department", links=5)
    assert len(table) > 0
    assert 3 <= table.attrs["strength"] <= 24


def test_suggestions_do_not_depend_on_the_order_of_people():
    ties, people = random_ties(60, 4, 1, per_person=2, cohesion=0.8)
    network = Network.from_ties(ties, people)
    moved = Network.from_ties(
        ties.sample(frac=1, random_state=2), people.sample(frac=1, random_state=1)
    )
    for objective in OBJECTIVES:
        options = {"by": "department", "objective": objective, "people": True, "links": 5}
        one, other = suggested_links(network, **options), suggested_links(moved, **options)
        pd.testing.assert_frame_equal(one, other)
    renamed = suggested_links(relabelled(ties, people, 3), by="department", links=5)
    plain = suggested_links(network, by="department", links=5)
    pd.testing.assert_frame_equal(renamed, plain)


# ---------------------------------------------------------------- who has capacity


def test_who_holds_all_contact_of_two_groups_is_not_asked_for_more():
    network = random_network(60, 4, 2, per_person=1, cohesion=0.9)
    holders = sole_connectors(network, by="department")["person"]
    assert len(holders) > 0
    assert not people_with_capacity(network, by="department")[holders.tolist()].any()


def test_busy_people_and_people_without_colleagues_are_not_asked():
    # Person 0 is in touch with everybody; 5 with nobody of the own team.
    ties = [(0, i, 5.0) for i in range(1, 10)]
    ties += [(1, 2), (1, 3), (2, 3), (3, 4), (2, 4), (6, 7), (7, 8), (8, 9), (6, 9), (6, 1), (7, 2)]
    network = network_of(ties, list("AAAAABBBBB"))
    capacity = people_with_capacity(network, by="department")
    assert not capacity["0"]
    assert not capacity["5"]
    assert capacity[["3", "8"]].all()


def test_unknown_and_unobserved_people_have_no_capacity():
    network = network_of(
        [(0, 1), (2, 3), (1, 2), (4, 0)],
        ["A", "A", "B", "B", None, "A"],
        observed=[True] * 5 + [False],
    )
    capacity = people_with_capacity(network, by="department")
    assert not capacity[["4", "5"]].any()


# ---------------------------------------------------------------- edges


@pytest.mark.parametrize("people", [True, False])
@pytest.mark.parametrize("case", unmeasurable())
def test_where_nothing_is_defined_there_are_columns_and_the_reason(case, people):
    network, reason = unmeasurable()[case]
    table = suggested_links(network, by="department", people=people)
    assert table.attrs["reason"] == reason
    assert len(table) == 0
    expected = suggested_links(barbell(), by="department", people=people)
    assert table.dtypes.to_dict() == expected.dtypes.to_dict()
    assert not people_with_capacity(network, by="department").isna().any()


def test_where_all_is_well_nothing_is_suggested():
    graph = nx.complete_graph(12)
    nx.set_node_attributes(graph, {p: "AB"[p % 2] for p in graph}, "department")
    for objective in OBJECTIVES:
        assert len(suggested_links(graph, by="department", objective=objective)) == 0


def test_departments_of_one_are_suggested_at_most_once():
    network = network_of([(0, 1), (1, 2)], list("ABBC"))
    table = suggested_links(network, by="department", people=True)
    assert table[["person_a", "person_b"]].to_numpy().ravel().tolist().count("3") <= 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"objective": "indx"}, r"objective is 'indx', expected one of .*Did you mean 'index'"),
        ({"links": 0}, "links is 0, expected at least 1"),
    ],
)
def test_options_out_of_range_are_refused(options, message):
    with pytest.raises(UsageError, match=message):
        suggested_links(barbell(), by="department", **options)


def test_too_many_people_for_ways_are_refused(monkeypatch):
    monkeypatch.setattr("orgnet.measures.suggestions.MOST_PEOPLE", 5)
    with pytest.raises(UsageError, match="there are 6 people, expected 5 at most"):
        suggested_links(barbell(), by="department", objective="efficiency")
    assert len(suggested_links(barbell(), by="department")) == 1


def test_requirements_of_unknown_departments_are_refused():
    needed = pd.DataFrame({"group_a": ["L"], "group_b": ["Mars"]})
    with pytest.raises(InputError, match="Mars"):
        suggested_links(barbell(), by="department", requirements=needed)
