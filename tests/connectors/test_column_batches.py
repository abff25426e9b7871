"""Columns of a table in blocks: the same rows, numbers and counts as row by row."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orgnet.schema import Ledger, Source
from orgnet_connectors.column_batches import column_batches
from orgnet_connectors.delimited import Table, find_table

SOUND = "aya,ben,note\n"


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orgnet_connectors.column_batches._BLOCK_BYTES", 64)
    monkeypatch.setattr("orgnet_connectors.column_batches._LONGEST_LINE", 512)


def table_in(path: Path, content: bytes) -> Table:
    path.write_bytes(content)
    table = find_table(Source(path), lambda cells: 3 * (list(cells) == ["from", "to", "note"]))
    assert table is not None
    return table


def in_blocks(table: Table) -> tuple[list[tuple[int, str, str]], Ledger]:
    ledger = Ledger()
    batches = list(column_batches(table, [1, 0], ledger))
    rows = [(row["row"], row["c0"], row["c1"]) for batch in batches for row in batch.to_pylist()]
    return rows, ledger


def row_by_row(table: Table) -> tuple[list[tuple[int, str, str]], Ledger]:
    ledger = Ledger()
    return [(row, cells[0], cells[1]) for row, cells in table.rows(ledger)], ledger


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize(
    "odd",
    [
        'a,"b\nc",d\n',
        'a,"b,c\n',
        'a,"b""c",d\n',
        "a,b\n",
        "a,b,c,d\n",
        "\n",
        ",,\n",
        ",,only a note\n",
        "# a comment\n",
        "a\r,b,c\n",
        "a,b\x00,c\n",
        "Zoë,Göran,é\n",
    ],
)
def test_odd_lines_are_read_as_they_are_row_by_row(odd: str, encoding: str, tmp_path: Path) -> None:
    text = "from,to,note\n" + SOUND * 20 + odd + SOUND * 20
    table = table_in(tmp_path / "ties.csv", text.encode(encoding))
    assert in_blocks(table) == row_by_row(table)


@pytest.mark.parametrize("before", range(10))
def test_a_cell_over_the_end_of_a_block_stays_whole(before: int, tmp_path: Path) -> None:
    text = "from,to,note\n" + SOUND * before + 'a,"b\nb\nb\nb\nb",c\n' + SOUND * 10
    table = table_in(tmp_path / "ties.csv", text.encode())
    rows, _ = in_blocks(table)
    assert rows == row_by_row(table)[0]
    assert rows[before] == (before + 2, "a", "b\nb\nb\nb\nb")


def test_a_file_of_old_macs_is_read(tmp_path: Path) -> None:
    table = table_in(
        tmp_path / "ties.csv", ("from,to,note\n" + SOUND * 9).encode().replace(b"\n", b"\r")
    )
    assert in_blocks(table) == row_by_row(table)
    assert len(in_blocks(table)[0]) == 9


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [SOUND, "a,b,c\r\n", "x,y\n", '"q\n', '"q",r,s\n', "\n", "a,b,\xe9\n", 'a,"\n']
        ),
        max_size=60,
    )
)
# Lines that were taken back at the end of a block go on in the next one.
@example([SOUND, 'a,"\n', '"q\n', 'a,"\n'])
def test_any_mixture_of_lines_gives_the_same_rows(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    content = "".join(["from,to,note\n", *[SOUND] * 12, *lines]).encode("latin-1")
    table = table_in(tmp_path_factory.mktemp("blocks") / "ties.csv", content)
    assert in_blocks(table) == row_by_row(table)
