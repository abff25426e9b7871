"""What a page is made of: finished text and drawings in plain records, one template each."""

from __future__ import annotations

from typing import ClassVar, Literal

from markupsafe import Markup
from msgspec import Struct

Text = str | Markup


class Cell(Struct, frozen=True, kw_only=True):
    """One cell of a table; `css` names its look, `anchor` the place that a link can open."""

    text: Text
    css: str = ""
    anchor: str | None = None


class Table(Struct, frozen=True, kw_only=True):
    """A table: the first cell of a row is its heading; `numbers` are the columns of figures.

    `file_name` is what its CSV is called.
    """

    kind: ClassVar[str] = "table"

    caption: Text
    columns: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]
    file_name: str
    numbers: frozenset[int] = frozenset()


class Chart(Struct, frozen=True, kw_only=True):
    """A drawing with its four parts: a sentence, the picture, its source, and the same as table."""

    kind: ClassVar[str] = "chart"

    name: str
    title: Text
    drawing: Markup
    source: Text
    table: Table | None = None
    legend: tuple[tuple[Markup, Text], ...] = ()


class Paragraph(Struct, frozen=True, kw_only=True):
    """A paragraph; a ``note`` is smaller, a ``statement`` larger than the text."""

    kind: ClassVar[str] = "paragraph"

    text: Text
    tone: Literal["plain", "note", "statement"] = "plain"


class Command(Struct, frozen=True, kw_only=True):
    """Something to type, on a line of its own."""

    kind: ClassVar[str] = "command"

    text: str


class Subheading(Struct, frozen=True, kw_only=True):
    """A heading inside a section."""

    kind: ClassVar[str] = "subheading"

    text: Text


class Bullets(Struct, frozen=True, kw_only=True):
    """A short list of sentences."""

    kind: ClassVar[str] = "bullets"

    items: tuple[Text, ...]


class Card(Struct, frozen=True, kw_only=True):
    """One finding: the sentence, its number, how sure, what to ask, where it came from."""

    anchor: str
    topic: Text
    css: str
    headline: Text
    statement: Text
    picture: Markup | None
    confidence: Text
    alternative: Text
    question: Text
    evidence: str


class Cards(Struct, frozen=True, kw_only=True):
    """The findings that come first, and the `further` ones in one line each with their anchors."""

    kind: ClassVar[str] = "cards"

    cards: tuple[Card, ...]
    further: tuple[Card, ...] = ()


class KeyFigure(Struct, frozen=True, kw_only=True):
    """One number at a glance, what it is and what to compare it to."""

    value: Text
    label: Text
    compared: Text


class KeyFigures(Struct, frozen=True, kw_only=True):
    """Four to six numbers side by side."""

    kind: ClassVar[str] = "key_figures"

    figures: tuple[KeyFigure, ...]


class MatrixCell(Struct, frozen=True, kw_only=True):
    """One cell of the department matrix: what is shown, and the sentence that says it."""

    text: str
    css: str
    sentence: Text


class Matrix(Struct, frozen=True, kw_only=True):
    """The department matrix: one order for rows and columns, others offered by the script.

    `orders` holds ways of ordering with their words and positions in `names`; a `wide`
    matrix has narrow cells.
    """

    kind: ClassVar[str] = "matrix"

    title: Text
    source: Text
    names: tuple[str, ...]
    cells: tuple[tuple[MatrixCell, ...], ...]
    orders: tuple[tuple[str, str, tuple[int, ...]], ...]
    wide: bool = False


class Terms(Struct, frozen=True, kw_only=True):
    """The glossary: anchor, term and meaning."""

    kind: ClassVar[str] = "terms"

    items: tuple[tuple[str, Text, Text], ...]


class Facts(Struct, frozen=True, kw_only=True):
    """Names and values in pairs, with what each says about the report."""

    kind: ClassVar[str] = "facts"

    items: tuple[tuple[Text, Text], ...]


Block = (
    Table | Chart | Paragraph | Command | Subheading | Bullets | Cards | KeyFigures | Matrix
    | Terms | Facts
)  # fmt: skip


class Section(Struct, frozen=True, kw_only=True):
    """One section with its stable anchor."""

    anchor: str
    title: Text
    lead: Text | None
    blocks: tuple[Block, ...]
