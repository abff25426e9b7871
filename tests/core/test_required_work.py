"""Requirements from a file: tables, and event logs whose handovers say who needs whom."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from orgnet.analysis import Settings, analyse
from orgnet.disclosure import DisclosurePolicy
from orgnet.errors import InputError, UnreadableFileError
from orgnet.required_work import read_required_work

PEOPLE = pd.DataFrame(
    {
        "person": ["1", "2", "3", "4"],
        "name": [None] * 4,
        "emails": [[f"{who}@company.example"] for who in ("aya", "ben", "cy", "dee")],
        "aliases": [["aya"], [], [], []],
        "department": ["Sales", "Sales", "Legal", "Ops"],
        "kind": ["person"] * 4,
    }
)


def log(tmp_path: Path, *cases: str) -> Path:
    """One case an argument: the resources that worked on it, one a day, separated by blanks."""
    lines = ["case_id;activity;timestamp;org:resource"]
    for number, case in enumerate(cases):
        lines += [
            f"{number};check;2026-03-{day:02d} 09:00:00;{who}"
            for day, who in enumerate(case.split(), start=2)
        ]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_handovers_are_counted_between_departments(tmp_path: Path) -> None:
    path = log(tmp_path, "aya 3 4", "cy@company.example 2", "1 2")
    work = read_required_work(path, PEOPLE, by="department")

    assert work.table.to_numpy().tolist() == [["Legal", "Ops", 1.0], ["Legal", "Sales", 2.0]]
    assert work.left_out == 0


def test_handovers_of_people_who_are_not_known_are_counted_and_not_named(tmp_path: Path) -> None:
    work = read_required_work(log(tmp_path, "1 3", "3 zoe 4"), PEOPLE, by="department")

    assert work.table.to_numpy().tolist() == [["Legal", "Sales", 1.0]]
    assert work.left_out == 2


def test_a_log_of_strangers_is_refused_without_their_names(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none of 2 handovers is between two people") as caught:
        read_required_work(log(tmp_path, "zoe yan xu"), PEOPLE, by="department")
    assert "zoe" not in str(caught.value)


def test_a_table_is_read_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "needs.csv"
    path.write_text("objective,department\nlaunch,Ops\nlaunch,Sales\n", encoding="utf-8")
    work = read_required_work(path, PEOPLE, by="department")
    assert work.table["department"].tolist() == ["Ops", "Sales"]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="cannot be read as a table"):
        read_required_work(tmp_path / "needs.csv", PEOPLE, by="department")


def organisation(tmp_path: Path) -> tuple[Path, Path]:
    """Three departments of five in a ring of contact, as a roster and a list of ties."""
    names = [f"{d}{i}" for d in "abc" for i in range(5)]
    roster = tmp_path / "people.csv"
    rows = [f"{name},{name}@company.example,{name[0].upper()}" for name in names]
    roster.write_text("\n".join(["id,email,department", *rows]) + "\n", encoding="utf-8")
    ties = tmp_path / "ties.csv"
    pairs = [(one, two) for i, one in enumerate(names) for two in names[i + 1 : i + 6]]
    ties.write_text(
        "\n".join(["from,to", *(f"{one},{two}" for one, two in pairs)]) + "\n", encoding="utf-8"
    )
    return roster, ties


def settings(tmp_path: Path) -> Settings:
    return Settings(
        policy=DisclosurePolicy(minimum_group=3),
        run_date=date(2026, 6, 1),
        key_file=tmp_path / "test.key",
    )


def test_an_event_log_gives_the_requirements_of_a_report(tmp_path: Path) -> None:
    roster, ties = organisation(tmp_path)
    found = analyse(
        [ties], people=roster, requirements=log(tmp_path, "a1 b1", "a2 c4", "b2 zoe"),
        out=tmp_path / "out", settings=settings(tmp_path),
    )  # fmt: skip
    assert found.model.requirements is not None
    links = [(one.group_a, one.group_b) for one in found.model.requirements.links]
    assert sorted(links) == [("A", "B"), ("A", "C")]
    assert ("handovers_left_out", (("rows", 1),)) in found.model.notices
    assert "Required and actual" in found.files[0].read_text(encoding="utf-8")


def test_a_log_cannot_be_contact_and_requirement_at_once(tmp_path: Path) -> None:
    roster, _ = organisation(tmp_path)
    path = log(tmp_path, "a1 b1 c1")
    with pytest.raises(InputError, match="both the contact and what is required of it"):
        analyse(
            [path], people=roster, requirements=path,
            out=tmp_path / "out", settings=settings(tmp_path),
        )  # fmt: skip
    assert not (tmp_path / "out").exists()
