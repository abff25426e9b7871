"""Scores of `vivainsights` 0.4.3, run in an environment of its own: IN.json OUT.json."""

import contextlib
import io
import json
import sys
import warnings
from pathlib import Path

import pandas as pd
import vivainsights as vi


def scores(firm: dict) -> dict:
    department = dict(zip(firm["people"], firm["departments"], strict=True))
    ties = pd.DataFrame(firm["ties"], columns=["a", "b", "strength"])
    both = pd.concat([ties, ties.rename(columns={"a": "b", "b": "a"})], ignore_index=True)
    # As its queries come: one row a person and contact, one row a group and group.
    query = pd.DataFrame(
        {
            "PrimaryCollaborator_PersonId": both["a"],
            "SecondaryCollaborator_PersonId": both["b"],
            "PrimaryCollaborator_Organization": both["a"].map(department),
            "SecondaryCollaborator_Organization": both["b"].map(department),
            "TieScore": both["strength"],
        }
    )
    own, other = (f"{side}Collaborator_Organization" for side in ("Primary", "Secondary"))
    groups = query.groupby([own, other], as_index=False)["TieScore"].sum()
    inside = groups[own] == groups[other]
    groups.loc[inside, other] = "Within Group"
    table = vi.network_g2g(
        groups, primary=own, secondary=other, metric="TieScore", return_type="table"
    ).fillna(0.0)
    names = sorted(set(firm["departments"]))
    graph = vi.network_p2p(query, centrality="betweenness", layout="random", return_type="network")
    return {
        "silo": {"share within the group": {g: float(table.loc[g, g]) for g in names}},
        "weak_link": {
            "share of the group's contact, low": {
                f"{g}|{h}": -float(min(table.loc[g, h], table.loc[h, g]))
                for i, g in enumerate(names)
                for h in names[i + 1 :]
            }
        },
        "bottleneck": {
            "betweenness": dict(zip(graph.vs["name"], graph.vs["betweenness"], strict=True))
        },
    }


warnings.simplefilter("ignore")
firms = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
with contextlib.redirect_stdout(io.StringIO()):
    results = [scores(firm) for firm in firms]
Path(sys.argv[2]).write_text(json.dumps(results), encoding="utf-8")
