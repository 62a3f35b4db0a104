"""A line cut out of a tilted page is level and alone, and what is found on it goes back to its place."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ocrkit.geometry import Quad, box_of
from ocrkit.model import Line
from ocrkit.pipeline.samples import sample
from ocrkit.pipeline.strips import strip
from ocrkit.raster import PageImage

HEIGHT, WIDTH = 20, 400


def tilted(degrees: float, *, begins_at_the_end: bool = False, stripes: bool = False) -> tuple[PageImage, Line]:
    """White paper with a black bar, 400 by 20 pixels, turned by so much around its top left corner at (60, 150).

    With stripes it is as black as letters are.
    """
    x, y = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    a, b = (60.0, 150.0), (60 + WIDTH * x, 150 + WIDTH * y)
    c, d = (b[0] - HEIGHT * y, b[1] + HEIGHT * x), (a[0] - HEIGHT * y, a[1] + HEIGHT * x)
    quad: Quad = (c, d, a, b) if begins_at_the_end else (a, b, c, d)
    rows, columns = np.mgrid[:400, :600]
    along = (columns - 60) * x + (rows - 150) * y
    across = (rows - 150) * x - (columns - 60) * y
    bar = (along >= 0) & (along < WIDTH) & (across >= 0) & (across < HEIGHT)
    bar &= (along % 8 < 3) | (not stripes)
    pixels = np.repeat(np.where(bar, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
    return PageImage.from_array(pixels), Line(text="?", bbox=box_of(quad), quad=quad, confidence=0.3)


@pytest.mark.parametrize("degrees", [-12.0, 0.0, 3.0, 12.0])
@pytest.mark.parametrize("begins_at_the_end", [False, True])
def test_a_tilted_line_is_cut_out_level(degrees: float, *, begins_at_the_end: bool) -> None:
    cutting = strip(*tilted(degrees, begins_at_the_end=begins_at_the_end), margin=0.5)
    assert cutting is not None
    ink = cutting.image.pixels[:, :, 0] < 128
    assert ink.shape == (2 * HEIGHT, WIDTH + HEIGHT)
    assert ink[12:28, 14:-14].all()
    assert not ink[:8].any()
    assert not ink[-8:].any()


def test_places_on_the_cutting_go_back_to_the_page() -> None:
    image, line = tilted(8.0)
    cutting = strip(image, line, margin=0.5)
    assert cutting is not None
    assert line.quad is not None
    assert cutting.to_page.point((10, 10)) == pytest.approx(line.quad[0])
    assert cutting.to_page.point((10 + WIDTH, 10 + HEIGHT)) == pytest.approx(line.quad[2])


def test_a_long_line_is_cut_short() -> None:
    cutting = strip(*tilted(0.0), margin=0.0, longest=5)
    assert cutting is not None
    assert cutting.image.width == 5 * HEIGHT


def test_a_sample_of_tilted_lines_holds_no_piece_of_their_neighbours() -> None:
    image, line = tilted(4.0, stripes=True)
    picture = sample(image, [line])
    assert picture is not None
    assert picture.height == pytest.approx(25 + 2 * 12, abs=3)
    rows = np.flatnonzero((picture.pixels[:, :, 0] < 128).any(axis=1))
    assert rows[-1] - rows[0] + 1 == pytest.approx(HEIGHT, abs=2)


def test_lines_that_stand_on_end_give_no_sample() -> None:
    image, _ = tilted(0.0)
    assert sample(image, [Line(text="|", bbox=(10, 10, 30, 300), confidence=0.2)]) is None


def test_two_lines_of_very_different_height_still_give_a_sample() -> None:
    image, line = tilted(0.0, stripes=True)
    high = Line(text="?", bbox=(10, 200, 300, 290), confidence=0.3)
    assert sample(image, [high, line]) is not None
