"""Whom a chat message addresses: the rules that all chat exports have in common."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import pyarrow as pa

from orgnet.schema import InteractionWriter, Ledger

#: Why a message makes no record -> what was found, what to do.
EXAMPLES = {
    "bot": ("a message of a bot", "none needed"),
    "deleted": ("a message that was deleted", "none needed"),
    "duplicate": ("a message that was there before", "none needed"),
    "no_addressee": ("a message that addresses nobody", "none needed"),
    "no_date": ("a time that cannot be read, or none", "export again"),
    "no_sender": ("no sender", "none needed if this is rare"),
    "system": ("a notice that the program wrote, such as a join", "none needed"),
    "unreadable": ("something that is cut short or is no message", "export again"),
}


class ChatWriter:
    """Writes the records of chat messages, and counts every message once.

    A direct message addresses every other member of the conversation. Elsewhere a reply addresses
    the author of the message that it answers, and a mention the person mentioned; a plain post
    addresses nobody. A reaction is a weak record of its own and no message.

    Parameters
    ----------
    ledger
        Counts the messages.
    source
        Name of the connector.

    Examples
    --------
    >>> ledger = Ledger()
    >>> writer = ChatWriter(ledger, source="slack")
    >>> writer.message("C1:7", 1_772_439_309_000_000, "slack:U1", answered="slack:U2")
    True
    >>> writer.message("C1:8", 1_772_439_310_000_000, "slack:U1")
    False
    >>> writer.skip("no_addressee", "message 8")
    >>> ledger.kept, dict(ledger.skipped), [batch.num_rows for batch in writer.flush()]
    (1, {'no_addressee': 1}, [1])
    """

    def __init__(self, ledger: Ledger, *, source: str) -> None:
        self._ledger = ledger
        self._writer = InteractionWriter(ledger, channel="chat", source=source)

    def message(
        self,
        key: str,
        sent_at: int,
        sender: str,
        *,
        members: Collection[str] | None = None,
        answered: str | None = None,
        mentioned: Iterable[str] = (),
        thread: str | None = None,
    ) -> bool:
        """Write a record for everybody whom a message addresses; False where that is nobody.

        Parameters
        ----------
        key
            The message's stable key.
        sent_at
            Microseconds since 1970 UTC.
        sender
            Who wrote it. To answer or to name oneself addresses nobody.
        members
            Everybody in a direct conversation; None where a post is for whom it names.
        answered
            Who wrote what it answers.
        mentioned
            Whom it names.
        thread
            Key of the conversation.
        """
        if members is not None:
            addressed = dict.fromkeys(members, "dm")
        else:
            addressed = {answered: "reply"} if answered else {}
            for person in mentioned:
                addressed.setdefault(person, "mention")
        addressed.pop(sender, None)
        if not addressed:
            return False
        for recipient, kind in addressed.items():
            self._writer.add(sent_at, sender, recipient, kind, len(addressed), key, thread=thread)
        self._ledger.keep()
        return True

    def reactions(
        self,
        key: str,
        sent_at: int,
        author: str,
        givers: Iterable[str],
        *,
        thread: str | None = None,
    ) -> None:
        """Write a record from each person who reacted to a message to its author, once each."""
        for giver in dict.fromkeys(givers):
            self._writer.add(sent_at, giver, author, "reaction", 1, key, thread=thread)

    def skip(self, reason: str, place: str) -> None:
        """Count a message that makes no record under one of `EXAMPLES`."""
        found, remedy = EXAMPLES[reason]
        self._ledger.skip(reason, place=place, found=found, remedy=remedy)

    def full(self) -> Iterator[pa.RecordBatch]:
        """Yield a batch if enough records have come together, else nothing."""
        yield from self._writer.full()

    def flush(self) -> Iterator[pa.RecordBatch]:
        """Yield what has come together, if anything."""
        yield from self._writer.flush()
