"""The outputs of the people edition as bytes: sizes, sameness, what they say and never say."""

from __future__ import annotations

import base64
import csv
import dataclasses
import io
import json
import re
import zipfile

import networkx as nx
import numpy as np
import pytest

from orgnet.errors import OrgnetError
from orgnet.report_model import Report
from orgnet.words import load_words
from orgnet_reports.palette import LIGHT
from orgnet_reports.people.explorer import PeopleExplorer
from orgnet_reports.people.network_files import PeopleGexf, PeopleGraphMl
from orgnet_reports.people.page import PeoplePage
from orgnet_reports.people.tables import PeopleCsv
from orgnet_reports.sealed_page import static
from people_models import hostile_people, people_model

WRITERS = (PeoplePage, PeopleExplorer, PeopleGraphMl, PeopleGexf, PeopleCsv)
BANNED = (
    "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function",
    "localStorage", "sessionStorage", "document.cookie", "fetch(", "XMLHttpRequest",
    "serviceWorker", "import(",
)  # fmt: skip


def page(model) -> str:
    return PeoplePage().render(model).decode("utf-8")


def data(model) -> dict:
    return json.loads(re.search(r'id="page-data">(.*?)</script>', page(model), re.S)[1])


def unpacked(text: str) -> list[int]:
    return np.frombuffer(base64.b64decode(text), "<u2").tolist()


@pytest.mark.parametrize("writer", WRITERS)
def test_a_writer_is_a_report_whose_file_says_people(writer):
    assert isinstance(writer(), Report)
    assert "people" in writer.file_name


@pytest.mark.parametrize("writer", WRITERS)
def test_the_same_model_gives_the_same_bytes(writer):
    assert writer().render(people_model()) == writer().render(people_model())


@pytest.mark.parametrize(
    ("people", "groups", "ties", "budget"),
    [(100, 6, 1_000, 120_000), (2_000, 14, 20_000, 400_000), (10_000, 60, 100_000, 900_000)],
)
def test_the_page_keeps_its_budget(people, groups, ties, budget):
    assert len(PeoplePage().render(people_model(people, groups, ties))) <= budget


def test_script_and_style_keep_their_budgets():
    assert len(static("people.js").encode()) <= 25_000
    assert len(static("people.css").encode()) <= 15_000


@pytest.mark.parametrize("word", BANNED)
def test_the_script_neither_writes_markup_nor_stores_nor_sends(word):
    assert word not in static("people.js")


def test_every_colour_used_is_in_the_palette():
    assert set(re.findall(r"var\(--([\w-]+)\)", static("people.css"))) <= set(LIGHT)


@pytest.mark.parametrize("language", ["de", "fr"])
def test_every_language_has_every_sentence_with_the_same_arguments(language):
    english, other = (load_words("orgnet_reports.people", code) for code in ("en", language))
    assert other.keys == english.keys
    assert [other.arguments(key) for key in other.keys] == [
        english.arguments(key) for key in english.keys
    ]
    same = [
        key
        for key in english.keys
        if other(key, **dict.fromkeys(other.arguments(key), ""))
        == english(key, **dict.fromkeys(english.arguments(key), ""))
    ]
    assert len(same) <= 3


def test_the_data_hold_positions_and_ties_and_no_text():
    model = people_model()
    packed = data(model)
    assert unpacked(packed["x"]) == [person.x for person in model.people]
    assert unpacked(packed["second"]) == list(model.ties.second)
    assert sum(packed["strengths"]) == len(model.ties.first)
    assert packed["strengths"][0] == model.ties.strength.count(2)
    assert packed["groups"][0] == [
        getattr(model.groups[0], field) for field in ("people", "x", "y", "radius")
    ]


def test_everybody_stands_in_the_table_of_their_group():
    model = people_model()
    tables = re.findall(r'<details class="group".*?</details>', page(model), re.S)
    rows = [re.findall(r"<tr><th>(.*?)<td>(\d+)<td>(\d+)", table) for table in tables]
    assert [row for table in rows for row in table] == [
        (person.label, str(person.contacts), str(person.contacts_outside))
        for person in model.people
    ]
    assert [len(table) for table in rows] == [group.people for group in model.groups]


