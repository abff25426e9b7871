"""Who is who: which identity stands for which person, and which for none."""

import random
from typing import Any

import pandas as pd
import pytest

from orgnet.errors import InputError
from orgnet.identity import Actors, Standing, resolve
from orgnet.schema import Profile


def roster(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(rows))


AYA = {"person": "1", "emails": ["aya@x.example"], "aliases": ["slack:U1", "ayai"]}
BEN = {"person": "2", "emails": ["ben@x.example"], "aliases": ["U2"]}
STAFF = roster(AYA, BEN)


def names(actors: Actors) -> list[str]:
    """For each identity the person or the standing of what it stands for."""
    people = actors.people["person"].tolist()
    return [
        str(people[actor])
        if actor < len(people) and actors.standing[actor] == Standing.PERSON
        else Standing(actors.standing[actor]).name
        for actor in actors.actor
    ]


def who(identity: str, people: pd.DataFrame = STAFF, *profiles: Profile) -> str:
    return names(resolve([identity], profiles, people))[0]


@pytest.mark.parametrize(
    "identity", ["1", "aya@x.example", "AYA@X.Example", "slack:U1", "SLACK:u1", "ayai", "AyaI"]
)
def test_an_id_an_address_or_an_alias_names_a_person_in_any_capitals(identity: str) -> None:
    assert who(identity) == "1"


def test_a_chat_id_matches_an_alias_without_the_name_of_the_chat() -> None:
    assert who("slack:U2") == "2"


def test_a_number_in_a_chat_is_not_taken_for_the_id_at_the_employer() -> None:
    assert who("zulip:2") == "OUT_OF_SCOPE"


def test_a_chat_id_leads_over_the_address_in_its_profile_to_the_roster() -> None:
    profile = Profile(identity="slack:U9", emails=("Ben@x.example",))

    assert who("slack:U9", STAFF, profile) == "2"


def test_a_chat_id_leads_over_an_alias_in_its_profile_to_the_roster() -> None:
    assert who("slack:U9", STAFF, Profile(identity="slack:U9", aliases=("ayai",))) == "1"


def test_nobody_is_matched_by_name() -> None:
    people = roster({"person": "1", "name": "Aya Ito", "emails": ["aya@x.example"]})

    assert who("slack:U9", people, Profile(identity="slack:U9", name="Aya Ito")) == "OUT_OF_SCOPE"


def test_a_tag_is_stripped_if_the_address_without_it_is_in_the_roster() -> None:
    assert who("aya+news@x.example") == "1"


def test_a_tag_of_an_address_that_is_not_in_the_roster_is_not_stripped() -> None:
    actors = resolve(["cleo+news@x.example", "cleo@x.example"], [], STAFF)

    assert actors.actor[0] != actors.actor[1]
    assert actors.unmatched == 2


def test_an_address_with_a_tag_in_the_roster_is_its_own_person() -> None:
    people = roster(AYA, {"person": "3", "emails": ["aya+lab@x.example"]})

    assert who("aya+lab@x.example", people) == "3"


def test_several_addresses_of_a_person_are_one_actor() -> None:
    people = roster({"person": "1", "emails": ["aya@x.example", "ito@y.example"]})

    assert resolve(["aya@x.example", "ito@y.example"], [], people).actor.tolist() == [0, 0]


def test_two_rows_with_one_address_are_refused_without_showing_it() -> None:
    people = roster(AYA, BEN, {"person": "3", "emails": ["AYA@x.example "]})

    with pytest.raises(InputError) as error:
        resolve([], [], people)

    assert str(error.value) == (
        "people: rows 1 and 3 of the people have one address; give the address to one of them"
    )


def test_an_address_that_is_another_rows_id_is_refused() -> None:
    people = roster({"person": "ben@x.example", "emails": []}, BEN)

    with pytest.raises(InputError, match="rows 1 and 2 of the people have one address"):
        resolve([], [], people)


def test_empty_addresses_are_not_one_address() -> None:
    people = roster({"person": "1", "emails": [""]}, {"person": "2", "emails": ["", None]})

    actors = resolve(["", "None"], [], people)

    assert names(actors) == ["OUT_OF_SCOPE", "OUT_OF_SCOPE"]


def test_an_alias_of_two_people_matches_neither() -> None:
    people = roster({**AYA, "aliases": ["itoa"]}, {**BEN, "aliases": ["ItoA"]})

    actors = resolve(["itoa"], [], people)

    assert names(actors) == ["OUT_OF_SCOPE"]
    assert (actors.unmatched, actors.ambiguous) == (1, 1)


def test_an_alias_that_is_another_persons_id_stays_with_the_id() -> None:
    people = roster({**AYA, "aliases": ["2"]}, BEN)

    actors = resolve(["2"], [], people)

    assert names(actors) == ["2"]
    assert actors.ambiguous == 1


