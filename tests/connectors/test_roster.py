"""Rosters the way HR systems and people write them."""

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest

from orgnet.errors import (
    InputError,
    MissingColumnError,
    UnknownFormatError,
    UnreadableFileError,
)
from orgnet.schema import PEOPLE, Connector, Ledger, ReadOptions, Source
from orgnet_connectors.edges import EdgeList
from orgnet_connectors.roster import Roster
from support import shared

People = dict[str, dict[str, Any]]


def read(path: Path, **options: Any) -> tuple[People, Ledger]:
    ledger = Ledger()
    batches = list(Roster().read(Source(path), ReadOptions(**options), ledger))
    rows = pa.Table.from_batches(batches).to_pylist()
    assert ledger.kept == len(rows)
    return {row["person"]: row for row in rows}, ledger


def read_text(
    tmp_path: Path, text: str, name: str = "people.csv", **options: Any
) -> tuple[People, Ledger]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read(path, **options)


def test_it_is_a_connector() -> None:
    assert isinstance(Roster(), Connector)


def test_columns_of_the_people_table_come_first(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,department,Job Family\n7,Sales,Office\n", encoding="utf-8")

    batch = next(Roster().read(Source(path), ReadOptions(), Ledger()))

    assert batch.schema == pa.schema([*PEOPLE, pa.field("job_family", pa.string())])


def test_columns_of_the_people_table_are_read_under_their_names(tmp_path: Path) -> None:
    text = (
        "person,name,emails,aliases,department,team,manager,level,location,start,end,agreed,"
        "opt_out,kind\n"
        "p1,Aya Ito,aya@x.example;ito@x.example,slack:U1,Sales,North,,3,Paris,2020-01-31,,yes,,\n"
        "p2,Ben Osei,,,Sales,North,p1,2.0,Paris,2021-01-31,2022-01-31,no,x,bot\n"
    )

    people, _ = read_text(tmp_path, text)

    assert people["p1"] == {
        "person": "p1",
        "name": "Aya Ito",
        "emails": ["aya@x.example", "ito@x.example"],
        "aliases": ["slack:U1"],
        "department": "Sales",
        "team": "North",
        "manager": None,
        "level": "3",
        "location": "Paris",
        "start": date(2020, 1, 31),
        "end": None,
        "agreed": True,
        "opt_out": None,
        "kind": "person",
    }
    assert people["p2"]["manager"] == "p1"
    assert people["p2"]["level"] == "2"
    assert (people["p2"]["agreed"], people["p2"]["opt_out"]) == (False, True)
    assert people["p2"]["kind"] == "bot"


@pytest.mark.parametrize(
    "header",
    [
        "Personalnummer;Vorname;Nachname;E-Mail;Abteilung;Vorgesetzter;Standort",
        "Matricule;Prénom;Nom;Courriel;Département;Supérieur hiérarchique;Ville",
        "Número de empleado;Nombre de pila;Apellidos;Correo electrónico;Departamento;Jefe;Oficina",
        "Matricola;Nome;Cognome;Indirizzo email;Dipartimento;Responsabile;Sede",
        "Personeelsnummer;Voornaam;Achternaam;E-mailadres;Afdeling;Leidinggevende;Vestiging",
        "Numer pracownika;Imię;Nazwisko;Adres e-mail;Dział;Przełożony;Lokalizacja",
        "Matrícula;Nome;Sobrenome;Endereço de e-mail;Departamento;Gestor;Localização",
    ],
)
def test_headings_of_seven_languages_are_known(tmp_path: Path, header: str) -> None:
    rows = "007;Aya;Ito;Aya@x.example;Sales;;Paris\n8;Ben;Osei;b@x.example;Sales;Ito, Aya;\n"
    text = f"{header}\n{rows}"

    people, ledger = read_text(tmp_path, text)

    assert (people["007"]["name"], people["007"]["emails"]) == ("Aya Ito", ["aya@x.example"])
    assert (people["007"]["department"], people["007"]["location"]) == ("Sales", "Paris")
    assert people["8"]["manager"] == "007"
    assert set(ledger.columns.values()) == {
        *("person", "name", "emails", "department", "manager", "location"),
    }


@pytest.mark.parametrize("word", ["team", "Unit", "Division", "Org Unit Path", "group"])
def test_other_groups_stand_in_where_no_department_is(tmp_path: Path, word: str) -> None:
    people, ledger = read_text(tmp_path, f"id,{word}\n1,Sales\n2,Support\n")

    assert people["1"]["department"] == "Sales"
    assert ledger.ambiguous == [f"no column 'department'; {word!r} stands in for it"]


def test_department_wins_over_what_could_stand_in(tmp_path: Path) -> None:
    people, ledger = read_text(tmp_path, "id,team,division,dept\n1,North,EMEA,Sales\n2,,,\n")

    assert people["1"]["department"] == "Sales"
    assert people["1"]["team"] == "North"
    assert people["1"]["division"] == "EMEA"
    assert people["2"]["department"] is None
    assert "1 of 2 people have no department" in ledger.ambiguous


def test_team_that_stands_in_stays_a_team_as_well(tmp_path: Path) -> None:
    people, _ = read_text(tmp_path, "id,division,team\n1,EMEA,North\n")

    assert people["1"]["department"] == people["1"]["team"] == "North"
    assert people["1"]["division"] == "EMEA"


def test_paths_are_cut_at_the_first_level_that_differs(tmp_path: Path) -> None:
    text = "id,Org Unit Path\n1,/Acme/Sales/EMEA\n2,/Acme/Sales\n3,/Acme/Support\n4,/\n"

    people, _ = read_text(tmp_path, text)

    assert [row["department"] for row in people.values()] == ["Sales", "Sales", "Support", None]


def test_codes_and_heads_are_no_part_of_a_department(tmp_path: Path) -> None:
    text = (
        "id,name,Supervisory Organization\n"
        "1,Ben Osei,Sales - EMEA (Ben Osei)\n2,Cy Lund,Support (1000123)\n3,Fay,Paris (FR)\n"
    )

    people, _ = read_text(tmp_path, text)

    assert [row["department"] for row in people.values()] == [
        *("Sales - EMEA", "Support", "Paris (FR)")
    ]


def test_roster_without_any_grouping_is_refused_with_place_and_remedy(tmp_path: Path) -> None:
    with pytest.raises(MissingColumnError) as caught:
        read_text(tmp_path, "Staff list\n\nid,name,email,salary\n1,Aya,aya@x.example,9\n")

    assert str(caught.value) == (
        "people.csv, line 3 (the headings): no department among the headings "
        "['id', 'name', 'email', 'salary']; "
        "add a column 'department'; 'orgnet people' writes a sheet to fill in"
    )


def test_roster_with_other_groupings_is_read_with_a_note(tmp_path: Path) -> None:
    people, ledger = read_text(tmp_path, "id,org_level,gender,region,location\n1,3,1,2,4\n")

    assert (people["1"]["level"], people["1"]["region"]) == ("3", "2")
    assert "gender" not in people["1"]
    assert ledger.ambiguous == [
        "no column 'department'; name another one to group people by (--by)"
    ]


@pytest.mark.parametrize(
    "heading",
    [
        *("Salary", "Bank account", "Date of Birth", "Geburtsdatum", "Gender", "Ethnicity", "Age"),
        *("Nationality", "Home Address", "streetAddress", "Mobile Phone", "telephoneNumber", "SSN"),
        *("National ID", "Photo", "Notes", "Performance rating", "Password [Required]", "MI"),
        *("Personal email", "Matrix manager", "Gehalt", "Privatadresse", "Recovery Email"),
    ],
)
def test_private_columns_are_not_looked_at(tmp_path: Path, heading: str) -> None:
    people, ledger = read_text(tmp_path, f"id,department,{heading}\n1,Sales,secret\n")

    assert "secret" not in str(people)
    assert ledger.dropped_unread == {heading}


@pytest.mark.parametrize("heading", ["Language", "Package", "Voltage", "Usage location"])
def test_private_word_inside_another_word_does_not_count(tmp_path: Path, heading: str) -> None:
    people, ledger = read_text(tmp_path, f"id,department,{heading}\n1,Sales,B\n")

    assert "B" in people["1"].values()
    assert ledger.dropped_unread == set()


def test_further_columns_with_addresses_are_left_out(tmp_path: Path) -> None:
    people, ledger = read_text(tmp_path, "id,department,Backup\n1,Sales,ben@x.example\n2,Sales,\n")

    assert "backup" not in people["1"]
    assert ledger.dropped_unread == {"Backup"}


def test_headings_that_are_there_twice_are_numbered(tmp_path: Path) -> None:
    people, _ = read_text(
        tmp_path, "id,department,Floor,Floor,city,office\n1,Sales,2,3,Paris,East\n"
    )

    assert (people["1"]["floor"], people["1"]["floor_2"]) == ("2", "3")
    assert (people["1"]["location"], people["1"]["city"]) == ("East", "Paris")


def test_ids_are_text_without_a_tail(tmp_path: Path) -> None:
    people, _ = read_text(tmp_path, "id,department,manager\n 12.0 ,4.0,\n0013,4,12\n")

    assert list(people) == ["12", "0013"]
    assert people["0013"]["manager"] == "12"
    assert people["12"]["department"] == "4"


def test_numbers_of_a_workbook_become_ids(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for row in [
        ["All workers"],
        ["Employee ID", "Worker", "Department", "Hire Date", "Manager ID"],
        [12, "Aya Ito", "Sales", datetime(2020, 1, 31), None],
        [13.0, "Ben Osei", "Sales", "31/01/2021", 12.0],
    ]:
        workbook.active.append(row)
    workbook.save(tmp_path / "people.xlsx")

    people, _ = read(tmp_path / "people.xlsx")

    assert people["13"]["manager"] == "12"
    assert people["12"]["start"] == date(2020, 1, 31)
    assert people["13"]["start"] == date(2021, 1, 31)


def test_address_is_the_id_where_there_is_no_other(tmp_path: Path) -> None:
    people, ledger = read_text(tmp_path, "E-Mail,department\nAya@X.example,Sales\n")

    assert list(people) == ["aya@x.example"]
    assert ledger.ambiguous == []


def test_name_is_the_last_resort_and_said(tmp_path: Path) -> None:
    text = "name,department,location\nAya Ito,Sales,Paris\nAya Ito,Support,Rome\nBen,Sales,Rome\n"

    people, ledger = read_text(tmp_path, text)

    assert list(people) == ["Aya Ito", "Ben"]
    assert ledger.skipped == {"same_name": 1}
    assert "2 people have no id and are known by their name" in ledger.ambiguous


def test_row_that_names_nobody_is_skipped(tmp_path: Path) -> None:
    people, ledger = read_text(tmp_path, "id,email,name,department\n,N/A,-,Sales\n1,,,Sales\n")

    assert list(people) == ["1"]
    assert ledger.skipped == {"no_identity": 1}
    assert ledger.problems["no_identity"][0].place == "line 2"


@pytest.mark.parametrize("name", ["Vacant", "TBH", "Open position", "vacant - engineer", "N.N."])
def test_position_without_a_person_is_skipped(tmp_path: Path, name: str) -> None:
    _, ledger = read_text(tmp_path, f"id,name,department\n1,Aya,Sales\nV-1,{name},Sales\n")

    assert ledger.skipped == {"vacant": 1}


def test_proxy_addresses_belong_to_one_person(tmp_path: Path) -> None:
    text = (
        "id,department,proxyAddresses\n"
        "1,Sales,smtp:aito@old.example;SMTP:Aya.Ito@x.example;X500:/o=Org;SIP:aya.ito@x.example\n"
        "2,Sales,SMTP:ben+x@x.example+smtp:bo@x.example\n"
    )

    people, _ = read_text(tmp_path, text)

    assert people["1"]["emails"] == ["aya.ito@x.example", "aito@old.example"]
    assert people["2"]["emails"] == ["ben+x@x.example", "bo@x.example"]


def test_guest_is_known_by_the_own_address_too(tmp_path: Path) -> None:
    text = "objectId,userPrincipalName,department\n1,vi_si_partner.example#EXT#@x.example,Sales\n"

    people, _ = read_text(tmp_path, text)

    assert people["1"]["emails"][0] == "vi_si@partner.example"


def test_a_second_id_is_an_alias_where_nothing_else_is(tmp_path: Path) -> None:
    people, _ = read_text(tmp_path, "id,department,User ID\n1,Sales,90\n2,Sales,92\n")

    assert people["1"]["aliases"] == ["90"]
    assert people["2"]["aliases"] == ["92"]


def test_names_of_accounts_are_aliases_that_point_at_one_person(tmp_path: Path) -> None:
    text = (
        "id,department,User name,Slack ID,User ID\n"
        "1,Sales,aya,U01,90\n2,Sales,shared,U02,1\n3,Sales,shared,,92\n"
    )

    people, _ = read_text(tmp_path, text)

    assert people["1"]["aliases"] == ["aya", "slack:U01", "90"]
    assert people["2"]["aliases"] == ["slack:U02"]
    assert people["3"]["aliases"] == ["92"]


@pytest.mark.parametrize(
    "manager",
    [
        *("007", "7", "7.0", "aya@x.example", "AYA@X.EXAMPLE", "Ito, Aya", "Aya Ito", "aya  ITO"),
        *("Aya Ito (007)", "Aya Ito (On Leave)", "007|8", "ayai"),
    ],
)
def test_manager_is_found_by_id_address_or_name(tmp_path: Path, manager: str) -> None:
    text = (
        "id,name,email,username,department,manager\n"
        f'007,Aya Ito,aya@x.example,ayai,Sales,NO_MANAGER\n8,Ben,,,Sales,"{manager}"\n'
    )

    people, ledger = read_text(tmp_path, text)

    assert people["8"]["manager"] == "007"
    assert people["007"]["manager"] is None
    assert ledger.ambiguous == []


def test_manager_who_cannot_be_known_is_left_empty_and_noted(tmp_path: Path) -> None:
    text = (
        "id,name,department,manager\n1,Aya Ito,Sales,1\n2,Aya Ito,Sales,999\n3,Ben,Sales,Aya Ito\n"
    )

    people, ledger = read_text(tmp_path, text)

    assert [row["manager"] for row in people.values()] == [None, None, None]
    assert ledger.ambiguous == [
        "2 people have a manager who cannot be found in the roster; left empty"
    ]
    assert [p.place for p in ledger.problems["manager_unknown"]] == ["line 3", "line 4"]


@pytest.mark.parametrize(
    ("cells", "starts"),
    [
        (["31.01.2020", "01.02.2020"], [date(2020, 1, 31), date(2020, 2, 1)]),
        (["01/31/2020", "02/01/2020"], [date(2020, 1, 31), date(2020, 2, 1)]),
        (["2020-01-31", "0000-00-00"], [date(2020, 1, 31), None]),
    ],
)
def test_dates_are_read_in_the_order_that_the_file_shows(
    tmp_path: Path, cells: list[str], starts: list[date | None]
) -> None:
    body = "".join(f"{n},Sales,{cell}\n" for n, cell in enumerate(cells))

    people, ledger = read_text(tmp_path, f"id,department,Hire Date\n{body}")

    assert [row["start"] for row in people.values()] == starts
    assert ledger.ambiguous == []


def test_order_that_nothing_shows_leaves_dates_empty_and_says_so(tmp_path: Path) -> None:
    text = "id,department,Hire Date\n1,Sales,09-10-2023\n"

    people, ledger = read_text(tmp_path, text)
    told, _ = read_text(tmp_path, text, day_first=True)

    assert people["1"]["start"] is None
    assert "--day-first or --month-first" in ledger.ambiguous[0]
    assert told["1"]["start"] == date(2023, 10, 9)


def test_newest_snapshot_of_a_person_stays(tmp_path: Path) -> None:
    text = (
        "EMPLOYEE_ID,EMPLOYEE_EMAIL,DEPARTMENT,SNAPSHOT\n"
        "1,aya@x.example,Support,2026-02-01\n1,ito@x.example,Sales,2026-03-01\n"
        "1,aya@x.example,Support,2026-01-01\n2,,Sales,2026-03-01\n2,,Sales,2026-03-01\n"
    )

    people, ledger = read_text(tmp_path, text)

    assert people["1"]["department"] == "Sales"
    assert people["1"]["emails"] == ["ito@x.example", "aya@x.example"]
    assert ledger.skipped == {"superseded": 2, "duplicate": 1}


def test_job_that_has_not_ended_stays(tmp_path: Path) -> None:
    text = "id,department,start,end\n1,Sales,2020-01-01,\n1,Support,2015-01-01,2019-12-31\n"

    people, _ = read_text(tmp_path, text)

    assert people["1"]["department"] == "Sales"


def test_people_who_left_stay_in_the_roster(tmp_path: Path) -> None:
    people, _ = read_text(tmp_path, "id,department,status\n1,Sales,Active\n2,Sales,Inactive\n")

    assert people["2"]["status"] == "Inactive"


def test_two_people_with_one_address_are_refused_with_both_lines(tmp_path: Path) -> None:
    text = "id,email,department\n1,aya.ito@example.com,Sales\n2,,Sales\n3,Aya.Ito@example.com,Ops\n"

    with pytest.raises(InputError) as caught:
        read_text(tmp_path, text)

    assert str(caught.value) == (
        "people.csv, line 2 and line 4: two people have the address a…@example.com; give both "
        "rows the same id if they are one person, else correct the address"
    )


def test_second_row_of_headings_is_no_person(tmp_path: Path) -> None:
    text = "STATUS,USERID,EMAIL,DEPARTMENT\nSTATUS,USERID,E-Mail,Abteilung\nactive,E-1,,Sales\n"

    people, ledger = read_text(tmp_path, text)

    assert list(people) == ["E-1"]
    assert ledger.read == 1


def test_departments_that_differ_in_case_are_one_and_that_is_noted(tmp_path: Path) -> None:
    text = "id,department\n1,sales\n2,Sales \n3,Sales\n4,SALES\n5,NA\n"

    people, ledger = read_text(tmp_path, text)

    assert [row["department"] for row in people.values()] == [*["Sales"] * 4, None]
    assert ledger.ambiguous[0].startswith("2 departments or teams differ from another one in upper")
    assert "1 cells 'NA' in 'department' are read as unknown" in ledger.ambiguous


def test_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"people\.csv: the file is empty"):
        read_text(tmp_path, "\n")


def test_roster_without_people_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="the roster names nobody"):
        read_text(tmp_path, "id,department\n")


