"""ALTO 4.4 (Library of Congress): the layout that libraries and archives keep beside their page images.

Element order is reading order, except that headers and footers stand in the margins, where the schema wants them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO
from xml.sax.saxutils import escape, quoteattr

from ocrkit import geometry
from ocrkit.layout.flow import text_as_read
from ocrkit.model import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.contracts import ExporterOptions, SourceFile
    from ocrkit.geometry import BBox, Quad
    from ocrkit.model import Block, Document, EngineRun, Line, Page

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
"""What `xsd:language` allows."""

_MIN_ANGLE = 0.1
"""Degrees below which a block is level."""


class AltoExporter:
    """Writes `alto`."""

    def export(
        self, document: Document, out: BinaryIO, /, *, options: ExporterOptions, source: SourceFile | None
    ) -> None:
        """Writes the document page by page, all measures in pixels of the page image."""
        del options, source
        out.write(("\n".join(_head(document)) + "\n").encode())
        runs = _runs(document)
        out.writelines(("\n".join(_page(page, runs)) + "\n").encode() for page in document.pages)
        if not document.pages:
            # The schema wants a page; this one says that there is none.
            out.write(b'<Page ID="page1" PHYSICAL_IMG_NR="1" QUALITY="Missing"/>\n')
        out.write(b"</Layout>\n</alto>\n")


def _runs(document: Document) -> list[EngineRun]:
    """The engines of the document, each once; processing step n is the n-th."""
    runs = (run for page in document.pages if page.provenance for run in page.provenance.runs)
    return list(dict.fromkeys(runs))


def _head(document: Document) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<alto xmlns="{_NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="{_NAMESPACE} http://www.loc.gov/standards/alto/v4/alto-4-4.xsd" SCHEMAVERSION="4.4">'
    )
    yield "<Description>"
    yield "<MeasurementUnit>pixel</MeasurementUnit>"
    yield f"<sourceImageInformation><fileName>{_text(document.source)}</fileName></sourceImageInformation>"
    for number, run in enumerate(_runs(document), start=1):
        yield f'<Processing ID="processing{number}">'
        yield "<processingCategory>contentGeneration</processingCategory>"
        if run.model:
            yield f"<processingStepSettings>{_text(run.model)}</processingStepSettings>"
        version = f"<softwareVersion>{_text(run.version)}</softwareVersion>" if run.version else ""
        yield f"<processingSoftware><softwareName>{_text(run.engine)}</softwareName>{version}</processingSoftware>"
        yield "</Processing>"
    yield "</Description>"
    styles = _styles(document)
    if styles:
        yield "<Styles>"
        for key, style in styles.items():
            yield f'<TextStyle ID="{key}" FONTSTYLE="{style}"/>'
        yield "</Styles>"
    yield "<Tags>"
    for kind in BlockKind:
        yield f'<LayoutTag ID="kind_{kind}" LABEL="{kind}"/>'
    yield "</Tags>"
    yield "<Layout>"


def _styles(document: Document) -> dict[str, str]:
    """The font styles that lines have, by their id."""
    lines = (line for page in document.pages for line in page.lines)
    return dict(sorted({_style(line): _style(line).replace("_", " ") for line in lines if _style(line)}.items()))


def _style(line: Line) -> str:
    return "_".join(name for name, has in (("bold", line.bold), ("italics", line.italic)) if has)


def _page(page: Page, runs: list[EngineRun]) -> Iterator[str]:
    attributes = f'ID="page{page.number}" PHYSICAL_IMG_NR="{page.number}" WIDTH="{page.width}" HEIGHT="{page.height}"'
    if page.provenance and page.provenance.runs:
        steps = dict.fromkeys(runs.index(run) + 1 for run in page.provenance.runs)
        attributes += f' PROCESSINGREFS="{" ".join(f"processing{step}" for step in steps)}"'
    if page.confidence is not None:
        attributes += f' PC="{page.confidence:.4f}"'
    if page.rotation:
        # Ours is how to turn the page upright, clockwise; that is how its text stands, counter-clockwise.
        attributes += f' ROTATION="{page.rotation}"'
    if page.detected_language and _LANGUAGE.fullmatch(page.detected_language):
        attributes += f' LANG="{page.detected_language}"'
    yield f"<Page {attributes}>"
    for element, kinds in (
        ("TopMargin", {BlockKind.PAGE_HEADER}),
        ("BottomMargin", {BlockKind.PAGE_FOOTER}),
        ("PrintSpace", set(BlockKind) - {BlockKind.PAGE_HEADER, BlockKind.PAGE_FOOTER}),
    ):
        blocks = [(number, block) for number, block in enumerate(page.blocks, start=1) if block.kind in kinds]
        if blocks or element == "PrintSpace":
            yield from _space(element, page, blocks)
    yield "</Page>"


def _space(element: str, page: Page, blocks: Iterable[tuple[int, Block]]) -> Iterator[str]:
    boxes = [block.bbox for _, block in blocks]
    box = geometry.union(boxes) if boxes else (0.0, 0.0, float(page.width), float(page.height))
    yield f"<{element} {_place(box)}>"
    for number, block in blocks:
        yield from _block(block, f"p{page.number}_b{number}")
    yield f"</{element}>"


def _block(block: Block, key: str) -> Iterator[str]:
    place = f'{_place(block.bbox)} TAGREFS="kind_{block.kind}"'
    if block.kind is BlockKind.PICTURE and not block.text.strip():
        yield f'<Illustration ID="{key}" {place}/>'
        return
    if block.kind is BlockKind.TABLE:
        yield f'<ComposedBlock ID="{key}" {place} TYPE="table">'
        yield from _text_block(block, f"{key}_text", _place(block.bbox))
        yield "</ComposedBlock>"
        return
    yield from _text_block(block, key, place)


def _text_block(block: Block, key: str, place: str) -> Iterator[str]:
    lines = [line for line in block.lines if line.text.strip() or line.words]
    yield f'<TextBlock ID="{key}" {place}>'
    for number, line in enumerate(lines, start=1):
        yield from _line(line, f"{key}_l{number}")
    text = text_as_read(block)
    if not lines and text.strip():
        yield f'<TextLine ID="{key}_l1" {_place(block.bbox)}>'
        yield _string(text, f"{key}_l1_s1", block.bbox, confidence=block.confidence, quad=None)
        yield "</TextLine>"
    yield "</TextBlock>"


def _line(line: Line, key: str) -> Iterator[str]:
    style = f' STYLEREFS="{_style(line)}"' if _style(line) else ""
    yield f'<TextLine ID="{key}" {_place(line.bbox)} BASEDIRECTION="{line.direction}"{style}>'
    yield _shape(line.quad)
    if not line.words:
        yield _string(line.text, f"{key}_s1", line.bbox, confidence=line.confidence, quad=None)
    position = 0
    for number, word in enumerate(line.words, start=1):
        found = line.text.find(word.text, position)
        if number > 1 and (found < 0 or found > position):
            yield "<SP/>"
        position = found + len(word.text) if found >= 0 else position
        yield _string(word.text, f"{key}_s{number}", word.bbox, confidence=word.confidence, quad=word.quad)
    yield "</TextLine>"


def _string(text: str, key: str, box: BBox, *, confidence: float | None, quad: Quad | None) -> str:
    attributes = f'ID="{key}" {_place(box)} CONTENT={quoteattr(" ".join(_legal(text).split()))}'
    if confidence is not None:
        attributes += f' WC="{confidence:.4f}"'
    shape = _shape(quad)
    return f"<String {attributes}>{shape}</String>" if shape else f"<String {attributes}/>"


def _shape(quad: Quad | None) -> str:
    if quad is None or abs(geometry.angle_of(quad)) < _MIN_ANGLE:
        return ""
    points = " ".join(f"{x:.2f},{y:.2f}" for x, y in quad)
    return f'<Shape><Polygon POINTS="{points}"/></Shape>'


def _place(box: BBox) -> str:
    x0, y0, x1, y1 = (round(value, 2) for value in box)
    return f'HPOS="{x0:.10g}" VPOS="{y0:.10g}" WIDTH="{x1 - x0:.10g}" HEIGHT="{y1 - y0:.10g}"'


def _text(text: str) -> str:
    return escape(_legal(text))


def _legal(text: str) -> str:
    return _ILLEGAL.sub("", text)
