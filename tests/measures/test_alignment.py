"""The horizontal alignment index: values worked by hand, its properties P1 to P11, its interval."""

import math
from itertools import combinations

import igraph as ig
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.organisations import (
    barbell,
    barbell_graph,
    network_of,
    random_network,
    random_ties,
    relabelled,
    unmeasurable,
    weekly_network,
    weekly_ties,
)
from orgnet.errors import InputError, UsageError
from orgnet.measures.alignment import AlignmentIndex, horizontal_alignment_index
from orgnet.measures.silos import openness
from orgnet.network import Network
from orgnet.rules import TieRules
from orgnet.statistics.resampling import week_multiplicities

SCORES = ["value", "openness", "coverage", "resilience"]
INTERVALS = [f"{stem}{end}" for stem in ("", "openness_", "coverage_", "resilience_")
             for end in ("low", "high")]  # fmt: skip


def scores(index):
    return np.array([getattr(index, name) for name in SCORES])


def interval(index):
    return np.array([getattr(index, name) for name in INTERVALS])


def by_definition(network, weights=None):
    """O, C and B of measures.md 5.1, written out with loops and networkx."""
    groups = network.groups("department")
    sizes, codes, k = groups.sizes, groups.codes, len(groups.names)
    x = openness(network, by="department")
    there = x.notna().to_numpy()
    o = (sizes[there] * np.minimum(1, x[there] / 0.5)).sum() / sizes[there].sum()
    regular = nx.from_scipy_sparse_array(network.regular_ties)
    c, b, pi = {}, {}, {}
    for g, h in combinations(range(k), 2):
        smaller = min(sizes[g], sizes[h])
        tau = min(min(max(math.ceil(0.1 * smaller), 2), 5), smaller)
        part = nx.Graph(
            edge for edge in regular.edges if {codes[edge[0]], codes[edge[1]]} == {g, h}
        )
        tops = [node for node in part if codes[node] == g]
        nu = len(nx.bipartite.maximum_matching(part, top_nodes=tops)) // 2
        c[g, h] = c[h, g] = min(1, part.number_of_edges() / tau)
        b[g, h] = b[h, g] = min(1, max(0, nu - 1) / max(1, tau - 1))
        pi[g, h] = sizes[g] * sizes[h] if weights is None else weights[g, h]

    def covered(credit):
        total = 0.0
        for g, h in combinations(range(k), 2):
            through = [min(credit[g, q], credit[q, h]) for q in range(k) if q not in (g, h)]
            half = 0.5 * max(through, default=0) if weights is None else 0
            total += pi[g, h] * max(credit[g, h], half)
        return total / sum(pi.values())

    parts = [o, covered(c), covered(b)]
    return 100 * np.array([np.mean(parts), *parts])


def saturated():
    """Four departments of five; everybody knows somebody in every other department."""
    ties = [(5 * g + i, 5 * h + i) for g, h in combinations(range(4), 2) for i in range(5)]
    return network_of(ties, [name for name in "ABCD" for _ in range(5)])


# ---------------------------------------------------------------- values


def test_barbell_is_as_worked_by_hand():
    index = horizontal_alignment_index(barbell(), by="department")
    openness_score = 100 * (5 / 21) / 0.5
    assert scores(index) == pytest.approx(
        [(openness_score + 50) / 3, openness_score, 50, 0], abs=1e-9
    )
    assert (index.groups, index.people, index.weeks) == (2, 6, None)


