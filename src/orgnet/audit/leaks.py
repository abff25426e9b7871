"""What an audit looked at, what it searched for, and what it found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: ``possible`` is a common word, a short id or a part of a name: it may stand there for itself.
Certainty = Literal["found", "possible"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Leak:
    """One thing that should not be there.

    Attributes
    ----------
    certainty
        ``found``, or ``possible`` for what may be a word like any other.
    what
        ``name``, ``address``, ``id``, ``pseudonym``, ``withheld number``, ``file mode``, ...
    where
        The output, and the place in it: ``report.xlsx › docProps/core.xml``.
    whose
        Where the input has it (``people.csv, row 12``), or what can be worked out: never the name.
    """

    certainty: Certainty
    what: str
    where: str
    whose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The result of an audit.

    Attributes
    ----------
    looked_at
        Each file with what it was taken for: groups, people, people with names, team, restricted.
    searched_for
        How many of each kind were searched for.
    leaks
        What was found, the certain ones first.
    not_done
        What could not be looked at, and why.
    """

    looked_at: tuple[tuple[str, str], ...]
    searched_for: tuple[tuple[str, int], ...]
    leaks: tuple[Leak, ...]
    not_done: tuple[str, ...] = ()

    @property
    def found(self) -> tuple[Leak, ...]:
        """The certain ones."""
        return tuple(leak for leak in self.leaks if leak.certainty == "found")

    @property
    def possible(self) -> tuple[Leak, ...]:
        """Those that may be words like any other."""
        return tuple(leak for leak in self.leaks if leak.certainty == "possible")
