"""An installed Chromium, Chrome or Edge, asked to print one page and to touch no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from orgnet.errors import OrgnetError

#: Names on the path, those that are browsers for certain first.
_NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "microsoft-edge", "microsoft-edge-stable", "msedge",
)  # fmt: skip

_ON_MACOS = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "Chromium.app/Contents/MacOS/Chromium",
)

_ON_WINDOWS = (
    "Microsoft/Edge/Application/msedge.exe",
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
)

#: Folders in which Windows keeps programs, by the variables that name them.
_WINDOWS_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")

#: The reader's own choice, before any other.
BROWSER = "ORGNET_BROWSER"

_FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--no-first-run",
    "--no-default-browser-check",
    # No request leaves: not the browser's own, and none that a page might make.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",
    # Stands in the file as the program that made it, instead of the browser and its system.
    "--user-agent=orgnet",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
    "--export-tagged-pdf",
)

_SECONDS = 120


def installed_browser(environment: Mapping[str, str] | None = None) -> Path:
    """Return a browser that can print.

    Parameters
    ----------
    environment
        Variables of the system; by default those of this process. ``ORGNET_BROWSER`` names the
        browser to use.

    Raises
    ------
    OrgnetError
        If there is none; the message says what to install and what to do instead.
    """
    known = os.environ if environment is None else environment
    if chosen := known.get(BROWSER):
        if found := shutil.which(chosen, path=known.get("PATH")):
            return Path(found)
        raise OrgnetError(
            f"{BROWSER} names {Path(chosen).name!r}, which is no program here; "
            "name a Chromium, Chrome or Edge, or leave the variable unset"
        )
    for candidate in _candidates(known):
        if candidate.is_file():
            return candidate
    raise OrgnetError(
        "a PDF needs Chromium, Chrome or Edge to print the page, and none was found; install one "
        f"of them, or name it in {BROWSER}; or open report.html in any browser and print it"
    )


def printed(page: bytes, browser: Path) -> bytes:
    """Return a page as the browser prints it: tagged, with bookmarks, without header and footer.

    The page is written to a folder of its own that is gone afterwards, and so is the browser's
    profile: neither history nor settings of the user take part.

    Raises
    ------
    OrgnetError
        If the browser fails, or takes longer than two minutes.
    """
    with tempfile.TemporaryDirectory(prefix="orgnet-tmp-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source, target = folder / "report.html", folder / "report.pdf"
        source.write_bytes(page)
        command = [
            str(browser),
            *_FLAGS,
            *(["--no-sandbox"] if _is_root() else []),
            f"--user-data-dir={folder / 'profile'}",
            f"--print-to-pdf={target}",
            source.as_uri(),
        ]
        try:
            subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_SECONDS,
                check=False,
                cwd=folder,
            )
        except subprocess.TimeoutExpired as error:
            raise OrgnetError(
                f"{browser.stem} did not finish printing within {_SECONDS} seconds; "
                "open report.html in a browser and print it"
            ) from error
        except OSError as error:
            raise OrgnetError(
                f"{browser.stem} cannot be started: {error.strerror}; "
                f"name another browser in {BROWSER}"
            ) from error
        if not target.is_file() or not target.stat().st_size:
            raise OrgnetError(
                f"{browser.stem} printed nothing; it may be too old (version 112 or later is "
                f"needed) or not allowed to run here; name another browser in {BROWSER}, or open "
                "report.html in a browser and print it"
            )
        return target.read_bytes()


def _candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    for name in _NAMES:
        if found := shutil.which(name, path=environment.get("PATH")):
            yield Path(found)
    if sys.platform == "darwin":
        for root in (Path("/Applications"), Path.home() / "Applications"):
            yield from (root / place for place in _ON_MACOS)
    for variable in _WINDOWS_FOLDERS:
        if folder := environment.get(variable):
            yield from (Path(folder) / place for place in _ON_WINDOWS)


def _is_root() -> bool:
    """Return whether this runs as root, for whom Chromium's sandbox does not start."""
    user = getattr(os, "geteuid", None)
    return user is not None and user() == 0
