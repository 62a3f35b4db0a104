"""Reads level strips: the recognition network, and what is read off its output.

The network is trained with CTC: at every 8 pixels it names a character or the blank, and a character said
several times over is one. Where it says one is where it stands. Knows strips, no pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from ocrkit.engines.ppocr.crops import NARROWEST
from ocrkit.engines.ppocr.frames import frames_of
from ocrkit.engines.ppocr.tensors import STEP, bundled, filled, one_each

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.engines.ppocr.crops import Strip
    from ocrkit.engines.ppocr.frames import Frames
    from ocrkit.engines.ppocr.runtime import Network
    from ocrkit.raster import Pixels

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
        together: whether strips may be laid side by side into one input, where the network is the faster for it;
            only for a network that looks no farther than the neighbouring characters.
    """

    def __init__(
        self, network: Network, alphabet: Sequence[str], *, narrowed: float = 1.0, together: bool = False
    ) -> None:
        self._network = network
        self._alphabet = alphabet
        self._narrowed = narrowed
        self._together = together and network.one_shape

    def read(self, strips: Sequence[Strip]) -> list[Reading]:
        """What stands on each strip."""
        narrow = [_narrowed(strip.pixels, self._narrowed) for strip in strips]
        inputs = bundled(narrow) if self._together else one_each(narrow, one_shape=self._network.one_shape)
        found: list[list[tuple[int, list[Glyph]]]] = [[] for _ in strips]
        for given in inputs:
            frames = frames_of(self._network(filled(given, narrow))[0], classes=len(self._alphabet))
            for piece in given.pieces:
                stretch = strips[piece.strip].pixels.shape[1] / narrow[piece.strip].shape[1]
                first = piece.at // STEP
                used = frames.part(first, -(-(piece.at + piece.end - piece.start) // STEP) + 1)
                glyphs = decode(used, self._alphabet, step=STEP * stretch, offset=piece.start * stretch)
                found[piece.strip].append((piece.start, glyphs))
        return [
            Reading(tuple(glyph for _, glyphs in sorted(parts, key=lambda part: part[0]) for glyph in glyphs))
            for parts in found
        ]


def decode(frames: Frames, alphabet: Sequence[str], *, step: float, offset: float = 0.0) -> list[Glyph]:
    """The characters in a network's output, best path.

    Args:
        frames: one every `step` pixels.
        alphabet: the character of each class.
        step: pixels of a frame.
        offset: pixels before the first frame.
    """
    if not len(frames):
        return []
    begins = np.flatnonzero(np.diff(frames.best, prepend=-1))
    runs = zip(
        frames.best[begins].tolist(),
        begins.tolist(),
        [*begins[1:].tolist(), len(frames)],
        np.maximum.reduceat(frames.sure, begins).tolist(),
        np.maximum.reduceat(frames.space, begins).tolist(),
        strict=True,
    )
    glyphs: list[Glyph] = []
    space = 0.0
    for which, begin, end, confidence, spaced in runs:
        text = alphabet[which]
        if text in {"", _SPACE}:
            space = max(space, spaced)
            continue
        start, stop = offset + begin * step, offset + end * step
        glyphs.append(Glyph(text=text, confidence=min(1.0, confidence), start=start, end=stop, space=space))
        space = 0.0
    return glyphs


def _narrowed(pixels: Pixels, share: float) -> Pixels:
    if share == 1:
        return pixels
    high, wide = pixels.shape[:2]
    size = (max(NARROWEST, round(wide * share)), high)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
