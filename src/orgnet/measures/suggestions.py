"""Which contact between groups to add first."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import Literal

import numpy as np
import pandas as pd
from scipy import sparse

from orgnet.errors import UsageError, did_you_mean
from orgnet.measures.alignment_scores import Scorer
from orgnet.measures.capacity import colleagues_in_touch, contact_load, people_with_capacity
from orgnet.measures.coordination import MOST_TIES
from orgnet.measures.link_gains import EfficiencyGains, IndexGains, PathGains, ResistanceGains
from orgnet.measures.mixing import mixing
from orgnet.network import Graph, Network, as_network
from orgnet.pairs import FloatArray, IntArray

#: What a new tie is to improve.
Objective = Literal["index", "efficiency", "resistance"]
_OBJECTIVES = ("index", "efficiency", "resistance")

#: Gains along ways need a dense matrix of people by people.
MOST_PEOPLE = 3_000

#: With ways in mind, so many pairs of groups and so many people of each side are looked at.
_PAIRS_TRIED, _PEOPLE_TRIED = 40, 3

#: Smaller gains are none.
_NO_GAIN = 1e-9

_Link = tuple[int, int, int, int, float]


def suggested_links(
    network: Graph,
    *,
    by: str,
    objective: Objective = "index",
    requirements: pd.DataFrame | None = None,
    links: int = 20,
    people: bool = False,
) -> pd.DataFrame:
    r"""Between which groups a few more regular contacts would bring most.

    Chosen step by step, each the best after those before it (which need not be the best set), among
    `people_with_capacity`; nobody is asked for more than one.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph.
    by
        The column of people, or the vertex attribute, that holds the group.
    objective
        ``index``: points of `horizontal_alignment_index`; of the people who have no regular contact
        in the other group yet, those with most contacts in common are chosen, as such contact is
        likelier to last. ``efficiency``: mean of 1 / length of the shortest ways along regular ties
        between people of different groups. ``resistance``: the Kirchhoff index, sum of the
        effective resistances between all people, strengths as conductances. The last two look at
        the most embedded people of the 40 pairs of groups that lack most contact.
    requirements
        Who must work with whom; see `requirement_matrix`. Other pairs are then not suggested.
    links
        Contacts to suggest at most.
    people
        One row a contact, with the two people. Persons are nobody's business without an agreed
        purpose: the default says between which groups, and how many.

    Returns
    -------
    pandas.DataFrame
        By default one row a pair of groups, most gain first: ``group_a`` < ``group_b``; ``links``,
        the contacts suggested; ``most``, how many would give the pair all the contact it should
        have even when the most needed person leaves, at least `links`; ``regular_ties`` there are;
        ``gain`` of all those suggested, as changes of the objective (for resistance how much
        lower). "Two to three more regular contacts between A and B" is `links` to `most`. With
        `people` one row a contact in the order of choice: ``group_a``, ``group_b``, ``person_a``,
        ``person_b``, ``common_contacts``, ``gain``. No rows where nothing helps or nobody has
        capacity; with ``attrs["reason"]`` with fewer than two groups (``single_group``) or without
        any tie (``no_ties``). ``attrs["strength"]`` is that of a suggested tie: the median of the
        regular ones.

    Raises
    ------
    UsageError
        If `objective` is none of the three, `links` is below 1, or there are more than 3,000 people
        for other objectives than the index.
    MissingColumnError, InputError
        As `requirement_matrix`.

    References
    ----------
    Ghosh, A., Boyd, S. and Saberi, A. (2008). Minimizing effective resistance of a graph. *SIAM
    Review* 50(1), 37-66.

    Examples
    --------
    Two teams of three with one tie: a second one between two others is enough.

    >>> import networkx as nx
    >>> graph = nx.barbell_graph(3, 0)
    >>> nx.set_node_attributes(graph, dict(enumerate("LLLRRR")), "department")
    >>> table = suggested_links(graph, by="department", links=1)
    >>> print(table.round(1).to_string(index=False))
    group_a group_b  links  most  regular_ties  gain
          L       R      1     1             1  61.9
    """
    if objective not in _OBJECTIVES:
        raise UsageError(
            f"objective is {objective!r}, expected one of {', '.join(_OBJECTIVES)}."
            f"{did_you_mean(str(objective), _OBJECTIVES)}"
        )
    if links < 1:
        raise UsageError(f"links is {links}, expected at least 1")
    network = as_network(network, by=by)
    mixed = mixing(network, by)
    if mixed.reason:
        table = _by_people(network, mixed.groups.names, []) if people else _by_groups([], None, ())
        table.attrs["reason"] = mixed.reason
        return table
    scorer = Scorer(network, mixed, requirements)
    tie = _usual_strength(network, objective)
    chooser = _Chooser(network, by, scorer)
    if objective == "index":
        found = _by_index(chooser, IndexGains(scorer, tie), links)
    else:
        members = np.flatnonzero(mixed.groups.codes >= 0)
        if len(members) > MOST_PEOPLE:
            raise UsageError(
                f"there are {len(members)} people, expected {MOST_PEOPLE} at most for the "
                f"objective {objective!r}; 'index' has no such limit"
            )
        found = _by_ways(chooser, _path_gains(chooser, members, objective, tie), links, members)
    names = mixed.groups.names
    table = _by_people(network, names, found) if people else _by_groups(found, scorer, names)
    table.attrs.update(objective=objective, strength=tie)
    return table


class _Chooser:
    """Who is still free for a contact between two groups, in the order of preference."""

    def __init__(self, network: Network, by: str, scorer: Scorer) -> None:
        self.network = network
        self.scorer = scorer
        self.codes = network.groups(by).codes
        self.free = people_with_capacity(network, by=by).to_numpy(dtype=bool, copy=True)
        self.contact = sparse.csr_array(network.symmetric_strength > 0, dtype=np.float64)
        known = np.flatnonzero(self.codes >= 0)
        membership = sparse.csr_array(
            (np.ones(len(known)), (known, self.codes[known])),
            shape=(len(self.codes), len(scorer.sizes)),
        )
        self.regular_with = (network.regular_ties @ membership).tocsc()
        self.load = contact_load(network)
        self.colleagues = colleagues_in_touch(network, by)
        by_id = np.empty(len(self.codes), dtype=np.int64)
        by_id[np.argsort(network.index.to_numpy(dtype=object))] = np.arange(len(by_id))
        self.by_id = by_id

    def people(self, g: int, h: int) -> IntArray:
        """Return the free people of g without regular contact in h: least load first, then id."""
        busy = np.zeros(len(self.codes), dtype=bool)
        column = slice(self.regular_with.indptr[h], self.regular_with.indptr[h + 1])
        busy[self.regular_with.indices[column]] = True
        found = np.flatnonzero((self.codes == g) & self.free & ~busy)
        return found[np.lexsort((self.by_id[found], self.load[found]))]

    def embedded(self, g: int, h: int) -> IntArray:
        """Return the few of them who are in touch with most of their colleagues."""
        found = self.people(g, h)
        return found[np.argsort(-self.colleagues[found], kind="stable")][:_PEOPLE_TRIED]

    def best_links(self, g: int, h: int, count: int) -> list[tuple[int, int]]:
        """Return links of those with most contacts in common, else least busy; nobody twice."""
        left, right = self.people(g, h), self.people(h, g)
        common = (self.contact[left] @ self.contact[:, right]).toarray()
        links = []
        for _ in range(min(count, *common.shape)):
            u, v = np.unravel_index(int(common.argmax()), common.shape)
            links.append((int(left[u]), int(right[v])))
            common[u, :] = common[:, v] = -1.0
        return links


def _by_index(chooser: _Chooser, gains: IndexGains, links: int) -> list[_Link]:
    """Add to the pair of groups that gains most a link, one to several links at a time.

    Where two groups are in touch through a third, the first links of their own add nothing yet.
    """
    found: list[_Link] = []
    asked = chooser.scorer.weights > 0
    while len(found) < links:
        counts = range(1, min(MOST_TIES, links - len(found)) + 1)
        each = np.stack([gains.gains(count) / count for count in counts])
        each = np.where(asked, each, 0.0).round(12)
        place, g, h = (int(at) for at in np.unravel_index(int(each.argmax()), each.shape))
        if each[place, g, h] <= _NO_GAIN:
            break
        chosen = chooser.best_links(g, h, counts[place])
        if len(chosen) < counts[place]:
            # Not enough people for so many; fewer may do less, and are looked at again.
            asked[g, h] = bool(chosen) and gains.gains(len(chosen))[g, h] > _NO_GAIN
        for link in chosen if asked[g, h] else ():
            chooser.free[list(link)] = False
            found.append((g, h, *link, float(gains.gains()[g, h])))
            gains.add(g, h)
    return found


def _by_ways(chooser: _Chooser, gains: PathGains, links: int, members: IntArray) -> list[_Link]:
    """Choose with lazy evaluation: a gain is worked out anew when it comes to the top."""
    position = np.full(len(chooser.codes), -1)
    position[members] = np.arange(len(members))
    queue: list[tuple[float, int, int, float, tuple[int, int, int, int]]] = []

    def put(place: int, link: tuple[int, int, int, int], made: int) -> None:
        gain = gains.gain(int(position[link[2]]), int(position[link[3]]))
        # What differs by rounding alone stays in the order in which it was tried.
        heapq.heappush(queue, (-float(f"{gain:.6g}"), place, made, gain, link))

    for place, link in enumerate(_tried(chooser)):
        put(place, link, 0)
    found: list[_Link] = []
    while queue and len(found) < links:
        _, place, made, gain, link = heapq.heappop(queue)
        if gain <= _NO_GAIN:
            break
        u, v = link[2:]
        if not (chooser.free[u] and chooser.free[v]):
            continue
        if made < len(found):
            put(place, link, len(found))
            continue
        chooser.free[[u, v]] = False
        found.append((*link, gain))
        gains.add(int(position[u]), int(position[v]))
    return found


def _tried(chooser: _Chooser) -> Iterator[tuple[int, int, int, int]]:
    """Yield links between embedded people of the pairs of groups that lack most contact."""
    scorer = chooser.scorer
    ties, _ = scorer.ties_and_factors(scorer.window()[2])
    lacking = scorer.weights * (1 - scorer.covered(ties)[0])
    # Where all have what they should, the pairs that count most.
    a, b = np.nonzero(scorer.weights)
    order = np.lexsort((b, a, -scorer.weights[a, b], -lacking[a, b].round(12)))[:_PAIRS_TRIED]
    for g, h in zip(a[order].tolist(), b[order].tolist(), strict=True):
        for u in chooser.embedded(g, h).tolist():
            for v in chooser.embedded(h, g).tolist():
                yield g, h, u, v


def _path_gains(
    chooser: _Chooser, members: IntArray, objective: Objective, tie: float
) -> PathGains:
    network = chooser.network
    if objective == "efficiency":
        regular = network.regular_ties[members][:, members]
        return EfficiencyGains(regular, chooser.codes[members])
    return ResistanceGains(network.symmetric_strength[members][:, members], tie)


def _usual_strength(network: Network, objective: Objective) -> float:
    """Median strength of a regular tie, in the unit that the objective adds up."""
    pairs = network.pairs
    strength: FloatArray = pairs.strength
    if objective == "index" and pairs.weekly is not None:
        strength = np.asarray(pairs.weekly.sum(axis=1), dtype=float)
    regular = strength[pairs.regular]
    return float(np.median(regular if len(regular) else strength))


def _by_groups(found: list[_Link], scorer: Scorer | None, names: tuple[str, ...]) -> pd.DataFrame:
    label = np.array(names, dtype=object)
    chosen = pd.DataFrame(found, columns=["g", "h", "u", "v", "gain"])
    table = chosen.groupby(["g", "h"], sort=True).agg(links=("u", "size"), gain=("gain", "sum"))
    g, h = (table.index.get_level_values(level).to_numpy(dtype=np.int64) for level in ("g", "h"))
    ties = needed = np.zeros(0, dtype=np.int64)
    if scorer is not None:
        counts, factors = scorer.ties_and_factors(scorer.window()[2])
        ties = counts[0][g, h]
        needed = scorer.targets[g, h] - np.minimum(ties, factors[0][g, h])
    amounts = table["links"].to_numpy(dtype=np.int64)
    result = pd.DataFrame(
        {
            "group_a": pd.Series(label[g], dtype="str"),
            "group_b": pd.Series(label[h], dtype="str"),
            "links": amounts,
            "most": np.maximum(amounts, needed),
            "regular_ties": ties,
            "gain": table["gain"].to_numpy(dtype=float),
        }
    )
    order = np.argsort(-result["gain"].to_numpy().round(12), kind="stable")
    return result.iloc[order].reset_index(drop=True)


def _by_people(network: Network, names: tuple[str, ...], found: list[_Link]) -> pd.DataFrame:
    label, ids = np.array(names, dtype=object), network.index.to_numpy(dtype=object)
    g, h, u, v = (np.array([link[place] for link in found], dtype=np.int64) for place in range(4))
    contact = sparse.csr_array(network.symmetric_strength > 0, dtype=np.float64)
    common = contact[u].multiply(contact[v]).sum(axis=1) if len(u) else np.zeros(0)
    return pd.DataFrame(
        {
            "group_a": pd.Series(label[g], dtype="str"),
            "group_b": pd.Series(label[h], dtype="str"),
            "person_a": pd.Series(ids[u], dtype="str"),
            "person_b": pd.Series(ids[v], dtype="str"),
            "common_contacts": np.asarray(common).ravel().astype(np.int64),
            "gain": np.array([link[4] for link in found], dtype=float),
        }
    )
