"""Department by department: contact over the expected, every cell with its sentence."""

from __future__ import annotations

import math

from orgnet.report_model import Department, Pair
from orgnet_reports.blocks import Block, Matrix, MatrixCell, Paragraph, Section
from orgnet_reports.page import Page, ratio_matrix
from orgnet_reports.phrasing import Name
from orgnet_reports.seriation import similar_order

#: With more departments than this, cells are narrow and a word becomes its sign.
WIDE = 12

#: Upper ends of the first eight of nine steps, on log2 of observed over expected.
STEP_ENDS = (-2.0, -1.25, -0.7, -0.25, 0.25, 0.7, 1.25, 2.0)


def department_matrix(page: Page) -> Section | None:
    """Return the matrix, or nothing for fewer than two departments."""
    departments = page.largest()
    if page.model.mode != "full" or len(departments) < 2:
        return None
    say = page.say
    left_out = len(page.model.departments) - len(departments)
    blocks: list[Block] = []
    if left_out:
        blocks.append(
            Paragraph(
                text=say(
                    "matrix.left_out",
                    shown=len(departments),
                    all=len(page.model.departments),
                ),
                tone="note",
            )
        )
    order = similar_order(ratio_matrix(departments, page.model.pairs))
    ordered = [departments[at] for at in order]
    names = [group.name for group in ordered]
    cells, orders = _cells(page, ordered), _orders(page, ordered)
    if left_out:
        names.append(say.plain("matrix.others", count=page.figures.count(left_out)))
        cells = _with_others(page, ordered, cells)
        orders = tuple((way, label, (*order, len(ordered))) for way, label, order in orders)
    blocks.append(
        Matrix(
            title=say("matrix.chart_title"),
            source=page.source(departments=len(page.model.departments)),
            names=tuple(names),
            cells=cells,
            orders=orders,
            wide=len(ordered) > WIDE,
        )
    )
    return Section(
        anchor="matrix", title=say("matrix.title"), lead=say("matrix.lead"), blocks=tuple(blocks)
    )


def step(ratio: float) -> int:
    """Return the colour step of a ratio: 1 far fewer than expected, 5 as expected, 9 far more.

    Examples
    --------
    >>> step(0.0), step(0.4), step(1.0), step(5.6)
    (1, 2, 5, 9)
    """
    if ratio <= 0:
        return 1
    return 1 + sum(math.log2(ratio) > end for end in STEP_ENDS)


def _orders(page: Page, ordered: list[Department]) -> tuple[tuple[str, str, tuple[int, ...]], ...]:
    positions = range(len(ordered))
    by_name = sorted(positions, key=lambda at: ordered[at].name)
    by_size = sorted(positions, key=lambda at: (-ordered[at].people, ordered[at].name))
    ways = {"similar": positions, "name": by_name, "size": by_size}
    return tuple(
        (way, page.say.plain(f"matrix.order.{way}"), tuple(order)) for way, order in ways.items()
    )


def _cells(page: Page, ordered: list[Department]) -> tuple[tuple[MatrixCell, ...], ...]:
    pairs = {frozenset((pair.group_a, pair.group_b)): pair for pair in page.model.pairs}
    form = "short" if len(ordered) <= WIDE else "sign"
    rows = []
    for row, department in enumerate(ordered):
        cells = []
        for column, other in enumerate(ordered):
            if row == column:
                cells.append(_inside(page, department))
                continue
            pair = pairs.get(frozenset((department.name, other.name)))
            cells.append(_between(page, department.name, other.name, pair, form))
        rows.append(tuple(cells))
    return tuple(rows)


def _with_others(
    page: Page, ordered: list[Department], cells: tuple[tuple[MatrixCell, ...], ...]
) -> tuple[tuple[MatrixCell, ...], ...]:
    """Add the departments that there is no room for as one last row and column.

    Its cells are sums of numbers that are shown, so that they say nothing of one that is not.
    """
    place = {group.name: at for at, group in enumerate(ordered)}
    ties, expected = [0] * len(ordered), [0.0] * len(ordered)
    for pair in page.model.pairs:
        drawn = [place[name] for name in (pair.group_a, pair.group_b) if name in place]
        if len(drawn) == 1 and pair.ties is not None and pair.expected is not None:
            ties[drawn[0]] += pair.ties
            expected[drawn[0]] += pair.expected
    others = [_of_others(page, group, ties[at], expected[at]) for at, group in enumerate(ordered)]
    corner = MatrixCell(text="–", css="inside", sentence=page.say("cell.others_inside"))
    rows = [(*row, other) for row, other in zip(cells, others, strict=True)]
    return (*rows, (*others, corner))


def _of_others(page: Page, group: Department, ties: int, expected: float) -> MatrixCell:
    say, figures, name = page.say, page.figures, Name(group.name)
    if expected <= 0:
        return MatrixCell(text="–", css="withheld", sentence=say("cell.others_none", a=name))
    ratio = ties / expected
    told = say(
        "cell.others",
        a=name,
        ratio=figures.ratio(ratio),
        ties=figures.count(ties),
        expected=figures.expected(expected),
    )
    return MatrixCell(text=figures.ratio(ratio), css=f"step-{step(ratio)}", sentence=told)


def _inside(page: Page, department: Department) -> MatrixCell:
    name = Name(department.name)
    if department.share_inside is None:
        return MatrixCell(
            text="–", css="inside withheld", sentence=page.say("cell.inside_withheld", name=name)
        )
    return MatrixCell(
        text=page.figures.share(department.share_inside),
        css="inside",
        sentence=page.say(
            "cell.inside",
            name=name,
            share=page.figures.share(department.share_inside),
            expected=page.figures.share(department.expected_inside),
        ),
    )


def _between(page: Page, row: str, column: str, pair: Pair | None, form: str) -> MatrixCell:
    say, figures, a, b = page.say, page.figures, Name(row), Name(column)
    weak = " weak" if pair and pair.weak else ""
    if pair and pair.ratio is not None:
        key = "cell.ratio" if pair.low is None or pair.high is None else "cell.ratio_range"
        return MatrixCell(
            text=figures.ratio(pair.ratio),
            css=f"step-{step(pair.ratio)}{weak}",
            sentence=say(
                key,
                a=a,
                b=b,
                ratio=figures.ratio(pair.ratio),
                ties=figures.count(pair.ties),
                expected=figures.expected(pair.expected),
                range=figures.interval(pair.low, pair.high, figures.ratio),
            ),
        )
    reason = withheld_reason(page, pair)
    if pair and pair.ties is not None:
        return MatrixCell(
            text=figures.count(pair.ties),
            css=f"uncompared{weak}",
            sentence=say("cell.ties", a=a, b=b, ties=figures.count(pair.ties), reason=reason),
        )
    if pair and pair.contact is not None:
        return MatrixCell(
            text=say.plain(f"contact.{pair.contact}.{form}"),
            css=f"word {pair.contact.replace('_', '-')}{weak}",
            sentence=say(f"contact.{pair.contact}.sentence", a=a, b=b, reason=reason),
        )
    return MatrixCell(
        text="–",
        css="withheld",
        sentence=say("cell.withheld", a=a, b=b, reason=reason),
    )


def withheld_reason(page: Page, pair: Pair | None) -> str:
    """Return the sentence that says why a pair's number is missing."""
    key = f"why.{pair.reason if pair else 'few_people'}"
    if key not in page.say:
        key = "why.other"
    return page.say.plain(key, minimum=page.model.policy.minimum_group)
