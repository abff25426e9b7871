"""The import contracts cover the whole house, so that a new module cannot slip past them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
CONTRACTS: dict[str, dict[str, Any]] = {
    contract["id"]: contract for contract in TOOLS["importlinter"]["contracts"]
}
CORE = {
    f"orgnet.{path.stem}"
    for path in (ROOT / "src/orgnet").iterdir()
    if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").is_file()
}


@pytest.mark.parametrize(
    ("contract", "allowed"),
    [
        ("connectors", {"orgnet.errors", "orgnet.schema"}),
        (
            "reports",
            {
                *("orgnet.errors", "orgnet.report_model", "orgnet.templates"),
                *("orgnet.versions", "orgnet.words"),
            },
        ),
        ("model", {"orgnet.report_model"}),
        ("simulate", {"orgnet.errors", "orgnet.schema", "orgnet.simulate"}),
    ],
)
def test_all_of_the_core_is_forbidden_but_what_is_allowed(contract: str, allowed: set[str]) -> None:
    assert set(CONTRACTS[contract]["forbidden_modules"]) == CORE - allowed


@pytest.mark.parametrize("contract", ["connectors", "reports", "model", "simulate", "core"])
def test_ways_round_over_other_modules_are_forbidden_as_well(contract: str) -> None:
    assert "allow_indirect_imports" not in CONTRACTS[contract]


def test_every_module_of_the_core_has_its_floor_once() -> None:
    floors = [
        f"orgnet.{module.strip()}"
        for floor in CONTRACTS["layers"]["layers"]
        for module in floor.split("|")
    ]
    assert sorted(floors) == sorted(CORE)
    assert CONTRACTS["layers"]["exhaustive"] is True


def test_no_contract_has_an_exception() -> None:
    assert [name for name, contract in CONTRACTS.items() if "ignore_imports" in contract] == []
