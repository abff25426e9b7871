"""The ends of a scale are those that could have been answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.survey_google_forms import GoogleFormsSurvey
from orgnet_connectors.survey_scales import find_scale, scale_ends


@pytest.mark.parametrize(
    ("answers", "ends"),
    [
        ([["2", "4"], ["5"]], [(1, 5), (1, 5)]),
        ([["0", "8"], ["3"]], [(0, 10), (0, 10)]),
        ([["1", "6"]], [(1, 7)]),
        ([["Agree", "Strongly agree"]], [(1, 5)]),
        ([["Agree", "Somewhat agree"]], [(1, 7)]),
        ([["Often", "Never"], ["2", "3", "4"]], [(0, 5), (1, 4)]),
    ],
)
def test_ends_of_scales(answers: list[list[str]], ends: list[tuple[float, float]]) -> None:
    scales = [find_scale(cells) for cells in answers]
    assert scale_ends([scale for scale in scales if scale is not None]) == ends


def test_a_reader_tells_the_scale_of_every_item_in_order(tmp_path: Path) -> None:
    lines = [
        "Timestamp,Email Address,Who helps you?,We decide quickly,How well do you know our goals?",
        "3/25/2026 10:00:00,a@example.com,b@example.com,Agree,4",
        "3/25/2026 10:01:00,b@example.com,a@example.com,Strongly disagree,5",
    ]
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    ledger = Ledger()
    list(GoogleFormsSurvey().read(Source(path), ReadOptions(), ledger))
    assert list(ledger.scales.items()) == [
        ("We decide quickly", (1, 5)),
        ("How well do you know our goals?", (1, 5)),
    ]
    assert {answer.item for answer in ledger.answers} == set(ledger.scales)
