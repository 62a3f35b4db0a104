"""The Markdown that vision models write, as parts with their places in the answer.

CommonMark with pipe tables, HTML tables, formulas and check boxes. A transcript is no source text: nothing in it is a
reference definition, indented code or an underlined heading, and a row may have more cells than its header.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from ocrkit.markup.flow import Part, parts_of
from ocrkit.markup.inline import CHECKED, UNCHECKED, text_of
from ocrkit.markup.protected import SIGN, Held, protected
from ocrkit.markup.tables import table_text
from ocrkit.markup.tree import parsed
from ocrkit.model import BlockKind, Cell, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

_BULLET = "•"
_LISTS = frozenset({"bullet_list", "ordered_list"})
_TASK = re.compile(r"\[([ xX])\]\s+")
_FOOTNOTE = re.compile(r"^\[\^([^\]\s]{1,20})\]:[ \t]*", re.MULTILINE)
_NOTE_MARK = re.compile(r"\[\^([^\]\s]{1,20})\](?!:)")
_DELIMITER_ROW = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)*\s*:?-+:?\s*\|?\s*\Z")
_CELL_EDGE = re.compile(r"(?<!\\)\|")
_MATH_FENCES = frozenset({"math", "latex", "tex"})
_PARSER = MarkdownIt("commonmark").enable("strikethrough").disable(["reference", "code", "lheading"])
"""Holds no state between calls."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One part, and from where to where it stands in the answer."""

    part: Part
    start: int
    end: int


def passages_of(markdown: str, *, literal: bool = False) -> list[Passage]:
    """The parts in their order, each with its place; nothing is lost but rules and the marks of emphasis and links.

    Args:
        markdown: what the model wrote.
        literal: whether the ends of lines and what is crossed out (`~~so~~`) stay as they were written.
    """
    safe = protected(markdown)
    lines = [0, *accumulate(len(line) for line in safe.text.splitlines(keepends=True))]
    reader = _Reader(safe.held, literal=literal)
    found: list[Passage] = []
    for node in SyntaxTreeNode(_PARSER.parse(safe.text)).children:
        # Each item of a list has a place of its own.
        for piece, parts in reader.items(node) if node.type in _LISTS else [(node, reader.block(node))]:
            first, last = (lines[min(line, len(lines) - 1)] for line in piece.map or (0, 0))
            last = first + len(safe.text[first:last].rstrip())
            start, end = safe.origin(first), safe.origin(last, end=True)
            found += [Passage(part, start, end) for part in parts]
    return found


