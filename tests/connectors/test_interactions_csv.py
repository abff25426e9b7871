"""Lists of dated interactions, invented and real."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from orgnet.errors import AmbiguousInputError, InputError, MissingColumnError, UsageError
from orgnet.schema import INTERACTIONS, Connector, Ledger, ReadOptions, Source
from orgnet_connectors.interactions import InteractionsCsv
from support import shared


def read(path: Path, **options: Any) -> tuple[list[dict[str, Any]], Ledger]:
    ledger = Ledger()
    rows = []
    for batch in InteractionsCsv().read(Source(path), ReadOptions(**options), ledger):
        assert batch.schema == INTERACTIONS
        rows.extend(batch.to_pylist())
    assert ledger.interactions == len(rows)
    return rows, ledger


def read_text(tmp_path: Path, text: str, **options: Any) -> tuple[list[dict[str, Any]], Ledger]:
    path = tmp_path / "messages.csv"
    path.write_text(text, encoding="utf-8")
    return read(path, **options)


def times(rows: list[dict[str, Any]]) -> list[str]:
    return [row["sent_at"].isoformat() for row in rows]


def test_it_is_a_connector() -> None:
    assert isinstance(InteractionsCsv(), Connector)


def test_columns_of_the_schema_are_read_under_their_names(tmp_path: Path) -> None:
    text = (
        "sent_at,sender,recipient,channel,kind,recipients,hours,message,thread,source\n"
        "2026-03-02T09:15:00Z,aya@example.com,ben@example.com,email,cc,3,,m1,t1,mbox\n"
        "2026-03-02T10:00:00+01:00,aya,ben,meeting,attend,4,1.5,m2,,ics\n"
    )

    rows, ledger = read_text(tmp_path, text)

    mail, meeting = sorted(rows, key=lambda row: str(row["message"]))
    assert times(rows)[0] == "2026-03-02T09:15:00+00:00"
    assert (mail["channel"], mail["kind"], mail["recipients"]) == ("email", "cc", 3)
    assert (mail["message"], mail["thread"], mail["hours"]) == ("m1", "t1", None)
    assert (meeting["channel"], meeting["kind"], meeting["hours"]) == ("meeting", "attend", 1.5)
    assert {row["source"] for row in rows} == {"interactions"}
    assert ledger.ambiguous == []


def test_cell_of_recipients_is_split_and_counted(tmp_path: Path) -> None:
    text = (
        "date,from,to,cc\n"
        '2026-03-02,a@x.example,"b@x.example; c@x.example",d@x.example\n'
        '2026-03-03,a@x.example,"B@x.example, c@x.example",b@x.example\n'
    )

    rows, ledger = read_text(tmp_path, text)

    assert [(r["recipient"][0], r["kind"], r["recipients"]) for r in rows] == [
        *(("b", "to", 3), ("c", "to", 3), ("d", "cc", 3)),
        *(("b", "to", 2), ("c", "to", 2)),
    ]
    assert ledger.kept == 2


def test_comma_in_a_name_does_not_divide_it(tmp_path: Path) -> None:
    rows, _ = read_text(tmp_path, 'date,from,recipients\n2026-03-02,Cy,"Ito, Aya; Osei, Ben"\n')

    assert [row["recipient"] for row in rows] == ["Ito, Aya", "Osei, Ben"]


def test_rows_of_one_message_count_its_recipients_together(tmp_path: Path) -> None:
    text = (
        "time,sender,recipient,message_id\n"
        "2026-03-02 09:00,a,b,m1\n2026-03-02 09:00,a,c,m1\n2026-03-02 09:05,a,b,m2\n"
        "2026-03-02 09:06,a,b,\n2026-03-02 09:06,a,c,\n"
    )

    rows, _ = read_text(tmp_path, text)

    assert [row["recipients"] for row in rows] == [2, 2, 1, 1, 1]
    assert rows[0]["message"] == rows[1]["message"] == "m1"
    assert rows[3]["message"] != rows[4]["message"]


@pytest.mark.parametrize(
    ("channel", "kind"),
    [("email", "to"), ("chat", "dm"), ("meeting", "attend"), ("work", "handover")],
)
def test_kind_follows_from_the_channel(tmp_path: Path, channel: str, kind: str) -> None:
    rows, _ = read_text(tmp_path, "time,from,to\n2026-03-02,1,2\n", channel=channel)

    assert (rows[0]["channel"], rows[0]["kind"]) == (channel, kind)


@pytest.mark.parametrize(("sender", "channel"), [("a@x.example", "email"), ("17", "chat")])
def test_channel_nobody_states_is_guessed_and_said(
    tmp_path: Path, sender: str, channel: str
) -> None:
    rows, ledger = read_text(tmp_path, f"time,from,to\n2026-03-02T09:00Z,{sender},b@x.example\n")

    assert rows[0]["channel"] == channel
    assert ledger.ambiguous == [f"no column 'channel'; read as {channel!r} (--channel)"]


@pytest.mark.parametrize(
    ("column", "cell", "hours"),
    [
        *(("hours", "1,5", 1.5), ("duration_minutes", "45", 0.75), ("duration", "01:30:00", 1.5)),
        *(("duration", "2", 2.0), ("hours", "-1", None), ("hours", "long", None)),
    ],
)
def test_length_is_read_in_hours(
    tmp_path: Path, column: str, cell: str, hours: float | None
) -> None:
    rows, _ = read_text(tmp_path, f'time,from,to,{column}\n2026-03-02,1,2,"{cell}"\n')

    assert rows[0]["hours"] == hours


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["27/02/2026 08:00", "03/02/2026 08:00"], ["2026-02-27", "2026-02-03"]),
        (["02/27/2026 8:00 PM", "03/02/2026 8:00 AM"], ["2026-02-27", "2026-03-02"]),
        (["1772442900", "1772529300"], ["2026-03-02", "2026-03-03"]),
        (["1772442900123", "1772529300456"], ["2026-03-02", "2026-03-03"]),
    ],
)
def test_dates_are_read_as_the_file_shows(
    tmp_path: Path, cells: list[str], expected: list[str]
) -> None:
    body = "".join(f"{cell},1,2\n" for cell in cells)

    rows, _ = read_text(tmp_path, f"time,from,to\n{body}")

    assert [time[:10] for time in times(rows)] == expected


def test_evidence_of_the_order_may_come_late_in_the_file(tmp_path: Path) -> None:
    body = "03/02/2026,1,2\n04/02/2026,1,2\n03/02/2026,1,2\n" * 200

    rows, _ = read_text(tmp_path, f"time,from,to\n{body}27/02/2026,1,2\n")

    assert times(rows)[0] == "2026-02-03T00:00:00+00:00"


def test_order_that_nothing_shows_is_asked_for(tmp_path: Path) -> None:
    text = "Date,from,to\n03/02/2026,1,2\n"

    with pytest.raises(AmbiguousInputError) as caught:
        read_text(tmp_path, text)
    rows, _ = read_text(tmp_path, text, day_first=False)

    assert str(caught.value) == (
        "messages.csv: the dates in 'Date' do not show whether the day or the month stands first; "
        "say it with --day-first or --month-first"
    )
    assert times(rows) == ["2026-03-02T00:00:00+00:00"]


def test_times_without_a_zone_are_in_the_stated_zone(tmp_path: Path) -> None:
    text = "time,from,to\n2026-03-02 09:15,1,2\n"

    rows, ledger = read_text(tmp_path, text, timezone="Europe/Paris", channel="chat")

    assert times(rows) == ["2026-03-02T08:15:00+00:00"]
    assert ledger.ambiguous == ["times without a zone are read as Europe/Paris (--tz)"]


def test_unknown_zone_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no time zone 'Mars/Olympus'"):
        read_text(tmp_path, "time,from,to\n2026-03-02,1,2\n", timezone="Mars/Olympus")


def test_bad_rows_are_skipped_by_their_reason_and_cost_no_other(tmp_path: Path) -> None:
    text = "time,from,to\nyesterday,1,2\n2026-03-02,,2\n2026-03-02,1,NA\n2026-03-02,1,2\n"

    rows, ledger = read_text(tmp_path, text)

    assert len(rows) == ledger.kept == 1
    assert ledger.skipped == {"no_date": 1, "no_sender": 1, "no_recipient": 1}
    problem = ledger.problems["no_date"][0]
    assert (problem.place, problem.remedy.split()[0]) == ("line 2", "write")


def test_problems_repeat_nothing_of_the_cells(tmp_path: Path) -> None:
    text = "time,from,to\nsecret plan,ito@example.com,2\n2026-03-02,1,2\n"

    _, ledger = read_text(tmp_path, text)

    assert "secret" not in str(ledger.problems)
    assert "ito@" not in str(ledger.problems)


def test_list_without_one_readable_date_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"messages\.csv, line 2: none of the 1 rows .* 2026-03-31"
    ):
        read_text(tmp_path, "time,from,to\nsoon,1,2\n")


def test_list_without_times_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(MissingColumnError, match=r"line 1: .*read the file as an edge list"):
        read_text(tmp_path, "from,to\n1,2\n")


def test_text_of_messages_is_not_looked_at(tmp_path: Path) -> None:
    _, ledger = read_text(tmp_path, "time,from,to,subject,body\n2026-03-02,1,2,x,y\n")

    assert ledger.dropped_unread == {"subject", "body"}
    assert ledger.columns == {"time": "sent_at", "from": "sender", "to": "recipient"}


def test_temporal_list_without_headings_is_read(tmp_path: Path) -> None:
    rows, _ = read_text(tmp_path, "1 2 1082040961\n3 4 1082155839\n")

    assert times(rows)[0] == "2004-04-15T14:56:01+00:00"
    assert rows[1]["recipient"] == "4"


def test_compressed_list_is_read(tmp_path: Path) -> None:
    path = tmp_path / "messages.csv.gz"
    path.write_bytes(gzip.compress(b"time,from,to\n2026-03-02,1,2\n"))

    assert len(read(path)[0]) == 1


@pytest.mark.shared
def test_messages_of_uc_irvine_are_read_whole() -> None:
    path = shared("data/uc-irvine-messages/messages.csv.gz")

    rows, ledger = read(path)

    assert InteractionsCsv().recognise(Source(path)) == "columns 'time', 'sender' and 'recipient'"
    assert len(rows) == ledger.kept == ledger.read == 59_835
    assert len({row["sender"] for row in rows} | {row["recipient"] for row in rows}) == 1_899
    assert len({(row["sender"], row["recipient"]) for row in rows}) == 20_296
    assert str(ledger.first).startswith("2004-04-15 07:56:01")
