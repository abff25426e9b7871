"""Who works together in fact, against the departments of the chart."""

from __future__ import annotations

from orgnet.report_model import Communities, CommunityRow
from orgnet_reports.blocks import Block, Cell, Facts, Paragraph, Section, Table
from orgnet_reports.page import Page
from orgnet_reports.phrasing import Name

#: Lower ends of the bands of agreement, adjusted for chance, that have a sentence of their own.
_BANDS = ((0.8, "almost"), (0.5, "mostly"), (0.2, "partly"))

#: Shares are tinted by the neutral and the four blue steps of the matrix.
_LEAST_STEP, _SHADES = 5, 5


def communities(page: Page) -> Section | None:
    """Return departments by working circles, or nothing where the model has none."""
    found = page.model.communities
    if page.model.mode != "full" or found is None or not found.circles or not found.rows:
        return None
    say = page.say
    blocks: list[Block] = [
        Paragraph(text=say(f"communities.agreement.{_band(found.ami)}")),
        _crosstab(page, found),
        Facts(items=_measures(page, found)),
    ]
    return Section(
        anchor="communities",
        title=say("communities.title"),
        lead=say("communities.lead"),
        blocks=tuple(blocks),
    )


def _band(ami: float | None) -> str:
    if ami is None:
        return "unknown"
    return next((band for least, band in _BANDS if ami >= least), "hardly")


def _crosstab(page: Page, found: Communities) -> Table:
    say, figures = page.say, page.figures
    heads = [
        say("communities.table.circle", circle=circle, people=figures.count(people))
        for circle, people in zip(found.circles, found.circle_people, strict=True)
    ]
    rows = sorted(found.rows, key=lambda row: (_home(row), row.department))
    return Table(
        caption=say("communities.table.caption"),
        columns=(say("communities.table.department"), *heads),
        rows=tuple(
            (
                Cell(text=Name(row.department)),
                *(
                    Cell(
                        text=figures.share(share),
                        css="withheld" if share is None else f"tint step-{_shade(share)}",
                    )
                    for share in row.shares
                ),
            )
            for row in rows
        ),
        file_name="communities",
        numbers=frozenset(range(1, len(heads) + 1)),
    )


def _home(row: CommunityRow) -> int:
    known = [share if share is not None else -1.0 for share in row.shares]
    return known.index(max(known)) if known else 0


def _shade(share: float) -> int:
    return _LEAST_STEP + min(_SHADES - 1, int(share * _SHADES))


def _measures(page: Page, found: Communities) -> tuple[tuple[str, str], ...]:
    values = {
        "ami": found.ami,
        "ari": found.ari,
        "homogeneity": found.homogeneity,
        "completeness": found.completeness,
        "modularity_departments": found.modularity_departments,
        "modularity_circles": found.modularity_circles,
        "louvain_ami": found.louvain_ami,
    }
    return tuple(
        (page.say.plain(f"communities.measure.{name}"), page.figures.agreement(value))
        for name, value in values.items()
    )
