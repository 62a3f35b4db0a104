from __future__ import annotations

import numpy as np

from ocrkit.model import Line, Word
from ocrkit.pipeline.pictures import cut, placed, regions, unread
from ocrkit.raster import PageImage


def line(text: str, x: float, y: float) -> Line:
    box = (x, y, x + 50, y + 10)
    quad = ((x, y), (x + 50, y + 1), (x + 50, y + 11), (x, y + 10))
    return Line(text=text, bbox=box, quad=quad, words=(Word(text=text, bbox=box),))


def test_pictures_that_touch_are_one_region_and_small_ones_none() -> None:
    boxes = [
        (0.0, 0.0, 100.0, 100.0),
        (90.0, 90.0, 200.0, 200.0),
        (400.0, 400.0, 420.0, 800.0),
        (150.0, -50.0, 900.0, 50.0),
    ]
    assert regions(boxes, width=500, height=900) == [(0.0, 0.0, 500.0, 200.0)]


def test_what_is_read_in_a_cut_goes_back_to_its_place() -> None:
    pixels = np.zeros((300, 200, 3), np.uint8)
    pixels[120, 60] = 255
    part = cut(PageImage.from_array(pixels, number=7, dpi=200), (50.0, 100.0, 150.0, 200.0))
    assert (part.number, part.width, part.height, part.dpi) == (7, 100, 100, 200)
    assert part.pixels[20, 10].tolist() == [255, 255, 255]
    moved = placed([line("a", 10, 20)], (50.0, 100.0, 150.0, 200.0))[0]
    assert list(moved.bbox) == [60, 120, 110, 130]
    assert moved.words[0].bbox == moved.bbox
    assert moved.quad is not None
    assert moved.quad[0] == (60, 120)


def test_a_line_read_again_where_one_is_known_is_dropped() -> None:
    assert [found.text for found in unread([line("again", 12, 1), line("new", 10, 40)], [line("known", 10, 0)])] == [
        "new"
    ]
