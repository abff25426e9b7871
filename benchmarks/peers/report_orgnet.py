"""orgnet: stored weekly ties to the report of groups: TIES ROSTER PAGE."""

import datetime
import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from orgnet import Network, diagnose
from orgnet.disclosure import release
from orgnet.results import write_report

_BEGIN = np.datetime64("2026-01-05")

taken: dict[str, float] = {}
_clock = time.perf_counter()


def step(name: str) -> None:
    global _clock
    now = time.perf_counter()
    taken[name], _clock = now - _clock, now


file, roster, page = sys.argv[1:4]
coded = pd.read_parquet(file)
people = pd.read_csv(roster).rename(columns={"id": "person"})
days = (_BEGIN + coded["week"].to_numpy() * np.timedelta64(7, "D")).astype("datetime64[s]")
ids = people["person"].to_numpy(dtype=object)
ends = {
    end: pd.Categorical.from_codes(coded[end].to_numpy(), categories=ids)
    for end in ("sender", "recipient")
}
ties = pd.DataFrame({"week": days, **ends})
del coded, days
step("reading")
network = Network.from_ties(ties, people)
pairs = len(network.pairs)
del ties
step("network")
diagnosis = diagnose(network)
step("measures")
model = release(diagnosis, run_date=datetime.date(2026, 11, 22))
step("release")
written = write_report(model, page)
step("page")
told = {"people": network.n, "pairs": pairs, "kilobytes": Path(written).stat().st_size / 1000}
print(json.dumps({**told, "steps": taken}))
