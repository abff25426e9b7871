"""Numbers for identities, in the order in which they are first seen."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

#: Arrow looks for many texts at once, but makes a table of all known ones each time: beyond so
#: many a dictionary that stays is quicker.
_MANY = 300_000


class Numbering:
    """Numbers texts from 0.

    Examples
    --------
    >>> numbers = Numbering()
    >>> numbers.of(pa.array(["ann", "ben", "ann"])).to_pylist()
    [0, 1, 0]
    >>> numbers.of(pa.array(["cem", "ben"])).to_pylist(), numbers.texts()
    ([2, 1], ['ann', 'ben', 'cem'])
    """

    def __init__(self) -> None:
        self._known = pa.array([], pa.string())
        self._numbers: dict[str, int] = {}

    def of(self, column: pa.Array) -> pa.Array:
        """Return the number of each text, numbering those that are new."""
        encoded = column.dictionary_encode()
        texts = encoded.dictionary.cast(pa.string())
        if len(self._known) <= _MANY:
            return self._looked_up(texts).take(encoded.indices)
        if not self._numbers:
            self._numbers = {text: number for number, text in enumerate(self._known.to_pylist())}
        numbers = self._numbers
        codes = [numbers.setdefault(text, len(numbers)) for text in texts.to_pylist()]
        return pa.array(codes, pa.int32()).take(encoded.indices)

    def texts(self) -> list[str]:
        """Return all texts in the order of their numbers."""
        return list(self._numbers) or self._known.to_pylist()

    def _looked_up(self, texts: pa.Array) -> pa.Array:
        found = pc.index_in(texts, value_set=self._known)
        is_new = found.is_null()
        new = texts.filter(is_new)
        if not len(new):
            return found
        first = len(self._known)
        self._known = pa.concat_arrays([self._known, new])
        numbers = np.arange(first, first + len(new), dtype=np.int32)
        return pc.replace_with_mask(found, is_new, pa.array(numbers))
