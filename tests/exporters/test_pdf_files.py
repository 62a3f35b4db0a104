"""What a searchable PDF keeps of its source, and what it refuses."""

from __future__ import annotations

import io
import re
import subprocess
import zlib
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pikepdf
import pymupdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from ocrkit.errors import ExportError, PasswordRequiredError, SourceRequiredError
from ocrkit.exporters import PdfOptions
from ocrkit.exporters.pdf import PdfExporter
from ocrkit.model import (
    Block,
    Document,
    EngineRun,
    Line,
    Page,
    Provenance,
    TextLayerDecision,
    TextLayerUse,
    Word,
)
from ocrkit.sources import open_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ocrkit.sources import Source


class Reader(Protocol):
    def words(self, data: bytes, number: int) -> list[tuple[str, tuple[float, float, float, float]]]: ...
    def text(self, data: bytes, number: int) -> str: ...


def line(text: str, *, confidence: float | None = 0.9, top: float = 100.0) -> Line:
    box = (50.0, top, 350.0, top + 40.0)
    return Line(text=text, bbox=box, words=(Word(text=text, bbox=box, confidence=confidence),))


def page_of(source: Source, number: int, *lines: Line, use: TextLayerUse | None = None) -> Page:
    image = source.page(number)
    decision = TextLayerDecision(use=use, reason="test") if use else None
    return Page(
        number=number,
        width=image.width,
        height=image.height,
        dpi=image.dpi,
        blocks=tuple(Block(text=one.text, bbox=one.bbox, lines=(one,)) for one in lines),
        provenance=Provenance(runs=(EngineRun(engine="test"),), text_layer=decision),
    )


def exported(
    data: bytes, *lines: Line, use: TextLayerUse | None = None, password: str | None = None, allow_signed: bool = False
) -> bytes:
    out = io.BytesIO()
    with open_source(data, password=password, dpi=144) as source:
        pages = tuple(page_of(source, number, *lines, use=use) for number in range(1, source.page_count + 1))
        options = PdfOptions(allow_signed=allow_signed)
        PdfExporter().export(Document(pages=pages), out, options=options, source=source)
    return out.getvalue()


def saved(pdf: pikepdf.Pdf, **options: Any) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def drawn_pdf(contents: bytes = b"0.5 g 72 72 100 100 re f", pages: int = 1) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(400, 500))
        page = pdf.pages[-1].obj
        page[Name.Contents] = pdf.make_stream(contents)
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page[Name.Resources] = Dictionary(Font=Dictionary(F1=font))
    return pdf


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def picture(mode: str = "RGB", size: tuple[int, int] = (400, 300)) -> Image.Image:
    """A picture whose corners all differ."""
    rows, columns = np.mgrid[0 : size[1], 0 : size[0]]
    layers = [columns * 255 // size[0], rows * 255 // size[1], (rows + columns) % 256]
    return Image.fromarray(np.stack(layers, axis=2).astype(np.uint8)).convert(mode)


def rendered(data: bytes, size: tuple[int, int], number: int = 1) -> NDArray[np.int16]:
    with pymupdf.open(stream=data, filetype="pdf") as document:
        page = document[number - 1]
        zoom = pymupdf.Matrix(size[0] / page.rect.width, size[1] / page.rect.height)
        pixmap = page.get_pixmap(matrix=zoom, alpha=False)
        return np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3).astype(np.int16)


def by_poppler(data: bytes) -> bytes:
    command = ["pdftoppm", "-r", "100", "-png", "-"]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def by_pdfium(data: bytes) -> bytes:
    document = pypdfium2.PdfDocument(data)
    try:
        pixels: bytes = document[0].render(scale=2).to_numpy().tobytes()
        return pixels
    finally:
        document.close()


def by_mupdf(data: bytes) -> bytes:
    return rendered(data, (800, 600)).tobytes()


def only_image(data: bytes) -> tuple[bytes, str]:
    """The raw bytes and the filter of the first page's one picture."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        image = pdf.pages[0].Resources.XObject.Picture
        return image.read_raw_bytes(), str(image.Filter)


def only_jpeg(data: bytes) -> bytes:
    """The JPEG file that is the first page's one picture."""
    raw, filters = only_image(data)
    assert "/DCTDecode" in filters
    return zlib.decompress(raw) if "/FlateDecode" in filters else raw


def media_boxes(data: bytes) -> list[list[float]]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [[float(value) for value in page.mediabox] for page in pdf.pages]


def test_without_the_source_there_is_no_searchable_pdf() -> None:
    with pytest.raises(SourceRequiredError):
        PdfExporter().export(Document(), io.BytesIO(), options=PdfOptions(), source=None)


