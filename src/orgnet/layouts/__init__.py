"""Where things stand in a picture: arrays in, positions out, the same on every run."""

from orgnet.layouts.discs import place_discs
from orgnet.layouts.people import GroupedLayout, grouped_layout

__all__ = ["GroupedLayout", "grouped_layout", "place_discs"]
