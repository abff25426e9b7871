import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from orgnet.errors import InputError, UsageError
from orgnet.measures.coordination import (
    congruence,
    congruence_tasks,
    contact_targets,
    coordination_gap,
)
from orgnet.network import Network

GROUPS = ("Legal", "Ops", "Sales")
COLUMNS = ["group_a", "group_b", "required", "regular_ties", "target", "gap"]


def square(cells: list[list[object]], names: tuple[str, ...] = GROUPS) -> pd.DataFrame:
    return pd.DataFrame(cells, index=list(names), columns=list(names))


def company(ties: list[str], sizes: dict[str, int], **columns: object) -> Network:
    """People l0, l1 ... of Legal, o0 ... of Ops, s0 ... of Sales; "l0-o1" is a tie."""
    people = [(f"{name[0].lower()}{i}", name) for name, size in sizes.items() for i in range(size)]
    roster = pd.DataFrame(people, columns=["person", "department"]).assign(**columns)
    rows = [tie.split("-") for tie in ties]
    return Network.from_ties(pd.DataFrame(rows, columns=["sender", "recipient"]), roster)


def gap_by_hand(
    graph: nx.Graph, weights: dict[tuple[str, str], float]
) -> dict[tuple[str, str], float]:
    group = nx.get_node_attributes(graph, "department")
    sizes = pd.Series(group).value_counts()
    total = sum(weights.values())
    gaps = {}
    for (g, h), weight in weights.items():
        ties = sum({group[a], group[b]} == {g, h} for a, b in graph.edges)
        smaller = min(sizes[g], sizes[h])
        target = min(max(2, min(5, int(np.ceil(smaller / 10)))), smaller)
        gaps[g, h] = weight / total * (1 - min(1, ties / target))
    return gaps


# ---------------------------------------------------------------- contact_targets


@pytest.mark.parametrize(
    ("smaller", "target"),
    [(1, 1), (2, 2), (20, 2), (21, 3), (30, 3), (40, 4), (41, 5), (50, 5), (500, 5)],
)
def test_the_target_is_a_tenth_of_the_smaller_department_from_two_to_five(
    smaller: int, target: int
) -> None:
    assert contact_targets(np.array([smaller, 900]))[0, 1] == target


# ---------------------------------------------------------------- congruence, gap


