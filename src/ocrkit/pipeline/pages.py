"""Small changes to a page value that several parts of the pipeline make."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from ocrkit.langid import identify
from ocrkit.languages import script_of
from ocrkit.model import Block, EngineRun, Line, Page, PageError, PageStatus, PageWarning

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ocrkit.errors import OcrkitError
    from ocrkit.raster import PageImage

LOW_CONFIDENCE = 0.6
"""Mean confidence of a page below which it carries the warning `low_confidence`."""


def runs_of(page: Page) -> tuple[EngineRun, ...]:
    """The engines that contributed to the page."""
    return page.provenance.runs if page.provenance else ()


def with_provenance(page: Page, **changes: object) -> Page:
    """The page with changed fields of its provenance."""
    if page.provenance is None:
        return page
    return page.model_copy(update={"provenance": page.provenance.model_copy(update=changes)})


def with_warning(page: Page, code: str, message: str) -> Page:
    """The page with one more warning."""
    return page.model_copy(update={"warnings": (*page.warnings, PageWarning(code=code, message=message))})


def lines_of(page: Page) -> list[Line]:
    """The lines of the page; a block without lines, as of a model that knows no places, as one line."""
    return [
        line
        for block in page.blocks
        for line in block.lines or (Line(text=block.printed, bbox=block.bbox, confidence=block.confidence),)
    ]


def with_lines(page: Page, lines: Iterable[Line], runs: Iterable[EngineRun]) -> Page:
    """The page with other lines, one a block, not yet arranged."""
    blocks = tuple(Block(text=line.text, bbox=line.bbox, confidence=line.confidence, lines=(line,)) for line in lines)
    return with_provenance(page.model_copy(update={"blocks": blocks}), runs=tuple(runs))


def relined(page: Page, changed: Mapping[int, Line]) -> Page:
    """The page with other lines for those of these numbers, counted from 0; a block of one line has its text."""
    numbers = count()
    blocks = []
    for block in page.blocks:
        lines = tuple(changed.get(next(numbers), line) for line in block.lines)
        text = lines[0].text if len(lines) == 1 else block.text
        blocks.append(block.model_copy(update={"lines": lines, "text": text}) if lines != block.lines else block)
    return page.model_copy(update={"blocks": tuple(blocks)})


def failed_page(image: PageImage, error: OcrkitError, *, engine: str) -> Page:
    """The page that stands where `engine` could read none: status `failed`, the error's code and message."""
    page = image.page(run=EngineRun(engine=engine), status=PageStatus.FAILED)
    return page.model_copy(update={"error": PageError(code=error.code, message=str(error))})


def finished(page: Page, *, seconds: float) -> Page:
    """The page with what every page says of itself: time spent, and warnings where it holds little or doubtful text."""
    warnings = list(page.warnings)
    if page.status is not PageStatus.FAILED:
        confidence = page.confidence
        if not page.text.strip():
            warnings.append(PageWarning(code="no_text", message="No text was found on the page."))
        elif confidence is not None and confidence < LOW_CONFIDENCE:
            message = f"The text was read with a mean confidence of {confidence:.2f}; check it."
            warnings.append(PageWarning(code="low_confidence", message=message))
    text = page.text
    script = script_of(text)
    found = {"detected_script": script, "detected_language": identify(text, script)}
    page = page.model_copy(update={"warnings": tuple(warnings), **found})
    return with_provenance(page, seconds=round(seconds, 4))
