"""Parts of libraries that others ask for by name and that nothing here uses."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

#: SciPy takes everything that NumPy has a name for, and with it a Fortran compiler's front end;
#: pandas takes the tools of its tests, and igraph how wide letters are in a terminal: together
#: some 4 % of a short run.
_PARTS = frozenset({"numpy.f2py", "numpy.polynomial", "numpy.testing", "pandas.testing", "wcwidth"})


def load_when_used() -> None:
    """Have these parts loaded only if something in them is asked for.

    To be called before NumPy is loaded.
    """
    sys.meta_path.insert(0, _WhenUsed())


class _WhenUsed(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname in _PARTS else None
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec
