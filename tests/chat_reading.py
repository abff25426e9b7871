"""Reading a chat export in a test, with what must hold for each of them."""

from pathlib import Path
from typing import Any

from orgnet.schema import INTERACTIONS, Connector, Ledger, ReadOptions, Source

Rows = list[dict[str, Any]]


def read_chat(
    connector: Connector, path: Path, options: ReadOptions | None = None
) -> tuple[Rows, Ledger]:
    """Read an export, and check that the counts add up and no record stands twice."""
    ledger = Ledger()
    batches = list(connector.read(Source(path), options or ReadOptions(), ledger))
    assert all(batch.schema == INTERACTIONS for batch in batches)
    rows = [row for batch in batches for row in batch.to_pylist()]
    check_counts(rows, ledger)
    assert set(connector.dropped_unread) <= ledger.dropped_unread
    return rows, ledger


def check_counts(rows: Rows, ledger: Ledger) -> None:
    """Check what holds for every file whatsoever."""
    assert ledger.read == ledger.kept + ledger.skipped.total()
    assert ledger.interactions == len(rows)
    messages = {row["message"] for row in rows if row["kind"] != "reaction"}
    assert len(messages) == ledger.kept
    assert all(row["sender"] and row["recipient"] and row["recipients"] >= 1 for row in rows)
    assert all(row["sent_at"] is not None for row in rows)
    keys = [(row["message"], row["sender"], row["recipient"], row["kind"]) for row in rows]
    assert len(keys) == len(set(keys))


def ties(rows: Rows) -> list[tuple[str, str, str]]:
    """Return sender, recipient and kind of each record, ids without the source's prefix."""
    return [
        (
            row["sender"].partition(":")[2] or row["sender"],
            row["recipient"].partition(":")[2] or row["recipient"],
            row["kind"],
        )
        for row in rows
    ]
