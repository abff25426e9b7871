"""Writes the chat of a planted organisation as a corporate Slack export (zip)."""

from __future__ import annotations

import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from orgnet.simulate.contact import Contact, Conversation
from orgnet.simulate.filler import SENTENCES, endless
from orgnet.simulate.mail_noise import present_people
from orgnet.simulate.organisation import Organisation
from orgnet.simulate.slack_workspace import INDEX_FILES, SLACKBOT, Record, Room, Workspace

#: Channels in which departments meet.
PROJECTS = ("atlas", "beacon", "cedar", "delta", "ember", "fjord")
#: Share of channel answers and mentions that get a reaction from the one addressed.
REACTION_SHARE = 0.1
EMOJI = ("+1", "tada", "eyes", "white_check_mark")
CHATTER_A_WEEK = 60
JOINS_A_WEEK = 4
#: Any time will do, so long as it is always the same.
ZIP_TIME = (2026, 1, 1, 0, 0, 0)
UNIX = 3


def write_slack(organisation: Organisation, contact: Contact, path: Path) -> None:
    """Write users, indexes and one file a room and day.

    Parameters
    ----------
    organisation, contact
        What is written; the same gives the same bytes.
    path
        The archive, written anew.
    """
    workspace = fill_workspace(organisation, contact)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "users.json", workspace.users())
        for kind in INDEX_FILES:
            _add(archive, f"{kind}.json", workspace.index(kind))
        _add(archive, "integration_logs.json", [])
        for room in sorted(workspace.rooms.values(), key=lambda room: room.folder):
            days: defaultdict[str, list[Record]] = defaultdict(list)
            for message in sorted(room.messages, key=lambda message: str(message["ts"])):
                seconds = int(message["ts"].partition(".")[0])
                days[datetime.fromtimestamp(seconds, UTC).date().isoformat()].append(message)
            for day, messages in days.items():
                _add(archive, f"{room.folder}/{day}.json", messages)


