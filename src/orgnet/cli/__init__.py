"""The command line: verbs that parse, call the library and print."""

from __future__ import annotations

import atexit
import gc
import logging
import os
import sys
import threading
import traceback
import warnings
from typing import Any, NoReturn


def main(arguments: list[str] | None = None) -> int:
    """Run ``orgnet``; exit with 0, with 1 for wrong data, with 2 for wrong use.

    Messages are one line on standard error; ``--debug`` shows the places in the code. What other
    libraries say may quote the data, so it is never shown: not in an error, a warning or a log.
    """
    import typer

    from orgnet.cli.commands import app
    from orgnet.cli.memory import share_one_pool
    from orgnet.cli.threads import without_waiting_threads
    from orgnet.cli.tracebacks import safe_traceback
    from orgnet.cli.unneeded import load_when_used
    from orgnet.errors import InputError, OrgnetError

    words = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in words
    for stream in (sys.stdout, sys.stderr):
        # A console that cannot show a letter shows another sign instead of failing.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    warnings.showwarning = _show_warning
    if arguments is None:
        # This is a process of its own: nothing that goes wrong aside of the run speaks either.
        sys.unraisablehook = lambda unraised: None
        threading.excepthook = lambda raised: None
        logging.lastResort = logging.NullHandler()
        # Loading modules makes half a million objects that stay, and looking for garbage among
        # them again and again takes a tenth of a short run. Only objects in circles wait for it:
        # tables, texts and the like go at once as ever.
        gc.set_threshold(1_000_000)
        share_one_pool()
        without_waiting_threads()
        load_when_used()
    # Typer brings its own Click or uses an installed one: this is the parent of both's errors.
    wrong_use: Any = next(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")
    code = 0
    try:
        # Outside standalone mode an Exit comes back as a number.
        code = app([word for word in words if word != "--debug"], standalone_mode=False) or 0
    except (typer.Abort, KeyboardInterrupt):
        code = _fail("stopped", 1)
    except wrong_use as error:
        error.show()
        code = 2
    except OrgnetError as error:
        if debug:
            print(safe_traceback(error), file=sys.stderr)
        code = _fail(str(error), 1 if isinstance(error, InputError) else 2)
    except MemoryError as error:
        if debug:
            print(safe_traceback(error), file=sys.stderr)
        code = _fail(
            "this needs more memory than there is; close other programs, analyse a shorter window "
            "(--from, --to), or add the exports one after the other with --add; earlier results "
            "are as they were",
            2,
        )
    except Exception as error:
        if debug:
            print(safe_traceback(error), file=sys.stderr)
        code = _fail(
            f"an error inside orgnet ({type(error).__name__} in {_place(error)})"
            + ("" if debug else "; --debug shows where it came from, without any of the data"),
            1,
        )
    if arguments is None:
        _end(code)
    return code


def _end(code: int) -> NoReturn:
    """End the process without taking apart every object in it, a tenth of a short run.

    What was registered for the end is done all the same, such as deleting what was unpacked.
    """
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        # Nobody reads any more, as behind ``| head``: Python knows what to say then.
        sys.exit(code)
    os._exit(code)


def _fail(message: str, code: int) -> int:
    print(f"orgnet: {message}", file=sys.stderr)
    return code


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "orgnet" in frame.filename] or frames
    return f"{own[-1].name}, line {own[-1].lineno}" if own else "start"


def _show_warning(
    message: Warning | str, category: type[Warning], *_: object, **__: object
) -> None:
    from orgnet.plugins import PluginWarning

    if issubclass(category, PluginWarning):
        print(f"orgnet: warning: {message}", file=sys.stderr)
