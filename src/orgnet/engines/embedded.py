"""DuckDB in this process: a memory limit, and a folder for what is beyond it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from orgnet.engines.choice import EngineChoice
from orgnet.errors import EngineError

_KEPT = "nothing was written, and earlier results are as they were"


class _DuckDb:
    """See `orgnet.engines.Engine`."""

    dialect = "duckdb"
    one_by_one = True

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def add(self, name: str, table: pa.Table) -> None:
        self._connection.register(name, table)

    def add_file(self, name: str, path: Path) -> None:
        files = path / "*.parquet" if path.is_dir() else path
        quoted = str(files).replace("'", "''")
        self._connection.execute(
            f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet('{quoted}')"
        )

    def keep(self, name: str, sql: str) -> None:
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")

    def query(self, sql: str) -> pa.Table:
        return self._connection.sql(sql).to_arrow_table()


@contextmanager
def duckdb_engine(choice: EngineChoice, folder: Path) -> Iterator[_DuckDb]:
    """Open DuckDB without a database file, spilling into the folder beyond its memory.

    Raises
    ------
    EngineError
        If it needs more memory than it may take, or the disk is full.
    """
    try:
        connection = duckdb.connect(
            config={
                "memory_limit": f"{choice.megabytes}MB",
                "temp_directory": str(folder / "spill"),
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        try:
            # Nothing but this folder can be reached from a query, and no network.
            own = str(folder).replace("'", "''")
            connection.execute(
                f"SET allowed_directories = ['{own}']; SET enable_external_access = false"
            )
            yield _DuckDb(connection)
        finally:
            connection.close()
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
