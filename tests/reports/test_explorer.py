"""The explorer as bytes: what its data hold and what they do not."""

from __future__ import annotations

import dataclasses
import json
import re

import pytest

from orgnet.errors import OrgnetError
from orgnet.report_model import Report
from orgnet.words import load_words
from orgnet_reports import explorer_page, sealed_page
from orgnet_reports.blocks import Cell, Table
from orgnet_reports.explorer import Explorer
from orgnet_reports.explorer_page import Line, Network, Node
from orgnet_reports.phrasing import Speaker
from report_models import GOLDEN, all_withheld, hostile, organisation, without_departments


def page(model) -> str:
    return Explorer().render(model).decode("utf-8")


def data(model) -> dict:
    return json.loads(re.search(r'id="page-data">(.*?)</script>', page(model), re.S)[1])


def test_the_explorer_is_a_report():
    assert isinstance(Explorer(), Report)
    assert (Explorer.name, Explorer.file_name) == ("explorer", "explorer.html")


def test_nodes_are_departments_at_fixed_whole_numbered_places():
    nodes = data(organisation(400, 10))["nodes"]
    assert [node["label"] for node in nodes] == [
        group.name for group in organisation(400, 10).departments
    ]
    assert all(isinstance(node["x"], int) and isinstance(node["y"], int) for node in nodes)
    assert data(organisation(400, 10))["options"]["physics"] == {"enabled": False}


def test_no_text_is_given_to_the_library_as_a_title():
    shown = data(hostile())
    assert not [item for item in shown["nodes"] + shown["edges"] if "title" in item]


def test_withheld_pairs_are_in_neither_data_nor_table():
    model = organisation(400, 10)
    withheld = [pair for pair in model.pairs if pair.reason == "few_people"]
    assert withheld
    assert len(data(model)["edges"]) == len(model.pairs) - len(withheld)
    assert page(model).count("<tr>") == 2 + len(model.departments) + len(model.pairs) - len(
        withheld
    )


def test_a_pair_without_a_number_says_no_more_than_its_word():
    model = organisation(400, 10)
    pair = next(pair for pair in model.pairs if pair.reason == "one_person")
    row = re.search(
        rf"<bdi>{pair.group_a}</bdi></th>\s*<td><bdi>{pair.group_b}</bdi></td>(.*?)</tr>",
        page(model),
        re.S,
    )
    assert re.findall(r">([^<\s][^<]*)<", row[1]) == ["–", "–", "–", "fewer than expected"]


@pytest.mark.parametrize("name", GOLDEN)
def test_every_model_gives_the_same_page_twice_below_the_ceiling(name):
    first = Explorer().render(GOLDEN[name]())
    assert first == Explorer().render(GOLDEN[name]())
    assert len(first) <= sealed_page.CEILING_BYTES


def test_all_departments_withheld_leaves_no_line():
    assert data(all_withheld())["edges"] == []


def test_without_departments_the_page_says_so():
    assert "There are no departments to explore" in page(without_departments(10))


def test_the_page_is_sealed_by_its_own_hashes_alone():
    policy = re.search(r'Content-Security-Policy" content="(.*?)">', page(organisation()))[1]
    assert policy.startswith("default-src &#39;none&#39;; script-src &#39;sha256-")
    assert "unsafe" not in policy


def test_an_explorer_too_large_to_be_mailed_says_which_part_is(monkeypatch):
    monkeypatch.setattr(sealed_page, "CEILING_BYTES", 100_000)
    with pytest.raises(OrgnetError, match=r"the explorer has 0\.\d MB.*the network library"):
        Explorer().render(organisation())


def test_more_than_500_nodes_are_refused_with_a_remedy():
    base = organisation(5000, 60)
    many = tuple(
        dataclasses.replace(base.departments[0], name=f"Department {at}") for at in range(501)
    )
    model = dataclasses.replace(base, departments=many, pairs=(), findings=())
    with pytest.raises(OrgnetError, match=r"501 nodes, expected at most 500.*\(--by\)"):
        Explorer().render(model)


@pytest.mark.parametrize("count", [2, 60])
def test_no_circle_and_label_touch_those_of_another(count):
    nodes = data(organisation(5000, count))["nodes"]
    for at, first in enumerate(nodes):
        for second in nodes[:at]:
            apart = (first["x"] - second["x"]) ** 2 + (first["y"] - second["y"]) ** 2
            assert apart**0.5 > first["size"] + second["size"]


def test_any_nodes_and_lines_make_a_page_with_a_filter_by_group_and_a_banner():
    say = Speaker(load_words("orgnet_reports"))
    table = Table(
        caption="Lines", columns=("a", "b"), rows=((Cell(text="P1"), Cell(text="P2")),),
        file_name="lines",
    )  # fmt: skip
    network = Network(
        title="People", kicker="People", heading="People", intro="", footer="",
        banner="For the board alone",
        nodes=[
            Node(label=name, size=1, x=at * 100, y=0, told=f"{name}.", group=at)
            for at, name in enumerate(["<b>P1</b>", "P2"])
        ],
        lines=[Line(first=0, second=1, strength=4.0, side="even", width=2.0)],
        node_word="Person", every_node="everybody", groups=["Sales", "Legal"],
        group_word="Department", every_group="all", sides=[("all", "all")],
        strengths=[(1.0, "every tie")], strength=1.0, legend=[], lines_table=table, tables=(),
        notes=(),
    )  # fmt: skip
    shown = explorer_page.explorer_page(network, say=say, language="en", remedy="-").decode()
    assert "For the board alone" in shown and 'select name="group"' in shown
    assert "<b>P1</b>" not in shown
    assert json.loads(re.search(r'id="page-data">(.*?)</script>', shown, re.S)[1])["groups"] == [
        0,
        1,
    ]


def test_a_pyvis_without_its_library_is_named(monkeypatch, tmp_path):
    (tmp_path / "templates" / "lib").mkdir(parents=True)
    monkeypatch.setattr(explorer_page.resources, "files", lambda package: tmp_path)
    explorer_page.vis_network.cache_clear()
    with pytest.raises(OrgnetError, match="pyvis is installed without vis-network"):
        explorer_page.vis_network()
