"""Identities as hashes: enough to ask a later roster whom they stand for, and to say of nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from msgspec import Struct

from orgnet.identity import Actors, Directory, GoesBy, Standing
from orgnet.restricted.store.hashes import Hasher, Hashes

Ints = npt.NDArray[np.int64]

#: In `Identities.standing`: the roster had nobody of that.
NOBODY = -1


class Ragged(Struct, frozen=True):
    """Several hashes for each of some things: those of thing i begin at ``starts[i]``."""

    hashes: Hashes
    starts: Ints

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]], hasher: Hasher) -> Ragged:
        """Hash the texts of each."""
        lengths = np.fromiter((len(some) for some in texts), dtype=np.int64, count=len(texts))
        hashes = hasher.texts(text for some in texts for text in some)
        return cls(hashes, np.concatenate([[0], np.cumsum(lengths)]))

    @property
    def owner(self) -> Ints:
        """Whose each hash is."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def taken(self, chosen: npt.NDArray[np.bool_]) -> Ragged:
        """Return those of some things only."""
        lengths = np.diff(self.starts)
        return Ragged(
            self.hashes[np.repeat(chosen, lengths)],
            np.concatenate([[0], np.cumsum(lengths[chosen])]),
        )

    def array(self) -> pa.Array:
        """Return them as a column of lists."""
        return pa.LargeListArray.from_arrays(pa.array(self.starts), pa.array(self.hashes))

    @classmethod
    def from_column(cls, column: pa.ChunkedArray) -> Ragged:
        """Return what `array` made a column of."""
        lists = column.combine_chunks()
        lists = lists.chunk(0) if isinstance(lists, pa.ChunkedArray) else lists
        return cls(lists.flatten().to_numpy(), lists.offsets.to_numpy() - lists.offsets[0].as_py())


class Identities(Struct, frozen=True):
    """The identities of some exports.

    Attributes
    ----------
    identity
        The hash of each.
    candidates
        Hashes of what it may be looked up by in a roster, in order.
    domains
        Hashes of the domains of its addresses.
    shared
        Whether it is not a person's.
    person
        Number of the person among those of the exports; -1 where it is nobody of them.
    standing
        The `Standing` of whom it stood for, or `NOBODY`.
    """

    identity: Hashes
    candidates: Ragged
    domains: Ragged
    shared: npt.NDArray[np.bool_]
    person: npt.NDArray[np.int32]
    standing: npt.NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.identity)

    def taken(self, chosen: npt.NDArray[np.bool_]) -> Identities:
        """Return some of them."""
        return Identities(
            identity=self.identity[chosen],
            candidates=self.candidates.taken(chosen),
            domains=self.domains.taken(chosen),
            shared=self.shared[chosen],
            person=self.person[chosen],
            standing=self.standing[chosen],
        )

    def table(self) -> pa.Table:
        """Return them as a table."""
        return pa.table(
            {
                "identity": self.identity,
                "candidates": self.candidates.array(),
                "domains": self.domains.array(),
                "shared": self.shared,
                "person": self.person,
                "standing": self.standing,
            }
        )

    @classmethod
    def from_table(cls, table: pa.Table) -> Identities:
        """Return what `table` made a table of."""
        return cls(
            identity=table["identity"].to_numpy(),
            candidates=Ragged.from_column(table["candidates"]),
            domains=Ragged.from_column(table["domains"]),
            shared=table["shared"].to_numpy(),
            person=table["person"].to_numpy(),
            standing=table["standing"].to_numpy(),
        )


def identities_of(
    known: Sequence[GoesBy], actors: Actors, person: npt.NDArray[np.int32], hasher: Hasher
) -> Identities:
    """Return the identities of exports that were just read.

    Parameters
    ----------
    known
        What each identity goes by; the first of its candidates is itself.
    actors
        Whom they stand for.
    person
        For each row of the roster its number among the people of the exports, or -1.
    hasher
        Of the project.
    """
    rows = np.where(actors.actor < len(actors.people), actors.actor, -1)
    inside = rows >= 0
    number = np.full(len(rows), -1, dtype=np.int32)
    number[inside] = person[rows[inside]]
    standing = np.full(len(rows), NOBODY, dtype=np.int8)
    standing[inside] = actors.standing[rows[inside]]
    candidates = Ragged.of([one.candidates for one in known], hasher)
    return Identities(
        identity=candidates.hashes[candidates.starts[:-1]],
        candidates=candidates,
        domains=Ragged.of([one.domains for one in known], hasher),
        shared=np.fromiter((one.shared for one in known), dtype=bool, count=len(known)),
        person=number,
        standing=standing,
    )


class Lookup:
    """A roster that is asked for hashes."""

    def __init__(self, directory: Directory, hasher: Hasher) -> None:
        keys = hasher.texts(directory.keys)
        order = np.argsort(keys)
        self._keys = keys[order]
        self._rows = np.fromiter(directory.keys.values(), dtype=np.int32)[order]
        self._domains = np.sort(hasher.texts(directory.domains))
        self._standing = directory.standing

    def rows(self, identities: Identities) -> npt.NDArray[np.int32]:
        """Return the row of the roster that each identity stands for, or -1."""
        found = np.full(len(identities), -1, dtype=np.int32)
        asked = identities.candidates
        hit, at = _among(asked.hashes, self._keys)
        owner, first = np.unique(asked.owner[hit], return_index=True)
        found[owner] = self._rows[at[hit][first]]
        return found

    def counted(
        self, several: Iterable[tuple[Identities, npt.NDArray[np.int32]]]
    ) -> tuple[int, int, int]:
        """Return how many identities are external, unmatched and not people, each counted once.

        With identities goes the row of the roster that each stands for, or -1.
        """
        external = unmatched = not_people = 0
        seen = np.empty(0, dtype=np.uint64)
        for some, rows in several:
            new = ~np.isin(some.identity, seen)
            seen = np.concatenate([seen, some.identity[new]])
            some, rows = some.taken(new), rows[new]
            matched = rows >= 0
            not_people += int((self._standing[rows[matched]] == Standing.NOT_A_PERSON).sum())
            not_people += int((some.shared & ~matched).sum())
            others = ~matched & ~some.shared
            inside = np.zeros(len(some), dtype=bool)
            inside[some.domains.owner[_among(some.domains.hashes, self._domains)[0]]] = True
            outside = others & ~inside & (np.diff(some.domains.starts) > 0)
            external += int(outside.sum())
            unmatched += int((others & ~outside).sum())
        return external, unmatched, not_people


def _among(asked: Hashes, known: Hashes) -> tuple[npt.NDArray[np.bool_], Ints]:
    """Return which are among some sorted hashes, and where."""
    if not len(known):
        return np.zeros(len(asked), dtype=bool), np.zeros(len(asked), dtype=np.int64)
    at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    return known[at] == asked, at
