"""DuckDB in this process: a memory limit, and a folder for what is beyond it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from orgnet.engines.choice import EngineChoice
from orgnet.errors import EngineError

#: Rows of a piece.
_PIECE = 1 << 17

_KEPT = "nothing was written, and earlier results are as they were"


class _DuckDb:
    """See `orgnet.engines.Engine`."""

    dialect = "duckdb"
    one_by_one = True

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._kinds: dict[str, str] = {}

    def add(self, name: str, table: pa.Table) -> None:
        self._connection.register(name, table)

    def add_file(self, name: str, path: Path) -> None:
        files = path / "*.parquet" if path.is_dir() else path
        quoted = str(files).replace("'", "''")
        self._connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM read_parquet('{quoted}')"
        )

    def see(self, name: str, sql: str) -> None:
        self._make("VIEW", name, sql)

    def keep(self, name: str, sql: str) -> None:
        self._make("TABLE", name, sql)

    def _make(self, kind: str, name: str, sql: str) -> None:
        # A table does not replace a view, nor the other way round.
        if name in self._kinds:
            self._connection.execute(f"DROP {self._kinds[name]} {name}")
        self._connection.execute(f"CREATE TEMP {kind} {name} AS {sql}")
        self._kinds[name] = kind

    def query(self, sql: str) -> pa.Table:
        return self._connection.sql(sql).to_arrow_table()

    def pieces(self, sql: str) -> Iterator[pa.Table]:
        batches = iter(self._connection.sql(sql).to_arrow_reader(_PIECE))
        while True:
            try:
                batch = next(batches, None)
            except OSError as error:
                # What fails half-way comes through Arrow, which makes another error of it.
                out_of_memory = "Out of Memory" in str(error)
                kind = duckdb.OutOfMemoryException if out_of_memory else duckdb.IOException
                raise kind(str(error)) from error
            if batch is None:
                return
            yield pa.Table.from_batches([batch])


@contextmanager
def duckdb_started(
    choice: EngineChoice, folder: Path
) -> Iterator[Callable[[], AbstractContextManager[_DuckDb]]]:
    """Open DuckDB without a database file, spilling into the folder beyond its memory.

    Nothing is waited for: it takes some hundredths of a second, in which others can do something.
    """
    with ThreadPoolExecutor(1) as beside:
        opening = beside.submit(_opened, choice, folder)

        @contextmanager
        def at_work() -> Iterator[_DuckDb]:
            # What a cursor makes is seen by no other, and goes with it.
            with _explained(choice), closing(opening.result().cursor()) as cursor:
                yield _DuckDb(cursor)

        try:
            yield at_work
        finally:
            if opening.exception() is None:
                opening.result().close()


def _opened(choice: EngineChoice, folder: Path) -> Any:
    connection = duckdb.connect(
        config={
            "memory_limit": f"{choice.megabytes}MB",
            "temp_directory": str(folder / "spill"),
            "preserve_insertion_order": False,
            # One processor looks at what comes next, and writes what was found before.
            "threads": max((os.cpu_count() or 1) - 1, 1),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    # Nothing but this folder can be reached from a query, and no network.
    own = str(folder).replace("'", "''")
    connection.execute(f"SET allowed_directories = ['{own}']; SET enable_external_access = false")
    return connection


@contextmanager
def _explained(choice: EngineChoice) -> Iterator[None]:
    """Say what to do where it needs more memory than it may take, or the disk is full."""
    try:
        yield
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise EngineError(
            f"the reduction needs more than {choice.megabytes} MB of memory, or more space for "
            "what does not fit into it; give it more with --memory 4GB, or a folder on a larger "
            f"disk with --engine duckdb:FOLDER; {_KEPT}"
        ) from error
    except duckdb.IOException as error:
        raise EngineError(
            "the engine cannot write what does not fit into memory: the disk may be full; name a "
            f"folder on a larger one with --engine duckdb:FOLDER; {_KEPT}"
        ) from error
