"""Records of many weeks are coded into parts, and nothing depends on how many there are."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orgnet.building import WeeklyTies, weekly_ties
from orgnet.coding import FOLDER, code, distinct, order_of, parts
from orgnet.coding import writing as coding
from orgnet.identity import Actors
from orgnet.repeats import has_repeats
from orgnet.rules import TieRules
from orgnet.schema import INTERACTIONS

START = pd.Timestamp("2026-01-05", tz="UTC")


def records(*, rows: int = 3000, seed: int = 3) -> pd.DataFrame:
    """Mails and meetings of half a year, some undated, some recorded twice on different days."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "sent_at": START + pd.to_timedelta(rng.integers(0, 180 * 24 * 60, rows), unit="min"),
            "sender": [f"p{i}" for i in rng.integers(0, 40, rows)],
            "recipient": [f"p{i}" for i in rng.integers(0, 40, rows)],
            "channel": "email",
            "kind": rng.choice(["to", "cc"], rows),
            "recipients": 2,
            "message": [f"m{i}" for i in rng.integers(0, 4 * rows, rows)],
        }
    )
    meetings = table.sample(200, random_state=1).assign(channel="meeting", kind="attend", hours=0.5)
    meetings["message"] = "meeting of " + meetings["message"]
    back = meetings.rename(columns={"sender": "recipient", "recipient": "sender"})
    late = table.sample(300, random_state=2)
    late["sent_at"] += pd.Timedelta(days=40)
    undated = table.sample(50, random_state=4).assign(sent_at=pd.NaT)
    some = [table, meetings, back, late, undated]
    return pd.concat(some, ignore_index=True).sample(frac=1, random_state=5)


def in_small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coding, "_SMALL", 100)
    monkeypatch.setattr(coding, "_ROWS", 64)
    monkeypatch.setattr(coding, "_WAITING", 300)
    monkeypatch.setattr(coding, "_LOOKED_AT", 500)


def weekly() -> WeeklyTies:
    return weekly_ties(records(), None, rules=TieRules())


def batches(table: pd.DataFrame) -> list[pa.RecordBatch]:
    missing = [name for name in INTERACTIONS.names if name not in table.columns]
    frame = table.assign(**dict.fromkeys(missing)).loc[:, INTERACTIONS.names]
    frame["source"] = "test"
    arrow = pa.Table.from_pandas(frame, INTERACTIONS, preserve_index=False)
    return list(arrow.to_batches(max_chunksize=70))


def test_ties_are_the_same_from_one_part_and_from_many(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = weekly()
    in_small_parts(monkeypatch)
    cut = weekly()

    assert whole.removed["duplicate"] > 300
    pd.testing.assert_frame_equal(whole.ties, cut.ties, check_exact=True)
    assert (whole.removed, whole.kept, whole.records) == (cut.removed, cut.kept, cut.records)


def test_a_message_is_in_one_part_whatever_its_dates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_small_parts(monkeypatch)
    table = records()
    _, rows = code(batches(table), tmp_path)

    files = parts(tmp_path)
    found = [set(pq.read_table(file)["message"].to_pylist()) for file in files]
    assert rows == len(table) == sum(pq.read_metadata(file).num_rows for file in files)
    assert len(files) > 5
    assert sum(map(len, found)) == len(set.union(*found)) == table["message"].nunique()


def test_more_than_five_years_share_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_small_parts(monkeypatch)
    table = records(rows=1000)
    days = pd.to_timedelta(np.arange(len(table)) * 20, unit="D")
    table["sent_at"] = pd.to_datetime(table["sent_at"], utc=True) - days
    code(batches(table), tmp_path)

    assert len(parts(tmp_path)) <= coding._PARTS + 2


def test_few_records_are_one_part(tmp_path: Path) -> None:
    code(batches(records()), tmp_path)

    assert [file.name for file in parts(tmp_path)] == ["0.parquet"]


def test_no_records_are_one_part_that_is_empty(tmp_path: Path) -> None:
    assert code([], tmp_path) == ([], 0)
    assert pq.read_metadata(tmp_path / FOLDER / "0.parquet").num_rows == 0


def test_messages_are_hashed_under_a_key(tmp_path: Path) -> None:
    def hashes(name: str, key: bytes | None) -> list[int]:
        folder = tmp_path / name
        folder.mkdir()
        code(batches(records(rows=400)), folder, key=key)
        return pq.read_table(parts(folder)[0])["message"].to_pylist()  # type: ignore[no-any-return]

    one, other = bytes(range(16)), bytes(range(1, 17))
    assert hashes("a", one) == hashes("b", one)
    assert set(hashes("c", one)).isdisjoint(hashes("d", other))
    assert set(hashes("e", one)).isdisjoint(hashes("f", None))


@pytest.mark.parametrize(
    ("rows", "repeated"),
    [
        ([("m", 0, 1, "to"), ("m", 0, 2, "to"), ("n", 0, 1, "to")], False),
        ([("m", 0, 1, "to"), ("m", 1, 0, "to")], False),
        ([("m", 0, 1, "to"), ("m", 0, 1, "cc")], True),
        ([("m", 0, 1, "attend"), ("m", 1, 0, "attend")], True),
        # Two addresses of one person.
        ([("m", 0, 2, "to"), ("m", 0, 3, "to")], True),
    ],
)
def test_it_is_known_whether_a_part_holds_repeats(
    rows: list[tuple[str, int, int, str]], repeated: bool, tmp_path: Path
) -> None:
    table = pd.DataFrame(rows, columns=["message", "sender", "recipient", "kind"])
    for end in ("sender", "recipient"):
        table[end] = [f"p{number}" for number in table[end]]
    table = table.assign(sent_at=START, channel="email", recipients=1)
    identities, _ = code(batches(table), tmp_path)
    person = {"p0": 0, "p1": 1, "p2": 2, "p3": 2}
    actors = Actors(
        people=pd.DataFrame({"person": ["a", "b", "c"]}),
        actor=np.array([person[identity] for identity in identities], dtype=np.int32),
        standing=np.zeros(3, dtype=np.int8),
        external=0,
        unmatched=0,
        not_people=0,
        ambiguous=0,
    )

    part = parts(tmp_path)[0]
    assert has_repeats(part, order_of(part), actors) is repeated


def test_distinct_values_are_sorted_each_once() -> None:
    values = np.random.default_rng(0).integers(-50, 50, 300)

    assert distinct(values).tolist() == sorted(set(values.tolist()))
    assert distinct(np.empty(0, dtype=np.int64)).tolist() == []


def test_few_rows_wait_to_be_written_however_many_parts_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_small_parts(monkeypatch)
    waiting: list[int] = []
    spread = coding._Parts._spread

    def watched(self: coding._Parts, batch: pa.RecordBatch) -> None:
        spread(self, batch)
        waiting.append(sum(rows.num_rows for some in self._waiting.values() for rows in some))

    monkeypatch.setattr(coding._Parts, "_spread", watched)
    code(batches(records()), tmp_path)
    assert len(parts(tmp_path)) > 10
    assert 200 < max(waiting) <= 300
