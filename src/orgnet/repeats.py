"""Whether a message was recorded more than once between the same two people."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from orgnet.identity import Actors
from orgnet.ties import KIND_CODES

#: Odd numbers that spread small ones over 64 bits.
_SPREAD = (np.int64(0x5851F42D4C957F2D), np.int64(0x2545F4914F6CDD1D))


def has_repeats(part: Path, actors: Actors) -> bool:
    """Say whether a file of coded records may hold two of one message, sender and recipient.

    Where it holds none, which is soon known, the reduction need not look for the best of several.
    No is certain; a yes may come of two records that differ, once in 2⁶⁴ pairs of them.
    """
    table = pq.read_table(part, columns=["message", "sender", "recipient", "kind"])
    sender = actors.actor[table["sender"].to_numpy()].astype(np.int64)
    recipient = actors.actor[table["recipient"].to_numpy()].astype(np.int64)
    # A meeting is one record of two people, whichever of them invited.
    turned = (table["kind"].to_numpy() == KIND_CODES["attend"]) & (sender > recipient)
    sender[turned], recipient[turned] = recipient[turned], sender[turned]
    number = np.sort(table["message"].to_numpy() ^ (sender * _SPREAD[0] + recipient * _SPREAD[1]))
    return bool((number[1:] == number[:-1]).any())
