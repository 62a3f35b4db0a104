"""PDF/A: what comes out is valid by a validator of its own, and what cannot is named."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import page as validator
import pikepdf
import pymupdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageCms

from ocrkit.errors import ExportError
from ocrkit.exporters import PdfOptions
from ocrkit.exporters.pdf import PdfExporter
from ocrkit.model import Block, Document, EngineRun, Line, Page, Provenance, TextLayerDecision, TextLayerUse, Word
from ocrkit.sources import open_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrkit.sources import Source


class Reader(Protocol):
    def text(self, data: bytes, number: int) -> str: ...


WORDS = ("added", "مرحبا", "😀")
UPSIDE_DOWN = ("upside", "i", "down")


def read_line(words: tuple[str, ...], *, top: float, turned: bool = False) -> Line:
    """A line of words 90 pixels wide and 10 apart; upside down it runs from the right."""
    made = []
    for number, text in enumerate(words):
        x0, y0, x1, y1 = box = (20.0 + 100 * number, top, 110.0 + 100 * number, top + 30)
        quad = ((x1, y1), (x0, y1), (x0, y0), (x1, y0)) if turned else None
        made.append(Word(text=text, bbox=box, confidence=0.9, quad=quad))
    ordered = made[::-1] if turned else made
    text = " ".join(word.text for word in ordered)
    return Line(text=text, bbox=(20.0, top, 310.0, top + 30), words=tuple(ordered))


def page_of(source: Source, number: int, use: TextLayerUse) -> Page:
    lines = [read_line((word,), top=20 + 50 * row) for row, word in enumerate(WORDS)]
    lines.append(read_line(UPSIDE_DOWN[::-1], top=200, turned=True))
    image = source.page(number)
    return Page(
        number=number,
        width=image.width,
        height=image.height,
        dpi=image.dpi,
        blocks=(Block(text="text", bbox=(20, 20, 310, 230), lines=tuple(lines)),),
        provenance=Provenance(runs=(EngineRun(engine="test"),), text_layer=TextLayerDecision(use=use, reason="test")),
    )


def archived(data: bytes, *, use: TextLayerUse = TextLayerUse.IGNORED, adds: bool = True) -> bytes:
    out = io.BytesIO()
    with open_source(data, dpi=144) as source:
        numbers = range(1, source.page_count + 1) if adds else ()
        document = Document(pages=tuple(page_of(source, number, use) for number in numbers))
        PdfExporter().export(document, out, options=PdfOptions(pdfa=True, allow_signed=True), source=source)
    return out.getvalue()


def saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def faults(data: bytes) -> list[str]:
    """What the validator finds wrong with a file as PDF/A-2b."""
    report = validator.validate_pdf_bytes(data, profile=validator.ValidationProfile.PDF_A_2B)
    return [
        f"{failure.rule_id}: {failure.message}"
        for failure in report.failures
        if failure.rule_id != "PDFA2B-STREAM-LENGTH-001" or not ends_in_a_return(data, failure.object_id)
    ]


def ends_in_a_return(data: bytes, stream: validator.PdfObjectId | None) -> bool:
    """Whether a stream as long as it says ends in a carriage return, which the validator counts to the line's end."""
    if stream is None:
        return False
    start = data.index(b"stream\n", data.index(b"\n%d 0 obj" % stream.object_number)) + len(b"stream\n")
    end = data.index(b"\nendstream", start)
    head = data[data.rindex(b" 0 obj", 0, start) : start]
    return data[end - 1 : end] == b"\r" and b"/Length %d " % (end - start) in head


