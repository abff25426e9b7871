"""The messages of one chat export, in any order, on their way to records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import pyarrow as pa
from msgspec import Struct

from orgnet.schema import Ledger
from orgnet_connectors.chat_records import ChatWriter
from orgnet_connectors.message_index import MessageIndex


class Post(Struct, frozen=True, kw_only=True):
    """One message as any chat program has it.

    Parameters
    ----------
    place
        Where it stands, for messages to the user.
    key
        Stable key, the same in every copy of the message; None where it has none, and then
        `skipped` says why.
    sent_at
        Microseconds since 1970 UTC; None where there is no time.
    sender
        The person who wrote it; None for bots, notices and accounts that are gone.
    skipped
        Why it is no message of a person, one of the reasons in `chat_records`; None where it is.
    room
        The conversation, if it is a direct one: everybody in it is addressed.
    answers
        Key of the message that it answers.
    mentioned, reactions
        Whom it names; who reacted to it.
    thread
        Key of the thread or conversation.
    """

    place: str
    key: str | None = None
    sent_at: int | None = None
    sender: str | None = None
    skipped: str | None = None
    room: str | None = None
    answers: str | None = None
    mentioned: tuple[str, ...] = ()
    reactions: tuple[str, ...] = ()
    thread: str | None = None


class NumberedKeys:
    """Keys for messages of an export without ids: those that look alike are told apart by order.

    Examples
    --------
    >>> keys = NumberedKeys()
    >>> [keys.of(said) for said in ("9:15 aya", "9:15 aya", "9:16 ben", "9:15 aya")]
    ['9:15 aya:1', '9:15 aya:2', '9:16 ben:1', '9:15 aya:3']
    """

    def __init__(self) -> None:
        self._met = MessageIndex()
        self._last, self._number = "", 0

    def of(self, said: str) -> str:
        """Return the key of a message of which no more is known than this."""
        number = self._number + 1 if said == self._last else 1
        while not self._met.add(f"{said}:{number}", None):
            number += 1
        self._last, self._number = said, number
        return f"{said}:{number}"


def write_posts(
    posts: Callable[[], Iterable[Post]],
    ledger: Ledger,
    *,
    source: str,
    members: Callable[[], Mapping[str, Iterable[str]]] | None = None,
) -> Iterator[pa.RecordBatch]:
    """Yield the records of all messages, counting each in the ledger.

    The messages are gone through twice: an answer may stand before what it answers, and who is
    in a direct conversation is often known only by who writes there. What is kept in between is
    an author a message, as `MessageIndex` has it, and the people of each direct conversation.

    Parameters
    ----------
    posts
        Goes through the messages from the start, each time that it is called.
    ledger
        Counts the messages.
    source
        Name of the connector.
    members
        Says who is in a direct conversation, as far as that stands in the export; asked once, after
        the first time through. Where it does not, those who wrote in it are.

    Examples
    --------
    >>> ledger = Ledger()
    >>> said = [
    ...     Post(place="1", key="a", sent_at=1_772_439_309_000_000, sender="u1", answers="b"),
    ...     Post(place="2", key="b", sent_at=1_772_439_308_000_000, sender="u2"),
    ... ]
    >>> [row] = next(write_posts(lambda: said, ledger, source="teams")).to_pylist()
    >>> row["sender"], row["recipient"], row["kind"], dict(ledger.skipped)
    ('u1', 'u2', 'reply', {'no_addressee': 1})
    """
    authors = MessageIndex()
    rooms: dict[str, dict[str, None]] = {}
    for post in posts():
        if post.key is not None and post.sender is not None:
            authors.add(post.key, post.sender)
            if post.room is not None and post.skipped is None:
                rooms.setdefault(post.room, {})[post.sender] = None
    for room, listed in members().items() if members else ():
        if everybody := dict.fromkeys(listed):
            rooms[room] = everybody
    met = MessageIndex()
    writer = ChatWriter(ledger, source=source)
    for post in posts():
        reason = _write(post, writer, authors, rooms, met)
        if reason is not None:
            writer.skip(reason, post.place)
        yield from writer.full()
    yield from writer.flush()


def _write(
    post: Post,
    writer: ChatWriter,
    authors: MessageIndex,
    rooms: Mapping[str, Mapping[str, None]],
    met: MessageIndex,
) -> str | None:
    """Write the records of one message; return why there are none, None where there are."""
    if post.key is None or post.sent_at is None:
        return post.skipped or "no_date"
    if not met.add(post.key, None):
        return "duplicate"
    if post.sender is None:
        return post.skipped or "no_sender"
    if post.reactions:
        writer.reactions(post.key, post.sent_at, post.sender, post.reactions, thread=post.thread)
    if post.skipped is not None:
        return post.skipped
    kept = writer.message(
        post.key,
        post.sent_at,
        post.sender,
        members=None if post.room is None else rooms.get(post.room, {}),
        answered=authors.author(post.answers) if post.answers else None,
        mentioned=post.mentioned,
        thread=post.thread,
    )
    return None if kept else "no_addressee"
