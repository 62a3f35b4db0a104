"""Reads strips with a quick network, and again with a better one where the quick one is in doubt.

The mean confidence of a line tells better than its lowest one whether the better network reads more of it right.
Knows strips, no pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ocrkit.engines.ppocr.crops import Strip
    from ocrkit.engines.ppocr.models import Size
    from ocrkit.engines.ppocr.recognize import Reading, Recognizer

ProfileName: TypeAlias = Literal["fast", "balanced", "accurate"]


@dataclass(frozen=True, slots=True)
class Profile:
    """Which networks read a page.

    Attributes:
        detector: finds the lines.
        first: reads every line.
        looked_at: pixels of the image on which lines are looked for.
        second: reads again what the first doubts; `None` for no such thing.
        doubt: mean confidence under which a line is doubted.
        doubts_spaces: whether a line is doubted too where a space may be or not.
        narrowed: share of its width to which a line is squeezed for the first network.
    """

    detector: Size
    first: Size
    looked_at: int
    second: Size | None = None
    doubt: float = 0.0
    doubts_spaces: bool = False
    narrowed: float = 1.0


PROFILES: dict[ProfileName, Profile] = {
    "fast": Profile(detector="tiny", first="tiny", second="small", doubt=0.87, looked_at=450_000, narrowed=0.8),
    "balanced": Profile(
        detector="tiny",
        first="tiny",
        second="small",
        doubt=0.98,
        doubts_spaces=True,
        looked_at=700_000,
        narrowed=0.85,
    ),
    "accurate": Profile(detector="small", first="small", looked_at=2_000_000),
}
"""The first levels were chosen on one half of five sets of scans, prints and receipts and checked on the other half;
the pixels looked at and the doubts of `balanced` since then on 48 pages of these sets, and not checked on others.

Squeezed to 0.85 of its width a line costs the quick network a seventh less and hardly an error more: what it misreads
then it doubts, and the better network, which sees the whole width, reads it again. Of 2,900 lines 812 are read again
for their confidence and 231 more for a space, and of all words 0.3 per cent more come out right for the latter.
"""
_SPACE_DOUBTED = (0.02, 0.6)
"""Probabilities between which a space may be one or not."""


class Cascade:
    """Reads strips the way a profile says.

    Args:
        first: reads every strip.
        second: gives what reads again the strips in doubt; `None` for no such thing.
        profile: says which these are.
    """

    def __init__(self, first: Recognizer, second: Callable[[], Recognizer] | None, *, profile: Profile) -> None:
        self._first = first
        self._second = second
        self._profile = profile

    def glance(self, strips: Sequence[Strip]) -> list[Reading]:
        """What the first network reads on each strip."""
        return self._first.read(strips)

    def settle(self, strips: Sequence[Strip], glances: Sequence[Reading]) -> list[Reading]:
        """What the profile makes of strips at which the first network has glanced."""
        settled = list(glances)
        if self._second is None:
            return settled
        doubted = [index for index, glance in enumerate(glances) if self._doubts(glance)]
        if doubted:
            again = self._second().read([strips[index] for index in doubted])
            for index, reading in zip(doubted, again, strict=True):
                settled[index] = reading
        return settled

    def _doubts(self, glance: Reading) -> bool:
        low, high = _SPACE_DOUBTED
        return glance.confidence < self._profile.doubt or (
            self._profile.doubts_spaces and any(low <= glyph.space < high for glyph in glance.glyphs)
        )
