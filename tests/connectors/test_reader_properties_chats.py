"""Whatever is done to a valid chat export, reading it ends well and counts add up."""

import gzip
import importlib
import io
import json
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat_reading import check_counts
from orgnet.errors import InputError
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.chat_json import JsonSteps
from orgnet_connectors.chat_names import NameMentions
from orgnet_connectors.google_chat_dates import takeout_time_us
from orgnet_connectors.irc_lines import log_lines
from orgnet_connectors.mattermost_mentions import mentioned
from orgnet_connectors.whatsapp_lines import chat_lines

quick = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)

GRAPH = (
    "19:0000000a-0000-0000-0000-00000000000{}_0000000a-0000-0000-0000-000000000009@unq.gbl.spaces"
)
COUNT = range(8)


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _zip(files: dict[str, bytes]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return memory.getvalue()


def _tar(files: dict[str, bytes]) -> bytes:
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return memory.getvalue()


TEAMS = _json(
    {
        "value": [
            {
                "id": f"17724390000{number % 6}",
                "messageType": "message",
                "createdDateTime": f"2026-03-02T08:0{number}:00Z",
                "chatId": GRAPH.format(number % 2) if number % 3 else None,
                "replyToId": "177243900000" if number else None,
                "channelIdentity": {"channelId": "19:c"},
                "from": {"user": {"id": f"u{number % 3}", "displayName": "é"}},
                "mentions": [{"mentioned": {"user": {"id": "u7"}}}],
                "reactions": [{"user": {"user": {"id": "u8"}}}],
            }
            for number in COUNT
        ]
    }
)
PURVIEW = (
    "Conversation_ID,ConversationType,Message_kind,Date,Email_sender,Email_to,Email_message_ID\n"
    + "".join(
        f"c{n % 3},Group,{('email', 'im')[n % 2]},2026-03-02T08:0{n}:00Z,"
        f'"Aya <a{n % 3}@example.com>","b@example.com;C <c@example.com>",<{n}@x>\n'
        for n in COUNT
    )
).encode()
GOOGLE_MESSAGES = _json(
    {
        "messages": [
            {
                "creator": {"name": "A", "email": f"a{number % 3}@example.com"},
                "created_date": f"Monday, March 2, 2026 at 8:0{number}:09\u202fAM UTC",
                "text": "@B x",
                "topic_id": "t1",
                "message_id": f"r/t1/m{number % 6}",
                "reactions": [{"reactor_emails": ["z@example.com"]}],
            }
            for number in COUNT
        ]
    }
)
GOOGLE = _zip(
    {
        "Google Chat/Groups/DM 1/messages.json": GOOGLE_MESSAGES,
        "Google Chat/Groups/Space 2/messages.json": GOOGLE_MESSAGES.replace(b"r/", b"s/"),
        "Google Chat/Groups/Space 2/group_info.json": _json(
            {"name": "x", "members": [{"name": "B", "email": "b@example.com"}]}
        ),
    }
)
BULK = b"\n".join(
    [
        b'{"type": "version", "version": 1}',
        _json({"type": "user", "user": {"username": "aya", "email": "a@example.com"}}),
        *(
            _json(
                {
                    "type": "post",
                    "post": {
                        "team": "t",
                        "channel": "c",
                        "user": f"u{number % 3}",
                        "message": "@aya x",
                        "create_at": 1_772_439_000_000 + number,
                        "replies": [{"user": "ben", "message": "", "create_at": 1_772_439_900_000}],
                        "reactions": [{"user": "cy"}],
                    },
                }
            )
            for number in COUNT
        ),
        _json(
            {
                "type": "direct_post",
                "direct_post": {
                    "channel_members": ["aya", "ben"],
                    "user": "ben",
                    "create_at": 1_772_439_000_000,
                },
            }
        ),
    ]
)
COMPLIANCE = (
    "Post Creation Time,Team Id,Channel Id,Channel Name,Channel Type,User Id,User Email,Username,"
    "Post Id,Edited By Post Id,Replied to Post Id,Post Message,Post Type\n"
    + "".join(
        f"17724390000{n:02d},t,c{n % 2},i1__i2,{('public', 'direct')[n % 2]},i{n % 3},"
        f'u{n % 3}@x.example,u{n % 3},p{n % 6},,p0,"@u1, ""x""\nmore",message\n'
        for n in COUNT
    )
).encode()
ACTIANCE = (
    '<?xml version="1.0" encoding="UTF-8"?><FileDump><Conversation><RoomID>direct - r</RoomID>'
    "<ParticipantEntered><LoginName>b@example.com</LoginName></ParticipantEntered>"
    + "".join(
        f"<Message><LoginName>a{n % 2}@example.com</LoginName>"
        f"<DateTimeUTC>17724390000{n % 6:02d}</DateTimeUTC><Content>&lt;x&gt;</Content></Message>"
        for n in COUNT
    )
    + "</Conversation></FileDump>"
).encode()
ZULIP = _tar(
    {
        "x/realm.json": _json(
            {
                "zerver_userprofile": [
                    {"id": n, "full_name": f"N {n}", "email": f"n{n}@example.com", "is_bot": n == 5}
                    for n in range(6)
                ],
                "zerver_recipient": [
                    {"id": 1, "type": 1, "type_id": 1},
                    {"id": 2, "type": 2, "type_id": 1},
                    {"id": 3, "type": 3, "type_id": 1},
                ],
                "zerver_subscription": [{"recipient": 3, "user_profile": n} for n in range(4)],
                "zerver_reaction": [{"message": 1, "user_profile": 3}] * 2,
            }
        ),
        "x/messages-000001.json": _json(
            {
                "zerver_message": [
                    {
                        "id": number % 7,
                        "sender": number % 3,
                        "recipient": 1 + number % 3,
                        "subject": "s",
                        "date_sent": 1_772_439_000.5,
                        "content": "@**N 4**",
                    }
                    for number in range(9)
                ]
            }
        ),
    }
)
ROCKET = _json(
    {
        "messages": [
            {
                "_id": f"m{number % 6}",
                "rid": "aabb" if number % 2 else "general",
                "msg": "x",
                "ts": f"2026-03-02T08:0{number}:00Z",
                "u": {"_id": "aa", "username": f"u{number % 3}"},
                "tmid": "m0",
                "mentions": [{"username": "u7"}],
                "reactions": {":x:": {"usernames": ["u8"]}},
            }
            for number in COUNT
        ]
    }
)
DISCORD = _json(
    {
        "guild": {"id": "0"},
        "channel": {"id": "7", "type": "GuildTextChat"},
        "messages": [
            {
                "id": str(number % 6),
                "type": "Reply",
                "timestamp": f"2026-03-02T08:0{number}:00+00:00",
                "author": {"id": str(number % 3), "isBot": False},
                "mentions": [{"id": "8"}],
                "reactions": [{"users": [{"id": "9"}]}],
                "reference": {"messageId": "0"},
            }
            for number in COUNT
        ],
    }
)
DISCORD_CSV = (
    'AuthorID,Author,Date,Content,Attachments,Reactions\n"1","Aya","2026-03-02T08:00:00Z","@Ben","",""\n'
    + '"2","Ben","2026-03-02T08:00:00Z","@Aya, ""x""\nmore","",""\n' * 4
).encode()
TELEGRAM = _json(
    {
        "personal_information": {"user_id": 9},
        "chats": {
            "list": [
                {
                    "type": kind,
                    "id": number,
                    "messages": [
                        {
                            "id": n % 3,
                            "type": "message",
                            "date": "2026-03-02T08:00:00",
                            "from_id": f"user{n % 3}",
                            "reply_to_message_id": 0,
                            "text": [{"type": "mention_name", "user_id": 7}],
                            "reactions": [{"recent": [{"from_id": "user8"}]}],
                        }
                        for n in range(4)
                    ],
                }
                for number, kind in enumerate(["personal_chat", "private_group"], 3)
            ]
        },
    }
)
WHATSAPP = "".join(
    f"[14/03/2026, 08:1{n % 3}:00\u202fPM] {('Aya', '~ Ben', '+49 170 0000001')[n % 3]}: "
    "@Aya x\nmore\n"
    for n in COUNT
).encode()
IRC = (
    b"--- Log opened Wed Oct 17 09:16:20 2012\n"
    + b"09:16 <@aya> ben, cy: x\n09:16 -!- ben is now known as dan\n09:17 < dan> aya: x\n" * 3
    + b"2012-10-17T09:16:21+0000  *** cy has joined #ops\n[09:18:00] * dan waves\n"
)
WEBEX = _json(
    {
        "items": [
            {
                "id": f"m{number % 6}",
                "roomId": "r",
                "roomType": ("direct", "group")[number % 2],
                "personId": f"p{number % 3}",
                "personEmail": f"p{number % 3}@example.com",
                "created": f"2026-03-02T08:0{number}:00Z",
                "parentId": "m0",
                "mentionedPeople": ["p7"],
            }
            for number in COUNT
        ]
    }
)

VALID = {
    "teams:Teams": TEAMS,
    "teams_purview:Purview": PURVIEW,
    "google_chat:GoogleChat": GOOGLE,
    "mattermost:Mattermost": BULK,
    "mattermost_compliance:MattermostCompliance": COMPLIANCE,
    "mattermost_actiance:MattermostActiance": ACTIANCE,
    "zulip:Zulip": ZULIP,
    "rocketchat:RocketChat": ROCKET,
    "discord:Discord": DISCORD,
    "discord:Discord csv": DISCORD_CSV,
    "telegram:Telegram": TELEGRAM,
    "whatsapp:WhatsApp": WHATSAPP,
    "irc:Irc": IRC,
    "webex:Webex": WEBEX,
}


def connector_of(name: str) -> Connector:
    module, _, kind = name.partition(" ")[0].partition(":")
    made: Connector = getattr(importlib.import_module(f"orgnet_connectors.{module}"), kind)()
    return made


@st.composite
def damaged(draw: st.DrawFn, valid: bytes) -> bytes:
    """Flip bytes, cut the end, delete or repeat stretches."""
    data = bytearray(valid)
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        length = draw(st.integers(1, 200))
        kind = draw(st.sampled_from(["flip", "cut", "delete", "repeat", "insert"]))
        if kind == "flip" and data:
            data[place] = draw(st.integers(0, 255))
        elif kind == "cut":
            del data[place:]
        elif kind == "delete":
            del data[place : place + length]
        elif kind == "repeat":
            data[place:place] = data[place : place + length]
        else:
            data[place:place] = draw(st.binary(max_size=20))
    return bytes(data)


def read_through(name: str, data: bytes) -> Ledger:
    """Recognise and read, and check what must hold for every file whatsoever."""
    connector = connector_of(name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        path.write_bytes(data)
        source, ledger = Source(path), Ledger()
        rows: list[dict[str, Any]] = []
        try:
            connector.recognise(source)
            for batch in connector.read(source, ReadOptions(), ledger):
                rows += batch.to_pylist()
        except InputError:
            assert not rows
    check_counts(rows, ledger)
    return ledger


@pytest.mark.parametrize("name", VALID)
def test_the_undamaged_exports_are_recognised_by_their_own_reader_alone(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / "export"
    path.write_bytes(VALID[name])
    source = Source(path)
    readers = dict.fromkeys(each.partition(" ")[0] for each in VALID)
    found = [each for each in readers if connector_of(each).recognise(source)]
    assert found == [name.partition(" ")[0]]
    assert read_through(name, VALID[name]).kept >= 2


@pytest.mark.parametrize("name", VALID)
@quick
@given(data=st.data())
def test_a_damaged_export_is_read_or_refused(name: str, data: st.DataObject) -> None:
    read_through(name, data.draw(damaged(VALID[name])))


@pytest.mark.parametrize("name", VALID)
@quick
@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(name: str, data: bytes) -> None:
    read_through(name, data)


@quick
@given(damaged(gzip.compress(ZULIP, mtime=0)))
def test_a_damaged_compressed_tar_is_read_or_refused(data: bytes) -> None:
    read_through("zulip:Zulip", data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@quick
@given(st.lists(json_values, max_size=6), json_values, st.integers(0, 3), st.booleans())
def test_steps_are_what_a_whole_reading_gives(
    elements: list[Any], other: Any, indent: int, escaped: bool
) -> None:
    text = json.dumps(
        {"other": other, "list": elements}, indent=indent or None, ensure_ascii=escaped
    )
    steps = JsonSteps(io.BytesIO(text.encode("utf-8", "replace")), enter={"", "list"})
    found = list(steps)
    expected = json.loads(text.encode("utf-8", "replace"))
    assert [value for path, value in found if path == "list[]"] == expected["list"]
    assert [value for path, value in found if path == "other"] == [expected["other"]]
    assert not steps.truncated


@quick
@given(st.lists(json_values, min_size=2, max_size=6), st.integers(1, 7))
def test_steps_do_not_depend_on_how_a_file_is_handed_over(values: list[Any], size: int) -> None:
    class Slow(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            return super().read(size)

    data = "\n".join(json.dumps(value) for value in values).encode()
    assert [step.value for step in JsonSteps(Slow(data))] == values


@quick
@given(st.text(max_size=200))
def test_any_text_names_known_people_only_or_nobody(text: str) -> None:
    assert set(mentioned(text, {"aya", "b.c"})) <= {"aya", "b.c"}
    assert set(NameMentions([("Aya", "1"), ("Aya Ito", "2")]).found(f"@{text}@Aya")) <= {"1", "2"}
    sent_at = takeout_time_us(f"{text} March 2, 2026 at 8:00:00 AM UTC")
    assert sent_at is None or 315_000_000_000_000 < sent_at < 4_134_000_000_000_000
    assert all(line.kind for line in log_lines(text.splitlines()))
    assert all(line.clock for line in chat_lines(text.splitlines()))
