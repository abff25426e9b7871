"""A measure with its uncertainty: what is drawn, what comes out, and why not."""

import numpy as np
import pandas as pd
import pytest

from measures.organisations import (
    barbell,
    network_of,
    random_network,
    relabelled,
    weekly_network,
    weekly_ties,
)
from orgnet.errors import UsageError
from orgnet.measures import (
    density,
    ei_index,
    external_share,
    group_matrix,
    horizontal_alignment_index,
    openness,
    participation_coefficient,
)
from orgnet.measures.alignment import around_value
from orgnet.measures.estimates import estimate
from orgnet.network import Network
from orgnet.rules import TieRules
from orgnet.statistics.resampling import week_multiplicities

METHODS = ["week_bootstrap", "week_jackknife", "dyad_bootstrap", "vertex_jackknife"]


@pytest.mark.parametrize("method", METHODS)
def test_the_value_is_that_of_the_measure(method):
    network = weekly_network(n=24, k=3)
    found = estimate(openness, network, by="department", method=method, draws=20)
    pd.testing.assert_series_equal(found.value, openness(network, by="department"))
    assert (found.measure, found.method, found.reason) == ("openness", method, None)
    assert (found.n, found.ties, found.coverage) == (24, len(network.pairs), 1.0)
    assert found.parameters["by"] == "department"


@pytest.mark.parametrize("method", METHODS)
def test_the_interval_holds_the_value(method):
    network = weekly_network(n=40, k=3)
    found = estimate(ei_index, network, by="department", method=method, draws=100)
    assert found.low < found.value < found.high
    assert 0 < found.standard_error < 0.2


def test_a_week_bootstrap_is_the_measure_of_each_sample_of_weeks():
    network = weekly_network(n=20, k=3)
    found = estimate(ei_index, network, by="department", draws=30, seed=3)
    times = week_multiplicities(12, 30, np.random.default_rng(3))
    ties, people = weekly_ties(20, 3, 0)
    numbers = ties["week"].rank(method="dense").astype(int) - 1
    drawn = []
    for column in times.T:
        again = ties.assign(strength=column[numbers]).drop(columns="week")
        again = again[again["strength"] > 0]
        drawn.append(ei_index(Network.from_ties(again, people), by="department"))
    assert found.parameters["block"] == 1
    assert found.standard_error == pytest.approx(np.std(drawn, ddof=1), abs=1e-12)
    assert [found.low, found.high] == pytest.approx(np.percentile(drawn, [2.5, 97.5]), abs=1e-12)


def test_the_index_is_drawn_from_weeks_as_in_its_own_interval():
    network = weekly_network(n=60, k=5)
    index = horizontal_alignment_index(network, by="department", draws=60, seed=5)

    def value(part, *, by):
        return horizontal_alignment_index(part, by=by, draws=0).value

    found = estimate(value, network, by="department", draws=60, seed=5)
    # A department without any contact in a draw leaves openness in both.
    limits = around_value(np.float64(index.value), np.float64(found.low), np.float64(found.high))
    assert limits == pytest.approx((index.low, index.high), abs=1e-9)


def test_weeks_that_resemble_their_neighbours_are_drawn_in_blocks():
    ties, people = weekly_ties(30, 3, 0, weeks=24)
    week = (ties["week"] - ties["week"].min()).dt.days // 7
    busy = np.random.default_rng(0).random(len(ties)) < np.where(week < 12, 1.0, 0.2)
    network = Network.from_ties(ties[busy], people, rules=TieRules(window_weeks=None))
    found = estimate(ei_index, network, by="department", draws=10)
    assert found.parameters["block"] == 4


def test_a_week_jackknife_leaves_out_one_week_at_a_time():
    network = weekly_network(n=20, k=3)
    found = estimate(ei_index, network, by="department", method="week_jackknife")
    ties, people = weekly_ties(20, 3, 0)
    without = []
    for week in sorted(ties["week"].unique()):
        rest = ties[ties["week"] != week]
        counted = rest.groupby(["sender", "recipient"]).size().reset_index(name="strength")
        without.append(ei_index(Network.from_ties(counted, people), by="department"))
    expected = np.sqrt(11 / 12 * ((without - np.mean(without)) ** 2).sum())
    assert found.standard_error == pytest.approx(expected, abs=1e-12)
    assert found.draws == 12


def test_a_vertex_jackknife_leaves_out_one_person_at_a_time():
    network = random_network(n=15, k=3)
    found = estimate(density, network, method="vertex_jackknife")
    full = network.to_networkx().to_undirected()
    without = []
    for person in list(full):
        part = full.subgraph(set(full) - {person})
        without.append(2 * part.number_of_edges() / (14 * 13))
    expected = np.sqrt(13 / 30 * ((without - np.mean(without)) ** 2).sum())
    assert found.standard_error == pytest.approx(expected, abs=1e-12)


def test_a_person_without_themselves_is_left_out_of_their_own_error():
    network = random_network(n=15, k=3)
    found = estimate(participation_coefficient, network, by="department", method="vertex_jackknife")
    assert found.standard_error.notna().all()
    assert found.warnings == ("undefined_draws",)


