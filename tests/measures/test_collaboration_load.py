import networkx as nx
import numpy as np
import pandas as pd
import pytest

from measures.organisations import network_of, relabelled, weekly_ties
from orgnet.errors import MissingColumnError, UsageError
from orgnet.measures.collaboration_load import collaboration_load, meeting_hours
from orgnet.network import Network


def test_incoming_people_agree_with_a_count_week_by_week() -> None:
    ties, people = weekly_ties(40, 4, 1)
    of = people.set_index("person")["department"]
    rows = ties.drop_duplicates()
    counted = rows.groupby(["week", "recipient"])["sender"].nunique().groupby("recipient").sum()
    incoming = counted.reindex(people["person"], fill_value=0) / 12

    load = collaboration_load(Network.from_ties(ties, people), by="department")

    assert load["incoming"].tolist() == pytest.approx(incoming.tolist(), abs=1e-12)
    share = incoming / incoming.groupby(of).transform("sum")
    assert load["share"].tolist() == pytest.approx(share.tolist(), abs=1e-12)


def test_in_networks_without_dates_strength_does_not_count() -> None:
    network = network_of([(0, 1, 9.0), (2, 1, 1.0), (1, 0, 5.0)], list("AAB"), directed=True)

    load = collaboration_load(network, by="department")

    assert load["incoming"].tolist() == [1.0, 2.0, 0.0]
    assert load["share"].tolist() == pytest.approx([1 / 3, 2 / 3, np.nan], nan_ok=True)


def test_names_and_rows_do_not_matter() -> None:
    ties, people = weekly_ties(40, 4, 2)
    names = people["person"].tolist()
    once = collaboration_load(Network.from_ties(ties, people), by="department")

    moved = collaboration_load(relabelled(ties, people, 5), by="department")

    assert sorted(moved["incoming"]) == pytest.approx(sorted(once["incoming"]), abs=1e-12)
    assert len(names) == len(moved)


def test_unobserved_people_and_unknown_groups_are_apart() -> None:
    network = network_of([(0, 1)], ["A", None, "A"], observed=[True, True, False])

    load = collaboration_load(network, by="department")

    assert load["incoming"].tolist() == pytest.approx([1.0, 1.0, np.nan], nan_ok=True)
    assert load["share"].isna().tolist() == [False, True, True]


@pytest.mark.parametrize("people", [0, 1, 3])
def test_without_ties_nobody_is_asked(people: int) -> None:
    load = collaboration_load(network_of([], ["A"] * people), by="department")

    assert load["incoming"].tolist() == [0.0] * people
    assert load["share"].isna().all()
    assert load.dtypes.tolist() == [float, float]


def test_volumes_do_not_tell_weeks() -> None:
    ties, people = weekly_ties(10, 2, 1)
    network = Network.from_ties(ties, people, strength="volume")

    with pytest.raises(UsageError, match="the strength is 'volume', expected 'active_weeks'"):
        collaboration_load(network, by="department")


# ---------------------------------------------------------------- meetings


def meetings(*rows: tuple[object, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["sender", "recipient", "message", "hours"])
    return frame.assign(sent_at=pd.Timestamp("2026-03-02", tz="UTC"))


def test_a_meeting_counts_once_for_everybody_in_it() -> None:
    network = nx.empty_graph(["a", "b", "c", "d"])
    pairs = meetings(
        ("a", "b", "m", 2.0), ("b", "a", "m", 2.0), ("a", "c", "m", 2.0), ("c", "b", "n", 1)
    )

    assert meeting_hours(network, pairs).to_dict() == {"a": 2.0, "b": 3.0, "c": 3.0, "d": 0.0}
    assert meeting_hours(network, pairs, window_days=28)["b"] == 0.75


def test_weeks_are_counted_from_the_first_to_the_last_meeting() -> None:
    pairs = meetings(("a", "b", "m", 2.0), ("a", "b", "n", 2.0))
    pairs["sent_at"] += pd.to_timedelta([0, 13], unit="D")

    assert meeting_hours(nx.empty_graph(["a", "b"]), pairs)["a"] == 2.0


def test_strangers_mails_and_unobserved_people_are_left_out() -> None:
    network = network_of([], list("AA"), observed=[True, False])
    pairs = meetings(("0", "stranger", "m", 2.0), ("0", "1", "mail", np.nan))

    assert meeting_hours(network, pairs).tolist() == pytest.approx([2.0, np.nan], nan_ok=True)


def test_without_meetings_there_are_no_hours() -> None:
    hours = meeting_hours(nx.empty_graph(2), meetings(("0", "1", "mail", None)))

    assert hours.isna().all()
    assert hours.attrs["reason"] == "no_meetings"


def test_wrong_input_is_refused_in_words() -> None:
    graph = nx.empty_graph(2)
    with pytest.raises(MissingColumnError, match="no column 'hours'"):
        meeting_hours(graph, meetings().drop(columns="hours"))
    with pytest.raises(MissingColumnError, match="no column 'sent_at'"):
        meeting_hours(graph, meetings().drop(columns="sent_at"))
    with pytest.raises(UsageError, match="window_days is 0, expected a number above 0"):
        meeting_hours(graph, meetings(), window_days=0)
