"""Interactions to weekly ties: one expression for every engine, in whole numbers only."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from orgnet.identity import Standing
from orgnet.rules import BILLION, TieRules
from orgnet.schema import CHANNELS, KINDS

#: Numbers of the kinds and channels in the stored columns.
KIND_CODES = {kind: code for code, kind in enumerate(KINDS)}
CHANNEL_CODES = {channel: code for code, channel in enumerate(CHANNELS)}

_CC = KIND_CODES["cc"]
_REACTION = KIND_CODES["reaction"]
_ATTEND = KIND_CODES["attend"]

#: In ties of people who change departments: which of their stints it was.
STINT_COLUMNS = ("sender_stint", "recipient_stint")

#: Why an interaction makes no tie, in the order in which the rules are asked.
REMOVED = ("duplicate", "self", "bot", "broadcast", "out_of_scope", "opted_out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Queries:
    """SQL for one engine: from records to ties at once, or by way of counts that can be kept.

    Attributes
    ----------
    once
        Each record once, before any rule. Reads the tables ``interactions`` and ``actors``, and
        ``stints`` where people changed departments.
    counted
        How many records of ``once`` are alike in all that rules ask: columns `COUNTED`.
    unknown
        The same without those that the table ``known`` names by ``message, sender, recipient``.
    judged
        The records of the table ``counted`` with the reason for which they make no tie, or
        ``kept``.
    classified
        The same of ``interactions`` at once.
    ties, counts
        Weekly ties in any order, and records and repeats for each reason, of the table
        ``classified``.
    together
        Ties of several parts, the table ``parts``, added up.
    """

    once: str
    counted: str
    unknown: str
    judged: str
    classified: str
    ties: str
    counts: str
    together: str


#: Columns of counts, before any rule: so many ``records`` of a week from one actor to another by
#: one channel, of one kind, number of recipients and amount, of which ``copies`` were read.
COUNTED = {
    "week": "int32",
    "sender": "int32",
    "recipient": "int32",
    "channel": "int8",
    "kind": "int8",
    "recipients": "int32",
    "amount": "int64",
    "from_standing": "int8",
    "to_standing": "int8",
    "records": "int64",
    "copies": "int64",
}


@cache
def queries(
    rules: TieRules, dialect: str = "duckdb", *, dated: bool = False, unique: bool = False
) -> Queries:
    """Compile the reduction of interactions to weekly ties for an engine.

    The table ``interactions`` has one row a record: ``message`` (int64 hash), ``sender`` and
    ``recipient`` (identity numbers), ``day`` (days since 1970, null without a date), ``channel``
    and ``kind`` (numbers), ``recipients``, ``amount`` (billionths: hours of a meeting, value of a
    ready-made list; else null). The table ``actors`` has ``identity``, ``actor``, ``standing``.

    One record of a message counts for one sender and recipient, the strongest kind. The share of
    a message to r people is 1/r, a Cc counts `rules.carbon_copy_share` of that, both in whole
    billionths (`measures.md` 1.2). A meeting makes ties in both directions, whichever of them its
    records name; one with p people has p - 1 ``recipients``.

    `dated` is for rosters in which people change departments: the table ``stints`` has ``actor``,
    ``stint``, ``first_day``, ``last_day``, and the ties tell in ``sender_stint`` and
    ``recipient_stint`` which stint it was on the day of the message; 0 where there is none.

    `unique` is for interactions of which no two have the same message, sender and recipient: what
    comes out is the same, in half the time.

    Examples
    --------
    >>> "GROUP BY" in queries(TieRules()).ties
    True
    """
    import ibis

    interactions = ibis.table(
        {
            "message": "int64",
            "sender": "int32",
            "recipient": "int32",
            "day": "int32",
            "channel": "int8",
            "kind": "int8",
            "recipients": "int32",
            "amount": "int64",
        },
        name="interactions",
    )
    actors = ibis.table({"identity": "int32", "actor": "int32", "standing": "int8"}, name="actors")
    stints = dict.fromkeys(STINT_COLUMNS, "int32") if dated else {}
    counted = ibis.table(COUNTED | stints, name="counted")
    keys = [name for name in counted.columns if name not in ("records", "copies")]
    known = ibis.table({"message": "int64", "sender": "int32", "recipient": "int32"}, name="known")
    once = _once(interactions, actors, unique=unique)
    if dated:
        once = _with_stints(once)
    each = ibis.table(once.schema(), name="once")
    single = once.mutate(records=ibis.literal(1, "int64")).select(*counted.columns)
    classified = _judged(single, rules)
    stored = ibis.table(classified.schema(), name="classified")
    ties = _weekly(stored, rules)

    def sql(expression: Any) -> str:
        return str(ibis.to_sql(expression, dialect=dialect))

    return Queries(
        once=sql(once),
        counted=sql(_counted(each, keys)),
        unknown=sql(_counted(each.anti_join(known, known.columns), keys)),
        judged=sql(_judged(counted, rules)),
        classified=sql(classified),
        ties=sql(ties),
        counts=sql(_counts(stored)),
        together=sql(_added_up(ibis.table(ties.schema(), name="parts"))),
    )


def _once(interactions: Any, actors: Any, *, unique: bool) -> Any:
    """Keep one record of a message from one actor to another, the strongest."""
    import ibis

    senders = actors.rename(from_identity="identity", from_actor="actor", from_standing="standing")
    recipients = actors.rename(to_identity="identity", to_actor="actor", to_standing="standing")
    named = interactions.join(senders, interactions.sender == senders.from_identity)
    named = _meetings_one_way(named.join(recipients, named.recipient == recipients.to_identity))
    if unique:
        once = named.mutate(copies=ibis.literal(1, "int64"))
    else:
        once = named.group_by(["message", "from_actor", "to_actor"]).aggregate(
            copies=named.count().cast("int64"),
            day=named.day.min(),
            channel=named.channel.min(),
            kind=named.kind.min(),
            recipients=named.recipients.max(),
            amount=named.amount.max(),
            from_standing=named.from_standing.max(),
            to_standing=named.to_standing.max(),
        )
    return once.select(
        message=once.message,
        sender=once.from_actor,
        recipient=once.to_actor,
        day=once.day,
        week=((once.day + 3) // 7).cast("int32"),
        channel=once.channel,
        kind=once.kind,
        recipients=once.recipients,
        amount=once.amount,
        from_standing=once.from_standing,
        to_standing=once.to_standing,
        copies=once.copies,
    )


def _counted(once: Any, keys: list[str]) -> Any:
    counted = once.group_by(keys).aggregate(
        records=once.count().cast("int64"), copies=once.copies.sum().cast("int64")
    )
    # Nobody needs an order, but what is alike is stored in less space side by side.
    return counted.order_by(["sender", "recipient", "week"])


def _judged(counted: Any, rules: TieRules) -> Any:
    """Add why records make no tie under the rules."""
    import ibis

    def either(standing: Standing) -> Any:
        return (counted.from_standing == int(standing)) | (counted.to_standing == int(standing))

    # Whoever invites to a meeting attends it, besides its recipients.
    cap = ibis.ifelse(counted.kind == _ATTEND, rules.meeting_above - 1, rules.broadcast_above)
    reason = ibis.cases(
        (counted.sender == counted.recipient, "self"),
        (either(Standing.NOT_A_PERSON), "bot"),
        (counted.recipients > cap, "broadcast"),
        (either(Standing.OUT_OF_SCOPE), "out_of_scope"),
        (either(Standing.OPTED_OUT), "opted_out"),
        else_="kept",
    )
    told = [name for name in counted.columns if not name.endswith("_standing")]
    return counted.select(*told, reason=reason)


def _with_stints(once: Any) -> Any:
    """Add the stint in which each end was on the day of the message."""
    import ibis

    stints = ibis.table(
        {"actor": "int32", "stint": "int32", "first_day": "int32", "last_day": "int32"},
        name="stints",
    )
    for end in STINT_COLUMNS:
        actor = once[end.removesuffix("_stint")]
        theirs = stints.rename(**{f"{end}_{name}": name for name in stints.columns})
        joined = once.left_join(
            theirs,
            [
                actor == theirs[f"{end}_actor"],
                once.day >= theirs[f"{end}_first_day"],
                once.day <= theirs[f"{end}_last_day"],
            ],
        )
        once = joined.select(*once.columns, **{end: joined[f"{end}_stint"].fill_null(0)})
    return once


def _meetings_one_way(named: Any) -> Any:
    """Turn meetings so that both directions of one pair are one record."""
    import ibis

    turn = (named.kind == _ATTEND) & (named.from_actor > named.to_actor)
    return named.mutate(
        from_actor=ibis.ifelse(turn, named.to_actor, named.from_actor),
        to_actor=ibis.ifelse(turn, named.from_actor, named.to_actor),
        from_standing=ibis.ifelse(turn, named.to_standing, named.from_standing),
        to_standing=ibis.ifelse(turn, named.from_standing, named.to_standing),
    )


def _weekly(classified: Any, rules: TieRules) -> Any:
    import ibis

    kept = classified.filter(classified.reason == "kept")
    stints = [end for end in STINT_COLUMNS if end in classified.columns]
    whole = kept.amount.fill_null(BILLION)
    carbon = int(BILLION * rules.carbon_copy_share)
    share = ibis.ifelse(kept.kind == _CC, carbon, whole) // ibis.greatest(kept.recipients, 1)
    rows = kept.select(
        "week",
        "sender",
        "recipient",
        "channel",
        "kind",
        *stints,
        active=ibis.ifelse(kept.kind == _REACTION, 0, kept.records).cast("int64"),
        share=(share * kept.records).cast("int64"),
    )
    meetings = rows.filter(rows.kind == _ATTEND)
    turned = meetings.select(
        "week",
        "channel",
        "kind",
        "active",
        "share",
        sender=meetings.recipient,
        recipient=meetings.sender,
        **{end: meetings[other] for end, other in zip(stints, reversed(stints), strict=True)},
    ).select(rows.columns)
    both = rows.union(turned)
    return _added_up(both.rename(interactions="active", billionths="share").drop("kind"))


def _added_up(ties: Any) -> Any:
    keys = [name for name in ties.columns if name not in ("interactions", "billionths")]
    return ties.group_by(keys).aggregate(
        interactions=ties.interactions.sum().cast("int64"),
        billionths=ties.billionths.sum().cast("int64"),
    )


def _counts(classified: Any) -> Any:
    return classified.group_by("reason").aggregate(
        rows=classified.records.sum().cast("int64"),
        repeats=(classified.copies.sum() - classified.records.sum()).cast("int64"),
    )
