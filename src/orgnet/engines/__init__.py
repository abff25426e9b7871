"""Engines that run the reduction: DuckDB in this process, or Spark here or on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from orgnet.engines.choice import MEMORY, EngineChoice

__all__ = ["MEMORY", "Engine", "EngineChoice", "Work", "running", "started"]


class Engine(Protocol):
    """Tables under names, and queries on them in the SQL of one dialect.

    Attributes
    ----------
    dialect
        As Ibis calls it.
    one_by_one
        Whether several files are better given to it one after the other: it keeps little in
        memory then. Others divide the work by themselves.
    """

    one_by_one: bool

    @property
    def dialect(self) -> str:
        """Name of the SQL that the engine speaks, as Ibis calls it."""

    def add(self, name: str, table: pa.Table) -> None:
        """Make a small table known under a name."""

    def add_file(self, name: str, path: Path) -> None:
        """Make a Parquet file, or a folder of them, known under a name without reading it here."""

    def see(self, name: str, sql: str) -> None:
        """Make the result of a query known under a name; it runs whenever another asks for it."""

    def keep(self, name: str, sql: str) -> None:
        """Run a query once and make its result known under a name, in place of an earlier one."""

    def query(self, sql: str) -> pa.Table:
        """Return the result of a query."""

    def pieces(self, sql: str) -> Iterator[pa.Table]:
        """Yield the result of a query piece by piece; until the last, nothing else may be asked."""


#: Gives an engine for a piece of work; it knows of nothing that was done before.
Work = Callable[[], AbstractContextManager[Engine]]


@contextmanager
def started(choice: EngineChoice, folder: Path) -> Iterator[Work]:
    """Give the chosen engine for one piece of work after the other; it is stopped afterwards.

    DuckDB starts beside whatever is done until the first of them, and Spark for each of them anew.

    Parameters
    ----------
    choice
        Which engine, and how much memory it may take.
    folder
        An owner-only folder for whatever the engine writes, with the files that it is to read. It
        goes with its owner.

    Raises
    ------
    EngineError
        By a piece of work, if the engine is not installed or not reachable, or fails.
    """
    # Spark is an extra: its module is loaded by those alone who ask for it.
    if choice.name == "duckdb":
        from orgnet.engines.embedded import duckdb_started

        with duckdb_started(choice, folder) as at_work:
            yield at_work
    else:
        from orgnet.engines.spark import spark_engine

        yield lambda: spark_engine(choice, folder)


@contextmanager
def running(choice: EngineChoice, folder: Path) -> Iterator[Engine]:
    """Give the chosen engine for one piece of work; see `started`."""
    with started(choice, folder) as at_work, at_work() as engine:
        yield engine
