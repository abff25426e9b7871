"""The addresses in a mail header, however they are written."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from functools import lru_cache
from typing import NamedTuple


class Mailbox(NamedTuple):
    """One address in lower case, with the display name as it stands in the header."""

    address: str
    name: str | None


# Quantifiers are possessive (`*+`) wherever two parts could share a long run of spaces.
_ATEXT = r"[^\x00-\x20\x7f\s@<>()\[\],;:\"\\]+"
#: What stands between two commas outside of quotes.
_BETWEEN_COMMAS = re.compile(r'(?:[^",]++|"[^"\\]*+")++')
#: One plain item of a list: ``a@b``, ``Name <a@b>`` or ``"Name" <a@b>``.
_PLAIN_ITEM = re.compile(
    rf"""\s*+(?:
        (?:"([^"\\]*)"\s*+|([^"<>(),:;@\\\[\]]*+))<({_ATEXT}@{_ATEXT})>
        |({_ATEXT}@{_ATEXT})
    )\s*+""",
    re.VERBOSE,
)
#: Longer items are scanned, so that none of them is remembered.
_SHORT = 300
_ENCODED_WORD = re.compile(r"=\?([^?\s]+)\?([bBqQ])\?([^?]*)\?=")
_GAP_IN_ENCODED = re.compile(r"(\?=)\s+(=\?)")
_TOKEN = re.compile(
    r"""(?P<encoded>=\?[^?\s]+\?[bBqQ]\?[^?]*\?=)
    |"(?P<quoted>(?:[^"\\]|\\.)*+)"(?P<domain>@[^\s<>(),;:"]+)?
    |<(?P<angle>[^<>]*)>
    |(?P<comment>\()
    |(?P<end>[,;])
    |(?P<colon>:)
    |(?P<unclosed>")
    |(?P<word>[^\s,;:<>()"]+)
    |.""",
    re.VERBOSE | re.DOTALL,
)
_ADDRESS = re.compile(rf"(?:{_ATEXT}|\"[^\"@]+\")@{_ATEXT}\Z")
_AT = re.compile(r"(\S+)\s+at\s+(\S+)\Z")
_WRAPPED = re.compile(r"IMCEAEX-(_O=.+)@[^@]*\Z", re.IGNORECASE)
_ESCAPED = re.compile(r"\+([0-9A-F]{2})", re.IGNORECASE)
_FOLD = re.compile(r"\r?\n[ \t]*")
_SPACE = re.compile(r"\s+")


def mailboxes(value: str, *, at_for_sign: bool = False) -> tuple[Mailbox, ...]:
    """Return the addresses of a ``From``, ``To`` or ``Cc`` value, in order, without repeats.

    A list of plain items is cut at its commas, and items that were met before are known; anything
    else (comments, groups, routes) goes through a tolerant scan of the whole value.

    Parameters
    ----------
    value
        The value of the header, folded or not.
    at_for_sign
        True where the archive writes ``user at example.org`` (Pipermail); elsewhere ``at`` is a
        word like any other.

    Returns
    -------
    tuple of Mailbox
        Empty where there is no address, as in ``undisclosed-recipients:;``. Addresses that an
        archive shortened (``us...@example.org``) are left out: they are not guessed.

    Examples
    --------
    >>> [box.address for box in mailboxes('"Ito, Aya" <Aya@example.com>, ben@example.com')]
    ['aya@example.com', 'ben@example.com']
    >>> mailboxes("jo at example.org (Jo Berg)", at_for_sign=True)
    (Mailbox(address='jo@example.org', name='Jo Berg'),)
    """
    found = _plain_list(value)
    if found is None:
        scan = _short_scan if len(value) <= _SHORT else _scan
        found = scan(unfolded(value), at_for_sign)
    if len(found) == 1:
        return (found[0],)
    distinct: dict[str, Mailbox] = {}
    for box in found:
        distinct.setdefault(box.address, box)
    return tuple(distinct.values())


def _plain_list(value: str) -> list[Mailbox] | None:
    """Return the addresses of a list of plain items, None where it is not one."""
    if '"' not in value or "," not in value:
        items = value.split(",")
    else:
        items = _BETWEEN_COMMAS.findall(value)
        if ",".join(items) != value:
            return None
    found = []
    for item in items:
        box = _plain_item(item) if len(item) <= _SHORT else None
        if box is None:
            return None
        found.append(box)
    return found


# The same few people stand in most of the lists of a mailbox.
@lru_cache(maxsize=1 << 16)
def _plain_item(item: str) -> Mailbox | None:
    plain = _PLAIN_ITEM.fullmatch(unfolded(item))
    if plain is None:
        return None
    quoted, phrase, angle, bare = plain.groups()
    address = angle or bare
    if "..." in address:
        return None
    name = (quoted or phrase or "").strip()
    return Mailbox(_normal(address), name or None)


def _normal(address: str) -> str:
    # Outlook puts single quotes around an address that stands for a name.
    bare = address[1:-1] if address[0] == address[-1] == "'" else address
    if wrapped := _WRAPPED.match(bare):
        # Exchange makes an address of the name that a person has in its directory.
        parts = wrapped[1].replace("_", "/")
        return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), parts).lower()
    return bare.lower()


def _scan(value: str, at_for_sign: bool) -> list[Mailbox]:
    found: list[Mailbox] = []
    item = _Item(at_for_sign)
    position = 0
    while token := _TOKEN.match(value, position):
        position = token.end()
        if token["end"]:
            item.close(found)
            item = _Item(at_for_sign)
        elif token["comment"]:
            text, position = _comment(value, position)
            item.comments.append(text)
        elif token["colon"]:
            # What stands before a colon is the name of a group.
            item = _Item(at_for_sign)
        elif token["angle"] is not None:
            item.angle = token["angle"]
        elif token["domain"]:
            item.words.append(f'"{token["quoted"]}"{token["domain"]}')
        elif token["quoted"] is not None:
            item.quoted.append(re.sub(r"\\(.)", r"\1", token["quoted"]))
        elif token["unclosed"]:
            # Read on as if the quote were not there; no later one can close anything either.
            value = value[:position] + value[position:].replace('"', " ")
        elif token["word"] or token["encoded"]:
            item.words.append(token.group())
    item.close(found)
    return found


_short_scan = lru_cache(maxsize=1 << 13)(_scan)


def _comment(value: str, position: int) -> tuple[str, int]:
    """Return the text of a comment, which may hold others, and where it ends."""
    start, depth = position, 1
    while position < len(value):
        character = value[position]
        if character == "\\":
            position += 1
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if not depth:
                return value[start:position], position + 1
        position += 1
    return value[start:], len(value)


class _Item:
    """What stands between two commas of an address list."""

    def __init__(self, at_for_sign: bool) -> None:
        self.at_for_sign = at_for_sign
        self.quoted: list[str] = []
        self.words: list[str] = []
        self.comments: list[str] = []
        self.angle: str | None = None

    def close(self, found: list[Mailbox]) -> None:
        """Add the item's mailbox, if it has an address."""
        address, words = self._address()
        if address is None or "..." in address or not _ADDRESS.match(address):
            # Some programs encode the whole item, address and all.
            text = decode_words(" ".join(self.words))
            if "@" in text and "=?" not in text and any("=?" in word for word in self.words):
                found += mailboxes(text)
            return
        name = " ".join([*self.quoted, *words]) or " ".join(self.comments)
        name = _SPACE.sub(" ", name).strip()
        if "@" in name or (self.at_for_sign and _AT.match(name)):
            name = ""
        found.append(Mailbox(_normal(address), name or None))

    def _address(self) -> tuple[str | None, list[str]]:
        if self.angle is not None:
            # A route (`@relay:`) before the address is obsolete and says nothing of people.
            return self._joined(self.angle.rpartition(":")[2]), self.words
        signed = [word for word in self.words if "@" in word]
        if len(signed) == 1:
            # LISTSERV drops the angle brackets: `Aya Ito aya@example.com`.
            return signed[0], [word for word in self.words if word is not signed[0]]
        if not self.words and len(self.quoted) == 1:
            return self.quoted.pop(), []
        return self._joined(" ".join(self.words)), []

    def _joined(self, text: str) -> str:
        """Remove the spaces of a folded address, and read ``at`` in the archives that write it."""
        if self.at_for_sign and "@" not in text and (at := _AT.match(text.strip())):
            return f"{at[1]}@{at[2]}"
        return _SPACE.sub("", text)


def unfolded(text: str) -> str:
    r"""Return the value of a header in one line.

    Examples
    --------
    >>> unfolded("Aya Ito\r\n\t<aya@example.com>")
    'Aya Ito <aya@example.com>'
    """
    return _FOLD.sub(" ", text) if "\n" in text else text


def decode_words(text: str) -> str:
    """Decode the encoded words of RFC 2047; an unknown charset is read as UTF-8 or Latin-1.

    Examples
    --------
    >>> decode_words("=?utf-8?Q?G=C3=B6ran?= Berg")
    'Göran Berg'
    >>> decode_words("=?x-unheard-of?B?QXlh?=")
    'Aya'
    """
    if "=?" not in text:
        return text
    return _ENCODED_WORD.sub(_decode_word, _GAP_IN_ENCODED.sub(r"\1\2", text))


def _decode_word(word: re.Match[str]) -> str:
    charset, encoding, text = word.groups()
    raw = text.encode("utf-8")
    try:
        if encoding in "bB":
            raw = base64.b64decode(raw + b"=" * (-len(raw) % 4))
        else:
            raw = quopri.decodestring(raw, header=True)
        # RFC 2231 lets a language follow the charset.
        return raw.decode(charset.partition("*")[0])
    except (LookupError, UnicodeError, binascii.Error, ValueError):
        return decode_bytes(raw)


def decode_bytes(raw: bytes) -> str:
    r"""Decode raw header bytes: UTF-8 if they are, Latin-1 otherwise.

    Examples
    --------
    >>> decode_bytes(b"Caf\xc3\xa9"), decode_bytes(b"Caf\xe9")
    ('Café', 'Café')
    """
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
