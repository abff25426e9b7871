"""orgnet: reads an export to its last record."""

import sys

import pyarrow
from reporting import report

import orgnet
from orgnet.plugins import connectors


def work() -> dict[str, int]:
    records = orgnet.read(sys.argv[1])
    rows = sum(batch.num_rows for batch in records)
    return {"messages": sum(r.ledger.read for r in records.readings), "records": rows}


# Loaded here, as imports do: connectors, and pandas, which comes with the first Arrow array.
connectors()
pyarrow.array(["x"])
report(work)