def test_an_alias_that_is_another_persons_address_stays_with_the_address() -> None:
    people = roster({**AYA, "aliases": ["ben@x.example"]}, BEN)

    assert who("ben@x.example", people) == "2"


def test_ids_that_differ_in_capitals_match_exactly_or_not_at_all() -> None:
    people = roster({"person": "Ab"}, {"person": "AB"})

    assert names(resolve(["Ab", "AB", "ab"], [], people)) == ["Ab", "AB", "OUT_OF_SCOPE"]


def test_numbers_as_ids_match_their_text() -> None:
    people = pd.DataFrame({"person": [12.0, 7.0]})

    assert names(resolve(["7", "12"], [], people)) == ["7", "12"]


def test_texts_in_place_of_lists_are_divided() -> None:
    people = roster({"person": "1", "emails": "aya@x.example; ito@x.example", "aliases": "U1,U7"})

    assert {who(i, people) for i in ("aya@x.example", "ito@x.example", "slack:U7")} == {"1"}


@pytest.mark.parametrize("missing", [None, float("nan"), []])
def test_people_without_addresses_are_matched_by_id(missing: Any) -> None:
    people = roster({"person": "1", "emails": missing, "aliases": missing})

    assert who("1", people) == "1"


def test_a_roster_indexed_by_person_is_as_good_as_one_with_a_column() -> None:
    assert names(resolve(["ben@x.example"], [], STAFF.set_index("person"))) == ["2"]


def test_an_address_of_another_domain_is_external_and_one_of_ours_unmatched() -> None:
    actors = resolve(["guest@y.example", "new@x.example", "slack:U99"], [], STAFF)

    assert names(actors) == ["OUT_OF_SCOPE"] * 3
    assert (actors.external, actors.unmatched) == (1, 2)


def test_a_chat_guest_is_external_by_the_address_in_the_profile() -> None:
    guest = Profile(identity="slack:U99", emails=("guest@y.example",))

    actors = resolve(["slack:U99"], [guest], STAFF)

    assert (actors.external, actors.unmatched) == (1, 0)


def test_addresses_as_ids_say_which_domain_is_ours() -> None:
    actors = resolve(["new@x.example"], [], roster({"person": "aya@x.example"}))

    assert (actors.external, actors.unmatched) == (0, 1)


@pytest.mark.parametrize(
    "address",
    [
        *("noreply@x.example", "no-reply@x.example", "no_reply+17@y.example"),
        *("do-not-reply@x.example", "MAILER-DAEMON@x.example", "postmaster@x.example"),
        *("alerts@x.example", "notifications@y.example", "support@x.example"),
        *("bounce+abc=x@y.example", "newsletter@y.example", "helpdesk@x.example"),
    ],
)
def test_an_address_behind_which_nobody_sits_is_no_person(address: str) -> None:
    assert who(address) == "NOT_A_PERSON"
    assert names(resolve([address], [], None)) == ["NOT_A_PERSON"]


@pytest.mark.parametrize(
    "address", ["noreplyson@x.example", "alertsson@x.example", "informer@x.example", "infox"]
)
def test_a_name_that_only_begins_like_a_robots_is_a_person(address: str) -> None:
    assert names(resolve([address], [], None)) == [address]


@pytest.mark.parametrize("kind", ["bot", "shared", "room"])
def test_a_profile_that_is_not_a_persons_is_no_person(kind: str) -> None:
    assert who("slack:B1", STAFF, Profile(identity="slack:B1", kind=kind)) == "NOT_A_PERSON"


@pytest.mark.parametrize("kind", ["bot", "shared", "room"])
def test_a_row_of_the_roster_that_is_not_a_persons_is_no_person(kind: str) -> None:
    actors = resolve(["2"], [], roster(AYA, {**BEN, "kind": kind}))

    assert names(actors) == ["NOT_A_PERSON"]
    assert actors.not_people == 1


def test_the_roster_decides_that_an_address_like_a_robots_is_a_person() -> None:
    assert who("info@x.example", roster({"person": "3", "emails": ["info@x.example"]})) == "3"


@pytest.mark.parametrize("answer", [True, "yes", "TRUE", "x", 1, 1.0, "2026-01-01"])
def test_who_opted_out_is_out(answer: Any) -> None:
    assert who("2", roster({**AYA, "opt_out": None}, {**BEN, "opt_out": answer})) == "OPTED_OUT"


@pytest.mark.parametrize("answer", [False, None, float("nan"), "", " ", "no", "False", 0, 0.0])
def test_who_did_not_opt_out_is_in(answer: Any) -> None:
    assert who("2", roster({**AYA, "opt_out": True}, {**BEN, "opt_out": answer})) == "2"


