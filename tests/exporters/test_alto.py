"""Files are held to the schema of the Library of Congress itself, version 4.2, as a package of archivists carries it.

No package carries 4.4. What 4.3 and 4.4 added to it, and the files use, is added here as their change notes say.
"""

from __future__ import annotations

import io
from importlib.metadata import distribution

import pytest
from lxml import etree

from ocrkit.contracts import ExporterOptions
from ocrkit.exporters.alto import AltoExporter
from ocrkit.model import Block, BlockKind, Document, Line, Page, Word
from ocrkit.testing import empty_document, hostile_document, sample_document

NAMESPACE = "{http://www.loc.gov/standards/alto/ns-v4#}"
XSD = "{http://www.w3.org/2001/XMLSchema}"
SINCE_4_2 = [
    ("PageType", "LANG", "xsd:language"),
    ("PageType", "ROTATION", "xsd:float"),
    ("TextLine", "BASEDIRECTION", "directionType"),
]
DIRECTIONS = ["ltr", "rtl", "ttb", "btt"]


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    tree = etree.parse(str(distribution("digiflow").locate_file("digiflow/resources/xsd/alto-4-2.xsd")))
    for owner, name, kind in SINCE_4_2:
        (place,) = (e for e in tree.iter(f"{XSD}complexType", f"{XSD}element") if e.get("name") == owner)
        type_of = place if place.tag == f"{XSD}complexType" else place.find(f"{XSD}complexType")
        etree.SubElement(type_of, f"{XSD}attribute", name=name, type=kind)
    simple = etree.SubElement(tree.getroot(), f"{XSD}simpleType", name="directionType")
    restriction = etree.SubElement(simple, f"{XSD}restriction", base="xsd:string")
    for direction in DIRECTIONS:
        etree.SubElement(restriction, f"{XSD}enumeration", value=direction)
    return etree.XMLSchema(tree)


def written(document: Document) -> etree._Element:
    out = io.BytesIO()
    AltoExporter().export(document, out, options=ExporterOptions(), source=None)
    return etree.fromstring(out.getvalue())


def local(element: etree._Element) -> str:
    assert element.tag.startswith(NAMESPACE)
    return str(element.tag.removeprefix(NAMESPACE))


def check(root: etree._Element, schema: etree.XMLSchema) -> None:
    """Fails where the file breaks the schema, or refers to what is not there, which the library does not look at."""
    schema.assertValid(root)
    ids = root.xpath("//@ID")
    assert len(ids) == len(set(ids))
    assert {name for names in root.xpath("//@*[contains(name(), 'REFS')]") for name in names.split()} <= set(ids)


@pytest.mark.parametrize("document", [sample_document(), hostile_document(), empty_document()], ids=lambda d: d.source)
def test_every_document_keeps_to_the_schema(document: Document, schema: etree.XMLSchema) -> None:
    check(written(document), schema)


@pytest.mark.parametrize(
    ("element", "attribute", "value"),
    [
        ("TextLine", "BASEDIRECTION", "up"),
        ("String", "WC", "1.1"),
        ("TextBlock", "TAGREFS", "nowhere"),
        ("SP", "X", "1"),
    ],
)
def test_the_check_bites(element: str, attribute: str, value: str, schema: etree.XMLSchema) -> None:
    root = written(sample_document())
    next(root.iter(f"{NAMESPACE}{element}")).set(attribute, value)
    with pytest.raises((etree.DocumentInvalid, AssertionError)):
        check(root, schema)


def test_words_spaces_and_confidences_read_back(schema: etree.XMLSchema) -> None:
    words = (
        Word(text='"你', bbox=(10, 20, 30, 40), confidence=0.5),
        Word(text="好", bbox=(30, 20, 50, 40), confidence=1.0),
        Word(text="x & y", bbox=(60, 20, 90, 40)),
    )
    line = Line(text='"你好 x & y', bbox=(10, 20, 90, 40), words=words, bold=True, italic=True)
    page = Page(number=1, width=500, height=400, blocks=(Block(text=line.text, bbox=line.bbox, lines=(line,)),))
    root = written(Document(pages=(page,)))
    check(root, schema)
    (found,) = (element for element in root.iter() if local(element) == "TextLine")
    assert [local(child) for child in found] == ["String", "String", "SP", "String"]
    strings = [child for child in found if local(child) == "String"]
    assert [string.get("CONTENT") for string in strings] == ['"你', "好", "x & y"]
    assert [string.get("WC") for string in strings] == ["0.5000", "1.0000", None]
    assert [strings[0].get(key) for key in ("HPOS", "VPOS", "WIDTH", "HEIGHT")] == ["10", "20", "20", "20"]
    style = next(element for element in root.iter() if element.get("ID") == found.get("STYLEREFS"))
    assert style.get("FONTSTYLE") == "bold italics"


def test_headers_and_footers_stand_in_the_margins_and_kinds_are_tagged(schema: etree.XMLSchema) -> None:
    kinds = [BlockKind.TEXT, BlockKind.PAGE_FOOTER, BlockKind.TITLE, BlockKind.PAGE_HEADER]
    blocks = tuple(Block(kind=kind, text=kind.value, bbox=(0, 0, 9, 9)) for kind in kinds)
    root = written(Document(pages=(Page(number=1, width=50, height=50, blocks=blocks),)))
    check(root, schema)
    (page,) = (element for element in root.iter() if local(element) == "Page")
    placed = {local(space): [block.get("TAGREFS") for block in space] for space in page}
    assert placed == {
        "TopMargin": ["kind_page_header"], "BottomMargin": ["kind_page_footer"],
        "PrintSpace": ["kind_text", "kind_title"],
    }  # fmt: skip
