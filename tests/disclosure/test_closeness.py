"""The p %-rule: who contributes second most cannot tell the part of who contributes most."""

import numpy as np
import pandas as pd
import pytest

from orgnet.contributions import contributions
from orgnet.diagnosis import Diagnosis, diagnose
from orgnet.disclosure import DisclosurePolicy, release
from orgnet.network import Network
from orgnet.report_model import Pair

SIZE, DEPARTMENTS = 24, ("Legal", "Product", "Sales", "Support")


def firm(first: int, second: int, others: int) -> Diagnosis:
    """A firm where two people of Legal, and one tie each of some others, reach into Sales."""
    people = pd.DataFrame(
        [(f"{name}{n:02}", name) for name in DEPARTMENTS for n in range(SIZE)],
        columns=["person", "department"],
    )
    rng = np.random.default_rng(5)
    ids = people["person"].to_numpy()
    code = np.repeat(np.arange(4), SIZE)
    a, b = np.triu_indices(len(ids), 1)
    rate = np.where(code[a] == code[b], 0.3, 0.12)
    rate[(code[a] == 0) & (code[b] == 2)] = 0
    tied = rng.random(len(a)) < rate
    ties = list(zip(ids[a[tied]], ids[b[tied]], strict=True))
    for person, count in ((0, first), (1, second), *((n, 1) for n in range(2, 2 + others))):
        ties += [(f"Legal{person:02}", f"Sales{(n + person) % SIZE:02}") for n in range(count)]
    network = Network.from_ties(
        pd.DataFrame(ties, columns=["sender", "recipient"]), people, directed=False
    )
    return diagnose(network, draws=40, robustness_draws=5, seed=1)


def legal_and_sales(diagnosis: Diagnosis, **policy: object) -> Pair:
    model = release(diagnosis, DisclosurePolicy(**policy))  # type: ignore[arg-type]
    return next(p for p in model.pairs if (p.group_a, p.group_b) == ("Legal", "Sales"))


def test_a_number_of_which_two_people_make_nearly_all_is_withheld() -> None:
    # 24 + 24 of 51: none has half, and three are less than 15 % of 24.
    pair = legal_and_sales(firm(24, 24, 3))

    assert (pair.ties, pair.reason) == (None, "two_people")


def test_it_is_called_few_people_where_counts_are_not_told() -> None:
    pair = legal_and_sales(firm(24, 24, 3), concentration="qualitative")
    assert (pair.ties, pair.reason) == (None, "few_people")


def test_a_number_with_enough_beside_the_two_is_shown() -> None:
    pair = legal_and_sales(firm(20, 20, 10))
    assert pair.reason in (None, "complementary", "not_estimated")
    assert pair.ties in (None, 50)


def test_one_who_has_more_than_half_is_still_one_person() -> None:
    assert legal_and_sales(firm(24, 10, 3)).reason == "one_person"


def test_the_rest_is_that_of_ties_or_strength_whichever_is_less() -> None:
    people = pd.DataFrame({"person": list("abcde"), "department": ["X", "X", "X", "Y", "Y"]})
    ties = pd.DataFrame({"sender": ["a", "a", "b", "c"], "recipient": ["d", "e", "d", "e"]})
    network = Network.from_ties(ties, people, directed=False)
    table = contributions(network, network.groups("department")).set_index(["own", "other"])

    # a has two ties, b and c one each: one of them is what is left, half of what a has.
    assert table.loc[(0, 1), "rest"] == pytest.approx(0.5)
    # Of two contributors nothing is left.
    assert table.loc[(1, 0), "rest"] == 0.0
