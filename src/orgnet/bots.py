"""Senders that behave like machines: proposals for a person to confirm, never removed unasked."""

from __future__ import annotations

import pandas as pd

from orgnet.engines import Engine
from orgnet.identity import Standing
from orgnet.ties import KIND_CODES

#: Sends at least so much a week to at least so many people, of whom hardly anybody answers.
SENT_A_WEEK = 20
RECIPIENTS = 50
ANSWERED = 0.01

#: Times between two messages vary less than this, relative to their mean, over so many messages.
EVENNESS = 0.1
EVEN_MESSAGES = 30

#: Sends in at least so many of the 24 hours of the day.
HOURS = 22

_SENT = f"""
    SELECT senders.actor AS actor, recipients.actor AS recipient, message, second
    FROM interactions
    JOIN actors AS senders ON interactions.sender = senders.identity
    JOIN actors AS recipients ON interactions.recipient = recipients.identity
    WHERE senders.standing = {int(Standing.PERSON)} AND second IS NOT NULL
      AND kind <> {KIND_CODES["reaction"]} AND senders.actor <> recipients.actor
"""

# In words that DuckDB and Spark both know. A bit an hour is far cheaper than distinct hours.
_PROPOSALS = f"""
WITH sent AS ({_SENT}),
messages AS (SELECT actor, message, min(second) AS second FROM sent GROUP BY actor, message),
pairs AS (SELECT DISTINCT actor, recipient FROM sent),
answered AS (
    SELECT one.actor, count(*) AS people FROM pairs AS one
    JOIN pairs AS other ON one.actor = other.recipient AND one.recipient = other.actor
    GROUP BY one.actor
),
gaps AS (
    SELECT actor, second - lag(second) OVER (PARTITION BY actor ORDER BY second, message) AS gap
    FROM messages
),
evenness AS (
    SELECT actor, stddev_pop(gap) / nullif(avg(gap), 0) AS spread, count(gap) AS gaps
    FROM gaps GROUP BY actor
),
hourly AS (
    SELECT *, CAST((floor(second / 3600) % 24 + 24) % 24 AS INT) AS hour FROM messages
),
habits AS (
    SELECT actor, count(*) AS messages,
        count(*) / greatest((max(second) - min(second)) / 604800e0, 1e0) AS weekly,
        bit_count(bit_or(CAST(1 AS BIGINT) << hour)) AS hours
    FROM hourly GROUP BY actor
),
reach AS (SELECT actor, count(*) AS people FROM pairs GROUP BY actor),
judged AS (
    SELECT habits.actor AS actor,
        CASE
            WHEN weekly >= {SENT_A_WEEK} AND reach.people >= {RECIPIENTS}
                AND coalesce(answered.people, 0) < {ANSWERED} * reach.people
                THEN 'never_answered'
            WHEN gaps >= {EVEN_MESSAGES} AND spread < {EVENNESS} THEN 'even_times'
            WHEN hours >= {HOURS} THEN 'all_hours'
        END AS rule
    FROM habits
    JOIN reach ON habits.actor = reach.actor
    LEFT JOIN answered ON habits.actor = answered.actor
    LEFT JOIN evenness ON habits.actor = evenness.actor
)
SELECT actor, rule FROM judged
WHERE rule IS NOT NULL
ORDER BY actor
"""


def proposed_bots(engine: Engine) -> pd.DataFrame:
    """Return the senders that behave like machines (`measures.md` 1.3).

    Parameters
    ----------
    engine
        One that knows the tables ``interactions`` and ``actors``.

    Returns
    -------
    pandas.DataFrame
        ``actor`` and ``rule``: ``never_answered`` (much, to many, without answers),
        ``even_times`` (like clockwork) or ``all_hours`` (at nearly every hour of the day).
    """
    table: pd.DataFrame = engine.query(_PROPOSALS).to_pandas()
    return table
