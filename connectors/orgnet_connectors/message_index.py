"""Which messages were met and who wrote them, in about 20 bytes a message."""

from __future__ import annotations

from array import array

_EMPTY = 0
_FIRST_SLOTS = 1 << 10
_MASK_64 = (1 << 64) - 1


class MessageIndex:
    """A set of message ids with the author of each, kept as 64-bit hashes.

    Open addressing over two arrays: 8 bytes of hash and 4 bytes of author a slot, at most
    three quarters of the slots in use. Two ids out of ten million collide with a probability of
    about three in a million; the second would then count as a repeat of the first.

    Examples
    --------
    >>> index = MessageIndex()
    >>> index.add("m1@example.com", "aya@example.com"), index.add("m1@example.com", None)
    (True, False)
    >>> index.author("m1@example.com"), index.author("m2@example.com"), len(index)
    ('aya@example.com', None, 1)
    """

    def __init__(self) -> None:
        self._authors: list[str | None] = [None]
        self._number_of: dict[str | None, int] = {None: 0}
        self._length = 0
        self._make(_FIRST_SLOTS)

    def _make(self, slots: int) -> None:
        self._mask = slots - 1
        self._limit = slots * 3 // 4
        self._hashes = array("Q", bytes(8 * slots))
        self._values = array("i", bytes(4 * slots))

    def __len__(self) -> int:
        return self._length

    def add(self, message: str, author: str | None) -> bool:
        """Note a message and who wrote it; False if it was there before, which changes nothing.

        Parameters
        ----------
        message
            The message's key.
        author
            Identity of the sender; None where it is not a person's message.
        """
        key = hash(message) & _MASK_64 or 1
        slot = self._slot(key)
        if self._hashes[slot] != _EMPTY:
            return False
        number = self._number_of.get(author)
        if number is None:
            number = self._number_of[author] = len(self._authors)
            self._authors.append(author)
        self._hashes[slot] = key
        self._values[slot] = number
        self._length += 1
        if self._length > self._limit:
            self._grow()
        return True

    def author(self, message: str) -> str | None:
        """Return who wrote a message; None where it was not met or has no author."""
        slot = self._slot(hash(message) & _MASK_64 or 1)
        return self._authors[self._values[slot]] if self._hashes[slot] != _EMPTY else None

    def _slot(self, key: int) -> int:
        """Return the slot of a hash, or the free one where it belongs."""
        hashes, mask = self._hashes, self._mask
        slot = key & mask
        while (there := hashes[slot]) != _EMPTY and there != key:
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        hashes, values = self._hashes, self._values
        self._make(2 * len(hashes))
        for key, value in zip(hashes, values, strict=True):
            if key != _EMPTY:
                slot = self._slot(key)
                self._hashes[slot] = key
                self._values[slot] = value
