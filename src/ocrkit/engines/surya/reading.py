"""One page read with surya-ocr's predictors: as a whole, else block by block; what came of it is decided here.

Knows the model's answers and their parsers; knows neither files nor the endpoint's settings.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from ocrkit.engines.surya.backend import EndpointBackend, EndpointManager
from ocrkit.engines.surya.ink import has_ink
from ocrkit.engines.surya.judging import REASONS, UnusableAnswerError, is_loop
from ocrkit.engines.surya.package import LayoutPredictor, RecognitionPredictor, parse_layout
from ocrkit.errors import EndpointError
from ocrkit.geometry import clamp
from ocrkit.markup.blocks import Labelled, blocks_of, in_pixels, plain_label, warnings_of
from ocrkit.markup.certainty import certainties
from ocrkit.model import PageStatus, PageWarning
from ocrkit.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PIL import Image

    from ocrkit.geometry import BBox
    from ocrkit.inference import ChatResponse, Endpoint
    from ocrkit.markup.repair import Fragment, Mended
    from ocrkit.model import Block

Mode = Literal["page", "blocks"]

_COMPLEX = "complexblock"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page as the model sees it, and the frame that its boxes are wanted in.

    Attributes:
        picture: RGB.
        width: pixels across of the page image.
        height: pixels down of the page image.
    """

    picture: Image.Image
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read on a page.

    Attributes:
        blocks: in reading order.
        model: that answered; `None` where none was asked.
        status: `ok` or `partial`.
        warnings: what a reader should know.
        usage: what it cost.
    """

    blocks: tuple[Block, ...]
    model: str | None = None
    status: PageStatus = PageStatus.OK
    warnings: tuple[PageWarning, ...] = ()
    usage: Usage = field(default_factory=Usage)


def read(endpoint: Endpoint, sheet: Sheet, mode: Mode) -> Reading:
    """What the model reads on the page; a sheet without ink is not asked about.

    Raises:
        EndpointError: the endpoint gave no answer.
        UnusableAnswerError: no answer is of use, and nothing of any can be saved.
    """
    if not has_ink(sheet.picture):
        return Reading(())
    by_block = EndpointBackend(endpoint)
    if mode == "blocks":
        return replace(_by_block(by_block, sheet), usage=by_block.usage)
    backend = EndpointBackend(endpoint)
    try:
        return replace(_whole(backend, sheet), usage=backend.usage)
    except UnusableAnswerError as unusable:
        trouble = unusable
    try:
        reading = _by_block(by_block, sheet)
    except (UnusableAnswerError, EndpointError):
        saved = _saved(backend, sheet, trouble)
        if saved is None:
            raise
        reading = saved
    else:
        why = PageWarning(code="read_by_block", message=f"Read block by block, since {REASONS[trouble.trouble]}.")
        reading = replace(reading, warnings=(why, *reading.warnings))
    return replace(reading, usage=backend.usage + by_block.usage)


def _whole(backend: EndpointBackend, sheet: Sheet) -> Reading:
    """The page by one answer."""
    [result] = RecognitionPredictor(EndpointManager(backend))([sheet.picture])
    assert backend.page is not None and backend.mended is not None  # noqa: PT018 - both come of one answer
    kept = {block.reading_order for block in result.blocks}
    fragments: list[Fragment] = []
    lost: list[Fragment] = []
    for place, each in enumerate(backend.mended.fragments):
        # surya-ocr drops text over what it takes for blank; a lone figure in a wide box is no blank.
        printed = place in kept or has_ink(_crop(sheet.picture, each))
        (fragments if printed else lost).append(each)
    warnings = list(warnings_of(backend.mended.repairs))
    if lost:
        boxes = tuple(in_pixels(each.box, width=sheet.width, height=sheet.height) for each in lost)
        warnings.append(_without_ink(len(lost), boxes))
    return Reading(_blocks(backend.page, fragments, sheet), backend.page.model, warnings=tuple(warnings))


def _by_block(backend: EndpointBackend, sheet: Sheet) -> Reading:
    """The page by its layout and then an answer for each block."""
    manager = EndpointManager(backend)
    [layout] = LayoutPredictor(manager)([sheet.picture])
    assert backend.layout is not None
    for box in layout.bboxes:
        if plain_label(box.raw_label) == _COMPLEX:
            box.label = box.raw_label  # its canonical label, Figure, is not read
    [result] = RecognitionPredictor(manager)([sheet.picture], [layout])
    labelled = []
    for place, block in enumerate(result.blocks):
        known = _certainty(backend.blocks[place]) if place in backend.blocks else None
        if not block.error:
            labelled.append(Labelled(block.raw_label, _scaled(block.bbox, sheet), block.html, known))
    blocks = blocks_of(labelled)
    _demand(blocks, backend)
    warnings = list(_block_warnings(backend))
    partial = bool(warnings)
    dropped = len(parse_layout(backend.layout.text)) - len(layout.bboxes)
    if dropped:
        warnings.append(_without_ink(dropped))
    return Reading(
        blocks,
        backend.model,
        PageStatus.PARTIAL if partial else PageStatus.OK,
        tuple(warnings),
    )


def _demand(blocks: Sequence[Block], backend: EndpointBackend) -> None:
    """Raises where nothing was read: why the endpoint did not answer, else that it had nothing to say."""
    only_pictures = blocks and not backend.blocks and not backend.failures
    if only_pictures or any(block.text.strip() or block.table for block in blocks):
        return
    for failure in backend.failures.values():
        raise failure
    raise UnusableAnswerError("nothing_read")


def _block_warnings(backend: EndpointBackend) -> Iterable[PageWarning]:
    """What is missing of a page read block by block."""
    asked = len(backend.blocks) + len(backend.failures)
    if backend.failures:
        why = next(iter(backend.failures.values())).message
        message = f"{len(backend.failures)} of {asked} blocks could not be read. {why}"
        yield PageWarning(code="blocks_failed", message=message)
    cut = sum(response.cut or is_loop(response) for response in backend.blocks.values())
    if cut:
        message = f"The model did not come to an end in {cut} of {asked} blocks; text may be missing there."
        yield PageWarning(code="answer_cut", message=message)
    if backend.layout is not None and backend.layout.cut:
        yield PageWarning(code="layout_cut", message="The model's list of blocks breaks off; the last may be missing.")


def _saved(backend: EndpointBackend, sheet: Sheet, trouble: UnusableAnswerError) -> Reading | None:
    """What was read before the answer about the page went wrong; `None` where that is nothing."""
    rest: Mended | None = trouble.rest
    if rest is None or backend.page is None:
        return None
    blocks = _blocks(backend.page, rest.fragments, sheet)
    if not any(block.text.strip() for block in blocks):
        return None
    cut = PageWarning(code="answer_cut", message=f"The end of the page is missing: {REASONS[trouble.trouble]}.")
    return Reading(blocks, backend.page.model, PageStatus.PARTIAL, (cut, *warnings_of(rest.repairs)))


def _blocks(response: ChatResponse, fragments: Sequence[Fragment], sheet: Sheet) -> tuple[Block, ...]:
    known = certainties(response.text, [each.span for each in fragments], _tokens(response))
    return blocks_of(
        Labelled(each.label, in_pixels(each.box, width=sheet.width, height=sheet.height), each.html, certainty)
        for each, certainty in zip(fragments, known, strict=True)
    )


def _certainty(response: ChatResponse) -> float | None:
    return certainties(response.text, [(0, len(response.text))], _tokens(response))[0]


def _tokens(response: ChatResponse) -> list[tuple[bytes, float]] | None:
    if response.logprobs is None:
        return None
    return [(token.bytes, token.probability) for token in response.logprobs]


def _crop(picture: Image.Image, fragment: Fragment) -> Image.Image:
    x0, y0, x1, y1 = in_pixels(fragment.box, width=picture.width, height=picture.height)
    return picture.crop((int(x0), int(y0), max(int(x1), int(x0) + 1), max(int(y1), int(y0) + 1)))


def _scaled(box: Sequence[float], sheet: Sheet) -> BBox:
    """A box of the picture in pixels of the page image."""
    across, down = sheet.width / sheet.picture.width, sheet.height / sheet.picture.height
    x0, y0, x1, y1 = box
    return clamp((x0 * across, y0 * down, x1 * across, y1 * down), sheet.width, sheet.height)


def _without_ink(count: int, boxes: tuple[BBox, ...] = ()) -> PageWarning:
    message = f"The model wrote text for {count} place{'s' * (count != 1)} where nothing is printed; it is left out."
    return PageWarning(code="text_without_ink", message=message, boxes=boxes)
