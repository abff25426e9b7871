"""GitHub's JSON: who reviewed whose change, and who commented on whose issue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

import msgspec
import pyarrow as pa

from orgnet.errors import UnknownFormatError, UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.dates import TimeReader, zone_of
from orgnet_connectors.github_messages import messages_of
from orgnet_connectors.github_objects import Outer
from orgnet_connectors.json_objects import decoded_objects, json_files, json_names, matching_shape
from orgnet_connectors.work_messages import WorkMessage, write_messages

#: What stands before the fields of an object: nothing, a search's list, a tool's wrapping.
_AROUND = ("", "items.", "data.")
_LISTS = ("items",)
#: Fields of which all must be there, and what they are.
_SHAPES = (
    ({"actor.login", "repo.name", "payload"}, "events"),
    ({"user", "pull_request_url", "submitted_at"}, "reviews of pull requests"),
    ({"user", "pull_request_url", "diff_hunk"}, "comments on pull requests"),
    ({"user", "issue_url", "author_association"}, "comments on issues"),
    ({"user", "number", "html_url", "author_association"}, "pull requests or issues"),
    ({"user.login", "number", "merged_at"}, "pull requests"),
    ({"user.login", "number", "comments_url"}, "issues"),
    ({"author.login", "number", "createdAt"}, "pull requests or issues of the command line"),
    ({"author.login", "number", "reviews"}, "pull requests of the command line"),
    ({"author.login", "number", "comments"}, "issues of the command line"),
)
_EVENTS = {"actor.login", "payload"}

_DECODER = msgspec.json.Decoder(Outer)


class GitHub:
    """Reads pull requests, issues, reviews, comments and events in JSON.

    Examples
    --------
    >>> import json, pathlib, tempfile
    >>> pull = {"number": 7, "user": {"login": "Aya"}, "created_at": "2026-03-02T09:00:00Z"}
    >>> pull |= {"merged_at": "2026-03-03T09:00:00Z", "merged_by": {"login": "ben"}}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "pulls.json"
    ...     _ = path.write_text(json.dumps([pull]))
    ...     batches = list(GitHub().read(Source(path), ReadOptions(), Ledger()))
    >>> [(row["sender"], row["recipient"], row["kind"]) for row in batches[0].to_pylist()]
    [('github:ben', 'github:aya', 'review')]
    """

    name: ClassVar[str] = "github"
    title: ClassVar[str] = "GitHub"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "JSON or JSON lines of GitHub's interface, also .gz, or a folder of it"
    dropped_unread: ClassVar[tuple[str, ...]] = (
        "title",
        "body",
        "diffs",
        "branches",
        "labels",
        "commits",
        "reactions",
    )

    def recognise(self, source: Source) -> str | None:
        """Say why it is GitHub's: by the names that its objects have; in a folder, of all files."""
        files = json_files(source, _is_github)
        if not files:
            return None
        what = ", ".join(dict.fromkeys(what for file in files if (what := _what(file))))
        return f"JSON of GitHub with {what}"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Yield who reviewed, answered or handed over; the ledger counts every object.

        Messages are skipped as ``duplicate``, ``no_addressee``, ``no_date``, ``no_item`` and
        ``unreadable``.

        Raises
        ------
        UnknownFormatError
            If nothing in it is GitHub's.
        UnreadableFileError
            If there is no object in it.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        files = json_files(source, _is_github)
        if not files:
            raise UnknownFormatError(
                "no JSON of GitHub; expected pull requests, issues, reviews, comments or events",
                file=source.name,
                remedy="save what /repos/…/pulls, /pulls/…/reviews and /issues/comments answer",
            )
        look_ahead = any(not json_names(file) >= _EVENTS for file in files)
        yield from write_messages(
            lambda: _messages(files, ledger), ledger, source=self.name, look_ahead=look_ahead
        )
        if not ledger.read:
            raise UnreadableFileError(
                "no objects in it", file=source.name, remedy="export it again"
            )


def _is_github(source: Source) -> bool:
    return _what(source) is not None


def _what(source: Source) -> str | None:
    return matching_shape(source, _SHAPES, _AROUND)


def _messages(files: list[Source], ledger: Ledger) -> Iterator[tuple[str, WorkMessage]]:
    read_time = TimeReader(day_first=None, zone=zone_of(None))
    for place, outer in decoded_objects(files, _DECODER, ledger, lists=_LISTS):
        if outer is None:
            yield place, WorkMessage(refused="unreadable")
            continue
        for message in messages_of(outer, read_time):
            yield place, message
