"""A stretch of one Slack conversation, thousands of messages at once, and the records of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, repeat
from typing import NamedTuple

import pyarrow as pa
from msgspec import Struct

from orgnet.schema import Ledger
from orgnet.schema.reading import PROBLEMS_KEPT
from orgnet_connectors.chat_records import EXAMPLES
from orgnet_connectors.slack_columns import SlackColumns
from orgnet_connectors.slack_records import (
    Message,
    are_plain_stamps,
    mentioned,
    names_in_blocks,
    stamp_text,
    stamp_us,
)

_PEOPLE_SAY = {None, "me_message", "thread_broadcast", "file_share"}
#: A user without a name that some exports put in for missing ones.
_NOBODY = "U00"
SLACKBOT = "USLACKBOT"
_MISSING = {"", _NOBODY}
_NOT_PEOPLE = {None, "", _NOBODY, SLACKBOT}


class Room(Struct, frozen=True):
    """One conversation: a key without its name, and the members if all of them are addressed."""

    key: str
    members: tuple[str, ...] | None


class Stretch(Struct, frozen=True):
    """Whole day files of one conversation, one after the other.

    Parameters
    ----------
    room
        The conversation.
    files
        Name of each file and its messages, None for each that cannot be read.
    authors
        Who wrote the messages of this conversation, by their time; is added to. Replies name the
        message that they answer by its time, and in a day's file they may stand before it.
    """

    room: Room
    files: Sequence[tuple[str, list[Message | None]]]
    authors: dict[str, str | None]

    def place(self, number: int) -> str:
        """Say where a message stands, before which so many others do."""
        starts = [0]
        for _, messages in self.files:
            starts.append(starts[-1] + len(messages))
        file = bisect_right(starts, number) - 1
        name = self.files[file][0].rpartition("/")[2]
        return f"{self.room.key}/{name}, message {number - starts[file] + 1}"


class _Told(NamedTuple):
    """Messages with their numbers in the stretch and their times, each in the same place."""

    messages: list[Message]
    numbers: Sequence[int]
    stamps: list[str]

    def without(self, left_out: Collection[int]) -> _Told:
        """Return all but the messages at some places."""
        if not left_out:
            return self
        stays = [at for at in range(len(self.messages)) if at not in left_out]
        return _Told(*([column[at] for at in stays] for column in self))  # type: ignore[arg-type]


class _Records(NamedTuple):
    """Records without their senders: of each the place of its message among those told of."""

    at: Sequence[int]
    recipients: Collection[str]
    kinds: Collection[str]
    #: how many the message addresses
    counts: Collection[int]


class StretchReader:
    """Turns stretches into record batches, and counts every message once.

    Parameters
    ----------
    ledger
        Counts the messages.
    source
        Name of the connector.
    """

    def __init__(self, ledger: Ledger, *, source: str) -> None:
        self._ledger = ledger
        self._columns = SlackColumns(ledger, source=source)
        self._identities = _Identities()

    def read(self, stretch: Stretch) -> Iterator[pa.RecordBatch]:
        """Take in a stretch, and yield a batch if enough records have come together.

        Messages that nobody wrote to others can still have been reacted to, and answered.
        """
        room, authors = stretch.room, stretch.authors
        skipped: dict[int, str] = {}
        dated = _dated(stretch, skipped)
        # The first three say what nearly all messages are.
        reasons = {
            at: reason
            for at, message in enumerate(dated.messages)
            if (
                message.subtype is not None
                or message.type != "message"
                or message.user in _NOT_PEOPLE
            )
            and (reason := _not_said_by_people(message))
        }
        authors.update(zip(dated.stamps, [m.user for m in dated.messages], strict=True))
        for at, reason in reasons.items():
            authors[dated.stamps[at]] = _author(dated.messages[at])
            skipped[dated.numbers[at]] = reason
        self._write_reactions(room, dated)
        said = dated.without(reasons)
        if room.members is None:
            records = _addressed(said, authors, self._identities)
        else:
            records = _addressed_directly(said, room.members, self._identities)
        senders = [self._identities[message.user or ""] for message in said.messages]
        self._write(room, said, senders, records)
        kept = set(records.at)
        self._ledger.keep(len(kept))
        if len(kept) < len(said.messages):
            silent = [number for at, number in enumerate(said.numbers) if at not in kept]
            self._skip("no_addressee", stretch, silent)
        for reason in sorted(set(skipped.values())):
            numbers = [number for number, why in skipped.items() if why == reason]
            self._skip(reason, stretch, sorted(numbers))
        yield from self._columns.full()

    def flush(self) -> Iterator[pa.RecordBatch]:
        """Yield the records that have come together, if any."""
        yield from self._columns.flush()

    def _write_reactions(self, room: Room, dated: _Told) -> None:
        at: list[int] = []
        givers: list[str] = []
        identities = self._identities
        for place, reactions in enumerate([message.reactions for message in dated.messages]):
            if reactions and _author(dated.messages[place]) is not None:
                users = reactions[0].users
                if len(reactions) > 1:
                    users = list(chain.from_iterable([each.users for each in reactions]))
                found = [identities[user] for user in dict.fromkeys(users) if user not in _MISSING]
                givers += found
                at += [place] * len(found)
        if at:
            told = _Told(*([column[place] for place in at] for column in dated))  # type: ignore[arg-type]
            authors = [identities[message.user or ""] for message in told.messages]
            records = _Records(range(len(at)), authors, ["reaction"] * len(at), [1] * len(at))
            self._write(room, told, givers, records)

    def _write(self, room: Room, told: _Told, senders: Sequence[str], records: _Records) -> None:
        stamps: Sequence[str] = told.stamps
        threads = [
            thread if thread.__class__ is str and thread else stamp_text(thread) or stamp
            for thread, stamp in zip([m.thread_ts for m in told.messages], stamps, strict=True)
        ]
        at, recipients, kinds, counts = records
        if not isinstance(at, range):
            stamps, senders = [stamps[place] for place in at], [senders[place] for place in at]
            threads = [threads[place] for place in at]
        self._columns.extend(room.key, stamps, senders, recipients, kinds, counts, threads)

    def _skip(self, reason: str, stretch: Stretch, numbers: Sequence[int]) -> None:
        self._ledger.skip(reason, len(numbers))
        found, remedy = EXAMPLES[reason]
        for number in numbers[:PROBLEMS_KEPT]:
            self._ledger.note(reason, place=stretch.place(number), found=found, remedy=remedy)


class _Identities(dict[str, str]):
    """User -> identity, made when first asked for."""

    def __missing__(self, user: str) -> str:
        self[user] = identity = identity_of(user)
        return identity


def identity_of(user: str) -> str:
    """Return the identity of a user's id."""
    return f"slack:{user}"


