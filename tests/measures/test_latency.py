import numpy as np
import pandas as pd
import pytest

from orgnet.errors import MissingColumnError, UsageError
from orgnet.measures.latency import ANSWERING_KINDS, ASKING_KINDS, response_latency
from orgnet.measures.working_hours import hours_worked
from orgnet.network import Network
from orgnet.statistics.kaplan_meier import kaplan_meier

MONDAY = pd.Timestamp("2026-03-02 09:00", tz="UTC")


def roster(departments: dict[str, str | None], **columns: object) -> Network:
    people = pd.DataFrame(
        {"person": list(departments), "department": list(departments.values()), **columns}
    )
    return Network.from_ties(pd.DataFrame({"sender": [], "recipient": []}), people)


def mail(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Messages of (hours after Monday at nine, sender, recipient, thread, kind)."""
    full = [(*row, *("t", "to")[len(row) - 3 :]) for row in rows]
    frame = pd.DataFrame(full, columns=["hours", "sender", "recipient", "thread", "kind"])
    frame["sent_at"] = MONDAY + pd.to_timedelta(frame["hours"], unit="h")
    return frame.assign(message=[f"m{i}" for i in range(len(frame))])


def waits(network: Network, messages: pd.DataFrame, **options: object) -> pd.DataFrame:
    few: dict[str, object] = {"minimum_messages": 1, "minimum_responders": 1}
    return response_latency(network, messages, by="department", **(few | options))


def random_mail(seed: int, count: int, threads: bool) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "sent_at": MONDAY + pd.to_timedelta(rng.integers(0, 30_000, count), unit="min"),
            "sender": rng.integers(0, 8, count),
            "recipient": rng.integers(0, 8, count),
            "kind": rng.choice(["to", "cc", "dm", "reaction"], count, p=[0.6, 0.2, 0.1, 0.1]),
            "message": np.arange(count),
            "thread": None,
        }
    )
    if threads:
        frame["thread"] = [f"t{i}" for i in rng.integers(0, 4, count)]
    return frame


def wait_by_definition(frame: pd.DataFrame, row: pd.Series, clock: bool) -> tuple[float, bool]:
    others = frame[frame["sent_at"] > row["sent_at"]]
    there = others[(others["sender"] == row["sender"]) & (others["recipient"] == row["recipient"])]
    back = others[(others["sender"] == row["recipient"]) & (others["recipient"] == row["sender"])]
    limit = min(row["sent_at"] + pd.Timedelta(days=7), frame["sent_at"].max())
    if pd.isna(row["thread"]):
        again = there[there["kind"].isin(ASKING_KINDS)]["sent_at"].min()
    else:
        back, again = back[back["thread"] == row["thread"]], pd.NaT
    reply = back["sent_at"].min()
    ends = [t for t in (reply, again, limit) if not pd.isna(t)]
    answered = not pd.isna(reply) and reply == min(ends)
    if not clock:
        return (min(ends) - row["sent_at"]) / pd.Timedelta(hours=1), answered
    span = pd.date_range(row["sent_at"], min(ends), freq="min", inclusive="left")
    open_hours = (span.day_of_week < 5) & (span.hour >= 9) & (span.hour < 17)
    return open_hours.sum() / 60, answered


@pytest.mark.parametrize("threads", [True, False])
@pytest.mark.parametrize("clock", [True, False])
def test_waits_agree_with_a_walk_over_the_messages(threads: bool, clock: bool) -> None:
    network = roster({str(i): "ABC"[i % 3] for i in range(8)})
    frame = random_mail(1, 250, threads)
    department = {i: "ABC"[i % 3] for i in range(8)}
    counted = frame[(frame["sender"] != frame["recipient"]) & frame["kind"].isin(ANSWERING_KINDS)]
    asked = counted[counted["kind"].isin(ASKING_KINDS)]
    waited = [wait_by_definition(counted, row, clock) for _, row in asked.iterrows()]
    pairs = [asked["sender"].map(department), asked["recipient"].map(department)]
    expected = pd.DataFrame(waited, columns=["hours", "answered"], index=asked.index).groupby(pairs)

    table = waits(network, frame, working_hours=(9, 17) if clock else None)

    by_pair = table.set_index(["group_a", "group_b"])
    assert by_pair["messages"].to_dict() == expected.size().to_dict()
    assert by_pair["answered"].to_dict() == pytest.approx(
        expected["answered"].mean().to_dict(), abs=1e-12
    )
    for pair, rows in expected:
        curve = kaplan_meier(rows["hours"].to_numpy(), rows["answered"].to_numpy())
        assert by_pair.loc[pair, "median"] == pytest.approx(curve.median, abs=1e-9, nan_ok=True)
    assert table.attrs["dropped"] == len(frame) - len(counted)
    assert by_pair["answered"].sum() > 0.5


def test_the_clock_stands_still_at_night_and_on_weekends() -> None:
    network = roster({"a": "A", "b": "B"})
    friday_at_four = 4 * 24 + 7
    messages = mail((friday_at_four, "a", "b"), (7 * 24 + 1, "b", "a"))

    working = waits(network, messages).set_index("group_a")["median"]["A"]
    always = waits(network, messages, working_hours=None).set_index("group_a")["median"]["A"]

    assert (working, always) == (2.0, 66.0)


def test_the_day_is_that_of_the_one_who_is_asked() -> None:
    zones = ["Europe/Berlin", "America/New_York"]
    network = roster({"a": "A", "b": "B"}, time_zone=zones)
    # Asked at four in the morning in New York, answered there at ten.
    messages = mail((0, "a", "b"), (6, "b", "a"))

    own = waits(network, messages).set_index("group_a")["median"]["A"]
    given = waits(roster({"a": "A", "b": "B"}), messages, time_zone="America/New_York").set_index(
        "group_a"
    )["median"]["A"]

    assert own == given == 1.0


def test_daylight_saving_time_is_kept() -> None:
    moments = pd.Series(pd.to_datetime(["2026-03-27 15:30", "2026-03-30 07:30"], utc=True))

    clock = hours_worked(moments, zone="Europe/Berlin", hours=(9, 17))

    # 16:30 in winter time to 9:30 in summer time.
    assert np.diff(clock).tolist() == [1.0]


def test_an_unanswered_message_is_waited_for_until_the_limit() -> None:
    network = roster({"a": "A", "b": "B", "c": "B"})
    answered = [(i * 300, "a", "b") for i in range(3)] + [(i * 300 + 1, "b", "a") for i in range(3)]
    lost = [(i * 300 + 2, "a", "c", "other") for i in range(2)]

    table = waits(network, mail(*answered, *lost), working_hours=None)

    row = table.set_index(["group_a", "group_b"]).loc[("A", "B")]
    assert (row["messages"], row["responders"], row["answered"]) == (5, 1, 0.6)
    assert row["median"] == 1.0
    mostly = waits(network, mail(*answered[::3], *lost, (3, "a", "c", "x"))).set_index("group_a")
    assert mostly.loc["A", "reason"] == "mostly_unanswered"
    assert np.isnan(mostly.loc["A", "median"])


def test_an_answer_after_the_limit_is_none() -> None:
    network = roster({"a": "A", "b": "B"})

    table = waits(network, mail((0, "a", "b"), (7 * 24 + 1, "b", "a")))

    assert table.set_index("group_a")["answered"]["A"] == 0.0


def test_small_cells_have_a_reason_and_no_value() -> None:
    network = roster({"a": "A", **{f"b{i}": "B" for i in range(5)}})
    rows = [(10 * i, "a", f"b{i % 5}", f"t{i}") for i in range(30)]
    answers = [(10 * i + 1, f"b{i % 5}", "a", f"t{i}") for i in range(30)]
    four = [row for row in rows + answers if "b4" not in row]

    enough = response_latency(network, mail(*rows, *answers), by="department")
    few_messages = response_latency(network, mail(*rows[1:], *answers[1:]), by="department")
    few_people = response_latency(
        network, mail(*four, *((500 + h, s, r, f"x{t}") for h, s, r, t in four)), by="department"
    )

    assert enough.set_index("group_a")["reason"].to_dict() == {"A": "", "B": "few_responders"}
    assert enough["median"].notna().tolist() == [True, False]
    assert few_messages["reason"].tolist() == ["few_messages"] * 2
    assert few_people.set_index("group_a")["reason"]["A"] == "few_responders"
    assert few_people[["median", "low", "high"]].isna().all(axis=None)


def test_copies_reactions_broadcasts_strangers_and_undated_rows_ask_nothing() -> None:
    network = roster({"a": "A", "b": "B", "c": None, "d": "B"}, observed=[True, True, True, False])
    rows = [
        (0, "a", "b", "t", "cc"),
        (0, "a", "b", "t", "reaction"),
        (0, "a", "c"),
        (0, "a", "d"),
        (0, "a", "stranger"),
        (0, "a", "a"),
        (0, "a", "b"),
        (0, "a", "b"),
    ]
    frame = mail(*rows).assign(recipients=[1, 1, 1, 1, 1, 1, 21, 1])
    frame.loc[7, "sent_at"] = pd.NaT

    table = waits(network, frame)

    assert table.empty
    assert table.attrs == {"dropped": 7, "reason": "no_messages"}
    assert table.columns.tolist() == [
        *("group_a", "group_b", "messages", "responders", "answered"),
        *("median", "low", "high", "reason"),
    ]
    assert table["median"].dtype == float


def test_a_message_to_many_is_a_broadcast_also_without_a_column_of_recipients() -> None:
    network = roster({"a": "A", **{f"b{i}": "B" for i in range(21)}})
    frame = mail(*((0, "a", f"b{i}") for i in range(21))).assign(message="m")

    assert waits(network, frame).empty
    assert waits(network, frame[1:])["messages"].tolist() == [20]


def test_names_and_row_order_do_not_matter() -> None:
    frame = random_mail(2, 200, threads=True)
    departments = {i: "ABC"[i % 3] for i in range(8)}
    network = roster({str(i): d for i, d in departments.items()})
    moved = frame.sample(frame.shape[0], random_state=0)
    moved = moved.assign(sender=moved["sender"] + 50, recipient=moved["recipient"] + 50)
    other = roster({str(i + 50): departments[i] for i in reversed(range(8))})

    pd.testing.assert_frame_equal(waits(other, moved), waits(network, frame))


@pytest.mark.parametrize("people", [{}, {"a": "A"}, {"a": None, "b": None}])
def test_without_people_of_known_groups_there_are_no_rows(people: dict[str, str | None]) -> None:
    table = waits(roster(people), mail((0, "a", "b"), (1, "b", "a")))

    assert table.empty
    assert table.attrs["reason"] == "no_messages"


def test_wrong_input_is_refused_in_words() -> None:
    network = roster({"a": "A", "b": "B"})
    messages = mail((0, "a", "b"))
    with pytest.raises(MissingColumnError, match="no column 'thread'; the interactions have"):
        waits(network, messages.drop(columns="thread"))
    with pytest.raises(UsageError, match="no time zone 'Mars/Olympus'"):
        waits(network, messages, time_zone="Mars/Olympus")
    with pytest.raises(UsageError, match="expected a start before an end"):
        waits(network, messages, working_hours=(17, 9))
    with pytest.raises(UsageError, match="within_days is 0, expected a number above 0"):
        waits(network, messages, within_days=0)
