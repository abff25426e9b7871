"""What a network would look like after a decision: people gone, groups merged, ties added."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import sparse

from orgnet.errors import UsageError
from orgnet.network import Network
from orgnet.pairs import IntArray, Pairs


def without_people(network: Network, people: Collection[str]) -> Network:
    """Return the network without some people and their ties, nobody having taken their place.

    Raises
    ------
    UsageError
        If an id is not among the people.

    Examples
    --------
    >>> import networkx as nx
    >>> from orgnet.network import as_network
    >>> without_people(as_network(nx.star_graph(3)), ["0"])
    <Network: 3 people observed, 0 pairs in contact, no weeks>
    """
    keep = np.ones(len(network.index), dtype=bool)
    keep[_positions(network, list(people))] = False
    return network.subset(keep)


def with_merged_groups(network: Network, groups: Collection[str], *, by: str, name: str) -> Network:
    """Return the network in which some groups are one; contact stays as it is.

    Openness rises by arithmetic alone when groups that are in contact merge.

    Raises
    ------
    UsageError
        If a group is not among those of `by`.

    Examples
    --------
    >>> people = pd.DataFrame({"person": ["a", "b"], "department": ["X", "Y"]})
    >>> network = Network.from_ties(pd.DataFrame({"sender": ["a"], "recipient": ["b"]}), people)
    >>> merged = with_merged_groups(network, ["X", "Y"], by="department", name="Z")
    >>> merged.groups("department").names
    ('Z',)
    """
    found = network.groups(by)
    strangers = sorted(set(groups) - set(found.names))
    if strangers:
        raise UsageError(f"no groups {strangers} in {by!r}; there are {list(found.names)}")
    moved = np.isin(found.codes, [found.names.index(group) for group in groups])
    column = network.people[by].astype("object").mask(moved, name)
    return replace(network, people=network.people.assign(**{by: column}))


def with_moved_people(network: Network, people: Collection[str], *, by: str, group: str) -> Network:
    """Return the network in which some people belong to another group; contact stays as it is.

    Raises
    ------
    UsageError
        If an id is not among the people.

    Examples
    --------
    >>> people = pd.DataFrame({"person": ["a", "b"], "department": ["X", "Y"]})
    >>> network = Network.from_ties(pd.DataFrame({"sender": ["a"], "recipient": ["b"]}), people)
    >>> with_moved_people(network, ["b"], by="department", group="X").groups("department").names
    ('X',)
    """
    network.groups(by)
    moved = np.zeros(len(network.index), dtype=bool)
    moved[_positions(network, list(people))] = True
    column = network.people[by].astype("object").mask(moved, group)
    return replace(network, people=network.people.assign(**{by: column}))


def with_added_ties(network: Network, pairs: Iterable[tuple[str, str]]) -> Network:
    """Return the network with some pairs of people in regular contact, both ways.

    The contact is that of the middle regular tie that there is, spread evenly over the weeks. A
    pair that is in contact already keeps what is stronger and is regular.

    Parameters
    ----------
    network
        The network as it is.
    pairs
        The ids of the two people of each new tie.

    Raises
    ------
    UsageError
        If an id is not among the people, somebody was not observed, or a pair is one person.

    Examples
    --------
    >>> import networkx as nx
    >>> from orgnet.network import as_network
    >>> network = as_network(nx.path_graph(3))
    >>> with_added_ties(network, [("2", "0")]).pairs.strength.tolist()
    [1.0, 1.0, 1.0]
    """
    ids = [(str(a), str(b)) for a, b in pairs]
    if not ids:
        return network
    ends = np.sort([_positions(network, list(pair)) for pair in ids], axis=1)
    if (ends[:, 0] == ends[:, 1]).any():
        raise UsageError("a pair has the same person twice, expected two people")
    if not network.observed[ends].all():
        raise UsageError("a pair has somebody who was not observed, expected people with data")
    old, n = network.pairs, len(network.index)
    keys, where = np.unique(
        np.concatenate([old.first * n + old.second, ends[:, 0] * n + ends[:, 1]]),
        return_inverse=True,
    )
    there, new = where[: len(old)], where[len(old) :]
    weekly = None
    added_weeks = 0
    usual = float(np.median(old.strength[old.regular])) if old.regular.any() else 1.0
    if old.weekly is not None:
        weekly, added_weeks = _added_weeks(network, there, new, len(keys))
        if network.strength == "active_weeks":
            usual = added_weeks * (2.0 if network.directed else 1.0)

    def filled(values: np.ndarray, added: float) -> np.ndarray:
        whole = np.zeros(len(keys), dtype=values.dtype)
        whole[there] = values
        whole[new] = np.maximum(whole[new], added)
        return whole

    forward, backward = filled(old.forward, usual / 2), filled(old.backward, usual / 2)
    active = filled(old.active_weeks, added_weeks)
    strength = forward + backward
    if weekly is not None and network.strength == "active_weeks":
        active = np.diff(weekly.indptr).astype(np.int64)
        strength = np.asarray(weekly.sum(axis=1), dtype=float).ravel()
        # New weeks and old ones may overlap: the directions share what there is.
        scale = strength / (forward + backward)
        forward, backward = forward * scale, backward * scale
    return replace(
        network,
        pairs=Pairs(
            first=keys // n,
            second=keys % n,
            forward=forward,
            backward=backward,
            strength=strength,
            active_weeks=active,
            regular=filled(old.regular, True),
            weekly=weekly,
        ),
    )


def _added_weeks(
    network: Network, there: IntArray, new: IntArray, count: int
) -> tuple[sparse.csr_array, int]:
    """Return the weeks of old and new pairs, and in how many of them a new pair is active."""
    old = network.pairs
    assert old.weekly is not None
    window = old.weekly.shape[1]
    usual = int(np.median(old.active_weeks[old.regular])) if old.regular.any() else 0
    weeks = min(window, max(usual, network.rules.regular_weeks))
    before = old.weekly.tocoo()
    shape = (count, window)
    kept = sparse.csr_array((before.data, (there[before.row], before.col)), shape=shape)
    pairs = np.unique(new)
    chosen = np.arange(weeks) * window // max(weeks, 1)
    each = 2.0 if network.directed else 1.0
    added = sparse.csr_array(
        (
            np.full(len(pairs) * weeks, each),
            (np.repeat(pairs, weeks), np.tile(chosen, len(pairs))),
        ),
        shape=shape,
    )
    return sparse.csr_array(kept.maximum(added)), weeks


def _positions(network: Network, ids: list[str]) -> IntArray:
    positions = network.index.get_indexer(pd.Index(ids, dtype="object"))
    strangers = int((positions < 0).sum())
    if strangers:
        raise UsageError(
            f"{strangers} of {len(ids)} ids are not among the people; give ids as they stand in "
            "the column 'person'"
        )
    return np.asarray(positions, dtype=np.int64)
