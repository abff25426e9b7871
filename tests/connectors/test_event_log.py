"""Event logs in CSV and XES, invented and real: who handed a case to whom."""

import gzip
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from orgnet.errors import (
    AmbiguousInputError,
    InputError,
    UnknownFormatError,
    UnreadableFileError,
)
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors import event_log_cases
from orgnet_connectors.edges import EdgeList
from orgnet_connectors.event_log import EventLog
from orgnet_connectors.interactions import InteractionsCsv
from orgnet_connectors.jira import Jira
from orgnet_connectors.roster import Roster
from support import shared

OTHERS: list[Connector] = [EventLog(), EdgeList(), InteractionsCsv(), Roster(), Jira()]
HEADER = "case_id;activity;timestamp;org:resource\n"


def written(tmp_path: Path, text: str, name: str = "log.csv", encoding: str = "utf-8") -> Source:
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    return Source(path)


def log(tmp_path: Path, *events: tuple[str, int, str], header: str = HEADER) -> Source:
    """Write events of (case, hour, resource)."""
    rows = [f"{case};check;2026-03-02 {hour:02}:00:00+01:00;{who}\n" for case, hour, who in events]
    return written(tmp_path, header + "".join(rows))


def read(source: Source, **options: Any) -> tuple[list[tuple[str, str]], Ledger]:
    rows, ledger = records(source, **options)
    return [(row["sender"], row["recipient"]) for row in rows], ledger


def records(source: Source, **options: Any) -> tuple[list[dict[str, Any]], Ledger]:
    ledger = Ledger()
    batches = EventLog().read(source, ReadOptions(**options), ledger)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert ledger.interactions == ledger.kept == len(rows)
    return rows, ledger


def claims(source: Source) -> list[str]:
    return [one.name for one in OTHERS if one.recognise(source) is not None]


def test_it_is_a_connector() -> None:
    assert isinstance(EventLog(), Connector)


def test_events_in_succession_of_one_case_are_handovers(tmp_path: Path) -> None:
    source = log(tmp_path, ("1", 9, "Aya"), ("2", 9, "Cy"), ("1", 10, "Ben"), ("1", 11, "Ben"))

    rows, ledger = records(source)

    assert [(row["sender"], row["recipient"]) for row in rows] == [("Aya", "Ben")]
    assert rows[0]["sent_at"].isoformat() == "2026-03-02T09:00:00+00:00"
    assert (rows[0]["kind"], rows[0]["channel"], rows[0]["thread"]) == (
        "handover",
        "work",
        "case:1",
    )
    assert (ledger.read, ledger.skipped) == (4, {"begins_case": 2, "same_person": 1})
    assert claims(source) == ["event_log"]


def test_events_are_put_in_order_of_time_and_ties_in_that_of_the_file(tmp_path: Path) -> None:
    source = log(tmp_path, ("1", 11, "Cy"), ("1", 9, "Aya"), ("1", 10, "Dee"), ("1", 10, "Ben"))

    assert sorted(read(source)[0]) == [("Aya", "Dee"), ("Ben", "Cy"), ("Dee", "Ben")]


def test_programs_and_blanks_do_not_part_two_people(tmp_path: Path) -> None:
    source = log(
        tmp_path,
        ("1", 9, "Aya"),
        ("1", 10, "system"),
        ("1", 11, ""),
        ("1", 12, "Batch Job"),
        ("1", 13, "Cy"),
    )

    pairs, ledger = read(source)

    assert pairs == [("Aya", "Cy")]
    assert ledger.skipped == {"begins_case": 1, "bot": 2, "no_resource": 1}


