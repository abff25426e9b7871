"""Whatever is done to a survey, its reader loses no answer uncounted and raises only our errors."""

import csv
import io
import tempfile
import zipfile
from pathlib import Path

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from orgnet.errors import OrgnetError
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.survey_google_forms import GoogleFormsSurvey
from orgnet_connectors.survey_matrix import SurveyMatrix
from orgnet_connectors.survey_microsoft_forms import MicrosoftFormsSurvey
from orgnet_connectors.survey_monkey import SurveyMonkeySurvey
from orgnet_connectors.survey_names import NameSplitter, person_identity
from orgnet_connectors.survey_qualtrics import QualtricsSurvey
from orgnet_connectors.survey_scales import find_scale
from orgnet_connectors.survey_table import SurveyTable
from orgnet_connectors.survey_typeform import TypeformSurvey

QUALTRICS = (
    "StartDate,EndDate,Status,Finished,ResponseId,RecipientEmail,Q1,Q7_1,Q7_2,Q4\n"
    "Start Date,End Date,Response Type,Finished,Response ID,Recipient Email,Who do you ask?,"
    '"How often - Ito, Aya",'
    '"How often - Osei, Ben",Goals are clear\n'
    '"{""ImportId"":""startDate""}",e,s,f,r,m,"{""ImportId"":""QID1""}",a,b,c\n'
    '2026-03-02,2026-03-02 08:05:00,IP Address,True,R_1,a@x.example,"Osei, Ben,Lund, Cy",,Daily,'
    "Agree\n"
    '2026-03-02,2026-03-02 08:05:00,spam,True,R_2,b@x.example,"Ito, Aya",Never,,Disagree\n'
)
MONKEY = (
    "Respondent ID,Collector ID,End Date,Email Address,Who helps you?,,Goals are clear\n"
    ",,,,Aya Ito,Ben Osei,Response\n"
    "11,5,03/12/2026 08:00:00 AM,a@x.example,,Ben Osei,Agree\n"
    "12,5,03/13/2026 08:00:00 AM,b@x.example,Aya Ito,,4\n"
)
GOOGLE = (
    "Timestamp,Email Address,Who do you ask?,How often [Aya Ito],How often [Ben Osei]\n"
    "2026/03/02 8:15:00 AM GMT+1,c@x.example,Aya Ito;Ben Osei,Daily,Weekly\n"
)
FORMS = (
    "ID;Start time;Completion time;Email;Name;Who do you ask?;Goals are clear\n"
    "1;02.03.2026 09:00;02.03.2026 09:03;a@x.example;Aya Ito;Ben Osei;Agree\n"
    "2;02.03.2026 09:00;02.03.2026 09:03;anonymous;anonymous;Aya Ito;;\n"
)
TYPEFORM = (
    "#,Your name,Aya Ito,Ben Osei,Response Type,Start Date (UTC),Submit Date (UTC)\n"
    "t1,Dana Roux,Aya Ito,,completed,2026-03-02 08:00:00,2026-03-02 08:02:00\n"
)
TABLE = "id,group,net1,net2,net3,mood\n1,1,2,3,NA,5\n2,1,1,1,,4\n1,2,2,9,,1\n"
MATRIX = ",Aya,Ben,Cy\nAya,,x,\nBen,x,,\nCy,,x,\n"
READERS: list[tuple[Connector, str]] = [
    (QualtricsSurvey(), QUALTRICS),
    (SurveyMonkeySurvey(), MONKEY),
    (GoogleFormsSurvey(), GOOGLE),
    (MicrosoftFormsSurvey(), FORMS),
    (TypeformSurvey(), TYPEFORM),
    (SurveyTable(), TABLE),
    (SurveyMatrix(), MATRIX),
]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]


