"""Parts that the readers of meetings share."""

from datetime import UTC

import pytest

from orgnet_connectors.ics_lines import read_property
from orgnet_connectors.ics_times import read_duration
from orgnet_connectors.meeting_records import Guest, merged, series_key
from orgnet_connectors.meeting_zones import zone_named


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("Eastern Standard Time", "America/New_York"),
        ("/freeassociation.sourceforge.net/America/Argentina/Buenos_Aires",
         "America/Argentina/Buenos_Aires"),
        ("/mozilla.org/20050126_1/Europe/Berlin", "Europe/Berlin"),
    ],
)  # fmt: skip
def test_a_zone_is_known_by_the_names_that_programs_give_it(name: str, key: str) -> None:
    assert str(zone_named(name)) == key


@pytest.mark.parametrize("name", ["", "Customized Time Zone", "../../etc/passwd", "Europe", "a\0b"])
def test_other_names_are_no_zone(name: str) -> None:
    assert zone_named(name) is None


def test_utc_goes_by_several_names() -> None:
    assert {zone_named(name) for name in ("UTC", "Z", "Etc/UTC", "tzone://Microsoft/Utc")} == {UTC}


@pytest.mark.parametrize("text", ["", "P", "PT", "-PT1H", "1H", "PT1X", "P1Y"])
def test_other_texts_are_no_duration(text: str) -> None:
    assert read_duration(text) is None


def test_a_room_that_also_accepts_as_a_person_is_a_room() -> None:
    both = [
        Guest(identity="r@example.com", answer="none"),
        Guest(identity="r@example.com", answer="accepted", kind="room", name="Room 4"),
        Guest(identity=None),
        Guest(identity=None),
    ]
    assert merged(both) == [
        Guest(identity="r@example.com", answer="accepted", kind="room", name="Room 4"),
        Guest(identity=None),
        Guest(identity=None),
    ]


def test_an_id_of_outlook_too_short_for_a_date_stays_as_it_is() -> None:
    assert series_key("040000008200E00074C5B7101A82E008") == "040000008200E00074C5B7101A82E008"


def test_a_line_that_is_no_property_has_no_name() -> None:
    assert read_property(b"=:x").name == ""