def test_only_complete_events_count_where_the_log_tells_them(tmp_path: Path) -> None:
    text = "case;activity;timestamp;resource;lifecycle:transition\n" + "".join(
        f"1;check;2026-03-02T{hour:02}:00:00Z;{who};{transition}\n"
        for hour, who, transition in [
            (9, "Aya", "start"),
            (10, "Ben", "START"),
            (11, "Aya", "Complete"),
            (12, "Ben", "complete"),
        ]
    )

    pairs, ledger = read(written(tmp_path, text))

    assert pairs == [("Aya", "Ben")]
    assert ledger.skipped == {"begins_case": 1, "not_complete": 2}


def test_all_events_count_where_none_is_complete(tmp_path: Path) -> None:
    text = (
        "case;activity;timestamp;resource;transition\n"
        "1;check;2026-03-02T09:00:00Z;Aya;assign\n1;check;2026-03-02T10:00:00Z;Ben;assign\n"
    )

    assert read(written(tmp_path, text))[0] == [("Aya", "Ben")]


@pytest.mark.parametrize(
    "header",
    [
        "case:concept:name;concept:name;time:timestamp;org:resource",
        "Case ID;Activity;Complete Timestamp;Resource",
        "Ticket;Status;End;Assigned to",
        "Incident Number;Task;Completion Time;Agent",
        "Order;Event;Start;User",
        "Fall;Aktivität;Zeitstempel;Bearbeiter",
    ],
)
def test_usual_headings_are_known_and_claimed_by_nobody_else(tmp_path: Path, header: str) -> None:
    source = log(tmp_path, ("1", 9, "Aya"), ("1", 10, "Ben"), header=header + "\n")

    assert read(source)[0] == [("Aya", "Ben")]
    assert claims(source) == ["event_log"]


@pytest.mark.parametrize(
    "header",
    ["case;activity;timestamp", "case;timestamp;user", "from;to;case;activity;timestamp;user"],
)
def test_tables_that_lack_a_column_or_list_ties_are_no_logs(tmp_path: Path, header: str) -> None:
    source = written(tmp_path, header + "\n" + ";".join("abcdef"[: header.count(";") + 1]) + "\n")

    assert EventLog().recognise(source) is None


def test_names_of_activities_and_other_columns_are_not_read(tmp_path: Path) -> None:
    source = log(
        tmp_path,
        ("1", 9, "Aya"),
        ("1", 10, "Ben"),
        header="case;activity;timestamp;resource;costs\n",
    )

    rows, ledger = records(source)

    assert {"activity", "costs"} <= ledger.dropped_unread
    assert "check" not in str(rows)


def test_wrong_events_are_counted_with_their_place(tmp_path: Path) -> None:
    text = HEADER + "1;a;2026-03-02;Aya\n;a;2026-03-02;Ben\n1;a;soon;Ben\n1;a;2026-03-03;Ben\n\n"

    pairs, ledger = read(written(tmp_path, text))

    assert pairs == [("Aya", "Ben")]
    assert ledger.skipped == {"begins_case": 1, "no_case": 1, "no_date": 1}
    assert ledger.problems["no_date"][0].place == "line 4"
    assert any("read as UTC" in note for note in ledger.ambiguous)


def test_order_of_day_and_month_is_asked_for(tmp_path: Path) -> None:
    source = written(tmp_path, HEADER + "1;a;02/03/2026;Aya\n1;a;02/03/2026;Ben\n")

    with pytest.raises(AmbiguousInputError, match="--day-first"):
        read(source)
    assert read(source, day_first=True)[0] == [("Aya", "Ben")]


def test_log_of_wrong_events_only_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"log\.csv, line 2: none of the 2 events can be read"):
        read(written(tmp_path, HEADER + "1;a;soon;Aya\n1;a;later;Ben\n"))
    with pytest.raises(UnreadableFileError, match="no events"):
        read(written(tmp_path, HEADER))
    with pytest.raises(UnknownFormatError, match="no event log"):
        read(written(tmp_path, "a;b\n1;2\n"))


