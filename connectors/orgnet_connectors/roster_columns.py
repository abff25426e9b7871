"""What every heading of a roster means: a column of ours, a further grouping, or nobody's business.

The names are those of the usual exports (Entra, Google Workspace, BambooHR, Workday, Personio,
SuccessFactors, org charts) and of plain sheets in seven languages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orgnet.schema import PEOPLE
from orgnet_connectors.headings import Aliases, heading_key, heading_words, snake_case
from orgnet_connectors.list_columns import list_score
from orgnet_connectors.survey_headings import numbered_columns

#: Our column, or what it is made of, and the headings that stand for it, best first.
COLUMNS = Aliases(
    {
        "person": [
            *("person", "person id", "id", "employee id", "employee number", "employee #"),
            *("employee no", "worker id", "unique id", "user id", "emp id", "emp no"),
            *("associate id", "staff id", "personnel number", "personnel no", "object id"),
            *("personalnummer", "personal nr", "mitarbeiternummer", "mitarbeiter id", "matricule"),
            *("numéro d'employé", "número de empleado", "id empleado", "matricola"),
            *("id dipendente", "personeelsnummer", "medewerkernummer", "numer pracownika"),
            *("número do funcionário", "matrícula"),
        ],
        "name": [
            *("name", "full name", "display name", "employee name", "employee", "worker"),
            *("worker name", "legal name", "preferred name", "legal name/preferred name"),
            "mitarbeiter",
            *("vollständiger name", "nom complet", "nom et prénom", "nom", "nombre completo"),
            *("nombre y apellidos", "nombre", "nome completo", "nome", "naam", "volledige naam"),
            *("imię i nazwisko", "label"),
        ],
        "first": [
            *("first name", "given name", "forename", "vorname", "prénom", "nombre de pila"),
            *("voornaam", "imię", "primeiro nome"),
        ],
        "last": [
            *("last name", "surname", "family name", "nachname", "familienname", "nom de famille"),
            *("apellidos", "apellido", "cognome", "achternaam", "nazwisko", "sobrenome"),
        ],
        "emails": [
            *("emails", "email", "work email", "mail", "email address", "email work"),
            *("primary work email", "primary smtp address", "primary email", "business email"),
            *("employee email", "user email", "best email", "windows email address"),
            *("e-mail-adresse", "email adresse", "dienstliche e-mail", "courriel"),
            *("adresse e-mail", "adresse électronique", "correo", "correo electrónico"),
            *("indirizzo email", "posta elettronica", "e-mailadres", "adres e-mail"),
            *("adres email", "endereço de e-mail", "correio eletrónico", "correio eletrônico"),
        ],
        "further emails": [
            *("user principal name", "upn", "proxy addresses", "email addresses", "alias emails"),
            *("email aliases", "work secondary email", "secondary email", "other emails"),
            *("previous email", "old email", "additional emails"),
        ],
        "aliases": [
            *("aliases", "alias", "user name", "username", "login", "sam account name"),
            *("chat id", "benutzername", "nom d'utilisateur", "nombre de usuario", "nome utente"),
            *("gebruikersnaam", "nazwa użytkownika", "nome de usuário"),
        ],
        "slack id": ["slack id", "slack user id", "slack member id", "slack"],
        "department": [
            *("department", "dept", "department name", "dept name", "abteilung", "département"),
            *("departamento", "dipartimento", "afdeling", "dział", "departament"),
        ],
        # What may stand in for a department where no heading of the first kind is.
        "stand-in": [
            *("team", "team name", "unit", "division", "org unit", "organizational unit"),
            *("organisational unit", "business unit", "supervisory organization", "org unit path"),
            *("organization", "organisation", "cost center", "cost centre", "fachbereich"),
            *("bereich", "kostenstelle", "équipe", "service", "unité", "unidad", "área", "equipo"),
            *("reparto", "unità", "area", "squadra", "eenheid", "zespół", "unidade", "equipe"),
            "group",
        ],
        "manager id": [
            *("manager id", "manager employee id", "supervisor id", "supervisor eid", "boss id"),
            *("manager employee number", "reports to id", "line manager id"),
        ],
        "manager email": [
            *("manager email", "reports to email", "supervisor email", "line manager email"),
            *("manager upn", "e-mail vorgesetzter", "email manager"),
        ],
        "manager": [
            *("manager", "reports to", "reporting to", "supervisor", "line manager", "boss"),
            *("worker's manager", "manager name", "supervisor name", "vorgesetzter"),
            *("vorgesetzte", "vorgesetzte/r", "führungskraft", "supérieur", "responsable"),
            *("supérieur hiérarchique", "jefe", "supervisor directo", "responsabile"),
            *("leidinggevende", "przełożony", "kierownik", "gestor", "chefe", "superior"),
        ],
        "level": [
            *("level", "org level", "job level", "management level", "level designation", "grade"),
            *("compensation grade", "band", "job grade", "seniority", "ebene", "stufe", "niveau"),
            *("nivel", "livello", "poziom", "nível"),
        ],
        "location": [
            *("location", "work location", "office location", "physical delivery office name"),
            *("office", "site", "city", "building", "building id", "standort", "büro", "ort"),
            *("lieu", "lieu de travail", "ville", "ubicación", "oficina", "ciudad", "sede"),
            *("ufficio", "città", "locatie", "vestiging", "kantoor", "stad", "lokalizacja"),
            *("biuro", "miasto", "localização", "localidade", "escritório", "cidade"),
        ],
        "title": [
            *("job title", "title", "position", "business title", "employee title", "job", "role"),
            *("stelle", "titel", "poste", "fonction", "puesto", "cargo", "mansione", "ruolo"),
            *("functie", "stanowisko", "função"),
        ],
        "start": [
            *("start", "start date", "hire date", "join date", "joined", "original hire date"),
            *("employee hire date", "date of joining", "einstellungsdatum", "eintrittsdatum"),
            *("eintritt", "date d'embauche", "date d'entrée", "fecha de ingreso"),
            *("fecha de contratación", "fecha de alta", "data di assunzione"),
            *("datum in dienst", "indiensttreding", "data zatrudnienia", "data de admissão"),
        ],
        "end": [
            *("end", "end date", "termination date", "leave date", "exit date", "last day"),
            *("austrittsdatum", "austritt", "date de sortie", "date de départ", "fecha de baja"),
            *("data di cessazione", "datum uit dienst", "uitdiensttreding", "data zwolnienia"),
            *("data de saída", "data de desligamento"),
        ],
        "snapshot": ["snapshot", "snapshot date", "as of", "as of date", "stichtag"],
        "agreed": [
            *("agreed", "agreement", "consent", "einverstanden", "zustimmung", "consentement"),
            *("accord", "consentimiento", "consenso", "toestemming", "zgoda", "consentimento"),
        ],
        "opt_out": [
            *("opt_out", "opted out", "opt-out", "widerspruch", "refus", "objection"),
            *("exclusión", "opposizione", "bezwaar", "sprzeciw", "oposição"),
        ],
        "kind": [
            *("kind", "person kind", "person type", "account type", "mailbox type"),
            *("recipient type", "recipient type details", "type"),
        ],
    }
)

#: One of these, and one that describes people, make a roster.
_IDENTITY = ("person", "name", "first", "last", "emails", "further emails")
_DESCRIBING = (
    *("department", "stand-in", "manager", "manager id", "manager email", "level", "location"),
    *("title", "start", "end", "snapshot", "agreed", "opt_out"),
)
#: Columns that are also kept under their own heading, to group by.
_GROUPINGS = ("department", "stand-in", "level", "location", "title", "kind")

#: Headings of exports that list something else about people: meetings, answers, tickets.
_FOREIGN = frozenset(
    heading_key(heading)
    for heading in (
        *("meeting id", "topic", "join time", "leave time", "respondent id", "collector id"),
        *("completion time", "response id", "response type", "case id", "case:concept:name"),
        *("concept:name", "activity", "issue key", "issue id", "message id", "message", "subject"),
        *("thread id", "sender", "sent_at", "timestamp", "objective", "first join", "last leave"),
        *("participant id", "recording consent", "in-meeting duration", "report refresh date"),
        *("post id", "message_kind"),
    )
)

#: Words of headings that are never read, whatever else the heading says.
_PRIVATE_WORDS = frozenset(
    (
        *("age", "alter", "edad", "eta", "leeftijd", "idade", "wiek", "sex", "sexe", "sexo"),
        *("race", "pay", "lohn", "loon", "tel", "fax", "iban", "bic", "bank", "dob", "ssn"),
        *("pesel", "nif", "dni", "cpf", "nin", "street", "postal", "zip", "plz", "hr", "mi"),
        *("notes", "note", "comment", "comments", "remark", "remarks", "proxy", "assistant"),
        *("mentor", "buddy", "health", "sick", "recovery", "private", "personal", "home"),
        *("emergency", "address", "adresse", "mobile", "handy", "minor", "email", "mail"),
        *("photo", "foto", "birthday"),
    )
)
#: Parts of headings that are never read; long enough not to occur in other words.
_PRIVATE_PARTS = (
    *("salary", "salaire", "salario", "gehalt", "stipend", "wynagrodzen", "compensation", "wage"),
    *("bonus", "birth", "geburt", "naissance", "nacimiento", "nascita", "geboorte", "urodzeni"),
    *("nascimento", "gender", "geschlecht", "genero", "genere", "geslacht", "sesso", "plec"),
    *("ethnic", "nationalit", "citizenship", "religi", "disab", "marital", "veteran", "pregnan"),
    *("phone", "telefon", "telefoon", "passport", "taxid", "nationalid", "socialsecurity"),
    *("bankaccount", "accountnumber", "picture", "avatar", "thumbnail", "performance", "appraisal"),
    *("privat", "adress", "password", "passwort", "kennwort", "medical", "surname", "middlename"),
    *("maiden", "nickname", "manager", "supervisor", "legalage", "agegroup", "lastsignin"),
    *("review", "homeaddress"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterColumns:
    """Where the columns of one roster stand.

    Parameters
    ----------
    at
        Column of `COLUMNS` to the positions of its headings, best first.
    department
        Position that departments are read from; None where there is none.
    stands_in
        True where that is a heading such as ``team`` in place of a department.
    team
        Position of a heading that is literally a team; None where there is none.
    further
        Name to position of the columns that are kept to group by, in the order of the file.
    unread
        Headings that are not looked at.
    """

    at: dict[str, tuple[int, ...]]
    department: int | None
    stands_in: bool
    team: int | None
    further: dict[str, int]
    unread: tuple[str, ...]

    @classmethod
    def of(cls, header: Sequence[str]) -> RosterColumns:
        """Read a header."""
        at = COLUMNS.positions(header)
        own = at.get("department", ())
        department = next(iter(own or at.get("stand-in", ())), None)
        team = _team(at, header)
        used = _used_positions(at) | {department, team}
        further: dict[str, int] = {}
        unread = []
        for position, heading in enumerate(header):
            if position in used or not heading.strip():
                continue
            if not snake_case(heading) or _is_private(heading):
                unread.append(heading)
                continue
            further[_free_name(snake_case(heading), further)] = position
        return cls(
            at=at,
            department=department,
            stands_in=not own and department is not None,
            team=team,
            further=further,
            unread=tuple(unread),
        )

    def first(self, column: str) -> int | None:
        """Position of the best heading of a column; None where there is none."""
        return self.at[column][0] if column in self.at else None


def identity_score(header: Sequence[str]) -> int:
    """Say how many columns of a row name people; enough for a file that is said to be a roster.

    Examples
    --------
    >>> identity_score(["id", "name"]), identity_score(["case", "amount"])
    (2, 0)
    """
    at = COLUMNS.positions(header)
    return sum(column in at for column in _IDENTITY)


def header_score(header: Sequence[str]) -> int:
    """Say how well a row fits as the header of a roster; 0 where it is none.

    A roster identifies people and says something about them. A list of names and addresses
    alone is one as well, so that the reader can say what it lacks; exports of meetings, answers
    or tickets are not, nor are lists of ties.

    Examples
    --------
    >>> header_score(["id", "department"]), header_score(["from", "to", "department"])
    (2, 0)
    """
    at = COLUMNS.positions(header)
    identities = [column for column in _IDENTITY if column in at]
    describing = [column for column in _DESCRIBING if column in at]
    foreign = any(heading_key(heading) in _FOREIGN for heading in header)
    if foreign or not identities or list_score(header) or numbered_columns(header):
        return 0
    listing = len(identities) >= 2 and bool({"emails", "further emails", "last"} & at.keys())
    return len(at) if describing or listing else 0


def _used_positions(at: dict[str, tuple[int, ...]]) -> set[int | None]:
    """Positions that are read as a column of ours, so that they are not kept a second time."""
    used: set[int | None] = set()
    for column, places in at.items():
        if column not in _GROUPINGS:
            used.update(places)
        elif column in ("level", "location", "kind"):
            used.add(places[0])
    return used


def _team(at: dict[str, tuple[int, ...]], header: Sequence[str]) -> int | None:
    places = at.get("stand-in", ())
    return next((p for p in places if heading_key(header[p]) in ("team", "teamname")), None)


def _free_name(name: str, taken: dict[str, int]) -> str:
    """Put a number behind a name that a column of ours or an earlier heading has."""
    number, free = 1, name
    while free in taken or free in PEOPLE.names:
        number += 1
        free = f"{name}_{number}"
    return free


def _is_private(heading: str) -> bool:
    key = heading_key(heading)
    return bool(_PRIVATE_WORDS.intersection(heading_words(heading))) or any(
        part in key for part in _PRIVATE_PARTS
    )
