import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orgnet.errors import InputError, MissingColumnError
from orgnet.measures.requirements import handover_requirements, requirement_matrix

GROUPS = ("Legal", "Ops", "Sales")


def square(cells: list[list[object]], names: tuple[str, ...] = GROUPS) -> pd.DataFrame:
    return pd.DataFrame(cells, index=list(names), columns=list(names))


# ---------------------------------------------------------------- requirement_matrix


def test_a_square_table_becomes_shares_of_the_pairs() -> None:
    table = square([[9, 3, 0], [3, 9, 1], [0, 1, 9]])

    matrix = requirement_matrix(table, GROUPS)

    assert matrix.tolist() == [[0, 0.75, 0], [0.75, 0, 0.25], [0, 0.25, 0]]


def test_the_two_cells_of_a_pair_are_added_so_that_half_a_table_will_do() -> None:
    full = square([[0, 3, 0], [3, 0, 1], [0, 1, 0]])
    half = square([[None, 3, None], [None, None, 1], [None, None, None]])

    np.testing.assert_array_equal(
        requirement_matrix(half, GROUPS), requirement_matrix(full, GROUPS)
    )


def test_a_square_table_may_be_in_any_order_and_name_its_rows_in_a_column() -> None:
    table = square([[0, 1, 3], [1, 0, 0], [3, 0, 0]], ("Ops", "Sales", "Legal"))
    as_file = table.reset_index(names="department")

    expected = [[0, 0.75, 0], [0.75, 0, 0.25], [0, 0.25, 0]]
    assert requirement_matrix(table, GROUPS).tolist() == expected
    assert requirement_matrix(as_file, GROUPS).tolist() == expected


def test_a_list_of_pairs_is_summed_in_either_order() -> None:
    pairs = pd.DataFrame(
        {
            "group_a": ["Ops", "Legal", "Sales", "Ops"],
            "group_b": ["Legal", "Ops", "Ops", "Ops"],
            "weight": [1, 2, 1, 7],
        }
    )

    matrix = requirement_matrix(pairs, GROUPS)

    assert matrix.tolist() == [[0, 0.75, 0], [0.75, 0, 0.25], [0, 0.25, 0]]


def test_pairs_without_weight_count_one_each() -> None:
    pairs = pd.DataFrame({"group_a": ["Ops", "Ops"], "group_b": ["Legal", "Sales"]})

    assert requirement_matrix(pairs, GROUPS)[1].tolist() == [0.5, 0, 0.5]


def test_shared_objectives_require_contact_by_the_product_of_their_weights() -> None:
    goals = pd.DataFrame(
        {
            "objective": ["launch", "launch", "launch", "audit", "audit"],
            "department": ["Ops", "Sales", "Legal", "Legal", "Ops"],
            "weight": [2, 1, 1, 1, 1],
        }
    )

    matrix = requirement_matrix(goals, GROUPS)

    # Legal-Ops 2·1 + 1·1, Legal-Sales 1·1, Ops-Sales 2·1.
    np.testing.assert_allclose(matrix * 6, [[0, 3, 1], [3, 0, 2], [1, 2, 0]], atol=1e-12)


def test_numbered_departments_are_found_as_text() -> None:
    pairs = pd.DataFrame({"group_a": [1.0], "group_b": [2.0]})

    assert requirement_matrix(pairs, ("1", "2")).tolist() == [[0, 1], [1, 0]]


def test_a_department_that_nobody_belongs_to_is_named_with_the_nearest() -> None:
    pairs = pd.DataFrame({"group_a": ["Ops", "Ops"], "group_b": ["Legl", "Mars"]})

    with pytest.raises(InputError, match=r"\['Legl', 'Mars'\].*Did you mean 'Legal'\?"):
        requirement_matrix(pairs, GROUPS)


def test_requirements_of_departments_without_observed_people_are_left_out() -> None:
    pairs = pd.DataFrame({"group_a": ["Ops", "Ops"], "group_b": ["Legal", "Warehouse"]})

    matrix = requirement_matrix(pairs, GROUPS, unobserved={"Warehouse"})

    assert matrix.tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize("weight", [-1, float("nan"), float("inf"), "much"])
def test_a_weight_that_is_no_number_of_zero_or_more_is_refused(weight: object) -> None:
    pairs = pd.DataFrame({"group_a": ["Ops"], "group_b": ["Legal"], "weight": [weight]})

    with pytest.raises(InputError, match="expected a number of 0 or more"):
        requirement_matrix(pairs, GROUPS)


def test_requirements_that_ask_for_nothing_are_refused() -> None:
    with pytest.raises(InputError, match="ask for no contact between two of the departments"):
        requirement_matrix(square([[1, 0, 0], [0, 1, 0], [0, 0, 1]]), GROUPS)


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"from": ["Ops"], "to": ["Legal"]}),
        pd.DataFrame({"Ops": [1, 1], "Legal": [0, 1]}, index=["Ops", "Ops"]),
    ],
    ids=["other columns", "a row twice"],
)
def test_a_table_of_no_known_form_is_refused_with_the_forms(table: pd.DataFrame) -> None:
    with pytest.raises(MissingColumnError, match="expected a square table of departments, or"):
        requirement_matrix(table, GROUPS)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=9, max_size=9).filter(lambda c: sum(c[1:4]) > 0))
def test_the_matrix_is_symmetric_and_its_pairs_add_up_to_one(cells: list[int]) -> None:
    matrix = requirement_matrix(square(np.reshape(cells, (3, 3)).tolist()), GROUPS)

    assert np.array_equal(matrix, matrix.T)
    assert np.trace(matrix) == 0
    assert np.triu(matrix).sum() == pytest.approx(1.0, abs=1e-12)


