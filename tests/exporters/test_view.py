from __future__ import annotations

import base64
import io
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from ocrkit.drawing import LAYERS
from ocrkit.errors import CorruptSourceError, SourceRequiredError
from ocrkit.exporters import ViewOptions
from ocrkit.exporters.view import ViewExporter
from ocrkit.geometry import box_of
from ocrkit.model import Block, Document, Line, Page, Word
from ocrkit.testing import hostile_document, sample_document
from ocrkit.testing.images import sample_source

if TYPE_CHECKING:
    from ocrkit.raster import PageImage

VOID = {"meta", "input", "link", "br", "img"}


class Element:
    def __init__(self, tag: str, attributes: dict[str, str], parent: Element | None) -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Element] = []
        self.own_text = ""

    @property
    def text(self) -> str:
        return self.own_text + "".join(child.text for child in self.children)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
        below = [one for child in self.children for one in child.all(tag, **attributes)]
        matches = self.tag == tag and all(self.attributes.get(name) == value for name, value in wanted.items())
        return [self, *below] if matches else below


class Tree(HTMLParser):
    """The elements as a browser sees them; fails where a tag is not closed in its turn."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.root = self._open = Element("", {}, None)
        self.feed(page)
        self.close()
        assert self._open is self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.children.append(made)
        if tag not in VOID:
            self._open = made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.tag == tag
        assert self._open.parent is not None
        self._open = self._open.parent

    def handle_data(self, data: str) -> None:
        self._open.own_text += data


def written(document: Document, options: ViewOptions | None = None) -> str:
    out = io.BytesIO()
    with sample_source(document) as source:
        ViewExporter().export(document, out, options=options or ViewOptions(), source=source)
    return out.getvalue().decode()


def sides(element: Element) -> list[float]:
    """The sides of the boxes around the outlines, all in a row."""
    outlines = (one.attributes["points"].split() for one in element.all("polygon"))
    boxes = [box_of((float(x), float(y)) for x, y in (p.split(",") for p in points)) for points in outlines]
    return [side for box in boxes for side in box]


def test_every_box_is_outlined_where_it_stands_and_says_its_text() -> None:
    document = sample_document()
    root = Tree(written(document)).root
    sections = root.all("section")
    assert len(sections) == len(document.pages)
    for page, section in zip(document.pages, sections, strict=True):
        (svg,) = section.all("svg")
        assert svg.attributes["viewbox"] == f"0 0 {page.width} {page.height}"
        layer = {name: svg.all("g", **{"class": name})[0] for name in ("blocks", "cells", "lines", "words")}
        assert sides(layer["blocks"]) == pytest.approx([s for block in page.blocks for s in block.bbox], abs=0.06)
        assert sides(layer["words"]) == pytest.approx([s for word in page.words for s in word.bbox], abs=0.06)
        lines = [one.attributes["data-text"] for one in layer["lines"].all("polygon")]
        assert lines == [line.text for line in page.lines]
        entries = section.all("li")
        assert [one.attributes["data-block"] for one in entries] == [str(n + 1) for n in range(len(page.blocks))]
        for block, entry in zip(page.blocks, entries, strict=True):
            assert block.table or entry.all("p")[0].text == block.printed
    (table,) = root.all("table")
    assert [cell.attributes.get("colspan") for cell in table.all("th")] == ["2", "1"]


def test_hovering_over_a_word_tells_its_confidence() -> None:
    words = (Word(text="sure", bbox=(10, 10, 50, 30), confidence=0.914), Word(text="odd", bbox=(60, 10, 90, 30)))
    line = Line(text="sure odd", bbox=(10, 10, 90, 30), words=words)
    page = Page(number=1, width=100, height=50, blocks=(Block(text=line.text, bbox=line.bbox, lines=(line,)),))
    root = Tree(written(Document(pages=(page,)))).root
    first, second = root.all("g", **{"class": "words"})[0].all("polygon")
    assert first.attributes["data-about"] == "word of block 1, confidence 0.91"
    assert second.attributes["data-about"] == "word of block 1, confidence unknown"
    assert first.attributes["style"] != second.attributes["style"]


def test_the_page_fetches_nothing() -> None:
    page = written(sample_document())
    root = Tree(page).root
    policy = root.all("meta", http_equiv="Content-Security-Policy")[0].attributes["content"]
    assert "default-src 'none'" in policy
    assert not root.all("link")
    assert not [one for one in root.all("script") if "src" in one.attributes]
    assert not re.search(r"url\(|@import|https?://", page)
    addresses = re.findall(r'(?:href|src)="(.{0,20})', page)
    assert addresses
    assert all(address.startswith("data:image/jpeg;") for address in addresses)


def test_the_page_images_are_no_larger_than_asked_for_and_fill_the_page() -> None:
    document = sample_document()
    root = Tree(written(document, ViewOptions(max_side=400))).root
    images = root.all("image")
    assert len(images) == len(document.pages)
    for image in images:
        picture = Image.open(io.BytesIO(base64.b64decode(image.attributes["href"].partition(",")[2])))
        assert (picture.format, picture.size) == ("JPEG", (283, 400))
        assert (image.attributes["width"], image.attributes["height"]) == ("1240", "1754")


def test_every_layer_and_kind_has_a_switch_that_says_what_it_does() -> None:
    options = ViewOptions(layers=("words", "confidence"))
    page = written(sample_document(), options)
    root = Tree(page).root
    switches = [one for one in root.all("input") if "data-layer" in one.attributes]
    assert [one.attributes["data-layer"] for one in switches] == list(LAYERS)
    assert [one.attributes["data-layer"] for one in switches if "checked" in one.attributes] == ["words", "confidence"]
    assert root.all("body")[0].attributes["class"] == "show-words show-confidence"
    for layer in LAYERS:
        assert f".show-{layer} " in page
    kinds = {block.kind.value for document in sample_document().pages for block in document.blocks}
    assert {one.attributes["data-kind"] for one in root.all("input") if "data-kind" in one.attributes} == kinds
    for kind in kinds:
        assert f".hide-{kind} " in page
    for control in (*root.all("input"), *root.all("button")):
        parent = control.parent
        assert parent is not None
        named = control.attributes.get("aria-label") or (parent.tag == "label" and parent.text.strip())
        assert named, control.attributes


def test_what_a_document_says_is_text_and_never_markup() -> None:
    page = written(hostile_document())
    root = Tree(page).root
    assert len(root.all("script")) == 1
    assert "<script>alert" not in page
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", page)
    assert any("<script>alert('&amp;')</script>" in one.text for one in root.all("li"))


class Unreadable:
    """The sample's pages as a file gives them that is broken from page 2 on."""

    name, media_type, password = "broken.pdf", "application/pdf", None

    def __init__(self, images: dict[int, PageImage]) -> None:
        self._images = images

    def read(self) -> bytes:
        return b""

    def page(self, number: int) -> PageImage:
        if number not in self._images:
            raise CorruptSourceError(f"Page {number} is broken.")
        return self._images[number]


def test_a_page_that_cannot_be_shown_says_why_and_keeps_its_outlines() -> None:
    document = sample_document()
    out = io.BytesIO()
    with sample_source(document) as source:
        file = Unreadable({1: source.page(1)})
        ViewExporter().export(document, out, options=ViewOptions(), source=file)
    first, second, third = Tree(out.getvalue().decode()).root.all("section")
    assert [len(one.all("image")) for one in (first, second, third)] == [1, 0, 0]
    assert [one.text for one in second.all("p", **{"class": "problem"})] == ["Page 2 is broken."]
    assert second.all("polygon")
    assert [one.text for one in third.all("p", **{"class": "problem"})] == [
        "Engine 'sample' failed on page 3.", "Page 3 is broken.",
    ]  # fmt: skip


def test_without_the_original_there_is_nothing_to_draw_on() -> None:
    with pytest.raises(SourceRequiredError):
        ViewExporter().export(sample_document(), io.BytesIO(), options=ViewOptions(), source=None)
