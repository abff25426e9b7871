"""How large everything is: what is measured, and the little that tests run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How large everything is: people, pairs of them in contact, and rows.

    `growing` are people of the organisations that the whole way is run on, `reduced` the rows of
    the reduction alone, on `reduced_people`.
    """

    slack: tuple[int, int, int]
    query: tuple[int, int]
    mails: tuple[int, int, int]
    large: tuple[int, int]
    weekly: tuple[int, int, int]
    huge: tuple[int, int]
    reduced: tuple[int, ...]
    reduced_people: tuple[int, int]
    growing: tuple[int, ...]
    louvain_seconds: float
    layout_seconds: float


FULL = Sizes(
    slack=(1_000, 10_000, 1_000_000),
    query=(1_000, 13_000),
    mails=(200, 2_000, 5_800),
    large=(10_000, 130_000),
    weekly=(2_000, 26_000, 10_000_000),
    huge=(100_000, 2_500_000),
    reduced=(1_000_000, 10_000_000, 50_000_000, 500_000_000),
    reduced_people=(100_000, 1_250_000),
    growing=(10, 100, 1_000, 10_000, 100_000),
    louvain_seconds=240.0,
    layout_seconds=300.0,
)


QUICK = Sizes(
    slack=(100, 400, 4_000),
    query=(100, 800),
    mails=(100, 400, 1_500),
    large=(200, 1_500),
    weekly=(100, 800, 20_000),
    huge=(300, 3_000),
    reduced=(20_000, 40_000),
    reduced_people=(300, 3_000),
    growing=(10, 60, 120),
    louvain_seconds=20.0,
    layout_seconds=20.0,
)
