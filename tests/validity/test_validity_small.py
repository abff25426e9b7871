"""A small run of the validity study: the rules keep their promises, the tables are written."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.validity import document, parts, peer_study, scoring, study  # noqa: E402
from benchmarks.validity.error_tables import (  # noqa: E402
    RULES,
    false_alarm_firms,
    of,
    recall,
)
from benchmarks.validity.firms import diagnosed_firm  # noqa: E402
from benchmarks.validity.scenarios import BY_NAME, SCENARIOS  # noqa: E402

FIRMS = 6
Records = list[dict[str, Any]]


@pytest.fixture(scope="module")
def firms() -> Records:
    """A few firms of the kinds that the tests below look at."""
    return [
        diagnosed_firm(name, 900 + number)
        for name in ("null", "null_wrong", "all")
        for number in range(FIRMS)
    ]


def test_few_firms_without_a_fault_have_an_alarm(firms: Records) -> None:
    alarms = [false_alarm_firms(of(firms, "null"), rule).hits for rule in RULES.values()]

    # At most 20 % are promised: three of six have a chance below 10 % each.
    assert max(alarms) <= 3


def test_wrong_departments_make_no_bottlenecks(firms: Records) -> None:
    wrong = of(firms, "null_wrong")
    found = [kind for firm in wrong for kind, *_ in firm["findings"] if kind == "bottleneck"]

    assert len(found) <= 1


@pytest.mark.parametrize(("kind", "least"), [("silo", 8), ("weak link", 9), ("bottleneck", 15)])
def test_most_of_what_is_planted_is_found(firms: Records, kind: str, least: int) -> None:
    assert recall(of(firms, "all"), RULES[kind]).hits >= least


def test_replayed_rules_call_what_the_diagnosis_calls(firms: Records) -> None:
    for firm in firms:
        called = {kind: int(rule(firm)[0].sum()) for kind, rule in RULES.items()}
        given = [kind.replace("_", " ") for kind, *_ in firm["findings"]]
        assert called == {kind: given.count(kind) for kind in RULES}


def test_the_scenarios_say_whether_anything_is_planted() -> None:
    null = {scenario.name for scenario in SCENARIOS if scenario.null}

    assert null == {name for name in BY_NAME if name.startswith("null")}


def test_a_run_is_taken_up_where_it_was_stopped(tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    file.write_text('{"job":["a",1],"done":"before"}\n{"job":["a",2],"do', encoding="utf-8")

    study.run(lambda job: {"job": job, "done": "now"}, [("a", 1), ("a", 2)], file, processes=1)

    assert [record["done"] for record in study.records(file)] == ["before", "now"]


def test_every_table_of_the_document_is_filled(
    tmp_path: Path, firms: Records, monkeypatch: Any
) -> None:
    monkeypatch.setattr(peer_study, "ENVIRONMENTS", tmp_path / "none")
    lines = {"firms": firms, "confidence": of(firms, "null") + of(firms, "all")}
    lines["intervals"] = [parts.index_intervals(("160 people", 1))]
    lines["openness"] = [parts.openness_intervals(("160 people", 1))]
    lines["changes"] = [parts.change(("30 % turnover", 1))]
    for name, records in lines.items():
        (tmp_path / f"{name}.jsonl").write_text(
            "".join(json.dumps(record) + "\n" for record in records), encoding="utf-8"
        )
    peer_study.compare_with_peers(tmp_path / "peers.json", firms=1, install=False)

    document.write_document(tmp_path / "validity.md", tmp_path, firms=FIRMS)

    page = (tmp_path / "validity.md").read_text(encoding="utf-8")
    assert page.count("| ---") >= 13
    assert "{" not in page
    assert "quasi-independence" in page


def test_peers_that_are_not_there_are_named(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(peer_study, "ENVIRONMENTS", tmp_path / "none")

    peer_study.compare_with_peers(tmp_path / "peers.json", firms=1, install=False)

    result = json.loads((tmp_path / "peers.json").read_text(encoding="utf-8"))
    assert set(result["missing"]) == set(peer_study.PEERS)
    assert "could not be run here" in peer_study.peer_table(result)


def test_auc_counts_pairs_in_the_right_order() -> None:
    assert scoring.auc([True, False, True, False], [3, 2, 2, 1]) == pytest.approx(0.875)
    assert np.isnan(scoring.auc([False], [1.0]))


def test_recall_shares_the_last_places_among_equals() -> None:
    assert scoring.recall_at_planted([True, False, True, False], [3, 1, 1, 1]) == pytest.approx(
        2 / 3
    )


@pytest.mark.parametrize(("hits", "beyond"), [(10, False), (40, True)])
def test_a_rate_exceeds_a_limit_only_beyond_chance(hits: int, beyond: bool) -> None:
    found = scoring.Rate(hits=hits, trials=200)

    assert found.exceeds(0.05) is beyond
    assert found.interval[0] < found.value < found.interval[1]
