"""What some tests need and not every machine has: the real data, a browser that prints."""

import os
from pathlib import Path

import pytest

from orgnet.errors import OrgnetError
from orgnet_reports.pdf.browser import installed_browser

SHARED = Path(__file__).resolve().parents[2] / "shared"


def shared(name: str) -> Path:
    """Return a file of the real data, or skip the test with the reason."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the real data are not beside the project: no shared/{name}")
    return path


def printing_browser() -> Path:
    """Return a browser that prints pages, or skip the test; fail where one is required."""
    try:
        return installed_browser()
    except OrgnetError as error:
        if os.environ.get("ORGNET_REQUIRE_BROWSER") == "1":
            pytest.fail(f"ORGNET_REQUIRE_BROWSER is 1 and {error}")
        pytest.skip(str(error))
