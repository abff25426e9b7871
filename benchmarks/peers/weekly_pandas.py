"""pandas: interactions to weekly ties by orgnet's rules: text|coded FILES ROSTER ties|machines.

``machines`` also looks for senders that behave like machines, as orgnet does.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from reporting import report

kind, files, roster, asked = sys.argv[1:5]

WEEK = 7 * 24 * 3600


def work() -> dict[str, int]:
    people = pd.read_csv(roster)
    columns = ["message", "sender", "recipient", "recipients", "channel"]
    if kind == "text":
        frame = pd.read_parquet(files, columns=[*columns, "sent_at"])
        seconds = frame.pop("sent_at").astype("int64") // 1_000_000
        frame["week"] = (seconds // 86_400 + 3) // 7
        if asked == "machines":
            frame["second"] = seconds
        number = dict(zip(people["email"], range(len(people)), strict=True))
        for end in ("sender", "recipient"):
            frame[end] = frame[end].map(number)
    else:
        more = ["second"] if asked == "machines" else []
        parts = sorted(Path(files).glob("*.parquet"))
        read = [pd.read_parquet(part, columns=[*columns, "day", *more]) for part in parts]
        frame = pd.concat(read, ignore_index=True)
        frame["week"] = (frame.pop("day") + 3) // 7
    rows = len(frame)
    proposed = machines(frame) if asked == "machines" else []
    frame = frame.drop_duplicates(["message", "sender", "recipient"])
    frame = frame.dropna(subset=["sender", "recipient"])
    frame = frame[(frame["sender"] != frame["recipient"]) & (frame["recipients"] <= 20)]
    frame["share"] = 1_000_000_000 // np.maximum(frame["recipients"], 1)
    keys = ["week", "sender", "recipient", "channel"]
    ties = frame.groupby(keys, sort=False).agg(
        interactions=("share", "size"), billionths=("share", "sum")
    )
    return {
        "messages": rows,
        "records": len(ties),
        "interactions": int(ties["interactions"].sum()),
        "billionths": int(ties["billionths"].sum()),
        "machines": len(proposed),
    }


def machines(frame: pd.DataFrame) -> pd.Index:
    """Return who writes much to many and is not answered, like clockwork, or at all hours."""
    frame = frame[frame["sender"] != frame["recipient"]]
    messages = frame[["message", "sender", "second"]].sort_values(["sender", "second"])
    messages = messages.drop_duplicates(["message", "sender"])
    by_sender = messages.groupby("sender")["second"]
    gaps = by_sender.diff().groupby(messages["sender"]).agg(["count", "mean", "std"])
    sent = by_sender.agg(["size", "min", "max"])
    a_week = sent["size"] / ((sent["max"] - sent["min"]) / WEEK).clip(lower=1)
    hours = messages["second"] // 3600 % 24
    hours = hours.groupby(messages["sender"]).nunique()
    pairs = frame[["sender", "recipient"]].drop_duplicates()
    back = pairs.rename(columns={"sender": "recipient", "recipient": "sender"})
    reached = pairs.groupby("sender").size()
    answered = pairs.merge(back).groupby("sender").size().reindex(reached.index, fill_value=0)
    like_one = (
        ((a_week >= 20) & (reached >= 50) & (answered < 0.01 * reached))
        | ((gaps["count"] >= 30) & (gaps["std"] < 0.1 * gaps["mean"]))
        | (hours >= 22)
    )
    return like_one.index[like_one]


report(work)
