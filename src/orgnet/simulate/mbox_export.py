"""Writes the mails of a planted organisation as a mail archive (mbox, RFC 4155)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime, formataddr
from functools import lru_cache
from pathlib import Path

from orgnet.simulate.contact import Contact
from orgnet.simulate.filler import FROM_LINE, SENTENCES, SUBJECTS, endless
from orgnet.simulate.mail_noise import absence_notes, noise_mails
from orgnet.simulate.mails import AddressBook, Mail, Party, message_keys, planned_mails
from orgnet.simulate.organisation import DOMAIN, Organisation

#: One mail in so many lies in the archive twice, as in the mailboxes of two people.
MAILS_PER_COPY = 50
#: One mail in so many has a line of text that begins with "From " and is not quoted.
MAILS_PER_FROM_LINE = 100
#: Header lines are folded before they get longer.
LINE_LENGTH = 76


def write_mbox(organisation: Organisation, contact: Contact, path: Path) -> None:
    """Write all mails in order of time, then second copies of a few of them.

    Parameters
    ----------
    organisation, contact
        What is written; the same gives the same bytes.
    path
        The archive, written anew.
    """
    rng = organisation.rng("mbox")
    mails = collect_mails(organisation, contact)
    copied = set(rng.integers(0, len(mails), len(mails) // MAILS_PER_COPY).tolist())
    copies: list[bytes] = []
    sentences, subjects = endless(rng, SENTENCES), endless(rng, SUBJECTS)
    with path.open("wb") as file:
        for number, mail in enumerate(mails):
            text = [next(sentences) for _ in range(1 + number % 3)]
            if number % MAILS_PER_FROM_LINE == MAILS_PER_FROM_LINE // 2:
                text += ["", FROM_LINE, next(sentences)]
            written = _render(mail, subject=next(subjects), text=text)
            file.write(written)
            if number in copied:
                copies.append(written)
        file.writelines(copies)


def collect_mails(organisation: Organisation, contact: Contact) -> list[Mail]:
    """Return the planned mails and the noise, ordered by time."""
    rng = organisation.rng("mailbox")
    book, keys = AddressBook(organisation, rng), message_keys(rng)
    planned = list(planned_mails(organisation, contact, book, keys))
    personal = [mail for mail in planned if not mail.headers]
    notes = absence_notes(rng, personal, keys)
    mails = [*planned, *noise_mails(organisation, book, keys), *notes]
    return sorted(mails, key=lambda mail: (mail.sent_at, mail.key))


def _render(mail: Mail, *, subject: str, text: list[str]) -> bytes:
    """Write one mail with its separator line, as the archive holds it."""
    zone = timezone(timedelta(minutes=mail.sender.utc_minutes))
    automatic = any(name == "Auto-Submitted" for name, _ in mail.headers)
    envelope = "MAILER-DAEMON" if automatic else mail.sender.address
    received = format_datetime(datetime.fromtimestamp(mail.sent_at + 3, UTC))
    lines = [
        f"From {envelope} {time.asctime(time.gmtime(mail.sent_at + 3))}",
        f"Return-Path: <{'' if automatic else envelope}>",
        f"Received: from mail.{DOMAIN} (mail.{DOMAIN} [192.0.2.25])",
        f"\tby mx.{DOMAIN} with ESMTPS id {mail.key[:6]};",
        f"\t{received}",
        f"Message-ID: <{mail.key}>",
        f"Date: {format_datetime(datetime.fromtimestamp(mail.sent_at, zone))}",
        f"From: {_mailbox(mail.sender)}",
        *_fold("To", [_mailbox(party) for party in mail.to]),
    ]
    if mail.cc:
        lines += _fold("Cc", [_mailbox(party) for party in mail.cc])
    if mail.references:
        lines.append(f"In-Reply-To: <{mail.references[-1]}>")
        lines += _fold("References", [f"<{key}>" for key in mail.references], separator="")
    lines += [
        f"Subject: {'Re: ' if mail.references else ''}{subject}",
        *(f"{name}: {value}" for name, value in mail.headers),
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        *text,
        "",
        "",
    ]
    return "\n".join(lines).encode("utf-8")


@lru_cache(maxsize=4096)
def _mailbox(party: Party) -> str:
    """Return name and address for a header: quoted where needed, RFC 2047 beyond ASCII.

    Examples
    --------
    >>> _mailbox(Party("Osei, Ama", "ama.osei@company.example"))
    '"Osei, Ama" <ama.osei@company.example>'
    >>> _mailbox(Party("Zoë Björk", "zoe.bjork@company.example"))
    '=?utf-8?b?Wm/DqyBCasO2cms=?= <zoe.bjork@company.example>'
    """
    return formataddr((party.name, party.address))


def _fold(name: str, values: list[str], *, separator: str = ",") -> Iterator[str]:
    r"""Yield the lines of a header, folded between values.

    Examples
    --------
    >>> list(_fold("To", ["a" * 40 + "@example.com", "b" * 40 + "@example.com"]))[1][:5]
    '\tbbbb'
    """
    line = f"{name}:"
    for number, value in enumerate(values):
        if number and len(line) + len(value) > LINE_LENGTH:
            yield line
            line = f"\t{value}"
        else:
            line += f" {value}"
        if number < len(values) - 1:
            line += separator
    yield line