def workbook(text: str, delimiter: str) -> bytes:
    book = openpyxl.Workbook()
    for cells in csv.reader(io.StringIO(text), delimiter=delimiter):
        book.active.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def archive(text: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("CSV/answers.csv", text)
    return file.getvalue()


PACKED: list[tuple[Connector, bytes]] = [
    (MicrosoftFormsSurvey(), workbook(FORMS, ";")),
    (SurveyMatrix(), workbook(MATRIX, ",")),
    (SurveyMonkeySurvey(), archive(MONKEY)),
    (GoogleFormsSurvey(), archive(GOOGLE)),
]


@st.composite
def damage(draw: st.DrawFn, content: bytearray) -> bytes:
    """Change some bytes, cut them out, double them or put others in."""
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(content)))
        until = draw(st.integers(at, min(len(content), at + 12)))
        kind = draw(st.sampled_from(["replace", "cut", "double", "end"]))
        if kind == "replace":
            odd = [b'"', b",", b";", b"\n", b"\0", b"-99", b" - ", b"1", b"Aya Ito"]
            content[at:until] = draw(st.one_of(st.binary(max_size=4), st.sampled_from(odd)))
        elif kind == "cut":
            del content[at:until]
        elif kind == "double":
            content[at:at] = content[at:until]
        else:
            del content[at:]
    return bytes(content)


@st.composite
def damaged_texts(draw: st.DrawFn) -> tuple[Connector, bytes]:
    reader, text = draw(st.sampled_from(READERS))
    encoding = draw(st.sampled_from(ENCODINGS))
    return reader, draw(damage(bytearray(text.encode(encoding))))


@st.composite
def damaged_archives(draw: st.DrawFn) -> tuple[Connector, bytes]:
    reader, content = draw(st.sampled_from(PACKED))
    return reader, draw(damage(bytearray(content)))


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(damaged_texts(), damaged_archives()),
    st.sampled_from([None, 0.0, 2.0]),
    st.sampled_from([None, True]),
)
def test_damaged_survey_raises_our_errors_only_and_every_answer_is_counted(
    case: tuple[Connector, bytes], tie_from: float | None, day_first: bool | None
) -> None:
    reader, content = case
    ledger = Ledger()
    rows = []
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s.csv"
        path.write_bytes(content)
        options = ReadOptions(tie_from=tie_from, day_first=day_first)
        try:
            for batch in reader.read(Source(path), options, ledger):
                batch.validate(full=True)
                rows += batch.to_pylist()
        except OrgnetError as error:
            failed = True
            assert str(error).startswith("s.csv")

    assert ledger.read == ledger.kept + sum(ledger.skipped.values())
    assert ledger.interactions == len(rows)
    assert all(row["sender"] and row["recipient"] for row in rows)
    assert failed or {row["sender"] for row in rows} <= ledger.respondents
    assert failed or len(ledger.respondents) == ledger.kept
    assert {answer.person for answer in ledger.answers} <= ledger.respondents
    assert ledger.answers_table().num_rows == len(ledger.answers)


@settings(max_examples=150, deadline=None)
@given(st.one_of(damaged_texts(), damaged_archives()))
def test_damaged_survey_is_claimed_by_one_reader_at_most(case: tuple[Connector, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s.csv"
        path.write_bytes(case[1])

        claims = [one.name for one, _ in READERS if one.recognise(Source(path)) is not None]

    assert len(claims) <= 1


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text('ab ,;&\n"tyB', max_size=16), max_size=5), st.booleans())
def test_cutting_names_loses_no_letter(cells: list[str], one_each: bool) -> None:
    splitter = NameSplitter(cells, frozenset({"a b"}), one_each=one_each)

    for cell in cells:
        letters = "".join(splitter(cell)).replace(" ", "")
        given = [letter for letter in cell if letter.isalnum()]
        assert [c for c in letters if c.isalnum()] == given


@given(st.text("aBé ,.'-()\u00a0", max_size=20))
def test_identity_of_an_identity_of_a_name_is_the_same(text: str) -> None:
    identity = person_identity(text)

    assert person_identity(identity.removeprefix("name:")) in (identity, "")


@given(st.lists(st.text(max_size=8), max_size=6))
def test_values_on_a_scale_are_within_its_ends(answers: list[str]) -> None:
    scale = find_scale(answers)
    values = [] if scale is None else [v for a in answers if (v := scale.value(a)) is not None]

    assert scale is None or all(scale.low <= value <= scale.high for value in values)
