"""Engine `vlm`: any vision model behind an OpenAI-compatible endpoint. Light; the work is in `engine.py`."""

from typing import Annotated, Literal

from pydantic import Field

from ocrkit.contracts import EngineOptions, EngineSpec

DialectName = Literal["auto", "chandra", "dots", "lightonocr", "markdown", "olmocr"]
"""What a model is asked and how its answer is read; `auto` goes by the model's name."""


class VlmOptions(EngineOptions):
    """Options of engine `vlm`; where the endpoint is mostly stands in the `OCRKIT_VLM_` variables."""

    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Blocks read with less confidence are left out; those whose confidence is unknown stay."""
    url: str = ""
    """Base of an OpenAI-compatible API, such as `http://127.0.0.1:8000/v1`; empty is `OCRKIT_VLM_URL`."""
    model: str = ""
    """Name of the model; empty is `OCRKIT_VLM_MODEL`, or the first that the endpoint lists."""
    dialect: DialectName = "auto"
    """What the model is asked and how its answer is read; `auto` goes by the model's name."""
    task: Literal["page", "handwriting"] = "page"
    """`handwriting` asks a model that follows instructions to keep lines, spelling and crossings-out; models that were
    trained on one wording are asked in that."""
    prompt: str = ""
    """Asked in the place of the dialect's own prompt; the answer is still read as the dialect's."""
    max_tokens: Annotated[int, Field(ge=64, le=200_000)] | None = None
    """Bound of the answer for one page; unset, the dialect's."""
    concurrency: Annotated[int, Field(ge=1, le=256)] | None = None
    """Pages at a time; unset, `OCRKIT_VLM_CONCURRENCY` or 4."""
    attempts: Annotated[int, Field(ge=1, le=6)] = 3
    """Answers asked for in all while the model repeats itself, each with more chance in it."""
    picture: Literal["png", "jpeg"] = "png"
    """How pages are sent: `png` without loss, `jpeg` in a third of the bytes."""


SPEC = EngineSpec(
    name="vlm",
    summary="Any vision model behind an OpenAI-compatible endpoint: handwriting, hard layout, mathematics",
    load="ocrkit.engines.vlm.engine:VlmEngine",
    tier="vlm",
    licence="Apache-2.0 (this client); the weights have the licence of the model that you serve",
    options=VlmOptions,
    provides=frozenset({"blocks", "tables", "formulas", "confidence"}),
    install="serve a model and set OCRKIT_VLM_URL",
)
