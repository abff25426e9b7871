"""The finished file: the same bytes for the same slides, and nothing about who made it."""

from __future__ import annotations

import re

from orgnet_reports.group_tables.zip_files import zip_bytes, zip_members

_CORE = "docProps/core.xml"
_PROGRAM = "docProps/app.xml"

#: Instead of the template's, which names a program and counts the words of an empty deck.
_PROGRAM_TEXT = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>orgnet</Application></Properties>"
)
_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def sealed(content: bytes, *, day: str) -> bytes:
    """Return a presentation with fixed dates, those of the sheets behind its charts included.

    Parameters
    ----------
    content
        The presentation as python-pptx writes it.
    day
        ISO date that stands for every moment.
    """
    members = zip_members(content)
    for name, member in members.items():
        if name.endswith(".xlsx"):
            members[name] = sealed(member, day=day)
        elif name == _PROGRAM:
            members[name] = _PROGRAM_TEXT
        elif name == _CORE:
            members[name] = _MOMENT.sub(rb"\g<1>%sT00:00:00Z\g<2>" % day.encode(), member)
    return zip_bytes(members)
