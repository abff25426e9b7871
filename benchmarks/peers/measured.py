"""Runs a command for at most so many seconds and prints what it took: SECONDS COMMAND ...

A process of its own, and a small one: Linux counts the memory of whoever starts a process as that
process's own until it has begun. The standard library alone.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from typing import Any


def main(seconds: float, command: list[str]) -> dict[str, Any]:
    """Run the command; its children are stopped with it."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        begin = time.perf_counter()
        try:
            process = subprocess.Popen(command, stdout=out, stderr=errors, start_new_session=True)
        except OSError as error:
            why = f"{error.strerror}: {command[0]}"
            taken = {"wall": 0.0, "cpu": 0.0, "peak_mb": None}
            return {"status": "failed", **taken, "said": "", "error": why}
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            _stop(process)
            status = "stopped"
        else:
            status = "failed" if process.returncode else "done"
        wall = time.perf_counter() - begin
        cpu, peak = _taken()
        return {
            "status": status, "wall": wall, "cpu": cpu, "peak_mb": peak,
            "said": _last_line(out), "error": _last_line(errors) if status == "failed" else "",
        }  # fmt: skip


def _stop(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _taken() -> tuple[float, float | None]:
    """Return the CPU seconds of the command and its children, and the largest one's memory."""
    try:
        import resource
    except ImportError:
        times = os.times()
        return times.children_user + times.children_system, None
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    megabyte = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return used.ru_utime + used.ru_stime, used.ru_maxrss / megabyte


def _last_line(file: Any) -> str:
    file.seek(0)
    lines = file.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""


if __name__ == "__main__":
    print(json.dumps(main(float(sys.argv[1]), sys.argv[2:])))
