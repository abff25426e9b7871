"""The results folder: what is mailed, what every number rests on, and what is restricted."""

from __future__ import annotations

import dataclasses
import json
import platform
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from orgnet.errors import InputError, UnreadableFileError
from orgnet.files import make_folder, reason, replacing, sha256, size, write_bytes
from orgnet.plugins import report as find_report
from orgnet.pseudonyms import pseudonyms
from orgnet.reading import Reading, Records
from orgnet.report_model import SCHEMA, ReportModel
from orgnet.rules import TieRules
from orgnet.schema import TIES, Source
from orgnet.versions import own_version

if TYPE_CHECKING:
    from orgnet.building import WeeklyTies
    from orgnet.diagnosis import Diagnosis
    from orgnet.disclosure import DisclosurePolicy

#: The released figures, the report, and what stands behind them.
DIAGNOSIS, MANIFEST, RESTRICTED = "diagnosis.json", "manifest.json", "restricted"


#: Ties are written so many at once.
_ROWS_AT_ONCE = 1 << 16


@dataclasses.dataclass(frozen=True, slots=True)
class Input:
    """A file or folder that was analysed, as the manifest tells of it."""

    name: str
    bytes: int
    sha256: str


def input_of(source: Source) -> Input:
    """Look at a file or folder that is analysed.

    Raises
    ------
    UnreadableFileError
        If it cannot be read, or is gone.
    """
    try:
        return Input(source.name, size(source.path), sha256(source.path))
    except OSError as error:
        raise UnreadableFileError(
            f"cannot be read ({reason(error)})",
            file=source.name,
            remedy="check that the file is there and may be opened",
        ) from error


def write_report(model: ReportModel, path: str | Path, *, format: str | None = None) -> Path:
    """Write one output of a report model.

    Parameters
    ----------
    model
        What `orgnet.release` returns.
    path
        Where to; written under a temporary name and renamed, readable by the owner only.
    format
        Name of an installed report; by default ``json`` for a name that ends in ``.json``, else
        ``html``.

    Raises
    ------
    PluginError
        If there is no such report.
    """
    path = Path(path)
    name = format or ("json" if path.suffix.lower() == ".json" else "html")
    write_bytes(path, find_report(name).render(model))
    return path


def read_model(folder: Path) -> ReportModel:
    """Read the released figures of a results folder.

    Raises
    ------
    UnreadableFileError
        If there is no ``diagnosis.json``, or it is of another version.
    """
    path = folder / DIAGNOSIS
    if not path.is_file():
        raise UnreadableFileError(
            f"there is no {DIAGNOSIS}",
            file=folder.name,
            remedy="name a results folder that `orgnet analyse` wrote",
        )
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        schema = plain.get("schema") if isinstance(plain, dict) else None
        if schema != SCHEMA:
            raise UnreadableFileError(
                f"the figures are of version {schema!r}, expected {SCHEMA!r}",
                file=path.name,
                remedy="run `orgnet analyse` again",
            )
        return msgspec.convert(plain, ReportModel, strict=False)
    except (ValueError, msgspec.ValidationError) as error:
        if isinstance(error, InputError):
            raise
        raise UnreadableFileError(
            "the file is damaged", file=path.name, remedy="run `orgnet analyse` again"
        ) from error


def read_restricted(folder: Path, name: str) -> pd.DataFrame:
    """Read ``ties`` or ``people`` of the restricted part of a results folder.

    Raises
    ------
    UnreadableFileError
        If it is not there or damaged.
    """
    try:
        table: pd.DataFrame = pq.read_table(folder / RESTRICTED / f"{name}.parquet").to_pandas()
    except FileNotFoundError as error:
        raise UnreadableFileError(
            f"there is no {RESTRICTED}/{name}.parquet",
            file=folder.name,
            remedy="an edition with people is written by whoever ran the analysis, beside its "
            "results",
        ) from error
    except (OSError, pa.ArrowInvalid) as error:
        raise UnreadableFileError(
            "the file is damaged", file=f"{name}.parquet", remedy="run `orgnet analyse` again"
        ) from error
    return table


def read_rules(folder: Path) -> TieRules:
    """Read the rules by which the ties of a results folder were made.

    Raises
    ------
    UnreadableFileError
        If the manifest is not there or does not say.
    """
    try:
        said: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return msgspec.convert(said["rules"], TieRules)
    except (OSError, ValueError, KeyError, TypeError, msgspec.ValidationError) as error:
        raise UnreadableFileError(
            "the rules of the analysis cannot be read from it",
            file=MANIFEST,
            remedy="run `orgnet analyse` again",
        ) from error


def write_results(
    folder: Path,
    *,
    model: ReportModel,
    diagnosis: Diagnosis,
    weekly: WeeklyTies,
    records: Records,
    inputs: Sequence[Input],
    policy: DisclosurePolicy,
    key: bytes,
) -> list[Path]:
    """Write the whole folder; each file appears complete or not at all.

    `inputs` are the files behind it, exports first.

    Returns
    -------
    list of Path
        The files for reading: the report first.
    """
    content = manifest(model, weekly, records, inputs, diagnosis.network.rules, policy)
    # Everything that can fail is made before the first file is replaced.
    files = {
        "report.html": find_report("html").render(model),
        DIAGNOSIS: find_report("json").render(model),
        MANIFEST: as_json(content),
    }
    make_folder(folder)
    restricted = make_folder(folder / RESTRICTED, owner_only=True)
    write_ties(restricted / "ties.parquet", weekly.ties, key)
    write_people(restricted / "people.parquet", diagnosis, key)
    for name, rendered in files.items():
        write_bytes(folder / name, rendered)
    return [folder / name for name in files]