def test_the_original_page_is_kept_and_looks_the_same(reader: Reader, check_pdf: Callable[[bytes], None]) -> None:
    data = saved(drawn_pdf(b"q 2 0 0 2 0 0 cm 0.5 g 20 20 100 100 re f"))  # the q is never closed
    result = exported(data, line("added"))
    check_pdf(result)
    assert reader.text(result, 1) == "added"
    before, after = pikepdf.open(io.BytesIO(data)), pikepdf.open(io.BytesIO(result))
    kept = after.pages[0].Contents
    assert bytes(kept[-1].read_bytes()) == bytes(before.pages[0].Contents.read_bytes())
    assert np.array_equal(rendered(data, (400, 500)), rendered(result, (400, 500)))


def test_a_text_layer_that_was_used_is_not_written_again() -> None:
    data = saved(drawn_pdf(b"BT /F1 12 Tf 72 400 Td (there) Tj ET"))
    assert exported(data, line("there", confidence=None), use=TextLayerUse.USED) == data


def test_of_a_merged_page_only_what_an_engine_read_is_added(reader: Reader) -> None:
    data = saved(drawn_pdf(b"BT /F1 12 Tf 72 400 Td (there) Tj ET"))
    lines = (line("there", confidence=None), line("stamp", top=700))
    assert sorted(reader.text(exported(data, *lines, use=TextLayerUse.MERGED), 1).split()) == ["stamp", "there"]


def test_hidden_text_that_was_read_anew_is_replaced_and_visible_text_stays(reader: Reader) -> None:
    contents = (
        b"BT /F1 12 Tf 72 400 Td (seen) Tj q 3 Tr (stale) Tj Q 0 -20 Td (shown) Tj 3 Tr (old) ' [(o) 3 (ld)] TJ ET"
    )
    result = exported(saved(drawn_pdf(contents)), line("fresh", top=700), use=TextLayerUse.IGNORED)
    assert sorted(" ".join(reader.text(result, 1).split()).split()) == ["fresh", "seen", "shown"]


def test_hidden_text_within_forms_is_replaced_too_and_seen_text_stays(reader: Reader) -> None:
    pdf = drawn_pdf(b"/Outer Do")
    resources = pdf.pages[0].obj.Resources
    kind = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": [0, 0, 400, 500]}
    inner = pikepdf.Stream(pdf, b"BT /F1 12 Tf 72 400 Td (seen) Tj 3 Tr 0 -20 Td (stale) Tj ET", **kind)
    outer = pikepdf.Stream(pdf, b"q BT /F1 12 Tf 3 Tr 72 300 Td (old) Tj ET Q /Inner Do", **kind)
    # The inner form has no resources of its own and takes those of the outer one.
    outer[Name.Resources] = Dictionary(Font=resources.Font, XObject=Dictionary(Inner=inner))
    resources[Name.XObject] = Dictionary(Outer=outer)
    result = exported(saved(pdf), line("fresh", top=700), use=TextLayerUse.IGNORED)
    assert sorted(reader.text(result, 1).split()) == ["fresh", "seen"]


def test_a_scan_grows_by_little_more_than_its_text() -> None:
    scan = np.random.default_rng(7).integers(0, 256, (700, 500, 3), np.uint8)
    data = encoded(Image.fromarray(scan), "JPEG", quality=30)
    words = [f"word{number}" for number in range(400)]
    lines = [
        Line(
            text=" ".join(row),
            bbox=(10.0, 10.0 + 16 * number, 490.0, 24.0 + 16 * number),
            words=tuple(
                Word(text=text, bbox=(10.0 + 47 * place, 10.0 + 16 * number, 53.0 + 47 * place, 24.0 + 16 * number))
                for place, text in enumerate(row)
            ),
        )
        for number, row in enumerate(words[start : start + 10] for start in range(0, 400, 10))
    ]
    result = exported(data, *lines)
    assert len(result) <= 1.1 * len(data) + len(" ".join(words))


