"""vivainsights: a person-to-person query to a picture or a table: plot|table LAYOUT QUERY."""

import contextlib
import io
import json
import sys
import warnings

import pandas as pd
import vivainsights as vi

kind, layout, query = sys.argv[1:4]
warnings.simplefilter("ignore")
with contextlib.redirect_stdout(io.StringIO()):
    data = pd.read_csv(query)
    result = vi.network_p2p(
        data,
        hrvar="Organization",
        centrality="betweenness",
        layout=layout,
        return_type="plot-pdf" if kind == "plot" else "table",
        path="p2p",
    )
print(json.dumps({"rows": len(data)}))
