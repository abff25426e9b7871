"""The Slack connector on exports built here, on real ones, and against a naive reading."""

import io
import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orgnet.errors import UnreadableFileError
from orgnet.schema import INTERACTIONS, Connector, Ledger, ReadOptions, Source
from orgnet_connectors import export_files
from orgnet_connectors.slack import Slack
from orgnet_connectors.slack_records import (
    Message,
    are_plain_stamps,
    decode_list,
    mentioned,
    stamp_us,
    stamps_us,
)
from support import shared

Files = dict[str, Any]
Rows = list[dict[str, Any]]

DAY = "2026-03-02.json"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(minute: int) -> str:
    return f"{int(NOON.timestamp()) + 60 * minute}.000200"


def said(minute: int, user: str = "U01", text: str = "hello", **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": user, "text": text, "ts": at(minute), **more}


USERS = [
    {
        "id": f"U0{number}",
        "team_id": "T1",
        "name": name.lower(),
        "real_name": f"{name} Example",
        "is_bot": False,
        "profile": {"email": f"{name}@Example.com", "real_name": f"{name} Example"},
    }
    for number, name in enumerate(["Aya", "Ben", "Cy", "Dana"], start=1)
]
LISTS: Files = {
    "users.json": USERS,
    "channels.json": [{"id": "C1", "name": "general", "creator": "U01", "members": ["U01"]}],
}


def raw(content: Any) -> bytes:
    return content if isinstance(content, bytes) else json.dumps(content).encode("utf-8")


def zipped(files: Files, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, raw(content))
    return memory.getvalue()


def read_source(path: Path) -> tuple[Rows, Ledger]:
    ledger = Ledger()
    batches = list(Slack().read(Source(path), ReadOptions(), ledger))
    assert all(batch.schema == INTERACTIONS for batch in batches)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert ledger.interactions == len(rows)
    assert ledger.read == ledger.kept + ledger.skipped.total()
    return rows, ledger


Read = Callable[..., tuple[Rows, Ledger]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a zip with the usual lists and the messages of #general, or other files."""

    def read(*messages: Any, files: Files | None = None) -> tuple[Rows, Ledger]:
        path = tmp_path / "export.zip"
        days = {f"general/{DAY}": list(messages)} if messages else {}
        path.write_bytes(zipped({**LISTS, **days, **(files or {})}))
        return read_source(path)

    return read


def ties(rows: Rows) -> list[tuple[str, str, str]]:
    return [
        (row["sender"].removeprefix("slack:"), row["recipient"].removeprefix("slack:"), row["kind"])
        for row in rows
    ]


def test_it_is_a_connector() -> None:
    assert isinstance(Slack(), Connector)


def test_a_mention_is_a_tie_with_time_message_and_thread(read: Read) -> None:
    rows, ledger = read(
        said(0, text="<@U02> and <@U03|cy>, see <!here> <!subteam^S1> <#C1|general>")
    )
    assert ties(rows) == [("U01", "U02", "mention"), ("U01", "U03", "mention")]
    assert rows[0] == {
        "sent_at": NOON.replace(microsecond=200),
        "sender": "slack:U01",
        "recipient": "slack:U02",
        "channel": "chat",
        "kind": "mention",
        "recipients": 2,
        "hours": None,
        "value": None,
        "message": f"C1:{at(0)}",
        "thread": f"C1:{at(0)}",
        "source": "slack",
    }
    assert (ledger.read, ledger.kept) == (1, 1)


def test_a_post_that_addresses_nobody_is_counted_and_its_reactions_stand(read: Read) -> None:
    reactions = [
        {"name": "+1", "users": ["U02", "U03"], "count": 5},
        {"name": "tada", "users": ["U02"], "count": 1},
    ]
    rows, ledger = read(said(0, reactions=reactions))
    assert ties(rows) == [("U02", "U01", "reaction"), ("U03", "U01", "reaction")]
    assert {(row["recipients"], row["sent_at"]) for row in rows} == {
        (1, NOON.replace(microsecond=200))
    }
    assert dict(ledger.skipped) == {"no_addressee": 1}


def test_broadcasts_are_no_ties(read: Read) -> None:
    rows, ledger = read(said(0, text="<!channel> <!here> <!everyone> <!subteam^S1|@ops>"))
    assert (rows, dict(ledger.skipped)) == ([], {"no_addressee": 1})


def test_nobody_is_a_recipient_of_themselves(read: Read) -> None:
    rows, ledger = read(
        said(0, text="<@U01|aya> uploaded a file", subtype="file_share"),
        said(1, thread_ts=at(0), parent_user_id="U01"),
        said(2, text="<@U01> and <@U02>"),
    )
    assert ties(rows) == [("U01", "U02", "mention")]
    assert rows[0]["recipients"] == 1
    assert dict(ledger.skipped) == {"no_addressee": 2}


def test_a_reply_is_a_tie_to_the_author_of_the_root(read: Read) -> None:
    rows, _ = read(
        said(0, thread_ts=at(0), replies=[{"user": "U02", "ts": at(1)}], reply_count=1),
        said(1, "U02", thread_ts=at(0), parent_user_id="U01"),
        said(2, "U03", thread_ts=at(0)),
        said(3, "U04", "<@U01> <@U02>", thread_ts=at(0)),
    )
    assert ties(rows) == [
        ("U02", "U01", "reply"),
        ("U03", "U01", "reply"),
        ("U04", "U01", "reply"),
        ("U04", "U02", "mention"),
    ]
    assert [row["recipients"] for row in rows] == [1, 1, 2, 2]
    assert {row["thread"] for row in rows} == {f"C1:{at(0)}"}


def test_the_root_may_stand_in_an_earlier_file_or_behind_its_reply(read: Read) -> None:
    rows, ledger = read(
        files={
            "general/2026-03-01.json": [said(0)],
            "general/2026-03-02.json": [
                said(10, "U02", thread_ts=at(0)),
                said(12, "U03", thread_ts=at(11)),
                said(11, "U04"),
            ],
        }
    )
    assert ties(rows) == [("U02", "U01", "reply"), ("U03", "U04", "reply")]
    assert ledger.skipped["no_addressee"] == 2


def test_a_reply_whose_root_is_not_in_the_export_has_its_mentions_only(read: Read) -> None:
    rows, ledger = read(
        said(1, "U02", thread_ts=at(-9)), said(2, "U02", "<@U03>", thread_ts=at(-9))
    )
    assert ties(rows) == [("U02", "U03", "mention")]
    assert dict(ledger.skipped) == {"no_addressee": 1}


def test_roots_are_sought_in_their_own_conversation(read: Read) -> None:
    rows, _ = read(said(0), files={f"other/{DAY}": [said(1, "U02", thread_ts=at(0))]})
    assert rows == []


def test_a_reply_also_sent_to_the_channel_counts_once(read: Read) -> None:
    broadcast = said(
        1, "U02", subtype="thread_broadcast", thread_ts=at(0), root={"user": "U01", "ts": at(0)}
    )
    rows, ledger = read(said(1, "U02", thread_ts=at(0), parent_user_id="U01"), broadcast)
    assert ties(rows) == [("U02", "U01", "reply")]
    assert dict(ledger.skipped) == {"duplicate": 1}
    alone, _ = read(broadcast)
    assert ties(alone) == ties(rows)


def test_mentions_in_blocks_count_only_where_the_text_has_none(read: Read) -> None:
    def blocks(user: str) -> list[Any]:
        inner = [{"type": "text", "text": "hi"}, {"user_id": user, "type": "user"}]
        section = {"type": "rich_text_section", "elements": inner}
        return [{"type": "rich_text", "elements": [section, section]}]

    rows, _ = read(
        said(0, text="<@U02>", blocks=blocks("U02")),
        said(1, text="hi", blocks=blocks("U03")),
        said(2, text="<@U02>", blocks=None),
    )
    assert ties(rows) == [("U01", user, "mention") for user in ("U02", "U03", "U02")]


@pytest.mark.parametrize("index", ["dms.json", "mpims.json"])
def test_a_direct_message_reaches_every_other_member(read: Read, index: str) -> None:
    rows, ledger = read(
        files={
            index: [{"id": "D1", "created": 1, "members": ["U03", "U01", "U02"]}],
            f"D1/{DAY}": [said(0, text="<@U02> <@U04>", thread_ts=at(-1), parent_user_id="U02")],
        }
    )
    assert ties(rows) == [("U01", "U02", "dm"), ("U01", "U03", "dm")]
    assert [row["recipients"] for row in rows] == [2, 2]
    assert ledger.kept == 1


def test_group_conversations_stand_under_their_name_or_among_private_channels(read: Read) -> None:
    name = "mpdm-aya--ben--cy-1"
    rows, _ = read(
        files={
            "groups.json": [
                {"id": "G1", "name": name, "members": ["U01", "U02", "U03"]},
                {"id": "G2", "name": "leads", "members": ["U01", "U03"]},
            ],
            f"{name}/{DAY}": [said(0)],
            f"leads/{DAY}": [said(0)],
        }
    )
    assert ties(rows) == [("U01", "U02", "dm"), ("U01", "U03", "dm")]
    assert "mpdm" not in repr(rows)


def test_a_note_to_self_addresses_nobody(read: Read) -> None:
    rows, ledger = read(
        files={"dms.json": [{"id": "D2", "members": ["U01", "U01"]}], f"D2/{DAY}": [said(0)]}
    )
    assert (rows, dict(ledger.skipped)) == ([], {"no_addressee": 1})


def test_a_folder_that_no_index_lists_is_a_channel_whose_name_is_not_kept(read: Read) -> None:
    rows, ledger = read(files={f"secret-plan/{DAY}": [said(0, text="<@U02>"), said(1)]})
    assert ties(rows) == [("U01", "U02", "mention")]
    assert "secret" not in repr(rows) + repr(ledger.problems)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (said(0, "U02", "<@U02> joined", subtype="channel_join"), "system"),
        (said(0, text="<@U02> set the topic", subtype="channel_topic"), "system"),
        (said(0, "USLACKBOT", subtype="tombstone", hidden=True), "system"),
        ({"type": "message", "subtype": "file_comment", "ts": at(0), "comment": {}}, "system"),
        (said(0, subtype="bot_add", bot_id="B1"), "system"),
        (said(0, type="huddle"), "system"),
        ({"type": "message", "subtype": "bot_message", "bot_id": "B1", "ts": at(0)}, "bot"),
        ({"type": "message", "bot_id": "B1", "ts": at(0), "text": "<@U02>"}, "bot"),
        (said(0, "USLACKBOT", "<@U02>"), "bot"),
        ({"type": "message", "text": "<@U02>", "ts": at(0)}, "no_sender"),
        (said(0, "U00", "<@U02>"), "no_sender"),
        (said(0, text="<@U02>") | {"ts": "yesterday"}, "no_date"),
        (said(0, text="<@U02>") | {"ts": None}, "no_date"),
        (said(0, text="<@U02>") | {"ts": "1.5"}, "no_date"),
        ("a word", "unreadable"),
        (None, "unreadable"),
        ([], "unreadable"),
    ],
)
def test_the_ledger_says_why_a_message_gives_no_record(
    read: Read, message: Any, reason: str
) -> None:
    rows, ledger = read(said(5, text="<@U03>"), message)
    assert ties(rows) == [("U01", "U03", "mention")]
    assert dict(ledger.skipped) == {reason: 1}
    assert ledger.problems[reason][0].place == f"C1/{DAY}, message 2"