def markdown_parts(markdown: str) -> list[Part]:
    """The parts in their order."""
    return [passage.part for passage in passages_of(markdown)]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads nodes of the parsed text; knows what its signs stand for."""

    held: Sequence[Held]
    literal: bool = False

    def block(self, node: SyntaxTreeNode) -> Iterator[Part]:
        """The parts that a block makes."""
        match node.type:
            case "heading":
                yield from self._heading(node)
            case "paragraph":
                yield from self._paragraph(node)
            case "bullet_list" | "ordered_list":
                yield from (part for _, parts in self.items(node) for part in parts)
            case "fence":
                yield from self._fence(node)
            case "html_block":
                yield from parts_of(parsed(SIGN.sub(lambda sign: _as_tag(self.held[int(sign[1])]), node.content)))
            case "hr":
                return
            case _:
                for child in node.children:
                    yield from self.block(child)

    def items(self, node: SyntaxTreeNode, level: int = 1) -> Iterator[tuple[SyntaxTreeNode, Iterator[Part]]]:
        """Each item of a list, and the parts that it makes."""
        for item in node.children:
            marker = f"{item.info}{item.markup}" if node.type == "ordered_list" else _BULLET
            yield item, self._item(item, marker, level=level)

    def _heading(self, node: SyntaxTreeNode) -> Iterator[Part]:
        text = " ".join(self._text(_inline_tokens(node)).split())
        if text:
            yield Part(BlockKind.SECTION_HEADER, text, level=int(node.tag[1]))

    def _fence(self, node: SyntaxTreeNode) -> Iterator[Part]:
        content = SIGN.sub(lambda sign: self.held[int(sign[1])].source, node.content).strip("\n")
        if node.info.strip().lower() in _MATH_FENCES:
            yield Part(BlockKind.FORMULA, content.strip(), latex=content.strip())
        elif content.strip():
            yield Part(BlockKind.CODE, content.rstrip())

    def _paragraph(self, node: SyntaxTreeNode) -> Iterator[Part]:
        """A paragraph, or the table that it is in truth."""
        lines = node.children[0].content.split("\n")
        head = next((i for i in range(1, len(lines)) if "|" in lines[i - 1] and _is_delimiter(lines[i])), 0)
        if not head:
            yield from self._prose(node.children[0].content)
            return
        last = next((i for i in range(head + 1, len(lines)) if "|" not in lines[i]), len(lines))
        yield from self._prose("\n".join(lines[: head - 1]))
        yield from self._table([lines[head - 1], *lines[head + 1 : last]])
        yield from self._prose("\n".join(lines[last:]))

    def _prose(self, source: str) -> Iterator[Part]:
        """Words with the formulas, tables and pictures that stand alone among them."""
        notes = [*_FOOTNOTE.finditer(source)]
        if notes:
            ends = [*(note.start() for note in notes[1:]), len(source)]
            yield from self._prose(source[: notes[0].start()])
            for note, end in zip(notes, ends, strict=True):
                yield Part(BlockKind.FOOTNOTE, f"{note[1]} {self._text(_inline(source[note.end() : end]))}".strip())
            return
        pictures = _lone_pictures(_inline(source))
        if pictures is not None:
            yield from (Part(BlockKind.PICTURE, self._restored(text)) for text in pictures)
            return
        place = 0
        for sign in SIGN.finditer(source):
            found = self.held[int(sign[1])]
            if found.kind == "inline" and sign[0] != source.strip():
                continue
            yield from self._words(source[place : sign.start()])
            yield from _standing(found)
            place = sign.end()
        yield from self._words(source[place:])

    def _words(self, source: str) -> Iterator[Part]:
        text = self._text(_inline(source.strip()))
        if text:
            yield Part(BlockKind.TEXT, text)

    def _item(self, item: SyntaxTreeNode, marker: str, *, level: int) -> Iterator[Part]:
        """The item's own words as one part, then what else stands in it: formulas, tables, lists one level deeper."""
        words: list[str] = []
        others: list[Part] = []
        for child in item.children:
            nested = (part for _, parts in self.items(child, level + 1) for part in parts)
            for part in nested if child.type in _LISTS else self.block(child):
                if part.kind is BlockKind.TEXT and not others:
                    words.append(part.text)
                else:
                    others.append(part)
        text = "\n".join(words)
        task = _TASK.match(text)
        if task:
            text, marker = text[task.end() :], UNCHECKED if task[1] == " " else CHECKED
        if text:
            yield Part(BlockKind.LIST_ITEM, text, marker=marker, level=level)
        yield from others

    def _table(self, lines: Sequence[str]) -> Iterator[Part]:
        rows = [[self._text(_inline(cell)) for cell in _cells(line)] for line in lines]
        headed = any(rows[0])
        rows = rows if headed else rows[1:]
        columns = max(map(len, rows), default=0)
        if not columns:
            return
        cells = tuple(
            Cell(row=r, column=c, text=text, header=headed and r == 0)
            for r, row in enumerate(rows)
            for c, text in enumerate(row)
        )
        table = Table(rows=len(rows), columns=columns, cells=cells)
        yield Part(BlockKind.TABLE, table_text(table), table=table)

    def _text(self, tokens: Sequence[Token]) -> str:
        r"""The words of inline tokens; formulas stand in them between `\(` and `\)`."""
        written = "".join(_as_written(token) if self.literal else _as_html(token) for token in tokens)
        text = text_of(parsed(written).children)
        return self._restored(text)

    def _restored(self, text: str) -> str:
        return SIGN.sub(lambda sign: _in_words(self.held[int(sign[1])]), text)


def _is_delimiter(line: str) -> bool:
    return "-" in line and "|" in line and _DELIMITER_ROW.match(line) is not None


def _cells(line: str) -> list[str]:
    cells = _CELL_EDGE.split(line.strip().removeprefix("|"))
    if len(cells) > 1 and not cells[-1].strip():
        cells.pop()
    return [cell.strip() for cell in cells]


def _standing(held: Held) -> Iterator[Part]:
    if held.kind == "table":
        yield from parts_of(parsed(held.source))
    else:
        yield Part(BlockKind.FORMULA, held.source, latex=held.source)


def _as_tag(held: Held) -> str:
    """What was taken out, as it stands in HTML."""
    if held.kind == "table":
        return held.source
    display = ' display="block"' if held.kind == "display" else ""
    return f"<math{display}>{html.escape(held.source)}</math>"


def _in_words(held: Held) -> str:
    if held.kind == "table":
        return " ".join(part.text for part in parts_of(parsed(held.source)))
    return rf"\({' '.join(held.source.split())}\)"


def _inline(source: str) -> Sequence[Token]:
    return _PARSER.parseInline(source)[0].children or ()


def _inline_tokens(node: SyntaxTreeNode) -> Sequence[Token]:
    return _inline(node.children[0].content) if node.children else ()


def _lone_pictures(tokens: Sequence[Token]) -> list[str] | None:
    """The descriptions of pictures, where there is nothing beside them."""
    seen = [token for token in tokens if token.type != "softbreak" and (token.type != "text" or token.content.strip())]
    if not seen or any(token.type != "image" for token in seen):
        return None
    return [" ".join(token.content.split()) for token in seen]


def _as_written(token: Token) -> str:
    """The same, but for the ends of lines and what is crossed out."""
    match token.type:
        case "softbreak":
            return "<br>"
        case "s_open" | "s_close":
            return "~~"
        case _:
            return _as_html(token)


def _as_html(token: Token) -> str:
    """The token as HTML that `text_of` reads: tags as they are, text escaped, marks of emphasis and links left out."""
    match token.type:
        case "html_inline":
            return token.content
        case "hardbreak":
            return "<br>"
        case "softbreak":
            return " "
        case "text" | "text_special" | "code_inline" | "image":
            return _NOTE_MARK.sub(r"<sup>\1</sup>", html.escape(token.content))
        case _:
            return ""
