"""What the tests of graph files share: writing a file, reading it, looking at the ties."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from orgnet.schema import Connector, Ledger, ReadOptions, Source

Row = dict[str, Any]


def read_path(
    connector: Connector, path: Path, channel: str | None = None
) -> tuple[list[Row], Ledger]:
    ledger = Ledger()
    batches = connector.read(Source(path), ReadOptions(channel=channel), ledger)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert ledger.interactions == len(rows)
    return rows, ledger


def read_text(
    connector: Connector, tmp_path: Path, text: str, encoding: str = "utf-8"
) -> tuple[list[Row], Ledger]:
    path = tmp_path / "graph.txt"
    path.write_bytes(text.encode(encoding))
    assert connector.recognise(Source(path)) is not None
    return read_path(connector, path)


def ties(rows: Sequence[Row]) -> list[tuple[str, str, float]]:
    return [(row["sender"], row["recipient"], row["value"]) for row in rows]


def pairs(rows: Sequence[Row]) -> list[tuple[str, str]]:
    return [(row["sender"], row["recipient"]) for row in rows]
