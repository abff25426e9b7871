"""Thirty departments in three divisions: the report is by division and says so."""

from datetime import date

import pandas as pd
import pytest

from orgnet.analysis import Analysis, Settings, analyse
from orgnet.results import read_model


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    folder = tmp_path_factory.mktemp("many")
    people = [f"p{i:03d}" for i in range(150)]
    roster = folder / "people.csv"
    rows = [f"{who},{who}@company.example,D{i // 5:02d},V{i // 50}" for i, who in enumerate(people)]
    text = "\n".join(["id,email,department,business unit", *rows]) + "\n"
    roster.write_text(text, encoding="utf-8")
    ties = folder / "ties.csv"
    pairs = [f"{one},{two}" for i, one in enumerate(people) for two in people[i + 1 : i + 9]]
    ties.write_text("\n".join(["from,to", *pairs]) + "\n", encoding="utf-8")
    needs = folder / "needs.csv"
    needs.write_text("group_a,group_b\nD00,D01\nD09,D10\nD20,D05\n", encoding="utf-8")
    return analyse(
        [ties], people=roster, requirements=needs, out=folder / "out",
        settings=Settings(run_date=date(2026, 6, 1), key_file=folder / "test.key"),
    )  # fmt: skip


def test_the_report_is_by_the_coarser_column(analysis: Analysis) -> None:
    told = analysis.model.roll_up
    assert told is not None
    assert (told.kind, told.by, told.into) == ("parent", "department", "business_unit")
    assert analysis.model.by == "business_unit"
    assert [group.name for group in analysis.model.departments] == ["V0", "V1", "V2"]


def test_requirements_of_departments_are_told_of_divisions(analysis: Analysis) -> None:
    assert analysis.model.requirements is not None
    links = [(one.group_a, one.group_b) for one in analysis.model.requirements.links]
    assert sorted(links) == [("V0", "V1"), ("V0", "V2")]


def test_nothing_of_a_department_is_in_the_results(analysis: Analysis) -> None:
    report = analysis.files[0]
    assert "3 groups; 30 by <bdi>department</bdi>" in report.read_text(encoding="utf-8")
    for file in analysis.files[:2]:
        assert "D05" not in file.read_text(encoding="utf-8")


def test_the_folder_is_read_again_as_it_was_written(analysis: Analysis) -> None:
    assert read_model(analysis.files[0].parent).roll_up == analysis.model.roll_up


def test_people_are_stored_by_the_coarser_column(analysis: Analysis) -> None:
    table = pd.read_parquet(analysis.files[0].parent / "restricted" / "people.parquet")
    assert table["business_unit"].value_counts().to_dict() == {"V0": 50, "V1": 50, "V2": 50}
