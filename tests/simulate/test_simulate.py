"""The planted organisation: what is planted is in the ties, and the ties are in the files."""

from __future__ import annotations

import csv
import json
import mailbox
import re
import zipfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parseaddr, parsedate_to_datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import binom

from orgnet.errors import UsageError
from orgnet.schema import PEOPLE, TIES
from orgnet.simulate import (
    FINDING_KINDS,
    Noise,
    Organisation,
    PlantedTies,
    Rates,
    Truth,
    compare_with_truth,
    draw_contact,
    plant_organisation,
    plant_ties,
    weekly_ties,
    write_exports,
)
from orgnet.simulate.staff import department_sizes
from orgnet.simulate.ties import draw_pairs

SEEDS = range(12)
Week = tuple[date, str, str]


@dataclass(frozen=True)
class Finding:
    kind: str
    subject: tuple[str, ...]


@dataclass(frozen=True)
class Contacts:
    """Ties of a planted organisation as a matrix, with the department of each person."""

    ids: list[str]
    department: NDArray[np.object_]
    tied: NDArray[np.bool_]
    active_weeks: NDArray[np.int64]

    def between(self, g: str, h: str) -> NDArray[np.bool_]:
        return self.tied[np.ix_(self.department == g, self.department == h)]

    def department_ties(self) -> tuple[list[str], NDArray[np.float64]]:
        names = sorted(set(self.department))
        member = np.array([self.department == name for name in names], dtype=float)
        ties = member @ self.tied @ member.T
        np.fill_diagonal(ties, 0)
        return names, ties

    def external_share(self, g: str) -> float:
        mine = self.active_weeks[self.department == g]
        return float(mine[:, self.department != g].sum() / mine.sum())


def contacts(planted: PlantedTies) -> Contacts:
    people = planted.people[planted.people["kind"] == "person"]
    ids = people["person"].tolist()
    row = {person: number for number, person in enumerate(ids)}
    pairs = planted.ties[["week", "sender", "recipient"]].drop_duplicates()
    a, b = pairs["sender"].map(row).to_numpy(), pairs["recipient"].map(row).to_numpy()
    weeks = pd.DataFrame(
        {"week": pairs["week"], "low": np.minimum(a, b), "high": np.maximum(a, b)}
    ).drop_duplicates()
    active = np.zeros((len(ids), len(ids)), dtype=np.int64)
    np.add.at(active, (weeks["low"], weeks["high"]), 1)
    active += active.T
    return Contacts(ids, people["department"].to_numpy(dtype=object), active > 0, active)


