"""By which rules figures were withheld is printed in every output."""

import dataclasses

import pytest

from orgnet.audit.contents import texts
from orgnet.plugins import reports
from report_models import organisation

VERSION = "rules-7.3-of-a-test"

#: Printed from the page, in which it stands.
FROM_THE_PAGE = {"pdf"}


@pytest.mark.parametrize("name", sorted(reports().keys() - FROM_THE_PAGE))
def test_every_output_prints_the_version_of_the_policy(name: str) -> None:
    model = organisation()
    model = dataclasses.replace(model, policy=dataclasses.replace(model.policy, version=VERSION))
    report = reports()[name]
    told: list[str] = []
    found = [text for _, text in texts(report.file_name, report.render(model), told.append)]

    assert any(VERSION in text for text in found)
    assert told == []
