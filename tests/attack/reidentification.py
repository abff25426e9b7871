"""Who can be found in an exported graph by somebody who knows how many contacts people have.

``python -m attack.reidentification`` in ``tests`` plants organisations, writes their people edition
and the table in `docs/security.md`.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections import Counter
from collections.abc import Hashable, Mapping
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any

import networkx as nx

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "security.md"

#: What an attacker knows of people.
KNOWLEDGE = (
    "contacts",
    "contacts and department",
    "contacts and those of the contacts",
    "all three",
)

#: Organisations that are planted: people and departments.
PLANTED = ((60, 5), (200, 8), (400, 10))

#: Somebody among at least so many alike is not found.
ALIKE = 5

PURPOSE = "to measure who can be found"


def signatures(graph: nx.Graph) -> dict[str, dict[Any, Hashable]]:
    """Return for each kind of knowledge what each node looks like to whoever has it."""
    degree = dict(graph.degree())
    group = {node: told.get("group", "") for node, told in graph.nodes(data=True)}
    around = {node: tuple(sorted(degree[other] for other in graph[node])) for node in graph}
    return dict(
        zip(
            KNOWLEDGE,
            (
                dict(degree),
                {node: (degree[node], group[node]) for node in graph},
                around,
                {
                    node: (
                        group[node],
                        tuple(sorted((degree[other], group[other]) for other in graph[node])),
                    )
                    for node in graph
                },
            ),
            strict=True,
        )
    )


def alike(looks: Mapping[Any, Hashable]) -> dict[Any, int]:
    """Return how many nodes look like each: its anonymity."""
    counted = Counter(looks.values())
    return {node: counted[look] for node, look in looks.items()}


def shares(graph: nx.Graph) -> dict[str, tuple[float, float]]:
    """Return for each kind of knowledge which share is found, and which is among fewer than five.

    Examples
    --------
    >>> path = nx.path_graph(3)
    >>> shares(path)["contacts"]
    (0.3333333333333333, 1.0)
    """
    found = {}
    for knowledge, looks in signatures(graph).items():
        counts = list(alike(looks).values())
        found[knowledge] = (
            sum(count == 1 for count in counts) / len(counts),
            sum(count < ALIKE for count in counts) / len(counts),
        )
    return found


def people_graph(people: int, departments: int, folder: Path) -> nx.Graph:
    """Plant an organisation, analyse it and return the graph of its people edition."""
    from orgnet.cli import main
    from orgnet.simulate import plant_organisation, write_exports

    organisation = plant_organisation(
        people=people, departments=departments, silos=1, bottlenecks=1, weak_links=1
    )
    files = write_exports(organisation, folder / "exports")
    known = ["--people", str(files["people"]), "--key", str(folder / "key")]
    out = str(folder / "out")
    asked = ["--edition", "people", "--format", "graphml", "--purpose", PURPOSE]
    exports = [str(files["slack"]), str(files["mail"])]
    with redirect_stdout(io.StringIO()):
        codes = [
            main(["analyse", *exports, *known, "--out", out]),
            main(["report", out, *asked, *known]),
        ]
    if any(codes):
        raise RuntimeError(f"the commands ended with {codes}")
    return nx.read_graphml(folder / "out" / "people.graphml")


def block(found: list[tuple[nx.Graph, dict[str, tuple[float, float]]]]) -> str:
    """Return the table with what it rests on."""
    from benchmarks.tables import markdown_table, versions

    header = ("Known of the people", *(f"{len(graph)} people" for graph, _ in found))
    rows = [
        (
            f"number of {knowledge}" if at < 3 else knowledge,
            *(f"{told[knowledge][0]:.0%} ({told[knowledge][1]:.0%})" for _, told in found),
        )
        for at, knowledge in enumerate(KNOWLEDGE)
    ]
    drawn = "; ".join(f"{graph.number_of_edges():,}" for graph, _ in found)
    said = date.today().isoformat()
    return f"""## Who can be found in a graph

`python -m attack.reidentification` in `tests`, {said}, planted organisations with {drawn} ties
drawn; {versions(["orgnet-ona"])}. The share of people in `people.graphml` whom nobody else is
like, so that whoever knows this much of them finds their pseudonym; in brackets the share of those
like fewer than {ALIKE}, themselves counted.

{markdown_table(header, rows)}
People know such things of their colleagues. A people edition is therefore as personal with
pseudonyms as with names; it is written for a purpose, and the access trail says so. In
`departments.graphml` and `.gexf` nobody can be found this way: a node is a department of at least
the minimum of people, and an edge without a number does not say what it hides.
"""


def main() -> None:
    """Measure all planted organisations and write the table."""
    from benchmarks.tables import write_block

    found = []
    for people, departments in PLANTED:
        with tempfile.TemporaryDirectory() as folder:
            graph = people_graph(people, departments, Path(folder))
        found.append((graph, shares(graph)))
        print(people, found[-1][1], flush=True)
    write_block("re-identification", block(found), PAGE)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
