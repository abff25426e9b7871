"""Messages in saved answers of an API: a page, a list of messages or pages, or one on each line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, BinaryIO

from orgnet_connectors.chat_json import BROKEN, JsonSteps, as_object


class MessagePages:
    """The elements of one file of pages, however the pages were put together.

    Parameters
    ----------
    stream
        The file.
    head
        Its beginning.
    field
        Where a page has its elements: ``value``, ``messages``, ``items``.
    own
        As for `JsonSteps`; the first of them also tells a page from a message on its own.

    Attributes
    ----------
    truncated
        After reading: the file ends early, or what follows a damage could not be found.

    Examples
    --------
    >>> import io
    >>> for data in (b'{"items": [{"id": 1}], "n": 7}', b'[{"id": 1}]', b'{"id": 1} {"id": 2}'):
    ...     list(MessagePages(io.BytesIO(data), data, "items", ["id"]))
    [{'id': 1}]
    [{'id': 1}]
    [{'id': 1}, {'id': 2}]
    """

    def __init__(self, stream: BinaryIO, head: bytes, field: str, own: Collection[str]) -> None:
        self._field = field
        self._steps = JsonSteps(stream, enter=self._to_enter(head, next(iter(own))), own=own)

    @property
    def truncated(self) -> bool:
        """Say whether the file ends early or is damaged beyond a single element."""
        return self._steps.truncated

    def __iter__(self) -> Iterator[Any]:
        """Yield the elements in order, `BROKEN` for each that cannot be read."""
        for path, value in self._steps:
            if path == f"{self._field}[]" or value is BROKEN:
                yield value
            elif path in ("", "[]"):
                page = as_object(value)
                if isinstance(page.get(self._field), list):
                    yield from page[self._field]
                elif page or path == "[]":
                    yield value

    def _to_enter(self, head: bytes, own: str) -> set[str]:
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if start.startswith(b"["):
            return {""}
        page = re.search(rb'"%s"\s*:\s*\[' % self._field.encode(), start)
        message = re.search(rb'"%s"\s*:' % own.encode(), start)
        first = page is not None and (message is None or page.start() < message.start())
        return {"", self._field} if first else set()
