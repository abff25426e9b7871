"""Every text that a file holds: packed, compressed, encoded or as it stands.

What is read may be hostile or damaged: nothing here is executed, sizes are bounded, and what is
not opened is told.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

#: Containers within containers are opened down to this depth.
_DEEPEST = 5

#: No part is opened beyond so many bytes.
_MOST_BYTES = 256 * 1024**2

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEXADECIMAL = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}\s?){8,}(?![0-9A-Fa-f])")
_ZLIB = re.compile(rb"x[\x01\x5e\x9c\xda]")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\([0-7]{3})")
_TAG = re.compile(r"<[^<>]*>")

#: Is told what could not be opened.
Tell = Callable[[str], None]


def texts(name: str, content: bytes, tell: Tell, *, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield every text in a file with its place, each in all the forms a reader could take it.

    Parameters
    ----------
    name
        What to call the file.
    content
        Its bytes.
    tell
        Is called with the name of what could not be opened, and why.
    depth
        Containers around.
    """
    yield name, name.rpartition(" › ")[2]
    if depth > _DEEPEST:
        tell(f"{name}: packed too deeply")
        return
    if content.startswith(b"PAR1"):
        yield from _parquet(name, content, tell)
        return
    if zipfile.is_zipfile(io.BytesIO(content)):
        yield from _members(name, content, tell, depth)
    if content.startswith(b"\x1f\x8b"):
        yield from _unpacked(name, content, tell, depth)
    if content.startswith(b"%PDF"):
        yield from ((name, form) for text in _pages(name, content, tell) for form in forms(text))
    for text in _decoded(content):
        yield from ((name, form) for form in forms(text))
        yield from _blocks(name, text, tell, depth)
    yield from _compressed(name, content, tell, depth)


def forms(text: str) -> Iterator[str]:
    """Yield a text as it stands and with escapes, entities, markup and URL encoding undone.

    Examples
    --------
    >>> sorted(set(forms("A&amp;B")))
    ['A&B', 'A&amp;B']
    """
    seen = {text}
    yield text
    steps: tuple[Callable[[str], str], ...] = (_unescaped, html.unescape, unquote, _spaced, _joined)
    together = text
    for step in steps[:3]:
        together = step(together)
    for form in (*(step(text) for step in steps), together, _spaced(together), _joined(together)):
        if form not in seen:
            seen.add(form)
            yield form


def _unescaped(text: str) -> str:
    def sign(found: re.Match[str]) -> str:
        four, two, octal = found.groups()
        return chr(int(octal, 8) if octal else int(four or two, 16))

    return _ESCAPED.sub(sign, text) if "\\" in text else text


def _spaced(text: str) -> str:
    """Take markup out where words end: two runs of text are two words."""
    return " ".join(_TAG.sub(" ", text).split()) if "<" in text else text


def _joined(text: str) -> str:
    """Take markup out where it is within a word."""
    return _TAG.sub("", text) if "<" in text else text


def _decoded(content: bytes) -> Iterator[str]:
    yield content.decode("utf-8", errors="replace")
    if b"\0" in content:
        for start in (0, 1):
            yield content[start:].decode("utf-16-le", errors="replace")
            yield content[start:].decode("utf-16-be", errors="replace")


def _blocks(name: str, text: str, tell: Tell, depth: int) -> Iterator[tuple[str, str]]:
    """Open what is written in base64 or in hexadecimal digits."""
    for block in _BASE64.finditer(text):
        plain = block[0].rstrip("=").translate(str.maketrans("-_", "+/"))
        # A block need not begin where the run of signs does, so all four beginnings are read.
        for start in range(4 if len(plain) <= 4096 else 1):
            part = plain[start:]
            part = part[: len(part) - (len(part) % 4 == 1)]
            try:
                found = base64.b64decode(part + "=" * (-len(part) % 4))
            except (binascii.Error, ValueError):
                continue
            if start == 0 and _is_container(found):
                yield from texts(f"{name} › base64", found, tell, depth=depth + 1)
            for decoded in _decoded(found):
                yield from ((f"{name} › base64", form) for form in forms(decoded))
            if start == 0:
                yield from _compressed(f"{name} › base64", found, tell, depth)
    for block in _HEXADECIMAL.finditer(text):
        found = bytes.fromhex(block[0])
        yield from ((f"{name} › hexadecimal", decoded) for decoded in _decoded(found))


