"""Searching everything in a results folder for what should not be there."""

from orgnet.audit.auditing import audit
from orgnet.audit.leaks import Audit, Leak

__all__ = ["Audit", "Leak", "audit"]
