"""The department matrix: how much contact there is within and between groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orgnet.network import Graph, Groups, Network, as_network
from orgnet.pairs import FloatArray, IntArray


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Mixing:
    """Contact added up by groups; people without a known group and their ties are not in it.

    Attributes
    ----------
    groups
        The groups, *k* of them.
    strength
        M, k × k: the symmetrised strength S between two groups; each pair of people inside a group
        counts twice, once for either end.
    ties
        T, k × k: pairs of people in contact, each pair once, also on the diagonal.
    """

    groups: Groups
    strength: FloatArray
    ties: IntArray

    @classmethod
    def of(cls, groups: Groups, cell: IntArray, strength: FloatArray) -> Mixing:
        """Add up pairs by the groups of their two people.

        Parameters
        ----------
        groups
            The groups.
        cell
            For each pair the position of one person's group × k + that of the other's.
        strength
            Of each pair.
        """
        k = len(groups.names)
        sums = np.bincount(cell, strength, k * k).astype(float).reshape(k, k)
        ties = np.bincount(cell, minlength=k * k).reshape(k, k)
        once = np.diag(np.diagonal(ties))
        return cls(
            groups=groups,
            strength=sums + sums.T,
            ties=(ties + ties.T - once).astype(np.int64),
        )

    @property
    def people(self) -> int:
        """Observed people whose group is known: n."""
        return int(self.groups.sizes.sum())

    @property
    def volume(self) -> FloatArray:
        """Strength at the people of each group: K_g."""
        return np.asarray(self.strength.sum(axis=1))

    @property
    def internal(self) -> FloatArray:
        """Strength inside each group: M_gg."""
        return np.diagonal(self.strength).copy()

    @property
    def external(self) -> FloatArray:
        """Strength from each group to the others: K_g - M_gg, 0 where all of it is inside."""
        outside = self.strength.copy()
        np.fill_diagonal(outside, 0.0)
        return np.asarray(outside.sum(axis=1))

    @property
    def total(self) -> float:
        """All strength, both ends counted: 2m."""
        return float(self.strength.sum())

    @property
    def reason(self) -> str | None:
        """Why no group measure is defined: ``single_group``, ``no_ties``, or None if they are."""
        if len(self.groups.names) < 2:
            return "single_group"
        return None if self.ties.any() else "no_ties"

    def series(self, values: FloatArray, name: str) -> pd.Series[float]:
        """Put one value a group into a Series, NaN with the reason where nothing is defined."""
        result = pd.Series(values, index=self.groups.index, name=name, dtype=float)
        if self.reason:
            result[:] = np.nan
            result.attrs["reason"] = self.reason
        return result


def ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Divide, with NaN where the denominator is 0."""
    result = np.full(len(numerator), np.nan)
    np.divide(numerator, denominator, out=result, where=denominator != 0)
    return result


def mixing(network: Network, by: str) -> Mixing:
    """Add up a network's pairs by the groups of their two people."""
    groups = network.groups(by)
    a, b, known = network.between(groups)
    cell = a[known] * len(groups.names) + b[known]
    return Mixing.of(groups, cell, network.pairs.strength[known])


def mixing_matrix(network: Graph, *, by: str) -> pd.DataFrame:
    r"""How much contact there is between every two groups, and within each.

    .. math:: M_{gh} = \sum_{i \in g} \sum_{j \in h} S_{ij}

    where :math:`S_{ij}` is the strength of the tie of *i* and *j*, both directions added.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.

    Returns
    -------
    pandas.DataFrame of float, groups × groups
        In directed active weeks for dated networks, else in the strength as given. Symmetric; the
        diagonal counts every internal pair twice, once for either end, so that a row adds up to
        the contact of the group's people. People of unknown group and their ties are not in it.

    References
    ----------
    Newman, M. E. J. (2003). Mixing patterns in networks. *Physical Review E* 67, 026126.

    Examples
    --------
    Two teams of three, all in touch inside, and one tie between the teams.

    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> mixing_matrix(graph, by="department").to_numpy().tolist()
    [[6.0, 1.0], [1.0, 6.0]]
    """
    network = as_network(network, by=by)
    mixed = mixing(network, by)
    index = mixed.groups.index
    return pd.DataFrame(mixed.strength, index=index, columns=index.rename(None))
