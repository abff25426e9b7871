"""The logs of releases during a run: who is left out, whether the release may be, what is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path

import numpy as np
from msgspec import Struct

from orgnet.disclosure.change import period_of
from orgnet.disclosure.policy import DisclosurePolicy
from orgnet.network import Groups, Network
from orgnet.pseudonyms import pseudonyms
from orgnet.report_model import Period, ReportModel
from orgnet.restricted.nesting import Contact
from orgnet.restricted.project_releases import ProjectReleases
from orgnet.restricted.releases import (
    FILE,
    Difference,
    Population,
    differences,
    given_away_by,
    joined_since,
    population,
    read_releases,
    refuse_differences,
    refuse_given_away,
    without_withdrawn,
    write_releases,
)
from orgnet.results import RESTRICTED


class _Log(Struct, frozen=True):
    """One of the logs: its name, its releases, the key of its people, and how it is written."""

    name: str
    releases: list[Population]
    key: bytes
    write: Callable[[list[Population]], None]
    elsewhere: bool


class ReleaseLog(Struct, frozen=True, kw_only=True):
    """The releases into one results folder and of one project, and what a new one does about them.

    Attributes
    ----------
    folder
        The results folder.
    way
        One of `orgnet.restricted.releases.WAYS`.
    minimum
        Two releases may differ by nobody or by so many people.
    protection
        Width of the interval, as a share of a withheld number, that two releases must leave.
    key, excused
        Return the key of the pseudonyms, and the ids of those who asked to be left out.
    project
        The log of the project, for releases into other folders and under earlier keys.
    """

    folder: Path
    way: str
    minimum: int
    key: Callable[[], bytes]
    excused: Callable[[], Iterable[str]]
    project: ProjectReleases | None = None
    protection: float = DisclosurePolicy().protection

    def on_common_people(self, network: Network, by: str) -> Network:
        """Return the network without the few who joined since an earlier window, if so asked."""
        if self.way != "common":
            return network
        # Without those who are left out others may be a few.
        while (fewer := self._without_late(network, by)) is not None:
            network = fewer
        return network

    def add(self, network: Network, groups: Groups, model: ReportModel) -> None:
        """Note a release that is about to be written, or refuse it.

        Raises
        ------
        InputError
            If it differs from an earlier one by a few people and nothing was said of that.
        """
        shown = [department.name for department in model.departments]
        withheld = [
            (pair.group_a, pair.group_b)
            for pair in model.pairs
            if pair.ties is None and pair.contact != "none"
        ]
        with nullcontext() if self.project is None else self.project.held():
            noted = []
            for log in self._logs():
                new = self._population(
                    log,
                    network,
                    groups,
                    shown,
                    run_date=model.run_date,
                    period=model.period,
                    withheld=withheld,
                )
                found = self._differences(log, new)
                refuse_differences(
                    found,
                    new,
                    way=self.way,
                    minimum=self.minimum,
                    log=log.name,
                    elsewhere=log.elsewhere,
                )
                told = self._given_away(log, new, network)
                refuse_given_away(told, way=self.way, log=log.name)
                gone = []
                if self.way == "withdrawn":
                    gone = [*(one.earlier for one in found), *(release for release, _ in told)]
                noted.append((log, [*without_withdrawn(log.releases, gone), new]))
            for log, releases in noted:
                log.write(releases)

    def _without_late(self, network: Network, by: str) -> Network | None:
        """Return the network without the few who joined; None where nobody did."""
        groups = network.groups(by)
        late = np.zeros(len(network.index), dtype=bool)
        for log in self._logs():
            if not log.releases:
                continue
            # Which groups are shown is known only later; a few in a group not shown do no harm.
            new = self._population(
                log, network, groups, groups.names, run_date="", period=period_of(network)
            )
            joined = joined_since(self._differences(log, new), new)
            late |= [who in joined for who in pseudonyms(network.index.astype(str), log.key)]
        return network.subset(~late) if late.any() else None

    def _logs(self) -> Iterator[_Log]:
        """Yield the log of the folder, then that of the project."""
        folder, project = self.folder, self.project
        yield _Log(
            name=f"{RESTRICTED}/{FILE}",
            releases=read_releases(folder),
            key=self.key(),
            write=lambda releases: write_releases(folder, releases),
            elsewhere=False,
        )
        if project is not None:
            yield _Log(
                name=project.path.name,
                releases=project.read(),
                key=project.key(),
                write=project.write,
                elsewhere=True,
            )

    def _given_away(
        self, log: _Log, new: Population, network: Network
    ) -> list[tuple[Population, tuple[str, str]]]:
        alike = [release for release in log.releases if release.same_window(new)]
        if not alike:
            return []
        people = pseudonyms(network.index.astype(str), log.key)
        contact = Contact(people, network.pairs.first, network.pairs.second)
        return given_away_by(new, alike, contact, protection=self.protection)

    def _population(
        self,
        log: _Log,
        network: Network,
        groups: Groups,
        shown: Sequence[str],
        *,
        run_date: str,
        period: Period,
        withheld: Sequence[tuple[str, str]] = (),
    ) -> Population:
        return population(
            network,
            groups,
            shown,
            run_date=run_date,
            period=period,
            key=log.key,
            withheld=withheld,
        )

    def _differences(self, log: _Log, new: Population) -> list[Difference]:
        excused = pseudonyms(self.excused(), log.key) if log.releases else []
        return differences(
            new,
            log.releases,
            minimum=self.minimum,
            excused=excused,
            common=self.way == "common",
        )
