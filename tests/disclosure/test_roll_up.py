"""More than 25 groups: a coarser column instead, or the largest of them drawn."""

import numpy as np
import pandas as pd
import pytest

from orgnet.diagnosis import diagnose
from orgnet.disclosure import release
from orgnet.disclosure.roll_up import rolled_up, rolled_up_requirements
from orgnet.network import Network


def network(groups: int = 30, size: int = 6, **columns: object) -> Network:
    """Groups whose people know one another and some of the next two groups."""
    people = pd.DataFrame({"person": [f"p{i:04d}" for i in range(groups * size)]})
    number = np.arange(len(people)) // size
    people["department"] = [f"D{g:02d}" for g in number]
    people["division"] = [f"V{g // 10}" for g in number]
    people["location"] = [f"L{g // 2}" for g in number]
    people = people.assign(**columns)
    ids, rows = people["person"].to_numpy(), []
    for i in range(len(ids)):
        rows += [(ids[i], ids[j]) for j in range(i + 1, min(i + 2 * size, len(ids))) if (i + j) % 3]
    table = pd.DataFrame(rows, columns=["sender", "recipient"])
    return Network.from_ties(table, people, directed=False)


COLUMNS = ("department", "division", "location")


def test_many_groups_are_rolled_up_to_the_column_that_holds_them_whole() -> None:
    _, told = rolled_up(network(), "department", columns=COLUMNS, minimum=5)
    assert told is not None
    assert (told.kind, told.by, told.into) == ("parent", "department", "division")
    assert (told.groups, told.into_groups) == (30, 3)


def test_25_groups_stay_as_they_are() -> None:
    graph = network(25)
    assert rolled_up(graph, "department", columns=COLUMNS, minimum=5) == (graph, None)


def test_groups_below_the_minimum_do_not_make_too_many() -> None:
    assert rolled_up(network(30, 6), "department", columns=COLUMNS, minimum=7)[1] is None


def test_a_column_that_splits_a_group_is_not_coarser() -> None:
    split = [f"V{i % 4}" for i in range(180)]
    assert rolled_up(network(division=split), "department", columns=COLUMNS, minimum=5)[1] is None


def test_places_and_grades_are_not_units() -> None:
    columns = ("department", "location", "level")
    graph = network(location="here", level="3")
    assert rolled_up(graph, "department", columns=columns, minimum=5)[1] is None


def test_of_several_coarser_columns_the_finest_is_used() -> None:
    area = [f"A{i // 30}" for i in range(180)]
    _, told = rolled_up(network(area=area), "department", columns=(*COLUMNS, "area"), minimum=5)
    assert told is not None
    assert (told.into, told.into_groups) == ("area", 6)


def test_a_gap_in_the_coarser_column_is_filled_in_from_the_group() -> None:
    division = pd.Series([f"V{i // 60}" for i in range(180)], dtype=object)
    division[[3, 70]] = None
    graph, _ = rolled_up(network(division=division), "department", columns=COLUMNS, minimum=5)
    assert graph.people["division"].iloc[[3, 70]].tolist() == ["V0", "V1"]


def test_requirements_of_groups_become_those_of_what_they_were_rolled_up_to() -> None:
    graph, told = rolled_up(network(), "department", columns=COLUMNS, minimum=5)
    assert told is not None
    needs = pd.DataFrame(
        [("D00", "D11", 3), ("D01", "D12", 1), ("D02", "D03", 5), ("D11", "D25", 4)],
        columns=["group_a", "group_b", "weight"],
    )
    table = rolled_up_requirements(needs, graph, told)
    share = table.assign(weight=13 * table["weight"]).groupby(["group_a", "group_b"])["weight"]
    assert share.sum().round(6).to_dict() == {("V0", "V1"): 4.0, ("V1", "V2"): 4.0}


@pytest.mark.parametrize("rolled", [True, False])
def test_the_report_says_what_was_rolled_up(rolled: bool) -> None:
    graph, told = rolled_up(network(), "department", columns=COLUMNS, minimum=5)
    by = "division" if rolled else "department"
    found = diagnose(graph, by=by, draws=5, robustness_draws=0)
    model = release(found, roll_up=told if rolled else None)

    assert model.by == by
    assert model.roll_up is not None
    assert model.roll_up.kind == ("parent" if rolled else "largest")
    assert len(model.departments) == (3 if rolled else 30)
    key, arguments = model.notices[0]
    assert key == f"roll_up_{model.roll_up.kind}"
    assert dict(arguments)["groups"] == 30
