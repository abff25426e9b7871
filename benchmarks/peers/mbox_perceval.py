"""Perceval: its parser of mboxes (the text of the mails is parsed along)."""

import sys
from email.utils import getaddresses

from perceval.backends.core.mbox import MBox
from reporting import report


def work() -> dict[str, int]:
    messages = records = 0
    for message in MBox.parse_mbox(sys.argv[1]):
        messages += 1
        records += len(getaddresses([message.get("To", ""), message.get("Cc", "")]))
    return {"messages": messages, "records": records}


report(work)
