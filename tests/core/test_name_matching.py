"""Names that people write, matched with the roster or left for somebody to confirm."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orgnet.name_matching import COLUMNS, match_names, plain_name

PEOPLE = pd.DataFrame(
    {
        "person": ["0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008"],
        "name": [
            "Aya Ito",
            "Ben Osei",
            "Ben Okafor",
            "Jürgen Müller-Brandt",
            "Robert Lindqvist",
            "Maria Silva",
            "Maria Silva",
            "Front Desk",
        ],
        "emails": [
            ["aya.ito@example.com", "a.ito@example.com"],
            ["ben.osei@example.com"],
            ["ben.okafor@example.com"],
            ["jm@example.com"],
            ["robert@example.com"],
            ["maria.silva@example.com"],
            ["maria.silva2@example.com"],
            ["desk@example.com"],
        ],
        "aliases": [["slack:U1", "aito"], [], [], [], [], [], [], []],
        "kind": ["person"] * 7 + ["shared"],
    }
)


def match(name: str) -> dict[str, Any]:
    (row,) = match_names([name], PEOPLE).to_dict("records")
    return row


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("  Aya   ITO ", "aya ito"),
        ("Ito, Aya", "aya ito"),
        ("Prof. Dr. Ito, Aya", "aya ito"),
        ("Aya Ito, PhD", "aya ito"),
        ("Ayá Itö (Sales)", "aya ito"),
        ("O’Brien, Siobhán", "siobhan obrien"),
        ("Łukasz Żak", "lukasz zak"),
        ("\ufb01ona ito", "fiona ito"),
        ("name:aya ito", "aya ito"),
        ("伊藤 彩", "伊藤 彩"),
        ("Dr", "dr"),
        ("- . -", ""),
    ],
)
def test_names_are_reduced_to_their_words(written: str, plain: str) -> None:
    assert plain_name(written) == plain


@pytest.mark.parametrize(
    ("written", "person", "how"),
    [
        ("0001", "0001", "id"),
        ("AITO", "0001", "id"),
        ("slack:U1", "0001", "id"),
        ("A.Ito@example.com", "0001", "address"),
        ("aya.ito+survey@example.com", "0001", "address"),
        ("Somebody Else <ben.osei@example.com>", "0002", "address"),
        ("aya ito", "0001", "exact"),
        ("Ito Aya", "0001", "exact"),
        ("Osei, Ben", "0002", "exact"),
        ("Dr. Jurgen Muller Brandt", "0004", "exact"),
        ("Robert Lindquist", "0005", "fuzzy"),
        ("Lindqvist, Rober", "0005", "fuzzy"),
        ("name:ben osei", "0002", "exact"),
    ],
)
def test_name_that_can_mean_one_person_only_is_matched(written: str, person: str, how: str) -> None:
    found = match(written)

    assert (found["person"], found["how"]) == (person, how)
    assert found["candidates"] == ()
    assert found["score"] >= 90


@pytest.mark.parametrize(
    ("written", "candidates"),
    [
        ("Ben", {"0002", "0003"}),
        ("Aya", {"0001"}),
        ("Bob Lindqvist", {"0005"}),
        ("B. Osei", {"0002"}),
        ("Maria Silva", {"0006", "0007"}),
        ("Maria Silvia", {"0006", "0007"}),
        ("Ben O.", {"0002", "0003"}),
    ],
)
def test_name_that_may_mean_several_is_left_to_be_confirmed(
    written: str, candidates: set[str]
) -> None:
    found = match(written)

    assert found["person"] is None
    assert found["how"] is None
    assert candidates <= set(found["candidates"])


@pytest.mark.parametrize(
    "written", ["my manager", "HR team", "-", "", "zz@example.com", "Front Desk"]
)
def test_name_that_is_like_nobodys_has_no_candidates(written: str) -> None:
    found = match(written)

    assert (found["person"], found["how"], found["candidates"]) == (None, None, ())


def test_namesakes_are_told_apart_by_address() -> None:
    assert match("maria.silva2@example.com")["person"] == "0007"


def test_close_second_keeps_a_likely_match_from_being_accepted() -> None:
    people = pd.DataFrame({"person": ["1", "2"], "name": ["Christina Berg", "Christine Berg"]})

    (found,) = match_names(["Christin Berg"], people).to_dict("records")

    assert found["score"] >= 90
    assert found["person"] is None
    assert set(found["candidates"]) == {"1", "2"}


def test_one_word_is_no_full_name_where_others_have_it_too() -> None:
    people = pd.DataFrame({"person": ["1", "2", "3"], "name": ["Ben", "Ben Osei", "Aya"]})

    found = match_names(["Ben", "Aya"], people)

    assert found["person"].tolist() == [None, "3"]
    assert found["candidates"].tolist() == [("1", "2"), ()]


def test_two_forms_of_one_persons_name_do_not_compete() -> None:
    people = pd.DataFrame({"person": ["1", "2"], "name": ["Christina Berg", "Ben Osei"]})

    (found,) = match_names(["Christina Bergg"], people).to_dict("records")

    assert (found["person"], found["how"]) == ("1", "fuzzy")


def test_ids_that_differ_in_capitals_are_found_exactly_or_not_at_all() -> None:
    people = pd.DataFrame({"person": ["ab", "AB"]})

    found = match_names(["AB", "Ab"], people)

    assert found["person"].tolist() == ["AB", None]
    assert found["candidates"].tolist() == [(), ("ab", "AB")]


def test_repeated_names_are_answered_once_in_order() -> None:
    found = match_names(["Ben Osei", "Aya Ito", "Ben Osei"], PEOPLE)

    assert found["name"].tolist() == ["Ben Osei", "Aya Ito"]


def test_no_names_give_an_empty_table_with_its_columns() -> None:
    found = match_names([], PEOPLE)

    assert tuple(found.columns) == COLUMNS
    assert len(found) == 0


def test_roster_without_names_matches_ids_alone() -> None:
    found = match_names(["7", "Aya Ito"], pd.DataFrame({"person": [7, 8]}))

    assert found["person"].tolist() == ["7", None]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=12), max_size=6))
def test_whatever_is_written_is_answered_once(names: list[str]) -> None:
    found = match_names(names, PEOPLE)

    assert found["name"].tolist() == list(dict.fromkeys(names))
    assert set(found["person"].dropna()) <= set(PEOPLE["person"])
    assert found["score"].between(0, 100).all()
    assert (found["person"].isna() == found["how"].isna()).all()


@given(st.text(max_size=20))
def test_plain_name_of_a_plain_name_is_itself(text: str) -> None:
    assert plain_name(plain_name(text)) == plain_name(text)
