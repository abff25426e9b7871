"""Environments of peers' own, made when they are first needed."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / ".envs"

#: Name of an environment -> what pip installs into it.
REQUIREMENTS = {
    "perceval": ["perceval==1.6.1"],
    "polars": ["polars"],
    "networkit": ["networkit==11.2.2"],
    # Its report asks for what it does not require.
    "orgnet": ["orgnet==0.2.0", "matplotlib", "seaborn", "pyvis"],
    # Under the name by which `benchmarks.validity` knows it.
    "validity-vivainsights": ["vivainsights==0.4.3"],
}


class PeerMissingError(Exception):
    """A peer cannot be installed here; the message says why."""


def python_of(name: str | None, *, install: bool = True) -> str:
    """Return the interpreter of a peer's environment; ours for None.

    Parameters
    ----------
    name
        A key of `REQUIREMENTS`.
    install
        Whether an environment that is not there may be made.

    Raises
    ------
    PeerMissingError
        If it cannot be made, or may not be.
    """
    if name is None:
        return sys.executable
    folder = FOLDER / name
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    ready = folder / ".ready"
    wanted = " ".join(REQUIREMENTS[name])
    if ready.is_file() and ready.read_text(encoding="utf-8") == wanted:
        return str(python)
    if not install:
        raise PeerMissingError("its environment is not made")
    venv.create(folder, with_pip=True, clear=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*command, *REQUIREMENTS[name]], capture_output=True, text=True)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise PeerMissingError(f"pip could not install {wanted}: {last[0][:120]}")
    ready.write_text(wanted, encoding="utf-8")
    return str(python)
