"""The parts of a Slack export's JSON that are read; everything else is passed over undecoded."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeGuard, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

T = TypeVar("T", bound=msgspec.Struct)

#: Numbers stand for the text of a time in exports that went through other programs.
Stamp = str | int | float | None


class Reaction(msgspec.Struct, gc=False):
    """One emoji under a message and who gave it."""

    users: list[str] = []


class Comment(msgspec.Struct):
    """A comment on a file, in old exports."""

    user: str | None = None


class Root(msgspec.Struct, gc=False):
    """The first message of a thread, repeated in a reply that was also sent to the channel."""

    user: str | None = None


class Message(msgspec.Struct, gc=False):
    """One element of a day file; it holds no cycles, and the collector need not look for any."""

    type: str | None = None
    subtype: str | None = None
    user: str | None = None
    bot_id: str | None = None
    ts: Stamp = None
    thread_ts: Stamp = None
    parent_user_id: str | None = None
    text: str | None = None
    reactions: list[Reaction] | None = None
    root: Root | None = None
    #: decoded only where `text` names nobody; empty where there are none
    blocks: msgspec.Raw = msgspec.Raw(b"")


class UserProfile(msgspec.Struct):
    """What a user says about themselves."""

    email: str | None = None
    real_name: str | None = None
    display_name: str | None = None


class User(msgspec.Struct):
    """One element of ``users.json``."""

    id: str
    name: str | None = None
    real_name: str | None = None
    is_bot: bool | None = None
    profile: UserProfile | None = None


class ListedConversation(msgspec.Struct):
    """One element of ``channels.json``, ``groups.json``, ``mpims.json`` or ``dms.json``."""

    id: str
    name: str | None = None
    members: list[str] | None = None
    is_im: bool | None = None
    is_mpim: bool | None = None


def decode_list(data: bytes, kind: type[T]) -> list[T | None]:
    """Return the elements of a JSON array, None for each that cannot be read.

    One bad element never costs the others: where the array as a whole does not decode, its
    elements are decoded one by one, and where it is not JSON (cut short, a byte flipped) reading
    goes on at the next object that looks whole. A file that is no array at all gives one None.

    Parameters
    ----------
    data
        A JSON file, with or without a byte order mark.
    kind
        `Message`, `User` or `ListedConversation`. Fields of the wrong type are taken as absent.

    Examples
    --------
    >>> data = b'[{"id": "U1"}, 7, {"id": "U2", "name": ["wrong"]}]'
    >>> [user and user.id for user in decode_list(data, User)]
    ['U1', None, 'U2']
    >>> [user and user.id for user in decode_list(b'[{"id": "U1"}, {"id": "U2', User)]
    ['U1', None]
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        elements: list[T | None] = _list_decoder(kind).decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        text = data.decode("utf-8", errors="replace")
        return [_lenient(value, kind) for value in _salvaged(text)]
    return elements


@lru_cache
def _list_decoder(kind: type[msgspec.Struct]) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(list[kind])  # type: ignore[valid-type]


def _lenient(value: object, kind: type[T]) -> T | None:
    if not isinstance(value, dict):
        return None
    known = {}
    for name, decoder in _decoders(kind).items():
        if name in value:
            with contextlib.suppress(msgspec.MsgspecError, UnicodeError, RecursionError):
                known[name] = decoder.decode(_encoded(value[name]))
    try:
        return kind(**known)
    except TypeError:
        # A field without which the element says nothing, such as a user's id.
        return None


@lru_cache
def _decoders(kind: type[msgspec.Struct]) -> dict[str, msgspec.json.Decoder[Any]]:
    return {field.name: msgspec.json.Decoder(field.type) for field in msgspec.structs.fields(kind)}


