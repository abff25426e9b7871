"""Communities of very many people: found among some of them, and joined by all others."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from orgnet.measures.igraphs import graph_of
from orgnet.pairs import FloatArray, IntArray

#: So many ties to others of the sample its people have on average, were all of one strength.
_TIES = 16

#: With a larger share of the people than this, a search among them is not much of a saving.
_LARGEST_SHARE = 0.7

#: The sample is searched for smaller communities than asked for. Which of them belong together is
#: decided by all ties.
_FINER = 4.0

#: How often everybody may move to a better community: into the small ones, and at last.
_ROUNDS, _LAST_ROUNDS = 4, 8

#: Of people who would still move, a larger share means that the sample has told too little.
_RESTLESS = 0.001

#: What keeps people with equally good places from moving to and fro all at once.
_MOVING = 0.6

_NOWHERE = -1


def search_by_sample(
    adjacency: sparse.csr_array, *, resolution: float, rng: np.random.Generator
) -> IntArray | None:
    """Search for communities of high modularity, most of the way among a sample of the people.

    Leiden finds small communities in the sample. Everybody joins the one where modularity gains
    most, and may move on; Leiden then puts the small ones together by all ties between them, and
    people may move again. Where contact has communities that are worth the name, this finds what
    Leiden finds among all people, in a quarter of the time. Where it has hardly any, people move
    without end; then it gives up.

    Parameters
    ----------
    adjacency
        Symmetric strengths of the ties, without empty rows.
    resolution
        Of modularity.
    rng
        Of the draws of people; igraph's own are to be seeded by the caller.

    Returns
    -------
    numpy.ndarray of int, or None
        Label of each person, from 0; every community is connected. None if there are too few ties
        for a sample, or too little in them.
    """
    n = adjacency.shape[0]
    # Few strong ties among many weak ones tell as little as those few alone.
    strengths = adjacency.data
    as_many_as = float(strengths.sum()) ** 2 / float(strengths @ strengths)
    share = _TIES * n / as_many_as
    if share > _LARGEST_SHARE:
        return None
    ties = _Ties.of(adjacency, resolution)
    drawn = np.flatnonzero(rng.random(n) < share)
    labels = np.full(n, _NOWHERE, dtype=np.int64)
    labels[drawn] = _small_communities(adjacency[drawn][:, drawn], _FINER * resolution)
    if (labels == _NOWHERE).all():
        return None
    finer = ties._replace(expected=_FINER * ties.expected)
    labels, _ = _settled(finer, labels, _ROUNDS, rng)
    labels, restless = _settled(ties, _put_together(ties, labels), _LAST_ROUNDS, rng)
    if restless > _RESTLESS * n:
        return None
    return _connected(adjacency, labels)


class _Ties(NamedTuple):
    """Ties and what is expected of them.

    Attributes
    ----------
    adjacency
        Strengths.
    volume
        Of each person: the sum of strengths.
    expected
        Times the product of two volumes: the strength that two communities have between them by
        chance, times the resolution.
    """

    adjacency: sparse.csr_array
    volume: FloatArray
    expected: float

    @classmethod
    def of(cls, adjacency: sparse.csr_array, resolution: float) -> _Ties:
        volume = np.asarray(adjacency.sum(axis=1), dtype=float).ravel()
        return cls(adjacency, volume, resolution / float(volume.sum()))


def _small_communities(adjacency: sparse.csr_array, resolution: float) -> IntArray:
    """Search a small graph; who is alone or one of two is nowhere."""
    upper = sparse.triu(adjacency, format="coo")
    graph = graph_of(adjacency.shape[0], *upper.coords)
    partition = graph.community_leiden(
        objective_function="modularity",
        weights=upper.data.tolist(),
        resolution=resolution,
        n_iterations=1,
    )
    labels = np.asarray(partition.membership, dtype=np.int64)
    return np.where(np.bincount(labels)[labels] > 2, labels, _NOWHERE)


def _settled(
    ties: _Ties, labels: IntArray, rounds: int, rng: np.random.Generator
) -> tuple[IntArray, int]:
    """Let people move to better communities; return also how many still would."""
    restless = 0
    for _ in range(rounds):
        better = _better_places(ties, labels)
        would = better != labels
        restless = int(would.sum())
        if not restless:
            break
        # All at once, two people can pass each other. The last few, and who is new, cannot.
        if restless > _RESTLESS * len(labels):
            would &= (rng.random(len(labels)) < _MOVING) | (labels == _NOWHERE)
        labels = np.where(would, better, labels)
    return labels, restless


def _better_places(ties: _Ties, labels: IntArray) -> IntArray:
    """Return for each person the community to which moving gains most modularity; else the own."""
    volume = ties.volume
    community_volume = np.bincount(
        labels[labels != _NOWHERE], volume[labels != _NOWHERE], minlength=int(labels.max()) + 1
    )
    towards = ties.adjacency @ _members(labels)
    person = np.repeat(np.arange(len(labels), dtype=np.int32), np.diff(towards.indptr))
    own = np.flatnonzero(towards.indices == labels[person])
    others = community_volume[towards.indices]
    others[own] -= volume[person[own]]
    gain = towards.data - ties.expected * volume[person] * others

    stay = np.full(len(labels), -np.inf)
    somewhere = np.flatnonzero(labels != _NOWHERE)
    rest = community_volume[labels[somewhere]] - volume[somewhere]
    stay[somewhere] = -ties.expected * volume[somewhere] * rest
    stay[person[own]] = gain[own]
    # Less than rounding is no gain.
    stay += 1e-9 * volume

    known = np.flatnonzero(np.diff(towards.indptr))
    best = np.full(len(labels), -np.inf)
    best[known] = np.maximum.reduceat(gain, towards.indptr[known])
    # The first of equals: what is written last stands.
    at = np.flatnonzero((gain == best[person]) & (best > stay)[person])[::-1]
    places = labels.copy()
    places[person[at]] = towards.indices[at]
    return places


def _members(labels: IntArray) -> sparse.csr_array:
    """Return people × communities, 1 where somebody is in."""
    somewhere = labels != _NOWHERE
    begin = np.concatenate([[0], np.cumsum(somewhere)]).astype(np.int32)
    columns = labels[somewhere].astype(np.int32)
    return sparse.csr_array(
        (np.ones(len(columns)), columns, begin), shape=(len(labels), int(labels.max()) + 1)
    )


def _put_together(ties: _Ties, labels: IntArray) -> IntArray:
    """Join communities by Leiden; people without one get one each before."""
    nowhere = labels == _NOWHERE
    labels = labels.copy()
    labels[nowhere] = labels.max() + 1 + np.arange(nowhere.sum())
    _, labels = np.unique(labels, return_inverse=True)
    members = _members(labels)
    between = sparse.triu(members.T @ (ties.adjacency @ members), k=1, format="coo")
    graph = graph_of(members.shape[1], *between.coords)
    # Modularity is this objective with volumes as weights; ties inside count in them as well.
    partition = graph.community_leiden(
        objective_function="CPM",
        weights=between.data.tolist(),
        node_weights=(members.T @ ties.volume).tolist(),
        resolution=ties.expected,
        n_iterations=-1,
    )
    return np.asarray(partition.membership, dtype=np.int64)[labels]


def _connected(adjacency: sparse.csr_array, labels: IntArray) -> IntArray:
    """Split communities whose people are not connected inside; number them from 0."""
    person = np.repeat(np.arange(len(labels), dtype=np.int32), np.diff(adjacency.indptr))
    inside = labels[person] == labels[adjacency.indices]
    kept = sparse.csr_array(
        (
            np.ones(int(inside.sum()), dtype=np.int8),
            adjacency.indices[inside],
            np.concatenate([[0], np.cumsum(np.bincount(person[inside], minlength=len(labels)))]),
        ),
        shape=adjacency.shape,
    )
    # Where every tie leads both ways, this is twice as fast as to say that it has no direction.
    _, part = connected_components(kept, directed=True, connection="strong")
    return np.asarray(part, dtype=np.int64)
