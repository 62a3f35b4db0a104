"""What surya-ocr's predictors ask, sent to an endpoint of ours: the way in that the package offers for other servers.

Keeps every answer for the page's reader, and judges it before a parser of the package sees it. One page each.
"""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from ocrkit.engines.surya.judging import guided, is_loop, judged_layout, judged_page
from ocrkit.engines.surya.package import (
    PROMPT_MAPPING,
    PROMPT_TYPE_BLOCK,
    PROMPT_TYPE_HIGH_ACCURACY_BBOX,
    PROMPT_TYPE_LAYOUT,
    Backend,
    BatchOutputItem,
    ServerHandle,
    SuryaInferenceManager,
    scale_to_fit,
)
from ocrkit.errors import EndpointCancelledError, EndpointError, EndpointRefusedError
from ocrkit.inference import ChatRequest
from ocrkit.markup.repeats import without_repeats
from ocrkit.usage import Usage

if TYPE_CHECKING:
    from PIL import Image

    from ocrkit.engines.surya.judging import Layout
    from ocrkit.engines.surya.package import BatchInputItem
    from ocrkit.inference import ChatResponse, Endpoint
    from ocrkit.markup.repair import Mended

_MAX_TOKENS = 2048
"""Of an answer whose predictor names no bound, and the nucleus below: as in surya-ocr's own client."""
_TOP_P = 0.1
_SECOND_TEMPERATURE, _SECOND_TOP_P = 0.2, 0.95
"""Of the second try after a loop: surya-ocr's and Chandra's first step."""


class EndpointBackend(Backend):  # type: ignore[misc]  # surya-ocr is not installed where types are checked
    """Asks an endpoint about one page.

    Attributes:
        page: the answer about the whole page.
        mended: its blocks.
        layout: the answer about the layout.
        blocks: the answer about each block, by its place in the layout.
        failures: why a block has no answer, likewise.
        model: that answered last; empty before.
        usage: what all answers cost.
    """

    name = "ocrkit"

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._lock = threading.Lock()
        self._gone: EndpointError | None = None
        self.page: ChatResponse | None = None
        self.mended: Mended | None = None
        self.layout: Layout | None = None
        self.blocks: dict[int, ChatResponse] = {}
        self.failures: dict[int, EndpointError] = {}
        self.model = ""
        self.usage = Usage()

    def start(self) -> ServerHandle:
        """Where the endpoint is; nothing is started."""
        return ServerHandle(self._endpoint.settings.url, self._endpoint.model(), spawned_by_us=False)

    def stop(self) -> None:
        """Nothing: the endpoint is not ours to stop."""

    def capacity(self) -> int:
        """Questions at a time."""
        return self._endpoint.settings.concurrency

    def generate(self, batch: list[BatchInputItem]) -> list[BatchOutputItem]:
        """The answers to the questions, in their order.

        Raises:
            EndpointError: there is no answer about the page or its layout; a block without one is marked as an error.
            UnusableAnswerError: the answer about the page or its layout is of no use.
        """
        with ThreadPoolExecutor(max(1, min(len(batch), self.capacity()))) as pool:
            return list(pool.map(self._output, batch))

    def _output(self, item: BatchInputItem) -> BatchOutputItem:
        if item.prompt_type == PROMPT_TYPE_BLOCK:
            return self._block(item)
        response = self._asked(item)
        text = response.text
        if item.prompt_type == PROMPT_TYPE_HIGH_ACCURACY_BBOX:
            self.page = response
            self.mended = judged_page(response)
            text = self.mended.markup
        elif item.prompt_type == PROMPT_TYPE_LAYOUT:
            self.layout = judged_layout(response)
            text = self.layout.text
        return _output(item, response, text)

    def _block(self, item: BatchInputItem) -> BatchOutputItem:
        """The answer about a block; after an endpoint that is gone, the others are not asked any more."""
        index: int = item.metadata["block_idx"]
        try:
            if self._gone is not None:
                raise self._gone
            response = self._asked(item)
        except EndpointCancelledError:
            raise
        except EndpointError as error:
            with self._lock:
                self.failures[index] = error
                if not isinstance(error, EndpointRefusedError):
                    self._gone = error
            return BatchOutputItem(raw="", token_count=0, error=True, metadata=item.metadata)
        with self._lock:
            self.blocks[index] = response
        return _output(item, response, without_repeats(response.text) if is_loop(response) else response.text)

    def _asked(self, item: BatchInputItem) -> ChatResponse:
        """The answer; asked once more, less greedily, where the first goes round in circles."""
        request = _request(item)
        first = self._chat(request)
        if not is_loop(first):
            return first
        second = self._chat(replace(request, temperature=_SECOND_TEMPERATURE, top_p=_SECOND_TOP_P))
        return first if second.cut else second

    def _chat(self, request: ChatRequest) -> ChatResponse:
        response = self._endpoint.chat(request)
        with self._lock:
            self.model = response.model
            self.usage += response.usage
        return response


class EndpointManager(SuryaInferenceManager):  # type: ignore[misc]  # as above
    """A manager of the one backend: detects nothing and starts nothing."""

    def __init__(self, backend: EndpointBackend) -> None:
        # The inherited one would look for graphics cards and make a backend that starts servers.
        self.method = backend.name
        self.backend = backend


def _request(item: BatchInputItem) -> ChatRequest:
    form = None
    if item.guided_json is not None:
        schema = {"name": "structured_output", "schema": guided(item.guided_json), "strict": True}
        form = {"type": "json_schema", "json_schema": schema}
    return ChatRequest(
        item.prompt or PROMPT_MAPPING[item.prompt_type],
        images=(_png(item.image),),
        max_tokens=item.max_tokens or _MAX_TOKENS,
        temperature=item.temperature or 0.0,
        top_p=_TOP_P if item.top_p is None else item.top_p,
        response_format=form,
        logprobs=True,
        extra={} if item.guided_regex is None else {"guided_regex": item.guided_regex},
    )


def _png(picture: Image.Image) -> bytes:
    """The picture at a size that the model takes, as PNG."""
    out = io.BytesIO()
    scale_to_fit(picture.convert("RGB")).save(out, "PNG")
    return out.getvalue()


def _output(item: BatchInputItem, response: ChatResponse, text: str) -> BatchOutputItem:
    tokens = response.logprobs or ()
    return BatchOutputItem(
        raw=text,
        token_count=response.usage.completion_tokens,
        error=False,
        mean_token_prob=sum(token.probability for token in tokens) / len(tokens) if tokens else None,
        metadata=item.metadata,
    )
