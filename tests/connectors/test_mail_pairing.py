"""Lines of mail logs brought together, against a naive reading of the same rules."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from orgnet_connectors import mail_pairing
from orgnet_connectors.mail_pairing import Lines, pair, pair_hashes

#: mail, recipient, gives a record, is addressed, is a group, is a copy, how many are named
Line = tuple[int, int, bool, bool, bool, bool, int]
LINES = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.integers(0, 4),
        *[st.booleans()] * 4,
        st.integers(0, 3),
    ),
    max_size=40,
)


def lines_of(told: list[Line], *, plain: bool) -> Lines:
    message, recipient, gives, addressed, group, copy, named = (
        (np.array(column) for column in zip(*told, strict=True)) if told else [np.empty(0)] * 7
    )
    hashes = message.astype(np.uint64) + np.uint64(1 << 60)
    return Lines(
        message=hashes,
        pair=pair_hashes(hashes, recipient.astype(np.uint64)),
        gives_record=gives.astype(bool),
        is_addressed=addressed.astype(bool),
        is_group=group.astype(bool),
        is_copy=None if plain else copy.astype(bool),
        named=None if plain else named.astype(np.int32),
    )


def naive(told: list[Line], *, plain: bool) -> list[tuple[bool, int, bool]]:
    pairs: dict[tuple[int, int], list[int]] = {}
    for at, (mail, recipient, *_) in enumerate(told):
        pairs.setdefault((mail, recipient), []).append(at)
    sizes = dict.fromkeys((line[0] for line in told), 0)
    chosen, copies = set(), set()
    for (mail, _), places in pairs.items():
        lines = [told[at] for at in places]
        sizes[mail] += any(line[3] for line in lines) and not any(line[4] for line in lines)
        chosen |= {at for at in places if told[at][2]} and {min(at for at in places if told[at][2])}
        if not plain and all(line[5] for line in lines):
            copies.update(places)
    for line in told:
        sizes[line[0]] = max(sizes[line[0]], 1, 0 if plain else line[6])
    return [(at in chosen, sizes[line[0]], at in copies) for at, line in enumerate(told)]


@settings(deadline=None)
@given(LINES, st.booleans())
def test_lines_are_paired_as_a_naive_reading_pairs_them(told: list[Line], plain: bool) -> None:
    records = pair(lines_of(told, plain=plain))
    is_copy = np.zeros(len(told), bool) if records.is_copy is None else records.is_copy
    found = zip(records.chosen.tolist(), records.recipients.tolist(), is_copy.tolist(), strict=True)
    assert list(found) == naive(told, plain=plain)


def test_a_long_mail_may_repeat_its_recipients_far_apart() -> None:
    once = [(0, who, True, True, False, False, 0) for who in range(3 * mail_pairing._SHORT)]
    records = pair(lines_of([*once, *once], plain=True))
    assert records.chosen.tolist() == [True] * len(once) + [False] * len(once)
    assert set(records.recipients.tolist()) == {len(once)}