# ---------------------------------------------------------------- objectives × departments


def test_a_table_of_objectives_and_departments_says_the_same_as_the_list() -> None:
    wide = pd.DataFrame(
        {"objective": ["launch", "audit"], "Ops": [2, 1], "Sales": [1, None], "Legal": [1, 1]}
    )
    long = wide.melt("objective", var_name="department", value_name="weight").dropna()

    matrix = requirement_matrix(wide, GROUPS)

    np.testing.assert_allclose(matrix, requirement_matrix(long, GROUPS), atol=1e-12)
    unnamed = wide.set_index("objective").rename_axis(None)
    np.testing.assert_array_equal(matrix, requirement_matrix(unnamed, GROUPS))


def test_letters_of_a_raci_chart_weigh_one_one_a_half_and_nothing() -> None:
    chart = pd.DataFrame({"objective": ["launch"], "Ops": ["A/R"], "Sales": ["c"], "Legal": ["I"]})

    matrix = requirement_matrix(chart, GROUPS)

    assert matrix.tolist() == [[0, 0, 0], [0, 0, 1], [0, 1, 0]]
    numbers = chart.assign(Ops=1.0, Sales=0.5, Legal=0.0)
    assert matrix.tolist() == requirement_matrix(numbers, GROUPS).tolist()


def test_a_cross_and_an_empty_cell_are_one_and_nothing() -> None:
    chart = pd.DataFrame(
        {"objective": ["a", "b"], "Ops": ["x", "X"], "Sales": ["x", " "], "Legal": [None, "x"]}
    )

    matrix = requirement_matrix(chart, GROUPS)

    assert matrix.tolist() == [[0, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0]]


def test_letters_may_stand_in_the_list_too() -> None:
    goals = pd.DataFrame(
        {"objective": ["a"] * 3, "department": ["Ops", "Sales", "Legal"], "weight": ["R", "C", "I"]}
    )

    assert requirement_matrix(goals, GROUPS)[1].tolist() == [0, 0, 1]


def test_another_letter_is_refused() -> None:
    chart = pd.DataFrame({"objective": ["launch"], "Ops": ["R"], "Sales": ["Q"]})

    with pytest.raises(InputError, match="weight 'Q', expected a number of 0 or more"):
        requirement_matrix(chart, GROUPS)


def test_a_column_that_is_no_department_is_named() -> None:
    chart = pd.DataFrame({"objective": ["launch"], "Ops": ["R"], "Owner": ["A"]})

    with pytest.raises(InputError, match=r"nobody belongs to: \['Owner'\]"):
        requirement_matrix(chart, GROUPS)


def test_a_square_table_with_a_misspelt_row_is_no_list_of_objectives() -> None:
    table = square([[0, 1, 1]] * 3).rename(index={"Sales": "Salse"})

    with pytest.raises(MissingColumnError, match="expected a square table"):
        requirement_matrix(table, GROUPS)


# ---------------------------------------------------------------- handovers

PEOPLE = pd.DataFrame(
    {
        "person": ["o1", "o2", "l1", "s1", "x"],
        "department": ["Ops", "Ops", "Legal", "Sales", None],
    }
)


def log(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["sender", "recipient"])


def test_handovers_are_counted_in_both_directions_between_departments() -> None:
    handovers = log(("o1", "l1"), ("l1", "o2"), ("s1", "o1"), ("o1", "o2"), ("x", "o1"))

    table = handover_requirements(handovers, PEOPLE)

    assert table.to_numpy().tolist() == [["Legal", "Ops", 2.0], ["Ops", "Sales", 1.0]]
    assert table.attrs["left_out"] == {"within": 1.0, "unknown": 1.0}
    expected = [[0, 2 / 3, 0], [2 / 3, 0, 1 / 3], [0, 1 / 3, 0]]
    np.testing.assert_allclose(requirement_matrix(table, GROUPS), expected)


def test_handovers_that_are_already_counted_keep_their_number() -> None:
    handovers = log(("o1", "l1"), ("s1", "o1")).assign(handovers=[30, 10])

    table = handover_requirements(handovers, PEOPLE.set_index("person"))

    assert table["weight"].tolist() == [30.0, 10.0]


def test_a_handover_of_a_stranger_is_refused_with_the_row_and_without_the_id() -> None:
    with pytest.raises(InputError, match="row 2 of the handovers: 1 of 2 handovers") as caught:
        handover_requirements(log(("o1", "l1"), ("o1", "eve@example.com")), PEOPLE)

    assert "eve" not in str(caught.value)


@pytest.mark.parametrize(
    ("handovers", "people", "message"),
    [
        (log().drop(columns="sender"), PEOPLE, "no column 'sender'; the handovers have"),
        (log(), PEOPLE.drop(columns="department"), "no column 'department'; the people have"),
    ],
)
def test_a_missing_column_is_named(
    handovers: pd.DataFrame, people: pd.DataFrame, message: str
) -> None:
    with pytest.raises(MissingColumnError, match=message):
        handover_requirements(handovers, people)


def test_no_handover_gives_an_empty_table_with_its_columns() -> None:
    table = handover_requirements(log(), PEOPLE)

    assert list(table.columns) == ["group_a", "group_b", "weight"]
    assert len(table) == 0
    with pytest.raises(InputError, match="ask for no contact"):
        requirement_matrix(table, GROUPS)
