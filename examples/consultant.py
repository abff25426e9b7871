"""A consultant's first hour: exports in, a diagnosis, one picture, the report, and networkx.

    python examples/consultant.py [FOLDER]

The company is invented and its faults are known, so you can see what the diagnosis makes of them.
For a real company, leave `invent_exports` out and name the real files instead.
"""

import sys
from html import escape
from pathlib import Path

import networkx as nx
import pandas as pd

import orgnet
from orgnet.simulate import Truth, plant_organisation, write_exports


def invent_exports(folder: Path) -> tuple[dict[str, Path], Truth]:
    """Write a roster, a Slack export and an mbox of an invented company; return its faults too."""
    company = plant_organisation(
        seed=1, people=160, departments=7, silos=1, bottlenecks=2, weak_links=2
    )
    return write_exports(company, folder), company.truth


def openness_plot(departments: pd.DataFrame) -> str:
    """Draw each department's openness with its interval, the most closed on top, as SVG."""
    left, scale, row = 130, 640, 28
    shown = departments.sort_values("openness")
    # 1 is what headcount alone would give; leave room for intervals that go beyond.
    widest = max(0.5, float(shown["high"].max()))
    height = row * (len(shown) + 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + scale + 60}" height="{height}" '
        'font-family="sans-serif" font-size="14">',
        "<title>Openness by department, with its range</title>",
    ]
    for number, (name, figures) in enumerate(shown.iterrows(), start=1):
        low, middle, high = (
            left + scale * float(figures[column]) / widest for column in ("low", "openness", "high")
        )
        y = row * number - 8
        colour = "#b45309" if figures["silo"] else "#1d4ed8"
        parts += [
            f'<text x="{left - 12}" y="{y + 5}" text-anchor="end">{escape(str(name))}</text>',
            f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}" stroke="{colour}"/>',
            f'<circle cx="{middle:.1f}" cy="{y}" r="5" fill="{colour}"/>',
            f'<text x="{high + 8:.1f}" y="{y + 5}">{figures["openness"]:.2f}</text>',
        ]
    return "\n".join([*parts, "</svg>"])


def main(folder: Path) -> None:
    exports, planted = invent_exports(folder / "exports")

    # 1. Roster and records. The formats are found by content; nothing is read yet.
    people = orgnet.read_people(exports["people"])
    records = orgnet.read(exports["slack"], exports["mail"])

    # 2. Weekly ties and the network. The rules are the ones to argue about: all have names.
    network = orgnet.build_network(
        records, people, rules=orgnet.TieRules(regular_weeks=3, window_weeks=12)
    )
    for reading in records.readings:
        ledger = reading.ledger
        print(f"{reading.source.name}: {ledger.kept} of {ledger.read} kept")
    print(f"{network.n} people, {len(network.pairs)} pairs in contact\n")

    # 3. The diagnosis: every number behind every finding, nothing withheld. Keep it to yourself.
    diagnosis = orgnet.diagnose(network, by="department", seed=7)
    for finding in diagnosis.findings:
        print(f"{finding.kind}: {' and '.join(finding.subject)} ({finding.confidence})")
    print(f"planted: silo {sorted(planted.silos)}, weak links {sorted(planted.weak_links)}\n")
    columns = ["people", "external_share", "expected_external", "openness", "low", "high", "silo"]
    print(diagnosis.departments[columns].round(2).to_string(), "\n")

    # 4. Any measure by itself: a network in, pandas out.
    weak = orgnet.measures.weak_links(network, by="department")
    print(weak[["group_a", "group_b", "ties", "expected", "ratio", "q"]].round(2).to_string(), "\n")

    # 5. One picture for the slides.
    picture = folder / "openness.svg"
    picture.write_text(openness_plot(diagnosis.departments), encoding="utf-8")

    # 6. What may leave. `release` is the only door: small groups and single people stay inside.
    model = orgnet.release(diagnosis, orgnet.DisclosurePolicy(minimum_group=5))
    report = orgnet.write_report(model, folder / "report.html")

    # 7. On with networkx. The graph holds person ids: treat it as you treat the roster.
    graph = network.to_networkx()
    nx.write_edgelist(graph, folder / "ties.tsv", delimiter="\t", data=["strength"])
    theirs, ours = nx.overall_reciprocity(graph), orgnet.measures.reciprocity(network)
    print(f"reciprocity: {theirs:.3f} by networkx, {ours:.3f} by orgnet")
    print(f"written: {picture.name}, {report.name}, ties.tsv")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "consultant-out"))
