"""Whatever is done to a table, its reader loses no row uncounted and raises only our errors."""

import gzip
import io
import tempfile
from datetime import datetime
from pathlib import Path

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from orgnet.errors import OrgnetError
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.dates import read_time
from orgnet_connectors.delimited import records
from orgnet_connectors.edges import EdgeList
from orgnet_connectors.interactions import InteractionsCsv
from orgnet_connectors.roster import Roster

EDGES = "from,to,weight,type\naya,ben,2,Directed\nben,cy,0,Undirected\n12.0,7,1.5,\n"
MESSAGES = (
    "date,from,to,cc,message_id,hours\n27/02/2026 09:00,a@x.example,b@x.example,,m1,\n"
    '03/02/2026 10:00,b@x.example,"a@x.example; c@x.example",d@x.example,m2,1.5\n'
)
ROSTER = (
    "Employee #;First Name;Last Name;Work Email;Department;Reports To;Hire Date;Floor\n"
    "0001;Aya;Ito;aya@x.example;Sales;;31/01/2020;1\n"
    '0002;Ben;Osei;ben@x.example;"Support; East";Ito, Aya;01/02/2021;2\n'
)
READERS: list[tuple[Connector, str]] = [
    (EdgeList(), EDGES),
    (InteractionsCsv(), MESSAGES),
    (Roster(), ROSTER),
]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]


def workbook(text: str, delimiter: str) -> bytes:
    book = openpyxl.Workbook()
    for line in text.splitlines():
        book.active.append(line.split(delimiter))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


PACKED = [
    (EdgeList(), gzip.compress(EDGES.encode() * 40, mtime=0)),
    (Roster(), workbook(ROSTER, ";")),
]


@st.composite
def damage(draw: st.DrawFn, content: bytearray) -> bytes:
    """Change some bytes, cut them out, double them or put others in."""
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(content)))
        until = draw(st.integers(at, min(len(content), at + 12)))
        kind = draw(st.sampled_from(["replace", "cut", "double", "end"]))
        if kind == "replace":
            content[at:until] = draw(
                st.one_of(st.binary(max_size=4), st.sampled_from([b'"', b",", b";", b"\n", b"\0"]))
            )
        elif kind == "cut":
            del content[at:until]
        elif kind == "double":
            content[at:at] = content[at:until]
        else:
            del content[at:]
    return bytes(content)


@st.composite
def damaged_texts(draw: st.DrawFn) -> tuple[Connector, bytes]:
    reader, text = draw(st.sampled_from(READERS))
    encoding = draw(st.sampled_from(ENCODINGS))
    return reader, draw(damage(bytearray(text.encode(encoding))))


@st.composite
def damaged_archives(draw: st.DrawFn) -> tuple[Connector, bytes]:
    reader, content = draw(st.sampled_from(PACKED))
    return reader, draw(damage(bytearray(content)))


@settings(max_examples=300, deadline=None)
@given(st.one_of(damaged_texts(), damaged_archives()), st.booleans())
def test_damaged_table_raises_our_errors_only_and_every_row_is_counted(
    case: tuple[Connector, bytes], day_first: bool
) -> None:
    reader, content = case
    ledger = Ledger()
    rows = 0
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(content)
        try:
            for batch in reader.read(Source(path), ReadOptions(day_first=day_first), ledger):
                batch.validate(full=True)
                rows += batch.num_rows
        except OrgnetError as error:
            failed = True
            assert str(error).startswith("t.csv")

    assert ledger.read == ledger.kept + sum(ledger.skipped.values())
    assert failed or ledger.kept <= rows
    assert failed or reader.table == "interactions" or ledger.kept == rows
    assert ledger.interactions == (rows if reader.table == "interactions" else 0)


@settings(max_examples=100, deadline=None)
@given(damaged_texts())
def test_damaged_table_is_claimed_by_one_reader_at_most(case: tuple[Connector, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(case[1])
        try:
            claims = [one.name for one, _ in READERS if one.recognise(Source(path)) is not None]
        except OrgnetError:
            claims = []

    assert len(claims) <= 1


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.text("ab,;\" '1\n", max_size=5), min_size=2, max_size=4), max_size=8))
def test_well_formed_records_come_back_whole(rows: list[list[str]]) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    lines = "".join(",".join(map(quoted, row)) + "\n" for row in rows).splitlines(keepends=True)

    assert [cells for _, cells in records(lines, ",")] == rows


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text('ab,"\n', max_size=12), max_size=12))
def test_no_line_with_content_vanishes(parts: list[str]) -> None:
    lines = [part.replace("\n", "") + "\n" for part in parts]

    found = [number for number, _ in records(lines, ",")]

    assert found == sorted(set(found))
    assert set(found) <= {n for n, line in enumerate(lines, 1) if line.strip("\n")}
    assert bool(found) == any(line.strip("\n") for line in lines)


@given(st.text("0123456789/.-: TZ+apmJanuary,", max_size=25), st.sampled_from([True, False, None]))
def test_reading_a_time_never_fails(text: str, day_first: bool | None) -> None:
    moment = read_time(text, day_first)

    assert moment is None or 1 <= moment.year <= 9999


@given(st.datetimes(), st.booleans(), st.sampled_from("/.-"))
def test_time_that_was_written_is_read_back(moment: datetime, day_first: bool, mark: str) -> None:
    order = "%d{0}%m{0}%Y" if day_first else "%m{0}%d{0}%Y"
    stated = moment.replace(year=2026, day=min(moment.day, 28), microsecond=0)

    assert read_time(stated.strftime(order.format(mark) + " %H:%M:%S"), day_first) == stated
