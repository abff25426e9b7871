"""Data that lack something, meetings, two windows, and faults that are no findings."""

import numpy as np
import pandas as pd
import pytest

from orgnet.errors import UsageError
from orgnet.schema import TIES
from orgnet.simulate import (
    Rates,
    draw_contact,
    meeting_ties,
    plant_drift,
    plant_organisation,
    plant_ties,
    with_wrong_departments,
    without_channel,
    without_people,
    without_weeks,
)

NOTHING = {"silos": 0, "bottlenecks": 0, "weak_links": 0}


@pytest.fixture(scope="module")
def planted():
    return plant_ties(people=120, departments=5, **NOTHING)


def contacts(ties: pd.DataFrame) -> "pd.Series[int]":
    both = pd.concat(
        [
            ties[["sender", "recipient"]],
            ties[["recipient", "sender"]].set_axis(["sender", "recipient"], axis=1),
        ]
    )
    return both.groupby("sender")["recipient"].nunique()


def department_ties(planted) -> pd.DataFrame:
    department = planted.people.set_index("person")["department"]
    pairs = pd.DataFrame(np.sort(planted.ties[["sender", "recipient"]].to_numpy(), axis=1))
    pairs = pairs.drop_duplicates()
    table = pd.crosstab(pairs[0].map(department), pairs[1].map(department))
    names = sorted(set(department.dropna()))
    table = table.reindex(index=names, columns=names, fill_value=0)
    return table + table.T


# --- what is missing ---------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", ["random", "degree"])
def test_people_left_out_have_no_tie_and_stay_in_the_roster(planted, chosen):
    fewer = without_people(planted, 0.25, chosen=chosen, seed=1)
    before, after = contacts(planted.ties), contacts(fewer.ties)

    assert len(before) - len(after) >= 30 - 2
    assert fewer.people is planted.people
    assert set(fewer.ties["sender"]) <= set(planted.ties["sender"])


def test_by_degree_those_with_many_contacts_are_left_out_first(planted):
    def lost(chosen: str) -> float:
        degree = contacts(planted.ties)
        gone = [
            degree.drop(
                set(contacts(without_people(planted, 0.2, chosen=chosen, seed=s).ties).index)
            ).mean()
            for s in range(10)
        ]
        return float(np.mean(gone))

    assert lost("degree") > lost("random") + 1


def test_weeks_left_out_are_gone_and_the_others_whole(planted):
    fewer = without_weeks(planted, 3, seed=2)
    kept = set(fewer.ties["week"])

    assert len(kept) == 9
    assert len(fewer.ties) == planted.ties["week"].isin(kept).sum()


def test_a_channel_left_out_is_gone(planted):
    assert set(without_channel(planted, "chat").ties["channel"]) == {"email"}


def test_an_unknown_channel_is_named(planted):
    with pytest.raises(
        UsageError, match=r"no channel 'chatt'; the ties have .* Did you mean 'chat'"
    ):
        without_channel(planted, "chatt")


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_what_is_no_share_is_refused(planted, share):
    with pytest.raises(UsageError, match=f"share is {share}; give 0 to 1"):
        without_people(planted, share)
    with pytest.raises(UsageError, match=f"share is {share}"):
        with_wrong_departments(planted, share)


def test_more_weeks_than_there_are_cannot_be_left_out(planted):
    with pytest.raises(UsageError, match="weeks is 13; the ties have 12"):
        without_weeks(planted, 13)


def test_wrong_departments_are_others_and_the_truth_names_them(planted):
    spoiled = with_wrong_departments(planted, 0.1, seed=3)
    was = planted.people.set_index("person")["department"]
    now = spoiled.people.set_index("person")["department"]
    moved = set(now.index[(now != was) & was.notna()])

    assert len(moved) == 12
    assert moved == spoiled.truth.noise.wrong_department
    assert set(now.dropna()) <= set(was.dropna())
    assert planted.truth.noise.wrong_department == frozenset()


# --- meetings ----------------------------------------------------------------------------------


def test_meetings_are_ties_of_their_own_channel_in_both_directions():
    firm = plant_organisation(people=90, departments=4, **NOTHING)
    ties = meeting_ties(firm, draw_contact(firm))
    forward = set(zip(ties["week"], ties["sender"], ties["recipient"], strict=True))

    assert list(ties.columns) == TIES.names
    assert set(ties["channel"]) == {"meeting"}
    assert {(week, b, a) for week, a, b in forward} == forward
    assert len(forward) == len(ties)
    assert ties["week"].nunique() == 12


def test_only_teams_and_people_in_contact_meet():
    firm = plant_organisation(people=90, departments=4, **NOTHING)
    contact = draw_contact(firm)
    ids = firm.people["person"].to_numpy()
    team = dict(zip(ids, firm.staff.team, strict=False))
    known = {frozenset(ids[[a, b]]) for a, b in contact.ties[["person_a", "person_b"]].to_numpy()}
    met = meeting_ties(firm, contact)

    for a, b in zip(met["sender"], met["recipient"], strict=True):
        assert team[a] == team[b] or frozenset((a, b)) in known


# --- two windows -------------------------------------------------------------------------------


