"""What a consultant would write in a day: slack|slack-frame|table EXPORT ROSTER PAGE.

json, pandas, networkx, python-louvain and pyvis: contacts of an export to a table of ties by week,
a graph, its usual measures with a permutation test of the E-I index, and an interactive page.

A Slack export is read in two ways. ``slack`` is written with care: only contacts are kept of each
message. ``slack-frame`` begins as most notebooks do, with a table of all messages, and works on
its columns. Both come to the same ties.
"""

import json
import random
import re
import sys
import zipfile
from pathlib import Path

import community as community_louvain
import networkx as nx
import pandas as pd
from pyvis.network import Network

MENTION = re.compile(r"<@(U\w+)")
PERMUTATIONS = 1_000


def slack_lists(archive: zipfile.ZipFile) -> tuple[dict, dict]:
    """Return the addresses of users and the members of direct conversations, by their ids."""
    users = {
        user["id"]: user["profile"].get("email") for user in json.loads(archive.read("users.json"))
    }
    directs = {direct["id"]: direct["members"] for direct in json.loads(archive.read("dms.json"))}
    return users, directs


def recipients_of(user: str, text: str, members: list, parent: str | None) -> set:
    """Return who is addressed by a message: those it names, the room, whom it answers."""
    recipients = {*MENTION.findall(text), *members}
    if parent:
        recipients.add(parent)
    recipients.discard(user)
    return recipients


def slack_contacts(path: str) -> pd.DataFrame:
    """Return who wrote to whom: direct messages, mentions, answers in threads."""
    rows = []
    with zipfile.ZipFile(path) as archive:
        users, directs = slack_lists(archive)
        for name in archive.namelist():
            folder, found, _ = name.rpartition("/")
            if not found:
                continue
            for message in json.loads(archive.read(name)):
                user = message.get("user")
                if message.get("type") != "message" or "subtype" in message or user is None:
                    continue
                recipients = recipients_of(
                    user,
                    message.get("text", ""),
                    directs.get(folder, []),
                    message.get("parent_user_id"),
                )
                for recipient in recipients:
                    rows.append(
                        {
                            "time": float(message["ts"]),
                            "sender": users.get(user),
                            "recipient": users.get(recipient),
                            "channel": folder,
                            "share": 1 / len(recipients),
                        }
                    )
    return with_weeks(pd.DataFrame(rows))


def slack_frame_contacts(path: str) -> pd.DataFrame:
    """Return the same by way of a table of all messages."""
    messages = []
    with zipfile.ZipFile(path) as archive:
        users, directs = slack_lists(archive)
        for name in archive.namelist():
            folder, found, _ = name.rpartition("/")
            if found:
                for message in json.loads(archive.read(name)):
                    messages.append({**message, "channel": folder})
    frame = pd.DataFrame(messages)
    for column in ("subtype", "parent_user_id"):
        if column not in frame:
            frame[column] = None
    people_say = (frame["type"] == "message") & frame["subtype"].isna() & frame["user"].notna()
    frame = frame[people_say]
    frame = frame.assign(
        recipient=[
            sorted(recipients_of(user, text, directs.get(channel, []), parent))
            for user, text, channel, parent in zip(
                frame["user"],
                frame["text"].fillna(""),
                frame["channel"],
                frame["parent_user_id"].astype(object).where(frame["parent_user_id"].notna(), None),
                strict=True,
            )
        ]
    )
    frame["share"] = 1 / frame["recipient"].str.len()
    contacts = frame.explode("recipient").dropna(subset="recipient")
    contacts["time"] = contacts["ts"].astype(float)
    contacts["sender"] = contacts["user"].map(users)
    contacts["recipient"] = contacts["recipient"].map(users)
    return with_weeks(contacts)


def with_weeks(contacts: pd.DataFrame) -> pd.DataFrame:
    contacts["week"] = pd.to_datetime(contacts["time"], unit="s").dt.to_period("W").dt.start_time
    return contacts


def slack_ties(contacts: pd.DataFrame) -> pd.DataFrame:
    """Return the ties of the last twelve weeks: pairs and their number of active weeks."""
    weekly = contacts.groupby(["week", "sender", "recipient"], as_index=False)["share"].sum()
    last = weekly["week"].max() - pd.Timedelta(weeks=11)
    window = weekly[weekly["week"] >= last]
    ties = window.groupby(["sender", "recipient"], as_index=False)["week"].nunique()
    return ties.rename(columns={"week": "weight"})


def table_ties(path: str) -> pd.DataFrame:
    """Return the ties of a person-to-person query."""
    table = pd.read_csv(path)
    columns = {
        "PrimaryCollaborator_PersonId": "sender",
        "SecondaryCollaborator_PersonId": "recipient",
        "StrongTieScore": "weight",
    }
    return table.rename(columns=columns)[list(columns.values())]


def graph_of(ties: pd.DataFrame, department: dict) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(department)
    for row in ties.itertuples(index=False):
        if row.sender not in department or row.recipient not in department:
            continue
        if graph.has_edge(row.sender, row.recipient):
            graph[row.sender][row.recipient]["weight"] += row.weight
        else:
            graph.add_edge(row.sender, row.recipient, weight=row.weight)
    nx.set_node_attributes(graph, department, "department")
    return graph


def ei_index(edges: list, department: dict) -> float:
    external = sum(department[a] != department[b] for a, b in edges)
    return (2 * external - len(edges)) / len(edges)


def ei_test(graph: nx.Graph, department: dict) -> tuple:
    """Return the E-I index and how often shuffled departments give one as low."""
    edges = list(graph.edges())
    observed = ei_index(edges, department)
    people, labels = list(department), list(department.values())
    rng = random.Random(1)
    lower = 0
    for _ in range(PERMUTATIONS):
        rng.shuffle(labels)
        lower += ei_index(edges, dict(zip(people, labels, strict=True))) <= observed
    return observed, (lower + 1) / (PERMUTATIONS + 1)


def page(graph: nx.Graph, measures: pd.DataFrame, path: str) -> None:
    net = Network(height="800px", width="100%", cdn_resources="in_line")
    largest = measures["betweenness"].max() or 1
    for person, row in measures.iterrows():
        size = 5 + 30 * row["betweenness"] / largest
        net.add_node(person, label=person, group=row["department"], size=size)
    for a, b, data in graph.edges(data=True):
        net.add_edge(a, b, value=float(data["weight"]))
    net.barnes_hut()
    Path(path).write_text(net.generate_html(), encoding="utf-8")
    measures.sort_values("betweenness", ascending=False).to_csv(path + ".csv")


def main(kind: str, export: str, roster: str, out: str) -> None:
    people = pd.read_csv(roster)
    key = "id" if kind == "table" else "email"
    department = dict(zip(people[key], people["department"], strict=True))
    if kind == "table":
        ties = table_ties(export)
    elif kind == "slack":
        ties = slack_ties(slack_contacts(export))
    else:
        ties = slack_ties(slack_frame_contacts(export))
    graph = graph_of(ties, department)
    measures = pd.DataFrame(
        {
            "department": department,
            "degree": dict(graph.degree()),
            "betweenness": nx.betweenness_centrality(graph),
            "constraint": nx.constraint(graph, weight="weight"),
            "core": nx.core_number(graph),
            "community": community_louvain.best_partition(graph, random_state=1),
        }
    )
    measures["cut"] = measures.index.isin(list(nx.articulation_points(graph)))
    observed, p = ei_test(graph, department)
    page(graph, measures, out)
    print(
        json.dumps({"people": len(graph), "pairs": graph.number_of_edges(), "ei": observed, "p": p})
    )


main(*sys.argv[1:5])
