"""Harmless sentences for the messages of a planted organisation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

SENTENCES = (
    "The figures for last week are in the usual place.",
    "Could we look at the draft once more before it goes out?",
    "I moved the slot by an hour, nothing else changed.",
    "The second option looks simpler to me.",
    "Let us keep the list short and finish what is on it.",
    "The supplier confirmed the date.",
    "I will send the corrected table this afternoon.",
    "Thanks, that answers it.",
    "One question is still open, see below.",
    "The test ran through twice without a fault.",
    "We agreed on the smaller version for now.",
    "The minutes are ready, please add what is missing.",
    "Both samples arrived and look fine.",
    "Can this wait until the end of the week?",
    "The estimate was a little too hopeful.",
    "I would rather decide this with all the numbers at hand.",
    "Déjà vu: the same printer, the same paper jam.",
    "Schöne Grüße, and have a good start into the day.",
)

SUBJECTS = (
    "plan for the quarter", "open points", "numbers for the review", "next steps",
    "draft for comment", "visit on Thursday", "question about the order", "minutes",
    "change of date", "checklist",
)  # fmt: skip

#: A line of text that a careless reader of a mail archive takes for the start of a message.
FROM_LINE = "From here on we keep the shorter list."


def endless(rng: np.random.Generator, phrases: tuple[str, ...]) -> Iterator[str]:
    """Yield phrases at random for ever.

    Examples
    --------
    >>> phrases = endless(np.random.default_rng(7), ("yes", "no"))
    >>> {next(phrases) for _ in range(20)} == {"yes", "no"}
    True
    """
    while True:
        yield from (phrases[number] for number in rng.integers(0, len(phrases), 4096).tolist())