def test_a_bot_that_opted_out_is_counted_as_opted_out() -> None:
    assert who("2", roster(AYA, {**BEN, "kind": "bot", "opt_out": True})) == "OPTED_OUT"


def test_without_a_roster_everybody_seen_is_a_person_sorted_by_id() -> None:
    actors = resolve(["cleo", "aya@x.example"], [], None)

    assert actors.people["person"].tolist() == ["aya@x.example", "cleo"]
    assert names(actors) == ["cleo", "aya@x.example"]


def test_without_a_roster_an_address_in_common_makes_one_person() -> None:
    slack = Profile(identity="slack:U1", emails=("aya@x.example",), name="Aya", department="Sales")

    people = resolve(["aya@x.example", "slack:U1"], [slack], None).people

    assert people[["person", "name", "emails", "aliases", "department"]].values.tolist() == [
        ["aya@x.example", "Aya", ["aya@x.example"], ["slack:U1"], "Sales"]
    ]


def test_without_a_roster_addresses_join_people_over_several_profiles() -> None:
    one = Profile(identity="slack:U1", emails=("aya@x.example", "ito@x.example"))
    other = Profile(identity="zulip:7", emails=("ito@x.example",))

    actors = resolve(["zulip:7", "aya@x.example", "slack:U1", "ben@x.example"], [one, other], None)

    assert actors.people["person"].tolist() == ["aya@x.example", "ben@x.example"]
    assert actors.actor.tolist() == [0, 0, 0, 1]


def test_without_a_roster_the_main_address_of_the_account_names_the_person() -> None:
    profile = Profile(identity="slack:U1", emails=("ito@x.example", "aya@x.example"))

    people = resolve(["slack:U1", "aya@x.example"], [profile], None).people

    assert people["person"].tolist() == ["ito@x.example"]
    assert people["emails"].tolist() == [["ito@x.example", "aya@x.example"]]


def test_without_a_roster_a_bot_is_a_bot_under_whichever_identity_it_comes_first() -> None:
    bot = Profile(identity="slack:B1", emails=("helper@x.example",), kind="bot")
    identities = ["helper@x.example", "slack:B1"]

    there = resolve(identities, [bot], None)
    back = resolve(identities[::-1], [bot], None)

    assert names(there) == names(back) == ["NOT_A_PERSON", "NOT_A_PERSON"]
    assert there.people["kind"].tolist() == back.people["kind"].tolist() == ["bot"]
    assert there.not_people == back.not_people == 2


def test_without_a_roster_the_order_of_the_identities_changes_nothing() -> None:
    profiles = [
        Profile(
            identity=f"slack:U{i}",
            emails=(f"p{i % 7}@x.example", f"p{i % 5}@y.example"),
            name=f"Person {i}",
        )
        for i in range(12)
    ]
    identities = [p.identity for p in profiles] + [f"p{i}@x.example" for i in range(9)]
    shuffled = random.Random(0).sample(identities, len(identities))

    one, other = resolve(identities, profiles, None), resolve(shuffled, profiles, None)

    pd.testing.assert_frame_equal(one.people, other.people)
    assert dict(zip(identities, one.actor, strict=True)) == dict(
        zip(shuffled, other.actor, strict=True)
    )


@pytest.mark.parametrize("people", [None, STAFF, STAFF.iloc[:0]])
def test_no_identities_are_no_actors_beside_the_roster(people: pd.DataFrame | None) -> None:
    actors = resolve([], [], people)

    assert len(actors.actor) == 0
    assert len(actors.people) == len(actors.standing) == (0 if people is None else len(people))


CALLED_BEN = Profile(
    identity="ben@x.example", emails=("ben@x.example",), aliases=("name:ben osei",)
)


def test_without_a_roster_a_name_is_who_goes_by_it_in_the_same_file() -> None:
    nominee = Profile(identity="name:ben osei", name="Ben Osei")

    actors = resolve(["name:ben osei", "ben@x.example"], [CALLED_BEN, nominee], None)

    assert actors.actor.tolist() == [0, 0]
    assert actors.people["person"].tolist() == ["ben@x.example"]


def test_without_a_roster_a_name_that_two_go_by_is_neither() -> None:
    other = Profile(identity="b2@x.example", aliases=("name:ben osei",))

    actors = resolve(["name:ben osei", "ben@x.example", "b2@x.example"], [CALLED_BEN, other], None)

    assert len(actors.people) == 3


def test_name_is_matched_through_the_address_of_who_goes_by_it() -> None:
    roster = pd.DataFrame({"person": ["7"], "name": ["Benedict O."], "emails": [["ben@x.example"]]})

    actors = resolve(["name:ben osei"], [CALLED_BEN], roster)

    assert actors.actor.tolist() == [0]
