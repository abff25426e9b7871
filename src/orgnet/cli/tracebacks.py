"""Where an error came from, told without any of the data that its message may quote."""

from __future__ import annotations

import traceback
from collections.abc import Iterator

from orgnet.errors import OrgnetError


def safe_traceback(error: BaseException) -> str:
    """Write the places that an error passed through, with those of the errors that led to it.

    The messages of orgnet's own errors stand there, for they hold no content. Those of other
    libraries do not: DuckDB and pandas quote the row on which they failed.

    Examples
    --------
    >>> try:
    ...     int("aya@x.example")
    ... except ValueError as error:
    ...     print(safe_traceback(error).splitlines()[-1])
    ValueError (its message is not shown: it may quote the data)
    """
    told: set[int] = set()
    return "\n".join(_lines(error, told))


def _lines(error: BaseException, told: set[int]) -> Iterator[str]:
    told.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in told:
        yield from _lines(before, told)
        yield ""
        yield "which led to:"
        yield ""
    yield "Traceback (most recent call last):"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}'
        if frame.line:
            yield f"    {frame.line}"
    name = type(error).__name__
    if isinstance(error, OrgnetError):
        yield f"{name}: {error}"
    else:
        yield f"{name} (its message is not shown: it may quote the data)"
