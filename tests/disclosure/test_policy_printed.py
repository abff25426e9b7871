"""One policy, versioned: every output of every edition and language prints version and minimum."""

import dataclasses

import pytest

from orgnet.audit.contents import texts
from orgnet.disclosure import DisclosurePolicy
from orgnet.disclosure.policy import VERSION
from orgnet.plugins import REPORTS, report
from orgnet.report_model import Policy
from people_models import people_model
from report_models import organisation
from team_models import team

POLICY = Policy(version="rules-7.3-of-a-test", minimum_group=4711, concentration="count")

MODELS = {"groups": organisation, "people": people_model, "team": lambda: team(12, 3)}

#: What each edition is written as. The PDF is printed from the page, in which it stands.
FORMATS = {
    "groups": ("csv", "explorer", "gexf", "graphml", "html", "json", "slides", "workbook"),
    "people": ("csv", "explorer", "gexf", "graphml", "html"),
    "team": ("html",),
}
OUTPUTS = [(edition, name) for edition, names in FORMATS.items() for name in names]


def test_every_edition_is_looked_at() -> None:
    assert FORMATS.keys() == REPORTS.keys()


@pytest.mark.parametrize("language", ["en", "de", "fr"])
@pytest.mark.parametrize(("edition", "name"), OUTPUTS)
def test_every_output_prints_version_and_minimum(edition: str, name: str, language: str) -> None:
    model = dataclasses.replace(MODELS[edition](), policy=POLICY, language=language)
    output = report(name, edition=edition)
    said = [text for _, text in texts(output.file_name, output.render(model), lambda why: None)]

    assert any(POLICY.version in text for text in said)
    digits = ("4711", "4,711", "4.711", "4\N{NARROW NO-BREAK SPACE}711")
    assert any(number in text for text in said for number in digits)


def test_the_policy_that_is_printed_is_the_one_that_was_used() -> None:
    told = Policy(version=VERSION, minimum_group=7, concentration="withhold")
    rules = DisclosurePolicy(minimum_group=7, concentration="withhold")
    assert rules.told() == told
