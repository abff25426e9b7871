"""Filters choose among released cells, along fixed lines: no choice makes a figure of its own."""

import dataclasses
import json
import re
from collections import defaultdict

from orgnet.plugins import report
from orgnet.report_model import ReportModel
from report_models import organisation

#: The groups edition: department, then side, then how far off; nothing that sorts people anew.
FILTERS = ("node", "side", "strength")


def explorer(model: ReportModel) -> tuple[dict[str, list[str]], list[dict[str, object]]]:
    """The choices of each filter, and the lines that they choose from."""
    page = report("explorer").render(model).decode()
    selects = re.findall(r'<select name="(\w+)">(.*?)</select>', page, re.DOTALL)
    choices = {name: re.findall(r'<option value="([^"]*)"', body) for name, body in selects}
    data = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert data is not None
    edges: list[dict[str, object]] = json.loads(data[1])["edges"]
    return choices, edges


def test_the_filters_are_the_same_whatever_the_figures() -> None:
    model = organisation()
    quiet = dataclasses.replace(
        model, pairs=tuple(dataclasses.replace(pair, ratio=1.0) for pair in model.pairs)
    )
    choices, _ = explorer(model)
    assert tuple(choices) == FILTERS
    assert choices == explorer(quiet)[0]
    assert choices["node"] == ["", *(str(at) for at in range(len(model.departments)))]
    assert choices["side"] == ["all", "more", "fewer"]


def test_every_line_that_can_be_chosen_is_a_pair_that_is_told() -> None:
    model = organisation()
    _, edges = explorer(model)
    names = [department.name for department in model.departments]
    told = {(pair.group_a, pair.group_b) for pair in model.pairs if pair.contact or pair.ratio}
    chosen = [(names[int(str(edge["from"]))], names[int(str(edge["to"]))]) for edge in edges]
    assert len(chosen) == len(set(chosen))
    assert set(chosen) == told


def test_a_pair_without_a_number_is_chosen_by_its_word_alone() -> None:
    model = organisation()
    _, edges = explorer(model)
    names = [department.name for department in model.departments]
    pairs = {(pair.group_a, pair.group_b): pair for pair in model.pairs}
    seen = defaultdict(set)
    for edge in edges:
        pair = pairs[names[int(str(edge["from"]))], names[int(str(edge["to"]))]]
        if pair.ratio is None:
            seen[pair.contact].add((edge["strength"], edge["side"], edge["width"]))
    assert seen
    assert all(len(ways) == 1 for ways in seen.values())