def _encoded(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", errors="replace")


_ARRAY_START = re.compile(r"\s*\[\s*")
_BETWEEN = re.compile(r"\s*,\s*")
_ARRAY_END = re.compile(r"\s*\]")
#: Where the next element may begin after one that cannot be read.
_NEXT_OBJECT = re.compile(r"\}\s*,\s*(?=\{)")
#: What tells an element of the array from an object inside of one.
_OWN_FIELDS = ("type", "id")


def _salvaged(text: str) -> Iterator[object]:
    """Yield the elements of an array that may be broken, None for what could not be read."""
    decoder = json.JSONDecoder()
    start = _ARRAY_START.match(text)
    if start is None:
        yield None
        return
    position = start.end()
    resumed = False
    while position < len(text) and not _ARRAY_END.match(text, position):
        try:
            value, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            value, end = None, -1
        if end >= 0 and not (resumed and not _is_element(value)):
            yield value
            comma = _BETWEEN.match(text, end)
            if comma is not None:
                position, resumed = comma.end(), False
                continue
            if _ARRAY_END.match(text, end):
                return
            position = end
        if not resumed:
            yield None
        following = _NEXT_OBJECT.search(text, position)
        if following is None:
            return
        position, resumed = following.end(), True


def _is_element(value: Any) -> bool:
    return isinstance(value, dict) and any(field in value for field in _OWN_FIELDS)


#: Whether the blocks of a message can name a user.
names_in_blocks = re.compile(rb'"user_id"').search

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


def mentioned(message: Message) -> list[str]:
    """Return the users that a message names with an ``@``, in order, without repeats.

    They stand in the text and, in newer exports, once more in the blocks; the blocks are looked
    at only where the text has none. ``@here``, ``@channel`` and groups of users are no persons.

    Examples
    --------
    >>> mentioned(Message(text="<@U02> and <@U03|cy>, <!here> <@U02>"))
    ['U02', 'U03']
    """
    if message.text and "<@" in message.text:
        found = _MENTION.findall(message.text)
        if found:
            return list(dict.fromkeys(found))
    if not names_in_blocks(message.blocks):
        return []
    try:
        blocks = msgspec.json.decode(message.blocks)
    except (msgspec.DecodeError, RecursionError):
        return []
    return list(dict.fromkeys(_user_elements(blocks)))


def _user_elements(blocks: object) -> Iterator[str]:
    waiting = [blocks]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(reversed(node))
        elif isinstance(node, dict):
            user = node.get("user_id")
            if node.get("type") == "user" and isinstance(user, str):
                yield user
            waiting.append(node.get("elements"))


def stamp_text(stamp: Stamp) -> str | None:
    """Return a time stamp as the text that Slack writes, None where there is none.

    Examples
    --------
    >>> stamp_text("1772439309.000200"), stamp_text(1772439309.5), stamp_text(None)
    ('1772439309.000200', '1772439309.500000', None)
    """
    if stamp is None or isinstance(stamp, str):
        return stamp or None
    return f"{stamp:.6f}"


_STAMP = re.compile(r"([0-9]{9,10})(?:\.([0-9]{1,6})[0-9]*)?")
#: 1 January 2000 and 2100: outside, the number is no time.
_FIRST_SECOND, _LAST_SECOND = 946_684_800, 4_102_444_800


def stamp_us(stamp: str | None) -> int | None:
    """Return the microseconds since 1970 UTC of a time stamp, None where it is none.

    Examples
    --------
    >>> stamp_us("1772439309.000200"), stamp_us("yesterday")
    (1772439309000200, None)
    """
    found = _STAMP.fullmatch(stamp) if stamp else None
    if found is None:
        return None
    seconds = int(found[1])
    if not _FIRST_SECOND <= seconds < _LAST_SECOND:
        return None
    return seconds * 1_000_000 + int((found[2] or "").ljust(6, "0"))


#: Length of a time as Slack itself writes it, and where its point stands.
_LENGTH = 17
_POINT = 10
_DIGITS = [at for at in range(_LENGTH) if at != _POINT]
_WORTH = 10 ** np.arange(len(_DIGITS) - 1, -1, -1, dtype=np.int64)


def are_plain_stamps(stamps: Sequence[Stamp]) -> TypeGuard[list[str]]:
    """Tell whether all of many times are written as Slack does, and lie between 2001 and 2096.

    Examples
    --------
    >>> are_plain_stamps(["1772439309.000200"]), are_plain_stamps(["1772439309.000200", None])
    (True, False)
    """
    try:
        lines = "\n".join([*stamps, ""])  # type: ignore[list-item]
    except TypeError:
        return False
    count, step = len(stamps), _LENGTH + 1
    if len(lines) != count * step or not lines.isascii():
        return False
    if lines[_POINT::step] != "." * count or lines[_LENGTH::step] != "\n" * count:
        return False
    digits = lines.encode("ascii").translate(None, b".\n")
    if len(digits) != count * len(_DIGITS):
        return False
    return not count or (digits.isdigit() and {*lines[::step]} <= {"1", "2", "3"})


def stamps_us(stamps: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return what `stamp_us` does for many times at once.

    Parameters
    ----------
    stamps
        Times for each of which `stamp_us` has a number.

    Examples
    --------
    >>> stamps_us(["1772439309.000200"]).tolist()
    [1772439309000200]
    """
    if not are_plain_stamps(stamps):
        return np.array([stamp_us(stamp) for stamp in stamps], dtype=np.int64)
    letters = np.frombuffer("".join(stamps).encode("ascii"), np.uint8).reshape(-1, _LENGTH)
    moments: npt.NDArray[np.int64] = (letters[:, _DIGITS] - ord("0")).astype(np.int64) @ _WORTH
    return moments
