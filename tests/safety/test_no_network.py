"""A whole day's commands run with the network cut: no socket is asked for anything."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

#: Runs in the child before anything else: whoever asks for the network ends the run.
CUT = """
import os, socket

def refused(*arguments, **named):
    os.write(2, b"NETWORK ASKED FOR\\n")
    os._exit(99)

for name in ("connect", "connect_ex", "bind", "sendto"):
    setattr(socket.socket, name, refused)
for name in ("create_connection", "getaddrinfo", "gethostbyname", "getnameinfo"):
    setattr(socket, name, refused)
"""

#: One process for all: starting it again and again would take longer than the work.
COMMANDS = """
import sys
from orgnet.cli import main

demo, out = "demo", "out"
files = ["demo/exports/" + name for name in sys.argv[1:]]
people = ["--people", "demo/exports/people.csv"]
for words in (
    ["demo", "bakery", "--no-open", "--out", demo],
    ["check", *files, *people],
    ["analyse", *files, *people, "--out", out, "--key", "key"],
    ["people", *files, "--out", "everybody.csv"],
    *(
        ["report", out, "--format", format]
        for format in ("html", "explorer", "slides", "workbook", "csv", "json", "graphml", "gexf")
    ),
):
    code = main(words)
    print("ran", words[0], code)
"""
EXPORTS = ("WhatsApp Chat with Bakery.txt", "mail.mbox", "Working together (answers).csv")


def in_a_namespace() -> list[str]:
    """Begin a command in a network of its own with nothing in it, where the system can."""
    words = ["unshare", "-rn"]
    if shutil.which(words[0]) is None:
        return []
    tried = subprocess.run([*words, "true"], capture_output=True, check=False)
    return [] if tried.returncode else words


def run_with_the_network_cut(folder: Path, code: str, *words: str, prefix: list[str]) -> str:
    (folder / "cut").mkdir()
    (folder / "cut" / "sitecustomize.py").write_text(CUT, encoding="utf-8")
    ran = subprocess.run(
        [*prefix, sys.executable, "-c", code, *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder / "cut"), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return ran.stdout + ran.stderr


def test_the_network_is_really_cut_in_the_child(tmp_path: Path) -> None:
    code = "import urllib.request; urllib.request.urlopen('http://orgnet.example')"

    assert "NETWORK ASKED FOR" in run_with_the_network_cut(tmp_path, code, prefix=[])


def test_every_command_runs_with_the_network_cut(tmp_path: Path) -> None:
    said = run_with_the_network_cut(tmp_path, COMMANDS, *EXPORTS, prefix=in_a_namespace())

    assert "NETWORK ASKED FOR" not in said
    ran = [line for line in said.splitlines() if line.startswith("ran ")]
    first = ["ran demo 0", "ran check 0", "ran analyse 0", "ran people 0"]
    assert ran == [*first, *["ran report 0"] * 8]
