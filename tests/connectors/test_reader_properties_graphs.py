"""Whatever is done to a graph file, its reader counts every tie and raises only our errors."""

import gzip
import io
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgnet.errors import OrgnetError
from orgnet.schema import Connector, Ledger, ReadOptions, Source
from orgnet_connectors.edges import EdgeList
from orgnet_connectors.graph_adjacency import AdjacencyList
from orgnet_connectors.graph_gexf import Gexf
from orgnet_connectors.graph_gml import Gml
from orgnet_connectors.graph_graphml import GraphMl
from orgnet_connectors.graph_json import GraphJson
from orgnet_connectors.graph_json_items import DamagedJsonError, json_items
from orgnet_connectors.graph_matrix import GraphMatrix
from orgnet_connectors.graph_node_table import GraphNodes
from orgnet_connectors.graph_pajek import Pajek
from orgnet_connectors.graph_ucinet import UcinetDl
from orgnet_connectors.graph_vna import Vna
from orgnet_connectors.graph_workbook import GraphWorkbook
from orgnet_connectors.interactions import InteractionsCsv
from orgnet_connectors.mbox import Mbox
from orgnet_connectors.roster import Roster
from orgnet_connectors.slack import Slack
from support import shared

quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

GRAPHML = (
    '<?xml version="1.0"?><graphml><key id="w" for="edge" attr.name="weight"/>'
    '<key id="d" for="node" attr.name="dept"><default>x</default></key>'
    '<graph edgedefault="directed"><node id="a"><data key="d">Sales</data></node><node id="b">'
    '<graph><node id="c"/></graph></node><edge source="a" target="b"><data key="w">2</data></edge>'
    '<edge source="b" target="c" directed="false"/><hyperedge/></graph></graphml>'
)
GEXF = (
    '<gexf xmlns="http://gexf.net/1.3"><graph><attributes class="edge"><attribute id="0" '
    'title="weight"/></attributes><nodes><node id="0" label="aya"/><node id="1" label="ben"/>'
    '</nodes><edges><edge source="0" target="1" type="mutual"><attvalues><attvalue for="0" '
    'value="1"/><attvalue for="0" value="2"/></attvalues></edge><edge source="1" target="0" '
    'weight="-1"/></edges></graph></gexf>'
)
GML = (
    'Creator "x"\ngraph\n[\n directed 1\n node [ id 1 label "Aya &#38; B" ]\n node [ id 2 ]\n'
    " edge [ source 1 target 2 value 2.5 ]\n edge [ source 2 target 1 weight 0 ]\n]\n"
)
PAJEK = (
    '*Network x\n*Vertices 3\n1 "aya" 0.1 0.2\n2 "ben"\n3 "cy"\n*Arcs :1 "A"\n1 2 2\n2 3 -1\n'
    "*Edges :2\n1 3\n*Arcslist\n1 2 3\n*Matrix\n0 1 0\n0 0 2\n1 0 0\n"
    "*Partition dept\n*Vertices 3\n1\n2\n1\n"
)
DL = (
    "dl n=3 nm=2 format=fullmatrix diagonal present\nlabels:\naya,ben,'cy d'\nmatrix labels: A B\n"
    "data:\n0 1 0\n0 0 2\n1 0 0\n0 1 1 0\n0 0 NA 0 0\n"
)
DL_EDGES = 'dl n=3 format = edgelist1\nlabels embedded:\ndata:\naya ben 2\n"ben o" cy 0\ncy aya\n'
VNA = (
    '*Node data\nID dept\n1 Sales\n2 "A B"\n*Tie data\nfrom to friends advice\n1 2 1 0\n'
    "2 1 0 3\n1 1 0 0\n*Tie properties\nfrom to x\n1 2 3\n"
)
JSON = json.dumps(
    {
        "directed": True,
        "nodes": [{"id": "a", "label": "Aya", "dept": "Sales"}, {"id": "b", "data": {"x": [1]}}],
        "links": [
            {"source": "a", "target": "b", "weight": 2},
            {"source": "b", "target": 0, "direction": "mutual"},
        ],
    }
)
MATRIX = ',aya,ben,cy\naya,0,1,"2,5"\nben,,0,-1\ncy,NA,1,0\n'
ADJACENCY = "aya;ben;cy\nben;cy\ncy\ndan;aya\n"
NODES = "Id,Label,timeset\n1,Aya,\n2,Ben,\n"

