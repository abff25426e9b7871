"""The sentences of a released model, in the language that a reader asked for."""

from __future__ import annotations

import dataclasses

from orgnet.findings import confidence_reason, sentence
from orgnet.report_model import Finding, ReportModel
from orgnet.words import load_words, require_language


def in_language(model: ReportModel, language: str) -> ReportModel:
    """Return the model with every sentence of its own told in a language.

    Nothing is measured again: sentences are made of the keys and arguments that the model carries.
    A title that nobody chose is told in the language as well.

    Parameters
    ----------
    model
        What was released, in any language.
    language
        One of `orgnet.words.languages`.

    Raises
    ------
    UsageError
        If there is no such language.
    """
    title = load_words("orgnet", require_language(language))("report.title")
    unchosen = load_words("orgnet", model.language)("report.title")
    return dataclasses.replace(
        model,
        language=language,
        title=title if model.title == unchosen else model.title,
        findings=tuple(_told(finding, language) for finding in model.findings),
    )


def _told(finding: Finding, language: str) -> Finding:
    def part(name: str) -> str:
        return sentence(finding.key, name, finding.arguments, language)

    return dataclasses.replace(
        finding,
        headline=part("headline"),
        statement=part("statement"),
        alternative=part("alternative"),
        question=part("question"),
        confidence_reason=confidence_reason(finding.confidence_key, finding.survived, language),
    )
