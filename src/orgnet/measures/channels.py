"""Channels side by side: who uses which, and whether a finding holds in more than one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from orgnet.errors import UsageError
from orgnet.measures.mixing import mixing, ratio
from orgnet.network import Graph, as_network

#: Two groups can be compared in a channel that this share of either uses.
COMPARABLE_SHARE = 0.7


def channel_comparison(
    channels: Mapping[str, Graph], *, by: str, minimum_active: float = COMPARABLE_SHARE
) -> pd.DataFrame:
    """How much of each group uses each channel, and how outward it is there.

    A group that hardly uses a channel looks closed or open there by accident: compare groups in
    channels alone that both use. What is found in one channel only should be said so.

    Parameters
    ----------
    channels
        For each channel the network of that channel alone, with the same people and the same
        weeks.
    by
        The column of people, or the vertex attribute, that holds the group.
    minimum_active
        From this share of active people on a group can be compared.

    Returns
    -------
    pandas.DataFrame, one row a channel and group, indexed by both, sorted by channel
        ``people`` (int) in the group, by the channel's network; ``active``, the share of them who
        have a tie in the channel; ``comparable`` (bool); ``external_share``, the part of their
        strength that is with other groups, NaN where the group has no tie; ``relative_strength``,
        strength a person over that of all people in the channel, so that channels can be set side
        by side. No rows without channels.

    Raises
    ------
    UsageError
        If `minimum_active` is not from 0 to 1.

    References
    ----------
    Kivelä, M. et al. (2014). Multilayer networks. *Journal of Complex Networks* 2(3), 203-271, on
    why layers are described before they are added up.

    Examples
    --------
    Sales writes mail, and one of its two people chats.

    >>> import networkx as nx
    >>> mail = nx.Graph([("s1", "s2"), ("s1", "l1"), ("s2", "l2")])
    >>> chat = nx.Graph([("s1", "l1"), ("l1", "l2")])
    >>> chat.add_node("s2")
    >>> for graph in (mail, chat):
    ...     nx.set_node_attributes(graph, {p: p[0].upper() for p in graph}, "department")
    >>> table = channel_comparison({"mail": mail, "chat": chat}, by="department")
    >>> table["active"].to_dict()
    {('chat', 'L'): 1.0, ('chat', 'S'): 0.5, ('mail', 'L'): 1.0, ('mail', 'S'): 1.0}
    """
    if not 0 <= minimum_active <= 1:
        raise UsageError(f"minimum_active is {minimum_active}, expected a share from 0 to 1")
    tables = []
    for channel in sorted(channels):
        network = as_network(channels[channel], by=by)
        mixed = mixing(network, by)
        groups, sizes = mixed.groups, mixed.groups.sizes.astype(float)
        tied = np.unique(np.concatenate([network.pairs.first, network.pairs.second]))
        codes = groups.codes[tied]
        active = np.bincount(codes[codes >= 0], minlength=len(sizes)) / sizes
        everybody = np.full(len(sizes), mixed.total / max(1, mixed.people))
        index = pd.MultiIndex.from_product([[channel], groups.names], names=["channel", "group"])
        tables.append(
            pd.DataFrame(
                {
                    "people": groups.sizes,
                    "active": active,
                    "comparable": active >= minimum_active,
                    "external_share": ratio(mixed.external, mixed.volume),
                    "relative_strength": ratio(mixed.volume / sizes, everybody),
                },
                index=index,
            )
        )
    if not tables:
        types = {
            "people": np.int64,
            "active": float,
            "comparable": bool,
            "external_share": float,
            "relative_strength": float,
        }
        index = pd.MultiIndex.from_arrays([[], []], names=["channel", "group"])
        return pd.DataFrame(columns=list(types), index=index).astype(types)
    return pd.concat(tables)
