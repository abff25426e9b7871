import igraph as ig
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy.stats import betabinom, binom

from measures.organisations import network_of, random_network, random_ties
from orgnet.errors import UsageError
from orgnet.measures.backbone import disparity, noise_corrected
from orgnet.measures.backbone_counts import mlf, polya
from orgnet.network import Network

MEASURES = [disparity, noise_corrected, polya, mlf]


def star(weights: list[float]) -> nx.Graph:
    graph = nx.Graph()
    graph.add_weighted_edges_from(("hub", f"p{i}", w) for i, w in enumerate(weights))
    return graph


def directed_table(network: Network, directed: bool) -> pd.DataFrame:
    """The ties with what both ends have, added up with pandas; undirected in both directions."""
    ties = network.to_pandas()[["sender", "recipient", "strength"]]
    if not directed:
        strength = network.symmetric_strength.tocoo()
        ids = network.index.to_numpy()
        ties = pd.DataFrame(
            {"sender": ids[strength.row], "recipient": ids[strength.col], "strength": strength.data}
        )
    sent, received = ties.groupby("sender")["strength"], ties.groupby("recipient")["strength"]
    return ties.assign(
        out=sent.transform("sum"),
        into=received.transform("sum"),
        sent=sent.transform("size"),
        received=received.transform("size"),
    )


def values(table: pd.DataFrame, column: str = "p") -> dict[tuple[str, str], float]:
    return dict(
        zip(zip(table["sender"], table["recipient"], strict=True), table[column], strict=True)
    )


# ---------------------------------------------------------------- disparity


def test_two_fifths_over_five_contacts_have_the_published_disparity() -> None:
    table = disparity(star([8, 3, 3, 3, 3]), alpha=1, keep_strongest=False)

    assert table.loc[0, "p"] == pytest.approx(0.1296, abs=1e-12)


def test_the_formula_that_was_published_wrong_fails_here() -> None:
    # 1 - (d - 1)(1 - p)^(d - 2) is below 0, "significant", for the weakest of many ties.
    table = disparity(star([1] * 9 + [91]), alpha=1, keep_strongest=False)

    wrong = 1 - 9 * (1 - 0.01) ** 8
    assert wrong < 0
    assert table.loc[0, "p"] == pytest.approx(0.99**9, abs=1e-12)
    assert disparity(star([1] * 9 + [91]), keep_strongest=False)["strength"].tolist() == [91]


@pytest.mark.parametrize("ends", ["either", "both"])
@pytest.mark.parametrize("directed", [True, False])
def test_disparity_agrees_with_the_integral_of_its_null_model(directed: bool, ends: str) -> None:
    network = random_network(30, 3, 1)
    ties = directed_table(network, directed)

    table = disparity(network, alpha=1, ends=ends, directed=directed, keep_strongest=False)

    def one_end(share: float, contacts: int) -> float:
        # 1 - (k - 1) ∫₀ˢ (1 - x)^(k-2) dx by the midpoint rule.
        grid = (np.arange(20_000) + 0.5) / 20_000 * share
        return 1 - (contacts - 1) * ((1 - grid) ** (contacts - 2)).mean() * share

    choose = min if ends == "either" else max
    expected = {
        (row.sender, row.recipient): choose(
            one_end(row.strength / row.out, row.sent),
            one_end(row.strength / row.into, row.received),
        )
        for row in ties.itertuples()
    }
    found = values(table)
    assert len(found) > 50
    assert found == pytest.approx({tie: expected[tie] for tie in found}, abs=1e-6)


def test_either_end_keeps_what_both_ends_keep_and_more() -> None:
    network = random_network(60, 4, 2)

    either = set(values(disparity(network, alpha=0.2, keep_strongest=False)))
    both = set(values(disparity(network, alpha=0.2, ends="both", keep_strongest=False)))

    assert both < either


@pytest.mark.parametrize("directed", [True, False])
def test_nobody_with_a_tie_vanishes(directed: bool) -> None:
    network = random_network(60, 4, 3)
    table = disparity(network, alpha=0.001, directed=directed)

    tied = set(network.to_pandas()["sender"]) | set(network.to_pandas()["recipient"])

    assert set(table["sender"]) | set(table["recipient"]) == tied
    assert len(table) < len(network.pairs)


