"""What readers of mail logs are made of: batches laid aside, texts looked up, keys, times."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orgnet_connectors import batch_file, mail_log_store
from orgnet_connectors.batch_file import BatchFile
from orgnet_connectors.mail_log_store import LogStore, Lookup
from orgnet_connectors.mail_parcels import NO_TIME


@pytest.mark.parametrize("held", [0, 100, 1 << 20])
def test_batches_come_back_in_order_from_memory_and_from_the_disk(
    held: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_file, "_HELD_BYTES", held)
    texts = [[f"{number}@example.com", "a@example.com"] for number in range(9)]
    with BatchFile() as file:
        for each in texts:
            file.write(pa.record_batch({"who": pa.array(each).dictionary_encode()}))
        assert [batch.column("who").to_pylist() for batch in file] == texts


def test_nothing_laid_aside_is_nothing_to_read() -> None:
    with BatchFile() as file:
        assert list(file) == []


def test_texts_are_looked_up_alike_before_and_after_some_were_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mail_log_store, "_REMEMBERED", 3)
    asked = [["A", "B"], ["B", "C", "B"], ["D", "E"], ["A", "E", "F"], []]
    with LogStore() as store:
        lookup = Lookup(store, "SELECT lower(cell) AS low FROM cells")
        for cells in asked:
            places, columns = lookup(pa.array(cells, pa.string()))
            assert [columns["low"][at].as_py() for at in places] == [c.lower() for c in cells]


def test_a_query_is_asked_once_for_every_text(monkeypatch: pytest.MonkeyPatch) -> None:
    with LogStore() as store:
        asked: list[list[str]] = []
        evaluate = store.evaluate

        def counting(sql: str, **columns: pa.Array) -> dict[str, pa.Array]:
            asked.append(columns["cell"].to_pylist())
            return evaluate(sql, **columns)

        monkeypatch.setattr(store, "evaluate", counting)
        lookup = Lookup(store, "SELECT lower(cell) AS low FROM cells")
        lookup(pa.array(["A", "B", "A"]))
        lookup(pa.array(["B", "C"]))
    assert asked == [["A", "B"], ["C"]]


IDS = ["<m1@example.com>", "<M1@x.example>", "<m@Example.COM>", "m1@example.com", "", "<a b@x>"]
TIMES = [
    *("2026-03-02T09:00:00Z", "2026-03-02T09:00:59Z", "2026-02-30T09:00:00Z"),
    *("2026-03-02T09:00:00.1234567Z", "2026-03-02 09:00:00Z", "1970-03-02T09:00:00Z"),
    *("2026-03-02T09:00Z", "2026-03-02T09:00:00", "3/2/2026 9:00 AM", "", "2026-03-02T09:00+00Z"),
]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(IDS), min_size=1, max_size=4))
def test_keys_do_not_depend_on_the_other_ids(ids: list[str]) -> None:
    with LogStore() as store:

        def keys(some: list[str]) -> tuple[list[str], list[int]]:
            same = pa.array(["x"] * len(some))
            found, hashes = store.keys(pa.array(some), same, same.dictionary_encode(), same)
            return found.to_pylist(), hashes.tolist()

        singly = [keys([each]) for each in ids]
        texts, hashes = keys(ids)
    assert [([text], [number]) for text, number in zip(texts, hashes, strict=True)] == singly


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(TIMES), min_size=1, max_size=4))
def test_times_do_not_depend_on_the_other_times(times: list[str]) -> None:
    with LogStore() as store:
        moments, texts = store.moments(pa.array(times))
        singly = [store.moments(pa.array([each])) for each in times]
        slowly = store.evaluate(
            "SELECT epoch_us(plausible(instant(cell))) AS us FROM cells", cell=pa.array(times)
        )
    assert moments.tolist() == [moment for each, _ in singly for moment in each.tolist()]
    expected = [NO_TIME if us is None else us for us in slowly["us"].to_pylist()]
    assert moments.tolist() == expected
    pending = [
        text if moment == NO_TIME else "" for text, moment in zip(times, expected, strict=True)
    ]
    assert (texts.to_pylist() if texts is not None else [""] * len(times)) == pending


def test_what_is_laid_aside_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(batch_file, "_HELD_BYTES", 0)
    with BatchFile() as file:
        file.write(pa.record_batch({"n": np.arange(9)}))
        assert [batch.num_rows for batch in file] == [9]
    assert list(tmp_path.iterdir()) == []
