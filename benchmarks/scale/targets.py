"""All contests that have a target, the most telling ones first."""

from __future__ import annotations

from benchmarks.scale.contests import Contest
from benchmarks.scale.costly_parts import (
    betweenness,
    communities,
    huge,
    weekly_coded,
    weekly_text,
)
from benchmarks.scale.sizes import Sizes
from benchmarks.scale.whole_ways import again, large_query, mails, query, slack


def contests(sizes: Sizes) -> tuple[Contest, ...]:
    """Return the contests of these sizes."""
    every = (
        slack, query, mails, weekly_text, weekly_coded, betweenness, huge, again, large_query,
        communities,
    )  # fmt: skip
    return tuple(contest(sizes) for contest in every)
