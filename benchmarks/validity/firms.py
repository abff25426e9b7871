"""One planted firm, diagnosed: everything that the scores need, as plain values."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.validity.former_rules import former_dependency_p, former_silo_test
from benchmarks.validity.scenarios import BY_NAME
from orgnet.diagnosis import Diagnosis, diagnose, in_place
from orgnet.measures import AlignmentIndex, bus_factor, pair_dependency
from orgnet.measures.intermediaries import intermediation
from orgnet.measures.mixing import mixing
from orgnet.network import Network
from orgnet.simulate import Truth

#: First seed of the study; its parts begin far enough apart that no firm is met twice. The rules
#: were chosen on smaller seeds (`validity.md.txt` says with which exception).
FIRST_SEED = 20_000


def diagnosed_firm(scenario: str, seed: int, robustness_draws: int = 0) -> dict[str, Any]:
    """Plant and diagnose one firm."""
    planted = BY_NAME[scenario].plant(seed)
    network = Network.from_ties(planted.ties, planted.people)
    # What no finding rests on takes most of the time: communities, the table of people, the index
    # (which has a part of its own) and who contributes to a pair.
    with (
        patch("orgnet.diagnosis._communities", return_value=None),
        patch("orgnet.diagnosis._people", return_value=pd.DataFrame(index=network.index)),
        patch("orgnet.diagnosis._index", return_value=AlignmentIndex()),
        patch("orgnet.diagnosis._with_contributors", lambda table, network, groups: table),
    ):
        diagnosis = diagnose(network, robustness_draws=robustness_draws)
    return {
        "scenario": scenario,
        "seed": seed,
        "findings": [
            [f.kind, f.subject in planted.truth.subjects(f.kind), f.confidence]
            for f in diagnosis.findings
        ],
        "gates": {name: reason.key for name, reason in diagnosis.gates.items() if reason},
        "departments": _departments(diagnosis, planted.truth),
        "pairs": _pairs(diagnosis, planted.truth),
        # As the diagnosis looks at them, and with the people out of place left in.
        "held": _held(in_place(network, diagnosis.by), planted.truth),
        "held_by_all": _held(network, planted.truth),
        "hubs": _hubs(network, planted.truth),
        "people": _people(network, planted.truth),
    }


def _departments(diagnosis: Diagnosis, truth: Truth) -> dict[str, list[Any]]:
    table = diagnosis.departments
    former = former_silo_test(diagnosis.network, by=diagnosis.by)
    return {
        "name": list(table.index),
        "planted": [name in truth.silos for name in table.index],
        "openness": _plain(table["openness"]),
        "low": _plain(table["low"]),
        "high": _plain(table["high"]),
        "median_others": _plain(table["median_others"]),
        "z": _plain(table["z"]),
        "p": _plain(table["p"]),
        "q": _plain(table["q"]),
        "former_z": _plain(former["z"]),
        "former_p": _plain(former["p"]),
        "former_q": _plain(former["q"]),
    }


def _pairs(diagnosis: Diagnosis, truth: Truth) -> dict[str, list[Any]]:
    table = diagnosis.pairs
    names = list(zip(table["group_a"], table["group_b"], strict=True))
    weak, held = truth.subjects("weak_link"), truth.subjects("bottleneck")
    return {
        "weak_planted": [pair in weak for pair in names],
        "held_planted": [pair in held for pair in names],
        **{name: _plain(table[name]) for name in ("ties", "expected", "ratio", "z", "p", "q")},
    }


def _held(network: Network, truth: Truth) -> dict[str, Any]:
    """Everything that rules of bottlenecks look at; pairs in the order of their names."""
    table = pair_dependency(network, by="department", activity="moments")
    pairs = [tuple(sorted(p)) for p in zip(table["group_a"], table["group_b"], strict=True)]
    regular = replace_pairs(network, network.pairs.regular)
    return {
        "planted": [pair in truth.subjects("bottleneck") for pair in pairs],
        "pair": ["|".join(pair) for pair in pairs],
        "ties": _plain(table["ties"]),
        "dependency": _plain(table["dependency"]),
        "p": _plain(table["p"]),
        "former_p": _plain(former_dependency_p(network, by="department")),
        "bus_factor": bus_factor(network, by="department").tolist(),
        "regular_ties": _between(regular),
        "any_ties": _between(network),
    }


def replace_pairs(network: Network, keep: NDArray[np.bool_]) -> Network:
    """Return the network with some of its pairs only."""
    kept = {
        field.name: getattr(network.pairs, field.name)[keep]
        for field in fields(network.pairs)
        if field.name != "weekly"
    }
    return replace(network, pairs=replace(network.pairs, weekly=None, **kept))


def _between(network: Network) -> list[int]:
    ties = mixing(network, "department").ties
    counts: list[int] = ties[np.triu_indices(len(ties), 1)].tolist()
    return counts


def _hubs(network: Network, truth: Truth) -> dict[str, list[Any]]:
    if not truth.hubs:
        return {}
    through = intermediation(network, by="department")
    return {"planted": [name in truth.hubs for name in through.index], "score": _plain(through)}


def _people(network: Network, truth: Truth) -> dict[str, list[Any]]:
    if not truth.overloaded:
        return {}
    strength = network.symmetric_strength
    return {
        "planted": [person in truth.overloaded for person in network.index],
        "contacts": np.diff(strength.indptr).tolist(),
        "strength": np.asarray(strength.sum(axis=1)).ravel().tolist(),
    }


def _plain(values: pd.Series[Any]) -> list[float]:
    return [round(float(value), 6) for value in np.asarray(values, dtype=float)]
