"""XML from strangers as a stream of starts and ends, without entities, bombs or deep nesting."""

from __future__ import annotations

import contextlib
import gzip
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, cast
from xml.parsers import expat

from orgnet.errors import UnreadableFileError
from orgnet.schema import Source
from orgnet_connectors.export_files import LARGEST_RATIO, RATIO_MATTERS_FROM

#: Elements in elements: no export nests deeper.
DEEPEST = 100
#: Text of one element beyond these characters is not handed on.
LONGEST_TEXT = 1 << 20
#: A tag or comment of more bytes than these is refused; the parser would hold it in memory.
LONGEST_TOKEN = 8 << 20

_GZIP = b"\x1f\x8b"
_BLOCK_BYTES = 1 << 16
_BLANKS = b" \t\r\n"


class DamagedXmlError(UnreadableFileError):
    """The XML is cut short or malformed; what stood before has been handed on."""


class Start(NamedTuple):
    """An element begins.

    Parameters
    ----------
    line
        Where it stands in the file.
    name
        Its name without the prefix of its namespace: ``node`` for ``<g:node>``.
    attributes
        By name, likewise without prefix; of two with one name the one without a prefix stays.
        Declarations of namespaces are left out.
    """

    line: int
    name: str
    attributes: dict[str, str]


class End(NamedTuple):
    """An element ends.

    Parameters
    ----------
    line
        Where it ends in the file.
    name
        Its name without the prefix of its namespace.
    text
        Its own text, not that of elements inside it, without the blanks around.
    """

    line: int
    name: str
    text: str


def xml_events(source: Source, stream: BinaryIO | None = None) -> Iterator[Start | End]:
    """Yield the elements of an XML file, plain or compressed with gzip, as they begin and end.

    The names of namespaces are ignored, declared or not: exporters spell them in many ways.
    Memory does not grow with the file.

    Parameters
    ----------
    source
        The file; names it in errors.
    stream
        What to read in its place, such as a file inside an archive.

    Raises
    ------
    UnreadableFileError
        If it declares a document type or entities, nests deeper than 100 elements, has a tag
        of more than 8 MiB, or unpacks to more than a thousand times its size.
    DamagedXmlError
        If it is malformed or ends early, after everything that stood before the damage.

    Examples
    --------
    >>> import io, pathlib
    >>> text = b'<g:graph xmlns:g="x"><node id="1">Aya &amp; Ben</node></g:graph>'
    >>> for event in xml_events(Source(pathlib.Path("ties.xml")), io.BytesIO(text)):
    ...     print(*event)
    1 graph {}
    1 node {'id': '1'}
    1 node Aya & Ben
    1 graph
    """
    with contextlib.ExitStack() as stack:
        if stream is None:
            stream = stack.enter_context(source.path.open("rb"))
            if source.head.startswith(_GZIP):
                inflated = stack.enter_context(gzip.GzipFile(fileobj=stream))
                stream = cast(BinaryIO, inflated)
        yield from _Parser(source).events(stream)


def root_element(head: bytes) -> str | None:
    """Name the outermost element of XML by its first bytes; None for anything else.

    The name is without prefix. Where a document type is declared it is the name given there, so
    that the reader of that format can refuse it.

    Parameters
    ----------
    head
        The beginning of a file, plain or compressed with gzip, such as `Source.head`.

    Examples
    --------
    >>> root_element(b"<?xml version='1.0'?><!-- made by hand --><g:graphml>")
    'graphml'
    >>> root_element(b"from,to") is None
    True
    """
    if head.startswith(_GZIP):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, _BLOCK_BYTES)
        except zlib.error:
            return None
    names: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, _: names.append(_local(name))
    parser.StartDoctypeDeclHandler = lambda name, *_: names.append(_local(name))
    with contextlib.suppress(expat.ExpatError, LookupError, ValueError):
        parser.Parse(head.lstrip(_BLANKS), False)
    return names[0] if names else None


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _without_namespaces(attributes: dict[str, str]) -> dict[str, str]:
    kept = {
        key: value
        for key, value in attributes.items()
        if key != "xmlns" and not key.startswith("xmlns:")
    }
    plain = {key: value for key, value in kept.items() if ":" not in key}
    return {_local(key): value for key, value in kept.items()} | plain


