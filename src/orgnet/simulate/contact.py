"""Who writes to whom and when in a planted organisation: threads and the messages in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import NamedTuple

import numpy as np
import pandas as pd

from orgnet.simulate.organisation import Organisation, plant_organisation
from orgnet.simulate.staff import OFFICES, Rates
from orgnet.simulate.ties import draw_ties
from orgnet.simulate.truth import Truth

#: How a thread runs and how common that is. ``list`` and ``channel`` threads begin with a message
#: to nobody in particular and what follows are answers; otherwise every message has an addressee.
MANNERS = {"mail": 0.52, "list": 0.03, "dm": 0.25, "channel": 0.14, "mention": 0.06}
MAIL_MANNERS = ("mail", "list")
OPEN_MANNERS = ("list", "channel")

#: No thread is longer, so that each ends in the week in which it began.
LONGEST_THREAD = 8
MEAN_PAUSE_SECONDS = 45 * 60.0
LONGEST_PAUSE_SECONDS = 6 * 3600
#: Shape of the negative binomial number of answers: the smaller, the more unequal.
ANSWERS_SHAPE = 0.8
#: Threads begin between these hours, by a clock half-way between the two offices, most often
#: about the second.
WORKING_HOURS = (8.5, 10.5, 17.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What happens in a planted organisation; people are given by position.

    Parameters
    ----------
    ties
        One row a tie: `person_a` < `person_b`, `threads_per_week` while both are present.
    threads
        One row a thread: `week` (0 is the first), `starter`, `partner`, `manner` (one of
        `MANNERS`), `started_at` (seconds since 1970 UTC); ordered by `started_at`.
    interactions
        One row a message to a person: `thread` (row of `threads`), `sender`, `recipient`,
        `sent_at` (seconds since 1970 UTC); ordered by thread, then time. The messages to nobody
        in particular that open ``list`` and ``channel`` threads are not among them.
    """

    ties: pd.DataFrame
    threads: pd.DataFrame
    interactions: pd.DataFrame

    def conversations(self) -> Iterator[Conversation]:
        """Yield the threads one by one with their messages, in the order in which they began."""
        columns = ["sender", "recipient", "sent_at"]
        steps = list(zip(*(self.interactions[c].tolist() for c in columns), strict=True))
        ends = np.cumsum(np.bincount(self.interactions["thread"], minlength=len(self.threads)))
        begin = 0
        threads = self.threads.itertuples(index=False, name=None)
        for thread, end in zip(threads, ends.tolist(), strict=True):
            week, starter, partner, manner, started_at = thread
            yield Conversation(week, starter, partner, manner, started_at, steps[begin:end])
            begin = end


class Conversation(NamedTuple):
    """One thread: a row of `Contact.threads`, and its messages as sender, recipient, sent_at."""

    week: int
    starter: int
    partner: int
    manner: str
    started_at: int
    steps: list[tuple[int, int, int]]


class PlantedTies(NamedTuple):
    """Weekly ties of a planted organisation, its people, and the truth about it."""

    ties: pd.DataFrame
    people: pd.DataFrame
    truth: Truth


def plant_ties(
    *,
    seed: int = 7,
    people: int = 400,
    departments: int = 10,
    silos: int = 2,
    bottlenecks: int = 3,
    weak_links: int = 3,
    hubs: int = 0,
    overloads: int = 0,
    part_time: float = 0.0,
    weeks: int = 12,
    rates: Rates | None = None,
) -> PlantedTies:
    """Plant an organisation and return its weekly ties, without the way over files.

    These are the ties that a faultless reading of the exports of the same organisation gives:
    the same people write to the same people in the same weeks. Bots, broadcasts and other noise
    are not in them. Every message counts as one with a single recipient.

    Parameters
    ----------
    seed, people, departments, silos, bottlenecks, weak_links, hubs, overloads, part_time, weeks, \
    rates
        As in `plant_organisation`.

    Returns
    -------
    PlantedTies
        `ties` with the columns of `orgnet.schema.TIES`: `week` (a Monday), `sender` and
        `recipient` (person ids), `channel`, `interactions`, `strength`; `people` and `truth` as in
        `Organisation`.

    Raises
    ------
    UsageError
        If the numbers do not fit together.

    Examples
    --------
    >>> ties, people, truth = plant_ties(people=60, departments=4, silos=1, bottlenecks=0,
    ...                                  weak_links=0)
    >>> list(ties.columns)
    ['week', 'sender', 'recipient', 'channel', 'interactions', 'strength']
    >>> ties["week"].nunique()
    12
    """
    organisation = plant_organisation(
        seed=seed,
        people=people,
        departments=departments,
        silos=silos,
        bottlenecks=bottlenecks,
        weak_links=weak_links,
        hubs=hubs,
        overloads=overloads,
        part_time=part_time,
        weeks=weeks,
        rates=rates,
    )
    return PlantedTies(
        weekly_ties(organisation, draw_contact(organisation)),
        organisation.people,
        organisation.truth,
    )


def draw_contact(organisation: Organisation) -> Contact:
    """Draw the ties of an organisation, their weekly threads and the single messages.

    The number of a tie's threads in a week is Poisson, the number of answers in a thread negative
    binomial. Threads begin when it is working time half-way between the two offices. Nothing
    happens before somebody's first week or after the last.

    Parameters
    ----------
    organisation
        As planted.

    Returns
    -------
    Contact
        The same for the same organisation.

    Examples
    --------
    >>> firm = plant_organisation(people=60, departments=4, silos=0, bottlenecks=0, weak_links=0)
    >>> contact = draw_contact(firm)
    >>> len(contact.interactions) >= len(contact.threads) > len(contact.ties)
    True
    """
    rng = organisation.rng("contact")
    return contact_over(rng, organisation, draw_ties(rng, organisation))


