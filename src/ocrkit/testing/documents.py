"""Documents to try an exporter on, as values; knows neither pixels nor engines."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from ocrkit import geometry
from ocrkit.model import (
    Block,
    BlockKind,
    Cell,
    Document,
    EngineRun,
    Line,
    Page,
    PageError,
    PageStatus,
    PageWarning,
    Provenance,
    Table,
    Word,
)

if TYPE_CHECKING:
    from ocrkit.geometry import BBox
    from ocrkit.model import Direction

WIDTH, HEIGHT, DPI = 1240, 1754, 150.0
"""Frame of the sample pages: A4 at 150 pixels an inch."""

LINE_HEIGHT = 30.0
"""Pixels from the top of a line to its foot; about 14 pt type."""

_RUN = EngineRun(engine="sample", version="1")


def empty_document() -> Document:
    """A document without pages."""
    return Document(source="empty.tiff", media_type="image/tiff")


def sample_document() -> Document:
    """Three pages: every kind of block with lines, words and boxes; scripts of all directions; a page that failed."""
    failed = Page(
        number=3,
        width=WIDTH,
        height=HEIGHT,
        dpi=DPI,
        status=PageStatus.FAILED,
        error=PageError(code="engine_failed", message="Engine 'sample' failed on page 3."),
        provenance=Provenance(runs=(_RUN,)),
    )
    return Document(
        source="sample.tiff",
        media_type="image/tiff",
        page_count=3,
        metadata={"title": "Sample", "author": "ocrkit"},
        pages=(_page(1, _kinds()), _page(2, _scripts()), failed),
    )


def hostile_document() -> Document:
    """A document that is valid and yet has all that exporters stumble over.

    Control characters, markup of every format, empty texts and boxes, a table without cells, a word longer than
    its page, characters outside the basic plane, a page of one pixel.
    """
    nowhere = (0.0, 0.0, 0.0, 0.0)
    texts = [
        "null \x00 bell \x07 form feed \x0c escape \x1b[31m end",
        "# not a heading\n- not a list\n| not | a | table |",
        "<script>alert('&amp;')</script> ]]> <!-- -->",
        "=1+1,\"quoted\",'single'; tab\there",
        "(unbalanced \\( PDF string",
        "x" * 3000,
        "\U0001f600 \U00020000 e\u0301 \u200f\u202e \ufeff \uffff",
        "",
        " \u00a0\t ",
    ]
    blocks = [Block(text=text, bbox=nowhere, lines=(_line(text, nowhere),)) for text in texts]
    blocks += [Block(kind=kind, text="", bbox=nowhere) for kind in BlockKind]
    blocks.append(Block(kind=BlockKind.TABLE, text="", bbox=nowhere, table=Table(rows=2, columns=2)))
    cell = Cell(row=0, column=0, text="a|b\nc\x00\t`d`", bbox=nowhere)
    blocks.append(Block(kind=BlockKind.TABLE, text="", bbox=nowhere, table=Table(rows=1, columns=1, cells=(cell,))))
    pages = (
        Page(number=1, width=WIDTH, height=HEIGHT, blocks=tuple(blocks), provenance=Provenance(runs=(_RUN,))),
        Page(number=2, width=1, height=1, blocks=(Block(text="dot", bbox=(0.0, 0.0, 1.0, 1.0)),)),
    )
    return Document(
        source="../hostile\x00.tiff",
        media_type="image/tiff",
        page_count=2,
        metadata={"title": "a\x00b <i>&", "\x01": ""},
        pages=pages,
    )


def _page(number: int, blocks: list[Block]) -> Page:
    named = tuple(block.model_copy(update={"id": f"p{number}-b{index}"}) for index, block in enumerate(blocks, start=1))
    return Page(
        number=number,
        width=WIDTH,
        height=HEIGHT,
        dpi=DPI,
        blocks=named,
        warnings=(PageWarning(code="low_confidence", message="Only a sample."),),
        detected_language="en",
        detected_script="Latn",
        provenance=Provenance(runs=(_RUN,), seconds=0.1),
    )


def _kinds() -> list[Block]:
    return [
        _block("Annual Report", 150, kind=BlockKind.TITLE, level=1),
        _block("1 Results", 230, kind=BlockKind.SECTION_HEADER, level=2),
        _block("The first line of a paragraph that runs\nover two lines of its page.", 290),
        _block("apples and pears", 400, kind=BlockKind.LIST_ITEM, level=1, marker="•"),
        _block("oranges", 440, kind=BlockKind.LIST_ITEM, level=2, marker="a)"),
        _table_block(500),
        _block("Table 1: Sales by region", 720, kind=BlockKind.CAPTION),
        Block(kind=BlockKind.PICTURE, text="", bbox=(100.0, 780.0, 500.0, 1000.0), confidence=0.7),
        _block("E = mc^2", 1050, kind=BlockKind.FORMULA, latex="E = mc^2"),
        _block("for x in range(3):\n    print(x)", 1110, kind=BlockKind.CODE),
        _block("* Figures are rounded.", 1500, kind=BlockKind.FOOTNOTE),
        _block("Example Ltd", 40, kind=BlockKind.PAGE_HEADER),
        _block("Page 1 of 3", 1680, kind=BlockKind.PAGE_FOOTER),
    ]


def _scripts() -> list[Block]:
    return [
        _block("Ελληνικά και Русский, Việt, ½ € “quoted” & <tagged>", 150),
        _block("שלום עולם", 230, direction="rtl"),
        _block("مرحبا بالعالم", 290, direction="rtl"),
        _block("你好,世界。", 350),
        _block("안녕하세요 세계", 410),
        _block("नमस्ते दुनिया", 470),
        _block("สวัสดีชาวโลก", 530),
        _vertical("日本語の縦書き", (1100.0, 600.0, 1140.0, 900.0)),
        _tilted("tilted", (100.0, 1000.0, 500.0, 1120.0)),
    ]


def _table_block(top: int) -> Block:
    box: BBox = (100.0, float(top), 900.0, top + 200.0)
    cells = (
        Cell(row=0, column=0, column_span=2, text="Region", header=True, bbox=(100.0, top, 500.0, top + 50.0)),
        Cell(row=0, column=2, text="Sales", header=True, bbox=(500.0, top, 900.0, top + 50.0)),
        Cell(row=1, column=0, row_span=2, text="Europe", bbox=(100.0, top + 50.0, 300.0, top + 150.0)),
        Cell(row=1, column=1, text="North", confidence=0.9),
        Cell(row=1, column=2, text="1,200.50"),
        Cell(row=2, column=1, text="South | East"),
        Cell(row=2, column=2, text="-7"),
        Cell(row=3, column=0, text="Asia\nand Oceania"),
    )
    table = Table(rows=4, columns=3, cells=cells)
    text = "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in table.grid())
    lines = tuple(
        _line(" ".join(row.split()), (100.0, top + 50.0 * i, 900.0, top + 50.0 * i + LINE_HEIGHT))
        for i, row in enumerate(text.split("\n"))
    )
    return Block(kind=BlockKind.TABLE, text=text, bbox=box, table=table, lines=lines, confidence=0.9)


def _block(
    text: str,
    top: float,
    *,
    kind: BlockKind = BlockKind.TEXT,
    level: int | None = None,
    marker: str = "",
    latex: str | None = None,
    direction: Direction = "ltr",
) -> Block:
    """A block of upright lines, each 14 pixels a character wide and never wider than the page."""
    lines = []
    for index, printed in enumerate(text.split("\n")):
        y = top + index * (LINE_HEIGHT + 8)
        shown = f"{marker} {printed}" if marker and index == 0 else printed
        lines.append(_line(shown, (100.0, y, min(100.0 + 14 * len(shown), WIDTH - 40.0), y + LINE_HEIGHT), direction))
    return Block(
        kind=kind,
        text=text if kind is BlockKind.CODE else text.replace("\n", " "),
        bbox=geometry.union(line.bbox for line in lines),
        confidence=0.95,
        lines=tuple(lines),
        level=level,
        marker=marker,
        latex=latex,
    )


def _line(text: str, box: BBox, direction: Direction = "ltr") -> Line:
    """A line whose words share its width by their number of characters, from the right where it runs so."""
    words = text.split()
    total = sum(map(len, words)) + max(len(words) - 1, 0)
    unit = geometry.width(box) / total if total else 0.0
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word) + 1)
    made = []
    for word, (start, after) in zip(words, pairwise(starts), strict=True):
        left, right = box[0] + start * unit, box[0] + (after - 1) * unit
        if direction == "rtl":
            left, right = box[0] + box[2] - right, box[0] + box[2] - left
        made.append(Word(text=word, bbox=geometry.normalized((left, box[1], right, box[3])), confidence=0.9))
    return Line(text=text, bbox=box, confidence=0.9, words=tuple(made), direction=direction, font_size=24.0)


def _vertical(text: str, box: BBox) -> Block:
    """One line that runs from top to bottom, a word a character."""
    step = geometry.height(box) / len(text)
    words = tuple(
        Word(text=character, bbox=geometry.normalized((box[0], box[1] + i * step, box[2], box[1] + (i + 1) * step)))
        for i, character in enumerate(text)
    )
    line = Line(text=text, bbox=box, words=words, direction="ttb")
    return Block(text=text, bbox=box, lines=(line,))


def _tilted(text: str, box: BBox) -> Block:
    """One word that falls to the right, with its exact corners."""
    x0, y0, x1, y1 = box
    quad = ((x0, y0), (x1, y1 - LINE_HEIGHT), (x1, y1), (x0, y0 + LINE_HEIGHT))
    word = Word(text=text, bbox=box, quad=quad, confidence=0.8)
    return Block(text=text, bbox=box, lines=(Line(text=text, bbox=box, quad=quad, words=(word,), italic=True),))
