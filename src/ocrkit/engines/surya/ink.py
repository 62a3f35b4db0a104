"""Whether anything is printed on a picture. Errs towards yes: what is wrongly called blank is lost in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

_CONTRAST = 24
"""Levels of grey (of 255) by which ink differs from the paper; noise of scanners and JPEG stays below."""
_SHARE = 2e-5
"""Share of a picture that ink covers at least: a page number on an A4 page at 192 dpi has twice as many pixels."""
_LEAST = 4
"""Pixels below which there is no sign in any picture."""


def has_ink(picture: Image.Image) -> bool:
    """Whether more than specks differ from the commonest half of the picture."""
    histogram = picture.convert("L").histogram()
    total = sum(histogram)
    passed = paper = 0
    while paper < len(histogram) - 1 and passed + histogram[paper] < total / 2:
        passed += histogram[paper]
        paper += 1
    ink = sum(histogram[: max(0, paper - _CONTRAST)]) + sum(histogram[paper + _CONTRAST + 1 :])
    return ink >= max(_LEAST, _SHARE * total)
