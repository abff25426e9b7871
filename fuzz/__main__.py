"""Fuzz every family and write the table into `docs/security.md`: ``python -m fuzz``.

atheris is installed into ``fuzz/.cache``, beside the packages of the environment that runs this.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.tables import markdown_table, versions, write_block

from fuzz.seeds import families

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / "fuzz" / ".cache"
PAGE = ROOT / "docs" / "security.md"


def interpreter(environment: Path) -> Path:
    """Return the Python that has atheris; install it where it is not yet."""
    folder = "Scripts" if os.name == "nt" else "bin"
    python = environment / folder / "python"
    ready = environment / "ready"
    if not ready.exists():
        venv.create(environment, with_pip=True)
        install = [python, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", "atheris"]
        subprocess.run(install, check=True)
        ready.touch()
    return python


def fuzzed(python: Path, family: str, seconds: int, folder: Path) -> dict[str, Any]:
    """Fuzz one family and return its ``result.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    here = os.pathsep.join([str(ROOT), sysconfig.get_path("purelib"), *sys.path[1:]])
    subprocess.run(
        [python, "-m", "fuzz.guided", family, str(seconds), str(folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": here},
        stderr=subprocess.DEVNULL,
        check=False,
    )
    result: dict[str, Any] = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return result


def block(results: Sequence[tuple[str, dict[str, Any]]], seconds: int) -> str:
    """Return the table with what it rests on."""
    rows = [
        (name.replace("_", " "), f"{r['executions']:,}", f"{r['read']:,}", str(len(r["crashes"])))
        for name, r in results
    ]
    places = "".join(f"- `{place}`\n" for _, r in results for place in r["crashes"])
    header = ("Seeds of the family", "inputs", "taken by a reader", "crashes")
    return (
        "## Fuzzing\n\n"
        f"`make fuzz`, {date.today().isoformat()}: atheris for {seconds} s a family, seed 1; "
        f"{versions(['orgnet-ona'])}. Every input is given to every reader that recognises it; a "
        "crash is anything but an error of our own.\n\n"
        + markdown_table(header, rows)
        + ("\nNot mended yet:\n\n" + places if places else "")
    )


def main() -> None:
    """Fuzz, print what comes of each family, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for each family")
    parser.add_argument("--page", type=Path, default=PAGE)
    parser.add_argument("--family", choices=families(), action="append")
    options = parser.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    (CACHE / ".gitignore").write_text("*\n", encoding="utf-8")
    python = interpreter(CACHE / "environment")
    results = []
    for family in options.family or families():
        result = fuzzed(python, family, options.seconds, CACHE / family)
        print(family, result, flush=True)
        results.append((family, result))
    if not options.page.is_file():
        options.page.write_text("# Security\n", encoding="utf-8", newline="\n")
    write_block("fuzz", block(results, options.seconds), options.page)


if __name__ == "__main__":
    main()