def test_file_that_is_no_roster_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError, match="with columns such as 'id', 'email'"):
        read_text(tmp_path, "apples,pears\n1,2\n")


@pytest.mark.parametrize(
    "header",
    [
        *(
            "Meeting ID,Topic,User Name,User Email,Department",
            "ID;Start time;Completion time;Email;Name",
        ),
        *("Respondent ID,Collector ID,Email Address,First Name,Last Name", "name,shoe size"),
        *(
            "case_id,activity,timestamp,department,name",
            "from,to,department",
            "department,location",
        ),
    ],
)
def test_other_tables_with_people_in_them_are_no_rosters(tmp_path: Path, header: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"{header}\n" * 2, encoding="utf-8")

    assert Roster().recognise(Source(path)) is None


def test_reason_names_the_headings(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Employee #,Dept\n1,Sales\n", encoding="utf-8")

    assert Roster().recognise(Source(path)) == "one row a person, with 'Employee #', 'Dept'"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "people", "departments", "managed"),
    [
        ("data/email-eu-core/departments.csv", 1005, 42, 0),
        ("data/krackhardt-hightech/nodes.csv", 21, 5, 0),
        ("data/uk-faculty/nodes.csv", 81, 4, 0),
        ("data/cross-parker-consulting/nodes.csv", 46, 0, 0),
        ("samples/synthetic/hris/bamboohr.csv", 6, 3, 5),
        ("samples/synthetic/hris/entra_users.csv", 8, 3, 0),
        ("samples/synthetic/hris/google_workspace_users.csv", 6, 3, 5),
        ("samples/synthetic/hris/orgchart_visio.csv", 6, 3, 5),
        ("samples/synthetic/hris/successfactors_udf.csv", 6, 3, 5),
    ],
)
def test_rosters_of_the_shared_data_are_read_whole(
    name: str, people: int, departments: int, managed: int
) -> None:
    path = shared(name)

    rows, ledger = read(path)

    assert Roster().recognise(Source(path)) is not None
    assert len(rows) == people
    assert len({row["department"] for row in rows.values()} - {None}) == departments
    assert sum(row["manager"] is not None for row in rows.values()) == managed
    assert ledger.read == people + sum(ledger.skipped.values())


@pytest.mark.shared
def test_list_of_addresses_alone_lacks_a_department() -> None:
    with pytest.raises(MissingColumnError, match="add a column 'department'"):
        read(shared("samples/synthetic/hris/aliases_get_mailbox.csv"))


def test_damaged_workbook_is_claimed_so_that_reading_it_says_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook")

    assert Roster().recognise(Source(path)) == "an Excel workbook"
    assert EdgeList().recognise(Source(path)) is None
    with pytest.raises(UnreadableFileError, match=r"people\.xlsx: the workbook is damaged"):
        read(path)
