"""Text that no spreadsheet takes for a formula, whatever somebody called a department."""

from __future__ import annotations

import re

#: Where a formula could begin: at the start, or behind what separates cells in another country;
#: spaces before it are no protection, and full-width signs are signs too.
_BEGINNING = re.compile(r"^(?=[\t\r\n])|(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠])")


def harmless(text: str) -> str:
    """Return a text with an apostrophe before everything that a spreadsheet could compute.

    Examples
    --------
    >>> harmless("=1+1"), harmless("Legal;=1+1"), harmless("R&D - Berlin")
    ("'=1+1", "Legal;'=1+1", 'R&D - Berlin')
    """
    return _BEGINNING.sub(lambda found: f"{found[1] or ''}'", text)