def test_bookmarks_links_metadata_labels_and_forms_survive(check_pdf: Callable[[bytes], None]) -> None:
    pdf = drawn_pdf(pages=2)
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Chapter", 1))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], Dest=Array([pdf.pages[1].obj, Name.Fit]))
    pdf.pages[0].obj[Name.Annots] = Array([pdf.make_indirect(link)])
    pdf.Root[Name.PageLabels] = Dictionary(Nums=Array([0, Dictionary(S=Name.r)]))
    field = Dictionary(FT=Name.Tx, T=b"name", V=b"value")
    pdf.Root[Name.AcroForm] = Dictionary(Fields=Array([pdf.make_indirect(field)]))
    pdf.docinfo[Name.Title] = "The title"
    with pdf.open_metadata() as meta:
        meta["dc:title"] = "The title"
    result = exported(saved(pdf), line("added"))
    check_pdf(result)
    with pymupdf.open(stream=result, filetype="pdf") as document:
        assert [entry[1:] for entry in document.get_toc()] == [["Chapter", 2]]
        assert [link["page"] for link in document[0].get_links()] == [1]
        assert document.metadata["title"] == "The title"
        assert [document[index].get_label() for index in (0, 1)] == ["i", "ii"]
    kept = pikepdf.open(io.BytesIO(result))
    assert str(kept.Root.AcroForm.Fields[0].V) == "value"
    assert Name.Metadata in kept.Root


def test_pages_that_share_contents_and_resources_get_their_own_text(reader: Reader) -> None:
    pdf = drawn_pdf(pages=3)
    first = pdf.pages[0].obj
    first[Name.Contents] = pdf.make_indirect(Array([first[Name.Contents]]))
    for page in list(pdf.pages)[1:]:
        page.obj[Name.Contents] = first[Name.Contents]
        page.obj[Name.Resources] = first[Name.Resources] = pdf.make_indirect(first[Name.Resources])
    data = saved(pdf)
    out = io.BytesIO()
    with open_source(data) as source:
        pages = (page_of(source, 1, line("one")), page_of(source, 3, line("three")))
        PdfExporter().export(Document(pages=pages), out, options=PdfOptions(), source=source)
    assert [reader.text(out.getvalue(), number) for number in (1, 2, 3)] == ["one", "", "three"]


def test_inherited_resources_stay_in_reach(reader: Reader) -> None:
    pdf = drawn_pdf(b"BT /F1 12 Tf 72 400 Td (there) Tj ET")
    page = pdf.pages[0].obj
    pdf.Root.Pages[Name.Resources] = page[Name.Resources]
    del page[Name.Resources]
    result = exported(saved(pdf), line("added", top=700), use=TextLayerUse.IGNORED)
    assert sorted(reader.text(result, 1).split()) == ["added", "there"]


def test_a_font_of_the_same_name_is_not_taken_over(reader: Reader) -> None:
    pdf = drawn_pdf(b"BT /OcrkitText0 12 Tf 72 400 Td (there) Tj ET")
    fonts = pdf.pages[0].obj.Resources.Font
    fonts[Name("/OcrkitText0")] = fonts[Name.F1]
    result = exported(saved(pdf), line("added", top=700), use=TextLayerUse.MERGED)
    assert sorted(reader.text(result, 1).split()) == ["added", "there"]


def test_a_searchable_pdf_can_be_made_searchable_again(reader: Reader) -> None:
    once = exported(saved(drawn_pdf()), line("first"))
    twice = exported(once, line("second", top=700), use=TextLayerUse.IGNORED)
    assert reader.text(twice, 1) == "second"


def test_an_encrypted_pdf_is_opened_by_its_password_and_comes_out_open(reader: Reader) -> None:
    data = saved(drawn_pdf(), encryption=pikepdf.Encryption(owner="boss", user="secret"))
    result = exported(data, line("added"), password="secret")  # noqa: S106 - of this test's own file
    assert not pikepdf.open(io.BytesIO(result)).is_encrypted
    assert reader.text(result, 1) == "added"


class Locked:
    """A source that lost its password."""

    name = "locked.pdf"
    media_type = "application/pdf"
    password = None

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self) -> bytes:
        return self._data

    def page(self, number: int) -> Any:
        raise AssertionError(number)


def test_an_encrypted_pdf_without_password_is_a_clear_error() -> None:
    data = saved(drawn_pdf(), encryption=pikepdf.Encryption(owner="boss", user="secret"))
    page = Page(number=1, width=10, height=10, blocks=(Block(text="x", bbox=(0, 0, 5, 5)),))
    with pytest.raises(PasswordRequiredError):
        PdfExporter().export(Document(pages=(page,)), io.BytesIO(), options=PdfOptions(), source=Locked(data))


def signed_pdf() -> bytes:
    pdf = drawn_pdf()
    value = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=b"\x00" * 16, ByteRange=[0, 1, 2, 3])
    field = Dictionary(FT=Name.Sig, T=b"signature", V=pdf.make_indirect(value))
    group = Dictionary(T=b"group", Kids=Array([pdf.make_indirect(field)]))
    pdf.Root[Name.AcroForm] = Dictionary(Fields=Array([pdf.make_indirect(group)]))
    return saved(pdf)


