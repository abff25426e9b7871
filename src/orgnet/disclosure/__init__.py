"""What may leave: the only doors from a diagnosis, and from a team's ties, to a model."""

from orgnet.disclosure.policy import DisclosurePolicy
from orgnet.disclosure.provenance import Provenance
from orgnet.disclosure.releasing import release
from orgnet.disclosure.team import release_team
from orgnet.disclosure.wording import in_language

__all__ = ["DisclosurePolicy", "Provenance", "in_language", "release", "release_team"]
