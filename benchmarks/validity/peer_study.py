"""The same planted firms, scored by orgnet and by what one would otherwise do."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np

from benchmarks.tables import markdown_table
from benchmarks.validity.firms import FIRST_SEED
from benchmarks.validity.scoring import auc, recall_at_planted
from orgnet.measures import group_matrix, pair_dependency, silo_test
from orgnet.measures.mixing import mixing
from orgnet.network import Network
from orgnet.simulate import PlantedTies, plant_ties

HERE = Path(__file__).resolve().parent
ENVIRONMENTS = HERE.parent / ".envs"

#: Peers in environments of their own: requirement and script.
PEERS = {"orgnet==0.2.0": "peer_orgnet.py", "vivainsights==0.4.3": "peer_vivainsights.py"}
PEER_SEED = FIRST_SEED + 50_000
#: Lower than any score: for what a method says nothing about.
NOTHING = -1e12

#: One firm's scores: kind of fault → method → subject → score, high where a fault is suspected.
Scores = dict[str, dict[str, dict[str, float]]]


def compare_with_peers(file: Path, *, firms: int, install: bool) -> None:
    """Score `firms` firms with every method and write the result as JSON."""
    planted = [plant_ties(seed=PEER_SEED + number) for number in range(firms)]
    networks = [Network.from_ties(each.ties, each.people) for each in planted]
    methods = [own_scores(network) for network in networks]
    missing = {}
    for requirement, script in PEERS.items():
        try:
            theirs = peer_scores(requirement, script, networks, install=install)
        except (OSError, subprocess.SubprocessError) as error:
            missing[requirement] = f"could not be run here ({type(error).__name__})"
            continue
        for mine, other in zip(methods, theirs, strict=True):
            for kind, by_method in other.items():
                for name, scores in by_method.items():
                    mine[kind][f"{requirement.replace('==', ' ')}: {name}"] = scores
    file.write_text(
        json.dumps(
            {"firms": firms, "rows": compared(planted, methods), "missing": missing}, indent=1
        )
        + "\n",
        encoding="utf-8",
    )


def own_scores(network: Network) -> Scores:
    """Score with orgnet, and with the plain measures that a user would compute."""
    by = "department"
    mixed = mixing(network, by)
    names = mixed.groups.names
    silo = silo_test(network, by=by)
    matrix = group_matrix(network, by=by)
    matrix = matrix[matrix["group_a"] != matrix["group_b"]]
    pairs = [f"{a}|{b}" for a, b in zip(matrix["group_a"], matrix["group_b"], strict=True)]
    strength, volume = mixed.strength, mixed.volume
    a, b = np.triu_indices(len(names), 1)
    configuration = strength / np.outer(volume, volume) * mixed.total
    sides = pair_dependency(network, by=by, activity="moments")
    sides = sides[sides["ties"] >= 5]
    held = (-np.log(sides["p"].clip(lower=1e-300)) + sides["dependency"]).groupby(sides["person"])
    graph = nx.Graph()
    graph.add_nodes_from(network.index)
    ids = network.index.to_numpy()
    graph.add_edges_from(zip(ids[network.pairs.first], ids[network.pairs.second], strict=True))
    zero = dict.fromkeys(ids.tolist(), 0.0)
    return {
        "silo": {
            "orgnet (this): openness against the others": _by(names, -silo["z"]),
            "raw E-I index, low": _by(names, 1 - 2 * mixed.external / volume),
            "configuration model O/E inside": _by(names, np.diagonal(configuration)),
        },
        "weak_link": {
            "orgnet (this): quasi-independence": _by(pairs, -matrix["z"]),
            "raw number of ties, low": _by(pairs, -matrix["ties"]),
            "configuration model O/E, low": _by(pairs, -configuration[a, b]),
        },
        "bottleneck": {
            "orgnet (this): dependency of a pair": zero | held.max().to_dict(),
            "betweenness (networkx, unweighted)": nx.betweenness_centrality(graph),
            "degree": {person: float(degree) for person, degree in graph.degree()},
        },
    }


def peer_scores(
    requirement: str, script: str, networks: list[Network], *, install: bool
) -> list[Scores]:
    """Score with a peer, as a process of its own environment."""
    python = environment(requirement, install=install)
    firms = []
    for network in networks:
        ids = network.index.to_numpy()
        pairs = network.pairs
        seen = network.people[network.observed]
        firms.append(
            {
                "people": seen.index.tolist(),
                "departments": seen["department"].tolist(),
                "ties": list(
                    zip(
                        ids[pairs.first].tolist(),
                        ids[pairs.second].tolist(),
                        pairs.strength.tolist(),
                        strict=True,
                    )
                ),
            }
        )
    with tempfile.TemporaryDirectory() as folder:
        given, result = Path(folder) / "in.json", Path(folder) / "out.json"
        given.write_text(json.dumps(firms), encoding="utf-8")
        subprocess.run(
            [python, "-I", HERE / script, given, result],
            check=True, cwd=folder, timeout=1800, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        scores: list[Scores] = json.loads(result.read_text(encoding="utf-8"))
        return scores


def environment(requirement: str, *, install: bool) -> Path:
    """Return the interpreter of a peer's environment; make it first where there is none."""
    folder = ENVIRONMENTS / f"validity-{requirement.partition('==')[0]}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if python.is_file():
        return python
    if not install:
        raise FileNotFoundError(folder.name)
    venv.create(folder, with_pip=True)
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    try:
        subprocess.run([*pip, requirement], check=True, timeout=1800)
    except subprocess.SubprocessError:
        python.unlink()
        raise
    return python


