"""Whatever is done to an export of work items, its reader loses nothing uncounted."""

import gzip
import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from orgnet.errors import OrgnetError
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.activity_reports import ActivityReports
from orgnet_connectors.edges import EdgeList
from orgnet_connectors.event_log import EventLog
from orgnet_connectors.github import GitHub
from orgnet_connectors.gitlab import GitLab
from orgnet_connectors.group_tables import GroupTables
from orgnet_connectors.interactions import InteractionsCsv
from orgnet_connectors.jira import Jira
from orgnet_connectors.roster import Roster
from orgnet_connectors.viva import Viva
from orgnet_connectors.worklytics import Worklytics

VIVA = (
    "PrimaryCollaborator_PersonId,SecondaryCollaborator_PersonId,MetricDate,Strong_tie_score,"
    "PrimaryCollaborator_Organization,SecondaryCollaborator_Organization\n"
    "a1,b2,18/01/2026,0.5,Sales,Support\nb2,c3,25/01/2026,0.25,Support,#N/A\n"
)
GROUPS = (
    "PrimaryCollaborator_Organization,SecondaryCollaborator_Organization,MetricDate,"
    "Group_meeting_count\nSales,Support,2026-01-18,3\n"
)
USAGE = "Report Refresh Date,Last Activity Date,Meeting Count\n2026-03-01,2026-02-27,4\n"
GRAPH = "week,employeeId1,employeeId2,interactionCount\n2026-03-02,7,8,12\n2026-03-09,8,9,1\n"
JIRA = (
    "Summary,Issue key,Assignee,Assignee Id,Reporter,Created,Comment,Comment\n"
    'x,OPS-1,Ben,712020:b,aya,02/Mar/26 9:00 AM,"02/Mar/26 9:30 AM;712020:c;a; b\nc",\n'
    "y,OPS-2,,,aya,03/Mar/26 9:00 AM,04/Mar/26 9:30 AM;dee;d,05/Mar/26 9:30 AM;aya;e\n"
)
LOG = (
    "case;activity;timestamp;resource;lifecycle:transition\n"
    "1;check;2026-03-02 09:00:00+01:00;Aya;complete\n"
    "1;decide;2026-03-03 09:00:00+01:00;Ben;complete\n2;check;2026-03-02;system;start\n"
)
XES = (
    '<log xes.version="1.0"><trace><string key="concept:name" value="1"/><event>'
    '<string key="org:resource" value="Aya"/>'
    '<date key="time:timestamp" value="2026-03-02T09:00:00Z"/></event><event>'
    '<string key="org:resource" value="Ben"/>'
    '<date key="time:timestamp" value="2026-03-03T09:00:00Z"/></event></trace></log>'
)
ISSUE = {
    "key": "OPS-1",
    "fields": {
        "reporter": {"accountId": "a", "displayName": "Aya"},
        "assignee": {"name": "ben", "key": "JIRAUSER1"},
        "created": "2026-03-02T09:00:00.000+0100",
        "comment": {"comments": [{"author": {"name": "cy"}, "created": "2026-03-03T09:00:00Z"}]},
    },
    "changelog": {
        "histories": [
            {
                "created": "2026-03-04T09:00:00.000+0100",
                "items": [{"field": "assignee", "from": "cy", "to": "JIRAUSER1"}],
            }
        ]
    },
}
PULL = {
    "url": "https://api.github.example/repos/acme/tool/pulls/7",
    "number": 7,
    "user": {"login": "aya"},
    "created_at": "2026-03-02T09:00:00Z",
    "merged_at": "2026-03-03T09:00:00Z",
    "merged_by": {"login": "ben", "type": "User"},
    "assignees": [{"login": "cy"}],
    "comments": 3,
}
EVENT = {
    "id": "1",
    "type": "IssueCommentEvent",
    "actor": {"login": "ben"},
    "repo": {"name": "acme/tool"},
    "payload": {
        "action": "created",
        "issue": {"number": 8, "user": {"login": "aya"}},
        "comment": {"id": 5, "created_at": "2026-03-03T09:00:00Z"},
    },
}
CHANGE = {
    "id": 70,
    "iid": 7,
    "source_branch": "x",
    "author": {"username": "aya"},
    "created_at": "2026-03-02T09:00:00.000Z",
    "reviewers": [{"username": "ben"}],
    "notes": [
        {"id": 1, "author": {"username": "cy"}, "created_at": "2026-03-03T09:00:00.000Z"},
        {"id": 2, "author": {"username": "cy"}, "system": True},
    ],
}


