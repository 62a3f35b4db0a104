"""Markers drawn before lines, and looked for in the pixels of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pytest
from PIL import Image, ImageDraw
from tests.layout.pages import column, line
from tests.layout.pages import page as page_of

from ocrkit.layout import arrange
from ocrkit.model import BlockKind
from ocrkit.pipeline.bullets import with_bullets
from ocrkit.raster import PageImage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ocrkit.model import Line, Page
    from ocrkit.raster import Pixels

WIDTH, HEIGHT = 1400, 1000
SIZE = 30.0
TEXTS = ["Hydrants and hoses", "Ways out of the house", "Timber in the roof", "Plaster on the walls"]
LINES = [line(text, 160, 100 + 45 * i, size=SIZE) for i, text in enumerate(TEXTS)]

Mark: TypeAlias = "Callable[[ImageDraw.ImageDraw, float, float], None]"


def dot(draw: ImageDraw.ImageDraw, x: float, y: float) -> None:
    draw.ellipse((x - 6, y - 6, x + 6, y + 6), fill="black")


def box(draw: ImageDraw.ImageDraw, x: float, y: float) -> None:
    draw.rectangle((x - 9, y - 9, x + 9, y + 9), outline="black", width=2)


def light(draw: ImageDraw.ImageDraw, x: float, y: float) -> None:
    draw.rectangle((x - 9, y - 9, x + 9, y + 9), fill="white")


def ring(draw: ImageDraw.ImageDraw, x: float, y: float) -> None:
    draw.ellipse((x - 7, y - 7, x + 7, y + 7), outline="black", width=3)


def dash(draw: ImageDraw.ImageDraw, x: float, y: float) -> None:
    draw.rectangle((x - 9, y - 2, x + 9, y + 2), fill="black")


def paper(
    lines: Sequence[Line], marks: Sequence[tuple[float, float]], mark: Mark, *, colour: str = "white"
) -> PageImage:
    """The page with a bar for each word, as type looks from afar, and the mark at each place."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), colour)
    draw = ImageDraw.Draw(picture)
    for one in lines:
        for word in one.words:
            x0, y0, x1, y1 = word.bbox
            draw.rectangle((x0 + 1, y0 + 6, x1 - 1, y1 - 6), fill="black")
    for x, y in marks:
        mark(draw, x, y)
    return PageImage.from_array(np.asarray(picture))


def found(lines: Sequence[Line], marks: Sequence[tuple[float, float]], mark: Mark, *, colour: str = "white") -> Page:
    page = page_of(lines, width=WIDTH, height=HEIGHT)
    return with_bullets(paper(lines, marks, mark, colour=colour), page)


def before(lines: Sequence[Line]) -> list[tuple[float, float]]:
    return [(130, (one.bbox[1] + one.bbox[3]) / 2) for one in lines]


@pytest.mark.parametrize(
    ("mark", "colour", "sign"),
    [(dot, "white", "•"), (box, "white", "☐"), (light, "lightblue", "☐"), (dot, "lightgrey", "•")],
)
def test_marks_that_stand_alone_before_lines_become_their_first_words(mark: Mark, colour: str, sign: str) -> None:
    page = found(LINES, before(LINES), mark, colour=colour)
    assert [one.text for one in page.lines] == [f"{sign} {text}" for text in TEXTS]
    for one in page.lines:
        assert one.words[0].text == sign
        x0, y0, x1, y1 = one.words[0].bbox
        assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx((130, (one.bbox[1] + one.bbox[3]) / 2), abs=2)
        assert one.bbox[0] == x0


def test_the_lines_are_then_a_list() -> None:
    blocks = arrange(found(LINES, before(LINES), dot)).blocks
    assert [(b.kind, b.marker, b.text) for b in blocks] == [(BlockKind.LIST_ITEM, "•", text) for text in TEXTS]


def test_a_dot_that_was_misread_as_a_letter_is_one_like_those_above_and_below_it() -> None:
    lines = [*LINES[:2], line("e Timber in the roof", 124, 190, size=SIZE), LINES[3]]
    page = found(lines, before([lines[0], lines[1], lines[3]]), dot)
    assert [one.text for one in page.lines] == [f"• {text}" for text in TEXTS]


@pytest.mark.parametrize("mark", [ring, dash])
def test_letters_and_dashes_are_no_markers(mark: Mark) -> None:
    assert found(LINES, before(LINES), mark).lines == tuple(LINES)


@pytest.mark.parametrize(
    "marks",
    [
        [(130, 115)],  # one alone
        [(130, 115), (100, 160), (118, 205), (80, 250)],  # none above another
        [(152, 115), (152, 160), (152, 205)],  # as near as a letter
        [(130, 102), (130, 147), (130, 192)],  # half above the line
    ],
)
def test_specks_are_no_markers(marks: list[tuple[float, float]]) -> None:
    assert found(LINES, marks, dot).lines == tuple(LINES)


def test_the_end_of_a_column_to_the_left_is_no_marker() -> None:
    left = column(["one", "two", "three", "four"], 20, 100, size=SIZE)
    lines = [*left, *LINES]
    marks = [(one.bbox[2] + 8, one.bbox[3] - 10) for one in left]
    assert found(lines, marks, dot).lines == tuple(lines)


def test_lines_that_have_markers_keep_them() -> None:
    lines = [line(f"{i}. {text}", 160, 100 + 45 * i, size=SIZE) for i, text in enumerate(TEXTS)]
    assert found(lines, before(lines), dot).lines == tuple(lines)


def test_a_page_on_its_side_is_left_as_it_is() -> None:
    page = page_of(LINES, width=WIDTH, height=HEIGHT).model_copy(update={"rotation": 90})
    assert with_bullets(paper(LINES, before(LINES), dot), page) is page


def test_markers_are_found_in_a_page_decoded_at_half_its_size() -> None:
    half = paper(LINES, before(LINES), dot).pixels
    asked: list[float] = []

    def load(scale: float) -> Pixels:
        asked.append(scale)
        return half

    image = PageImage(number=1, width=2 * WIDTH, height=2 * HEIGHT, load=load)
    lines = [line(text, 320, 200 + 90 * i, size=2 * SIZE) for i, text in enumerate(TEXTS)]
    read = with_bullets(image, page_of(lines, width=2 * WIDTH, height=2 * HEIGHT))
    assert [one.text for one in read.lines] == [f"• {text}" for text in TEXTS]
    x0, _, x1, _ = read.lines[0].words[0].bbox
    assert ((x0 + x1) / 2, x1 - x0) == pytest.approx((260, 26), abs=4)
    assert max(asked) < 0.5
