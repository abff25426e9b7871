"""One kind of output, and the names of places in it."""

from __future__ import annotations

import re
import unicodedata
import zlib
from typing import ClassVar, Protocol, TypeVar, runtime_checkable

Model = TypeVar("Model", contravariant=True)


@runtime_checkable
class Report(Protocol[Model]):
    """One kind of output of one edition. Instances are made without arguments and hold no state.

    `Model` is `ReportModel` for the groups edition, and the model of the edition for the others.

    Attributes
    ----------
    name
        The entry point's name: ``html``.
    title
        One line for ``orgnet report --help``.
    file_name
        What the file is called in the results folder.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    file_name: ClassVar[str]

    def render(self, model: Model) -> bytes:
        """Return the bytes of the file. The same model gives the same bytes."""
        ...


def anchor(kind: str, *names: str) -> str:
    """Return the place in a page of a department or a pair, the same in every output.

    Letters, digits and hyphens only, whatever the names hold; the checksum keeps names apart
    that look alike without their accents.

    Examples
    --------
    >>> anchor("silo", "R&D")
    'silo-r-d-22162561'
    """
    plain = unicodedata.normalize("NFKD", "-".join(names)).encode("ascii", "ignore").decode()
    slug = re.sub("[^a-z0-9]+", "-", plain.lower()).strip("-")[:40]
    checksum = zlib.crc32("\x1f".join(names).encode())
    return "-".join(part for part in (kind.replace("_", "-"), slug, f"{checksum:08x}") if part)
