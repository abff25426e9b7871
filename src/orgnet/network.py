"""The network: people, the pairs that are in contact, and in which weeks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from orgnet.errors import InputError, MissingColumnError, UnknownColumnError, UsageError
from orgnet.pairs import (
    BoolArray,
    FloatArray,
    IntArray,
    Pairs,
    Strength,
    dated_pairs,
    undated_pairs,
    week_numbers,
)
from orgnet.rules import TieRules, monday

if TYPE_CHECKING:
    import igraph as ig
    import networkx as nx

#: Columns of the people that sort nobody into groups.
_NO_GROUPING = frozenset({"observed", "insufficient", "emails", "aliases", "memberships"})

#: What a table says in the column ``opt_out`` of people who did not opt out.
_NOT_OPTED_OUT = frozenset({"", "no", "n", "false", "0", "0.0"})

#: Departments that stand for "nobody knows".
_UNKNOWN = frozenset({"", "unknown", "nan", "none", "n/a", "na"})


@dataclass(frozen=True)
class Groups:
    """The people sorted into the values of one column.

    Attributes
    ----------
    by
        The column.
    names
        The groups, sorted by name.
    codes
        For each person the position of the group in `names`; -1 for people whose group is not
        known and for people who were not observed.
    sizes
        Observed people in each group.
    unknown
        Observed people whose group is not known.
    """

    by: str
    names: tuple[str, ...]
    codes: IntArray
    sizes: IntArray
    unknown: int

    @property
    def index(self) -> pd.Index[str]:
        """The groups as a pandas index called ``group``."""
        return pd.Index(list(self.names), name="group", dtype="str")


@dataclass(frozen=True, eq=False, repr=False)
class Network:
    """People and the ties between them.

    Made by `Network.from_ties`, `orgnet.build_network` or from a networkx or igraph graph by
    `as_network`. Nothing in it changes after it is made.

    Attributes
    ----------
    people
        One row a person, indexed by ``person``, in the roster's order. Columns of the roster, and
        ``observed`` (something was sent, received or answered) and ``insufficient`` (active in
        too few weeks to say much).
    pairs
        The ties.
    directed
        Whether the direction of a tie is known.
    weeks
        The week numbers of the window, holiday weeks left out; None without dates.
    rules
        The rules that made the ties.
    strength
        What `pairs.strength` counts.
    dropped
        Rows of the ties that are not in the network, by reason.
    holiday_weeks
        Weeks left out because hardly anybody was active.

    Examples
    --------
    >>> people = pd.DataFrame({"person": ["a", "b", "c"], "department": ["X", "X", "Y"]})
    >>> ties = pd.DataFrame({"sender": ["a", "b"], "recipient": ["b", "c"]})
    >>> network = Network.from_ties(ties, people)
    >>> network.n, len(network.pairs)
    (3, 2)
    """

    people: pd.DataFrame
    pairs: Pairs
    directed: bool = True
    weeks: tuple[int, ...] | None = None
    rules: TieRules = field(default_factory=TieRules)
    strength: Strength = "active_weeks"
    dropped: Mapping[str, int] = field(default_factory=dict)
    holiday_weeks: tuple[int, ...] = ()

    def __repr__(self) -> str:
        """Name sizes only: a notebook must not print people."""
        weeks = "no weeks" if self.weeks is None else f"{len(self.weeks)} weeks"
        return f"<Network: {self.n} people observed, {len(self.pairs)} pairs in contact, {weeks}>"

    # ------------------------------------------------------------------ making

    @classmethod
    def from_ties(
        cls,
        ties: pd.DataFrame,
        people: pd.DataFrame,
        *,
        directed: bool = True,
        rules: TieRules | None = None,
        strength: Strength = "active_weeks",
        holiday_weeks: tuple[int, ...] = (),
    ) -> Network:
        """Make a network from a table of ties and a table of people.

        Parameters
        ----------
        ties
            ``sender``, ``recipient`` (ids, or pandas' categories of them, which are faster),
            optional ``strength`` (default 1), ``week`` (a date; any day of the week),
            ``interactions`` (a row with 0 makes no week active). Other columns are ignored.
            Without ``week`` every tie is a regular one and S is the strength as given; parallel
            rows are summed.
        people
            ``person`` (a column or the index) and what measures may group by, such as
            ``department``. A column ``observed`` that is False takes a person without ties out of
            every denominator. A column ``kind`` keeps only the rows that say ``person``, a column
            ``opt_out`` only those that do not say yes.
        directed
            False where a row stands for contact both ways: S is then the strength, once.
        rules
            Window and threshold of regular ties.
        strength
            With weeks: ``active_weeks`` (default), ``volume`` or ``decayed``.
        holiday_weeks
            Week numbers to leave out.

        Raises
        ------
        MissingColumnError
            If ``sender``, ``recipient`` or ``person`` is not there.
        InputError
            If a strength is negative, infinite or not a number, or a person stands twice or has
            no id.

        Notes
        -----
        Self-ties and ties with people who are not in `people` are left out and counted in
        `dropped`.
        """
        rules = rules or TieRules()
        roster = _clean_people(people)
        for column in ("sender", "recipient"):
            if column not in ties.columns:
                raise MissingColumnError(
                    f"no column {column!r}; the ties have {list(ties.columns)}",
                    remedy="name the two ends of a tie 'sender' and 'recipient'",
                )
        sender = _positions(roster.index, ties["sender"])
        recipient = _positions(roster.index, ties["recipient"])
        values = _strengths(ties)
        known = (sender >= 0) & (recipient >= 0)
        self_tie = known & (sender == recipient)
        zero = known & ~self_tie & (values == 0)
        keep = known & ~self_tie & ~zero
        dropped = {
            reason: int(count)
            for reason, count in (
                ("not_in_roster", (~known).sum()),
                ("self", self_tie.sum()),
                ("zero", zero.sum()),
            )
            if count
        }
        dated = "week" in ties.columns and bool(ties["week"].notna().any())
        if not dated:
            pairs = undated_pairs(sender[keep], recipient[keep], values[keep], directed)
            return cls(
                people=_observe(roster, pairs, insufficient=None),
                pairs=pairs,
                directed=directed,
                rules=rules,
                dropped=dropped,
            )
        if "interactions" in ties.columns:
            reaction_only = keep & (ties["interactions"].to_numpy() == 0)
            if reaction_only.any():
                dropped["reaction_only"] = int(reaction_only.sum())
            keep &= ~reaction_only
        weeks, has_week = week_numbers(ties["week"])
        undated = keep & ~has_week
        if undated.any():
            dropped["no_date"] = int(undated.sum())
            keep &= ~undated
        if not keep.any():
            window: tuple[int, ...] = ()
        else:
            first, last = rules.window(int(weeks[keep].min()), int(weeks[keep].max()))
            holidays = set(holiday_weeks)
            window = tuple(w for w in range(first, last + 1) if w not in holidays)
            inside = _is_one_of(weeks, first, last, holidays)
            if (keep & ~inside).any():
                dropped["outside_window"] = int((keep & ~inside).sum())
            keep &= inside
        if not keep.all():
            sender, recipient, weeks = sender[keep], recipient[keep], weeks[keep]
            values = values[keep]
        pairs, active = dated_pairs(
            sender,
            recipient,
            weeks,
            values,
            n=len(roster),
            window=window,
            directed=directed,
            rules=rules,
            strength=strength,
        )
        return cls(
            people=_observe(roster, pairs, insufficient=active < rules.minimum_active_weeks),
            pairs=pairs,
            directed=directed,
            weeks=window,
            rules=rules,
            strength=strength,
            dropped=dropped,
            holiday_weeks=tuple(sorted(holiday_weeks)),
        )

    # ------------------------------------------------------------------ people

    @property
    def n(self) -> int:
        """Observed people."""
        return int(self.observed.sum())

    @property
    def index(self) -> pd.Index[str]:
        """All people, observed or not, in the roster's order."""
        return self.people.index

    @cached_property
    def observed(self) -> BoolArray:
        """For each person whether anything was seen of them."""
        return self.people["observed"].to_numpy(dtype=bool)

    @property
    def people_coverage(self) -> float:
        """Observed people as a share of the roster; NaN without people."""
        return self.n / len(self.people) if len(self.people) else float("nan")

    @property
    def no_weeks(self) -> bool:
        """True where the ties have no dates."""
        return self.weeks is None

    def groups(self, by: str) -> Groups:
        """Sort the people by a column of `people`.

        Raises
        ------
        UnknownColumnError
            If there is no such column, or one of lists; the message names those there are.
        """
        # Every group measure asks for them; a network does not change, so that once is enough.
        if by not in self._groups_by_column:
            self._groups_by_column[by] = self._sort_by(by)
        return self._groups_by_column[by]

    @cached_property
    def _groups_by_column(self) -> dict[str, Groups]:
        return {}

    def _sort_by(self, by: str) -> Groups:
        usable_columns = [c for c in self.people.columns if c not in _NO_GROUPING]
        if by not in usable_columns:
            raise UnknownColumnError(by, usable_columns)
        raw = self.people[by]
        text = pd.Series(as_ids(raw), index=raw.index, dtype="object")
        unknown = raw.isna().to_numpy() | text.str.strip().str.lower().isin(_UNKNOWN).to_numpy()
        usable = self.observed & ~unknown
        names = tuple(sorted(set(text[usable])))
        codes = pd.Index(list(names), dtype="object").get_indexer(pd.Index(text))
        codes = np.where(usable, codes, -1).astype(np.int64)
        sizes = np.bincount(codes[codes >= 0], minlength=len(names)).astype(np.int64)
        for shared in (codes, sizes):
            shared.setflags(write=False)
        return Groups(
            by=by,
            names=names,
            codes=codes,
            sizes=sizes,
            unknown=int((self.observed & unknown).sum()),
        )

    def between(self, groups: Groups) -> tuple[IntArray, IntArray, BoolArray]:
        """Return for each pair the groups of its two people, and whether both are known."""
        a = groups.codes[self.pairs.first]
        b = groups.codes[self.pairs.second]
        return a, b, (a >= 0) & (b >= 0)

    # ------------------------------------------------------------------ matrices

    @cached_property
    def directed_strength(self) -> sparse.csr_array:
        """W, people × people: strength from row to column. Symmetric where undirected."""
        p = self.pairs
        n = len(self.people)
        if not self.directed:
            return self.symmetric_strength
        rows = np.concatenate([p.first, p.second])
        cols = np.concatenate([p.second, p.first])
        values = np.concatenate([p.forward, p.backward])
        some = values > 0
        return sparse.csr_array((values[some], (rows[some], cols[some])), shape=(n, n))

    @cached_property
    def symmetric_strength(self) -> sparse.csr_array:
        """S = W + Wᵀ, people × people."""
        return self._symmetric(self.pairs.strength, slice(None))

    @cached_property
    def regular_ties(self) -> sparse.csr_array:
        """R, people × people: 1 where the tie is regular."""
        regular = self.pairs.regular
        return self._symmetric(np.ones(int(regular.sum())), regular)

    def _symmetric(self, values: FloatArray, which: Any) -> sparse.csr_array:
        first, second = self.pairs.first[which], self.pairs.second[which]
        n = len(self.people)
        return sparse.csr_array(
            (
                np.concatenate([values, values]),
                (np.concatenate([first, second]), np.concatenate([second, first])),
            ),
            shape=(n, n),
        )

    def subset(self, keep: BoolArray) -> Network:
        """Return the network of some people only, with the ties among them.

        Parameters
        ----------
        keep
            For each person whether to keep them.
        """
        position = np.cumsum(keep) - 1
        p = self.pairs
        inside = keep[p.first] & keep[p.second]
        pairs = Pairs(
            first=position[p.first[inside]],
            second=position[p.second[inside]],
            forward=p.forward[inside],
            backward=p.backward[inside],
            strength=p.strength[inside],
            active_weeks=p.active_weeks[inside],
            regular=p.regular[inside],
            weekly=None if p.weekly is None else p.weekly[np.flatnonzero(inside)],
        )
        return replace(self, people=self.people[keep], pairs=pairs)

    # ------------------------------------------------------------------ hand over

    def to_pandas(self) -> pd.DataFrame:
        """Return the ties as a table: ``sender``, ``recipient``, ``strength``, ``regular``.

        One row a direction; one row a pair where undirected.
        """
        p = self.pairs
        ids = self.index.to_numpy()
        if not self.directed:
            return pd.DataFrame(
                {
                    "sender": ids[p.first],
                    "recipient": ids[p.second],
                    "strength": p.strength,
                    "regular": p.regular,
                }
            )
        frame = pd.DataFrame(
            {
                "sender": np.concatenate([ids[p.first], ids[p.second]]),
                "recipient": np.concatenate([ids[p.second], ids[p.first]]),
                "strength": np.concatenate([p.forward, p.backward]),
                "regular": np.concatenate([p.regular, p.regular]),
            }
        )
        frame = frame[frame["strength"] > 0]
        return frame.sort_values(["sender", "recipient"], kind="stable", ignore_index=True)

    def to_networkx(self) -> nx.DiGraph[str] | nx.Graph[str]:
        """Return a networkx graph: people's columns as node attributes, ``strength`` on the edges.

        `strength` is larger for closer people: never pass it to networkx as a distance.
        """
        import networkx as nx

        graph: nx.DiGraph[str] | nx.Graph[str] = nx.DiGraph() if self.directed else nx.Graph()
        for person, row in self._attributes().items():
            graph.add_node(person, **row)
        ties = self.to_pandas()
        columns = (ties[c].tolist() for c in ("sender", "recipient", "strength", "regular"))
        for sender, recipient, strength, regular in zip(*columns, strict=True):
            graph.add_edge(sender, recipient, strength=strength, regular=regular)
        return graph

    def to_igraph(self) -> ig.Graph:
        """Return an igraph graph: vertex ``name`` and people's columns, edge ``strength``."""
        import igraph as ig

        ties = self.to_pandas()
        index = self.index
        graph = ig.Graph(
            n=len(index),
            edges=list(
                zip(
                    index.get_indexer(pd.Index(ties["sender"])).tolist(),
                    index.get_indexer(pd.Index(ties["recipient"])).tolist(),
                    strict=True,
                )
            ),
            directed=self.directed,
        )
        graph.vs["name"] = index.tolist()
        rows = list(self._attributes().values())
        for column in rows[0] if rows else ():
            graph.vs[column] = [row.get(column) for row in rows]
        graph.es["strength"] = ties["strength"].tolist()
        graph.es["regular"] = ties["regular"].tolist()
        return graph

    def _attributes(self) -> dict[str, dict[str, Any]]:
        shown = [c for c in self.people.columns if c not in ("emails", "aliases", "name")]
        frame = self.people[shown].astype("object")
        frame = frame.where(frame.notna(), None)
        records = frame.to_dict(orient="records")
        return dict(zip(self.index.tolist(), cast("list[dict[str, Any]]", records), strict=True))

    def week_dates(self) -> list[str]:
        """Return the Mondays of the window as ISO dates."""
        return [monday(week).isoformat() for week in self.weeks or ()]


Graph = Any
"""What every measure takes: a `Network`, a networkx graph or an igraph graph."""


def as_network(graph: Graph, *, by: str | None = None) -> Network:
    """Return a `Network` for a network, a networkx graph or an igraph graph.

    Edge attribute ``strength``, else ``weight``, else 1 (larger is closer); the vertex attribute
    called `by` becomes a column of the people, and so does ``observed`` if it is there. An
    undirected edge of weight w gives S = w.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("a", "b")])
    >>> as_network(graph).pairs.strength.tolist()
    [1.0]
    """
    if isinstance(graph, Network):
        return graph
    kind = type(graph).__module__.partition(".")[0]
    if kind == "networkx" or hasattr(graph, "is_multigraph"):
        people, ties, directed = _from_networkx(graph, by)
    elif kind == "igraph" or hasattr(graph, "vs"):
        people, ties, directed = _from_igraph(graph, by)
    else:
        raise UsageError(
            f"got a {type(graph).__name__}, expected an orgnet.Network, a networkx.Graph or an "
            "igraph.Graph"
        )
    return Network.from_ties(ties, people, directed=directed)


def _from_networkx(graph: Any, by: str | None) -> tuple[pd.DataFrame, pd.DataFrame, bool]:
    nodes = dict(graph.nodes(data=True))
    attributes = list(dict.fromkeys(name for data in nodes.values() for name in data))
    people = pd.DataFrame({"person": list(map(_as_id, nodes))})
    for column in _vertex_columns(by, attributes, len(nodes)):
        values = [data.get(column) for data in nodes.values()]
        people[column] = pd.Series(values, dtype="object")
    edges = [(_as_id(u), _as_id(v), _edge_strength(data)) for u, v, data in graph.edges(data=True)]
    ties = pd.DataFrame(edges, columns=["sender", "recipient", "strength"])
    return people, ties, bool(graph.is_directed())


def _from_igraph(graph: Any, by: str | None) -> tuple[pd.DataFrame, pd.DataFrame, bool]:
    count, attributes = graph.vcount(), graph.vs.attributes()
    names = list(map(_as_id, graph.vs["name"] if "name" in attributes else range(count)))
    people = pd.DataFrame({"person": names})
    for column in _vertex_columns(by, attributes, count):
        values = graph.vs[column] if count else []
        people[column] = pd.Series(values, dtype="object")
    strength: float | list[float] = 1.0
    for attribute in ("strength", "weight"):
        if attribute in graph.es.attributes():
            strength = [1.0 if v is None else float(v) for v in graph.es[attribute]]
            break
    ends = [(names[a], names[b]) for a, b in graph.get_edgelist()]
    ties = pd.DataFrame(ends, columns=["sender", "recipient"]).assign(strength=strength)
    return people, ties, bool(graph.is_directed())


def _vertex_columns(by: str | None, attributes: list[str], count: int) -> list[str]:
    """Name the vertex attributes that become columns; a graph without vertices has them all."""
    if by is not None and by not in attributes and count:
        raise UnknownColumnError(by, attributes)
    observed = [name for name in ("observed",) if name in attributes and name != by]
    return observed if by is None else [by, *observed]


def _edge_strength(data: Mapping[str, Any]) -> float:
    value = data.get("strength", data.get("weight", 1.0))
    return 1.0 if value is None else float(value)


def as_ids(values: pd.Series[Any]) -> npt.NDArray[np.object_]:
    """Return ids as text: ``12`` and ``12.0`` become ``"12"``, text is stripped, missing is "".

    Examples
    --------
    >>> as_ids(pd.Series([12.0, None])).tolist(), as_ids(pd.Series([" a ", 3])).tolist()
    (['12', ''], ['a', '3'])
    """
    codes, unique = pd.factorize(values.to_numpy(dtype=object), use_na_sentinel=True)
    texts = np.array([_as_id(value) for value in unique] + [""], dtype=object)
    return texts[codes]


def _as_id(value: object) -> str:
    if isinstance(value, (float, np.floating)) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _positions(index: pd.Index[str], ids: pd.Series[Any]) -> npt.NDArray[np.int32]:
    """Return where in the index each id stands, -1 where it does not: ids are read once each."""
    if isinstance(ids.dtype, pd.CategoricalDtype):
        codes, unique = ids.cat.codes.to_numpy(), ids.cat.categories
    else:
        codes, unique = pd.factorize(ids, use_na_sentinel=True)
    texts = pd.Index([_as_id(value) for value in unique], dtype="object")
    # The last one is where the code -1 of a missing id leads.
    found = np.append(index.get_indexer(texts), -1).astype(np.int32)
    return found[codes]


def _is_one_of(weeks: IntArray, first: int, last: int, holidays: set[int]) -> BoolArray:
    inside: BoolArray = (weeks >= first) & (weeks <= last)
    for week in holidays:
        inside &= weeks != week
    return inside


def _clean_people(people: pd.DataFrame) -> pd.DataFrame:
    frame = people
    if "person" not in frame.columns:
        if frame.index.name != "person":
            raise MissingColumnError(
                f"no column 'person'; the people have {list(frame.columns)}",
                remedy="name the column that identifies a person 'person'",
            )
        frame = frame.reset_index()
    keep = np.ones(len(frame), dtype=bool)
    if "kind" in frame.columns:
        keep &= (frame["kind"].isna() | (frame["kind"] == "person")).to_numpy(dtype=bool)
    if "opt_out" in frame.columns:
        keep &= ~opted_out(frame["opt_out"])
    rows = np.flatnonzero(keep) + 1
    frame = frame[keep]
    ids = pd.Index(as_ids(frame["person"]), name="person", dtype="str")
    for wrong, problem, remedy in (
        (ids == "", "a person without an id", "fill in the column 'person'"),
        (ids.duplicated(), "a person stands here for the second time", "keep one row a person"),
    ):
        if wrong.any():
            raise InputError(
                problem, place=f"row {rows[wrong.argmax()]} of the people", remedy=remedy
            )
    return frame.drop(columns="person").set_index(ids)


def opted_out(column: pd.Series[Any]) -> BoolArray:
    """Say who asked to be left out: whatever is neither empty nor a no counts as a yes.

    Examples
    --------
    >>> opted_out(pd.Series([True, False, "x", "no", None])).tolist()
    [True, False, True, False, False]
    """
    answers = pd.Series(as_ids(column), dtype="object").str.lower()
    return ~answers.isin(_NOT_OPTED_OUT).to_numpy(dtype=bool)


def _observe(roster: pd.DataFrame, pairs: Pairs, *, insufficient: BoolArray | None) -> pd.DataFrame:
    n = len(roster)
    tied = np.zeros(n, dtype=bool)
    tied[pairs.first] = True
    tied[pairs.second] = True
    if "observed" in roster.columns:
        # Contact that was seen is an observation, whatever the flag says.
        said = roster["observed"]
        observed = said.where(said.notna(), True).to_numpy(dtype=bool) | tied
    else:
        observed = np.ones(n, dtype=bool)
    few = np.zeros(n, dtype=bool) if insufficient is None else insufficient & observed
    return roster.assign(observed=observed, insufficient=few)


def _strengths(ties: pd.DataFrame) -> FloatArray:
    if "strength" not in ties.columns:
        return np.broadcast_to(1.0, len(ties))
    values = pd.to_numeric(ties["strength"], errors="coerce").to_numpy(dtype=float)
    bad = ~np.isfinite(values) | (values < 0)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise InputError(
            f"strength is {ties['strength'].tolist()[row]!r}, expected a number of 0 or more",
            place=f"row {row + 1} of the ties",
            remedy="correct or remove the row",
        )
    return values
