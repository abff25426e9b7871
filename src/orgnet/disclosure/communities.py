"""Detected circles against departments, with cells of few people withheld."""

from __future__ import annotations

import string

import numpy as np
import numpy.typing as npt

from orgnet.diagnosis import CommunityFit, Diagnosis
from orgnet.disclosure.policy import DisclosurePolicy
from orgnet.disclosure.rounding import in_steps, rounded
from orgnet.report_model import Communities, CommunityRow

#: Circles that get a column; the smaller ones are left out.
MOST_CIRCLES = 26


def released_communities(
    diagnosis: Diagnosis, policy: DisclosurePolicy, shown: tuple[str, ...]
) -> Communities | None:
    """Return the crosstab of departments and circles in steps of 5 %, few-people cells empty."""
    fit = diagnosis.communities
    if fit is None or len(shown) < 2:
        return None
    labels = fit.labels.to_numpy()
    position = {name: place for place, name in enumerate(diagnosis.groups.names)}
    member = np.stack([diagnosis.groups.codes == position[name] for name in shown])
    circles, people = np.unique(labels[diagnosis.network.observed], return_counts=True)
    large = people >= policy.minimum_group
    order = np.lexsort((circles[large], -people[large]))[:MOST_CIRCLES]
    circles, people = circles[large][order], people[large][order]
    counts = np.array([[(labels[own] == circle).sum() for circle in circles] for own in member])
    counts = counts.reshape(len(shown), len(circles))
    hidden = _hidden(counts, policy.minimum_group)
    sizes = member.sum(axis=1)
    return Communities(
        circles=tuple(string.ascii_uppercase[: len(circles)]),
        circle_people=tuple(5 * round(int(count) / 5) for count in people),
        rows=tuple(
            CommunityRow(
                department=name,
                shares=tuple(
                    None if gone else round(20 * int(count) / int(size)) / 20
                    for count, gone in zip(row, gone_row, strict=True)
                ),
            )
            for name, row, gone_row, size in zip(shown, counts, hidden, sizes, strict=True)
        ),
        **_agreement(fit, 0.05 if hidden.any() else 0.01),
    )


def _agreement(fit: CommunityFit, step: float) -> dict[str, float | None]:
    """Return how well circles and departments agree.

    In a small organisation a hundredth would tell which number in a withheld cell is the true one.
    """
    return {
        name: in_steps(fit.agreement[name], step)
        for name in ("ami", "ari", "homogeneity", "completeness")
    } | {
        "modularity_departments": rounded(fit.modularity_formal, 2),
        "modularity_circles": rounded(fit.modularity_detected, 2),
        "louvain_ami": in_steps(fit.louvain_ami, step),
    }


def _hidden(counts: npt.NDArray[np.int64], minimum: int) -> npt.NDArray[np.bool_]:
    """Cells below the minimum; and where one stands alone in its line, the next larger as well."""
    hidden = counts < minimum
    for _ in range(2):
        for lines, values in ((hidden, counts), (hidden.T, counts.T)):
            for line, value in zip(lines, values, strict=True):
                if line.sum() == 1 and not line.all():
                    line[np.flatnonzero(~line)[np.argmin(value[~line])]] = True
    return hidden
