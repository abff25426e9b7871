"""PyPI `orgnet` 0.2.0: a list of mails to its report: MAILS HR PAGE; work after imports."""

import logging
import sys
from pathlib import Path

from orgnet.core import OrganizationalNetworkAnalyzer
from reporting import report

#: Its defaults, but for the layers, without which it drops every tie, and mails of a year.
CONFIG = """\
data_sources: {email: {enabled: true, retention_days: 365}, hris: {enabled: true}}
graph: {weight_scheme: composite, layer_weights: {communication: 1.0}}
analysis: {community: {method: louvain}}
"""


def work() -> dict[str, int]:
    mails, roster, page = sys.argv[1:4]
    Path("config.yaml").write_text(CONFIG, encoding="utf-8")
    analyser = OrganizationalNetworkAnalyzer("config.yaml", cache_dir="cache")
    analyser.load_data({"hris": roster, "email": mails}, email_format="csv")
    graph = analyser.build_graph()
    analyser.analyze()
    analyser.generate_report(page)
    return {"messages": len(analyser.interactions), "records": graph.number_of_edges()}


logging.disable(logging.CRITICAL)
report(work)
