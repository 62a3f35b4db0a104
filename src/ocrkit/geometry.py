"""Boxes, quads and the maps between page frames.

Every coordinate is in pixels of one page image, origin top left, y downwards. Knows numbers only.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

BBox: TypeAlias = tuple[float, float, float, float]
"""`(x0, y0, x1, y1)` with `x0 <= x1` and `y0 <= y1`."""

Point: TypeAlias = tuple[float, float]

Quad: TypeAlias = tuple[Point, Point, Point, Point]
"""Four corners in reading direction: start-top, end-top, end-bottom, start-bottom of the text.

The first edge runs along the text, so its angle is the angle at which the text is written.
"""


def normalized(box: Iterable[float]) -> BBox:
    """The box with its corners in order and rounded to hundredths of a pixel."""
    a, b, c, d = (round(float(v), 2) for v in box)
    return (min(a, c), min(b, d), max(a, c), max(b, d))


def width(box: BBox) -> float:
    """Width of the box in pixels."""
    return box[2] - box[0]


def height(box: BBox) -> float:
    """Height of the box in pixels."""
    return box[3] - box[1]


def area(box: BBox) -> float:
    """Area of the box in square pixels."""
    return width(box) * height(box)


def center(box: BBox) -> Point:
    """Middle point of the box."""
    return ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)


def union(boxes: Iterable[BBox]) -> BBox:
    """The smallest box around all the boxes.

    Raises:
        ValueError: there is no box.
    """
    items = list(boxes)
    if not items:
        raise ValueError("union of no boxes")
    return (
        min(b[0] for b in items),
        min(b[1] for b in items),
        max(b[2] for b in items),
        max(b[3] for b in items),
    )


def intersection(a: BBox, b: BBox) -> BBox | None:
    """The part that both boxes cover, or `None` where they share no area."""
    box = (max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3]))
    return box if box[0] < box[2] and box[1] < box[3] else None


def overlap(a: BBox, b: BBox) -> float:
    """Share of box `a` that box `b` covers, 0 to 1; 0 for an empty `a`."""
    common = intersection(a, b)
    return area(common) / area(a) if common and area(a) > 0 else 0.0


def clamp(box: BBox, page_width: float, page_height: float) -> BBox:
    """The box cut to the page; a box wholly outside collapses onto the nearest edge."""
    x0, y0, x1, y1 = normalized(box)
    return (
        min(max(x0, 0.0), page_width),
        min(max(y0, 0.0), page_height),
        min(max(x1, 0.0), page_width),
        min(max(y1, 0.0), page_height),
    )


def quad_of(box: BBox) -> Quad:
    """The quad of upright left-to-right text in the box."""
    x0, y0, x1, y1 = box
    return ((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def box_of(points: Iterable[Point]) -> BBox:
    """The smallest box around the points."""
    xs, ys = zip(*points, strict=True)
    return normalized((min(xs), min(ys), max(xs), max(ys)))


def angle_of(quad: Quad) -> float:
    """Angle of the text in degrees, clockwise on the page, in (-180, 180]; 0 is upright."""
    (x0, y0), (x1, y1) = quad[0], quad[1]
    return math.degrees(math.atan2(y1 - y0, x1 - x0))


class Affine:
    """A map `(x, y) -> (a·x + b·y + c, d·x + e·y + f)` from one page frame to another."""

    __slots__ = ("a", "b", "c", "d", "e", "f")

    def __init__(self, *coefficients: float) -> None:
        self.a, self.b, self.c, self.d, self.e, self.f = coefficients

    @classmethod
    def scale(cls, x: float, y: float) -> Affine:
        """The map that multiplies x and y."""
        return cls(x, 0.0, 0.0, 0.0, y, 0.0)

    @classmethod
    def turn(cls, degrees: int, page_width: float, page_height: float) -> Affine:
        """The map of a page turned clockwise by 0, 90, 180 or 270 degrees, onto the turned page.

        `page_width` and `page_height` are those of the page before it is turned.

        Raises:
            ValueError: `degrees` is not a quarter turn.
        """
        quarter = {
            0: (1.0, 0.0, 0.0, 0.0, 1.0, 0.0),
            90: (0.0, -1.0, page_height, 1.0, 0.0, 0.0),
            180: (-1.0, 0.0, page_width, 0.0, -1.0, page_height),
            270: (0.0, 1.0, 0.0, -1.0, 0.0, page_width),
        }.get(degrees % 360)
        if quarter is None:
            raise ValueError(f"not a quarter turn: {degrees}")
        return cls(*quarter)

    @property
    def keeps(self) -> bool:
        """Whether every point stays where it is."""
        return (self.a, self.b, self.c, self.d, self.e, self.f) == (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)

    def then(self, other: Affine) -> Affine:
        """The map that does this one first and `other` after it."""
        return Affine(
            other.a * self.a + other.b * self.d,
            other.a * self.b + other.b * self.e,
            other.a * self.c + other.b * self.f + other.c,
            other.d * self.a + other.e * self.d,
            other.d * self.b + other.e * self.e,
            other.d * self.c + other.e * self.f + other.f,
        )

    def point(self, point: Point) -> Point:
        """Where the point goes."""
        x, y = point
        return (self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f)

    def quad(self, quad: Quad) -> Quad:
        """Where the quad goes, its corners in the same order."""
        a, b, c, d = (self.point(p) for p in quad)
        return (a, b, c, d)

    def box(self, box: BBox) -> BBox:
        """The smallest box around where the box goes."""
        return box_of(self.quad(quad_of(box)))
