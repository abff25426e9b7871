"""The backbone: which ties to draw, chosen by how unusual their strength is at their ends.

For drawing only. To leave out weak ties before asking which links are weak would leave out the
answer.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from orgnet.measures.backbone_ties import (
    DrawnTies,
    Ends,
    check_alpha,
    check_ends,
    counted_ties,
    drawn_ties,
)
from orgnet.network import Graph, as_network
from orgnet.pairs import FloatArray, IntArray


def disparity(
    network: Graph,
    *,
    alpha: float = 0.05,
    ends: Ends = "either",
    directed: bool = False,
    keep_strongest: bool = True,
) -> pd.DataFrame:
    r"""Keep the ties that take an unusual share of the strength of one of their ends.

    .. math:: \alpha_{ij} = \Bigl(1 - \frac{w_{ij}}{s_i}\Bigr)^{d_i - 1}

    the chance that one of :math:`d_i` ties takes as large a share of :math:`s_i` if it is divided
    at random.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    alpha
        A tie is kept if its :math:`\alpha_{ij}` is below.
    ends
        ``either`` asks it of one end, ``both`` of both.
    directed
        Whether to ask sent ties of their sender and received ties of their recipient, each
        direction alone. False adds both directions.
    keep_strongest
        Whether to keep the strongest tie of every person as well, so that nobody vanishes. Of
        equal ones that with the first by id.

    Returns
    -------
    pandas.DataFrame, one row a kept tie, in the order of the people
        ``sender``, ``recipient`` (undirected: the earlier and the later in the order of the
        people), ``strength``, and ``p``, the smaller :math:`\alpha` of both ends, or the larger
        with `ends` ``both``. 1 for the only tie of both ends. No rows without any tie.

    Raises
    ------
    UsageError
        If `alpha` is not above 0 and up to 1, or `ends` is neither of the two.

    References
    ----------
    Serrano, M. Á., Boguñá, M. and Vespignani, A. (2009). Extracting the multiscale backbone of
    complex weighted networks. *PNAS* 106(16), 6483-6488, equation 2.

    Examples
    --------
    Of five contacts one has 40 % of the strength: (1 - 0.4)⁴.

    >>> import networkx as nx
    >>> graph = nx.Graph()
    >>> graph.add_weighted_edges_from(("a", b, w) for b, w in zip("bcdef", [8, 3, 3, 3, 3]))
    >>> disparity(graph, alpha=0.2, keep_strongest=False).round(4).to_numpy().tolist()
    [['a', 'b', 8.0, 0.1296]]
    """
    check_alpha(alpha)
    check_ends(ends)
    ties = drawn_ties(as_network(network), directed)
    at_sender = _share_left(ties, ties.out_strength, ties.sent, ties.sender)
    at_recipient = _share_left(ties, ties.in_strength, ties.received, ties.recipient)
    p = (np.minimum if ends == "either" else np.maximum)(at_sender, at_recipient)
    keep = p < alpha
    if keep_strongest:
        keep = keep | ties.strongest()
    return ties.table(keep, p=p)


def noise_corrected(network: Graph, *, delta: float = 1.64, directed: bool = False) -> pd.DataFrame:
    r"""Keep the ties that are stronger, beyond noise, than the activity of their ends predicts.

    .. math:: L_{ij} = \frac{\kappa n_{ij} - 1}{\kappa n_{ij} + 1}, \qquad
        \kappa = \frac{N}{n_{i\cdot} n_{\cdot j}}

    is 0 for what is expected and goes to 1; its variance is that of :math:`n_{ij}` under a binomial
    distribution with a beta prior of the mean and variance of a hypergeometric one, by the delta
    method. A tie is kept if :math:`L_{ij}` is above `delta` standard deviations.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph, whose strengths are counts.
    delta
        1.28, 1.64 and 2.32 are about 10, 5 and 1 % of ties kept by chance.
    directed
        Whether to test each direction alone. False adds both directions.

    Returns
    -------
    pandas.DataFrame, one row a kept tie
        ``sender``, ``recipient``, ``strength``, as in `disparity`; ``lift`` *L*, from 0 to 1, and
        ``standard_deviation``.

    Raises
    ------
    UsageError
        If a strength is not a whole number: decayed strengths are no counts.

    References
    ----------
    Coscia, M. and Neffke, F. M. H. (2017). Network backboning with noisy data. *IEEE 33rd
    International Conference on Data Engineering*, 425-436. The prior is that of the authors'
    program.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph()
    >>> graph.add_weighted_edges_from([("a", "b", 9), ("a", "c", 1), ("b", "c", 1), ("c", "d", 9)])
    >>> noise_corrected(graph).round(3).to_numpy().tolist()
    [['a', 'b', 9.0, 0.565, 0.044], ['c', 'd', 9.0, 0.569, 0.045]]
    """
    ties = counted_ties(as_network(network), directed)
    n = ties.strength
    # Undirected ties are entered in both directions.
    total = n.sum() if directed else 2 * n.sum()
    out, into = ties.out_strength[ties.sender], ties.in_strength[ties.recipient]
    both = out * into
    kappa = total / both
    lift = (kappa * n - 1) / (kappa * n + 1)
    mean = both / total**2
    variance = both * (total - out) * (total - into) / (total**4 * (total - 1))
    # Where one person has a part in every tie the prior is a point: nothing is left to learn.
    spread = variance > 0
    weight = np.divide(mean, variance, out=np.zeros_like(mean), where=spread)
    prior = weight * mean * (1 - mean) - mean
    other = weight * (1 - mean**2) - (1 - mean)
    chance = np.divide(prior + n, prior + other + total, out=mean.copy(), where=spread)
    slope = 1 / both - total * (out + into) / both**2
    deviation = np.sqrt(total * chance * (1 - chance)) * np.abs(
        2 * (kappa + n * slope) / (kappa * n + 1) ** 2
    )
    return ties.table(lift > delta * deviation, lift=lift, standard_deviation=deviation)


def _share_left(
    ties: DrawnTies, strength: FloatArray, contacts: FloatArray, end: IntArray
) -> FloatArray:
    """Return the disparity test of each tie at one of its ends."""
    left = np.maximum(0.0, 1 - ties.strength / strength[end])
    return np.asarray(left ** (contacts[end] - 1))
