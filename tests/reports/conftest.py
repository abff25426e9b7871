"""A Chromium for the tests that need one, cut off from every network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--mute-audio",
)


@dataclass
class Opened:
    """A page and everything that it said or asked for."""

    page: Any
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        if os.environ.get("ORGNET_REQUIRE_BROWSER") == "1":
            pytest.fail("ORGNET_REQUIRE_BROWSER is 1 and no Chromium was found on the path")
        pytest.skip("no Chromium was found on the path")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any, tmp_path: Path) -> Iterator[Any]:
    contexts = []

    def open_bytes(content: bytes, *, width: int = 1280, **options: Any) -> Opened:
        file = tmp_path / f"page-{len(contexts)}.html"
        file.write_bytes(content)
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, offline=True, **options
        )
        contexts.append(context)
        opened = Opened(page=context.new_page())
        page = opened.page
        page.on("console", lambda message: opened.said.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: opened.said.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (opened.said.append("dialog"), dialog.dismiss()))
        page.on("request", lambda request: opened.asked.append(request.url))
        page.goto(file.as_uri())
        return opened

    yield open_bytes
    for context in contexts:
        context.close()
