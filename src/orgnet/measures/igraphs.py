"""igraph as the measures use it: graphs from arrays, and draws from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import igraph as ig

from orgnet.pairs import IntArray


def graph_of(count: int, first: IntArray, second: IntArray, *, directed: bool = False) -> ig.Graph:
    """Make a graph of numbered vertices.

    igraph reads an array of edges number by number, which takes four times as long as to walk
    through pairs; `zip` hands on the same pair again and again, so that none are kept.

    Parameters
    ----------
    count
        Vertices.
    first, second
        The two ends of each edge.
    directed
        Whether edges lead from `first` to `second`.

    Returns
    -------
    igraph.Graph
        Its edges are in the order given.

    Examples
    --------
    >>> import numpy as np
    >>> graph_of(3, np.array([0, 2]), np.array([1, 1])).get_edgelist()
    [(0, 1), (1, 2)]
    """
    return ig.Graph(
        n=count, edges=zip(first.tolist(), second.tolist(), strict=True), directed=directed
    )


@contextmanager
def drawing_from(seed: int) -> Iterator[None]:
    """Let igraph draw from a generator of its own, from a seed."""
    # igraph cannot say which generator it has; Python's own is the one it starts with.
    ig.set_random_number_generator(random.Random(seed))
    try:
        yield
    finally:
        ig.set_random_number_generator(random)
