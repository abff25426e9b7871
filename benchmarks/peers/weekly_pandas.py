"""pandas: interactions in Parquet to weekly ties, by orgnet's rules: text|coded FILES ROSTER."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from reporting import report


def work() -> dict[str, int]:
    kind, files, roster = sys.argv[1:4]
    people = pd.read_csv(roster)
    columns = ["message", "sender", "recipient", "recipients", "channel"]
    if kind == "text":
        frame = pd.read_parquet(files, columns=[*columns, "sent_at"])
        days = frame.pop("sent_at").astype("int64") // (86_400 * 1_000_000)
        number = dict(zip(people["email"], range(len(people)), strict=True))
        for end in ("sender", "recipient"):
            frame[end] = frame[end].map(number)
    else:
        parts = sorted(Path(files).glob("*.parquet"))
        read = [pd.read_parquet(part, columns=[*columns, "day"]) for part in parts]
        frame = pd.concat(read, ignore_index=True)
        days = frame.pop("day")
    frame["week"] = (days + 3) // 7
    rows = len(frame)
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
    }


report(work)