def _is_container(content: bytes) -> bool:
    return content.startswith((b"PK\x03\x04", b"\x1f\x8b", b"%PDF", b"PAR1"))


def _members(name: str, content: bytes, tell: Tell, depth: int) -> Iterator[tuple[str, str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield name, archive.comment.decode("utf-8", errors="replace")
            for member in archive.infolist():
                place = f"{name} › {member.filename}"
                yield place, member.filename
                yield place, member.comment.decode("utf-8", errors="replace")
                if member.is_dir():
                    continue
                if member.file_size > _MOST_BYTES:
                    tell(f"{place}: larger than {_MOST_BYTES:,} bytes")
                    continue
                try:
                    inside = archive.read(member)
                except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error):
                    tell(f"{place}: damaged or encrypted")
                    continue
                yield from texts(place, inside, tell, depth=depth + 1)
    except (zipfile.BadZipFile, ValueError, OSError):
        tell(f"{name}: a damaged zip")


def _unpacked(name: str, content: bytes, tell: Tell, depth: int) -> Iterator[tuple[str, str]]:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            inside = packed.read(_MOST_BYTES)
    except (OSError, EOFError, zlib.error):
        tell(f"{name}: a damaged gzip")
        return
    yield from texts(f"{name} › unpacked", inside, tell, depth=depth + 1)


def _compressed(name: str, content: bytes, tell: Tell, depth: int) -> Iterator[tuple[str, str]]:
    """Open every zlib stream, as PDF and PNG have them, wherever it begins."""
    if depth > _DEEPEST:
        return
    view, position = memoryview(content), 0
    while (begin := _ZLIB.search(content, position)) is not None:
        opener = zlib.decompressobj()
        try:
            found = opener.decompress(view[begin.start() :], _MOST_BYTES)
        except zlib.error:
            found = b""
        if not opener.eof or not found:
            position = begin.start() + 1
            continue
        position = len(content) - len(opener.unused_data)
        for text in _decoded(found):
            yield from ((f"{name} › compressed", form) for form in forms(text))
            yield from _blocks(f"{name} › compressed", text, tell, depth + 1)


def _pages(name: str, content: bytes, tell: Tell) -> Iterator[str]:
    """Yield the metadata and the words of a PDF; they are glyph numbers in its bytes."""
    try:
        import pypdf
    except ImportError:
        tell(f"{name}: the words on its pages (pip install pypdf); the rest of it was searched")
        return
    try:
        document = pypdf.PdfReader(io.BytesIO(content))
        yield "\n".join(str(value) for value in (document.metadata or {}).values())
        for page in document.pages:
            yield page.extract_text()
    except Exception as error:
        # The library raises many kinds of error on a damaged file.
        tell(f"{name}: damaged, its words cannot be read ({type(error).__name__})")


def _parquet(name: str, content: bytes, tell: Tell) -> Iterator[tuple[str, str]]:
    try:
        table = pq.read_table(pa.BufferReader(content))
    except (OSError, pa.ArrowInvalid):
        tell(f"{name}: a damaged table")
        return
    for key, value in (table.schema.metadata or {}).items():
        yield name, f"{key.decode(errors='replace')} {value.decode(errors='replace')}"
    for column in table.column_names:
        values = {str(value) for value in table.column(column).to_pylist() if value is not None}
        yield f"{name} › {column}", "\n".join([column, *sorted(values)])
