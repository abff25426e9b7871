"""Identities get the numbers of their first sight, however many there are."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgnet.coding import numbering
from orgnet.coding.numbering import Numbering

TEXTS = st.lists(st.lists(st.sampled_from("abcdefghijklmnop") | st.text(max_size=2), max_size=9))


@given(batches=TEXTS, many=st.sampled_from([0, 3, 1_000]))
def test_numbers_are_those_of_first_sight(batches: list[list[str]], many: int) -> None:
    numbers = Numbering()
    known: dict[str, int] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbering, "_MANY", many)
        for batch in batches:
            expected = [known.setdefault(text, len(known)) for text in batch]
            assert numbers.of(pa.array(batch, pa.string())).to_pylist() == expected
    assert numbers.texts() == list(known)


def test_columns_of_other_types_are_taken() -> None:
    numbers = Numbering()
    numbers.of(pa.array(["b", "a"], pa.large_string()))

    assert numbers.of(pa.array(["a", "c"]).dictionary_encode()).to_pylist() == [1, 2]
