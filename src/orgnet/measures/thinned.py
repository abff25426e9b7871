"""What the rules of findings look at when some of the people are missing: sums, no copies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orgnet.measures.bottlenecks import CrossContact, chance_of_holding
from orgnet.measures.mixing import Mixing
from orgnet.measures.out_of_place import elsewhere
from orgnet.measures.silo_tests import StrengthSamples, silo_table
from orgnet.measures.weak_links import contact_table
from orgnet.network import Groups, Network
from orgnet.pairs import BoolArray, FloatArray, IntArray
from orgnet.statistics.multiple_testing import benjamini_hochberg


class Thinned:
    """A network's contact sorted by groups once, to be added up again for parts of the people.

    What `silo_test`, `group_matrix`, `pair_dependency` and `bus_factor` say of
    `orgnet.network.Network.subset`, at a fraction of the cost.

    Parameters
    ----------
    network
        The whole network.
    by
        The column of people that holds the group.
    """

    def __init__(self, network: Network, by: str) -> None:
        self._groups = network.groups(by)
        k = len(self._groups.names)
        a, b, known = network.between(self._groups)
        p = network.pairs
        self._first, self._second = p.first[known], p.second[known]
        self._strength, self._regular = p.strength[known], p.regular[known]
        a, b = a[known], b[known]
        self._cell = a * k + b
        self._across = a != b
        self._samples = StrengthSamples(a, b, self._strength, k)
        # One entry a person and group that they are in contact with, whoever is missing.
        count = len(a)
        keys, entry = np.unique(
            np.concatenate([self._first * k + b, self._second * k + a]), return_inverse=True
        )
        self._entry_first = entry[:count].astype(np.int32)
        self._entry_second = entry[count:].astype(np.int32)
        self._person, self._other = keys // max(k, 1), keys % max(k, 1)

    def without(self, missing: BoolArray) -> ThinnedPart:
        """Leave out some people.

        Parameters
        ----------
        missing
            For each person whether to leave them out.
        """
        return ThinnedPart(self, missing)


class ThinnedPart:
    """What is left of a network without some people.

    Attributes
    ----------
    groups
        As in the whole network; a group of which nobody is left has size 0.
    """

    def __init__(self, whole: Thinned, missing: BoolArray) -> None:
        self._whole = whole
        self._there = ~(missing[whole._first] | missing[whole._second])
        codes = np.where(missing, -1, whole._groups.codes)
        self.groups = _regrouped(whole._groups, codes)

    def silo_test(self, *, draws: int, seed: int) -> pd.DataFrame:
        """Return what `orgnet.measures.silo_test` does."""
        drawn = self._whole._samples.draw(self._there, draws=draws, seed=seed)
        return silo_table(self._mixing(), drawn)

    def contact(self) -> pd.DataFrame:
        """Return what `orgnet.measures.group_matrix` does."""
        return contact_table(self._mixing())

    def dependencies(self, *, up_to: float) -> Dependencies:
        """Return on whom the contact of groups hangs, leaving out people out of place.

        Parameters
        ----------
        up_to
            The largest `q` that matters; of larger ones it is only certain that they are larger.
        """
        whole, k = self._whole, len(self.groups.names)
        entries = len(whole._person)
        there = np.flatnonzero(self._there)
        contacts = np.bincount(whole._entry_first[there], minlength=entries)
        contacts += np.bincount(whole._entry_second[there], minlength=entries)
        out = elsewhere(whole._person, whole._other, contacts, self.groups.codes)
        across = self._there & whole._across & ~(out[whole._first] | out[whole._second])
        pairs = np.flatnonzero(across)
        ends = np.concatenate([whole._entry_first[pairs], whole._entry_second[pairs]])
        strength = np.bincount(ends, np.tile(whole._strength[pairs], 2), entries)
        ties = np.bincount(ends, minlength=entries)
        held = np.flatnonzero(ties)
        person, other = whole._person[held], whole._other[held]
        codes = np.where(out, -1, self.groups.codes)
        contact = CrossContact(
            groups=_regrouped(self.groups, codes),
            person=person,
            cell=codes[person] * k + other,
            strength=strength[held].astype(float),
            ties=ties[held].astype(float),
            reason=None,
        )
        regular = pairs[whole._regular[pairs]]
        return _dependencies(
            contact,
            up_to=up_to,
            regular_cell=whole._cell[regular],
            regular_ties_of_entry=np.bincount(
                np.concatenate([whole._entry_first[regular], whole._entry_second[regular]]),
                minlength=entries,
            )[held],
        )

    def _mixing(self) -> Mixing:
        whole = self._whole
        return Mixing.of(self.groups, whole._cell[self._there], whole._strength[self._there])


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Dependencies:
    """On whom the contact of every two groups hangs, all k × k.

    Attributes
    ----------
    dependency, q
        Of `orgnet.measures.pair_dependency`, group × other group; NaN without a tie. `q` is exact
        up to the limit that was asked for.
    sole
        Whether one person holds all the regular ties of the two (a bus factor of 1); symmetric.
    regular_ties
        How many there are; symmetric.
    """

    dependency: FloatArray
    q: FloatArray
    sole: BoolArray
    regular_ties: IntArray


def _regrouped(groups: Groups, codes: IntArray) -> Groups:
    """Return the same groups with other people in them."""
    sizes = np.bincount(codes[codes >= 0], minlength=len(groups.names)).astype(np.int64)
    return Groups(
        by=groups.by, names=groups.names, codes=codes, sizes=sizes, unknown=groups.unknown
    )


def _dependencies(
    contact: CrossContact,
    *,
    up_to: float,
    regular_cell: IntArray,
    regular_ties_of_entry: IntArray,
) -> Dependencies:
    k = len(contact.groups.names)
    largest, most = np.zeros(k * k), np.zeros(k * k)
    np.maximum.at(largest, contact.cell, contact.shares)
    np.maximum.at(most, contact.cell, contact.ties)
    ties = np.bincount(contact.cell, contact.ties, k * k).astype(np.int64)
    cells = np.flatnonzero(ties)
    p = chance_of_holding(
        contact, cells // k, cells % k, ties[cells], most[cells], "moments", up_to=up_to
    )
    dependency, q = np.full(k * k, np.nan), np.full(k * k, np.nan)
    dependency[cells] = largest[cells]
    q[cells] = benjamini_hochberg(p)
    regular = np.bincount(regular_cell, minlength=k * k).reshape(k, k)
    regular = regular + regular.T
    holds_all = (regular_ties_of_entry > 0) & (
        regular_ties_of_entry == regular.ravel()[contact.cell]
    )
    sole = np.zeros(k * k, dtype=bool)
    sole[contact.cell[holds_all]] = True
    either = sole.reshape(k, k)
    return Dependencies(
        dependency=dependency.reshape(k, k),
        q=q.reshape(k, k),
        sole=either | either.T,
        regular_ties=regular.astype(np.int64),
    )
