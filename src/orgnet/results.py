"""The results folder: what is mailed, what every number rests on, and what is restricted."""

from __future__ import annotations

import dataclasses
import json
import platform
from collections.abc import Sequence
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from orgnet.building import WeeklyTies
from orgnet.diagnosis import Diagnosis
from orgnet.disclosure import DisclosurePolicy
from orgnet.errors import InputError, UnreadableFileError
from orgnet.files import make_folder, replacing, sha256, size, write_bytes
from orgnet.plugins import report as find_report
from orgnet.pseudonyms import pseudonyms
from orgnet.reading import Reading, Records
from orgnet.report_model import SCHEMA, ReportModel
from orgnet.rules import TieRules
from orgnet.schema import TIES

#: The released figures, the report, and what stands behind them.
DIAGNOSIS, MANIFEST, RESTRICTED = "diagnosis.json", "manifest.json", "restricted"


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
    people_file: Path | None,
    policy: DisclosurePolicy,
    key: bytes,
) -> list[Path]:
    """Write the whole folder; each file appears complete or not at all.

    Returns
    -------
    list of Path
        The files for reading: the report first.
    """
    content = manifest(model, weekly, records, people_file, diagnosis.network.rules, policy)
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
    people = pd.unique(pd.concat([ties["sender"], ties["recipient"]], ignore_index=True))
    names = dict(zip(people, pseudonyms(people, key), strict=True))
    stored = ties.assign(
        sender=ties["sender"].map(names),
        recipient=ties["recipient"].map(names),
        week=ties["week"].dt.date if len(ties) else ties["week"],
    ).sort_values(["week", "sender", "recipient", "channel"], kind="stable")
    table = pa.Table.from_pandas(stored[TIES.names], TIES, preserve_index=False)
    with replacing(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


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
    people_file: Path | None,
    rules: TieRules,
    policy: DisclosurePolicy,
) -> dict[str, Any]:
    """Return what the run rests on: inputs, rules, seed, versions and counts."""
    inputs: Sequence[Reading] = [*records.readings, *records.rosters]
    return {
        "schema": "orgnet-manifest/1",
        "run_date": model.run_date,
        "inputs": [_input(reading.source.path) for reading in inputs]
        + ([_input(people_file)] if people_file else []),
        "not_recognised": sorted(records.left_out),
        "counts": [
            {
                "connector": reading.connector.name,
                "read": reading.ledger.read,
                "kept": reading.ledger.kept,
                "skipped": dict(sorted(reading.ledger.skipped.items())),
                "interactions": reading.ledger.interactions,
                "truncated": reading.ledger.truncated is not None,
                "dropped_unread": dropped_unread(reading),
            }
            for reading in records.readings
        ],
        "noise": {
            "records": weekly.records,
            "kept": weekly.kept,
            "removed": weekly.removed
            | {"opted_out": _told(weekly.removed["opted_out"], weekly, policy)},
            "proposed_bots": len(weekly.proposed_bots),
        },
        "identities": {
            "people": len(weekly.people),
            "external": weekly.external,
            "unmatched": weekly.unmatched,
            "not_people": weekly.not_people,
            "opted_out": _told(weekly.opted_out, weekly, policy),
        },
        "window": model.to_dict()["period"],
        "withheld": dict(model.withheld),
        "rules": _plain(dataclasses.asdict(rules)),
        "policy": _plain(dataclasses.asdict(policy)) | {"version": model.policy.version},
        "seed": model.method.seed,
        "versions": {"orgnet-ona": version("orgnet-ona"), "python": platform.python_version()}
        | dict(model.method.versions),
    }


def dropped_unread(reading: Reading) -> list[str]:
    """Return the fields of a source that were never looked at, sorted."""
    return sorted({*reading.connector.dropped_unread, *reading.ledger.dropped_unread})


def as_json(content: Any) -> bytes:
    """Return indented UTF-8 JSON with a final newline."""
    return (json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _told(count: int, weekly: WeeklyTies, policy: DisclosurePolicy) -> int | str:
    """Return a count about those who opted out, or how few they are where they are few."""
    minimum = policy.minimum_group
    few = 0 < weekly.opted_out < minimum
    return f"of fewer than {minimum} people" if few else count


def _input(path: Path) -> dict[str, Any]:
    return {"name": path.name, "bytes": size(path), "sha256": sha256(path)}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, (date, datetime)) else value
        for name, value in values.items()
    }
