"""Exports of the survey tools, written as the tools write them."""

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from orgnet.errors import AmbiguousInputError, UnknownFormatError, UnreadableFileError
from orgnet.plugins import connectors
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.survey_google_forms import GoogleFormsSurvey
from orgnet_connectors.survey_matrix import SurveyMatrix
from orgnet_connectors.survey_microsoft_forms import MicrosoftFormsSurvey
from orgnet_connectors.survey_monkey import SurveyMonkeySurvey
from orgnet_connectors.survey_qualtrics import QualtricsSurvey
from orgnet_connectors.survey_table import SurveyTable
from orgnet_connectors.survey_typeform import TypeformSurvey
from support import shared

ALL: list[Connector] = [
    GoogleFormsSurvey(),
    MicrosoftFormsSurvey(),
    QualtricsSurvey(),
    SurveyMatrix(),
    SurveyMonkeySurvey(),
    SurveyTable(),
    TypeformSurvey(),
]
AYA, BEN, CY = "aya.ito@example.com", "ben.osei@example.com", "cy.lund@example.com"
Rows = list[dict[str, Any]]


def written(path: Path, rows: Sequence[Sequence[str]], *, delimiter: str = ",", **how: Any) -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(how.get("encoding", "utf-8")))
    return path


def read(reader: Connector, path: Path, **options: Any) -> tuple[Rows, Ledger]:
    ledger = Ledger()
    batches = list(reader.read(Source(path), ReadOptions(**options), ledger))
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert ledger.interactions == len(rows)
    assert ledger.read == ledger.kept + ledger.skipped.total()
    assert {(row["channel"], row["kind"], row["recipients"]) for row in rows} <= {
        ("survey", "nomination", 1)
    }
    return rows, ledger


def named(rows: Rows, question: str) -> list[tuple[str, str, float | None]]:
    return [
        (row["sender"].partition("@")[0], row["recipient"], row["value"])
        for row in rows
        if row["thread"] == question
    ]


# Qualtrics ---------------------------------------------------------------------------------------

METADATA = {
    "StartDate": "2026-03-02 08:00:00",
    "EndDate": "2026-03-02 08:05:00",
    "Status": "IP Address",
    "IPAddress": "192.0.2.9",
    "Progress": "100",
    "Duration (in seconds)": "300",
    "Finished": "True",
    "RecordedDate": "2026-03-02 08:05:01",
    "ResponseId": "",
    "RecipientLastName": "",
    "RecipientFirstName": "",
    "RecipientEmail": "",
    "ExternalReference": "",
    "LocationLatitude": "48.1",
    "LocationLongitude": "2.1",
    "DistributionChannel": "email",
    "UserLanguage": "DE",
}
PEOPLE = {AYA: ("Aya", "Ito"), BEN: ("Ben", "Osei"), CY: ("Cy", "Lund")}


def qualtrics(
    columns: dict[str, str], *answers: dict[str, str], imports: dict[str, str] | None = None
) -> list[list[str]]:
    """Three rows of headings and one row an answer; `columns` maps names to question texts."""
    names = [*METADATA, *columns]
    texts = [*(f"Übersetzt {name}" for name in METADATA), *columns.values()]
    ids = [
        *METADATA,
        *((imports or {}).get(name, name.replace("Q", "QID", 1)) for name in columns),
    ]
    rows = [names, texts, [json.dumps({"ImportId": i}, separators=(",", ":")) for i in ids]]
    for number, answer in enumerate(answers):
        first, last = PEOPLE.get(answer.get("RecipientEmail", ""), ("", ""))
        filled = {
            **METADATA,
            "ResponseId": f"R_{number}",
            "RecipientFirstName": first,
            "RecipientLastName": last,
            **answer,
        }
        rows.append([filled.get(name, "") for name in names])
    return rows


