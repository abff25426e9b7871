"""Templates of pages: everything that is put in is escaped, and an unknown name is an error."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from functools import cache
from pathlib import Path

import platformdirs
from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket

from orgnet.versions import own_version, version_of

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


@cache
def environment(package: str) -> Environment:
    """Return the environment of the folder ``templates`` of a package.

    What Jinja makes of a template is kept in the user's folder for caches, as Python keeps what it
    makes of a module: to make it takes longer than to fill it in. It is a program, so that only a
    folder counts that is the user's own and that nobody else may write to.

    Examples
    --------
    >>> environment("orgnet.privacy_pack").from_string("<p>{{ name }}</p>").render(name="R&D")
    '<p>R&amp;D</p>'
    """
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_kept(),
    )


def _kept() -> _Kept | None:
    """Return the cache; none where its folder cannot be made, or others may write to it."""
    caches = Path(platformdirs.user_cache_dir("orgnet", appauthor=False))
    folder = caches / f"templates-{own_version()}-jinja-{version_of('jinja2')}"
    try:
        for each in (caches, folder):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
        states = [caches.stat(), folder.stat()]
    except OSError:
        return None
    if hasattr(os, "getuid") and any(
        state.st_uid != os.getuid() or state.st_mode & _OTHERS_WRITE for state in states
    ):
        return None
    return _Kept(str(folder), "%s.cache")


class _Kept(FileSystemBytecodeCache):
    def load_bytecode(self, bucket: Bucket) -> None:
        # Whatever is wrong with a file, it can be made again.
        try:
            super().load_bytecode(bucket)
        except Exception:
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        # The page is written, whether there is space for this or not.
        with suppress(OSError):
            super().dump_bytecode(bucket)
