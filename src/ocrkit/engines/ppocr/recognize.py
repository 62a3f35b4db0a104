"""Reads level strips: the recognition network, and what is read off its output.

The network is trained with CTC: at every 8 pixels it names a character or the blank, and a character said
several times over is one. Where it says one is where it stands. Knows strips, no pages.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from ocrkit.engines.ppocr.crops import HEIGHT, NARROWEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ocrkit.engines.ppocr.crops import Strip
    from ocrkit.engines.ppocr.runtime import Network, Tensor
    from ocrkit.raster import Pixels

_NARROWEST = 96
"""Pixels of the narrowest input."""
_WIDENING = 1.08
"""Each input width is this much wider than the one before: few shapes, 4 % of padding on average."""
_WIDEST = 3200
"""Pixels of the widest input, as the model's own configuration has it; a longer strip is read in parts."""
_SPACE = " "


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character that is not a space.

    Attributes:
        text: the character.
        confidence: 0 to 1.
        start: where it begins in the strip, in pixels, to half the network's step.
        end: where it ends.
        space: the highest probability of a space between the character before and this one, 0 to 1.
    """

    text: str
    confidence: float
    start: float
    end: float
    space: float

    @property
    def middle(self) -> float:
        """Pixels from the start of the strip."""
        return (self.start + self.end) / 2


@dataclass(frozen=True, slots=True)
class Reading:
    """What a network reads on a strip.

    Attributes:
        glyphs: the characters in reading direction.
        confidence: their mean confidence; 0 where there is none.
    """

    glyphs: tuple[Glyph, ...]

    @property
    def confidence(self) -> float:
        """Mean confidence of the characters; 0 where there are none."""
        return sum(glyph.confidence for glyph in self.glyphs) / len(self.glyphs) if self.glyphs else 0.0


class Recognizer:
    """Reads strips with one network and its alphabet.

    Args:
        network: takes a strip, gives frames.
        alphabet: the character of each class.
        narrowed: share of its width to which a strip is squeezed first; the work is less by as much.
    """

    def __init__(self, network: Network, alphabet: Sequence[str], *, narrowed: float = 1.0) -> None:
        self._network = network
        self._alphabet = alphabet
        self._narrowed = narrowed

    def read(self, strip: Strip) -> Reading:
        """What stands on the strip."""
        pixels = strip.pixels if self._narrowed == 1 else _narrowed(strip.pixels, self._narrowed)
        stretch = strip.pixels.shape[1] / pixels.shape[1]
        glyphs: list[Glyph] = []
        for start, end in parts(pixels):
            tensor = _tensor(pixels[:, start:end])
            frames = self._network(tensor)[0]
            step = tensor.shape[3] / frames.shape[0]
            used = min(frames.shape[0], math.ceil((end - start) / step) + 1)
            glyphs.extend(decode(frames[:used], self._alphabet, step=step * stretch, offset=start * stretch))
        return Reading(tuple(glyphs))


def decode(frames: Tensor, alphabet: Sequence[str], *, step: float, offset: float = 0.0) -> list[Glyph]:
    """The characters in a network's output (frames × classes, probabilities), best path.

    Args:
        frames: one row every `step` pixels; class 0 is the blank, the last one the space.
        alphabet: the character of each class.
        step: pixels of a frame.
        offset: pixels before the first frame.
    """
    best = frames.argmax(axis=1)
    sure = frames[np.arange(len(best)), best]
    spaces = frames[:, -1]
    begins = np.flatnonzero(np.diff(best, prepend=-1))
    ends = np.append(begins[1:], len(best))
    glyphs: list[Glyph] = []
    after = 0
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        text = alphabet[best[begin]]
        if text in {"", _SPACE}:
            continue
        glyphs.append(
            Glyph(
                text=text,
                confidence=min(1.0, float(sure[begin:end].max())),
                start=offset + begin * step,
                end=offset + end * step,
                space=float(spaces[after:begin].max(initial=0.0)),
            )
        )
        after = end
    return glyphs


def _narrowed(pixels: Pixels, share: float) -> Pixels:
    high, wide = pixels.shape[:2]
    size = (max(NARROWEST, round(wide * share)), high)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def input_width(width: int) -> int:
    """The input width, in pixels, at which a strip of this width is read."""
    wide = _NARROWEST
    while wide < width:
        wide = math.ceil(wide * _WIDENING / 16) * 16
    return wide


def parts(pixels: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """Where a strip is cut so that no part is wider than the network takes: at its emptiest columns."""
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


def _tensor(pixels: NDArray[np.uint8]) -> Tensor:
    width = pixels.shape[1]
    tensor = np.zeros((1, 3, HEIGHT, input_width(width)), np.float32)
    # The networks were trained on BGR; padding is the grey in the middle, as in training.
    np.multiply(pixels[:, :, ::-1].transpose(2, 0, 1), np.float32(1 / 127.5), out=tensor[0, :, :, :width])
    tensor[0, :, :, :width] -= 1
    return tensor