def test_qualtrics_column_of_joined_names_is_cut_where_known_names_end(tmp_path: Path) -> None:
    rows = qualtrics(
        {"Q1": "Who do you ask for advice?\n<b>(select all)</b>"},
        {"RecipientEmail": AYA, "Q1": "Osei, Ben,Lund, Cy"},
        {"RecipientEmail": BEN, "Q1": "Ito, Aya"},
        {"RecipientEmail": CY, "Q1": "Ito, Aya,Roux, Dana,Osei, Ben"},
    )

    found, ledger = read(QualtricsSurvey(), written(tmp_path / "q.csv", rows))

    assert named(found, "who_do_you_ask_for_advice_select_all") == [
        ("aya.ito", "name:ben osei", None),
        ("aya.ito", "name:cy lund", None),
        ("ben.osei", "name:aya ito", None),
        ("cy.lund", "name:aya ito", None),
        ("cy.lund", "name:dana roux", None),
        ("cy.lund", "name:ben osei", None),
    ]
    assert ledger.respondents == {AYA, BEN, CY}
    assert ledger.profiles[AYA].name == "Aya Ito"
    assert ledger.profiles[AYA].aliases == ("name:aya ito",)
    assert ledger.profiles["name:dana roux"].name == "Roux, Dana"


def test_qualtrics_split_columns_and_text_of_other_are_nominations(tmp_path: Path) -> None:
    question = "Whom do you turn to for help? - Selected Choice"
    rows = qualtrics(
        {
            "Q5_1": f"{question} - Ito, Aya",
            "Q5_2": f"{question} - Osei, Ben",
            "Q5_9": f"{question} - Other",
            "Q5_9_TEXT": "Whom do you turn to for help? - Other - Text",
            "Q5_DO_1": "Whom do you turn to for help? - Display Order - Ito, Aya",
            "Q6_Page Submit": "Timing - Page Submit",
        },
        {"RecipientEmail": BEN, "Q5_1": "Ito, Aya", "Q5_DO_1": "2", "Q6_Page Submit": "3.1"},
        {"RecipientEmail": AYA, "Q5_2": "Osei, Ben", "Q5_9": "Other", "Q5_9_TEXT": "Cy Lund"},
        {"RecipientEmail": CY},
    )

    found, ledger = read(QualtricsSurvey(), written(tmp_path / "q.csv", rows))

    assert sorted((row["sender"], row["recipient"]) for row in found) == [
        (AYA, "name:ben osei"),
        (AYA, "name:cy lund"),
        (BEN, "name:aya ito"),
    ]
    assert {"Q5_DO_1", "Q6_Page Submit"} <= ledger.dropped_unread


def test_qualtrics_matrix_of_colleagues_keeps_the_ratings(tmp_path: Path) -> None:
    question = "How often do you talk with"
    rows = qualtrics(
        {"Q7_1": f"{question} - Ito, Aya", "Q7_2": f"{question} - Osei, Ben"},
        {"RecipientEmail": AYA, "Q7_1": "-99", "Q7_2": "Several times a week"},
        {"RecipientEmail": BEN, "Q7_1": "Never", "Q7_2": ""},
        {"RecipientEmail": CY, "Q7_1": "Daily", "Q7_2": "Don't know"},
    )

    found, ledger = read(QualtricsSurvey(), written(tmp_path / "q.csv", rows))

    assert named(found, "how_often_do_you_talk_with") == [
        ("aya.ito", "name:ben osei", 4.0),
        ("cy.lund", "name:aya ito", 5.0),
    ]
    assert ledger.respondents == {AYA, BEN, CY}
    assert ledger.answers == []


def test_qualtrics_matrix_of_people_by_relations_is_one_question_a_relation(tmp_path: Path) -> None:
    question = "Who gives you what?"
    rows = qualtrics(
        {
            "Q9_1_1": f"{question} - Ito, Aya - Advice",
            "Q9_1_2": f"{question} - Ito, Aya - Energy",
            "Q9_2_1": f"{question} - Osei, Ben - Advice",
            "Q9_2_2": f"{question} - Osei, Ben - Energy",
        },
        {"RecipientEmail": AYA, "Q9_2_1": "1"},
        {"RecipientEmail": BEN, "Q9_1_1": "1", "Q9_1_2": "1"},
    )

    found, _ = read(QualtricsSurvey(), written(tmp_path / "q.csv", rows))

    assert named(found, "who_gives_you_what:advice") == [
        ("aya.ito", "name:ben osei", None),
        ("ben.osei", "name:aya ito", None),
    ]
    assert named(found, "who_gives_you_what:energy") == [("ben.osei", "name:aya ito", None)]


