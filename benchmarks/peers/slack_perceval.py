"""Perceval: its parser of Slack's history, and the metadata that it gives every message.

Perceval reads Slack's interface and has no reader of exports; each day file is handed to its parser
in the envelope that the interface would have put around it.
"""

import sys
import zipfile

from perceval.backends.core.slack import Slack
from reporting import report


def work() -> dict[str, int]:
    backend = Slack("C0", "xoxb-none")
    messages = 0
    with zipfile.ZipFile(sys.argv[1]) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8")
            if "/" not in name:
                continue
            room = name.partition("/")[0]
            found, _ = backend.parse_history(f'{{"messages": {text}, "has_more": false}}')
            for message in found:
                message["channel_info"] = {"id": room, "name": room}
                backend.metadata(message)
                messages += 1
    return {"messages": messages, "records": messages}


report(work)
