"""Every public measure on the organisations that break measures (`measures.md`, section 0).

`CALLS` says how each measure is called; a measure without an entry fails, so that a new one cannot
be left out.
"""

import dataclasses
import inspect
from itertools import combinations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from orgnet import measures
from orgnet.errors import InputError, UnknownColumnError, UsageError
from orgnet.network import Network, as_network
from orgnet.rules import TieRules

#: What `orgnet.measures` offers that is not a measure of a network.
NOT_OF_A_NETWORK = {"congruence_tasks", "handover_requirements"}

DEPARTMENT = {"by": "department"}


def plain(**options):
    """The network alone, and options."""
    return lambda measure, network: measure(network, **options)


def by_department(**options):
    return plain(**DEPARTMENT, **options)


def requirements(network):
    """Every two departments need each other."""
    names = as_network(network, by="department").groups("department").names
    rows = [(a, b, 1.0) for a, b in combinations(names, 2)]
    return pd.DataFrame(rows, columns=["group_a", "group_b", "weight"])


def with_requirements(**options):
    def call(measure, network, required=None):
        required = requirements(network) if required is None else required
        return measure(network, required, **DEPARTMENT, **options)

    return call


def with_optional_requirements(**options):
    def call(measure, network, required=None):
        return measure(network, requirements=required, **DEPARTMENT, **options)

    return call


def with_labels(measure, network):
    return measure(network, measures.communities(network, runs=2))


def before_and_after(**options):
    return lambda measure, network: measure(network, network, **DEPARTMENT, **options)


def of_everybody(**options):
    """Everybody who was seen answered."""

    def call(measure, network):
        people = as_network(network, by="department").people
        return measure(network, respondents=people.index[people["observed"]].tolist(), **options)

    return call


def of_directions(measure, network):
    """An undirected network is taken both ways: who names whom is asked for."""
    network = as_network(network, by="department")
    return of_everybody()(measure, dataclasses.replace(network, directed=True))


def of_measures(**options):
    return lambda measure, network: measure(network, measures.openness, **DEPARTMENT, **options)


def with_messages(**options):
    """A message each way of every tie, an hour apart."""

    def call(measure, network):
        ties = as_network(network, by="department").to_pandas()
        sent = pd.Timestamp("2026-03-02 10:00", tz="UTC") + pd.to_timedelta(
            np.arange(len(ties)) % 5, unit="h"
        )
        messages = pd.DataFrame(
            {
                "sent_at": sent,
                "sender": ties["sender"],
                "recipient": ties["recipient"],
                "message": [f"m{row}" for row in range(len(ties))],
                "thread": "t",
                "kind": "to",
                "channel": "email",
                "hours": 1.0,
            }
        )
        return measure(network, messages, **options)

    return call


