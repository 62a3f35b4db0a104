"""What a recognition network says of each frame, out of its thousands of classes: the likeliest one, and the space.

Knows numbers, no characters. A network gives probabilities, or the scores that softmax would make them of. Softmax over
all classes of all frames, with the memory it takes, is a fifth of a network's time, and more than half of the frames
are blank beyond doubt: from scores it is computed for the others alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[np.float32]
    Bits = NDArray[np.uint16]

_BLANK = 0
_LEAST_SPACE = 0.005
"""Probability of a space under which nobody asks for it."""
_AT_ONCE = 16
"""Frames whose scores stay in the processor's cache together."""


@dataclass(frozen=True, slots=True)
class Frames:
    """One entry a frame, in reading direction.

    Attributes:
        best: number of the likeliest class.
        sure: its probability, 0 to 1; from scores 0 where that class is the blank.
        space: probability of a space, 0 to 1; from scores 0 where it is next to none.
    """

    best: NDArray[np.intp]
    sure: Rows
    space: Rows

    def __len__(self) -> int:
        return len(self.best)

    def part(self, first: int, last: int) -> Frames:
        """The frames from `first` up to `last`."""
        return Frames(self.best[first:last], self.sure[first:last], self.space[first:last])


def frames_of(output: Rows | Bits, *, classes: int) -> Frames:
    """The frames of a network's output.

    Args:
        output: frames × classes: probabilities, or scores as the bits of bfloat16 numbers. Class 0 is the blank; what
            comes after the last class is padding.
        classes: how many there are; the last one is the space.
    """
    if output.dtype == np.uint16:
        return _of_scores(output.view(np.uint16), classes)
    best = output.argmax(axis=1)
    chances = output.astype(np.float32, copy=False)
    return Frames(best, chances[np.arange(len(best)), best], chances[:, classes - 1])


def _of_scores(bits: Bits, classes: int) -> Frames:
    # Bits of numbers above 0 are in the order of the numbers, and the likeliest class has nearly always such a score.
    best = bits.view(np.int16).argmax(axis=1)
    top = _numbers(bits[np.arange(len(best)), best])
    if (top < 0).any():
        best = _numbers(bits).argmax(axis=1)
        top = _numbers(bits[np.arange(len(best)), best])
    space = np.exp(_numbers(bits[:, classes - 1]) - top)
    # Softmax divides by 1 at least, so what is less than this before is less after.
    asked = np.flatnonzero((best != _BLANK) | (space > _LEAST_SPACE))
    sure, spaced = np.zeros(len(best), np.float32), np.zeros(len(best), np.float32)
    for rows in (asked[start : start + _AT_ONCE] for start in range(0, len(asked), _AT_ONCE)):
        chances = _numbers(bits[rows])
        chances -= top[rows, np.newaxis]
        total = np.exp(chances, out=chances).sum(axis=1)
        sure[rows] = (best[rows] != _BLANK) / total
        spaced[rows] = space[rows] / total
    return Frames(best, sure, spaced)


def _numbers(bits: Bits) -> Rows:
    """The bfloat16 numbers of these bits: a 32-bit number is one with 16 bits more."""
    return (bits.astype(np.uint32) << 16).view(np.float32)
