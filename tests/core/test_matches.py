"""Unmatched identities are suggested to a person and used once confirmed."""

from pathlib import Path

import pandas as pd
import pytest

from orgnet.errors import InputError, MissingColumnError
from orgnet.identity import Standing, resolve
from orgnet.matches import confirmed_matches, suggested_matches
from orgnet.schema import Profile

ROSTER = pd.DataFrame(
    {
        "person": ["1", "2", "3"],
        "name": ["Aya Ito", "Ben Osei", "Ben Okafor"],
        "emails": [["aya@x.example"], ["ben@x.example"], ["okafor@x.example"]],
    }
)


def standing(identity: str, **options: object) -> tuple[int, str]:
    actors = resolve([identity], [], ROSTER, **options)  # type: ignore[arg-type]
    return int(actors.actor[0]), Standing(actors.standing[actors.actor[0]]).name


def test_a_whole_name_of_a_survey_is_matched() -> None:
    assert standing("name:Ito, Aya") == (0, "PERSON")


def test_a_name_that_two_people_may_have_is_not_guessed() -> None:
    assert standing("name:Ben") == (3, "OUT_OF_SCOPE")


def test_an_address_with_the_words_of_a_name_is_suggested_and_not_used() -> None:
    sheet = suggested_matches(["aya.ito@old.example", "zoe@y.example"], [], ROSTER)

    assert sheet[["identity", "person", "confirmed"]].values.tolist() == [
        ["aya.ito@old.example", "1", ""]
    ]
    assert standing("aya.ito@old.example") == (3, "OUT_OF_SCOPE")


def test_a_display_name_of_the_export_is_suggested() -> None:
    profile = Profile(identity="slack:U9", name="Ben  OSEI")

    assert suggested_matches(["slack:U9"], [profile], ROSTER)["person"].tolist() == ["2"]


def test_who_is_matched_already_is_not_suggested() -> None:
    assert suggested_matches(["aya@x.example", "name:Aya Ito"], [], ROSTER).empty


def test_confirmed_rows_are_used(tmp_path: Path) -> None:
    sheet = tmp_path / "matches.csv"
    sheet.write_text(
        "identity,person,confirmed\naya.ito@old.example,1,yes\nslack:U9,2,\n", encoding="utf-8"
    )

    matches = confirmed_matches(sheet)

    assert matches == {"aya.ito@old.example": "1"}
    assert standing("aya.ito@old.example", matches=matches) == (0, "PERSON")


def test_a_confirmed_person_who_is_not_in_the_roster_is_refused() -> None:
    with pytest.raises(InputError, match="1 confirmed matches name a person who is not"):
        resolve(["a"], [], ROSTER, matches={"a": "99"})


def test_a_sheet_without_its_columns_is_refused(tmp_path: Path) -> None:
    sheet = tmp_path / "matches.csv"
    sheet.write_text("identity,who\na,1\n", encoding="utf-8")

    with pytest.raises(MissingColumnError, match=r"matches\.csv: no column 'person'"):
        confirmed_matches(sheet)
