"""Numbers and dates as text, in the forms in which the core's sentences have them too."""

from __future__ import annotations

from orgnet.words import NOTHING, Figures, Formatter

__all__ = ["NOTHING", "Figures", "Formatter"]
