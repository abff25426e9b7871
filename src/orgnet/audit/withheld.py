"""Withheld numbers of contact that a reader of all outputs can work out."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from orgnet.audit.leaks import Leak
from orgnet.audit.tables import Table, tables
from orgnet.results import DIAGNOSIS

Pair = tuple[str, str]

#: A withheld number must keep an interval of this share of its size.
_PROTECTION = 0.2

#: Headings of totals, in the languages of the reports.
_TOTAL = re.compile(r"\b(total|sum|all|gesamt|summe|alle|somme|tous)", re.IGNORECASE)
_COUNT = re.compile(r"-?\d{1,3}(?:[ ,.'\u00a0\u202f]\d{3})+|-?\d+")

#: The solver gives up after so many branches; nothing is then said.
_MOST_BRANCHES = 2000


@dataclass(slots=True)
class _Known:
    """What a reader has gathered from all outputs together.

    Attributes
    ----------
    numbers
        Ties of the pairs whose number is shown.
    withheld
        Pairs without a number, with the least and the most that it can be.
    totals
        Ties of a department with all others, and where that was read.
    """

    numbers: dict[Pair, int]
    withheld: dict[Pair, tuple[int, int]]
    totals: dict[str, tuple[int, str]] = field(default_factory=dict)


def withheld_leaks(files: Mapping[str, bytes], not_done: dict[str, None]) -> Iterator[Leak]:
    """Yield every withheld number that can be read elsewhere or narrowed to less than a fifth.

    Parameters
    ----------
    files
        The outputs about groups, by name.
    not_done
        Told why, where withheld numbers could not be worked on.
    """
    try:
        model = json.loads(files[DIAGNOSIS])
        known = _known(model)
    except (KeyError, ValueError, TypeError):
        not_done[f"withheld numbers: there is no readable {DIAGNOSIS}"] = None
        return
    seen: set[Pair] = set()
    for name, content in files.items():
        for table in tables(name, content):
            for pair, where in _shown_elsewhere(table, known):
                seen.add(pair)
                yield _leak(where, f"{_named(pair)} is withheld in {DIAGNOSIS} and shown here")
            _read_totals(table, known)
            for pair, where in _required_elsewhere(table, model):
                yield _leak(
                    where,
                    f"{_named(pair)}: regular contact is withheld in {DIAGNOSIS} and shown here",
                )
    for pair, (low, high) in _worked_out(known, model).items():
        if pair not in seen and high - low < max(_PROTECTION * low, 1):
            places = sorted({known.totals[name][1] for name in pair if name in known.totals})
            yield _leak(
                ", ".join(places) or DIAGNOSIS,
                f"{_named(pair)} is withheld and must be {low}"
                + (f" to {high}" if high > low else ""),
            )


def _leak(where: str, whose: str) -> Leak:
    return Leak(certainty="found", what="withheld number", where=where, whose=whose)


def _named(pair: Pair) -> str:
    return " – ".join(pair)


def _known(model: dict[str, Any]) -> _Known:
    minimum = model["policy"]["minimum_group"]
    size = {department["name"]: department["people"] + 2 for department in model["departments"]}
    numbers, withheld = {}, {}
    for cell in model["pairs"]:
        pair = (cell["group_a"], cell["group_b"])
        if cell["ties"] is not None:
            numbers[pair] = cell["ties"]
        elif cell["contact"] == "none":
            numbers[pair] = 0
        else:
            sizes = size[pair[0]], size[pair[1]]
            few = cell["reason"] == "few_people"
            withheld[pair] = (
                (1, (minimum - 1) * max(sizes)) if few else (minimum, sizes[0] * sizes[1])
            )
    known = _Known(numbers=numbers, withheld=withheld)
    for department in model["departments"]:
        for name, value in department.items():
            if isinstance(value, int) and not isinstance(value, bool) and "ties" in name:
                known.totals[department["name"]] = (value, DIAGNOSIS)
    return known


def _number(text: str) -> int | None:
    found = _COUNT.fullmatch(text.strip())
    return int(re.sub(r"[^\d-]", "", text)) if found else None


def _pair(first: str, second: str, known: _Known) -> Pair | None:
    for pair in ((first, second), (second, first)):
        if pair in known.numbers or pair in known.withheld:
            return pair
    return None


def _long(table: Table, known: _Known) -> list[tuple[Pair, list[str]]]:
    """Return the rows that begin with two departments."""
    rows = []
    for row in table.rows:
        if len(row) > 2 and (pair := _pair(row[0].strip(), row[1].strip(), known)) is not None:
            rows.append((pair, row))
    return rows


def _columns(table: Table, known: _Known) -> list[list[tuple[Pair, str]]]:
    """Return the columns behind the two departments."""
    rows = _long(table, known)
    width = max((len(row) for _, row in rows), default=0)
    return [[(pair, row[at]) for pair, row in rows if at < len(row)] for at in range(2, width)]


def _square(table: Table, known: _Known) -> list[tuple[Pair, str]]:
    """Return the cells whose row and column are departments."""
    if not table.rows:
        return []
    heads = [text.strip() for text in table.rows[0]]
    cells = []
    for row in table.rows[1:]:
        for head, text in zip(heads[1:], row[1:], strict=False):
            if (pair := _pair(row[0].strip(), head, known)) is not None:
                cells.append((pair, text))
    return cells


def _are_ties(cells: Iterable[tuple[Pair, str]], known: _Known) -> bool:
    """Whether numbers of a table are those of ties: they are where ties are shown."""
    told = [
        (known.numbers[pair], number)
        for pair, text in cells
        if pair in known.numbers and (number := _number(text)) is not None
    ]
    return len(told) >= 2 and all(one == other for one, other in told)


def _shown_elsewhere(table: Table, known: _Known) -> Iterator[tuple[Pair, str]]:
    for cells in (*_columns(table, known), _square(table, known)):
        if _are_ties(cells, known):
            for pair, text in cells:
                if pair in known.withheld and _number(text) is not None:
                    yield pair, table.where


def _required_elsewhere(table: Table, model: dict[str, Any]) -> Iterator[tuple[Pair, str]]:
    """Yield required pairs whose number in regular contact is withheld and stands in a table."""
    links = (model.get("requirements") or {}).get("links", ())
    named = {(link["group_a"], link["group_b"]): link for link in links}
    known = _Known(
        numbers={pair: one["regular"] for pair, one in named.items() if one["regular"] is not None},
        withheld={pair: (0, 0) for pair, one in named.items() if one["regular"] is None},
    )
    for cells in _columns(table, known):
        # What there should be stands beside it, and may be the same wherever it is told.
        targets = all(_number(text) in (named[pair]["target"], None) for pair, text in cells)
        if _are_ties(cells, known) and not targets:
            for pair, text in cells:
                if pair in known.withheld and _number(text) is not None:
                    yield pair, table.where


def _read_totals(table: Table, known: _Known) -> None:
    """Note the totals of rows and columns of a table of ties."""
    if not _are_ties(_square(table, known), known):
        return
    names = {name for pair in (*known.numbers, *known.withheld) for name in pair}
    for rows in (table.rows, [list(column) for column in zip(*table.rows, strict=False)]):
        heads = rows[0]
        for row in rows[1:]:
            for head, text in zip(heads[1:], row[1:], strict=False):
                number = _number(text)
                if row[0].strip() in names and _TOTAL.search(head) and number is not None:
                    known.totals[row[0].strip()] = (number, table.where)


def _worked_out(known: _Known, model: dict[str, Any]) -> dict[Pair, tuple[int, int]]:
    """Return the least and most of each withheld number that fit everything shown."""
    unknown = list(known.withheld)
    limits = np.array([known.withheld[pair] for pair in unknown], dtype=float).reshape(-1, 2)
    matrix, low, high = [], [], []
    for name, (target, give) in (_implied_totals(known, model) | _told(known)).items():
        left = target - sum(ties for pair, ties in known.numbers.items() if name in pair)
        matrix.append([float(name in pair) for pair in unknown])
        low.append(left - give)
        high.append(left + give)
    if not unknown or not matrix:
        return {}
    constraint = LinearConstraint(np.array(matrix), low, high)
    found = {}
    for place, pair in enumerate(unknown):
        goal = np.zeros(len(unknown))
        goal[place] = 1.0
        ends = [
            milp(
                sign * goal,
                constraints=constraint,
                bounds=Bounds(limits[:, 0], np.maximum(limits[:, 1], limits[:, 0])),
                integrality=np.ones(len(unknown)),
                options={"node_limit": _MOST_BRANCHES},
            )
            for sign in (1.0, -1.0)
        ]
        if all(end.status == 0 for end in ends):
            found[pair] = (round(ends[0].x[place]), round(ends[1].x[place]))
    return found


def _told(known: _Known) -> dict[str, tuple[float, float]]:
    return {name: (float(total), 0.0) for name, (total, _) in known.totals.items()}


def _implied_totals(known: _Known, model: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Return the totals that expected values give away, and by how much they may be off.

    What quasi-independence expects of two departments is the product of a factor of each. A row
    of expected values has the total of the row of ties.
    """
    names = [department["name"] for department in model["departments"]]
    told = [cell for cell in model["pairs"] if cell["expected"]]
    if model["coverage"]["withheld_departments"] or len(names) < 4 or not told:
        return {}
    rows = np.array([[float(name in (c["group_a"], c["group_b"])) for name in names] for c in told])
    if np.linalg.matrix_rank(rows) < len(names):
        return {}
    logs = np.log([cell["expected"] for cell in told])
    factors = np.exp(np.linalg.lstsq(rows, logs, rcond=None)[0])
    totals = factors * (factors.sum() - factors)
    # Expected values are rounded: whole ones, and those of one decimal, by so much of themselves.
    off = max((0.05 if c["expected"] < 10 else 0.5) / c["expected"] for c in told)
    return {
        name: (float(total), math.ceil(2 * off * total))
        for name, total in zip(names, totals, strict=True)
    }
