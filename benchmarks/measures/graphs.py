"""A planted organisation as a network of orgnet's and as a graph of networkx'."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx

from orgnet.network import Network, as_network
from orgnet.simulate import Rates, plant_ties

BY = "department"


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """An organisation in both forms.

    Parameters
    ----------
    network
        With its twelve weeks.
    graph
        The same people and pairs for networkx, with the strength of ties as ``weight``.
    plain
        `graph` as a network: without weeks, so that every tie is a regular one.
    """

    network: Network
    graph: nx.Graph[str]
    plain: Network

    @property
    def size(self) -> str:
        """People and pairs in contact."""
        return f"{self.network.n:,} people, {len(self.network.pairs):,} pairs in contact"


def plant(people: int, *, departments: int, seed: int, livelier: float = 1.0) -> Firm:
    """Plant an organisation.

    Parameters
    ----------
    people, departments, seed
        As in `orgnet.simulate.plant_ties`.
    livelier
        How many times as many contacts people have within their department as by default.
    """
    usual = Rates()
    rates = Rates(department_degree=usual.department_degree * livelier)
    ties, roster, _ = plant_ties(people=people, departments=departments, seed=seed, rates=rates)
    network = Network.from_ties(ties, roster)
    pairs, ids = network.pairs, network.index.to_numpy()
    graph: nx.Graph[str] = nx.Graph()
    for person, department in network.people[BY].items():
        graph.add_node(person, department=department)
    columns = (ids[pairs.first].tolist(), ids[pairs.second].tolist(), pairs.strength.tolist())
    for a, b, strength in zip(*columns, strict=True):
        graph.add_edge(a, b, weight=strength)
    return Firm(network=network, graph=graph, plain=as_network(graph, by=BY))
