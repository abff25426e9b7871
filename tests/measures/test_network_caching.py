"""Groups of a network are worked out once a column."""

import pandas as pd
import pytest

from measures.organisations import random_network
from orgnet.errors import UnknownColumnError
from orgnet.network import Network


def test_groups_of_a_column_are_sorted_once():
    network = random_network(30, 3)
    assert network.groups("department") is network.groups("department")


def test_columns_do_not_get_in_each_others_way():
    people = pd.DataFrame({"person": ["a", "b"], "department": ["X", "Y"], "site": ["P", "P"]})
    network = Network.from_ties(pd.DataFrame({"sender": ["a"], "recipient": ["b"]}), people)
    assert network.groups("department").names == ("X", "Y")
    assert network.groups("site").names == ("P",)


def test_a_part_of_a_network_has_groups_of_its_own():
    network = random_network(30, 3)
    whole = network.groups("department")
    part = network.subset(whole.codes == 0)
    assert part.groups("department").names == ("D00",)
    assert network.groups("department") is whole


def test_what_is_shared_cannot_be_changed():
    groups = random_network(30, 3).groups("department")
    with pytest.raises(ValueError, match="read-only"):
        groups.codes[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        groups.sizes[0] = 1


def test_an_unknown_column_is_an_error_each_time():
    network = random_network(30, 3)
    for _ in range(2):
        with pytest.raises(UnknownColumnError, match="no column 'site'"):
            network.groups("site")
