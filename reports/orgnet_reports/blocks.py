"""What a page is made of: finished text and drawings in plain records, one template each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from markupsafe import Markup

Text = str | Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a table; `css` names its look, `anchor` the place that a link can open."""

    text: Text
    css: str = ""
    anchor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: the first cell of a row is its heading; `numbers` are the columns of figures.

    `file_name` is what its CSV is called.
    """

    kind: ClassVar[str] = "table"

    caption: Text
    columns: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]
    file_name: str
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing with its four parts: a sentence, the picture, its source, and the same as table."""

    kind: ClassVar[str] = "chart"

    name: str
    title: Text
    drawing: Markup
    source: Text
    table: Table | None = None
    legend: tuple[tuple[Markup, Text], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph; a ``note`` is smaller, a ``statement`` larger than the text."""

    kind: ClassVar[str] = "paragraph"

    text: Text
    tone: Literal["plain", "note", "statement"] = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Something to type, on a line of its own."""

    kind: ClassVar[str] = "command"

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subheading:
    """A heading inside a section."""

    kind: ClassVar[str] = "subheading"

    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A short list of sentences."""

    kind: ClassVar[str] = "bullets"

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """The findings that come first, and the `further` ones in one line each with their anchors."""

    kind: ClassVar[str] = "cards"

    cards: tuple[Card, ...]
    further: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFigure:
    """One number at a glance, what it is and what to compare it to."""

    value: Text
    label: Text
    compared: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFigures:
    """Four to six numbers side by side."""

    kind: ClassVar[str] = "key_figures"

    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """One cell of the department matrix: what is shown, and the sentence that says it."""

    text: str
    css: str
    sentence: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The glossary: anchor, term and meaning."""

    kind: ClassVar[str] = "terms"

    items: tuple[tuple[str, Text, Text], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Names and values in pairs, with what each says about the report."""

    kind: ClassVar[str] = "facts"

    items: tuple[tuple[Text, Text], ...]


Block = (
    Table | Chart | Paragraph | Command | Subheading | Bullets | Cards | KeyFigures | Matrix
    | Terms | Facts
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section with its stable anchor."""

    anchor: str
    title: Text
    lead: Text | None
    blocks: tuple[Block, ...]
