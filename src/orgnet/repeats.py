"""Whether a message was recorded more than once between the same two people."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from orgnet.coding import Order, column_of, has_equal
from orgnet.identity import Actors
from orgnet.ties import KIND_CODES

#: Odd numbers that spread small ones over 64 bits.
_SPREAD = (np.int64(0x5851F42D4C957F2D), np.int64(0x2545F4914F6CDD1D))


def has_repeats(part: Path, order: Order, actors: Actors) -> bool:
    """Say whether a file of coded records may hold two of one message, sender and recipient.

    Where it holds none, which is soon known, the reduction need not look for the best of several.
    No is certain; a yes may come of two records that differ, once in 2⁶⁴ pairs of them.

    Where the rows of each message stand one below the other, by their `order`, a message of one
    row need not be looked at.
    """
    several = np.ones(len(order.first), dtype=bool)
    if order.together:
        several = ~order.first
        several[:-1] |= several[1:]
        if not several.any():
            return False
    message, sender, recipient, kind = (
        column_of(part, name)[several] for name in ("message", "sender", "recipient", "kind")
    )
    sender = actors.actor[sender].astype(np.int64)
    recipient = actors.actor[recipient].astype(np.int64)
    # A meeting is one record of two people, whichever of them invited.
    turned = (kind == KIND_CODES["attend"]) & (sender > recipient)
    sender[turned], recipient[turned] = recipient[turned], sender[turned]
    return has_equal(message ^ (sender * _SPREAD[0] + recipient * _SPREAD[1]))
