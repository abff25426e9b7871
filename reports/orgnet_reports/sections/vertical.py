"""How contact follows the reporting lines of the whole organisation."""

from __future__ import annotations

from itertools import pairwise

from orgnet.report_model import Vertical
from orgnet_reports.blocks import Block, Cell, Chart, Facts, Paragraph, Section, Table
from orgnet_reports.drawing.step_columns import step_columns
from orgnet_reports.figures import NOTHING, Formatter
from orgnet_reports.page import Page

#: Contact below this share of the strongest has no order that could be seen.
_SLIGHT = 0.05


def along_the_lines(page: Page) -> Section | None:
    """Return the profile by distance and the figures, or nothing without reporting lines."""
    found = page.model.vertical
    if found is None:
        return None
    say = page.say
    figures = tuple(
        (say.plain(f"vertical.figure.{name}"), form(value))
        for name, value, form in _figures(page, found)
        if value is not None
    )
    blocks: list[Block] = []
    if any(step.strength is not None for step in found.profile):
        blocks.append(_profile(page, found))
    if figures:
        blocks.append(Facts(items=figures))
    if not blocks:
        return None
    minimum = page.model.policy.minimum_group
    blocks.append(Paragraph(text=say("vertical.missing", minimum=minimum), tone="note"))
    return Section(
        anchor="vertical",
        title=say("vertical.title"),
        lead=say("vertical.lead"),
        blocks=tuple(blocks),
    )


def _profile(page: Page, found: Vertical) -> Chart:
    say, figures = page.say, page.figures
    dated = page.model.period.first is not None
    return Chart(
        name="vertical",
        title=say(f"vertical.chart_title.{_shape(found)}"),
        drawing=step_columns(
            [(_distance(page, step.distance), step.strength) for step in found.profile],
            label=say.plain("vertical.picture"),
            shown=figures.fine_ratio,
            withheld=NOTHING,
        ),
        source=say("vertical.unit.weeks" if dated else "vertical.unit.given"),
        table=Table(
            caption=say("vertical.table.caption"),
            columns=(say("vertical.table.distance"), say("vertical.table.strength")),
            rows=tuple(
                (
                    Cell(text=_distance(page, step.distance)),
                    Cell(text=figures.fine_ratio(step.strength)),
                )
                for step in found.profile
            ),
            file_name="vertical",
            numbers=frozenset({1}),
        ),
    )


def _distance(page: Page, steps: int) -> str:
    return str(page.say.counted("vertical.steps", steps, count=page.figures.count(steps)))


def _shape(found: Vertical) -> str:
    """Say whether contact falls off from step to step, as far as it is told."""
    told = [step.strength for step in found.profile if step.strength is not None]
    if len(told) < 3:
        return "short"
    slight = _SLIGHT * max(told)
    falls = all(near > far or max(near, far) <= slight for near, far in pairwise(told))
    return "falls" if falls else "mixed"


def _figures(page: Page, found: Vertical) -> tuple[tuple[str, float | None, Formatter], ...]:
    figures = page.figures
    count, share, agreement = figures.count, figures.share, figures.agreement

    def short(number: float | None) -> str:
        return NOTHING if number is None else figures.tick(number)

    def chance(number: float | None) -> str:
        rare = number is not None and number < 0.01
        return page.say.plain("weak.under_one") if rare else share(number)

    return (
        ("managers", found.managers, count),
        ("layers", found.layers, count),
        ("span_median", found.span_median, short),
        ("span_wide", found.span_wide, share),
        ("span_narrow", found.span_narrow, share),
        ("line_contact", found.line_contact, share),
        ("skip_level_contact", found.skip_level_contact, share),
        ("share_line", found.share_line, share),
        ("share_lateral", found.share_lateral, share),
        ("share_cross", found.share_cross, share),
        ("share_diagonal", found.share_diagonal, share),
        ("distance_to_top", found.distance_to_top, short),
        ("distance_to_top_90", found.distance_to_top_90, count),
        ("unreachable", found.unreachable, share),
        ("overlap", found.overlap, agreement),
        ("overlap_p", found.overlap_p, chance),
    )
