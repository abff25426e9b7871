"""What is proposed part for part is what a plain look at all messages at once says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orgnet import bots
from orgnet.bots import proposed_bots
from orgnet.coding import FOLDER, parts
from orgnet.identity import Actors, Standing
from orgnet.ties import KIND_CODES

WEEK, DAY = 7 * 24 * 3600, 24 * 3600
PEOPLE = 70


def messages(seed: int, *, copies: bool) -> pd.DataFrame:
    """Half a year of messages; among the senders are machines of each sort and half-machines."""
    rng = np.random.default_rng(seed)
    rows: list[tuple[int, float, int]] = []

    def send(sender: int, times: np.ndarray, recipients: np.ndarray) -> None:
        rows.extend(
            (sender, time, recipient)
            for time, recipient in zip(times.tolist(), recipients.tolist(), strict=True)
        )

    def office(count: int) -> np.ndarray:
        return DAY * rng.integers(0, 180, count) + 3600 * rng.uniform(8, 17, count)

    for sender in range(8, PEOPLE):
        send(sender, office(60), rng.integers(8, PEOPLE, 60))
    # One whom nobody answers, and one whom somebody does.
    for sender in (0, 1):
        send(sender, office(900), rng.integers(8, PEOPLE, 900))
    send(9, office(1), np.array([1]))
    # Even, nearly even, and even but for one long pause.
    for sender, spread in ((2, 0.05), (3, 0.09), (4, 0.12), (5, 0.05)):
        times = np.cumsum(DAY * rng.normal(1, spread, 120)) + 10 * 3600
        send(sender, times + (times > 60 * DAY) * 40 * DAY * (sender == 5), np.full(120, 20))
    # At all hours, and at nearly all.
    for sender, hours in ((6, 24), (7, 21)):
        times = DAY * rng.integers(0, 180, 300) + 3600 * rng.uniform(0, hours, 300)
        send(sender, times, np.full(300, 21))
    table = pd.DataFrame(rows, columns=["sender", "second", "recipient"])
    table["second"] = table["second"].astype(np.int64)
    table["message"] = rng.integers(-(1 << 62), 1 << 62, len(table))
    table["kind"] = KIND_CODES["to"]
    reacts = (table["sender"] >= 8) & (rng.random(len(table)) < 0.02)
    table.loc[reacts, "kind"] = KIND_CODES["reaction"]
    more = table.sample(frac=0.3, random_state=seed).assign(recipient=30)
    table = pd.concat([table, more]).sort_values(["second", "message"], kind="stable")
    if copies:
        late = table.sample(frac=0.2, random_state=seed + 1)
        table = pd.concat([table, late.assign(second=late["second"] + 60)])
    return table.reset_index(drop=True)


def plainly(table: pd.DataFrame, standing: np.ndarray) -> dict[int, str]:
    table = table[table["second"].notna() & (table["kind"] != KIND_CODES["reaction"])]
    table = table[table["sender"] != table["recipient"]]
    table = table[standing[table["sender"]] == Standing.PERSON]
    pairs = set(zip(table["sender"], table["recipient"], strict=True))
    found = {}
    for sender, theirs in table.groupby("sender"):
        times = np.sort(theirs.groupby("message")["second"].min().to_numpy(dtype=np.int64))
        people = {recipient for one, recipient in pairs if one == sender}
        answered = {recipient for recipient in people if (recipient, sender) in pairs}
        gaps = np.diff(times)
        if (
            len(times) / max((times[-1] - times[0]) / WEEK, 1) >= bots.SENT_A_WEEK
            and len(people) >= bots.RECIPIENTS
            and len(answered) < bots.ANSWERED * len(people)
        ):
            found[sender] = "never_answered"
        elif len(gaps) >= bots.EVEN_MESSAGES and gaps.std() / gaps.mean() < bots.EVENNESS:
            found[sender] = "even_times"
        elif len(np.unique(times // 3600 % 24)) >= bots.HOURS:
            found[sender] = "all_hours"
    return found  # type: ignore[return-value]


def written(table: pd.DataFrame, folder: Path, *, days: int) -> list[Path]:
    """Write the messages in parts of so many days; those of all parts' messages are whole."""
    (folder / FOLDER).mkdir()
    first = table.groupby("message")["second"].transform("min")
    for part, rows in table.groupby(first // (days * DAY)):
        columns = {name: rows[name].to_numpy() for name in ("message", "second")}
        for name in ("sender", "recipient"):
            columns[name] = rows[name].to_numpy(dtype=np.int32)
        columns["kind"] = rows["kind"].to_numpy(dtype=np.int8)
        pq.write_table(pa.table(columns), folder / FOLDER / f"{part}.parquet")
    return parts(folder)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("days", [14, 1000])
@pytest.mark.parametrize("copies", [False, True])
def test_parts_and_shortcuts_change_nothing(
    seed: int, days: int, copies: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orgnet.coding.reading._PIECE", 64)
    monkeypatch.setattr(bots, "_MERGED", 100)
    monkeypatch.setattr(bots, "_SEAT_BITS", 4)
    table = messages(seed, copies=copies)
    standing = np.full(PEOPLE, Standing.PERSON, dtype=np.int8)
    standing[10] = Standing.NOT_A_PERSON
    actors = Actors(
        people=pd.DataFrame({"person": [f"p{i}" for i in range(PEOPLE)]}),
        actor=np.arange(PEOPLE, dtype=np.int32),
        standing=standing,
        external=0,
        unmatched=0,
        not_people=0,
        ambiguous=0,
    )

    found = proposed_bots(written(table, tmp_path, days=days), actors)

    expected = plainly(table, standing)
    assert dict(zip(found["actor"].tolist(), found["rule"], strict=True)) == expected
    assert set(expected.values()) == {"never_answered", "even_times", "all_hours"}
    assert [expected.get(sender) for sender in (0, 1)] == ["never_answered", None]
    even = [expected.get(sender) == "even_times" for sender in (2, 3, 4, 5)]
    assert even == [True, True, False, False]
    assert [expected.get(sender) for sender in (6, 7)] == ["all_hours", None]
