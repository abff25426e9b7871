"""Who stands behind the contact of two groups, against counting person by person."""

import numpy as np
import pandas as pd
import pytest

from orgnet import Network
from orgnet.contributions import contributions

BEGIN = pd.Timestamp("2026-01-05")


def network(seed: int) -> Network:
    """Ties among some of the people of a roster, not all of whom were seen or have a group."""
    rng = np.random.default_rng(seed)
    ids = [f"p{n:03}" for n in range(60)]
    groups = [None if rng.random() < 0.1 else "ABCD"[rng.integers(0, 4)] for _ in ids]
    people = pd.DataFrame({"person": ids, "department": groups})
    seen = np.sort(rng.choice(60, 40, replace=False))
    ties = pd.DataFrame(
        {
            "week": BEGIN + pd.to_timedelta(7 * rng.integers(0, 10, 500), "D"),
            "sender": [ids[at] for at in rng.choice(seen, 500)],
            "recipient": [ids[at] for at in rng.choice(seen, 500)],
        }
    )
    return Network.from_ties(ties[ties["sender"] != ties["recipient"]], people)


def counted(of: Network, *, regular: bool) -> dict[tuple[str, str], dict[str, list[float]]]:
    """Ties and strength of each person in each pair of groups."""
    groups = of.groups("department")
    found: dict[tuple[str, str], dict[str, list[float]]] = {}
    p = of.pairs
    for a, b, strength, is_regular in zip(p.first, p.second, p.strength, p.regular, strict=True):
        codes = groups.codes[a], groups.codes[b]
        if min(codes) < 0 or codes[0] == codes[1] or (regular and not is_regular):
            continue
        for who, (own, other) in ((a, codes), (b, codes[::-1])):
            names = groups.names[own], groups.names[other]
            parts = found.setdefault(names, {}).setdefault(who, [0.0, 0.0])
            parts[0] += 1
            parts[1] += strength
    return found


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("regular", [False, True])
def test_the_parts_are_those_of_counting_one_by_one(seed: int, regular: bool) -> None:
    of = network(seed)
    names = of.groups("department").names
    found = contributions(of, of.groups("department"), regular=regular)
    expected = counted(of, regular=regular)
    pairs = [(names[row.own], names[row.other]) for row in found.itertuples()]
    assert pairs == sorted(expected)
    for pair, row in zip(pairs, found.itertuples(), strict=True):
        parts = np.array(list(expected[pair].values()))
        ordered = -np.sort(-parts, axis=0)
        assert row.people == len(parts)
        assert row.largest == pytest.approx((ordered[0] / parts.sum(axis=0)).max())
        assert row.rest == pytest.approx((ordered[2:].sum(axis=0) / ordered[0]).min(), abs=1e-12)
