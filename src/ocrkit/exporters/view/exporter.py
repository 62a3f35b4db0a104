"""One HTML page that works offline: page images as data, an SVG of marks over each, and the text beside it."""

from __future__ import annotations

import base64
import html
import io
import re
from collections import Counter
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO

from PIL import Image

from ocrkit.drawing import LAYERS, badge_at, confidence_colour, kind_colour, kind_name, label_size, marks
from ocrkit.errors import SourceError, SourceRequiredError
from ocrkit.layout.flow import rows
from ocrkit.model import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.contracts import SourceFile
    from ocrkit.drawing import Mark
    from ocrkit.exporters import ViewOptions
    from ocrkit.geometry import Quad
    from ocrkit.model import Document, Page, Table

_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_QUALITY = 80
"""Of the JPEG images: print stays sharp, a page of 2,000 pixels takes a few hundred kilobytes."""

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
"""Content Security Policy: the page can fetch nothing, whatever a document says."""

_LAYER_HINTS = {
    "blocks": "blocks and their kinds",
    "order": "reading order",
    "cells": "cells of tables",
    "lines": "lines",
    "words": "words",
    "confidence": "confidence of words, red to green",
}
_BAR = """<header>
<h1>{title}</h1>
<nav aria-label="Pages">
<button type="button" id="before" aria-label="Previous page" title="Previous page (←)">←</button>
<label>Page <input id="number" type="number" min="1" max="{pages}" value="1"></label> of {pages}
<button type="button" id="after" aria-label="Next page" title="Next page (→)">→</button>
<button type="button" id="smaller" aria-label="Smaller" title="Smaller (-)">−</button>
<button type="button" id="larger" aria-label="Larger" title="Larger (+)">+</button>
</nav>
<fieldset><legend>Show</legend>
{layers}
</fieldset>
<fieldset><legend>Kinds</legend>
{kinds}
</fieldset>
</header>
<main>
"""


class ViewExporter:
    """Writes `view`."""

    def export(self, document: Document, out: BinaryIO, /, *, options: ViewOptions, source: SourceFile | None) -> None:
        """Writes UTF-8 HTML page by page; a page that the source cannot show says so and has its marks all the same.

        Raises:
            SourceRequiredError: there is no source.
        """
        if source is None:
            raise SourceRequiredError("The page images are needed to draw on.", hint="Pass the source.")
        out.write("".join(_head(document, options)).encode())
        for index, page in enumerate(document.pages, start=1):
            picture, problem = _picture(page, source, options.max_side)
            parts = _page(page, index, picture=picture, problem=problem)
            out.write(("\n".join(parts) + "\n").encode())
        script = resources.files(__package__).joinpath("viewer.js").read_text("utf-8")
        out.write(f'</main>\n<div id="tip" hidden></div>\n<script>\n{script}</script>\n</body>\n</html>\n'.encode())


def _head(document: Document, options: ViewOptions) -> Iterator[str]:
    title = _text(document.source or "Document")
    style = resources.files(__package__).joinpath("viewer.css").read_text("utf-8")
    kinds = "".join(
        f".k-{kind} {{ --kind: {kind_colour(kind)}; }}\n.hide-{kind} main .k-{kind} {{ display: none; }}\n"
        for kind in BlockKind
    )
    shown = " ".join(f"show-{layer}" for layer in LAYERS if layer in options.layers)
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title>\n<style>\n{style}{kinds}</style>\n</head>\n"
        f'<body class="{shown}">\n'
    )
    counts = Counter(block.kind for page in document.pages for block in page.blocks)
    yield _BAR.format(
        title=title,
        pages=len(document.pages),
        layers="\n".join(
            f'<label title="Show {_LAYER_HINTS[layer]} ({key})"><input type="checkbox" data-layer="{layer}"'
            f"{' checked' * (layer in options.layers)}> {layer} <kbd>{key}</kbd></label>"
            for key, layer in enumerate(LAYERS, start=1)
        ),
        kinds="\n".join(
            f'<label class="kind k-{kind}"><input type="checkbox" data-kind="{kind}" checked> {kind_name(kind)}'
            f" <small>{counts[kind]}</small></label>"
            for kind in BlockKind
            if counts[kind]
        ),
    )


def _picture(page: Page, source: SourceFile, max_side: int) -> tuple[str, str]:
    """The page image as a data address, or why there is none."""
    scale = min(max_side / max(page.width, page.height), 1.0)
    try:
        picture = Image.fromarray(source.page(page.number).at_scale(scale))
    except SourceError as error:
        return "", str(error)
    size = (max(round(page.width * scale), 1), max(round(page.height * scale), 1))
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY)
    return f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}", ""


