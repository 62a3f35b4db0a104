"""Engine `textlayer`: what a born-digital PDF page says of itself. Light; the work is in `engine.py`."""

from ocrkit.contracts import EngineSpec

SPEC = EngineSpec(
    name="textlayer",
    summary="The text that a PDF page already carries, exact and without recognition",
    load="ocrkit.engines.textlayer.engine:TextLayerEngine",
    licence="Apache-2.0; reads PDF through PyMuPDF (AGPL-3.0 or commercial)",
    provides=frozenset({"words"}),
)