READERS: list[tuple[Connector, str]] = [
    (GraphMl(), GRAPHML),
    (Gexf(), GEXF),
    (Gml(), GML),
    (Pajek(), PAJEK),
    (UcinetDl(), DL),
    (UcinetDl(), DL_EDGES),
    (Vna(), VNA),
    (GraphJson(), JSON),
    (GraphMatrix(), MATRIX),
    (AdjacencyList(), ADJACENCY),
    (GraphNodes(), NODES),
]
OTHERS: list[Connector] = [EdgeList(), InteractionsCsv(), Roster(), Mbox(), Slack()]
ALL = [*{reader.name: reader for reader, _ in READERS}.values(), GraphWorkbook(), *OTHERS]
MARKS = [b'"', b"<", b">", b"[", b"]", b"{", b"*", b"\n", b"\0", b"9999999999", b"&#0;", b"data:"]


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Nodes"
    book.active.append(["Name", "Team"])
    book.active.append(["Aya", "Sales"])
    sheet = book.create_sheet("Edges")
    for row in (["Source", "Target", "Weight"], ["Aya", "Ben", 2], ["Ben", None, 1]):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


PACKED: list[tuple[Connector, bytes]] = [
    (GraphMl(), gzip.compress(GRAPHML.encode() * 3, mtime=0)),
    (Pajek(), gzip.compress(PAJEK.encode() * 3, mtime=0)),
    (GraphWorkbook(), _workbook()),
]


@st.composite
def damage(draw: st.DrawFn, content: bytearray) -> bytes:
    """Change some bytes, cut them out, double them or put others in."""
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(content)))
        until = draw(st.integers(at, min(len(content), at + 12)))
        kind = draw(st.sampled_from(["replace", "cut", "double", "end"]))
        if kind == "replace":
            content[at:until] = draw(st.one_of(st.binary(max_size=4), st.sampled_from(MARKS)))
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
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    return reader, draw(damage(bytearray(text.encode(encoding))))


@st.composite
def damaged_archives(draw: st.DrawFn) -> tuple[Connector, bytes]:
    reader, content = draw(st.sampled_from(PACKED))
    return reader, draw(damage(bytearray(content)))


@quick
@given(st.one_of(damaged_texts(), damaged_archives()))
def test_damaged_graph_raises_our_errors_only_and_every_tie_is_counted(
    case: tuple[Connector, bytes],
) -> None:
    reader, content = case
    ledger = Ledger()
    rows = 0
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.graph"
        path.write_bytes(content)
        try:
            for batch in reader.read(Source(path), ReadOptions(), ledger):
                batch.validate(full=True)
                rows += batch.num_rows
        except OrgnetError as error:
            failed = True
            assert str(error).startswith("t.graph")

    assert ledger.read == ledger.kept + sum(ledger.skipped.values())
    assert failed or ledger.kept <= rows <= 2 * ledger.kept
    assert ledger.interactions == rows