def _page(page: Page, index: int, *, picture: str, problem: str) -> Iterator[str]:
    drawn = list(marks(page))
    blocks = [mark for mark in drawn if mark.layer == "blocks"]
    yield f'<section id="page-{index}" data-number="{page.number}" aria-label="Page {page.number}">'
    yield f'<p class="facts">{_text(" · ".join(_facts(page)))}</p>'
    for problem_text in filter(None, (page.error.message if page.error else "", problem)):
        yield f'<p class="problem">{_text(problem_text)}</p>'
    for warning in page.warnings:
        yield f'<p class="warning">{_text(f"{warning.message} ({warning.code})")}</p>'
    yield '<div class="desk">\n<div class="sheet">'
    label = f"Page {page.number} with {len(blocks)} blocks drawn on it; their text follows"
    yield f'<svg viewBox="0 0 {page.width} {page.height}" role="img" aria-label="{label}">'
    yield f'<rect width="{page.width}" height="{page.height}" fill="#fff"/>'
    if picture:
        yield f'<image width="{page.width}" height="{page.height}" preserveAspectRatio="none" href="{picture}"/>'
    # What lies further in comes later, so that the pointer meets it first.
    for layer in ("blocks", "cells", "lines", "words"):
        yield f'<g class="{layer}">'
        yield from (_outline(mark) for mark in drawn if mark.layer == layer)
        yield "</g>"
    yield from _labels(page, blocks)
    yield '</svg>\n</div>\n<ol class="reading" aria-label="Blocks in reading order">'
    for mark, block in zip(blocks, page.blocks, strict=True):
        yield _entry(mark, block.table)
    yield "</ol>\n</div>\n</section>"


def _facts(page: Page) -> Iterator[str]:
    yield f"Page {page.number}: {page.status.value}"
    yield f"{page.width} × {page.height} pixels" + (f" at {page.dpi:g} dpi" if page.dpi else "")
    if page.rotation:
        yield f"turn {page.rotation}° clockwise to read"
    if page.detected_language or page.detected_script:
        yield " ".join(filter(None, (page.detected_language, page.detected_script)))
    if page.confidence is not None:
        yield f"confidence {page.confidence:.2f}"
    if page.provenance is not None:
        yield "read by " + ", ".join(dict.fromkeys(run.engine for run in page.provenance.runs))
        if page.provenance.text_layer is not None:
            decision = page.provenance.text_layer
            yield f"own text {decision.use.value}: {decision.reason}"
        if page.provenance.seconds is not None:
            yield f"{page.provenance.seconds:.2f} s"


def _outline(mark: Mark) -> str:
    attributes = f'class="k-{mark.kind}" points="{_points(mark.quad)}" data-block="{mark.block}"'
    if mark.layer == "blocks":
        return f"<polygon {attributes}/>"
    about = f"{mark.layer.removesuffix('s')} of block {mark.block}, {_sure(mark.confidence)}"
    attributes += f' data-about="{about}" data-text="{_text(mark.text)}"'
    if mark.layer == "words":
        attributes += f' style="--sure: {confidence_colour(mark.confidence)}"'
    return f"<polygon {attributes}/>"


def _labels(page: Page, blocks: list[Mark]) -> Iterator[str]:
    """The names of the kinds, and the numbered way from block to block."""
    size = label_size(page)
    yield f'<g class="kinds" font-size="{size * 0.8:.1f}">'
    for mark in blocks:
        x, y = mark.quad[0][0] + size / 2, mark.quad[0][1] - size * 0.15
        yield f'<text class="k-{mark.kind}" x="{x:.1f}" y="{y:.1f}">{kind_name(mark.kind)}</text>'
    yield f'</g>\n<g class="order" font-size="{size:.1f}" stroke-width="{size / 8:.1f}">'
    badges = [badge_at(mark, page) for mark in blocks]
    for before, after in pairwise(badges):
        yield f'<polyline points="{_points((before[:2], after[:2]))}"/>'
    for mark, (x, y, radius) in zip(blocks, badges, strict=True):
        yield (
            f'<g class="k-{mark.kind}"><circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'
            f'<text x="{x:.1f}" y="{y:.1f}">{mark.block}</text></g>'
        )
    yield "</g>"


def _entry(mark: Mark, table: Table | None) -> str:
    """A block in the list beside the page."""
    said = f'<p dir="auto">{_text(mark.text)}</p>' if table is None else "".join(_table(table))
    return (
        f'<li class="k-{mark.kind}" tabindex="0" data-block="{mark.block}"><b>{kind_name(mark.kind)}</b>'
        f" <small>{_sure(mark.confidence)}</small>{said}</li>"
    )


def _table(table: Table) -> Iterator[str]:
    yield "<table>"
    for row in rows(table):
        yield "<tr>"
        for cell in row:
            tag = "th" if cell and cell.header else "td"
            spans = f' rowspan="{cell.row_span}" colspan="{cell.column_span}"' if cell else ""
            yield f'<{tag}{spans} dir="auto">{_text(cell.text) if cell else ""}</{tag}>'
        yield "</tr>"
    yield "</table>"


def _sure(confidence: float | None) -> str:
    return "confidence unknown" if confidence is None else f"confidence {confidence:.2f}"


def _points(points: Quad | Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _text(text: str) -> str:
    return html.escape(_ILLEGAL.sub("", text), quote=True)