def test_the_work_list_has_the_largest_gap_first() -> None:
    network = company(["l0-o0", "o0-s0", "o1-s1"], {"Legal": 3, "Ops": 4, "Sales": 4})
    needed = square([[0, 3, 1], [0, 0, 4], [0, 0, 0]])

    gaps = coordination_gap(network, needed, by="department")

    assert gaps.to_numpy().tolist() == [
        ["Legal", "Ops", 0.375, 1, 2, 0.1875],
        ["Legal", "Sales", 0.125, 0, 2, 0.125],
        ["Ops", "Sales", 0.5, 2, 2, 0.0],
    ]
    assert list(gaps.columns) == COLUMNS
    assert congruence(network, needed, by="department") == pytest.approx(0.6875, abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_gaps_agree_with_a_count_by_hand(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graph = nx.relabel_nodes(nx.gnm_random_graph(60, 50, seed=seed), str)
    codes = rng.choice(["A", "B", "C"], 60, p=[0.2, 0.4, 0.4])
    nx.set_node_attributes(graph, dict(zip(graph, codes.tolist(), strict=True)), "department")
    weights = {("A", "B"): 2.0, ("A", "C"): 1.0, ("B", "C"): 0.5}
    needed = pd.DataFrame([(*p, w) for p, w in weights.items()])

    gaps = coordination_gap(
        graph, needed.set_axis(["group_a", "group_b", "weight"], axis=1), by="department"
    )

    found = gaps.set_index(["group_a", "group_b"])["gap"].to_dict()
    assert found == pytest.approx(gap_by_hand(graph, weights), abs=1e-12)


def test_more_contact_than_asked_for_and_contact_nobody_asked_for_change_nothing() -> None:
    sizes = {"Legal": 3, "Ops": 3, "Sales": 3}
    needed = pd.DataFrame({"group_a": ["Legal", "Ops"], "group_b": ["Ops", "Sales"]})
    enough = ["l0-o0", "l1-o1"]

    before = congruence(company(enough, sizes), needed, by="department")
    after = congruence(
        company([*enough, "l2-o2", "l0-s0", "l0-l1"], sizes), needed, by="department"
    )

    assert before == after == 0.5


def test_one_event_is_no_working_contact() -> None:
    weeks = ["2024-01-01", "2024-01-08", "2024-01-15"]
    rows = [("a", "x", week) for week in weeks] + [("b", "y", weeks[0])]
    network = Network.from_ties(
        pd.DataFrame(rows, columns=["sender", "recipient", "week"]),
        pd.DataFrame({"person": list("abxy"), "department": list("LLRR")}),
    )

    gaps = coordination_gap(
        network, pd.DataFrame({"group_a": ["L"], "group_b": ["R"]}), by="department"
    )

    assert gaps["regular_ties"].tolist() == [1]


def test_unobserved_and_unknown_people_count_in_no_target() -> None:
    network = company(
        ["l0-o0", "l1-o0"],
        {"Legal": 30, "Ops": 3, "Warehouse": 1},
        observed=[True] * 2 + [False] * 28 + [True] * 3 + [False],
    )
    needed = pd.DataFrame({"group_a": ["Legal", "Ops"], "group_b": ["Ops", "Warehouse"]})

    gaps = coordination_gap(network, needed, by="department")

    assert gaps.to_numpy().tolist() == [["Legal", "Ops", 1.0, 2, 2, 0.0]]


def test_without_ties_nothing_can_be_said_about_the_gap() -> None:
    network = company([], {"Legal": 2, "Ops": 2})
    needed = pd.DataFrame({"group_a": ["Legal"], "group_b": ["Ops"]})

    gaps = coordination_gap(network, needed, by="department")

    assert gaps.attrs["reason"] == "no_ties"
    assert gaps["gap"].isna().all()
    assert gaps["required"].tolist() == [1.0]
    assert np.isnan(congruence(network, needed, by="department"))


@pytest.mark.parametrize("sizes", [{}, {"Legal": 1}, {"Legal": 3}])
def test_a_single_department_has_no_congruence(sizes: dict[str, int]) -> None:
    network = company(["l0-l1"] if sizes.get("Legal", 0) > 1 else [], sizes)
    needed = pd.DataFrame({"group_a": ["Legal"], "group_b": ["Ops"]})

    gaps = coordination_gap(network, needed, by="department")

    assert gaps.attrs["reason"] == "single_group"
    assert list(gaps.columns) == COLUMNS
    assert (
        gaps.dtypes.to_dict()
        == coordination_gap(
            company(["l0-o0"], {"Legal": 1, "Ops": 1}), needed, by="department"
        ).dtypes.to_dict()
    )
    assert np.isnan(congruence(network, needed, by="department"))


# ---------------------------------------------------------------- congruence_tasks

ASSIGNMENTS = [[1, 0, 0], [0, 1, 0], [0, 1, 1]]
DEPENDENCIES = [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
CONTACT = [[0, 1, 0], [1, 0, 0], [0, 0, 0]]


def test_cataldos_example_has_a_third_of_its_requirements_met() -> None:
    value = congruence_tasks(ASSIGNMENTS, DEPENDENCIES, CONTACT)

    assert value == pytest.approx(1 / 3, abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_tasks_agree_with_the_definition_and_sparse_input(seed: int) -> None:
    rng = np.random.default_rng(seed)
    work = rng.integers(0, 2, (12, 8))
    depends = rng.integers(0, 2, (8, 8)) * rng.integers(0, 2, (8, 8))
    contact = rng.integers(0, 2, (12, 12))
    required = work @ depends @ work.T > 0
    actual = (contact + contact.T) > 0
    pairs = [(i, j) for i in range(12) for j in range(12) if i != j and required[i, j]]

    value = congruence_tasks(work, depends, contact)

    assert value == pytest.approx(np.mean([actual[pair] for pair in pairs]), abs=1e-12)
    assert value == congruence_tasks(
        sparse.csr_array(work), sparse.csr_array(depends), sparse.csr_array(contact)
    )


def test_tables_are_put_into_one_order() -> None:
    people, tasks = ["ann", "ben", "cem"], ["t1", "t2", "t3"]
    work = pd.DataFrame(ASSIGNMENTS, index=people, columns=tasks)
    depends = pd.DataFrame(DEPENDENCIES, index=tasks, columns=tasks).iloc[::-1, ::-1]
    contact = pd.DataFrame(CONTACT, index=people, columns=people).iloc[[2, 0, 1], [1, 2, 0]]

    assert congruence_tasks(work, depends, contact) == pytest.approx(1 / 3, abs=1e-12)


def test_contact_in_one_direction_is_contact() -> None:
    assert congruence_tasks(ASSIGNMENTS, DEPENDENCIES, np.triu(CONTACT)) == pytest.approx(1 / 3)


def test_without_requirements_congruence_is_undefined() -> None:
    assert np.isnan(congruence_tasks(np.eye(2), np.eye(2), np.ones((2, 2))))


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(UsageError, match="contact is 2 × 2, expected 3 × 3"):
        congruence_tasks(ASSIGNMENTS, DEPENDENCIES, np.eye(2))


def test_a_table_that_lacks_a_person_is_refused() -> None:
    work = pd.DataFrame(ASSIGNMENTS, index=list("abc"), columns=list("xyz"))
    contact = pd.DataFrame(np.eye(2), index=list("ab"), columns=list("ab"))

    with pytest.raises(InputError, match="contact lacks 2 of the rows or columns"):
        congruence_tasks(work, DEPENDENCIES, contact)


def test_negative_dependencies_are_refused() -> None:
    with pytest.raises(InputError, match="dependencies holds a negative or undefined value"):
        congruence_tasks(ASSIGNMENTS, -np.eye(3), CONTACT)
