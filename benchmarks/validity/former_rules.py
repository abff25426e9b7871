"""Rules that failed their acceptance, kept to be shown beside those that replaced them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from orgnet.measures import pair_dependency
from orgnet.measures.mixing import mixing
from orgnet.network import Network
from orgnet.statistics.multiple_testing import benjamini_hochberg
from orgnet.statistics.resampling import dyad_bootstrap_sums


def former_silo_test(network: Network, *, by: str, draws: int = 500, seed: int = 0) -> pd.DataFrame:
    """The first silo test: z, p and q by department.

    Log-odds of strength outside against inside less ln((n − n_g)/(n_g − 1)), against the mean of
    the other departments weighted by inverse variance; sd by dyad bootstrap alone.
    """
    mixed = mixing(network, by)
    sizes, k = mixed.groups.sizes, len(mixed.groups.names)
    a, b, known = network.between(mixed.groups)
    a, b = a[known], b[known]
    sums = dyad_bootstrap_sums(
        np.minimum(a, b) * k + np.maximum(a, b),
        network.pairs.strength[known],
        k * k,
        draws=draws,
        rng=np.random.default_rng(seed),
    ).reshape(draws, k, k)
    internal = 2 * np.diagonal(sums, axis1=1, axis2=2)
    external = np.maximum(sums.sum(axis=1) + sums.sum(axis=2) - internal, 0.0)
    headcount = np.log((mixed.people - sizes) / (sizes - 1))
    observed = np.log((mixed.external + 1) / (mixed.internal + 1)) - headcount
    drawn = np.log((external + 1) / (internal + 1)) - headcount
    weights = np.tile(1 / drawn.var(axis=0, ddof=1), (k, 1))
    np.fill_diagonal(weights, 0.0)
    weights /= weights.sum(axis=1, keepdims=True)
    sd = (drawn - drawn @ weights.T).std(axis=0, ddof=1)
    z = (observed - weights @ observed) / sd
    p = norm.cdf(z)
    return pd.DataFrame({"z": z, "p": p, "q": benjamini_hochberg(p)}, index=mixed.groups.index)


def former_dependency_p(network: Network, *, by: str) -> pd.Series[float]:
    """The p of a dependency with π_v ∝ b_v + b̄ + ½, in the order of `pair_dependency`."""
    return pair_dependency(network, by=by, activity="mean")["p"]
