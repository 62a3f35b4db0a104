from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pikepdf
import pymupdf
import pytest
from pikepdf import Dictionary, Name
from tests.sources.samples import corners, drawn_pdf, encoded, picture_pdf

from ocrkit import geometry
from ocrkit.sources import open_source

if TYPE_CHECKING:
    from ocrkit.model import Line
    from ocrkit.raster import TextLayer


def layer_of(data: bytes, **options: Any) -> TextLayer:
    with open_source(data, **{"dpi": 72, **options}) as source:
        layer = source.page(1).text_layer
        assert layer is not None
        return layer


def written(text: str, *, at: str = "1 0 0 1 40 100", font: str = "/F 20 Tf", **page: Any) -> bytes:
    return drawn_pdf(f"BT {font} {at} Tm ({text}) Tj ET", **page)


def ink_of(data: bytes, dpi: float = 72) -> geometry.BBox:
    """Box of all that is not white on the page."""
    with open_source(data, dpi=dpi) as source:
        rows, columns = (source.page(1).pixels.min(axis=2) < 128).nonzero()
    return (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


@pytest.mark.parametrize("dpi", [72, 150])
@pytest.mark.parametrize(
    "page",
    [
        {},
        {"Rotate": 90},
        {"Rotate": 180},
        {"Rotate": 270},
        {"MediaBox": [-50, -70, 400, 300]},
        {"CropBox": [20, 30, 290, 190]},
        {"CropBox": [20, 30, 290, 190], "Rotate": 90, "UserUnit": 1.5},
    ],
)
def test_boxes_lie_where_the_ink_is(page: dict[str, Any], dpi: float) -> None:
    data = written("Hxg", **page)
    (line,) = layer_of(data, dpi=dpi).lines
    ink = ink_of(data, dpi)
    assert geometry.overlap(ink, line.bbox) > 0.98
    assert geometry.area(line.bbox) < 2 * geometry.area(ink)
    assert line.words[0].bbox == line.bbox
    assert line.font_size == pytest.approx(20 * dpi / 72 * page.get("UserUnit", 1), rel=0.01)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_line_not_upright_has_a_quad_in_reading_direction(rotate: int) -> None:
    (line,) = layer_of(written("Sideways", Rotate=rotate)).lines
    assert line.quad is not None
    assert geometry.angle_of(line.quad) % 360 == pytest.approx(rotate)
    assert geometry.box_of(line.quad) == pytest.approx(line.bbox)
    (upright,) = layer_of(written("Upright")).lines
    assert upright.quad is None


def test_a_slanted_line_has_a_slanted_quad() -> None:
    (line,) = layer_of(written("Slanted text", at="0.866 0.5 -0.5 0.866 60 60")).lines
    assert line.quad is not None
    assert geometry.angle_of(line.quad) == pytest.approx(-30, abs=0.5)
    (start, end), (_, low) = line.quad[:2], line.quad[1:3]
    assert ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5 == pytest.approx(110, rel=0.1)
    assert ((end[0] - low[0]) ** 2 + (end[1] - low[1]) ** 2) ** 0.5 == pytest.approx(20, rel=0.1)
    assert [word.text for word in line.words] == ["Slanted", "text"]
    assert all(word.quad is not None for word in line.words)


def test_words_stand_in_order_within_their_line() -> None:
    (line,) = layer_of(written("four words on here")).lines
    assert [word.text for word in line.words] == ["four", "words", "on", "here"]
    assert line.text == "four words on here"
    assert line.direction == "ltr"
    edges = [edge for word in line.words for edge in (word.bbox[0], word.bbox[2])]
    assert edges == sorted(edges)


def test_text_between_pictures_and_vectors_keeps_its_words() -> None:
    contents = (
        "0 0 100 5 re f BT /F 12 Tf 20 150 Td (first line) Tj ET 10 140 m 200 140 l S q 20 0 0 20 250 150 cm /Im Do Q "
        "BT /F 12 Tf 20 100 Td (second line) Tj ET 10 90 m 200 90 l S BT /F 12 Tf 20 50 Td (third line) Tj ET"
    )
    layer = layer_of(picture_pdf(encoded(corners(), "JPEG"), (80, 60), contents=contents))
    assert [[word.text for word in line.words] for line in layer.lines] == [
        ["first", "line"],
        ["second", "line"],
        ["third", "line"],
    ]
    assert [tuple(map(round, box)) for box in layer.pictures] == [(250, 30, 270, 50)]


def test_counts_tell_hidden_and_meaningless_characters() -> None:
    shown = "BT /F 12 Tf 20 100 Td (seen it) Tj ET"
    layer = layer_of(drawn_pdf(f"{shown} BT 3 Tr /F 12 Tf 20 50 Td (not seen) Tj ET"))
    assert (layer.characters, layer.hidden, layer.unmapped) == (13, 7, 0)
    assert [line.text for line in layer.lines] == ["seen it", "not seen"]


def test_text_under_a_picture_that_covers_the_page_is_hidden() -> None:
    text, picture = "BT /F 12 Tf 20 100 Td (under) Tj ET", "q 300 0 0 200 0 0 cm /Im Do Q"
    jpeg = encoded(corners(), "JPEG")
    under = layer_of(picture_pdf(jpeg, (80, 60), contents=f"{text} {picture}"))
    over = layer_of(picture_pdf(jpeg, (80, 60), contents=f"{picture} {text}"))
    assert (under.characters, under.hidden) == (5, 5)
    assert (over.characters, over.hidden) == (5, 0)


def type0_pdf(codes: str, *, vertical: bool = False, to_unicode: str | None = None) -> bytes:
    """A page that shows UTF-16 codes in an unembedded Japanese font, or private codes mapped by `to_unicode`."""
    pdf = pikepdf.new()
    descriptor = Dictionary(Type=Name.FontDescriptor, FontName=Name("/HeiseiMin-W3"), Flags=4, Ascent=850, Descent=-150)
    system = Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Japan1"), Supplement=2)
    inner = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType0,
        BaseFont=Name("/HeiseiMin-W3"),
        CIDSystemInfo=system,
        FontDescriptor=descriptor,
    )
    encoding = Name("/UniJIS-UTF16-V") if vertical else Name("/UniJIS-UTF16-H")
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/HeiseiMin-W3"), Encoding=encoding, DescendantFonts=[inner]
    )
    if to_unicode is not None:
        cmap = f"1 begincodespacerange <0000> <ffff> endcodespacerange 2 beginbfrange {to_unicode} endbfrange"
        font.ToUnicode = pdf.make_stream(cmap.encode())
    contents = f"BT /F 16 Tf 150 180 Td <{codes}> Tj ET".encode()
    resources = Dictionary(Font=Dictionary(F=pdf.make_indirect(font)))
    page = Dictionary(
        Type=Name.Page, MediaBox=[0, 0, 300, 200], Resources=resources, Contents=pdf.make_stream(contents)
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_a_vertical_line_is_one_line_and_upright() -> None:
    (line,) = layer_of(type0_pdf("縦書きの日本語".encode("utf-16-be").hex(), vertical=True)).lines
    assert line.text == "縦書きの日本語"
    assert line.direction == "ttb"
    assert line.quad is None
    assert geometry.height(line.bbox) > 5 * geometry.width(line.bbox)


def test_private_use_characters_have_no_meaning() -> None:
    layer = layer_of(type0_pdf("004100420043", to_unicode="<0041> <0042> <e000> <0043> <0043> <0058>"))
    assert (layer.characters, layer.unmapped) == (3, 2)


def html_lines(html: str) -> tuple[Line, ...]:
    document = pymupdf.open()
    document.new_page(width=300, height=200).insert_htmlbox(pymupdf.Rect(10, 10, 290, 190), html)
    return layer_of(document.tobytes()).lines


def test_hebrew_is_in_logical_order_and_its_brackets_face_the_text() -> None:
    (line,) = html_lines('<p dir="rtl">שלום (עולם) טוב</p>')
    assert line.text == "שלום (עולם) טוב"
    assert [word.text for word in line.words] == ["שלום", "(עולם)", "טוב"]
    assert line.direction == "rtl"
    lefts = [word.bbox[0] for word in line.words]
    assert lefts == sorted(lefts, reverse=True)


def test_latin_in_a_hebrew_line_belongs_to_it() -> None:
    (line,) = html_lines('<p dir="rtl">שלום לכולם abc</p>')
    assert line.text == "שלום לכולם abc"
    assert line.direction == "rtl"


def test_bold_and_italic_are_told() -> None:
    found = {
        line.text: (line.bold, line.italic) for line in html_lines("<p>plain</p><p><b>bold</b></p><p><i>slant</i></p>")
    }
    assert found == {"plain": (False, False), "bold": (True, False), "slant": (False, True)}


def test_rulings_are_lines_and_edges_of_boxes() -> None:
    contents = (
        "10 100 m 200 100 l S 0.5 g 50 20 80 40 re f 1 g 200 20 60 40 re f 0 g 250 10 0.6 180 re f "
        "0 0 m 30 70 l S 0.9 g 0 0 300 200 re f 0 g 5 5 2 2 re f"
    )
    rulings = {tuple(map(round, box)) for box in layer_of(drawn_pdf(contents)).rulings}
    line, bar = (10, 100, 200, 100), (250, 10, 251, 190)
    edges = {(50, 140, 130, 140), (50, 180, 130, 180), (50, 140, 50, 180), (130, 140, 130, 180)}
    assert any(box[0] <= 10 and box[2] >= 200 and abs(box[1] - line[1]) <= 1 for box in rulings)
    assert bar in rulings
    assert edges <= rulings
    assert len(rulings) == 6


def test_rulings_follow_the_rotation_of_the_page() -> None:
    (ruling,) = layer_of(drawn_pdf("0 g 20 150 200 1 re f", Rotate=90)).rulings
    assert tuple(map(round, ruling)) == (150, 20, 151, 220)


def test_a_drawing_of_many_strokes_has_no_rulings() -> None:
    strokes = " ".join(f"{n % 290} 0 m {n % 290} 100 l S" for n in range(6000))
    assert layer_of(drawn_pdf(strokes)).rulings == ()


def test_text_off_the_page_is_left_out() -> None:
    contents = (
        "BT /F 12 Tf 20 100 Td (on) Tj ET BT /F 12 Tf 20 500 Td (above) Tj ET BT /F 12 Tf -200 100 Td (left) Tj ET"
    )
    assert [line.text for line in layer_of(drawn_pdf(contents)).lines] == ["on"]


def test_every_box_lies_on_the_page() -> None:
    contents = "BT /F 40 Tf 270 190 Td (edge of page) Tj ET q 400 0 0 400 -50 -50 cm /Im Do Q -20 50 m 900 50 l S"
    layer = layer_of(picture_pdf(encoded(corners(), "JPEG"), (80, 60), contents=contents))
    boxes = [w.bbox for line in layer.lines for w in line.words] + [line.bbox for line in layer.lines]
    for x0, y0, x1, y1 in [*boxes, *layer.pictures, *layer.rulings]:
        assert 0 <= x0 <= x1 <= 300
        assert 0 <= y0 <= y1 <= 200
    assert layer.pictures == ((0.0, 0.0, 300.0, 200.0),)


def test_ligatures_and_soft_hyphens_are_spelt_out() -> None:
    encoding = Dictionary(Type=Name.Encoding, Differences=[65, Name("/fi"), Name("/hyphen"), Name("/softhyphen")])
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/Times-Roman"), Encoding=encoding)
    data = drawn_pdf("BT /G 20 Tf 20 100 Td (Ane aB) Tj ET", Resources=Dictionary(Font=Dictionary(G=font)))
    assert [line.text for line in layer_of(data).lines] == ["fine a-"]


def test_a_blank_page_has_an_empty_layer() -> None:
    layer = layer_of(drawn_pdf(""))
    assert (layer.lines, layer.characters, layer.pictures, layer.rulings) == ((), 0, (), ())


def test_a_value_drawn_before_its_label_stands_behind_it() -> None:
    drawn = "BT /F 20 Tf 1 0 0 1 100 100 Tm (993548900) Tj ET BT /F 20 Tf 1 0 0 1 20 100 Tm (Number: ) Tj ET"
    [line] = layer_of(drawn_pdf(drawn)).lines
    assert line.text == "Number: 993548900"
    assert [word.text for word in line.words] == ["Number:", "993548900"]
    assert line.words[0].bbox[2] <= line.words[1].bbox[0]
