"""What a PDF draws with: its content streams with their resources, and every dictionary that can be reached.

Knows the structure of PDF files, not what may stand in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

INVISIBLE = 3
"""Text rendering mode that neither fills nor strokes (PDF 32000-1, table 106)."""

SHOWING = frozenset({"Tj", "TJ", "'", '"'})
"""Operators that show text."""

UNREADABLE = (pikepdf.PikepdfError, TypeError, ValueError)
"""What pikepdf raises where contents are broken, some of it only when an instruction is looked at."""

_TILING = 1
"""The kind of pattern that has contents (PDF 32000-1, table 75)."""

Instruction: TypeAlias = pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage


class Content(NamedTuple):
    """One content stream (of a page, a form, a pattern or an annotation) and what its names stand for."""

    stream: pikepdf.Page | Stream
    resources: Dictionary


def contents(pdf: pikepdf.Pdf) -> Iterator[Content]:
    """The content streams that pages and annotations draw, each once."""
    seen: set[tuple[int, int]] = set()
    for page in pdf.pages:
        yield Content(page, page.resources)
        yield from forms(page.resources, seen)
        for annotation in page.obj.get(Name.Annots, Array()):
            yield from forms(Dictionary(XObject=_appearances(annotation)), seen)


def _appearances(annotation: pikepdf.Object) -> Dictionary:
    made = Dictionary()
    found = annotation.get(Name.AP) if isinstance(annotation, Dictionary) else None
    for value in found.values() if isinstance(found, Dictionary) else ():
        for stream in value.values() if isinstance(value, Dictionary) and not isinstance(value, Stream) else (value,):
            if isinstance(stream, Stream):
                made[f"/A{len(made)}"] = stream
    return made


def forms(resources: Dictionary, seen: set[tuple[int, int]]) -> Iterator[Content]:
    """The form XObjects and patterns among the resources, and those within them; none that was `seen`."""
    waiting = [resources]
    while waiting:
        found = waiting.pop()
        for kind in (Name.XObject, Name.Pattern):
            values = found.get(kind)
            for stream in values.values() if isinstance(values, Dictionary) else ():
                if not isinstance(stream, Stream) or not _draws(stream) or stream.objgen in seen:
                    continue
                seen.add(stream.objgen)
                # A form without resources of its own takes those of what draws it (PDF 32000-1, 7.8.3).
                own = stream.get(Name.Resources)
                inner = own if isinstance(own, Dictionary) else found
                yield Content(stream, inner)
                waiting.append(inner)


def _draws(stream: Stream) -> bool:
    return stream.get(Name.Subtype) == Name.Form or stream.get(Name.PatternType) == _TILING


class TextState:
    """The font and the rendering mode while a content stream is gone through."""

    def __init__(self) -> None:
        self.font = ""
        self.mode = 0
        self._saved: list[tuple[str, int]] = []

    def follow(self, instruction: Instruction) -> None:
        """Takes in what the instruction changes."""
        operator, operands = str(instruction.operator), instruction.operands
        if operator == "q":
            self._saved.append((self.font, self.mode))
        elif operator == "Q" and self._saved:
            self.font, self.mode = self._saved.pop()
        elif operator == "Tf" and operands:
            self.font = str(operands[0])
        elif operator == "Tr" and operands:
            self.mode = int(operands[0])


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[Dictionary | Stream]:
    """Every dictionary and stream that can be reached from the file's root, each once."""
    seen: set[tuple[int, int]] = set()
    waiting: list[pikepdf.Object] = [pdf.Root]
    while waiting:
        found = waiting.pop()
        if found.is_indirect:
            if found.objgen in seen:
                continue
            seen.add(found.objgen)
        if isinstance(found, (Dictionary, Stream)):
            yield found
            waiting += _objects(found.values())
        elif isinstance(found, Array):
            waiting += _objects(found)


def _objects(values: Iterable[object]) -> list[pikepdf.Object]:
    return [value for value in values if isinstance(value, (Dictionary, Stream, Array))]
