"""What survey answers are taken for: names, scales, ticks, and the questions above them."""

import pytest

from orgnet_connectors.survey_headings import asks_for_people, own_column, tidy
from orgnet_connectors.survey_names import (
    NameSplitter,
    key_of,
    looks_like_a_name,
    names_nobody,
    person_identity,
    plain,
)
from orgnet_connectors.survey_scales import find_scale, is_no_answer, ticks_of

KNOWN = frozenset(map(key_of, ["Aya Ito", "Ben Osei", "Cy Lund", "Dana Roux"]))


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        (["Aya Ito;Ben Osei;"], ["Aya Ito", "Ben Osei"]),
        (["Aya Ito, Ben Osei, Elio Sanna"], ["Aya Ito", "Ben Osei", "Elio Sanna"]),
        (["Ito, Aya,Osei, Ben,Sanna, Elio"], ["Ito, Aya", "Osei, Ben", "Sanna, Elio"]),
        (["Ito, Aya, Osei, Ben, Sanna, Elio"], ["Ito, Aya", "Osei, Ben", "Sanna, Elio"]),
        (["Aya Ito,Ben Osei"], ["Aya Ito", "Ben Osei"]),
        (["Aya Ito and Ben Osei"], ["Aya Ito", "Ben Osei"]),
        (["Aya Ito & Ben Osei / Cy Lund"], ["Aya Ito", "Ben Osei", "Cy Lund"]),
        (["1. Aya Ito\n2. Ben Osei\r\n- Cy Lund"], ["Aya Ito", "Ben Osei", "Cy Lund"]),
        (["Alexandra Andersen"], ["Alexandra Andersen"]),
        (["Aya, Ben, Cy"], ["Aya", "Ben", "Cy"]),
        (["n/a"], []),
        (["-"], []),
        ([""], []),
    ],
)
def test_cells_are_cut_into_names(cells: list[str], names: list[str]) -> None:
    splitter = NameSplitter(cells, KNOWN)

    assert [name for cell in cells for name in splitter(cell)] == names


def test_commas_of_which_nothing_shows_what_they_do_are_told() -> None:
    splitter = NameSplitter(["Sanna, Elio", "Berg, Fia"], frozenset())

    assert splitter.undecided
    assert splitter.last_name_first
    assert splitter("Sanna, Elio") == ["Sanna, Elio"]


def test_lists_of_first_names_of_odd_length_are_no_last_names() -> None:
    splitter = NameSplitter(["Elio, Fia", "Elio, Fia, Gro"], frozenset())

    assert not splitter.last_name_first
    assert splitter("Elio, Fia") == ["Elio", "Fia"]


def test_box_for_one_name_keeps_its_comma() -> None:
    splitter = NameSplitter(["Sanna, Elio", "Fia Berg, Gro Dahl"], frozenset(), one_each=True)

    assert splitter("Sanna, Elio") == ["Sanna, Elio"]
    assert splitter("Fia Berg, Gro Dahl") == ["Fia Berg", "Gro Dahl"]


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("Ito, Aya", "name:aya ito"),
        ("  AYA\u00a0 Ito ", "name:aya ito"),
        ("Aya Ito (Sales)", "name:aya ito"),
        ("Renée O’Hara-Ito", "name:renee ohara ito"),
        ("aya.ITO@example.com", "aya.ito@example.com"),
        ("Aya Ito <aya@example.com>", "aya@example.com"),
        ("Aya Ito (aya@example.com)", "aya@example.com"),
        ("0012", "0012"),
        ("12.0", "12"),
        ("99", "99"),
        ("E-0012", "E-0012"),
        ("jdoe", "jdoe"),
        ("-99", ""),
        ("Niemand", ""),
        ("???", ""),
    ],
)
def test_identity_of_whom_a_text_names(text: str, identity: str) -> None:
    assert person_identity(text, frozenset({"jdoe"})) == identity


def test_last_name_first_is_turned_once_only() -> None:
    assert plain("Ito, Aya, PhD") == "ito aya phd"
    assert plain("Ito,") == "ito"


@pytest.mark.parametrize(
    "text", ["Aya Ito", "Ito, Aya", "Ludwig van der Berg", "Anne-Marie O'Hara", "J. R. Osei"]
)
def test_full_names_look_like_names(text: str) -> None:
    assert looks_like_a_name(text, full=True)


@pytest.mark.parametrize(
    "text",
    [
        *("Sales", "Google Docs", "Our goals are clear", "It is fine.", "4", "Q1", "my manager"),
        *("Never", "North America Sales", "I like it a lot here", "", "a, b, c"),
    ],
)
def test_other_texts_look_like_no_full_name(text: str) -> None:
    assert not looks_like_a_name(text, full=True)


