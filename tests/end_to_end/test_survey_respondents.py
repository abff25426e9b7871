"""Who answered and named nobody was asked and has no tie; who did not answer is unknown."""

from pathlib import Path

import orgnet

SURVEY = (
    "id,name,email,Whom do you ask for advice?\n"
    "1,Aya Ito,aya@example.com,Ben Osei\n"
    "2,Ben Osei,ben@example.com,Aya Ito\n"
    "3,Cy Lund,cy@example.com,\n"
    "4,Di Roe,di@example.com,-\n"
)
ROSTER = (
    "id,name,email,department\n11,Aya Ito,aya@example.com,X\n12,Ben Osei,ben@example.com,X\n"
    "13,Cy Lund,cy@example.com,Y\n14,Di Roe,di@example.com,Y\n15,Eli Fox,eli@example.com,Y\n"
)


def test_respondent_who_named_nobody_is_observed_and_who_did_not_answer_is_not(
    tmp_path: Path,
) -> None:
    survey, roster = tmp_path / "survey.csv", tmp_path / "people.csv"
    survey.write_text(SURVEY, encoding="utf-8")
    roster.write_text(ROSTER, encoding="utf-8")

    network = orgnet.build_network(orgnet.read(survey), orgnet.read_people(roster))

    assert network.people["observed"].to_dict() == {
        "11": True,
        "12": True,
        "13": True,
        "14": True,
        "15": False,
    }
    assert network.groups("department").sizes.tolist() == [2, 2]


def test_without_a_roster_names_and_addresses_of_a_respondent_are_one_person(
    tmp_path: Path,
) -> None:
    survey = tmp_path / "survey.csv"
    survey.write_text(SURVEY, encoding="utf-8")

    network = orgnet.build_network(orgnet.read(survey))

    assert network.index.tolist() == [f"{who}@example.com" for who in ("aya", "ben", "cy", "di")]
    assert len(network.pairs) == 1
