"""Engine `surya`: Surya 2 behind an endpoint, through surya-ocr's own predictors. Light; the work is in `engine.py`."""

from typing import Annotated, Literal

from pydantic import Field

from ocrkit.contracts import EngineOptions, EngineSpec


class SuryaOptions(EngineOptions):
    """Options of engine `surya`; the endpoint and its key come from the variables `OCRKIT_VLM_…`."""

    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Blocks read with less confidence are left out; those whose confidence is unknown stay."""
    url: str = ""
    """Base URL of an OpenAI-compatible endpoint that serves Surya 2; unset, `OCRKIT_VLM_URL`."""
    model: str = ""
    """Name of the model there; unset, `OCRKIT_VLM_MODEL`, else the first one that the endpoint lists."""
    mode: Literal["page", "blocks"] = "page"
    """`page` asks once for the whole page, and block by block only where that answer is of no use; `blocks` always asks
    for the layout and then for each block."""


SPEC = EngineSpec(
    name="surya",
    summary="Surya 2 behind an endpoint of yours: layout, tables, mathematics, over 90 languages",
    load="ocrkit.engines.surya.engine:SuryaEngine",
    licence=(
        "surya-ocr Apache-2.0; weights modified AI Pubs OpenRAIL-M: free for research, personal use and companies"
        " below $5M of funding or revenue, not in competition with Datalab"
    ),
    tier="vlm",
    options=SuryaOptions,
    provides=frozenset({"confidence", "blocks", "tables", "formulas"}),
    requires=("surya-ocr",),
    install="pip install torch (a CPU build is enough), then pip install 'ocrkit[surya]'",
)