def test_purpose_and_asker_stand_in_the_banner_and_on_every_sheet():
    text = page(dataclasses.replace(people_model(), asked_by="The works council"))
    assert "plan who introduces the two new teams. Asked for by The works council." in text
    sheet = re.search(r'@top-left \{ content: "(.*?)"; \}', text)[1]
    spoken = re.sub(r"\\([0-9a-f]{6}) ", lambda letter: chr(int(letter[1], 16)), sheet)
    assert spoken.startswith("People edition. It shows people, for one purpose only: plan who")


def test_a_purpose_cannot_end_the_style_sheet():
    style = re.search(r"<style>(.*?)</style>", page(hostile_people()), re.S)[1]
    assert "alert" in style and "<" not in style.split("@top-left")[-1]
    assert style.count('content: "') == 1


def test_the_page_is_sealed_by_its_own_hashes_alone():
    policy = re.search(r'Content-Security-Policy" content="(.*?)">', page(people_model()))[1]
    assert policy.startswith("default-src &#39;none&#39;; script-src &#39;sha256-")
    assert "unsafe" not in policy
    assert not re.search(r'\sstyle="|\son\w+="', page(people_model()))


def test_hostile_labels_are_told_apart_and_stay_text():
    text = page(hostile_people())
    assert "<img" not in text and "<svg onload" not in text and "\u202e" not in text
    assert "(no name) (2)" in text


def test_nothing_grades_or_ranks():
    text = page(people_model()).lower()
    words = ("underperform", "score", "rank:", "top 10", "best connected", "loner")
    assert [word for word in words if word in text] == []


def test_a_cap_is_stated_and_so_is_what_is_on_paper():
    text = page(people_model(10_000, 60, 100_000))
    assert "The 40,000 strongest of 100,000 ties are drawn." in text
    assert "On paper: the 2,500 strongest of 100,000 ties." in text


def test_ties_without_dates_offer_no_filter_by_weeks():
    model = people_model()
    ties = dataclasses.replace(model.ties, strength=(1,) * len(model.ties.first))
    undated = dataclasses.replace(model, ties=ties, regular_weeks=None, most_weeks=None)
    assert 'name="strength"' in page(model) and 'name="strength"' not in page(undated)


def test_a_page_too_large_to_be_mailed_names_its_remedy(monkeypatch):
    monkeypatch.setattr("orgnet_reports.sealed_page.CEILING_BYTES", 10_000)
    with pytest.raises(OrgnetError, match=r"the people edition has .*--group"):
        page(people_model())


def test_the_explorer_refuses_more_than_500_people():
    with pytest.raises(OrgnetError, match=r"501 nodes.*--group.*--format html"):
        PeopleExplorer().render(people_model(501, 6, 900))


@pytest.mark.parametrize("model", [people_model, hostile_people])
def test_graph_files_hold_everybody_every_tie_and_the_banner(model):
    made = model()
    for writer, read in ((PeopleGraphMl, nx.read_graphml), (PeopleGexf, nx.read_gexf)):
        content = writer().render(made)
        graph = read(io.BytesIO(content))
        assert (len(graph), graph.number_of_edges()) == (len(made.people), len(made.ties.first))
        assert "It shows people, for one purpose only" in content.decode()
    assert graph.nodes["n0"]["contacts"] == made.people[0].contacts


def test_the_zip_holds_people_ties_and_the_purpose():
    model = hostile_people()
    archive = zipfile.ZipFile(io.BytesIO(PeopleCsv().render(model)))
    people, ties = (
        list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
        for name in ("people.csv", "ties.csv")
    )
    assert (len(people), len(ties)) == (len(model.people), len(model.ties.first))
    assert {row["strength"] for row in ties} <= {"occasional", "regular", "most_weeks"}
    assert not [cell for row in people for cell in row.values() if cell[:1] in "=+-@"]
    assert "for one purpose only" in archive.read("read-me.txt").decode("utf-8-sig")
