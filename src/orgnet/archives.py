"""Opening a zip of exports, so that what is in it can be recognised; hostile zips are refused."""

from __future__ import annotations

import shutil
import tempfile
import weakref
import zipfile
from pathlib import Path, PurePosixPath

from orgnet.errors import UnreadableFileError
from orgnet.schema import Source

#: Archives within archives are opened down to this depth.
DEEPEST = 3

#: Members of one archive, bytes of all of them, and how many times their packed size they may be.
MOST_MEMBERS = 100_000
MOST_BYTES = 50 * 1024**3
MOST_RATIO = 1_000
#: Below this size a high ratio does no harm.
_HARMLESS = 64 * 1024**2

#: Office documents are zips too, and no archive of exports.
_DOCUMENT_PARTS = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"})


class Unpacked:
    """An owner-only folder that is removed with the last thing that holds it.

    Attributes
    ----------
    path
        The folder.
    """

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="orgnet-tmp-"))
        self._removal = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def remove(self) -> None:
        """Remove it now."""
        self._removal()


def is_archive(source: Source) -> bool:
    """Whether the source is a zip to look into."""
    return source.is_zip and bool(source.members) and _DOCUMENT_PARTS.isdisjoint(source.members)


def unpack(source: Source) -> Unpacked:
    """Unpack a zip into a folder of its own.

    Members whose names point outside the folder are left out.

    Raises
    ------
    UnreadableFileError
        If the zip is damaged or encrypted, or unpacks to more than the limits of this module.
    """
    folder = Unpacked()
    try:
        with zipfile.ZipFile(source.path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            _refuse_bombs(source, members)
            for info in members:
                target = _inside(folder.path, info.filename)
                if target is None:
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(info) as packed, target.open("wb") as unpacked:
                    shutil.copyfileobj(packed, unpacked, 1 << 20)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        folder.remove()
        if isinstance(error, UnreadableFileError):
            raise
        raise UnreadableFileError(
            "the zip is damaged or encrypted",
            file=source.name,
            remedy="export it again without a password, or unpack it and name the folder",
        ) from error
    return folder


def _refuse_bombs(source: Source, members: list[zipfile.ZipInfo]) -> None:
    size = sum(info.file_size for info in members)
    packed = sum(info.compress_size for info in members)
    if (
        len(members) > MOST_MEMBERS
        or size > MOST_BYTES
        or (size > _HARMLESS and size > MOST_RATIO * max(packed, 1))
    ):
        raise UnreadableFileError(
            f"the zip would unpack to {len(members):,} files of {size:,} bytes",
            file=source.name,
            remedy="unpack it yourself if you trust it, and name the folder",
        )


def _inside(folder: Path, name: str) -> Path | None:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    unsafe = not parts or any(part in ("..", "/") or ":" in part for part in parts)
    return None if unsafe else folder.joinpath(*parts)
