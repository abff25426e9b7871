"""Mails that have a file each: Maildir, folders and zips of ``.eml``, and a single one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.errors import UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.export_files import ExportFiles, open_export
from orgnet_connectors.mail_dates import time_zone
from orgnet_connectors.mail_places import reason_of_path
from orgnet_connectors.mail_records import MailRecords
from orgnet_connectors.mbox import Mbox
from orgnet_connectors.text_lines import encoding_of

#: Headers are looked for in so many bytes first; they are seldom longer.
_FIRST_BYTES = 1 << 14
#: Headers beyond are not read: no mail program writes them.
_LONGEST_HEADERS = 1 << 22
_FILES_LOOKED_AT = 20

_HEADER_END = re.compile(rb"\n\r?\n")
#: A byte order mark, Apple's count of bytes, a ``From `` line.
_BEFORE_HEADERS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:\d+[ \t]*\r?\n)?(?:>?From [^\n]*\n)?", re.IGNORECASE
)
_FIELD = re.compile(rb"([A-Za-z][\w-]*)[ \t]*:(?!//)")
_KNOWN_FIELDS = frozenset(
    b"from to cc date subject message-id received return-path sender reply-to mime-version "
    b"delivered-to content-type in-reply-to references x-unsent".split()
)
#: Apple's program writes the mail's state behind it.
_APPLE_FLAGS = re.compile(rb"<key>flags</key>\s*<integer>(\d{1,19})</integer>")
_APPLE_DELETED, _APPLE_DRAFT = 1 << 1, 1 << 6

_IN_MAILDIR = re.compile(r"(?:(?P<folder>.*)/)?(?P<part>cur|new|tmp)/[^/]+")
#: ``:`` cannot stand in names on Windows; programs there write one of the others.
_FLAGS = re.compile(r"[:;!]2,(?P<flags>[A-Za-z]*)\Z")
_FLAG_REASONS = {"D": "draft", "T": "trash"}
#: ``12.`` (the Enron corpus), ``12_`` (copies of it), ``0012``, ``12.eml``, ``12.emlx``.
_MAIL_NAME = re.compile(r"[^.]+\.?|.*\.(?:eml|emlx|partial\.emlx|rfc822|\d+)", re.IGNORECASE)
_EML_NAME = re.compile(r".*\.(?:eml|emlx)", re.IGNORECASE)


class MailFolder:
    """Reads the headers of mails that have a file each; what follows them is not looked at."""

    name: ClassVar[str] = "mail_folder"
    title: ClassVar[str] = "Mail (a file each)"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "Maildir, folder or zip of .eml files, or one .eml file"
    dropped_unread: ClassVar[tuple[str, ...]] = Mbox.dropped_unread

    def recognise(self, source: Source) -> str | None:
        """Say why the source holds mails: by the headers at the beginning of its files."""
        if not source.is_folder and not source.is_zip:
            if not _is_mail(source.head) or Mbox().recognise(source):
                return None
            return "begins with the headers of a mail"
        if not _mail_names(list(source.members), in_zip=source.is_zip):
            return None
        try:
            with open_export(source) as files:
                names = _mail_names(files.names, in_zip=source.is_zip)
                if not names or not _mostly_mails(files, names):
                    return None
        except UnreadableFileError:
            return None
        what = "a Maildir" if _IN_MAILDIR.fullmatch(names[0]) else "mails"
        return f"{what} of {len(names):,} files that begin with the headers of a mail"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield the interactions of all mails, counting each of them in `ledger`.

        Places are numbers in the order of names, for names of files may be subjects.

        Raises
        ------
        UnreadableFileError
            If there is no mail, or the zip is encrypted or beyond repair.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        records = MailRecords(ledger, source=self.name, zone=time_zone(options.timezone))
        if not source.is_folder and not source.is_zip:
            block = header_block(source.head)
            if block is None:
                raise _no_mail(source)
            records.add(block, place="the mail")
            yield from records.finish()
            return
        with open_export(source) as files:
            names = _mail_names(files.names, in_zip=source.is_zip)
            if not names:
                raise _no_mail(source)
            ledger.truncated = files.damage
            if files.unsafe:
                ledger.skip(
                    "unsafe_name",
                    files.unsafe,
                    place="the zip's directory",
                    found="names that point outside of the archive",
                    remedy="check where the export comes from",
                )
            for number, name in enumerate(names, start=1):
                place = f"file {number}"
                reason = _reason_by_name(name) or _reason_by_state(files, name)
                block = None if reason else _headers(files, name)
                if block is not None:
                    records.add(block, place=place)
                elif reason:
                    records.leave_out(reason, place=place)
                else:
                    ledger.skip(
                        "unreadable",
                        place=place,
                        found="no headers of a mail",
                        remedy="none needed if this is rare",
                    )
                yield from records.full()
        yield from records.finish()


def header_block(data: bytes) -> bytes | None:
    r"""Return the header lines at the beginning of a mail, None where there are none.

    Examples
    --------
    >>> header_block(b"From: a@example.com\nTo: b@example.com\n\nHello")
    b'\nFrom: a@example.com\nTo: b@example.com'
    >>> header_block(b"Dear reader,\n") is None
    True
    """
    data = _as_lines(data)
    before = _BEFORE_HEADERS.match(data)
    start = before.end() if before else 0
    end = _HEADER_END.search(data, start)
    block = b"\n" + data[start : end.start() if end else len(data)]
    return block if _is_header(block) else None


def _as_lines(data: bytes) -> bytes:
    """Return text as most programs write it: of single bytes, its lines ending in LF."""
    encoding = encoding_of(data)
    if encoding.startswith("utf-16"):
        data = data.decode(encoding, "replace").encode("utf-8", "replace")
    return data.replace(b"\r", b"\n") if b"\r" in data and b"\n" not in data else data


def _is_header(block: bytes) -> bool:
    """Tell headers from other text: the first line is a field, and a known one is among them."""
    lines = block[1:].split(b"\n")
    return _FIELD.match(lines[0]) is not None and bool(_fields(lines))


def _fields(lines: list[bytes]) -> frozenset[bytes]:
    """Return the fields among the lines that are known of mails."""
    found = (match[1].lower() for line in lines if (match := _FIELD.match(line)))
    return _KNOWN_FIELDS.intersection(found)


def _is_mail(head: bytes) -> bool:
    """Tell a mail without a doubt: with three known fields."""
    block = header_block(head)
    return block is not None and len(_fields(block.split(b"\n"))) >= 3


def _headers(files: ExportFiles, name: str) -> bytes | None:
    data = files.peek(name, _FIRST_BYTES)
    if len(data) == _FIRST_BYTES and not _HEADER_END.search(data):
        data = files.peek(name, _LONGEST_HEADERS)
    return header_block(data)


def _mail_names(names: list[str], *, in_zip: bool) -> list[str]:
    """Return which files are mails by their names; none where the whole is something else."""
    names = [name for name in names if not name.rpartition("/")[2].startswith(".")]
    found = [(name, match) for name in names if (match := _IN_MAILDIR.fullmatch(name))]
    if found:
        # A folder with several Maildirs in it is walked: each is an export of its own.
        whole = in_zip or any(match["folder"] is None for _, match in found)
        return [name for name, match in found if match["part"] != "tmp"] if whole else []
    fits = all(_MAIL_NAME.fullmatch(name.rpartition("/")[2]) for name in names)
    return names if fits else []


def _mostly_mails(files: ExportFiles, names: list[str]) -> bool:
    """Look into files all over the folder."""
    step = -(-len(names) // _FILES_LOOKED_AT)
    heads = {name: files.peek(name, _FIRST_BYTES) for name in names[::step]}
    for name, head in heads.items():
        if head.startswith(b"From ") and not _EML_NAME.fullmatch(name):
            # A mailbox of many mails, such as a folder of Thunderbird's.
            return False
    # Names that say so need less proof.
    share = 0.5 if all(map(_EML_NAME.fullmatch, names)) else 0.8
    return sum(map(_is_mail, heads.values())) >= share * len(heads)


def _reason_by_name(name: str) -> str | None:
    if reason := reason_of_path(name.rpartition("/")[0]):
        return reason
    if not _IN_MAILDIR.fullmatch(name):
        return None
    flags = _FLAGS.search(name)
    given = flags["flags"] if flags else ""
    return next((reason for flag, reason in _FLAG_REASONS.items() if flag in given), None)


def _reason_by_state(files: ExportFiles, name: str) -> str | None:
    """Return why a mail of Apple's program is left out: by what stands behind it."""
    if not name.lower().endswith(".emlx"):
        return None
    data = files.peek(name, _LONGEST_HEADERS)
    count, _, rest = data.partition(b"\n")
    state = rest[int(count) :] if count.strip().isdigit() and len(count) < 20 else b""
    found = _APPLE_FLAGS.search(state)
    flags = int(found[1]) if found else 0
    if flags & _APPLE_DRAFT:
        return "draft"
    return "trash" if flags & _APPLE_DELETED else None


def _no_mail(source: Source) -> UnreadableFileError:
    return UnreadableFileError(
        "no mail in it; expected files that begin with headers such as 'From:' and 'Date:'",
        file=source.name,
        remedy="export the mails again, one .eml file each",
    )