def test_qualtrics_text_boxes_hold_names_as_people_type_them(tmp_path: Path) -> None:
    rows = qualtrics(
        {"Q3_1": "Name up to two - 1", "Q3_2": "Name up to two - 2"},
        {"RecipientEmail": AYA, "Q3_1": "Ben", "Q3_2": "1. Dana Roux\n2. cy lund"},
        {"RecipientEmail": BEN, "Q3_1": "Aya Ito", "Q3_2": "my manager"},
        {"RecipientEmail": CY, "Q3_1": "n/a", "Q3_2": "-"},
    )

    found, ledger = read(QualtricsSurvey(), written(tmp_path / "q.csv", rows))

    assert named(found, "name_up_to_two") == [
        ("aya.ito", "name:ben", None),
        ("aya.ito", "name:dana roux", None),
        ("aya.ito", "name:cy lund", None),
        ("ben.osei", "name:aya ito", None),
        ("ben.osei", "name:my manager", None),
    ]
    assert CY in ledger.respondents


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("Survey Preview", "preview"),
        ("1", "preview"),
        ("Survey Test", "preview"),
        ("2", "preview"),
        ("spam", "spam"),
        ("8", "spam"),
        ("Umfragevorschau", "preview"),
    ],
)
def test_qualtrics_previews_and_spam_are_skipped(tmp_path: Path, status: str, reason: str) -> None:
    rows = qualtrics(
        {"Q1": "Who do you ask?"},
        {"RecipientEmail": AYA, "Q1": "Ben Osei"},
        {"RecipientEmail": BEN, "Q1": "Aya Ito", "Status": status},
    )

    found, ledger = read(QualtricsSurvey(), written(tmp_path / "q.csv", rows))

    assert ledger.skipped == {reason: 1}
    assert ledger.respondents == {AYA}
    assert len(found) == 1


def test_qualtrics_unfinished_answers_are_kept_and_empty_ones_are_not(tmp_path: Path) -> None:
    rows = qualtrics(
        {"Q1": "Who do you ask?"},
        {"RecipientEmail": AYA, "Q1": "Ben Osei", "Finished": "False", "Progress": "40"},
        {"RecipientEmail": BEN, "Q1": "", "Finished": "False", "Progress": "1"},
        {"RecipientEmail": CY, "Q1": ""},
    )

    _, ledger = read(QualtricsSurvey(), written(tmp_path / "q.csv", rows))

    assert ledger.respondents == {AYA, CY}
    assert ledger.skipped == {"no_answer": 1}
    assert "1 unfinished answers are kept" in ledger.ambiguous


def test_last_finished_answer_of_a_respondent_counts(tmp_path: Path) -> None:
    rows = qualtrics(
        {"Q1": "Who do you ask?"},
        {"RecipientEmail": AYA, "Q1": "Ben Osei"},
        {"RecipientEmail": "AYA.ITO@example.com", "Q1": "Cy Lund"},
        {"RecipientEmail": AYA, "Q1": "Dana Roux", "Finished": "False"},
        {"RecipientEmail": BEN, "Q1": "Cy Lund"},
    )

    found, ledger = read(QualtricsSurvey(), written(tmp_path / "q.csv", rows))

    assert named(found, "who_do_you_ask")[0] == ("aya.ito", "name:cy lund", None)
    assert len(found) == 2
    assert ledger.skipped == {"duplicate": 2}


def test_qualtrics_numbers_in_place_of_choices_are_not_taken_for_ids(tmp_path: Path) -> None:
    coded = {"Status": "0", "Finished": "1"}
    rows = qualtrics(
        {"Q1": "Who do you ask for advice?", "Q2": "Who helps you?", "Q3": "Your gender"},
        {"RecipientEmail": AYA, "Q1": "1,4,9", "Q2": "Ben Osei", "Q3": "1", **coded},
        {"RecipientEmail": BEN, "Q1": "2", "Q2": "Aya Ito", "Q3": "2", **coded},
    )

    found, ledger = read(QualtricsSurvey(), written(tmp_path / "q.csv", rows))

    assert {row["thread"] for row in found} == {"who_helps_you"}
    assert ledger.answers == []
    assert any("'Who do you ask for advice?' holds the numbers" in n for n in ledger.ambiguous)


