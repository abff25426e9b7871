"""One page to print: the papers one after the other, asking the network for nothing."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from importlib import resources

from orgnet.privacy_pack.documents import pack_words, papers
from orgnet.privacy_pack.facts import PACK, Facts
from orgnet.templates import environment

#: The file in the results folder.
FILE = PACK


def page_of(facts: Facts, language: str) -> bytes:
    """Return the papers of a run in a language as one page."""
    words = pack_words(language)
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    text = (
        environment("orgnet.privacy_pack")
        .get_template("pack.html.j2")
        .render(
            language=language,
            words=words,
            papers=papers(facts, words),
            organisation=_visible(facts.organisation or ""),
            run_date=facts.run_date,
            style=style,
            policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
            "form-action 'none'",
        )
    )
    return text.encode("utf-8")


def _visible(text: str) -> str:
    """Return a name without signs that could make the page say something else."""
    return "".join(sign for sign in text if not unicodedata.category(sign).startswith("C"))


def _style() -> str:
    file = resources.files("orgnet.privacy_pack") / "templates" / "pack.css"
    return file.read_text(encoding="utf-8").replace("\r\n", "\n")
