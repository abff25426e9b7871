"""Run the study and write `docs/validity.md`: ``python -m benchmarks.validity``."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.validity.document import write_document
from benchmarks.validity.parts import WORK, jobs
from benchmarks.validity.peer_study import compare_with_peers
from benchmarks.validity.study import run

HERE = Path(__file__).resolve()
CACHE = HERE.parents[1] / ".cache" / "validity"
DOCUMENT = HERE.parents[2] / "docs" / "validity.md"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=200, help="firms of each main kind")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--cache", type=Path, default=CACHE, help="where the records are kept")
    parser.add_argument("--output", type=Path, default=DOCUMENT)
    parser.add_argument("--only", choices=[*WORK, "peers"], help="do this part, write no document")
    parser.add_argument("--without-peers", action="store_true", help="install and run no peers")
    parser.add_argument("--fresh", action="store_true", help="forget the records of earlier runs")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    (options.cache.parent / ".gitignore").write_text("*\n", encoding="utf-8")
    for part, work in WORK.items():
        file = options.cache / f"{part}.jsonl"
        if options.fresh:
            file.unlink(missing_ok=True)
        if options.only in (None, part):
            run(work, jobs(options.firms)[part], file, processes=options.processes)
    peers = options.cache / "peers.json"
    if options.only in (None, "peers"):
        compare_with_peers(
            peers, firms=max(2, options.firms // 5), install=not options.without_peers
        )
    if options.only is None:
        write_document(options.output, options.cache, firms=options.firms)


if __name__ == "__main__":
    main()