# ---------------------------------------------------------------- noise corrected


def coscia_neffke(network: Network, directed: bool) -> dict[tuple[str, str], tuple[float, float]]:
    """The authors' program, tie by tie."""
    ties = directed_table(network, directed)
    total = ties["strength"].sum()
    result = {}
    for row in ties.itertuples():
        n, out, into = row.strength, row.out, row.into
        kappa = total / (out * into)
        mean = ((out * into) / total) * (1 / total)
        variance = (1 / total**2) * (out * into * (total - out) * (total - into))
        variance /= (total**2) * (total - 1)
        alpha = (mean**2 / variance) * (1 - mean) - mean
        beta = (mean / variance) * (1 - mean**2) - (1 - mean)
        chance = (alpha + n) / (alpha + n + total - n + beta)
        d = 1 / (out * into) - total * ((out + into) / (out * into) ** 2)
        spread = chance * (1 - chance) * total
        spread *= ((2 * (kappa + n * d)) / (kappa * n + 1) ** 2) ** 2
        result[row.sender, row.recipient] = ((kappa * n - 1) / (kappa * n + 1), spread**0.5)
    return result


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_noise_correction_agrees_with_the_authors_program(seed: int, directed: bool) -> None:
    network = random_network(40, 4, seed)
    expected = coscia_neffke(network, directed)

    table = noise_corrected(network, delta=1.64, directed=directed)

    kept = {tie for tie, (lift, sd) in expected.items() if lift - 1.64 * sd > 0}
    if not directed:
        place = {person: i for i, person in enumerate(network.index)}
        kept = {(a, b) for a, b in kept if place[a] < place[b]}
    lifts, deviations = values(table, "lift"), values(table, "standard_deviation")
    assert set(lifts) == kept
    assert lifts == pytest.approx({tie: expected[tie][0] for tie in kept}, abs=1e-12)
    assert deviations == pytest.approx({tie: expected[tie][1] for tie in kept}, abs=1e-12)


def test_a_larger_delta_keeps_fewer() -> None:
    network = random_network(60, 4, 1)

    sizes = [len(noise_corrected(network, delta=delta)) for delta in (1.28, 1.64, 2.32)]

    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[-1] > 0


# ---------------------------------------------------------------- models of counts


@pytest.mark.parametrize("directed", [True, False])
def test_marginal_likelihood_agrees_with_scipy(directed: bool) -> None:
    network = random_network(40, 4, 1)
    ties = directed_table(network, directed)
    m = ties["strength"].sum() / (1 if directed else 2)

    found = values(mlf(network, alpha=1, directed=directed))

    chance = ties["out"] * ties["into"] / (m**2 if directed else 2 * m**2)
    p = binom.sf(ties["strength"] - 1, m, chance)
    expected = dict(zip(zip(ties["sender"], ties["recipient"], strict=True), p, strict=True))
    assert found == pytest.approx({tie: expected[tie] for tie in found}, abs=1e-10)
    assert len(found) > 50


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("reinforcement", [0.0, 0.5, 1.0, 4.0])
def test_the_urn_agrees_with_scipy(reinforcement: float, directed: bool) -> None:
    network = random_network(30, 3, 2)
    ties = directed_table(network, directed)

    def one_end(w: pd.Series, s: pd.Series, d: pd.Series) -> np.ndarray:
        if reinforcement == 0:
            return np.where(d > 1, binom.sf(w - 1, s, 1 / d), 1.0)
        rest = np.maximum(d - 1, 1) / reinforcement
        return np.where(d > 1, betabinom.sf(w - 1, s, 1 / reinforcement, rest), 1.0)

    options = {"alpha": 1, "keep_strongest": False, "directed": directed}
    table = polya(network, reinforcement=reinforcement, **options)

    p = np.minimum(
        one_end(ties["strength"], ties["out"], ties["sent"]),
        one_end(ties["strength"], ties["into"], ties["received"]),
    )
    expected = dict(zip(zip(ties["sender"], ties["recipient"], strict=True), p, strict=True))
    found = values(table)
    assert found == pytest.approx({tie: expected[tie] for tie in found}, abs=1e-9)
    assert table.attrs["reinforcement"] == reinforcement


