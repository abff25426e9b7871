"""A tiny firm, the command that analyses it, and two complete results to compare with."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

from orgnet.cli import main
from orgnet.restricted import lock, trail
from orgnet.restricted.store import Store
from orgnet.results import RESTRICTED

#: Grows by one line a run and is whole at every line: it is neither old nor new.
TRAIL = f"{RESTRICTED}/{trail.FILE}"
#: Not results: batches have names that are drawn, and say themselves whether they are whole.
_STORE = "restricted/store/"
#: A killed run leaves its lock files, which hold nobody.
_LOCKS = (f"{RESTRICTED}/{lock.FILE}", f"{RESTRICTED}/{trail.LOCK}")
_START = "from orgnet.cli import main; main()"
_NEEDED = ("orgnet.analysis", "orgnet.cli.analyse", "orgnet_reports.html", "ibis", "duckdb")
_DEPARTMENTS = ("Sales", "Legal", "Support")
_FIRST = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Firm:
    """Where the firm's files are; `old` and `new` are hashes by file of two complete results."""

    folder: Path
    people: Path
    exports: tuple[Path, Path]
    old: dict[str, str]
    new: dict[str, str]

    @property
    def store(self) -> Path:
        """A complete earlier result, to be copied."""
        return self.folder / "old"

    def fresh(self, name: str) -> Path:
        """Return a results folder that holds the old result."""
        target = self.folder / name
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.store, target)
        return target

    def command(self, out: Path, which: int = 1, export: Path | None = None) -> list[str]:
        """Return the command that writes the old (0) or the new (1) result into a folder."""
        return [sys.executable, "-c", _START, *self.words(out, which, export)]

    def words(self, out: Path, which: int = 1, export: Path | None = None) -> list[str]:
        """Return the words of that command behind ``orgnet``."""
        words = ["analyse", str(export or self.exports[which]), "--people", str(self.people)]
        words += ["--out", str(out), "--key", str(self.folder / "key")]
        return [*words, "--run-date", "2026-04-30"]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it said last on standard error."""

    code: int
    said: str

    @property
    def clear(self) -> bool:
        """Whether it worked, or one line of ours says why it did not."""
        ours = self.said.startswith("orgnet: ") and "error inside orgnet" not in self.said
        return self.code == 0 or ours


def plant(folder: Path, *, seed: int) -> Firm:
    """Write the firm's files, and analyse them twice."""
    drawn = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    people, exports = folder / "people.csv", (folder / "one.csv", folder / "two.csv")
    rows = [f"p{n},p{n}@firm.example,{_DEPARTMENTS[n % 3]}" for n in range(24)]
    people.write_text("\n".join(["id,email,department", *rows]) + "\n", encoding="utf-8")
    for export in exports:
        lines = ["sent_at,sender,recipient"]
        for number in range(1500):
            at = _FIRST + timedelta(minutes=20 * number)
            sender, recipient = drawn.sample(range(24), 2)
            lines.append(f"{at.isoformat()},p{sender}@firm.example,p{recipient}@firm.example")
        export.write_text("\n".join(lines) + "\n", encoding="utf-8")
    empty = Firm(folder, people, exports, {}, {})
    for name, which in (("old", 0), ("new", 1)):
        ended = run(empty.command(folder / name, which))
        if ended.code:
            raise RuntimeError(f"the undisturbed run failed: {ended.said}")
    return Firm(folder, people, exports, hashes(folder / "old"), hashes(folder / "new"))


def run(command: Sequence[str], **environment: str) -> Ended:
    """Run a command to its end."""
    ran = subprocess.run(
        command,
        env=os.environ | environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    lines = ran.stderr.strip().splitlines()
    return Ended(ran.returncode, lines[-1] if lines else "")


def begin(words: list[str]) -> BaseProcess:
    """Begin a command in a process that has imported all it needs (POSIX), so that it works."""
    names = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in names else "spawn")
    if "forkserver" in names:
        multiprocessing.set_forkserver_preload([*_NEEDED])
    process = context.Process(target=_silent, args=(words,))
    process.start()
    return process


def _silent(words: list[str]) -> None:
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 - no path of ours
        sys.stdout = sys.stderr = nowhere
        code = main(words)
    sys.exit(code)


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file that counts as there: parts have not taken a place yet."""
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in _files(folder)
        if not name.endswith(".part") and name not in (TRAIL, *_LOCKS) and _STORE not in name
    }


def parts(folder: Path) -> int:
    """Count the files that were being written."""
    return sum(name.endswith(".part") for name, _ in _files(folder))


def harmed(firm: Firm, folder: Path) -> list[str]:
    """Name the files of a results folder that are neither the old nor the new one, or are gone."""
    there = hashes(folder)
    wrong = {
        name
        for name, found in there.items()
        if found not in (firm.old.get(name), firm.new.get(name))
    }
    wrong |= firm.old.keys() - there.keys()
    store = Store(folder)
    if not store.exists or store.opened().lost is not None:
        wrong.add(_STORE)
    return sorted(wrong)


def _files(folder: Path) -> Iterable[tuple[str, Path]]:
    """Yield the files by their names, in order; a folder may go while a run is at work in it."""
    paths = (Path(within, name) for within, _, names in os.walk(folder) for name in names)
    for path in sorted(paths):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path
