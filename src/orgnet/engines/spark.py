"""Spark on this machine or on a cluster, started for one reduction and stopped after it."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import reduce
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pyarrow as pa
from pyarrow.dataset import dataset

from orgnet.engines.choice import EngineChoice
from orgnet.errors import EngineError

_INSTALL = "install it with `pip install 'orgnet-ona[spark]'`, and Java 17 or newer"
_KEPT = "nothing was written, and earlier results are as they were"

#: Seconds after which a master that does not answer counts as not there.
_PATIENCE = 5.0

#: Seconds between two looks at the workers, and without any after which the work is given up.
_LOOK, _WORKERLESS = 2.0, 60.0

#: Records handed over to a cluster in one piece.
_PIECE = 1 << 20

#: Least memory with which Spark starts, in megabytes.
_LEAST = 512

#: Spark's log may quote the data: nothing of it is shown. Without the last two lines it would set
#: another level by itself.
_LOGGING = """\
rootLogger.level = off
appender.none.type = Null
appender.none.name = none
rootLogger.appenderRef.none.ref = none
logger.shell.name = org.apache.spark.api.python.PythonGatewayServer
logger.shell.level = off
"""


class _Spark:
    """See `orgnet.engines.Engine`."""

    dialect = "pyspark"
    one_by_one = False

    def __init__(self, session: Any, *, shares_files: bool) -> None:
        self._session = session
        self._shares_files = shares_files

    def add(self, name: str, table: pa.Table) -> None:
        self._session.createDataFrame(table).createOrReplaceTempView(name)

    def add_file(self, name: str, path: Path) -> None:
        """Let Spark read the file; a cluster, which does not see it, is handed its records."""
        if self._shares_files:
            frame = self._session.read.parquet(path.absolute().as_uri())
        else:
            records = dataset(path, format="parquet")
            pieces = [
                self._session.createDataFrame(pa.Table.from_batches([batch]))
                for batch in records.to_batches(batch_size=_PIECE)
                if batch.num_rows
            ] or [self._session.createDataFrame(records.head(0))]
            frame = reduce(lambda one, other: one.unionAll(other), pieces)
        frame.createOrReplaceTempView(name)

    def see(self, name: str, sql: str) -> None:
        self._session.sql(sql).createOrReplaceTempView(name)

    def keep(self, name: str, sql: str) -> None:
        from pyspark import StorageLevel

        frame = self._session.sql(sql).persist(StorageLevel.DISK_ONLY)
        frame.createOrReplaceTempView(name)

    def query(self, sql: str) -> pa.Table:
        return self._session.sql(sql).toArrow()

    def pieces(self, sql: str) -> Iterator[pa.Table]:
        yield self.query(sql)


@contextmanager
def spark_engine(choice: EngineChoice, folder: Path) -> Iterator[_Spark]:
    """Start Spark for one piece of work, and stop it and its Java machine afterwards.

    Spark listens on the loopback address alone if it works on this machine, has no web page, and
    writes into `folder`. A session that the caller has is used as it is and goes on afterwards.

    Raises
    ------
    EngineError
        If PySpark or Java is missing, the cluster is not reachable, or Spark fails.
    """
    try:
        with warnings.catch_warnings():
            # PySpark's own use of what pandas and Python have since deprecated.
            warnings.simplefilter("ignore")
            from py4j.protocol import Py4JError
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineError(f"Spark is not installed; {_INSTALL}") from error
    given = SparkSession.getActiveSession()
    if given is None:
        _require_java()
        if choice.name == "spark":
            _require_master(choice)
    started = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                session = (
                    _start(SparkSession.builder, choice, folder)
                    if given is None
                    else given.newSession()
                )
                started = True
                session.conf.set("spark.sql.session.timeZone", "UTC")
                local = session.sparkContext.master.startswith("local")
                with nullcontext() if local else _workers_watched(session.sparkContext):
                    yield _Spark(session, shares_files=local)
            finally:
                if given is None:
                    _stop()
    except (PySparkException, Py4JError, OSError) as error:
        if not started:
            raise EngineError(
                f"Spark does not start; it needs Java 17 or newer and {choice.megabytes} MB of "
                f"memory (--memory); {_KEPT}"
            ) from error
        raise EngineError(
            f"Spark failed half-way ({type(error).__name__}); look into the cluster's log and "
            "whether it has workers with that much memory free (--memory), try again, or leave "
            f"out --engine; {_KEPT}"
        ) from error


@contextmanager
def _workers_watched(context: Any) -> Iterator[None]:
    """Give the work up when there has been no worker for a while; Spark itself would wait on."""
    done = Event()

    def watch() -> None:
        without = 0.0
        while not done.wait(_LOOK):
            # A worker that has gone is none; what asks for the workers may be gone, too.
            with suppress(Exception):
                # One of them is this process.
                count = len(context._jsc.sc().statusTracker().getExecutorInfos()) - 1
                without = 0.0 if count > 0 else without + _LOOK
            if without >= _WORKERLESS:
                with suppress(Exception):
                    context.cancelAllJobs()

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _require_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=str(Path(home) / "bin") if home else None) is None:
        raise EngineError("Spark needs Java 17 or newer, and there is none; install it")


def _require_master(choice: EngineChoice) -> None:
    """Ask for the master before Spark does, which would go on asking for minutes."""
    try:
        socket.create_connection((choice.host, choice.port), timeout=_PATIENCE).close()
    except OSError as error:
        raise EngineError(
            f"the Spark cluster at {choice.host}:{choice.port} is not reachable; check the address "
            f"and that its master is running, or leave out --engine; {_KEPT}"
        ) from error


def _start(builder: Any, choice: EngineChoice, folder: Path) -> Any:
    local = choice.name == "spark-local"
    host = f"[{choice.host}]" if ":" in choice.host else choice.host
    logging = folder / "logging.properties"
    logging.write_text(_LOGGING, encoding="utf-8")
    memory = f"{max(choice.megabytes, _LEAST)}m"
    settings = {
        "spark.driver.extraJavaOptions": f'"-Dlog4j.configurationFile={logging.as_uri()}"',
        "spark.driver.memory": memory,
        "spark.executor.memory": memory,
        "spark.local.dir": str(folder),
        # Figures of the progress line would stand among the program's own words.
        "spark.ui.showConsoleProgress": "false",
        "spark.ui.enabled": "false",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "8" if local else "64",
        "spark.sql.warehouse.dir": (folder / "warehouse").as_uri(),
    }
    if local:
        settings |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
        # The workers of PySpark are to be this Python, not the first one on the path.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = builder.appName("orgnet").master(
        "local[*]" if local else f"spark://{host}:{choice.port}"
    )
    return builder.config(map=settings).getOrCreate()


def _stop() -> None:
    """Stop Spark, and the Java machine with it: it would hold its memory until the end."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    session, gateway = SparkSession.getActiveSession(), SparkContext._gateway
    # What has failed may be gone already.
    with suppress(Exception):
        if session is not None:
            session.stop()
    if gateway is None:
        return
    with suppress(Exception):
        gateway.shutdown()
    process = getattr(gateway, "proc", None)
    if process is not None:
        with suppress(Exception):
            process.stdin.close()
            process.wait(timeout=30)
    SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None
    SparkSession._instantiatedSession = None
