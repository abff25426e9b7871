"""The three connectors for Mattermost on exports written as Mattermost writes them."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chat_reading import Rows, read_chat, ties
from orgnet.errors import MissingColumnError, UnreadableFileError
from orgnet.schema import Connector, Ledger, Source
from orgnet_connectors.mattermost import Mattermost
from orgnet_connectors.mattermost_actiance import MattermostActiance
from orgnet_connectors.mattermost_compliance import MattermostCompliance
from support import shared

START = 1_772_439_000_000


@pytest.mark.parametrize("kind", [Mattermost, MattermostCompliance, MattermostActiance])
def test_they_are_connectors(kind: type) -> None:
    assert isinstance(kind(), Connector)


# --- bulk export ------------------------------------------------------------------------------


def line(kind: str, **content: Any) -> dict[str, Any]:
    return {"type": kind, kind: content}


def said(number: int, user: str, text: str = "secret", **more: Any) -> dict[str, Any]:
    return {"user": user, "message": text, "create_at": START + number, **more}


def post(number: int, user: str, text: str = "secret", **more: Any) -> dict[str, Any]:
    content = said(number, user, text, **more)
    return line("post", team="acme", channel="town-square", **content)


def direct(number: int, user: str, *members: str, **more: Any) -> dict[str, Any]:
    return line("direct_post", channel_members=list(members), **said(number, user, **more))


USERS = [
    line("user", username=name, email=f"{name}@Example.com", first_name=name, last_name="Example")
    for name in ("aya", "ben.osei", "cy")
]
HEAD = [
    {"type": "version", "version": 1, "info": {"generator": "mattermost-server"}},
    line("team", name="acme", display_name="Acme"),
    line("channel", team="acme", name="town-square", type="O"),
    *USERS,
    line("bot", username="helper", display_name="Helper", owner="aya"),
]


def bulk(path: Path, *lines: Any) -> Path:
    text = "".join(f"{json.dumps(each)}\n" for each in (*HEAD, *lines))
    path.write_text(text, encoding="utf-8")
    return path


Read = Callable[..., tuple[Rows, Ledger]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(*lines: Any) -> tuple[Rows, Ledger]:
        path = bulk(tmp_path / "import.jsonl", *lines)
        assert Mattermost().recognise(Source(path))
        return read_chat(Mattermost(), path)

    return read


def test_a_direct_post_addresses_every_other_member(read: Read) -> None:
    rows, ledger = read(direct(1, "aya", "aya", "ben.osei", "cy", replies=None))
    assert ties(rows) == [("aya", "ben.osei", "dm"), ("aya", "cy", "dm")]
    assert ledger.profiles["mattermost:aya"].emails == ("aya@example.com",)
    assert ledger.profiles["mattermost:helper"].kind == "bot"


def test_replies_inside_a_post_address_its_author(read: Read) -> None:
    replies = [said(2, "cy"), said(3, "aya"), said(4, "ben.osei", "@cy secret")]
    rows, ledger = read(post(1, "aya", replies=replies))
    assert ties(rows) == [
        ("cy", "aya", "reply"),
        ("ben.osei", "aya", "reply"),
        ("ben.osei", "cy", "mention"),
    ]
    assert len({row["thread"] for row in rows}) == 1
    assert (ledger.read, dict(ledger.skipped)) == (4, {"no_addressee": 2})


def test_mentions_are_of_users_and_may_end_a_sentence(read: Read) -> None:
    rows, _ = read(post(1, "aya", "ask @Ben.Osei. @all @channel @here @ops aya@cy"))
    assert ties(rows) == [("aya", "ben.osei", "mention")]


def test_a_reaction_is_a_record_and_no_message(read: Read) -> None:
    given = {"user": "cy", "emoji_name": "+1", "create_at": START + 9}
    rows, ledger = read(post(1, "aya", reactions=[given, given]))
    assert ties(rows) == [("cy", "aya", "reaction")]
    assert ledger.read == 1


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (post(1, "aya", type="system_join_channel"), "system"),
        (post(1, "aya", props={"from_webhook": "true"}), "bot"),
        (post(1, "aya", props='{"from_bot": "true"}'), "bot"),
        (post(1, ""), "no_sender"),
        (post(1, "aya", delete_at=START), "deleted"),
        (line("post", user="aya", create_at="soon"), "no_date"),
        ({"type": "post", "post": None}, "unreadable"),
        (7, "unreadable"),
    ],
)
def test_what_no_person_wrote_is_left_out_under_its_reason(
    read: Read, odd: Any, reason: str
) -> None:
    rows, ledger = read(odd)
    assert (rows, dict(ledger.skipped)) == ([], {reason: 1})


def test_a_broken_line_costs_no_other_and_the_zip_gives_the_same(tmp_path: Path) -> None:
    path = bulk(tmp_path / "import.jsonl", *(direct(n, "aya", "aya", "cy") for n in range(4)))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f'"create_at": {START + 1}', '"create_at": ', 1), encoding="utf-8")
    rows, ledger = read_chat(Mattermost(), path)
    assert (len(rows), dict(ledger.skipped)) == (3, {"unreadable": 1})
    packed = tmp_path / "export.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(path, "import.jsonl")
        archive.writestr("data/20260302/file.png", b"\x89PNG")
    assert Mattermost().recognise(Source(packed))
    assert read_chat(Mattermost(), packed)[0] == rows


def test_names_of_channels_and_texts_are_not_kept(read: Read) -> None:
    rows, ledger = read(post(1, "aya", "@cy secret"), post(2, "cy"))
    assert "secret" not in f"{rows}{ledger}"
    assert "town-square" not in f"{rows}{ledger}"


# --- compliance export, CSV -------------------------------------------------------------------

HEADER = [
    *("Post Creation Time", "Team Id", "Team Name", "Team Display Name", "Channel Id"),
    *("Channel Name", "Channel Display Name", "Channel Type", "User Id", "User Email"),
    *("Username", "Post Id", "Edited By Post Id", "Replied to Post Id", "Post Message"),
    "Post Type",
]


def row(number: int, user: str, channel: str = "public", **more: str) -> dict[str, str]:
    return {
        "Post Creation Time": str(START + number),
        "Channel Id": f"c-{channel}",
        "Channel Name": "id-aya__id-ben" if channel == "direct" else f"n-{channel}",
        "Channel Type": channel,
        "User Id": f"id-{user}",
        "User Email": f"{user}@Example.com",
        "Username": user,
        "Post Id": f"p{number}",
        "Post Message": "secret",
        "Post Type": "message",
        **more,
    }


def joined(user: str, channel: str) -> dict[str, str]:
    return row(0, user, channel) | {"Post Id": "", "Post Type": "previously-joined"}


def posts_csv(path: Path, *rows: dict[str, str], header: list[str] = HEADER) -> Path:
    memory = io.StringIO()
    writer = csv.DictWriter(memory, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(memory.getvalue(), encoding="utf-8")
    return path


@pytest.fixture
def read_csv(tmp_path: Path) -> Read:
    def read(*rows: dict[str, str], header: list[str] = HEADER) -> tuple[Rows, Ledger]:
        path = posts_csv(tmp_path / "posts.csv", *rows, header=header)
        assert MattermostCompliance().recognise(Source(path))
        return read_chat(MattermostCompliance(), path)

    return read


def test_the_two_in_a_direct_channel_stand_in_its_name(read_csv: Read) -> None:
    rows, _ = read_csv(joined("cy", "direct"), row(1, "aya", "direct"), joined("ben", "direct"))
    assert ties(rows) == [("aya", "ben", "dm")]


def test_members_of_a_group_are_those_who_joined_or_wrote(read_csv: Read) -> None:
    rows, ledger = read_csv(joined("cy", "group"), row(1, "aya", "group"), row(2, "ben", "group"))
    assert ties(rows[:2]) == [("aya", "cy", "dm"), ("aya", "ben", "dm")]
    assert dict(ledger.skipped) == {"system": 1}


def test_replies_and_mentions_are_records_also_before_their_roots(read_csv: Read) -> None:
    rows, ledger = read_csv(
        row(5, "ben", **{"Replied to Post Id": "p1"}),
        row(1, "aya", **{"Post Message": 'long,\n"quoted"\n' * 300 + "@cy secret"}),
        row(6, "cy"),
    )
    assert ties(rows) == [("ben", "aya", "reply"), ("aya", "cy", "mention")]
    assert rows[0]["thread"] == "mattermost:p1"
    assert ledger.read == 3


def test_versions_of_one_post_count_once(read_csv: Read) -> None:
    old = row(9, "aya", **{"Edited By Post Id": "p1", "Post Message": "@cy"})
    rows, ledger = read_csv(old, row(1, "aya"), row(1, "aya"), row(2, "cy"))
    assert len(rows) == 1
    assert dict(ledger.skipped) == {"duplicate": 2, "no_addressee": 1}


def test_later_versions_say_who_is_a_bot_and_what_was_deleted(read_csv: Read) -> None:
    rows, ledger = read_csv(
        row(1, "helper", "direct", **{"User Type": "bot"}),
        row(2, "aya", "direct", **{"Update Post Type": "Deleted"}),
        header=[*HEADER, "User Type", "Update Post Type"],
    )
    assert (rows, dict(ledger.skipped)) == ([], {"bot": 1, "deleted": 1})
    assert ledger.profiles["mattermost:helper"].kind == "bot"


def test_batches_in_a_folder_or_zip_are_one_export(tmp_path: Path) -> None:
    folder = tmp_path / "job"
    posts_csv(folder / "batch001" / "posts.csv", row(1, "aya"))
    posts_csv(folder / "batch002" / "posts.csv", row(2, "ben", **{"Replied to Post Id": "p1"}))
    (folder / "batch001" / "metadata.json").write_text("{}", encoding="utf-8")
    packed = tmp_path / "job.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in folder.rglob("*.*"):
            archive.write(path, path.relative_to(folder).as_posix())
    for path in (folder, packed):
        assert MattermostCompliance().recognise(Source(path))
        rows, _ = read_chat(MattermostCompliance(), path)
        assert ties(rows) == [("ben", "aya", "reply")]
    (folder / "people.csv").write_text("id\n1\n", encoding="utf-8")
    assert MattermostCompliance().recognise(Source(folder)) is None


def test_a_row_cut_short_is_counted(read_csv: Read, tmp_path: Path) -> None:
    read_csv(row(1, "aya", "direct"), row(2, "ben", "direct"))
    path = tmp_path / "posts.csv"
    path.write_bytes(path.read_bytes()[:-60])
    _, ledger = read_chat(MattermostCompliance(), path)
    assert (ledger.kept, dict(ledger.skipped)) == (1, {"unreadable": 1})


def test_posts_without_a_needed_column_are_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    header = ",".join(HEADER).replace(",Post Id,", ",Post Ident,")
    path.write_text(f"{header}\n1,2\n", encoding="utf-8")
    with pytest.raises(MissingColumnError, match="no column 'Post Id'"):
        read_chat(MattermostCompliance(), path)


def test_a_zip_without_posts_is_refused_with_what_was_expected(tmp_path: Path) -> None:
    packed = tmp_path / "job.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("batch001.zip", b"PK")
    with pytest.raises(UnreadableFileError, match=r"posts\.csv"):
        read_chat(MattermostCompliance(), packed)


def test_the_real_csv_sample_is_read_whole() -> None:
    path = shared("samples/mattermost/csv_export.zip")
    assert MattermostCompliance().recognise(Source(path))
    rows, ledger = read_chat(MattermostCompliance(), path)
    # 4,818 rows: 4,154 posts, 407 previously joined, 257 left.
    assert (ledger.read, ledger.skipped["system"]) == (4818, 664)
    assert {row["kind"] for row in rows} == {"dm", "reply", "mention"}
    assert all(profile.emails for profile in ledger.profiles.values())


# --- compliance export, Actiance --------------------------------------------------------------


def entered(login: str) -> str:
    return (
        f"<ParticipantEntered><LoginName>{login}</LoginName><DateTimeUTC>{START}</DateTimeUTC>"
        "</ParticipantEntered>"
    )


def message(number: int, login: str, **more: str) -> str:
    fields = {"LoginName": login, "DateTimeUTC": str(START + number), "Content": "secret", **more}
    inside = "".join(f"<{name}>{text}</{name}>" for name, text in fields.items())
    return f"<Message>{inside}</Message>"


def conversation(kind: str, *parts: str) -> str:
    return (
        f'<Conversation Perspective="secret"><RoomID>{kind} - r1</RoomID>'
        f"<StartTimeUTC>{START}</StartTimeUTC>{''.join(parts)}"
        f"<EndTimeUTC>{START}</EndTimeUTC></Conversation>"
    )


@pytest.fixture
def read_xml(tmp_path: Path) -> Read:
    def read(*conversations: str) -> tuple[Rows, Ledger]:
        path = tmp_path / "actiance_export.xml"
        head = '<?xml version="1.0" encoding="UTF-8"?>\n<FileDump xmlns:xsi="x">'
        path.write_text(f"{head}{''.join(conversations)}</FileDump>", encoding="utf-8")
        assert MattermostActiance().recognise(Source(path))
        return read_chat(MattermostActiance(), path)

    return read


AYA, BEN = "Aya@Example.com", "ben@example.com"


def test_a_direct_conversation_addresses_all_who_entered_it_in_any_part(read_xml: Read) -> None:
    rows, ledger = read_xml(
        conversation("direct", entered(AYA), message(1, AYA)),
        conversation("direct", entered(BEN)),
    )
    assert [(row["sender"], row["recipient"], row["kind"]) for row in rows] == [
        ("aya@example.com", "ben@example.com", "dm")
    ]
    assert "secret" not in f"{rows}{ledger}"


def test_a_public_room_addresses_nobody_and_repeats_count_once(read_xml: Read) -> None:
    rows, ledger = read_xml(conversation("public", entered(BEN), message(1, AYA), message(1, AYA)))
    assert rows == []
    assert dict(ledger.skipped) == {"no_addressee": 1, "duplicate": 1}


def test_bots_edits_and_deletions_are_told_apart(read_xml: Read) -> None:
    rows, ledger = read_xml(
        conversation(
            "group",
            entered(BEN),
            message(1, "helper", UserType="bot"),
            message(2, AYA, MessageId="m1"),
            message(3, AYA, MessageId="m9", UpdatedType="EditedOriginalMsg", EditedNewMsgId="m1"),
            message(4, AYA, MessageId="m2", UpdatedType="Deleted"),
            message(5, ""),
            message(6, AYA, DateTimeUTC="soon"),
        )
    )
    assert len(rows) == 1
    assert dict(ledger.skipped) == {
        **{"bot": 1, "duplicate": 1, "deleted": 1},
        **{"no_sender": 1, "no_date": 1},
    }


def test_xml_that_ends_early_keeps_what_stood_before(read_xml: Read, tmp_path: Path) -> None:
    read_xml(conversation("direct", entered(BEN), message(1, AYA), message(2, AYA)))
    path = tmp_path / "actiance_export.xml"
    path.write_bytes(path.read_bytes().rpartition(b"<Content>")[0])
    rows, ledger = read_chat(MattermostActiance(), path)
    assert (len(rows), dict(ledger.skipped)) == (1, {"unreadable": 1})
    assert ledger.truncated


def test_xml_with_entities_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "actiance_export.xml"
    path.write_text('<!DOCTYPE FileDump [<!ENTITY a "b">]><FileDump/>', encoding="utf-8")
    assert MattermostActiance().recognise(Source(path))
    with pytest.raises(UnreadableFileError, match="entities can hide"):
        read_chat(MattermostActiance(), path)


def test_the_real_actiance_sample_is_read_whole() -> None:
    path = shared("samples/mattermost/actiance_export.xml")
    rows, ledger = read_chat(MattermostActiance(), path)
    # 1,853 <Message> elements, of which 83 repeat room, login and time of another: copies and
    # edited versions, counted with another parser.
    assert (ledger.read, ledger.skipped["duplicate"]) == (1853, 83)
    assert {row["kind"] for row in rows} == {"dm"}