class _Parser:
    """Collects what the parser reports about one block of bytes, to be handed on together."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._limit = max(RATIO_MATTERS_FROM, LARGEST_RATIO * _size(source))
        self._events: list[Start | End] = []
        #: the text of each open element, outermost first, in pieces
        self._texts: list[list[str]] = []
        self._lengths: list[int] = []
        self._refusal: UnreadableFileError | None = None
        self._expat = expat.ParserCreate()
        self._expat.buffer_text = True
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._text
        self._expat.StartDoctypeDeclHandler = self._doctype
        self._expat.EntityDeclHandler = self._doctype

    def events(self, stream: BinaryIO) -> Iterator[Start | End]:
        """Yield the events of a stream of bytes."""
        fed = 0
        while True:
            block, cut = self._block(stream)
            if not fed:
                # An empty line before the declaration is common, and is no damage.
                block = block.lstrip(_BLANKS)
            last = not block
            damage = self._feed(block, last=last)
            fed += len(block)
            yield from self._events
            self._events.clear()
            if self._refusal is not None:
                raise self._refusal
            if damage is not None or (last and cut):
                raise damage or self._damaged("ends early")
            if last:
                return
            if fed > self._limit:
                raise self._refused(f"unpacks to more than {self._limit:,} bytes")
            if fed - self._expat.CurrentByteIndex > LONGEST_TOKEN:
                raise self._refused(f"has a tag of more than {LONGEST_TOKEN:,} bytes")

    def _block(self, stream: BinaryIO) -> tuple[bytes, bool]:
        """Read on; also say whether a gzip file ended before its time."""
        try:
            return stream.read(_BLOCK_BYTES), False
        except (EOFError, gzip.BadGzipFile, zlib.error):
            return b"", True

    def _feed(self, block: bytes, *, last: bool) -> DamagedXmlError | None:
        try:
            self._expat.Parse(block, last)
        except expat.ExpatError as error:
            reason = expat.errors.messages.get(error.code, "malformed")
            return self._damaged(f"is damaged or cut short ({reason})", error.lineno)
        # An encoding that is not known, or that has several bytes a character.
        except (LookupError, ValueError):
            return self._damaged("states an encoding that is not known")
        except _StopError:
            pass
        return None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._texts) >= DEEPEST:
            self._stop(f"nests elements deeper than {DEEPEST}")
        self._texts.append([])
        self._lengths.append(0)
        if any(":" in key or key == "xmlns" for key in attributes):
            attributes = _without_namespaces(attributes)
        self._events.append(Start(self._expat.CurrentLineNumber, _local(name), attributes))

    def _end(self, name: str) -> None:
        text = "".join(self._texts.pop()).strip()
        self._lengths.pop()
        self._events.append(End(self._expat.CurrentLineNumber, _local(name), text))

    def _text(self, text: str) -> None:
        # The blanks between elements would add up to the size of the file.
        if self._texts and not text.isspace() and self._lengths[-1] < LONGEST_TEXT:
            self._texts[-1].append(text)
            self._lengths[-1] += len(text)

    def _doctype(self, *_: object) -> None:
        self._stop("declares a document type, in which entities can hide")

    def _stop(self, what: str) -> None:
        self._refusal = self._refused(what)
        raise _StopError

    def _refused(self, what: str) -> UnreadableFileError:
        return UnreadableFileError(
            f"the XML {what}",
            file=self._source.name,
            remedy="export it again, and check where it comes from",
        )

    def _damaged(self, what: str, line: int | None = None) -> DamagedXmlError:
        return DamagedXmlError(
            f"the XML {what}",
            file=self._source.name,
            place=None if line is None else f"line {line}",
            remedy="export it again",
        )


class _StopError(Exception):
    """Ends the parsing of a block; the refusal is raised outside of the parser."""


def _size(source: Source) -> int:
    try:
        return source.path.stat().st_size
    except OSError:
        return 0
