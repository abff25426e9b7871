"""What ``--engine`` and ``--memory`` say: an engine by its name, and what it may take."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from orgnet.errors import UsageError, did_you_mean

#: What the engine may use before it spills to disk, unless the user says otherwise.
MEMORY = "2GB"

_FORMS = ("duckdb", "duckdb:FOLDER", "spark-local", "spark://HOST:PORT")
_MEMORY = re.compile(r"(\d+(?:\.\d+)?)\s*([MG])i?B?", re.IGNORECASE)
_MASTER = re.compile(r"spark://([^\s/:@]+|\[[0-9a-fA-F:]+\]):(\d{1,5})")


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineChoice:
    """An engine and what it may take; see `of`.

    Attributes
    ----------
    name
        ``duckdb``, ``spark-local``, or ``spark`` for a cluster.
    folder
        Of DuckDB: where it puts what does not fit into memory; None for the system's folder of
        temporary files.
    host, port
        Of a cluster: where its master listens.
    megabytes
        Memory that the engine may take on this machine.
    """

    name: Literal["duckdb", "spark-local", "spark"] = "duckdb"
    folder: Path | None = None
    host: str = ""
    port: int = 0
    megabytes: int = 2000

    @classmethod
    def of(cls, engine: str = "duckdb", memory: str = MEMORY) -> EngineChoice:
        """Understand the two options.

        Parameters
        ----------
        engine
            ``duckdb``, ``duckdb:FOLDER``, ``spark-local`` or ``spark://HOST:PORT``.
        memory
            Such as ``4GB`` or ``800MB``.

        Raises
        ------
        UsageError
            If there is no such engine or folder, or the memory is no size.

        Examples
        --------
        >>> EngineChoice.of("spark://cluster.example:7077").host
        'cluster.example'
        >>> EngineChoice.of("spark-lokal")
        Traceback (most recent call last):
            ...
        orgnet.errors.UsageError: there is no engine 'spark-lokal'; ... Did you mean 'spark-local'?
        """
        megabytes = _megabytes(memory)
        if engine in ("duckdb", "spark-local"):
            return cls(name="spark-local" if "spark" in engine else "duckdb", megabytes=megabytes)
        if engine.startswith("duckdb:"):
            folder = Path(engine.removeprefix("duckdb:"))
            if not folder.is_dir() or folder == Path():
                raise UsageError(
                    f"the engine is to work in {folder.name or '.'!r}, which is no folder; "
                    "make it, or name another with --engine duckdb:FOLDER"
                )
            return cls(folder=folder, megabytes=megabytes)
        if (master := _MASTER.fullmatch(engine)) and int(master[2]) < 1 << 16:
            host, port = master[1].strip("[]"), int(master[2])
            return cls(name="spark", host=host, port=port, megabytes=megabytes)
        raise UsageError(
            f"there is no engine {engine!r}; the engines are {', '.join(_FORMS)}."
            f"{did_you_mean(engine, _FORMS)}"
        )


def _megabytes(memory: str) -> int:
    """Return a size in millions of bytes.

    Examples
    --------
    >>> _megabytes("1.5 GB"), _megabytes("800m")
    (1500, 800)
    """
    found = _MEMORY.fullmatch(memory.strip())
    size = float(found[1]) * (1000 if found[2].upper() == "G" else 1) if found else 0.0
    if size < 1:
        raise UsageError(f"{memory!r} is no size of memory; give one such as 4GB or 800MB")
    return int(size)
