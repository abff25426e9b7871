"""The log of a project: releases into other folders, and under keys of before, are compared too."""

import os
import stat
from collections.abc import Collection
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from filelock import FileLock

from orgnet.diagnosis import diagnose
from orgnet.disclosure import DisclosurePolicy, release
from orgnet.errors import InputError, UsageError
from orgnet.network import Network
from orgnet.pseudonyms import lasting_key, project_key, pseudonyms, rotate_key
from orgnet.restricted import project_releases
from orgnet.restricted.project_releases import ProjectReleases
from orgnet.restricted.release_log import ReleaseLog
from orgnet.restricted.releases import (
    EVERYBODY,
    FILE,
    Population,
    forget_in_releases,
    purge_releases,
    read_releases,
    write_releases,
)

MINIMUM = 5


@pytest.fixture
def project(tmp_path: Path) -> ProjectReleases:
    return ProjectReleases("client", tmp_path / "keys" / "key")


def firm(people: Collection[str]) -> Network:
    """Everybody is tied to the next four; the first half is Sales."""
    ids = list(people)
    table = pd.DataFrame({"person": ids})
    table["department"] = np.where(np.arange(len(ids)) < len(ids) // 2, "Sales", "Legal")
    ties = [(ids[i], ids[(i + step) % len(ids)]) for i in range(len(ids)) for step in range(1, 5)]
    return Network.from_ties(pd.DataFrame(ties, columns=["sender", "recipient"]), table)


def ids(count: int, prefix: str = "E") -> list[str]:
    return [f"{prefix}{number:03}" for number in range(count)]


def publish(
    project: ProjectReleases,
    folder: Path,
    people: Collection[str],
    *,
    way: str = "refuse",
    day: date = date(2026, 3, 2),
) -> None:
    network = firm(people)
    diagnosis = diagnose(network, draws=20, robustness_draws=0)
    model = release(diagnosis, DisclosurePolicy(minimum_group=MINIMUM), run_date=day)
    log = ReleaseLog(
        folder=folder,
        way=way,
        minimum=MINIMUM,
        key=lambda: project_key(project.project, file=project.key_file),
        excused=lambda: [],
        project=project,
    )
    log.add(network, diagnosis.groups, model)


def test_a_release_of_the_project_into_another_folder_is_compared(
    project: ProjectReleases, tmp_path: Path
) -> None:
    publish(project, tmp_path / "one", ids(20))
    with pytest.raises(InputError) as refused:
        publish(project, tmp_path / "two", ids(22))
    said = str(refused.value)
    assert "are all people in a release of this project of 2026-03-02" in said
    assert "--earlier withdrawn" in said
    assert "--project" in said
    assert str(tmp_path) not in said
    assert not read_releases(tmp_path / "two")


def test_a_release_of_the_same_people_into_another_folder_is_fine(
    project: ProjectReleases, tmp_path: Path
) -> None:
    publish(project, tmp_path / "one", ids(20))
    publish(project, tmp_path / "two", ids(20))
    assert len(project.read()) == 1


def test_a_release_after_the_key_was_replaced_is_compared(
    project: ProjectReleases, tmp_path: Path
) -> None:
    publish(project, tmp_path / "one", ids(20))
    rotate_key(project.project, file=project.key_file)
    with pytest.raises(InputError, match="a release of this project"):
        publish(project, tmp_path / "one", ids(21))
    publish(project, tmp_path / "one", ids(20))


def test_another_organisation_under_the_same_project_is_no_difference(
    project: ProjectReleases, tmp_path: Path
) -> None:
    publish(project, tmp_path / "one", ids(20))
    publish(project, tmp_path / "two", ids(21, "F"))
    assert len(project.read()) == 2


def test_projects_with_one_key_file_are_kept_apart(
    project: ProjectReleases, tmp_path: Path
) -> None:
    publish(project, tmp_path / "one", ids(20))
    other = ProjectReleases("another client", project.key_file)
    publish(other, tmp_path / "two", ids(21))
    assert (len(project.read()), len(other.read())) == (1, 1)


def test_the_log_of_a_project_stands_beside_its_key_in_the_users_folder() -> None:
    here = ProjectReleases("client-a").path
    assert (here.parent.name, here.name) == ("keys", "client-a.key.releases")
    assert here != ProjectReleases("Client A").path


def test_a_withdrawn_release_is_taken_out_of_both_logs(
    project: ProjectReleases, tmp_path: Path
) -> None:
    publish(project, tmp_path / "one", ids(20))
    publish(project, tmp_path / "two", ids(22), way="withdrawn")
    assert [len(one.groups[EVERYBODY]) for one in project.read()] == [22]
    publish(project, tmp_path / "two", ids(22))


def test_the_log_names_nobody_and_others_may_not_open_it(
    project: ProjectReleases, tmp_path: Path
) -> None:
    publish(project, tmp_path / "one", ids(20))
    assert "E00" not in project.path.read_text(encoding="utf-8")
    # Nor does it hold the pseudonyms of the results folder.
    (here,), (there,) = project.read(), read_releases(tmp_path / "one")
    assert here.groups[EVERYBODY].isdisjoint(there.groups[EVERYBODY])
    if os.name != "nt":
        assert stat.S_IMODE(project.path.stat().st_mode) == 0o600


def test_a_forgotten_person_is_in_neither_log(project: ProjectReleases, tmp_path: Path) -> None:
    publish(project, tmp_path / "one", ids(20))
    project.forget(["E003"])
    forget_in_releases(
        tmp_path / "one", pseudonyms(["E003"], project_key(file=project.key_file, make=False))
    )
    for logged in (project.read(), read_releases(tmp_path / "one")):
        assert [len(one.groups[EVERYBODY]) for one in logged] == [19]
    (gone,) = pseudonyms(["E003"], lasting_key(file=project.key_file, make=False))
    assert gone not in project.path.read_text(encoding="utf-8")
    publish(project, tmp_path / "one", [who for who in ids(20) if who != "E003"])


def test_forgetting_and_purging_without_a_log_make_none(project: ProjectReleases) -> None:
    project.forget(["E003"])
    project.purge(date(2026, 3, 2))
    assert project.read() == []
    assert not project.path.exists()


def test_releases_of_before_a_day_are_purged_from_both_logs(
    project: ProjectReleases, tmp_path: Path
) -> None:
    publish(project, tmp_path / "one", ids(20), day=date(2024, 3, 1))
    publish(project, tmp_path / "one", ids(30), day=date(2026, 3, 2))
    project.purge(date(2026, 3, 2))
    assert [one.run_date for one in project.read()] == ["2026-03-02"]
    assert purge_releases(tmp_path / "one", date(2026, 3, 2)) == 1
    assert purge_releases(tmp_path / "one", date(2026, 3, 2)) == 0
    assert [one.run_date for one in read_releases(tmp_path / "one")] == ["2026-03-02"]


@pytest.mark.parametrize("content", ["", "{", "orgnet-releases/1\n", "orgnet-releases/1 0\n{\n"])
def test_a_damaged_log_of_a_project_is_no_empty_one(
    project: ProjectReleases, tmp_path: Path, content: str
) -> None:
    publish(project, tmp_path / "one", ids(20))
    project.path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="log of releases is damaged"):
        publish(project, tmp_path / "two", ids(20))
    assert not (tmp_path / "two").exists()