CALLS = {
    "articulation_points": plain(),
    "assortativity": by_department(),
    "betweenness": plain(),
    "bridges": plain(),
    "bridging_hhi": by_department(),
    "brokerage_roles": by_department(),
    "brokerage_roles_expected": by_department(),
    "brokerage_roles_z": by_department(),
    "burt_efficiency": plain(),
    "bus_factor": by_department(),
    "channel_comparison": lambda measure, network: measure({"email": network}, **DEPARTMENT),
    "closure_brokerage": by_department(),
    "coleman_homophily": by_department(),
    "collaboration_load": by_department(),
    "communities": plain(runs=2),
    "community_stability": plain(runs=2, resolutions=[1.0]),
    "community_agreement": by_department(),
    "conductance": by_department(),
    "congruence": with_requirements(),
    "congruence_lift": with_requirements(permutations=19),
    "constraint": plain(),
    "constraint_hierarchy": plain(),
    "contact_factors": plain(factors=["department"], permutations=9),
    "contacts_per_person": by_department(),
    "coordination_gap": with_requirements(),
    "core_number": plain(),
    "cross_betweenness": by_department(),
    "cross_load_concentration": by_department(),
    "cross_load_share": by_department(),
    "current_flow_betweenness": plain(),
    "density": plain(),
    "disparity": plain(),
    "distance_fragmentation": plain(),
    "distance_to_top": plain(),
    "distance_to_top_summary": plain(),
    "effective_size": plain(),
    "ei_index": by_department(),
    "ei_index_expected": by_department(),
    "ei_index_permutation": by_department(draws=9),
    "estimate": lambda measure, network: measure(
        measures.openness, network, method="dyad_bootstrap", draws=5, **DEPARTMENT
    ),
    "external_share": by_department(),
    "external_share_expected": by_department(null="activity"),
    "flow_asymmetry": by_department(),
    "formal_informal_overlap": plain(permutations=9),
    "formal_share_of_modularity": by_department(),
    "fragmentation": plain(),
    "freeman_segregation": by_department(),
    "group_betweenness": by_department(),
    "group_matrix": by_department(),
    "gupta_anderson_may": by_department(),
    "hierarchy_coverage": by_department(),
    "horizontal_alignment_index": with_optional_requirements(draws=5),
    "index_change": before_and_after(),
    "index_contributions": with_optional_requirements(),
    "intermediation": by_department(),
    "key_player_neg": plain(size=2),
    "krackhardt_hierarchy": plain(),
    "layers": plain(),
    "meeting_hours": with_messages(),
    "mixing_matrix": by_department(),
    "mlf": plain(),
    "modularity": with_labels,
    "modularity_formal": by_department(),
    "modularity_null": by_department(draws=2, resolutions=[1.0]),
    "noise_corrected": plain(),
    "odds_ratio_within": by_department(),
    "openness": by_department(),
    "openness_change": before_and_after(draws=5),
    "out_of_place": by_department(),
    "pair_dependency": by_department(),
    "participation_coefficient": by_department(),
    "people_with_capacity": by_department(),
    "polya": plain(),
    "received_share": of_everybody(),
    "reciprocal_ties": plain(),
    "reciprocity": plain(),
    "reconstructed": of_directions,
    "reporting_line_contact": plain(),
    "response_latency": with_messages(**DEPARTMENT),
    "response_rate": of_everybody(**DEPARTMENT),
    "robustness_curve": of_measures(draws=3, shares=[0.3]),
    "silo_test": by_department(draws=9),
    "skip_level_contact": plain(),
    "sole_connectors": by_department(),
    "span_of_control": plain(),
    "spectral_segregation_index": by_department(),
    "suggested_links": with_optional_requirements(links=2),
    "tree_distance_profile": plain(),
    "turnover_decomposition": lambda measure, network: measure(
        network, network, measures.ei_index, **DEPARTMENT
    ),
    "unneeded_share": with_requirements(),
    "vertex_connectivity": by_department(),
    "weak_links": by_department(),
    "what_if": before_and_after(draws=5),
}

EVERY = sorted(
    name
    for name in measures.__all__
    if inspect.isfunction(getattr(measures, name)) and name not in NOT_OF_A_NETWORK
)

#: Measures that say something of some people only.
OF_SOME_PEOPLE = {"articulation_points", "key_player_neg", "span_of_control"}
#: Measures whose result counts the roster, or holds it, seen or not.
OF_THE_ROSTER = {"estimate", "layers", "reconstructed", "response_rate", "span_of_control"}
#: Measures with a column for every group.
OF_SQUARES = {"contacts_per_person", "mixing_matrix"}
#: Measures of counts, which refuse strengths that are not whole numbers.
OF_COUNTS = {"mlf", "noise_corrected", "polya"}


def run(name, network, *arguments):
    assert name in CALLS, f"{name} is a public measure: say in CALLS how it is called"
    return CALLS[name](getattr(measures, name), network, *arguments)


def organisation(ties, departments, *, directed=True, observed=None, names=None, **options):
    """People p00, p01 ... led by the first, with (sender, recipient, strength or 1)."""
    names = names or [f"p{number:02}" for number in range(len(departments))]
    people = pd.DataFrame(
        {"person": names, "department": pd.Series(list(departments), dtype="object")}
    )
    people["manager"] = pd.Series([None, *names[:1] * (len(names) - 1)][: len(names)],
                                  dtype="object")  # fmt: skip
    if observed is not None:
        people["observed"] = list(observed)
    rows = [(names[a], names[b], *(rest or (1.0,))) for a, b, *rest in ties]
    frame = pd.DataFrame(rows, columns=["sender", "recipient", "strength"])
    return Network.from_ties(frame, people, directed=directed, **options)


TRIANGLES = [(0, 1), (1, 0), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3)]
CHAIN = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]


