"""Layouts: discs that do not overlap, people inside them on the side of their contacts."""

from __future__ import annotations

import numpy as np
import pytest

from orgnet.layouts import grouped_layout, place_discs
from orgnet.layouts.discs import MOST_BY_CLOSENESS


def overlap(centres, radii) -> float:
    apart = np.hypot(*(centres[:, None] - centres[None, :]).transpose(2, 0, 1))
    over = radii[:, None] + radii[None, :] - apart
    np.fill_diagonal(over, -np.inf)
    return float(over.max())


def firm(people: int, groups: int, ties: int):
    rng = np.random.default_rng(3)
    group = np.sort(rng.integers(0, groups, people))
    ends = rng.integers(0, people, (ties, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    return group, groups, ends[:, 0], ends[:, 1], rng.integers(1, 9, len(ends)).astype(float)


@pytest.mark.parametrize("count", [2, 3, 12, 60, MOST_BY_CLOSENESS + 5])
def test_no_two_discs_overlap(count):
    rng = np.random.default_rng(1)
    radii = rng.uniform(1, 8, count)
    contact = rng.integers(0, 30, (count, count)).astype(float)
    assert overlap(place_discs(radii, contact + contact.T, gap=1.0), radii) < 0


@pytest.mark.parametrize("contact", [np.zeros((4, 4)), np.full((4, 4), 7.0)])
def test_discs_without_any_preference_are_all_placed(contact):
    centres = place_discs(np.ones(4), contact)
    assert np.isfinite(centres).all()
    assert overlap(centres, np.ones(4)) < 0


@pytest.mark.parametrize("count", [0, 1])
def test_no_disc_and_a_single_disc_have_their_place(count):
    assert place_discs(np.ones(count), np.zeros((count, count))).tolist() == [[0.0, 0.0]] * count


def test_everybody_stands_inside_their_disc_and_nobody_upon_another():
    layout = grouped_layout(*firm(900, 12, 4000))
    group = firm(900, 12, 4000)[0]
    from_middle = np.hypot(*(layout.points - layout.centres[group]).T)
    assert (from_middle < layout.radii[group]).all()
    assert len(np.unique(layout.points.round(6), axis=0)) == 900
    assert overlap(layout.points, np.zeros(900)) < -1.0


def test_contact_outside_pulls_towards_the_rim_and_the_other_group():
    # Ten people each; person 0 has contact with the other group only, person 1 with nobody there.
    group = np.repeat([0, 1], 10)
    inside = [(a, b) for a in range(1, 10) for b in range(a + 1, 10)]
    ends = np.array([(0, 10), (0, 11), (0, 12), *inside])
    layout = grouped_layout(group, 2, ends[:, 0], ends[:, 1], np.ones(len(ends)))
    away = np.hypot(*(layout.points - layout.centres[1]).T)
    assert away[0] == away[:10].min()


def test_the_same_ties_give_the_same_positions():
    first, second = grouped_layout(*firm(300, 7, 900)), grouped_layout(*firm(300, 7, 900))
    assert np.array_equal(first.points, second.points)


def test_people_without_any_tie_have_places_of_their_own():
    none = np.array([], dtype=np.int64)
    layout = grouped_layout(np.array([0, 0, 1]), 2, none, none, np.array([]))
    assert len(np.unique(layout.points, axis=0)) == 3
    assert layout.points[2].tolist() == layout.centres[1].tolist()


def test_very_many_groups_stand_in_rows():
    groups = MOST_BY_CLOSENESS + 50
    layout = grouped_layout(*firm(2 * groups, groups, 500))
    assert overlap(layout.centres, layout.radii) < 0