def test_a_signed_pdf_is_refused_unless_told_otherwise(reader: Reader) -> None:
    with pytest.raises(ExportError, match="signed") as caught:
        exported(signed_pdf(), line("added"))
    assert "allow_signed" in caught.value.hint
    assert reader.text(exported(signed_pdf(), line("added"), allow_signed=True), 1) == "added"


def test_a_signed_pdf_that_needs_no_text_comes_out_as_it_is() -> None:
    assert exported(signed_pdf()) == signed_pdf()


def broken(data: bytes, fault: str) -> bytes:
    """The file with a fault that readers get over."""
    sought, put = {
        "no table of objects": (rb"startxref\s+\d+", b"startxref 0"),
        "a stream of another length": (rb"/Length \d+", b"/Length 3"),
        "wrong hints for the web": (rb"/E \d+", b"/E 123"),
    }[fault]
    made, count = re.subn(sought, lambda found: put.ljust(len(found[0])), data)
    assert count
    return made


FAULTS = ["no table of objects", "a stream of another length", "wrong hints for the web"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_damaged_pdf_that_needs_no_text_is_written_anew(fault: str, check_pdf: Callable[[bytes], None]) -> None:
    whole = saved(drawn_pdf(b"BT /F1 12 Tf 72 400 Td (there) Tj ET"), linearize="web" in fault, compress_streams=False)
    data = broken(whole, fault)
    with pytest.raises(AssertionError):
        check_pdf(data)
    result = exported(data)
    check_pdf(result)
    assert np.array_equal(rendered(result, (400, 500)), rendered(whole, (400, 500)))


def test_a_damaged_pdf_comes_out_as_it_is_where_writing_it_anew_would_lose_something() -> None:
    signed = broken(signed_pdf(), "no table of objects")
    assert exported(signed) == signed
    data = broken(saved(drawn_pdf()), "no table of objects")
    out = io.BytesIO()
    with open_source(data) as source:
        pages = (page_of(source, 1), page_of(source, 1).model_copy(update={"number": 2}))
        PdfExporter().export(Document(pages=pages), out, options=PdfOptions(), source=source)
    assert out.getvalue() == data


def test_a_page_whose_box_has_no_area_is_a_letter(reader: Reader) -> None:
    pdf = drawn_pdf()
    pdf.pages[0].obj[Name.MediaBox] = Array([0, 0, 0, 0])
    ((text, box),) = reader.words(exported(saved(pdf), line("added")), 1)
    assert text == "added"
    assert box == pytest.approx((50 / 1224, 100 / 1584, 350 / 1224, 140 / 1584), abs=0.002)


def test_metadata_that_cannot_be_decoded_are_kept_and_in_nobodys_way(reader: Reader) -> None:
    pdf = drawn_pdf()
    pdf.Root[Name.Metadata] = pikepdf.Stream(pdf, b"no zlib", Type=Name.Metadata, Subtype=Name.XML)
    pdf.Root.Metadata[Name.Filter] = Name.FlateDecode
    result = exported(saved(pdf, fix_metadata_version=False), line("added"))
    assert reader.text(result, 1) == "added"
    with pikepdf.open(io.BytesIO(result)) as kept:
        assert kept.Root.Metadata.read_raw_bytes() == b"no zlib"


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_jpeg_is_embedded_byte_for_byte_and_looks_the_same(mode: str, check_pdf: Callable[[bytes], None]) -> None:
    data = encoded(picture(mode), "JPEG", quality=95, dpi=(100, 100))
    result = exported(data, line("added"))
    check_pdf(result)
    assert only_jpeg(result) == data
    assert len(result) < len(data) + 6000
    # MuPDF shows CMYK as ink on paper would look, paler; inverted ink would be off by far more.
    most = 40 if mode == "CMYK" else 8
    with open_source(data) as source:
        assert np.abs(rendered(result, (400, 300)) - source.page(1).pixels).mean() < most


@pytest.mark.parametrize("draw", [by_poppler, by_pdfium, by_mupdf])
def test_a_jpeg_of_much_white_paper_is_packed_once_more(
    draw: Callable[[bytes], bytes], check_pdf: Callable[[bytes], None]
) -> None:
    page = Image.new("RGB", (1200, 1600), "white")
    page.paste(picture(), (300, 200))
    data = encoded(page, "JPEG", quality=85)
    result = exported(data, line("added"))
    check_pdf(result)
    assert only_jpeg(result) == data
    assert len(result) < 0.9 * len(data)
    with pikepdf.open(io.BytesIO(result)) as pdf:
        image = pdf.pages[0].Resources.XObject.Picture
        image.write(data, filter=Name.DCTDecode)
        plain = saved(pdf)
    assert draw(result) == draw(plain)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_jpeg_stands_upright_with_its_words_on_it(orientation: int, reader: Reader) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(picture(size=(480, 480) if orientation < 5 else (480, 400)), "JPEG", exif=exif, dpi=(72, 72))
    result = exported(data, line("added"))
    assert only_jpeg(result) == data
    with open_source(data) as source:
        pixels = source.page(1).pixels
    assert np.abs(rendered(result, (pixels.shape[1], pixels.shape[0])) - pixels).mean() < 6
    ((text, (x0, y0, _, _)),) = reader.words(result, 1)
    assert text == "added"
    assert (x0, y0) == pytest.approx((50 / pixels.shape[1], 100 / pixels.shape[0]), abs=0.005)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_a_png_keeps_its_own_rows(mode: str, check_pdf: Callable[[bytes], None]) -> None:
    data = encoded(picture(mode), "PNG")
    result = exported(data, line("added"))
    check_pdf(result)
    assert only_image(result)[0] in data
    with open_source(data) as source:
        assert np.array_equal(rendered(result, (400, 300)), source.page(1).pixels)


MODES = {
    "TIFF": ("1", "L", "P", "RGB", "RGBA", "LA", "CMYK"),
    "WEBP": ("RGB", "RGBA"),
    "BMP": ("1", "L", "P", "RGB"),
    "GIF": ("L", "P"),
    "PNG": ("RGBA", "LA"),
}


@pytest.mark.parametrize(("kind", "mode"), [(kind, mode) for kind, modes in MODES.items() for mode in modes])
def test_any_other_picture_is_packed_without_loss(kind: str, mode: str, check_pdf: Callable[[bytes], None]) -> None:
    data = encoded(picture(mode), kind, **({"lossless": True} if kind == "WEBP" else {}))
    result = exported(data, line("added"))
    check_pdf(result)
    with open_source(data) as source:
        assert np.array_equal(rendered(result, (400, 300)), source.page(1).pixels)


@pytest.mark.parametrize("kind", ["TIFF", "PNG"])
def test_a_black_and_white_scan_is_packed_as_fax(kind: str, check_pdf: Callable[[bytes], None]) -> None:
    scan = Image.new("1", (1600, 2200), 1)
    for place in range(60):
        scan.paste(0, (200 + 7 * place, 300 + 11 * place, 900, 304 + 11 * place))
    result = exported(encoded(scan, kind), line("added"))
    check_pdf(result)
    assert only_image(result)[1] == "/CCITTFaxDecode"
    assert len(result) < 4000
    assert np.array_equal(rendered(result, (1600, 2200))[:, :, 0], np.asarray(scan) * 255)


def test_every_frame_of_a_tiff_is_a_page_of_its_own_size(reader: Reader) -> None:
    frames = [picture(size=(400, 300)), picture("L", size=(500, 600)), picture("1", size=(400, 200))]
    data = encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:], dpi=(100, 100))
    result = exported(data, line("frame"))
    assert media_boxes(result) == [[0, 0, 288, 216], [0, 0, 360, 432], [0, 0, 288, 144]]
    assert [reader.text(result, number) for number in (1, 2, 3)] == ["frame"] * 3