def test_rated_colleagues_need_a_threshold_where_nobody_says_never(tmp_path: Path) -> None:
    rows = qualtrics(
        {"Q7_1": "Rate - Ito, Aya", "Q7_2": "Rate - Osei, Ben"},
        {"RecipientEmail": AYA, "Q7_2": "4"},
        {"RecipientEmail": BEN, "Q7_1": "1"},
    )
    path = written(tmp_path / "q.csv", rows)

    with pytest.raises(AmbiguousInputError) as caught:
        read(QualtricsSurvey(), path)
    found, _ = read(QualtricsSurvey(), path, tie_from=2.0)

    assert str(caught.value) == (
        "q.csv: 'Rate' runs from 1 to 4, and 1 may mean 'never'; "
        "say from which value on an answer is a tie, e.g. --tie-from 2"
    )
    assert named(found, "rate") == [("aya.ito", "name:ben osei", 4.0)]


def test_attitudes_become_answers_and_free_text_nothing(tmp_path: Path) -> None:
    rows = qualtrics(
        {
            "Q1": "Who do you ask?",
            "Q4_1": "How do you see it? - Our goals are clear",
            "Q4_2": "How do you see it? - I trust my team",
            "Q6": "What would you change?",
            "Q8": "How old are you?",
        },
        {
            "RecipientEmail": AYA,
            "Q1": "Ben Osei",
            "Q4_1": "Strongly agree",
            "Q4_2": "Somewhat disagree",
            "Q6": "Ask Ben Osei why he is never there.",
            "Q8": "4",
        },
        {"RecipientEmail": BEN, "Q4_1": "Don't know", "Q4_2": "Strongly disagree", "Q8": "5"},
    )

    _, ledger = read(QualtricsSurvey(), written(tmp_path / "q.csv", rows))

    assert [(a.person, a.item, a.value) for a in ledger.answers] == [
        (AYA, "How do you see it? – Our goals are clear", 5.0),
        (AYA, "How do you see it? – I trust my team", 2.0),
        (BEN, "How do you see it? – I trust my team", 1.0),
    ]
    assert ledger.answers_table().num_rows == 3
    assert {"What would you change?", "How old are you?"} <= ledger.dropped_unread
    assert "never there" not in repr(ledger)


def test_legacy_qualtrics_with_two_rows_of_headings(tmp_path: Path) -> None:
    rows = [
        [*(f"V{n}" for n in range(1, 11)), "Q1", "LocationLatitude", ""],
        [
            *("ResponseID", "ResponseSet", "Name", "ExternalDataReference", "EmailAddress"),
            *("IPAddress", "Status", "StartDate", "EndDate", "Finished"),
            *("Who do you ask?", "LocationLatitude", ""),
        ],
        [
            *("R_1", "Default", "Aya Ito", "E-1", AYA, "192.0.2.1", "0"),
            *("2016-07-18 08:28:09", "2016-07-18 08:29:09", "1", "Ben Osei; Cy Lund", "47.1", ""),
        ],
        [
            *("R_2", "Default", "Anonym", "", "", "192.0.2.1", "0"),
            *("2016-07-18 08:28:09", "2016-07-18 08:29:09", "1", "Ben Osei", "47.1", ""),
        ],
    ]
    path = written(tmp_path / "q.csv", rows, encoding="utf-8-sig")

    found, ledger = read(QualtricsSurvey(), path)

    assert "2017" in (QualtricsSurvey().recognise(Source(path)) or "")
    assert named(found, "who_do_you_ask") == [
        ("aya.ito", "name:ben osei", None),
        ("aya.ito", "name:cy lund", None),
    ]
    assert ledger.skipped == {"no_sender": 1}
    assert ledger.first is not None
    assert ledger.first.isoformat() == "2016-07-18T08:29:09+00:00"


def test_anonymous_survey_says_that_no_tie_comes_of_it(tmp_path: Path) -> None:
    rows = qualtrics({"Q1": "Who do you ask?"}, {"Q1": "Ben Osei"}, {"Q1": "Aya Ito"})

    found, ledger = read(QualtricsSurvey(), written(tmp_path / "q.csv", rows))

    assert found == []
    assert ledger.skipped == {"no_sender": 2}
    assert any("anonymous" in note for note in ledger.ambiguous)


def test_tab_separated_qualtrics_in_utf16_and_zipped_is_read(tmp_path: Path) -> None:
    rows = qualtrics({"Q1": "Wen fragen Sie?"}, {"RecipientEmail": AYA, "Q1": "Jürgen Müller"})
    plain = written(tmp_path / "q.tsv", rows, delimiter="\t", encoding="utf-16")
    packed = tmp_path / "q.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(plain, "Export/survey.tsv")

    one, _ = read(QualtricsSurvey(), plain)
    other, _ = read(QualtricsSurvey(), packed)

    assert [row["recipient"] for row in one] == ["name:jurgen muller"]
    assert one == other


