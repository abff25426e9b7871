"""Tables and graphs to a network, and back again."""

from datetime import date, timedelta
from typing import Any

import igraph as ig
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgnet.errors import InputError, MissingColumnError, UnknownColumnError, UsageError
from orgnet.network import Network, as_network
from orgnet.rules import TieRules, week_number

MONDAY = date(2026, 1, 5)
WEEK = week_number(MONDAY)

PEOPLE = pd.DataFrame({"person": list("abcd"), "department": ["X", "X", "Y", "Y"]})


def dated(*rows: tuple[int, str, str], **columns: Any) -> pd.DataFrame:
    """Ties: (week from 0, sender, recipient)."""
    frame = pd.DataFrame(rows, columns=["week", "sender", "recipient"])
    weeks = [MONDAY + timedelta(weeks=int(week)) for week in frame["week"]]
    return frame.assign(week=pd.to_datetime(pd.Series(weeks, dtype="object")), **columns)


def undated(*rows: tuple[str, str], **columns: Any) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["sender", "recipient"]).assign(**columns)


def listed(network: Network) -> list[tuple[Any, ...]]:
    return list(network.to_pandas().itertuples(index=False, name=None))


# ---------------------------------------------------------------- with weeks


def test_a_weeks_contact_counts_once_a_direction() -> None:
    ties = dated((0, "a", "b"), (0, "a", "b"), (1, "a", "b"), (1, "b", "a"))

    network = Network.from_ties(ties, PEOPLE)

    assert listed(network) == [("a", "b", 2.0, False), ("b", "a", 1.0, False)]
    assert network.pairs.strength.tolist() == [3.0]
    assert network.pairs.active_weeks.tolist() == [2]
    assert network.pairs.weekly is not None
    assert network.pairs.weekly.toarray().tolist() == [[1, 2]]


def test_any_day_of_a_week_is_that_week() -> None:
    ties = dated((0, "a", "b"), (0, "a", "b"))
    ties["week"] += pd.to_timedelta([0, 6], unit="D")

    assert Network.from_ties(ties, PEOPLE).pairs.active_weeks.tolist() == [1]


@pytest.mark.parametrize("weeks", [12, 26, None])
def test_a_tie_is_regular_from_three_weeks_on_however_long_the_window(weeks: int | None) -> None:
    ties = dated(
        *((week, "a", "b") for week in (20, 23, 25)), *((week, "c", "d") for week in (20, 25))
    )

    network = Network.from_ties(ties, PEOPLE, rules=TieRules(window_weeks=weeks))

    assert network.pairs.regular.tolist() == [True, False]


def test_contact_in_either_direction_makes_a_week_of_a_regular_tie() -> None:
    ties = dated((0, "a", "b"), (1, "b", "a"), (2, "a", "b"))

    assert Network.from_ties(ties, PEOPLE).pairs.regular.tolist() == [True]


def test_more_messages_a_week_change_no_regular_tie_and_no_active_week() -> None:
    ties = dated(*((week, "a", "b") for week in range(4)), strength=1.0)

    one = Network.from_ties(ties, PEOPLE)
    many = Network.from_ties(pd.concat([ties] * 5).assign(strength=9.0), PEOPLE)

    pd.testing.assert_frame_equal(one.to_pandas(), many.to_pandas())


def test_weeks_outside_the_window_are_left_out_and_counted() -> None:
    ties = dated((0, "a", "b"), (5, "a", "b"), (14, "c", "d"))

    network = Network.from_ties(ties, PEOPLE)

    assert network.weeks == tuple(range(WEEK + 3, WEEK + 15))
    assert network.pairs.active_weeks.tolist() == [1, 1]
    assert network.dropped == {"outside_window": 1}
    assert network.week_dates()[0] == "2026-01-26"


def test_holiday_weeks_are_left_out_of_the_window() -> None:
    ties = dated((0, "a", "b"), (1, "a", "b"), (2, "a", "b"))

    network = Network.from_ties(ties, PEOPLE, holiday_weeks=(WEEK + 1,))

    assert network.weeks == (WEEK, WEEK + 2)
    assert network.pairs.strength.tolist() == [2.0]
    assert network.pairs.weekly is not None
    assert network.pairs.weekly.shape == (1, 2)
    assert (dict(network.dropped), network.holiday_weeks) == ({"outside_window": 1}, (WEEK + 1,))


