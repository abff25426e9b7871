"""The whole way on real, public data; the printed figures against networkx and igraph."""

import csv
import json
from pathlib import Path

import igraph as ig
import networkx as nx
import pandas as pd
import pytest

from orgnet.analysis import Analysis, Settings, analyse
from orgnet.errors import AmbiguousInputError
from orgnet.reading import read
from orgnet.roster import people_sheet, sheet_bytes
from orgnet.schema import ReadOptions
from support import shared

pytestmark = pytest.mark.shared

FILES = {"report.html", "diagnosis.json", "manifest.json", "restricted"}


def run(
    files: list[Path], out: Path, *, people: Path | None = None, **settings: object
) -> Analysis:
    return analyse(
        files,
        people=people,
        out=out,
        settings=Settings(key_file=out.parent / "test.key", **settings),  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def email_eu(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    folder = shared("data/email-eu-core")
    return run(
        [folder / "edges.csv"],
        tmp_path_factory.mktemp("eu") / "out",
        people=folder / "departments.csv",
    )


@pytest.fixture(scope="module")
def email_eu_graph() -> nx.DiGraph:
    """The mail network without loops and without the people who only wrote to themselves."""
    folder = shared("data/email-eu-core")
    edges = pd.read_csv(folder / "edges.csv", dtype=str)
    graph = nx.from_pandas_edgelist(edges, "from", "to", create_using=nx.DiGraph)
    graph.remove_edges_from(nx.selfloop_edges(graph))
    graph.remove_nodes_from(list(nx.isolates(graph)))
    departments = pd.read_csv(folder / "departments.csv", dtype=str).set_index("id")["department"]
    nx.set_node_attributes(graph, departments.to_dict(), "department")
    return graph


def printed(analysis: Analysis) -> dict[str, float | None]:
    return dict(analysis.model.method.measures)


def test_every_row_of_the_mail_network_is_accounted_for(email_eu: Analysis) -> None:
    weekly = email_eu.weekly
    assert weekly.records == 25_571
    assert weekly.removed["self"] == 642
    assert weekly.kept == 25_571 - 642
    assert (email_eu.model.coverage.people_known, email_eu.model.coverage.people_seen) == (
        1005,
        986,
    )


def test_density_and_reciprocity_of_the_mail_network_are_those_of_networkx(
    email_eu: Analysis, email_eu_graph: nx.DiGraph
) -> None:
    n = len(email_eu_graph)
    pairs = nx.to_undirected(email_eu_graph).number_of_edges()
    assert printed(email_eu)["density"] == pytest.approx(2 * pairs / (n * (n - 1)), abs=5e-5)
    assert printed(email_eu)["reciprocity"] == pytest.approx(
        nx.overall_reciprocity(email_eu_graph), abs=5e-5
    )


def symmetrised(graph: nx.DiGraph) -> nx.Graph:
    both = nx.Graph()
    both.add_nodes_from(graph.nodes(data=True))
    for a, b in graph.edges:
        weight = both.edges[a, b]["weight"] + 1 if both.has_edge(a, b) else 1
        both.add_edge(a, b, weight=weight)
    return both


def test_ei_index_of_the_mail_network_is_that_of_a_plain_count(
    email_eu: Analysis, email_eu_graph: nx.DiGraph
) -> None:
    department = nx.get_node_attributes(email_eu_graph, "department")
    external = sum(department[a] != department[b] for a, b in email_eu_graph.edges)
    internal = email_eu_graph.number_of_edges() - external
    assert printed(email_eu)["ei_index"] == pytest.approx(
        (external - internal) / (external + internal), abs=5e-5
    )


def test_modularity_of_departments_in_the_mail_network_is_that_of_both_libraries(
    email_eu: Analysis, email_eu_graph: nx.DiGraph
) -> None:
    both = symmetrised(email_eu_graph)
    department = nx.get_node_attributes(both, "department")
    parts: dict[str, set[str]] = {}
    for person, name in department.items():
        parts.setdefault(name, set()).add(person)
    by_networkx = nx.community.modularity(both, parts.values(), weight="weight")
    graph = ig.Graph.from_networkx(both)
    codes, _ = pd.factorize(pd.Series(graph.vs["department"]))
    by_igraph = graph.modularity(codes.tolist(), weights="weight")
    assert by_networkx == pytest.approx(by_igraph, abs=1e-9)
    assert printed(email_eu)["modularity_formal"] == pytest.approx(by_networkx, abs=5e-5)


def test_betweenness_in_the_mail_network_is_that_of_igraph(
    email_eu: Analysis, email_eu_graph: nx.DiGraph
) -> None:
    graph = ig.Graph.from_networkx(email_eu_graph.to_undirected())
    n = graph.vcount()
    expected = pd.Series(graph.betweenness(), index=graph.vs["_nx_name"]) / ((n - 1) * (n - 2) / 2)
    ours = email_eu.diagnosis.people["betweenness"].dropna()
    pd.testing.assert_series_equal(
        ours.sort_index(),
        expected.sort_index(),
        check_names=False,
        rtol=1e-9,
        atol=1e-12,
        check_index_type=False,
    )


def test_the_index_is_withheld_for_forty_two_departments_with_the_reason(
    email_eu: Analysis,
) -> None:
    assert email_eu.model.index.value is None
    assert email_eu.model.index.reason == "too_many_units"


def test_findings_without_dates_are_tentative(email_eu: Analysis) -> None:
    assert email_eu.model.findings
    assert {finding.confidence for finding in email_eu.model.findings} == {"tentative"}


def test_the_results_folder_holds_what_it_should(email_eu: Analysis) -> None:
    out = email_eu.files[0].parent
    assert {path.name for path in out.iterdir()} == FILES
    assert {path.name for path in (out / "restricted").iterdir()} == {
        "ties.parquet",
        "people.parquet",
        "access-log.jsonl",
        "releases.jsonl",
        "store",
    }
    released = json.loads((out / "diagnosis.json").read_text(encoding="utf-8"))
    assert next(iter(released)) == "schema"


def test_the_slack_export_gives_a_report_without_a_roster(tmp_path: Path) -> None:
    archive = shared("data/slack-houston-dataviz/slack-export.zip")
    analysis = run([archive], tmp_path / "out")
    source = analysis.model.quality.sources[0]
    assert source.read == 1382
    assert source.read == source.kept + sum(count for _, count in source.skipped)
    assert analysis.model.mode == "no_groups"
    assert "no_departments" in dict(analysis.model.notices)


def test_the_slack_export_takes_departments_from_a_filled_in_sheet(tmp_path: Path) -> None:
    archive = shared("data/slack-houston-dataviz/slack-export.zip")
    sheet = people_sheet(read(archive))
    sheet["department"] = [("North", "South")[row % 2] for row in range(len(sheet))]
    roster = tmp_path / "people.csv"
    roster.write_bytes(sheet_bytes(sheet))
    analysis = run([archive], tmp_path / "out", people=roster)
    assert analysis.model.coverage.people_known == len(sheet)
    assert analysis.weekly.unmatched == 0
    assert set(analysis.diagnosis.groups.names) == {"North", "South"}


def test_mailing_lists_give_companies_as_departments(tmp_path: Path) -> None:
    folder = shared("data/mbox-3gpp")
    roster = tmp_path / "people.csv"
    roster.write_bytes(sheet_bytes(people_sheet(read(folder), department_from_domain=True)))
    analysis = run([folder], tmp_path / "out", people=roster)
    assert [source.read for source in analysis.model.quality.sources] == [59, 50]
    assert "ericsson.com" in analysis.diagnosis.groups.names
    assert analysis.records.left_out == ["README.md"]


def test_the_numpy_list_of_november_2001_is_read_without_a_roster(tmp_path: Path) -> None:
    analysis = run([shared("data/mbox-numpy-2001")], tmp_path / "out")
    source = analysis.model.quality.sources[0]
    assert (source.read, dict(source.skipped)["duplicate"]) == (164, 82)
    assert source.first == "2001-11-02"


def test_krackhardts_managers_have_the_published_number_of_advice_ties(tmp_path: Path) -> None:
    folder = shared("data/krackhardt-hightech")
    analysis = run([folder / "advice.csv"], tmp_path / "out", people=folder / "nodes.csv")
    with (folder / "advice.csv").open(encoding="utf-8") as file:
        arcs = [(row["from"], row["to"]) for row in csv.DictReader(file)]
    graph = nx.DiGraph(arcs)
    assert len(arcs) == 190
    assert analysis.weekly.kept == 190
    assert printed(analysis)["reciprocity"] == pytest.approx(
        nx.overall_reciprocity(graph), abs=5e-5
    )
    assert printed(analysis)["density"] == pytest.approx(
        nx.density(graph.to_undirected()), abs=5e-5
    )


def test_a_rated_list_is_refused_until_it_is_said_what_a_tie_is(tmp_path: Path) -> None:
    folder = shared("data/cross-parker-consulting")
    with pytest.raises(AmbiguousInputError, match="1 may mean 'never'"):
        run([folder / "info.csv"], tmp_path / "out", people=folder / "nodes.csv", by="location")
    assert not (tmp_path / "out").exists()


def test_a_rated_list_is_read_from_the_rating_that_is_a_tie(tmp_path: Path) -> None:
    folder = shared("data/cross-parker-consulting")
    analysis = run(
        [folder / "info.csv"],
        tmp_path / "out",
        people=folder / "nodes.csv",
        by="location",
        read=ReadOptions(tie_from=2),
    )
    scores = pd.read_csv(folder / "info.csv")["score"]
    assert analysis.weekly.kept == int((scores >= 2).sum())
    assert dict(analysis.model.quality.sources[0].skipped) == {
        "below_tie_from": int((scores < 2).sum())
    }
