"""Ruling lines that are drawn on pages and looked for in their pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from tests.layout.pages import line
from tests.layout.pages import page as page_of

from ocrkit.geometry import Affine
from ocrkit.model import Word
from ocrkit.pipeline.pictures import mapped
from ocrkit.pipeline.rulings import find_rulings
from ocrkit.raster import PageImage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.geometry import BBox
    from ocrkit.model import Line, Page, Rotation

SIZE = 30.0
WIDTH, HEIGHT = 1400, 1000
XS, YS = (100, 500, 900, 1300), (200, 260, 320, 380)
LINES = [line("some words", x + 20.0, y + 12.0, size=SIZE) for x in XS[:-1] for y in YS[:-1]]


def _paper() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    return picture, ImageDraw.Draw(picture)


def _grid() -> Image.Image:
    picture, draw = _paper()
    for y in YS:
        draw.line((XS[0], y, XS[-1], y), fill=(90, 90, 90), width=2)
    for x in XS:
        draw.line((x, YS[0], x, YS[-1]), fill=(90, 90, 90), width=1)
    return picture


def _found(picture: Image.Image, page: Page) -> tuple[list[BBox], list[BBox]]:
    """The level and the upright rulings of the picture."""
    rulings = find_rulings(PageImage.from_array(np.asarray(picture)), page)
    level = sorted((r for r in rulings if r[2] - r[0] > r[3] - r[1]), key=lambda r: r[1])
    return level, sorted((r for r in rulings if r not in level), key=lambda r: r[0])


def _middles(boxes: Sequence[BBox], axis: int) -> list[float]:
    return [(box[axis] + box[axis + 2]) / 2 for box in boxes]


def test_a_grid_is_found_where_it_is_drawn() -> None:
    level, upright = _found(_grid(), page_of(LINES, width=WIDTH, height=HEIGHT))
    assert _middles(level, 1) == pytest.approx(YS, abs=3)
    assert _middles(upright, 0) == pytest.approx(XS, abs=3)
    assert [r[0] for r in level] == pytest.approx([XS[0]] * 4, abs=6)
    assert [r[2] for r in level] == pytest.approx([XS[-1]] * 4, abs=6)


@pytest.mark.parametrize("degrees", [-1.4, 0.7, 1.4])
def test_a_ruling_askew_is_one_ruling(degrees: float) -> None:
    picture = _grid().rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor="white")
    level, upright = _found(picture, page_of(LINES, width=WIDTH, height=HEIGHT))
    assert (len(level), len(upright)) == (4, 4)


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rulings_of_a_page_on_its_side_are_where_its_picture_shows_them(rotation: Rotation) -> None:
    back = Affine.turn(360 - rotation, WIDTH, HEIGHT)
    upright = page_of(mapped(LINES, back), width=WIDTH, height=HEIGHT)
    sides = (HEIGHT, WIDTH) if rotation in (90, 270) else (WIDTH, HEIGHT)
    page = upright.model_copy(update={"rotation": rotation, "width": sides[0], "height": sides[1]})
    turned = _grid().rotate(rotation, expand=True)
    assert turned.size == sides
    level, posts = _found(turned, page)
    expected_level = sorted(back.box((XS[0], y, XS[-1], y))[1] for y in YS)
    expected_posts = sorted(back.box((x, YS[0], x, YS[-1]))[0] for x in XS)
    if rotation in (90, 270):
        expected_level = sorted(back.box((x, YS[0], x, YS[-1]))[1] for x in XS)
        expected_posts = sorted(back.box((XS[0], y, XS[-1], y))[0] for y in YS)
    assert _middles(level, 1) == pytest.approx(expected_level, abs=4)
    assert _middles(posts, 0) == pytest.approx(expected_posts, abs=4)


def test_an_underlined_word_has_no_ruling_and_a_line_across_the_page_is_one() -> None:
    picture, draw = _paper()
    title = line("An underlined title", 300, 100, size=SIZE)
    x0, _, x1, bottom = title.bbox
    draw.line((x0, bottom + 3, x1, bottom + 3), fill="black", width=3)
    page = page_of([title], width=WIDTH, height=HEIGHT)
    assert _found(picture, page) == ([], [])
    draw.line((60, bottom + 3, 1340, bottom + 3), fill="black", width=3)
    assert [len(found) for found in _found(picture, page)] == [1, 0]


def test_a_ruling_right_below_cells_that_stand_apart_is_no_underline() -> None:
    picture, draw = _paper()
    cells = [line("some words", x, 100, size=SIZE) for x in (300, 600)]
    x0, x1, bottom = cells[0].bbox[0], cells[1].bbox[2], cells[0].bbox[3]
    draw.line((x0, bottom + 3, x1, bottom + 3), fill="black", width=3)
    level, upright = _found(picture, page_of(cells, width=WIDTH, height=HEIGHT))
    assert (len(level), len(upright)) == (1, 0)


def test_text_has_no_rulings() -> None:
    picture, draw = _paper()
    font = ImageFont.load_default(size=26)
    texts = [
        "illimited hullabaloo HEELED FILLED TITLE",
        "mmmmmmmmmmmmmmmm nnnnnnnnn EEEEEEEEE",
        "lllllll lllll Illl lll",
    ]
    lines = []
    for i, text in enumerate(texts * 6):
        box = draw.textbbox((100, 60 + 32 * i), text, font=font)
        draw.text((100, 60 + 32 * i), text, font=font, fill="black")
        lines.append(line(text, 100, box[1], size=box[3] - box[1]).model_copy(update={"bbox": box, "words": ()}))
    assert _found(picture, page_of(lines, width=WIDTH, height=HEIGHT)) == ([], [])


def test_a_page_without_text_has_no_rulings() -> None:
    assert _found(_grid(), page_of([], width=WIDTH, height=HEIGHT)) == ([], [])


def _written(draw: ImageDraw.ImageDraw, text: str, x: float, y: float) -> Line:
    """A line of letters drawn with `y` as their top, its box as high as one that an engine would draw."""
    font = ImageFont.load_default(size=26)
    x0, y0, x1, _ = draw.textbbox((x, y), text, font=font)
    draw.text((x, y - (y0 - y)), text, font=font, fill="black")
    return line(text, x, y, size=SIZE).model_copy(update={"bbox": (x0, y - 2, x1, y + SIZE), "words": ()})


def test_a_ruling_is_found_from_end_to_end_though_text_stands_close_above_and_below_it() -> None:
    picture, draw = _paper()
    ruled = (200, 260, 320, 380)
    for y in ruled:
        draw.line((100, y, 1300, y), fill="black", width=2)
    lines = [_written(draw, "hlkbdhlkbdhlkbdhlkbdhlkbd", 160, y + gap) for y in ruled[:-1] for gap in (4, 37)]
    level, _ = _found(picture, page_of(lines, width=WIDTH, height=HEIGHT))
    assert [(r[0], r[2]) for r in level] == [pytest.approx((100, 1301), abs=6)] * 4


def test_an_upright_ruling_is_found_though_every_row_begins_right_beside_it() -> None:
    picture, draw = _paper()
    ys = range(200, 561, 30)
    for y in ys:
        draw.line((100, y, 1300, y), fill="black", width=2)
    for x in (100, 700, 1300):
        draw.line((x, 200, x, 560), fill="black", width=2)
    lines = [_written(draw, "MNMNMN", 704, y + 6) for y in list(ys)[:-1]]
    for y in list(ys)[:-1]:
        draw.rectangle((705, y + 6, 714, y + 24), fill="black")  # the first letter, in type so heavy that it fills
    _, upright = _found(picture, page_of(lines, width=WIDTH, height=HEIGHT))
    assert _middles(upright, 0) == pytest.approx((100, 700, 1300), abs=3)


@pytest.mark.parametrize("right", [595.0, 560.0])
def test_strokes_of_letters_above_one_another_in_a_cell_are_no_ruling(right: float) -> None:
    picture, rows = _grid(), [line("a word", 540, y, size=SIZE) for y in (272.0, 302.0, 332.0)]
    x = 560
    draw = ImageDraw.Draw(picture)
    draw.rectangle((XS[1] + 2, YS[1] + 2, XS[2] - 2, YS[3] - 2), fill="white")
    draw.line((x, 272, x, 361), fill="black", width=3)
    # The stroke stands in the middle of a letter's box, or at its edge.
    rows = [
        row.model_copy(update={"words": (Word(text="年", bbox=(530, y, right, y + 29)),)})
        for row, y in ((row, row.bbox[1]) for row in rows)
    ]
    kept = [one for one in LINES if not (XS[1] < one.bbox[0] < XS[2] and one.bbox[1] > YS[1])]
    _, upright = _found(picture, page_of([*kept, *rows], width=WIDTH, height=HEIGHT))
    assert _middles(upright, 0) == pytest.approx(XS, abs=3)


def test_a_ruling_ends_at_the_grid_though_a_stroke_of_a_letter_goes_on_above_it() -> None:
    picture = _grid()
    ImageDraw.Draw(picture).line((XS[1], YS[0] - 34, XS[1], YS[0]), fill=(90, 90, 90), width=2)
    above = line("A caption", XS[1] - 40.0, YS[0] - 36.0, size=SIZE)
    _, upright = _found(picture, page_of([*LINES, above], width=WIDTH, height=HEIGHT))
    assert [post[1] for post in upright] == pytest.approx([YS[0]] * 4, abs=6)
