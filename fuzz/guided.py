"""Fuzz one family for some seconds: ``python -m fuzz.guided FAMILY SECONDS FOLDER``.

Runs where atheris is installed. Writes ``result.json`` and the inputs that crash into the folder.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["orgnet_connectors"]):
    from fuzz.target import Target

from fuzz.seeds import seeds


def main() -> None:
    """Fuzz until the time is over."""
    family, seconds, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(family)):
        (corpus / f"seed-{number}").write_bytes(seed)
    with atheris.instrument_imports(include=["orgnet_connectors"]):
        target = Target()

    write(target, folder)

    def one(data: bytes) -> None:
        known = len(target.crashes)
        target(data)
        # libFuzzer ends the process itself, so that what is known is written down as it comes.
        if target.executions % 10 == 0 or len(target.crashes) > known:
            write(target, folder)

    words = [f"-max_total_time={seconds}", "-max_len=65536", "-timeout=60", "-seed=1"]
    atheris.Setup([sys.argv[0], *words, f"-artifact_prefix={folder}/", str(corpus)], one)
    atheris.Fuzz()


def write(target: Target, folder: Path) -> None:
    """Write down what is known so far."""
    for data in target.crashes.values():
        name = hashlib.sha256(data).hexdigest()[:16]
        (folder / f"crash-{name}").write_bytes(data)
    result = {
        "executions": target.executions,
        "read": target.read,
        "crashes": sorted(target.crashes),
    }
    (folder / "result.json").write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main()
