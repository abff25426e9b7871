"""Where the tests find the real data that stand beside the project."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def shared(name: str) -> Path:
    """Return a file of the real data, or skip the test with the reason."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the real data are not beside the project: no shared/{name}")
    return path
