"""Make ``docs/images/report.png`` again: the first screen of the demo's report.

Run ``make screenshot``, or this file with the Python of the project's environment.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from orgnet.cli import main as orgnet

PICTURE = Path(__file__).with_name("images") / "report.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
WIDTH, HEIGHT = 1200, 1180
#: Larger pictures make a slow page of the README.
MOST_BYTES = 250_000


def take(report: Path, picture: Path) -> None:
    """Photograph the top of a report in the light theme."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", locale="en-GB"
        )
        page.goto(report.resolve().as_uri())
        page.screenshot(path=picture)
        chromium.close()


def main() -> int:
    """Plant the demo's company in a folder that is gone afterwards, and photograph its report."""
    PICTURE.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        code = orgnet(["demo", "--out", name, "--no-open"])
        if code:
            return code
        take(Path(name) / "report.html", PICTURE)
    size = PICTURE.stat().st_size
    print(f"{PICTURE.name}: {size:,} bytes")
    return 0 if size <= MOST_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
