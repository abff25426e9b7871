"""Linear algebra starts no threads that wait for work."""

import os
import subprocess
import sys

import pytest

_TOLD = """
from orgnet.cli.threads import without_waiting_threads
without_waiting_threads()
import os
import numpy, scipy.linalg
print(os.environ["OPENBLAS_NUM_THREADS"], len(os.listdir("/proc/self/task")))
"""


def told(**environment: str) -> list[str]:
    kept = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", _TOLD],
        env=kept | environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout.split()


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted as Linux lists them")
def test_numpy_and_scipy_start_no_threads() -> None:
    assert told() == ["1", "1"]


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted as Linux lists them")
def test_a_number_that_the_user_states_is_kept() -> None:
    assert told(OPENBLAS_NUM_THREADS="2")[0] == "2"