def test_the_likeliest_reinforcement_is_near_the_one_that_made_the_ties() -> None:
    rng = np.random.default_rng(0)
    rows = []
    for hub in range(40):
        shares = rng.dirichlet(np.full(12, 1 / 0.8))
        rows += [
            (f"h{hub}", f"p{hub}-{i}", float(w))
            for i, w in enumerate(rng.multinomial(200, shares))
            if w
        ]
    graph = nx.Graph()
    graph.add_weighted_edges_from(rows)

    table = polya(graph)

    # Ties that were not drawn at all are missing, which looks like a little less reinforcement.
    assert table.attrs["reinforcement"] == pytest.approx(0.8, abs=0.2)


def test_blocks_of_terms_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    network = random_network(40, 4, 1)
    whole = polya(network, reinforcement=1)
    monkeypatch.setattr("orgnet.measures.backbone_counts._TERMS_AT_ONCE", 50)

    pd.testing.assert_frame_equal(polya(network, reinforcement=1), whole)


# ---------------------------------------------------------------- all


@pytest.mark.parametrize("measure", MEASURES)
def test_row_order_does_not_matter(measure: object) -> None:
    ties, people = random_ties(40, 4, 1)
    moved = Network.from_ties(
        ties.sample(frac=1, random_state=0), people.sample(frac=1, random_state=1)
    )

    def pairs(table: pd.DataFrame) -> set[frozenset[str]]:
        return set(map(frozenset, zip(table["sender"], table["recipient"], strict=True)))

    kept = pairs(measure(Network.from_ties(ties, people)))  # type: ignore[operator]
    assert pairs(measure(moved)) == kept  # type: ignore[operator]


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("people", [0, 1, 3])
def test_without_ties_nothing_is_kept_and_columns_stay(
    people: int, measure: object, directed: bool
) -> None:
    table = measure(nx.empty_graph(people), directed=directed)  # type: ignore[operator]

    assert table.empty
    assert table.columns[:3].tolist() == ["sender", "recipient", "strength"]
    assert table.dtypes.iloc[2:].eq(float).all()


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("measure", MEASURES)
def test_a_single_tie_has_nothing_to_be_compared_with(measure: object, directed: bool) -> None:
    network = network_of([(0, 1, 5.0)], list("AB"), directed=True)

    table = measure(network, directed=directed)  # type: ignore[operator]

    assert not table.drop(columns=["sender", "recipient"]).isna().any(axis=None)


@pytest.mark.parametrize("measure", MEASURES)
def test_igraph_and_networkx_give_the_same(measure: object) -> None:
    graph = nx.gnm_random_graph(20, 60, seed=1)
    for a, b, data in graph.edges(data=True):
        data["strength"] = float(1 + (a * b) % 9)

    pd.testing.assert_frame_equal(
        measure(ig.Graph.from_networkx(graph)),  # type: ignore[operator]
        measure(graph),  # type: ignore[operator]
    )


@pytest.mark.parametrize("measure", [noise_corrected, polya, mlf])
def test_strengths_that_are_no_counts_are_refused(measure: object) -> None:
    with pytest.raises(UsageError, match="a strength is not a whole number, expected counts"):
        measure(star([1.5, 2.0]))  # type: ignore[operator]


def test_wrong_options_are_refused() -> None:
    graph = star([1, 2])
    with pytest.raises(UsageError, match="alpha is 0, expected a chance above 0 and up to 1"):
        disparity(graph, alpha=0)
    with pytest.raises(UsageError, match=r"ends is 'boths', expected .* Did you mean 'both'"):
        disparity(graph, ends="boths")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="reinforcement is -1, expected 0 or more"):
        polya(graph, reinforcement=-1)
