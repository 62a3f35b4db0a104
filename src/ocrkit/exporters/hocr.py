"""hOCR 1.2 (XHTML): pages, areas, paragraphs, lines and words with boxes and confidences."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, BinaryIO
from xml.sax.saxutils import escape, quoteattr

from ocrkit import geometry
from ocrkit.layout.flow import is_rtl, text_as_read
from ocrkit.model import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrkit.contracts import ExporterOptions, SourceFile
    from ocrkit.geometry import BBox, Quad
    from ocrkit.model import Block, Document, Line, Page, Word

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CLASSES = {
    BlockKind.TITLE: "ocr_title",
    BlockKind.SECTION_HEADER: "ocr_section",
    BlockKind.TABLE: "ocr_table",
    BlockKind.PICTURE: "ocr_image",
    BlockKind.FORMULA: "ocr_display",
    BlockKind.CAPTION: "ocr_caption",
    BlockKind.PAGE_HEADER: "ocr_header",
    BlockKind.PAGE_FOOTER: "ocr_footer",
}
"""Logical and float classes (hOCR 1.2, sections 4 and 6); the others are plain areas."""

_CAPABILITIES = [
    "ocr_page",
    "ocr_carea",
    "ocr_par",
    "ocr_line",
    "ocrx_word",
    *_CLASSES.values(),
    "ocrp_wconf",
    "ocrp_lang",
    "ocrp_dir",
]
_MIN_ANGLE = 0.1
"""Degrees below which a line is level."""

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<title>{title}</title>
<meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>
<meta name="ocr-system" content={system}/>
<meta name="ocr-capabilities" content="{capabilities}"/>
<meta name="ocr-number-of-pages" content="{pages}"/>
<meta name="ocr-langs" content={languages}/>
</head>
<body>
"""


class HocrExporter:
    """Writes `hocr`."""

    def export(
        self, document: Document, out: BinaryIO, /, *, options: ExporterOptions, source: SourceFile | None
    ) -> None:
        """Writes the document page by page; boxes are whole pixels of the page image."""
        del options, source
        runs = [run for page in document.pages if page.provenance for run in page.provenance.runs]
        languages = dict.fromkeys(page.detected_language for page in document.pages if page.detected_language)
        system = " ".join(dict.fromkeys(f"{run.engine} {run.version or ''}".strip() for run in runs)) or "ocrkit"
        head = _HEAD.format(
            title=_text(document.metadata.get("title") or document.source),
            system=quoteattr(_legal(system)),
            capabilities=" ".join(_CAPABILITIES),
            pages=len(document.pages),
            languages=quoteattr(" ".join(languages) or "unknown"),
        )
        out.write(head.encode())
        out.writelines(("\n".join(_page(page, document.source)) + "\n").encode() for page in document.pages)
        out.write(b"</body>\n</html>\n")


def _page(page: Page, source: str) -> Iterator[str]:
    image = _legal(source).replace("\\", "_").replace('"', "_")
    title = f'image "{image}"; bbox 0 0 {page.width} {page.height}; ppageno {page.number - 1}'
    if page.dpi:
        title += f"; scan_res {round(page.dpi)} {round(page.dpi)}"
    lang = f" lang={quoteattr(page.detected_language)}" if page.detected_language else ""
    yield f'<div class="ocr_page" id="page_{page.number}" title={quoteattr(title)}{lang}>'
    for number, block in enumerate(page.blocks, start=1):
        yield from _block(block, f"{page.number}_{number}")
    yield "</div>"


def _block(block: Block, key: str) -> Iterator[str]:
    box = _box(block.bbox)
    kind = _CLASSES.get(block.kind)
    if kind:
        yield f'<div class="{kind}" id="{kind.removeprefix("ocr_")}_{key}" title="{box}">'
    text = text_as_read(block)
    if text.strip():
        direction = ' dir="rtl"' if is_rtl(text) else ""
        yield f'<div class="ocr_carea" id="block_{key}" title="{box}">'
        yield f'<p class="ocr_par" id="par_{key}" title="{box}"{direction}>'
        if block.lines:
            for number, line in enumerate(block.lines, start=1):
                yield from _line(line, f"{key}_{number}")
        else:
            yield _text(text)
        yield "</p>"
        yield "</div>"
    if kind:
        yield "</div>"


def _line(line: Line, key: str) -> Iterator[str]:
    title = _box(line.bbox) + _angle(line.quad)
    if line.font_size:
        title += f"; x_size {line.font_size:g}"
    yield f'<span class="ocr_line" id="line_{key}" title="{title}">'
    if line.words:
        for number, word in enumerate(line.words, start=1):
            yield _word(word, f"{key}_{number}", line)
    else:
        yield _text(line.text)
    yield "</span>"


def _word(word: Word, key: str, line: Line) -> str:
    title = _box(word.bbox) + _angle(word.quad)
    if word.confidence is not None:
        title += f"; x_wconf {round(word.confidence * 100)}"
    text = _text(word.text)
    text = f"<em>{text}</em>" if line.italic else text
    text = f"<strong>{text}</strong>" if line.bold else text
    return f'<span class="ocrx_word" id="word_{key}" title="{title}">{text}</span>'


def _box(box: BBox) -> str:
    x0, y0, x1, y1 = box
    return f"bbox {math.floor(x0)} {math.floor(y0)} {math.ceil(x1)} {math.ceil(y1)}"


def _angle(quad: Quad | None) -> str:
    """The angle as hOCR counts it, counter-clockwise; empty for level text."""
    angle = -geometry.angle_of(quad) if quad else 0.0
    return f"; textangle {angle:.1f}" if abs(angle) > _MIN_ANGLE else ""


def _text(text: str) -> str:
    return escape(_legal(text))


def _legal(text: str) -> str:
    return _ILLEGAL.sub("", text)
