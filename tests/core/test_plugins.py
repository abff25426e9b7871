"""Connectors and reports are found by entry point, ours exactly as a stranger's."""

import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint, EntryPoints
from types import ModuleType

import pytest

from orgnet import plugins
from orgnet.errors import PluginError
from orgnet.plugins import PluginWarning
from orgnet.schema import Connector


class First:
    """A plugin."""


class Second:
    """Another plugin."""


def cannot_be_made() -> None:
    raise RuntimeError("its licence has run out")


Install = Callable[..., None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Return a function that replaces the installed connectors by others: name=object."""
    module = ModuleType("acme_plugins")
    module.__dict__.update(First=First, Second=Second, cannot_be_made=cannot_be_made)
    monkeypatch.setitem(sys.modules, "acme_plugins", module)

    def replace(*found: tuple[str, str]) -> None:
        entries = [EntryPoint(name, value, plugins.CONNECTORS) for name, value in found]
        monkeypatch.setattr(plugins, "_installed", lambda: EntryPoints(entries))
        forget()

    def forget() -> None:
        plugins._found.cache_clear()
        plugins.connectors.cache_clear()

    yield replace
    forget()


def test_our_own_connectors_are_found() -> None:
    found = plugins.connectors()

    assert {"edges", "interactions", "mbox", "roster", "slack"} <= set(found)
    assert [name for name, plugin in found.items() if not isinstance(plugin, Connector)] == []
    assert [name for name, plugin in found.items() if plugin.name != name] == []


def test_connectors_are_sorted_by_name_whatever_the_order_of_installation(
    install: Install,
) -> None:
    install(("zulip", "acme_plugins:First"), ("arena", "acme_plugins:Second"))

    assert list(plugins.connectors()) == ["arena", "zulip"]


def test_without_plugins_there_are_none(install: Install) -> None:
    install()

    assert plugins.connectors() == {}
    with pytest.raises(PluginError, match=r"no connector named 'mbox'; installed: none\.$"):
        plugins.connector("mbox")


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("acme_plugins:cannot_be_made", "its licence has run out"),
        ("acme_plugins:Missing", "has no attribute 'Missing'"),
        ("acme_not_installed:First", "No module named 'acme_not_installed'"),
    ],
)
def test_a_plugin_that_fails_to_load_is_named_and_the_others_go_on(
    install: Install, value: str, why: str
) -> None:
    install(("broken", value), ("works", "acme_plugins:First"))

    with pytest.warns(PluginWarning) as warned:
        found = plugins.connectors()

    assert list(found) == ["works"]
    assert len(warned) == 1
    text = str(warned[0].message)
    assert text.startswith(f"{value} (orgnet.connectors) fails to load and is left out: ")
    assert why in text


def test_a_plugin_that_fails_to_load_raises_if_it_is_asked_for(install: Install) -> None:
    install(("broken", "acme_plugins:cannot_be_made"))

    with pytest.raises(PluginError) as error:
        plugins.connector("broken")

    assert str(error.value) == "the connector 'broken' fails to load: its licence has run out"
    assert isinstance(error.value.__cause__, RuntimeError)


def test_of_two_plugins_with_one_name_one_is_used_and_both_are_named(install: Install) -> None:
    install(("twin", "acme_plugins:Second"), ("twin", "acme_plugins:First"))

    with pytest.warns(PluginWarning) as warned:
        found = plugins.connectors()

    assert [type(plugin) for plugin in found.values()] == [First]
    assert [str(w.message) for w in warned] == [
        "two plugins are called 'twin' in orgnet.connectors: acme_plugins:First is used, "
        "acme_plugins:Second is not"
    ]


def test_a_plugin_that_is_installed_twice_in_the_same_place_is_one(install: Install) -> None:
    install(("one", "acme_plugins:First"), ("one", "acme_plugins:First"))

    assert list(plugins.connectors()) == ["one"]


def test_a_misspelt_name_is_answered_with_the_nearest(install: Install) -> None:
    install(("mbox", "acme_plugins:First"), ("slack", "acme_plugins:First"))

    with pytest.raises(PluginError) as error:
        plugins.connector("slak")

    assert str(error.value) == (
        "no connector named 'slak'; installed: mbox, slack. Did you mean 'slack'?"
    )


def test_a_misspelt_report_is_called_a_report() -> None:
    with pytest.raises(PluginError, match=r"^no report named 'htlm'; .* Did you mean 'html'\?$"):
        plugins.report("htlm")
