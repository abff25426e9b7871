"""The message catalogue: every sentence that is printed stands in one file a language."""

from __future__ import annotations

from orgnet.words.catalogue import Words, languages, load_words, require_language
from orgnet.words.figures import NOTHING, Figures, Formatter

__all__ = [
    "NOTHING",
    "Figures",
    "Formatter",
    "Words",
    "languages",
    "load_words",
    "require_language",
]
