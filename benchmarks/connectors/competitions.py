"""What is read, and by whom: one competition a kind of export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.connectors.generated_logs import (
    Size,
    write_edges,
    write_interactions,
    write_recipient_trace,
    write_summary_trace,
)
from benchmarks.connectors.generated_messages import write_mbox, write_slack


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Another reader.

    Parameters
    ----------
    title
        What it does, for the table.
    script
        Its name in `benchmarks.peers`.
    environment
        Where it is installed; None for ours.
    arguments
        What the script is given after the file.
    """

    title: str
    script: str
    environment: str | None = None
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Competition:
    """One kind of export and its readers.

    Parameters
    ----------
    name
        For the option ``--only``.
    title
        For the table.
    file
        Name of the generated file; some readers go by the ending.
    write
        Generates it: a path, how many messages, the seed.
    messages
        How many by default, in thousands.
    peers
        Who else reads it.
    """

    name: str
    title: str
    file: str
    write: Callable[..., Size]
    messages: int
    peers: tuple[Peer, ...]


_TABLES = (
    Peer(title="DuckDB read_csv, into an Arrow table", script="table_duckdb"),
    Peer(title="DuckDB read_csv, lengths summed up", script="table_duckdb", arguments=("scan",)),
    Peer(title="polars read_csv", script="table_polars", environment="polars"),
    Peer(title="pandas read_csv", script="table_pandas"),
)

COMPETITIONS = (
    Competition(
        name="mbox",
        title="mbox",
        file="archive.mbox",
        write=write_mbox,
        messages=30,
        peers=(
            Peer(title="mailbox and email", script="mbox_stdlib"),
            Peer(title="Perceval", script="mbox_perceval", environment="perceval"),
        ),
    ),
    Competition(
        name="slack",
        title="Slack zip",
        file="slack.zip",
        write=write_slack,
        messages=300,
        peers=(
            Peer(title="zipfile and msgspec, to dictionaries", script="slack_dicts"),
            Peer(title="the floor: isal and msgspec, to the fields", script="slack_msgspec"),
            Peer(title="zipfile and json", script="slack_json"),
            Peer(
                title="Perceval's parser and metadata (it reads no exports)",
                script="slack_perceval",
                environment="perceval",
            ),
        ),
    ),
    Competition(
        name="summary_trace",
        title="message trace, a row a message",
        file="trace.csv",
        write=write_summary_trace,
        messages=1_000,
        peers=_TABLES,
    ),
    Competition(
        name="recipient_trace",
        title="message trace, a row a recipient",
        file="trace.csv",
        write=write_recipient_trace,
        messages=1_000,
        peers=_TABLES,
    ),
    Competition(
        name="interactions",
        title="list of interactions",
        file="messages.csv",
        write=write_interactions,
        messages=1_000,
        peers=_TABLES[:1],
    ),
    Competition(
        name="edges",
        title="edge list",
        file="ties.csv",
        write=write_edges,
        messages=1_000,
        peers=_TABLES[:1],
    ),
)
