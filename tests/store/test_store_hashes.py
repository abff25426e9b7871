"""Hashes of the store: of the known construction, and of nothing without the key."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from orgnet.identity import goes_by
from orgnet.restricted.store.hashes import Hasher, siphash
from orgnet.restricted.store.identities import Ragged
from orgnet.restricted.store.months import by_month
from orgnet.rules import monday
from orgnet.schema import Profile


@pytest.mark.parametrize(("count", "hashed"), [(1, 0x93F5F5799A932462), (2, 0x3F2ACC7F57C29BDB)])
def test_the_hash_of_records_is_siphash_with_its_published_values(count: int, hashed: int) -> None:
    words = np.frombuffer(bytes(range(8 * count)), dtype="<u8")

    found = siphash(bytes(range(16)), [np.array([word], dtype=np.uint64) for word in words])

    assert found.tolist() == [hashed]


def test_records_differ_by_direction_message_and_key() -> None:
    one, two, three = (np.array([word], dtype=np.uint64) for word in (1, 2, 3))
    hasher, other = Hasher(bytes(32)), Hasher(bytes([1]) * 32)
    found = [
        hasher.records(one, two, three),
        hasher.records(one, three, two),
        hasher.records(two, two, three),
        other.records(one, two, three),
    ]

    assert len({int(some[0]) for some in found}) == 4


def test_many_records_are_hashed_as_each_alone() -> None:
    words = np.random.default_rng(3).integers(0, 2**63, (3, 70_000), dtype=np.uint64)
    hasher = Hasher(bytes(32))

    together = hasher.records(*words)

    assert together[[0, 32_767, 32_768, 69_999]].tolist() == [
        int(hasher.records(*words[:, [at]])[0]) for at in (0, 32_767, 32_768, 69_999)
    ]


@pytest.mark.parametrize("chosen", [[True, False, True], [False] * 3, [True] * 3])
def test_lists_of_hashes_come_back_from_a_table(chosen: list[bool]) -> None:
    texts = [("a", "b"), (), ("c",)]
    lists = Ragged.of(texts, Hasher(bytes(32)))
    some = lists.taken(np.array(chosen))
    back = Ragged.from_column(pa.table({"lists": some.array()})["lists"])

    assert back.hashes.tolist() == some.hashes.tolist()
    assert np.diff(back.starts).tolist() == [
        len(one) for one, here in zip(texts, chosen, strict=True) if here
    ]


def test_weeks_are_of_the_month_of_their_monday() -> None:
    weeks = pa.chunked_array([pa.array([None, *range(2900, 2960)], pa.int32())])
    for month, chosen in by_month(weeks):
        numbers = weeks.filter(pa.array(chosen)).to_pylist()
        assert {"undated" if n is None else monday(n).strftime("%Y-%m") for n in numbers} == {month}


def test_an_identity_goes_by_its_addresses_and_aliases() -> None:
    profile = Profile(identity="slack:U1", emails=("aya+x@x.example",), aliases=("Aya",))

    known = goes_by("slack:U1", profile)

    assert known.candidates[0] == "slack:U1"
    assert {"aya+x@x.example", "aya@x.example", "aya"} <= set(known.candidates)
    assert (known.domains, known.shared) == (("x.example",), False)
