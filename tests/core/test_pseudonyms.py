"""Pseudonyms are the same every time with the key, and nothing without it."""

import io
import os
import stat
from pathlib import Path

import platformdirs
import pytest

from orgnet import pseudonyms as module
from orgnet.cli import main
from orgnet.errors import InputError, UnreadableFileError
from orgnet.pseudonyms import lasting_key, project_key, pseudonyms, rotate_key

KEY = bytes(range(32))


@pytest.fixture
def configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's configuration folder, in a place of its own."""
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda *_, **__: str(tmp_path / "config"))
    return tmp_path / "config"


def test_a_pseudonym_is_half_of_the_keyed_hash() -> None:
    # RFC 4231, test case 2: HMAC-SHA-256 of this text with the key "Jefe".
    assert pseudonyms(["what do ya want for nothing?"], b"Jefe") == [
        "5bdcc146bf60754e6a042426089575c7"
    ]


@pytest.mark.parametrize("spelling", ["Zoë@X.example", " zoë@x.example\t", "zoe\u0308@x.example"])
def test_spellings_of_one_id_have_one_pseudonym(spelling: str) -> None:
    assert pseudonyms([spelling], KEY) == pseudonyms(["zoë@x.example"], KEY)


def test_people_have_different_pseudonyms_in_the_order_given() -> None:
    both = pseudonyms(["a", "b"], KEY)

    assert both[0] != both[1]
    assert pseudonyms(["b", "a"], KEY) == both[::-1]


def test_another_key_breaks_the_link() -> None:
    assert pseudonyms(["a"], KEY) != pseudonyms(["a"], bytes(32))


def test_a_key_is_made_once_and_then_found_again(configuration: Path) -> None:
    first = project_key("spring")

    assert len(first) == 32
    assert project_key("spring") == first
    assert [p.relative_to(configuration).as_posix() for p in configuration.rglob("*.key")] == [
        "keys/spring.key"
    ]


@pytest.mark.skipif(os.name != "posix", reason="modes are a matter of POSIX systems")
def test_only_the_owner_reads_a_key(configuration: Path) -> None:
    project_key()

    assert stat.S_IMODE((configuration / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((configuration / "keys" / "default.key").stat().st_mode) == 0o600


def test_projects_whose_names_look_alike_have_their_own_keys(configuration: Path) -> None:
    names = ["a-b", "a b", "a/b", "A-B", "..", ""]

    assert len({project_key(name) for name in names}) == len(names)
    assert {p.parent for p in configuration.rglob("*.key")} == {configuration / "keys"}


def test_a_key_may_stand_in_a_file_of_the_users_choice(tmp_path: Path) -> None:
    file = tmp_path / "own" / "my.key"

    key = project_key(file=file)

    assert bytes.fromhex(file.read_text(encoding="ascii")) == key
    assert project_key("another project", file=file) == key


@pytest.mark.parametrize("content", [b"", b"not a key", b"\xff\xfe", b"abcd"])
def test_a_file_that_holds_no_key_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "notes.txt"
    file.write_bytes(content)

    with pytest.raises(InputError) as error:
        project_key(file=file)

    assert str(error.value) == (
        "notes.txt: this is not a key of orgnet; name another file with --key; a file that is not "
        "there is made"
    )
    assert file.read_bytes() == content


def test_a_folder_is_no_key(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="the key cannot be read"):
        project_key(file=tmp_path)


def test_a_rotated_key_breaks_the_link_on_purpose(configuration: Path) -> None:
    before, lasting = project_key("spring"), lasting_key("spring")

    assert rotate_key("spring") == configuration / "keys" / "spring.key"

    after = project_key("spring", make=False)
    assert len(after) == 32
    assert pseudonyms(["a"], before) != pseudonyms(["a"], after)
    assert lasting_key("spring", make=False) == lasting


def test_where_there_is_no_key_none_is_rotated(configuration: Path) -> None:
    with pytest.raises(UnreadableFileError, match="there is no such key"):
        rotate_key("spring")

    assert not configuration.exists()


def test_a_file_that_holds_no_key_is_not_rotated(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("notes", encoding="utf-8")

    with pytest.raises(InputError, match="this is not a key of orgnet"):
        rotate_key(file=file)

    assert file.read_text(encoding="utf-8") == "notes"


def test_on_windows_the_access_list_is_cut_down_to_the_owner(
    configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr(module, "_WINDOWS", True)
    monkeypatch.setattr(module.getpass, "getuser", lambda: "aya")
    monkeypatch.setattr(module.subprocess, "run", lambda words, **_: called.append(words))

    project_key("spring")

    path = str(configuration / "keys" / "spring.key")
    assert called == [["icacls", path, "/inheritance:r", "/grant:r", "aya:F"]]


def test_the_command_makes_shows_and_replaces_a_key(
    configuration: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = configuration / "keys" / "default.key"

    assert main(["key", "where"]) == 0
    assert capsys.readouterr().out == f"{path} (not made yet)\n"
    assert main(["key", "new"]) == 0
    made = path.read_bytes()
    assert main(["key", "new"]) == 0
    assert path.read_bytes() == made
    assert main(["key", "rotate", "--yes"]) == 0
    assert path.read_bytes() != made
    assert "purge DIR --keep-months 0" in capsys.readouterr().out


def test_without_a_yes_no_key_is_replaced(
    configuration: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = project_key()
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))

    assert main(["key", "rotate"]) == 1

    assert project_key() == made
    assert "stopped" in capsys.readouterr().err
