"""Senders that behave like machines are proposed, never removed."""

import numpy as np
import pandas as pd

from orgnet.building import weekly_ties
from orgnet.roster import people_sheet
from orgnet.rules import TieRules

START = pd.Timestamp("2026-03-02", tz="UTC")


def mails(sender: str, recipients: list[str], hours: np.ndarray) -> pd.DataFrame:
    times = START + pd.to_timedelta(hours, unit="h")
    return pd.DataFrame(
        {
            "sent_at": times,
            "sender": sender,
            "recipient": [recipients[i % len(recipients)] for i in range(len(hours))],
            "channel": "email",
            "kind": "to",
            "message": [f"{sender}:{i}" for i in range(len(hours))],
        }
    )


def proposed(*frames: pd.DataFrame) -> dict[str, str]:
    weekly = weekly_ties(pd.concat(frames, ignore_index=True), None, rules=TieRules())
    return dict(zip(weekly.proposed_bots["person"], weekly.proposed_bots["rule"], strict=True))


def office_hours(rng: np.random.Generator, messages: int) -> np.ndarray:
    return 24 * rng.integers(0, 28, messages) + rng.uniform(8, 18, messages)


def test_who_writes_much_to_many_and_is_never_answered_may_be_a_machine() -> None:
    rng = np.random.default_rng(1)
    staff = [f"p{i}" for i in range(60)]

    assert proposed(mails("news", staff, office_hours(rng, 200))) == {"news": "never_answered"}


def test_who_is_answered_now_and_then_is_not_proposed() -> None:
    rng = np.random.default_rng(1)
    staff = [f"p{i}" for i in range(60)]

    sent = mails("aya", staff, office_hours(rng, 200))
    assert proposed(sent, mails("p1", ["aya"], office_hours(rng, 3))) == {}


def test_who_writes_like_clockwork_may_be_a_machine() -> None:
    assert proposed(mails("cron", ["a", "b"], np.arange(9, 40 * 24, 24.0))) == {
        "cron": "even_times"
    }


def test_who_writes_at_all_hours_may_be_a_machine() -> None:
    rng = np.random.default_rng(2)

    assert proposed(mails("owl", ["a"], rng.uniform(0, 28 * 24, 300))) == {"owl": "all_hours"}


def test_people_of_office_hours_are_not_proposed() -> None:
    rng = np.random.default_rng(3)

    assert proposed(mails("aya", ["a", "b", "c"], office_hours(rng, 300))) == {}


def test_proposed_senders_are_counted_as_people_until_somebody_decides() -> None:
    rng = np.random.default_rng(2)

    weekly = weekly_ties(mails("owl", ["a"], rng.uniform(0, 28 * 24, 300)), None, rules=TieRules())

    assert weekly.kept == 300
    assert weekly.removed["bot"] == 0


def test_the_sheet_for_hr_notes_them() -> None:
    rng = np.random.default_rng(2)

    sheet = people_sheet(mails("owl", ["a"], rng.uniform(0, 28 * 24, 300)))  # type: ignore[arg-type]

    assert sheet.set_index("person")["note"].to_dict() == {
        "owl": "a bot? sends at all hours of the day",
        "a": "",
    }
