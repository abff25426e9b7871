"""The figures behind the findings: at a glance, the index, the departments, the matrix, weeks."""

from __future__ import annotations

from orgnet.report_model import Department
from orgnet_reports.blocks import KeyFigures, Matrix, Paragraph
from orgnet_reports.page import Page
from orgnet_reports.palette import step_ink
from orgnet_reports.sections.glance import at_a_glance
from orgnet_reports.sections.matrix import WIDE, department_matrix
from orgnet_reports.slides.canvas import BODY_WIDTH, MARGIN, TOP, Bars, Box, Canvas, Grid
from orgnet_reports.slides.opening import plain

_ROWS = 12


def evidence(page: Page, canvas: Canvas) -> None:
    """Add the slides of figures that the model has."""
    _glance(page, canvas)
    _index(page, canvas)
    _load(page, canvas)
    _departments(page, canvas)
    _matrix(page, canvas)


def _glance(page: Page, canvas: Canvas) -> None:
    section = at_a_glance(page)
    blocks = section.blocks if section else ()
    found = next((block for block in blocks if isinstance(block, KeyFigures)), None)
    if found is None:
        return
    slide = canvas.slide(page.say.plain("glance.title"))
    width = BODY_WIDTH / 3
    for at, figure in enumerate(found.figures[:6]):
        left, top = MARGIN + (at % 3) * width, TOP + 0.1 + (at // 3) * 2.5
        canvas.text(
            slide, [plain(figure.value)],
            Box(left=left, top=top, width=width - 0.2, height=0.85),
            sizes=(44, 36), colour="accent", bold=True, name="Figure",
        )  # fmt: skip
        told = [plain(figure.label), plain(figure.compared)]
        canvas.text(
            slide, [text for text in told if text],
            Box(left=left, top=top + 0.85, width=width - 0.2, height=1.45),
            sizes=(16, 14, 12), name="What it is",
        )  # fmt: skip
    canvas.notes(slide, [page.say.plain("method.tie"), page.say.plain("method.window")])


def _index(page: Page, canvas: Canvas) -> None:
    text, figures, index = page.say.plain, page.figures, page.model.index
    if page.model.mode != "full":
        return
    body = Box(left=MARGIN, top=TOP, width=BODY_WIDTH, height=3.0)
    if index.value is None:
        section = at_a_glance(page)
        told = [
            plain(block.text)
            for block in (section.blocks if section else ())
            if isinstance(block, Paragraph)
        ]
        slide = canvas.slide(text("index.title_none"))
        canvas.text(slide, told or [text("index.none")], body, sizes=(24, 20, 18))
        canvas.notes(slide, [text("limit.index")])
        return
    rows = (
        ("index", index.value, index.low, index.high),
        ("openness", index.openness, index.openness_low, index.openness_high),
        ("coverage", index.coverage, index.coverage_low, index.coverage_high),
        ("resilience", index.resilience, index.resilience_low, index.resilience_high),
    )
    ranged = index.low is not None and index.high is not None
    title = text(
        "index.title.range" if ranged else "index.title.plain",
        value=figures.score(index.value),
        **({"range": figures.interval(index.low, index.high, figures.score)} if ranged else {}),
    )
    slide = canvas.slide(title)
    known = [(name, value) for name, value, _, _ in rows if value is not None]
    parts = text("data.list_break").join(
        text("chart.index_part", part=text(f"index.row.{name}"), value=figures.score(value))
        for name, value in known
    )
    canvas.bars(
        slide,
        Bars(
            labels=tuple(text(f"index.row.{name}") for name, _ in known),
            values=tuple(float(f"{value:.0f}") for _, value in known),
            series=text("index.table.score"),
            form="0",
            told=text("chart.index_told", parts=parts),
            marked=frozenset({0}),
        ),
        Box(left=MARGIN, top=TOP, width=BODY_WIDTH, height=2.6),
    )
    grid = Grid(
        columns=tuple(text(f"index.table.{name}") for name in ("part", "score", "range", "means")),
        rows=tuple(
            (
                text(f"index.row.{name}"),
                figures.score(value),
                figures.interval(low, high, figures.score),
                text(f"index.means.{name}"),
            )
            for name, value, low, high in rows
        ),
        widths=(2.0, 1.1, 1.6, 7.43),
        told=text("index.table.caption"),
        numbers=frozenset({1, 2}),
    )
    canvas.table(slide, grid, Box(left=MARGIN, top=4.5, width=BODY_WIDTH, height=2.0))
    canvas.notes(slide, [text("index.source" if ranged else "index.no_range"), text("limit.index")])


def _load(page: Page, canvas: Canvas) -> None:
    text, weeks = page.say.plain, page.model.load
    known = [week.contacts for week in weeks if week.contacts is not None]
    if not known:
        return
    slide = canvas.slide(text("load.chart_title", most=page.figures.count(max(known))))
    canvas.bars(
        slide,
        Bars(
            labels=tuple(page.figures.short_day(week.week) for week in weeks),
            values=tuple(None if w.contacts is None else float(w.contacts) for w in weeks),
            series=text("load.table.contacts"),
            form="#,##0",
            told=text("chart.load_told"),
            upright=True,
        ),
        Box(left=MARGIN, top=TOP, width=BODY_WIDTH, height=4.7),
    )
    canvas.text(
        slide,
        [text("chart.load_source", minimum=page.model.policy.minimum_group)],
        Box(left=MARGIN, top=6.5, width=BODY_WIDTH, height=0.4),
        sizes=(12, 11),
        colour="soft",
    )
    canvas.notes(slide, [text("load.lead")])


def _departments(page: Page, canvas: Canvas) -> None:
    if page.model.mode != "full":
        return
    text, groups, model = page.say.plain, page.largest(), page.model
    parts = [groups[at : at + _ROWS] for at in range(0, len(groups), _ROWS)]
    for number, part in enumerate(parts, start=1):
        title = text("overview.title")
        if len(parts) > 1:
            title = text("topic_continued", title=title, number=number, all=len(parts))
        slide = canvas.slide(title)
        canvas.table(
            slide, _overview(page, part),
            Box(left=MARGIN, top=1.6, width=BODY_WIDTH, height=5.0),
        )  # fmt: skip
        notes = [text("silos.lead"), text("overview.full", names="; ".join(g.name for g in part))]
        if len(groups) < len(model.departments):
            told = text("overview.shown", shown=len(groups), all=len(model.departments))
            canvas.text(
                slide, [told], Box(left=MARGIN, top=6.6, width=BODY_WIDTH, height=0.35),
                sizes=(12, 11), colour="soft",
            )  # fmt: skip
        canvas.notes(slide, notes)


def _overview(page: Page, groups: tuple[Department, ...]) -> Grid:
    text, figures = page.say.plain, page.figures
    columns = ("department", "people", "inside", "expected", "openness", "range", "finding")
    return Grid(
        columns=tuple(text(f"silos.table.{name}") for name in columns),
        rows=tuple(
            (
                group.name,
                figures.count(group.people),
                figures.share(group.share_inside),
                figures.share(group.expected_inside),
                figures.fine_ratio(group.openness),
                figures.interval(group.low, group.high, figures.fine_ratio),
                text("silos.table.silo") if group.silo else "",
            )
            for group in groups
        ),
        widths=(4.13, 1.2, 1.5, 1.5, 1.3, 1.5, 1.0),
        told=text("table.departments_told"),
        numbers=frozenset(range(1, 6)),
    )


def _matrix(page: Page, canvas: Canvas) -> None:
    """Set the matrix as a native table, where its numbers can be read from the back row."""
    section = department_matrix(page) if len(page.largest()) <= WIDE else None
    found = next((b for b in section.blocks if isinstance(b, Matrix)), None) if section else None
    if found is None:
        return
    text, names = page.say.plain, found.names
    first = 2.6
    width = (BODY_WIDTH - first) / len(names)
    slide = canvas.slide(plain(found.title))
    canvas.table(
        slide,
        Grid(
            columns=("", *names),
            rows=tuple(
                (name, *(cell.text for cell in row))
                for name, row in zip(names, found.cells, strict=True)
            ),
            widths=(first, *(width for _ in names)),
            told=text("table.matrix_told"),
            numbers=frozenset(range(1, len(names) + 1)),
            fills={
                (row, at + 1): _fill(cell.css)
                for row, cells in enumerate(found.cells)
                for at, cell in enumerate(cells)
            },
            size=12,
        ),
        Box(left=MARGIN, top=1.6, width=BODY_WIDTH, height=5.0),
    )
    canvas.notes(
        slide,
        [
            text("matrix.lead"),
            text("overview.full", names="; ".join(names)),
            *(
                plain(cell.sentence)
                for row, cells in enumerate(found.cells)
                for cell in cells[:row]
            ),
        ],
    )


def _fill(css: str) -> tuple[str, str]:
    step, _, number = css.split()[0].partition("-")
    return (f"step-{number}", step_ink(int(number))) if step == "step" else ("paper", "soft")
