"""The picture areas of a page that also has text of its own: cut out, read apart, put back in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit import geometry
from ocrkit.geometry import Affine
from ocrkit.raster import PageImage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocrkit.geometry import BBox
    from ocrkit.model import Line, Word

MIN_SIDE = 40
"""Pixels below which a picture holds no line of text worth reading (rules, bullets, icons)."""

SAME_PLACE = 0.5
"""Share of a line that a known line must cover to be the same line read again."""


def regions(pictures: Iterable[BBox], *, width: int, height: int) -> list[BBox]:
    """The picture boxes to read, cut to the page, overlapping ones joined, small ones left out."""
    joined: list[BBox] = []
    for picture in pictures:
        box = geometry.clamp(picture, width, height)
        while touching := [other for other in joined if geometry.intersection(box, other)]:
            box = geometry.union([box, *touching])
            joined = [other for other in joined if other not in touching]
        joined.append(box)
    return [box for box in joined if min(geometry.width(box), geometry.height(box)) >= MIN_SIDE]


def cut(image: PageImage, box: BBox) -> PageImage:
    """The part of the page inside the box, as a page image of the same number and resolution."""
    x0, y0, x1, y1 = (round(v) for v in box)
    return PageImage.from_array(image.pixels[y0:y1, x0:x1], number=image.number, dpi=image.dpi)


def placed(lines: Iterable[Line], box: BBox) -> list[Line]:
    """Lines read in `cut(image, box)`, moved to where they stand on the page."""
    return mapped(lines, _to_page(box))


def placed_box(part: BBox, box: BBox) -> BBox:
    """A box in `cut(image, box)`, moved to where it stands on the page."""
    return _to_page(box).box(part)


def mapped(lines: Iterable[Line], to_page: Affine) -> list[Line]:
    """The lines in another frame of the page; those that are not upright there have their exact corners."""
    if to_page.keeps:
        return list(lines)
    return [
        line.model_copy(update={**_corners(line, to_page), "words": tuple(_word(word, to_page) for word in line.words)})
        for line in lines
    ]


def unread(lines: Iterable[Line], known: Sequence[Line]) -> list[Line]:
    """The lines that do not repeat a known line in the same place."""
    return [line for line in lines if not any(geometry.overlap(line.bbox, other.bbox) > SAME_PLACE for other in known)]


def _to_page(box: BBox) -> Affine:
    return Affine(1.0, 0.0, round(box[0]), 0.0, 1.0, round(box[1]))


def _word(word: Word, to_page: Affine) -> Word:
    return word.model_copy(update=_corners(word, to_page))


def _corners(item: Line | Word, to_page: Affine) -> dict[str, object]:
    quad = to_page.quad(item.quad or geometry.quad_of(item.bbox))
    upright = item.quad is None and abs(geometry.angle_of(quad)) < 1.0
    return {"bbox": to_page.box(item.bbox), "quad": None if upright else quad}