def dated(weeks, **options):
    """Ties of four people in so many weeks, and two people without a week."""
    names = [f"p{number:02}" for number in range(6)]
    rows = [
        (names[a], names[b], pd.Timestamp("2026-01-05") + pd.Timedelta(weeks=week))
        for week in range(weeks)
        for a, b in [(0, 1), (1, 2), (2, 3), (3, 0)]
    ]
    ties = pd.DataFrame(rows, columns=["sender", "recipient", "week"])
    ties["week"] = pd.to_datetime(ties["week"])
    people = pd.DataFrame({"person": names, "department": list("AABBAB"), "manager": None})
    return Network.from_ties(ties, people, **options)


def shapes():
    return {
        "nobody": organisation([], []),
        "one person": organisation([], ["A"]),
        "two people": organisation([(0, 1)], ["A", "B"]),
        "no ties": organisation([], list("AABBCC")),
        "no ties in one department": organisation([], list("AAAA")),
        "isolates": organisation([*TRIANGLES, (2, 3)], list("AAABBBAB")),
        "disconnected parts": organisation(TRIANGLES, list("ABCABC")),
        "departments that never meet": organisation(TRIANGLES, list("AAABBB")),
        "departments that only meet": organisation([(0, 1), (2, 3), (0, 3)], list("ABAB")),
        "departments of one": organisation(CHAIN, list("ABCDEF")),
        "a department of one": organisation([*TRIANGLES, (2, 6)], list("AAABBBC")),
        "a department without ties": organisation([*TRIANGLES, (2, 3)], list("AAABBBCC")),
        "two departments": organisation([*TRIANGLES, (2, 3)], list("AAABBB")),
        "three departments": organisation([*TRIANGLES, (2, 3)], list("AABBCC")),
        "one department": organisation([*TRIANGLES, (2, 3)], list("AAAAAA")),
        "everybody with everybody": organisation(
            list(combinations(range(6), 2)), list("AABBCC"), directed=False
        ),
        "a star": organisation([(0, i) for i in range(1, 7)], list("ABCABCA"), directed=False),
        "self-ties": organisation([(0, 0), (1, 1)], list("AABB")),
        "zero strengths": organisation([(0, 1, 0.0), (2, 1, 0.0)], list("AABB")),
        "tiny strengths": organisation([(a, b, 1e-9) for a, b in CHAIN], list("AABBCC")),
        "huge strengths": organisation([(a, b, 1e12) for a, b in CHAIN], list("AABBCC")),
        "uneven strengths": organisation(
            [(a, b, 10.0 ** (4 * (a % 3) - 4)) for a, b in CHAIN], list("AABBCC")
        ),
        "unknown departments": organisation(CHAIN, ["A", None, "B", float("nan"), "", "unknown"]),
        "nobody's department known": organisation(CHAIN, [None] * 6),
        "ties only with unknown": organisation([(0, 4), (1, 4), (2, 5)], [*"AABB", None, None]),
        "people not seen": organisation(
            [(0, 1), (1, 2), (2, 0)], list("ABABCC"), observed=[True] * 3 + [False] * 3
        ),
        "nobody seen": organisation([], list("AABB"), observed=[False] * 4),
        "undirected": organisation([*TRIANGLES[1:], (2, 3)], list("AAABBB"), directed=False),
        "one week": dated(1),
        "twelve weeks": dated(12),
        "no regular tie": dated(5, rules=TieRules(regular_weeks=10)),
        "ties that have no week": Network.from_ties(
            pd.DataFrame({"sender": ["a"], "recipient": ["b"], "week": [pd.NaT]}).astype(
                {"week": "datetime64[ns]"}
            ),
            pd.DataFrame({"person": list("abc"), "department": list("XYX"), "manager": None}),
        ),
    }  # fmt: skip


SHAPES = shapes()
#: Those with strengths that are not whole numbers.
FRACTIONS = {"tiny strengths", "uneven strengths"}


def parts(result):
    """Whatever a measure returns, as tables."""
    if isinstance(result, Network):
        return [result.people, result.to_pandas()]
    if dataclasses.is_dataclass(result):
        values = {f.name: getattr(result, f.name) for f in dataclasses.fields(result)}
        tables = [v for v in values.values() if isinstance(v, (pd.Series, pd.DataFrame))]
        single = {
            name: value
            for name, value in values.items()
            if isinstance(value, (float, int, str, type(None)))
        }
        return [pd.DataFrame(single, index=[0]), *(part for t in tables for part in parts(t))]
    if isinstance(result, pd.Series):
        return [result.to_frame("value")]
    if isinstance(result, pd.DataFrame):
        return [result]
    assert isinstance(result, (float, int, np.number)), type(result)
    return [pd.DataFrame({"value": [float(result)]})]


