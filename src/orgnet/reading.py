"""Reading exports: which connector takes which file, and the records that come of it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from orgnet.archives import DEEPEST, Unpacked, is_archive, unpack
from orgnet.errors import InputError, OrgnetError, UnknownFormatError, UnreadableFileError
from orgnet.files import reason, remove_leftovers
from orgnet.plugins import PluginWarning, connectors
from orgnet.schema import Answer, Connector, Ledger, Profile, ReadOptions, Source

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

#: Files that a desktop leaves in folders.
_NOT_EXPORTS = frozenset({".ds_store", "thumbs.db", "desktop.ini", "__macosx"})


@dataclass(slots=True)
class Reading:
    """One recognised export, and what became of its records once they are read.

    Attributes
    ----------
    source, connector, why
        What is read, by which connector, and what gave it away.
    ledger
        Filled while the batches are drawn; complete when they are exhausted.
    """

    source: Source
    connector: Connector
    why: str
    options: ReadOptions = field(default_factory=ReadOptions)
    ledger: Ledger = field(default_factory=Ledger)
    #: Where the source was unpacked to; the folder goes with the last reading that holds it.
    unpacked: Unpacked | None = None

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Read from the start, with a new ledger."""
        self.ledger = Ledger()
        try:
            yield from self.connector.read(self.source, self.options, self.ledger)
        except OSError as error:
            raise UnreadableFileError(
                f"cannot be read ({reason(error)})",
                file=self.source.name,
                remedy="check that the file is there and may be opened",
            ) from error


class Records:
    """The interactions of one or several exports; iterate over it for Arrow record batches.

    Attributes
    ----------
    readings
        One a recognised export, interactions only.
    rosters
        Recognised people tables among the files.
    left_out
        Names of files inside folders that no connector recognises.
    """

    def __init__(
        self, readings: list[Reading], rosters: list[Reading], left_out: list[str]
    ) -> None:
        self.readings = readings
        self.rosters = rosters
        self.left_out = left_out

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        for reading in self.readings:
            yield from reading.batches()

    @property
    def profiles(self) -> Iterator[Profile]:
        """What the exports say about the identities in them; complete after reading."""
        for reading in self.readings:
            yield from reading.ledger.profiles.values()

    @property
    def respondents(self) -> set[str]:
        """Identities of those who answered a survey, whether or not they named anybody."""
        return {who for reading in self.readings for who in reading.ledger.respondents}

    @property
    def answers(self) -> Iterator[tuple[Answer, tuple[float, float]]]:
        """Answers to attitude items with the ends of their scale, item by item; after reading."""
        for reading in self.readings:
            scales = reading.ledger.scales
            order = {item: place for place, item in enumerate(scales)}
            known = (answer for answer in reading.ledger.answers if answer.item in scales)
            for answer in sorted(known, key=lambda answer: order[answer.item]):
                yield answer, scales[answer.item]

    def to_pandas(self) -> pd.DataFrame:
        """Read everything into one table. For small exports: it holds every record in memory."""
        import pyarrow as pa

        from orgnet.schema import INTERACTIONS

        frame: pd.DataFrame = pa.Table.from_batches(list(self), schema=INTERACTIONS).to_pandas()
        return frame


def read(
    *paths: str | PathLike[str],
    tie_from: float | None = None,
    day_first: bool | None = None,
    timezone: str | None = None,
    channel: str | None = None,
) -> Records:
    r"""Recognise exports by their content and return their records, not yet read.

    Parameters
    ----------
    paths
        Files and folders. A folder that is not itself an export is walked.
    tie_from
        In a rated list: the smallest rating that counts as a tie.
    day_first
        True where ``03/02/2026`` is 3 February, False where it is 2 March.
    timezone
        IANA name of the zone of times without one; UTC if not given.
    channel
        Channel of lists that name none.

    Returns
    -------
    Records
        Iterate over it once or more; `build_network` takes it as it is.

    Raises
    ------
    UnknownFormatError
        If a file given by name, or everything in a folder, is recognised by no connector.
    UnreadableFileError
        If a file is not there or empty.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> file = Path(folder.name) / "ties.csv"
    >>> _ = file.write_text("from,to\na,b\nb,c\n")
    >>> read(file).to_pandas()[["sender", "recipient"]].values.tolist()
    [['a', 'b'], ['b', 'c']]
    >>> folder.cleanup()
    """
    remove_leftovers()
    options = ReadOptions(
        tie_from=tie_from, day_first=day_first, timezone=timezone, channel=channel
    )
    readings: list[Reading] = []
    left_out: list[str] = []
    for path in paths:
        found = list(recognise(Path(path), options, left_out))
        if not found:
            raise _unknown(Source(Path(path)))
        readings += found
    return Records(
        [r for r in readings if r.connector.table == "interactions"],
        [r for r in readings if r.connector.table == "people"],
        left_out,
    )


def counted(
    batches: Iterable[pa.RecordBatch], told: Callable[[str], None]
) -> Iterator[pa.RecordBatch]:
    """Yield the batches, and tell how many records they have held so far."""
    records = 0
    for batch in batches:
        yield batch
        records += batch.num_rows
        told(f"reading exports: {records:,} records")


def recognise(
    path: Path, options: ReadOptions, left_out: list[str], *, depth: int = 0
) -> Iterator[Reading]:
    """Yield a reading for every export at or below a path; names of others go to `left_out`.

    Folders and zips that are no export themselves are looked into; `depth` counts the zips around.
    """
    if not path.exists():
        raise UnreadableFileError(
            "there is no such file", file=path.name, remedy="check the name and the folder"
        )
    source = Source(path)
    try:
        reading = _recognise_one(source, options)
    except OSError as error:
        raise UnreadableFileError(
            f"cannot be opened ({reason(error)})", file=path.name, remedy="check its permissions"
        ) from error
    if reading is not None:
        yield reading
    elif source.is_folder:
        for child in sorted(path.iterdir()):
            if child.name.lower() in _NOT_EXPORTS:
                continue
            if child.is_symlink() and not child.is_file():
                # Links to nothing, and links to folders, which may lead round in a circle.
                left_out.append(child.name)
                continue
            before = len(left_out)
            found = list(recognise(child, options, left_out, depth=depth))
            if not found and not child.is_dir() and len(left_out) == before:
                left_out.append(child.name)
            yield from found
    elif depth < DEEPEST and is_archive(source):
        folder = unpack(source)
        for found_inside in recognise(folder.path, options, left_out, depth=depth + 1):
            found_inside.unpacked = found_inside.unpacked or folder
            yield found_inside


def _recognise_one(source: Source, options: ReadOptions) -> Reading | None:
    for connector in connectors().values():
        try:
            why = connector.recognise(source)
        except (OSError, MemoryError, OrgnetError):
            raise
        except Exception as error:
            # A stranger's connector must not keep the others from reading.
            warnings.warn(
                f"the connector {connector.name!r} fails on {source.name} and is passed over: "
                f"{type(error).__name__}",
                PluginWarning,
                stacklevel=2,
            )
            continue
        if why is not None:
            return Reading(source=source, connector=connector, why=why, options=options)
    return None


def _unknown(source: Source) -> InputError:
    if source.is_folder:
        return UnknownFormatError(
            "nothing in this folder is an export that orgnet knows",
            file=source.name,
            remedy=_KNOWN,
        )
    if not source.head:
        return UnreadableFileError("the file is empty", file=source.name, remedy="export it again")
    return UnknownFormatError("the format is not known", file=source.name, remedy=_KNOWN)


_KNOWN = "`orgnet connectors` lists what can be read"