def test_a_dyad_bootstrap_covers_the_chance_in_the_ties():
    # Ties come anew from the same rates: nominal 95 %.
    rng, inside = np.random.default_rng(0), []
    codes = np.arange(60) % 4
    chance = np.where(codes[:, None] == codes, 0.3, 0.08)
    one, other = np.triu_indices(60, 1)
    same = (codes[one] == codes[other]) * chance[one, other]
    truth = 1 - 2 * same.sum() / chance[one, other].sum()
    for seed in range(30):
        there = rng.random(len(one)) < chance[one, other]
        network = network_of(zip(one[there], other[there], strict=True), [f"D{c}" for c in codes])
        found = estimate(
            ei_index, network, by="department", method="dyad_bootstrap", draws=50, seed=seed
        )
        inside.append(found.low <= truth <= found.high)
    assert 0.85 < np.mean(inside) <= 1


@pytest.mark.parametrize("method", ["week_bootstrap", "week_jackknife"])
def test_without_dates_weeks_give_the_value_alone(method):
    found = estimate(openness, barbell(), by="department", method=method, draws=5)
    assert found.reason == "no_weeks"
    assert found.value.notna().all()
    assert found.standard_error.isna().all()
    assert found.to_frame()[["low", "high"]].isna().all(axis=None)


def test_an_undefined_measure_keeps_its_reason():
    found = estimate(openness, network_of([(0, 1)], list("AA")), by="department")
    assert found.reason == "single_group"
    assert found.to_frame().isna().all(axis=None)
    assert np.isnan(estimate(ei_index, network_of([(0, 1)], list("AA")), by="department").low)


@pytest.mark.parametrize(
    ("people", "reason"), [(list("AB"), "too_few_people"), (list("AABB"), None)]
)
def test_few_people_have_no_jackknife(people, reason):
    found = estimate(density, network_of([(0, 1)], people), method="vertex_jackknife")
    assert found.reason == reason


def test_a_single_week_has_no_error():
    network = weekly_network(n=20, k=2, weeks=1)
    found = estimate(ei_index, network, by="department", draws=5)
    assert found.reason == "too_few_weeks"
    assert "few_weeks" in found.warnings


def test_people_who_were_not_seen_are_a_warning():
    network = network_of([(0, 1), (1, 2)], list("AABBBB"), observed=[True] * 3 + [False] * 3)
    found = estimate(ei_index, network, by="department", method="dyad_bootstrap", draws=9)
    assert found.coverage == 0.5
    assert "missing_people" in found.warnings


def test_samples_without_a_value_are_left_out_and_told():
    network = network_of([(0, 1)], list("AB"))
    found = estimate(ei_index, network, by="department", method="dyad_bootstrap", draws=50)
    assert found.warnings == ("undefined_draws",)
    assert (found.low, found.high) == (1.0, 1.0)


@pytest.mark.parametrize("method", METHODS)
def test_names_and_the_order_of_rows_do_not_matter(method):
    ties, people = weekly_ties(18, 3, 1)
    rng = np.random.default_rng(0)
    one = Network.from_ties(ties, people)
    order = rng.permutation(len(people))
    shuffled = Network.from_ties(ties.sample(frac=1, random_state=1), people.iloc[order])
    options = {"by": "department", "method": method, "draws": 20}
    first, second = (estimate(external_share, n, **options) for n in (one, shuffled))
    pd.testing.assert_frame_equal(first.to_frame(), second.to_frame())


def test_renamed_people_give_the_same_jackknife():
    ties, people = weekly_ties(18, 3, 1)
    options = {"by": "department", "method": "vertex_jackknife"}
    first = estimate(external_share, Network.from_ties(ties, people), **options)
    second = estimate(external_share, relabelled(ties, people, 3), **options)
    pd.testing.assert_frame_equal(first.to_frame(), second.to_frame())


def test_a_number_makes_a_frame_of_one_row():
    found = estimate(ei_index, barbell(), by="department", method="dyad_bootstrap", draws=20)
    frame = found.to_frame()
    assert frame.index.tolist() == ["ei_index"]
    assert frame["value"].tolist() == [found.value]


def test_the_network_is_not_changed():
    network = weekly_network(n=20, k=3)
    before = network.pairs.strength.copy(), network.pairs.weekly.toarray()
    for method in METHODS:
        estimate(ei_index, network, by="department", method=method, draws=3)
    assert (network.pairs.strength == before[0]).all()
    assert (network.pairs.weekly.toarray() == before[1]).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "jackknife"}, "method is 'jackknife', expected one of"),
        ({"draws": 1}, "draws is 1, expected at least 2"),
    ],
)
def test_wrong_options_are_refused(options, message):
    with pytest.raises(UsageError, match=message):
        estimate(ei_index, barbell(), by="department", **options)


def test_a_measure_that_returns_a_table_is_refused():
    with pytest.raises(UsageError, match="group_matrix returns a DataFrame, expected a measure"):
        estimate(group_matrix, barbell(), by="department")


def test_weeks_are_not_drawn_of_volumes():
    ties, people = weekly_ties(20, 3, 0)
    network = Network.from_ties(ties, people, strength="volume")
    with pytest.raises(UsageError, match="strengths are 'volume'"):
        estimate(ei_index, network, by="department")
