"""The texts of a page that are to be translated, and the page with their translations. Pure functions over values.

Boxes, lines, words, markers, tables and ids stay; formulas and code are left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.model import BlockKind, PageWarning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ocrkit.model import Block, Cell, Page, Table

WARNING = "not_translated"
"""Code of the warning on a page of which something stays in its own language."""

_LEFT_ALONE = frozenset({BlockKind.CODE, BlockKind.FORMULA})
_SENTENCE_SIGNS = (".", "!", "?", ":", ";", "。", "！", "？")


def texts_of(page: Page) -> Iterator[str]:
    """Every text of the page that stands by itself: a paragraph, a line of an address, a cell."""
    for block in page.blocks:
        if block.kind in _LEFT_ALONE or block.latex is not None:
            continue
        texts = [cell.text for cell in block.table.cells] if block.table else [block.text]
        for text in texts:
            yield from (line.strip() for line in _lines(text) if line.strip())


def translated_page(page: Page, found: Mapping[str, str | None]) -> Page:
    """The page with the translations of its texts; those without one stay, and a warning says how many.

    Args:
        page: as it was read.
        found: each of `texts_of(page)` with its translation, or `None` where there is none.
    """
    blocks = tuple(_block(block, found) for block in page.blocks)
    texts = list(texts_of(page))
    kept = sum(found.get(text) is None for text in texts)
    page = page.model_copy(update={"blocks": blocks})
    if not kept:
        return page
    which = "The text stands" if kept == len(texts) == 1 else f"{kept} of {len(texts)} texts stand"
    return not_translated(
        page, f"{which} as read: their translation would have changed a number or an address, or was empty."
    )


def not_translated(page: Page, message: str) -> Page:
    """The page with the warning that something of it is not translated."""
    return page.model_copy(update={"warnings": (*page.warnings, PageWarning(code=WARNING, message=message))})


def _block(block: Block, found: Mapping[str, str | None]) -> Block:
    if block.kind in _LEFT_ALONE or block.latex is not None:
        return block
    if block.table is not None:
        table = _table(block.table, found)
        if table == block.table:
            return block
        text = "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in table.grid())
        return block.model_copy(update={"table": table, "text": text, "source_text": block.text})
    text = _text(block.text, found)
    return block if text == block.text else block.model_copy(update={"text": text, "source_text": block.text})


def _table(table: Table, found: Mapping[str, str | None]) -> Table:
    return table.model_copy(update={"cells": tuple(_cell(cell, found) for cell in table.cells)})


def _cell(cell: Cell, found: Mapping[str, str | None]) -> Cell:
    text = _text(cell.text, found)
    return cell if text == cell.text else cell.model_copy(update={"text": text, "source_text": cell.text})


def _text(text: str, found: Mapping[str, str | None]) -> str:
    """The text with the translation of each of its lines, in the blanks that stood around it."""
    lines = _lines(text)
    made = [_line(line, found.get(line.strip())) for line in lines]
    return text if made == lines else "\n".join(made)


def _line(line: str, translation: str | None) -> str:
    core = line.strip()
    return line.replace(core, translation, 1) if core and translation is not None else line


def _lines(text: str) -> list[str]:
    """The lines of the text, one that goes on in the next joined with it."""
    lines: list[str] = []
    for line in text.split("\n"):
        before = lines[-1] if lines else ""
        goes_on = before.strip() and not before.rstrip().endswith(_SENTENCE_SIGNS) and line.lstrip()[:1].islower()
        if goes_on:
            lines[-1] = f"{before.rstrip()} {line.lstrip()}"
        else:
            lines.append(line)
    return lines
