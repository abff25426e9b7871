"""Texts that hold our words are no tables."""

import random
from pathlib import Path

import pytest

from orgnet.plugins import connectors
from orgnet.schema import Source

RECORDS = (
    "# Decisions\n\nWhat we decided, and why.\n\n"
    "- One record a (message, sender, recipient), with the strongest kind, from, to, cc.\n"
    "- Meetings, mails, chats; a table has sender, recipient, optional strength, week.\n"
    "- Groups, in the order of the roster, sorted by name, id, department, manager.\n"
    "- People with name, email, department, title, location, and what else there is.\n"
    "It was said, more than once, that nobody reads this, or not to the end.\n"
    "Still, it is kept.\nWho asks, gets it, in full, today, or, at the latest, tomorrow.\n\n"
)
CODE = (
    '"""Reads a file."""\n\nimport csv, json\nfrom x import a, b, c\n\n'
    'HEADINGS = ("id", "name", "email", "department", "manager")\n'
    'TIES = ["from", "to", "weight"]\n\n\ndef read(path, from_, to, date):\n'
    "    with open(path) as file:\n        for row in csv.reader(file):\n"
    '            yield row["sender"], row["recipient"], row["date"]\n'
)
LOG = "".join(
    f"2026-03-02 09:{minute:02d}:00,123 INFO worker-{minute % 3} job started, id={minute}, "
    f"user=svc, host=h{minute % 4}\n"
    for minute in range(40)
)
MONEY = "Date;Account;Cost center;Amount;Currency\n" + "".join(
    f"{day:02d}.03.2026;4{day}00;K{day % 5};{day * 17},50;EUR\n" for day in range(1, 29)
)
STOCK = "Article,Warehouse,Quantity,Unit price,Supplier\n" + "".join(
    f"A-{number},North,{random.Random(number).randint(1, 99)},{number}.50,S{number % 7}\n"
    for number in range(40)
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("decisions.md", RECORDS),
        ("reader.py", CODE),
        ("worker.log", LOG),
        ("ledger.csv", MONEY),
        ("stock.csv", STOCK),
        ("settings.toml", '[tool]\nname = "x"\nsender = "a"\nfrom = "2026-03-02"\nto = "now"\n'),
        ("poem.txt", "Roses are red,\nviolets are blue,\nfrom me, to you.\n" * 5),
    ],
)
def test_text_that_is_no_export_is_claimed_by_nobody(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")

    claimed = [one.name for one in connectors().values() if one.recognise(Source(path))]

    assert claimed == []
