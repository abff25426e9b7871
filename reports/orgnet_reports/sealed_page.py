"""A page that can neither fetch nor send: its policy names the bytes of its script and style."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

from markupsafe import Markup

from orgnet.errors import OrgnetError

#: Above this no report can be mailed with confidence.
CEILING_BYTES = 5_000_000

_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def data_block(data: Mapping[str, Any]) -> Markup:
    r"""Return data for ``<script type="application/json">``: ASCII, unable to end the element.

    Examples
    --------
    >>> str(data_block({"name": "</script>"}))
    '{"name":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return Markup(text.translate(_ESCAPES))


def content_policy(*, scripts: tuple[str, ...], styles: tuple[str, ...]) -> str:
    """Return the Content Security Policy that allows exactly these scripts and styles.

    Examples
    --------
    >>> content_policy(scripts=(), styles=("p{}",))[:53]
    "default-src 'none'; script-src 'none'; style-src 'sha"
    """
    return (
        f"default-src 'none'; script-src {_hashes(scripts)}; style-src {_hashes(styles)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def static(name: str) -> str:
    """Return one of the package's own scripts or style sheets, with Unix line ends."""
    file = resources.files("orgnet_reports") / "static" / name
    return file.read_text(encoding="utf-8").replace("\r\n", "\n")


def page_bytes(
    text: str, *, what: str, parts: Callable[[], Mapping[str, int]], remedy: str
) -> bytes:
    """Return the page as UTF-8, or say which part makes it too large to be mailed.

    Parameters
    ----------
    text
        The finished page.
    what
        What it is called in the message: ``the page``.
    parts
        Gives the length of each part in characters by its name; asked only if it matters.
    remedy
        What to do about it.

    Raises
    ------
    OrgnetError
        If the page is above `CEILING_BYTES`.
    """
    page = text.encode("utf-8")
    if len(page) > CEILING_BYTES:
        lengths = parts()
        largest = max(lengths, key=lambda part: (lengths[part], part))
        raise OrgnetError(
            f"{what} has {len(page) / 1e6:.1f} MB, expected at most {CEILING_BYTES / 1e6:.0f} MB; "
            f"its largest part is {largest} ({lengths[largest] / 1e6:.1f} MB); {remedy}"
        )
    return page


def _hashes(sources: tuple[str, ...]) -> str:
    if not sources:
        return "'none'"
    digests = (hashlib.sha256(source.encode("utf-8")).digest() for source in sources)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests)
