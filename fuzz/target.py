"""Give bytes to every connector that recognises them; anything but our own errors is a crash."""

from __future__ import annotations

import contextlib
import tempfile
import traceback
import warnings
from pathlib import Path

from orgnet.errors import OrgnetError
from orgnet.plugins import connectors
from orgnet.schema import Connector, Ledger, ReadOptions, Source


class Target:
    """Reads bytes as an export.

    Attributes
    ----------
    executions, read
        Inputs given, and those that a connector recognised.
    crashes
        Where something other than our own error came from, with the first input that did it.
    """

    def __init__(self) -> None:
        self.executions = 0
        self.read = 0
        self.crashes: dict[str, bytes] = {}
        self._connectors: list[Connector] = list(connectors().values())
        self._folder = Path(tempfile.mkdtemp(prefix="orgnet-tmp-"))

    def __call__(self, data: bytes) -> None:
        """Read the input by every connector that takes it."""
        self.executions += 1
        path = self._folder / "export.txt"
        path.write_bytes(data)
        recognised = False
        # As in a run, all connectors look at one source, which remembers what it has seen.
        seen = Source(path)
        for connector in self._connectors:
            try:
                with contextlib.suppress(OrgnetError), warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    if connector.recognise(seen) is None:
                        continue
                    recognised = True
                    for _ in connector.read(Source(path), ReadOptions(), Ledger()):
                        pass
            except Exception as error:
                frame = traceback.extract_tb(error.__traceback__)[-1]
                place = f"{Path(frame.filename).name}, {frame.name}"
                self.crashes.setdefault(
                    f"{connector.name}: {type(error).__name__} in {place}", data
                )
        self.read += recognised
