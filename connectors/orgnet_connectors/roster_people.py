"""One row of a roster as a person: ids, addresses, names and groups out of untidy cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct, field

from orgnet_connectors.dates import read_date
from orgnet_connectors.headings import heading_key, heading_words
from orgnet_connectors.roster_columns import RosterColumns

_MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "-", "--", "–", "—"})
_FLOAT_TAIL = re.compile(r"(\d+)\.0+")
#: SuccessFactors and Workday put codes behind names: ``Sales (1000123)``.
_CODE = re.compile(r"\s*\([A-Z]{0,4}[-_ ]?\d{2,}\)$")
_PARENTHESES = re.compile(r"\s*\(([^()]*)\)$")
_NAME_ENDS = re.compile(r"[\s,;.]+")
#: Several addresses in a cell; Microsoft 365 joins them with ``+``, which addresses may hold.
_BETWEEN_ADDRESSES = re.compile(r"[;,|\s]+|\+(?=(?:smtp|sip|x500|spo|eum):)", re.IGNORECASE)
#: Several aliases in a cell; a name as a survey or a phone has it (``name:aya ito``) holds blanks.
_ONE_ALIAS = re.compile(r"(?:name|whatsapp):[^;,|]*[^;,|\s]|[^;,|\s]+")
_ADDRESS = re.compile(r"[^@\s<>:;,|]+@[^@\s<>:;,|]+")
_GUEST = "#ext#"
_YES = frozenset(
    (
        *("yes", "y", "ja", "j", "oui", "o", "si", "true", "t", "1", "x", "wahr", "vrai"),
        *("verdadero", "vero", "waar", "prawda", "verdadeiro", "tak", "sim"),
    )
)
_NO = frozenset(
    (
        *("no", "n", "nein", "non", "nee", "nie", "nao", "false", "f", "0", "falsch", "faux"),
        *("falso", "onwaar", "falsz"),
    )
)
_VACANT = frozenset(
    (
        *("vacant", "vacancy", "vacante", "vakant", "open", "openposition", "tbh", "tbd"),
        *("tobehired", "tobedetermined", "unbesetzt", "offen", "offenestelle", "postevacant"),
        *("vacature", "vaga", "wakat", "unfilled", "unfilledposition", "nn"),
    )
)
#: Words that begin the rows that reports put below the people.
_TOTALS = frozenset(
    (
        *("total", "totals", "subtotal", "sum", "count", "headcount", "summe", "gesamt"),
        *("gesamtsumme", "anzahl", "somme", "effectif", "totale", "totaal", "aantal", "suma"),
        *("razem", "ogolem", "celkem", "totalt", "yhteensa", "osszesen", "ialt"),
    )
)
#: Kinds of the people table and parts of the words that stand for them, as one word.
_KIND_PARTS = (
    ("room", ("room", "equipment", "raum", "salle")),
    ("shared", ("shared", "group", "distribution", "list", "team", "gemeinsam")),
    ("bot", ("bot", "serviceaccount", "serviceprincipal", "application", "system", "machine")),
)


class RosterPerson(Struct, kw_only=True):
    """What one row says, before rows are compared with each other.

    Parameters
    ----------
    row
        Number of the row, for messages.
    cells
        The row itself, to find rows that are the same.
    person
        The id: that of the id column, else the first address, else the name.
    named_by
        Which of the three it is: ``id``, ``email`` or ``name``.
    ids
        Further ids of the same person, from other id columns.
    managers
        Who the row names as manager, the most exact statement first.
    names
        All forms of the name that are there.
    since, until
        The first and last day of which the row tells, where a person has several.
    others
        The older rows of the same person.
    memberships
        Where they belonged to, in order of time; empty for one department all the time.
    """

    row: int
    cells: list[str]
    person: str
    named_by: str
    name: str | None
    names: list[str]
    ids: list[str]
    emails: list[str]
    aliases: list[str]
    department: str | None
    team: str | None
    managers: list[str]
    level: str | None
    location: str | None
    start: date | None
    end: date | None
    snapshot: date | None
    since: date | None
    until: date | None
    agreed: bool | None
    opt_out: bool | None
    kind: str
    manager: str | None = None
    others: list[RosterPerson] = field(default_factory=list)
    memberships: list[dict[str, Any]] = field(default_factory=list)
    further: dict[str, str | None] = field(default_factory=dict)


def read_person(
    row: int, cells: list[str], columns: RosterColumns, day_first: bool | None
) -> RosterPerson | None:
    """Read a row; None where it names nobody: no id, no address, no name.

    Parameters
    ----------
    row, cells
        The row and its number.
    columns
        Where which column stands.
    day_first
        The order of day and month of this file; None where it is not known.
    """
    at = columns.at

    def texts(*names: str) -> list[str]:
        places = [place for name in names if name in at for place in at[name]]
        return [text for place in places if (text := clean(cells[place])) is not None]

    def group(place: int | None) -> str | None:
        return None if place is None else group_name(cells[place])

    def day(name: str) -> date | None:
        place = columns.first(name)
        return None if place is None else read_date(cells[place], day_first)

    def answer(name: str) -> str:
        place = columns.first(name)
        return "" if place is None else cells[place]

    ids = texts("person")
    family = [" ".join([*texts("infix"), last]) for last in texts("last")]
    names = full_names(texts("name"), texts("first"), family)
    logins = texts("aliases")
    emails = addresses([*texts("emails"), *texts("further emails"), *logins])
    # An id that is an address is one of the addresses, in the same spelling.
    ids = [text.lower() if "@" in text else text for text in ids]
    emails += [text for text in ids if _ADDRESS.fullmatch(text) and text not in emails]
    candidates = (("id", ids[:1]), ("email", emails[:1]), ("name", names[:1]))
    named_by, person = next(((by, found[0]) for by, found in candidates if found), ("", ""))
    if not person:
        return None
    return RosterPerson(
        row=row,
        cells=[cell.strip() for cell in cells],
        person=person,
        named_by=named_by,
        name=names[0] if names else None,
        names=names,
        ids=ids[1:],
        emails=emails,
        aliases=[
            *(part for text in logins for part in _ONE_ALIAS.findall(text) if "@" not in part),
            *(text if ":" in text else f"slack:{text}" for text in texts("slack id")),
        ],
        department=group(columns.department),
        team=group(columns.team),
        managers=texts("manager id", "manager email", "manager"),
        level=group(columns.first("level")),
        location=group(columns.first("location")),
        start=day("start"),
        end=day("end"),
        snapshot=day("snapshot"),
        since=day("since"),
        until=day("until"),
        agreed=says_yes(answer("agreed"), otherwise=False),
        opt_out=says_yes(answer("opt_out"), otherwise=True),
        kind=person_kind(answer("kind")),
        further={name: group(place) for name, place in columns.further.items()},
    )


#: A formula's first sign behind the apostrophe that disarms it.
_GUARDED = tuple(f"'{sign}" for sign in "=+-@＝＋－＠")


def clean(text: str) -> str | None:
    """Tidy a cell: no blanks around or doubled inside, no ``.0`` behind a number.

    The apostrophe that keeps a spreadsheet from taking a text for a formula goes too.

    Examples
    --------
    >>> clean("  Aya   Ito "), clean("0012.0"), clean("N/A"), clean("'=1+1")
    ('Aya Ito', '0012', None, '=1+1')
    """
    text = " ".join(text.split())
    if text.startswith(_GUARDED):
        text = text[1:]
    if text.lower() in _MISSING:
        return None
    # Most texts do not end so, and need not be looked at closely.
    match = _FLOAT_TAIL.fullmatch(text) if text.endswith("0") else None
    return match[1] if match else text


def group_name(text: str) -> str | None:
    """Tidy the name of a department or another group: without the code behind it.

    Examples
    --------
    >>> group_name("Sales (1000123)"), group_name("Paris (FR)")
    ('Sales', 'Paris (FR)')
    """
    tidy = clean(text)
    return tidy if tidy is None else _CODE.sub("", tidy) or tidy


def addresses(cells: Sequence[str]) -> list[str]:
    """Find the addresses in some cells, in lower case, each once, main ones first.

    ``SMTP:`` marks the main one of a mailbox, other protocols than mail are left out, and the
    address of a guest (``#EXT#``) is followed by what it stands for.

    Examples
    --------
    >>> addresses(["smtp:a.ito@example.com;SMTP:Aya@example.com;X500:/o=x;SIP:aya@example.com"])
    ['aya@example.com', 'a.ito@example.com']
    >>> addresses(["aya_example.org#EXT#@x.example"])
    ['aya@example.org', 'aya_example.org#ext#@x.example']
    """
    main: list[str] = []
    further: list[str] = []
    for part in (part for cell in cells for part in _BETWEEN_ADDRESSES.split(cell)):
        protocol, colon, rest = part.strip("<>\"'()").partition(":")
        if colon and protocol.lower() not in ("smtp", "mailto"):
            continue
        address = rest if colon else protocol
        if not _ADDRESS.fullmatch(address):
            continue
        address = address.lower()
        local, guest, _ = address.partition(_GUEST)
        name, underscore, domain = local.rpartition("_")
        if guest and underscore and name and "." in domain:
            further.append(f"{name}@{domain}")
        (main if protocol == "SMTP" else further).append(address)
    return list(dict.fromkeys(main + further))


def full_names(whole: Sequence[str], first: Sequence[str], last: Sequence[str]) -> list[str]:
    """List the forms of a name that a row has, the one to show first.

    In a file with a column of first names, a column ``Name`` or ``Nom`` may hold the family
    name alone, and one called ``Nombre`` or ``Nome`` the first name alone.

    Examples
    --------
    >>> full_names(["Ito"], ["Aya"], []), full_names(["Aya Ito"], ["Aya"], ["Ito"])
    (['Aya Ito'], ['Aya Ito'])
    """
    names = list(whole)
    if first and last:
        names.append(f"{first[0]} {last[0]}")
    elif (first or last) and whole and len(name_key(whole[0])) == 1:
        names[0] = " ".join([*first[:1], whole[0], *last[:1]])
    return list(dict.fromkeys(names or [*first, *last]))


def name_key(name: str) -> tuple[str, ...]:
    """Reduce a name to what counts: its words in any order, without case, accents and codes.

    Examples
    --------
    >>> name_key("Novák, Eli") == name_key("Eli Novak (12345)")
    True
    """
    bare = _PARENTHESES.sub("", name) if ")" in name else name
    return tuple(sorted([key for word in _NAME_ENDS.split(bare) if (key := heading_key(word))]))


def in_parentheses(text: str) -> tuple[str, str | None]:
    """Split off what stands in parentheses at the end: ``Aya Ito (12345)``.

    Examples
    --------
    >>> in_parentheses("Aya Ito (12345)"), in_parentheses("Aya Ito")
    (('Aya Ito', '12345'), ('Aya Ito', None))
    """
    match = _PARENTHESES.search(text)
    return (text, None) if match is None else (text[: match.start()], match[1].strip())


def says_yes(text: str, *, otherwise: bool) -> bool | None:
    """Read yes or no in seven languages; None for an empty cell.

    Parameters
    ----------
    text
        A cell.
    otherwise
        What any other text means, such as a date or a name: the answer that shows less.

    Examples
    --------
    >>> says_yes("Ja", otherwise=False), says_yes("0", otherwise=True), says_yes("", otherwise=True)
    (True, False, None)
    """
    if not text or clean(text) is None:
        return None
    key = heading_key(text)
    if key in _YES:
        return True
    return False if key in _NO else otherwise


def person_kind(text: str) -> str:
    """Tell people from shared mailboxes, rooms and bots by the word for it.

    Examples
    --------
    >>> person_kind("SharedMailbox"), person_kind("Service account"), person_kind("Member")
    ('shared', 'bot', 'person')
    """
    if not text:
        return "person"
    key = heading_key(text)
    kinds = (kind for kind, parts in _KIND_PARTS if any(part in key for part in parts))
    return next(kinds, "person")


def is_total(person: RosterPerson) -> bool:
    """Say whether a row sums up the others: ``Total``, ``Anzahl Mitarbeiter: 12``.

    Examples
    --------
    >>> from orgnet_connectors.roster_columns import RosterColumns
    >>> columns = RosterColumns.of(["id", "name", "department"])
    >>> rows = [["Grand total", "12", ""], ["7", "Toni Total", "Sales"]]
    >>> [is_total(row) for some in rows if (row := read_person(2, some, columns, None))]
    [True, False]
    """
    if person.emails:
        return False
    filled = [cell for cell in person.cells if cell]
    words = heading_words(filled[0])
    rest_are_numbers = not any(c.isalpha() for cell in filled[1:] for c in cell)
    return not _TOTALS.isdisjoint(words[:2]) and rest_are_numbers


def is_vacant(person: RosterPerson) -> bool:
    """Say whether a row of an organisation chart is a position that nobody holds.

    Examples
    --------
    >>> from orgnet_connectors.roster_columns import RosterColumns
    >>> columns = RosterColumns.of(["id", "name", "department"])
    >>> row = read_person(2, ["V-1", "Vacant", "Sales"], columns, None)
    >>> row is not None and is_vacant(row)
    True
    """
    if person.emails:
        return False
    key = heading_key(person.name or "")
    return key in _VACANT or key.startswith(("vacant", "openposition"))