def takes(name, parameter):
    return parameter in inspect.signature(getattr(measures, name)).parameters


def numbers(result):
    columns = [part.select_dtypes("number").to_numpy(dtype=float).ravel() for part in parts(result)]
    return np.concatenate(columns)


def in_order(table, names):
    """The table with people renamed, ties and people sorted by id, communities by their people."""
    if table.index.name is not None or table.index.nlevels > 1:
        table = table.reset_index()
    table = table.apply(
        lambda column: column.map(lambda v: names.get(v, v) if isinstance(v, str) else v)
    )
    for ends in (["sender", "recipient"], ["person_a", "person_b"]):
        if set(ends) <= set(table.columns):
            in_pair = np.sort(table[ends].astype(str).to_numpy(), axis=1)
            table = table.assign(**dict(zip(ends, in_pair.T, strict=True)))
            return table.sort_values(ends, ignore_index=True)
    if "person" in table.columns[:1]:
        return table.sort_values("person", ignore_index=True)
    return table.reset_index(drop=True)


def assert_same(one, other, names=None, *, labels=False):
    """The same tables, people of the first renamed, whatever the order of the people."""
    for left, right in zip(parts(one), parts(other), strict=True):
        left, right = in_order(left, names or {}), in_order(right, {})
        if labels:
            left, right = (t.assign(value=pd.factorize(t["value"])[0]) for t in (left, right))
        pd.testing.assert_frame_equal(left, right, check_dtype=False, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("name", EVERY)
def test_every_measure_says_here_how_it_is_called(name):
    assert name in CALLS, f"{name} is a public measure: say in CALLS how it is called"


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        (name, shape)
        for name in EVERY
        for shape in SHAPES
        if not (name in OF_COUNTS and shape in FRACTIONS)
    ],
)
def test_a_measure_gives_numbers_or_nan_and_never_breaks(name, shape):
    network = SHAPES[shape]
    before = network.people.copy(), network.to_pandas()
    result = run(name, network)
    assert not np.isinf(numbers(result)).any()
    for table in (result,) if isinstance(result, (pd.Series, pd.DataFrame)) else ():
        if table.index.name == "person" and name not in OF_SOME_PEOPLE:
            assert table.index.equals(network.index)
        if table.index.name == "group" and name not in OF_THE_ROSTER:
            assert table.index.tolist() == list(network.groups("department").names)
    pd.testing.assert_frame_equal(network.people, before[0])
    pd.testing.assert_frame_equal(network.to_pandas(), before[1])


@pytest.mark.parametrize("name", EVERY)
def test_a_result_without_rows_keeps_its_columns_and_their_types(name):
    empty, full = run(name, SHAPES["nobody"]), run(name, SHAPES["a department of one"])
    for one, other in zip(parts(empty), parts(full), strict=True):
        assert name in OF_SQUARES or one.columns.tolist() == other.columns.tolist()
        assert one.index.names == other.index.names


@pytest.mark.parametrize("name", EVERY)
def test_self_ties_and_ties_without_strength_change_nothing(name):
    departments, ties = list("AAABBBC"), [*TRIANGLES, (2, 3), (4, 6)]
    more = [*ties, (0, 0, 5.0), (6, 6), (0, 5, 0.0), (6, 1, 0.0)]
    assert_same(run(name, organisation(ties, departments)),
                run(name, organisation(more, departments)))  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(EVERY) - OF_THE_ROSTER))
def test_people_who_were_not_seen_change_nothing_and_have_no_value(name):
    departments, ties = list("AAABBBCC"), [*TRIANGLES, (2, 3), (4, 6), (6, 7)]
    seen = organisation(ties, departments)
    more = organisation(ties, [*departments, *"ABC"], observed=[True] * 8 + [False] * 3)
    one, other = run(name, seen), run(name, more)
    if isinstance(other, (pd.Series, pd.DataFrame)) and other.index.name == "person":
        unseen = other.index.isin(more.index[8:])
        # A community of their own, and a person whom all respondents could have named.
        if name not in {"communities", "received_share"}:
            assert np.isnan(numbers(other[unseen])).all()
        other = other[~unseen]
    assert_same(one, other, labels=name == "communities")


