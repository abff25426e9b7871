"""The headings that lists of ties or interactions go by."""

from __future__ import annotations

from collections.abc import Sequence

from orgnet_connectors.headings import Aliases, heading_key

#: Columns of a list and the headings that stand for them.
COLUMNS = Aliases(
    {
        "source": [
            *("sender", "source", "from", "ego", "src", "source id", "from id", "from person"),
            *("sender id", "from node id", "node1", "e1", "i"),
            *("absender", "von", "expéditeur", "remitente", "mittente", "afzender", "nadawca"),
        ],
        "target": [
            *("recipient", "target", "to", "alter", "receiver", "dst", "target id", "to id"),
            *("to person", "recipient id", "receiver id", "to node id", "node2", "e2", "j"),
            *("empfänger", "an", "destinataire", "destinatario", "ontvanger", "odbiorca"),
        ],
        "recipients": ["recipients", "to recipients"],
        "cc": ["cc", "cc recipients", "copy to"],
        "time": [
            *("sent_at", "timestamp", "datetime", "date time", "sent", "sent on", "date sent"),
            *("sent date", "time", "date", "event date", "event time", "unixts", "unix time"),
            *("zeitpunkt", "zeit", "datum", "horodatage", "fecha", "data"),
        ],
        "rating": ["score", "rating"],
        "weight": ["weight", "count", "strength", "frequency"],
        "value": ["value"],
        "directed": ["directed"],
        "relation": ["relation", "layer", "label"],
        "type": ["type"],
        "kind": ["kind"],
        "channel": ["channel"],
        "hours": ["hours", "duration hours", "duration (hours)", "duration in hours"],
        "minutes": ["minutes", "duration minutes", "duration (minutes)", "duration in minutes"],
        "duration": ["duration"],
        "message": ["message", "message id"],
        "thread": ["thread", "thread id", "conversation id", "conversation"],
    }
)

#: Headings of mail logs, whose rows are events and no messages: they have readers of their own.
_MAIL_LOG = frozenset(
    (
        *("messagetraceid", "networkmessageid", "toip", "fromip", "originclientip"),
        *("recipientstatus", "relatedrecipientaddress"),
    )
)
_TRACKING_LOG = frozenset(("eventid", "messageid"))


def list_score(cells: Sequence[str]) -> int:
    """Say how well a row fits as the header of a list; 0 where it is none.

    Examples
    --------
    >>> list_score(["from", "to", "weight"]), list_score(["from", "city"])
    (3, 0)
    """
    columns = COLUMNS.positions(cells)
    keys = {heading_key(cell) for cell in cells}
    if keys & _MAIL_LOG or keys >= _TRACKING_LOG:
        return 0
    if "source" not in columns or not ("target" in columns or "recipients" in columns):
        return 0
    return len(columns)
