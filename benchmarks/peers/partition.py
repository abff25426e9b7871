"""Communities of a graph by one library: orgnet|louvain PAIRS PEOPLE; the graph is built before."""

import sys

import numpy as np
from reporting import report


def orgnet_work(pairs, people):
    import pandas as pd

    from orgnet import Network
    from orgnet.measures import communities, modularity

    ties = pd.DataFrame({"sender": pairs[:, 0], "recipient": pairs[:, 1]})
    network = Network.from_ties(ties, pd.DataFrame({"person": range(people)}))
    return (lambda: communities(network, runs=1)), (lambda found: modularity(network, found))


def louvain_work(pairs, people):
    import community
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(people))
    graph.add_edges_from(pairs.tolist())
    search = community.best_partition
    return (lambda: search(graph, random_state=1)), (lambda f: community.modularity(f, graph))


library, file, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
find, quality = {"orgnet": orgnet_work, "louvain": louvain_work}[library](np.load(file), count)
found = []
report(lambda: found.append(find()) or {}, lambda: {"modularity": round(quality(found[0]), 4)})
