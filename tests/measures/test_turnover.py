import numpy as np
import pandas as pd
import pytest

from measures.organisations import network_of, random_ties
from orgnet.measures.silos import ei_index, external_share, openness
from orgnet.measures.turnover import turnover_decomposition
from orgnet.network import Network

PARTS = ["leavers", "behaviour", "relabelling", "joiners", "interaction"]


def windows(seed: int = 0) -> tuple[Network, Network]:
    """Two windows: five leave, five join, six move to another department, contact is drawn anew."""
    ties, people = random_ties(60, 4, seed)
    later, _ = random_ties(60, 4, seed + 50, cohesion=0.2)
    moved = people.assign(
        department=people["department"].mask(people["person"].between(20, 25), "D00")
    )
    first = people[people["person"] < 55]
    second = moved[moved["person"] >= 5]
    return Network.from_ties(ties, first), Network.from_ties(later, second)


@pytest.mark.parametrize("measure", [ei_index, openness, external_share])
@pytest.mark.parametrize("seed", range(3))
def test_the_parts_add_up_to_the_change(measure: object, seed: int) -> None:
    before, after = windows(seed)

    table = turnover_decomposition(before, after, measure, by="department")  # type: ignore[arg-type]

    assert table[PARTS].sum(axis=1).tolist() == pytest.approx(
        (table["after"] - table["before"]).tolist(), abs=1e-12
    )
    assert (table[["leavers", "behaviour", "relabelling", "joiners"]].abs().sum() > 0).all()
    assert table.attrs["stayers"] == 50


def test_each_part_is_the_measure_of_the_networks_it_names() -> None:
    before, after = windows()
    stay = [str(i) for i in range(5, 55)]
    old, new = before.subset(before.index.isin(stay)), after.subset(after.index.isin(stay))

    def theta(network: Network, chart: Network) -> float:
        people = network.people.assign(department=chart.people["department"])
        return ei_index(Network.from_ties(network.to_pandas(), people), by="department")

    row = turnover_decomposition(before, after, ei_index, by="department").loc["all"]

    assert row["before"] == ei_index(before, by="department")
    assert row["leavers"] == pytest.approx(theta(old, old) - row["before"], abs=1e-12)
    assert row["behaviour"] == pytest.approx(theta(new, old) - theta(old, old), abs=1e-12)
    assert row["relabelling"] == pytest.approx(theta(old, new) - theta(old, old), abs=1e-12)
    assert row["joiners"] == pytest.approx(row["after"] - theta(new, new), abs=1e-12)


def test_the_same_window_twice_has_no_change() -> None:
    before, _ = windows()

    table = turnover_decomposition(before, before, openness, by="department")

    assert (table[PARTS] == 0).all(axis=None)


def test_where_only_people_leave_only_leavers_count() -> None:
    before, _ = windows()
    after = before.subset(np.arange(len(before.index)) >= 10)

    table = turnover_decomposition(before, after, ei_index, by="department")

    assert (table[["behaviour", "relabelling", "joiners", "interaction"]] == 0).all(axis=None)
    assert table.loc["all", "leavers"] == table.loc["all", "after"] - table.loc["all", "before"]


def test_a_group_of_one_chart_alone_has_a_row_without_parts() -> None:
    before = network_of([(0, 1), (1, 2), (2, 3)], list("AABB"))
    after = network_of([(0, 1), (1, 2), (2, 3)], list("AACC"))

    table = turnover_decomposition(before, after, external_share, by="department")

    assert table.index.tolist() == ["A", "B", "C"]
    assert table.index.name == "group"
    assert table.loc["A", PARTS].tolist() == [0.0] * 5
    assert table.loc[["B", "C"], "interaction"].isna().all()


@pytest.mark.parametrize("people", [0, 1])
def test_without_people_everything_is_undefined(people: int) -> None:
    network = network_of([], ["A"] * people)

    table = turnover_decomposition(network, network, ei_index, by="department")

    assert table.isna().all(axis=None)
    assert pd.api.types.is_float_dtype(table["behaviour"])