def contact_over(
    rng: np.random.Generator, organisation: Organisation, ties: pd.DataFrame
) -> Contact:
    """Draw the threads and messages that run over given ties.

    Part-timers have fewer threads, by their hours; the overloaded take longer to write.

    Parameters
    ----------
    rng
        Source of randomness.
    organisation
        Whose ties these are.
    ties
        As `Contact.ties`.
    """
    threads = _draw_threads(rng, organisation, ties)
    interactions = _draw_interactions(rng, threads, organisation)
    return Contact(ties=ties, threads=threads, interactions=interactions)


def weekly_ties(organisation: Organisation, contact: Contact) -> pd.DataFrame:
    """Count the messages from one person to another in each week and channel.

    Returns
    -------
    DataFrame
        Columns of `orgnet.schema.TIES`, ordered by week, sender, recipient and channel;
        `strength` equals `interactions`, as every message has one recipient.
    """
    thread = contact.interactions["thread"].to_numpy()
    people = organisation.headcount
    by_mail = contact.threads["manner"].isin(MAIL_MANNERS).to_numpy()[thread]
    week = contact.threads["week"].to_numpy()[thread]
    sender = contact.interactions["sender"].to_numpy()
    recipient = contact.interactions["recipient"].to_numpy()
    keys = ((week * people + sender) * people + recipient) * 2 + ~by_mail
    keys, counts = np.unique(keys, return_counts=True)
    pairs, chat = np.divmod(keys, 2)
    pairs, recipient = np.divmod(pairs, people)
    week, sender = np.divmod(pairs, people)
    ids = organisation.people["person"].to_numpy()
    mondays = np.array(organisation.mondays, dtype=object)
    return pd.DataFrame(
        {
            "week": mondays[week],
            "sender": ids[sender],
            "recipient": ids[recipient],
            "channel": np.array(["email", "chat"], dtype=object)[chat],
            "interactions": counts,
            "strength": counts.astype(np.float64),
        }
    )


def _draw_threads(
    rng: np.random.Generator, organisation: Organisation, ties: pd.DataFrame
) -> pd.DataFrame:
    staff = organisation.staff
    pairs = ties[["person_a", "person_b"]].to_numpy()
    lively = ties["threads_per_week"].to_numpy() * staff.hours[pairs].min(axis=1, initial=1.0)
    counts = rng.poisson(lively[:, None], size=(len(ties), organisation.weeks))
    every_week = np.arange(organisation.weeks)
    counts[every_week < staff.first_week[pairs].max(axis=1, initial=0)[:, None]] = 0
    counts[every_week > staff.last_week[pairs].min(axis=1)[:, None]] = 0
    tie, week = (np.repeat(axis, counts[counts > 0]) for axis in np.nonzero(counts))
    size = len(tie)
    first = rng.integers(0, 2, size=size)
    starter, partner = pairs[tie, first], pairs[tie, 1 - first]
    zones = np.array([minutes for minutes, _ in OFFICES.values()]) * 60
    zone = (zones[staff.office[starter]] + zones[staff.office[partner]]) // 2
    second_of_day = (rng.triangular(*WORKING_HOURS, size=size) * 3600).astype(np.int64)
    day = week * 7 + rng.integers(0, 5, size=size)
    begin = datetime.combine(organisation.first_monday, time(), UTC)
    started_at = int(begin.timestamp()) + day * 86_400 + second_of_day - zone
    manner = rng.choice(len(MANNERS), size=size, p=list(MANNERS.values()))
    order = np.argsort(started_at, kind="stable")
    return pd.DataFrame(
        {
            "week": week[order],
            "starter": starter[order],
            "partner": partner[order],
            "manner": np.array(list(MANNERS), dtype=object)[manner[order]],
            "started_at": started_at[order],
        }
    )


def _draw_interactions(
    rng: np.random.Generator, threads: pd.DataFrame, organisation: Organisation
) -> pd.DataFrame:
    staff, rates = organisation.staff, organisation.rates
    answers_mean = rates.messages - 1
    share = ANSWERS_SHAPE / (ANSWERS_SHAPE + answers_mean)
    answers = rng.negative_binomial(ANSWERS_SHAPE, share, size=len(threads))
    messages = np.minimum(1 + answers, LONGEST_THREAD)
    thread = np.repeat(np.arange(len(threads)), messages)
    begin = np.cumsum(messages) - messages
    step = np.arange(len(thread)) - begin[thread]
    # In an open thread the first message to a person is the partner's answer.
    is_open = threads["manner"].isin(OPEN_MANNERS).to_numpy()[thread]
    by_starter = (step % 2 == 0) ^ is_open
    starter = threads["starter"].to_numpy()[thread]
    partner = threads["partner"].to_numpy()[thread]
    sender = np.where(by_starter, starter, partner)
    slowness = np.where(staff.overloaded[sender], rates.overload_factor, 1.0)
    pause = np.minimum(
        60 + rng.exponential(MEAN_PAUSE_SECONDS, size=len(thread)) * slowness,
        LONGEST_PAUSE_SECONDS,
    ).astype(np.int64)
    pause[(step == 0) & ~is_open] = 0
    elapsed = np.cumsum(pause)
    since_start = elapsed - (elapsed - pause)[begin][thread]
    return pd.DataFrame(
        {
            "thread": thread,
            "sender": sender,
            "recipient": np.where(by_starter, partner, starter),
            "sent_at": threads["started_at"].to_numpy()[thread] + since_start,
        }
    )
