"""For authors of engines, exporters and answerers: contracts to subclass in tests, sample pages and documents.

    from ocrkit.testing import EngineContract

    class TestMyEngine(EngineContract):
        engine = "my-engine"

Public, and needs pytest only to run the contracts, not to import them.
"""

from ocrkit.testing.answerer_contract import AnswererContract
from ocrkit.testing.documents import empty_document, hostile_document, sample_document
from ocrkit.testing.engine_contract import EngineContract
from ocrkit.testing.exporter_contract import ExporterContract
from ocrkit.testing.images import blank_image, page_image, sample_images, sample_source, text_image

__all__ = [
    "AnswererContract",
    "EngineContract",
    "ExporterContract",
    "blank_image",
    "empty_document",
    "hostile_document",
    "page_image",
    "sample_document",
    "sample_images",
    "sample_source",
    "text_image",
]
