"""The bakery from planting to paper, and what the command line says where it refuses."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from orgnet.cli import main
from orgnet.simulate import plant_bakery, write_bakery

NOT_AGREED = [person.name for person in plant_bakery().people if not person.agreed]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bakery") / "demo"
    assert main(["demo", "bakery", "--out", str(out), "--no-open"]) == 0
    return out


def report(folder: Path, roster: Path, *words: str) -> int:
    given = ["report", str(folder), "--edition", "team", "--people", str(roster)]
    return main([*given, "--project", "demo", *words])


def changed_roster(folder: Path, target: Path, **answers: str) -> Path:
    """Write the roster with other answers of some people, by given name."""
    file = folder / "exports" / "people.csv"
    rows = list(csv.reader(file.read_text(encoding="utf-8").splitlines()))
    for row in rows[1:]:
        row[-1] = answers.get(row[1].split()[0], answers.get("everybody", row[-1]))
    with target.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return target


def test_the_bakery_is_made_and_what_was_planted_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "bakery", "--out", str(tmp_path), "--no-open", "--seed", "11"]) == 0

    said = capsys.readouterr().out
    assert said.count("  found: ") == 3 and "missed" not in said
    assert str(tmp_path / "team.html") in said and str(tmp_path / "report.html") in said


def test_names_of_those_who_agreed_are_on_the_page_and_no_other(demo: Path) -> None:
    page = (demo / "team.html").read_text(encoding="utf-8")

    assert NOT_AGREED == ["Tomasz Sikora"]
    assert all(person.name in page for person in plant_bakery().people if person.agreed)
    assert not any(part in page for name in NOT_AGREED for part in name.split())
    assert "@bakery.example" not in page


def test_the_groups_edition_beside_it_names_nobody(demo: Path) -> None:
    files = [
        (demo / name).read_text(encoding="utf-8") for name in ("report.html", "diagnosis.json")
    ]

    names = [name for person in plant_bakery().people for name in person.name.split()]
    assert [name for name in names for text in files if name in text] == []


def test_the_page_is_made_again_in_another_language(demo: Path, tmp_path: Path) -> None:
    assert report(demo, demo / "exports" / "people.csv", "--language", "de") == 0

    assert "Drei Gespräche zum Anfangen" in (demo / "team.html").read_text(encoding="utf-8")


def test_who_no_longer_agrees_is_gone_from_the_page(demo: Path, tmp_path: Path) -> None:
    roster = changed_roster(demo, tmp_path / "people.csv", Mia="no")

    assert report(demo, roster) == 0
    assert "Mia" not in (demo / "team.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"everybody": ""}, "the roster has no column 'agreed'"),
        ({"Mia": "no", "Ben": "no"}, "9 of 12 people agreed to be shown by name (75%)"),
    ],
)
def test_without_agreement_it_is_refused_as_wrong_data(
    demo: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    answers: dict[str, str],
    said: str,
) -> None:
    before = (demo / "team.html").read_bytes()

    assert report(demo, changed_roster(demo, tmp_path / "people.csv", **answers)) == 1
    assert said in capsys.readouterr().err
    assert (demo / "team.html").read_bytes() == before


def test_without_a_roster_it_is_refused_as_wrong_use(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(demo), "--edition", "team"]) == 2
    assert "give the roster with the column 'agreed' with --people" in capsys.readouterr().err


def test_another_key_is_told(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "other.key"
    key.write_text("00" * 32, encoding="ascii")

    assert report(demo, demo / "exports" / "people.csv", "--key", str(key)) == 1
    assert "nobody of its 12 people is in these results" in capsys.readouterr().err


def test_the_same_bakery_gives_the_same_files(tmp_path: Path) -> None:
    one, other = (write_bakery(plant_bakery(seed=3), tmp_path / name) for name in "ab")

    assert [path.read_bytes() for path in one.values()] == [
        path.read_bytes() for path in other.values()
    ]
