from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from ocrkit.drawing.figures import Figures
from ocrkit.errors import SourceRequiredError
from ocrkit.model import Block, BlockKind, Page
from ocrkit.sources import open_source

if TYPE_CHECKING:
    from ocrkit.model import Rotation


def block(*box: float) -> Block:
    x0, y0, x1, y1 = box
    return Block(kind=BlockKind.PICTURE, text="", bbox=(x0, y0, x1, y1))


def page(*, rotation: Rotation = 0, width: int = 200, height: int = 100) -> Page:
    return Page(number=1, width=width, height=height, rotation=rotation)


def halves() -> Image.Image:
    """A page that is red on its left and blue on its right."""
    pixels = np.zeros((100, 200, 3), np.uint8)
    pixels[:, :100, 0] = pixels[:, 100:, 2] = 255
    return Image.fromarray(pixels)


def cut(made: Page, *box: float) -> Image.Image:
    with open_source(halves()) as source:
        figure = Figures(source).cut(made, block(*box))
    assert figure is not None
    picture = Image.open(io.BytesIO(figure.data))
    assert picture.size == (figure.width, figure.height)
    assert figure.address.startswith(f"data:{figure.media_type};base64,")
    return picture.convert("RGB")


def colour(picture: Image.Image, x: int, y: int) -> str:
    red, _, blue = np.asarray(picture)[y, x]
    return "red" if red > blue else "blue"


def test_a_picture_is_what_stands_in_its_box() -> None:
    picture = cut(page(), 60, 20, 120, 80)
    assert picture.size == (60, 60)
    assert [colour(picture, x, 30) for x in (5, 35, 45, 55)] == ["red", "red", "blue", "blue"]


def test_a_box_beyond_the_page_is_cut_to_it() -> None:
    assert cut(page(), -50, -50, 50, 500).size == (50, 100)


@pytest.mark.parametrize(("rotation", "ends"), [(90, ("red", "blue")), (180, ("blue", "red")), (270, ("blue", "red"))])
def test_a_picture_on_a_turned_page_stands_upright(rotation: Rotation, ends: tuple[str, str]) -> None:
    picture = cut(page(rotation=rotation), 0, 0, 200, 100)
    if rotation == 180:
        assert picture.size == (200, 100)
        assert (colour(picture, 5, 50), colour(picture, 195, 50)) == ends
    else:
        assert picture.size == (100, 200)
        assert (colour(picture, 50, 5), colour(picture, 50, 195)) == ends


def test_a_page_read_at_another_resolution_is_cut_at_the_same_place() -> None:
    picture = cut(page(width=100, height=50), 30, 10, 60, 40)
    assert picture.size == (60, 60)
    assert [colour(picture, x, 30) for x in (35, 45)] == ["red", "blue"]


def test_the_smaller_of_both_formats_is_taken() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), np.uint8)
    types = []
    for pixels in (noise, np.full((200, 200, 3), 200, np.uint8)):
        with open_source(pixels) as source:
            figure = Figures(source).cut(page(width=200, height=200), block(0, 0, 200, 200))
        assert figure is not None
        types.append(figure.media_type)
    assert types == ["image/jpeg", "image/png"]


def test_a_box_too_small_to_show_anything_has_no_picture() -> None:
    with open_source(halves()) as source:
        assert Figures(source).cut(page(), block(10, 10, 12, 90)) is None


def test_without_the_original_there_are_no_pictures() -> None:
    with pytest.raises(SourceRequiredError):
        Figures(None)
