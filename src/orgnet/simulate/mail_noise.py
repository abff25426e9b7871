"""Mails that are no contact between two colleagues: broadcasts, bots, customers, absence notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time

import numpy as np
from numpy.typing import NDArray

from orgnet.simulate.mails import AddressBook, Mail, Party
from orgnet.simulate.names import draw_names
from orgnet.simulate.organisation import DOMAIN, Organisation, broadcasting_heads

CUSTOMERS = 40
CUSTOMER_DOMAINS = ("client-one.example", "client-two.example", "client-three.example")
CUSTOMER_MAILS_A_WEEK = 40
SUPPORT_MAILS_A_WEEK = 15
SYSTEM_MAILS_A_DAY = 3
NEWSLETTER_RECIPIENTS = 60
BUILD_READERS = 5
#: One mail in so many is answered by an absence note.
MAILS_PER_ABSENCE_NOTE = 100

SYSTEM = Party("Ticket System", f"noreply@{DOMAIN}")


def noise_mails(
    organisation: Organisation, book: AddressBook, keys: Iterator[str]
) -> Iterator[Mail]:
    """Yield newsletters, mails to whole departments, and those of bots, systems and customers."""
    rng = organisation.rng("mail noise")
    customers = [
        Party(name.display, f"{name.local_part}@{CUSTOMER_DOMAINS[number % 3]}")
        for number, name in enumerate(draw_names(rng, CUSTOMERS))
    ]
    monday = int(datetime.combine(organisation.first_monday, time(), UTC).timestamp())
    yield from _department_news(organisation, book, keys, monday)
    build_readers: NDArray[np.int64] | None = None
    for week in range(organisation.weeks):
        begin = monday + week * 7 * 86_400
        present = present_people(organisation, week)
        yield _newsletter(rng, book, keys, present, begin)
        if build_readers is None:
            build_readers = rng.choice(present, min(BUILD_READERS, len(present)), replace=False)
        for day in range(5):
            midnight = begin + day * 86_400
            yield Mail(
                sent_at=midnight + 4 * 3600,
                sender=book.account("build"),
                to=[book.party(person) for person in np.intersect1d(build_readers, present)],
                key=next(keys),
                headers=(("Auto-Submitted", "auto-generated"),) if day % 2 else (),
            )
            for person in rng.choice(present, SYSTEM_MAILS_A_DAY).tolist():
                yield Mail(
                    sent_at=midnight + int(rng.integers(86_400)),
                    sender=SYSTEM,
                    to=[book.party(person)],
                    key=next(keys),
                    headers=(("Precedence", "bulk"), ("Auto-Submitted", "auto-generated")),
                )
        yield from _customer_mails(rng, book, keys, customers, present, begin)


def present_people(organisation: Organisation, week: int) -> NDArray[np.int64]:
    """Return the positions of those who are there in a week and not silent."""
    staff = organisation.staff
    return np.flatnonzero((staff.first_week <= week) & (staff.last_week >= week) & ~staff.silent)


def absence_notes(
    rng: np.random.Generator, mails: Sequence[Mail], keys: Iterator[str]
) -> Iterator[Mail]:
    """Answer a few of `mails` as an absent recipient's mail server does."""
    for number in rng.integers(0, len(mails), len(mails) // MAILS_PER_ABSENCE_NOTE).tolist():
        mail = mails[number]
        yield Mail(
            sent_at=mail.sent_at + 2,
            sender=mail.to[0],
            to=[mail.sender],
            key=next(keys),
            references=(mail.key,),
            headers=(("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")),
        )


def _department_news(
    organisation: Organisation, book: AddressBook, keys: Iterator[str], monday: int
) -> Iterator[Mail]:
    """Let the heads of large departments write to all of them, once."""
    staff = organisation.staff
    for head in broadcasting_heads(staff).tolist():
        members = np.flatnonzero(staff.steady & (staff.department == staff.department[head]))
        yield Mail(
            sent_at=monday + 9 * 3600 + head,
            sender=book.party(head),
            to=[book.party(person) for person in members.tolist() if person != head],
            key=next(keys),
        )


def _newsletter(
    rng: np.random.Generator,
    book: AddressBook,
    keys: Iterator[str],
    present: NDArray[np.int64],
    begin: int,
) -> Mail:
    """Write the week's newsletter, half of its readers in To and half in Cc."""
    readers = rng.choice(present, min(NEWSLETTER_RECIPIENTS, len(present)), replace=False)
    parties = [book.party(person) for person in readers.tolist()]
    return Mail(
        sent_at=begin + 86_400 + 7 * 3600,
        sender=book.account("news"),
        to=parties[::2],
        cc=parties[1::2],
        key=next(keys),
    )


def _customer_mails(
    rng: np.random.Generator,
    book: AddressBook,
    keys: Iterator[str],
    customers: Sequence[Party],
    present: NDArray[np.int64],
    begin: int,
) -> Iterator[Mail]:
    """Yield mails between staff and customers, and questions to the support mailbox, answered."""
    support = book.account("support")
    for number in range(CUSTOMER_MAILS_A_WEEK + SUPPORT_MAILS_A_WEEK):
        colleague = book.party(int(rng.choice(present)))
        customer = customers[int(rng.integers(len(customers)))]
        sent_at = begin + int(rng.integers(5)) * 86_400 + int(rng.integers(9 * 3600, 16 * 3600))
        if number < CUSTOMER_MAILS_A_WEEK:
            ends = (customer, colleague) if number % 2 else (customer, support)
        else:
            ends = (colleague, support)
        question = Mail(sent_at=sent_at, sender=ends[0], to=[ends[1]], key=next(keys))
        yield question
        yield Mail(
            sent_at=sent_at + int(rng.integers(600, 6 * 3600)),
            sender=ends[1],
            to=[ends[0]],
            key=next(keys),
            references=(question.key,),
        )
