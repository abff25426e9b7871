"""What goes wrong is told by place and kind: no row, name, address or subject is quoted."""

import logging
import subprocess
import sys
import textwrap
from pathlib import Path

import duckdb
import pytest

from orgnet.cli import main
from orgnet.cli.tracebacks import safe_traceback
from orgnet.errors import InputError

SECRET = "aya.ito@firm.example"


def told(error: BaseException) -> str:
    try:
        raise error
    except BaseException as raised:
        return safe_traceback(raised)


def test_a_row_that_duckdb_quotes_is_not_shown() -> None:
    with pytest.raises(duckdb.Error) as raised:
        duckdb.sql(f"SELECT CAST('{SECRET}' AS INTEGER)").fetchall()

    assert SECRET in str(raised.value)
    assert SECRET not in safe_traceback(raised.value)
    assert "ConversionException (its message is not shown" in safe_traceback(raised.value)


def test_an_error_behind_ours_is_placed_and_not_quoted() -> None:
    try:
        try:
            {}[SECRET]
        except KeyError as error:
            raise InputError("the row cannot be read", file="mail.csv") from error
    except InputError as error:
        shown = safe_traceback(error)

    assert shown.splitlines()[-1] == "InputError: mail.csv: the row cannot be read"
    assert "KeyError (its message is not shown" in shown
    assert shown.count(__file__) == 2
    assert SECRET not in shown


def test_a_note_and_the_members_of_a_group_are_not_shown() -> None:
    error = ExceptionGroup(SECRET, [ValueError(SECRET)])
    error.add_note(SECRET)

    assert SECRET not in told(error)


def test_the_values_of_variables_are_not_shown() -> None:
    def broken(person: str) -> None:
        row = {"who": person, "text": f"from {person}"}
        raise ArithmeticError(row)

    with pytest.raises(ArithmeticError) as raised:
        broken(SECRET)

    shown = safe_traceback(raised.value)
    assert "in broken" in shown
    assert SECRET not in shown


def test_errors_that_lead_round_in_a_circle_end() -> None:
    first, second = ValueError("1"), ValueError("2")
    first.__cause__, second.__cause__ = second, first

    assert told(first).count("ValueError") == 2


def test_the_traceback_of_an_error_inside_shows_no_data(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr("orgnet.plugins.connectors", broken)

    assert main(["--debug", "connectors"]) == 1
    message = capsys.readouterr().err
    assert "in broken" in message
    assert "KeyError (its message is not shown" in message
    assert SECRET not in message


def test_a_process_says_nothing_of_what_fails_aside() -> None:
    code = f"""
    import logging, sys, threading, warnings
    from orgnet import cli, plugins
    class Dropped:
        def __del__(self):
            raise ValueError({SECRET!r})
    def broken():
        raise ValueError({SECRET!r})
    def connectors():
        Dropped()
        warnings.warn({SECRET!r}, UserWarning, stacklevel=1)
        logging.getLogger("library").error({SECRET!r})
        thread = threading.Thread(target=broken)
        thread.start()
        thread.join()
        return {{}}
    plugins.connectors = connectors
    sys.argv = ["orgnet", "connectors"]
    cli.main()
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.parametrize("flag", [[], ["--debug"]])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("talk.csv", f"sent_at,sender,recipient\n{SECRET},{SECRET},{SECRET}\n"),
        ("talk.csv", f'sent_at,sender,recipient\n"{SECRET},a\n'),
        ("box.mbox", f"From {SECRET} Mon\nFrom: {SECRET}\nSubject: {SECRET}\n\n{SECRET}\n"),
        ("chat.json", f'[{{"ts": "{SECRET}", "user": "{SECRET}", "text": "{SECRET}"}}]'),
        ("ties.graphml", f'<graphml><graph><node id="{SECRET}"><edge source="{SECRET}"/>'),
        ("day.ics", f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nATTENDEE:mailto:{SECRET}\nDTSTART:{SECRET}\n"),
    ],
)
def test_bad_input_is_told_of_without_its_content(
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    name: str,
    content: str,
    flag: list[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    (tmp_path / name).write_text(content, encoding="utf-8")

    words = ["analyse", str(tmp_path / name), "--out", str(tmp_path / "out")]
    code = main([*words, "--key", str(tmp_path / "key"), *flag])

    seen = capsys.readouterr()
    assert code == 1
    assert seen.err.splitlines()[-1].startswith(f"orgnet: {name}")
    assert SECRET not in seen.err + seen.out + caplog.text
