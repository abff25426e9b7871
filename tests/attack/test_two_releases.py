"""Nobody can be worked out of the difference between two releases into one folder."""

import csv
from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from orgnet.analysis import Analysis, Settings, analyse
from orgnet.audit import audit
from orgnet.disclosure import DisclosurePolicy
from orgnet.errors import InputError, UsageError
from orgnet.network import Network
from orgnet.restricted.releases import (
    EVERYBODY,
    FILE,
    Population,
    differences,
    read_releases,
    refuse_differences,
)
from orgnet.rules import TieRules

DEPARTMENTS = ("Legal", "Sales", "Support")
PEOPLE, WEEKS, MINIMUM = 24, 8, 5
MONDAY = date(2026, 1, 5)


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    write(tmp_path)
    return tmp_path


def write(
    folder: Path,
    *,
    people: int = PEOPLE,
    opted_out: Collection[int] = (),
    moved: Collection[int] = (),
) -> None:
    """A firm in which everybody writes to the next five every week."""
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["person", "department", "location", "opt_out"])
        for number in range(people):
            department = DEPARTMENTS[(number + (number in moved)) % 3]
            # The sites are the departments but for one person.
            site = DEPARTMENTS[(number + (number == 0)) % 3] + " site"
            out = "yes" if number in opted_out else ""
            writer.writerow([f"E{number:03}", department, site, out])
    with (folder / "ties.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["time", "sender", "recipient", "channel", "kind"])
        for week in range(WEEKS):
            day = (MONDAY + timedelta(weeks=week)).isoformat()
            for number in range(people):
                for step in range(1, 6):
                    other = f"E{(number + step) % people:03}"
                    writer.writerow([f"{day}T09:00:00Z", f"E{number:03}", other, "email", "to"])


def run(
    folder: Path, *, by: str = "department", weeks: tuple[int, int] = (0, 4), way: str = "refuse"
) -> Analysis:
    first, last = (MONDAY + timedelta(weeks=week) for week in weeks)
    return analyse(
        [folder / "ties.csv"],
        people=folder / "people.csv",
        out=folder / "out",
        settings=Settings(
            by=by,
            run_date=date(2026, 3, 2),
            key_file=folder / "key",
            rules=TieRules(first_day=first, last_day=last - timedelta(days=1)),
            policy=DisclosurePolicy(minimum_group=MINIMUM),
            earlier=way,
        ),
    )


def report(folder: Path) -> bytes:
    return (folder / "out" / "diagnosis.json").read_bytes()


def test_the_same_people_may_be_released_again_with_the_same_bytes(firm: Path) -> None:
    run(firm)
    before = report(firm)
    run(firm)

    assert report(firm) == before
    assert len(read_releases(firm / "out")) == 1


def test_the_log_holds_pseudonyms_of_everybody_and_of_each_group_shown(firm: Path) -> None:
    run(firm)
    (logged,) = read_releases(firm / "out")

    assert {name: len(people) for name, people in logged.groups.items()} == {
        EVERYBODY: PEOPLE, "Legal": 8, "Sales": 8, "Support": 8,
    }  # fmt: skip
    text = (firm / "out" / "restricted" / FILE).read_text(encoding="utf-8")
    assert "E00" not in text


@pytest.mark.parametrize("joined", [1, MINIMUM - 1])
def test_a_roster_with_a_few_people_more_is_refused_and_changes_nothing(
    firm: Path, joined: int
) -> None:
    run(firm)
    before = report(firm)
    write(firm, people=PEOPLE + joined)

    with pytest.raises(InputError, match="all people together are all people in the release of"):
        run(firm)
    assert report(firm) == before


def test_a_refusal_says_which_groups_and_the_ways_on_and_neither_who_nor_how_few(
    firm: Path,
) -> None:
    run(firm)
    write(firm, moved=[4, 7])
    with pytest.raises(InputError) as refused:
        run(firm)
    said = str(refused.value)
    assert "the people of 'Sales' are those of 'Sales' in the release of 2026-03-02" in said
    assert f"but for fewer than {MINIMUM}" in said
    assert "--earlier withdrawn" in said
    assert "2 people" not in said
    assert "E00" not in said


def test_one_who_moved_between_departments_is_noticed(firm: Path) -> None:
    run(firm)
    write(firm, moved=[4])
    with pytest.raises(InputError, match=r"the people of '(Sales|Support)' are those of"):
        run(firm)


def test_the_same_groups_under_another_column_are_noticed(firm: Path) -> None:
    run(firm)
    with pytest.raises(
        InputError, match=r"of '(Legal|Sales) site' are those of '(Legal|Sales)' in"
    ):
        run(firm, by="location")


def test_the_minimum_of_people_more_in_a_department_of_their_own_may_be_released(
    firm: Path,
) -> None:
    run(firm)
    write(firm, people=PEOPLE + 3 * MINIMUM)
    assert run(firm).model.coverage.people_seen == PEOPLE + 3 * MINIMUM


def test_another_window_of_the_same_people_may_be_released(firm: Path) -> None:
    run(firm, weeks=(0, 4))
    assert run(firm, weeks=(4, 8)).model.coverage.people_seen == PEOPLE
    assert len(read_releases(firm / "out")) == 2


def test_another_window_is_published_on_the_common_people_if_so_asked(firm: Path) -> None:
    run(firm, weeks=(0, 4))
    write(firm, people=PEOPLE + 2)
    with pytest.raises(InputError, match="--earlier common"):
        run(firm, weeks=(4, 8))

    model = run(firm, weeks=(4, 8), way="common").model
    assert model.coverage.people_seen == PEOPLE


def test_the_same_window_is_not_published_on_the_common_people(firm: Path) -> None:
    run(firm)
    write(firm, people=PEOPLE - 2)
    with pytest.raises(InputError, match="but for fewer than 5"):
        run(firm, way="common")


def test_a_withdrawn_release_is_compared_no_longer(firm: Path) -> None:
    run(firm)
    write(firm, people=PEOPLE + 1)
    run(firm, way="withdrawn")

    assert len(read_releases(firm / "out")) == 1
    assert run(firm).model.coverage.people_seen == PEOPLE + 1


def test_whoever_opts_out_is_left_out_whatever_was_released(firm: Path) -> None:
    run(firm)
    write(firm, opted_out=[3])
    assert run(firm).model.coverage.people_seen == PEOPLE - 1


def test_an_unknown_way_is_refused() -> None:
    with pytest.raises(UsageError, match="expected one of refuse, common, withdrawn"):
        Settings(earlier="ignore")


def test_a_damaged_log_is_no_empty_one(firm: Path) -> None:
    run(firm)
    (firm / "out" / "restricted" / FILE).write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="the log of releases is damaged"):
        run(firm)


