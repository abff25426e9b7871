"""The standard library: mailbox and email, headers of every mail to senders and recipients."""

import mailbox
import sys
from email.utils import getaddresses, parsedate_to_datetime

from reporting import report


def work() -> dict[str, int]:
    messages = records = 0
    for message in mailbox.mbox(sys.argv[1], create=False):
        senders = getaddresses(message.get_all("From", []))
        recipients = getaddresses([*message.get_all("To", []), *message.get_all("Cc", [])])
        parsedate_to_datetime(message["Date"])
        message["Message-ID"]
        messages += 1
        records += len(senders) * len(recipients)
    return {"messages": messages, "records": records}


report(work)
