"""What a page says and draws where there are more than 25 departments."""

from __future__ import annotations

import dataclasses
import re

from orgnet.report_model import RollUp
from orgnet_reports.html import Html
from report_models import largest_drawn, organisation


def page(model: object) -> str:
    return Html().render(model).decode("utf-8")  # type: ignore[arg-type]


def test_the_top_of_the_page_says_by_which_coarser_column_it_groups() -> None:
    told = RollUp(kind="parent", by="department", into="business_unit", groups=60, into_groups=9)
    content = page(dataclasses.replace(organisation(900, 9), by="business_unit", roll_up=told))
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", content))
    assert "business_unit, 9 groups; 60 by department would be too many for one page" in said


def test_the_top_of_the_page_says_that_the_largest_are_drawn() -> None:
    said = re.sub(r"<[^>]+>", "", page(largest_drawn()))
    assert "department, 60 groups; the 25 largest are drawn" in said


def test_no_map_is_drawn_of_more_than_25() -> None:
    assert '<section id="map"' not in page(largest_drawn())


def test_all_others_are_the_sum_of_the_numbers_that_are_shown() -> None:
    model = largest_drawn()
    ranked = sorted(model.departments, key=lambda group: (-group.people, group.name))
    drawn = {group.name for group in ranked[:25]}
    name = ranked[0].name
    ties = sum(
        pair.ties
        for pair in model.pairs
        if pair.ties is not None
        and name in (pair.group_a, pair.group_b)
        and not {pair.group_a, pair.group_b} <= drawn
    )
    sentence = f"<bdi>{name}</bdi> and the others whose figures are shown:"
    found = re.findall(rf"{re.escape(sentence)} [\d.]+ times the expected ties \(([\d,]+) seen",
                       page(model))  # fmt: skip
    assert [int(number.replace(",", "")) for number in found] == [ties, ties]


def test_every_order_of_the_matrix_keeps_all_others_last() -> None:
    orders = re.search(r'"orders": ?(\{.*?\})', page(largest_drawn()))
    assert orders is not None
    lists = re.findall(r"\[([\d, ]+)\]", orders[1])
    assert len(lists) == 3
    assert all(numbers.split(",")[-1].strip() == "25" for numbers in lists)
