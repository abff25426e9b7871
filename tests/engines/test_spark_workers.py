"""A cluster without workers does not keep anybody waiting for ever."""

import time
from types import SimpleNamespace

import pytest

from orgnet.engines import spark


class FakeContext:
    """What the watcher asks of Spark: who is there, and to give up."""

    def __init__(self, workers: int) -> None:
        there = [object()] * (1 + workers)
        tracker = SimpleNamespace(getExecutorInfos=lambda: there)
        inner = SimpleNamespace(statusTracker=lambda: tracker)
        self._jsc = SimpleNamespace(sc=lambda: inner)
        self.cancelled = 0

    def cancelAllJobs(self) -> None:
        self.cancelled += 1


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "_LOOK", 0.01)
    monkeypatch.setattr(spark, "_WORKERLESS", 0.05)


def waited_for(context: FakeContext, seconds: float) -> bool:
    until = time.monotonic() + seconds
    with spark._workers_watched(context):
        while time.monotonic() < until and not context.cancelled:
            time.sleep(0.01)
    return bool(context.cancelled)


def test_without_workers_the_work_is_given_up() -> None:
    assert waited_for(FakeContext(workers=0), 30.0)


def test_with_a_worker_it_goes_on() -> None:
    assert not waited_for(FakeContext(workers=1), 0.3)
