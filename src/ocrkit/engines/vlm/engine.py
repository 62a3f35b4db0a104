"""Reads pages with a vision model behind an endpoint, and judges what it gave: whole, in part, or nothing.

A page without ink is not asked for. A page that the model did not transcribe is an error, so that another engine may
read it; one that it transcribed in part says so.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ocrkit.engines.vlm.asking import asked, is_refusal
from ocrkit.engines.vlm.dialects import dialect_of
from ocrkit.engines.vlm.pictures import is_blank, picture_of
from ocrkit.engines.vlm.transcripts import View
from ocrkit.errors import EngineFailedError
from ocrkit.inference import Endpoint, Usage, settings_from
from ocrkit.model import EngineRun, PageStatus, PageWarning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocrkit.engines.vlm import VlmOptions
    from ocrkit.engines.vlm.asking import Asked
    from ocrkit.engines.vlm.dialects.dialect import Dialect
    from ocrkit.engines.vlm.transcripts import Transcript
    from ocrkit.inference import EndpointSettings
    from ocrkit.model import Block, Page, Rotation
    from ocrkit.raster import PageImage

_NAME = "vlm"


class VlmEngine:
    """Any vision model that an OpenAI-compatible endpoint serves; safe for any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._endpoints: dict[EndpointSettings, Endpoint] = {}

    def recognize(self, images: Iterable[PageImage], options: VlmOptions, /) -> Iterator[Page]:
        """One page for each image: blocks in reading order, with a confidence where the endpoint tells one.

        Raises:
            EndpointNotConfiguredError: neither the options nor the variables name an endpoint.
            EndpointError: the endpoint gave no answer.
            EngineFailedError: its answer is no transcription.
        """
        for image in images:
            yield self._page(image, options)

    def close(self) -> None:
        """Closes the connections; a later call would open new ones."""
        with self._lock:
            endpoints, self._endpoints = self._endpoints, {}
        for endpoint in endpoints.values():
            endpoint.close()

    def _page(self, image: PageImage, options: VlmOptions) -> Page:
        endpoint = self._endpoint(options)
        if is_blank(image):
            return image.page(run=EngineRun(engine=_NAME))
        dialect = dialect_of(options.dialect, endpoint.model())
        given, transcript, turn = _transcribed(image, endpoint, dialect, options=options)
        kept = [block for block in transcript.blocks if _is_sure(block, options.min_confidence)]
        warnings = (*transcript.warnings, *_flaws(given))
        run = EngineRun(
            engine=_NAME, version=f"{dialect.name}-{dialect.version}", model=given.response.model, usage=given.usage
        )
        status = PageStatus.PARTIAL if _flaws(given) else PageStatus.OK
        page = image.page(run=run, blocks=kept, warnings=warnings, status=status)
        return page.model_copy(update={"rotation": turn})

    def _endpoint(self, options: VlmOptions) -> Endpoint:
        settings = settings_from("vlm", url=options.url, model=options.model, concurrency=options.concurrency)
        with self._lock:
            return self._endpoints.setdefault(settings, Endpoint(settings))


def _transcribed(
    image: PageImage, endpoint: Endpoint, dialect: Dialect, *, options: VlmOptions
) -> tuple[Asked, Transcript, Rotation]:
    """The answer, what it says, and how the page was turned for it: once, if the model asks for that.

    Raises:
        EngineFailedError: it is no transcription.
    """
    turn: Rotation = 0
    spent = Usage()
    while True:
        picture = picture_of(image, dialect.fit, turn=turn, kind=options.picture)
        given = asked(endpoint, dialect, picture, options=options)
        tokens = given.response.logprobs
        view = View(
            answer=given.text,
            page=(image.width, image.height),
            picture=(picture.width, picture.height),
            tokens=None if tokens is None else [(token.bytes, token.probability) for token in tokens],
            literal=options.task == "handwriting",
        )
        transcript = dialect.read(view)
        if turn or not transcript.turn:
            break
        turn, spent = transcript.turn, given.usage
    _refuse_what_is_none(given, transcript, image)
    return given.costing(spent), transcript, turn


def _refuse_what_is_none(given: Asked, transcript: Transcript, image: PageImage) -> None:
    """Raises where the answer is no transcription of a page that has ink.

    Raises:
        EngineFailedError: as said.
    """
    about = f"The vision model {given.response.model} "
    if not given.response.text.strip():
        raise EngineFailedError(f"{about}gave an empty answer for page {image.number}, which is not blank.")
    if transcript.prose or is_refusal(given.text):
        raise EngineFailedError(
            f"{about}wrote something else than a transcription of page {image.number}.",
            hint="Choose the dialect that its family of models writes (option dialect).",
        )
    if not any(block.text.strip() or block.table or block.latex for block in transcript.blocks):
        pictures = [block for block in transcript.blocks if block.kind == "picture"]
        if not pictures or given.loop is not None:
            raise EngineFailedError(f"{about}found no text on page {image.number}, which is not blank.")


def _flaws(given: Asked) -> list[PageWarning]:
    """What keeps a transcription from being whole."""
    if given.loop is not None:
        message = "The model repeated itself; what stands on the page after that is missing."
        return [PageWarning(code="repetition", message=message)]
    if given.response.cut:
        message = "The answer was cut at its bound; the end of the page is missing. Raise the option max_tokens."
        return [PageWarning(code="truncated", message=message)]
    return []


def _is_sure(block: Block, least: float) -> bool:
    return block.confidence is None or block.confidence >= least
