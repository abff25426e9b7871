"""How the figures were made, what they cannot say, and the words used."""

from __future__ import annotations

import unicodedata

from orgnet_reports.blocks import Block, Bullets, Cell, Section, Subheading, Table, Terms
from orgnet_reports.page import Page

_STEPS = ("tie", "window")
_STEPS_BETWEEN = ("expected", "silo", "weak_link", "bottleneck", "confidence")
_LIMITS = ("silence", "coverage", "cause", "people", "index")


def method(page: Page) -> Section:
    """Return the definitions in use, the limits, and what is needed to get the figures again."""
    say, model = page.say, page.model
    steps = (*_STEPS, *(_STEPS_BETWEEN if model.mode == "full" else ()), "seed")
    blocks: list[Block] = [
        Bullets(
            items=tuple(
                say(
                    f"method.{step}",
                    **{"seed": model.method.seed} if step == "seed" else {},
                )
                for step in steps
            )
        ),
        Subheading(text=say("method.limits")),
        Bullets(items=tuple(say(f"limit.{limit}") for limit in _LIMITS)),
        Subheading(text=say("method.repeat")),
        _pairs_table(page, "parameters", parameters(page)),
    ]
    if model.method.measures:
        measures = tuple(
            (say.code("measure", name), page.figures.agreement(value))
            for name, value in model.method.measures
        )
        blocks.append(_pairs_table(page, "measures", measures))
    versions = (
        *model.method.versions,
        (say.plain("method.schema"), model.schema),
        (say.plain("method.policy"), model.policy.version),
    )
    blocks.append(_pairs_table(page, "versions", versions))
    return Section(
        anchor="method", title=say("method.title"), lead=say("method.lead"), blocks=tuple(blocks)
    )


def parameters(page: Page) -> tuple[tuple[str, str], ...]:
    """Return the parameters in words, their values as the language prints them."""
    return tuple(
        (page.say.code("parameter", name), _value(page, value))
        for name, value in page.model.method.parameters
    )


def _value(page: Page, value: str) -> str:
    try:
        return page.figures.tick(float(value))
    except ValueError:
        return page.say.code("parameter_value", value)


def words_used(page: Page) -> Section:
    """Return the meaning of every term that the page has linked; build it last."""
    say = page.say
    terms = sorted(say.terms, key=lambda term: alphabetical(say.plain(f"word.{term}.term")))
    return Section(
        anchor="words",
        title=say("words.title"),
        lead=None,
        blocks=(
            Terms(
                items=tuple(
                    (f"word-{term}", say(f"word.{term}.term"), say(f"word.{term}.meaning"))
                    for term in terms
                )
            ),
        ),
    )


def alphabetical(word: str) -> str:
    """Return what to sort a word by: its letters without accents, in lower case.

    Examples
    --------
    >>> sorted(["Étape", "lien", "Cercle"], key=alphabetical)
    ['Cercle', 'Étape', 'lien']
    """
    letters = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _pairs_table(page: Page, name: str, pairs: tuple[tuple[str, str], ...]) -> Table:
    say = page.say
    return Table(
        caption=say(f"method.{name}.caption"),
        columns=(say(f"method.{name}.name"), say(f"method.{name}.value")),
        rows=tuple((Cell(text=key), Cell(text=value)) for key, value in pairs),
        file_name=name,
    )
