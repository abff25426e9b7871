"""GitLab's JSON: who reviewed whose merge request, and who commented on whose issue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

import msgspec
import pyarrow as pa

from orgnet.errors import UnknownFormatError, UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.dates import TimeReader, zone_of
from orgnet_connectors.gitlab_messages import Outer, messages_of
from orgnet_connectors.json_objects import decoded_objects, json_files, matching_shape
from orgnet_connectors.work_messages import WorkMessage, write_messages

#: What stands before the fields of an object: nothing, or a tool's wrapping.
_AROUND = ("", "data.")
#: Fields of which all must be there, and what they are.
_SHAPES = (
    ({"author.username", "noteable_type", "system"}, "notes"),
    ({"notes.author.username", "notes.noteable_type", "individual_note"}, "discussions"),
    ({"author.username", "iid", "source_branch"}, "merge requests"),
    ({"author.username", "iid", "project_id"}, "issues"),
)

_DECODER = msgspec.json.Decoder(Outer)


class GitLab:
    """Reads merge requests, issues, notes and discussions in JSON.

    Examples
    --------
    >>> import json, pathlib, tempfile
    >>> change = {"id": 70, "iid": 7, "source_branch": "x", "author": {"username": "aya"}}
    >>> change |= {"created_at": "2026-03-02T09:00:00.000Z", "reviewers": [{"username": "ben"}]}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "merge_requests.json"
    ...     _ = path.write_text(json.dumps([change]))
    ...     batches = list(GitLab().read(Source(path), ReadOptions(), Ledger()))
    >>> [(row["sender"], row["recipient"], row["kind"]) for row in batches[0].to_pylist()]
    [('gitlab:aya', 'gitlab:ben', 'review')]
    """

    name: ClassVar[str] = "gitlab"
    title: ClassVar[str] = "GitLab"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "JSON or JSON lines of GitLab's interface, also .gz, or a folder of it"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "title",
        "description",
        "body",
        "diffs",
        "branches",
        "labels",
        "commits",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why it is GitLab's: by the names that its objects have; in a folder, of all files."""
        files = json_files(source, _is_gitlab)
        if not files:
            return None
        what = ", ".join(dict.fromkeys(what for file in files if (what := _what(file))))
        return f"JSON of GitLab with {what}"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield who reviewed, answered or handed over; the ledger counts every object.

        Messages are skipped as ``duplicate``, ``no_addressee``, ``no_date``, ``no_item``,
        ``system`` and ``unreadable``.

        Raises
        ------
        UnknownFormatError
            If nothing in it is GitLab's.
        UnreadableFileError
            If there is no object in it.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        files = json_files(source, _is_gitlab)
        if not files:
            raise UnknownFormatError(
                "no JSON of GitLab; expected merge requests, issues, notes or discussions",
                file=source.name,
                remedy="save what /merge_requests and /merge_requests/…/notes answer",
            )
        yield from write_messages(
            lambda: _messages(files, ledger), ledger, source=self.name, look_ahead=True
        )
        if not ledger.read:
            raise UnreadableFileError(
                "no objects in it", file=source.name, remedy="export it again"
            )


def _is_gitlab(source: Source) -> bool:
    return _what(source) is not None


def _what(source: Source) -> str | None:
    return matching_shape(source, _SHAPES, _AROUND)


def _messages(files: list[Source], ledger: Ledger) -> Iterator[tuple[str, WorkMessage]]:
    read_time = TimeReader(day_first=None, zone=zone_of(None))
    for place, outer in decoded_objects(files, _DECODER, ledger):
        if outer is None:
            yield place, WorkMessage(refused="unreadable")
            continue
        for message in messages_of(outer, read_time):
            yield place, message