@pytest.mark.parametrize("name", EVERY)
def test_names_and_the_order_of_rows_change_nothing(name):
    rng = np.random.default_rng(0)
    codes = np.repeat(np.arange(4), 8)
    inside = codes[:, None] == codes
    there = np.triu(rng.random((32, 32)) < np.where(inside, 0.7, 0.06), 1)
    ties = [(a, b, float(rng.integers(1, 6))) for a, b in np.argwhere(there | there.T)]
    departments = np.array(list("ABCD"))[codes]
    names = [f"p{number:02}" for number in range(32)]
    # Where two are equal the first by id is named: the new names keep the order of the old.
    new = {name: name.replace("p", "q") for name in names}
    order, rows = rng.permutation(32), rng.permutation(len(ties))
    one = organisation(ties, departments)
    other_people = pd.DataFrame(
        {
            "person": [new[names[i]] for i in order],
            "department": departments[order],
            "manager": [None if i == 0 else new[names[0]] for i in order],
        }
    )
    frame = pd.DataFrame(
        [(new[names[ties[r][0]]], new[names[ties[r][1]]], ties[r][2]) for r in rows],
        columns=["sender", "recipient", "strength"],
    )
    other = Network.from_ties(frame, other_people)
    assert_same(run(name, one), run(name, other), new, labels=name == "communities")


@pytest.mark.parametrize("shape", sorted(FRACTIONS))
@pytest.mark.parametrize("name", sorted(OF_COUNTS & set(EVERY)))
def test_a_measure_of_counts_refuses_other_strengths(name, shape):
    with pytest.raises(UsageError, match="a strength is not a whole number"):
        run(name, SHAPES[shape])


@pytest.mark.parametrize("strength", [-1.0, float("nan"), float("inf")])
@pytest.mark.parametrize("name", EVERY)
def test_a_strength_that_is_no_number_of_0_or_more_is_refused(name, strength):
    graph = nx.DiGraph()
    graph.add_nodes_from(["a", "b", "c", "d"])
    graph.add_edge("a", "b", strength=strength)
    for node, department in zip(graph, "XXYY", strict=True):
        graph.nodes[node].update(department=department, manager="a")
    with pytest.raises(InputError, match="expected a number of 0 or more"):
        run_on_graph(name, graph)


def run_on_graph(name, graph):
    """Give the measure the graph itself, whatever its entry would make of it first."""
    measure = getattr(measures, name)
    if name == "estimate":
        return measure(measures.density, graph, method="vertex_jackknife")
    if name == "robustness_curve":
        return measure(graph, measures.density, draws=1)
    if name == "modularity":
        return measure(graph, pd.Series({"a": 0}))
    return run(name, graph)


@pytest.mark.parametrize("name", [name for name in EVERY if takes(name, "by")])
def test_a_column_that_there_is_not_is_refused_by_name(name):
    network = SHAPES["two departments"].people.rename(columns={"department": "unit"})
    renamed = dataclasses.replace(SHAPES["two departments"], people=network)
    with pytest.raises(UnknownColumnError, match="no column 'department'; the people have"):
        run_without_helpers(name, renamed)


def run_without_helpers(name, network):
    """Call a measure whose other arguments would be made from departments."""
    measure = getattr(measures, name)
    if takes(name, "interactions") or takes(name, "channels") or takes(name, "measure"):
        return run(name, network)
    networks = [network] * (2 if takes(name, "after") else 1)
    options = {"respondents": []} if takes(name, "respondents") else {}
    if takes(name, "requirements"):
        options = {"requirements": pd.DataFrame({"group_a": ["A"], "group_b": ["B"]})}
    return measure(*networks, **DEPARTMENT, **options)


@pytest.mark.parametrize(
    "name",
    [name for name in EVERY if takes(name, "requirements")],
)
def test_a_requirement_of_an_unknown_department_is_refused_by_name(name):
    required = pd.DataFrame({"group_a": ["A"], "group_b": ["Elsewhere"], "weight": [1.0]})
    arguments = [SHAPES["two departments"]] * (2 if takes(name, "after") else 1)
    with pytest.raises(InputError, match="Elsewhere"):
        getattr(measures, name)(*arguments, requirements=required, **DEPARTMENT)
