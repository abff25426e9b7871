"""The line at the head of every printed page: whose report it is, of when, which edition."""

from __future__ import annotations

from orgnet_reports.drawing.svg import shorten
from orgnet_reports.page import Page
from orgnet_reports.palette import LIGHT

_SIZE = 8.5

#: Points that a name may take beside the period and the edition, on the narrower of two papers.
_NAME_WIDTH = 230


def running_header(page: Page, edition: str) -> str:
    """Return the style that prints organisation, period, edition and page number on each page.

    Parameters
    ----------
    page
        The report; its title stands in for an organisation that was not named.
    edition
        What the edition is called: ``Groups edition``.
    """
    period = page.model.period
    name = shorten(page.model.organisation or page.model.title, _NAME_WIDTH, _SIZE)
    left = (
        page.say.plain("page.running", name=name, span=page.figures.span(period.first, period.last))
        if period.first
        else name
    )
    return (
        "@media print { @page { margin: 19mm 14mm 16mm; "
        f"font: {_SIZE}pt system-ui, sans-serif; color: {LIGHT['soft']};\n"
        f"@top-left {{ content: {css_string(left)}; }}\n"
        f"@top-right {{ content: {css_string(edition)}; }}\n"
        '@bottom-right { content: counter(page) " / " counter(pages); } } }\n'
    )


def css_string(text: str) -> str:
    r"""Return any text as a string of a style sheet that can end neither itself nor the element.

    Examples
    --------
    >>> print(css_string('R&D "</style>'))
    "R\26 D \22 \3C \2F style\3E "
    """
    return '"{}"'.format(
        "".join(
            letter
            if letter == " " or (letter.isascii() and letter.isalnum())
            else f"\\{ord(letter):X} "
            for letter in text
        )
    )
