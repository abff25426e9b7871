"""orgnet: an export to its results folder, and what each step took: EXPORT ROSTER FOLDER."""

import json
import sys
import time
from pathlib import Path

import numpy as np

from orgnet.analysis import Settings, analyse
from orgnet_reports.drawing.positions import distances, place, stress_positions
from orgnet_reports.html import Html
from orgnet_reports.page import MOST_DEPARTMENTS, ratio_matrix


class Steps:
    """Clocks of the steps that are told one after the other."""

    def __init__(self) -> None:
        self.taken: dict[str, list[float]] = {}
        self._name = ""
        self._begin = (0.0, 0.0)

    def __call__(self, name: str) -> None:
        now = time.perf_counter(), time.process_time()
        if self._name:
            taken = [now[0] - self._begin[0], now[1] - self._begin[1]]
            before = self.taken.setdefault(self._name, [0.0, 0.0])
            self.taken[self._name] = [a + b for a, b in zip(before, taken, strict=True)]
        self._name, self._begin = name, now


export, roster, out = (Path(each) for each in sys.argv[1:4])
steps = Steps()
steps("start")
analysis = analyse(
    [export],
    people=roster,
    out=out,
    settings=Settings(key_file=out.with_suffix(".key")),
    progress=steps,
)
steps("page alone")
page = Html().render(analysis.model)
steps("layout alone")
departments = analysis.model.departments[:MOST_DEPARTMENTS]
if len(departments) > 1:
    boxes = np.full((len(departments), 3), 40.0)
    points = stress_positions(distances(ratio_matrix(departments, analysis.model.pairs)))
    place(points, boxes, width=960, height=420 + 20 * len(departments))
steps("end")
print(
    json.dumps(
        {
            "records": analysis.weekly.records,
            "pairs": len(analysis.diagnosis.network.pairs),
            "kilobytes": len(page) / 1000,
            "steps": steps.taken,
        }
    )
)
