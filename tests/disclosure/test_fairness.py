"""Notes on bias: made where a bias was planted, hardly ever where none was, never of a few."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from orgnet.diagnosis import Diagnosis, diagnose
from orgnet.disclosure import DisclosurePolicy, release
from orgnet.disclosure.fairness import fairness_notes
from orgnet.measures.people_traits import traits
from orgnet.measures.place_mixing import place_mixing
from orgnet.network import Network
from orgnet.statistics.stratified_tables import stratified_table

PEOPLE, DEPARTMENTS = 120, 4
NULL_SEEDS = 100


def invented(seed: int, *, hours: float = 1.0, apart: bool = False) -> Network:
    """People in four departments; part-timers have so much of the contact of others.

    Half of the departments' people sit in each of two towns; `apart` puts the last department
    into a town of its own, and contact between departments within towns mostly.
    """
    rng = np.random.default_rng(seed)
    department = np.arange(PEOPLE) % DEPARTMENTS
    part_time = rng.random(PEOPLE) < 0.3
    town = rng.integers(0, 2, PEOPLE)
    if apart:
        town[department == DEPARTMENTS - 1] = 2
    activity = rng.lognormal(0, 0.4, PEOPLE) * np.where(part_time, hours, 1.0)
    first, second = np.triu_indices(PEOPLE, 1)
    inside = department[first] == department[second]
    rate = np.where(inside, 0.3, 0.08) * activity[first] * activity[second]
    if apart:
        rate *= np.where(~inside & (town[first] != town[second]), 0.15, 1.0)
    tied = rng.random(len(rate)) < 1 - np.exp(-rate)
    people = pd.DataFrame(
        {
            "person": [f"p{i:03d}" for i in range(PEOPLE)],
            "department": [f"D{code}" for code in department],
            "location": [("Aarhus", "Bergen", "Cork")[t] for t in town],
            "FTE": np.where(part_time, "0,5", "1"),
            "Language": rng.choice(["en", "da"], PEOPLE),
        }
    )
    ids = people["person"].to_numpy()
    ties = pd.DataFrame({"sender": ids[first[tied]], "recipient": ids[second[tied]]})
    return Network.from_ties(ties, people, directed=False)


@pytest.fixture(scope="module")
def diagnosis() -> Diagnosis:
    return diagnose(invented(1, hours=0.4), draws=20, robustness_draws=0)


def notes(diagnosis: Diagnosis, *silos: str, minimum: int = 5) -> dict[str, dict[str, object]]:
    policy = DisclosurePolicy(minimum_group=minimum)
    return {key: dict(told) for key, told in fairness_notes(diagnosis, policy, "full", silos)}


def with_network(diagnosis: Diagnosis, network: Network) -> Diagnosis:
    """The same firm with other contact: all that the notes look at."""
    contacts = np.diff(network.symmetric_strength.indptr).astype(float)
    people = diagnosis.people.assign(contacts=contacts)
    groups = network.groups("department")
    return dataclasses.replace(diagnosis, network=network, people=people, groups=groups)


def test_part_timers_with_fewer_contacts_are_noted(diagnosis: Diagnosis) -> None:
    found = notes(diagnosis)
    assert set(found) == {"fairness_few_contacts_part_time"}
    told = found["fairness_few_contacts_part_time"]
    assert told["share"] >= told["others"] + 0.1
    assert 0 < told["low"] < told["high"]


def test_the_report_says_so(diagnosis: Diagnosis) -> None:
    assert "fairness_few_contacts_part_time" in {key for key, _ in release(diagnosis).notices}


def test_where_nothing_was_planted_hardly_anything_is_noted(diagnosis: Diagnosis) -> None:
    noted = sum(bool(notes(with_network(diagnosis, invented(seed)))) for seed in range(NULL_SEEDS))
    assert noted <= 0.05 * NULL_SEEDS


def test_a_silo_in_a_town_of_its_own_is_noted(diagnosis: Diagnosis) -> None:
    network = invented(2, apart=True)
    found = notes(with_network(diagnosis, network), "D3", "D1")
    assert found["fairness_silo_location"] == {"department": "D3"}
    assert "fairness_silo_language" not in found


def test_a_silo_that_no_town_explains_is_not_noted(diagnosis: Diagnosis) -> None:
    found = [
        notes(with_network(diagnosis, invented(seed)), "D3").get("fairness_silo_location")
        for seed in range(10)
    ]
    assert found == [None] * 10


def test_a_cell_of_few_people_is_never_told(diagnosis: Diagnosis) -> None:
    few = list(diagnosis.network.index[:120:30])
    fte = pd.Series("1", index=diagnosis.network.index)
    fte[few] = "0,5"
    network = dataclasses.replace(
        diagnosis.network, people=diagnosis.network.people.assign(FTE=fte)
    )
    contacts = diagnosis.people["contacts"].where(~diagnosis.people.index.isin(few), 0.0)
    told = dataclasses.replace(
        diagnosis, network=network, people=diagnosis.people.assign(contacts=contacts)
    )
    assert notes(told) == {}


def test_a_small_organisation_has_no_note(diagnosis: Diagnosis) -> None:
    assert fairness_notes(diagnosis, DisclosurePolicy(), "small", ()) == ()


@pytest.mark.parametrize(
    ("heading", "cells", "part"),
    [
        ("FTE", ["1.0", "0.5", "1.0", ""], [0, 1, 0, None]),
        ("Weekly hours", ["38,5", "38,5", "20", "45"], [0, 0, 1, 0]),
        ("Beschäftigungsgrad", ["100 %", "60 %", "80 %", "100 %"], [0, 1, 1, 0]),
        ("Time type", ["Full time", "Part time", "Full time", "x"], [0, 1, 0, 1]),
        ("Teilzeit", ["ja", "nein", "nein", None], [1, 0, 0, None]),
    ],
)
def test_part_time_is_read_as_hours_per_cent_shares_and_words(
    heading: str, cells: list[str | None], part: list[int | None]
) -> None:
    people = pd.DataFrame({"person": list("abcd"), "department": "X", heading: cells})
    ties = pd.DataFrame({"sender": ["a"], "recipient": ["b"]})
    found = traits(Network.from_ties(ties, people), "department")["part_time"]
    assert [None if np.isnan(value) else int(value) for value in found] == part


def test_tenure_is_that_of_the_end_of_the_window() -> None:
    people = pd.DataFrame(
        {"person": list("abc"), "department": "X", "start": ["2020-01-01", "2026-01-07", None]}
    )
    weeks = pd.DataFrame({"week": pd.to_datetime(["2026-03-02"])})
    ties = pd.DataFrame({"sender": ["a"], "recipient": ["b"]}).merge(weeks, how="cross")
    found = traits(Network.from_ties(ties, people), "department")["tenure"]
    assert found.tolist()[:2] == [0.0, 1.0] and np.isnan(found.iloc[2])


def test_departments_that_differ_in_both_explain_nothing() -> None:
    stratum = np.repeat([0, 1], 50)
    alternating = np.arange(100) % 2 == 0
    trait = np.where(stratum == 0, alternating | (np.arange(100) % 5 == 0), False)
    outcome = np.where(stratum == 0, np.arange(100) % 3 == 0, np.arange(100) % 25 == 0)
    table = stratified_table(trait, outcome, stratum)
    assert table.share_with > table.share_without
    assert table.p > 0.2


def test_without_a_difference_of_places_nothing_is_explained() -> None:
    network = invented(3)
    place = pd.Series("here", index=network.index)
    found = place_mixing(network, place, by="department", draws=19)
    assert np.isnan(found.preference) and found.p == 1.0
    assert found.explained.isna().all()
