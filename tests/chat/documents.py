"""Documents made of lines and tables, with boxes, as values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.model import Block, BlockKind, Cell, Document, Line, Page, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

HEIGHT = 20.0


def paragraph(*lines: str, top: float = 0.0, kind: BlockKind = BlockKind.TEXT, ident: str = "") -> Block:
    """A block of lines under one another, each 20 pixels high and 10 wide a character."""
    made = tuple(
        Line(text=text, bbox=(0.0, top + HEIGHT * row, 10.0 * len(text), top + HEIGHT * (row + 1)))
        for row, text in enumerate(lines)
    )
    box = (0.0, top, max(line.bbox[2] for line in made), top + HEIGHT * len(made))
    return Block(kind=kind, text=" ".join(lines), lines=made, bbox=box, id=ident)


def heading(text: str, *, top: float = 0.0, ident: str = "") -> Block:
    return paragraph(text, top=top, kind=BlockKind.SECTION_HEADER, ident=ident)


def grid(rows: Sequence[Sequence[str]], *, top: float = 0.0, ident: str = "") -> Block:
    """A table whose cells are 100 by 20 pixels."""
    cells = tuple(
        Cell(
            row=row,
            column=column,
            text=text,
            bbox=(100.0 * column, top + HEIGHT * row, 100.0 * (column + 1), top + HEIGHT * (row + 1)),
            header=row == 0,
        )
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
        if text
    )
    table = Table(rows=len(rows), columns=len(rows[0]), cells=cells)
    text = "\n".join("\t".join(row) for row in table.grid())
    box = (0.0, top, 100.0 * len(rows[0]), top + HEIGHT * len(rows))
    return Block(kind=BlockKind.TABLE, text=text, table=table, bbox=box, id=ident)


def document(*pages: Sequence[Block]) -> Document:
    """A document with these blocks on its pages."""
    made = [Page(number=n, width=2000, height=3000, blocks=tuple(blocks)) for n, blocks in enumerate(pages, start=1)]
    return Document(source="made.pdf", page_count=len(made), pages=tuple(made))


def lease() -> Document:
    """A lease of three pages: prose, a table of rents, notices in two languages."""
    return document(
        [
            heading("Lease of a flat", ident="p1-b1"),
            paragraph(
                "The tenant shall pay $1,250.00 a month, due on the first day.",
                "A late fee of 5% is added after 10 days. The deposit is not refund-",
                "able during the first year.",
                top=100.0,
                ident="p1-b2",
            ),
        ],
        [
            heading("Rents", ident="p2-b1"),
            grid(
                [["Flat", "Rooms", "Rent"], ["Attic", "2", "$900.00"], ["Garden", "3", "$1,400.00"]],
                top=100.0,
                ident="p2-b2",
            ),
        ],
        [
            paragraph("Notice number: NT-204", "Tel: 555-0188 Fax: 555-0199", top=0.0, ident="p3-b1"),
            paragraph("Le préavis est de trois mois.", top=100.0, ident="p3-b2"),
            paragraph("東京事務所の電話番号は03-1234-5678です。", top=200.0, ident="p3-b3"),
        ],
    )
