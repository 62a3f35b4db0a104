"""HTML: one self-contained page with headings, nested lists, tables and figures as what they are."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, BinaryIO

from ocrkit.drawing.figures import Figures
from ocrkit.layout.continued import whole_tables
from ocrkit.layout.flow import (
    Marker,
    body,
    failure,
    header_rows,
    heading_level,
    nests,
    numeric_columns,
    read_marker,
    rows,
)
from ocrkit.model import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrkit.contracts import SourceFile
    from ocrkit.exporters import HtmlOptions
    from ocrkit.model import Block, Cell, Document, Page, Table

_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_MAX_HEADING = 6
_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
.page + .page { border-top: 1px solid #bbb; margin-top: 2rem; padding-top: 1rem; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { border: 1px solid #bbb; padding: .2rem .5rem; vertical-align: top; text-align: start; }
.number { text-align: right; }
img { max-width: 100%; height: auto; display: block; }
pre { overflow-x: auto; background: #f4f4f4; padding: .5rem; }
.caption, .footnote, header, footer { font-size: .875rem; color: #444; }
.formula { text-align: center; }
.marked { list-style: none; }
.error { border-inline-start: .25rem solid #b00; padding-inline-start: .75rem; }
"""
_TYPES = {
    "decimal": "1",
    "lower-alpha": "a",
    "upper-alpha": "A",
    "lower-roman": "i",
    "upper-roman": "I",
}
_ELEMENTS = {
    BlockKind.CAPTION: ('<p class="caption" dir="auto">', "</p>"),
    BlockKind.FOOTNOTE: ('<p class="footnote" dir="auto">', "</p>"),
    BlockKind.PAGE_HEADER: ('<header dir="auto">', "</header>"),
    BlockKind.PAGE_FOOTER: ('<footer dir="auto">', "</footer>"),
}


class HtmlExporter:
    """Writes `html`."""

    def export(self, document: Document, out: BinaryIO, /, *, options: HtmlOptions, source: SourceFile | None) -> None:
        """Writes UTF-8 HTML, page by page, each page a section.

        Raises:
            SourceRequiredError: pictures are asked for and there is no source.
        """
        figures = Figures(source) if options.images else None
        title = _text(document.metadata.get("title") or document.source or "Document")
        language = next((page.detected_language for page in document.pages if page.detected_language), None)
        language = document.translation.target if document.translation else language
        lang = f' lang="{html.escape(language)}"' if language else ""
        head = (
            f'<!DOCTYPE html>\n<html{lang}>\n<head>\n<meta charset="utf-8">\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        )
        out.write(head.encode())
        for page in whole_tables(document.pages):
            parts = _page(page, figures, furniture=options.page_furniture)
            out.write(("\n".join(parts) + "\n").encode())
        out.write(b"</body>\n</html>\n")


def _page(page: Page, figures: Figures | None, *, furniture: bool) -> Iterator[str]:
    yield f'<section class="page" id="page-{page.number}">'
    items: list[Block] = []
    for block in body(page, furniture=furniture):
        if block.kind is BlockKind.LIST_ITEM:
            items.append(block)
            continue
        yield from _list(items)
        items = []
        if block.kind is BlockKind.PICTURE:
            yield from _picture(block, page, figures)
        else:
            yield from _block(block)
    yield from _list(items)
    message = failure(page)
    if message:
        yield f'<p class="error">{_text(message)}</p>'
    yield "</section>"


def _block(block: Block) -> Iterator[str]:
    match block.kind:
        case BlockKind.TITLE | BlockKind.SECTION_HEADER:
            level = min(heading_level(block), _MAX_HEADING)
            yield f'<h{level} dir="auto">{_text(" ".join(block.text.split()))}</h{level}>'
        case BlockKind.TABLE if block.table is not None:
            yield from _table(block.table)
        case BlockKind.CODE:
            yield f"<pre><code>{_escaped(block.text)}</code></pre>"
        case BlockKind.FORMULA:
            yield f'<div class="formula"><code>{_text(block.latex or block.text)}</code></div>'
        case _ if block.text.strip():
            start, end = _ELEMENTS.get(block.kind, ('<p dir="auto">', "</p>"))
            yield f"{start}{_text(block.text)}{end}"


def _picture(block: Block, page: Page, figures: Figures | None) -> Iterator[str]:
    """The picture, if pictures are wanted, and what is written in it."""
    figure = figures.cut(page, block) if figures else None
    image = ""
    if figure:
        alternative = f"Picture on page {page.number}"
        image = f'<img src="{figure.address}" width="{figure.width}" height="{figure.height}" alt="{alternative}">'
    if image or block.text.strip():
        yield f'<figure dir="auto">{image}{_text(block.text)}</figure>'


def _list(items: list[Block]) -> Iterator[str]:
    """The items, nested; each numbered one says its number, so that the printed numbers stay."""
    opened: list[tuple[str, Marker]] = []
    for item, depth in zip(items, nests(items), strict=True):
        while len(opened) > depth + 1:
            yield f"</li></{opened.pop()[0]}>"
        before = opened[depth][1] if depth < len(opened) else None
        marker = read_marker(item.marker, before)
        tag = "ol" if marker.style in _TYPES else "ul"
        if before is not None:
            yield "</li>"
            if opened[depth][0] != tag or before.style != marker.style:
                yield f"</{opened.pop()[0]}>"
        if depth >= len(opened):
            yield f'<ol type="{_TYPES[marker.style]}">' if tag == "ol" else "<ul>"
            opened.append((tag, marker))
        opened[depth] = (tag, marker)
        yield _item(item, marker)
    while opened:
        yield f"</li></{opened.pop()[0]}>"


def _item(item: Block, marker: Marker) -> str:
    if marker.style == "other":
        return f'<li class="marked" dir="auto">{_text(item.marker)} {_text(item.text)}'
    value = f' value="{marker.number}"' if marker.style in _TYPES else ""
    return f'<li{value} dir="auto">{_text(item.text)}'


def _table(table: Table) -> Iterator[str]:
    headers = header_rows(table)
    right = numeric_columns(table)
    yield "<table>"
    for index, row in enumerate(rows(table)):
        if index in (0, headers):
            yield "<thead>" if index < headers else "<tbody>"
        yield "<tr>" + "".join(_cell(cell, right, column_header=index < headers) for cell in row) + "</tr>"
        if index == headers - 1:
            yield "</thead>"
    yield "</tbody></table>" if headers < table.rows else "</table>"


def _cell(cell: Cell | None, right: list[bool], *, column_header: bool) -> str:
    if cell is None:
        return "<td></td>"
    tag = "th" if cell.header else "td"
    scope = f' scope="{"col" if column_header else "row"}"' if cell.header else ""
    spans = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
    spans += f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
    number = ' class="number"' if right[cell.column] and cell.column_span == 1 else ""
    return f'<{tag}{scope}{spans}{number} dir="auto">{_text(cell.text)}</{tag}>'


def _text(text: str) -> str:
    """The text with its line breaks."""
    return _escaped(text.strip()).replace("\n", "<br>\n")


def _escaped(text: str) -> str:
    return html.escape(_ILLEGAL.sub("", text.replace("\r\n", "\n")), quote=True)
