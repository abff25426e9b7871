import networkx as nx
import pandas as pd
import pytest

from measures.organisations import (
    barbell,
    network_of,
    random_ties,
    relabelled,
    unmeasurable,
)
from orgnet.errors import UsageError
from orgnet.measures.flow_asymmetry import flow_asymmetry
from orgnet.network import Network

COLUMNS = ["group_a", "group_b", "forward", "backward", "asymmetry"]


@pytest.mark.parametrize("seed", range(3))
def test_flows_agree_with_a_table_of_the_ties(seed: int) -> None:
    ties, people = random_ties(60, 5, seed)
    of = people.set_index("person")["department"]
    flow = ties.groupby([ties["sender"].map(of), ties["recipient"].map(of)])["strength"].sum()

    table = flow_asymmetry(Network.from_ties(ties, people), by="department", minimum=0)

    assert len(table) == 10
    for row in table.itertuples():
        there, back = (
            flow.get((row.group_a, row.group_b), 0),
            flow.get((row.group_b, row.group_a), 0),
        )
        assert (row.forward, row.backward) == (there, back)
        assert row.asymmetry == pytest.approx((there - back) / (there + back), abs=1e-12)


def test_little_contact_has_no_asymmetry() -> None:
    network = network_of([(0, 1, 30.0), (1, 0, 19.0), (0, 2, 50.0)], list("ABC"), directed=True)

    table = flow_asymmetry(network, by="department")

    assert table["asymmetry"].isna().tolist() == [True, False, True]
    assert table["asymmetry"].tolist()[1] == 1.0
    assert table["forward"].tolist() == [30.0, 50.0, 0.0]


def test_turning_all_ties_round_turns_the_sign() -> None:
    ties, people = random_ties(60, 4, 1)
    turned = ties.rename(columns={"sender": "recipient", "recipient": "sender"})

    asymmetry = flow_asymmetry(Network.from_ties(ties, people), by="department")["asymmetry"]
    other = flow_asymmetry(Network.from_ties(turned, people), by="department")["asymmetry"]

    assert other.tolist() == pytest.approx((-asymmetry).tolist(), abs=1e-12, nan_ok=True)


def test_names_and_rows_do_not_matter() -> None:
    ties, people = random_ties(60, 4, 1)

    pd.testing.assert_frame_equal(
        flow_asymmetry(relabelled(ties, people, 2), by="department"),
        flow_asymmetry(Network.from_ties(ties, people), by="department"),
    )


def test_without_directions_nothing_can_be_said() -> None:
    table = flow_asymmetry(barbell(), by="department", minimum=1)

    assert table[["forward", "backward", "asymmetry"]].isna().all(axis=None)
    assert table.attrs["reason"] == "undirected"


@pytest.mark.parametrize("case", unmeasurable())
def test_without_groups_or_ties_there_is_a_reason(case: str) -> None:
    network, reason = unmeasurable()[case]

    table = flow_asymmetry(network, by="department")

    assert table.columns.tolist() == COLUMNS
    assert table["asymmetry"].isna().all() and table["asymmetry"].dtype == float
    assert table.attrs["reason"] == reason


def test_a_negative_minimum_is_refused() -> None:
    with pytest.raises(UsageError, match="minimum is -1, expected a strength of 0 or more"):
        flow_asymmetry(nx.DiGraph(), by="department", minimum=-1)
