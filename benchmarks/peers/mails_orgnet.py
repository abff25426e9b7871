"""orgnet: a list of mails to its report: MAILS ROSTER FOLDER; work after imports."""

import sys
from pathlib import Path

import community  # noqa: F401 - loaded before the clock starts, as all imports of peers are
import pyarrow.dataset  # noqa: F401
import scipy.optimize  # noqa: F401
from reporting import report

import orgnet.engines.embedded  # noqa: F401
from orgnet import measures
from orgnet.analysis import Settings, analyse
from orgnet.plugins import connectors
from orgnet.plugins import report as renderer


def work() -> dict[str, int]:
    mails, roster, out = (Path(each) for each in sys.argv[1:4])
    settings = Settings(key_file=out.with_suffix(".key"))
    analysis = analyse([mails], people=roster, out=out, settings=settings)
    return {"messages": analysis.weekly.records, "records": len(analysis.diagnosis.network.pairs)}


connectors()
for name in ("html", "json"):
    renderer(name)
for name in measures.__all__:
    getattr(measures, name)
report(work)
