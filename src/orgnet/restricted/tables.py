"""The stored tables, read and written again with some rows less."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from orgnet.errors import UnreadableFileError
from orgnet.files import replacing
from orgnet.results import RESTRICTED


def read_table(folder: Path, name: str) -> pa.Table:
    """Read ``ties`` or ``people`` of the restricted part of a results folder.

    Raises
    ------
    UnreadableFileError
        If it is not there or damaged.
    """
    path = folder / RESTRICTED / f"{name}.parquet"
    if not path.is_file():
        raise UnreadableFileError(
            f"there is no {RESTRICTED}/{name}.parquet",
            file=folder.name,
            remedy="name a results folder that `orgnet analyse` wrote, with its restricted part",
        )
    try:
        # Read whole and closed: Windows replaces no file that is open.
        return pq.read_table(pa.BufferReader(path.read_bytes()))
    except (OSError, pa.ArrowInvalid) as error:
        raise UnreadableFileError(
            "the file is damaged", file=f"{name}.parquet", remedy="run `orgnet analyse` again"
        ) from error


def write_table(folder: Path, name: str, table: pa.Table) -> None:
    """Write a stored table again; no value of a row that is gone stays in the file."""
    for at, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            # A dictionary keeps the values of rows that were filtered out.
            plain = table.column(at).cast(field.type.value_type)
            table = table.set_column(at, field.name, plain)
    with replacing(folder / RESTRICTED / f"{name}.parquet") as temporary:
        pq.write_table(table, temporary, compression="zstd")