def scanned_pdf(contents: bytes = b"q 400 0 0 500 0 0 cm /Scan Do Q") -> pikepdf.Pdf:
    """A scan as a careless program binds it, with a hidden text layer in a font that it does not embed."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(400, 500))
    page = pdf.pages[0].obj
    rows = np.add.outer(np.arange(50), np.arange(40)).astype(np.uint8)
    image = pikepdf.Stream(
        pdf, rows.tobytes(), Type=Name.XObject, Subtype=Name.Image, Width=40, Height=50, BitsPerComponent=8,
        ColorSpace=Name.DeviceGray, Interpolate=True,
    )  # fmt: skip
    hidden = b" BT /F1 12 Tf 3 Tr 72 400 Td (stale) Tj ET"
    page[Name.Contents] = pdf.make_stream(contents + hidden)
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page[Name.Resources] = Dictionary(Font=Dictionary(F1=font), XObject=Dictionary(Scan=image))
    return pdf


def picture(mode: str, kind: str, **options: Any) -> bytes:
    shades = np.add.outer(np.arange(300), np.arange(400))
    layers = np.stack([shades % 256, shades // 3 % 256, shades // 7 % 256], axis=2).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(layers).convert(mode).save(out, kind, **options)
    return out.getvalue()


PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
PICTURES = {
    "jpeg-grey": picture("L", "JPEG"),
    "jpeg-rgb": picture("RGB", "JPEG"),
    "jpeg-profile": picture("RGB", "JPEG", icc_profile=PROFILE),
    "jpeg-ink": picture("CMYK", "JPEG"),
    "png-bitonal": picture("1", "PNG"),
    "png-palette": picture("P", "PNG"),
    "png-alpha": picture("RGBA", "PNG"),
    "tiff-bitonal": picture("1", "TIFF", compression="group4"),
    "tiff-rgb": picture("RGB", "TIFF"),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_becomes_an_archival_pdf(kind: str, reader: Reader, check_pdf: Callable[[bytes], None]) -> None:
    data = archived(PICTURES[kind])
    assert faults(data) == []
    check_pdf(data)
    assert sorted(reader.text(data, 1).split()) == sorted([*WORDS, *UPSIDE_DOWN])


def test_the_validator_finds_fault_with_a_plain_searchable_pdf() -> None:
    out = io.BytesIO()
    with open_source(PICTURES["jpeg-rgb"]) as source:
        PdfExporter().export(Document(), out, options=PdfOptions(), source=source)
    assert any("ID-SCHEMA" in fault for fault in faults(out.getvalue()))
    assert any("Interpolate" in fault for fault in faults(saved(scanned_pdf())))


@pytest.mark.parametrize("adds", [True, False])
def test_a_scan_with_a_hidden_text_layer_becomes_archival_and_looks_the_same(*, adds: bool) -> None:
    pdf = scanned_pdf()
    del pdf.pages[0].obj.Resources.XObject.Scan[Name.Interpolate]  # else smoothing goes, which the standard forbids
    before = saved(pdf)
    after = archived(before, adds=adds)
    assert faults(after) == []
    pixels = []
    for data in (before, after):
        with pymupdf.open(stream=data, filetype="pdf") as document:
            pixels.append(document[0].get_pixmap().samples)
            assert adds or document[0].get_text().split() == ["stale"]
    assert pixels[0] == pixels[1]


def test_matters_of_form_are_mended_and_what_people_wrote_is_kept() -> None:
    pdf = scanned_pdf()
    page = pdf.pages[0].obj
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], Dest=Array([page, Name.Fit]))
    page[Name.Annots] = Array([pdf.make_indirect(link)])
    page[Name.TrimBox] = Array([0, 0, 0, 0])
    page.Resources[Name.ExtGState] = Dictionary(G=Dictionary(Type=Name.ExtGState, TR2=Name.Identity))
    form = pikepdf.Stream(pdf, b"/Scan Do", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 400, 500])
    page.Resources.XObject[Name.Form] = form
    page[Name.Contents] = pdf.make_stream(b"/G gs q 400 0 0 500 0 0 cm /Form Do Q")
    pdf.Root[Name.Requirements] = Array([Dictionary(Type=Name.Requirement, S=Name.EnableJavaScripts)])
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Layer")))
    pdf.Root[Name.OCProperties] = Dictionary(OCGs=[layer], D=Dictionary(Order=[layer], AS=Array()))
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["dc:title"] = "The title"
    pdf.docinfo[Name.Author] = "The author"
    pdf.docinfo[Name.CreationDate] = "yesterday"
    data = archived(saved(pdf))
    assert faults(data) == []
    kept = pikepdf.open(io.BytesIO(data))
    with kept.open_metadata() as meta:
        assert (meta["dc:title"], meta["dc:creator"]) == ("The title", ["The author"])
    assert kept.pages[0].Annots[0].Dest[0].objgen == kept.pages[0].objgen


def test_metadata_of_schemas_that_the_standard_does_not_know_are_left_out() -> None:
    pdf = scanned_pdf()
    packet = (
        b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        b'xmlns:own="http://example.com/own/"><own:stamp>7</own:stamp></rdf:Description></rdf:RDF></x:xmpmeta>'
        b'<?xpacket end="w"?>'
    )
    pdf.Root[Name.Metadata] = pikepdf.Stream(pdf, packet, Type=Name.Metadata, Subtype=Name.XML)
    assert faults(archived(saved(pdf))) == []
    pdf.Root[Name.Metadata] = pikepdf.Stream(
        pdf, b"not base 85", Type=Name.Metadata, Subtype=Name.XML, Filter=Name.ASCII85Decode
    )
    assert faults(archived(saved(pdf))) == []


def test_the_same_input_gives_the_same_archival_pdf() -> None:
    assert archived(PICTURES["png-palette"]) == archived(PICTURES["png-palette"])


def script(pdf: pikepdf.Pdf) -> None:
    pdf.Root[Name.OpenAction] = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def launch(pdf: pikepdf.Pdf) -> None:
    action = Dictionary(Type=Name.Action, S=Name.Launch, F=String("x.exe"))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action)
    pdf.pages[0].obj[Name.Annots] = Array([pdf.make_indirect(link)])


def bare_font(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"BT 0 Tr /F1 12 Tf 72 300 Td (seen) Tj ET")


def bare_font_in_a_form(pdf: pikepdf.Pdf) -> None:
    own = Dictionary(Font=pdf.pages[0].obj.Resources.Font)
    pdf.pages[0].obj.Resources.XObject[Name.Form] = pikepdf.Stream(
        pdf, b"BT /F1 12 Tf (seen) Tj ET", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9], Resources=own
    )


def attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["note.txt"] = b"note"


def ink(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"0 0 0 1 k 9 9 9 9 re f")


def ink_of_a_picture(pdf: pikepdf.Pdf) -> None:
    image = pdf.pages[0].obj.Resources.XObject.Scan
    image[Name.ColorSpace] = Array([Name.Indexed, Name.DeviceCMYK, 255, String(bytes(1024))])


def signature(pdf: pikepdf.Pdf) -> None:
    value = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=b"\0" * 16, ByteRange=[0, 1, 2, 3])
    field = Dictionary(FT=Name.Sig, T=b"signature", V=pdf.make_indirect(value))
    pdf.Root[Name.AcroForm] = Dictionary(Fields=Array([pdf.make_indirect(field)]))


def hidden(pdf: pikepdf.Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Square, Rect=[0, 0, 9, 9], F=2)
    pdf.pages[0].obj[Name.Annots] = Array([pdf.make_indirect(note)])


def broken(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj[Name.Contents] = pdf.make_stream(b"BI /W 2 /W 3 /H 2 ID xx EI")


FORBIDDEN: dict[str, tuple[Callable[[pikepdf.Pdf], None], str]] = {
    "script": (script, "JavaScript"),
    "launch": (launch, "start programs"),
    "font": (bare_font, r"not embedded \(Helvetica\)"),
    "font-in-form": (bare_font_in_a_form, r"not embedded \(Helvetica\)"),
    "attachment": (attachment, "embedded files"),
    "ink": (ink, "CMYK"),
    "ink-picture": (ink_of_a_picture, "CMYK"),
    "signature": (signature, "digital signature"),
    "hidden": (hidden, "hidden annotations"),
    "broken": (broken, "cannot be parsed"),
}


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_what_cannot_be_mended_is_named(kind: str) -> None:
    spoil, named = FORBIDDEN[kind]
    pdf = scanned_pdf()
    spoil(pdf)
    with pytest.raises(ExportError, match=named) as caught:
        archived(saved(pdf))
    assert "pdfa" in caught.value.hint


def test_hidden_text_within_forms_needs_no_embedded_font() -> None:
    pdf = scanned_pdf()
    own = Dictionary(Font=pdf.pages[0].obj.Resources.Font)
    stale = zlib.compress(b"BT 3 Tr /F1 12 Tf (stale) Tj ET")
    pdf.pages[0].obj.Resources.XObject[Name.Form] = pikepdf.Stream(
        pdf, stale, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 400, 500], Resources=own, Filter=Name.FlateDecode
    )
    pdf.pages[0].contents_add(b"/Form Do")
    assert faults(archived(saved(pdf))) == []
