from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageColor

from ocrkit.drawing import Layer, confidence_colour, kind_colour
from ocrkit.drawing.png import page_png
from ocrkit.model import Block, BlockKind, Line, Page, Word

WORD = Word(text="word", bbox=(150, 420, 300, 460), confidence=0.3)
LINE = Line(text="word", bbox=(150, 400, 500, 480), words=(WORD,))
BLOCKS = (
    Block(kind=BlockKind.TITLE, text="Title", bbox=(100, 100, 500, 200)),
    Block(kind=BlockKind.TEXT, text="word", bbox=(100, 380, 520, 700), lines=(LINE,)),
)
PAGE = Page(number=1, width=600, height=800, blocks=BLOCKS)
WHITE = np.full((800, 600, 3), 255, np.uint8)


def drawn(*layers: Layer) -> Image.Image:
    return Image.open(io.BytesIO(page_png(PAGE, WHITE, layers=layers)))


def near(picture: Image.Image, at: tuple[int, int], colour: str) -> bool:
    """Whether the colour is within three pixels of the place."""
    x, y = at
    part = np.asarray(picture.crop((x - 3, y - 3, x + 4, y + 4)))
    return bool((part == ImageColor.getrgb(colour)).all(axis=2).any())


def test_the_picture_has_the_size_of_the_page_and_nothing_is_drawn_unasked() -> None:
    picture = drawn()
    assert (picture.format, picture.size) == ("PNG", (600, 800))
    assert (np.asarray(picture) == 255).all()


@pytest.mark.parametrize(
    ("layer", "at", "kind"),
    [
        ("blocks", (400, 100), BlockKind.TITLE),
        ("blocks", (400, 700), BlockKind.TEXT),
        ("lines", (400, 480), BlockKind.TEXT),
        ("words", (250, 460), BlockKind.TEXT),
    ],
)
def test_outlines_stand_on_their_boxes_in_the_colour_of_their_kind(
    layer: Layer, at: tuple[int, int], kind: BlockKind
) -> None:
    assert near(drawn(layer), at, kind_colour(kind))
    assert not near(drawn("order"), at, kind_colour(kind))


def test_words_are_tinted_by_their_confidence() -> None:
    picture = np.asarray(drawn("confidence")).astype(int)
    colour = np.array(ImageColor.getrgb(confidence_colour(0.3)))
    inside, outside = picture[440, 200], picture[440, 400]
    assert (outside == 255).all()
    assert np.abs(255 - (255 - colour) * 110 / 255 - inside).max() <= 2


def test_numbered_discs_stand_at_the_first_corners() -> None:
    picture = drawn("order")
    assert near(picture, (93, 95), kind_colour(BlockKind.TITLE))
    assert near(picture, (93, 375), kind_colour(BlockKind.TEXT))


def test_grey_pixels_are_left_as_they_were() -> None:
    before = WHITE.copy()
    page_png(PAGE, before, layers=["blocks"])
    assert (before == WHITE).all()