def test_later_export_of_a_survey_repeats_the_keys(tmp_path: Path) -> None:
    first = {"RecipientEmail": AYA, "Q1": "Ben Osei"}
    second = {"RecipientEmail": BEN, "Q1": "Aya Ito"}
    columns = {"Q1": "Who do you ask?"}

    early, _ = read(QualtricsSurvey(), written(tmp_path / "a.csv", qualtrics(columns, first)))
    late, _ = read(
        QualtricsSurvey(), written(tmp_path / "b.csv", qualtrics(columns, first, second))
    )

    assert early[0]["message"] == late[0]["message"]
    assert len({row["message"] for row in late}) == 2


# SurveyMonkey ------------------------------------------------------------------------------------

MONKEY = [
    *("Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address"),
    *("First Name", "Last Name", "Custom Data 1"),
]


def monkey(columns: Sequence[tuple[str, str]], *answers: Sequence[str]) -> list[list[str]]:
    people = [("118000000001", AYA), ("118000000002", BEN), ("118000000003", CY)]
    rows = [[*MONKEY, *(q for q, _ in columns)], ["" for _ in MONKEY] + [c for _, c in columns]]
    for (number, email), answer in zip(people, answers, strict=False):
        start = [number, "5001", "03/02/2026 08:00:00 AM", "03/13/2026 09:12:33 PM", "192.0.2.1"]
        rows.append([*start, email, *PEOPLE[email], "", *answer])
    return rows


COLLEAGUES = [("Who do you go to for help?", "Aya Ito"), ("", "Ben Osei"), ("", "Cy Lund")]


@pytest.mark.parametrize(
    "answers",
    [
        [["", "Ben Osei", "Cy Lund"], ["Aya Ito", "", ""]],
        [["0", "1", "1"], ["1", "0", "0"]],
        [["", "2", "3"], ["1", "", ""]],
    ],
)
def test_surveymonkey_choices_are_read_in_each_of_its_ways(
    tmp_path: Path, answers: list[list[str]]
) -> None:
    path = written(tmp_path / "m.csv", monkey(COLLEAGUES, *answers))

    found, ledger = read(SurveyMonkeySurvey(), path)

    assert named(found, "who_do_you_go_to_for_help") == [
        ("aya.ito", "name:ben osei", None),
        ("aya.ito", "name:cy lund", None),
        ("ben.osei", "name:aya ito", None),
    ]
    assert ledger.last is not None
    assert ledger.last.isoformat() == "2026-03-13T21:12:33+00:00"


def test_surveymonkey_fills_questions_to_the_right_and_reads_other(tmp_path: Path) -> None:
    columns = [
        *COLLEAGUES,
        ("", "Other (please specify)"),
        ("How often?", "Aya Ito"),
        ("", "Ben Osei"),
        ("How clear are the goals?", "Response"),
        ("Anything else?", "Open-Ended Response"),
    ]
    rows = monkey(
        columns,
        ["", "Ben Osei", "", "Dana Roux", "", "Weekly", "Agree", "Ben Osei talks too much"],
        ["Aya Ito", "", "", "", "Rarely", "", "Strongly disagree", ""],
    )

    found, ledger = read(SurveyMonkeySurvey(), written(tmp_path / "m.csv", rows))

    assert {(row["sender"], row["recipient"], row["value"]) for row in found} == {
        (AYA, "name:ben osei", None),
        (AYA, "name:dana roux", None),
        (BEN, "name:aya ito", None),
        (AYA, "name:ben osei", 3.0),
        (BEN, "name:aya ito", 1.0),
    }
    assert [answer.value for answer in ledger.answers] == [4.0, 1.0]
    assert "Anything else?" in ledger.dropped_unread


def test_surveymonkey_zip_is_read(tmp_path: Path) -> None:
    inner = written(tmp_path / "m.csv", monkey(COLLEAGUES, ["", "Ben Osei", ""], ["Aya Ito"]))
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(inner, "CSV/Who helps whom.csv")
        archive.writestr("readme.txt", "nothing")

    found, ledger = read(SurveyMonkeySurvey(), path)

    assert len(found) == 2
    assert "file 'readme.txt'" in ledger.dropped_unread


