"""The reduction of interactions to weekly ties, against a second implementation in pandas."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgnet.building import weekly_ties
from orgnet.rules import BILLION, TieRules, monday
from orgnet.schema import CHANNELS, INTERACTIONS, KINDS
from orgnet.ties import REMOVED, queries

#: Identities of the generated records and what they are: three people (two of them with two
#: identities), somebody who opted out, a bot, a colleague who is missing, and an outsider.
STANDS_FOR = {
    "a@x.example": "a",
    "slack:A": "a",
    "b@x.example": "b",
    "b2@x.example": "b",
    "c@x.example": "c",
    "o@x.example": "opted out",
    "noreply@x.example": "bot",
    "new@x.example": "missing",
    "guest@y.example": "outsider",
}
PEOPLE = pd.DataFrame(
    {
        "person": ["a", "b", "c", "o"],
        "emails": [
            *([["a@x.example"], ["b@x.example", "b2@x.example"]]),
            *([["c@x.example"], ["o@x.example"]]),
        ],
        "aliases": [["slack:A"], [], [], []],
        "opt_out": [None, False, None, True],
    }
)
DAY_US = 86_400_000_000


@st.composite
def messages(draw: st.DrawFn) -> list[dict[str, Any]]:
    """One message or meeting: its records, with copies, in any order and from any source."""
    number = draw(st.integers(0, 5))
    meeting = draw(st.booleans())
    sent_at = draw(st.none() | st.integers(-30 * DAY_US, 60 * DAY_US))
    recipients = draw(st.sampled_from([1, 2, 3, 7, 19, 20, 21]))
    identities = st.sampled_from(list(STANDS_FOR))
    ends = draw(st.lists(st.tuples(identities, identities), min_size=1, max_size=6))
    kinds = st.just("attend") if meeting else st.sampled_from(KINDS[:6])
    return [
        {
            "sent_at": sent_at,
            "sender": sender,
            "recipient": recipient,
            "channel": "meeting" if meeting else "email" if number % 2 else "chat",
            "kind": draw(kinds),
            "recipients": recipients,
            "hours": draw(st.sampled_from([None, 0.25, 1.5])) if meeting else None,
            "value": None,
            "message": f"{'meeting' if meeting else 'mail'} {number} {sent_at} {recipients}",
            "thread": None,
            "source": "mbox",
        }
        for sender, recipient in ends
    ]


@st.composite
def ratings(draw: st.DrawFn) -> list[dict[str, Any]]:
    """One row of a ready-made list."""
    sender, recipient = draw(st.tuples(*[st.sampled_from(list(STANDS_FOR))] * 2))
    return [
        {
            "sent_at": draw(st.none() | st.integers(0, 60 * DAY_US)),
            "sender": sender,
            "recipient": recipient,
            "channel": "survey",
            "kind": draw(st.sampled_from(["total", "nomination"])),
            "recipients": 1,
            "hours": None,
            "value": draw(st.sampled_from([0.1, 1.0, 2.5, 1e6])),
            "message": f"row {draw(st.integers(0, 10**9))}",
            "thread": None,
            "source": "edges",
        }
    ]


RECORDS = st.lists(messages() | ratings(), max_size=12).map(
    lambda some: list(chain.from_iterable(some))
)
RULES = st.builds(
    TieRules,
    broadcast_above=st.sampled_from([2, 20]),
    meeting_above=st.sampled_from([3, 20]),
    carbon_copy_share=st.sampled_from([0.5, 0.25]),
)


def arrow(records: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(records, schema=INTERACTIONS)


def standing(person: str) -> str:
    return {"bot": "bot", "opted out": "opted_out", "missing": "out_of_scope"}.get(
        person, "out_of_scope" if person == "outsider" else "person"
    )


def in_pandas(records: list[dict[str, Any]], rules: TieRules) -> tuple[pd.DataFrame, pd.Series]:
    """The weekly table in billionths, and the reason of every row of the records."""
    frame = pd.DataFrame(records, columns=INTERACTIONS.names)
    frame["sender"] = frame["sender"].map(STANDS_FOR)
    frame["recipient"] = frame["recipient"].map(STANDS_FOR)
    meeting = frame["kind"] == "attend"
    low = frame[["sender", "recipient"]].min(axis=1).where(meeting, frame["sender"])
    high = frame[["sender", "recipient"]].max(axis=1).where(meeting, frame["recipient"])
    frame = frame.assign(sender=low, recipient=high, rank=frame["kind"].map(KINDS.index))
    hours = frame.groupby(["message", "sender", "recipient"])["hours"].transform("max")
    frame = frame.assign(hours=hours).sort_values("rank", kind="stable")
    frame["duplicate"] = frame.duplicated(["message", "sender", "recipient"])

    def reason(row: Any) -> str:
        both = (standing(row.sender), standing(row.recipient))
        people = row.recipients + (row.kind == "attend")
        cap = rules.meeting_above if row.kind == "attend" else rules.broadcast_above
        asked = [
            (row.duplicate, "duplicate"),
            (row.sender == row.recipient, "self"),
            ("bot" in both, "bot"),
            (people > cap, "broadcast"),
            ("out_of_scope" in both, "out_of_scope"),
            ("opted_out" in both, "opted_out"),
            (True, "kept"),
        ]
        return next(name for applies, name in asked if applies)

    def billionths(row: Any) -> int:
        whole = BILLION
        if row.kind == "cc":
            whole = int(BILLION * rules.carbon_copy_share)
        elif pd.notna(row.value):
            whole = round(row.value * BILLION)
        elif pd.notna(row.hours):
            whole = round(row.hours * BILLION)
        return whole // row.recipients

    reasons = pd.Series([reason(row) for row in frame.itertuples()], dtype="object")
    kept = frame[(reasons == "kept").to_numpy()]
    rows = [
        (
            None if pd.isna(row.sent_at) else monday((int(row.sent_at) // DAY_US + 3) // 7),
            *ends,
            row.channel,
            int(row.kind != "reaction"),
            billionths(row),
        )
        for row in kept.itertuples()
        for ends in (
            [(row.sender, row.recipient), (row.recipient, row.sender)]
            if row.kind == "attend"
            else [(row.sender, row.recipient)]
        )
    ]
    table = pd.DataFrame(
        rows, columns=["week", "sender", "recipient", "channel", "interactions", "billionths"]
    )
    keys = ["week", "sender", "recipient", "channel"]
    return table.groupby(keys, dropna=False).sum().reset_index(), reasons


def cells(ties: pd.DataFrame, amounts: pd.Series) -> dict[tuple[Any, ...], tuple[int, int]]:
    weeks = [None if pd.isna(week) else pd.Timestamp(week).date() for week in ties["week"]]
    keys = zip(weeks, ties["sender"], ties["recipient"], ties["channel"], strict=True)
    values = zip(ties["interactions"].astype(int), amounts.astype(int), strict=True)
    return dict(zip(keys, values, strict=True))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records=RECORDS, rules=RULES)
def test_the_weekly_table_is_that_of_a_second_implementation_cell_for_cell(
    records: list[dict[str, Any]], rules: TieRules
) -> None:
    expected, reasons = in_pandas(records, rules)

    weekly = weekly_ties(arrow(records), PEOPLE, rules=rules)

    amounts = (weekly.ties["strength"] * BILLION).round()
    assert cells(weekly.ties, amounts) == cells(expected, expected["billionths"])
    counts = reasons.value_counts()
    assert weekly.removed == {reason: counts.get(reason, 0) for reason in REMOVED}
    assert weekly.kept == counts.get("kept", 0)
    assert weekly.records == len(records) == weekly.kept + sum(weekly.removed.values())


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records=RECORDS, seed=st.integers(0, 99))
def test_the_order_of_the_records_changes_nothing(records: list[dict[str, Any]], seed: int) -> None:
    shuffled = [records[i] for i in np.random.default_rng(seed).permutation(len(records))]

    one = weekly_ties(arrow(records), PEOPLE, rules=TieRules())
    other = weekly_ties(arrow(shuffled), PEOPLE, rules=TieRules())

    pd.testing.assert_frame_equal(one.ties, other.ties)
    assert one.removed == other.removed


def record(sender: str, recipient: str, kind: str = "to", **more: Any) -> dict[str, Any]:
    columns = dict.fromkeys(INTERACTIONS.names)
    basic = {"sent_at": 0, "channel": "email", "recipients": 1, "message": "m", "source": "mbox"}
    return {**columns, **basic, "sender": sender, "recipient": recipient, "kind": kind, **more}


def weekly(*records: dict[str, Any], rules: TieRules | None = None) -> Any:
    return weekly_ties(arrow(list(records)), PEOPLE, rules=rules or TieRules())


def ties(*records: dict[str, Any]) -> list[tuple[Any, ...]]:
    frame = weekly(*records).ties
    columns = ["sender", "recipient", "interactions", "strength"]
    return list(frame[columns].itertuples(index=False, name=None))


def reason(*records: dict[str, Any], rules: TieRules | None = None) -> dict[str, int]:
    removed = weekly(*records, rules=rules).removed
    return {name: count for name, count in removed.items() if count}


A, A_CHAT, B, B_OLD, C = "a@x.example", "slack:A", "b@x.example", "b2@x.example", "c@x.example"
OUT, BOT, NEW, GUEST = "o@x.example", "noreply@x.example", "new@x.example", "guest@y.example"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([record(A, A), record(A, A)], {"duplicate": 1, "self": 1}),
        ([record(BOT, BOT, recipients=99)], {"self": 1}),
        ([record(A, A_CHAT, recipients=99)], {"self": 1}),
        ([record(BOT, GUEST, recipients=99)], {"bot": 1}),
        ([record(A, GUEST, recipients=99)], {"broadcast": 1}),
        ([record(OUT, GUEST)], {"out_of_scope": 1}),
        ([record(OUT, NEW)], {"out_of_scope": 1}),
        ([record(OUT, BOT)], {"bot": 1}),
        ([record(A, OUT)], {"opted_out": 1}),
        ([record(A, B), record(A, B_OLD)], {"duplicate": 1}),
    ],
)
def test_a_record_is_counted_under_the_first_rule_that_takes_it(
    rows: list[dict[str, Any]], expected: dict[str, int]
) -> None:
    assert reason(*rows) == expected


def test_of_one_message_the_strongest_kind_counts() -> None:
    assert ties(record(A, B, "cc"), record(A, B, "to")) == [("a", "b", 1, 1.0)]
    assert ties(record(A, B, "reaction"), record(A, B, "mention")) == [("a", "b", 1, 1.0)]


def test_the_kinds_of_the_schema_stand_from_strong_to_weak() -> None:
    assert KINDS[:6] == ("dm", "to", "reply", "mention", "cc", "reaction")


def test_a_person_who_is_addressed_twice_counts_once() -> None:
    assert ties(record(A, B, recipients=2), record(A, B_OLD, recipients=2)) == [("a", "b", 1, 0.5)]


@pytest.mark.parametrize(
    ("recipients", "billionths"), [(1, 10**9), (3, 333_333_333), (7, 142_857_142)]
)
def test_a_share_is_one_by_the_recipients_in_whole_billionths(
    recipients: int, billionths: int
) -> None:
    assert ties(record(A, B, recipients=recipients)) == [("a", "b", 1, billionths / BILLION)]


def test_a_carbon_copy_counts_half() -> None:
    assert ties(record(A, B, "cc", recipients=3)) == [("a", "b", 1, 166_666_666 / BILLION)]


def test_recipients_out_of_scope_still_share_the_message() -> None:
    rows = [record(A, B, recipients=2), record(A, GUEST, recipients=2)]

    assert ties(*rows) == [("a", "b", 1, 0.5)]


def test_a_reaction_alone_makes_no_week_active() -> None:
    assert ties(record(A, B, "reaction", channel="chat")) == [("a", "b", 0, 1.0)]


def test_a_meeting_makes_ties_in_both_directions() -> None:
    row = record(B, A, "attend", channel="meeting", recipients=4, hours=2.0)

    assert ties(row) == [("a", "b", 1, 0.5), ("b", "a", 1, 0.5)]


def test_a_meeting_that_is_recorded_in_both_directions_counts_once() -> None:
    rows = [record(*ends, "attend", channel="meeting", hours=1.0) for ends in ((A, B), (B, A))]

    assert ties(*rows) == [("a", "b", 1, 1.0), ("b", "a", 1, 1.0)]
    assert reason(*rows) == {"duplicate": 1}


@pytest.mark.parametrize(("people", "expected"), [(20, {}), (21, {"broadcast": 1})])
def test_a_meeting_of_more_than_twenty_people_is_a_broadcast(
    people: int, expected: dict[str, int]
) -> None:
    assert reason(record(A, B, "attend", channel="meeting", recipients=people - 1)) == expected


@pytest.mark.parametrize(("recipients", "expected"), [(20, {}), (21, {"broadcast": 1})])
def test_a_mail_to_more_than_twenty_is_a_broadcast(
    recipients: int, expected: dict[str, int]
) -> None:
    assert reason(record(A, B, recipients=recipients)) == expected


def test_a_rating_counts_as_its_value() -> None:
    row = record(A, B, "nomination", channel="survey", sent_at=None, value=2.5)

    frame = weekly(row).ties

    assert frame["week"].isna().tolist() == [True]
    assert frame["strength"].tolist() == [2.5]


def test_one_message_id_in_two_sources_is_one_message() -> None:
    assert reason(record(A, B), record(A, B, source="maildir")) == {"duplicate": 1}


def test_messages_of_two_channels_stand_in_two_rows() -> None:
    rows = [record(A, B), record(A, B, channel="chat", message="n", kind="dm")]

    assert weekly(*rows).ties["channel"].tolist() == ["email", "chat"]


@pytest.mark.parametrize(
    ("sent_at", "week"),
    [
        (4 * DAY_US - 1, "1969-12-29"),
        (4 * DAY_US, "1970-01-05"),
        (-3 * DAY_US - 1, "1969-12-22"),
        (9_224_318_016_000_000, "2262-04-21"),
    ],
)
def test_a_week_begins_at_midnight_between_sunday_and_monday_utc(sent_at: int, week: str) -> None:
    assert weekly(record(A, B, sent_at=sent_at)).ties["week"].astype(str).tolist() == [week]


def test_the_query_is_written_once_for_several_engines() -> None:
    texts = [queries(TieRules(), dialect) for dialect in ("duckdb", "pyspark")]

    assert all('"' in text for text in (texts[0].classified, texts[0].ties, texts[0].counts))
    assert all('"' not in text for text in (texts[1].classified, texts[1].ties, texts[1].counts))


def test_every_channel_comes_back_under_its_name() -> None:
    rows = [record(A, B, channel=name, message=name) for name in CHANNELS]

    assert weekly(*rows).ties["channel"].tolist() == list(CHANNELS)
