"""Keyed hashes of 64 bits: of texts that may come again, and of records that were counted."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from functools import cached_property

import numpy as np
import numpy.typing as npt
from msgspec import Struct

Hashes = npt.NDArray[np.uint64]

#: Records hashed at once: their words stay in the processor's cache.
_AT_ONCE = 1 << 15


class Hasher(Struct, frozen=True, dict=True):
    """Hashes of one project: without its key nobody can tell what they are of.

    Parameters
    ----------
    key
        The key of the pseudonyms.
    """

    key: bytes

    @cached_property
    def messages(self) -> bytes:
        """The key by which messages are hashed while they are read."""
        return self._derived("messages")

    @cached_property
    def check(self) -> str:
        """Tells this key from others, and nothing else of it."""
        return self._derived("check").hex()[:16]

    def texts(self, texts: Iterable[str]) -> Hashes:
        """Return the hash of each text, as it is written.

        Examples
        --------
        >>> one, same, other = Hasher(bytes(32)).texts(["aya", "aya", "Aya"]).tolist()
        >>> one == same, one == other
        (True, False)
        """
        key = self._derived("texts")
        return np.fromiter(
            (
                int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8, key=key).digest())
                for text in texts
            ),
            dtype=np.uint64,
        )

    def records(self, message: Hashes, sender: Hashes, recipient: Hashes) -> Hashes:
        """Return the hash (SipHash-2-4) of records by the hashes of message, sender and recipient.

        The order in which they are given tells sender from recipient.
        """
        found = np.empty(len(message), dtype=np.uint64)
        for start in range(0, len(message), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            words = (message[some], sender[some], recipient[some])
            found[some] = siphash(self._derived("records")[:16], words)
        return found

    def _derived(self, purpose: str) -> bytes:
        said = f"orgnet-store {purpose}".encode()
        return hmac.digest(self.key, said, "sha256")


def siphash(key: bytes, words: Iterable[Hashes]) -> Hashes:
    """Return SipHash-2-4 of several words of 64 bits each, for many at once.

    Parameters
    ----------
    key
        16 bytes.
    words
        The first word of each, the second, and so on.
    """
    words = tuple(words)
    one, two = (np.uint64(int.from_bytes(part, "little")) for part in (key[:8], key[8:]))
    state = [
        np.full(len(words[0]), half ^ np.uint64(word))
        for half, word in (
            (one, 0x736F6D6570736575),
            (two, 0x646F72616E646F6D),
            (one, 0x6C7967656E657261),
            (two, 0x7465646279746573),
        )
    ]
    length = np.uint64(8 * len(words) << 56)
    for word in (*words, np.full(len(words[0]), length)):
        state[3] ^= word
        _rounds(state, 2)
        state[0] ^= word
    state[2] ^= np.uint64(0xFF)
    _rounds(state, 4)
    return state[0] ^ state[1] ^ state[2] ^ state[3]


def _rounds(state: list[Hashes], count: int) -> None:
    v0, v1, v2, v3 = state
    for _ in range(count):
        v0 += v1
        v2 += v3
        v1, v3 = _turned(v1, 13) ^ v0, _turned(v3, 16) ^ v2
        v0 = _turned(v0, 32)
        v2 += v1
        v0 += v3
        v1, v3 = _turned(v1, 17) ^ v2, _turned(v3, 21) ^ v0
        v2 = _turned(v2, 32)
    state[:] = v0, v1, v2, v3


def _turned(word: Hashes, bits: int) -> Hashes:
    return (word << np.uint64(bits)) | (word >> np.uint64(64 - bits))
