"""Where the records came from and what became of them, as the report tells it."""

from __future__ import annotations

from dataclasses import dataclass

from orgnet.report_model import SourceRead


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Counts of the reading and of the noise rules; no file name, no identity.

    Attributes
    ----------
    sources
        One an export.
    removed
        Records removed by each noise rule.
    kept
        Records that count towards a tie.
    unmatched
        Identities that may be colleagues and that the roster does not have.
    handovers_left_out
        Handovers in the requirements that are not between two people of the roster.
    notes
        Sentences about the reading, such as the time zone that was assumed.
    """

    sources: tuple[SourceRead, ...] = ()
    removed: tuple[tuple[str, int], ...] = ()
    kept: int = 0
    unmatched: int = 0
    handovers_left_out: int = 0
    notes: tuple[str, ...] = ()
