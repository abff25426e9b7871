"""Surveys that not everybody answered."""

import igraph as ig
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy.stats import hypergeom

from measures.organisations import network_of, random_ties
from orgnet.errors import InputError, MissingColumnError, UsageError
from orgnet.measures import betweenness, density, ei_index
from orgnet.measures.non_response import received_share, reconstructed, response_rate
from orgnet.network import Network

ANSWERS = [(0, 1, 3.0), (1, 0, 1.0), (0, 2, 2.0), (1, 3, 4.0), (1, 2, 0.0)]


def survey():
    """0 and 1 of department A answered; 2 and 3 of B did not; 4 of B was not even named."""
    return network_of(
        ANSWERS, list("AABBB"), directed=True, observed=[True, True, True, True, False]
    )


def test_rates_count_the_whole_roster():
    table = response_rate(survey(), by="department", respondents=["0", "1"])
    assert table["people"].tolist() == [2, 3]
    assert table["respondents"].tolist() == [2, 0]
    assert table["response_rate"].tolist() == [1.0, 0.0]
    assert table.attrs["response_rate"] == 0.4


def test_weights_make_respondents_stand_for_the_roster():
    people = list("AAAAAABBBB")
    network = network_of([], people, directed=True)
    table = response_rate(network, by="department", respondents=["0", "1", "6", "7", "8", "9"])
    assert (table["weight"] * table["respondents"] / 6).tolist() == pytest.approx([0.6, 0.4])


def test_a_group_without_respondents_has_no_weight():
    table = response_rate(survey(), by="department", respondents=["0", "1"])
    assert table["weight"].isna().tolist() == [False, True]


def test_p_is_that_of_drawing_respondents_without_regard_to_the_group():
    network = network_of([], list("AAAAAAAABBBBBBBB"), directed=True)
    table = response_rate(network, by="department", respondents=list("012345689"))
    chances = hypergeom(16, 8, 9).pmf(np.arange(10))
    expected = chances[chances <= chances[7] * (1 + 1e-9)].sum()
    assert table["p"].tolist() == pytest.approx([expected] * 2, abs=1e-12)
    assert table["q"].tolist() == pytest.approx([expected] * 2, abs=1e-12)


def test_one_group_or_full_response_has_nothing_to_compare():
    one = response_rate(network_of([], list("AAA"), directed=True), by="department",
                        respondents=["0"])  # fmt: skip
    assert np.isnan([one["p"].iloc[0], one.attrs["p"]]).all()
    everybody = response_rate(
        network_of([], list("AABB"), directed=True), by="department", respondents=list("0123")
    )
    assert np.isnan(everybody.attrs["p"])
    assert everybody["p"].tolist() == [1.0, 1.0]
    assert everybody["weight"].tolist() == [1.0, 1.0]


def test_nobody_has_no_rate():
    table = response_rate(network_of([], [], directed=True), by="department", respondents=[])
    assert table.empty
    assert np.isnan(table.attrs["response_rate"])


def test_who_answered_may_stand_in_the_people():
    people = pd.DataFrame(
        {"person": range(3), "department": list("AAB"), "responded": [True, None, False]}
    )
    ties = pd.DataFrame({"sender": [0], "recipient": [1]})
    table = response_rate(Network.from_ties(ties, people), by="department")
    assert table["respondents"].tolist() == [1, 0]


def test_without_a_word_on_who_answered_there_is_an_error():
    with pytest.raises(MissingColumnError, match="no column 'responded'; the people have"):
        response_rate(survey(), by="department")


def test_respondents_who_are_not_among_the_people_are_counted_not_named():
    with pytest.raises(InputError, match="1 of the 2 respondents are not among") as caught:
        received_share(survey(), respondents=["0", "someone@example.com"])
    assert "someone" not in str(caught.value)


def test_received_shares_count_respondents_alone():
    assert received_share(survey(), respondents=["0", "1"]).tolist() == [1, 1, 0.5, 0.5, 0]


