"""A planted bakery: twelve people, whose contact is known pair by pair and week by week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

import numpy as np

from orgnet.errors import UsageError
from orgnet.simulate.names import ascii_letters
from orgnet.simulate.organisation import FIRST_MONDAY, random_numbers

#: The mail domain of the bakery.
BAKERY_DOMAIN = "bakery.example"

#: Two periods of twelve weeks.
BAKERY_WEEKS = 24
_LATER = BAKERY_WEEKS // 2

Way = Literal["chat", "mail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Baker:
    """Somebody who works there.

    Parameters
    ----------
    name, department
        As in the roster.
    agreed
        Whether they agreed to be shown by name.
    """

    name: str
    department: str
    agreed: bool = True

    @property
    def called(self) -> str:
        """The given name, under which the phones of the others know them."""
        return self.name.partition(" ")[0]

    @property
    def address(self) -> str:
        """The mail address."""
        return f"{ascii_letters(self.called)}@{BAKERY_DOMAIN}"


BAKERS = (
    Baker(name="Amara Osei", department="Baking"),
    Baker(name="Jonas Keller", department="Baking"),
    Baker(name="Lucía Ferrer", department="Baking"),
    Baker(name="Tomasz Sikora", department="Baking", agreed=False),
    Baker(name="Mia Brandt", department="Shop"),
    Baker(name="Ewan Lowe", department="Shop"),
    Baker(name="Priya Raman", department="Shop"),
    Baker(name="Élodie Marchand", department="Shop"),
    Baker(name="Ben Hartley", department="Delivery"),
    Baker(name="Kwabena Mensah", department="Delivery"),
    Baker(name="Niamh Ashdown", department="Marketing"),
    Baker(name="Yusuf Aydın", department="Marketing"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """Two people who are in contact in a share of the weeks from `first` to before `end`.

    Parameters
    ----------
    pair
        Positions in `BAKERS`.
    share
        Of the weeks.
    way
        How they are.
    first, end
        Week numbers from 0.
    """

    pair: tuple[int, int]
    share: float
    way: Way = "chat"
    first: int = 0
    end: int = BAKERY_WEEKS


#: Who is in contact with whom. Delivery reaches the others through Ben only; he and Amara stopped
#: when the second period began. Nobody who bakes is in contact with marketing.
HABITS = (
    Habit(pair=(0, 1), share=1.0),
    Habit(pair=(0, 2), share=0.45),
    Habit(pair=(0, 3), share=0.7),
    Habit(pair=(1, 2), share=0.4),
    Habit(pair=(1, 3), share=0.6),
    Habit(pair=(4, 5), share=0.9),
    Habit(pair=(4, 6), share=0.75),
    Habit(pair=(4, 7), share=0.5),
    Habit(pair=(5, 6), share=0.45),
    Habit(pair=(6, 7), share=0.7),
    Habit(pair=(8, 9), share=1.0),
    Habit(pair=(10, 11), share=0.9, way="mail"),
    Habit(pair=(0, 4), share=1.0),
    Habit(pair=(0, 4), share=0.4, way="mail"),
    Habit(pair=(2, 6), share=0.4),
    Habit(pair=(3, 5), share=0.5),
    Habit(pair=(4, 8), share=0.8),
    Habit(pair=(5, 8), share=0.5),
    Habit(pair=(4, 10), share=0.6, way="mail"),
    Habit(pair=(6, 10), share=0.75, way="mail", first=_LATER),
    Habit(pair=(8, 11), share=0.4, way="mail"),
    Habit(pair=(0, 8), share=0.7, end=_LATER),
    Habit(pair=(7, 11), share=0.08),
)

#: Whom people name in the survey besides those of a habit: seen every day, never written to.
ONLY_SPOKEN = ((1, 7), (2, 7))


@dataclass(frozen=True, slots=True, kw_only=True)
class BakeryMessage:
    """One message between two people, before it is written down.

    Parameters
    ----------
    sent_at
        On the clock of the bakery.
    sender, recipient
        Positions in `BAKERS`.
    way
        By chat or by mail.
    answers
        Whether it answers the message before.
    """

    sent_at: datetime
    sender: int
    recipient: int
    way: Way
    answers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bakery:
    """An invented bakery: the same seed, the same messages.

    Examples
    --------
    >>> bakery = plant_bakery(seed=7)
    >>> len(bakery.people), bakery.truth[0]
    (12, ('whole', ('Ben Hartley', 'Delivery')))
    """

    seed: int
    first_monday: date = FIRST_MONDAY

    @property
    def people(self) -> tuple[Baker, ...]:
        """Everybody who works there."""
        return BAKERS

    @property
    def truth(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What is planted, by kind, and of whom."""
        return (
            ("whole", ("Ben Hartley", "Delivery")),
            ("no_contact", ("Baking", "Marketing")),
            ("ended", ("Baking", "Delivery")),
        )

    @property
    def last_day(self) -> date:
        """The last day of the last week."""
        return self.first_monday + timedelta(weeks=BAKERY_WEEKS, days=-1)

    def rng(self, purpose: str) -> np.random.Generator:
        """Return random numbers that depend on the seed and `purpose` alone."""
        return random_numbers(self.seed, purpose)

    def messages(self) -> Iterator[BakeryMessage]:
        """Yield all messages in order of time."""
        rng = self.rng("bakery")
        found = [
            message
            for week in range(BAKERY_WEEKS)
            for habit in HABITS
            if habit.first <= week < habit.end and rng.random() < habit.share
            for message in self._exchange(week, habit, rng)
        ]
        yield from sorted(found, key=lambda message: (message.sent_at, message.sender))

    def _exchange(
        self, week: int, habit: Habit, rng: np.random.Generator
    ) -> Iterator[BakeryMessage]:
        """Yield a message and, mostly, its answer: from five in the morning on, six days a week."""
        sender, recipient = habit.pair if rng.random() < 0.5 else habit.pair[::-1]
        minute = int(rng.integers(5 * 60, 15 * 60))
        monday = datetime.combine(self.first_monday, datetime.min.time())
        sent_at = monday + timedelta(weeks=week, days=int(rng.integers(6)), minutes=minute)
        yield BakeryMessage(
            sent_at=sent_at, sender=sender, recipient=recipient, way=habit.way, answers=False
        )
        if rng.random() < 0.7:
            yield BakeryMessage(
                sent_at=sent_at + timedelta(minutes=int(rng.integers(2, 90))),
                sender=recipient,
                recipient=sender,
                way=habit.way,
                answers=True,
            )


def plant_bakery(*, seed: int = 7) -> Bakery:
    """Invent the bakery.

    Parameters
    ----------
    seed
        The same seed gives the same messages; 0 or more.

    Raises
    ------
    UsageError
        If the seed is negative.
    """
    if seed < 0:
        raise UsageError(f"seed is {seed}; give 0 or more")
    return Bakery(seed=seed)
