"""Writes what a planted bakery would export: a roster, a chat, some mails and a short survey."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime, formataddr
from pathlib import Path

from orgnet.simulate.bakery import (
    BAKERY_DOMAIN,
    BAKERY_WEEKS,
    HABITS,
    ONLY_SPOKEN,
    Bakery,
    BakeryMessage,
)
from orgnet.simulate.filler import endless

_SAID = (
    "can we have forty more rolls on Saturday?", "the rye is out, sorry",
    "who takes the early van tomorrow?", "the oven man comes on Tuesday",
    "please keep two trays of the plum cake", "table five says thank you",
    "the new labels have arrived", "I will be ten minutes late",
    "how many sourdough for the market?", "yes, that works", "done",
    "the card reader is back", "we are short of paper bags",
)  # fmt: skip

_TO_ALL = ("Good morning, everybody!", "Lovely queue outside.", "Have a good Sunday!")

_ON_PAPER = ("Autumn menu", "Price list", "Opening hours", "Photos for the window", "Flour order")

#: Invisible marks that phones put around a name in a mention.
_OPEN, _CLOSE = "\u2068", "\u2069"

#: Chat without an addressee, so many messages a week.
_TO_ALL_A_WEEK = 2

QUESTION = "Who do you work with at least once a week?"
STATEMENT = "I hear in time what the others are planning"

#: Who gets one mail more in so many, and is no colleague.
_MILL, _MAILS_PER_ORDER = ("Orders", "orders@mill.example"), 9

#: When the survey is asked: at noon, so many days before the last one.
_ASKED = timedelta(days=-2, hours=12)

#: Who had contact in at least this share of the weeks of the second period is named in it.
_NAMED_SHARE = 0.4


def write_bakery(bakery: Bakery, folder: Path) -> dict[str, Path]:
    """Write roster, chat, mail and survey as phones, mail programs and Google Forms write them.

    Parameters
    ----------
    bakery
        As planted; the same bakery gives the same bytes.
    folder
        Made if it does not exist; files of the same names in it are replaced.

    Returns
    -------
    dict of Path
        ``people``: a roster with the column ``agreed``; ``chat``: a WhatsApp chat; ``mail``: a mail
        archive; ``survey``: the answers to a Google form.

    Examples
    --------
    >>> import tempfile
    >>> from orgnet.simulate.bakery import plant_bakery
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = write_bakery(plant_bakery(seed=7), Path(folder))
    ...     {name: path.name for name, path in files.items()}
    {'people': 'people.csv', 'chat': 'WhatsApp Chat with Bakery.txt', 'mail': 'mail.mbox',
     'survey': 'Working together (answers).csv'}
    """
    folder.mkdir(parents=True, exist_ok=True)
    messages = list(bakery.messages())
    written = {
        "people": ("people.csv", _roster(bakery)),
        "chat": ("WhatsApp Chat with Bakery.txt", _chat(bakery, messages)),
        "mail": ("mail.mbox", _mails(bakery, messages)),
        "survey": ("Working together (answers).csv", _survey(bakery)),
    }
    files = {}
    for what, (name, content) in written.items():
        files[what] = folder / name
        files[what].write_bytes(content)
    return files


def _roster(bakery: Bakery) -> bytes:
    rows = [
        (number, person.name, person.address, person.department, f"whatsapp:{person.called}",
         "yes" if person.agreed else "no")
        for number, person in enumerate(bakery.people, start=1)
    ]  # fmt: skip
    return _table([("Id", "Name", "Email", "Department", "Aliases", "Agreed"), *rows])


def _chat(bakery: Bakery, messages: Iterable[BakeryMessage]) -> bytes:
    """Write the group chat: mentions, and words to everybody that address nobody."""
    rng = bakery.rng("chat")
    said, to_all = endless(rng, _SAID), endless(rng, _TO_ALL)
    people = bakery.people
    lines = [
        (
            message.sent_at,
            people[message.sender].called,
            f"@{_OPEN}{people[message.recipient].called}{_CLOSE} {next(said)}",
        )
        for message in messages
        if message.way == "chat"
    ]
    begin = datetime.combine(bakery.first_monday, datetime.min.time())
    days = (bakery.last_day - bakery.first_monday).days
    for _ in range(_TO_ALL_A_WEEK * days // 7):
        sent_at = begin + timedelta(
            days=int(rng.integers(days)), minutes=int(rng.integers(300, 900))
        )
        lines.append((sent_at, people[int(rng.integers(len(people)))].called, next(to_all)))
    notice = "Messages and calls are end-to-end encrypted."
    text = [f"{_clock(begin + timedelta(hours=5))} - {notice}"]
    text += [f"{_clock(sent_at)} - {name}: {words}" for sent_at, name, words in sorted(lines)]
    return ("\n".join(text) + "\n").encode("utf-8")


def _clock(moment: datetime) -> str:
    return moment.strftime("%d/%m/%Y, %H:%M")


def _mails(bakery: Bakery, messages: Iterable[BakeryMessage]) -> bytes:
    """Write the mails, and some with the mill, which is no colleague."""
    rng = bakery.rng("mails")
    said, subjects = endless(rng, _SAID), endless(rng, _ON_PAPER)
    ends = [(person.name, person.address) for person in bakery.people]
    archive: list[bytes] = []
    previous = None
    for number, message in enumerate(m for m in messages if m.way == "mail"):
        sender, recipient = ends[message.sender], ends[message.recipient]
        key = f"<{bakery.seed}.{number}@mail.{BAKERY_DOMAIN}>"
        answered = previous if message.answers else None
        archive.append(
            _mail(message.sent_at, sender, recipient, key, next(subjects), next(said), answered)
        )
        previous = key
        if number % _MAILS_PER_ORDER == 0:
            key = f"<{bakery.seed}.{number}.order@mail.{BAKERY_DOMAIN}>"
            archive.append(_mail(message.sent_at, sender, _MILL, key, "Flour", next(said), None))
    return b"".join(archive)


def _mail(
    sent_at: datetime,
    sender: tuple[str, str],
    recipient: tuple[str, str],
    key: str,
    subject: str,
    text: str,
    answered: str | None,
) -> bytes:
    mail = EmailMessage(policy=default.clone(linesep="\n"))
    mail["Message-ID"] = key
    mail["Date"] = format_datetime(sent_at.replace(tzinfo=UTC))
    mail["From"], mail["To"] = formataddr(sender), formataddr(recipient)
    if answered is not None:
        mail["In-Reply-To"] = answered
    mail["Subject"] = subject if answered is None else f"Re: {subject}"
    mail.set_content(text)
    envelope = f"From {sender[1]} {time.asctime(sent_at.timetuple())}\n"
    return envelope.encode("ascii") + mail.as_bytes() + b"\n"


def _survey(bakery: Bakery) -> bytes:
    """Write the answers: everybody names those of their habits, and those they only talk to."""
    rng = bakery.rng("survey")
    asked = datetime.combine(bakery.last_day, datetime.min.time()) + _ASKED
    habits = (habit for habit in HABITS if habit.end == BAKERY_WEEKS)
    pairs = [habit.pair for habit in habits if habit.share >= _NAMED_SHARE]
    rows = []
    for place, person in enumerate(bakery.people):
        named = sorted(
            {other for pair in [*pairs, *ONLY_SPOKEN] for other in _partner(pair, place)}
        )
        names = ", ".join(bakery.people[other].name for other in named)
        moment = asked + timedelta(minutes=7 * place)
        agrees = int(rng.integers(2, 6))
        rows.append((moment.strftime("%d/%m/%Y %H:%M:%S"), person.address, names, agrees))
    return _table([("Timestamp", "Email Address", QUESTION, STATEMENT), *rows])


def _partner(pair: tuple[int, int], place: int) -> Iterator[int]:
    if place in pair:
        yield pair[1] if pair[0] == place else pair[0]


def _table(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8")
