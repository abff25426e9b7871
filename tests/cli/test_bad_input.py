"""Wrong files at the command line: one clear line, the right exit code, nothing half-written."""

from pathlib import Path

import pytest

from orgnet.cli import main

GOOD = "sent_at,sender,recipient\n2026-03-02T10:00:00Z,a,b\n"


def run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, *words: str
) -> tuple[int, list[str], bool]:
    out = tmp_path / "out"
    code = main(["analyse", *words, "--out", str(out), "--key", str(tmp_path / "key")])
    return code, capsys.readouterr().err.splitlines(), out.exists()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.csv", b"", "orgnet: empty.csv: the file is empty; export it again"),
        (
            "what.txt",
            b"hello world\n",
            "orgnet: what.txt: the format is not known; `orgnet connectors` lists what can be read",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)

    assert run(capsys, tmp_path, str(tmp_path / name)) == (1, [message], False)


@pytest.mark.parametrize(
    ("people", "message"),
    [
        ("id,name\n1,Aya\n", "no department among the headings"),
        ("id,email,department\n1,a@x.example,X\n2,a@x.example,Y\n", "two people have the address"),
    ],
)
def test_a_roster_that_cannot_be_used_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, people: str, message: str
) -> None:
    (tmp_path / "talk.csv").write_text(GOOD, encoding="utf-8")
    (tmp_path / "people.csv").write_text(people, encoding="utf-8")

    words = (str(tmp_path / "talk.csv"), "--people", str(tmp_path / "people.csv"))
    code, lines, written = run(capsys, tmp_path, *words)

    assert (code, len(lines), written) == (1, 1, False)
    assert lines[0].startswith("orgnet: people.csv, line ")
    assert message in lines[0]
    assert "a@x.example" not in lines[0]


def test_bad_records_are_named_and_the_good_ones_kept(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    talk = tmp_path / "talk.csv"
    talk.write_text(GOOD + "yesterday,a,b\n2026-03-02,,b\n", encoding="utf-8")

    code, lines, written = run(capsys, tmp_path, str(talk))

    assert (code, written) == (0, True)
    assert [line.partition(":")[2].partition(":")[0] for line in lines] == [
        " talk.csv, line 3",
        " talk.csv, line 4",
    ]


def test_wrong_use_ends_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nonsense"]) == 2
    assert main(["analyse"]) == 2
    assert "no file was named" in capsys.readouterr().err


def test_an_error_inside_shows_no_data(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise KeyError("aya@x.example")

    monkeypatch.setattr("orgnet.plugins.connectors", broken)

    assert main(["connectors"]) == 1
    message = capsys.readouterr().err
    assert "an error inside orgnet (KeyError in " in message
    assert "aya" not in message


def test_too_little_memory_is_told_with_a_way_round(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def too_large() -> None:
        raise MemoryError

    monkeypatch.setattr("orgnet.plugins.connectors", too_large)

    assert main(["connectors"]) == 2
    message = capsys.readouterr().err
    assert "more memory than there is" in message
    assert "--add" in message
