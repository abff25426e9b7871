"""The diagnosis: which measures are run, and what they say together. Unreleased."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import special

from orgnet import findings as rules
from orgnet import measures
from orgnet.contributions import contributions
from orgnet.findings import Candidate, Finding
from orgnet.gates import (
    SMALLEST_GROUP,
    Reason,
    bottleneck_gate,
    change_gate,
    index_gate,
    path_gate,
    silo_gate,
    weak_link_gate,
)
from orgnet.measures.betweenness import both_betweennesses
from orgnet.measures.communities import MANY_PEOPLE, second_opinion
from orgnet.measures.out_of_place import out_of_place
from orgnet.measures.period_change import PeriodChange, period_change
from orgnet.measures.required_contact import RequiredContact, required_contact
from orgnet.measures.thinned import Dependencies, Thinned
from orgnet.measures.vertical_contact import VerticalContact, vertical_contact
from orgnet.network import Graph, Groups, Network, as_network
from orgnet.pairs import BoolArray, IntArray
from orgnet.report_model import FindingKind
from orgnet.robustness import Subject, survival
from orgnet.statistics.partitions import partition_agreement
from orgnet.statistics.quasi_independence import ratio_interval

if TYPE_CHECKING:
    from orgnet.measures import AlignmentIndex

#: Bootstrap draws of the silo test inside the draws without a fifth of the people.
_QUICK_DRAWS = 100

#: Draws without a fifth of the people, and how many where one of them takes long.
DRAWS, DRAWS_OF_MANY = 100, 40

#: What `diagnose` tells of its progress, in this order; the first only with a window before.
STEPS = (
    "comparing two windows",
    "measuring groups",
    "measuring pairs of groups",
    "searching for communities",
    "leaving people out",
    "following shortest ways",
    "measuring the whole",
)

#: What of the index is withheld where a gate is closed.
_OPENNESS = frozenset(("openness", "openness_low", "openness_high"))
_HIDDEN = (
    *("value", "low", "high"),
    *_OPENNESS,
    *("coverage", "coverage_low", "coverage_high"),
    *("resilience", "resilience_low", "resilience_high"),
)

#: Closes the gate of a kind of finding that need not be looked for again.
_NOT_ASKED = Reason("no_ties")

#: The rule of weak links: false discovery rate, and share of the expected contact.
WEAK_Q = 0.10
WEAK_RATIO = 0.5


@dataclass(frozen=True, eq=False)
class CommunityFit:
    """Detected communities against the groups of the chart.

    Attributes
    ----------
    labels, louvain
        Community of each person by Leiden and by Louvain; ``louvain.attrs["method"]`` says whose:
        that of python-louvain, or igraph's where there are more than a hundred people.
    agreement
        ``ami, ari, homogeneity, completeness, v_measure`` of Leiden's with the groups.
    louvain_ami
        Adjusted mutual information of Louvain's with the groups.
    modularity_formal, modularity_detected
        Of the groups, and of Leiden's communities.
    """

    labels: pd.Series[int]
    louvain: pd.Series[int]
    agreement: pd.Series[float]
    louvain_ami: float
    modularity_formal: float
    modularity_detected: float


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """Everything that was computed, about groups and people; nothing is withheld yet.

    Attributes
    ----------
    network, by
        What was diagnosed, and by which column.
    departments
        By group: ``people, external_share, expected_external, openness, low, high, …, silo``.
    pairs
        One row an unordered pair of groups: the columns of `orgnet.measures.group_matrix`, ``low``
        and ``high`` of the ratio, ``weak``; ``bus_factor``, ``regular_ties``; ``person``,
        ``dependency`` with its interval and q; ``people_a``, ``people_b`` (contributors),
        ``largest`` (share of one).
    people
        By person: group, contacts, external share, betweenness, constraint and community.
        ``attrs["betweenness"]`` says how far betweenness may be off where it is an estimate.
    index
        The horizontal alignment index, with the reason where it is withheld.
    findings
        Ranked; see `orgnet.findings.Finding`.
    communities
        None with fewer than two groups.
    gates
        For ``silos``, ``weak_links``, ``bottlenecks``, ``index``, ``paths`` and ``change`` why they
        are not given; None where they are.
    summary
        Whole-organisation figures by the names of `measures.md`.
    seed
        Of every random method.
    requirements
        Contact against what was required; None where nothing was.
    vertical
        Contact along the reporting lines; None where the people name no managers.
    earlier, change
        The window before, without the weeks of each tie, and what is different since; None where
        there is none, and where ``gates["change"]`` says why they are not compared.
    """

    network: Network
    by: str
    groups: Groups
    departments: pd.DataFrame
    pairs: pd.DataFrame
    people: pd.DataFrame
    index: AlignmentIndex
    findings: list[Finding]
    communities: CommunityFit | None
    gates: Mapping[str, Reason | None]
    summary: Mapping[str, float]
    seed: int
    draws: int
    requirements: RequiredContact | None = None
    vertical: VerticalContact | None = None
    earlier: Network | None = None
    change: PeriodChange | None = None
    robustness_draws: int = DRAWS


def diagnose(
    network: Graph,
    *,
    by: str = "department",
    requirements: pd.DataFrame | None = None,
    earlier: Network | None = None,
    seed: int = 0,
    draws: int = 500,
    robustness_draws: int | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Diagnosis:
    """Run the measures, decide what is a finding and how sure it is.

    Parameters
    ----------
    network
        A `Network`, or a networkx or igraph graph.
    by
        The column that sorts people into groups.
    requirements
        Which groups need each other (`measures.md` 4.1); weights the index and is compared with
        the contact that is there.
    earlier
        The window before, with the same people, to say what has changed since.
    seed
        Seed of everything random.
    draws
        Bootstrap draws of intervals.
    robustness_draws
        Draws without a fifth of the people, behind the word ``clear``. None: 100 up to 20,000
        people, 40 beyond.
    progress
        Is told which of the `STEPS` begins.

    Returns
    -------
    Diagnosis
        Too little data gives no value: `Diagnosis.gates` says why.

    Raises
    ------
    UnknownColumnError
        If the people have no column `by`.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> diagnosis = diagnose(graph)
    >>> diagnosis.gates["weak_links"].text
    'too few groups of sufficient size: 0 of the 4 that are needed'
    """
    network = as_network(network, by=by)
    if robustness_draws is None:
        robustness_draws = DRAWS if network.n <= MANY_PEOPLE else DRAWS_OF_MANY
    groups = network.groups(by)
    gates: dict[str, Reason | None] = {
        "silos": silo_gate(network, groups),
        "weak_links": weak_link_gate(network, groups),
        "bottlenecks": bottleneck_gate(network, groups),
        "index": index_gate(network, groups),
        "paths": path_gate(network),
        "change": None if earlier is None else change_gate(earlier, network, by),
    }
    change = None
    if earlier is not None and gates["change"] is None:
        progress("comparing two windows")
        change = period_change(
            earlier, network, by=by, requirements=requirements, draws=draws, seed=seed
        )
    progress("measuring groups")
    departments = _departments(network, groups, gates, draws=draws, seed=seed)
    progress("measuring pairs of groups")
    pairs = _with_contributors(
        _with_dependency(_contact(network, by, gates), network, by), network, groups
    )
    progress("searching for communities")
    communities = _communities(network, by, seed) if len(groups.names) > 1 else None
    progress("leaving people out")
    sizes = dict(zip(groups.names, groups.sizes.tolist(), strict=True))
    candidates = _candidates(departments, pairs, sizes, gates)
    survived = _survived(network, by, gates, candidates, robustness_draws, seed)
    progress("following shortest ways")
    people = _people(network, groups, gates["paths"], communities, seed)
    progress("measuring the whole")
    return Diagnosis(
        network=network,
        by=by,
        groups=groups,
        departments=departments,
        pairs=pairs,
        people=people,
        index=_index(network, by, requirements, gates["index"], draws, seed),
        findings=rules.judge(candidates, survived, everybody=network.n),
        communities=communities,
        gates=gates,
        summary=_summary(network, by, departments),
        seed=seed,
        draws=draws,
        requirements=None
        if requirements is None
        else required_contact(network, requirements, by=by),
        vertical=vertical_contact(network, by=by, seed=seed),
        earlier=earlier,
        change=change,
        robustness_draws=robustness_draws,
    )


def _departments(
    network: Network,
    groups: Groups,
    gates: Mapping[str, Reason | None],
    *,
    draws: int,
    seed: int,
) -> pd.DataFrame:
    test = measures.silo_test(network, by=groups.by, draws=draws, seed=seed)
    n = int(groups.sizes.sum())
    expected = (n - groups.sizes) / max(n - 1, 1)
    table = test.assign(people=groups.sizes, expected_external=expected)
    if gates["silos"] is not None:
        table["silo"] = False
    front = ["people", "external_share", "expected_external", "openness", "low", "high"]
    return table[[*front, *(c for c in table.columns if c not in front)]]


def _contact(network: Network, by: str, gates: Mapping[str, Reason | None]) -> pd.DataFrame:
    """Contact of every two groups, with the interval of the ratio and whether it is weak."""
    matrix = measures.group_matrix(network, by=by)
    table = matrix[matrix["group_a"] != matrix["group_b"]].reset_index(drop=True)
    table["low"], table["high"] = ratio_interval(
        table["ties"].to_numpy(dtype=float),
        table["expected"].to_numpy(dtype=float),
        matrix.attrs["overdispersion"],
    )
    table["weak"] = _is_weak(table) & (gates["weak_links"] is None)
    table.attrs = dict(matrix.attrs)
    return table


def _with_dependency(table: pd.DataFrame, network: Network, by: str) -> pd.DataFrame:
    """Add the side on which the contact hangs most, with a Clopper–Pearson interval.

    People out of place are left out: all that they do would be held by one person.
    """
    network = in_place(network, by)
    sides = measures.pair_dependency(network, by=by, activity="moments")
    holder, other = (sides[name].to_numpy(dtype=object) for name in ("group_a", "group_b"))
    in_order = holder < other
    sides = pd.DataFrame(
        {
            "group_a": np.where(in_order, holder, other),
            "group_b": np.where(in_order, other, holder),
            "holder": holder,
            "person": sides["person"],
            "dependency": sides["dependency"],
            "dependency_ties": sides["ties"],
            "dependency_p": sides["p"],
            "dependency_q": sides["q"],
        }
    )
    sides = sides.sort_values(
        ["dependency_q", "dependency", "holder"], ascending=[True, False, True], kind="stable"
    ).drop_duplicates(["group_a", "group_b"])
    ties = sides.pop("dependency_ties").to_numpy(dtype=float)
    count = sides["dependency"].to_numpy(dtype=float) * ties
    above = special.betaincinv(count + 1, np.maximum(ties - count, 1e-12), 0.975)
    sides["dependency_low"] = special.betaincinv(count, ties - count + 1, 0.025)
    sides["dependency_high"] = np.where(count >= ties, 1.0, above)
    factors = measures.bus_factor(network, by=by).rename("bus_factor").reset_index()
    factors["regular_ties"] = _regular_ties(network, by)
    result = table.merge(sides, on=["group_a", "group_b"], how="left").merge(
        factors, on=["group_a", "group_b"], how="left"
    )
    result.attrs = dict(table.attrs)
    return result


def in_place(network: Network, by: str) -> Network:
    """Return the network in which nobody knows the group of people out of place."""
    elsewhere = out_of_place(network, by=by)
    if not elsewhere.any():
        return network
    known = network.people[by].astype(object).mask(elsewhere, None)
    return dataclasses.replace(network, people=network.people.assign(**{by: known}))


def _regular_ties(network: Network, by: str) -> IntArray:
    """Count the regular ties of every two groups, in the order of `measures.bus_factor`."""
    groups = network.groups(by)
    k = len(groups.names)
    a, b, known = network.between(groups)
    regular = known & network.pairs.regular
    cells = np.minimum(a, b)[regular] * k + np.maximum(a, b)[regular]
    return np.asarray(np.bincount(cells, minlength=k * k).reshape(k, k)[np.triu_indices(k, 1)])


def _with_contributors(table: pd.DataFrame, network: Network, groups: Groups) -> pd.DataFrame:
    attrs = dict(table.attrs)
    parts = contributions(network, groups)
    names = np.asarray(groups.names, dtype=object)
    parts = parts.assign(own=names[parts["own"]], other=names[parts["other"]])
    for side, own, other in (("a", "group_a", "group_b"), ("b", "group_b", "group_a")):
        wanted = parts.rename(
            columns={
                "own": own,
                "other": other,
                "people": f"people_{side}",
                "largest": f"largest_{side}",
                "rest": f"rest_{side}",
            }
        )
        table = table.merge(wanted, on=["group_a", "group_b"], how="left")
    for column in ("people_a", "people_b"):
        table[column] = table[column].fillna(0).astype(int)
    table["largest"] = table[["largest_a", "largest_b"]].max(axis=1)
    table["rest"] = table[["rest_a", "rest_b"]].min(axis=1)
    table = table.drop(columns=["largest_a", "largest_b", "rest_a", "rest_b"])
    table.attrs = attrs
    return table


def _candidates(
    departments: pd.DataFrame,
    pairs: pd.DataFrame,
    sizes: Mapping[str, int],
    gates: Mapping[str, Reason | None],
) -> list[Candidate]:
    found: list[Candidate] = []
    if gates["silos"] is None:
        found += rules.silos(departments, sizes, departments["expected_external"])
    if gates["weak_links"] is None:
        found += rules.weak_links(pairs, sizes)
    if gates["bottlenecks"] is None:
        found += rules.bottlenecks(pairs, sizes)
    return found


def _survived(
    network: Network,
    by: str,
    gates: Mapping[str, Reason | None],
    candidates: list[Candidate],
    draws: int,
    seed: int,
) -> dict[Subject, float] | None:
    """How often each candidate is found again; only the kinds that may become ``clear`` are run."""
    if network.no_weeks:
        return None
    kinds = {c.kind for c in candidates if c.passes}
    if not kinds:
        return {}
    asked: dict[str, Reason | None] = {
        gate: gates[gate] if kind in kinds else _NOT_ASKED
        for gate, kind in (
            ("silos", "silo"),
            ("weak_links", "weak_link"),
            ("bottlenecks", "bottleneck"),
        )
    }
    whole = Thinned(network, by)
    names = network.groups(by).names

    def find(missing: BoolArray) -> set[Subject]:
        part = whole.without(missing)
        sizes = dict(zip(names, part.groups.sizes.tolist(), strict=True))
        found: set[Subject] = set()
        if asked["silos"] is None:
            test = part.silo_test(draws=_QUICK_DRAWS, seed=seed)
            silos = rules.silos(test, sizes, test["external_share"])
            found |= {(c.kind, c.subject) for c in silos}
        if kinds != {"silo"}:
            contact = part.contact()
        if asked["weak_links"] is None:
            found |= _of_large_groups("weak_link", contact[_is_weak(contact)], sizes)
        if asked["bottlenecks"] is None:
            hanging = contact[_hang_on_one(contact, part.dependencies(up_to=rules.DEPENDENCY_Q))]
            found |= _of_large_groups("bottleneck", hanging, sizes)
        return found

    return survival(network, find, draws=draws, seed=seed)


def _is_weak(contact: pd.DataFrame) -> pd.Series[bool]:
    return (contact["q"] <= WEAK_Q) & (contact["ratio"] <= WEAK_RATIO)


def _hang_on_one(contact: pd.DataFrame, found: Dependencies) -> BoolArray:
    """Say for each row of the contact of groups whether it is a bottleneck."""
    a, b = np.triu_indices(len(found.q))
    first, second = found.q[a, b], found.q[b, a]
    larger = (first == second) & (found.dependency[a, b] < found.dependency[b, a])
    other_side = (second < first) | larger
    by_count, by_bus_factor = rules.hang_on_one(
        ties=contact["ties"].to_numpy(),
        dependency=np.where(other_side, found.dependency[b, a], found.dependency[a, b]),
        q=np.where(other_side, second, first),
        sole=found.sole[a, b],
        regular_ties=found.regular_ties[a, b],
    )
    return np.asarray((by_count | by_bus_factor) & (a != b))


def _of_large_groups(
    kind: FindingKind, rows: pd.DataFrame, sizes: Mapping[str, int]
) -> set[Subject]:
    pairs = zip(rows["group_a"].tolist(), rows["group_b"].tolist(), strict=True)
    return {(kind, (a, b)) for a, b in pairs if min(sizes[a], sizes[b]) >= SMALLEST_GROUP}


def _communities(network: Network, by: str, seed: int) -> CommunityFit:
    labels = measures.communities(network, method="leiden", seed=seed)
    tied = int((np.diff(network.symmetric_strength.indptr) > 0).sum())
    louvain = measures.communities(network, method=second_opinion(tied), seed=seed)
    codes = network.groups(by).codes
    symmetric = network.symmetric_strength
    compared = (codes >= 0) & (np.diff(symmetric.indptr) > 0)
    agreement = partition_agreement(codes[compared], labels.to_numpy()[compared])
    second = partition_agreement(codes[compared], louvain.to_numpy()[compared])
    return CommunityFit(
        labels=labels,
        louvain=louvain,
        agreement=pd.Series(dataclasses.asdict(agreement), dtype=float),
        louvain_ami=second.ami,
        modularity_formal=measures.modularity_formal(network, by=by),
        modularity_detected=measures.modularity(network, labels),
    )


def _people(
    network: Network,
    groups: Groups,
    gate: Reason | None,
    communities: CommunityFit | None,
    seed: int,
) -> pd.DataFrame:
    symmetric = network.symmetric_strength
    strength = np.asarray(symmetric.sum(axis=1), dtype=float).ravel()
    observed = network.observed
    table = pd.DataFrame(index=network.index)
    table[groups.by] = network.people[groups.by]
    table["contacts"] = np.where(observed, np.diff(symmetric.indptr), np.nan)
    table["strength"] = np.where(observed, strength, np.nan)
    table["insufficient"] = network.people["insufficient"]
    if gate is None:
        if len(groups.names) > 1:
            every, cross = both_betweennesses(network, by=groups.by, seed=seed)
            table["betweenness"], table["cross_betweenness"] = every, cross
        else:
            every = measures.betweenness(network, seed=seed)
            table["betweenness"] = every
        table.attrs["betweenness"] = dict(every.attrs)
        table["constraint"] = measures.constraint(network)
    table["isolation_impact"] = measures.articulation_points(network).reindex(network.index)
    if communities is not None:
        table["community"] = communities.labels
    return table


def _index(
    network: Network,
    by: str,
    requirements: pd.DataFrame | None,
    gate: Reason | None,
    draws: int,
    seed: int,
) -> AlignmentIndex:
    index = measures.horizontal_alignment_index(
        network, by=by, requirements=requirements, draws=draws if gate is None else 0, seed=seed
    )
    if gate is None:
        return index
    hidden = set(_HIDDEN)
    if gate.key == "low_coverage":
        # Openness alone stands even where too few people were seen.
        hidden -= _OPENNESS
    values = dataclasses.asdict(index)
    values |= dict.fromkeys(hidden, float("nan")) | {"reason": gate.key}
    return measures.AlignmentIndex(**values)


def _summary(network: Network, by: str, departments: pd.DataFrame) -> dict[str, float]:
    pairs = network.pairs
    n = network.n
    known = departments["external_share"].notna()
    people = departments.loc[known, "people"]
    everybody = float(people.sum())
    figures = {
        "density": measures.density(network),
        "reciprocity": measures.reciprocity(network),
        "ties": float(len(pairs)),
        "regular_ties": float(pairs.regular.sum()),
        "regular_ties_per_person": 2 * float(pairs.regular.sum()) / n if n else float("nan"),
        "ei_index": measures.ei_index(network, by=by),
        "ei_index_expected": measures.ei_index_expected(network, by=by),
        "assortativity": measures.assortativity(network, by=by),
        "modularity_formal": measures.modularity_formal(network, by=by),
    }
    figures["external_share"] = (1 + figures["ei_index"]) / 2
    figures["external_share_expected"] = (1 + figures["ei_index_expected"]) / 2
    figures["openness"] = (
        float((departments.loc[known, "openness"] * people).sum() / everybody)
        if everybody
        else float("nan")
    )
    return figures