def compared(planted: list[PlantedTies], methods: list[Scores]) -> list[dict[str, Any]]:
    """Return one row a kind of fault and method: AUC, recall at as many alarms as were planted."""
    rows = []
    for kind in ("silo", "weak_link", "bottleneck"):
        for method in methods[0][kind]:
            truth, score, recalls = [], [], []
            for each, scores in zip(planted, methods, strict=True):
                wanted = _subjects(each, kind)
                subjects = sorted(set(scores[kind][method]) | wanted)
                hit = [subject in wanted for subject in subjects]
                value = [scores[kind][method].get(s, NOTHING) for s in subjects]
                value = [NOTHING if np.isnan(v) else v for v in value]
                truth += hit
                # Ranks within the firm: a score need not be on one scale in all firms.
                score += (np.argsort(np.argsort(value)) / len(value)).tolist()
                recalls.append(recall_at_planted(hit, value))
            rows.append(
                {
                    "kind": kind,
                    "method": method,
                    "auc": auc(truth, score),
                    "recall": float(np.mean(recalls)),
                }
            )
    return rows


def _subjects(planted: PlantedTies, kind: str) -> set[str]:
    if kind == "bottleneck":
        return {person for _, _, person in planted.truth.bottlenecks}
    return {"|".join(subject) for subject in planted.truth.subjects(kind)}


def _by(names: Any, values: Any) -> dict[str, float]:
    return dict(zip(names, np.asarray(values, dtype=float).tolist(), strict=True))


def peer_table(result: dict[str, Any] | None) -> str:
    """Write the comparison as tables, one a kind of fault."""
    if result is None:
        return "Not compared in this run.\n"
    titles = {
        "silo": "Which department is a silo",
        "weak_link": "Which pair of departments is weak",
        "bottleneck": "Which person holds a bottleneck",
    }
    said = []
    for kind, title in titles.items():
        rows = [
            [row["method"], f"{row['auc']:.3f}", f"{row['recall']:.3f}"]
            for row in result["rows"]
            if row["kind"] == kind
        ]
        header = [f"{title} ({result['firms']} firms)", "AUC", "recall at as many alarms"]
        said.append(markdown_table(header, rows))
    said += [f"{name}: {reason}.\n" for name, reason in result["missing"].items()]
    return "\n".join(said)
