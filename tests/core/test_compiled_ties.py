"""The queries that are shipped are those that Ibis compiles."""

from dataclasses import asdict
from importlib.metadata import version

import pytest

from orgnet.compiled_ties import compiled, compiled_by, queries_for
from orgnet.rules import TieRules


@pytest.mark.parametrize("dated", [False, True])
@pytest.mark.parametrize("unique", [False, True])
@pytest.mark.parametrize(
    "rules",
    [TieRules(), TieRules(broadcast_above=7, meeting_above=9, carbon_copy_share=0.123456789)],
)
def test_what_is_shipped_is_what_ibis_compiles(rules: TieRules, unique: bool, dated: bool) -> None:
    if version("ibis-framework") != compiled_by():
        pytest.skip(f"Ibis {compiled_by()} compiled what is shipped; another may word it otherwise")

    ours = queries_for(rules, "duckdb", dated=dated, unique=unique)
    theirs = compiled(rules, "duckdb", dated=dated, unique=unique)
    assert asdict(ours) == asdict(theirs)


def test_no_place_is_left_open() -> None:
    for text in asdict(queries_for(TieRules(), "duckdb", dated=True, unique=False)).values():
        assert ":broadcast" not in text
        assert ":meeting" not in text
        assert ":carbon" not in text