def _dated(stretch: Stretch, skipped: dict[int, str]) -> _Told:
    """Return the messages that have a time, each once, and add why others have none."""
    met = list(chain.from_iterable([messages for _, messages in stretch.files]))
    read = [message for message in met if message is not None]
    numbers: Sequence[int] = range(len(met))
    if len(read) < len(met):
        numbers = [number for number, message in enumerate(met) if message is not None]
        skipped.update(dict.fromkeys({*range(len(met))}.difference(numbers), "unreadable"))
    stamps = [message.ts for message in read]
    if are_plain_stamps(stamps):
        told = _Told(read, numbers, stamps)
    else:
        told = _Told(read, numbers, [stamp_text(stamp) or "" for stamp in stamps])
        undated = {at for at, stamp in enumerate(told.stamps) if stamp_us(stamp) is None}
        for at in undated:
            skipped[numbers[at]] = _not_said_by_people(read[at]) or "no_date"
        told = told.without(undated)
    repeated = _repeated(told.stamps, stretch.authors)
    skipped.update((told.numbers[at], "duplicate") for at in repeated)
    return told.without(repeated)


def _repeated(stamps: Sequence[str], authors: dict[str, str | None]) -> set[int]:
    """Return the places of times that were there before, in the stretch or the conversation."""
    distinct = set(stamps)
    repeated: set[int] = set()
    if len(distinct) < len(stamps) or not authors.keys().isdisjoint(distinct):
        met: set[str] = set()
        for at, stamp in enumerate(stamps):
            if stamp in met or stamp in authors:
                repeated.add(at)
            met.add(stamp)
    return repeated


def _addressed_directly(said: _Told, members: Iterable[str], identities: _Identities) -> _Records:
    """Say whom direct messages address: every other member."""
    senders = [message.user or "" for message in said.messages]
    others = {
        sender: [member for member in members if member != identities[sender]]
        for sender in set(senders)
    }
    fans = [others[sender] for sender in senders]
    recipients = list(chain.from_iterable(fans))
    kinds = ["dm"] * len(recipients)
    if all(len(found) == 1 for found in others.values()):
        return _Records(range(len(fans)), recipients, kinds, [1] * len(fans))
    counts = [len(found) for found in fans]
    at = list(chain.from_iterable(map(repeat, range(len(fans)), counts)))
    return _Records(at, recipients, kinds, [counts[place] for place in at])


def _addressed(said: _Told, authors: dict[str, str | None], identities: _Identities) -> _Records:
    """Say whom posts address: the author of the message that they answer, and whom they name."""
    at: list[int] = []
    recipients: list[str] = []
    kinds: list[str] = []
    counts: list[int] = []
    columns = [(m.thread_ts, m.text, m.blocks) for m in said.messages]
    for place, (thread, text, blocks) in enumerate(columns):
        names = (text and "<@" in text) or names_in_blocks(blocks)
        if thread is None:
            if not names:
                continue
            root = None
        else:
            root = _answered(said.messages[place], said.stamps[place], authors)
        message = said.messages[place]
        if names:
            addressed = {root: "reply"} if root else {}
            for user in mentioned(message):
                addressed.setdefault(user, "mention")
            addressed.pop(message.user or "", None)
            at += [place] * len(addressed)
            recipients += map(identities.__getitem__, addressed)
            kinds += addressed.values()
            counts += [len(addressed)] * len(addressed)
        elif root and root != message.user:
            at.append(place)
            recipients.append(identities[root])
            kinds.append("reply")
            counts.append(1)
    return _Records(at, recipients, kinds, counts)


def _answered(message: Message, stamp: str, authors: dict[str, str | None]) -> str | None:
    """Return the author of the message that another answers, None where it begins a thread."""
    thread = message.thread_ts
    if not isinstance(thread, str):
        thread = stamp_text(thread)
    if not thread or thread == stamp:
        return None
    return _root_author(message) or authors.get(thread)


def _not_said_by_people(message: Message) -> str | None:
    """Return why a message is none that one person wrote to others, None where it is."""
    if message.subtype == "bot_message":
        return "bot"
    if message.subtype not in _PEOPLE_SAY or message.type not in (None, "message"):
        return "system"
    if message.user == SLACKBOT or (message.bot_id and not message.user):
        return "bot"
    if not message.user or message.user == _NOBODY:
        return "no_sender"
    return None


def _author(message: Message) -> str | None:
    """Return the person who answers and reactions to a message are meant for."""
    user = message.user
    if not user or user in (_NOBODY, SLACKBOT) or message.subtype == "bot_message":
        return None
    return user


def _root_author(message: Message) -> str | None:
    root = message.parent_user_id or (message.root.user if message.root else None)
    return root if root != _NOBODY else None
