"""The access trail: who made which output, when and what for, in a log that tells of changes.

Every line holds the SHA-256 of the line before it, so that a line that was changed, added or taken
out breaks the chain. How far the log had come is kept in the user's configuration folder too, so
that lines missing at its end are seen. Whoever can write in both places can make up another log:
the trail shows changes to others, it does not prevent them.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import platformdirs
from msgspec import Struct

from orgnet.errors import InputError, OrgnetError
from orgnet.files import sha256, write_bytes
from orgnet.restricted.lock import held
from orgnet.results import DIAGNOSIS, MANIFEST, RESTRICTED

#: The log, one JSON object a line.
FILE = "access-log.jsonl"

#: Only while a line is written.
LOCK = f".{FILE}.lock"

_SCHEMA = "orgnet-trail/1"
_NOTHING_BEFORE = "0" * 64

#: Seconds to wait for another run that writes a line.
_PATIENCE = 10.0


class Verdict(Struct, frozen=True, kw_only=True):
    """What a check of the trail found.

    Attributes
    ----------
    entries
        Lines that are there and can be read.
    problems
        What is wrong, a sentence each; empty where nothing is.
    """

    entries: int
    problems: tuple[str, ...]


def record(
    folder: Path,
    action: str,
    *,
    outputs: Sequence[Path] = (),
    edition: str | None = None,
    format: str | None = None,
    purpose: str | None = None,
    asked_by: str | None = None,
    names: bool = False,
    counts: Mapping[str, int] | None = None,
) -> None:
    """Append one line; nothing where the folder has no restricted part, as one that was mailed.

    Parameters
    ----------
    folder
        The results folder.
    action
        What was done: ``analyse``, ``report``, ``forget``, ``purge``, ``privacy-pack``.
    outputs
        The files that were written; their names and SHA-256 are kept.
    edition, format, purpose, asked_by, names
        As they were asked for.
    counts
        How much was done, where nothing was written for reading.

    Raises
    ------
    UsageError
        If the line cannot be written.
    """
    restricted = folder / RESTRICTED
    if not restricted.is_dir():
        return
    content: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "who": _user(),
        "action": action,
        "edition": edition,
        "format": format,
        "names": names,
        "purpose": purpose,
        "asked_by": asked_by,
        "policy": _policy(folder),
        "outputs": [{"file": path.name, "sha256": sha256(path)} for path in outputs],
        "counts": dict(counts or {}),
    }
    with _alone(restricted):
        log = restricted / FILE
        before = log.read_bytes() if log.is_file() else b""
        if before and not before.endswith(b"\n"):
            before += b"\n"
        lines = before.splitlines()
        name = _name(lines) or secrets.token_hex(16)
        line = json.dumps(
            {
                "schema": _SCHEMA,
                "trail": name,
                "line": len(lines) + 1,
                "previous": _hash(lines[-1]) if lines else _NOTHING_BEFORE,
                **content,
            },
            ensure_ascii=False,
        ).encode("utf-8")
        # Written whole and renamed: a run that is stopped leaves no half line.
        write_bytes(log, before + line + b"\n")
        _keep_head(name, len(lines) + 1, _hash(line))


def entries(folder: Path) -> list[dict[str, Any]]:
    """Return the lines that can be read, the oldest first.

    Raises
    ------
    InputError
        If there is no trail.
    """
    return [entry for line in _lines(folder) if (entry := _entry(line)) is not None]


def outputs(folder: Path) -> dict[str, str]:
    """Return the output files that are there, with the edition of each, by name.

    What an analysis writes is of the edition ``groups``, known without a trail too.
    """
    found = {"report.html": "groups", DIAGNOSIS: "groups"}
    with suppress(InputError):
        for entry in entries(folder):
            for output in entry["outputs"]:
                found[output["file"]] = str(entry.get("edition") or "groups")
    return {name: found[name] for name in sorted(found) if (folder / name).is_file()}


def forgotten_since(folder: Path) -> bool:
    """Say whether somebody was forgotten after the last analysis; not without a trail."""
    try:
        done = [entry.get("action") for entry in entries(folder)]
    except InputError:
        return False
    last = max((at for at, action in enumerate(done) if action == "analyse"), default=-1)
    return "forget" in done[last + 1 :]


def verify(folder: Path) -> Verdict:
    """Check the chain, its end, and that the outputs are as they were last written.

    Raises
    ------
    InputError
        If there is no trail.
    """
    lines = _lines(folder)
    problems: list[str] = []
    previous = _NOTHING_BEFORE
    first = _name(lines)
    written: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        entry = _entry(line)
        if entry is None:
            problems.append(f"line {number} is damaged")
        else:
            if entry.get("previous") != previous:
                problems.append(
                    f"line {number} does not follow from the line before it: one of the two was "
                    "changed, or lines were added, moved or taken out between them"
                )
            elif entry.get("line") != number or entry.get("trail") != first:
                problems.append(f"line {number} was not written as line {number} of this trail")
            for output in entry["outputs"]:
                written[output["file"]] = output["sha256"]
        previous = _hash(line)
    problems += _check_end(first, lines)
    for name, digest in sorted(written.items()):
        path = folder / name
        if path.is_file() and sha256(path) != digest:
            problems.append(f"{name} is not the file that the trail says was written last")
    return Verdict(entries=len(lines), problems=tuple(problems))


def _lines(folder: Path) -> list[bytes]:
    log = folder / RESTRICTED / FILE
    try:
        return log.read_bytes().splitlines()
    except OSError as error:
        raise InputError(
            f"there is no {RESTRICTED}/{FILE}",
            file=folder.name,
            remedy="name a results folder with its restricted part; if it had a trail, the trail "
            "was removed",
        ) from error


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line.decode("utf-8"))
    except ValueError:
        return None
    if not isinstance(entry, dict) or entry.get("schema") != _SCHEMA:
        return None
    written = entry.get("outputs")
    if not isinstance(written, list) or not all(_is_output(output) for output in written):
        return None
    return entry


def _is_output(output: Any) -> bool:
    if not isinstance(output, dict) or not isinstance(output.get("sha256"), str):
        return False
    name = output.get("file")
    return isinstance(name, str) and name == Path(name).name


def _name(lines: Sequence[bytes]) -> str | None:
    """Return the random name that a trail got with its first line."""
    entry = _entry(lines[0]) if lines else None
    name = entry.get("trail") if entry else None
    return name if isinstance(name, str) and name.isalnum() else None


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _check_end(name: str | None, lines: Sequence[bytes]) -> list[str]:
    if name is None:
        return ["the first line does not say which trail this is"]
    try:
        head = json.loads(_head_file(name).read_text(encoding="utf-8"))
        count, digest = int(head["lines"]), str(head["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        # Written by another user or on another machine: the chain alone speaks then.
        return []
    if len(lines) < count:
        return [
            f"there are {len(lines)} lines, expected {count}: the end was cut off, or this is an "
            "older copy of the folder"
        ]
    if _hash(lines[count - 1]) != digest:
        return [
            f"line {count} is not the one that was written last: it was changed, or another copy "
            "of the folder was used since"
        ]
    return []


def _keep_head(name: str, lines: int, digest: str) -> None:
    with suppress(OSError, OrgnetError):
        content = json.dumps({"lines": lines, "sha256": digest})
        write_bytes(_head_file(name), content.encode("utf-8"))


def _head_file(name: str) -> Path:
    return Path(platformdirs.user_config_dir("orgnet", appauthor=False)) / "trails" / f"{name}.json"


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def _policy(folder: Path) -> dict[str, Any] | None:
    try:
        policy = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["policy"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return policy if isinstance(policy, dict) else None


def _alone(restricted: Path) -> AbstractContextManager[None]:
    """Hold a lock file, so that two runs at once write two lines one after the other."""
    return held(
        restricted / LOCK,
        "another run is writing the access trail; wait for it to end",
        failed="the access trail cannot be written",
        patience=_PATIENCE,
    )
