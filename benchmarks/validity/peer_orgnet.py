"""Scores of PyPI `orgnet` 0.2.0, run in an environment of its own: IN.json OUT.json."""

import json
import logging
import sys
from pathlib import Path

import networkx as nx
from orgnet.metrics.bonding_bridging import BondingBridgingAnalyzer
from orgnet.metrics.centrality import CentralityAnalyzer
from orgnet.metrics.structural import StructuralAnalyzer


def scores(firm: dict) -> dict:
    graph = nx.Graph()
    graph.add_nodes_from(firm["people"])
    graph.add_weighted_edges_from(firm["ties"])
    centrality = CentralityAnalyzer(graph).compute_betweenness_centrality()
    structure = StructuralAnalyzer(graph)
    brokers = structure.identify_brokers(
        centrality, structure.compute_constraint(), top_n=len(graph)
    )
    # Its group measures are of communities: the departments are given as such.
    department = dict(zip(firm["people"], firm["departments"], strict=True))
    groups = BondingBridgingAnalyzer(graph).analyze_group_bonding_bridging(
        {"node_to_community": department}
    )
    return {
        "silo": {
            "bridging strength, low": dict(
                zip(groups["community_id"], (-groups["bridging_strength"]).tolist(), strict=True)
            )
        },
        "bottleneck": {
            "broker score": dict(
                zip(brokers["node_id"], brokers["broker_score"].tolist(), strict=True)
            )
        },
    }


logging.disable(logging.CRITICAL)
firms = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
Path(sys.argv[2]).write_text(json.dumps([scores(firm) for firm in firms]), encoding="utf-8")
