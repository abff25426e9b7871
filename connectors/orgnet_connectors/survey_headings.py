"""The headings of surveys: readable text out of HTML and odd blanks, and the question they ask."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from orgnet_connectors.headings import heading_key, heading_words

#: So much of a question is shown in a message or kept as the name of an item.
LONGEST_HEADING = 120

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_PIPED = re.compile(r"\$\{[^}]*\}")

#: Words and phrases with which people are asked for, in the languages of the roster's headings.
_ASKING = re.compile(
    r"""\b(?:
        who | whom | whose | colleagues? | co-?workers? | teammates? | nominate |
        people | persons? |
        names\ of | name\ (?:up\ to|the\ people|those|any|all|some|\d+) |
        wer | wen | wem | kolleg(?:e|en|in|innen) | personen |
        qui | coll[eè]gues? | personnes? |
        qui[eé]n | qui[eé]nes | colegas? | compa[nñ]er[oa]s? | personas |
        chi | collegh[ie] | collega | persone |
        (?:met|aan|bij|van|voor|door)\ wie | wie\ vraagt? | collega's |
        quem | pessoas |
        kto | kogo | komu | kim | osoby | os[oó]b | wsp[oó][lł]pracownik\w*
    )\b""",
    re.VERBOSE,
)
#: Questions about the formal line or about oneself: their answers are people, and no contact.
_FORMAL = re.compile(
    r"\b(?:your|direct|line|my|ihr\w*|votre|su|il tuo|tu|uw|seu|sua)\s+"
    r"(?:line |direct |own )?"
    r"(?:manager|supervisor|boss|vorgesetzt\w*|führungskraft|chef|jefe|capo)\b"
)
_SELF_NAME = frozenset(
    (
        *("yourname", "yourfullname", "whatisyourname", "whatisyourfullname", "name", "fullname"),
        *("whoareyou", "enteryourname", "pleaseenteryourname", "respondent", "respondentname"),
        *("yourfirstandlastname", "firstandlastname", "pleaseenteryourfullname", "ego", "person"),
        *("ihrname", "deinname", "wieistihrname", "vorundnachname", "votrenom", "nometprenom"),
        *(
            "sunombre",
            "tunombre",
            "nombreyapellidos",
            "nombrecompleto",
            "iltuonome",
            "nomeecognome",
        ),
        *("uwnaam", "jenaam", "voorenachternaam", "seunome", "nomecompleto", "imieinazwisko"),
    )
)
_SELF_EMAIL = frozenset(
    (
        *("email", "emailaddress", "youremail", "youremailaddress", "yourworkemail", "workemail"),
        *("yourworkemailaddress", "whatisyouremail", "whatisyouremailaddress", "respondentemail"),
        *("enteryouremail", "pleaseenteryouremail", "pleaseenteryouremailaddress", "mail"),
        *(
            "ihreemail",
            "ihreemailadresse",
            "emailadresse",
            "deineemail",
            "adresseemail",
            "courriel",
        ),
        *("votreemail", "votreadresseemail", "correoelectronico", "sucorreoelectronico", "tuemail"),
        *("latuaemail", "indirizzoemail", "uwemail", "uwemailadres", "emailadres", "adresemail"),
        *("seuemail", "enderecodeemail", "recipientemail"),
    )
)
_SELF_ID = frozenset(
    (
        *("id", "employeeid", "employeenumber", "employeeno", "youremployeeid", "staffid"),
        *("youremployeenumber", "personid", "respondentid", "userid", "participantid", "egoid"),
        *("personalnummer", "ihrepersonalnummer", "mitarbeiternummer", "matricule", "matricola"),
        *("personeelsnummer", "personnelnumber", "externalreference", "externaldatareference"),
    )
)
_SELF_FIRST = frozenset(
    ("firstname", "yourfirstname", "givenname", "vorname", "prenom", "voornaam")
)
_SELF_LAST = frozenset(
    ("lastname", "yourlastname", "surname", "nachname", "nomdefamille", "achternaam")
)


_NUMBERED = re.compile(r"(.*?[^\W\d_])[\s_.\-#]*(\d{1,3})")
#: Stems of numbered columns in which survey researchers write nominations.
_STEMS = frozenset(
    (
        *("net", "nomination", "nominee", "nom", "alter", "friend", "colleague", "contact"),
        *("person", "peer", "advisor", "adviser", "coworker", "choice", "sociometric"),
        *("kollege", "kollegin", "kontakt", "collegue", "colega", "contacto", "collega"),
    )
)


def tidy(heading: str) -> str:
    """Make a heading readable: no tags, entities, piped fields, line ends or hard blanks.

    Examples
    --------
    >>> tidy("<strong>Who</strong> do you&nbsp;ask,${e://Field/n} Aya?")
    'Who do you ask, Aya?'
    """
    text = _TAG.sub("", html.unescape(heading)) if "<" in heading or "&" in heading else heading
    return " ".join(_PIPED.sub("", text).split())


def shown(heading: str) -> str:
    """Cut a heading to what fits into a message.

    Examples
    --------
    >>> len(shown("x" * 500))
    120
    """
    text = tidy(heading)
    return text if len(text) <= LONGEST_HEADING else f"{text[: LONGEST_HEADING - 1]}…"


def question_key(text: str) -> str:
    """Name a question by its words, for the key of the conversation.

    Examples
    --------
    >>> question_key("Who do you ask for advice?")
    'who_do_you_ask_for_advice'
    """
    return "_".join(heading_words(tidy(text)))[:80] or "question"


def asks_for_people(text: str) -> bool:
    """Say whether a question asks whom somebody is in contact with.

    Examples
    --------
    >>> asks_for_people("Who do you ask for advice?"), asks_for_people("Who is your manager?")
    (True, False)
    >>> asks_for_people("In which team are you?")
    False
    """
    lower = tidy(text).casefold()
    return _ASKING.search(lower) is not None and _FORMAL.search(lower) is None


def numbered_columns(header: Sequence[str]) -> dict[int, str]:
    """Find columns for nominations such as ``net1``, ``net2``: their positions and their stem.

    One numbered column alone is none.

    Examples
    --------
    >>> numbered_columns(["id", "net1", "net2", "phone1", "phone2"])
    {1: 'net', 2: 'net'}
    """
    stems: dict[str, list[int]] = {}
    for position, heading in enumerate(header):
        match = _NUMBERED.fullmatch(tidy(heading))
        if match and (heading_key(match[1]) in _STEMS or asks_for_people(match[1])):
            stems.setdefault(match[1], []).append(position)
    return {
        position: stem
        for stem, positions in stems.items()
        if len(positions) > 1
        for position in positions
    }


def own_column(heading: str) -> str | None:
    """Say what a column tells of the respondent: name, email, id, first, last; None for nothing.

    Examples
    --------
    >>> own_column("What is your name?"), own_column("E-mail address"), own_column("Your team")
    ('name', 'email', None)
    """
    key = heading_key(tidy(heading))
    for column, keys in (
        ("email", _SELF_EMAIL),
        ("id", _SELF_ID),
        ("name", _SELF_NAME),
        ("first", _SELF_FIRST),
        ("last", _SELF_LAST),
    ):
        if key in keys:
            return column
    return None
