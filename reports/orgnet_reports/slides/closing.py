"""The last slides: how good the data are, what cannot be said, and the method."""

from __future__ import annotations

from orgnet_reports.blocks import Block, Bullets, Section
from orgnet_reports.group_tables.read_me import notes
from orgnet_reports.page import Page
from orgnet_reports.sections.method import method
from orgnet_reports.sections.quality import data_quality
from orgnet_reports.slides.canvas import BODY_WIDTH, MARGIN, Box, Canvas, Grid
from orgnet_reports.slides.opening import plain

_MOST_SOURCES = 6
_SIZES = (18, 16, 15, 14, 13, 12, 11, 10)


def closing(page: Page, canvas: Canvas) -> None:
    """Add data quality, limits, and the method last."""
    _quality(page, canvas)
    steps, limits = (_bullets(block) for block in method(page).blocks if _is_list(block))
    for title, told, said in (
        ("closing.limits", limits, ("method.lead",)),
        ("closing.method", steps, ("method.repeat",)),
    ):
        slide = canvas.slide(page.say.plain(title))
        canvas.text(
            slide,
            told,
            Box(left=MARGIN, top=1.6, width=BODY_WIDTH, height=5.2),
            sizes=_SIZES,
        )
        canvas.notes(slide, [page.say.plain(key) for key in said] + _parameters(page))


def _quality(page: Page, canvas: Canvas) -> None:
    text, figures, model = page.say.plain, page.figures, page.model
    slide = canvas.slide(text("data.title"))
    top = 1.6
    sources = model.quality.sources[:_MOST_SOURCES]
    if sources:
        grid = Grid(
            columns=tuple(text(f"data.sources.{n}") for n in ("source", "read", "kept", "span")),
            rows=tuple(
                (
                    page.source_title(source),
                    figures.count(source.read),
                    figures.count(source.kept),
                    figures.span(source.first, source.last),
                )
                for source in sources
            ),
            widths=(4.73, 1.7, 1.7, 4.0),
            told=text("table.sources_told"),
            numbers=frozenset({1, 2}),
        )
        canvas.table(slide, grid, Box(left=MARGIN, top=top, width=BODY_WIDTH, height=2.0))
        top += 0.36 * (len(sources) + 1) + 0.2
    quality = data_quality(page)
    told = [*notes(page), *_coverage(quality, page)]
    told.append(text("data.withheld.rule", minimum=model.policy.minimum_group))
    canvas.text(
        slide, told, Box(left=MARGIN, top=top, width=BODY_WIDTH, height=6.85 - top), sizes=_SIZES
    )
    canvas.notes(slide, [text("data.lead")])


def _coverage(quality: Section, page: Page) -> list[str]:
    """Return the sentences on who was seen: the page's last list, after that of the notices."""
    lists = [block for block in quality.blocks if isinstance(block, Bullets)]
    return _bullets(lists[-1]) if lists else []


def _is_list(block: Block) -> bool:
    return isinstance(block, Bullets)


def _bullets(block: Block) -> list[str]:
    return [plain(item) for item in block.items] if isinstance(block, Bullets) else []


def _parameters(page: Page) -> list[str]:
    model = page.model
    named = (*model.method.parameters, *model.method.versions)
    policy = model.policy
    rules = page.say.plain("page.policy", version=policy.version, minimum=policy.minimum_group)
    return [*(f"{name}: {value}" for name, value in named), rules]
