"""Response latency: how long one group waits for an answer of another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orgnet.errors import MissingColumnError, UsageError
from orgnet.measures.working_hours import WORKING_HOURS, hours_worked
from orgnet.network import Graph, Network, as_ids, as_network
from orgnet.pairs import BoolArray, FloatArray, IntArray
from orgnet.statistics.kaplan_meier import kaplan_meier

#: What may ask for an answer. Somebody in copy, a reaction and a meeting do not.
ASKING_KINDS = ("dm", "to", "reply", "mention")

#: What may be an answer.
ANSWERING_KINDS = (*ASKING_KINDS, "cc")

#: An answer is waited for this many days.
WITHIN_DAYS = 7.0

#: Two groups with fewer messages or fewer people who answer have no latency.
MINIMUM_MESSAGES, MINIMUM_RESPONDERS = 30, 5

_COLUMNS = ("sent_at", "sender", "recipient", "message", "thread", "kind")


def response_latency(
    network: Graph,
    interactions: pd.DataFrame,
    *,
    by: str,
    working_hours: tuple[float, float] | None = WORKING_HOURS,
    time_zone: str = "UTC",
    within_days: float = WITHIN_DAYS,
    minimum_messages: int = MINIMUM_MESSAGES,
    minimum_responders: int = MINIMUM_RESPONDERS,
) -> pd.DataFrame:
    r"""How long the people of one group wait for an answer of another group.

    Long waits are a sign of a queue only where the load is high as well; they are also long for
    what is less urgent, and across time zones. Never a value of a person.

    The answer to a message of *a* to *b* is the next one of *b* to *a* in the same conversation;
    without conversations the next one of *b* to *a*, unless *a* wrote to *b* again before. The
    median is that of Kaplan and Meier: a message without an answer was waited for until the limit,
    until *a* wrote again or until the data end, whichever comes first.

    Parameters
    ----------
    network
        A Network, or a networkx or igraph graph; the people only.
    interactions
        One row a message and recipient: ``sent_at`` (without a time zone taken as UTC),
        ``sender``, ``recipient`` (ids of the people), ``message``, ``thread`` (may be empty) and
        ``kind``; optionally ``recipients``, how many the message had as sent. Messages to more than
        the network's limit for broadcasts, and rows without a date, do not count.
    by
        The column of people, or the vertex attribute, that holds the group.
    working_hours
        When the clock runs, in hours of the day, Monday to Friday. None for all hours.
    time_zone
        Where the working day is. People with a ``time_zone`` of their own, in a column of the
        people, are asked on their own day.
    within_days
        How many days an answer is waited for.
    minimum_messages, minimum_responders
        With fewer messages, or fewer people who answered any, there is no latency.

    Returns
    -------
    pandas.DataFrame, one row an ordered pair of groups with a message, sorted; group_a asks
        ``group_a``, ``group_b``; ``messages``; ``responders``, people of group_b who answered;
        ``answered``, share of messages with an answer in time; ``median``, in hours of the clock;
        ``low``, ``high``, its 95 % interval, as if messages were independent, which makes it rather
        narrow; ``reason``, why there is no median: ``few_messages``, ``few_responders`` or
        ``mostly_unanswered``, else empty. ``attrs["dropped"]`` counts the rows that do not count.
        No rows, with ``attrs["reason"]`` ``no_messages``, without any.

    Raises
    ------
    MissingColumnError
        If a column of the interactions is missing.
    UsageError
        If a limit is not above 0, or the working hours or the time zone are wrong.

    References
    ----------
    Kaplan, E. L. and Meier, P. (1958), as for `orgnet.statistics.kaplan_meier`. Answers by
    conversation: Wuchty, S. and Uzzi, B. (2011). Human communication dynamics in digital
    footsteps. *PLoS ONE* 6(11), e26972.

    Examples
    --------
    Sales asks Legal on Friday at four and has its answer on Monday at ten: two working hours.

    >>> import networkx as nx
    >>> graph = nx.Graph([("s1", "l1")])
    >>> nx.set_node_attributes(graph, {"s1": "Sales", "l1": "Legal"}, "department")
    >>> mail = pd.DataFrame(
    ...     {
    ...         "sent_at": pd.to_datetime(["2026-03-06 16:00", "2026-03-09 10:00"], utc=True),
    ...         "sender": ["s1", "l1"],
    ...         "recipient": ["l1", "s1"],
    ...         "message": ["m1", "m2"],
    ...         "thread": ["t", "t"],
    ...         "kind": ["to", "to"],
    ...     }
    ... )
    >>> waits = response_latency(
    ...     graph, mail, by="department", minimum_messages=1, minimum_responders=1
    ... )
    >>> waits.loc[waits["group_a"] == "Sales", ["group_b", "messages", "median"]].values.tolist()
    [['Legal', 1, 2.0]]
    """
    for name, value in (
        ("within_days", within_days),
        ("minimum_messages", minimum_messages),
        ("minimum_responders", minimum_responders),
    ):
        if not value > 0:
            raise UsageError(f"{name} is {value}, expected a number above 0")
    network = as_network(network, by=by)
    groups = network.groups(by)
    messages = _messages(network, interactions, groups.codes)
    asked = np.flatnonzero(messages.asks)
    end, answered = _ends_of_waiting(messages, asked, pd.Timedelta(days=within_days))
    waits = _waits(network, messages, asked, end, working_hours, time_zone)
    k = len(groups.names)
    cell = groups.codes[messages.sender[asked]] * k + groups.codes[messages.recipient[asked]]
    order = np.argsort(cell, kind="stable")
    cells, starts = np.unique(cell[order], return_index=True)
    rows = []
    for part in np.split(order, starts[1:]) if len(cells) else []:
        responders = len(np.unique(messages.recipient[asked[part[answered[part]]]]))
        curve = kaplan_meier(waits[part], answered[part])
        low, high = curve.median_interval
        if len(part) < minimum_messages:
            reason = "few_messages"
        elif responders < minimum_responders:
            reason = "few_responders"
        else:
            reason = "mostly_unanswered" if np.isnan(curve.median) else ""
        values = (curve.median, low, high) if not reason else (np.nan,) * 3
        rows.append((len(part), responders, answered[part].mean(), *values, reason))
    names = ["messages", "responders", "answered", "median", "low", "high", "reason"]
    table = pd.DataFrame(rows, columns=names).astype(
        dict(zip(names, ["int64", "int64", *["float64"] * 4, "str"], strict=True))
    )
    table.insert(0, "group_a", groups.index.take(cells // max(k, 1)).rename(None))
    table.insert(1, "group_b", groups.index.take(cells % max(k, 1)).rename(None))
    table.attrs["dropped"] = messages.dropped
    if not len(table):
        table.attrs["reason"] = "no_messages"
    return table


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class _Messages:
    """The rows that count, people as positions; `thread` is -1 without a conversation."""

    sent_at: pd.Series
    sender: IntArray
    recipient: IntArray
    thread: IntArray
    asks: BoolArray
    dropped: int


def _messages(network: Network, interactions: pd.DataFrame, codes: IntArray) -> _Messages:
    for column in _COLUMNS:
        if column not in interactions.columns:
            raise MissingColumnError(
                f"no column {column!r}; the interactions have {list(interactions.columns)}",
                remedy=f"the columns are {', '.join(_COLUMNS)}",
            )
    sender = network.index.get_indexer(pd.Index(as_ids(interactions["sender"])))
    recipient = network.index.get_indexer(pd.Index(as_ids(interactions["recipient"])))
    sent_at = pd.to_datetime(interactions["sent_at"], utc=True).reset_index(drop=True)
    if "recipients" in interactions.columns:
        recipients = interactions["recipients"]
    else:
        recipients = interactions.groupby("message", dropna=False)["message"].transform("size")
    kind = interactions["kind"]
    known = (sender >= 0) & (recipient >= 0) & (sender != recipient)
    known &= (codes[sender] >= 0) & (codes[recipient] >= 0) if len(codes) else False
    keep = known & sent_at.notna().to_numpy() & kind.isin(ANSWERING_KINDS).to_numpy()
    keep &= (recipients <= network.rules.broadcast_above).to_numpy()
    thread, _ = pd.factorize(interactions["thread"][keep])
    return _Messages(
        sent_at=sent_at[keep].reset_index(drop=True),
        sender=sender[keep],
        recipient=recipient[keep],
        thread=thread.astype(np.int64),
        asks=kind[keep].isin(ASKING_KINDS).to_numpy(),
        dropped=int((~keep).sum()),
    )


def _ends_of_waiting(
    messages: _Messages, asked: IntArray, limit: pd.Timedelta
) -> tuple[IntArray, BoolArray]:
    """Return until when each message was waited for, in microseconds, and whether it was answered.

    Conversations are numbered by thread and the ordered pair who asks and answers, moments by
    their rank, and both packed into one number: the next answer is a search in a sorted list.
    """
    moment = messages.sent_at.to_numpy(dtype="datetime64[us]").astype(np.int64)
    moments, rank = np.unique(moment, return_inverse=True)
    people = int(max(messages.sender.max(initial=0), messages.recipient.max(initial=0))) + 1
    thread = messages.thread + 1
    asks = (thread * people + messages.sender) * people + messages.recipient
    answers = (thread * people + messages.recipient) * people + messages.sender
    _, number = np.unique(np.concatenate([asks, answers]), return_inverse=True)
    ask, answer = number[: len(asks)], number[len(asks) :]
    span = len(moments) + 1
    never = np.iinfo(np.int64).max
    place = ask[asked] * span + rank[asked]

    def next_after(keys: IntArray) -> IntArray:
        """Return the moment of the next key of the same conversation."""
        keys = np.append(np.sort(keys), never)
        found = keys[np.searchsorted(keys, place, side="right")]
        there = found // span == ask[asked]
        return np.where(there, moments[np.where(there, found % span, 0)], never)

    sent = moment[asked]
    if not len(sent):
        return sent, np.zeros(0, dtype=bool)
    reply = next_after(answer * span + rank)
    again = next_after(ask[asked] * span + rank[asked])
    again = np.where(messages.thread[asked] < 0, again, never)
    limit_us = limit // pd.Timedelta(microseconds=1)
    end = np.minimum(np.minimum(sent + limit_us, int(moments[-1])), again)
    answered = (reply <= sent + limit_us) & (reply <= again)
    return np.where(answered, reply, end), answered


def _waits(
    network: Network,
    messages: _Messages,
    asked: IntArray,
    end: IntArray,
    working_hours: tuple[float, float] | None,
    time_zone: str,
) -> FloatArray:
    """Return how long each message was waited for, in hours of the responder's clock."""
    start = messages.sent_at.iloc[asked].reset_index(drop=True)
    stop = pd.Series(end.astype("datetime64[us]")).dt.tz_localize("UTC")
    if working_hours is None:
        return np.asarray((stop - start).dt.total_seconds() / 3600, dtype=float)
    zones = pd.Series(time_zone, index=network.index, dtype="object")
    if "time_zone" in network.people.columns:
        zones = network.people["time_zone"].astype("object").fillna(time_zone)
    zone, names = pd.factorize(zones.to_numpy(dtype=object)[messages.recipient[asked]])
    waits = np.zeros(len(asked))
    for code, name in enumerate(names):
        rows = zone == code
        begin = hours_worked(start[rows], zone=str(name), hours=working_hours)
        waits[rows] = hours_worked(stop[rows], zone=str(name), hours=working_hours) - begin
    return waits
