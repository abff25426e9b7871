"""Where an output that is no page begins: the cleaned model with its words and figures."""

from __future__ import annotations

from orgnet.report_model import ReportModel
from orgnet.words import load_words
from orgnet_reports.cleaning import clean_model
from orgnet_reports.figures import Figures
from orgnet_reports.page import Page
from orgnet_reports.phrasing import Speaker


def opened(model: ReportModel, *catalogues: str) -> Page:
    """Return the model as the page sees it, with the words of further catalogues added.

    Names are cleaned and made distinct exactly as in ``report.html``, and every sentence of the
    page is there to be said again, so the outputs cannot tell different things.

    Parameters
    ----------
    model
        What was released.
    catalogues
        Packages that bring words of their own, such as ``orgnet_reports.slides``.
    """
    words = load_words("orgnet", model.language) | load_words("orgnet_reports", model.language)
    for package in catalogues:
        words = words | load_words(package, model.language)
    return Page(
        model=clean_model(model, unnamed=words("unnamed")),
        say=Speaker(words),
        figures=Figures(words),
    )
