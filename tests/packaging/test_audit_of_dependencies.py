"""A known vulnerability fails the check; no network does not, and never hangs."""

import importlib.util
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / ".ci" / "audit_dependencies.py"

SOUND = {"name": "numpy", "version": "2.1", "vulns": []}
UNKNOWN = {"name": "own", "skip_reason": "not found"}
HURT = {
    "name": "jinja2",
    "version": "3.0",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["3.1"], "aliases": []}],
}


@pytest.fixture
def audit() -> ModuleType:
    if not SCRIPT.exists():
        pytest.skip("this is no checkout: .ci is not in the distribution")
    spec = importlib.util.spec_from_file_location("audit_dependencies", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_known_vulnerability_fails_and_says_which_version_mends_it(audit: ModuleType) -> None:
    lines, code = audit.report([SOUND, HURT])

    assert code == 1
    assert lines[-1] == "jinja2 3.0: PYSEC-2026-1, mended in 3.1"


def test_sound_dependencies_pass_and_unknown_ones_are_named(audit: ModuleType) -> None:
    assert audit.report([SOUND, UNKNOWN]) == (
        [
            "audited 1 of 2 dependencies",
            "warning: nothing is known of own",
            "no known vulnerability",
        ],
        0,
    )


@pytest.mark.parametrize("dependencies", [None, [UNKNOWN]])
def test_an_audit_that_nobody_answered_warns(
    audit: ModuleType, dependencies: list[dict[str, Any]] | None
) -> None:
    lines, code = audit.report(dependencies)

    assert code == 0
    assert lines[0].startswith("warning: dependencies were not audited")


def test_an_audit_that_takes_too_long_is_given_up(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(command: list[str], *, timeout: float, **_: object) -> None:
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(audit.subprocess, "run", never)

    assert audit.audited(SCRIPT) is None


def test_an_audit_that_fails_without_an_answer_is_none(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> "subprocess.CompletedProcess[str]":
        return subprocess.CompletedProcess([], 1, stdout="", stderr="no network")

    monkeypatch.setattr(audit.subprocess, "run", fails)

    assert audit.audited(SCRIPT) is None