def test_volume_is_the_strength_as_given() -> None:
    ties = dated((0, "a", "b"), (0, "a", "b"), (1, "b", "a"), strength=[0.5, 0.25, 2.0])

    network = Network.from_ties(ties, PEOPLE, strength="volume")

    assert listed(network) == [("a", "b", 0.75, False), ("b", "a", 2.0, False)]
    assert network.pairs.strength.tolist() == [2.75]
    assert network.strength == "volume"


def test_decayed_strength_halves_in_eight_weeks() -> None:
    ties = dated((0, "a", "b"), (8, "c", "d"), (8, "b", "a"), strength=4.0)

    network = Network.from_ties(ties, PEOPLE, strength="decayed")

    assert network.pairs.forward.tolist() == [2.0, 4.0]
    assert network.pairs.strength.tolist() == [6.0, 4.0]


@pytest.mark.parametrize("strength", ["active_weeks", "volume", "decayed"])
def test_rows_of_which_none_is_kept_are_a_network_without_ties(strength: Any) -> None:
    network = Network.from_ties(dated((0, "a", "z"), (0, "b", "b")), PEOPLE, strength=strength)

    assert (len(network.pairs), network.weeks) == (0, ())
    assert network.dropped == {"not_in_roster": 1, "self": 1}
    assert network.symmetric_strength.shape == (4, 4)


def test_a_window_beside_the_data_is_empty() -> None:
    rules = TieRules(first_day=date(2030, 1, 1))

    network = Network.from_ties(dated((0, "a", "b")), PEOPLE, rules=rules, strength="decayed")

    assert (len(network.pairs), network.weeks, dict(network.dropped)) == (
        0,
        (),
        {"outside_window": 1},
    )


def test_undirected_weeks_count_once() -> None:
    ties = dated((0, "a", "b"), (0, "b", "a"), (1, "b", "a"))

    network = Network.from_ties(ties, PEOPLE, directed=False)

    assert listed(network) == [("a", "b", 2.0, False)]
    assert network.pairs.weekly is not None
    assert network.pairs.weekly.toarray().tolist() == [[1, 1]]


def test_a_row_without_interactions_makes_no_week_active() -> None:
    ties = dated((0, "a", "b"), (1, "a", "b"), interactions=[3, 0])

    network = Network.from_ties(ties, PEOPLE)

    assert network.pairs.active_weeks.tolist() == [1]
    assert network.dropped == {"reaction_only": 1}


def test_a_row_without_a_date_among_dated_ones_is_counted() -> None:
    ties = dated((0, "a", "b"), (1, "c", "d"))
    ties.loc[1, "week"] = pd.NaT

    assert Network.from_ties(ties, PEOPLE).dropped == {"no_date": 1}


def test_weeks_before_1970_are_weeks() -> None:
    ties = undated(("a", "b"), ("a", "b"), week=pd.to_datetime(["1969-12-24", "1969-12-30"]))

    assert Network.from_ties(ties, PEOPLE).week_dates() == ["1969-12-22", "1969-12-29"]


def test_people_active_in_one_week_are_insufficient() -> None:
    network = Network.from_ties(dated((0, "a", "b"), (1, "a", "c")), PEOPLE)

    assert network.people["insufficient"].tolist() == [False, True, True, True]


# ---------------------------------------------------------------- without weeks


def test_without_weeks_every_tie_is_regular_and_strength_is_as_given() -> None:
    ties = undated(("a", "b"), ("b", "a"), ("a", "b"), strength=[1.0, 2.0, 0.5])

    network = Network.from_ties(ties, PEOPLE)

    assert network.no_weeks
    assert listed(network) == [("a", "b", 1.5, True), ("b", "a", 2.0, True)]
    assert network.pairs.strength.tolist() == [3.5]
    assert not network.people["insufficient"].any()


def test_a_column_of_empty_weeks_is_no_week() -> None:
    assert Network.from_ties(undated(("a", "b"), week=[None]), PEOPLE).no_weeks


def test_undirected_strength_counts_once() -> None:
    ties = undated(("b", "a"), strength=[3.0])

    network = Network.from_ties(ties, PEOPLE, directed=False)

    assert network.pairs.strength.tolist() == [3.0]
    assert network.symmetric_strength.toarray()[0, 1] == 3.0
    assert network.directed_strength.toarray()[0, 1] == 3.0
    assert listed(network) == [("a", "b", 3.0, True)]


