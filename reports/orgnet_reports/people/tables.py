"""People and ties as CSV files in one zip."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import ClassVar

from orgnet.report_model import TIE_STRENGTHS, PeopleModel
from orgnet_reports.formulas import harmless
from orgnet_reports.group_tables.zip_files import zip_bytes
from orgnet_reports.people.opening import opened_people

#: Without it Excel reads UTF-8 as another encoding.
_MARK = "\ufeff"


class PeopleCsv:
    """Writes ``people.zip``: ``read-me.txt``, ``people.csv`` and ``ties.csv``."""

    name: ClassVar[str] = "csv"
    title: ClassVar[str] = "People and ties as CSV files, in one zip"
    file_name: ClassVar[str] = "people.zip"

    def render(self, model: PeopleModel) -> bytes:
        """Return the zip; the same model gives the same bytes."""
        paper = opened_people(model)
        people, ties = paper.model.people, paper.model.ties
        lines = [f"{paper.say.plain('people.edition')} {paper.banner()}", ""]
        lines += [f"{name}: {told}" for name, told in paper.facts()]
        members = {
            "read-me.txt": "\r\n".join([*lines, ""]),
            "people.csv": _csv(
                ("person", "group", "contacts", "contacts_outside"),
                (
                    (one.label, paper.groups[one.group], one.contacts, one.contacts_outside)
                    for one in people
                ),
            ),
            "ties.csv": _csv(
                ("person_a", "group_a", "person_b", "group_b", "strength"),
                (
                    (
                        people[a].label,
                        paper.groups[people[a].group],
                        people[b].label,
                        paper.groups[people[b].group],
                        TIE_STRENGTHS[strength],
                    )
                    for a, b, strength in zip(ties.first, ties.second, ties.strength, strict=True)
                ),
            ),
        }
        return zip_bytes({name: (_MARK + text).encode() for name, text in members.items()})


def _csv(columns: tuple[str, ...], rows: Iterable[tuple[str | int, ...]]) -> str:
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([harmless(one) if isinstance(one, str) else one for one in row])
    return target.getvalue()
