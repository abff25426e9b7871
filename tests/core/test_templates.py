"""Templates are compiled once, and pages do not depend on whether that could be kept."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import pytest

from orgnet.templates import environment

PACKAGE = "orgnet.privacy_pack"


@pytest.fixture
def caches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "caches"
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_, **__: str(folder))
    return folder


def _compiled() -> object:
    """Load a template as a process of its own would."""
    return environment.__wrapped__(PACKAGE).get_template("pack.html.j2")


def test_a_template_is_compiled_once(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _compiled()
    (kept,) = caches.rglob("*.cache")
    assert kept.stat().st_size > 1_000
    monkeypatch.setattr(
        "jinja2.Environment.compile", lambda *_, **__: pytest.fail("compiled again")
    )
    _compiled()


@pytest.mark.parametrize("length", [0, 5, 20, 60, 2_000])
def test_what_is_kept_and_damaged_is_made_again(length: int, caches: Path) -> None:
    _compiled()
    (kept,) = caches.rglob("*.cache")
    whole = kept.read_bytes()
    kept.write_bytes(whole[:length])
    _compiled()
    assert kept.read_bytes() == whole


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize("place", [".", "templates-*"])
def test_nothing_is_taken_from_a_folder_that_others_may_write_to(place: str, caches: Path) -> None:
    _compiled()
    (kept,) = caches.rglob("*.cache")
    kept.write_bytes(b"of somebody else")
    (folder,) = caches.glob(place) if "*" in place else [caches]
    folder.chmod(0o777)
    _compiled()
    assert kept.read_bytes() == b"of somebody else"


def test_without_a_folder_for_caches_templates_work(caches: Path) -> None:
    caches.write_text("a file in its place")
    assert _compiled()


def test_without_space_in_it_templates_work(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", full)
    assert _compiled()
    assert not list(caches.rglob("*.cache"))
