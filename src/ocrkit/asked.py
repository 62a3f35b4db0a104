"""What a caller may ask of a reading, as keyword arguments. Reads nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocrkit.contracts import TierAsked
    from ocrkit.pipeline import TextLayerMode
    from ocrkit.sources import Limits


class RecognizeOptions(TypedDict, total=False):
    """Keyword arguments of `recognize`, `stream` and their twins; each may be left out.

    Attributes:
        tier: `cpu` (default), `vlm`, or `auto`: the cpu tier, and `vlm` for pages whose cpu reading is doubtful.
        engine: name of an engine of `ocrkit engines`; default is the tier's.
        language: `auto` (default) or a code of `ocrkit languages`.
        pages: which pages, from 1: `3-`, `1,4-7`, `last`; default all.
        text_layer: `auto` (default) uses a PDF page's own text where it can be trusted, `always` wherever there
            is one, `never` recognizes every page.
        password: opens an encrypted PDF.
        limits: bounds that hold before decoding.
        dpi: pixels an inch at which PDF pages are rendered; default 200.
        options: options of the engine, as `ocrkit engines` lists them.
        align: whether text without places, as of a vision model, is compared with a cpu reading and gets word boxes
            from it; default yes.
        max_vlm_pages: how many pages tier `auto` may give to tier `vlm` at most; default any number.
        translate_to: code of a language into which the text is translated; what cannot be stays as it was read, with
            the warning `not_translated`. The language to translate from is `language`, or what is detected.
        translator: name of one of `ocrkit translators`; default is the first that serves the pair.
        tool: name of one of `ocrkit tools`: its settings hold where an argument is left out, and what it makes of the
            document is the result.
    """

    tier: TierAsked
    engine: str | None
    language: str
    pages: str | None
    text_layer: TextLayerMode
    password: str | None
    limits: Limits
    dpi: float
    options: Mapping[str, object] | None
    align: bool
    max_vlm_pages: int | None
    translate_to: str | None
    translator: str | None
    tool: str | None