@quick
@given(damaged_texts())
def test_damaged_graph_is_claimed_by_one_reader_at_most(case: tuple[Connector, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.graph"
        path.write_bytes(case[1])
        claims = [one.name for one in ALL if one.recognise(Source(path)) is not None]

    assert len(claims) <= 1


@pytest.mark.parametrize(("reader", "text"), READERS)
def test_undamaged_graph_is_claimed_by_its_reader_alone(
    reader: Connector, text: str, tmp_path: Path
) -> None:
    path = tmp_path / "t.graph"
    path.write_text(text, encoding="utf-8")

    claims = [one.name for one in ALL if one.recognise(Source(path)) is not None]

    assert claims == [reader.name]


Ties = list[tuple[str, str, int]]
people = st.sampled_from(["aya", "ben", "cy", "Zoë", "dan o", "n0"])
networks = st.lists(st.tuples(people, people, st.integers(1, 9)), min_size=1, max_size=12)


def in_graphml(ties: Ties) -> str:
    edges = "".join(
        f'<edge source="{a}" target="{b}"><data key="weight">{w}</data></edge>' for a, b, w in ties
    )
    return f'<graphml><graph edgedefault="directed">{edges}</graph></graphml>'


def in_gexf(ties: Ties) -> str:
    edges = "".join(f'<edge source="{a}" target="{b}" weight="{w}"/>' for a, b, w in ties)
    return f'<gexf><graph defaultedgetype="directed"><edges>{edges}</edges></graph></gexf>'


def in_gml(ties: Ties) -> str:
    edges = " ".join(f'edge [ source "{a}" target "{b}" value {w} ]' for a, b, w in ties)
    return f"graph [ directed 1 {edges} ]"


def in_json(ties: Ties) -> str:
    return json.dumps({"links": [{"source": a, "target": b, "weight": w} for a, b, w in ties]})


def in_vna(ties: Ties) -> str:
    return "*Tie data\nfrom to strength\n" + "".join(f'"{a}" "{b}" {w}\n' for a, b, w in ties)


def in_dl(ties: Ties) -> str:
    return "dl n=6 format=edgelist1 labels embedded data:\n" + "".join(
        f'"{a}" "{b}" {w}\n' for a, b, w in ties
    )


def in_pajek(ties: Ties) -> str:
    names = list(dict.fromkeys(name for a, b, _ in ties for name in (a, b)))
    vertices = "".join(f'{n} "{name}"\n' for n, name in enumerate(names, 1))
    arcs = "".join(f"{names.index(a) + 1} {names.index(b) + 1} {w}\n" for a, b, w in ties)
    return f"*Vertices {len(names)}\n{vertices}*Arcs\n{arcs}"


WRITERS: Sequence[tuple[Connector, Any]] = [
    (GraphMl(), in_graphml),
    (Gexf(), in_gexf),
    (Gml(), in_gml),
    (GraphJson(), in_json),
    (Vna(), in_vna),
    (UcinetDl(), in_dl),
    (Pajek(), in_pajek),
]


@quick
@given(networks, st.sampled_from(WRITERS))
def test_network_is_the_same_in_every_format(ties: Ties, writer: tuple[Connector, Any]) -> None:
    reader, written = writer
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.graph"
        path.write_text(written(ties), encoding="utf-8")
        batches = reader.read(Source(path), ReadOptions(), Ledger())
        rows = [row for batch in batches for row in batch.to_pylist()]

    assert [(row["sender"], row["recipient"], row["value"]) for row in rows] == ties


@quick
@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=4),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["nodes", "links", "a", "id"]), inner, max_size=3)
        ),
        max_leaves=12,
    ),
    st.integers(1, 9),
)
def test_items_of_any_json_are_those_that_it_has(value: Any, size: int) -> None:
    text = json.dumps({"nodes": [value, value], "other": value})
    parts = [text[start : start + size] for start in range(0, len(text), size)]

    found = [item.value for item in json_items(parts, [("nodes",)]) if item.path == ("nodes",)]

    assert found == [value, value]


@quick
@given(st.text('{}[]",:1a \n', max_size=30))
def test_any_text_is_json_or_damaged(text: str) -> None:
    try:
        found = list(json_items([text], [("nodes",)]))
    except DamagedJsonError:
        found = []

    assert all(item.path for item in found)


@pytest.mark.shared
def test_no_real_file_is_claimed_by_two_readers() -> None:
    graphs = {"samples/graph", "samples/synthetic/graph"}
    root = shared("samples")
    claimed: dict[str, list[str]] = {}
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        claims = [one.name for one in ALL if one.recognise(Source(path)) is not None]
        folder = path.parent.relative_to(root.parent).as_posix()
        mine = [name for name in claims if name not in {one.name for one in OTHERS}]
        assert len(claims) <= 1
        assert folder in graphs or not mine
        claimed.setdefault(folder, []).extend(claims)

    assert len(claimed["samples/graph"]) == 17
    assert len(claimed["samples/synthetic/graph"]) == 4