@pytest.mark.parametrize("seed", range(5))
def test_it_agrees_with_the_definition_written_out(seed):
    network = random_network(70, 6, seed=seed, per_person=2, cohesion=0.7)
    index = horizontal_alignment_index(network, by="department")
    assert scores(index) == pytest.approx(by_definition(network), abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_it_agrees_with_the_definition_in_dated_networks(seed):
    network = weekly_network(70, 6, seed=seed, per_person=3, cohesion=0.6)
    index = horizontal_alignment_index(network, by="department", draws=0)
    assert scores(index) == pytest.approx(by_definition(network), abs=1e-9)
    assert 0 < network.pairs.regular.mean() < 1


def test_one_go_between_gives_half_the_credit():
    # A and C meet only in B. Targets are 2 ties; A-B and B-C have 2 separate ones each.
    network = network_of([(0, 3), (1, 4), (3, 6), (4, 7)], list("AAABBBCCC"))
    index = horizontal_alignment_index(network, by="department")
    assert index.coverage == pytest.approx(100 * (1 + 1 + 0.5) / 3)
    assert index.resilience == pytest.approx(100 * (1 + 1 + 0.5) / 3)


def test_requirements_weight_the_pairs_and_ask_for_direct_contact():
    network = network_of([(0, 3), (1, 4), (3, 6), (4, 7)], list("AAABBBCCC"))
    needed = pd.DataFrame({"group_a": ["A", "A"], "group_b": ["B", "C"], "weight": [3.0, 1.0]})
    index = horizontal_alignment_index(network, by="department", requirements=needed)
    assert index.coverage == pytest.approx(75)
    assert index.resilience == pytest.approx(75)
    assert index.required
    plain = horizontal_alignment_index(network, by="department")
    assert index.openness == plain.openness
    assert not plain.required


def test_square_requirements_agree_with_the_definition():
    network = random_network(60, 4, seed=2, per_person=2, cohesion=0.7)
    names = network.groups("department").names
    weights = np.array([[0, 3, 0, 1], [3, 0, 2, 0], [0, 2, 0, 1], [1, 0, 1, 0]], dtype=float)
    table = pd.DataFrame(weights, index=list(names), columns=list(names))
    index = horizontal_alignment_index(network, by="department", requirements=table)
    assert scores(index) == pytest.approx(by_definition(network, weights), abs=1e-9)


def test_requirements_of_unknown_departments_are_refused():
    needed = pd.DataFrame({"group_a": ["L"], "group_b": ["Nowhere"]})
    with pytest.raises(InputError, match="Nowhere"):
        horizontal_alignment_index(barbell(), by="department", requirements=needed)


def test_weight_range_holds_every_triple_of_weights():
    index = horizontal_alignment_index(random_network(seed=1, cohesion=0.9), by="department")
    low, high = index.weight_range
    steps = np.linspace(0.2, 0.6, 9)
    values = [
        a * index.openness + b * index.coverage + (1 - a - b) * index.resilience
        for a in steps
        for b in steps
        if 0.2 - 1e-12 <= 1 - a - b <= 0.6 + 1e-12
    ]
    assert low == pytest.approx(min(values))
    assert high == pytest.approx(max(values))
    assert low <= index.value <= high


# ---------------------------------------------------------------- properties of measures.md 5.2


def test_p1_no_contact_between_departments_is_exactly_zero():
    index = horizontal_alignment_index(network_of([(0, 1), (2, 3)], list("AABB")), by="department")
    assert scores(index).tolist() == [0, 0, 0, 0]
    assert index.reason == "no_weeks"


def test_p1_every_target_met_is_exactly_a_hundred():
    index = horizontal_alignment_index(saturated(), by="department")
    assert scores(index).tolist() == [100, 100, 100, 100]


def test_p2_multiplying_all_strengths_changes_nothing():
    ties, people = random_ties(40, 5, seed=1)
    one = horizontal_alignment_index(Network.from_ties(ties, people), by="department")
    ties["strength"] *= 8
    other = horizontal_alignment_index(Network.from_ties(ties, people), by="department")
    assert scores(one).tolist() == scores(other).tolist()


def test_p2_repeating_all_events_of_a_dated_network_changes_nothing():
    ties, people = weekly_ties(40, 5, seed=1)
    one = horizontal_alignment_index(Network.from_ties(ties, people), by="department", draws=20)
    again = Network.from_ties(pd.concat([ties] * 3), people)
    assert one == horizontal_alignment_index(again, by="department", draws=20)


def test_a_dated_network_is_counted_in_weeks_whatever_its_strength():
    ties, people = weekly_ties(40, 5, seed=1)
    ties["strength"] = np.random.default_rng(0).exponential(size=len(ties))
    indexes = [
        horizontal_alignment_index(
            Network.from_ties(ties, people, strength=strength), by="department", draws=20
        )
        for strength in ("active_weeks", "volume", "decayed")
    ]
    assert indexes[0] == indexes[1] == indexes[2]


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_p3_relabelling_and_row_order_change_nothing(seed):
    ties, people = weekly_ties(30, 4, seed=seed % 30, per_person=4)
    one = horizontal_alignment_index(Network.from_ties(ties, people), by="department", draws=10)
    names = {"D00": "Z", "D01": "Y", "D02": "D02", "D03": "A"}
    renamed = people.assign(department=people["department"].map(names))
    other = horizontal_alignment_index(relabelled(ties, renamed, seed), by="department", draws=10)
    assert scores(one) == pytest.approx(scores(other), abs=1e-9)
    assert interval(one) == pytest.approx(interval(other), abs=1e-9)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_p4_one_more_regular_cross_tie_lowers_nothing(seed):
    rng = np.random.default_rng(seed)
    ties, people = random_ties(30, 4, seed=seed, per_person=1)
    code = people["department"].to_numpy()
    a, b = rng.integers(0, 30, 2)
    more = pd.DataFrame({"sender": [a], "recipient": [b], "strength": [3.0]})
    before = horizontal_alignment_index(Network.from_ties(ties, people), by="department")
    more = more.iloc[: int(code[a] != code[b])]
    after = horizontal_alignment_index(
        Network.from_ties(pd.concat([ties, more]), people), by="department"
    )
    assert (scores(after) >= scores(before) - 1e-9).all()


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_p5_more_internal_contact_never_raises_openness_and_leaves_the_rest(seed):
    ties, people = random_ties(30, 4, seed=seed, per_person=2)
    members = np.flatnonzero(people["department"] == "D00")
    more = pd.DataFrame({"sender": members[:1], "recipient": members[-1:], "strength": [4.0]})
    before = horizontal_alignment_index(Network.from_ties(ties, people), by="department")
    after = horizontal_alignment_index(
        Network.from_ties(pd.concat([ties, more]), people), by="department"
    )
    assert after.openness <= before.openness + 1e-9
    assert (after.coverage, after.resilience) == (before.coverage, before.resilience)


def test_p7_a_fifth_of_the_events_lost_costs_little():
    ties, people = weekly_ties(150, 6, seed=3, per_person=20)
    kept = ties.sample(frac=0.8, random_state=0)
    one = horizontal_alignment_index(Network.from_ties(ties, people), by="department", draws=0)
    other = horizontal_alignment_index(Network.from_ties(kept, people), by="department", draws=0)
    assert other.value == pytest.approx(one.value, abs=3)


def organisation(size, *, seed, inside=6.0, outside=1.4, weeks=12):
    """Six departments of unequally active people; contacts do not depend on headcount."""
    rng = np.random.default_rng(seed)
    code = np.repeat(np.arange(6), size)
    n = len(code)
    same = code[:, None] == code
    active = rng.lognormal(-0.18, 0.6, n)
    chance = np.where(same, inside / size, outside / (n - size)) * np.outer(active, active)
    first, second = np.nonzero(np.triu(rng.random((n, n)) < chance, 1))
    active = rng.random((len(first), weeks)) < rng.beta(2, 3, len(first))[:, None]
    pair, week = np.nonzero(active)
    ties = pd.DataFrame(
        {
            "sender": first[pair],
            "recipient": second[pair],
            "week": pd.Timestamp("2026-01-05") + pd.to_timedelta(7 * week, unit="D"),
        }
    )
    return ties, pd.DataFrame({"person": range(n), "department": [f"D{c}" for c in code]})


def index_of(ties, people):
    return horizontal_alignment_index(Network.from_ties(ties, people), by="department", draws=0)


def without_people(ties, people, gone):
    lost = ties["sender"].isin(gone) | ties["recipient"].isin(gone)
    return index_of(ties[~lost], people.assign(observed=~people["person"].isin(gone)))


def test_p6_larger_departments_with_the_same_contacts_a_person_have_nearly_the_same_index():
    values = [
        np.mean([index_of(*organisation(size, seed=seed)).value for seed in range(3)])
        for size in (15, 30, 60)
    ]
    assert values[1:] == pytest.approx([values[0]] * 2, abs=8)


def test_p8_a_fifth_of_the_weeks_lost_costs_little():
    changes = []
    for seed in range(4):
        ties, people = organisation(25, seed=seed)
        weeks = np.sort(ties["week"].unique())
        gone = np.random.default_rng(seed).choice(weeks[1:-1], 2, replace=False)
        less = index_of(ties[~ties["week"].isin(gone)], people)
        changes.append(less.value - index_of(ties, people).value)
    assert np.mean(changes) == pytest.approx(0, abs=4)


def test_p9_and_p10_lost_people_cost_more_if_they_are_those_with_most_contacts():
    at_random, by_degree, openness_lost = [], [], []
    for seed in range(12):
        ties, people = organisation(25, seed=seed)
        whole = index_of(ties, people)
        rng = np.random.default_rng(seed)
        ends = pd.concat([ties["sender"], ties["recipient"]])
        contacts = ends.value_counts().reindex(people["person"], fill_value=0).to_numpy()
        for chance, losses in ((None, at_random), (contacts / contacts.sum(), by_degree)):
            gone = rng.choice(people["person"], len(people) // 5, replace=False, p=chance)
            less = without_people(ties, people, gone)
            losses.append(less.value - whole.value)
            if chance is None:
                openness_lost.append(less.openness - whole.openness)
    assert -12 < np.mean(at_random) < 0
    assert -20 < np.mean(by_degree) < np.mean(at_random)
    assert np.mean(openness_lost) == pytest.approx(0, abs=4)


def test_p11_unobserved_people_change_nothing():
    ties, people = weekly_ties(40, 4, seed=2)
    absent = pd.DataFrame({"person": [f"x{i}" for i in range(30)], "department": "D00"})
    more = pd.concat([people.assign(observed=True), absent.assign(observed=False)])
    one = horizontal_alignment_index(Network.from_ties(ties, people), by="department", draws=10)
    other = horizontal_alignment_index(Network.from_ties(ties, more), by="department", draws=10)
    assert one == other


def test_people_of_unknown_department_and_their_ties_change_nothing():
    ties, people = random_ties(40, 4, seed=2)
    lost = pd.DataFrame({"person": ["x"], "department": [None]})
    more = pd.DataFrame([("x", 1, 50.0), (2, "x", 9.0)], columns=ties.columns)
    one = horizontal_alignment_index(Network.from_ties(ties, people), by="department")
    other = horizontal_alignment_index(
        Network.from_ties(pd.concat([ties, more]), pd.concat([people, lost])), by="department"
    )
    assert scores(one).tolist() == scores(other).tolist()


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_all_scores_and_limits_are_from_0_to_100(seed):
    network = weekly_network(30, 4, seed=seed, per_person=4, cohesion=0.8)
    index = horizontal_alignment_index(network, by="department", draws=30)
    numbers = np.r_[scores(index), interval(index)]
    assert ((numbers >= 0) & (numbers <= 100)).all()
    assert index.value == pytest.approx(scores(index)[1:].mean())


# ---------------------------------------------------------------- planted faults


PLANTED = np.isin(np.arange(36), [1, 4, 8, 15, 22, 29])  # of six departments, six pairs


def plant(fault, ends, code):
    """Ties between the people of six departments, with a fault in them."""
    a, b = ends
    a, b = np.where(code[a] <= code[b], a, b), np.where(code[a] <= code[b], b, a)
    planted = PLANTED[code[a] * 6 + code[b]]
    if fault == "silo":
        inside = np.array([(i, j) for i in range(20) for j in range(i)] * 40).T
        return np.hstack([ends, inside])
    if fault == "weak":
        return ends[:, ~planted]
    return np.array([np.where(planted, code[a] * 20, a), b])


@pytest.mark.parametrize(
    ("fault", "score"), [("silo", "openness"), ("weak", "coverage"), ("thin", "resilience")]
)
def test_each_planted_fault_lowers_its_own_sub_score_most(fault, score):
    rng = np.random.default_rng(0)
    code = np.repeat(np.arange(6), 20)
    ends = rng.integers(0, 120, (2, 2500))
    before, after = (
        horizontal_alignment_index(
            network_of(ties.T.tolist(), [f"D{c}" for c in code]), by="department"
        )
        for ties in (ends, plant(fault, ends, code))
    )
    loss = scores(before)[1:] - scores(after)[1:]
    assert SCORES[1:][int(loss.argmax())] == score
    assert loss.max() > 5


def test_requirements_of_departments_that_were_not_observed_are_left_out():
    network = network_of([(0, 3), (1, 4)], list("AAABBBC"), observed=[True] * 6 + [False])
    needed = pd.DataFrame({"group_a": ["A", "A"], "group_b": ["B", "C"]})
    index = horizontal_alignment_index(network, by="department", requirements=needed)
    assert index.coverage == 100


# ---------------------------------------------------------------- interval


def test_interval_is_that_of_the_definition_in_each_resampled_window():
    network = weekly_network(60, 5, seed=1, per_person=3, cohesion=0.7)
    weekly = network.pairs.weekly.toarray().astype(int)
    ends = {"sender": network.pairs.first, "recipient": network.pairs.second}
    ties = pd.DataFrame(ends).astype(str)
    values = []
    for times in week_multiplicities(12, 60, np.random.default_rng(3)).T:
        regular = (weekly > 0) @ times >= 3
        all_ties = ties.assign(strength=weekly @ times)
        undated = [
            Network.from_ties(each, network.people[["department"]], directed=False)
            for each in (all_ties, all_ties[regular])
        ]
        parts = [by_definition(undated[0])[1], *by_definition(undated[1])[2:]]
        values.append([np.mean(parts), *parts])
    index = horizontal_alignment_index(network, by="department", draws=60, seed=3)
    low, high = np.percentile(values, [2.5, 97.5], axis=0)
    value = np.array([index.value, index.openness, index.coverage, index.resilience])
    half = (high - low) / 2
    limits = [np.maximum(value - half, 0), np.minimum(value + half, 100)]
    expected = np.array(limits).T.ravel()
    assert interval(index) == pytest.approx(expected, abs=1e-9)


def test_interval_has_a_width_and_stands_with_its_parameters():
    network = weekly_network(80, 5, seed=1, per_person=3, cohesion=0.8)
    index = horizontal_alignment_index(network, by="department")
    assert index.reason is None
    assert index.low < index.high
    assert index.low <= index.value <= index.high
    assert index.openness_low <= index.openness <= index.openness_high
    assert index.resilience_low <= index.resilience <= index.resilience_high <= 100
    assert (index.draws, index.seed, index.weeks, index.regular_weeks) == (500, 0, 12, 3)


def test_the_same_seed_gives_the_same_interval_and_another_seed_another():
    network = weekly_network(60, 5, seed=1, per_person=3, cohesion=0.8)
    one = horizontal_alignment_index(network, by="department", draws=50)
    assert one == horizontal_alignment_index(network, by="department", draws=50)
    other = horizontal_alignment_index(network, by="department", draws=50, seed=1)
    assert scores(one).tolist() == scores(other).tolist()
    assert interval(one).tolist() != interval(other).tolist()


def test_blocks_of_draws_make_no_difference(monkeypatch):
    network = weekly_network(50, 4, seed=1, per_person=3, cohesion=0.8)
    whole = horizontal_alignment_index(network, by="department", draws=40)
    monkeypatch.setattr("orgnet.measures.alignment_scores._BLOCK_NUMBERS", 2000)
    assert horizontal_alignment_index(network, by="department", draws=40) == whole


def test_the_number_of_regular_weeks_is_that_of_the_rules():
    ties, people = weekly_ties(60, 5, seed=1, per_person=3)
    strict = Network.from_ties(ties, people, rules=TieRules(regular_weeks=8))
    index = horizontal_alignment_index(strict, by="department", draws=20)
    loose = horizontal_alignment_index(Network.from_ties(ties, people), by="department", draws=20)
    assert index.regular_weeks == 8
    assert index.coverage < loose.coverage
    assert index.openness == loose.openness


def test_networks_without_dates_have_no_interval():
    index = horizontal_alignment_index(random_network(seed=1), by="department")
    assert index.reason == "no_weeks"
    assert np.isnan(interval(index)).all()
    assert not np.isnan(scores(index)).any()


def test_no_draws_give_no_interval():
    index = horizontal_alignment_index(weekly_network(seed=1), by="department", draws=0)
    assert np.isnan(interval(index)).all()
    assert index.reason is None


def test_one_week_gives_no_interval_with_the_reason():
    network = weekly_network(30, 3, seed=1, weeks=1)
    index = horizontal_alignment_index(network, by="department")
    assert index.reason == "too_few_weeks"
    assert np.isnan(interval(index)).all()
    assert index.coverage == 0


# ---------------------------------------------------------------- edges


@pytest.mark.parametrize("case", unmeasurable())
def test_index_is_undefined_with_the_reason(case):
    network, reason = unmeasurable()[case]
    index = horizontal_alignment_index(network, by="department")
    assert index.reason == reason
    assert np.isnan(np.r_[scores(index), interval(index)]).all()


def test_departments_of_one_cannot_be_resilient():
    index = horizontal_alignment_index(network_of([(0, 1)], list("AB")), by="department")
    assert scores(index)[1:].tolist() == [100, 100, 0]


def test_a_department_without_a_tie_leaves_openness_and_lowers_coverage():
    ties = [(5 * g + i, 5 * h + i) for g, h in combinations(range(3), 2) for i in range(5)]
    index = horizontal_alignment_index(
        network_of(ties, [name for name in "ABCD" for _ in range(5)]), by="department"
    )
    assert index.openness == 100
    assert index.coverage == pytest.approx(50)


def test_networkx_and_igraph_graphs_give_the_same_as_a_network():
    expected = horizontal_alignment_index(barbell(), by="department")
    graph = barbell_graph()
    for other in (graph, ig.Graph.from_networkx(graph)):
        found = horizontal_alignment_index(other, by="department")
        assert scores(found).tolist() == scores(expected).tolist()


def test_negative_number_of_draws_is_refused():
    with pytest.raises(UsageError, match="draws is -1, expected 0 or more"):
        horizontal_alignment_index(barbell(), by="department", draws=-1)


def test_the_record_cannot_be_changed():
    with pytest.raises(AttributeError):
        AlignmentIndex().value = 100.0
