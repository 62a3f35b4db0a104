"""The contracts that every engine and exporter keeps, and what is echo's own."""

from __future__ import annotations

import ocrkit
from ocrkit.testing import EngineContract, ExporterContract, blank_image, sample_document, text_image
from ocrkit_echo import EchoOptions
from ocrkit_echo.engine import EchoEngine


class TestEchoEngine(EngineContract):
    engine = "echo"
    options = (EchoOptions(capitals=True),)


class TestEchoExporter(ExporterContract):
    exporter = "echo"


def test_a_page_says_its_size() -> None:
    [page] = EchoEngine().recognize([text_image("words", width=300, height=200)], EchoOptions())
    assert page.text == "Page 1: 300 × 200 pixels"


def test_capitals_are_an_option() -> None:
    pixels = text_image("words", width=300, height=200).pixels
    document = ocrkit.recognize(pixels, engine="echo", options={"capitals": True})
    assert document.text == "PAGE 1: 300 × 200 PIXELS"


def test_a_blank_page_says_nothing() -> None:
    [page] = EchoEngine().recognize([blank_image()], EchoOptions())
    assert page.text == ""


def test_the_format_lists_every_block() -> None:
    document = sample_document()
    lines = ocrkit.export(document, "echo").decode().splitlines()
    assert len(lines) == sum(len(page.blocks) for page in document.pages)
    assert lines[0].startswith("1\ttitle\t")
