"""Lays strips into the inputs of a recognition network. Knows pixels and widths, no characters.

A network takes some time to get ready for an input of a new shape, with OpenVINO several times as long as reading it:
there strips are laid side by side into inputs of one width.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ocrkit.engines.ppocr.crops import HEIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from ocrkit.engines.ppocr.runtime import Tensor
    from ocrkit.raster import Pixels

STEP = 8
"""Pixels of input for each frame of output."""
_NARROWEST = 96
"""Pixels of the narrowest input."""
_WIDENING, _WIDENING_ONE_SHAPE = 1.08, 1.25
"""Each input width is this much wider than the one before: 4 % of padding on average, or a third of the shapes."""
_WIDEST = 2400
"""Pixels of the widest input, a line of 100 characters; a longer strip is read in parts, for memory grows by width."""
_GAP = 24
"""Pixels between strips that share an input, which takes a seventh more pixels than the strips have. Of 1,300 strips
the share misread rose from 0.82 to 0.89 per cent of characters; from 16 to 48 pixels that makes no difference."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a strip in an input.

    Attributes:
        strip: which strip, from 0.
        start: pixels from the start of the strip.
        end: where it ends there.
        at: where it begins in the input, a multiple of `STEP`.
    """

    strip: int
    start: int
    end: int
    at: int = 0

    @property
    def width(self) -> int:
        """Its pixels."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Given:
    """What one input holds, `width` pixels wide."""

    width: int
    pieces: tuple[Piece, ...]


def one_each(strips: Sequence[Pixels], *, one_shape: bool) -> Iterator[Given]:
    """An input for each part of a strip, narrow ones first, so that their shapes change seldom."""
    widening = _WIDENING_ONE_SHAPE if one_shape else _WIDENING
    for piece in sorted(_pieces(strips), key=lambda piece: piece.width):
        yield Given(input_width(piece.width, widening), (piece,))


def bundled(strips: Sequence[Pixels]) -> Iterator[Given]:
    """Inputs of one width, each with as many parts of strips as find room: the first that has it, wide ones first."""
    rows: list[list[Piece]] = []
    for piece in sorted(_pieces(strips), key=lambda piece: -piece.width):
        for row in rows:
            at = -(-(row[-1].at + row[-1].width + _GAP) // STEP) * STEP
            if at + piece.width <= _WIDEST:
                row.append(Piece(piece.strip, piece.start, piece.end, at))
                break
        else:
            rows.append([piece])
    yield from (Given(_WIDEST, tuple(row)) for row in rows)


def filled(given: Given, strips: Sequence[Pixels]) -> Tensor:
    """The input as the networks want it: 1 × 3 × 48 × width."""
    tensor = np.zeros((1, 3, HEIGHT, given.width), np.float32)
    for piece in given.pieces:
        # The networks were trained on BGR; padding is the grey in the middle, as in training.
        pixels = strips[piece.strip][:, piece.start : piece.end, ::-1].transpose(2, 0, 1)
        place = tensor[0, :, :, piece.at : piece.at + piece.width]
        np.multiply(pixels, np.float32(1 / 127.5), out=place)
        place -= 1
    return tensor


def input_width(width: int, widening: float = _WIDENING) -> int:
    """The input width, in pixels, at which a strip of this width is read on its own."""
    wide = _NARROWEST
    while wide < width:
        wide = math.ceil(wide * widening / 16) * 16
    return wide


def parts(pixels: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """Where a strip is cut so that no part is wider than the input: at its emptiest columns."""
    width = pixels.shape[1]
    if width <= _WIDEST:
        return [(0, width)]
    busy = pixels.max(axis=2).astype(np.int16)
    unrest = np.abs(np.diff(busy, axis=0)).sum(axis=0)
    cuts = [0]
    while width - cuts[-1] > _WIDEST:
        low, high = cuts[-1] + _WIDEST // 2, cuts[-1] + _WIDEST
        smooth = np.convolve(unrest[low:high], np.ones(9), "same")
        cuts.append(low + int(smooth.argmin()))
    return list(zip(cuts, [*cuts[1:], width], strict=True))


def _pieces(strips: Sequence[Pixels]) -> Iterator[Piece]:
    for index, strip in enumerate(strips):
        yield from (Piece(index, start, end) for start, end in parts(strip))
