"""Writes a Slack export of a firm as it is delivered: a zip, a file a conversation and day."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.scale.organisations import Firm

_BEGIN, _DAYS, _SHIFT = date(2026, 1, 5), 130, 9 * 3600
_TEXT = (
    "the plan for next week needs a second look before we send it out because numbers of last "
    "quarter came late and nobody has checked whether the figures of both offices agree"
)

#: Share of posts in channels, and in these: answers in threads, mentions; everywhere: reactions.
_IN_CHANNELS, _ANSWERS, _MENTIONS, _REACTIONS = 0.6, 0.4, 0.15, 0.1

#: Posts of a direct conversation on a day that it has any.
_A_DAY = 12

#: People of a channel that is open to all departments, and one such channel for so many people.
_OPEN_SIZE, _PEOPLE_AN_OPEN = 60, 30

#: One post as Slack writes it; what differs comes in the order of the marks.
_POST = (
    '{"client_msg_id":"%s","type":"message","text":"%s","user":"%s","ts":"%s","team":"T00000001",'
    '"user_team":"T00000001","source_team":"T00000001","user_profile":{"avatar_hash":"4f2c6b1de0aa",'
    '"image_72":"https:\\/\\/avatars.example.com\\/2026-01-05\\/1234567890123_4f2c6b1de0aa_72.jpg",'
    '"first_name":"Given","real_name":"Given %s","display_name":"given","team":"T00000001",'
    '"name":"given","is_restricted":false,"is_ultra_restricted":false},"blocks":[{"type":"rich_text",'
    '"block_id":"%s","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"%s"}]'
    "}]}]%s}"
)
_THREAD = ',"thread_ts":"%s","parent_user_id":"%s"'
_THUMBS = ',"reactions":[{"name":"+1","users":["%s"],"count":1}]'


@dataclass(frozen=True, slots=True)
class _Room:
    name: str
    members: NDArray[np.int64]
    posts: int
    days: NDArray[np.int64]


def write_slack(path: Path, firm: Firm, posts: int, *, seed: int = 7) -> int:
    """Write the export and return how many posts it holds."""
    rng = np.random.default_rng(seed)
    users = [f"U{number:08d}" for number in range(firm.people)]
    channels = _channels(rng, firm, round(posts * _IN_CHANNELS))
    directs = _directs(rng, firm, posts - sum(room.posts for room in channels))
    texts = [" ".join(rng.choice(_TEXT.split(), size)) for size in rng.integers(30, 80, 2_000)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("users.json", json.dumps([_user(firm, n) for n in range(firm.people)]))
        archive.writestr(
            "channels.json",
            json.dumps(
                [
                    {"id": f"C{number:08d}", "name": room.name, "created": 1_700_000_000,
                     "members": [users[who] for who in room.members]}
                    for number, room in enumerate(channels)
                ]
            ),
        )  # fmt: skip
        archive.writestr(
            "dms.json",
            json.dumps(
                [{"id": each.name, "members": [users[p] for p in each.members]} for each in directs]
            ),
        )
        for room in (*channels, *directs):
            _write_room(archive, rng, room, users, texts)
    return sum(room.posts for room in (*channels, *directs))


def _channels(rng: np.random.Generator, firm: Firm, posts: int) -> list[_Room]:
    """Return two channels of each department, and channels across them, all equally busy."""
    members = []
    for department in np.unique(firm.department):
        own = np.flatnonzero(firm.department == department)
        members += [own, own]
    for _ in range(max(firm.people // _PEOPLE_AN_OPEN, 1)):
        members.append(rng.choice(firm.people, min(_OPEN_SIZE, firm.people), replace=False))
    sizes = np.diff(np.linspace(0, posts, len(members) + 1).astype(int))
    days = np.arange(_DAYS)
    return [
        _Room(f"channel-{number}", people, int(size), days)
        for number, (people, size) in enumerate(zip(members, sizes, strict=True))
    ]


def _directs(rng: np.random.Generator, firm: Firm, posts: int) -> list[_Room]:
    """Return a conversation of each pair of the firm, some lively, some all but asleep."""
    lively = rng.lognormal(0.0, 1.0, len(firm.first))
    upto = np.rint(np.cumsum(lively) / lively.sum() * posts).astype(int)
    rooms = []
    for number, size in enumerate(np.diff(upto, prepend=0).tolist()):
        if size:
            active = min(-(-size // _A_DAY), _DAYS)
            days = np.sort(rng.choice(_DAYS, active, replace=False))
            pair = np.array([firm.first[number], firm.second[number]], dtype=np.int64)
            rooms.append(_Room(f"D{number:08d}", pair, size, days))
    return rooms


def _write_room(
    archive: zipfile.ZipFile,
    rng: np.random.Generator,
    room: _Room,
    users: list[str],
    texts: list[str],
) -> None:
    authors = rng.choice(room.members, room.posts).tolist()
    others = rng.choice(room.members, room.posts).tolist()
    which = rng.integers(0, len(texts), room.posts).tolist()
    chances = rng.random((room.posts, 3))
    direct = room.name.startswith("D")
    chosen = chances < ((0.0 if direct else _ANSWERS), (0.0 if direct else _MENTIONS), _REACTIONS)
    edges = np.linspace(0, room.posts, len(room.days) + 1).astype(int).tolist()
    for day, begin, end in zip(room.days.tolist(), edges, edges[1:], strict=False):
        if begin == end:
            continue
        when = _BEGIN + timedelta(days=day // 5 * 7 + day % 5)
        start = int((when - date(1970, 1, 1)).total_seconds()) + _SHIFT
        written = []
        root = root_user = ""
        for at in range(begin, end):
            user, text = users[authors[at]], texts[which[at]]
            stamp = f"{start + (at - begin) * 28_000 // (end - begin)}.{at % 1_000_000:06d}"
            answers, mentions, thumbs = chosen[at]
            extra = _THREAD % (root, root_user) if answers and root else ""
            if mentions:
                text = f"<@{users[others[at]]}> {text}"
            if thumbs:
                extra += _THUMBS % users[others[at]]
            key = f"{room.name}-{at:08x}"
            written.append(_POST % (key, text, user, stamp, user, key, text, extra))
            if not answers or not root:
                root, root_user = stamp, user
        archive.writestr(f"{room.name}/{when}.json", f"[{','.join(written)}]")


def _user(firm: Firm, number: int) -> dict[str, object]:
    name = str(firm.ids[number])
    return {
        "id": f"U{number:08d}",
        "team_id": "T00000001",
        "name": name,
        "deleted": False,
        "real_name": f"Given {name}",
        "is_bot": False,
        "profile": {"email": f"{name}@example.com", "real_name": f"Given {name}"},
    }
