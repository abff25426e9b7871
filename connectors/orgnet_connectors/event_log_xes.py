"""Event logs in XES, the XML of process mining, plain or compressed."""

from __future__ import annotations

from collections.abc import Iterator

from orgnet.schema import Ledger, Source
from orgnet_connectors.dates import TimeReader, zone_of
from orgnet_connectors.event_log_cases import Event
from orgnet_connectors.safe_xml import DamagedXmlError, Start, root_element, xml_events
from orgnet_connectors.text_lines import preview_lines

_CASE = "concept:name"
_RESOURCE = "org:resource"
_TIME = "time:timestamp"
_TRANSITION = "lifecycle:transition"
_READ = frozenset({_CASE, _RESOURCE, _TIME, _TRANSITION})

#: What only the logs of process mining have, besides a root called ``log``.
_SIGNS = ("<trace", ":trace", "xes.version", "xes-standard.org", "concept:name", _RESOURCE)


def is_xes(source: Source) -> bool:
    """Say whether a file is a log in XES: by its outermost element and what stands in it."""
    if source.is_folder or root_element(source.head) != "log":
        return False
    beginning = "".join(preview_lines(source))
    return any(sign in beginning for sign in _SIGNS)


def xes_events(source: Source, ledger: Ledger) -> Iterator[tuple[int, Event]]:
    """Yield the number and content of every event in the order of the file.

    A case without a name of its own is known by its number. Attributes may hold further ones;
    only those of the event or the case itself count.

    Raises
    ------
    UnreadableFileError
        If the XML declares a document type, or is damaged before the first event.
    """
    read_time = TimeReader(day_first=None, zone=zone_of(None))
    number = cases = 0
    open_names: list[str] = []
    case: dict[str, str] = {}
    stated: dict[str, str] = {}
    try:
        for each in xml_events(source):
            if isinstance(each, Start):
                around = open_names[-1] if open_names else ""
                open_names.append(each.name)
                if each.name == "trace":
                    cases += 1
                    case = {}
                elif each.name == "event":
                    stated = {}
                elif around in ("trace", "event"):
                    key = each.attributes.get("key", "")
                    if key in _READ:
                        held = case if around == "trace" else stated
                        held.setdefault(key, each.attributes.get("value", ""))
                continue
            open_names.pop()
            if each.name == "event":
                number += 1
                yield (
                    number,
                    Event(
                        case=case.get(_CASE, "") or f"case {cases}",
                        resource=stated.get(_RESOURCE, ""),
                        at=read_time(stated.get(_TIME, "")),
                        transition=stated.get(_TRANSITION, ""),
                    ),
                )
    except DamagedXmlError:
        if not number:
            raise
        ledger.truncated = "the XML ends early or is damaged"
    if read_time.without_zone:
        ledger.ambiguous.append("times without a zone are read as UTC")
