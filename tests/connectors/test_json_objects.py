"""Objects out of JSON files of every make, whole or damaged."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orgnet.errors import UnreadableFileError
from orgnet.schema import Source
from orgnet_connectors import json_objects
from orgnet_connectors.json_objects import JsonObjects, json_names


def found(path: Path, content: str | bytes, *lists: str) -> tuple[list[str | None], bool]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    objects = JsonObjects(Source(path), lists=lists)
    return list(objects), objects.truncated


TWO = ['{"id": 1, "in": {"x": []}}', '{"id": 2, "text": "a } \\" ] b"}']


@pytest.mark.parametrize(
    "content",
    [
        f"[{TWO[0]}, {TWO[1]}]",
        f"[{TWO[0]}] [{TWO[1]}]",
        f"[[{TWO[0]}], [{TWO[1]}]]",
        f"{TWO[0]}\n{TWO[1]}\n",
        f'{{"total": 2, "issues": [{TWO[0]}, {TWO[1]}], "names": {{"a": {{"b": []}}}}}}',
        f'{{"a": [{{}}], "issues": [{TWO[0]}]}}\n{{"b": {{}}, "issues": [{TWO[1]}]}}',
        f'[{{"issues": [{TWO[0]}]}}, {{"issues": [{TWO[1]}]}}]',
        f"\ufeff[\r\n{TWO[0]},\r\n{TWO[1]}\r\n]\r\n",
    ],
)
def test_every_arrangement_of_pages_gives_its_objects(tmp_path: Path, content: str) -> None:
    objects, truncated = found(tmp_path / "f.json", content, "issues")

    assert (objects, truncated) == (TWO, False)


def test_compressed_file_is_read(tmp_path: Path) -> None:
    content = gzip.compress("\n".join(TWO).encode())

    assert found(tmp_path / "f.json.gz", content) == (TWO, False)


def test_object_larger_than_a_block_comes_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_objects, "_BLOCK_CHARACTERS", 10)
    pretty = json.dumps([{"text": "x" * 50, "list": list(range(30))}, {"id": 2}], indent=1)

    objects, _ = found(tmp_path / "f.json", pretty)

    assert [json.loads(text or "")["id"] for text in objects[1:]] == [2]
    assert len(json.loads(objects[0] or "")["list"]) == 30


def test_broken_line_costs_no_other(tmp_path: Path) -> None:
    objects, truncated = found(tmp_path / "f.jsonl", f'{TWO[0]}\n{{"id": \n{TWO[1]}\n{TWO[0]}\n')

    assert objects == [TWO[0], None, TWO[1], TWO[0]]
    assert not truncated


@pytest.mark.parametrize("cut", [f'[{TWO[0]}, {{"id": 2, "te', f"{TWO[0]}\n{TWO[0]}\n{{"])
def test_file_that_ends_early_says_so(tmp_path: Path, cut: str) -> None:
    objects, truncated = found(tmp_path / "f.json", cut)

    assert objects[0] == TWO[0]
    assert objects[-1] is None
    assert truncated


def test_wrong_bracket_breaks_its_object_only(tmp_path: Path) -> None:
    objects, _ = found(tmp_path / "f.json", '[{"id": [1}, {"id": 2}]')

    assert objects == [None, '{"id": 2}']


def test_object_without_an_end_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_objects, "LONGEST_OBJECT", 100)
    monkeypatch.setattr(json_objects, "_BLOCK_CHARACTERS", 10)
    long = json.dumps({"id": 1, "list": ["x"] * 200}, indent=0)

    objects, _ = found(tmp_path / "f.json", f"[{long},\n{TWO[1]}]")

    assert objects == [None, TWO[1]]


def test_damaged_compression_is_told_from_a_cut(tmp_path: Path) -> None:
    packed = gzip.compress("\n".join(json.dumps({"id": i}) for i in range(20_000)).encode())

    objects, truncated = found(tmp_path / "f.json.gz", packed[: len(packed) // 2])

    assert truncated and len(objects) > 10
    with pytest.raises(UnreadableFileError, match=r"f\.json\.gz: the compressed file is damaged"):
        found(tmp_path / "f.json.gz", packed[:12])


def test_names_of_the_beginning_are_told_without_values(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_text('[{"user": {"login": "a", "x": {"y": {"z": 1}}}, "list": [{"id": "b"}]}, {"c')

    assert json_names(Source(path)) == {
        *("user", "user.login", "user.x", "user.x.y", "list", "list.id"),
    }


def test_other_files_have_no_names(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text('a,"b": c')

    assert json_names(Source(path)) == frozenset()
    assert json_names(Source(tmp_path)) == frozenset()


VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=6),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=4), inside),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.dictionaries(st.text(max_size=4), VALUES, min_size=1, max_size=4), max_size=6),
    st.sampled_from([None, 1]),
)
def test_objects_that_were_written_come_back(
    tmp_path_factory: pytest.TempPathFactory, written: list[dict[str, object]], indent: int | None
) -> None:
    path = tmp_path_factory.getbasetemp() / "written.json"
    path.write_text(json.dumps(written, indent=indent), encoding="utf-8")

    objects = JsonObjects(Source(path))

    assert [json.loads(text or "") for text in objects] == written
    assert not objects.truncated
