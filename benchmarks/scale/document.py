"""The tables of docs/performance.md: targets, everything that was measured, growth, and words."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.measuring import Outcome, exponent
from benchmarks.scale.contests import OURS, Contest, Contestant, Target
from benchmarks.scale.results import Results, figure, is_stopped
from benchmarks.scale.sizes import Sizes
from benchmarks.tables import markdown_table, versions

_WORDS = Path(__file__).resolve().parent / "extrapolated.md.txt"
_UNITS = {"wall": "s", "cpu": "CPU s", "peak_mb": "MB"}
_CLOCKS = {"process": "", "work": ", without start and imports"}

#: What the calculation of the target is for, and the limits of its two figures.
_ASKED, _SECONDS, _MEGABYTES = 500_000_000, (180.0, 100.0), (4_000.0, 2_000.0)

_DISTRIBUTIONS = (
    "duckdb", "ibis-framework", "igraph", "networkx", "numpy", "pandas", "pyarrow", "pyspark",
    "python-louvain", "pyvis", "scipy",
)  # fmt: skip


def target_rows(contests: Iterable[Contest], results: Results) -> list[list[str]]:
    """Return one row a target: figures, ratio or limit, and whether it is reached."""
    return [_target_row(each, target, results) for each in contests for target in each.targets]


def _target_row(contest: Contest, target: Target, results: Results) -> list[str]:
    unit, clock = _UNITS[target.quantity], _CLOCKS[target.clock]
    work = f"{contest.title}{clock}"
    ours = figure(results.of(contest.name, OURS), target.quantity, target.clock)
    late = is_stopped(results.of(contest.name, OURS))
    own = _said(ours, unit, more=late)
    if target.peer is None:
        limits = [_said(limit, unit) for limit in (target.must, target.goal)]
        reached = _reached(ours, target, larger=False) if not late else "no"
        return [work, own, "limit", "", "", *_marked("≤ ", limits), reached]
    peer = _contestant(contest, target.peer)
    runs = results.of(contest.name, peer.name)
    theirs = figure(runs, target.quantity, target.clock, scaled=peer.scaled)
    ratio = None if not ours or theirs is None else theirs / ours
    stopped = is_stopped(runs)
    reached = _reached(ratio, target, larger=True)
    if late:
        reached = "no"
    elif stopped and not reached.startswith(("must", "goal", "yes")):
        reached = "not shown: peer stopped"
    return [
        work,
        own,
        peer.title,
        _why_not(runs) or _said(theirs, unit, more=stopped),
        "" if ratio is None else f"{'> ' if stopped else ''}{ratio:.1f} ×",
        *_marked("≥ ", [None if v is None else f"{v:g} ×" for v in (target.must, target.goal)]),
        reached,
    ]


def _reached(value: float | None, target: Target, *, larger: bool) -> str:
    if target.must is None and target.goal is None:
        return ""
    if value is None:
        return "not measured"

    def holds(limit: float) -> bool:
        return value >= limit if larger else value <= limit

    if target.goal is not None and holds(target.goal):
        return "goal"
    if target.must is not None and holds(target.must):
        return "must" if target.goal is not None else "yes"
    return "no"


def _marked(sign: str, limits: Sequence[str | None]) -> list[str]:
    return [f"{sign}{limit}" if limit else "" for limit in limits]


def _said(value: float | None, unit: str, *, more: bool = False) -> str:
    if value is None:
        return ""
    digits = 0 if unit == "MB" or value >= 100 else 1 if value >= 10 else 2
    return f"{'> ' if more else ''}{value:,.{digits}f} {unit}"


def _why_not(runs: Sequence[Outcome]) -> str:
    failed = [run for run in runs if run.status == "failed"]
    return f"failed: {failed[0].why}".replace("|", "/") if failed else ""


def _contestant(contest: Contest, name: str) -> Contestant:
    return next(each for each in contest.contestants if each.name == name)


def measured_rows(contests: Iterable[Contest], results: Results) -> list[list[str]]:
    """Return one row a contestant with its medians."""
    rows = []
    for contest in contests:
        for each in contest.contestants:
            runs = results.of(contest.name, each.name)
            if not runs:
                continue
            stopped = is_stopped(runs)
            cells = [
                _said(figure(runs, quantity), _UNITS[quantity], more=stopped)
                for quantity in ("wall", "cpu", "peak_mb")
            ]
            work = figure(runs, "wall", "work") if "wall" in runs[0].told else None
            sample = f" (as measured; times {each.scaled:g} for all)" if each.scaled > 1 else ""
            title = f"{each.title}{sample}"
            if why := _why_not(runs):
                cells, work = [why, "", ""], None
            rows.append([contest.name, title, str(len(runs)), *cells, _said(work, "s")])
    return rows


def growth_table(sizes: Sizes, results: Results) -> str:
    """Return the table of the whole way at every size."""
    header = (
        "people", "interactions", "pairs", "reading alone, s", "reading and reduction, s",
        "measures, s", "release and files, s", "page, s", "layout, s",
        "whole process, s", "CPU s", "peak MB", "page, kB",
    )  # fmt: skip
    rows = []
    known: list[tuple[int, Outcome, Outcome]] = []
    for people in sizes.growing:
        reader = results.of("growth", f"read_orgnet {people}")
        whole = results.of("growth", f"stages_orgnet {people}")
        if not reader or not whole or reader[0].status != "done" or whole[0].status != "done":
            failed = next((f for f in map(_why_not, (reader, whole)) if f), "not measured")
            rows.append([f"{people:,}", failed, *[""] * (len(header) - 2)])
            continue
        known.append((people, reader[0], whole[0]))
        told, steps = whole[0].told, whole[0].told["steps"]
        exports = sum(took[0] for name, took in steps.items() if name.startswith("reading exp"))
        measures, files, page, layout = (
            steps.get(name, [0.0])[0]
            for name in ("measuring", "writing", "page alone", "layout alone")
        )
        rows.append(
            [
                f"{people:,}", f"{told['records']:,}", f"{told['pairs']:,}",
                f"{reader[0].told['wall']:.2f}", f"{exports:.2f}", f"{measures:.2f}",
                f"{files:.2f}", f"{page:.2f}", f"{layout:.2f}", f"{whole[0].wall:.1f}",
                f"{whole[0].cpu:.1f}", f"{whole[0].peak_mb or 0:,.0f}",
                f"{told['kilobytes']:,.0f}",
            ]
        )  # fmt: skip
    return markdown_table(header, rows) + _exponents(known)


def _exponents(known: Sequence[tuple[int, Outcome, Outcome]]) -> str:
    """Say how the last step up grew: from the last size but one to the last."""
    if len(known) < 2:
        return ""
    (less, reader_less, whole_less), (more, reader_more, whole_more) = known[-2:]
    times = more / less

    def grows(small: float, large: float) -> str:
        return f"{exponent(max(small, 1e-6), max(large, 1e-6), times):.2f}"

    def took(whole: Outcome, name: str) -> float:
        return sum(t[0] for step, t in whole.told["steps"].items() if step.startswith(name))

    said = [
        ("reading alone", grows(reader_less.told["cpu"], reader_more.told["cpu"])),
        ("reading and reduction",
         grows(took(whole_less, "reading exp"), took(whole_more, "reading exp"))),
        ("measures", grows(took(whole_less, "measuring"), took(whole_more, "measuring"))),
        ("whole process", grows(whole_less.wall, whole_more.wall)),
        ("peak memory", grows(whole_less.peak_mb or 0, whole_more.peak_mb or 0)),
        ("page", grows(whole_less.told["kilobytes"], whole_more.told["kilobytes"])),
    ]  # fmt: skip
    parts = ", ".join(f"{name} {value}" for name, value in said)
    return f"\nGrowth exponents from {less:,} to {more:,} people, 1 is in proportion: {parts}.\n"


def reduction_table(sizes: Sizes, results: Results) -> str:
    """Return the table of the reduction at every size, and what it says of 500 million."""
    header = ("interactions", "weekly ties", "s", "CPU s", "peak MB", "million a second")
    rows = []
    known: list[tuple[int, float, float]] = []
    for count in sizes.reduced:
        runs = results.of("reduction", str(count))
        if not runs or runs[0].status != "done":
            rows.append([f"{count:,}", _why_not(runs) or "not measured", "", "", "", ""])
            continue
        run = runs[0]
        wall, cpu, peak = run.told["wall"], run.told["cpu"], run.peak_mb or 0.0
        known.append((count, wall, peak))
        rows.append(
            [f"{count:,}", f"{run.told['records']:,}", f"{wall:.1f}", f"{cpu:.1f}", f"{peak:,.0f}",
             f"{count / wall / 1e6:.2f}"]
        )  # fmt: skip
    return markdown_table(header, rows) + _calculation(known)


def _calculation(known: Sequence[tuple[int, float, float]]) -> str:
    """Say what 500 million take, or the two largest sizes give for them, beside the limits."""
    if len(known) < 2:
        return ""
    (less, wall_less, peak_less), (more, wall, peak) = known[-2:]
    said = []
    for name, small, large, unit, (must, goal) in (
        ("time", wall_less, wall, "s", _SECONDS),
        ("memory", peak_less, peak, "MB", _MEGABYTES),
    ):
        grows = exponent(small, large, more / less)
        power = max(grows, 1.0) if unit == "s" else max(grows, 0.0)
        expected = large * (_ASKED / more) ** power
        verdict = "goal" if expected <= goal else "must" if expected <= must else "not reached"
        used = "" if more == _ASKED else f", used {power:.2f}"
        said.append(
            f"{name} {expected:,.0f} {unit} (exponent measured {grows:.2f}{used}; "
            f"limits {must:,.0f} and {goal:,.0f}: {verdict})"
        )
    figures = "; ".join(said)
    if more == _ASKED:
        return f"\n{_ASKED:,} interactions, **measured**: {figures}.\n"
    return (
        f"\n{_ASKED:,} interactions, **a calculation and no measurement**, from {less:,} and "
        f"{more:,}: {figures}. The exponent of time is never taken for less than 1.\n"
    )


def block(
    contests: Sequence[Contest], sizes: Sizes, results: Results, *, command: str, words: bool
) -> str:
    """Return everything that stands between the two marks."""
    header = ("work", "orgnet", "beside", "takes", "times ours", "must", "goal", "reached")
    measured = ("contest", "who", "runs", "wall", "CPU", "peak memory", "work without imports")
    names = [f"`{each.name}`: {each.title}" for each in contests]
    parts = [
        f"Measured on {results.made} by `{command}`: {platform.system()}, {os.cpu_count()} "
        f"processors; {versions(_DISTRIBUTIONS)}; PyPI orgnet 0.2.0, vivainsights 0.4.3 and "
        "networkit 11.2.2 in environments of their own. Every run is a process of its own, from "
        "its start to its end, children included; peers take turns with orgnet, and figures are "
        "medians. Memory is the peak of the largest process. Organisations are generated. `>` "
        "means that a peer was stopped before it ended.\n",
        markdown_table(header, target_rows(contests, results)),
        "Everything that ran:\n",
        markdown_table(measured, measured_rows(contests, results)),
        "Contests: " + "; ".join(names) + ".\n",
        "The whole way, every person with as many interactions. *Reading alone* is a process of "
        "its own that reads the file to its last record and keeps nothing; *reading and "
        "reduction*, *measures* and *release and files* are the steps of one run, with reading "
        "people, imports and the start of Python the whole process. *Page* and *layout* are done "
        "once more:\n",
        growth_table(sizes, results),
        f"Interactions of {sizes.reduced_people[0]:,} people in 52 weeks, already numbers, to "
        "weekly ties, the roster read before; imports are not in the seconds, but in the memory:\n",
        reduction_table(sizes, results),
    ]
    if words:
        parts.append(_WORDS.read_text(encoding="utf-8"))
    return "\n".join(parts)
