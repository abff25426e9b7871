"""Ask pip-audit about every pinned version: known vulnerabilities fail, no network only warns.

Run as ``python .ci/audit_dependencies.py``; ends with 1 if a vulnerability is known.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

CONSTRAINTS = Path(__file__).resolve().parents[1] / "constraints.txt"
#: Seconds for all of it, and for one answer of the network.
LONGEST, LONGEST_ANSWER = 60, 10


def audited(constraints: Path) -> list[dict[str, Any]] | None:
    """Return what is known of every pin; None if nobody could be asked in time."""
    command = [sys.executable, "-m", "pip_audit", "-r", str(constraints), "--format", "json"]
    options = ["--no-deps", "--disable-pip", "--progress-spinner", "off"]
    try:
        ran = subprocess.run(
            [*command, *options, "--timeout", str(LONGEST_ANSWER)],
            capture_output=True,
            encoding="utf-8",
            timeout=LONGEST,
            check=False,
        )
        dependencies: list[dict[str, Any]] = json.loads(ran.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, OSError, ValueError, KeyError):
        return None
    return dependencies


def report(dependencies: list[dict[str, Any]] | None) -> tuple[list[str], int]:
    """Return what to print of an audit, and the exit code."""
    unknown = [one["name"] for one in dependencies or [] if "vulns" not in one]
    if dependencies is None or len(unknown) == len(dependencies):
        return ["warning: dependencies were not audited: no source of vulnerabilities answered"], 0
    found = [
        f"{one['name']} {one['version']}: {known['id']}, mended in "
        f"{', '.join(known['fix_versions']) or 'no version yet'}"
        for one in dependencies
        for known in one.get("vulns", [])
    ]
    lines = [f"audited {len(dependencies) - len(unknown)} of {len(dependencies)} dependencies"]
    if unknown:
        lines.append(f"warning: nothing is known of {', '.join(unknown)}")
    return [*lines, *(found or ["no known vulnerability"])], 1 if found else 0


if __name__ == "__main__":
    said, code = report(audited(CONSTRAINTS))
    print("\n".join(said))
    sys.exit(code)
