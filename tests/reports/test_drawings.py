"""Drawings, on what they place and say rather than on their pixels."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

from orgnet_reports.drawing.backbone import backbone
from orgnet_reports.drawing.dot_plot import Dot, Marker, dot_plot
from orgnet_reports.drawing.effect import effect_bar, thread
from orgnet_reports.drawing.gap_plot import Gap, gap_plot
from orgnet_reports.drawing.group_map import Circle, group_map
from orgnet_reports.drawing.positions import distances, place, stress_positions
from orgnet_reports.drawing.svg import tag, wrap
from orgnet_reports.drawing.week_columns import week_columns
from orgnet_reports.page import ratio_matrix
from orgnet_reports.sections.matrix import step
from orgnet_reports.seriation import similar_order
from report_models import organisation


def two_blocks(count: int = 8) -> np.ndarray:
    """Two halves with much contact inside and little between."""
    side = np.arange(count) % 2
    ratios = np.where(side[:, None] == side[None, :], 3.0, 0.3)
    np.fill_diagonal(ratios, np.nan)
    return ratios


def test_departments_with_much_contact_stand_closer():
    points = stress_positions(distances(two_blocks()))
    gaps = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
    side = np.arange(8) % 2
    same = (side[:, None] == side[None, :]) & ~np.eye(8, dtype=bool)
    assert gaps[same].mean() < 0.5 * gaps[side[:, None] != side[None, :]].mean()


@pytest.mark.parametrize("count", [3, 10, 25])
def test_no_two_labels_overlap_and_none_leaves_the_frame(count):
    boxes = np.column_stack([np.full(count, 62.0), np.full(count, 45.0), np.full(count, 60.0)])
    model = organisation(400, count)
    wanted = distances(ratio_matrix(model.departments, model.pairs))
    height = 440 + 14 * count
    points = place(stress_positions(wanted), boxes, width=960, height=height)
    apart = np.abs(points[:, None, :] - points[None, :, :])
    touching = (apart[..., 0] < 124) & (apart[..., 1] < 105) & ~np.eye(count, dtype=bool)
    assert not touching.any()
    assert (points[:, 0] >= 62).all() and (points[:, 0] <= 960 - 62).all()
    assert (points[:, 1] >= 45).all() and (points[:, 1] <= height - 60).all()


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_departments_can_be_placed(count):
    boxes = np.full((count, 3), 50.0)
    points = place(
        stress_positions(distances(np.full((count, count), np.nan))), boxes, width=600, height=400
    )
    assert points.dtype == np.int64
    assert len({tuple(point) for point in points.tolist()}) == count


def test_the_backbone_has_at_most_two_lines_a_department_and_five_gaps():
    model = organisation(400, 14)
    lines = backbone(model.pairs, {group.name: at for at, group in enumerate(model.departments)})
    assert len([line for line in lines if not line.gap]) <= 2 * 14
    assert len([line for line in lines if line.gap]) == 5
    assert all(line.pair.ratio > 1 for line in lines if not line.gap)
    assert all(line.pair.contact in ("none", "fewer") for line in lines if line.gap)


def test_weak_links_come_first_among_the_gaps():
    model = organisation(400, 10)
    lines = backbone(model.pairs, {group.name: at for at, group in enumerate(model.departments)})
    weak = {(pair.group_a, pair.group_b) for pair in model.pairs if pair.weak}
    assert weak <= {(line.pair.group_a, line.pair.group_b) for line in lines if line.gap}


def test_no_tie_where_hardly_one_is_expected_is_no_gap():
    model = organisation(400, 10)
    at = {group.name: place for place, group in enumerate(model.departments)}
    pair = dataclasses.replace(
        model.pairs[0], ties=0, expected=1.3, ratio=0.0, contact="none", weak=False
    )
    assert backbone([pair], at) == ()
    (line,) = backbone([dataclasses.replace(pair, expected=9.0)], at)
    assert line.gap


def test_the_area_of_a_circle_follows_its_people():
    circles = [
        Circle(name=name, people=people, sentence=name) for name, people in (("A", 400), ("B", 100))
    ]
    drawing = group_map(circles, [], np.full((2, 2), np.nan), label="map")
    large, small = map(int, re.findall(r'r="(\d+)" class="node"', drawing))
    assert large == 2 * small


def test_the_smallest_circle_is_still_a_target():
    circles = [
        Circle(name=name, people=people, sentence=name) for name, people in (("A", 9000), ("B", 5))
    ]
    drawing = group_map(circles, [], np.full((2, 2), np.nan), label="map")
    assert min(map(int, re.findall(r'r="(\d+)" class="node"', drawing))) >= 12


def test_each_circle_can_be_reached_and_is_named():
    circles = [Circle(name=name, people=9, sentence=f"{name}, 9 people") for name in "ABC"]
    drawing = group_map(circles, [], np.full((3, 3), np.nan), label="map")
    assert drawing.count('tabindex="0" role="img"') == 3
    assert 'aria-label="A, 9 people"' in drawing


def test_dots_beyond_the_scale_are_drawn_at_its_end():
    drawing = dot_plot(
        [Dot(label="A", value=9.0, low=0.5, high=12.0, shown="9.0")],
        scale=[(0.0, "0"), (1.0, "1")],
        label="plot",
    )
    dot = int(re.search(r'cx="(\d+)"', drawing)[1])
    assert dot == max(map(int, re.findall(r'x1="(\d+)"', drawing)))


def test_marker_texts_that_would_meet_stand_on_two_lines():
    drawing = dot_plot(
        [Dot(label="A", value=0.5, low=None, high=None, shown="0.5")],
        scale=[(0.0, "0"), (1.0, "1")],
        markers=[
            Marker(value=0.5, text="the middle department"),
            Marker(value=0.55, text="another line here"),
        ],
        label="plot",
    )
    heights = re.findall(r'y="(\d+)" text-anchor="middle" class="small strong', drawing)
    assert len(set(heights)) == 2


def test_a_week_without_a_number_is_drawn_as_withheld():
    drawing = week_columns([("2 Mar", 10), ("9 Mar", None)], label="weeks", withheld="–", most="10")
    assert drawing.count('class="column"') == 1
    assert drawing.count('class="column withheld"') == 1


def test_seen_and_expected_are_two_marks_a_row():
    drawing = gap_plot(
        [Gap(label="A and B", seen=2.0, expected=9.0, shown="2 of 9.0")],
        label="gaps",
        seen="seen",
        expected="expected",
    )
    assert drawing.count("<circle") == 2
    assert "2 of 9.0" in drawing


@pytest.mark.parametrize(("people", "strands"), [(1, 1), (2, 2), (3, 3)])
def test_a_bottleneck_has_as_many_strands_as_the_words_say(people, strands):
    assert thread(people, label="x").count('class="strand"') == strands


def test_an_effect_without_an_interval_has_no_interval_drawn():
    with_interval = effect_bar(0.3, 0.1, 0.5, label="x", none="none", expected="expected")
    without = effect_bar(0.3, None, None, label="x", none="none", expected="expected")
    assert "interval" in with_interval and "interval" not in without


def test_similar_departments_are_side_by_side():
    order = similar_order(two_blocks())
    sides = [at % 2 for at in order]
    assert sides in ([0] * 4 + [1] * 4, [1] * 4 + [0] * 4)


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_an_order_names_every_position_once(count):
    assert sorted(similar_order(np.full((count, count), np.nan))) == list(range(count))


def test_steps_are_symmetric_about_the_expected():
    assert [step(ratio) for ratio in (0.125, 0.3, 0.5, 0.7, 1, 1.4, 2, 3.3, 8)] == list(
        range(1, 10)
    )


def test_text_and_attributes_of_an_element_are_escaped():
    assert str(tag("text", "<b>", aria_label='"x"')) == (
        '<text aria-label="&#34;x&#34;">&lt;b&gt;</text>'
    )


def test_a_long_name_is_cut_and_never_dropped():
    lines = wrap("W" * 300, 100, 12, lines=2)
    assert len(lines) == 1 and lines[0].endswith("…") and lines[0].startswith("W")
