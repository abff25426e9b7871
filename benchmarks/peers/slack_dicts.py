"""zipfile and msgspec: every file unzipped and decoded to plain dictionaries, in three lines."""

import sys
import zipfile

import msgspec
from reporting import report


def work() -> dict[str, int]:
    messages = 0
    with zipfile.ZipFile(sys.argv[1]) as archive:
        for name in archive.namelist():
            records = msgspec.json.decode(archive.read(name))
            messages += len(records) if "/" in name else 0
    return {"messages": messages, "records": messages}


report(work)