def test_a_missing_strength_is_one() -> None:
    assert Network.from_ties(undated(("a", "b")), PEOPLE).pairs.strength.tolist() == [1.0]


def test_other_columns_are_ignored() -> None:
    ties = undated(("a", "b"), weight=[7.0], channel=["email"], subject=["hello"])

    assert listed(Network.from_ties(ties, PEOPLE)) == [("a", "b", 1.0, True)]


# ---------------------------------------------------------------- ends and people


@pytest.mark.parametrize("in_ties", [12, 12.0, "12", " 12 ", np.int64(12), np.float32(12)])
@pytest.mark.parametrize("in_people", [12, 12.0, "12", np.float32(12)])
def test_an_id_is_its_text_however_it_is_written(in_ties: Any, in_people: Any) -> None:
    people = pd.DataFrame({"person": pd.Series([in_people, "x"], dtype="object")})
    ties = pd.DataFrame({"sender": pd.Series([in_ties]), "recipient": ["x"]})

    network = Network.from_ties(ties, people)

    assert listed(network) == [("12", "x", 1.0, True)]


def test_ids_beside_missing_ones_do_not_become_decimals() -> None:
    ties = pd.DataFrame({"sender": [12.0, np.nan], "recipient": [7, 7]})

    network = Network.from_ties(ties, pd.DataFrame({"person": [7, 12]}))

    assert listed(network) == [("12", "7", 1.0, True)]
    assert network.dropped == {"not_in_roster": 1}


def test_the_index_is_called_person_and_stands_in_the_order_of_the_roster() -> None:
    network = Network.from_ties(undated(("c", "a")), PEOPLE.iloc[::-1])

    assert network.index.name == "person"
    assert network.index.tolist() == list("dcba")


def test_people_may_be_indexed_by_person() -> None:
    network = Network.from_ties(undated(("a", "b")), PEOPLE.set_index("person"))

    assert network.index.tolist() == list("abcd")


def test_ties_with_people_who_are_not_in_the_roster_and_self_ties_are_counted() -> None:
    ties = undated(("a", "z"), ("z", "y"), ("z", "z"), ("a", "a"), ("a", "b"), (None, "b"))

    network = Network.from_ties(ties, PEOPLE)

    assert network.dropped == {"not_in_roster": 4, "self": 1}
    assert len(network.pairs) == 1


def test_a_tie_of_strength_zero_is_no_tie() -> None:
    network = Network.from_ties(undated(("a", "b"), ("a", "c"), strength=[0, 1]), PEOPLE)

    assert listed(network) == [("a", "c", 1.0, True)]
    assert network.dropped == {"zero": 1}


@pytest.mark.parametrize(
    ("strength", "shown"),
    [(-1.0, "-1.0"), (np.nan, "nan"), (np.inf, "inf"), (-np.inf, "-inf"), ("often", "'often'")],
)
def test_an_impossible_strength_is_refused(strength: Any, shown: str) -> None:
    ties = undated(("a", "b"), ("a", "c"), strength=[1.0, strength])

    with pytest.raises(InputError) as error:
        Network.from_ties(ties, PEOPLE)

    assert str(error.value) == (
        f"row 2 of the ties: strength is {shown}, expected a number of 0 or more; correct or "
        "remove the row"
    )


@pytest.mark.parametrize("column", ["sender", "recipient"])
def test_ties_without_an_end_are_refused(column: str) -> None:
    with pytest.raises(MissingColumnError, match=rf"^no column '{column}'; the ties have \["):
        Network.from_ties(undated(("a", "b")).drop(columns=column), PEOPLE)


def test_people_without_ids_are_refused() -> None:
    with pytest.raises(MissingColumnError, match=r"^no column 'person'; the people have"):
        Network.from_ties(undated(("a", "b")), PEOPLE[["department"]])


def test_a_person_who_stands_twice_is_refused_at_the_row_of_the_table() -> None:
    people = pd.DataFrame(
        {"person": ["a", "r", "b", 1, "1"], "kind": ["person", "room"] + [None] * 3}
    )

    with pytest.raises(InputError) as error:
        Network.from_ties(undated(), people)

    assert str(error.value) == (
        "row 5 of the people: a person stands here for the second time; keep one row a person"
    )


