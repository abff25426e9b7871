"""Positions and ties as base64 of 16-bit numbers: a map of 10,000 people in a few hundred kB."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np

from orgnet.report_model import TIE_STRENGTHS, PeopleModel


def packed(numbers: Sequence[int]) -> str:
    """Return whole numbers from 0 to 65,535 as base64, low byte first.

    Examples
    --------
    >>> packed([1, 256])
    'AQAAAQ=='
    """
    return base64.b64encode(np.asarray(numbers, dtype="<u2").tobytes()).decode("ascii")


def map_data(model: PeopleModel) -> dict[str, Any]:
    """Return what the script draws: no name, no label; these stand in the page's tables.

    ``strengths`` holds how many of the ties, which come strongest first, have each strength, the
    strongest strength first.
    """
    ties = model.ties
    counts = np.bincount(np.asarray(ties.strength, dtype=np.int64), minlength=len(TIE_STRENGTHS))
    return {
        "x": packed([person.x for person in model.people]),
        "y": packed([person.y for person in model.people]),
        "first": packed(ties.first),
        "second": packed(ties.second),
        "strengths": counts[::-1].tolist(),
        "groups": [[group.people, group.x, group.y, group.radius] for group in model.groups],
        "spacing": model.spacing,
    }
