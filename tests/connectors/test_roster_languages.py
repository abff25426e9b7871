"""Rosters as HR systems in the larger European languages export them, with what goes wrong."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest

from orgnet.plugins import connectors
from orgnet.schema import Ledger, ReadOptions, Source
from orgnet_connectors.roster import Roster

People = dict[str, dict[str, Any]]


def read(path: Path) -> tuple[People, Ledger]:
    ledger = Ledger()
    batches = list(Roster().read(Source(path), ReadOptions(), ledger))
    rows = pa.Table.from_batches(batches).to_pylist()
    assert ledger.read == len(rows) + ledger.skipped.total()
    return {row["person"]: row for row in rows}, ledger


def read_text(
    tmp_path: Path, text: str, *, encoding: str = "utf-8", name: str = "people.csv"
) -> tuple[People, Ledger]:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return read(path)


LANGUAGES = {
    "German": (
        "Personal-Nr.;Name;Vorname;E-Mail (geschäftlich);Organisationseinheit;Vorgesetzte(r);"
        "Eintrittsdatum",
        '2;Müller;Jörg;j@example.com;Vertrieb Süd;"Maier, Käthe (1)";01.02.2019',
        "1;Maier;Käthe;k@example.com;Vertrieb Süd;;15.03.2015",
        "Jörg Müller",
    ),
    "French": (
        "Matricule;Nom;Prénom;Adresse de messagerie;Service;Responsable hiérarchique;Date d'entrée",
        "2;MARTIN;Zoé;z@example.com;Ventes;DUPONT Éloïse;01/02/2019",
        "1;DUPONT;Éloïse;e@example.com;Ventes;;15/03/2015",
        "Zoé MARTIN",
    ),
    "Spanish": (
        "Nº empleado;Apellidos y nombre;Correo;Dpto.;Superior jerárquico;Fecha de alta",
        "2;Ruiz, Luis;l@example.com;Ventas;García López, Ana;01/02/2019",
        "1;García López, Ana;a@example.com;Ventas;;15/03/2015",
        "Ruiz, Luis",
    ),
    "Italian": (
        "Codice dipendente;Cognome;Nome;E-mail aziendale;Reparto;Responsabile diretto;"
        "Data assunzione",
        "2;Verdi;Luca;l@example.com;Vendite;Rossi Anna;01/02/2019",
        "1;Rossi;Anna;a@example.com;Vendite;;15/03/2015",
        "Luca Verdi",
    ),
    "Dutch": (
        "Personeelsnr;Roepnaam;Tussenvoegsel;Achternaam;E-mail werk;Afdeling;Leidinggevende;"
        "Datum in dienst",
        '2;Piet;van der;Bos;p@example.com;Verkoop;"Berg, Anna van den";01-02-2019',
        "1;Anna;van den;Berg;a@example.com;Verkoop;;15-03-2015",
        "Piet van der Bos",
    ),
    "Polish": (
        "Nr ewidencyjny;Nazwisko;Imię;E-mail służbowy;Komórka organizacyjna;"
        "Bezpośredni przełożony;Data zatrudnienia",
        "2;Nowak;Jan;j@example.com;Sprzedaż;Łukasiewicz Żaneta;01.02.2019",
        "1;Łukasiewicz;Żaneta;z@example.com;Sprzedaż;;15.03.2015",
        "Jan Nowak",
    ),
    "Portuguese": (
        "Nº mecanográfico;Nome completo;E-mail;Departamento;Chefia direta;Data de admissão",
        "2;Rui Dias;r@example.com;Vendas;Ana Sousa;01/02/2019",
        "1;Ana Sousa;a@example.com;Vendas;;15/03/2015",
        "Rui Dias",
    ),
    "Swedish": (
        "Anställningsnummer;Förnamn;Efternamn;E-post;Avdelning;Närmaste chef;Anställningsdatum",
        "2;Bo;Ek;b@example.com;Försäljning;Åsa Öberg;2019-02-01",
        "1;Åsa;Öberg;a@example.com;Försäljning;;2015-03-15",
        "Bo Ek",
    ),
    "Danish": (
        "Medarbejdernr.;Fornavn;Efternavn;E-mail;Afdeling;Nærmeste leder;Ansættelsesdato",
        "2;Bo;Ek;b@example.com;Salg;Søren Ægir;01-02-2019",
        "1;Søren;Ægir;s@example.com;Salg;;15-03-2015",
        "Bo Ek",
    ),
    "Norwegian": (
        "Ansattnummer;Fornavn;Etternavn;E-post;Avdeling;Leder;Ansatt dato",
        "2;Bo;Ek;b@example.com;Salg;Åse Øye;01.02.2019",
        "1;Åse;Øye;s@example.com;Salg;;15.03.2015",
        "Bo Ek",
    ),
    "Czech": (
        "Osobní číslo;Příjmení;Jméno;E-mail;Oddělení;Nadřízený;Datum nástupu",
        "2;Dvořák;Jan;j@example.com;Prodej;Nováková Žofie;1.2.2019",
        "1;Nováková;Žofie;z@example.com;Prodej;;15.3.2015",
        "Jan Dvořák",
    ),
    "Finnish": (
        "Henkilönumero;Etunimi;Sukunimi;Sähköposti;Osasto;Esimies;Aloituspäivä",
        "2;Bo;Ek;b@example.com;Myynti;Aino Äijö;1.2.2019",
        "1;Aino;Äijö;a@example.com;Myynti;;15.3.2015",
        "Bo Ek",
    ),
    "Hungarian": (
        "Törzsszám;Név;E-mail cím;Szervezeti egység;Közvetlen vezető;Belépés dátuma",
        "2;Kis Béla;b@example.com;Értékesítés;Nagy Anna;2019.02.01",
        "1;Nagy Anna;a@example.com;Értékesítés;;2015.03.15",
        "Kis Béla",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_export_in_a_language_is_a_roster_with_its_manager_and_dates(
    tmp_path: Path, language: str
) -> None:
    header, second, first, name = LANGUAGES[language]
    text = f"{header}\r\n{second}\r\n{first}\r\n"

    people, ledger = read_text(tmp_path, text)
    claimed = [
        one.name for one in connectors().values() if one.recognise(Source(tmp_path / "people.csv"))
    ]

    assert claimed == ["roster"]
    assert people["2"]["name"] == name
    assert people["2"]["manager"] == "1"
    assert people["2"]["emails"][0].endswith("@example.com")
    assert people["2"]["department"] == people["1"]["department"] is not None
    assert people["2"]["start"] == date(2019, 2, 1)
    assert set(ledger.columns.values()) == {
        *("person", "name", "emails", "department", "manager", "start"),
    }


@pytest.mark.parametrize("language", ["German", "French", "Spanish", "Danish"])
def test_windows_encoding_of_western_europe_is_read(tmp_path: Path, language: str) -> None:
    header, second, first, name = LANGUAGES[language]

    people, _ = read_text(tmp_path, f"{header}\n{second}\n{first}\n", encoding="cp1252")

    assert people["2"]["name"] == name
    assert people["2"]["manager"] == "1"


@pytest.mark.parametrize("language", ["German", "Polish", "Czech", "Hungarian"])
def test_unicode_text_of_excel_is_read(tmp_path: Path, language: str) -> None:
    header, second, first, name = LANGUAGES[language]
    text = f"{header}\r\n{second}\r\n{first}\r\n".replace(";", "\t")

    people, _ = read_text(tmp_path, text, encoding="utf-16", name="people.txt")

    assert people["2"]["name"] == name
    assert people["2"]["manager"] == "1"


@pytest.mark.parametrize(
    "heading",
    [
        *("Geb.-Datum", "Geburtsdatum", "Date de naissance", "Fecha de nacimiento", "Födelsedatum"),
        *("Fødselsdato", "Datum narození", "Syntymäaika", "Születési idő", "Data urodzenia"),
        *("Personnummer", "CPR-nr.", "Henkilötunnus", "Rodné číslo", "Codice fiscale", "BSN"),
        *("Lön", "Løn", "Mzda", "Palkka", "Sueldo bruto", "Retribuzione", "Entgeltgruppe"),
        *("Kön", "Køn", "Sukupuoli", "Pohlaví", "Nationaliteit", "Konfession", "Schwerbehinderung"),
        *("Dirección", "Indirizzo", "Wohnort", "Woonplaats", "Osoite", "Telefone", "Familienstand"),
    ],
)
def test_private_headings_are_not_looked_at_in_any_language(tmp_path: Path, heading: str) -> None:
    people, ledger = read_text(tmp_path, f"id;department;{heading}\n1;Sales;secret\n")

    assert ledger.dropped_unread == {heading}
    assert "secret" not in str(people)


@pytest.mark.parametrize(
    "total",
    [
        *("Summe;2;;", "Anzahl Mitarbeiter: 2;;;", "Total;;;2", "Total général;2;;"),
        *("Grand total;2;;", ";Totaal;2;", "Razem;2;;", "Yhteensä;2;;", "Celkem: 2;;;"),
    ],
)
def test_rows_below_that_sum_up_are_nobody(tmp_path: Path, total: str) -> None:
    text = f"id;name;email;department\n1;Aya Ito;a@example.com;Sales\n2;Tom Total;;Sales\n{total}\n"

    people, ledger = read_text(tmp_path, text)

    assert list(people) == ["1", "2"]
    assert ledger.skipped == {"total": 1}


def test_titles_and_a_row_of_groups_may_stand_above_the_headings(tmp_path: Path) -> None:
    text = (
        "Mitarbeiterliste;;;;\nStand: 01.03.2026;;;;\n;;;;\nPerson;;;Organisation;\n"
        "Personalnummer;Name;E-Mail;Abteilung;Standort\n1;Aya Ito;a@example.com;Vertrieb;Köln\n"
    )

    people, _ = read_text(tmp_path, text)

    assert list(people) == ["1"]
    assert (people["1"]["department"], people["1"]["location"]) == ("Vertrieb", "Köln")


def test_merged_title_and_groups_of_a_workbook_are_passed_over(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Staff list, March 2026"])
    sheet.merge_cells("A1:E1")
    sheet.append(["Person", None, None, "Organisation", None])
    sheet.merge_cells("A2:C2")
    sheet.append(["Employee ID", "Name", "E-mail", "Department", "Manager ID"])
    sheet.append([1001.0, "Aya Ito", "a@example.com", "Sales ", None])
    sheet.append([1002.0, "Ben Osei", "b@example.com", "sales", 1001])
    sheet.append([None, None, None, None, None])
    sheet.append(["Total", 2, None, None, None])
    book.save(tmp_path / "people.xlsx")

    people, ledger = read(tmp_path / "people.xlsx")

    assert list(people) == ["1001", "1002"]
    assert people["1002"]["manager"] == "1001"
    assert people["1001"]["department"] == people["1002"]["department"] == "Sales"
    assert ledger.skipped == {"empty": 1, "total": 1}


def test_visible_sheet_is_read_before_a_hidden_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    old = book.active
    assert old is not None
    old.title = "Old"
    old.append(["id", "department"])
    old.append([1, "Sales"])
    old.sheet_state = "hidden"
    new = book.create_sheet("New")
    new.append(["id", "department"])
    new.append([1, "Legal"])
    book.save(tmp_path / "people.xlsx")

    people, ledger = read(tmp_path / "people.xlsx")

    assert people["1"]["department"] == "Legal"
    assert (
        "only sheet 'New' is read; 'Old' look like rosters as well: put everybody on one sheet"
        in ledger.ambiguous
    )


def test_column_that_tells_everybody_from_everybody_groups_nobody(tmp_path: Path) -> None:
    rows = "".join(f"{n};Sales;badge {n};hall {n % 2};Person {n}\n" for n in range(6))

    people, ledger = read_text(tmp_path, f"id;department;badge;hall;called\n{rows}")

    assert people["0"]["hall"] == "hall 0"
    assert "badge" not in people["0"]
    assert ledger.dropped_unread == {"badge", "called"}


def test_survey_with_a_column_of_departments_is_no_roster(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text(
        "name,email,department,Whom do you ask for advice?\nAya Ito,a@example.com,Sales,Ben Osei\n"
        "Ben Osei,b@example.com,Sales,Aya Ito\n",
        encoding="utf-8",
    )

    claimed = [one.name for one in connectors().values() if one.recognise(Source(path))]

    assert claimed == ["survey-table"]