@pytest.mark.parametrize("subtype", ["me_message", "file_share", None])
def test_what_people_say_is_kept_whatever_its_subtype(read: Read, subtype: str | None) -> None:
    _, ledger = read(said(0, text="<@U02>", subtype=subtype, bot_id=None))
    assert ledger.kept == 1


def test_reactions_to_a_notice_are_meant_for_the_person_in_it(read: Read) -> None:
    reactions = [{"name": "wave", "users": ["U02"], "count": 1}]
    rows, ledger = read(
        said(0, subtype="channel_join", reactions=reactions),
        said(1, "USLACKBOT", subtype="tombstone", reactions=reactions),
        said(0, subtype="channel_join", reactions=reactions),
    )
    assert ties(rows) == [("U02", "U01", "reaction")]
    assert dict(ledger.skipped) == {"system": 2, "duplicate": 1}


def test_users_become_profiles_with_address_name_and_kind(read: Read) -> None:
    _, ledger = read(
        said(0),
        files={
            "users.json": [
                *USERS,
                {"id": "U05", "deleted": True, "profile": {"display_name": "eli"}},
                {"id": "U06", "is_bot": True, "profile": None},
                {"id": "USLACKBOT", "is_bot": False},
                {"name": "no id"},
                "junk",
            ]
        },
    )
    profiles = ledger.profiles
    assert profiles["slack:U01"].emails == ("aya@example.com",)
    assert profiles["slack:U01"].name == "Aya Example"
    assert (profiles["slack:U05"].name, profiles["slack:U05"].emails) == ("eli", ())
    assert {p.identity: p.kind for p in profiles.values() if p.kind != "person"} == {
        "slack:U06": "bot",
        "slack:USLACKBOT": "bot",
    }
    assert len(profiles) == 7
    assert ledger.read == 1


