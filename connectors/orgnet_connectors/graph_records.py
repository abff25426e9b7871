"""From the nodes and ties of any graph file to profiles and interactions."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple, Protocol

import pyarrow as pa
from msgspec import Struct

from orgnet.errors import InputError, UnreadableFileError
from orgnet.schema import InteractionWriter, Ledger, ReadOptions, Source
from orgnet_connectors.graph_nodes import NodeNames
from orgnet_connectors.graph_tie_attributes import Direction, TieAttributes
from orgnet_connectors.list_cells import is_missing, read_number
from orgnet_connectors.list_reading import WRONG
from orgnet_connectors.safe_xml import DamagedXmlError
from orgnet_connectors.text_lines import DAMAGED

#: Channel of graph files, which name none: most networks in them come from a survey.
DEFAULT_CHANNEL = "survey"

#: So many relations of one file are told apart.
MOST_RELATIONS = 1000
_RELATIONS_LISTED = 20
_LONGEST_RELATION = 40

#: What a tie that is left out states as its strength, and what to do about it.
_WHY_SKIPPED = {
    "no_value": ("a strength that is stated as missing", "fill it in, or leave out the tie"),
    "bad_value": ("a strength that is no number from 0 up", "write strengths as 1 or 1.5"),
    "zero": ("a strength of 0, which is no tie", "none needed"),
    "below_tie_from": ("a strength below --tie-from", "none needed"),
    "no_sender": ("no node that the tie comes from", "add the node, or remove the tie"),
    "no_recipient": ("no node that the tie goes to", "add the node, or remove the tie"),
}


class DamagedGraphError(UnreadableFileError):
    """The file ends early or breaks off; what stood before has been handed on."""


class Node(NamedTuple):
    """One node as a file states it.

    Parameters
    ----------
    id
        What ties call it.
    label
        What people call it; empty where nothing is stated.
    attributes
        What else is said about it, by the heading in the file.
    kind
        As in `Profile`: ``room`` for the events of a two-mode network, ``shared`` for a node
        that only holds others.
    """

    id: str
    label: str = ""
    attributes: Mapping[str, str] = {}
    kind: str = "person"


class Tie(NamedTuple):
    """One tie as a file states it.

    Parameters
    ----------
    place
        Where it stands, for messages: ``line 12``.
    source, target
        Ids of nodes.
    strength
        As it is written; None where nothing is stated, which is 1.
    direction
        ``mutual`` is one tie in both directions.
    relation
        Name of the network that it belongs to, where a file holds several.
    """

    place: str
    source: str
    target: str
    strength: str | None = None
    direction: Direction = "directed"
    relation: str = ""


class Flaw(NamedTuple):
    """What stands in the place of a tie and cannot be read as one."""

    reason: str
    place: str
    found: str
    remedy: str


class GraphFile(Protocol):
    """One graph file, opened by the reader of its format; gone through once for each method.

    Attributes
    ----------
    tie_attributes
        What the attributes of ties were read as.
    notes
        What two readings were possible of; complete after both passes.
    """

    tie_attributes: TieAttributes
    notes: set[str]

    def nodes(self) -> Iterator[Node]:
        """Yield every node; damage raises after what stood before it."""
        ...

    def ties(self) -> Iterator[Tie | Flaw]:
        """Yield every tie; called after `nodes`."""
        ...


def read_graph(
    graph: GraphFile, source: Source, options: ReadOptions, ledger: Ledger, *, connector: str
) -> Iterator[pa.RecordBatch]:
    """Yield one interaction of kind ``total`` a tie, two for a mutual one.

    Nodes become profiles, those without a tie as well. They are in memory, ties are not. Ties
    are skipped as ``no_sender``, ``no_recipient``, ``no_value``, ``bad_value`` (no number,
    negative or not finite), ``zero`` and ``below_tie_from``, or with the reason of a `Flaw`.

    Parameters
    ----------
    graph
        The file, opened.
    source, options, ledger
        As for `Connector.read`.
    connector
        Name of the connector.

    Raises
    ------
    UnreadableFileError
        If there is neither node nor tie, or the file is damaged before the first tie.
    InputError
        If every tie is wrong.
    """
    names = NodeNames()
    with suppress(DamagedXmlError, DamagedGraphError, *DAMAGED):
        for node in graph.nodes():
            names.add(node.id, node.label, node.attributes, node.kind)
    names.settle(ledger)
    converter = _Ties(names, ledger, options.tie_from)
    writer = InteractionWriter(ledger, channel=options.channel or DEFAULT_CHANNEL, source=connector)
    key = _file_key(source)
    ties = graph.ties()
    while True:
        try:
            tie = next(ties)
        except StopIteration:
            break
        except (DamagedXmlError, DamagedGraphError) as error:
            if not ledger.read:
                raise
            ledger.truncated = f"{error.place}: {error.problem}" if error.place else error.problem
            break
        except DAMAGED as error:
            if not ledger.read:
                raise UnreadableFileError(
                    "the compressed file is damaged",
                    file=source.name,
                    remedy="copy or export it again",
                ) from error
            ledger.truncated = "the compressed file ends early or is damaged"
            break
        record = converter(tie)
        if record is None:
            continue
        message = f"{key}:tie:{ledger.kept}"
        for sender, recipient in record.ends:
            writer.add(
                None,
                sender,
                recipient,
                "total",
                1,
                message,
                thread=record.thread,
                value=record.value,
            )
        yield from writer.full()
    yield from writer.flush()
    ledger.columns.update(graph.tie_attributes.columns)
    ledger.dropped_unread.update(graph.tie_attributes.dropped - ledger.columns.keys())
    _refuse_if_nothing(source, ledger)
    if options.channel is None:
        ledger.ambiguous.append(
            f"the file names no channel; read as {DEFAULT_CHANNEL!r} (--channel)"
        )
    ledger.ambiguous.extend(sorted(graph.notes))
    ledger.ambiguous.extend(converter.notes())


def _file_key(source: Source) -> str:
    """Begin the message keys of a file; the same in a copy of it.

    The whole file counts: two networks of the same people begin with the same nodes.
    """
    with source.path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


class _Record(Struct, frozen=True):
    ends: tuple[tuple[str, str], ...]
    value: float
    thread: str | None


class _Ties:
    """Turns ties into records, and counts those that are none."""

    def __init__(self, names: NodeNames, ledger: Ledger, tie_from: float | None) -> None:
        self._names = names
        self._ledger = ledger
        self._tie_from = tie_from
        self._relations: dict[str, list[int]] = {}
        self._undirected = 0

    def __call__(self, tie: Tie | Flaw) -> _Record | None:
        """Count a tie as kept and return its record, or skip it."""
        if isinstance(tie, Flaw):
            self._ledger.skip(tie.reason, place=tie.place, found=tie.found, remedy=tie.remedy)
            return None
        value = _strength(tie.strength)
        if isinstance(value, float) and self._tie_from is not None and value < self._tie_from:
            value = "below_tie_from"
        sender = self._names.identity(tie.source)
        recipient = self._names.identity(tie.target)
        wrong = "no_sender" if not sender else "no_recipient" if not recipient else None
        if wrong is not None or isinstance(value, str):
            reason = wrong or str(value)
            found, remedy = _WHY_SKIPPED[reason]
            self._ledger.skip(reason, place=tie.place, found=found, remedy=remedy)
            return None
        self._ledger.keep()
        self._undirected += tie.direction == "undirected"
        ends: tuple[tuple[str, str], ...] = ((sender, recipient),)
        if tie.direction == "mutual" and sender != recipient:
            ends = ((sender, recipient), (recipient, sender))
        return _Record(ends, value, self._thread(tie.relation))

    def notes(self) -> Iterator[str]:
        """Say what was read in one of two possible ways."""
        if self._undirected:
            yield f"{self._undirected:,} undirected ties are read as one tie each"
        if len(self._relations) > 1:
            listed = ", ".join(
                f"relation:{number} {name[:_LONGEST_RELATION]!r} ({count:,} ties)"
                for name, (number, count) in list(self._relations.items())[:_RELATIONS_LISTED]
            )
            yield (
                f"{len(self._relations)} relations, all read as one network, each with a "
                f"'thread' of its own: {listed}"
            )

    def _thread(self, relation: str) -> str | None:
        if not relation:
            return None
        known = self._relations.get(relation)
        if known is None:
            if len(self._relations) >= MOST_RELATIONS:
                return None
            known = self._relations[relation] = [len(self._relations) + 1, 0]
        known[1] += 1
        return f"relation:{known[0]}"


def _strength(text: str | None) -> float | str:
    """Read a strength; the reason to skip the tie where it states none."""
    if text is None or not text.strip():
        return 1.0
    value = read_number(text)
    if is_missing(text):
        return "no_value"
    if value is None or not math.isfinite(value) or value < 0:
        return "bad_value"
    return value or "zero"


def _refuse_if_nothing(source: Source, ledger: Ledger) -> None:
    if ledger.kept:
        return
    if not ledger.read and not ledger.profiles:
        raise UnreadableFileError(
            "the graph has no node and no tie", file=source.name, remedy="export it again"
        )
    if ledger.skipped and WRONG.issuperset(ledger.skipped):
        reason = max(ledger.skipped, key=lambda name: ledger.skipped[name])
        example = ledger.problems[reason][0]
        raise InputError(
            f"none of the {ledger.read:,} ties can be read; here: {example.found}",
            file=source.name,
            place=example.place,
            remedy=example.remedy,
        )
