"""What may leave: the only door from a diagnosis to a report model."""

from orgnet.disclosure.policy import DisclosurePolicy
from orgnet.disclosure.provenance import Provenance
from orgnet.disclosure.releasing import release

__all__ = ["DisclosurePolicy", "Provenance", "release"]
