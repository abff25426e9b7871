"""The tables that flow through orgnet: columns, Arrow types, meaning.

Identities are text as the source has it, normalised (addresses in lower case, ids with the
source's prefix, such as ``slack:U024BE7LH``). No table ever holds a subject, a text, a file name
or a room name.
"""

import pyarrow as pa

#: Where an interaction took place.
CHANNELS = ("email", "chat", "meeting", "work", "survey")

#: What an interaction was, the strongest kind first. Of two records of one message between the
#: same two people the stronger stays.
KINDS = (
    "dm",
    "to",
    "reply",
    "mention",
    "cc",
    "reaction",
    "attend",
    "review",
    "handover",
    "nomination",
    "total",
)

#: What a row of the people table stands for.
PERSON_KINDS = ("person", "shared", "bot", "room")

INTERACTIONS = pa.schema(
    [
        # When it was sent, UTC; null in lists without dates.
        pa.field("sent_at", pa.timestamp("us", tz="UTC")),
        pa.field("sender", pa.string(), nullable=False),
        pa.field("recipient", pa.string(), nullable=False),
        pa.field("channel", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        # Recipients of the whole message as sent, before anybody is left out.
        pa.field("recipients", pa.int32(), nullable=False),
        # Length of a meeting in hours.
        pa.field("hours", pa.float64()),
        # The strength that a row of a ready-made list states: a count, a rating, a weight.
        pa.field("value", pa.float64()),
        # Stable key of the message, the same in every copy of it.
        pa.field("message", pa.string(), nullable=False),
        # Stable key of the conversation.
        pa.field("thread", pa.string()),
        # Name of the connector that read it.
        pa.field("source", pa.string(), nullable=False),
    ]
)

PEOPLE = pa.schema(
    [
        pa.field("person", pa.string(), nullable=False),
        pa.field("name", pa.string()),
        pa.field("emails", pa.list_(pa.string())),
        # Chat ids, user names, old addresses.
        pa.field("aliases", pa.list_(pa.string())),
        pa.field("department", pa.string()),
        pa.field("team", pa.string()),
        # The person id of the manager.
        pa.field("manager", pa.string()),
        pa.field("level", pa.string()),
        pa.field("location", pa.string()),
        pa.field("start", pa.date32()),
        pa.field("end", pa.date32()),
        # Agreed to be shown by name in the team edition.
        pa.field("agreed", pa.bool_()),
        # Asked to be left out of everything.
        pa.field("opt_out", pa.bool_()),
        pa.field("kind", pa.string(), nullable=False),
    ]
)

#: A further column of the people table, in rosters that say when people changed departments: where
#: they belonged to, in order of time. Each entry holds until the next begins, the first one
#: (``since`` null) from ever; empty for those who never changed.
MEMBERSHIPS = pa.field(
    "memberships",
    pa.list_(
        pa.struct(
            [
                pa.field("since", pa.date32()),
                pa.field("department", pa.string()),
                pa.field("team", pa.string()),
            ]
        )
    ),
)

ANSWERS = pa.schema(
    [
        # Whose answer it is: an identity, as in `INTERACTIONS`.
        pa.field("person", pa.string(), nullable=False),
        # The statement or question, as the survey puts it.
        pa.field("item", pa.string(), nullable=False),
        # The answer on its scale, larger for more agreement; "don't know" is no answer.
        pa.field("value", pa.float64(), nullable=False),
        # Which round of a repeated survey; null where there is one.
        pa.field("wave", pa.string()),
    ]
)

TIES = pa.schema(
    [
        # The Monday of the week; null where the source has no dates.
        pa.field("week", pa.date32()),
        pa.field("sender", pa.string(), nullable=False),
        pa.field("recipient", pa.string(), nullable=False),
        pa.field("channel", pa.string(), nullable=False),
        # Interactions that make the week active; a reaction alone does not.
        pa.field("interactions", pa.int64(), nullable=False),
        # Sum of the shares after the multi-recipient rule.
        pa.field("strength", pa.float64(), nullable=False),
    ]
)