def dumped(*objects: object, indent: int | None = None) -> str:
    return json.dumps(objects, indent=indent)


def by_line(*objects: object) -> str:
    return "".join(json.dumps(one) + "\n" for one in objects)


EXPORTS: list[tuple[Connector, str]] = [
    (Viva(), VIVA),
    (GroupTables(), GROUPS),
    (ActivityReports(), USAGE),
    (Worklytics(), GRAPH),
    (Jira(), JIRA),
    (Jira(), json.dumps({"total": 2, "issues": [ISSUE, ISSUE | {"key": "OPS-2"}]})),
    (GitHub(), dumped(PULL, PULL | {"number": 9}, indent=1)),
    (GitHub(), by_line(EVENT, EVENT, EVENT)),
    (GitLab(), dumped(CHANGE, CHANGE | {"id": 71})),
    (EventLog(), LOG),
    (EventLog(), XES),
]
READERS: list[Connector] = [
    *(Viva(), GroupTables(), ActivityReports(), Worklytics(), Jira(), GitHub(), GitLab()),
    *(EventLog(), EdgeList(), InteractionsCsv(), Roster()),
]
PACKED = [(reader, gzip.compress((text * 2).encode(), mtime=0)) for reader, text in EXPORTS]
PIECES = [b'"', b",", b";", b"\n", b"\0", b"{", b"}", b"[", b"]", b"<", b"null", b"\\", b"\xff"]


@st.composite
def damage(draw: st.DrawFn, content: bytearray) -> bytes:
    """Change some bytes, cut them out, double them or put others in."""
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(content)))
        until = draw(st.integers(at, min(len(content), at + 12)))
        kind = draw(st.sampled_from(["replace", "cut", "double", "end"]))
        if kind == "replace":
            content[at:until] = draw(st.one_of(st.binary(max_size=4), st.sampled_from(PIECES)))
        elif kind == "cut":
            del content[at:until]
        elif kind == "double":
            content[at:at] = content[at:until]
        else:
            del content[at:]
    return bytes(content)


@st.composite
def damaged(draw: st.DrawFn) -> tuple[Connector, bytes]:
    reader, text = draw(st.sampled_from(EXPORTS))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    return reader, draw(damage(bytearray(text.encode(encoding))))


@st.composite
def damaged_archives(draw: st.DrawFn) -> tuple[Connector, bytes]:
    reader, content = draw(st.sampled_from(PACKED))
    return reader, draw(damage(bytearray(content)))


@settings(max_examples=400, deadline=None)
@given(st.one_of(damaged(), damaged_archives()), st.booleans())
def test_damaged_export_raises_our_errors_only_and_every_message_is_counted(
    case: tuple[Connector, bytes], day_first: bool
) -> None:
    reader, content = case
    ledger = Ledger()
    rows = 0
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.txt"
        path.write_bytes(content)
        try:
            for batch in reader.read(Source(path), ReadOptions(day_first=day_first), ledger):
                batch.validate(full=True)
                rows += batch.num_rows
        except OrgnetError as error:
            failed = True
            assert str(error).startswith("t.txt")

    assert ledger.read == ledger.kept + sum(ledger.skipped.values())
    assert failed or ledger.kept <= rows
    assert ledger.interactions == rows


@settings(max_examples=150, deadline=None)
@given(st.one_of(damaged(), damaged_archives()))
def test_damaged_export_is_claimed_by_one_reader_at_most(case: tuple[Connector, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.txt"
        path.write_bytes(case[1])
        claims = [one.name for one in READERS if one.recognise(Source(path)) is not None]

    assert len(claims) <= 1


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=3), inside),
    max_leaves=5,
)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_field_of_another_type_costs_its_object_only(data: st.DataObject) -> None:
    reader, sound = data.draw(
        st.sampled_from([(GitHub(), PULL), (GitHub(), EVENT), (GitLab(), CHANGE), (Jira(), ISSUE)])
    )
    odd = dict(sound) | {data.draw(st.sampled_from(sorted(sound))): data.draw(VALUES)}
    ledger = Ledger()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.json"
        path.write_text(dumped(odd, sound, sound), encoding="utf-8")
        rows = sum(batch.num_rows for batch in reader.read(Source(path), ReadOptions(), ledger))

    assert ledger.read >= 3
    assert ledger.kept >= 1
    assert rows == ledger.interactions