def test_the_audit_compares_two_folders(firm: Path) -> None:
    run(firm)
    (firm / "out").rename(firm / "before")
    write(firm, people=PEOPLE + 1)
    run(firm, way="withdrawn")
    (firm / "out").rename(firm / "after")
    leaks = audit(firm / "after", beside=[firm / "before"]).found

    told = {leak.what for leak in leaks}
    assert told == {"difference of two releases"}
    assert "after beside before" in {leak.where for leak in leaks}
    assert audit(firm / "after", beside=[firm / "after"]).found == ()


def made(seed: int, people: int = 60) -> Population:
    """Groups of a chance firm, now and then another's with a few people exchanged."""
    rng = np.random.default_rng(seed)
    ids = np.array([f"p{number}" for number in range(people)])
    code = rng.integers(0, 4, people)
    groups = {f"G{c}": frozenset(ids[code == c].tolist()) for c in range(4)}
    return Population(run_date="2026-03-02", by="department", first=None, last=None, groups=groups)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("few", range(MINIMUM + 2))
def test_what_passes_differs_by_nobody_or_by_the_minimum(seed: int, few: int) -> None:
    earlier = made(seed)
    ids = sorted(earlier.groups["G0"])[:few]
    later = Population(
        run_date="2026-04-01", by="department", first=None, last=None,
        groups={**earlier.groups, "G0": earlier.groups["G0"] - set(ids)},
    )  # fmt: skip
    found = differences(later, [earlier], minimum=MINIMUM)

    sizes = [
        len(people ^ other) for people in later.groups.values() for other in earlier.groups.values()
    ]
    assert bool(found) == any(0 < size < MINIMUM for size in sizes) == (0 < few < MINIMUM)


def test_the_difference_of_two_releases_is_the_contact_of_one_person() -> None:
    """What is refused for: both releases give the ties of the one who is in the first alone."""
    rng = np.random.default_rng(1)
    ids = [f"p{number:02}" for number in range(30)]
    people = pd.DataFrame({"person": ids, "department": [f"D{n % 3}" for n in range(30)]})
    first, second = np.triu_indices(30, 1)
    tied = rng.random(len(first)) < 0.3
    ties = pd.DataFrame(
        {"sender": np.array(ids)[first[tied]], "recipient": np.array(ids)[second[tied]]}
    )
    whole = Network.from_ties(ties, people, directed=False)
    keep = np.array([who != "p07" for who in whole.index])
    without = whole.subset(keep)
    contacts = int(((ties["sender"] == "p07") | (ties["recipient"] == "p07")).sum())

    assert len(whole.pairs) - len(without.pairs) == contacts
    both = [
        Population(
            run_date="2026-03-02", by="department", first=None, last=None,
            groups={EVERYBODY: frozenset(network.index)},
        )
        for network in (whole, without)
    ]  # fmt: skip
    found = differences(both[1], both[:1], minimum=MINIMUM)
    with pytest.raises(InputError):
        refuse_differences(found, both[1], way="refuse", minimum=MINIMUM)
