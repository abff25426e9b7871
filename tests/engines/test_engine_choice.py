"""Engines are chosen by name, and one that cannot run says what to do."""

from __future__ import annotations

import builtins
import errno
import socket
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import orgnet.engines.embedded as embedded
from orgnet.analysis import Settings
from orgnet.building import build_network, weekly_ties
from orgnet.cli import main
from orgnet.engines import EngineChoice, running
from orgnet.errors import EngineError, UsageError
from orgnet.rules import TieRules

RECORDS = pd.DataFrame(
    {"sender": ["a", "b"], "recipient": ["b", "c"], "channel": "chat", "kind": "dm"}
)


def reduced_with(engine: str) -> Any:
    return weekly_ties(RECORDS, None, rules=TieRules(), engine=EngineChoice.of(engine))


@pytest.mark.parametrize(
    ("engine", "name", "host", "port"),
    [
        ("duckdb", "duckdb", "", 0),
        ("spark-local", "spark-local", "", 0),
        ("spark://cluster.example:7077", "spark", "cluster.example", 7077),
        ("spark://[2001:db8::1]:7077", "spark", "2001:db8::1", 7077),
    ],
)
def test_an_engine_is_known_by_its_name(engine: str, name: str, host: str, port: int) -> None:
    choice = EngineChoice.of(engine)
    assert (choice.name, choice.host, choice.port) == (name, host, port)


@pytest.mark.parametrize(
    "engine",
    ["", "duck", "duckdb:", "spark", "spark://host", "spark://host:99999", "spark://u@h:1"],
)
def test_another_name_is_refused_before_anything_is_read(engine: str) -> None:
    with pytest.raises(UsageError, match="engine"):
        Settings(engine=engine)


@pytest.mark.parametrize("memory", ["", "4", "4TB", "-1GB", "0GB"])
def test_what_is_no_size_of_memory_is_refused(memory: str) -> None:
    with pytest.raises(UsageError, match="no size of memory"):
        Settings(memory=memory)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'nowhere', which is no folder"):
        EngineChoice.of(f"duckdb:{tmp_path / 'nowhere'}")


def test_duckdb_works_in_the_folder_it_is_given_and_leaves_nothing_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Path] = []
    connect = duckdb.connect

    def noticing(config: dict[str, Any]) -> Any:
        seen.append(Path(config["temp_directory"]))
        return connect(config=config)

    monkeypatch.setattr(embedded.duckdb, "connect", noticing)
    network = build_network(RECORDS, engine=EngineChoice.of(f"duckdb:{tmp_path}"))
    assert len(network.people) == 3
    assert tmp_path in seen[0].parents
    assert list(tmp_path.iterdir()) == []


def failing_with(error: BaseException) -> Any:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (duckdb.OutOfMemoryException("no more"), "--memory 4GB"),
        (MemoryError(), "--memory 4GB"),
        (duckdb.IOException("No space left on device"), "--engine duckdb:FOLDER"),
    ],
)
def test_too_little_memory_or_disk_names_the_remedy(
    error: BaseException, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded._DuckDb, "keep", failing_with(error))
    with pytest.raises(EngineError, match=remedy) as found:
        reduced_with("duckdb")
    assert "\n" not in str(found.value)


def test_a_full_disk_while_records_are_put_aside_names_the_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(pq.ParquetWriter, "write_table", failing_with(full))
    with pytest.raises(EngineError, match=r"No space left on device.*--engine duckdb:FOLDER"):
        reduced_with("duckdb")


def test_a_result_comes_in_pieces_that_are_all_of_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(embedded, "_PIECE", 5_000)
    with running(EngineChoice(), tmp_path) as engine:
        engine.see("numbers", "SELECT range AS number FROM range(50_000)")
        pieces = list(engine.pieces("SELECT * FROM numbers ORDER BY number"))
        whole = engine.query("SELECT * FROM numbers ORDER BY number")
    assert len(pieces) > 3
    assert pa.concat_tables(pieces).equals(whole)


@pytest.mark.parametrize(
    ("said", "remedy"),
    [("Out of Memory Error", "--memory 4GB"), ("IO Error", "--engine duckdb:FOLDER")],
)
def test_what_fails_between_two_pieces_names_the_remedy(
    said: str, remedy: str, tmp_path: Path
) -> None:
    late = f"SELECT CASE WHEN range > 400_000 THEN error('{said}') END FROM range(500_000)"
    with pytest.raises(EngineError, match=remedy), running(EngineChoice(), tmp_path) as engine:
        assert len(list(engine.pieces(late))) > 3


def test_a_limit_far_too_small_is_an_error_of_the_engine_and_not_a_crash() -> None:
    choice = EngineChoice.of("duckdb", "1MB")
    with pytest.raises(EngineError, match="more than 1 MB"):
        weekly_ties(RECORDS, None, rules=TieRules(), engine=choice)


def test_without_pyspark_the_message_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    importing = builtins.__import__

    def without_spark(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] in ("pyspark", "py4j"):
            raise ModuleNotFoundError(name)
        return importing(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without_spark)
    with pytest.raises(EngineError, match=r"not installed; .*orgnet-ona\[spark\].*Java 17"):
        reduced_with("spark-local")


def test_without_java_the_message_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EngineError, match="Java 17 or newer, and there is none"):
        reduced_with("spark-local")


def test_a_cluster_that_is_not_reachable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark")
    monkeypatch.setattr("orgnet.engines.spark._require_java", lambda: None)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        with pytest.raises(EngineError, match=f"127.0.0.1:{port} is not reachable"):
            reduced_with(f"spark://127.0.0.1:{port}")


@pytest.mark.parametrize("starts", [True, False])
def test_a_cluster_that_fails_half_way_leaves_earlier_results_as_they_were(
    starts: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    errors = pytest.importorskip("pyspark.errors")
    failure = errors.PySparkException("a worker was lost: a@x.example")

    class Session:
        """One whose tables cannot be made."""

        class sparkContext:
            master = "spark://cluster.example:7077"

        class conf:
            set = staticmethod(lambda *_: None)

        createDataFrame = staticmethod(failing_with(failure))

    start = (lambda *_: Session()) if starts else failing_with(failure)
    monkeypatch.setattr("orgnet.engines.spark._require_java", lambda: None)
    monkeypatch.setattr("orgnet.engines.spark._require_master", lambda choice: None)
    monkeypatch.setattr("orgnet.engines.spark._start", start)
    file, out = tmp_path / "ties.csv", tmp_path / "out"
    file.write_text("from,to\na,b\nb,c\n", encoding="utf-8")
    out.mkdir()
    (out / "report.html").write_text("earlier", encoding="utf-8")

    engine = "spark://cluster.example:7077"
    assert main(["analyse", str(file), "--out", str(out), "--engine", engine]) == 2
    said = capsys.readouterr().err
    assert ("Spark failed half-way" if starts else "Spark does not start") in said
    assert "earlier results are as they were" in said
    assert "a@x.example" not in said
    assert [p.name for p in out.iterdir()] == ["report.html"]