def quasi_independent(ties: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fit E_gh = a_g a_h off the diagonal to the row sums (Goodman 1968)."""
    rows = ties.sum(axis=1)
    a = rows / np.sqrt(ties.sum())
    for _ in range(500):
        a = np.sqrt(a * rows / (a.sum() - a))
    return np.outer(a, a)


# --- who is there ------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_organisation_and_ties() -> None:
    first, second = plant_ties(seed=3, people=120), plant_ties(seed=3, people=120)

    pd.testing.assert_frame_equal(first.ties, second.ties)
    pd.testing.assert_frame_equal(first.people, second.people)
    assert first.truth == second.truth


def test_another_seed_gives_another_organisation() -> None:
    first, second = plant_ties(seed=3, people=120), plant_ties(seed=4, people=120)

    assert first.truth != second.truth
    assert not first.ties.equals(second.ties)


def test_people_have_the_columns_of_the_people_table() -> None:
    firm = plant_organisation(people=60, departments=6)

    assert list(firm.people.columns) == PEOPLE.names
    assert set(firm.people["kind"]) == {"person", "shared", "bot"}
    assert (firm.people["kind"] == "person").sum() == firm.headcount == 60


@pytest.mark.parametrize(
    ("people", "departments"), [(4, 1), (10, 2), (96, 24), (400, 10), (1001, 17)]
)
def test_department_sizes_add_up_and_fall(people: int, departments: int) -> None:
    sizes = department_sizes(people, departments)

    assert sizes.sum() == people
    assert sizes.min() >= 1
    assert (np.diff(sizes) <= 1).all()


def test_usual_departments_have_between_20_and_70_people() -> None:
    sizes = plant_organisation().people["department"].value_counts()

    assert sizes.min() >= 20
    assert sizes.max() <= 70


def test_everybody_reports_to_the_one_head_of_the_firm() -> None:
    people = plant_organisation(people=150).people.query("kind == 'person'")
    manager = dict(zip(people["person"], people["manager"], strict=True))

    top = set(people["person"])
    for _ in range(3):
        top = {manager[person] or person for person in top}

    assert len(top) == 1
    assert people["manager"].isna().sum() == 1


def test_addresses_are_unique_ascii_and_of_reserved_domains() -> None:
    addresses = [a for emails in plant_organisation().people["emails"] for a in emails]

    assert len(set(addresses)) == len(addresses)
    assert all(a.isascii() and a == a.lower() and a.endswith(".example") for a in addresses)


def test_names_are_of_several_scripts() -> None:
    names = "".join(plant_organisation().people["name"])

    assert re.search("[א-ת]", names)
    assert re.search("[ء-ي]", names)
    assert re.search("[一-龯]", names)
    assert re.search("[à-ÿ]", names)


# --- what is planted ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_truth_holds_as_many_faults_as_asked_for_and_none_twice(seed: int) -> None:
    truth = plant_organisation(seed=seed, silos=1, bottlenecks=4, weak_links=2).truth
    pairs = [*truth.subjects("bottleneck"), *truth.subjects("weak_link")]

    assert [len(truth.subjects(kind)) for kind in FINDING_KINDS] == [1, 4, 2]
    assert len(set(pairs)) == 6
    assert not truth.silos & {department for pair in pairs for department in pair}


def test_connectors_work_in_the_first_department_of_their_bottleneck() -> None:
    planted = plant_ties(seed=5)
    department = planted.people.set_index("person")["department"]

    assert planted.truth.bottlenecks
    assert all(department[person] == g for g, _, person in planted.truth.bottlenecks)


def test_an_organisation_without_faults_has_an_empty_truth() -> None:
    truth = plant_organisation(people=80, silos=0, bottlenecks=0, weak_links=0).truth

    assert not any(truth.subjects(kind) for kind in FINDING_KINDS)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bottleneck_holds_all_contact_of_its_two_departments(seed: int) -> None:
    planted = plant_ties(seed=seed)
    found = contacts(planted)

    for g, h, person in planted.truth.bottlenecks:
        ties = found.between(g, h)
        held = found.tied[found.ids.index(person), found.department == h]
        assert ties.sum() == held.sum() >= 7


@pytest.mark.parametrize("seed", SEEDS)
def test_nearly_all_ties_of_a_bottleneck_are_regular(seed: int) -> None:
    planted = plant_ties(seed=seed)
    found = contacts(planted)
    weeks = [
        found.active_weeks[found.ids.index(person), found.department == h]
        for _, h, person in planted.truth.bottlenecks
    ]
    active = np.concatenate(weeks)

    assert (active[active > 0] >= 3).mean() >= 0.9


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bottleneck_is_no_chance_concentration(seed: int) -> None:
    planted = plant_ties(seed=seed)
    found = contacts(planted)

    for g, h, _ in planted.truth.bottlenecks:
        members = found.tied[found.department == g]
        into_h = members[:, found.department == h].sum(axis=1)
        elsewhere = members[:, ~np.isin(found.department, [g, h])].sum(axis=1)
        share = elsewhere + elsewhere.mean() + 0.5
        p = binom.sf(into_h.max() - 1, into_h.sum(), share / share.sum()).sum()
        assert p <= 0.01


def test_weak_links_have_far_fewer_ties_than_quasi_independence_expects() -> None:
    ratios = []
    expectations = []
    for seed in SEEDS:
        planted = plant_ties(seed=seed)
        names, ties = contacts(planted).department_ties()
        expected = quasi_independent(ties)
        for pair in planted.truth.weak_links:
            cell = tuple(names.index(name) for name in pair)
            ratios.append(ties[cell] / expected[cell])
            expectations.append(expected[cell])

    assert np.mean(ratios) < 0.4
    # The rule for weak links asks for 5 expected ties before it says anything.
    assert min(expectations) >= 5
    assert np.median(expectations) >= 10


@pytest.mark.parametrize("seed", SEEDS)
def test_silos_have_much_less_contact_outside_than_all_other_departments(seed: int) -> None:
    planted = plant_ties(seed=seed)
    found = contacts(planted)
    share = {name: found.external_share(name) for name in set(found.department)}
    others = [value for name, value in share.items() if name not in planted.truth.silos]

    assert len(planted.truth.silos) == 2
    assert all(share[silo] < 2 / 3 * np.median(others) for silo in planted.truth.silos)


def test_contact_between_unfaulted_departments_is_quasi_independent_on_average() -> None:
    total = np.zeros((6, 6))
    expected = np.zeros((6, 6))
    for seed in range(40):
        planted = plant_ties(
            seed=seed, people=240, departments=6, silos=0, bottlenecks=0, weak_links=0
        )
        _, ties = contacts(planted).department_ties()
        total += ties
        expected += quasi_independent(ties)
    off = ~np.eye(6, dtype=bool)

    # 40 firms with about 25 ties a cell: a standard error of some 4 % with shared connectors.
    assert np.abs(total[off] / expected[off] - 1).max() < 0.15


def test_the_average_person_has_the_ties_that_the_rates_say() -> None:
    planted = plant_ties(seed=1, silos=0, bottlenecks=0, weak_links=0)
    found = contacts(planted)
    same = found.department[:, None] == found.department

    # Some ties are too quiet to be seen in twelve weeks, most of all between departments.
    assert (found.tied & same).sum() / 400 == pytest.approx(10, abs=1.5)
    assert (found.tied & ~same).sum() / 400 == pytest.approx(3, abs=0.5)


def test_rates_can_be_changed() -> None:
    firm = {"people": 120, "silos": 0, "bottlenecks": 0, "weak_links": 0}
    quiet = plant_ties(**firm, rates=Rates(cross_degree=0.5))
    lively = plant_ties(**firm, rates=Rates(cross_degree=6))

    _, few = contacts(quiet).department_ties()
    _, many = contacts(lively).department_ties()

    assert many.sum() > 5 * few.sum()


# --- ties --------------------------------------------------------------------------------------


def test_ties_have_the_columns_of_the_ties_table_and_no_row_twice() -> None:
    ties = plant_ties(people=60, departments=6, weeks=5).ties

    assert list(ties.columns) == TIES.names
    assert not ties.duplicated(["week", "sender", "recipient", "channel"]).any()
    assert not (ties["sender"] == ties["recipient"]).any()
    assert set(ties["channel"]) == {"email", "chat"}


def test_weeks_are_mondays_from_the_second_of_march_2026() -> None:
    weeks = sorted(set(plant_ties(people=60, departments=6, weeks=5).ties["week"]))

    assert weeks == [date(2026, 3, 2) + timedelta(weeks=number) for number in range(5)]


def test_leavers_joiners_and_silent_people_have_contact_only_while_present() -> None:
    planted = plant_ties(seed=2)
    noise = planted.truth.noise
    days = planted.people.set_index("person")[["start", "end"]]
    ends = pd.concat(
        [
            planted.ties[["week", side]].set_axis(["week", "person"], axis=1)
            for side in ("sender", "recipient")
        ]
    )
    first, last = ends.groupby("person")["week"].min(), ends.groupby("person")["week"].max()

    assert min(len(noise.leavers), len(noise.joiners), len(noise.silent)) > 0
    assert not noise.silent & set(ends["person"])
    assert all(last[person] <= days.at[person, "end"] for person in noise.leavers)
    assert all(first[person] >= days.at[person, "start"] for person in noise.joiners)


def test_planted_ties_are_the_weekly_ties_of_the_planted_organisation() -> None:
    firm = plant_organisation(seed=9, people=80, departments=8)

    ties = weekly_ties(firm, draw_contact(firm))

    pd.testing.assert_frame_equal(ties, plant_ties(seed=9, people=80, departments=8).ties)


def test_every_thread_ends_in_the_week_in_which_it_began() -> None:
    firm = plant_organisation(seed=9, people=150)
    contact = draw_contact(firm)
    begin = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp())

    week = (contact.interactions["sent_at"] - begin) // (7 * 86_400)

    planned = contact.threads["week"].to_numpy()[contact.interactions["thread"]]
    assert (week.to_numpy() == planned).all()


def test_the_usual_organisation_exchanges_some_forty_thousand_messages() -> None:
    contact = draw_contact(plant_organisation())

    assert 35_000 <= len(contact.interactions) <= 55_000


def test_pairs_are_drawn_with_the_probability_that_their_intensities_give() -> None:
    rng = np.random.default_rng(1)
    intensity = np.array([1.2, 0.5, 0.8, 0.3, 2.0])
    block = np.array([0, 0, 0, 1, 1])
    draws = 4000

    count = Counter(
        tuple(pair) for _ in range(draws) for pair in draw_pairs(rng, intensity, block).tolist()
    )

    expected = {(0, 1): 0.6, (0, 2): 0.96, (1, 2): 0.4, (3, 4): 0.6}
    assert set(count) == set(expected)
    for pair, rate in expected.items():
        assert count[pair] / draws == pytest.approx(1 - np.exp(-rate), abs=0.035)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 5), st.integers(0, 3)), min_size=1, max_size=20),
    st.integers(0, 1000),
)
def test_pairs_are_within_blocks_and_distinct(people: list[tuple[float, int]], seed: int) -> None:
    intensity = np.array([weight for weight, _ in people])
    block = np.array([number for _, number in people])

    pairs = draw_pairs(np.random.default_rng(seed), intensity, block)

    assert (pairs[:, 0] < pairs[:, 1]).all()
    assert (block[pairs[:, 0]] == block[pairs[:, 1]]).all()
    assert (intensity[pairs] > 0).all()
    assert len(np.unique(pairs, axis=0)) == len(pairs)


def test_a_single_department_has_ties_and_none_of_them_cross() -> None:
    planted = plant_ties(people=12, departments=1, silos=0, bottlenecks=0, weak_links=0)

    assert len(planted.ties) > 0
    assert set(planted.people["department"].dropna()) == {"Engineering"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"seed": -1}, "seed is -1; give 0 or more"),
        ({"weeks": 0}, "weeks is 0; give 1 or more"),
        ({"departments": 25}, "departments is 25; give 1 to 24"),
        ({"people": 39}, "39 people are too few for 10 departments; give at least 40"),
        ({"silos": -1}, "silos, bottlenecks and weak_links are -1, 3 and 3; give 0 or more"),
        (
            {"departments": 4, "silos": 1, "weak_links": 1},
            "4 departments cannot hold 1 silos, 3 bottlenecks and 1 weak links",
        ),
    ],
)
def test_numbers_that_do_not_fit_are_refused(options: dict[str, int], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        plant_organisation(**options)


@pytest.mark.parametrize(
    ("rate", "value", "words"),
    [
        ("messages", 0.5, "rate messages is 0.5; give 1 or more"),
        ("cross_degree", -1.0, "rate cross_degree is -1.0; give 0 or more"),
        ("weak_factor", 1.5, "rate weak_factor is 1.5; give 0 or more and at most 1"),
        ("activity_sd", float("nan"), "rate activity_sd is nan; give 0 or more"),
    ],
)
def test_rates_that_make_no_sense_are_refused(rate: str, value: float, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        Rates(**{rate: value})


@pytest.mark.parametrize(
    "options",
    [
        {"people": 4, "departments": 1, "weeks": 1},
        {"people": 10, "departments": 2, "weeks": 3},
        {"people": 12, "departments": 3, "rates": Rates(cross_degree=0, messages=1)},
    ],
)
def test_the_smallest_firms_have_exports_too(options: dict[str, Any], tmp_path: Path) -> None:
    firm = plant_organisation(**options, silos=0, bottlenecks=0, weak_links=0)

    files = write_exports(firm, tmp_path)

    assert all(path.stat().st_size > 0 for path in files.values())
    assert len(read_mails(files["mail"])) > 0


# --- comparison with the truth -----------------------------------------------------------------

TRUTH = Truth(
    silos=frozenset({"Legal"}),
    bottlenecks=frozenset({("Sales", "Finance", "E0003")}),
    weak_links=frozenset({("HR", "Sales")}),
)


def test_findings_are_sorted_into_found_missed_and_extra() -> None:
    comparison = compare_with_truth(
        [Finding("silo", ("Legal",)), Finding("silo", ("HR",)), Finding("silo", ("HR",))], TRUTH
    )

    assert comparison.found["silo"] == {("Legal",)}
    assert comparison.extra["silo"] == {("HR",)}
    assert comparison.missed["weak_link"] == {("HR", "Sales")}
    assert comparison.missed["silo"] == frozenset()


@pytest.mark.parametrize("subject", [("Finance", "Sales"), ("Sales", "Finance")])
def test_the_order_of_two_departments_does_not_matter(subject: tuple[str, str]) -> None:
    comparison = compare_with_truth([Finding("bottleneck", subject)], TRUTH)

    assert comparison.found["bottleneck"] == {("Finance", "Sales")}
    assert not comparison.extra["bottleneck"]


def test_an_unknown_kind_of_finding_is_refused() -> None:
    with pytest.raises(UsageError, match=r"no kind of finding 'weaklink'.*mean 'weak_link'"):
        compare_with_truth([Finding("weaklink", ("HR", "Sales"))], TRUTH)


def test_a_truth_without_noise_has_empty_noise() -> None:
    assert Noise() == TRUTH.noise


# --- files -------------------------------------------------------------------------------------

FIRM = {
    "seed": 11,
    "people": 130,
    "departments": 5,
    "silos": 1,
    "bottlenecks": 1,
    "weak_links": 1,
    "weeks": 4,
}


@dataclass(frozen=True)
class Exports:
    firm: Organisation
    files: dict[str, Path]

    @cached_property
    def person_of(self) -> dict[str, str]:
        people = self.firm.people
        return {
            address: person
            for person, emails in zip(people["person"], people["emails"], strict=True)
            for address in emails
        }

    @cached_property
    def humans(self) -> set[str]:
        return set(self.firm.people.query("kind == 'person'")["person"])

    @cached_property
    def mails(self) -> list[Message]:
        return read_mails(self.files["mail"])

    def slack(self) -> dict[str, list[dict]]:
        with zipfile.ZipFile(self.files["slack"]) as archive:
            return {name: json.loads(archive.read(name)) for name in archive.namelist()}

    def slack_messages(self) -> list[dict]:
        return [message for name, day in self.slack().items() if "/" in name for message in day]


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Exports:
    firm = plant_organisation(**FIRM)
    return Exports(firm, write_exports(firm, tmp_path_factory.mktemp("exports") / "new"))


def read_mails(path: Path) -> list[Message]:
    """Read every mail; what follows a line of text that begins with "From " is none."""
    with closing(mailbox.mbox(path, create=False)) as archive:
        return [mail for mail in archive if mail["Message-ID"]]


def monday_of(moment: datetime) -> date:
    day = moment.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


def addresses(mail: Message, *headers: str) -> list[str]:
    return [address for _, address in getaddresses([mail[h] for h in headers if mail[h]])]


def test_the_same_organisation_gives_the_same_bytes(exports: Exports, tmp_path: Path) -> None:
    again = write_exports(plant_organisation(**FIRM), tmp_path)

    assert list(again) == ["people", "slack", "mail"]
    assert all(again[name].read_bytes() == exports.files[name].read_bytes() for name in again)


def test_the_roster_holds_everybody_under_the_headings_of_an_hr_system(exports: Exports) -> None:
    with exports.files["people"].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    people = exports.firm.people
    assert ",".join(rows[0]) == (
        "Employee ID,Name,Work Email,Other emails,Department,Team,Manager ID,Level,Location,"
        "Start date,End date,Type"
    )
    assert [row["Employee ID"] for row in rows] == people["person"].tolist()
    assert [row["Name"] for row in rows] == people["name"].tolist()
    assert [row["Department"] or None for row in rows] == people["department"].tolist()
    assert [[row["Work Email"], *filter(None, [row["Other emails"]])] for row in rows] == (
        people["emails"].tolist()
    )
    assert Counter(row["Type"] for row in rows) == {"Employee": 130, "Shared mailbox": 2, "Bot": 2}
    assert {row["Employee ID"] for row in rows if row["End date"]} == (
        exports.firm.truth.noise.leavers
    )


def test_all_domains_are_reserved(exports: Exports) -> None:
    with zipfile.ZipFile(exports.files["slack"]) as archive:
        chat = b"".join(archive.read(name) for name in archive.namelist())
    data = chat + exports.files["mail"].read_bytes() + exports.files["people"].read_bytes()

    domains = {found.decode() for found in re.findall(rb"@([\w-]+(?:\.[\w-]+)+)", data)}

    assert "company.example" in domains
    assert all(domain.endswith(".example") for domain in domains)
    assert b"http" not in data


def test_mail_gives_the_planned_mail_ties(exports: Exports) -> None:
    author: dict[str, str] = {}
    read: set[Week] = set()
    for mail in sorted(exports.mails, key=lambda mail: parsedate_to_datetime(mail["Date"])):
        sender = exports.person_of.get(parseaddr(mail["From"])[1], "")
        author[mail["Message-ID"]] = sender
        recipients = addresses(mail, "To", "Cc")
        if mail["Auto-Submitted"] or len(recipients) > 20:
            continue
        to = {exports.person_of.get(address, "") for address in recipients}
        if mail["List-Id"]:
            to = {author[mail["In-Reply-To"]]} if mail["In-Reply-To"] else set()
        week = monday_of(parsedate_to_datetime(mail["Date"]))
        read |= {(week, sender, person) for person in to & exports.humans}
    planned = plant_ties(**FIRM).ties.query("channel == 'email'")

    assert {tie for tie in read if tie[1] in exports.humans} == set(
        planned[["week", "sender", "recipient"]].itertuples(index=False, name=None)
    )


def test_chat_gives_the_planned_chat_ties(exports: Exports) -> None:
    files = exports.slack()
    user = {
        record["id"]: exports.person_of[record["profile"]["email"]]
        for record in files["users.json"]
        if "email" in record["profile"]
    }
    members = {
        record.get("name", record["id"]): set(record["members"])
        for record in [*files["dms.json"], *files["mpims.json"]]
    }
    read: set[Week] = set()
    for name, day in files.items():
        for message in day if "/" in name else []:
            if "subtype" in message or "bot_id" in message:
                continue
            to = set(members.get(name.partition("/")[0], ()))
            to |= set(re.findall(r"<@(\w+)>", message["text"]))
            to |= {message["parent_user_id"]} if "parent_user_id" in message else set()
            week = monday_of(datetime.fromtimestamp(float(message["ts"]), UTC))
            read |= {(week, user[message["user"]], user[u]) for u in to - {message["user"]}}
    planned = plant_ties(**FIRM).ties.query("channel == 'chat'")

    assert read == set(planned[["week", "sender", "recipient"]].itertuples(index=False, name=None))


def test_day_files_hold_only_messages_of_their_day_in_order(exports: Exports) -> None:
    days = {name: day for name, day in exports.slack().items() if "/" in name}

    for name, day in days.items():
        stamps = [message["ts"] for message in day]
        assert stamps == sorted(stamps)
        assert {datetime.fromtimestamp(float(ts), UTC).date().isoformat() for ts in stamps} == {
            name.partition("/")[2].removesuffix(".json")
        }
    stamps = [message["ts"] for day in days.values() for message in day]
    assert len(set(stamps)) == len(stamps)


def test_every_room_of_the_export_is_in_an_index(exports: Exports) -> None:
    files = exports.slack()
    listed = {
        record.get("name", record["id"])
        for index in ("channels", "groups", "mpims", "dms")
        for record in files[f"{index}.json"]
    }

    assert {name.partition("/")[0] for name in files if "/" in name} == listed
    assert all(files[f"{index}.json"] for index in ("channels", "groups", "mpims", "dms"))


def test_roots_of_threads_list_their_answers(exports: Exports) -> None:
    messages = exports.slack_messages()
    by_stamp = {message["ts"]: message for message in messages}
    answers = [m for m in messages if m.get("thread_ts", m["ts"]) != m["ts"]]
    counted = Counter(answer["thread_ts"] for answer in answers)

    assert answers
    for stamp, count in counted.items():
        root = by_stamp[stamp]
        assert root["reply_count"] == len(root["replies"]) == count
    assert all(a["parent_user_id"] == by_stamp[a["thread_ts"]]["user"] for a in answers)


def test_chat_holds_what_addresses_nobody(exports: Exports) -> None:
    messages = exports.slack_messages()
    subtypes = Counter(message.get("subtype") for message in messages)

    assert subtypes["channel_join"] > 0
    assert subtypes["bot_message"] > 0
    assert any("<!channel>" in message["text"] for message in messages)
    assert any("reactions" in message for message in messages)
    assert any("bot_id" in message and "subtype" not in message for message in messages)


def test_chat_users_are_all_but_the_silent_with_either_of_their_addresses(
    exports: Exports,
) -> None:
    users = exports.slack()["users.json"]
    noise = exports.firm.truth.noise
    used = {u["profile"]["email"] for u in users if "email" in u["profile"]}
    main = {emails[0] for emails in exports.firm.people["emails"]}
    deleted = {exports.person_of[u["profile"]["email"]] for u in users if u["deleted"]}

    assert {exports.person_of[address] for address in used} == exports.humans - noise.silent
    assert used - main
    assert deleted == noise.leavers
    assert sum(user["is_bot"] for user in users) == len(noise.bots)


def test_mail_holds_copies_notes_lists_broadcasts_and_customers(exports: Exports) -> None:
    mails = exports.mails
    keys = Counter(mail["Message-ID"] for mail in mails)
    senders = {parseaddr(mail["From"])[1] for mail in mails}
    broadcasters = {
        exports.person_of[parseaddr(mail["From"])[1]]
        for mail in mails
        if len(addresses(mail, "To", "Cc")) > 20
    }

    assert max(keys.values()) > 1
    assert {mail["Auto-Submitted"] for mail in mails} == {None, "auto-generated", "auto-replied"}
    assert any(mail["List-Id"] and mail["In-Reply-To"] for mail in mails)
    assert any(mail["Cc"] for mail in mails)
    assert broadcasters == exports.firm.truth.noise.broadcasters
    assert any(sender.endswith("@client-one.example") for sender in senders)
    assert "support@company.example" in senders


def test_people_with_two_addresses_write_from_both(exports: Exports) -> None:
    senders = {parseaddr(mail["From"])[1] for mail in exports.mails}
    people = exports.firm.people.set_index("person")["emails"]
    both = [set(people[p]) <= senders for p in exports.firm.truth.noise.two_addresses]

    assert len(both) >= 5
    assert np.mean(both) > 0.8


def test_silent_people_are_in_no_export_but_the_roster(exports: Exports) -> None:
    silent = exports.firm.truth.noise.silent
    found = {
        exports.person_of.get(address)
        for mail in exports.mails
        for address in addresses(mail, "From", "To", "Cc")
    }

    assert silent
    assert not silent & found


def test_headers_are_folded_and_names_encoded_as_the_standards_say(exports: Exports) -> None:
    names = dict(zip(exports.firm.people["person"], exports.firm.people["name"], strict=True))
    data = exports.files["mail"].read_bytes()

    shown = {
        exports.person_of.get(address): str(make_header(decode_header(name)))
        for mail in exports.mails
        for name, address in getaddresses([mail["From"]])
    }

    heads = [block.partition(b"\n\n")[0] for block in re.split(rb"\n\nFrom (?!here on )", data)]
    assert all(head.isascii() for head in heads)
    assert max(len(line) for head in heads for line in head.split(b"\n")) < 200
    turned = {p for p, name in shown.items() if p in names and ", " in name}
    assert turned
    assert all(shown[p] == names[p] for p in set(names) & set(shown) - turned)


def test_some_texts_hold_a_line_that_looks_like_the_start_of_a_mail(exports: Exports) -> None:
    data = exports.files["mail"].read_bytes()

    with closing(mailbox.mbox(exports.files["mail"])) as archive:
        assert data.count(b"\n\nFrom here on ") == len(archive) - len(exports.mails) > 5


def test_exports_replace_older_ones_in_the_same_folder(tmp_path: Path) -> None:
    small = {"people": 12, "departments": 2, "silos": 0, "bottlenecks": 0, "weak_links": 0}
    write_exports(plant_organisation(**small, weeks=3), tmp_path)
    files = write_exports(plant_organisation(**small, weeks=1), tmp_path)

    weeks = {monday_of(parsedate_to_datetime(mail["Date"])) for mail in read_mails(files["mail"])}

    assert weeks == {date(2026, 3, 2)}