@pytest.mark.parametrize("text", ["n/a", "None", "nobody", "keine", "personne", "-99", "", "—"])
def test_words_for_nobody_name_nobody(text: str) -> None:
    assert names_nobody(text)


@pytest.mark.parametrize(
    "text",
    [
        "Who do you go to for advice?",
        "List the colleagues you work with",
        "Wen fragen Sie um Rat?",
        "Mit wem arbeiten Sie zusammen?",
        "Vers qui vous tournez-vous ?",
        "¿A quién pide consejo?",
        "Con chi lavori di più?",
        "Met wie werk je samen?",
        "A quem pede conselhos?",
        "Kogo pytasz o radę?",
        "Name up to five",
    ],
)
def test_questions_for_people_are_known_in_eight_languages(text: str) -> None:
    assert asks_for_people(text)


@pytest.mark.parametrize(
    "text",
    [
        *("What is your team?", "Who is your manager?", "Our goals are clear", "How often?"),
        *("Wie oft?", "What is the name of your department?", "Who is your direct supervisor?"),
    ],
)
def test_other_questions_ask_for_nobody(text: str) -> None:
    assert not asks_for_people(text)


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("What is your name?", "name"),
        ("E-mail:", "email"),
        ("Employee ID", "id"),
        ("Vorname", "first"),
        ("Name of your manager", None),
        ("Your team", None),
    ],
)
def test_columns_of_the_respondent_are_known_by_heading(heading: str, column: str | None) -> None:
    assert own_column(heading) == column


def test_headings_lose_what_is_no_text() -> None:
    assert tidy("<p>Who&amp;how,\u00a0${m://FirstName}\n?</p>") == "Who&how, ?"
    assert tidy("a < b") == "a < b"


@pytest.mark.parametrize(
    ("answers", "kind", "values"),
    [
        (["1", "5", ""], "numbers", [1.0, 5.0, None]),
        (["5 - Strongly agree", "1 - Strongly disagree"], "numbers", [5.0, 1.0]),
        (["Strongly agree", "Neutral", "Disagree"], "agreement", [5.0, 3.0, 2.0]),
        (["Somewhat agree", "Strongly disagree"], "agreement", [4.0, 1.0]),
        (["Strongly agree", "Agree", "Somewhat agree"], "agreement", [7.0, 6.0, 5.0]),
        (["Stimme voll und ganz zu", "Stimme nicht zu"], "agreement", [5.0, 2.0]),
        (["Tout à fait d'accord", "Pas d’accord"], "agreement", [5.0, 2.0]),
        (["Muy de acuerdo", "En desacuerdo"], "agreement", [5.0, 2.0]),
        (["Never", "weekly", "DAILY", "Don't know"], "frequency", [0.0, 3.0, 5.0, None]),
        (["Nie", "Täglich", "weiß nicht"], "frequency", [0.0, 5.0, None]),
        (["Very satisfied", "Dissatisfied"], "satisfaction", [5.0, 2.0]),
        (["To a great extent", "Not at all"], "extent", [4.0, 1.0]),
    ],
)
def test_answers_on_a_known_scale_become_numbers(
    answers: list[str], kind: str, values: list[float | None]
) -> None:
    scale = find_scale(answers)

    assert scale is not None
    assert scale.kind == kind
    assert [scale.value(answer) for answer in answers] == values


@pytest.mark.parametrize(
    "answers",
    [
        [],
        ["", "-99"],
        ["Sales"],
        ["11"],
        ["1.5", "2"],
        ["-1"],
        ["Agree", "Sales", "Support"],
        ["inf"],
    ],
)
def test_other_answers_are_on_no_scale(answers: list[str]) -> None:
    assert find_scale(answers) is None


def test_dont_know_is_no_middle() -> None:
    assert all(map(is_no_answer, ["Don't know", "N/A", "Prefer not to say", "keine Angabe"]))
    assert not is_no_answer("Neither agree nor disagree")


@pytest.mark.parametrize(
    "cells",
    [
        [{"Aya Ito"}, {"", "Ben Osei"}],
        [{"1", "0"}, {"1"}],
        [{"1"}, {"2"}],
        [{"x"}, {"-"}],
        [{"Yes", "No"}, {"No"}],
    ],
)
def test_ticks_are_told_from_scales(cells: list[set[str]]) -> None:
    assert ticks_of(list(zip(["Aya Ito", "Ben Osei"], cells, strict=True)))


@pytest.mark.parametrize("cells", [[{"1", "2"}, {"2"}], [{"Daily"}, set()], [{""}, set()]])
def test_scales_are_no_ticks(cells: list[set[str]]) -> None:
    assert ticks_of(list(zip(["Aya Ito", "Ben Osei"], cells, strict=True))) is None
