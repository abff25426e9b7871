"""Senders that behave like machines: proposals for a person to confirm, never removed unasked."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.parquet as pq

from orgnet.coding import distinct
from orgnet.identity import Actors, Standing
from orgnet.ties import KIND_CODES

#: Sends at least so much a week to at least so many people, of whom hardly anybody answers.
SENT_A_WEEK = 20
RECIPIENTS = 50
ANSWERED = 0.01

#: Times between two messages vary less than this, relative to their mean, over so many messages.
EVENNESS = 0.1
EVEN_MESSAGES = 30

#: Sends in at least so many of the 24 hours of the day.
HOURS = 22

_COLUMNS = ("message", "sender", "recipient", "second", "kind")

#: Pairs of senders and recipients that wait until they are put to the others.
_MERGED = 1_000_000

_WEEK, _HOUR = 7 * 24 * 3600, 3600

_Longs = npt.NDArray[np.int64]


def proposed_bots(parts: Iterable[Path], actors: Actors) -> pd.DataFrame:
    """Return the senders that behave like machines (`measures.md` 1.3).

    Parameters
    ----------
    parts
        Coded records (`orgnet.coding.parts`), in the order of time.
    actors
        Whom the identities stand for.

    Returns
    -------
    pandas.DataFrame
        ``actor`` and ``rule``: ``never_answered`` (much, to many, without answers),
        ``even_times`` (like clockwork) or ``all_hours`` (at nearly every hour of the day).
    """
    senders = _Senders(len(actors.standing))
    for part in parts:
        table = pq.read_table(part, columns=list(_COLUMNS))
        rows = {name: table[name].fill_null(0).to_numpy() for name in _COLUMNS}
        sender, recipient = actors.actor[rows["sender"]], actors.actor[rows["recipient"]]
        counts = (
            table["second"].is_valid().to_numpy()
            & (actors.standing[sender] == Standing.PERSON)
            & (rows["kind"] != KIND_CODES["reaction"])
            & (sender != recipient)
        )
        if counts.any():
            sender = sender[counts].astype(np.int64)
            senders.reach(sender, recipient[counts])
            senders.send(*_messages(sender, rows["message"][counts], rows["second"][counts]))
    return senders.judged()


def _messages(sender: _Longs, message: _Longs, second: _Longs) -> tuple[_Longs, _Longs]:
    """Return sender and time of each message, the first where it was recorded more than once."""
    # Most often the recipients of a message stand one below the other.
    same = (np.diff(message) == 0) & (np.diff(sender) == 0) & (np.diff(second) == 0)
    first = np.concatenate([[True], ~same])
    sender, second = sender[first], second[first]
    number = message[first] ^ (sender * np.int64(0x5851F42D4C957F2D))
    found = np.sort(number)
    if (np.diff(found) == 0).any():
        order = np.lexsort((second, number))
        first = np.concatenate([[True], np.diff(number[order]) != 0])
        sender, second = sender[order][first], second[order][first]
    return sender, second


class _Senders:
    """What is known of each actor as a sender, part for part."""

    def __init__(self, actors: int) -> None:
        self._actors = actors
        self._pairs = [np.empty(0, dtype=np.int64)]
        self._hours = np.zeros(actors * 24, dtype=bool)
        self._messages = np.zeros(actors, dtype=np.int64)
        self._first = np.full(actors, np.iinfo(np.int64).max)
        self._last = np.full(actors, np.iinfo(np.int64).min)
        self._gaps = np.zeros(actors)
        self._gap_sums = np.zeros(actors)
        self._gap_squares = np.zeros(actors)

    def reach(self, sender: _Longs, recipient: npt.NDArray[np.int32]) -> None:
        """Note who wrote to whom."""
        self._pairs.append(distinct(sender * self._actors + recipient))
        if sum(map(len, self._pairs[1:])) > max(len(self._pairs[0]), _MERGED):
            self._pairs = [distinct(np.concatenate(self._pairs))]

    def send(self, sender: _Longs, second: _Longs) -> None:
        """Note when messages were sent, most often later than those noted before."""
        start = int(second.min())
        span = int(second.max()) - start + 1
        # One sort of one number does for both; the two come back out of it.
        sender, second = np.divmod(np.sort(sender * span + (second - start)), span)
        second += start
        self._hours[sender * 24 + second // _HOUR % 24] = True
        begins = np.concatenate([[True], np.diff(sender) != 0])
        ends = np.concatenate([begins[1:], [True]])
        who, when = sender[begins], second[begins]
        later = (self._messages[who] > 0) & (when >= self._last[who])
        before = np.concatenate([[0], second[:-1]])
        before[begins] = self._last[who]
        gap = (second - before).astype(float)
        follows = ~begins
        follows[begins] = later
        for sums, values in (
            (self._gaps, np.ones_like(gap)),
            (self._gap_sums, gap),
            (self._gap_squares, gap**2),
        ):
            sums += np.bincount(sender[follows], values[follows], minlength=self._actors)
        self._messages += np.bincount(sender, minlength=self._actors)
        self._first[who] = np.minimum(self._first[who], when)
        self._last[who] = np.maximum(self._last[who], second[ends])

    def judged(self) -> pd.DataFrame:
        pairs = distinct(np.concatenate(self._pairs))
        sender, recipient = np.divmod(pairs, max(self._actors, 1))
        turned = recipient * self._actors + sender
        place = np.minimum(np.searchsorted(pairs, turned), max(len(pairs) - 1, 0))
        back = pairs[place] == turned
        people = np.bincount(sender, minlength=self._actors)
        answered = np.bincount(sender[back], minlength=self._actors)
        wrote = self._messages > 0
        span = np.where(wrote, self._last, 0) - np.where(wrote, self._first, 0)
        weeks = np.maximum(span / _WEEK, 1)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = self._gap_sums / self._gaps
            variance = np.maximum(self._gap_squares / self._gaps - mean**2, 0)
            spread = np.sqrt(variance) / mean
        rule = np.select(
            [
                (self._messages / weeks >= SENT_A_WEEK)
                & (people >= RECIPIENTS)
                & (answered < ANSWERED * people),
                (self._gaps >= EVEN_MESSAGES) & (spread < EVENNESS),
                self._hours.reshape(-1, 24).sum(axis=1) >= HOURS,
            ],
            ["never_answered", "even_times", "all_hours"],
            default="",
        ).astype(object)
        actor = np.flatnonzero(rule != "").astype(np.int32)
        return pd.DataFrame({"actor": actor, "rule": rule[actor]})