@pytest.mark.parametrize("nobody", [None, np.nan, "", "  "])
def test_a_person_without_an_id_is_refused(nobody: Any) -> None:
    people = pd.DataFrame({"person": pd.Series(["a", nobody], dtype="object")})

    with pytest.raises(InputError, match=r"^row 2 of the people: a person without an id; fill in"):
        Network.from_ties(undated(), people)


def test_only_people_are_in_the_network() -> None:
    people = PEOPLE.assign(kind=["person", "bot", None, "room"])

    network = Network.from_ties(undated(("a", "b"), ("a", "c")), people)

    assert network.index.tolist() == ["a", "c"]
    assert network.dropped == {"not_in_roster": 1}


def test_who_opted_out_is_not_in_the_network() -> None:
    people = PEOPLE.assign(opt_out=[None, "yes", False, "no"])

    network = Network.from_ties(undated(("a", "b"), ("a", "c")), people)

    assert network.index.tolist() == ["a", "c", "d"]


def test_everybody_is_observed_unless_the_table_denies_it() -> None:
    assert Network.from_ties(undated(("a", "b")), PEOPLE).n == 4


def test_who_is_not_observed_leaves_every_denominator_but_not_the_index() -> None:
    people = PEOPLE.assign(observed=[True, None, False, True])

    network = Network.from_ties(undated(("a", "b")), people)

    assert network.people["observed"].tolist() == [True, True, False, True]
    assert (network.n, network.people_coverage, len(network.index)) == (3, 0.75, 4)
    assert network.groups("department").sizes.tolist() == [2, 1]


def test_who_has_a_tie_is_observed_whatever_the_table_says() -> None:
    network = Network.from_ties(undated(("a", "b")), PEOPLE.assign(observed=False))

    assert network.people["observed"].tolist() == [True, True, False, False]


def test_the_tables_that_were_given_stay_as_they_were() -> None:
    ties, people = dated((0, "a", "b"), (0, "a", "a")), PEOPLE.assign(kind="person")
    before = ties.copy(), people.copy()

    Network.from_ties(ties, people)

    pd.testing.assert_frame_equal(ties, before[0])
    pd.testing.assert_frame_equal(people, before[1])


# ---------------------------------------------------------------- groups


def test_groups_are_sorted_by_name_and_coded_in_the_order_of_the_people() -> None:
    people = pd.DataFrame({"person": list("abc"), "department": ["Ops", "Art", "Ops"]})

    groups = Network.from_ties(undated(), people).groups("department")

    assert groups.names == ("Art", "Ops")
    assert groups.codes.tolist() == [1, 0, 1]
    assert groups.sizes.tolist() == [1, 2]
    assert groups.index.name == "group"


@pytest.mark.parametrize("nothing", [None, np.nan, pd.NA, "", " ", "unknown", "Unknown", "N/A"])
def test_people_whose_group_nobody_knows_are_in_none(nothing: Any) -> None:
    people = PEOPLE.assign(department=pd.Series(["X", nothing, "Y", nothing], dtype="object"))

    groups = Network.from_ties(undated(("a", "b"), ("a", "c")), people).groups("department")

    assert groups.codes.tolist() == [0, -1, 1, -1]
    assert (groups.names, groups.unknown) == (("X", "Y"), 2)


def test_ties_of_people_whose_group_nobody_knows_are_not_between_groups() -> None:
    network = Network.from_ties(
        undated(("a", "b"), ("a", "c")), PEOPLE.assign(department=["X", None, "Y", "Y"])
    )

    assert network.between(network.groups("department"))[2].tolist() == [False, True]


@pytest.mark.parametrize("levels", [[1, 2, 2, None], [1.0, 2.0, 2.0, np.nan], ["1", "2", " 2", ""]])
def test_numbers_as_groups_are_their_text(levels: list[Any]) -> None:
    groups = Network.from_ties(undated(), PEOPLE.assign(level=levels)).groups("level")

    assert groups.names == ("1", "2")
    assert groups.codes.tolist() == [0, 1, 1, -1]


def test_an_unknown_column_is_an_error_that_lists_the_columns() -> None:
    people = PEOPLE.assign(team="T", emails=[["a@x.example"]] * 4, observed=True)

    with pytest.raises(UnknownColumnError) as error:
        Network.from_ties(undated(), people).groups("departement")

    assert str(error.value) == (
        "no column 'departement'; the people have ['department', 'team']. Did you mean "
        "'department'?"
    )


