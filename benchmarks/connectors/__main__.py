"""Runs the competitions of readers and writes their table: ``python -m benchmarks.connectors``."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.connectors.competitions import COMPETITIONS, Competition, Peer
from benchmarks.measuring import Run, RunFailedError, exponent, interleaved, middle, ratios
from benchmarks.peers.environments import PeerMissingError, python_of
from benchmarks.tables import PAGE, markdown_table, versions, write_block

_OURS = Peer(title="orgnet", script="read_orgnet")
_READERS = ("reader", "messages", "records", "CPU s", "wall s", "MB/s", "messages/s", "peak MB")
_HEADER = (*_READERS, "CPU, times ours")
#: How much smaller the file is that growth is measured against.
_SMALLER = 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the options ask for; 1 if two readers of a file counted different messages."""
    options = _options(arguments)
    chosen = [each for each in COMPETITIONS if not options.only or each.name in options.only]
    parts, growth, agreed = [], [], True
    with tempfile.TemporaryDirectory(prefix="orgnet-benchmark-", dir=options.scratch) as folder:
        for competition in chosen:
            part, row, same = _compete(competition, Path(folder), options)
            parts.append(part)
            growth.append(row)
            agreed &= same
    header = ("", "messages", "CPU exponent", "peak MB, small file", "peak MB")
    parts.append(
        f"Growth of orgnet's readers, from a file of 1/{_SMALLER} of the size; 1 is in proportion:"
        f"\n\n{markdown_table(header, growth)}"
    )
    block = _preface(options) + "\n" + "\n".join(parts)
    if options.print_only:
        print(block)
    else:
        write_block("connectors", block, options.page)
    return 0 if agreed else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.connectors", description=__doc__)
    names = [each.name for each in COMPETITIONS]
    parser.add_argument("--only", action="append", choices=names, help="one kind; may be repeated")
    parser.add_argument("--scale", type=float, default=1.0, help="size of files (default 1)")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each reader (default 3)")
    parser.add_argument("--seed", type=int, default=7, help="of the generated files (default 7)")
    parser.add_argument(
        "--no-install", action="store_true", help="leave out peers whose environment is not made"
    )
    parser.add_argument("--page", type=Path, default=PAGE, help="the page that gets the tables")
    parser.add_argument("--print-only", action="store_true", help="print the tables, write nothing")
    parser.add_argument("--scratch", type=Path, help="folder for the generated files")
    return parser.parse_args(arguments)


def _compete(
    competition: Competition, folder: Path, options: argparse.Namespace
) -> tuple[str, list[str], bool]:
    """Return the table of a competition, its row on growth, and whether all counted the same."""
    thousands = competition.messages * options.scale
    file, small = folder / competition.file, folder / f"small-{competition.file}"
    size = competition.write(file, max(_SMALLER, round(thousands * 1_000)), seed=options.seed)
    competition.write(small, max(1, size.messages // _SMALLER), seed=options.seed)
    readers, missing = _installed((_OURS, *competition.peers), options)
    commands = {
        title: (python, peer.script, str(file), *peer.arguments)
        for title, (python, peer) in readers.items()
    }
    commands["small"] = (sys.executable, _OURS.script, str(small))
    runs = interleaved(commands, options.repeats)
    megabytes = file.stat().st_size / 1e6
    small_runs, ours = _sound(runs.pop("small")), _sound(runs[_OURS.title])
    for generated in (file, small):
        generated.unlink()
    rows = [
        _failed_row(title, str(found))
        if isinstance(found, RunFailedError)
        else _row(title, found, ours, megabytes)
        for title, found in {**runs, **missing}.items()
    ]
    counted = {
        each.messages for found in runs.values() if isinstance(found, list) for each in found
    }
    table = f"{competition.title}, {megabytes:,.0f} MB:\n\n{markdown_table(_HEADER, rows)}"
    if len(counted) > 1:
        table += f"\n**The readers counted different messages: {sorted(counted)}.**\n"
    return table, _growth(competition, small_runs, ours), counted == {size.messages}


def _sound(runs: list[Run] | RunFailedError) -> list[Run]:
    if isinstance(runs, RunFailedError):
        raise runs
    return runs


def _installed(
    peers: Sequence[Peer], options: argparse.Namespace
) -> tuple[dict[str, tuple[str, Peer]], dict[str, RunFailedError]]:
    readers: dict[str, tuple[str, Peer]] = {}
    missing: dict[str, RunFailedError] = {}
    for peer in peers:
        try:
            python = python_of(peer.environment, install=not options.no_install)
        except PeerMissingError as error:
            missing[peer.title] = RunFailedError(str(error))
        else:
            readers[peer.title] = python, peer
    return readers, missing


def _row(title: str, runs: Sequence[Run], ours: Sequence[Run], megabytes: float) -> list[str]:
    wall, cpu, peak = (middle(runs, quantity) for quantity in ("wall", "cpu", "peak_mb"))
    assert wall is not None and cpu is not None
    ratio, least, most = ratios(runs, ours, "cpu")
    return [
        title,
        f"{runs[0].messages:,}",
        f"{runs[0].records:,}",
        f"{cpu:.2f}",
        f"{wall:.2f}",
        f"{megabytes / wall:,.0f}",
        f"{runs[0].messages / wall:,.0f}",
        "" if peak is None else f"{peak:,.0f}",
        "1" if runs is ours else f"{ratio:.2f} ({least:.2f} to {most:.2f})",
    ]


def _failed_row(title: str, why: str) -> list[str]:
    return [f"{title}: not run ({why.replace('|', '/')})", *[""] * (len(_HEADER) - 1)]


def _growth(competition: Competition, small: Sequence[Run], ours: Sequence[Run]) -> list[str]:
    peaks = [middle(runs, "peak_mb") for runs in (small, ours)]
    less, more = middle(small, "cpu"), middle(ours, "cpu")
    assert less is not None and more is not None
    return [
        competition.title,
        f"{small[0].messages:,} to {ours[0].messages:,}",
        f"{exponent(less, more, ours[0].messages / small[0].messages):.2f}",
        *("" if peak is None else f"{peak:,.0f}" for peak in peaks),
    ]


def _preface(options: argparse.Namespace) -> str:
    typed = "".join(
        f" --{name} {value}"
        for name, value in (("scale", f"{options.scale:g}"), ("repeats", options.repeats))
        if value not in ("1", 3)
    )
    typed += "".join(f" --only {name}" for name in options.only or ())
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} by `python -m benchmarks.connectors{typed}`: "
        f"{platform.system()}, {os.cpu_count()} processors; "
        f"{versions(['duckdb', 'pyarrow', 'msgspec', 'isal', 'pandas'])}. Files are generated "
        f"(seed {options.seed}). Each reader runs as a process of its own, all of them in turn, "
        f"{options.repeats} times; medians, with the least and the largest ratio of a turn. Times "
        "are without the start of Python and imports; CPU is that of all threads. Above 1 in the "
        "last column, orgnet is quicker.\n"
    )


if __name__ == "__main__":
    raise SystemExit(main())
