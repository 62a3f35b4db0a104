"""Decides what is written: the original with text added, or pictures bound into a new file."""

from __future__ import annotations

import shutil
import tempfile
from typing import TYPE_CHECKING, BinaryIO, cast

import pikepdf
from pikepdf import Dictionary, Name

from ocrkit.errors import SourceRequiredError
from ocrkit.exporters.pdf import original
from ocrkit.exporters.pdf.archive import make_archival
from ocrkit.exporters.pdf.font import JOINING, InvisibleFont, packed
from ocrkit.exporters.pdf.pictures import embedded
from ocrkit.exporters.pdf.placing import page_lines
from ocrkit.exporters.pdf.writing import Fonts, text_operators
from ocrkit.geometry import Affine
from ocrkit.model import TextLayerUse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.contracts import SourceFile
    from ocrkit.exporters import PdfOptions
    from ocrkit.model import Document, Line, Page

_PDF = "application/pdf"
_DEFAULT_DPI = 200.0
"""Taken for pictures that do not say theirs: a page of 1,654 pixels is then A4."""

_MAX_SIDE = 14400.0
"""Points a page side may have (PDF 32000-1, annex C)."""

_ARCHIVAL_VERSION = "1.7"
"""The version of PDF that PDF/A-2 builds on."""

_IN_MEMORY = 64 * 1024 * 1024
"""Bytes of output held in memory; larger files go through the disk."""


class PdfExporter:
    """Writes `pdf`."""

    def export(self, document: Document, out: BinaryIO, /, *, options: PdfOptions, source: SourceFile | None) -> None:
        """Writes the source with the text of the document on it, invisible.

        Every page of a PDF is kept, also those that the document leaves out; of pictures, the document's pages.
        An encrypted PDF comes out without encryption. A PDF to which nothing is to be added comes out as it is, or,
        where it is put together wrongly (a broken table of objects, say) and not signed, written anew.

        Raises:
            SourceRequiredError: there is no source.
            ExportError: the PDF is digitally signed and `allow_signed` is not set; or PDF/A is asked for and it
                holds what PDF/A forbids.
            SourceError: the source cannot be opened.
        """
        if source is None:
            raise SourceRequiredError("A searchable PDF needs the original file.", hint="Pass the source.")
        if source.media_type != _PDF:
            with pikepdf.new() as pdf:
                _bind(pdf, document, source, options=options)
                _save(pdf, out, name=source.name, options=options)
            return
        with original.opened(source) as pdf:
            adds = any(_added(document))
            if not adds and not pdf.is_encrypted and not options.pdfa and not _is_mended(pdf, document):
                out.write(source.read())
                return
            if not options.allow_signed:
                original.refuse_signed(pdf, source.name)
            if adds:
                _overlay(pdf, _added(document))
            _save(pdf, out, name=source.name, options=options)


def _is_mended(pdf: pikepdf.Pdf, document: Document) -> bool:
    """Whether writing the file anew mends it and takes nothing from it."""
    if original.is_signed(pdf) or original.is_sound(pdf):
        return False
    # Where a broken file has pages that qpdf does not find, they would be lost.
    return all(page.number <= len(pdf.pages) for page in document.pages)


def _added(document: Document) -> Iterator[tuple[Page, list[Line]]]:
    """The pages that get text, with the lines that their own text layer does not say."""
    for page in document.pages:
        use = _use(page)
        lines = [] if use is TextLayerUse.USED else list(page_lines(page, unsure=use is TextLayerUse.MERGED))
        if lines:
            yield page, lines


def _use(page: Page) -> TextLayerUse | None:
    if page.provenance is None:
        return None
    if page.provenance.text_layer is not None:
        return page.provenance.text_layer.use
    return TextLayerUse.USED if page.provenance.runs[:1] and page.provenance.runs[0].engine == "textlayer" else None


def _overlay(pdf: pikepdf.Pdf, added: Iterable[tuple[Page, list[Line]]]) -> None:
    """The lines onto the pages of the original."""
    name = original.free_name(pdf)
    fonts = Fonts(InvisibleFont(pdf, name), InvisibleFont(pdf, f"{name}J", JOINING))
    for page, lines in added:
        if page.number > len(pdf.pages):
            continue
        target = pdf.pages[page.number - 1]
        if _use(page) is TextLayerUse.IGNORED:
            original.drop_invisible_text(pdf, target)
        operators = _operators(lines, original.frame_of(target, page), fonts=fonts)
        original.add_text(pdf, target, operators, fonts=[font for font in fonts if font.used])
    _finish(fonts)


def _bind(pdf: pikepdf.Pdf, document: Document, source: SourceFile, *, options: PdfOptions) -> None:
    """The pictures as pages of a new file, each with its text."""
    fonts = Fonts(InvisibleFont(pdf, "Text"), InvisibleFont(pdf, "TextJ", JOINING))
    data = source.read()
    for page in document.pages:
        picture = embedded(pdf, data, source.page(page.number), archival=options.pdfa)
        scale = min(72.0 / (page.dpi or _DEFAULT_DPI), _MAX_SIDE / max(page.width, page.height))
        width, height = page.width * scale, page.height * scale
        text = _operators(page_lines(page), Affine(scale, 0.0, 0.0, 0.0, -scale, height), fonts=fonts)
        matrix = " ".join(map(str, picture.matrix))
        show = f"q {width:.4f} 0 0 {height:.4f} 0 0 cm {matrix} cm /Picture Do Q\n".encode("ascii")
        pdf.add_blank_page(page_size=(max(round(width, 4), 3.0), max(round(height, 4), 3.0)))
        made = pdf.pages[-1].obj
        made[Name.Contents] = packed(pdf, show + text)
        made[Name.Resources] = Dictionary(Font=_used(fonts), XObject=Dictionary(Picture=picture.stream))
    _finish(fonts)
    title = document.metadata.get("title") or document.source
    pdf.docinfo[Name.Title] = "".join(sign for sign in title if sign.isprintable())
    pdf.docinfo[Name.Producer] = "ocrkit"


def _operators(lines: Iterable[Line], frame: Affine, *, fonts: Fonts) -> bytes:
    return "\n".join([*text_operators(lines, frame, fonts=fonts), ""]).encode("ascii")


def _used(fonts: Fonts) -> Dictionary:
    return Dictionary({f"/{font.name}": font.object for font in fonts if font.used})


def _finish(fonts: Fonts) -> None:
    for font in fonts:
        if font.used:
            font.finish()


def _save(pdf: pikepdf.Pdf, out: BinaryIO, *, name: str, options: PdfOptions) -> None:
    """Writes the file; `out` need not be seekable, as pikepdf's own target must be."""
    if options.pdfa:
        make_archival(pdf, name)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        pdf.save(
            cast("BinaryIO", file),
            min_version="1.6",
            force_version=_ARCHIVAL_VERSION if options.pdfa else "",
            deterministic_id=True,
            # Metadata are kept as they are: no version is put into them, and broken ones stand in nobody's way.
            fix_metadata_version=False,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        file.seek(0)
        shutil.copyfileobj(file, out)