def test_same_log_in_batches_gives_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [(str(n % 3), 9 + n % 5, ["Aya", "Ben", "Cy"][n // 3 % 3]) for n in range(20)]
    source = log(tmp_path, *events)
    whole = records(source)[0]

    monkeypatch.setattr(event_log_cases, "_BATCH_ROWS", 3)

    assert records(source)[0] == whole
    assert len(whole) == 9


XES = """<?xml version='1.0' encoding='UTF-8'?>
<log xes.version="1.0"{namespace}>
  <global scope="event"><string key="org:resource" value="nobody"/></global>
  <trace>
    <string key="concept:name" value="1"/>
    <event>
      <string key="org:resource" value="Aya"/>
      <date key="time:timestamp" value="2026-03-02T09:00:00.000+01:00"/>
      <string key="concept:name" value="secret"/>
      <string key="lifecycle:transition" value="complete"/>
    </event>
    <event>
      <string key="other" value="x"><string key="org:resource" value="Dee"/></string>
      <string key="org:resource" value="Ben"/>
      <date key="time:timestamp" value="2026-03-02T10:00:00.000+01:00"/>
      <string key="lifecycle:transition" value="complete"/>
    </event>
  </trace>
  <trace>
    <event>
      <string key="org:resource" value="Cy"/>
      <date key="time:timestamp" value="2026-03-02T10:00:00.000+01:00"/>
    </event>
  </trace>
</log>
"""


@pytest.mark.parametrize("namespace", ["", ' xmlns="http://www.xes-standard.org/"'])
def test_xes_is_read_with_and_without_its_namespace(tmp_path: Path, namespace: str) -> None:
    source = written(tmp_path, XES.format(namespace=namespace), "log.xes")

    rows, ledger = records(source)

    assert [(row["sender"], row["recipient"]) for row in rows] == [("Aya", "Ben")]
    assert ledger.skipped == {"begins_case": 2}
    assert "secret" not in str(rows) + str(ledger)
    assert claims(source) == ["event_log"]


def test_compressed_xes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "log.xes.gz"
    path.write_bytes(gzip.compress(XES.format(namespace="").encode()))

    assert read(Source(path))[0] == [("Aya", "Ben")]
    assert claims(Source(path)) == ["event_log"]


def test_xes_that_ends_early_is_truncated(tmp_path: Path) -> None:
    text = XES.format(namespace="")
    source = written(tmp_path, text[: text.index("</trace>")], "log.xes")

    pairs, ledger = read(source)

    assert pairs == [("Aya", "Ben")]
    assert ledger.truncated == "the XML ends early or is damaged"


def test_xes_with_a_document_type_is_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE log [<!ENTITY a "aaaa">]>\n' + XES.format(namespace="").partition("\n")[2]
    source = written(tmp_path, bomb, "log.xes")

    assert claims(source) == ["event_log"]
    with pytest.raises(UnreadableFileError, match="declares a document type"):
        read(source)


def test_other_xml_is_not_claimed(tmp_path: Path) -> None:
    assert claims(written(tmp_path, "<log><entry>x</entry></log>", "svn.xml")) == []


def test_figures_of_the_permit_process_are_those_of_its_readme() -> None:
    source = Source(shared("data/process-receipt/receipt.csv"))

    pairs, ledger = read(source)

    count = Counter(pairs)
    assert ledger.read == 8_577
    assert ledger.skipped["begins_case"] == 1_434
    assert ledger.kept + ledger.skipped["same_person"] == 7_143
    assert (len(pairs), len(count)) == (1_208, 246)
    assert count.most_common(1) == [(("Resource10", "admin1"), 180)]
    assert claims(source) == ["event_log"]


def test_one_log_in_csv_and_xes_gives_the_same_records() -> None:
    of_csv, _ = records(Source(shared("samples/eventlog/running_example.csv")))
    of_xes, _ = records(Source(shared("samples/eventlog/running_example.xes")))

    def key(row: dict[str, Any]) -> str:
        return str(row["message"])

    assert sorted(of_csv, key=key) == sorted(of_xes, key=key)
    assert len(of_csv) == 32
