"""Every built-in engine keeps the engine contract."""

from __future__ import annotations

from typing import ClassVar

import pytest

from ocrkit.engines.ppocr import PpocrOptions
from ocrkit.engines.rapidocr import RapidOcrOptions
from ocrkit.engines.tesseract import TesseractOptions
from ocrkit.engines.vlm import VlmOptions
from ocrkit.registry import Registry
from ocrkit.testing import EngineContract
from ocrkit.testing.endpoint import FakeEndpoint


class TestTextLayer(EngineContract):
    engine = "textlayer"
    reads = "Invoice 2024 Total"


@pytest.mark.slow
class TestPpocr(EngineContract):
    engine = "ppocr"
    options = (
        PpocrOptions(profile="fast"),
        PpocrOptions(profile="accurate", orientation=False),
        PpocrOptions(threads=2),
    )
    reads = "Invoice 2024 Total"


@pytest.mark.slow
class TestTesseract(EngineContract):
    engine = "tesseract"
    options = (
        TesseractOptions(language="en"),
        TesseractOptions(language="de+en", psm=6),
    )
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


class TestVlm(EngineContract):
    engine = "vlm"
    options = (VlmOptions(dialect="markdown"), VlmOptions(dialect="lightonocr", picture="jpeg"))
    reads = "Invoice 2024 Total"
    server: ClassVar[FakeEndpoint]
    variables: ClassVar[pytest.MonkeyPatch]

    @classmethod
    def setup_class(cls) -> None:
        cls.server = FakeEndpoint([cls.reads])
        cls.server.__enter__()
        cls.variables = pytest.MonkeyPatch()
        cls.variables.setenv("OCRKIT_VLM_URL", cls.server.url)
        super().setup_class()

    @classmethod
    def teardown_class(cls) -> None:
        super().teardown_class()
        cls.variables.undo()
        cls.server.__exit__(None, None, None)


CONTRACTS: tuple[type[EngineContract], ...] = (TestPpocr, TestRapidOcr, TestTesseract, TestTextLayer, TestVlm)

ELSEWHERE = {"surya"}
"""Kept in tests/surya, in an environment of its own."""


def test_every_built_in_engine_is_here() -> None:
    assert {each.engine for each in CONTRACTS} | ELSEWHERE == {spec.name for spec in Registry.discover(only=()).engines}