def test_ids_that_excel_has_rounded_are_not_used(tmp_path: Path) -> None:
    rows = monkey(COLLEAGUES, ["", "Ben Osei", ""], ["Aya Ito", "", ""])
    rows[2][0] = rows[3][0] = "1.18E+11"

    found, _ = read(SurveyMonkeySurvey(), written(tmp_path / "m.csv", rows))

    assert len({row["message"] for row in found}) == 2


def test_custom_field_that_tells_people_apart_is_their_id(tmp_path: Path) -> None:
    rows = monkey(COLLEAGUES, ["", "Ben Osei", ""], ["Aya Ito", "", ""])
    for row, own in zip(rows[2:], ["E-0001", "E-0002"], strict=True):
        row[5:9] = ["", "", "", own]

    found, _ = read(SurveyMonkeySurvey(), written(tmp_path / "m.csv", rows))

    assert [row["sender"] for row in found] == ["E-0001", "E-0002"]


# Google Forms ------------------------------------------------------------------------------------


def test_google_form_with_joined_names_and_a_grid(tmp_path: Path) -> None:
    rows = [
        [
            *("Timestamp", "Email Address", "Score", "Who do you ask for advice?"),
            *("How often [Aya Ito]", "How often [Ben Osei]", "Why?\nTell us"),
        ],
        ["2026/03/27 8:15:00 AM GMT+1", CY, "0 / 0", "Aya Ito;Ben Osei", "Daily", "Never", "a\nb"],
        ["2026/03/27 9:15:00 PM GMT+1", BEN, "0 / 0", "Aya Ito", "2: Monthly", "", ""],
    ]
    path = written(tmp_path / "g.csv", rows)

    found, ledger = read(GoogleFormsSurvey(), path)

    assert named(found, "who_do_you_ask_for_advice") == [
        ("cy.lund", "name:aya ito", None),
        ("cy.lund", "name:ben osei", None),
        ("ben.osei", "name:aya ito", None),
    ]
    assert ledger.first is not None
    assert ledger.first.isoformat() == "2026-03-27T07:15:00+00:00"
    assert {"Score", "Why? Tell us"} <= ledger.dropped_unread


def test_sheet_of_a_google_form_separates_by_comma_and_blank(tmp_path: Path) -> None:
    rows = [
        ["Zeitstempel", "Wie heißen Sie?", "E-Mail-Adresse", "Wen fragen Sie um Rat?"],
        ["27.03.2026 09:00:00", "x", AYA, "Ben Osei, Cy Lund"],
        ["28.03.2026 09:00:00", "y", BEN, "Aya Ito"],
    ]

    found, ledger = read(GoogleFormsSurvey(), written(tmp_path / "g.csv", rows))

    assert named(found, "wen_fragen_sie_um_rat") == [
        ("aya.ito", "name:ben osei", None),
        ("aya.ito", "name:cy lund", None),
        ("ben.osei", "name:aya ito", None),
    ]
    assert ledger.last is not None
    assert ledger.last.day == 28


def test_order_of_day_and_month_that_nothing_shows_costs_the_period_alone(tmp_path: Path) -> None:
    rows = [
        ["Timestamp", "Email Address", "Who do you ask for advice?"],
        ["3/2/2026 9:12:33", AYA, "Ben Osei"],
    ]
    path = written(tmp_path / "g.csv", rows)

    found, ledger = read(GoogleFormsSurvey(), path)
    _, told = read(GoogleFormsSurvey(), path, day_first=True)

    assert len(found) == 1
    assert ledger.first is None
    assert any("--day-first" in note for note in ledger.ambiguous)
    assert told.first is not None
    assert told.first.month == 2


# Microsoft Forms ---------------------------------------------------------------------------------

FORMS = ["ID", "Start time", "Completion time", "Email", "Name"]


def test_microsoft_form_saved_by_excel_in_europe(tmp_path: Path) -> None:
    rows = [
        [*FORMS, "Who do you\u00a0ask for advice?", "Our goals are clear", "Points \u2013 Q1"],
        ["1", "02.03.2026 09:00:00", "02.03.2026 09:03:00", AYA, "Aya Ito", "Ben Osei;Cy Lund;"],
        ["2", "02.03.2026 09:00:00", "02.03.2026 09:03:00", "anonymous", "anonymous", "Aya Ito;"],
    ]
    rows[1] += ["Agree", "1"]
    path = written(tmp_path / "f.csv", rows, delimiter=";", encoding="cp1252")

    found, ledger = read(MicrosoftFormsSurvey(), path, timezone="Europe/Paris")

    assert named(found, "who_do_you_ask_for_advice") == [
        ("aya.ito", "name:ben osei", None),
        ("aya.ito", "name:cy lund", None),
    ]
    assert ledger.skipped == {"no_sender": 1}
    assert "Points – Q1" in ledger.dropped_unread
    assert ledger.first is not None
    assert ledger.first.isoformat() == "2026-03-02T08:03:00+00:00"


