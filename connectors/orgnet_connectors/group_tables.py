"""Viva Insights queries about groups: recognised, and refused because no person is in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

import pyarrow as pa

from orgnet.errors import InputError, UnreadableFileError
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.delimited import Table, find_table
from orgnet_connectors.viva_headings import Ends, find_ends

_INSTEAD = (
    "export the person-to-person query, with the attribute 'Organization' for both people, and "
    "orgnet adds up the groups itself"
)


class GroupTables:
    """Says of group-to-group and person-to-group queries what to export in their place.

    A matrix of groups cannot be turned into people again: who bridges two groups, and how many
    people a link hangs on, is not in it.
    """

    name: ClassVar[str] = "viva_groups"
    title: ClassVar[str] = "Viva Insights group query"
    table: ClassVar[Literal["interactions", "people"]] = "interactions"
    accepts: ClassVar[str] = "nothing of it: says what to export instead of a group query"
    dropped_unread: ClassVar[tuple[str, ...]] = ("everything",)

    def recognise(self, source: Source) -> str | None:
        """Say why the file is a query about groups: by the headings of its two ends."""
        found = _find(source)
        if found is None:
            return None
        table, ends = found
        shown = " and ".join(repr(table.header[position]) for position in _ends_shown(ends))
        return f"groups, not people, in columns {shown}"

    def read(
        self, source: Source, options: ReadOptions, ledger: Ledger
    ) -> Iterator[pa.RecordBatch]:
        """Refuse the file.

        Raises
        ------
        InputError
            Always, with what to export instead.
        """
        ledger.dropped_unread.update(self.dropped_unread)
        found = _find(source)
        if found is None:
            raise InputError(
                "this is no query about groups", file=source.name, remedy="leave it out"
            )
        _, ends = found
        if ends.kind == "person_to_group":
            raise InputError(
                "this table has groups, not people, on one side: a person-to-group query says "
                "with which groups somebody has contact and not with whom",
                file=source.name,
                remedy=_INSTEAD,
            )
        raise InputError(
            "this table has groups, not people: a group-to-group query is a matrix of groups, in "
            "which no person can be seen",
            file=source.name,
            remedy=_INSTEAD,
        )


def _find(source: Source) -> tuple[Table, Ends] | None:
    try:
        table = find_table(source, _groups_score)
    except UnreadableFileError:
        return None
    ends = None if table is None else find_ends(table.header)
    return None if table is None or ends is None else (table, ends)


def _groups_score(header: Sequence[str]) -> int:
    ends = find_ends(header)
    return len(header) if ends is not None and ends.kind != "person_to_person" else 0


def _ends_shown(ends: Ends) -> list[int]:
    """Return the positions of the headings by which each end is known."""
    return [
        person if person is not None else next(iter(attributes.values()), 0)
        for person, attributes in zip(ends.person, ends.attributes, strict=True)
    ]
