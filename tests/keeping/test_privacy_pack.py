"""The papers say what is true of the run: another fact, another sentence."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import platformdirs
import pytest

from kept_firm import DEPARTMENTS, PEOPLE, address, firm, name, person, run
from orgnet.cli import main
from orgnet.errors import UnreadableFileError
from orgnet.privacy_pack.documents import pack_words, papers
from orgnet.privacy_pack.facts import Facts, SourceFacts, TrailFacts, facts_of
from orgnet.privacy_pack.page import page_of
from orgnet.restricted.retention import purge
from orgnet.words import languages, load_words

FACTS = Facts(
    language="en",
    organisation="Oak & Elm",
    by="department",
    run_date="2026-03-02",
    first="2026-01-05",
    last="2026-02-28",
    people=214,
    whole_only=False,
    survey=False,
    sources=(SourceFacts(title="Mail", read=1200, kept=1100, dropped=("subject", "text")),),
    minimum_group=5,
    concentration="count",
    dominance=0.5,
    protection=0.2,
    withheld=0,
    opted_out=0,
    forgetting=False,
    ties=9000,
    oldest="2026-01-05",
    overdue=False,
    store_closed=True,
    key_inside=False,
    trail=TrailFacts(lines=3, intact=True, with_people=0, with_names=0),
)


def text_of(facts: Facts, language: str = "en") -> str:
    page = page_of(facts, language).decode("utf-8")
    return unescape(re.sub(r"<[^>]+>", "", page.partition("</style>")[2]))


@pytest.mark.parametrize(
    ("change", "gone", "said"),
    [
        ({"minimum_group": 8}, "fewer than 5 people", "No figure stands for fewer than 8 people."),
        ({"people": 90}, "214 people", "90 people of the organisation are in the analysis."),
        ({"first": None}, "from 5 January 2026", "The records have no dates."),
        ({"survey": True}, None, "Answers to a survey were read too"),
        ({"whole_only": True}, None, "figures of the whole organisation only"),
        ({"dominance": 0.4}, "more than 50%", "more than 40% of the contact"),
        ({"protection": 0.3}, "less than 20%", "less than 30% of their value"),
        ({"concentration": "withhold"}, '"one person"', "Bottlenecks are not told."),
        ({"concentration": "qualitative"}, '"one person"', '"very few people"'),
        ({"withheld": 1}, None, "1 figure was withheld in this run."),
        ({"withheld": 7}, None, "7 figures were withheld in this run."),
        ({"opted_out": 6}, "Nobody opted out", "6 people opted out"),
        ({"opted_out": "of fewer than 5"}, "Nobody opted out", "Fewer than 5 people opted out"),
        ({"forgetting": True}, "Nobody opted out", "Whoever asked to be forgotten was removed"),
        ({"ties": None, "oldest": None}, "keyed pseudonyms", "No weekly ties are stored"),
        ({"ties": 0, "oldest": None}, "9,000", "have been deleted"),
        ({"oldest": None}, "the oldest week", "9,000 ties without a date"),
        ({"overdue": True}, "none is older", "older than 24 months and are to be deleted now"),
        ({"store_closed": False}, "owner's account alone", "its permissions are to be corrected"),
        ({"store_closed": None}, "owner's account alone", "Nobody opted out"),
        ({"key_inside": True}, "No key", "A key lies in the results folder"),
        ({"trail": None}, "An access trail records", "There is no access trail in this folder."),
    ],
)
def test_another_fact_another_sentence(
    change: dict[str, object], gone: str | None, said: str
) -> None:
    before, after = text_of(FACTS), text_of(replace(FACTS, **change))

    assert said in after
    assert gone is None or (gone in before and gone not in after)


def test_editions_with_people_in_them_are_told() -> None:
    assert "no output with people in it was written" in text_of(FACTS)
    one = TrailFacts(lines=5, intact=True, with_people=1, with_names=0)
    assert "1 output with people in it was written (with names: 0)" in text_of(
        replace(FACTS, trail=one)
    )
    two = TrailFacts(lines=5, intact=False, with_people=2, with_names=1)
    said = text_of(replace(FACTS, trail=two))
    assert "2 outputs with people in them were written (with names: 1)" in said
    assert "its check found changes" in said and "nothing changed" not in said


def test_the_log_lists_what_each_source_dropped() -> None:
    paper = next(p for p in papers(FACTS, pack_words("en")) if p.key == "minimisation")

    assert [row for part in paper.parts for row in part.rows] == [
        ("Mail", "1,200", "1,100", "subject, text")
    ]


@pytest.mark.parametrize(
    ("language", "draft", "law"),
    [
        ("en", "Draft for review by a lawyer", "national law"),
        ("de", "Entwurf zur Prüfung", "§ 87 Abs. 1 Nr. 6 BetrVG"),
        ("fr", "Projet à faire relire par un juriste", "art. L2312-38"),
    ],
)
def test_every_paper_is_headed_as_a_draft(language: str, draft: str, law: str) -> None:
    text = text_of(FACTS, language)

    assert text.count(draft) == 7
    assert law in text


def test_the_languages_have_the_same_sentences_with_the_same_arguments() -> None:
    catalogues = {language: load_words("orgnet.privacy_pack", language) for language in languages()}
    english = catalogues["en"]

    for words in catalogues.values():
        assert set(words.keys) == set(english.keys)
        assert [k for k in words.keys if words.arguments(k) != english.arguments(k)] == []


def test_every_sentence_is_used() -> None:
    source = Path(__file__).parents[2] / "src" / "orgnet" / "privacy_pack"
    code = "".join(
        (source / file).read_text(encoding="utf-8")
        for file in ("documents.py", "templates/pack.html.j2")
    )
    names = {
        key.removesuffix(".one").removesuffix(".other").rpartition(".")[2]
        for key in load_words("orgnet.privacy_pack", "en").keys
    }
    said = {"concentration_count", "concentration_qualitative", "concentration_withhold"}
    assert [n for n in sorted(names - said) if not re.search(rf"\b{n}\b", code)] == []


def test_the_page_asks_the_network_for_nothing() -> None:
    page = page_of(replace(FACTS, organisation="<script>x</script>\u202e"), "en").decode("utf-8")

    assert "default-src 'none'; style-src 'sha256-" in unescape(page)
    assert not re.search(r"<script|<img|<link|http(?!-equiv)", page)
    assert "\u202e" not in page


def test_a_real_run_is_told_and_nobody_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = firm(tmp_path / "firm")
    given = ["--people", str(place / "people.csv"), "--key", str(place / "key")]
    purpose = ["--edition", "people", "--purpose", "a secret wish of Zoe's", "--names"]
    assert main(["report", str(place / "out"), *purpose, *given]) == 0
    assert main(["privacy-pack", str(place / "out"), "--language", "de"]) == 0

    page = (place / "out" / "privacy-pack.html").read_text(encoding="utf-8")
    assert capsys.readouterr().out.splitlines()[-1].endswith("privacy-pack.html")
    assert "1 Ausgabe mit Personen geschrieben (mit Namen: 1)" in page
    assert "Keine Zahl steht für weniger als 3 Personen." in page
    people = [text for n in range(PEOPLE) for text in (person(n), address(n), name(n))]
    assert [text for text in (*people, *DEPARTMENTS, "Zoe", "messages.csv") if text in page] == []
    assert '"action": "privacy-pack"' in (
        place / "out" / "restricted" / "access-log.jsonl"
    ).read_text(encoding="utf-8")


def test_facts_are_read_off_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Other tests use other copies of this folder.
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda *_, **__: str(tmp_path / "config"))
    place = firm(tmp_path / "firm")
    out = place / "out"
    facts = facts_of(out, today=date(2026, 3, 1))

    assert (facts.people, facts.minimum_group, facts.opted_out) == (PEOPLE, 3, 0)
    assert facts.sources[0].dropped == ("all other columns", "subject", "text")
    assert (facts.ties, facts.oldest, facts.overdue) == (432, "2026-01-05", False)
    assert (facts.key_inside, facts.forgetting) == (False, False)
    assert facts.store_closed is (True if os.name == "posix" else None)
    assert facts.trail == TrailFacts(lines=1, intact=True, with_people=0, with_names=0)
    (out / "copy of the key").write_bytes((place / "key").read_bytes())
    (out / "report.html").write_text("another", encoding="utf-8")
    later = facts_of(out, today=date(2028, 3, 1))
    assert later.overdue and later.key_inside
    assert later.trail is not None and not later.trail.intact
    purge(out, today=date(2029, 1, 1))
    assert facts_of(out).ties == 0


def test_figures_that_still_count_a_forgotten_person_are_told(tmp_path: Path) -> None:
    place = firm(tmp_path / "firm")
    assert main(["forget", person(3), str(place / "out"), "--key", str(place / "key")]) == 0

    said = "Somebody was forgotten after the figures of the report were made"
    assert said in text_of(facts_of(place / "out"))
    run(place)
    assert said not in text_of(facts_of(place / "out"))


def test_a_folder_that_was_mailed_has_no_store_and_no_trail(tmp_path: Path) -> None:
    out = firm(tmp_path / "firm") / "out"
    (out / "restricted").rename(tmp_path / "elsewhere")

    facts = facts_of(out)

    assert (facts.ties, facts.trail, facts.store_closed) == (None, None, None)


@pytest.mark.parametrize("damage", ["{}", "[]", "not json", '{"policy": {}, "counts": 3}'])
def test_a_damaged_manifest_is_refused(tmp_path: Path, damage: str) -> None:
    out = firm(tmp_path / "firm") / "out"
    (out / "manifest.json").write_text(damage, encoding="utf-8")

    with pytest.raises(UnreadableFileError, match="the manifest of the run cannot be read"):
        facts_of(out)


def test_a_manifest_with_a_source_less_is_refused(tmp_path: Path) -> None:
    out = firm(tmp_path / "firm") / "out"
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    manifest["counts"] = [{"connector": "mbox"}]
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    with pytest.raises(UnreadableFileError):
        facts_of(out)
