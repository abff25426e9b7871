"""axe finds nothing to object to, in any theme, width or zoom, on pages of every kind."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from orgnet_reports.explorer import Explorer
from orgnet_reports.html import Html
from report_models import GOLDEN, hostile, organisation

pytestmark = pytest.mark.browser

VENDOR = Path(__file__).resolve().parents[1] / "vendor"
AXE = (VENDOR / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

#: Rules of WCAG 2.2 A and AA, and axe's own good practice.
RUN = """async (skipped) => {
    const found = await axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        rules: Object.fromEntries(skipped.map((rule) => [rule, { enabled: false }])),
        resultTypes: ["violations"],
    });
    return found.violations.map(({ id, nodes }) =>
        [id, nodes.length, nodes[0].html.slice(0, 160), nodes[0].failureSummary]);
}"""

#: Width and height of the window, and the media that are emulated; 400 % zoom of a window of
#: 1,280 by 900 pixels is one of 320 by 225.
VIEWS = {
    "light": ((1280, 900), {"color_scheme": "light", "forced_colors": "none"}),
    "320 pixels": ((320, 800), {"color_scheme": "light", "forced_colors": "none"}),
    "dark": ((1280, 900), {"color_scheme": "dark", "forced_colors": "none"}),
    "forced colours": ((1280, 900), {"color_scheme": "light", "forced_colors": "active"}),
    "400 % zoom": ((320, 225), {"color_scheme": "dark", "forced_colors": "none"}),
}


def right_to_left_and_long():
    """Departments in Arabic and Hebrew, and one whose name is 300 letters in one word."""
    renamed = ("الموارد البشرية", "משאבי אנוש", "Donaudampfschifffahrt" * 14, "المبيعات", "Legal")
    base = hostile()
    names = [group.name for group in base.departments]
    plain = dict(zip(names, (*renamed, *names[len(renamed) :]), strict=True))
    return dataclasses.replace(
        base,
        title="تقرير الشبكة التنظيمية",
        organisation="شركة المثال",
        departments=tuple(
            dataclasses.replace(group, name=plain[group.name]) for group in base.departments
        ),
        pairs=tuple(
            dataclasses.replace(pair, group_a=plain[pair.group_a], group_b=plain[pair.group_b])
            for pair in base.pairs
        ),
        findings=(),
    )


ORGANISATIONS = {
    **{name: GOLDEN[name] for name in (
        "nobody", "three people", "ten people", "a hundred people", "all withheld", "one group",
        "no ties", "one dominant person", "60 groups", "hostile names",
    )},
    "2,000 people": lambda: organisation(2000, 18),
    "no chart": lambda: dataclasses.replace(organisation(120, 5), communities=None),
    "right to left and long": right_to_left_and_long,
}  # fmt: skip

#: Every organisation in light and on a narrow window; the other views on those that differ most.
EVERYWHERE = ("light", "320 pixels")
VARIED = ("ten people", "a hundred people", "hostile names", "all withheld")


def violations(chromium, content: bytes, views, folder: Path) -> dict[str, list]:
    """What axe says of a page in each view that it has something against.

    axe is injected by the debugger, which the page's policy does not bind.
    """
    file = folder / "page.html"
    file.write_bytes(content)
    context = chromium.new_context(offline=True, reduced_motion="reduce")
    found = {}
    try:
        page = context.new_page()
        page.goto(file.as_uri())
        page.evaluate(AXE)
        for view in views:
            (width, height), media = VIEWS[view]
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(**media)
            # The system's own colours are not the page's to answer for.
            skipped = ["color-contrast"] if media["forced_colors"] == "active" else []
            found[view] = page.evaluate(RUN, skipped)
    finally:
        context.close()
    return {view: told for view, told in found.items() if told}


def test_axe_sees_what_is_wrong(chromium, tmp_path):
    content = b"<!doctype html><html><body><img src='x.png'><p style='color:#ddd'>faint</p>"
    found = violations(chromium, content, ["light"], tmp_path)
    assert {"image-alt", "color-contrast", "html-has-lang"} <= {rule[0] for rule in found["light"]}


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_axe_has_nothing_against_the_report(chromium, tmp_path, name):
    views = VIEWS if name in VARIED else EVERYWHERE
    assert violations(chromium, Html().render(ORGANISATIONS[name]()), views, tmp_path) == {}


@pytest.mark.parametrize("name", ["nobody", "a hundred people", "hostile names"])
def test_axe_has_nothing_against_the_explorer(chromium, tmp_path, name):
    assert violations(chromium, Explorer().render(ORGANISATIONS[name]()), VIEWS, tmp_path) == {}
