"""Pages at any angle read as the upright one does, and their boxes lie on the page as given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from ocrkit.engines.ppocr.orientation import straightened, turned
from ocrkit.geometry import angle_of

if TYPE_CHECKING:
    from collections.abc import Callable

Read = Any
Drawn = Any


@pytest.mark.parametrize(("counter_clockwise", "rotation"), [(90, 90), (180, 180), (270, 270)])
def test_a_turned_page_reads_like_the_upright_one(
    read: Read, drawn: Drawn, lines: tuple[str, ...], counter_clockwise: int, rotation: int
) -> None:
    image = drawn.page(counter_clockwise)
    page = read(image)
    assert [line.text for line in page.lines] == list(lines)
    assert page.rotation == rotation
    for line in page.lines:
        assert line.quad is not None
        assert (round(angle_of(line.quad)) + rotation) % 360 == 0
        x0, y0, x1, y1 = (round(v) for v in line.bbox)
        assert image.pixels[y0:y1, x0:x1].min() < 64, "the box has no ink"


@pytest.mark.parametrize("tilt", [-10, -3, 3, 10])
def test_a_tilted_page_reads_like_the_level_one(read: Read, drawn: Drawn, lines: tuple[str, ...], tilt: int) -> None:
    page = read(drawn.page(-tilt))
    assert [line.text for line in page.lines] == list(lines)
    assert page.rotation == 0
    assert page.skew == pytest.approx(tilt, abs=0.5)
    assert all(line.quad and angle_of(line.quad) == pytest.approx(tilt, abs=1) for line in page.lines)


def test_a_page_turned_and_tilted_says_both(read: Read, drawn: Drawn, lines: tuple[str, ...]) -> None:
    page = read(drawn.page(90 - 5))
    assert [line.text for line in page.lines] == list(lines)
    assert page.rotation == 90
    assert page.skew == pytest.approx(5, abs=0.5)


def test_orientation_can_be_switched_off(read: Read, drawn: Drawn) -> None:
    page = read(drawn.page(180), orientation=False)
    assert page.rotation == 0


def test_one_upside_down_line_is_told_by_reading_it_both_ways(read: Read, draw: Callable[..., Drawn]) -> None:
    page = read(draw(["Hello World and everybody"]).page(180))
    assert [line.text for line in page.lines] == ["Hello World and everybody"]
    assert page.rotation == 180


def test_the_maps_back_from_a_turned_and_a_straightened_image_are_true() -> None:
    pixels = np.zeros((60, 90, 3), np.uint8)
    pixels[10, 20] = 255
    for turn in (90, 180, 270):
        image, back = turned(pixels, turn)
        y, x = np.argwhere(image[:, :, 0])[0]
        assert back.point((x + 0.5, y + 0.5)) == pytest.approx((20.5, 10.5)), turn
    image, back = straightened(pixels, 7.0)
    y, x = np.unravel_index(image[:, :, 0].argmax(), image.shape[:2])
    assert back.point((float(x), float(y))) == pytest.approx((20, 10), abs=1)


def test_straightening_cuts_no_corner_off() -> None:
    pixels = np.zeros((60, 90, 3), np.uint8)
    pixels[:4, :4] = pixels[-4:, -4:] = 255
    image, back = straightened(pixels, 10.0)
    for corner in ((0.0, 0.0), (89.0, 59.0)):
        rows, columns = np.nonzero(image[:, :, 0] > 128)
        places = [back.point((float(x), float(y))) for x, y in zip(columns, rows, strict=True)]
        assert min(abs(x - corner[0]) + abs(y - corner[1]) for x, y in places) < 4
