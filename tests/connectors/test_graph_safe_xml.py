"""XML from strangers: streamed, tolerant of sloppy files, and closed to attacks."""

import gzip
import io
import tracemalloc
from pathlib import Path

import pytest

from orgnet.errors import UnreadableFileError
from orgnet.schema import Source
from orgnet_connectors.safe_xml import (
    DEEPEST,
    LONGEST_TEXT,
    DamagedXmlError,
    End,
    Start,
    root_element,
    xml_events,
)

SOURCE = Source(Path("ties.xml"))


def events(content: bytes) -> list[Start | End]:
    return list(xml_events(SOURCE, io.BytesIO(content)))


def test_elements_come_with_line_attributes_and_own_text() -> None:
    assert events(b"<a x='1'>\n one<b>two</b> three &lt;</a>") == [
        Start(1, "a", {"x": "1"}),
        Start(2, "b", {}),
        End(2, "b", "two"),
        End(2, "a", "one three <"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"<g xmlns='http://one.example'><n/></g>",
        b"<x:g xmlns:x='http://one.example'><x:n/></x:g>",
        b"<x:g><y:n/></x:g>",
        b"\xef\xbb\xbf<g><n/></g>",
        b"\n  <?xml version='1.0'?><g><n/></g>",
        "<?xml version='1.0' encoding='utf-16'?><g><n/></g>".encode("utf-16"),
        "<?xml version='1.0' encoding='windows-1252'?><g a='é'><n/></g>".encode("cp1252"),
    ],
)
def test_namespaces_marks_and_encodings_make_no_difference(content: bytes) -> None:
    assert [event.name for event in events(content)] == ["g", "n", "n", "g"]


def test_attribute_without_a_prefix_goes_before_one_with_it() -> None:
    [start, _] = events(b"<a k:id='1' id='2' k:x='3'/>")

    assert isinstance(start, Start)
    assert start.attributes == {"id": "2", "x": "3"}


@pytest.mark.parametrize(
    "declaration",
    [
        b"<!DOCTYPE a>",
        b"<!DOCTYPE a SYSTEM 'http://x.example/a.dtd'>",
        b"<!DOCTYPE a [<!ENTITY lol 'lol'><!ENTITY lots '&lol;&lol;'>]>",
        b"<!DOCTYPE a [<!ENTITY file SYSTEM 'file:///secret'>]>",
    ],
)
def test_document_types_are_refused(declaration: bytes) -> None:
    with pytest.raises(UnreadableFileError, match=r"ties\.xml: the XML declares a document type"):
        events(declaration + b"<a>text</a>")


def test_deep_nesting_is_refused() -> None:
    at_limit = b"<a>" * DEEPEST + b"</a>" * DEEPEST

    assert len(events(at_limit)) == 2 * DEEPEST
    with pytest.raises(UnreadableFileError, match="nests elements deeper than 100"):
        events(b"<a>" * (DEEPEST + 1))


def test_endless_tag_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(UnreadableFileError, match="has a tag of more than 8,388,608 bytes"):
        events(b"<a><b x='" + b"x" * (9 << 20))


def test_long_text_is_cut() -> None:
    end = events(b"<a>" + b"x" * (LONGEST_TEXT + 100_000) + b"</a>")[-1]

    assert isinstance(end, End)
    assert LONGEST_TEXT <= len(end.text) < LONGEST_TEXT + 100_000


def test_compressed_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.graphmlz"
    path.write_bytes(gzip.compress(b"<a>" + b" " * (70 << 20) + b"</a>"))

    with pytest.raises(UnreadableFileError, match="unpacks to more than"):
        list(xml_events(Source(path)))


@pytest.mark.parametrize(
    ("content", "line"),
    [(b"<a>\n<b/>\n<c", 3), (b"<a>\n<b/></c>", 2), (b"<a>\n<b/>\n&nbsp;</a>", 3)],
)
def test_damage_is_told_after_what_stands_before_it(content: bytes, line: int) -> None:
    found = []
    with pytest.raises(DamagedXmlError, match=rf"ties\.xml, line {line}: .*damaged or cut short"):
        for event in xml_events(SOURCE, io.BytesIO(content)):
            found.append(event.name)

    assert found[:3] == ["a", "b", "b"]


@pytest.mark.parametrize("content", [b"", b"   ", b"text", b"<?xml encoding='klingon'?><a/>"])
def test_what_is_no_xml_is_damage(content: bytes) -> None:
    with pytest.raises(DamagedXmlError, match="the XML"):
        events(content)


def test_compressed_file_that_is_cut_short_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "ties.graphmlz"
    path.write_bytes(gzip.compress(b"<a>" + b"<b/>" * 50_000 + b"</a>", 1)[:-200])
    found = 0

    with pytest.raises(DamagedXmlError):
        for _ in xml_events(Source(path)):
            found += 1

    assert found > 10_000


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    path.write_bytes(b"<a>" + b"\n  <b id='1'>text</b>\n  " * 200_000 + b"</a>")
    tracemalloc.start()
    count = sum(1 for _ in xml_events(Source(path)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 400_002
    assert peak < 8 << 20


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"<graphml>", "graphml"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- hand -->\n<g:gexf a='1'>", "gexf"),
        (b"<!DOCTYPE graphml SYSTEM 'x'><graphml/>", "graphml"),
        ("<?xml version='1.0' encoding='utf-16'?><log>".encode("utf-16"), "log"),
        (gzip.compress(b"<graphml></graphml>", mtime=0), "graphml"),
        (gzip.compress(b"<graphml></graphml>", mtime=0)[:14], None),
        (b"\x1f\x8b nothing", None),
        (b"from,to\n1,2", None),
        (b"", None),
    ],
)
def test_outermost_element_tells_the_format(head: bytes, name: str | None) -> None:
    assert root_element(head) == name
