from __future__ import annotations

import io
import math
import re
from itertools import pairwise
from xml.etree import ElementTree as ET

from ocrkit.contracts import ExporterOptions
from ocrkit.exporters.hocr import HocrExporter
from ocrkit.model import Block, BlockKind, Document, Line, Page, Word
from ocrkit.testing import hostile_document, sample_document

XHTML = "{http://www.w3.org/1999/xhtml}"
BBOX = re.compile(r"bbox (\d+) (\d+) (\d+) (\d+)")


def parsed(document: Document) -> ET.Element:
    out = io.BytesIO()
    HocrExporter().export(document, out, options=ExporterOptions(), source=None)
    return ET.fromstring(out.getvalue())  # noqa: S314 - our own output


def of_class(root: ET.Element, name: str) -> list[ET.Element]:
    return [element for element in root.iter() if element.get("class") == name]


def box_of(element: ET.Element) -> tuple[int, ...]:
    found = BBOX.search(element.get("title", ""))
    assert found is not None
    return tuple(map(int, found.groups()))


def one_page(*blocks: Block) -> Document:
    return Document(source='a "b".tif', pages=(Page(number=2, width=500, height=400, dpi=149.6, blocks=blocks),))


def test_words_carry_box_and_confidence() -> None:
    words = (Word(text="a<b", bbox=(10.4, 20.6, 30.2, 40.1), confidence=0.914), Word(text="c", bbox=(40, 20, 50, 40)))
    line = Line(text="a<b c", bbox=(10, 20, 50, 41), words=words, font_size=12.5)
    root = parsed(one_page(Block(text=line.text, bbox=line.bbox, lines=(line,))))
    first, second = of_class(root, "ocrx_word")
    assert (first.text, box_of(first)) == ("a<b", (10, 20, 31, 41))
    assert "x_wconf 91" in first.get("title", "")
    assert "x_wconf" not in second.get("title", "")
    (found,) = of_class(root, "ocr_line")
    assert "x_size 12.5" in found.get("title", "")
    (page,) = of_class(root, "ocr_page")
    assert page.get("title") == 'image "a _b_.tif"; bbox 0 0 500 400; ppageno 1; scan_res 150 150'


def test_turned_words_tell_their_angle_counter_clockwise() -> None:
    sin, cos = math.sin(math.radians(10)) * 100, math.cos(math.radians(10)) * 100
    quad = ((10.0, 10.0), (10 + cos, 10 + sin), (10 + cos - 5, 10 + sin + 20), (5.0, 30.0))
    line = Line(text="x", bbox=(5, 10, 110, 50), words=(Word(text="x", bbox=(5, 10, 110, 50), quad=quad),), quad=quad)
    root = parsed(one_page(Block(text="x", bbox=line.bbox, lines=(line,))))
    assert "textangle -10.0" in of_class(root, "ocr_line")[0].get("title", "")


def test_every_level_stands_in_the_one_above_and_ids_are_unique() -> None:
    for document in (sample_document(), hostile_document()):
        root = parsed(document)
        order = ["ocr_page", "ocr_carea", "ocr_par", "ocr_line", "ocrx_word"]
        parents = {child: parent for parent in root.iter() for child in parent}
        for upper, lower in pairwise(order):
            for element in of_class(root, lower):
                above = element
                while above.get("class") != upper:
                    above = parents[above]
        ids = [element.get("id") for element in root.iter() if element.get("id")]
        assert len(ids) == len(set(ids))
        assert len(of_class(root, "ocrx_word")) == sum(len(page.words) for page in document.pages)


def test_kinds_have_their_own_classes_and_right_to_left_text_its_direction() -> None:
    root = parsed(
        one_page(
            Block(kind=BlockKind.CAPTION, text="Fig. 1", bbox=(0, 0, 9, 9)),
            Block(text="שלום", bbox=(0, 10, 9, 19)),
            Block(kind=BlockKind.PICTURE, text="", bbox=(0, 20, 9, 29)),
        )
    )
    assert [len(of_class(root, name)) for name in ("ocr_caption", "ocr_image", "ocr_par")] == [1, 1, 2]
    assert [element.get("dir") for element in of_class(root, "ocr_par")] == [None, "rtl"]


def test_the_head_says_which_languages_and_capabilities_to_expect() -> None:
    pages = [
        Page(number=number, width=9, height=9, detected_language=language)
        for number, language in enumerate(["de", None, "fr", "de"], start=1)
    ]
    head = {meta.get("name"): meta.get("content") for meta in parsed(Document(pages=tuple(pages))).iter(f"{XHTML}meta")}
    assert head["ocr-langs"] == "de fr"
    root = parsed(sample_document())
    (capabilities,) = (meta.get("content", "") for meta in root.iter() if meta.get("name") == "ocr-capabilities")
    used = {element.get("class") for element in root.iter() if element.get("class")}
    assert used | {"ocrp_lang", "ocrp_dir", "ocrp_wconf"} <= set(capabilities.split())
    (unknown,) = (meta for meta in parsed(one_page()).iter() if meta.get("name") == "ocr-langs")
    assert unknown.get("content") == "unknown"
