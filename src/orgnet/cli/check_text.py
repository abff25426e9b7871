"""What ``orgnet check`` found in a file, in words for whoever made the export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

#: Reasons whose name alone does not say it.
_REASONS = {
    "bad_value": "with a value that is no number",
    "below_tie_from": "rated below --tie-from",
    "duplicate": "repeated",
    "empty": "empty",
    "no_addressee": "addressed to nobody",
    "no_answer": "without an answer",
    "no_date": "without a date",
    "no_identity": "naming nobody",
    "no_recipient": "without a recipient",
    "no_sender": "without a sender",
    "ragged": "with more cells than headings",
    "same_name": "with a name that stands twice",
    "superseded": "older rows of the same person",
    "system": "written by the program itself",
    "vacant": "positions that nobody holds",
    "zero": "with a strength of 0",
}

#: What marks a note as something to decide: the option that decides it.
_OPTION = "--"


def described(entry: dict[str, Any], *, with_roster: bool) -> Iterator[str]:
    """Yield the lines that describe one file.

    Parameters
    ----------
    entry
        An object of ``orgnet check --json``.
    with_roster
        Whether there was a roster to match identities with.

    Examples
    --------
    >>> entry = {"file": "poem.txt", "connector": None}
    >>> list(described(entry, with_roster=False))
    ['poem.txt', '  not recognised']
    """
    yield entry["file"]
    if entry["connector"] is None:
        yield "  not recognised"
        return
    yield f"  {entry['connector']}: {entry['why']}"
    yield f"  rows or messages: {_rows(entry)}"
    if entry["interactions"]:
        yield f"  contacts in them: {entry['interactions']:,}"
        yield f"  names, addresses and accounts: {_people(entry['people'], with_roster)}"
    if entry["first"]:
        yield f"  period: {_period(entry)}"
    if entry["columns"]:
        yield "  columns read:"
        yield from (f"    {theirs} → {ours}" for theirs, ours in entry["columns"].items())
    if entry["ignored"]:
        yield f"  ignored in this file: {', '.join(repr(one) for one in entry['ignored'])}"
    never = [one for one in entry["dropped_unread"] if one not in entry["ignored"]]
    yield f"  never looked at: {', '.join(never) or 'nothing'}"
    for note in entry["ambiguous"]:
        yield f"  {'to decide' if _OPTION in note else 'note'}: {note}"
    yield from (f"  problem: {problem}" for problem in entry["problems"])
    if entry["records"]:
        yield f"  the first {len(entry['records'])}, masked:"
        yield from (f"    {_record(record)}" for record in entry["records"])


def _rows(entry: dict[str, Any]) -> str:
    text = f"read {entry['read']:,}, kept {entry['kept']:,}"
    skipped = [
        f"{count:,} {_REASONS.get(reason, reason.replace('_', ' '))}"
        for reason, count in entry["skipped"].items()
    ]
    return f"{text}, skipped {_listed(skipped)}" if skipped else text


def _people(counts: dict[str, int], with_roster: bool) -> str:
    if not with_roster:
        total = counts["matched"] + counts["unmatched"]
        return f"{total:,} (--people F says how many of them the roster has)"
    text = f"{counts['matched']:,} in the roster"
    others = [
        f"{counts[key]:,} {words}"
        for key, words in (
            ("external", "of other organisations"),
            ("not_people", "machines, rooms or shared mailboxes"),
            ("unknown", "not in the roster (`orgnet people` suggests who they are)"),
        )
        if counts[key]
    ]
    return f"{text}, {_listed(others)}" if others else text


def _period(entry: dict[str, Any]) -> str:
    first, last = (entry[end][:16].replace("T", " ") for end in ("first", "last"))
    zone = entry["time_zone"]
    return f"{first} to {last} UTC; times that state no zone are taken for {zone} (--tz)"


def _record(record: dict[str, Any]) -> str:
    if "sender" not in record:
        told = (record[key] for key in ("name", "department", "team"))
        parts = [record["person"], *record["emails"], *(part for part in told if part)]
        if record["manager"]:
            parts.append(f"reports to {record['manager']}")
        if record["start"]:
            parts.append(f"since {record['start']}")
        return "  ".join(parts)
    when = (record["sent_at"] or "no date")[:16].replace("T", " ")
    to = "" if record["recipients"] == 1 else f", one of {record['recipients']:,} addressed"
    ends = f"{record['sender']} → {record['recipient']}"
    return f"{when}  {ends}  {record['channel']}, {record['kind']}{to}"


def _listed(parts: Sequence[str]) -> str:
    return ", ".join(parts)
