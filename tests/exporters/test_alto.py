"""No package ships ALTO's schema, so what it says of the elements in use (version 4.4) stands here as a table."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree as ET

import pytest

from ocrkit.contracts import ExporterOptions
from ocrkit.exporters.alto import AltoExporter
from ocrkit.model import Block, BlockKind, Document, Line, Page, Word
from ocrkit.testing import empty_document, hostile_document, sample_document

NAMESPACE = "{http://www.loc.gov/standards/alto/ns-v4#}"
PLACE = {"HPOS", "VPOS", "WIDTH", "HEIGHT"}
SPACE: tuple[str, set[str], set[str]] = (
    "Shape? (TextBlock|Illustration|GraphicalElement|ComposedBlock)*",
    set(),
    PLACE | {"ID", "PROCESSINGREFS"},
)
BLOCK = PLACE | {"TAGREFS", "STYLEREFS", "PROCESSINGREFS", "ROTATION", "IDNEXT", "CS"}
SCHEMA: dict[str, tuple[str, set[str], set[str]]] = {
    # element: children in order, attributes that must be there, attributes that may
    "alto": ("Description? Styles? Tags? ReadingOrder? Layout", set(), {"SCHEMAVERSION"}),
    "Description": ("MeasurementUnit sourceImageInformation? OCRProcessing* Processing*", set(), set()),
    "MeasurementUnit": ("", set(), set()),
    "sourceImageInformation": ("fileName? fileIdentifier* documentIdentifier*", set(), set()),
    "fileName": ("", set(), set()),
    "Processing": (
        (
            "processingCategory? processingDateTime? processingAgency? processingStepDescription* "
            "processingStepSettings? processingSoftware?"
        ),
        {"ID"},
        set(),
    ),
    "processingCategory": ("", set(), set()),
    "processingStepSettings": ("", set(), set()),
    "processingSoftware": ("softwareCreator? softwareName? softwareVersion? applicationDescription?", set(), set()),
    "softwareName": ("", set(), set()),
    "softwareVersion": ("", set(), set()),
    "Styles": ("TextStyle* ParagraphStyle*", set(), set()),
    "TextStyle": ("", set(), {"ID", "FONTSTYLE", "FONTSIZE", "FONTFAMILY"}),
    "Tags": ("(LayoutTag|StructureTag|RoleTag|NamedEntityTag|OtherTag)*", set(), set()),
    "LayoutTag": ("XmlData?", {"ID", "LABEL"}, {"TYPE", "DESCRIPTION", "URI"}),
    "Layout": ("Page+", set(), {"STYLEREFS"}),
    "Page": (
        "TopMargin? LeftMargin? RightMargin? BottomMargin? PrintSpace?",
        {"ID", "PHYSICAL_IMG_NR"},
        {"HEIGHT", "WIDTH", "QUALITY", "PC", "LANG", "ROTATION", "PROCESSINGREFS"},
    ),
    "TopMargin": SPACE,
    "BottomMargin": SPACE,
    "PrintSpace": SPACE,
    "TextBlock": ("Shape? TextLine*", {"ID"}, BLOCK | {"LANG", "BASEDIRECTION"}),
    "ComposedBlock": (
        "Shape? (TextBlock|Illustration|GraphicalElement|ComposedBlock)*", {"ID"}, BLOCK | {"TYPE", "FILEID"},
    ),
    "Illustration": ("Shape?", {"ID"}, BLOCK | {"TYPE", "FILEID"}),
    "TextLine": (
        "Shape? (String SP?)+ HYP?",
        set(),
        PLACE | {"ID", "STYLEREFS", "TAGREFS", "PROCESSINGREFS", "BASELINE", "LANG", "CS", "BASEDIRECTION"},
    ),
    "String": (
        "Shape? ALTERNATIVE* Glyph*", {"CONTENT"},
        PLACE | {"ID", "STYLEREFS", "TAGREFS", "STYLE", "SUBS_TYPE", "SUBS_CONTENT", "WC", "CC", "CS", "LANG"},
    ),
    "SP": ("", set(), PLACE | {"ID"}),
    "Shape": ("(Polygon|Ellipse|Circle)", set(), set()),
    "Polygon": ("", {"POINTS"}, set()),
}  # fmt: skip
FLOATS = PLACE | {"PHYSICAL_IMG_NR", "ROTATION"}
SHARES = {"WC", "PC"}
LISTS = {
    "FONTSTYLE": {"bold", "italics", "smallcaps", "strikethrough", "subscript", "superscript", "underline"},
    "BASEDIRECTION": {"ltr", "rtl", "ttb", "btt"},
    "QUALITY": {"OK", "Missing", "Damaged", "Retained", "Target"},
}


def written(document: Document) -> ET.Element:
    out = io.BytesIO()
    AltoExporter().export(document, out, options=ExporterOptions(), source=None)
    return ET.fromstring(out.getvalue())  # noqa: S314 - our own output


def local(element: ET.Element) -> str:
    assert element.tag.startswith(NAMESPACE)
    return element.tag.removeprefix(NAMESPACE)


def check(root: ET.Element) -> None:
    """Fails where the file breaks the schema."""
    ids = [element.get("ID") for element in root.iter() if element.get("ID")]
    assert len(ids) == len(set(ids))
    for element in root.iter():
        name = local(element)
        children, needed, allowed = SCHEMA[name]
        pattern = re.sub(r"[A-Za-z]+", lambda found: f"(?:{found[0]} )", children).replace("  ", " ")
        pattern = re.sub(r"\s+(?![)])", "", pattern.replace(" )", "~)")).replace("~", " ")
        assert re.fullmatch(pattern, "".join(f"{local(child)} " for child in element)), name
        attributes = {key: value for key, value in element.attrib.items() if not key.startswith("{")}
        assert needed <= attributes.keys() <= needed | allowed, (name, attributes)
        for key, value in attributes.items():
            if key in FLOATS:
                assert float(value) >= 0 or key in ("HPOS", "VPOS")
            elif key in SHARES:
                assert 0 <= float(value) <= 1
            elif key in LISTS:
                assert set(value.split()) <= LISTS[key]
            elif key == "LANG":
                assert re.fullmatch(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*", value)
            elif key == "ID":
                assert re.fullmatch(r"[A-Za-z_][\w.-]*", value)
            elif key.endswith("REFS"):
                assert set(value.split()) <= set(ids)


@pytest.mark.parametrize("document", [sample_document(), hostile_document(), empty_document()], ids=lambda d: d.source)
def test_every_document_keeps_to_the_schema(document: Document) -> None:
    check(written(document))


def test_the_check_bites() -> None:
    root = written(sample_document())
    line = next(element for element in root.iter() if local(element) == "TextLine")
    line.clear()
    with pytest.raises(AssertionError):
        check(root)


def test_words_spaces_and_confidences_read_back() -> None:
    words = (
        Word(text='"你', bbox=(10, 20, 30, 40), confidence=0.5),
        Word(text="好", bbox=(30, 20, 50, 40), confidence=1.0),
        Word(text="x & y", bbox=(60, 20, 90, 40)),
    )
    line = Line(text='"你好 x & y', bbox=(10, 20, 90, 40), words=words, bold=True, italic=True)
    page = Page(number=1, width=500, height=400, blocks=(Block(text=line.text, bbox=line.bbox, lines=(line,)),))
    root = written(Document(pages=(page,)))
    check(root)
    (found,) = (element for element in root.iter() if local(element) == "TextLine")
    assert [local(child) for child in found] == ["String", "String", "SP", "String"]
    strings = [child for child in found if local(child) == "String"]
    assert [string.get("CONTENT") for string in strings] == ['"你', "好", "x & y"]
    assert [string.get("WC") for string in strings] == ["0.5000", "1.0000", None]
    assert [strings[0].get(key) for key in ("HPOS", "VPOS", "WIDTH", "HEIGHT")] == ["10", "20", "20", "20"]
    style = next(element for element in root.iter() if element.get("ID") == found.get("STYLEREFS"))
    assert style.get("FONTSTYLE") == "bold italics"


def test_headers_and_footers_stand_in_the_margins_and_kinds_are_tagged() -> None:
    kinds = [BlockKind.TEXT, BlockKind.PAGE_FOOTER, BlockKind.TITLE, BlockKind.PAGE_HEADER]
    blocks = tuple(Block(kind=kind, text=kind.value, bbox=(0, 0, 9, 9)) for kind in kinds)
    root = written(Document(pages=(Page(number=1, width=50, height=50, blocks=blocks),)))
    check(root)
    (page,) = (element for element in root.iter() if local(element) == "Page")
    placed = {local(space): [block.get("TAGREFS") for block in space] for space in page}
    assert placed == {
        "TopMargin": ["kind_page_header"], "BottomMargin": ["kind_page_footer"],
        "PrintSpace": ["kind_text", "kind_title"],
    }  # fmt: skip
