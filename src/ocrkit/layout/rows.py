"""Rows: pieces that stand at the same height, and the cutting and joining of lines along a row.

Knows nothing of blocks; loses no word.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from ocrkit.geometry import union
from ocrkit.layout.pieces import Piece, directional, is_wide

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocrkit.geometry import BBox, Quad
    from ocrkit.layout.pieces import Frame
    from ocrkit.model import Line, Word

SAME_ROW = 0.5
"""Share of the lower piece's height that two pieces of one row have in common."""


def rows_of(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """The pieces in rows from top to bottom, each row from left to right."""
    rows: list[list[Piece]] = []
    spans: list[tuple[float, float]] = []
    for piece in sorted(pieces, key=lambda p: (p.middle, p.box[0])):
        top, bottom = piece.box[1], piece.box[3]
        if rows:
            row_top, row_bottom = spans[-1]
            common = min(bottom, row_bottom) - max(top, row_top)
            lower = min(bottom - top, row_bottom - row_top)
            if common > SAME_ROW * lower or (lower <= 0 and common >= 0):
                rows[-1].append(piece)
                count = len(rows[-1])
                # The mean, not the union: a chain of slightly shifted pieces must not grow over two rows.
                spans[-1] = (row_top + (top - row_top) / count, row_bottom + (bottom - row_bottom) / count)
                continue
        rows.append([piece])
        spans.append((top, bottom))
    for row in rows:
        row.sort(key=lambda p: (p.box[0], p.box[2]))
    return rows


def split_at_gaps(piece: Piece, frame: Frame, gap: float) -> list[Piece]:
    """The piece cut where two of its words stand more than `gap` pixels apart; the piece alone where none do."""
    boxes = _word_boxes(piece, frame)
    return _split(piece, boxes, [i for i in range(1, len(boxes)) if boxes[i][0] - boxes[i - 1][2] > gap])


def word_gaps(piece: Piece, frame: Frame) -> list[tuple[float, float]]:
    """Where each blank between two words of the piece begins and ends; empty where its words are not known."""
    return [(a[2], b[0]) for a, b in pairwise(_word_boxes(piece, frame))]


def split_at(piece: Piece, frame: Frame, edges: Sequence[float]) -> list[Piece]:
    """The piece cut where an edge parts two of its words."""
    if not any(piece.box[0] < edge < piece.box[2] for edge in edges):
        return [piece]
    boxes = _word_boxes(piece, frame)
    middles = [(box[0] + box[2]) / 2 for box in boxes]
    cuts = [i for i in range(1, len(boxes)) if any(middles[i - 1] < edge <= middles[i] for edge in edges)]
    return _split(piece, boxes, cuts)


def _word_boxes(piece: Piece, frame: Frame) -> list[BBox]:
    """The words' boxes in the frame; empty where the line runs otherwise than the page."""
    words = piece.line.words
    if directional(piece.line) != frame.direction:
        return []
    return [frame.box(word.bbox) for word in words] if frame.map else [word.bbox for word in words]


def _split(piece: Piece, boxes: Sequence[BBox], cuts: Sequence[int]) -> list[Piece]:
    """The piece cut before the words at `cuts`; whole where its words cannot be found in its text."""
    words = piece.line.words
    texts = _cut_text(piece.line, cuts) if cuts else None
    if texts is None:
        return [piece]
    parts: list[Piece] = []
    for (start, end), text in zip(pairwise([0, *cuts, len(words)]), texts, strict=True):
        x0, x1 = boxes[start][0], max(b[2] for b in boxes[start:end])
        line = part_of(piece.line, words[start:end], text)
        parts.append(Piece(line, (x0, piece.box[1], max(x0, x1), piece.box[3]), piece.size))
    return parts


def part_of(line: Line, words: Sequence[Word], text: str) -> Line:
    """The part of a line that these words make up."""
    known = [w.confidence for w in words if w.confidence is not None]
    return line.model_copy(
        update={
            "text": text,
            "words": tuple(words),
            "bbox": union(w.bbox for w in words),
            "confidence": sum(known) / len(known) if known else line.confidence,
            "quad": _quad_around([w.quad for w in words]),
        },
    )


def joined(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces of one row as one piece; as they are where only some know their words, for none may be lost."""
    if len(pieces) <= 1 or len({bool(p.line.words) for p in pieces}) > 1:
        return list(pieces)
    lines = [p.line for p in pieces]
    text = lines[0].text
    for line in lines[1:]:
        text = join_words(text, line.text)
    known = [(line.confidence, max(1, len(line.text))) for line in lines if line.confidence is not None]
    weight = sum(n for _, n in known)
    main = max(pieces, key=lambda p: len(p.text))
    line = main.line.model_copy(
        update={
            "text": text,
            "words": tuple(w for item in lines for w in item.words),
            "bbox": union(item.bbox for item in lines),
            "confidence": min(1.0, sum(c * n for c, n in known) / weight) if known else None,
            "quad": _quad_around([item.quad for item in lines]),
        },
    )
    return [Piece(line, union(p.box for p in pieces), main.size)]


def join_words(before: str, after: str) -> str:
    """Two neighbouring texts as one: a space between them, none between full-width characters."""
    before, after = before.rstrip(), after.lstrip()
    if not before or not after:
        return before or after
    return before + after if is_wide(before[-1]) and is_wide(after[0]) else f"{before} {after}"


def _cut_text(line: Line, cuts: Sequence[int]) -> list[str] | None:
    """The line's text cut before the words at `cuts`; `None` where a word is not in the text."""
    starts: list[int] = []
    at = 0
    for word in line.words:
        found = line.text.find(word.text, at)
        if found < 0:
            return None
        starts.append(found)
        at = found + len(word.text)
    edges = [0, *(starts[i] for i in cuts), len(line.text)]
    return [line.text[a:b].strip() for a, b in pairwise(edges)]


def _quad_around(quads: Sequence[Quad | None]) -> Quad | None:
    first, last = quads[0], quads[-1]
    if first is None or last is None:
        return None
    return (first[0], last[1], last[2], first[3])