def test_where_nobody_else_answered_nothing_is_received():
    assert received_share(survey(), respondents=["0"]).isna().tolist() == [True] + [False] * 4
    assert received_share(survey(), respondents=[]).isna().all()


def test_received_shares_are_in_degrees_where_everybody_answered():
    ties, people = random_ties(30, 3, 0)
    network = Network.from_ties(ties, people)
    everybody = network.index.tolist()
    expected = pd.Series(nx.in_degree_centrality(network.to_networkx()))
    found = received_share(network, respondents=everybody)
    assert found.tolist() == pytest.approx(expected[everybody].tolist())


@pytest.mark.parametrize(("rule", "strength"), [("either", 3.0), ("both", 1.0), ("mean", 2.0)])
def test_two_answers_become_one_tie_by_the_rule(rule, strength):
    network = reconstructed(survey(), respondents=["0", "1"], rule=rule)
    assert not network.directed
    assert network.pairs.strength.tolist() == [strength, 2.0, 4.0]
    assert list(zip(network.pairs.first, network.pairs.second, strict=True)) == [
        (0, 1), (0, 2), (1, 3)]  # fmt: skip


def test_a_tie_that_one_of_two_respondents_names_is_not_mutual():
    everybody = ["0", "1", "2", "3"]
    assert len(reconstructed(survey(), respondents=everybody, rule="both").pairs) == 1
    assert len(reconstructed(survey(), respondents=everybody, rule="either").pairs) == 3


def test_what_people_say_who_did_not_answer_does_not_count():
    network = reconstructed(survey(), respondents=["1"])
    assert network.pairs.strength.tolist() == [1.0, 4.0]


def test_who_neither_answered_nor_is_named_is_not_observed():
    network = reconstructed(survey(), respondents=["0", "1"])
    assert network.observed.tolist() == [True, True, True, True, False]
    silent = reconstructed(network_of([], list("AB"), directed=True), respondents=["1"])
    assert silent.observed.tolist() == [False, True]


def test_the_survey_is_not_changed():
    network = survey()
    reconstructed(network, respondents=["0"])
    assert network.directed
    assert len(network.pairs) == 3


def test_measures_take_the_reconstructed_network():
    network = reconstructed(survey(), respondents=["0", "1"])
    assert density(network) == 3 / 6
    assert ei_index(network, by="department") == pytest.approx((2 + 4 - 3) / 9)
    assert betweenness(network, normalized=False).tolist()[:4] == [2, 2, 0, 0]


def test_reconstruction_is_nearer_to_the_truth_than_leaving_silent_people_out():
    ties, people = random_ties(60, 3, 0)
    both = pd.concat(
        [ties, ties.rename(columns={"sender": "recipient", "recipient": "sender"})]
    ).drop_duplicates(["sender", "recipient"])
    truth = Network.from_ties(both.assign(strength=1.0), people)
    answered = np.random.default_rng(0).random(60) < 0.7
    given = both[both["sender"].isin(np.flatnonzero(answered))].assign(strength=1.0)
    names = [str(i) for i in np.flatnonzero(answered)]
    network = Network.from_ties(given, people)
    whole = len(truth.pairs)
    ours = len(reconstructed(network, respondents=names).pairs)
    left = len(truth.subset(answered).pairs)
    assert left < ours <= whole
    assert ours == pytest.approx(whole * (1 - 0.3**2), rel=0.06)


def test_undirected_ties_are_refused():
    with pytest.raises(UsageError, match="the ties have no directions"):
        reconstructed(network_of([(0, 1)], list("AB")), respondents=["0"])


def test_a_rule_that_there_is_not_is_refused():
    with pytest.raises(UsageError, match="rule is 'any', expected 'either', 'both' or 'mean'"):
        reconstructed(survey(), respondents=["0"], rule="any")


def test_an_igraph_graph_is_taken():
    graph = ig.Graph([(0, 1), (1, 0)], directed=True)
    assert received_share(graph, respondents=["0", "1"]).tolist() == [1.0, 1.0]
