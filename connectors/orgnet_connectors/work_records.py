"""Who addressed whom on an issue, a change or a case: records of the channel `work`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa
from msgspec import Struct

from orgnet.schema import InteractionWriter, Ledger, Profile


class Account(Struct, frozen=True, kw_only=True):
    """Somebody in a system of work items.

    Parameters
    ----------
    identity
        With the system's name before it: ``github:aya-ito``.
    name
        Display name.
    email
        Address in lower case; empty where the system does not tell it.
    aliases
        Other names that the account goes by.
    bot
        True for programs, and for what is left of deleted accounts: nobody in particular.
    """

    identity: str
    name: str | None = None
    email: str = ""
    aliases: tuple[str, ...] = ()
    bot: bool = False


class WorkRecords:
    """Writes what one account did towards others, and notes who they are.

    Examples
    --------
    >>> ledger = Ledger()
    >>> records = WorkRecords(ledger, source="github")
    >>> aya, ben = Account(identity="github:aya"), Account(identity="github:ben")
    >>> records.write("review", aya, [ben, aya, None], 1_700_000_000_000_000, "github:pr/1/r/9")
    True
    >>> [batch.num_rows for batch in records.flush()], sorted(ledger.profiles)
    ([1], ['github:aya', 'github:ben'])
    """

    def __init__(self, ledger: Ledger, *, source: str) -> None:
        self._ledger = ledger
        self._writer = InteractionWriter(ledger, channel="work", source=source)

    def write(
        self,
        kind: str,
        sender: Account | None,
        recipients: Iterable[Account | None],
        sent_at: int | None,
        message: str,
        *,
        thread: str | None = None,
    ) -> bool:
        """Add one record a recipient; False where that is nobody but the sender.

        Parameters
        ----------
        kind
            ``review``, ``reply`` or ``handover``.
        sender, recipients
            None for those who are not known.
        sent_at
            Microseconds since 1970, UTC.
        message, thread
            Keys of the message and of what it belongs to.
        """
        if sender is None:
            return False
        others = {one.identity: one for one in recipients if one and one.identity}
        others.pop(sender.identity, None)
        if not others:
            return False
        for account in (sender, *others.values()):
            self._note(account)
        for identity in others:
            self._writer.add(
                sent_at, sender.identity, identity, kind, len(others), message, thread=thread
            )
        return True

    def full(self) -> Iterator[pa.RecordBatch]:
        """Yield a batch if enough records have come together."""
        return self._writer.full()

    def flush(self) -> Iterator[pa.RecordBatch]:
        """Yield what has come together."""
        return self._writer.flush()

    def _note(self, account: Account) -> None:
        if account.identity in self._ledger.profiles:
            return
        self._ledger.profile(
            Profile(
                identity=account.identity,
                emails=(account.email,) if "@" in account.email else (),
                aliases=account.aliases,
                name=account.name,
                kind="bot" if account.bot else "person",
            )
        )
