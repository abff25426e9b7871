"""What may leave: the only door from a diagnosis to a model.

A team's ties have a door of their own, `orgnet.disclosure.team.release_team`.
"""

from orgnet.disclosure.policy import DisclosurePolicy
from orgnet.disclosure.provenance import Provenance
from orgnet.disclosure.releasing import release
from orgnet.disclosure.wording import in_language

__all__ = ["DisclosurePolicy", "Provenance", "in_language", "release"]
