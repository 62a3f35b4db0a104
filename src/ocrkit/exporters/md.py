"""Markdown (GitHub flavoured): renders as the page reads, and stays plain where nothing needs escaping."""

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
    from collections.abc import Iterator, Sequence

    from ocrkit.contracts import SourceFile
    from ocrkit.exporters import MarkdownOptions
    from ocrkit.model import Block, Cell, Document, Page, Table

_MAX_HEADING = 6
_ILLEGAL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_PUNCTUATION = r"!-/:-@\[-`{-~"
_URL = re.compile(r"((?:https?://|www\.)[^\s<>()\[\]`*~$|\\]+)")
_RUN = re.compile(rf"{_URL.pattern}|(\*+|_+|~+)")
_INLINE = [
    (re.compile(rf"\\(?=[{_PUNCTUATION}]|$)", re.MULTILINE), r"\\\\"),
    (re.compile(r"`"), r"\\`"),
    (re.compile(r"<(?=[A-Za-z/!?])"), r"\\<"),
    (re.compile(r"&(?=#\d+;|#[xX][0-9a-fA-F]+;|[A-Za-z][A-Za-z0-9]*;)"), r"\\&"),
    # A link's text cannot end there, so that neither link nor picture comes about.
    (re.compile(r"\](?=\()"), r"\\]"),
    (re.compile(r"\[(?=\^)"), r"\\["),
]
_LINE_START = [
    (re.compile(r"^(#{1,6})(?=\s|$)"), r"\\\1"),
    (re.compile(r"^>"), r"\\>"),
    (re.compile(r"^([-+*])(?=\s|$)"), r"\\\1"),
    (re.compile(r"^(\d{1,9})([.)])(?=\s|$)"), r"\1\\\2"),
    (re.compile(r"^(?=(?:-[ \t]*){2,}$|=+[ \t]*$|:?-[-:|\s]*$|(?:_[ \t]*){3,}$|~~~)"), r"\\"),
    (re.compile(r"^\|"), r"\\|"),
    (re.compile(r"^\[(?=[^\]]*\]:|[ xX]\](?:\s|$))"), r"\\["),
]
_CHECKBOXES = {"☐": "[ ]", "□": "[ ]", "❑": "[ ]", "❒": "[ ]", "☑": "[x]", "☒": "[x]", "✓": "[x]", "✔": "[x]"}


class MarkdownExporter:
    """Writes `md`."""

    def export(
        self, document: Document, out: BinaryIO, /, *, options: MarkdownOptions, source: SourceFile | None
    ) -> None:
        """Writes the document as UTF-8, one blank line between blocks.

        Raises:
            SourceRequiredError: pictures are asked for and there is no source.
        """
        figures = Figures(source) if options.images else None
        first = True
        for chunk in _chunks(document, options, figures):
            out.write((chunk if first else "\n" + chunk).encode() + b"\n")
            first = False


def _chunks(document: Document, options: MarkdownOptions, figures: Figures | None) -> Iterator[str]:
    """What stands between blank lines. A list goes on over a page's end unless a page break is asked for."""
    items: list[Block] = []
    for index, page in enumerate(whole_tables(document.pages)):
        if index and options.page_break != "none":
            yield from _list(items)
            items = []
            yield "---" if options.page_break == "rule" else f"<!-- page {page.number} -->"
        message = failure(page)
        for block in body(page, furniture=options.page_furniture):
            if block.kind is BlockKind.LIST_ITEM:
                items.append(block.model_copy(update={"lines": ()}))  # a list may go on over many pages
                continue
            chunk = _picture(block, page, figures) if block.kind is BlockKind.PICTURE else _block(block)
            if chunk:
                yield from _list(items)
                items = []
                yield chunk
        if message:
            yield from _list(items)
            items = []
            yield f"> {escape(message)}"
    yield from _list(items)


def _block(block: Block) -> str:
    match block.kind:
        case BlockKind.TITLE | BlockKind.SECTION_HEADER:
            return _heading(block)
        case BlockKind.TABLE if block.table is not None:
            return _table(block.table, block.formulas)
        case BlockKind.CODE:
            return _code(block.text)
        case BlockKind.FORMULA if block.latex:
            source = "\n".join(line for line in _clean(block.latex).strip().splitlines() if line.strip())
            return f"$$\n{source.replace('$$', '')}\n$$"
        case _:
            return _paragraph(block.text, block.formulas)


def _picture(block: Block, page: Page, figures: Figures | None) -> str:
    """The picture, if pictures are wanted, and what is written in it."""
    figure = figures.cut(page, block) if figures else None
    shown = f"![Picture on page {page.number}]({figure.address})" if figure else ""
    return "\n\n".join(filter(None, (shown, _paragraph(block.text, block.formulas))))


def _heading(block: Block) -> str:
    text = " ".join(_inline(_clean(block.text), block.formulas).split())
    text = re.sub(r"(^|\s)(#+)$", r"\1\\\2", text)
    return f"{'#' * min(heading_level(block), _MAX_HEADING)} {text}"


