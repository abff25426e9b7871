"""Small invented organisations that the tests of the measures share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from orgnet.network import Network

#: Two teams of three, everybody in touch inside, one tie between the teams.
BARBELL = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (3, 5), (4, 5)]


def network_of(
    ties: Iterable[Sequence[Any]],
    departments: Sequence[str | None],
    *,
    directed: bool = False,
    observed: Sequence[bool] | None = None,
) -> Network:
    """A network of the people 0, 1, 2 ... from (sender, recipient) or with a strength behind."""
    rows = [(a, b, *(rest or (1.0,))) for a, b, *rest in ties]
    people = pd.DataFrame({"person": range(len(departments)), "department": list(departments)})
    if observed is not None:
        people["observed"] = list(observed)
    people["department"] = people["department"].astype("object")
    frame = pd.DataFrame(rows, columns=["sender", "recipient", "strength"])
    return Network.from_ties(frame, people, directed=directed)


def barbell(*, directed: bool = False) -> Network:
    return network_of(BARBELL, list("LLLRRR"), directed=directed)


def barbell_graph() -> nx.Graph:
    graph = nx.Graph(BARBELL)
    nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    return graph


def random_ties(
    n: int, k: int, seed: int, *, per_person: int = 8, cohesion: float = 0.5
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Directed ties with whole strengths of 1 to 9, and people in k departments of unequal size."""
    rng = np.random.default_rng(seed)
    share = rng.dirichlet(np.full(k, 4.0))
    code = np.r_[np.arange(k), rng.choice(k, n - k, p=share)]
    sender = rng.integers(0, n, n * per_person)
    recipient = rng.integers(0, n, n * per_person)
    keep = (sender != recipient) & (
        (code[sender] == code[recipient]) | (rng.random(len(sender)) > cohesion)
    )
    ties = pd.DataFrame(
        {
            "sender": sender[keep],
            "recipient": recipient[keep],
            "strength": rng.integers(1, 10, keep.sum()).astype(float),
        }
    ).drop_duplicates(["sender", "recipient"])
    people = pd.DataFrame({"person": np.arange(n), "department": [f"D{c:02}" for c in code]})
    return ties.reset_index(drop=True), people


def random_network(n: int = 60, k: int = 5, seed: int = 0, **options: Any) -> Network:
    ties, people = random_ties(n, k, seed, **options)
    return Network.from_ties(ties, people)


def weekly_ties(
    n: int, k: int, seed: int, *, weeks: int = 12, per_person: int = 8, cohesion: float = 0.5
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Dated ties: each pair of `random_ties` is active in some of the weeks."""
    pairs, people = random_ties(n, k, seed, per_person=per_person, cohesion=cohesion)
    rng = np.random.default_rng(seed + 1000)
    rate = rng.beta(1, 2, len(pairs))
    active = rng.random((len(pairs), weeks)) < rate[:, None]
    pair, week = np.nonzero(active)
    ties = pd.DataFrame(
        {
            "sender": pairs["sender"].to_numpy()[pair],
            "recipient": pairs["recipient"].to_numpy()[pair],
            "week": pd.Timestamp("2026-01-05") + pd.to_timedelta(7 * week, unit="D"),
        }
    )
    return ties, people


def weekly_network(n: int = 60, k: int = 5, seed: int = 0, **options: Any) -> Network:
    ties, people = weekly_ties(n, k, seed, **options)
    return Network.from_ties(ties, people)


def relabelled(ties: pd.DataFrame, people: pd.DataFrame, seed: int) -> Network:
    """The same organisation: people renamed and in another order, ties in another order."""
    rng = np.random.default_rng(seed)
    names = dict(zip(people["person"], rng.permutation(len(people)) + 1000, strict=True))
    people = people.assign(person=people["person"].map(names)).sample(frac=1, random_state=seed)
    ties = ties.assign(sender=ties["sender"].map(names), recipient=ties["recipient"].map(names))
    return Network.from_ties(ties.sample(frac=1, random_state=seed + 1), people)


def unmeasurable() -> dict[str, tuple[Network, str]]:
    """Organisations in which no group measure is defined, with the reason."""
    return {
        "nobody": (network_of([], []), "single_group"),
        "one person": (network_of([], ["A"]), "single_group"),
        "one department": (network_of([(0, 1), (1, 2)], list("AAA")), "single_group"),
        "everybody isolated": (network_of([], list("AABB")), "no_ties"),
        "nobody's department known": (network_of([(0, 1)], [None, "unknown"]), "single_group"),
        "ties only with unknown": (network_of([(0, 2), (1, 2)], ["A", "B", None]), "no_ties"),
        "nobody observed": (
            network_of([], list("AABB"), observed=[False] * 4),
            "single_group",
        ),
    }
