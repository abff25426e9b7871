"""Writes mail logs and lists of any length: the same seed and size give the same bytes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

#: People are in departments, and most of their mail stays there.
PEOPLE = 2_000
_DEPARTMENT = 50
_BEGIN = datetime(2026, 1, 5)
_WEEKS = 12
_SUBJECTS = ("Re: Minutes", "Plan for the quarter, draft", 'The "new" rota', "Lunch?", "Offer 4711")
_STATUSES = ("Deliver", "Deliver", "Deliver", "Deliver", "Deliver", "Send", "Fail")


class Size(NamedTuple):
    """How much a generator wrote.

    Attributes
    ----------
    messages
        Messages or rows, as the reader counts them.
    pairs
        Interactions that must come of it.
    """

    messages: int
    pairs: int


def write_summary_trace(path: Path, messages: int, *, seed: int = 7) -> Size:
    """Write an enhanced message trace: a row a message, with all its recipients in one cell."""
    header = (
        "origin_timestamp_utc,sender_address,recipient_status,message_subject,total_bytes,"
        "message_id,network_message_id,original_client_ip,directionality,connector_id,"
        "delivery_priority\n"
    )
    pairs = 0

    def row(mail: _Mail) -> str:
        nonlocal pairs
        told = []
        for recipient in mail.recipients:
            status = mail.rng.choice(_STATUSES)
            pairs += status != "Fail"
            told.append(f"{address(recipient)}##Receive, {status}")
        subject = mail.rng.choice(_SUBJECTS).replace('"', '""')
        return (
            f'{mail.sent_at.isoformat()}.0000000Z,{address(mail.sender)},"{";".join(told)}",'
            f'"{subject}",{mail.rng.randrange(2_000, 90_000)},<{mail.key}@mail.example.com>,'
            f"{_network(mail.key)},192.0.2.{mail.number % 255},Originating,,Normal\n"
        )

    _write(path, header, row, messages, seed)
    return Size(messages, pairs)


def write_recipient_trace(path: Path, rows: int, *, seed: int = 7) -> Size:
    """Write a trace as PowerShell does: a row a message and recipient."""
    header = (
        '"Received","SenderAddress","RecipientAddress","Subject","Status","ToIP","FromIP","Size",'
        '"MessageId","MessageTraceId"\n'
    )
    pairs = 0

    def row(mail: _Mail) -> str:
        nonlocal pairs
        lines = []
        for recipient in mail.recipients:
            delivered = mail.rng.random() < 0.98
            pairs += delivered
            subject = mail.rng.choice(_SUBJECTS).replace('"', '""')
            status = "Delivered" if delivered else "Failed"
            lines.append(
                f'"{mail.sent_at.isoformat()}Z","{address(mail.sender)}","{address(recipient)}",'
                f'"{subject}","{status}",,"192.0.2.{mail.number % 255}","20480",'
                f'"<{mail.key}@mail.example.com>","{_network(mail.key)}"\n'
            )
        return "".join(lines)

    written = _write(path, header, row, rows, seed, count=lambda mail: len(mail.recipients))
    return Size(written, pairs)


def write_edges(path: Path, rows: int, *, seed: int = 7) -> Size:
    """Write a list of ties with weights."""

    def row(mail: _Mail) -> str:
        return f"{mail.sender},{mail.recipients[0]},{mail.rng.randrange(1, 40)}\n"

    _write(path, "from,to,weight\n", row, rows, seed)
    return Size(rows, rows)


def write_interactions(path: Path, rows: int, *, seed: int = 7) -> Size:
    """Write a list of dated interactions between addresses."""

    def row(mail: _Mail) -> str:
        sender, recipient = address(mail.sender), address(mail.recipients[0])
        return f"{mail.sent_at.isoformat(sep=' ')},{sender},{recipient}\n"

    _write(path, "time,sender,recipient\n", row, rows, seed)
    return Size(rows, rows)


class _Mail(NamedTuple):
    number: int
    key: str
    sent_at: datetime
    sender: int
    recipients: list[int]
    rng: random.Random


def mails(count: int, seed: int) -> Iterator[_Mail]:
    """Draw mails in order of time, one to six different recipients each."""
    rng = random.Random(seed)
    step = timedelta(weeks=_WEEKS) / max(count, 1)
    for number in range(count):
        sender = rng.randrange(PEOPLE)
        recipients = {
            _colleague(rng, sender) for _ in range(1 if rng.random() < 0.5 else rng.randrange(2, 7))
        }
        recipients.discard(sender)
        sent_at = (_BEGIN + number * step).replace(microsecond=0)
        yield _Mail(
            number,
            f"{seed:x}{number:08x}{rng.getrandbits(48):012x}",
            sent_at,
            sender,
            sorted(recipients) or [(sender + 1) % PEOPLE],
            rng,
        )


def _write(
    path: Path,
    header: str,
    row: Callable[[_Mail], str],
    rows: int,
    seed: int,
    *,
    count: Callable[[_Mail], int] = lambda _: 1,
) -> int:
    """Write rows until there are as many as wanted, and return how many there are."""
    written = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(header)
        for mail in mails(rows, seed):
            if written >= rows:
                break
            file.write(row(mail))
            written += count(mail)
    return written


def _colleague(rng: random.Random, sender: int) -> int:
    if rng.random() < 0.7:
        return sender // _DEPARTMENT * _DEPARTMENT + rng.randrange(_DEPARTMENT)
    return rng.randrange(PEOPLE)


def address(person: int) -> str:
    return f"given{person % 97}.family{person}@example.com"


def _network(key: str) -> str:
    return f"{key[:8]}-{key[8:12]}-4000-8000-{key[-12:]}"