def test_an_organisation_export_has_its_users_under_another_name(tmp_path: Path) -> None:
    path = tmp_path / "grid.zip"
    path.write_bytes(zipped({"org_users.json": USERS, f"general/{DAY}": [said(0)]}))
    assert Slack().recognise(Source(path)) is not None
    assert len(read_source(path)[1].profiles) == 4


def test_a_field_of_the_wrong_type_does_not_cost_the_message(read: Read) -> None:
    rows, ledger = read(
        said(0, text="<@U02>", reactions={"+1": 3}, thread_ts=[], root=7, blocks=5),
        said(1, text=["<@U02>"]),
        said(2, text="<@U02>") | {"ts": float(at(2))},
    )
    assert ties(rows) == [("U01", "U02", "mention")] * 2
    assert dict(ledger.skipped) == {"no_addressee": 1}


def broken(*elements: Any) -> bytes:
    """Write an array whose elements, where given as bytes, stand in it as they are."""
    return b"[" + b",\n".join(map(raw, elements)) + b"]"


REACTED = raw(said(0, reactions=[{"name": "+1", "users": []}, {"name": "tada", "users": []}]))


@pytest.mark.parametrize(
    ("content", "kept", "unreadable"),
    [
        (raw([said(0, text="<@U02>"), said(1, text="<@U02>")])[:-30], 1, 1),
        (broken(said(0, text="<@U02>"), b'{"type": "mess'), 1, 1),
        (broken(b'{"type":"message","user":U01}', said(1, text="<@U02>")), 1, 1),
        (broken(REACTED.replace(b'"ts"', b'ts"'), said(1, text="<@U02>")), 1, 1),
        (b"\xef\xbb\xbf" + raw([said(0, text="<@U02>")]), 1, 0),
        (raw([said(0, text="<@U02> caf\xe9")]).replace(b"\\u00e9", b"\xe9"), 1, 0),
        (raw([said(0, text="<@U02> lone")]).replace(b"lone", b"\\ud83d"), 1, 0),
        (b"not json at all", 0, 1),
        (b'{"ok": false}', 0, 1),
        (b"", 0, 1),
        (b"[]", 0, 0),
        (b"[" * 100_000, 0, 1),
    ],
)
def test_one_bad_record_never_costs_the_good_ones(
    read: Read, content: bytes, kept: int, unreadable: int
) -> None:
    rows, ledger = read(files={f"general/{DAY}": content})
    assert len(rows) == kept
    assert ledger.kept == kept
    assert ledger.skipped["unreadable"] == unreadable