def test_a_column_of_lists_groups_nobody() -> None:
    people = PEOPLE.assign(emails=[["a@x.example"]] * 4)

    with pytest.raises(UnknownColumnError, match="no column 'emails'"):
        Network.from_ties(undated(), people).groups("emails")


# ---------------------------------------------------------------- small and empty


def test_an_empty_network_keeps_its_columns_and_types() -> None:
    network = Network.from_ties(undated(), PEOPLE.iloc[:0])
    full = Network.from_ties(undated(("a", "b")), PEOPLE)

    assert network.n == 0
    assert np.isnan(network.people_coverage)
    assert network.groups("department").names == ()
    assert network.to_pandas().columns.tolist() == full.to_pandas().columns.tolist()
    assert network.people.columns.tolist() == full.people.columns.tolist()
    assert network.symmetric_strength.shape == network.regular_ties.shape == (0, 0)
    assert (network.to_networkx().number_of_nodes(), network.to_igraph().vcount()) == (0, 0)


def test_empty_tables_without_types_are_a_network_too() -> None:
    ties = pd.DataFrame({"sender": [], "recipient": [], "week": [], "strength": []})

    network = Network.from_ties(ties, pd.DataFrame({"person": [], "department": []}))

    assert (network.n, len(network.pairs), network.no_weeks) == (0, 0, True)


def test_one_person_has_a_network_without_ties() -> None:
    network = Network.from_ties(undated(("a", "a")), PEOPLE.iloc[:1])

    assert (network.n, len(network.pairs), dict(network.dropped)) == (1, 0, {"self": 1})
    assert network.directed_strength.toarray().tolist() == [[0.0]]


def test_a_subset_keeps_the_ties_among_its_people() -> None:
    network = Network.from_ties(dated((0, "a", "b"), (1, "b", "d"), (1, "c", "d")), PEOPLE)

    some = network.subset(np.array([False, True, True, True]))

    assert listed(some) == [("b", "d", 1.0, False), ("c", "d", 1.0, False)]
    assert some.pairs.weekly is not None
    assert some.pairs.weekly.toarray().tolist() == [[0, 1], [0, 1]]
    assert some.symmetric_strength.shape == (3, 3)


def test_a_subset_of_nobody_is_empty() -> None:
    network = Network.from_ties(dated((0, "a", "b")), PEOPLE)

    none = network.subset(np.zeros(4, dtype=bool))

    assert (none.n, len(none.pairs)) == (0, 0)


# ---------------------------------------------------------------- graphs


def test_an_undirected_networkx_edge_gives_its_weight_once() -> None:
    graph = nx.Graph([("a", "b", {"weight": 3.0})])

    network = as_network(graph)

    assert not network.directed
    assert network.pairs.strength.tolist() == [3.0]


def test_a_directed_networkx_graph_keeps_its_directions() -> None:
    graph = nx.DiGraph([("b", "a", {"weight": 3.0}), ("a", "b", {"weight": 1.0})])

    assert listed(as_network(graph)) == [("a", "b", 1.0, True), ("b", "a", 3.0, True)]


@pytest.mark.parametrize("kind", [nx.MultiGraph, nx.MultiDiGraph])
def test_parallel_edges_are_summed(kind: Any) -> None:
    graph = kind([("a", "b", {"weight": 3.0}), ("a", "b", {"weight": 1.0})])

    assert listed(as_network(graph)) == [("a", "b", 4.0, True)]


@pytest.mark.parametrize(
    ("data", "strength"),
    [({"strength": 2, "weight": 5}, 2.0), ({"weight": 5}, 5.0), ({"distance": 5}, 1.0)],
)
def test_strength_goes_before_weight_and_weight_before_one(
    data: dict[str, float], strength: float
) -> None:
    graph = nx.Graph([("a", "b", data)])

    assert as_network(graph).pairs.strength.tolist() == [strength]
    assert as_network(ig.Graph.from_networkx(graph)).pairs.strength.tolist() == [strength]


@pytest.mark.parametrize("node", [12, 12.0, "12", np.int64(12)])
def test_vertices_are_called_by_their_text(node: Any) -> None:
    assert as_network(nx.Graph([(node, "x")])).index.tolist() == ["12", "x"]


