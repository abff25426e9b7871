"""What the index is made of, and what moved it."""

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
    weekly_ties,
)
from orgnet.measures.alignment import horizontal_alignment_index
from orgnet.measures.index_change import PARTS, index_change, index_contributions
from orgnet.network import Network

COLUMNS = ["part", "group_a", "group_b", "points", "possible"]


@pytest.mark.parametrize(
    "network",
    [
        random_network(60, 5, seed=1, per_person=2, cohesion=0.8),
        weekly_network(60, 5, seed=1, per_person=3, cohesion=0.7),
        network_of([(0, 3), (1, 4), (3, 6), (4, 7)], list("AAABBBCCCD")),
    ],
    ids=["undated", "dated", "a department without a tie"],
)
def test_points_add_up_to_the_index_and_those_of_a_part_to_its_sub_score(network):
    index = horizontal_alignment_index(network, by="department", draws=0)
    table = index_contributions(network, by="department")
    assert table["points"].sum() == pytest.approx(index.value, abs=1e-9)
    assert table["possible"].sum() == pytest.approx(100, abs=1e-9)
    sums = table.groupby("part")["points"].sum()
    for part in PARTS:
        assert 3 * sums[part] == pytest.approx(getattr(index, part), abs=1e-9)
    assert (table["points"] <= table["possible"] + 1e-9).all()


def test_points_with_requirements_are_those_of_required_pairs():
    network = random_network(60, 4, seed=2, per_person=2, cohesion=0.7)
    needed = pd.DataFrame({"group_a": ["D00"], "group_b": ["D02"]})
    options = {"by": "department", "requirements": needed}
    table = index_contributions(network, **options)
    pairs = table[table["part"] != "openness"]
    assert set(zip(pairs["group_a"], pairs["group_b"], strict=True)) == {("D00", "D02")}
    value = horizontal_alignment_index(network, **options).value
    assert table["points"].sum() == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_changes_add_up_to_the_change_of_the_index(seed):
    before = weekly_network(60, 5, seed, per_person=3, cohesion=0.7)
    after = weekly_network(66, 6, seed + 10, per_person=3, cohesion=0.9)
    table = index_change(before, after, by="department")
    values = [
        horizontal_alignment_index(n, by="department", draws=0).value for n in (before, after)
    ]
    assert table["change"].sum() == pytest.approx(values[1] - values[0], abs=1e-9)
    assert table["before"].sum() == pytest.approx(values[0], abs=1e-9)
    assert table["change"].abs().round(9).is_monotonic_decreasing


def test_a_new_department_was_nothing_before():
    before = network_of([(0, 2), (1, 3)], list("AABB"))
    after = network_of([(0, 2), (1, 3), (4, 0)], list("AABBCC"))
    table = index_change(before, after, by="department")
    new = table[(table["group_a"] == "C") | (table["group_b"] == "C")]
    assert len(new) > 0
    assert (new["before"] == 0).all()


def test_a_planted_silo_moves_openness_of_its_department_most():
    ties, people = random_ties(100, 5, seed=1, per_person=12, cohesion=0.1)
    code = people["department"].to_numpy()
    kept = (code[ties["sender"]] == "D02") == (code[ties["recipient"]] == "D02")
    before = Network.from_ties(ties, people)
    after = Network.from_ties(ties[kept | (np.arange(len(ties)) % 5 == 0)], people)
    top = index_change(before, after, by="department").iloc[0]
    assert (top["part"], top["group_a"]) == ("openness", "D02")
    assert top["change"] < 0


def test_nothing_changed_is_zero_everywhere():
    ties, people = weekly_ties(40, 4, seed=1)
    before = Network.from_ties(ties, people)
    table = index_change(before, relabelled(ties, people, 1), by="department")
    assert table["change"].abs().max() == pytest.approx(0, abs=1e-12)
    assert len(table) == 4 + 6 + 6


@pytest.mark.parametrize("case", unmeasurable())
def test_where_nothing_is_defined_there_are_columns_and_the_reason(case):
    network, reason = unmeasurable()[case]
    parts = index_contributions(network, by="department")
    assert parts.attrs["reason"] == reason
    assert list(parts.columns) == COLUMNS
    usual = index_contributions(barbell(), by="department")
    assert parts.dtypes.to_dict() == usual.dtypes.to_dict()
    for before, after in ((network, barbell()), (barbell(), network)):
        table = index_change(before, after, by="department")
        assert table.attrs["reason"] == reason
        assert len(table) == 0
        whole = index_change(barbell(), barbell(), by="department")
        assert table.dtypes.to_dict() == whole.dtypes.to_dict()