def write_ties(path: Path, ties: pd.DataFrame, key: bytes) -> None:
    """Store weekly ties with pseudonyms, schema `TIES`, sorted by pseudonym within a week."""
    sender, recipient, names = _hidden(ties, key)
    channel, kinds = pd.factorize(ties["channel"], sort=True)
    channels = pa.array(kinds.astype(object), pa.string())
    # Those without a date come last.
    week = ties["week"].to_numpy().astype("datetime64[D]")
    rows = np.lexsort((channel, recipient, sender, week))
    interactions, strength = ties["interactions"].to_numpy(), ties["strength"].to_numpy()
    with (
        replacing(path) as temporary,
        pq.ParquetWriter(temporary, TIES, compression="zstd", store_schema=False) as writer,
    ):
        for start in range(0, max(len(rows), 1), _ROWS_AT_ONCE):
            some = rows[start : start + _ROWS_AT_ONCE]
            columns = [
                pa.array(week[some]),
                names.take(pa.array(sender[some])),
                names.take(pa.array(recipient[some])),
                channels.take(pa.array(channel[some])),
                pa.array(interactions[some]),
                pa.array(strength[some]),
            ]
            plain = [column.cast(field.type) for column, field in zip(columns, TIES, strict=True)]
            writer.write_table(pa.Table.from_arrays(plain, schema=TIES))


def _hidden(
    ties: pd.DataFrame, key: bytes
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], pa.Array]:
    """Return the ends of ties as places among the sorted pseudonyms, and those."""
    ends = pd.concat([ties["sender"], ties["recipient"]], ignore_index=True)
    codes, people = pd.factorize(ends)
    hidden = np.asarray(pseudonyms(people, key), dtype=object)
    order = np.argsort(hidden, kind="stable")
    rank = np.empty(len(hidden), dtype=np.int32)
    rank[order] = np.arange(len(hidden), dtype=np.int32)
    sender, recipient = np.split(rank[codes], 2)
    return sender, recipient, pa.array(hidden[order], pa.string())


def write_people(path: Path, diagnosis: Diagnosis, key: bytes) -> None:
    """Store the figures by person with pseudonyms; no name, no address."""
    table = diagnosis.people.reset_index()
    table["person"] = pseudonyms(table["person"], key)
    table["observed"] = diagnosis.network.observed
    with replacing(path) as temporary:
        pq.write_table(
            pa.Table.from_pandas(table, preserve_index=False), temporary, compression="zstd"
        )


def manifest(
    model: ReportModel,
    weekly: WeeklyTies,
    records: Records,
    inputs: Sequence[Input],
    rules: TieRules,
    policy: DisclosurePolicy,
) -> dict[str, Any]:
    """Return what the run rests on: inputs, rules, seed, versions and counts."""
    return {
        "schema": "orgnet-manifest/1",
        "run_date": model.run_date,
        "inputs": [dataclasses.asdict(one) for one in inputs],
        "not_recognised": sorted(records.left_out),
        "counts": [
            {
                "connector": reading.connector.name,
                "read": reading.ledger.read,
                "kept": reading.ledger.kept,
                "skipped": dict(sorted(reading.ledger.skipped.items())),
                "interactions": reading.ledger.interactions,
                "truncated": reading.ledger.truncated is not None,
                "dropped_unread": without_names(dropped_unread(reading), weekly.everybody),
            }
            for reading in records.readings
        ],
        "noise": {
            "records": weekly.records,
            "kept": weekly.kept,
            "removed": removed_records(weekly, policy.minimum_group),
            "proposed_bots": len(weekly.proposed_bots),
        },
        "identities": {
            "people": len(weekly.people),
            "external": weekly.external,
            "unmatched": weekly.unmatched,
            "not_people": weekly.not_people,
            "opted_out": _told(weekly, weekly.opted_out, policy.minimum_group),
        },
        "window": dataclasses.asdict(model.period),
        "withheld": dict(model.withheld),
        "rules": _plain(dataclasses.asdict(rules)),
        "policy": _plain(dataclasses.asdict(policy)) | {"version": model.policy.version},
        "seed": model.method.seed,
        "versions": {"orgnet-ona": own_version(), "python": platform.python_version()}
        | dict(model.method.versions),
    }


def dropped_unread(reading: Reading) -> list[str]:
    """Return the fields of a source that were never looked at, sorted."""
    return sorted({*reading.connector.dropped_unread, *reading.ledger.dropped_unread})


def without_names(headings: Sequence[str], everybody: pd.DataFrame) -> list[str]:
    """Return the headings of columns, and for those that name somebody that there are some."""
    # Only who writes results loads the measures, not who reads or checks.
    from orgnet.disclosure.survey import names_of, names_somebody

    known = names_of(everybody)
    told = ["a column that names somebody" if names_somebody(h, known) else h for h in headings]
    return list(dict.fromkeys(told))


def as_json(content: Any) -> bytes:
    """Return indented UTF-8 JSON with a final newline."""
    return (json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def removed_records(weekly: WeeklyTies, minimum: int) -> dict[str, int | str]:
    """Return the records that each rule removed; those of a few who opted out as out of scope.

    Told apart, they would be what the few wrote, and so would what the other counts leave of the
    sum.
    """
    told = _told(weekly, weekly.removed["opted_out"], minimum)
    if told == weekly.removed["opted_out"]:
        return dict(weekly.removed)
    aside = weekly.removed["out_of_scope"] + weekly.removed["opted_out"]
    return weekly.removed | {"out_of_scope": aside, "opted_out": told}


def _told(weekly: WeeklyTies, count: int, minimum: int) -> int | str:
    """Return a count about those who opted out, or how few they are where they are few."""
    few = 0 < weekly.opted_out < minimum
    return f"of fewer than {minimum} people" if few else count


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, (date, datetime)) else value
        for name, value in values.items()
    }
