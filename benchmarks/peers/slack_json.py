"""zipfile and json: the loop that a consultant's script would have."""

import json
import sys
import zipfile

from reporting import report


def work() -> dict[str, int]:
    messages = users = 0
    with zipfile.ZipFile(sys.argv[1]) as archive:
        for name in archive.namelist():
            records = json.loads(archive.read(name))
            if "/" in name:
                messages += len(records)
                users += sum("user" in record for record in records)
    return {"messages": messages, "records": users}


report(work)
