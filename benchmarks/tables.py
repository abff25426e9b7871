"""Writes tables into a marked block of docs/performance.md, and leaves the rest as it is."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
_TITLE = "# Performance\n"


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown; the first column to the left, all others to the right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def replace_block(page: str, name: str, block: str) -> str:
    r"""Put a block between its two marks; at the end of a page that does not have them.

    >>> replace_block("a\n<!-- x:start -->\nold\n<!-- x:end -->\nb\n", "x", "new\n")
    'a\n<!-- x:start -->\nnew\n<!-- x:end -->\nb\n'
    """
    start, end = f"<!-- {name}:start -->", f"<!-- {name}:end -->"
    before, found, rest = page.partition(start)
    after = rest.partition(end)[2] if found else "\n"
    if not found:
        before = (page or _TITLE).rstrip("\n") + "\n\n"
    return f"{before}{start}\n{block}{end}{after}"


def write_block(name: str, block: str, path: Path = PAGE) -> None:
    """Write a block into a page, which need not be there yet."""
    page = path.read_text(encoding="utf-8") if path.is_file() else ""
    path.write_text(replace_block(page, name, block), encoding="utf-8", newline="\n")


def versions(names: Sequence[str]) -> str:
    """Return the versions of Python and of distributions, for the line under a table."""
    said = [f"Python {platform.python_version()}"]
    for name in names:
        try:
            said.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            said.append(f"{name} not installed")
    return ", ".join(said)
