"""The option `images` of the formats that have it: pictures of the pages inside the file."""

from __future__ import annotations

import base64
import io
import re
from typing import TYPE_CHECKING

import docx
import pytest
from markdown_it import MarkdownIt
from PIL import Image

from ocrkit.api import export
from ocrkit.errors import SourceRequiredError
from ocrkit.testing import sample_document
from ocrkit.testing.images import sample_source

if TYPE_CHECKING:
    from ocrkit.model import Document

FORMATS = ["md", "html", "docx"]
SIZE = (400, 220)
"""Of the sample's one picture, in pixels."""


def written(form: str, *, images: bool) -> bytes:
    document: Document = sample_document()
    with sample_source(document) as source:
        return export(document, form, source=source, options={"images": images})


def picture_at(address: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(address.partition("base64,")[2])))


def test_markdown_shows_the_picture_between_the_blocks_it_stands_between() -> None:
    text = written("md", images=True).decode()
    tokens = MarkdownIt().parse(text)
    images = [child for token in tokens for child in token.children or [] if child.type == "image"]
    assert [image.content for image in images] == ["Picture on page 1"]
    assert picture_at(str(images[0].attrs["src"])).size == SIZE
    assert text.index("Table 1: Sales by region") < text.index("![") < text.index("mc^2")


def test_html_shows_the_picture_with_a_description() -> None:
    text = written("html", images=True).decode()
    (figure,) = re.findall(r'<figure dir="auto"><img src="([^"]+)" width="400" height="220" alt="([^"]+)">', text)
    assert picture_at(figure[0]).size == SIZE
    assert figure[1] == "Picture on page 1"


def test_word_has_the_picture_as_large_as_on_its_page() -> None:
    file = docx.Document(io.BytesIO(written("docx", images=True)))
    (shape,) = file.inline_shapes
    assert (shape.width.inches, shape.height.inches) == pytest.approx((400 / 150, 220 / 150), abs=0.01)


@pytest.mark.parametrize("form", FORMATS)
def test_pictures_are_left_out_unless_asked_for(form: str) -> None:
    plain = written(form, images=False)
    assert len(plain) < len(written(form, images=True))
    assert plain == export(sample_document(), form)


@pytest.mark.parametrize("form", FORMATS)
def test_pictures_need_the_original(form: str) -> None:
    with pytest.raises(SourceRequiredError):
        export(sample_document(), form, options={"images": True})