def test_anonymous_microsoft_form_is_told_by_its_own_question(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for row in [
        [*FORMS, "Last modified time", "What is your name?", "Who do you ask?", "Who do you ask?2"],
        [1, 46083.4, 46083.5, "anonymous", "Anonymous", "", "Aya Ito", "Ben Osei;", "Cy Lund;"],
        [2, 46083.4, 46083.5, "anonymous", "Anonymous", "", "Ben Osei", "Aya Ito;", ""],
    ]:
        workbook.active.append(row)
    workbook.save(tmp_path / "f.xlsx")

    found, ledger = read(MicrosoftFormsSurvey(), tmp_path / "f.xlsx")

    assert [(row["sender"], row["recipient"], row["thread"]) for row in found] == [
        ("name:aya ito", "name:ben osei", "who_do_you_ask"),
        ("name:aya ito", "name:cy lund", "who_do_you_ask_2"),
        ("name:ben osei", "name:aya ito", "who_do_you_ask"),
    ]
    assert ledger.respondents == {"name:aya ito", "name:ben osei"}


def test_likert_columns_headed_by_colleagues_are_one_question(tmp_path: Path) -> None:
    rows = [
        [*FORMS, "Aya Ito", "Ben Osei", "My work is fun"],
        ["1", "2026-03-02", "2026-03-02", AYA, "Aya Ito", "", "Often", "Agree"],
        ["2", "2026-03-02", "2026-03-02", BEN, "Ben Osei", "Never", "", "Disagree"],
        ["3", "2026-03-02", "2026-03-02", CY, "Cy Lund", "Daily", "Rarely", "Neutral"],
    ]

    found, ledger = read(MicrosoftFormsSurvey(), written(tmp_path / "f.csv", rows))

    assert named(found, "people") == [
        ("aya.ito", "name:ben osei", 3.0),
        ("cy.lund", "name:aya ito", 5.0),
        ("cy.lund", "name:ben osei", 1.0),
    ]
    assert [answer.value for answer in ledger.answers] == [4.0, 2.0, 3.0]


def test_no_note_and_no_column_holds_the_name_of_anybody(tmp_path: Path) -> None:
    rows = [
        [*FORMS, "Aya Ito", "Ben Osei", "Dana Roux"],
        ["1", "2026-03-02", "2026-03-02", AYA, "Aya Ito", "", "Often", "remark"],
        ["2", "2026-03-02", "2026-03-02", "anonymous", "anonymous", "Never", "", "remark"],
    ]

    _, ledger = read(MicrosoftFormsSurvey(), written(tmp_path / "f.csv", rows))
    said = repr((ledger.ambiguous, ledger.columns, ledger.dropped_unread, ledger.problems))

    assert not any(name in said for name in ("Aya", "Ben", "Dana", "ito@"))


# Typeform ----------------------------------------------------------------------------------------

ENDING = [
    "Response Type",
    "Start Date (UTC)",
    "Stage Date (UTC)",
    "Submit Date (UTC)",
    "Network ID",
]


def test_typeform_choices_are_columns_that_repeat_their_heading(tmp_path: Path) -> None:
    rows = [
        ["#", "<strong>Your name</strong>", "Aya Ito", "Ben Osei", "Cy Lund", "Other", *ENDING],
        [
            "t1",
            "Dana Roux",
            "Aya Ito",
            "",
            "Cy Lund",
            "",
            "completed",
            "",
            "",
            "2026-03-02 08:02:00",
        ],
        ["t2", "Aya Ito", "", "Ben Osei", "", "", "started", "", "", "2026-03-03 08:02:00"],
        ["t3", "Ben Osei", "", "", "", "", "started", "", "", ""],
    ]

    found, ledger = read(TypeformSurvey(), written(tmp_path / "t.csv", rows))

    assert [(row["sender"], row["recipient"]) for row in found] == [
        ("name:dana roux", "name:aya ito"),
        ("name:dana roux", "name:cy lund"),
        ("name:aya ito", "name:ben osei"),
    ]
    assert ledger.skipped == {"no_answer": 1}
    assert "Network ID" in ledger.dropped_unread


def test_typeform_choices_that_are_tools_are_no_people(tmp_path: Path) -> None:
    rows = [
        ["#", "Your name", "Google Docs", "Microsoft Teams", "Who helps you?", *ENDING],
        [
            "t1",
            "Dana Roux",
            "Google Docs",
            "",
            "Aya Ito",
            "completed",
            "",
            "",
            "2026-03-02 08:02:00",
        ],
    ]

    found, _ = read(TypeformSurvey(), written(tmp_path / "t.csv", rows))

    assert [row["recipient"] for row in found] == ["name:aya ito"]


# All ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", ALL, ids=lambda reader: reader.name)
def test_every_survey_reader_is_a_connector(reader: Connector) -> None:
    assert isinstance(reader, Connector)


@pytest.mark.parametrize("reader", ALL, ids=lambda reader: reader.name)
def test_file_of_something_else_is_refused(reader: Connector, tmp_path: Path) -> None:
    path = written(tmp_path / "x.csv", [["apples", "pears"], ["1", "2"]])

    assert reader.recognise(Source(path)) is None
    with pytest.raises(UnknownFormatError, match=r"x\.csv: this is no .*; export it again"):
        read(reader, path)


@pytest.mark.parametrize("reader", ALL, ids=lambda reader: reader.name)
def test_folder_and_empty_file_are_nobodys(reader: Connector, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")

    assert reader.recognise(Source(tmp_path)) is None
    assert reader.recognise(Source(tmp_path / "empty.csv")) is None


def test_headings_without_answers_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "q.csv", qualtrics({"Q1": "Who do you ask?"}))

    with pytest.raises(UnreadableFileError, match="headings and no rows"):
        read(QualtricsSurvey(), path)


def test_damaged_zip_of_a_survey_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("CSV/m.csv", "Respondent ID,Collector ID\n" * 200)
    content = bytearray(path.read_bytes())
    content[50:60] = b"\xff" * 10
    path.write_bytes(bytes(content))

    assert SurveyMonkeySurvey().recognise(Source(path)) is None
    with pytest.raises(UnreadableFileError, match="damaged"):
        read(SurveyMonkeySurvey(), path)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "reader", "counts"),
    [
        ("qualtrics/sample.csv", QualtricsSurvey(), (1, 0, 0)),
        ("qualtrics/sample_legacy.csv", QualtricsSurvey(), (1, 0, 0)),
        ("survey/fakesurvey.csv", SurveyTable(), (9, 9, 15)),
        ("synthetic/survey/qualtrics.csv", QualtricsSurvey(), (4, 3, 11)),
        ("synthetic/survey/surveymonkey.csv", SurveyMonkeySurvey(), (2, 2, 3)),
        ("synthetic/survey/google_forms.csv", GoogleFormsSurvey(), (1, 1, 4)),
        ("synthetic/survey/ms_forms_cp1252_semicolon.csv", MicrosoftFormsSurvey(), (2, 1, 2)),
        ("synthetic/survey/typeform.csv", TypeformSurvey(), (1, 1, 2)),
    ],
)
def test_real_and_made_up_samples_are_read_by_one_reader(
    name: str, reader: Connector, counts: tuple[int, int, int]
) -> None:
    path = shared(f"samples/{name}")

    _, ledger = read(reader, path)

    assert (ledger.read, ledger.kept, ledger.interactions) == counts
    assert [one.name for one in ALL if one.recognise(Source(path))] == [reader.name]


@pytest.mark.shared
@pytest.mark.parametrize("folder", ["data", "samples"])
def test_other_real_files_are_left_to_others(folder: str) -> None:
    mine = {reader.name for reader in ALL}
    others = [reader for name, reader in connectors().items() if name not in mine]
    files = [p for p in shared(folder).rglob("*") if p.is_file() and "maildir" not in str(p)]

    claimed_twice = [
        path.name
        for path in files
        if any(one.recognise(Source(path)) for one in ALL)
        and any(one.recognise(Source(path)) for one in others)
    ]

    assert len(files) > 10
    assert list(claimed_twice) == []
