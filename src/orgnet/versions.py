"""Which versions of packages are installed."""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution

_VERSION = re.compile(r"^Version: *(\S+)", re.MULTILINE)


@cache
def version_of(package: str) -> str | None:
    """Return the version of an installed package, or None where there is none.

    `importlib.metadata.version` takes the whole description of the package apart, which of seven
    packages takes longer than many a measure.

    Examples
    --------
    >>> version_of("no-such-package") is None
    True
    """
    try:
        installed = distribution(package)
    except PackageNotFoundError:
        return None
    # The second is what older packages have.
    described = installed.read_text("METADATA") or installed.read_text("PKG-INFO") or ""
    found = _VERSION.search(described)
    return found[1] if found else None


def own_version() -> str:
    """Return the version of orgnet; empty where it is used without being installed."""
    return version_of("orgnet-ona") or ""
