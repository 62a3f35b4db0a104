"""What is drawn on a page image to show what was read there; `png` draws it, the `view` format lets a browser do it.

Knows neither files nor formats.
"""

from ocrkit.drawing.marks import (
    DEFAULT_LAYERS,
    LAYERS,
    Layer,
    Mark,
    badge_at,
    confidence_colour,
    kind_colour,
    kind_name,
    label_size,
    marks,
)

__all__ = [
    "DEFAULT_LAYERS",
    "LAYERS",
    "Layer",
    "Mark",
    "badge_at",
    "confidence_colour",
    "kind_colour",
    "kind_name",
    "label_size",
    "marks",
]
