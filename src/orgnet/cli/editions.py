"""What `orgnet report` writes for whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for on the command line."""

    folder: Path
    format: str


def groups_edition(request: Request) -> Path:
    """Write figures about departments, and nothing about a person."""
    from orgnet.plugins import report
    from orgnet.results import read_model, write_report

    model = read_model(request.folder)
    path = request.folder / report(request.format).file_name
    return write_report(model, path, format=request.format)


#: Each edition with what writes it and returns the file.
EDITIONS: dict[str, Callable[[Request], Path]] = {"groups": groups_edition}
