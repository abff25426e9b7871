"""Parts of libraries that nothing uses are not loaded, and work where something does."""

import subprocess
import sys

_TOLD = """
import sys
from orgnet.cli.unneeded import load_when_used
load_when_used()
import igraph, pandas, scipy.sparse, scipy.special
names = ("numpy.f2py", "numpy.polynomial", "numpy.testing", "pandas.testing", "wcwidth")
parts = [sys.modules[name] for name in names if name in sys.modules]
print({type(part).__name__ for part in parts}, len(parts) >= 4)
print("numpy.f2py.crackfortran" in sys.modules, "unittest" in sys.modules)
import numpy
numpy.testing.assert_equal(numpy.polynomial.Polynomial([1, 2])(3), 7)
pandas.testing.assert_frame_equal(pandas.DataFrame(), pandas.DataFrame())
print(type(numpy.testing).__name__, numpy.f2py.get_include()[-3:])
"""


def test_they_are_loaded_only_when_used() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _TOLD], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.splitlines() == [
        "{'_LazyModule'} True",
        "False False",
        "module src",
    ]
