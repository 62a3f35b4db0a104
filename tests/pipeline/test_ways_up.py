"""Which way up a page is whose script the first engine does not read, and by which of its lines that script is told."""

from __future__ import annotations

import pytest

from ocrkit.engines.tesseract import TesseractOptions
from ocrkit.model import Line
from ocrkit.pipeline.rereading import is_surer
from ocrkit.pipeline.second import Told, badly_read

THAI = TesseractOptions(script="Thai")


@pytest.mark.parametrize(
    ("upright", "turned", "surer"),
    [
        (Told(0.3, THAI), Told(0.9, THAI), True),
        (Told(0.6, THAI), Told(0.65, THAI), False),
        (Told(0.3, THAI), Told(0.9, None), False),
        (Told(0.47, None), Told(0.9, THAI), True),
        (Told(0.47, None), Told(0.5, THAI), False),  # a bad sample, on its head
        (Told(0.95, None), Told(0.9, THAI), False),
    ],
)
def test_a_page_is_turned_over_only_where_its_sample_is_read_surely(
    upright: Told, turned: Told, *, surer: bool
) -> None:
    assert is_surer(turned, upright) is surer


def line(text: str, confidence: float) -> Line:
    return Line(text=text, bbox=(0, 0, 100, 10), confidence=confidence)


def test_a_script_is_told_by_the_lines_that_were_read_worst_where_they_are_most() -> None:
    name, *worst = line("GDBusAuthObserver", 0.7), line("r", 0.2), line("", 0.0), line("co mgin", 0.4)
    assert badly_read([name, *worst]) == worst
    assert badly_read([name, worst[0]]) == [name, worst[0]]
