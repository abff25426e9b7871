"""Writes mailboxes and chat exports of any length: the same seed and size give the same bytes."""

from __future__ import annotations

import json
import random
import re
import zipfile
from email.utils import format_datetime
from pathlib import Path

from benchmarks.connectors.generated_logs import PEOPLE, Size, address, mails

_TEXT = (
    "the plan for next week needs a second look before we send it out because numbers of the last "
    "quarter came late and nobody has checked whether the figures of both offices agree"
)
_WORDS = re.findall(r"\w+", _TEXT)
#: A mail of an office has a few kilobytes, its headers of transport a good part of it.
_BODY_WORDS = 450
_RECEIVED = (
    "Received: from mx1.example.com (mx1.example.com [192.0.2.10])\n"
    "\tby mx2.example.com (Postfix) with ESMTPS id 4Xk2Lm0Q9cz2xGY\n"
    "\tfor <somebody@example.com>; Mon, 5 Jan 2026 08:00:00 +0000 (UTC)\n"
)
_CHANNELS = 60
_DIRECT = 400
_TEAM = 40


def write_mbox(path: Path, messages: int, *, seed: int = 7) -> Size:
    """Write an mbox with headers of transport and a text in every mail."""
    pairs = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        for mail in mails(messages, seed):
            written = " ".join(mail.rng.choices(_WORDS, k=_BODY_WORDS))
            lines = "\n".join(written[at : at + 76] for at in range(0, len(written), 76))
            to = ",\n\t".join(f"Given Family {who} <{address(who)}>" for who in mail.recipients)
            file.write(
                f"From {address(mail.sender)} {mail.sent_at:%a %b %d %H:%M:%S %Y}\n"
                f"{_RECEIVED * 2}"
                f"Date: {format_datetime(mail.sent_at)}\n"
                f"From: Given Family {mail.sender} <{address(mail.sender)}>\nTo: {to}\n"
                f"Message-ID: <{mail.key}@mail.example.com>\nSubject: Plan {mail.number}\n"
                f"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n> {lines}\n\n"
            )
            pairs += len(mail.recipients)
    return Size(messages, pairs)


def write_slack(path: Path, messages: int, *, seed: int = 7) -> Size:
    """Write a Slack export as a zip: channels with threads, mentions, reactions, direct messages.

    Two thirds of the messages stand in channels; a file holds a conversation's day.
    """
    rng = random.Random(seed)
    users = [f"U{number:08d}" for number in range(min(PEOPLE, 1_000))]
    channels = [f"channel-{number}" for number in range(_CHANNELS)]
    directs = [(f"D{n:08d}", rng.sample(users, 2)) for n in range(_DIRECT)]
    rooms = [(name, rng.sample(users, _TEAM), 2.0 / _CHANNELS) for name in channels]
    rooms += [(name, pair, 1.0 / _DIRECT) for name, pair in directs]
    per_day = max(1, messages // (60 * 25))
    days = [f"2026-{1 + day // 28:02d}-{1 + day % 28:02d}" for day in range(60)]
    weight = sum(share for _, _, share in rooms)
    written = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr("users.json", json.dumps([_user(user) for user in users]))
        archive.writestr(
            "channels.json",
            json.dumps([{"id": f"C{n:08d}", "name": name} for n, name in enumerate(channels)]),
        )
        archive.writestr(
            "dms.json", json.dumps([{"id": name, "members": pair} for name, pair in directs])
        )
        left = float(messages)
        for name, members, share in rooms:
            wanted = round(left * share / weight)
            left, weight = left - wanted, weight - share
            written += wanted
            step = max(per_day, -(-wanted // len(days)))
            for day, begin in zip(days, range(0, wanted, step), strict=False):
                count = min(step, wanted - begin)
                posts = _posts(rng, members, day, count)
                archive.writestr(f"{name}/{day}.json", json.dumps(posts))
    return Size(written, 0)


def _user(user: str) -> dict[str, object]:
    name = user.lower()
    return {
        "id": user,
        "team_id": "T00000001",
        "name": name,
        "deleted": False,
        "real_name": f"Given {user}",
        "is_bot": False,
        "profile": {"email": f"{name}@example.com", "real_name": f"Given {user}"},
    }


def _posts(rng: random.Random, members: list[str], day: str, count: int) -> list[dict[str, object]]:
    begin = 1_767_225_600 + (int(day[5:7]) * 31 + int(day[8:])) * 86_400
    posts: list[dict[str, object]] = []
    root: dict[str, object] | None = None
    for number in range(count):
        user = rng.choice(members)
        text = " ".join(rng.choices(_WORDS, k=rng.randrange(4, 30)))
        stamp = f"{begin + number * 80_000 // count}.{number % 1_000_000:06d}"
        if rng.random() < 0.15:
            text = f"<@{rng.choice(members)}> {text}"
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
        post: dict[str, object] = {
            "client_msg_id": f"{rng.getrandbits(64):016x}-{number:08x}",
            "type": "message",
            "text": text,
            "user": user,
            "ts": stamp,
            "team": "T00000001",
            "user_team": "T00000001",
            "source_team": "T00000001",
            "user_profile": {
                "avatar_hash": f"{rng.getrandbits(48):012x}",
                "image_72": f"https://avatars.example.com/{user}_72.png",
                "first_name": "Given",
                "real_name": f"Given {user}",
                "display_name": user.lower(),
                "team": "T00000001",
                "name": user.lower(),
                "is_restricted": False,
                "is_ultra_restricted": False,
            },
            "blocks": [{"type": "rich_text", "block_id": f"b{number}", "elements": [section]}],
        }
        if root is not None and rng.random() < 0.4:
            post |= {"thread_ts": root["ts"], "parent_user_id": root["user"]}
        else:
            root = post
        if rng.random() < 0.1:
            givers = rng.sample(members, min(len(members), rng.randrange(1, 4)))
            post["reactions"] = [{"name": "+1", "users": givers, "count": len(givers)}]
        posts.append(post)
    return posts
