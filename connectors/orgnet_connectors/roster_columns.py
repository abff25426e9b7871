"""What every heading of a roster means: a column of ours, a further grouping, or nobody's business.

The names are those of the usual exports (Entra, Google Workspace, BambooHR, Workday, Personio,
SuccessFactors, org charts) and of plain sheets in thirteen languages of Europe.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from orgnet.schema import MEMBERSHIPS, PEOPLE
from orgnet_connectors.headings import Aliases, heading_key, heading_words, snake_case
from orgnet_connectors.list_columns import list_score
from orgnet_connectors.survey_headings import asks_for_people, numbered_columns

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
            *("personal nummer", "pers nr", "mitarbeiter nr", "ma nr", "stammnummer"),
            *("numéro de matricule", "n° matricule", "id collaborateur", "nº empleado"),
            *("número empleado", "código de empleado", "codice dipendente", "numero matricola"),
            *("personeelsnr", "medewerker id", "nr ewidencyjny", "numer ewidencyjny"),
            *("nr pracownika", "id pracownika", "nº mecanográfico", "número mecanográfico"),
            *("nº funcionário", "anställningsnummer", "anställningsnr", "medarbejdernr"),
            *("medarbejdernummer", "ansattnummer", "ansattnr", "osobní číslo"),
            *("číslo zaměstnance", "henkilönumero", "työntekijänumero", "törzsszám", "id angajat"),
        ],
        "name": [
            *("name", "full name", "display name", "employee name", "employee", "worker"),
            *("worker name", "legal name", "preferred name", "legal name/preferred name"),
            "mitarbeiter",
            *("vollständiger name", "nom complet", "nom et prénom", "nom", "nombre completo"),
            *("nombre y apellidos", "nombre", "nome completo", "nome", "naam", "volledige naam"),
            *("imię i nazwisko", "label"),
            *("nachname, vorname", "name, vorname", "vorname nachname", "vor- und nachname"),
            *("mitarbeitername", "nom prénom", "prénom nom", "prénom et nom", "collaborateur"),
            *("salarié", "apellidos y nombre", "nombre y apellido", "empleado", "cognome e nome"),
            *("nome e cognome", "dipendente", "medewerker", "werknemer", "achternaam, voornaam"),
            *("nazwisko i imię", "nazwisko imię", "pracownik", "nome do funcionário"),
            *("colaborador", "namn", "navn", "fulde navn", "jméno", "jméno a příjmení"),
            *("příjmení a jméno", "nimi", "koko nimi", "név", "teljes név", "nume"),
            *("nume și prenume", "ονοματεπώνυμο"),
        ],
        "first": [
            *("first name", "given name", "forename", "vorname", "prénom", "nombre de pila"),
            *("voornaam", "imię", "primeiro nome"),
            *("rufname", "roepnaam", "förnamn", "tilltalsnamn", "fornavn", "etunimi"),
            *("keresztnév", "prenume"),
        ],
        # The Dutch put it between the two, and sort by the name behind it.
        "infix": ["tussenvoegsel", "tussenvoegsels", "voorvoegsel", "voorvoegsels", "name prefix"],
        "last": [
            *("last name", "surname", "family name", "nachname", "familienname", "nom de famille"),
            *("apellidos", "apellido", "cognome", "achternaam", "nazwisko", "sobrenome"),
            *("efternamn", "efternavn", "etternavn", "příjmení", "sukunimi", "vezetéknév"),
            *("apelido", "apellido 1", "primer apellido"),
        ],
        "emails": [
            *("emails", "email", "work email", "mail", "email address", "email work"),
            *("primary work email", "primary smtp address", "primary email", "business email"),
            *("employee email", "user email", "best email", "windows email address"),
            *("e-mail-adresse", "email adresse", "dienstliche e-mail", "courriel"),
            *("adresse e-mail", "adresse électronique", "correo", "correo electrónico"),
            *("indirizzo email", "posta elettronica", "e-mailadres", "adres e-mail"),
            *("adres email", "endereço de e-mail", "correio eletrónico", "correio eletrônico"),
            *("e-mail geschäftlich", "e-mail dienstlich", "geschäftliche e-mail", "dienst e-mail"),
            *("mailadresse", "adresse de messagerie", "adresse mail", "email professionnel"),
            *("mail professionnel", "correo corporativo", "email corporativo", "e-mail aziendale"),
            *("mail aziendale", "e-mail werk", "werk e-mail", "zakelijk e-mailadres"),
            *("e-mail służbowy", "służbowy e-mail", "e-mail profissional", "e-post"),
            *("e-postadress", "e-postadresse", "sähköposti", "sähköpostiosoite", "e-mail cím"),
            *("e-mailová adresa", "pracovní e-mail", "adresa de e-mail"),
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
            *("job information department", "departement", "avdelning", "afdelning", "avdeling"),
            *("oddělení", "osasto", "odbor", "osztály", "departamentul", "τμήμα"),
            *("departamento", "dipartimento", "afdeling", "dział", "departament"),
            *("abt", "abteilungsname", "abteilungsbezeichnung", "dpto", "depto"),
            "nom du département",
        ],
        # What may stand in for a department where no heading of the first kind is.
        "stand-in": [
            *("team", "team name", "unit", "division", "org unit", "organizational unit"),
            *("organisational unit", "business unit", "supervisory organization", "org unit path"),
            *(
                "organisationseinheit",
                "orgeinheit",
                "komórka organizacyjna",
                "jednostka organizacyjna",
            ),
            *(
                "szervezeti egység",
                "organisatorische eenheid",
                "yksikkö",
                "enhet",
                "enhed",
                "útvar",
            ),
            *("organization", "organisation", "cost center", "cost centre", "fachbereich"),
            *("bereich", "kostenstelle", "équipe", "service", "unité", "unidad", "área", "equipo"),
            *("reparto", "unità", "area", "squadra", "eenheid", "zespół", "unidade", "equipe"),
            "group",
            "direction",
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
            *(
                "manager",
                "job information reports to",
                "reports to",
                "reporting to",
                "supervisor",
                "line manager",
                "boss",
            ),
            *("worker's manager", "manager name", "supervisor name", "vorgesetzter"),
            *("vorgesetzte", "vorgesetzte/r", "führungskraft", "supérieur", "responsable"),
            *("supérieur hiérarchique", "jefe", "supervisor directo", "responsabile"),
            *("leidinggevende", "przełożony", "kierownik", "gestor", "chefe", "superior"),
            *("direkter vorgesetzter", "disziplinarischer vorgesetzter"),
            *("responsable hiérarchique", "superior jerárquico", "responsabile diretto"),
            *("superiore diretto", "direct leidinggevende", "bezpośredni przełożony"),
            *("chefia direta", "superior direto", "närmaste chef", "chef", "nærmeste leder"),
            *("leder", "nadřízený", "přímý nadřízený", "esimies", "lähiesimies", "esihenkilö"),
            *("közvetlen vezető", "felettes", "manager direct", "direct manager"),
            "people manager",
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
            *("eintritt am", "beginn", "data assunzione", "data zatrudnienia od", "fecha ingreso"),
            *("fecha alta", "fecha de inicio", "data di inizio", "data de início", "startdatum"),
            *("startdato", "anställningsdatum", "ansættelsesdato", "ansettelsesdato"),
            *("ansatt dato", "datum nástupu", "aloituspäivä", "belépés dátuma", "data angajării"),
        ],
        "end": [
            *("end", "end date", "termination date", "leave date", "exit date", "last day"),
            *("austrittsdatum", "austritt", "date de sortie", "date de départ", "fecha de baja"),
            *("data di cessazione", "datum uit dienst", "uitdiensttreding", "data zwolnienia"),
            *("data de saída", "data de desligamento"),
            *("ende", "austritt am", "enddatum", "slutdatum", "slutdato", "fratrædelsesdato"),
            *("sluttdato", "datum ukončení", "päättymispäivä", "kilépés dátuma", "fecha fin"),
            *("fecha de fin", "fecha baja", "data fine", "data di fine", "data de fim"),
        ],
        "snapshot": ["snapshot", "snapshot date", "as of", "as of date", "stichtag"],
        # From when on and until when a row holds, in files with one row a job or a membership.
        "since": [
            *("valid from", "effective date", "effective start date", "effective from", "since"),
            *("job information date", "job effective date", "assignment start date"),
            *("membership start", "position start date", "event date", "gültig ab", "gültig von"),
            *("gültig seit", "wirksam ab", "date d'effet", "valable du", "fecha efectiva"),
            *("vigente desde", "válido desde", "data di decorrenza", "valido dal", "ingangsdatum"),
            *("geldig vanaf", "obowiązuje od", "ważne od", "data de vigência", "válido de"),
            *("giltig från", "gælder fra", "gyldig fra", "platnost od", "platné od"),
        ],
        "until": [
            *("valid to", "valid until", "valid through", "effective end date", "effective to"),
            *("effective until", "assignment end date", "membership end", "position end date"),
            *("gültig bis", "wirksam bis", "date de fin d'effet", "valable au", "vigente hasta"),
            *("válido hasta", "valido fino al", "valido al", "geldig tot", "obowiązuje do"),
            *("ważne do", "válido até", "giltig till", "gælder til", "gyldig til"),
            *("platnost do", "platné do"),
        ],
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
    *("title", "start", "end", "snapshot", "since", "agreed", "opt_out"),
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

#: So many words, colleagues among them, are no heading of a roster: "People you ask for advice".
_QUESTION_WORDS = 5

#: Words of headings that are never read, whatever else the heading says.
_PRIVATE_WORDS = frozenset(
    (
        *("age", "alter", "edad", "eta", "leeftijd", "idade", "wiek", "sex", "sexe", "sexo"),
        *("race", "pay", "lohn", "loon", "tel", "fax", "iban", "bic", "bank", "dob", "ssn"),
        *("pesel", "nif", "dni", "cpf", "nin", "street", "postal", "zip", "plz", "hr", "mi"),
        *("notes", "note", "comment", "comments", "remark", "remarks", "proxy", "assistant"),
        *("mentor", "buddy", "health", "sick", "recovery", "private", "personal", "home"),
        *("emergency", "address", "adresse", "mobile", "handy", "minor", "email", "mail"),
        *("photo", "foto", "birthday", "geb", "cpr", "cnp", "bsn", "nss", "ahv", "svnr", "hetu"),
        *("lon", "lonn", "mzda", "plat", "palkka", "ber", "sueldo", "kon"),
        *("kjonn", "pohlavi", "sukupuoli", "nem", "direccion", "indirizzo", "adresa"),
        *("osoite", "domicile", "domicilio", "woonplaats", "wohnort", "mobil", "movil", "kinder"),
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
    *("review", "homeaddress", "fodelse", "fodsel", "narozen", "syntyma", "szulet", "nasterii"),
    *("personnummer", "fodselsnummer", "rodnecislo", "henkilotunnus", "codicefiscale"),
    *("securitesociale", "seguridadsocial", "sozialversicherung", "steuerid", "steuernummer"),
    *("steuerklasse", "krankenkasse", "konfession", "familienstand", "staatsange", "nacionalidad"),
    *(
        "nazionalita",
        "nationaliteit",
        "obywatelstw",
        "remunerac",
        "retribu",
        "entgelt",
        "vergutung",
    ),
    *("salariu", "vencimento", "schwerbehind", "handicap", "telefone"),
)


class RosterColumns(Struct, frozen=True, kw_only=True):
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
    # An address is what stands below a heading.
    if _is_row_of_groups(header) or any("@" in heading for heading in header):
        return 0
    identities = [column for column in _IDENTITY if column in at]
    describing = [column for column in _DESCRIBING if column in at]
    foreign = any(heading_key(heading) in _FOREIGN or _is_question(heading) for heading in header)
    if foreign or not identities or list_score(header) or numbered_columns(header):
        return 0
    listing = len(identities) >= 2 and bool({"emails", "further emails", "last"} & at.keys())
    return len(at) if describing or listing else 0


def _is_row_of_groups(header: Sequence[str]) -> bool:
    """Say whether a row stands above the headings and tells what several columns are about."""
    filled = [bool(heading.strip()) for heading in header]
    last = max((place for place, there in enumerate(filled) if there), default=0)
    return 2 * filled[: last + 1].count(False) >= last + 1


def _is_question(heading: str) -> bool:
    """Say whether a heading is one of a survey, which may also tell the department."""
    if heading.rstrip().endswith(("?", "？")):
        return True
    return len(heading_words(heading)) >= _QUESTION_WORDS and asks_for_people(heading)


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
    while free in taken or free in (*PEOPLE.names, MEMBERSHIPS.name):
        number += 1
        free = f"{name}_{number}"
    return free


def _is_private(heading: str) -> bool:
    key = heading_key(heading)
    return bool(_PRIVATE_WORDS.intersection(heading_words(heading))) or any(
        part in key for part in _PRIVATE_PARTS
    )
