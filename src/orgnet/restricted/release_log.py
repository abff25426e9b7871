"""The log of releases during a run: who is left out, whether the release may be, what is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from orgnet.disclosure.change import period_of
from orgnet.network import Groups, Network
from orgnet.pseudonyms import pseudonyms
from orgnet.report_model import Period, ReportModel
from orgnet.restricted.releases import (
    Difference,
    Population,
    differences,
    joined_since,
    population,
    read_releases,
    refuse_differences,
    without_different,
    write_releases,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseLog:
    """The releases into one results folder, and what a new one does about them.

    Attributes
    ----------
    folder
        The results folder.
    way
        One of `orgnet.restricted.releases.WAYS`.
    minimum
        Two releases may differ by nobody or by so many people.
    key, excused
        Return the key of the pseudonyms, and the ids of those who asked to be left out.
    """

    folder: Path
    way: str
    minimum: int
    key: Callable[[], bytes]
    excused: Callable[[], Iterable[str]]

    def on_common_people(self, network: Network, by: str) -> Network:
        """Return the network without the few who joined since an earlier window, if so asked."""
        if self.way != "common" or not (earlier := read_releases(self.folder)):
            return network
        groups = network.groups(by)
        # Which groups are shown is known only later; a few in a group not shown do no harm here.
        new = self._population(network, groups, groups.names, "", period_of(network))
        late = joined_since(self._differences(new, earlier), new)
        if not late:
            return network
        hidden = pseudonyms(network.index.astype(str), self.key())
        return network.subset(np.array([who not in late for who in hidden], dtype=bool))

    def add(self, network: Network, groups: Groups, model: ReportModel) -> None:
        """Note a release that is about to be written, or refuse it.

        Raises
        ------
        InputError
            If it differs from an earlier one by a few people and nothing was said of that.
        """
        earlier = read_releases(self.folder)
        shown = [department.name for department in model.departments]
        new = self._population(network, groups, shown, model.run_date, model.period)
        found = self._differences(new, earlier)
        refuse_differences(found, new, way=self.way)
        kept = without_different(earlier, found) if self.way == "withdrawn" else earlier
        write_releases(self.folder, [*kept, new])

    def _population(
        self,
        network: Network,
        groups: Groups,
        shown: Sequence[str],
        run_date: str,
        period: Period,
    ) -> Population:
        return population(network, groups, shown, run_date=run_date, period=period, key=self.key())

    def _differences(self, new: Population, earlier: Sequence[Population]) -> list[Difference]:
        excused = pseudonyms(self.excused(), self.key()) if earlier else []
        return differences(new, earlier, minimum=self.minimum, excused=excused)