def test_vertices_of_igraph_without_names_are_called_by_their_number() -> None:
    network = as_network(ig.Graph(3, [(2, 0)]))

    assert network.index.tolist() == ["0", "1", "2"]
    assert listed(network) == [("0", "2", 1.0, True)]


@pytest.mark.parametrize("convert", [nx.Graph, ig.Graph.from_networkx])
def test_a_vertex_attribute_becomes_a_column(convert: Any) -> None:
    graph = nx.Graph([("a", "b")])
    graph.add_node("a", department="X", secret="s")
    graph.add_node("c", department="Y")

    network = as_network(convert(graph), by="department")

    assert network.people["department"].tolist()[::2] == ["X", "Y"]
    assert network.groups("department").codes.tolist() == [0, -1, 1]
    assert "secret" not in network.people.columns


@pytest.mark.parametrize("convert", [nx.Graph, ig.Graph.from_networkx])
def test_an_unknown_vertex_attribute_is_an_error(convert: Any) -> None:
    graph = nx.Graph()
    graph.add_node("a", department="X")

    with pytest.raises(UnknownColumnError, match="no column 'dept'; the people have"):
        as_network(convert(graph), by="dept")


@pytest.mark.parametrize("graph", [nx.Graph(), nx.DiGraph(), ig.Graph(), ig.Graph(directed=True)])
def test_a_graph_without_vertices_has_no_people_in_any_group(graph: Any) -> None:
    network = as_network(graph, by="department")

    assert (network.n, network.groups("department").names) == (0, ())
    assert network.directed == (graph.is_directed())


def test_self_ties_of_a_graph_are_counted() -> None:
    assert as_network(nx.Graph([("a", "a"), ("a", "b")])).dropped == {"self": 1}


def test_a_network_is_itself() -> None:
    network = Network.from_ties(undated(("a", "b")), PEOPLE)

    assert as_network(network) is network


def test_what_is_no_graph_is_refused() -> None:
    with pytest.raises(UsageError, match=r"^got a DataFrame, expected an orgnet\.Network"):
        as_network(PEOPLE)


EDGES = st.lists(
    st.tuples(*[st.sampled_from("abcd")] * 2, st.sampled_from([0.5, 1.0, 3.0])), max_size=12
)


@given(edges=EDGES, directed=st.booleans(), weekly=st.booleans())
def test_graphs_made_of_a_network_make_the_same_network(
    edges: list[tuple[str, str, float]], directed: bool, weekly: bool
) -> None:
    ties = pd.DataFrame(edges, columns=["sender", "recipient", "strength"])
    weeks = pd.to_datetime(["2026-01-05"] * len(ties)) if weekly else None
    people = PEOPLE.assign(observed=[False, None, True, True], name="N", emails=[["e"]] * 4)
    network = Network.from_ties(ties.assign(week=weeks), people, directed=directed)

    for graph in (network.to_networkx(), network.to_igraph()):
        again = as_network(graph, by="department")

        ends = ["sender", "recipient", "strength"]
        pd.testing.assert_frame_equal(again.to_pandas()[ends], network.to_pandas()[ends])
        assert again.directed == directed
        assert again.index.equals(network.index)
        assert again.observed.tolist() == network.observed.tolist()
        assert again.groups("department").codes.tolist() == (
            network.groups("department").codes.tolist()
        )


@given(edges=EDGES, directed=st.booleans())
def test_a_table_made_of_a_network_makes_the_same_network(
    edges: list[tuple[str, str, float]], directed: bool
) -> None:
    ties = pd.DataFrame(edges, columns=["sender", "recipient", "strength"])
    network = Network.from_ties(ties, PEOPLE, directed=directed)

    again = Network.from_ties(network.to_pandas(), PEOPLE, directed=directed)

    pd.testing.assert_frame_equal(again.to_pandas(), network.to_pandas())


def test_a_graph_carries_the_columns_of_the_people_but_no_name_and_no_address() -> None:
    people = PEOPLE.assign(name="N", emails=[["e"]] * 4, aliases=[["u"]] * 4, level=[1, None, 2, 3])
    network = Network.from_ties(undated(("a", "b")), people)

    node = network.to_networkx().nodes["b"]

    assert node == {"department": "X", "level": None, "observed": True, "insufficient": False}
    assert set(network.to_igraph().vs.attributes()) == {"name", *node}
    assert network.to_igraph().vs["name"] == list("abcd")