def test_a_message_of_a_new_export_decodes_at_the_first_attempt() -> None:
    full = said(
        0,
        client_msg_id="1",
        user_profile={"real_name": "Aya"},
        thread_ts=at(0),
        reply_users=["U02"],
        reactions=[{"name": "+1", "users": ["U02"], "count": 1}],
        blocks=[{"type": "rich_text", "elements": []}],
        files=[{"id": "F1"}],
        edited={"user": "U01", "ts": at(1)},
        bot_id=None,
    )
    strict = msgspec.json.decode(raw([full]), type=list[Message])
    assert strict[0].user == "U01"
    assert [m and m.ts for m in decode_list(raw([full]), Message)] == [at(0)]


def test_hostile_blocks_and_stamps_are_no_mentions_and_no_times() -> None:
    deep = b'{"user_id":' + b"[" * 5_000
    assert mentioned(Message(blocks=msgspec.Raw(deep))) == []
    assert [stamp_us(text) for text in ("", "1e9", "٣" * 10, "9" * 10, "1" * 40)] == [None] * 5


@pytest.mark.parametrize("stretch_bytes", [1, 300, 1 << 20])
def test_what_is_read_does_not_depend_on_how_much_is_read_at_once(
    stretch_bytes: int, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orgnet_connectors.slack_conversations._STRETCH_BYTES", stretch_bytes)
    days: Files = {
        f"general/2026-03-0{day}.json": [
            said(1440 * day, "U01", "first <@U02>"),
            said(1440 * day + 1, "U02", thread_ts=at(1440), parent_user_id="U01"),
            said(1440 * day + 1, "U03", "the same time once more"),
            said(1440 * day + 2, "U03", subtype="channel_join"),
            {**said(1440 * day + 3), "ts": float(at(1440 * day + 3))},
            {**said(1440 * day + 4), "ts": "yesterday"},
            said(1440 * day + 5, "U04", reactions=[{"name": "+1", "users": ["U01"]}]),
            7,
        ]
        for day in range(1, 6)
    }
    rows, ledger = read(files=days)
    assert Counter(tie for *_, tie in ties(rows)) == {"mention": 5, "reply": 5, "reaction": 5}
    assert ledger.kept == 10
    assert ledger.skipped == {
        **{"duplicate": 5, "system": 5, "no_date": 5, "unreadable": 5},
        "no_addressee": 10,
    }
    assert [problem.place for problem in ledger.problems["duplicate"]] == [
        f"C1/2026-03-0{day}.json, message 3" for day in range(1, 6)
    ]


STAMPS = [
    *("1772439309.000200", "0772439309.000200", "4772439309.000200", "1772439309.0002"),
    *("177243930.0000200", "17724393090000200", "٣" * 10 + ".000200", "1772439309.00020\n", ""),
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(STAMPS) | st.none() | st.just(1.5), max_size=4))
def test_times_that_are_told_to_be_plain_are_times(stamps: list[str | float | None]) -> None:
    if are_plain_stamps(stamps):
        texts = [stamp for stamp in stamps if isinstance(stamp, str)]
        assert len(texts) == len(stamps)
        assert [stamp_us(text) for text in texts] == stamps_us(texts).tolist()
    else:
        assert any(stamp != STAMPS[0] for stamp in stamps)


