"""The sentences that a page's script says, with their places still to be filled."""

from __future__ import annotations

from collections.abc import Iterable

from orgnet_reports.phrasing import Speaker

#: Name in the script, key in the catalogue, arguments that the script fills in.
Entry = tuple[str, str, tuple[str, ...]]

#: What ``tables.js`` says.
TABLE_WORDS: tuple[Entry, ...] = (
    ("copy", "page.copy", ()),
    ("download", "page.download", ()),
    ("copied", "page.copied", ()),
    ("notCopied", "page.not_copied", ()),
    ("downloaded", "page.downloaded", ("file",)),
)


def script_words(say: Speaker, entries: Iterable[Entry]) -> dict[str, str]:
    """Return each sentence by its name in the script, its arguments in braces."""
    return {
        name: say.plain(key, **{argument: f"{{{argument}}}" for argument in arguments})
        for name, key, arguments in entries
    }
