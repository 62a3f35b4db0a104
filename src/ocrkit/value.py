"""What every value is made of: its base class, boxes and confidences that are checked. Knows no document."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ocrkit.geometry import BBox


class Value(BaseModel):
    """Base of all values: frozen, compared by content; unknown JSON fields of a newer minor version are ignored."""

    model_config = ConfigDict(frozen=True)


def _checked_box(box: BBox) -> BBox:
    x0, y0, x1, y1 = box
    if not all(map(math.isfinite, box)):
        raise ValueError("a box must have finite corners")
    if x1 < x0 or y1 < y0:
        raise ValueError("a box must be (x0, y0, x1, y1) with x0 <= x1 and y0 <= y1")
    return box


Box = Annotated[BBox, AfterValidator(_checked_box)]
"""`(x0, y0, x1, y1)` in pixels of the page image, origin top left, x0 <= x1 and y0 <= y1."""

Confidence = Annotated[float, Field(ge=0.0, le=1.0)]
"""Probability that the text is right, 0 to 1. `None` stands for unknown, never a made-up 1.0."""
