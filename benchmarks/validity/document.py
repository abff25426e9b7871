"""Writes `docs/validity.md` from the records: every number in it is made by the run."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.tables import versions
from benchmarks.validity.acceptance import acceptance
from benchmarks.validity.calibration import (
    bottleneck_rules,
    calibration,
    confidence_words,
    floors,
    other_faults,
    silo_rules,
)
from benchmarks.validity.error_tables import error_rates, found_faults
from benchmarks.validity.firms import FIRST_SEED
from benchmarks.validity.interval_tables import changes, index_coverage, openness_coverage
from benchmarks.validity.peer_study import PEER_SEED, peer_table
from benchmarks.validity.study import records

TEXT = Path(__file__).with_name("validity.md.txt")


def write_document(path: Path, cache: Path, *, firms: int) -> None:
    """Fill the tables into the text and write it."""
    parts = {
        name: list(records(cache / f"{name}.jsonl"))
        for name in ("firms", "confidence", "intervals", "openness", "changes")
    }
    peers = cache / "peers.json"
    content = json.loads(peers.read_text(encoding="utf-8")) if peers.is_file() else None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(document(parts, content, firms=firms), encoding="utf-8", newline="\n")


def document(
    parts: dict[str, list[dict[str, Any]]], peers: dict[str, Any] | None, *, firms: int
) -> str:
    """Return the whole page."""
    diagnosed = parts["firms"]
    return TEXT.read_text(encoding="utf-8").format(
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        versions=versions(["orgnet-ona", "numpy", "scipy", "pandas", "igraph", "networkx"]),
        firms=firms,
        diagnosed=len(diagnosed),
        first_seed=FIRST_SEED,
        peer_seed=PEER_SEED,
        acceptance=acceptance(parts),
        error_rates=error_rates(diagnosed),
        calibration=calibration(diagnosed),
        found_faults=found_faults(diagnosed),
        silo_rules=silo_rules(diagnosed),
        floors=floors(diagnosed),
        bottleneck_rules=bottleneck_rules(diagnosed),
        index_coverage=index_coverage(parts["intervals"]),
        openness_coverage=openness_coverage(parts["openness"]),
        changes=changes(parts["changes"]),
        confidence=confidence_words(parts["confidence"]),
        other_faults=other_faults(diagnosed),
        peers=peer_table(peers),
    )