# --- the package that the messages come in ---------------------------------------------------


def sources(tmp_path: Path, files: Files, prefix: str = "") -> dict[str, Path]:
    """Write the same export as a zip, a zip without compression, and a folder."""
    files = {prefix + name: content for name, content in files.items()}
    for name, method in (("deflated", zipfile.ZIP_DEFLATED), ("stored", zipfile.ZIP_STORED)):
        (tmp_path / f"{name}.zip").write_bytes(zipped(files, method=method))
    for name, content in files.items():
        path = tmp_path / "folder" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw(content))
    return {
        "deflated": tmp_path / "deflated.zip",
        "stored": tmp_path / "stored.zip",
        "folder": tmp_path / "folder",
    }


@pytest.mark.parametrize("prefix", ["", "My export/", "a/b/"])
@pytest.mark.parametrize("form", ["deflated", "stored", "folder"])
def test_zip_and_folder_read_alike_with_or_without_a_folder_around_them(
    tmp_path: Path, form: str, prefix: str
) -> None:
    files = {**LISTS, f"general/{DAY}": [said(0, text="<@U02>")]}
    path = sources(tmp_path, files, prefix)[form]
    rows, ledger = read_source(path)
    assert Slack().recognise(Source(path)) == "holds Slack's users.json"
    assert ties(rows) == [("U01", "U02", "mention")]
    assert len(ledger.profiles) == 4