def test_windows_follow_each_other_with_the_same_people():
    before, after = plant_drift(people=120, departments=5)

    assert before.people is after.people
    assert before.ties["week"].nunique() == after.ties["week"].nunique() == 12
    assert before.ties["week"].max() < after.ties["week"].min()
    assert (
        set(contacts(before.ties).index)
        >= set(before.people["person"][:100]) - before.truth.noise.silent
    )


@pytest.mark.parametrize(
    ("turnover", "low", "high"), [(0.0, 0.9, 1.0), (0.3, 0.6, 0.86), (1.0, 0.0, 0.7)]
)
def test_as_many_ties_stay_as_the_turnover_leaves(turnover, low, high):
    before, after = plant_drift(seed=2, people=200, departments=6, turnover=turnover)
    pairs = [
        {frozenset(p) for p in w.ties[["sender", "recipient"]].itertuples(index=False, name=None)}
        for w in (before, after)
    ]
    stayed = len(pairs[0] & pairs[1]) / len(pairs[0])

    assert low <= stayed <= high


def test_turnover_leaves_the_amount_of_contact_as_it_was():
    inside, outside = [], []
    for seed in range(12):
        tables = [
            department_ties(w).to_numpy() for w in plant_drift(seed=seed, people=200, departments=6)
        ]
        inside.append([np.trace(t) for t in tables])
        outside.append([t.sum() - np.trace(t) for t in tables])
    for kind in (np.array(inside), np.array(outside)):
        assert kind[:, 1].sum() / kind[:, 0].sum() == pytest.approx(1, abs=0.04)


def test_closing_departments_are_the_truth_of_the_second_window_alone():
    before, after = plant_drift(seed=1, closing=1)
    (closed,) = after.truth.silos
    shares = []
    for window in (before, after):
        table = department_ties(window)
        shares.append(1 - table.loc[closed, closed] / table.loc[closed].sum())

    assert before.truth.silos == frozenset()
    assert shares[1] < 0.6 * shares[0]


def test_a_turnover_above_one_is_refused():
    with pytest.raises(UsageError, match=r"turnover is 1\.5; give 0 to 1"):
        plant_drift(turnover=1.5)


# --- hubs, overload, part-time, unequal departments --------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_departments_that_a_hub_serves_have_no_tie_with_each_other(seed):
    firm = plant_organisation(seed=seed, hubs=1, **NOTHING)
    planted = plant_ties(seed=seed, hubs=1, **NOTHING)
    table = department_ties(planted)
    (hub,) = firm.places.hubs
    served = [firm.departments[d] for d in hub.served]

    assert planted.truth.hubs == {firm.departments[hub.through]}
    assert table.loc[served, served].to_numpy()[~np.eye(4, dtype=bool)].sum() == 0
    assert (table.loc[firm.departments[hub.through], served] > 0).all()


def test_a_hub_needs_departments_without_another_fault():
    with pytest.raises(UsageError, match="cannot hold 1 hubs of 5 departments each"):
        plant_organisation(people=100, departments=5, silos=1, bottlenecks=0, weak_links=0, hubs=1)


def test_the_overloaded_have_far_more_contacts_and_answer_late():
    firm = plant_organisation(seed=4, overloads=3, **NOTHING)
    contact = draw_contact(firm)
    sender = contact.interactions["sender"].to_numpy()
    step = contact.interactions["sent_at"].diff().where(contact.interactions["thread"].diff() == 0)
    late = firm.staff.overloaded[sender]
    degree = np.bincount(contact.ties[["person_a", "person_b"]].to_numpy().ravel(), minlength=400)

    assert len(firm.truth.overloaded) == 3
    assert degree[firm.staff.overloaded].min() > 1.5 * np.median(degree)
    assert step[late].mean() > 2 * step[~late].mean()


def test_part_timers_have_less_contact_by_their_hours():
    full = plant_ties(seed=6, **NOTHING)
    part = plant_ties(seed=6, part_time=0.3, **NOTHING)
    who = part.truth.noise.part_timers
    weeks = [w.ties[w.ties["sender"].isin(who)].shape[0] for w in (full, part)]

    assert len(who) == 120
    assert full.people.equals(part.people)
    assert 0.4 < weeks[1] / weeks[0] < 0.8


def test_departments_can_differ_inside_too():
    def spread(rates: Rates) -> float:
        sizes, inside = [], []
        for seed in range(6):
            planted = plant_ties(seed=seed, rates=rates, **NOTHING)
            table = department_ties(planted)
            sizes.append(planted.people["department"].value_counts().reindex(table.index))
            inside.append(np.diagonal(table) / sizes[-1])
        return float(np.std(np.log(np.concatenate(inside))))

    assert spread(Rates(inwardness_sd=0.4)) > 1.5 * spread(Rates())


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"hubs": -1}, "hubs, overloads and part_time are -1, 0 and 0.0"),
        ({"part_time": 1.5}, "at most 1 as the share of part-timers"),
    ],
)
def test_impossible_numbers_are_refused(numbers, message):
    with pytest.raises(UsageError, match=message):
        plant_organisation(people=60, departments=4, **NOTHING, **numbers)