def _add(archive: zipfile.ZipFile, name: str, records: list[Record]) -> None:
    entry = zipfile.ZipInfo(name, date_time=ZIP_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    # Python notes the system it runs on; the same bytes are wanted everywhere.
    entry.create_system = UNIX
    archive.writestr(entry, json.dumps(records))


def fill_workspace(organisation: Organisation, contact: Contact) -> Workspace:
    """Post the planned contact and the noise around it."""
    workspace = Workspace(organisation)
    rng = organisation.rng("slack")
    sentences = endless(rng, SENTENCES)
    joint = _joint_openings(organisation, contact)
    for number, conversation in enumerate(contact.conversations()):
        if conversation.manner == "dm":
            _direct_thread(workspace, conversation, sentences, joint.get(number))
        elif conversation.manner in ("channel", "mention"):
            room = _meeting_room(workspace, organisation, conversation)
            _channel_thread(workspace, room, conversation, sentences, rng)
    _post_noise(workspace, organisation, sentences, rng)
    return workspace


def _joint_openings(
    organisation: Organisation, contact: Contact
) -> dict[int, tuple[tuple[int, ...], bool]]:
    """Find direct threads of a lead with two reports in one week, to be opened in one message.

    Returns
    -------
    dict
        Number of the thread -> the three people, and whether this thread posts the message to
        the group (the earlier of the two) or has been opened by the other.
    """
    staff = organisation.staff
    reports = np.setdiff1d(np.arange(organisation.headcount), staff.heads)
    trios = {
        int(lead): tuple(reports[staff.manager[reports] == lead][:2].tolist())
        for lead in staff.leads
    }
    first: defaultdict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for number, conversation in enumerate(contact.conversations()):
        lead, partner = conversation.starter, conversation.partner
        if conversation.manner == "dm" and partner in trios.get(lead, ()):
            first[conversation.week, lead].setdefault(partner, number)
    joint: dict[int, tuple[tuple[int, ...], bool]] = {}
    for (_, lead), by_partner in first.items():
        if len(by_partner) == 2:
            trio = (lead, *trios[lead])
            joint[min(by_partner.values())] = trio, True
            joint[max(by_partner.values())] = trio, False
    return joint


def _direct_thread(
    workspace: Workspace,
    conversation: Conversation,
    sentences: Iterator[str],
    joint: tuple[tuple[int, ...], bool] | None,
) -> None:
    """Post a direct conversation, its opening perhaps to a group of three."""
    steps = conversation.steps
    if joint:
        trio, posts = joint
        if posts:
            names = "--".join(workspace.handle(person) for person in trio)
            group = workspace.room(f"mpim {trio}", "mpims", f"mpdm-{names}-1", trio)
            workspace.post(group, trio[0], steps[0][2], next(sentences))
        steps = steps[1:]
    pair = sorted((conversation.starter, conversation.partner))
    for sender, _, sent_at in steps:
        room = workspace.room(f"dm {pair}", "dms", members=pair)
        workspace.post(room, sender, sent_at, next(sentences))


def _meeting_room(
    workspace: Workspace, organisation: Organisation, conversation: Conversation
) -> Room:
    """Return the department's channel, or a project's where two departments meet."""
    ends = conversation.starter, conversation.partner
    a, b = sorted(organisation.staff.department[list(ends)].tolist())
    name = (
        organisation.departments[a].lower()
        if a == b
        else f"project-{PROJECTS[(a * 5 + b) % len(PROJECTS)]}"
    )
    room = workspace.room(name, "channels", name)
    for person in ends:
        room.members.setdefault(person)
    return room


def _channel_thread(
    workspace: Workspace,
    room: Room,
    conversation: Conversation,
    sentences: Iterator[str],
    rng: np.random.Generator,
) -> None:
    """Post a conversation in a channel: as answers in a thread, or as mentions in the open.

    Somebody who goes on in their own thread mentions the partner: Slack's thread fields would
    lead back to themselves.
    """
    root: Record | None = None
    if conversation.manner == "channel":
        root = workspace.post(room, conversation.starter, conversation.started_at, next(sentences))
    for sender, recipient, sent_at in conversation.steps:
        fields: Record = {}
        text = next(sentences)
        if root is None or sender == conversation.starter:
            fields["blocks"] = _blocks(workspace.user_ids[recipient], text)
            text = f"{workspace.mention(recipient)} {text}"
        if root is not None:
            fields |= {"thread_ts": root["ts"], "parent_user_id": root["user"]}
        message = workspace.post(room, sender, sent_at, text, **fields)
        if root is not None:
            _note_answer(root, message)
        if rng.random() < REACTION_SHARE:
            emoji = EMOJI[int(rng.integers(len(EMOJI)))]
            users = [workspace.user_ids[recipient]]
            message["reactions"] = [{"name": emoji, "users": users, "count": 1}]


def _blocks(user_id: str, text: str) -> list[Record]:
    """Return the rich text that newer exports repeat a message with a mention in."""
    section = [{"type": "user", "user_id": user_id}, {"type": "text", "text": f" {text}"}]
    elements = [{"type": "rich_text_section", "elements": section}]
    return [{"type": "rich_text", "elements": elements}]


def _note_answer(root: Record, answer: Record) -> None:
    """Bring the thread fields of a root up to date with one more answer."""
    replies = [*root.get("replies", []), {"user": answer["user"], "ts": answer["ts"]}]
    users = sorted({reply["user"] for reply in replies})
    root |= {
        "thread_ts": root["ts"],
        "reply_count": len(replies),
        "reply_users": users,
        "reply_users_count": len(users),
        "latest_reply": answer["ts"],
        "replies": replies,
    }


def _post_noise(
    workspace: Workspace,
    organisation: Organisation,
    sentences: Iterator[str],
    rng: np.random.Generator,
) -> None:
    """Post what addresses nobody: chatter, announcements, joins, and what bots write."""
    bot = int(np.flatnonzero(organisation.people["name"] == "Stand-up Bot")[0])
    general = workspace.room("general", "channels", "general")
    leads = workspace.room("leads", "groups", "leads", organisation.staff.heads.tolist())
    for week in range(organisation.weeks):
        begin = workspace.begin + week * 7 * 86_400
        present = present_people(organisation, week)
        moments = (begin + rng.integers(0, 5 * 86_400, size=CHATTER_A_WEEK)).tolist()
        for person, moment in zip(
            rng.choice(present, CHATTER_A_WEEK).tolist(), moments, strict=True
        ):
            workspace.post(general, person, moment, next(sentences))
        for person in rng.choice(present, JOINS_A_WEEK).tolist():
            text = f"{workspace.mention(person)} has joined the channel"
            workspace.post(general, person, begin + person, text, subtype="channel_join")
        head = int(rng.choice(organisation.staff.heads))
        workspace.post(general, head, begin + 36_000, f"<!channel> {next(sentences)}")
        workspace.post(leads, head, begin + 39_600, next(sentences))
        for day in range(5):
            text = f"{workspace.mention(int(rng.choice(present)))} it is your turn today."
            workspace.post(general, bot, begin + day * 86_400 + 30_600, text, bot_id="B04STANDUP")
            greeting = workspace.post(
                general, bot, begin + day * 86_400 + 30_660, next(sentences), subtype="bot_message"
            )
            greeting["user"] = SLACKBOT
