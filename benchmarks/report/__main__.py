"""Times the pages and writes their table: ``python -m benchmarks.report``."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.report.organisations import BUDGETS, Budget
from benchmarks.tables import PAGE, markdown_table, versions, write_block
from orgnet.errors import OrgnetError
from orgnet.report_model import ReportModel
from orgnet_reports.drawing.positions import distances, place, stress_positions
from orgnet_reports.explorer import Explorer
from orgnet_reports.html import Html
from orgnet_reports.page import MOST_DEPARTMENTS, ratio_matrix
from orgnet_reports.pdf.browser import installed_browser

#: Milliseconds from asking for the page to the end of its own script.
_USABLE = "performance.getEntriesByType('navigation')[0].loadEventEnd"

_HEADER = (
    "people", "departments", "report, kB", "limit", "explorer, kB", "writing, CPU s", "limit",
    "layout, CPU s", "limit", "open to usable, s", "limit",
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every size; 1 if a page is over one of its limits."""
    options = _options(arguments)
    chosen = [budget for budget in BUDGETS if budget.people <= options.largest]
    with ExitStack() as open_until_done:
        browser = _browser(open_until_done)
        measured = [_measure(budget, browser, options.repeats) for budget in chosen]
    rows = [cells for cells, _ in measured]
    block = _preface(options) + "\n" + markdown_table(_HEADER, rows)
    if options.print_only:
        print(block)
    else:
        write_block("report", block, options.page)
    return 0 if all(kept for _, kept in measured) else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description=__doc__)
    parser.add_argument("--largest", type=int, default=100_000, help="people (default 100,000)")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each (default 5)")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page that gets the table")
    parser.add_argument("--print-only", action="store_true", help="print the table, write nothing")
    return parser.parse_args(arguments)


def _browser(until_done: ExitStack) -> Any:
    """Return a running Chromium, or None where none is installed."""
    try:
        path = installed_browser()
    except OrgnetError:
        return None
    from playwright.sync_api import sync_playwright

    playwright = until_done.enter_context(sync_playwright())
    flags = ["--disable-gpu", "--no-sandbox"]
    return until_done.enter_context(
        playwright.chromium.launch(executable_path=shutil.which(path), args=flags)
    )


def _measure(budget: Budget, browser: Any, repeats: int) -> tuple[list[str], bool]:
    """Return a row of the table, and whether every limit is kept."""
    model = budget.model()
    page = Html().render(model)
    kilobytes = len(page) / 1000
    writing = _seconds(lambda: Html().render(model), repeats)
    layout = _seconds(lambda: _layout(model), repeats) if budget.departments else None
    usable = _opened(page, browser, repeats) if browser else None
    limits = (
        (kilobytes, budget.kilobytes), (writing, budget.write), (layout, budget.layout),
        (usable, budget.usable),
    )  # fmt: skip
    kept = all(value <= limit for value, limit in limits if value is not None and limit is not None)
    row = [
        f"{budget.people:,}", str(budget.departments or "–"),
        f"{kilobytes:.0f}", str(budget.kilobytes), f"{len(Explorer().render(model)) / 1000:.0f}",
        _cell(writing), _cell(budget.write), _cell(layout), _cell(budget.layout),
        _cell(usable), _cell(budget.usable),
    ]  # fmt: skip
    return row, kept


def _seconds(work: Callable[[], Any], repeats: int) -> float:
    """Return the median of the CPU seconds of a piece of work, of all threads."""
    taken = []
    for _ in range(repeats):
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
    return median(taken)


def _layout(model: ReportModel) -> None:
    """Place as many departments as a map shows, without drawing them."""
    departments = model.departments[:MOST_DEPARTMENTS]
    boxes = np.full((len(departments), 3), 40.0)
    points = stress_positions(distances(ratio_matrix(departments, model.pairs)))
    place(points, boxes, width=960, height=420 + 20 * len(departments))


def _opened(page: bytes, browser: Any, repeats: int) -> float:
    """Return the median of the seconds from opening the file to its script having run."""
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.html"
        file.write_bytes(page)
        for _ in range(repeats):
            context = browser.new_context(offline=True)
            tab = context.new_page()
            tab.goto(file.as_uri(), wait_until="load")
            tab.wait_for_function(f"{_USABLE} > 0")
            taken.append(tab.evaluate(_USABLE) / 1000)
            context.close()
    return median(taken)


def _cell(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.2f}"


def _preface(options: argparse.Namespace) -> str:
    return (
        f"Made {datetime.now(UTC).date().isoformat()} by `python -m benchmarks.report`, median of "
        f"{options.repeats} runs, opened in headless Chromium without a GPU (by the clock). "
        f"{versions(['numpy', 'jinja2', 'playwright'])}. The models hold what is released of "
        "organisations of these sizes; maps and matrices show at most 25 departments.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
