"""The reception's list of visits, as the tablet writes it and as it should not be."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from orgnet_visits.visits import Visits

from orgnet.schema import INTERACTIONS, Connector, Ledger, ReadOptions, Source

HEADINGS = "visitor;host;when;purpose\n"


def read(path: Path, text: str, **options: str) -> tuple[list[dict[str, object]], Ledger]:
    path.write_text(text, encoding="utf-8")
    ledger = Ledger()
    batches = list(Visits().read(Source(path), ReadOptions(**options), ledger))
    return pa.Table.from_batches(batches, INTERACTIONS).to_pylist(), ledger


def test_it_is_a_connector() -> None:
    assert isinstance(Visits(), Connector)


def test_list_is_recognised_by_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "whatever.txt"
    path.write_text(HEADINGS, encoding="utf-8")
    other = tmp_path / "visits.csv"
    other.write_text("guest;room\n", encoding="utf-8")

    assert Visits().recognise(Source(path)) == "begins with the tablet's headings"
    assert Visits().recognise(Source(other)) is None


def test_visit_is_a_meeting_of_two(tmp_path: Path) -> None:
    text = f"{HEADINGS}Aya@example.com;ben@example.com;2026-03-02 09:15;Budget\n"

    (row,), ledger = read(tmp_path / "visits.csv", text, timezone="Europe/Paris")

    assert (row["sender"], row["recipient"]) == ("aya@example.com", "ben@example.com")
    assert row["sent_at"] == datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
    assert (row["channel"], row["kind"]) == ("meeting", "attend")
    assert (ledger.read, ledger.kept) == (1, 1)


def test_every_row_is_counted_once(tmp_path: Path) -> None:
    text = (
        f"{HEADINGS}a@example.com;b@example.com;2026-03-02 09:15;x\n;b@example.com;2026-03-02;x\n"
        "a@example.com;b@example.com;yesterday;x\na@example.com\n\n"
    )

    rows, ledger = read(tmp_path / "visits.csv", text)

    assert len(rows) == ledger.kept == 1
    assert ledger.skipped == {"no_addressee": 2, "no_date": 1}
    assert ledger.problems["no_date"][0].place == "line 4"


def test_purpose_is_never_kept(tmp_path: Path) -> None:
    text = f"{HEADINGS}a@example.com;b@example.com;2026-03-02 09:15;redundancies\n"

    rows, ledger = read(tmp_path / "visits.csv", text)

    assert "redundancies" not in f"{rows} {ledger}"
