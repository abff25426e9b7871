"""Senders that behave like machines: proposals for a person to confirm, never removed unasked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from orgnet.coding import begins, distinct, has_equal, order_of, pieces
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
_MERGED = 250_000

#: Pairs that are known at once: two to the power of this many, at least.
_SEAT_BITS = 18

#: An odd number that spreads small ones over 64 bits.
_SPREAD = 0x5851F42D4C957F2D

_WEEK, _HOUR = 7 * 24 * 3600, 3600

_Longs = npt.NDArray[np.int64]


def proposed_bots(parts: Sequence[Path], actors: Actors) -> pd.DataFrame:
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
    senders = Senders(actors)
    for part in parts:
        senders.add(part, together=order_of(part).together)
    return senders.judged()


class Senders:
    """What is known of each actor as a sender, part for part.

    Whether somebody writes like clockwork is not known of the sums alone: it needs everybody's
    messages in the order of time, which takes longer than all else. `judged` looks at them once
    more, and at nobody's any longer than until they were uneven enough.

    Parameters
    ----------
    actors
        Whom the identities stand for.
    """

    def __init__(self, actors: Actors) -> None:
        self._actors = actors
        self._count = count = len(actors.standing)
        self._parts: list[tuple[Path, bool]] = []
        self._reached = _Pairs(count)
        self._hours = np.zeros(count * 24, dtype=bool)
        self._messages = np.zeros(count, dtype=np.int64)
        self._gaps = np.zeros(count, dtype=np.int64)
        self._gap_sums = np.zeros(count, dtype=np.int64)
        self._times = _Times(count)

    def add(self, part: Path, *, together: bool) -> None:
        """Take in a part, most often of later weeks than those before.

        `together` is of its `orgnet.coding.Order`.
        """
        self._parts.append((part, together))
        times = _Times(self._count)
        messages = np.zeros(self._count, dtype=np.int64)
        for piece in pieces(part, _COLUMNS, together=together):
            rows = _Rows.of(piece, self._actors)
            self._reached.add(rows.sender, rows.recipient)
            sender, second = rows.messages(together=together)
            self._hours[sender * 24 + second // _HOUR % 24] = True
            messages += np.bincount(sender, minlength=self._count)
            times.add(sender, second)
        # Of the gaps in a part, number and sum are known without its order.
        wrote = messages > 0
        later = wrote & self._times.wrote & (times.first >= self._times.last)
        self._gaps += np.maximum(messages - 1, 0) + later
        self._gap_sums[wrote] += times.last[wrote] - times.first[wrote]
        self._gap_sums[later] += times.first[later] - self._times.last[later]
        self._messages += messages
        self._times.add(np.flatnonzero(wrote), times.first[wrote])
        self._times.add(np.flatnonzero(wrote), times.last[wrote])

    def judged(self) -> pd.DataFrame:
        """Return what `proposed_bots` does."""
        people, answered = self._reached.counted()
        weeks = np.maximum(self._times.span / _WEEK, 1)
        rule = np.select(
            [
                (self._messages / weeks >= SENT_A_WEEK)
                & (people >= RECIPIENTS)
                & (answered < ANSWERED * people),
                self._even(),
                self._hours.reshape(-1, 24).sum(axis=1) >= HOURS,
            ],
            ["never_answered", "even_times", "all_hours"],
            default="",
        ).astype(object)
        actor = np.flatnonzero(rule != "").astype(np.int32)
        return pd.DataFrame({"actor": actor, "rule": rule[actor]})

    def _even(self) -> npt.NDArray[np.bool_]:
        """Say who writes like clockwork."""
        mean = self._gap_sums / np.maximum(self._gaps, 1)
        # Deviations only add up: whoever is beyond this once is not even, whatever follows.
        limit = self._gaps * (EVENNESS * mean) ** 2
        deviations = np.zeros(self._count)
        even = (self._gaps >= EVEN_MESSAGES) & (mean > 0)
        before = _Times(self._count)
        for part, together in self._parts:
            if not even.any():
                break
            sender, second = self._sent(part, even, together=together)
            if not len(sender):
                continue
            first = begins(sender)
            who, when = sender[first], second[first]
            last = before.last[who]
            gap = np.diff(second, prepend=0)
            gap[first] = when - last
            follows = ~first
            follows[first] = before.wrote[who] & (when >= last)
            sender, gap = sender[follows], gap[follows]
            deviations += np.bincount(sender, (gap - mean[sender]) ** 2, minlength=self._count)
            before.add(sender, second[follows])
            before.add(who, when)
            even &= deviations < limit
        return even

    def _sent(
        self, part: Path, wanted: npt.NDArray[np.bool_], *, together: bool
    ) -> tuple[_Longs, _Longs]:
        """Return sender and time of the messages of some senders, in the order of both."""
        found = [np.empty(0, dtype=np.int64)]
        start = int(self._times.first[wanted].min())
        span = int(self._times.last[wanted].max()) - start + 1
        for piece in pieces(part, _COLUMNS, together=together):
            sender, second = _Rows.of(piece, self._actors, wanted).messages(together=together)
            found.append(sender * span + (second - start))
        # One sort of one number does for both; the two come back out of it.
        number = np.concatenate(found)
        number.sort()
        sender, second = np.divmod(number, span)
        second += start
        return sender, second


@dataclass(frozen=True, slots=True)
class _Rows:
    """Records that count here: with a date, by a person, to somebody else, in words."""

    message: _Longs
    sender: _Longs
    recipient: npt.NDArray[np.int32]
    second: _Longs

    @classmethod
    def of(
        cls, table: pa.Table, actors: Actors, wanted: npt.NDArray[np.bool_] | None = None
    ) -> _Rows:
        """Take them out of a table, those of all senders or of some."""
        rows = {name: _numbers(table[name]) for name in _COLUMNS}
        sender, recipient = actors.actor[rows["sender"]], actors.actor[rows["recipient"]]
        may = actors.standing == Standing.PERSON
        counts = may[sender] if wanted is None else (may & wanted)[sender]
        counts &= (rows["kind"] != KIND_CODES["reaction"]) & (sender != recipient)
        if table["second"].null_count:
            counts &= table["second"].is_valid().to_numpy()
        message, second = rows["message"], rows["second"]
        if not counts.all():
            message, second = message[counts], second[counts]
            sender, recipient = sender[counts], recipient[counts]
        return cls(message, sender.astype(np.int64), recipient, second)

    def messages(self, *, together: bool) -> tuple[_Longs, _Longs]:
        """Return sender and time of each message, the first where it was recorded more than once.

        `together`: the rows of a message stand one below the other.
        """
        first = begins(self.message, self.sender, self.second)
        message, sender, second = self.message[first], self.sender[first], self.second[first]
        if together and begins(message).all():
            return sender, second
        number = message ^ (sender * _SPREAD)
        if has_equal(number):
            order = np.lexsort((second, number))
            first = begins(number[order])
            sender, second = sender[order][first], second[order][first]
        return sender, second


def _numbers(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    """Return a column with 0 where there is nothing; where all is there, filling would copy it."""
    filled = column.fill_null(0) if column.null_count else column
    numbers: npt.NDArray[Any] = filled.to_numpy()
    return numbers


class _Times:
    """The first and the last time at which each actor wrote."""

    def __init__(self, count: int) -> None:
        limits = np.iinfo(np.int64)
        self.first = np.full(count, limits.max)
        self.last = np.full(count, limits.min)

    def add(self, sender: _Longs, second: _Longs) -> None:
        np.minimum.at(self.first, sender, second)
        np.maximum.at(self.last, sender, second)

    @property
    def wrote(self) -> npt.NDArray[np.bool_]:
        return self.first <= self.last

    @property
    def span(self) -> _Longs:
        found: _Longs = np.where(self.wrote, self.last, 0) - np.where(self.wrote, self.first, 0)
        return found


class _Pairs:
    """Who wrote to whom. A pair that was seen not long ago is known without any sorting."""

    def __init__(self, actors: int) -> None:
        self._actors = actors
        self._pairs = np.empty(0, dtype=np.int64)
        self._new: list[_Longs] = []
        self._make_seats()

    def add(self, sender: _Longs, recipient: npt.NDArray[np.int32]) -> None:
        pairs = sender * self._actors + recipient
        seats = self._seats_of(pairs)
        pairs = pairs[self._seats[seats] != pairs]
        if not len(pairs):
            return
        self._new.append(pairs)
        self._seats[self._seats_of(pairs)] = pairs
        if sum(map(len, self._new)) > max(len(self._pairs), _MERGED):
            self._merge()
            self._make_seats()

    def counted(self) -> tuple[_Longs, _Longs]:
        """Return for each actor to how many they wrote, and how many of these wrote to them."""
        self._merge()
        sender, recipient = np.divmod(self._pairs, max(self._actors, 1))
        turned = recipient * self._actors + sender
        place = np.searchsorted(self._pairs, turned)
        place = np.minimum(place, max(len(self._pairs) - 1, 0))
        back = self._pairs[place] == turned
        people = np.bincount(sender, minlength=self._actors)
        return people, np.bincount(sender[back], minlength=self._actors)

    def _merge(self) -> None:
        self._pairs = distinct(np.concatenate([self._pairs, *self._new]))
        self._new = []

    def _make_seats(self) -> None:
        """Give each pair a seat; where two have the same one, the later pair sits on it."""
        self._bits = max((2 * len(self._pairs)).bit_length(), _SEAT_BITS)
        self._seats = np.full(1 << self._bits, -1, dtype=np.int64)
        self._seats[self._seats_of(self._pairs)] = self._pairs

    def _seats_of(self, pairs: _Longs) -> _Longs:
        spread = pairs.view(np.uint64) * np.uint64(_SPREAD)
        found: _Longs = (spread >> np.uint64(64 - self._bits)).view(np.int64)
        return found
