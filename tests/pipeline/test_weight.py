"""Lines drawn with thick and thin strokes, and weighed in the pixels of the page."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from ocrkit.geometry import Affine
from ocrkit.model import Block, Line, Page, Word
from ocrkit.pipeline.pictures import mapped
from ocrkit.pipeline.weight import with_weight
from ocrkit.raster import PageImage

WIDTH, HEIGHT = 1200, 1000
SIZE = 28
TEXT = "The tower was built by people of whom nothing more is known today than"


@dataclass
class Sheet:
    """A page that is written line by line, and what an engine would find there."""

    picture: Image.Image = field(default_factory=lambda: Image.new("RGB", (WIDTH, HEIGHT), "white"))
    lines: list[Line] = field(default_factory=list)

    def write(self, text: str, top: float, *, bold: bool = False, size: float = SIZE) -> None:
        """Bold type is drawn with an edge of one pixel more at `SIZE`."""
        font, x, words = ImageFont.load_default(size), 80.0, []
        edge = round(size / SIZE) if bold else 0
        for word in text.split(" "):
            right = x + font.getlength(word)
            ImageDraw.Draw(self.picture).text((x, top), word, fill="black", font=font, stroke_width=edge)
            words.append(Word(text=word, bbox=(x, top, right, top + size * 1.2)))
            x = right + font.getlength(" ")
        box = (80.0, top, words[-1].bbox[2], top + size * 1.2)
        self.lines.append(Line(text=text, bbox=box, words=tuple(words)))

    def prose(self, top: float, count: int = 4) -> None:
        for i in range(count):
            self.write(TEXT, top + 40 * i)

    def page(self, *, rotation: int = 0) -> Page:
        blocks = tuple(Block(text=line.text, bbox=line.bbox, lines=(line,)) for line in self.lines)
        return Page(number=1, width=WIDTH, height=HEIGHT, rotation=rotation, blocks=blocks)

    def bold(self) -> list[str]:
        page = with_weight(PageImage.from_array(np.asarray(self.picture)), self.page())
        return [line.text for line in page.lines if line.bold]


def with_heading(*, size: float = SIZE, bold: bool = True) -> Sheet:
    sheet = Sheet()
    sheet.prose(100)
    sheet.write("Of the builders", 300, bold=bold, size=size)
    sheet.prose(380)
    return sheet


def test_a_line_with_thicker_strokes_than_the_text_is_bold() -> None:
    assert with_heading().bold() == ["Of the builders"]


def test_a_line_like_the_text_is_not_bold() -> None:
    assert with_heading(bold=False).bold() == []


def test_larger_type_is_not_bold_for_having_thicker_strokes() -> None:
    assert with_heading(bold=False, size=1.5 * SIZE).bold() == []


def test_a_page_that_is_bold_throughout_has_no_bold_line() -> None:
    sheet = Sheet()
    for i in range(8):
        sheet.write(TEXT, 100 + 40 * i, bold=True)
    assert sheet.bold() == []


@pytest.mark.parametrize("blur", [1.0, 3.0])
def test_bold_type_is_told_on_a_blurred_page(blur: float) -> None:
    sheet = with_heading()
    sheet.picture = sheet.picture.filter(ImageFilter.GaussianBlur(blur))
    assert sheet.bold() == ["Of the builders"]


def test_bold_type_is_told_on_a_black_and_white_page() -> None:
    sheet = with_heading()
    sheet.picture = sheet.picture.convert("L").point(lambda v: 255 * (v > 140)).convert("RGB")
    assert sheet.bold() == ["Of the builders"]


def test_bold_type_is_told_where_type_is_light_on_dark() -> None:
    sheet = with_heading()
    sheet.picture = ImageOps.invert(sheet.picture)
    assert sheet.bold() == ["Of the builders"]


def test_a_ruling_in_the_box_of_a_line_makes_it_not_bold() -> None:
    sheet = with_heading(bold=False)
    x0, _, x1, y1 = sheet.lines[4].bbox
    ImageDraw.Draw(sheet.picture).rectangle((x0, y1 - 4, x1, y1 - 2), fill="black")
    assert sheet.bold() == []


def test_a_faint_line_is_not_bold() -> None:
    sheet = with_heading(bold=False)
    x0, y0, x1, y1 = sheet.lines[4].bbox
    faint = sheet.picture.crop((round(x0), round(y0), round(x1), round(y1))).point(lambda v: 255 - (255 - v) // 3)
    sheet.picture.paste(faint, (round(x0), round(y0)))
    assert sheet.bold() == []


def test_few_lines_do_not_tell() -> None:
    sheet = Sheet()
    sheet.prose(100, 3)
    sheet.write("Of the builders", 300, bold=True)
    assert sheet.bold() == []


def test_a_page_that_lies_on_its_side_is_left_alone() -> None:
    sheet = with_heading()
    page = sheet.page(rotation=90)
    assert with_weight(PageImage.from_array(np.asarray(sheet.picture)), page) == page


@pytest.mark.parametrize("bold", [True, False])
def test_weight_is_told_on_a_page_decoded_at_half_its_size(*, bold: bool) -> None:
    sheet = with_heading(bold=bold)
    half = np.asarray(sheet.picture)
    twice = Affine.scale(2, 2)
    lines = mapped(sheet.lines, twice)
    blocks = tuple(Block(text=line.text, bbox=line.bbox, lines=(line,)) for line in lines)
    image = PageImage(number=1, width=2 * WIDTH, height=2 * HEIGHT, load=lambda _scale: half)
    read = with_weight(image, Page(number=1, width=2 * WIDTH, height=2 * HEIGHT, blocks=blocks))
    assert [line.text for line in read.lines if line.bold] == ["Of the builders"] * bold
