"""Every error that orgnet raises on purpose.

::

    OrgnetError
    ├── InputError (ValueError)            wrong data: the command line exits with 1
    │   ├── UnknownFormatError             no connector recognises the file
    │   ├── UnreadableFileError            recognised, but it cannot be read: empty or damaged
    │   ├── MissingColumnError             a table lacks a column that is needed
    │   └── AmbiguousInputError            two readings are possible and the file does not decide
    ├── UsageError (ValueError)            wrong use: the command line exits with 2
    │   └── UnknownColumnError (KeyError)  `by=` names a column that the people table does not have
    ├── PluginError (RuntimeError)         a connector or report that was asked for cannot be loaded
    └── EngineError (RuntimeError)         an engine is not there, is not reachable, or fails

A message says what was found, what was expected and what to do next, and never holds a message's
text, a subject or a whole address.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class OrgnetError(Exception):
    """The root of the tree; catch this to catch everything that orgnet raises on purpose."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else type(self).__name__


class InputError(OrgnetError, ValueError):
    """The data are wrong; the message names the file, the place and the remedy.

    Parameters
    ----------
    problem
        What was found and what was expected.
    file
        The file's name as the user gave it.
    place
        Where in the file: ``"line 812"``, ``"column 'dept'"``.
    remedy
        What to do next.

    Examples
    --------
    >>> str(InputError("the file is empty", file="mail.mbox", remedy="export it again"))
    'mail.mbox: the file is empty; export it again'
    """

    def __init__(
        self,
        problem: str,
        *,
        file: str | None = None,
        place: str | None = None,
        remedy: str | None = None,
    ) -> None:
        where = ", ".join(part for part in (file, place) if part)
        text = f"{where}: {problem}" if where else problem
        super().__init__(f"{text}; {remedy}" if remedy else text)
        self.problem = problem
        self.file = file
        self.place = place
        self.remedy = remedy


class UnknownFormatError(InputError):
    """No installed connector recognises the file."""


class UnreadableFileError(InputError):
    """The file was recognised and cannot be read: empty, truncated or damaged."""


class MissingColumnError(InputError):
    """A table lacks a column that is needed."""


class AmbiguousInputError(InputError):
    """Two readings are possible and nothing in the file decides between them."""


class UsageError(OrgnetError, ValueError):
    """The call or command is wrong, whatever the data are."""


class UnknownColumnError(UsageError, KeyError):
    """`by=` names a column that the people table does not have.

    Examples
    --------
    >>> str(UnknownColumnError("departement", ["department"]))
    "no column 'departement'; the people have ['department']. Did you mean 'department'?"
    """

    def __init__(self, column: str, columns: Iterable[str]) -> None:
        self.column = column
        self.columns = list(columns)
        super().__init__(
            f"no column {column!r}; the people have {self.columns}."
            f"{did_you_mean(column, self.columns)}"
        )


class PluginError(OrgnetError, RuntimeError):
    """A connector or report that was asked for is not installed or fails to load."""


class EngineError(OrgnetError, RuntimeError):
    """The engine that was asked for is not installed or not reachable, or fails half-way."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``" Did you mean 'x'?"`` for the known word nearest to `word`, or nothing.

    Examples
    --------
    >>> did_you_mean("slak", ["mbox", "slack"])
    " Did you mean 'slack'?"
    >>> did_you_mean("zebra", ["mbox", "slack"])
    ''
    """
    close = difflib.get_close_matches(word, list(known), n=1)
    return f" Did you mean {close[0]!r}?" if close else ""
