"""A Slack workspace being filled: its users, its rooms and the messages posted in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any

import numpy as np

from orgnet.simulate.organisation import Organisation
from orgnet.simulate.staff import OFFICES

#: A record of the export, as JSON has it.
Record = dict[str, Any]

LETTERS = np.array(list("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"))
TEAM_ID = "T04PLANT0"
SLACKBOT = "USLACKBOT"
#: The index file that lists the rooms of a kind, and what the ids of these rooms begin with.
INDEX_FILES = {"channels": "C", "groups": "G", "mpims": "G", "dms": "D"}


@dataclass(slots=True, kw_only=True)
class Room:
    """One conversation: a channel, a private group, a group message or a direct message.

    Parameters
    ----------
    index
        One of `INDEX_FILES`.
    identity
        Slack's id; the folder's name in the case of direct messages.
    name
        The folder's name otherwise; empty for direct messages.
    members
        Positions of people, in the order in which they came.
    messages
        As they will be exported, in the order in which they were posted.
    """

    index: str
    identity: str
    name: str
    members: dict[int, None]
    messages: list[Record] = field(default_factory=list)

    @property
    def folder(self) -> str:
        """The folder of the room's day files."""
        return self.name or self.identity


class Workspace:
    """Users, rooms and messages of a planted organisation.

    Silent people have no account. Half of those with two addresses signed up with the second.

    Parameters
    ----------
    organisation
        Whose workspace it is.
    """

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._rng = organisation.rng("slack ids")
        self._emails: list[list[str]] = organisation.people["emails"].tolist()
        self._names: list[str] = organisation.people["name"].tolist()
        self._serial = 0
        self.rooms: dict[str, Room] = {}
        self.user_ids = [self._new_id("U") for _ in range(len(organisation.people))]
        monday = datetime.combine(organisation.first_monday, time(), UTC)
        #: Seconds since 1970 at which the first week begins.
        self.begin = int(monday.timestamp())

    def room(self, key: str, index: str, name: str = "", members: Iterable[int] = ()) -> Room:
        """Return the room known as `key`, made with these members if there is none yet."""
        if key not in self.rooms:
            self.rooms[key] = Room(
                index=index,
                identity=self._new_id(INDEX_FILES[index]),
                name=name,
                members=dict.fromkeys(members),
            )
        return self.rooms[key]

    def post(self, room: Room, person: int, sent_at: int, text: str, **more: Any) -> Record:
        """Post a message and return it, so that a thread or a reaction can be added to it.

        Parameters
        ----------
        room
            Where; whoever posts in it becomes a member.
        person
            Who, by position in the roster.
        sent_at
            Seconds since 1970 UTC.
        text
            With mentions as `mention` writes them.
        **more
            Further fields of the record.
        """
        self._serial += 1
        room.members.setdefault(person)
        message: Record = {
            "client_msg_id": self._client_id(),
            "type": "message",
            "text": text,
            "user": self.user_ids[person],
            "ts": f"{sent_at}.{self._serial % 1_000_000:06d}",
            "team": TEAM_ID,
            **more,
        }
        room.messages.append(message)
        return message

    def mention(self, person: int) -> str:
        """Return the text by which Slack mentions a person."""
        return f"<@{self.user_ids[person]}>"

    def handle(self, person: int) -> str:
        """Return a person's user name."""
        return self._emails[person][0].partition("@")[0]

    def users(self) -> list[Record]:
        """Return the records of ``users.json``: people, bots and Slack's own bot."""
        organisation = self._organisation
        staff = organisation.staff
        records = []
        minutes = [minutes for minutes, _ in OFFICES.values()]
        for row in range(organisation.headcount):
            if staff.silent[row]:
                continue
            emails = self._emails[row]
            record = self._user(row, minutes[staff.office[row]])
            record["profile"]["email"] = emails[row % len(emails)]
            record["deleted"] = bool(staff.last_week[row] < organisation.weeks - 1)
            records.append(record)
        for row in np.flatnonzero(organisation.people["kind"] == "bot").tolist():
            records.append(self._user(row, 0) | {"is_bot": True})
        slackbot: Record = {"real_name": "Slackbot", "display_name": "Slackbot"}
        records.append(
            {"id": SLACKBOT, "team_id": TEAM_ID, "name": "slackbot", "deleted": False}
            | {"is_bot": False, "profile": slackbot}
        )
        return records

    def index(self, kind: str) -> list[Record]:
        """Return the records of the index file of one kind of room."""
        return [self._room_record(room) for room in self.rooms.values() if room.index == kind]

    def _user(self, row: int, utc_minutes: int) -> Record:
        name = self._names[row]
        return {
            "id": self.user_ids[row],
            "team_id": TEAM_ID,
            "name": self.handle(row),
            "deleted": False,
            "real_name": name,
            "tz_offset": utc_minutes * 60,
            "profile": {"real_name": name, "display_name": name.partition(" ")[0]},
            "is_admin": False,
            "is_restricted": False,
            "is_bot": False,
            "is_app_user": False,
            "updated": self.begin,
        }

    def _room_record(self, room: Room) -> Record:
        members = [self.user_ids[person] for person in room.members]
        record: Record = {"id": room.identity, "created": self.begin, "members": members}
        if room.index == "dms":
            return record
        return record | {
            "name": room.name,
            "creator": members[0],
            "is_archived": False,
            "is_general": room.name == "general",
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }

    def _new_id(self, initial: str) -> str:
        return f"{initial}0" + "".join(self._rng.choice(LETTERS, 9).tolist())

    def _client_id(self) -> str:
        digits = self._rng.bytes(16).hex()
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
