"""Which lines of a mail log become records, where a mail and recipient may stand in several.

A line is one recipient in one row. All of it is numbers, in arrays as long as there are lines:
hashes stand in the place of texts, so that millions are small.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from msgspec import Struct

Flags = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]

#: Lines of a mail among which repeated ones are found without sorting.
_SHORT = 8
#: An odd number without pattern, to mix two hashes.
_MIXER = np.uint64(0x9E3779B97F4A7C15)


class Lines(Struct, frozen=True, kw_only=True):
    """All lines of a log, in the order of their rows.

    Parameters
    ----------
    message, pair
        Hashes of the mail's key, and of the mail and the recipient as `pair_hashes` makes them.
    gives_record
        Whether the row says that this recipient got the mail, and has all that a record needs.
    is_addressed
        Whether the mail was meant for this address.
    is_group
        Whether the address is a group's.
    is_copy
        Whether the recipient got a copy; None where no line says so.
    named
        How many recipients the row says that the mail has, or 0; None where no line says so.
    """

    message: Hashes
    pair: Hashes
    gives_record: Flags
    is_addressed: Flags
    is_group: Flags
    is_copy: Flags | None
    named: npt.NDArray[np.int32] | None


class Records(Struct, frozen=True, kw_only=True):
    """What becomes of each line.

    Parameters
    ----------
    chosen
        Whether it is a record: of each mail and recipient one line is.
    recipients
        How many people its mail was sent to.
    is_copy
        Whether the record is of a copy: nothing says that the mail was meant for this recipient
        in the first place. None where none is.
    """

    chosen: Flags
    recipients: npt.NDArray[np.int32]
    is_copy: Flags | None


def pair_hashes(message: Hashes, recipient: Hashes) -> Hashes:
    """Return one hash for each two."""
    hashes = message * _MIXER
    hashes += recipient
    return hashes


def pair(lines: Lines) -> Records:
    """Bring together what is told of each mail and recipient.

    Of several lines the first that gives a record is taken. An address that any line calls a group
    is no recipient, and a mail has at least one.

    Examples
    --------
    The last line, of another row, repeats the first.

    >>> yes, no = np.array([True, True, True]), np.array([False, False, False])
    >>> message = np.array([7, 7, 7], np.uint64)
    >>> lines = Lines(
    ...     message=message,
    ...     pair=pair_hashes(message, np.array([1, 2, 1], np.uint64)),
    ...     gives_record=yes,
    ...     is_addressed=yes,
    ...     is_group=no,
    ...     is_copy=None,
    ...     named=None,
    ... )
    >>> records = pair(lines)
    >>> records.chosen.tolist(), records.recipients.tolist()
    ([True, True, False], [2, 2, 2])
    """
    chosen = lines.gives_record.copy()
    counts = lines.is_addressed & ~lines.is_group
    is_copy = lines.is_copy
    hashes, runs = lines.pair, _runs_of(lines.message)
    repeated = _repeated(hashes, runs)
    if repeated.size:
        _, first, pairs = np.unique(hashes[repeated], return_index=True, return_inverse=True)
        # From here on the first line of a pair speaks for it.
        counts[repeated] = False
        counts[repeated[first]] = _any(lines.is_addressed[repeated], pairs) & ~_any(
            lines.is_group[repeated], pairs
        )
        giving = repeated[lines.gives_record[repeated]]
        _, first_giving = np.unique(hashes[giving], return_index=True)
        chosen[repeated] = False
        chosen[giving[first_giving]] = True
        if is_copy is not None:
            is_copy = is_copy.copy()
            is_copy[repeated] = ~_any(~is_copy[repeated], pairs)[pairs]
    return Records(chosen=chosen, recipients=_sizes(lines, counts, runs), is_copy=is_copy)


class _Runs(Struct, frozen=True, kw_only=True):
    """Lines of one mail that follow each other; nearly always all that it has.

    Parameters
    ----------
    starts, lengths
        Where each run begins, and how many lines it has.
    mail
        For each run a number of its mail, from 0; None where no mail has two runs.
    """

    starts: Numbers
    lengths: Numbers
    mail: Numbers | None


def _runs_of(message: Hashes) -> _Runs:
    begins = np.ones(len(message), bool)
    begins[1:] = message[1:] != message[:-1]
    starts = np.flatnonzero(begins)
    runs = message[starts]
    mail = None
    ordered = np.sort(runs)
    if (ordered[1:] == ordered[:-1]).any():
        mail = np.unique(runs, return_inverse=True)[1]
    return _Runs(starts=starts, lengths=np.diff(starts, append=len(message)), mail=mail)


def _repeated(hashes: Hashes, runs: _Runs) -> Numbers:
    """Return the places, rising, of values that are there more than once."""
    suspect = runs.lengths > _SHORT
    if runs.mail is not None:
        suspect |= np.bincount(runs.mail)[runs.mail] > 1
    for lag in range(1, _SHORT):
        again = np.flatnonzero(hashes[lag:] == hashes[:-lag])
        suspect[np.searchsorted(runs.starts, again, side="right") - 1] = True
    if not suspect.any():
        return np.empty(0, np.int64)
    some = np.flatnonzero(np.repeat(suspect, runs.lengths))
    _, inverse, count = np.unique(hashes[some], return_inverse=True, return_counts=True)
    return some[count[inverse] > 1]


def _any(flags: Flags, groups: Numbers) -> Flags:
    """Return for each group whether any of its flags is set."""
    return np.bincount(groups, weights=flags) > 0


def _sizes(lines: Lines, counts: Flags, runs: _Runs) -> npt.NDArray[np.int32]:
    """Return for each line how many lines of its mail count, or more where one of them says so."""
    if not counts.size:
        return np.empty(0, np.int32)
    sizes = np.add.reduceat(counts, runs.starts, dtype=np.int32)
    if runs.mail is not None:
        sizes = np.bincount(runs.mail, weights=sizes).astype(np.int32)[runs.mail]
    np.maximum(sizes, 1, out=sizes)
    if lines.named is not None:
        named = np.maximum.reduceat(lines.named, runs.starts)
        if runs.mail is not None:
            most = np.zeros(len(named), np.int32)
            np.maximum.at(most, runs.mail, named)
            named = most[runs.mail]
        np.maximum(sizes, named, out=sizes)
    return np.repeat(sizes, runs.lengths)
