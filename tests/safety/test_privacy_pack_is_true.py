"""What the papers say of what is stored is what lies in the folder, in every language."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from kept_firm import PEOPLE, firm
from orgnet.privacy_pack.documents import pack_words
from orgnet.privacy_pack.facts import Facts, StoreFacts, facts_of
from orgnet.privacy_pack.page import page_of
from orgnet.restricted.retention import purge
from orgnet.words import languages


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return firm(tmp_path / "firm") / "out"


def text_of(facts: Facts, language: str = "en") -> str:
    page = page_of(facts, language).decode("utf-8")
    return unescape(re.sub(r"<[^>]+>", " ", page.partition("</style>")[2]))


def rows_of(out: Path, pattern: str) -> int:
    return sum(len(pq.read_table(path)) for path in out.rglob(pattern))


def test_every_table_of_the_restricted_part_is_told_with_its_size(out: Path) -> None:
    facts = facts_of(out)

    assert facts.figures == rows_of(out, "restricted/people.parquet") == PEOPLE
    assert facts.ties == rows_of(out, "restricted/ties.parquet")
    assert facts.releases == 1
    assert facts.counts == StoreFacts(
        rows=rows_of(out, "rows-*.parquet"),
        digests=sum(path.stat().st_size for path in out.rglob("digests-*.bin")) // 8,
        identities=rows_of(out, "identities.parquet"),
    )
    assert min(facts.counts.rows, facts.counts.digests, facts.counts.identities) > 0
    said = text_of(facts)
    for number in (facts.ties, facts.figures, facts.counts.rows, facts.counts.digests):
        assert f"{number:,} " in said


def test_no_kind_of_file_lies_in_the_restricted_part_untold(out: Path) -> None:
    told = re.compile(
        r"ties\.parquet|people\.parquet|releases\.jsonl|access-log\.jsonl|store/current|"
        r"store/\w+-\w+/(batch\.json|(rows|digests)-(\d{4}-\d\d|undated)\.(parquet|bin)|"
        r"(people|identities|aside)\.parquet)"
    )
    restricted = out / "restricted"
    names = [
        path.relative_to(restricted).as_posix() for path in restricted.rglob("*") if path.is_file()
    ]

    assert [name for name in names if not told.fullmatch(name)] == []


def test_without_a_store_nothing_is_said_of_one(out: Path) -> None:
    facts = facts_of(out)
    without = text_of(replace(facts, counts=None, figures=0, releases=0))

    assert "weekly counts of contact are stored" in text_of(facts)
    for said in ("weekly counts", "8 bytes", "Figures about each", "Who was seen in which group"):
        assert said not in without


def test_what_was_purged_is_no_longer_told(out: Path) -> None:
    purge(out, keep_months=0)
    facts = facts_of(out)

    assert (facts.ties, facts.figures, facts.overdue) == (0, 0, False)
    assert facts.counts is None or facts.counts.rows == facts.counts.digests == 0
    assert "weekly counts of contact are stored" not in text_of(facts)


def test_a_month_in_the_store_that_is_kept_too_long_is_told(out: Path) -> None:
    (out / "restricted" / "ties.parquet").unlink()

    assert not facts_of(out, today=date(2026, 3, 1)).overdue
    assert facts_of(out, today=date(2029, 3, 1)).overdue


def test_a_file_deep_in_the_store_that_others_may_read_is_told(out: Path) -> None:
    facts = facts_of(out)
    if facts.store_closed is None:
        pytest.skip("this system does not tell who may read a file")
    assert facts.store_closed
    next(out.rglob("batch.json")).chmod(0o644)

    assert facts_of(out).store_closed is False


def test_the_files_beside_the_restricted_part_are_listed(out: Path) -> None:
    (out / "privacy-pack.html").write_text("the papers themselves", encoding="utf-8")
    (out / "team.html").write_text("another output", encoding="utf-8")

    assert facts_of(out).outputs == ("diagnosis.json", "manifest.json", "report.html", "team.html")
    assert "diagnosis.json, manifest.json, report.html, team.html" in text_of(facts_of(out))


@pytest.mark.parametrize("language", languages())
def test_sources_are_called_by_their_name_in_the_language(out: Path, language: str) -> None:
    facts = facts_of(out)
    title = pack_words(language)(f"source_title.{facts.sources[0].connector}")

    assert title in text_of(facts, language)
    assert (title == facts.sources[0].title) == (language == "en")
    stranger = replace(facts.sources[0], connector="of_a_stranger", title="Their export")
    assert "Their export" in text_of(replace(facts, sources=(stranger,)), language)
