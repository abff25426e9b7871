"""The queries of `orgnet.ties` for DuckDB, compiled beforehand: Ibis takes longer than small data.

``python -m orgnet.compiled_ties`` compiles them again; a test compares the two.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any

from orgnet.rules import BILLION, TieRules
from orgnet.ties import Queries

_FILE = "ties_sql.json"

#: Rules of which every number is seen at once in a query, and what stands there instead.
_RULES = TieRules(broadcast_above=98_765_431, meeting_above=87_654_320, carbon_copy_share=0.7654321)
_PLACES = {
    str(_RULES.broadcast_above): ":broadcast",
    str(_RULES.meeting_above - 1): ":meeting",
    str(int(BILLION * _RULES.carbon_copy_share)): ":carbon",
}


def queries_for(rules: TieRules, dialect: str, *, dated: bool, unique: bool) -> Queries:
    """Return what `orgnet.ties.queries` does.

    Examples
    --------
    >>> "19 ELSE 20" in queries_for(TieRules(), "duckdb", dated=False, unique=True).judged
    True
    """
    if dialect != "duckdb":
        return compiled(rules, dialect, dated=dated, unique=unique)
    values = {
        ":broadcast": rules.broadcast_above,
        ":meeting": rules.meeting_above - 1,
        ":carbon": int(BILLION * rules.carbon_copy_share),
    }
    return Queries(
        **{
            name: _filled(text, values)
            for name, text in _shipped()["queries"][_name(dated=dated, unique=unique)].items()
        }
    )


def compiled(rules: TieRules, dialect: str, *, dated: bool, unique: bool) -> Queries:
    """Compile the queries with Ibis."""
    from orgnet.ties import queries

    with warnings.catch_warnings():
        # Libraries below Ibis warn of their own deprecations while it compiles.
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", FutureWarning)
        return queries(rules, dialect, dated=dated, unique=unique)


def compiled_by() -> str:
    """Return the version of Ibis that compiled what is shipped."""
    return str(_shipped()["ibis"])


@cache
def _shipped() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(files("orgnet").joinpath(_FILE).read_text("utf-8"))
    return content


def _filled(text: str, values: dict[str, int]) -> str:
    for place, value in values.items():
        text = text.replace(place, str(value))
    return text


def _name(*, dated: bool, unique: bool) -> str:
    return f"{'dated' if dated else 'undated'} {'unique' if unique else 'repeated'}"


def _with_places(text: str) -> str:
    for number, place in _PLACES.items():
        text = text.replace(number, place)
    return text


def main() -> None:
    """Write the file that is shipped."""
    found = {
        _name(dated=dated, unique=unique): {
            name: _with_places(text)
            for name, text in asdict(compiled(_RULES, "duckdb", dated=dated, unique=unique)).items()
        }
        for dated, unique in product((False, True), repeat=2)
    }
    content = {"ibis": version("ibis-framework"), "queries": found}
    target = Path(__file__).with_name(_FILE)
    target.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
