"""Contact along the reporting lines, for the whole organisation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeStep:
    """Mean strength of contact between people so many steps apart in the reporting tree."""

    distance: int
    strength: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vertical:
    """How contact follows the reporting lines; every figure is None where withheld.

    Attributes
    ----------
    managers, layers
        People with reports, and levels of the reporting tree.
    span_median, span_wide, span_narrow
        Reports of the median manager; shares of managers with more than 12 and fewer than 3.
    line_contact, skip_level_contact
        Shares of manager and report, and of manager's manager and person, in regular contact.
    share_line, share_lateral, share_cross, share_diagonal
        Shares of all contact: along the line, among colleagues of a unit, across units, and
        diagonal.
    distance_to_top, distance_to_top_90, unreachable
        Steps of regular contact to the nearest member of the top team: mean, 90 % quantile, and
        the share of people who cannot be reached.
    overlap
        Correlation of the reporting tree with contact (QAP), and its p.
    profile
        Strength of contact by distance in the tree.
    """

    managers: int | None
    layers: int | None
    span_median: float | None
    span_wide: float | None
    span_narrow: float | None
    line_contact: float | None
    skip_level_contact: float | None
    share_line: float | None
    share_lateral: float | None
    share_cross: float | None
    share_diagonal: float | None
    distance_to_top: float | None
    distance_to_top_90: float | None
    unreachable: float | None
    overlap: float | None
    overlap_p: float | None
    profile: tuple[TreeStep, ...] = ()
