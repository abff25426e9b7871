"""The mails that a planted organisation's contact consists of, before they are written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from orgnet.simulate.contact import Contact, Conversation
from orgnet.simulate.organisation import ACCOUNTS, DOMAIN, Organisation
from orgnet.simulate.staff import OFFICES

#: How often somebody who opens several threads in a week writes one mail to all of them.
JOINT_MAIL_SHARE = 0.3
#: How often the further recipient of such a mail stands in Cc.
CC_SHARE = 0.4
JOINT_MAIL_RECIPIENTS = 5
LIST_DOMAIN = f"lists.{DOMAIN}"


class Party(NamedTuple):
    """One end of a mail: display name, address, distance of its clock from UTC."""

    name: str
    address: str
    utc_minutes: int = 0


@dataclass(slots=True, kw_only=True)
class Mail:
    """One mail before it is written down.

    Parameters
    ----------
    sent_at
        Seconds since 1970 UTC.
    sender, to, cc
        Who wrote it and who is addressed.
    key
        The Message-ID without brackets.
    references
        Keys of the earlier mails of the thread; the last is the one answered.
    headers
        Further headers, such as ``Auto-Submitted``.
    """

    sent_at: int
    sender: Party
    to: list[Party]
    cc: list[Party] = field(default_factory=list)
    key: str
    references: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


class AddressBook:
    """Says how people and accounts appear in mail headers.

    Those with two addresses use either, mail by mail. Some people's names are written surname
    first, as some directories do.

    Parameters
    ----------
    organisation
        Whose people these are.
    rng
        Decides between two addresses.
    """

    def __init__(self, organisation: Organisation, rng: np.random.Generator) -> None:
        people = organisation.people
        minutes = [minutes for minutes, _ in OFFICES.values()]
        clocks = [minutes[office] for office in organisation.staff.office.tolist()]
        clocks += [0] * (len(people) - len(clocks))
        self._parties = [
            [Party(_directory_name(name, row), address, clock) for address in emails]
            for row, (name, emails, clock) in enumerate(
                zip(people["name"], people["emails"], clocks, strict=True)
            )
        ]
        self._accounts = {
            local: organisation.headcount + number for number, (local, *_) in enumerate(ACCOUNTS)
        }
        self._rng = rng

    def party(self, person: int) -> Party:
        """Return a person as they appear in the next mail."""
        parties = self._parties[person]
        return parties[0] if len(parties) == 1 else parties[int(self._rng.integers(len(parties)))]

    def account(self, local_part: str) -> Party:
        """Return a shared mailbox or bot of the roster by the local part of its address."""
        return self._parties[self._accounts[local_part]][0]


def _directory_name(name: str, row: int) -> str:
    """Turn every eighth name round, ``"Osei, Ama"``, so that it needs quotes in a header."""
    given, _, surname = name.partition(" ")
    return f"{surname}, {given}" if row % 8 == 3 else name


def message_keys(rng: np.random.Generator) -> Iterator[str]:
    """Yield Message-IDs without brackets, no two alike.

    Examples
    --------
    >>> next(message_keys(np.random.default_rng(7))).endswith("@mail.company.example")
    True
    """
    serial = 0
    while True:
        for number in rng.integers(0, 1 << 48, 4096).tolist():
            serial += 1
            yield f"{serial:06x}.{number:012x}@mail.{DOMAIN}"


def planned_mails(
    organisation: Organisation, contact: Contact, book: AddressBook, keys: Iterator[str]
) -> Iterator[Mail]:
    """Yield the mails of all mail and list threads, thread by thread.

    A mail to several people stands for the openings of as many threads of one person in one week;
    each of them is then answered to its writer alone. So whoever is addressed is somebody the
    writer is in contact with, and who writes to whom in which week stays as planned.
    """
    rng = organisation.rng("mails")
    latest: dict[tuple[int, int], Mail] = {}
    met: dict[tuple[int, int], set[int]] = {}
    for conversation in contact.conversations():
        if conversation.manner == "list":
            yield from _list_thread(organisation, conversation, book, keys)
        if conversation.manner != "mail":
            continue
        desk = conversation.week, conversation.starter
        joint, in_cc = (rng.random(2) < (JOINT_MAIL_SHARE, CC_SHARE)).tolist()
        recipients = met.setdefault(desk, set())
        if (
            joint
            and desk in latest
            and conversation.partner not in recipients
            and len(recipients) < JOINT_MAIL_RECIPIENTS
        ):
            opening = latest[desk]
            (opening.cc if in_cc else opening.to).append(book.party(conversation.partner))
            recipients.add(conversation.partner)
        else:
            opening = _mail(conversation, 0, book, next(keys))
            latest[desk] = opening
            met[desk] = {conversation.partner}
            yield opening
        references: tuple[str, ...] = (opening.key,)
        for step in range(1, len(conversation.steps)):
            answer = _mail(conversation, step, book, next(keys), references=references)
            references += (answer.key,)
            yield answer


def _mail(
    conversation: Conversation,
    step: int,
    book: AddressBook,
    key: str,
    references: tuple[str, ...] = (),
) -> Mail:
    sender, recipient, sent_at = conversation.steps[step]
    return Mail(
        sent_at=sent_at,
        sender=book.party(sender),
        to=[book.party(recipient)],
        key=key,
        references=references,
    )


def _list_thread(
    organisation: Organisation, conversation: Conversation, book: AddressBook, keys: Iterator[str]
) -> Iterator[Mail]:
    """Yield a thread on the starter's department list: all of it is addressed to the list."""
    department = organisation.departments[organisation.staff.department[conversation.starter]]
    name = department.lower()
    address = f"{name}@{LIST_DOMAIN}"
    headers = (
        ("List-Id", f"{department} list <{name}.{LIST_DOMAIN}>"),
        ("List-Post", f"<mailto:{address}>"),
        ("Precedence", "list"),
    )
    references: tuple[str, ...] = ()
    opening = conversation.starter, conversation.partner, conversation.started_at
    for sender, _, sent_at in (opening, *conversation.steps):
        mail = Mail(
            sent_at=sent_at,
            sender=book.party(sender),
            to=[Party("", address)],
            key=next(keys),
            references=references,
            headers=headers,
        )
        references += (mail.key,)
        yield mail
