"""Every built-in engine keeps the engine contract."""

from __future__ import annotations

import pytest

from ocrkit.engines.rapidocr import RapidOcrOptions
from ocrkit.registry import Registry
from ocrkit.testing import EngineContract


class TestTextLayer(EngineContract):
    engine = "textlayer"
    reads = "Invoice 2024 Total"


@pytest.mark.slow
class TestRapidOcr(EngineContract):
    engine = "rapidocr"
    options = (
        RapidOcrOptions(min_confidence=0.99),
        RapidOcrOptions(box_threshold=0.9, unclip_ratio=1.2),
        RapidOcrOptions(line_direction=True),
    )
    reads = "Invoice 2024 Total"


CONTRACTS: tuple[type[EngineContract], ...] = (TestTextLayer, TestRapidOcr)


def test_every_built_in_engine_is_here() -> None:
    assert {each.engine for each in CONTRACTS} == {spec.name for spec in Registry.discover(only=()).engines}
