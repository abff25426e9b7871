"""At a glance: four to six figures with their comparison, and the index with its sub-scores."""

from __future__ import annotations

from orgnet.report_model import Glance
from orgnet_reports.blocks import (
    Block,
    Cell,
    Chart,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
    Table,
    Text,
)
from orgnet_reports.drawing.dot_plot import Dot, dot_plot
from orgnet_reports.figures import Formatter
from orgnet_reports.page import Page

_SCALE = tuple((float(at), str(at)) for at in (0, 25, 50, 75, 100))


def at_a_glance(page: Page) -> Section | None:
    """Return the figures, or nothing where there is none and no index to speak of."""
    blocks: list[Block] = []
    if page.model.glance:
        blocks.append(
            KeyFigures(figures=tuple(_figure(page, figure) for figure in page.model.glance))
        )
    if page.model.mode == "full":
        blocks.append(_index(page))
    if not blocks:
        return None
    return Section(anchor="glance", title=page.say("glance.title"), lead=None, blocks=tuple(blocks))


def _figure(page: Page, figure: Glance) -> KeyFigure:
    form = _form(page, figure)
    compared: Text = ""
    key = f"glance.{figure.key}.compared"
    if figure.compared is not None:
        key = key if key in page.say else "glance.compared"
        compared = page.say(key, compared=form(figure.compared))
    elif f"glance.{figure.key}.alone" in page.say:
        compared = page.say(f"glance.{figure.key}.alone")
    if figure.low is not None and figure.high is not None:
        interval = page.figures.interval(figure.low, figure.high, form)
        key = "glance.with_range" if compared else "glance.range"
        compared = page.say(key, range=interval, **({"compared": compared} if compared else {}))
    return KeyFigure(
        value=form(figure.value),
        label=page.say(f"glance.{figure.key}.label")
        if f"glance.{figure.key}.label" in page.say
        else page.say.code("glance", figure.key),
        compared=compared,
    )


def _form(page: Page, figure: Glance) -> Formatter:
    figures = page.figures
    return {
        "count": figures.count,
        "share": figures.share,
        "score": figures.score,
        "ratio": figures.fine_ratio if figure.value < 1 else figures.ratio,
    }[figure.unit]


def _index(page: Page) -> Block:
    index, say, figures = page.model.index, page.say, page.figures
    if index.value is None:
        reason = f"index.reason.{index.reason}"
        return Paragraph(
            text=say(reason)
            if reason in say
            else say("index.reason.other", reason=say.code("reason", index.reason or "unknown"))
        )
    rows = (
        ("index", index.value, index.low, index.high),
        ("openness", index.openness, index.openness_low, index.openness_high),
        ("coverage", index.coverage, index.coverage_low, index.coverage_high),
        ("resilience", index.resilience, index.resilience_low, index.resilience_high),
    )
    range_ = figures.interval(index.low, index.high, figures.score)
    title = (
        say("index.title.range", value=figures.score(index.value), range=range_)
        if index.low is not None and index.high is not None
        else say("index.title.plain", value=figures.score(index.value))
    )
    return Chart(
        name="index",
        title=title,
        drawing=dot_plot(
            [
                Dot(
                    label=say.plain(f"index.row.{name}"),
                    value=value,
                    low=low,
                    high=high,
                    shown=figures.score(value),
                    emphasised=name == "index",
                )
                for name, value, low, high in rows
            ],
            scale=_SCALE,
            label=say.plain("index.picture"),
        ),
        source=say("index.source" if index.low is not None else "index.no_range"),
        table=Table(
            caption=say("index.table.caption"),
            columns=tuple(
                say(f"index.table.{name}") for name in ("part", "score", "range", "means")
            ),
            rows=tuple(
                (
                    Cell(text=say(f"index.row.{name}")),
                    Cell(text=figures.score(value)),
                    Cell(text=figures.interval(low, high, figures.score)),
                    Cell(text=say(f"index.means.{name}")),
                )
                for name, value, low, high in rows
            ),
            file_name="index",
            numbers=frozenset({1, 2}),
        ),
    )