def _code(text: str) -> str:
    text = _clean(text).strip("\n")
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _list(items: list[Block]) -> Iterator[str]:
    """The items as one list. A number that does not follow the one before starts a new list, so that it stays."""
    if not items:
        return
    lines: list[str] = []
    indents: list[int] = [0]
    last: list[Marker] = []
    for item, depth in zip(items, nests(items), strict=True):
        deeper = depth >= len(last)
        del last[depth + 1 :], indents[depth + 1 :]
        before = last[depth] if depth < len(last) else None
        marker = read_marker(item.marker, before)
        pad = " " * indents[depth]
        if marker.style == "decimal":
            if before is not None and before.style == "decimal" and not marker.follows(before):
                lines += ["", f"{pad}<!-- -->", ""]
            elif deeper and lines and marker.number != 1:
                lines.append("")  # only a list that starts at 1 may follow a line of text directly
        bullet, label = _bullet(item.marker.strip(), marker)
        text = label + _paragraph(item.text, item.formulas)
        inner = pad + " " * (len(bullet) + 1)
        lines.append(f"{pad}{bullet} {text}".rstrip().replace("\n", f"\n{inner}"))
        last[depth:] = [marker]
        indents[depth + 1 :] = [len(inner)]
    yield "\n".join(lines)


def _bullet(printed: str, marker: Marker) -> tuple[str, str]:
    """Markdown's own bullet, and what of the printed marker it cannot say."""
    if marker.style == "decimal":
        number = f"{marker.number}{')' if marker.suffix == ')' else '.'}"
        if not marker.prefix and marker.suffix in (".", ")", ""):
            return number, ""
        return "-", f"{escape(printed)} "
    if marker.style == "bullet":
        box = _CHECKBOXES.get(printed)
        return "-", f"{box} " if box else ""
    return "-", f"{escape(printed)} "


def _table(table: Table, formulas: Sequence[str]) -> str:
    headers = header_rows(table)
    if table.has_spans or headers > 1:
        return _html_table(table, headers)
    grid = [[_cell(text, formulas) for text in row] for row in table.grid()]
    rule = ["---:" if numeric else "---" for numeric in numeric_columns(table)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [grid[0], rule, *grid[1:]])


def _cell(text: str, formulas: Sequence[str]) -> str:
    lines = (" ".join(line.split()) for line in _clean(text).splitlines())
    return "<br>".join(_inline(line, formulas) for line in lines if line).replace("|", r"\|")


def _html_table(table: Table, headers: int) -> str:
    parts = ["<table>"]
    right = numeric_columns(table)
    for index, row in enumerate(rows(table)):
        if index == 0 and headers:
            parts.append("<thead>")
        parts.append("<tr>" + "".join(_html_cell(cell, right) for cell in row) + "</tr>")
        if headers and index == headers - 1:
            parts.append("</thead>")
    return "\n".join([*parts, "</table>"])


def _html_cell(cell: Cell | None, right: list[bool]) -> str:
    if cell is None:
        return "<td></td>"
    tag = "th" if cell.header else "td"
    spans = ' align="right"' if right[cell.column] and cell.column_span == 1 else ""  # GitHub drops styles
    spans += f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
    spans += f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
    # No blank line may stand inside, or Markdown would end the HTML there.
    lines = (html.escape(line.strip(), quote=False) for line in _clean(cell.text).splitlines())
    return f"<{tag}{spans}>{'<br>'.join(line for line in lines if line)}</{tag}>"


def escape(text: str) -> str:
    """The text as Markdown that renders as that text; its line breaks stay breaks."""
    return _paragraph(text)


def _paragraph(text: str, formulas: Sequence[str] = ()) -> str:
    lines = [" ".join(line.split()) for line in _clean(text).splitlines()]
    escaped = _inline("\n".join(line for line in lines if line), formulas)
    return "  \n".join(_line_start(line) for line in escaped.split("\n"))


def _line_start(line: str) -> str:
    for pattern, replacement in _LINE_START:
        line, count = pattern.subn(replacement, line)
        if count:
            break
    return line


def _inline(text: str, formulas: Sequence[str]) -> str:
    """The text of a line with its formulas as GitHub writes them, and what would mean something else escaped."""
    if not formulas:
        return _literal(text, dollars=text.count("$") > 1)  # GitHub reads `$…$` as a formula
    spots = "|".join(re.escape(rf"\({latex}\)") for latex in formulas)
    pieces = re.split(f"({spots})", text)
    pieces[::2] = [_literal(piece, dollars=True) for piece in pieces[::2]]
    pieces[1::2] = [f"${piece[2:-2].strip()}$" for piece in pieces[1::2]]
    return "".join(pieces)


def _literal(text: str, *, dollars: bool) -> str:
    """Escapes what would mean something inside a line; addresses are left as they are."""
    parts = _URL.split(text)
    for index in range(0, len(parts), 2):
        for pattern, replacement in _INLINE:
            parts[index] = pattern.sub(replacement, parts[index])
    text = "".join(parts)
    if dollars:
        text = text.replace("$", r"\$")
    return _RUN.sub(_emphasis, text)


def _emphasis(run: re.Match[str]) -> str:
    """Leaves a run of `*`, `_` or `~` alone in an address, or where it can neither open nor close anything."""
    text, start, end = run.string, run.start(), run.end()
    if run[1]:
        return run[1]
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    signs = run[0]
    apart = before.isspace() and after.isspace()
    inside_word = before.isalnum() and after.isalnum()
    alone = text.count(signs[0]) == len(signs)
    if apart or (signs[0] == "_" and inside_word) or alone:
        return signs
    return "".join(f"\\{sign}" for sign in signs)


def _clean(text: str) -> str:
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
