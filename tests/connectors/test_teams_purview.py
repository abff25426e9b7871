"""The connector for Purview load files on tables written as review sets have them."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from chat_reading import Rows, read_chat
from orgnet.errors import AmbiguousInputError
from orgnet.schema import Connector, Ledger, Source
from orgnet_connectors.teams_purview import Purview

HEADER = [
    *("ChannelName", "Conversation_ID", "ConversationFamilyID", "ConversationName"),
    *("ConversationType", "Date", "Email_bcc", "Email_cc", "Email_internet_headers"),
    *("Email_message_ID", "Email_participants", "Email_sender", "Email_to", "In_reply_to_ID"),
    *("Item_class", "Message_kind", "Custodian", "File_class"),
]
AYA, BEN, CY = ("Aya Ito <Aya@example.com>", "Ben <ben@example.com>", "Cy <cy@example.com>")
Read = Callable[..., tuple[Rows, Ledger]]


def chat(**more: str) -> dict[str, str]:
    return {
        "Conversation_ID": "19:abc@thread.v2",
        "ConversationName": "secret words of the talk",
        "ConversationType": "Group",
        "Date": "2026-03-02T08:15:00Z",
        "Email_participants": f"{AYA};{BEN}",
        "Email_sender": AYA,
        "Message_kind": "microsoftteams",
        **more,
    }


def mail(**more: str) -> dict[str, str]:
    return {
        "Date": "2026-03-02T08:15:00Z",
        "Email_sender": AYA,
        "Email_to": BEN,
        "Email_cc": CY,
        "Email_message_ID": "<1@Mail.Example>",
        "Message_kind": "email",
        **more,
    }


def write(path: Path, *rows: dict[str, str]) -> Path:
    memory = io.StringIO()
    writer = csv.DictWriter(memory, HEADER)
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(memory.getvalue(), encoding="utf-8-sig")
    return path


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(*rows: dict[str, str]) -> tuple[Rows, Ledger]:
        path = write(tmp_path / "load.csv", *rows)
        assert Purview().recognise(Source(path))
        return read_chat(Purview(), path)

    return read


def test_it_is_a_connector() -> None:
    assert isinstance(Purview(), Connector)


def test_a_transcript_of_a_chat_is_a_record_from_its_sender_to_each_participant(
    read: Read,
) -> None:
    rows, ledger = read(chat(Email_to=CY), chat(Email_to=CY, Custodian="other"))
    assert [(row["sender"], row["recipient"], row["kind"]) for row in rows] == [
        ("aya@example.com", "cy@example.com", "dm"),
        ("aya@example.com", "ben@example.com", "dm"),
    ]
    assert dict(ledger.skipped) == {"duplicate": 1}
    assert ledger.profiles["aya@example.com"].name == "Aya Ito"


def test_a_transcript_of_a_channel_addresses_nobody(read: Read) -> None:
    rows, ledger = read(chat(ConversationType="Channel"))
    assert (rows, dict(ledger.skipped)) == ([], {"no_addressee": 1})


def test_a_mail_has_the_key_that_it_has_in_a_mailbox(read: Read) -> None:
    rows, _ = read(mail())
    assert {row["message"] for row in rows} == {"1@mail.example"}
    assert sorted((row["recipient"], row["kind"], row["channel"]) for row in rows) == [
        ("ben@example.com", "to", "email"),
        ("cy@example.com", "cc", "email"),
    ]


def test_what_is_no_message_is_left_out_under_its_reason(read: Read) -> None:
    rows, ledger = read(
        chat(Message_kind="meetings"),
        chat(Message_kind="", File_class="Attachment"),
        chat(Email_sender=""),
        chat(Date="soon"),
    )
    assert rows == []
    assert dict(ledger.skipped) == {
        "other_kind": 1,
        "attachment": 1,
        "no_sender": 1,
        "no_date": 1,
    }
    assert "secret" not in f"{ledger}"


def test_dates_that_do_not_show_the_order_of_day_and_month_are_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "load.csv", chat(Date="3/2/2026 8:15:00 AM"))
    with pytest.raises(AmbiguousInputError, match="--day-first or --month-first"):
        read_chat(Purview(), path)


def test_a_date_above_twelve_decides_for_mails_and_chats(read: Read) -> None:
    rows, _ = read(chat(Date="3/2/2026 8:15:00 AM"), mail(Date="3/27/2026 8:15:00 AM"))
    assert [row["sent_at"].isoformat()[:10] for row in rows] == ["2026-03-27"] * 2 + ["2026-03-02"]


def test_other_tables_are_not_claimed(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Date,Sender,To\n2026-03-02,a@example.com,b@example.com\n", encoding="utf-8")
    assert Purview().recognise(Source(path)) is None
