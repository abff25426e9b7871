"""Mentions in Mattermost's texts: an ``@`` and a user name."""

from __future__ import annotations

import re
from collections.abc import Container

# A name may hold dots and dashes, and a sentence may end behind it: all ends are tried.
_MENTION = re.compile(r"(?<![\w.+-])@([a-z0-9][a-z0-9._-]*)", re.IGNORECASE)
_LAST = "._-"


def mentioned(text: str, known: Container[str]) -> tuple[str, ...]:
    """Return the user names that a text mentions, in order, each once.

    ``@all``, ``@channel`` and ``@here`` are no users, and neither are groups.

    Parameters
    ----------
    text
        Of a message.
    known
        The user names of the export.

    Examples
    --------
    >>> mentioned("@ben.osei. Ask @Cy, not aya@cy or @here", {"ben.osei", "cy"})
    ('ben.osei', 'cy')
    """
    if "@" not in text:
        return ()
    found = []
    for name in _MENTION.findall(text.lower()):
        while name not in known and name.endswith(tuple(_LAST)):
            name = name[:-1]
        if name in known:
            found.append(name)
    return tuple(dict.fromkeys(found))
