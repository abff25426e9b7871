"""Exact betweenness of a graph by one library: LIBRARY PAIRS PEOPLE; the graph is built before.

networkx is given a sample of sources; its time is to be scaled, and the sample is said.
"""

import sys

import numpy as np
from reporting import report

#: Sources of the sample for networkx.
SAMPLED = 20


def orgnet_work(pairs, people):
    import pandas as pd

    from orgnet import Network
    from orgnet.measures import betweenness

    ties = pd.DataFrame({"sender": pairs[:, 0], "recipient": pairs[:, 1]})
    network = Network.from_ties(ties, pd.DataFrame({"person": range(people)}))
    return lambda: betweenness(network).to_numpy()


def igraph_work(pairs, people):
    import igraph

    graph = igraph.Graph(n=people, edges=pairs.tolist())
    return graph.betweenness


def networkx_work(pairs, people):
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(people))
    graph.add_edges_from(pairs.tolist())
    sources = min(SAMPLED, people)
    return lambda: list(nx.betweenness_centrality(graph, k=sources, seed=1).values())


def networkit_work(pairs, people):
    import networkit as nk

    nk.setNumberOfThreads(2)
    graph = nk.Graph(people)
    for a, b in pairs.tolist():
        graph.addEdge(a, b)
    return lambda: nk.centrality.Betweenness(graph).run().scores()


LIBRARIES = {
    "orgnet": orgnet_work, "igraph": igraph_work, "networkx": networkx_work,
    "networkit": networkit_work,
}  # fmt: skip

library, file, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
compute = LIBRARIES[library](np.load(file), count)
# The largest person is the same whoever computes it: a cheap check that all did the same.
report(lambda: {"largest": int(np.argmax(compute()))})
