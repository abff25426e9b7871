"""The ties that a backbone chooses from, with what each person has of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from orgnet.errors import UsageError, did_you_mean
from orgnet.network import Network
from orgnet.pairs import BoolArray, FloatArray, IntArray

#: How one test at either end becomes one for the tie: enough at one end, or needed at both.
Ends = Literal["either", "both"]


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class DrawnTies:
    """The ties to choose from, and what each person has of them.

    `out_strength` and `sent` are of ties as sender, `in_strength` and `received` as recipient; the
    same for undirected ties.
    """

    ids: npt.NDArray[np.object_]
    sender: IntArray
    recipient: IntArray
    strength: FloatArray
    out_strength: FloatArray
    in_strength: FloatArray
    sent: FloatArray
    received: FloatArray

    def strongest(self) -> BoolArray:
        """Say which ties are the strongest of one of their ends, of equal ones the first by id."""
        by_id = np.empty(len(self.ids), dtype=np.int64)
        by_id[np.argsort(self.ids, kind="stable")] = np.arange(len(self.ids))
        row = np.arange(len(self.strength))
        person = np.concatenate([self.sender, self.recipient])
        other = by_id[np.concatenate([self.recipient, self.sender])]
        rows = np.concatenate([row, row])
        order = np.lexsort((other, -self.strength[rows], person))
        _, start = np.unique(person[order], return_index=True)
        return np.isin(row, rows[order[start]])

    def table(self, keep: BoolArray, **values: FloatArray) -> pd.DataFrame:
        """Return the kept ties, and of each what led to it."""
        columns = {
            "sender": pd.Series(self.ids[self.sender[keep]], dtype="str"),
            "recipient": pd.Series(self.ids[self.recipient[keep]], dtype="str"),
            "strength": self.strength[keep],
        }
        return pd.DataFrame(columns | {name: value[keep] for name, value in values.items()})


def drawn_ties(network: Network, directed: bool) -> DrawnTies:
    """Return the ties of a network, directions added or each alone."""
    pairs, n = network.pairs, len(network.index)
    if directed:
        sender = np.concatenate([pairs.first, pairs.second])
        recipient = np.concatenate([pairs.second, pairs.first])
        strength = np.concatenate([pairs.forward, pairs.backward])
        order = np.lexsort((recipient, sender))
        order = order[strength[order] > 0]
        sender, recipient, strength = sender[order], recipient[order], strength[order]
    else:
        sender, recipient, strength = pairs.first, pairs.second, pairs.strength
    out_strength = np.bincount(sender, strength, n).astype(float)
    in_strength = np.bincount(recipient, strength, n).astype(float)
    sent = np.bincount(sender, minlength=n).astype(float)
    received = np.bincount(recipient, minlength=n).astype(float)
    if not directed:
        out_strength = in_strength = out_strength + in_strength
        sent = received = sent + received
    return DrawnTies(
        ids=network.index.to_numpy(dtype=object),
        sender=sender,
        recipient=recipient,
        strength=strength,
        out_strength=out_strength,
        in_strength=in_strength,
        sent=sent,
        received=received,
    )


def counted_ties(network: Network, directed: bool) -> DrawnTies:
    """Return the ties of a network whose strengths are counts."""
    ties = drawn_ties(network, directed)
    if (ties.strength != np.floor(ties.strength)).any():
        raise UsageError(
            "a strength is not a whole number, expected counts such as active weeks; "
            "use disparity() for other strengths"
        )
    return ties


def check_alpha(alpha: float) -> None:
    """Refuse what is no chance."""
    if not 0 < alpha <= 1:
        raise UsageError(f"alpha is {alpha}, expected a chance above 0 and up to 1")


def check_ends(ends: str) -> None:
    """Refuse what is neither of the two."""
    if ends not in ("either", "both"):
        raise UsageError(
            f"ends is {ends!r}, expected 'either' or 'both'."
            f"{did_you_mean(ends, ('either', 'both'))}"
        )