def test_a_picture_without_resolution_counts_as_200_dpi() -> None:
    result = exported(encoded(picture(size=(400, 300)), "PNG"), line("added"))
    assert media_boxes(result) == [[0, 0, 144, 108]]


def test_a_broken_picture_header_still_gives_the_picture() -> None:
    data = encoded(picture(), "PNG")
    chunk = b"eXIf" + b"MM\x00\x2a\x00\x00\x00\x08\x00\x00"
    whole = len(chunk[4:]).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    result = exported(data[:33] + whole + data[33:], line("added"))
    with open_source(data) as source:
        assert np.array_equal(rendered(result, (400, 300)), source.page(1).pixels)


@pytest.mark.parametrize("draw", [by_poppler, by_pdfium, by_mupdf])
def test_the_text_paints_nothing(draw: Callable[[bytes], bytes]) -> None:
    data = encoded(picture(), "PNG")
    spread = Line(
        text="字字",
        bbox=(20.0, 200.0, 80.0, 230.0),
        words=(Word(text="字", bbox=(20, 200, 45, 230)), Word(text="字", bbox=(55, 200, 80, 230))),
    )
    plain, with_text = exported(data), exported(data, line("added"), line("more", top=10), spread)
    assert len(with_text) > len(plain) + 1000
    assert draw(plain) == draw(with_text)