def test_a_log_of_another_key_is_refused(project: ProjectReleases, tmp_path: Path) -> None:
    publish(project, tmp_path / "one", ids(20))
    (project.path.parent / "key.forgotten").unlink()
    with pytest.raises(InputError, match="there is no such key"):
        project.read()
    lasting_key(file=project.key_file)
    with pytest.raises(InputError, match="was written with another key"):
        publish(project, tmp_path / "two", ids(20))


def test_two_runs_at_once_wait_for_each_other(
    project: ProjectReleases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project_releases, "_WAIT_SECONDS", 0.01)
    publish(project, tmp_path / "one", ids(20))
    with (
        FileLock(f"{project.path}.lock"),
        pytest.raises(UsageError, match="another run of this project"),
    ):
        publish(project, tmp_path / "one", ids(20))
    publish(project, tmp_path / "one", ids(20))


def test_a_log_of_a_folder_from_before_the_projects_log_is_read_and_compared(
    project: ProjectReleases, tmp_path: Path
) -> None:
    key = project_key(project.project, file=project.key_file)
    before = Population(
        run_date="2026-01-05", by="department", first=None, last=None,
        groups={EVERYBODY: frozenset(pseudonyms(ids(19), key))},
    )  # fmt: skip
    write_releases(tmp_path / "one", [before])
    assert not project.path.exists()
    with pytest.raises(InputError, match=f"{FILE}: all people together are all people"):
        publish(project, tmp_path / "one", ids(20))