def test_the_standard_library_inflates_where_isal_is_not_installed(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = read(*(said(n, text="<@U02>") for n in range(3)))[0]
    monkeypatch.setattr(export_files, "_inflater", zlib)
    assert read(*(said(n, text="<@U02>") for n in range(3)))[0] == fast


def test_channel_names_without_the_utf8_flag_find_their_index_entry(tmp_path: Path) -> None:
    files = {**LISTS, "channels.json": [{"id": "C9", "name": "café", "members": []}]}
    data = zipped({**files, f"caf\xe9/{DAY}": [said(0, text="<@U02>")]})
    position = 0
    unflagged = bytearray(data)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = 0
        while (position := data.find(signature, position)) >= 0:
            unflagged[position + flags + 1] &= 0xF7
            position += 4
    path = tmp_path / "export.zip"
    path.write_bytes(bytes(unflagged))
    assert read_source(path)[0][0]["message"] == f"C9:{at(0)}"


def test_only_day_files_without_any_list_are_recognised_by_their_messages(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(zipped({f"general/{DAY}": [said(0, text="<@U02>")]}))
    assert Slack().recognise(Source(path)) == "holds folders with a file of Slack messages a day"
    assert len(read_source(path)[0]) == 1


@pytest.mark.parametrize(
    "files",
    [
        {"users.json": [{"login": "aya"}], "data.json": {"a": 1}},
        {"log/2026-03-02.json": [{"time": 1}]},
        {"a.txt": b"text"},
        {},
    ],
)
def test_other_archives_are_not_recognised(tmp_path: Path, files: Files) -> None:
    path = tmp_path / "slack.zip"
    path.write_bytes(zipped(files))
    assert Slack().recognise(Source(path)) is None


def test_a_plain_file_and_an_empty_folder_are_not_recognised(tmp_path: Path) -> None:
    file = tmp_path / "users.json"
    file.write_bytes(raw(USERS))
    (tmp_path / "empty").mkdir()
    assert Slack().recognise(Source(file)) is None
    assert Slack().recognise(Source(tmp_path / "empty")) is None


def test_an_export_without_messages_is_refused_with_a_remedy(read: Read) -> None:
    with pytest.raises(UnreadableFileError, match=r"export\.zip: no messages in it; expected"):
        read()


def cut_files() -> Files:
    return {
        **LISTS,
        **{f"general/2026-03-{day:02d}.json": [said(day, text="<@U02>")] for day in range(1, 20)},
    }


def test_a_zip_cut_short_is_read_as_far_as_it_goes_and_says_so(tmp_path: Path) -> None:
    data = zipped(cut_files())
    path = tmp_path / "export.zip"
    path.write_bytes(data[: data.index(b"2026-03-11.json") + 30])
    assert Slack().recognise(Source(path)) is not None
    rows, ledger = read_source(path)
    assert len(rows) == 10
    assert len(ledger.profiles) == 4
    assert ledger.truncated == "the zip ends early or its directory is damaged"


def test_a_zip_written_as_a_stream_is_read_when_cut_short(tmp_path: Path) -> None:
    class Stream(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            self.data += bytes(data)
            return len(data)

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in cut_files().items():
            archive.writestr(name, raw(content))
    path = tmp_path / "export.zip"
    path.write_bytes(stream.data[: stream.data.index(b"2026-03-11.json") + 30])
    assert len(read_source(path)[0]) == 10


def test_a_damaged_file_in_a_zip_costs_no_other(tmp_path: Path) -> None:
    data = bytearray(zipped(cut_files(), method=zipfile.ZIP_STORED))
    place = data.index(b'"type"', data.index(b"2026-03-07.json"))
    data[place : place + 6] = b"######"
    path = tmp_path / "export.zip"
    path.write_bytes(bytes(data))
    rows, ledger = read_source(path)
    assert len(rows) == 18
    assert dict(ledger.skipped) == {"unreadable": 1}
    assert ledger.truncated == "a file in the export is damaged or cannot be opened"


def test_a_zip_of_which_nothing_is_left_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(b"PK\x03\x04" + b"\0" * 5)
    with pytest.raises(UnreadableFileError, match="no file in it can be found; download"):
        read_source(path)


def test_an_encrypted_zip_is_refused_with_a_remedy(tmp_path: Path) -> None:
    data = bytearray(zipped({**LISTS, f"general/{DAY}": [said(0)]}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path = tmp_path / "export.zip"
    path.write_bytes(bytes(data))
    assert Slack().recognise(Source(path)) is not None
    with pytest.raises(UnreadableFileError, match="the zip is encrypted; unpack it"):
        read_source(path)


def test_a_file_that_would_burst_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_files, "RATIO_MATTERS_FROM", 1 << 20)
    monkeypatch.setattr(export_files, "LARGEST_RATIO", 500)
    path = tmp_path / "export.zip"
    path.write_bytes(zipped({**LISTS, f"general/{DAY}": b" " * (2 << 20)}))
    with pytest.raises(UnreadableFileError, match="would unpack from"):
        read_source(path)


def test_a_file_that_is_larger_than_it_says_stops_at_what_it_says(tmp_path: Path) -> None:
    data = bytearray(zipped({**LISTS, f"general/{DAY}": b"[" + b" " * 5_000 + b"]"}))
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    path = tmp_path / "export.zip"
    path.write_bytes(bytes(data))
    _, ledger = read_source(path)
    assert ledger.truncated == "a file in the export is damaged or cannot be opened"


@pytest.mark.parametrize("name", ["../", "/etc/", "C:/", "..\\"])
def test_names_that_point_outside_are_left_alone_and_counted(read: Read, name: str) -> None:
    rows, ledger = read(
        said(0, text="<@U02>"), files={f"{name}general/{DAY}": [said(1, text="<@U03>")]}
    )
    assert ties(rows) == [("U01", "U02", "mention")]
    assert dict(ledger.skipped) == {"unsafe_name": 1}


def test_what_macos_adds_to_a_zip_is_no_export(read: Read) -> None:
    rows, ledger = read(
        said(0, text="<@U02>"),
        files={f"__MACOSX/general/._{DAY}": b"\0\5", f"general/._{DAY}": b"\0"},
    )
    assert (len(rows), ledger.read) == (1, 1)


# --- real exports -----------------------------------------------------------------------------


def naive(path: Path) -> Counter[str]:
    """Count what a straightforward reading with `json` finds."""
    counts: Counter[str] = Counter()
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not re.search(r"/\d{4}-\d\d-\d\d\.json$", name):
                continue
            for message in json.loads(archive.read(name)):
                counts["messages"] += 1
                counts["all mentions"] += len(re.findall(r"<@U\w+", message["text"]))
                givers = [u for r in message.get("reactions", []) for u in r["users"]]
                counts["all reactions"] += len(givers)
                if not message.get("user"):
                    continue
                counts["reactions"] += len(set(givers))
                if message.get("subtype") in (None, "file_share"):
                    users = set(re.findall(r"<@(U\w+)", message["text"])) - {message["user"]}
                    counts["mentions"] += len(users)
                    counts["kept"] += bool(users)
    return counts


def test_the_houston_export_agrees_with_its_documentation_and_a_naive_reading() -> None:
    path = shared("data/slack-houston-dataviz/slack-export.zip")
    rows, ledger = read_source(path)
    expected = naive(path)
    assert (expected["messages"], expected["all reactions"]) == (1382, 199)
    assert expected["all mentions"] == 575
    kinds = Counter(row["kind"] for row in rows)
    assert ledger.read == 1382
    assert ledger.kept == expected["kept"]
    assert dict(kinds) == {"mention": expected["mentions"], "reaction": expected["reactions"]}
    assert len(ledger.profiles) == 71


def test_an_old_public_export_is_read() -> None:
    path = shared("samples/slack/testarchive.zip")
    rows, ledger = read_source(path)
    assert ledger.read == naive(path)["messages"]
    assert {row["kind"] for row in rows} == {"mention"}
    assert ledger.skipped["bot"] > 0


def test_a_corporate_export_is_read_with_private_conversations() -> None:
    rows, ledger = read_source(shared("samples/synthetic/chat/slack_corporate_export.zip"))
    assert Counter(ties(rows)) == Counter(
        [
            ("U01", "U02", "dm"),
            ("U02", "U01", "dm"),
            ("U02", "U01", "dm"),
            ("U02", "U03", "dm"),
            ("U01", "U02", "mention"),
            ("U04", "U01", "reaction"),
            ("U03", "U01", "reply"),
            ("U04", "U01", "reply"),
        ]
    )
    assert dict(ledger.skipped) == {"system": 2, "bot": 1, "no_addressee": 1}