@given(edges=EDGES, directed=st.booleans())
def test_matrices_agree_with_the_table_of_ties(
    edges: list[tuple[str, str, float]], directed: bool
) -> None:
    ties = pd.DataFrame(edges, columns=["sender", "recipient", "strength"])
    network = Network.from_ties(ties, PEOPLE, directed=directed)
    expected = np.zeros((4, 4))
    for sender, recipient, strength in edges:
        expected["abcd".index(sender), "abcd".index(recipient)] += strength
    np.fill_diagonal(expected, 0)
    both = expected + expected.T

    directed_strength = network.directed_strength.toarray()

    assert directed_strength.tolist() == (expected if directed else both).tolist()
    assert network.symmetric_strength.toarray().tolist() == both.tolist()
    assert network.regular_ties.toarray().tolist() == (both > 0).astype(float).tolist()


def test_categories_of_ids_give_the_network_that_the_ids_themselves_give() -> None:
    rng = np.random.default_rng(5)
    ids = np.array(["p1", "p2", "p3", "p4", "elsewhere"])
    ties = pd.DataFrame(
        {
            "sender": ids[rng.integers(0, 5, 200)],
            "recipient": ids[rng.integers(0, 5, 200)],
            "week": pd.Timestamp(MONDAY) + pd.to_timedelta(rng.integers(0, 84, 200), unit="D"),
        }
    )
    people = pd.DataFrame({"person": ["p4", "p2", "p1", "p3"]})
    unused = pd.CategoricalDtype([*ids[::-1], "nobody"])

    plain = Network.from_ties(ties, people)
    coded = Network.from_ties(ties.astype({"sender": unused, "recipient": "category"}), people)

    assert coded.dropped == plain.dropped
    pd.testing.assert_frame_equal(coded.to_pandas(), plain.to_pandas())
    pd.testing.assert_frame_equal(coded.people, plain.people)


def test_categories_may_be_numbers_and_an_id_may_be_missing() -> None:
    ties = pd.DataFrame(
        {
            "sender": pd.Categorical([1.0, 2.0, None, 2.0]),
            "recipient": pd.Categorical(["2", "3", "3", None]),
        }
    )

    network = Network.from_ties(ties, pd.DataFrame({"person": [1, 2, 3]}))

    assert network.to_pandas()[["sender", "recipient"]].to_numpy().tolist() == [
        ["1", "2"],
        ["2", "3"],
    ]
    assert network.dropped == {"not_in_roster": 2}


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("strength", ["active_weeks", "volume", "decayed"])
@given(seed=st.integers(0, 1000))
def test_pairs_are_what_going_through_the_rows_gives(
    seed: int, strength: Any, directed: bool
) -> None:
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame(
        {
            "sender": rng.integers(0, 6, 60),
            "recipient": rng.integers(0, 6, 60),
            "week": rng.integers(0, 5, 60),
            "strength": rng.integers(1, 9, 60) / 8,
        }
    )
    rows = rows[rows["sender"] != rows["recipient"]]
    last = rows["week"].max()
    forward: dict[tuple[int, int], float] = {}
    weeks: dict[tuple[int, int], set[tuple[int, bool]]] = {}
    for sender, recipient, week, value in rows.itertuples(index=False):
        pair, onward = (min(sender, recipient), max(sender, recipient)), sender < recipient
        half_life = 2.0 ** (-(last - week) / 8) if strength == "decayed" else 1.0
        weeks.setdefault(pair, set()).add((week, onward))
        forward[pair] = forward.get(pair, 0.0) + (value * half_life if onward else 0.0)
    dates = [MONDAY + timedelta(weeks=int(week)) for week in rows["week"]]

    network = Network.from_ties(
        rows.assign(week=pd.to_datetime(pd.Series(dates, index=rows.index))),
        pd.DataFrame({"person": range(6)}),
        directed=directed,
        strength=strength,
    )

    found = network.pairs
    assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == sorted(weeks)
    active = [len({week for week, _ in weeks[pair]}) for pair in sorted(weeks)]
    assert found.active_weeks.tolist() == active
    assert found.weekly is not None
    directions = [len(weeks[pair]) for pair in sorted(weeks)] if directed else active
    assert found.weekly.sum(axis=1).tolist() == directions
    if strength == "active_weeks":
        assert found.strength.tolist() == directions
    elif directed:
        assert found.forward.tolist() == pytest.approx([forward[pair] for pair in sorted(weeks)])
