"""Who reads a page: the vlm tier, the cpu tier where that fails, and under `auto` whichever is worth its price."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import ocrkit
from ocrkit.errors import EndpointNotConfiguredError, OptionError, UnknownEngineError
from ocrkit.model import Block, Line, Page, PageStatus, PageWarning, Word
from ocrkit.pipeline import Ceiling
from ocrkit.pipeline.doubt import doubt
from ocrkit.testing import text_image

from .visionary import NAME, registry

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = "The archive opens at nine and closes\nat five. Letters are kept in the\nfirst room on the left: 1,250 of them."
SAID = TEXT.replace("\n", " ")


def clean() -> np.ndarray[Any, Any]:
    return text_image(TEXT).pixels


def wavy() -> np.ndarray[Any, Any]:
    """Print that swims, so that the cpu tier reads nonsense and knows it."""
    pixels = clean()
    shifts = (15 * np.sin(np.arange(pixels.shape[1]) / 7)).astype(int)
    return np.stack([np.roll(pixels[:, x], shift, axis=0) for x, shift in enumerate(shifts)], axis=1)


@pytest.fixture(scope="module")
def recognizer() -> Iterator[ocrkit.Recognizer]:
    with ocrkit.Recognizer(registry(), workers=0) as shared:
        yield shared


def read(recognizer: ocrkit.Recognizer, pixels: np.ndarray[Any, Any], **options: Any) -> Page:
    given = {"says": SAID, **options.pop("engine_options", {})}
    (page,) = recognizer.recognize(pixels, **{"engine": NAME, "language": "en", "options": given, **options}).pages
    return page


def runs(page: Page) -> list[str]:
    assert page.provenance is not None
    return [run.engine for run in page.provenance.runs]


def codes(page: Page) -> set[str]:
    return {warning.code for warning in page.warnings}


def test_text_without_places_gets_word_boxes_of_a_cpu_reading_and_names_both(recognizer: ocrkit.Recognizer) -> None:
    page = read(recognizer, clean(), tier="vlm")
    printed = read(recognizer, clean(), tier="cpu", engine="ppocr", options={})
    assert [word.text for word in page.words] == SAID.split()
    assert [word.bbox for word in page.words] == [word.bbox for word in printed.words]
    assert (runs(page), page.status, page.agreement) == ([NAME, "ppocr"], PageStatus.OK, 1.0)
    hocr = ocrkit.export(ocrkit.Document(pages=(page,)), "hocr").decode()
    assert hocr.count("class='ocrx_word'") + hocr.count('class="ocrx_word"') == len(SAID.split())


def test_what_the_model_invents_is_flagged(recognizer: ocrkit.Recognizer) -> None:
    page = read(recognizer, clean(), engine_options={"says": f"{SAID.replace('1,250', '1,350')}\nSee you soon"})
    assert [word.text for word in page.words if word.flag] == ["1,350"]
    assert [block.agreement for block in page.blocks] == [pytest.approx(21 / 22), 0.0]
    assert {"number_mismatch", "unsupported_text"} <= codes(page)


def test_comparing_can_be_switched_off(recognizer: ocrkit.Recognizer) -> None:
    page = read(recognizer, clean(), align=False)
    assert (page.words, page.agreement, runs(page)) == ((), None, [NAME])


@pytest.mark.parametrize("fault", ["unreachable", "over budget", "failed", "failed page", "crash"])
def test_a_page_that_the_vlm_tier_fails_is_read_by_the_cpu_tier_and_says_so(
    recognizer: ocrkit.Recognizer, fault: str
) -> None:
    page = read(recognizer, clean(), engine_options={"does": fault})
    assert page.provenance is not None
    assert (page.status, runs(page), page.provenance.requested) == (PageStatus.FALLBACK, ["ppocr"], NAME)
    assert page.text.split() == SAID.split()
    (warning,) = [warning for warning in page.warnings if warning.code == "fallback"]
    assert "planted" in warning.message
    assert NAME in warning.message


def test_an_engine_that_is_not_there_at_all_is_an_error_and_no_fallback(recognizer: ocrkit.Recognizer) -> None:
    with pytest.raises(EndpointNotConfiguredError):
        read(recognizer, clean(), engine_options={"does": "not configured"})


def test_auto_keeps_a_good_cpu_reading(recognizer: ocrkit.Recognizer) -> None:
    page = read(recognizer, clean(), tier="auto", engine_options={"does": "crash"})
    assert (page.status, runs(page), codes(page)) == (PageStatus.OK, ["ppocr"], set())


def test_auto_gives_a_doubtful_page_to_the_vlm_tier_and_says_why(recognizer: ocrkit.Recognizer) -> None:
    page = read(recognizer, wavy(), tier="auto")
    assert page.provenance is not None
    assert runs(page)[0] == NAME
    assert page.blocks[0].text == SAID
    # Which of the two it says depends on how exactly the processor computes.
    assert re.search("confidence|was not read", page.provenance.doubt or "")
    fallen = read(recognizer, wavy(), tier="auto", engine_options={"does": "unreachable"})
    assert (fallen.status, runs(fallen)[0]) == (PageStatus.FALLBACK, "ppocr")
    assert codes(fallen) >= {"fallback"}
    lacking = read(recognizer, wavy(), tier="auto", engine_options={"does": "not configured"})
    assert (lacking.status, runs(lacking)[0]) == (PageStatus.OK, "ppocr")
    assert codes(lacking) >= {"vlm_unavailable"}


def test_auto_stops_at_the_ceiling() -> None:
    with ocrkit.Recognizer(registry(), workers=0) as recognizer:
        pages = [read(recognizer, wavy(), tier="auto", max_vlm_pages=most) for most in (0, 1)]
    assert [runs(page)[0] for page in pages] == ["ppocr", NAME]
    assert "vlm_ceiling" in codes(pages[0])


def test_auto_without_any_engine_of_tier_vlm_is_cpu(recognizer: ocrkit.Recognizer) -> None:
    with ocrkit.Recognizer(workers=0) as plain:
        (page,) = plain.recognize(clean(), tier="auto").pages
    assert (page.status, runs(page), codes(page)) == (PageStatus.OK, ["ppocr"], set())
    with pytest.raises(OptionError, match="no tier 'gpu'"):
        recognizer.recognize(clean(), tier="gpu")  # type: ignore[arg-type]  # what a user may pass all the same
    with pytest.raises(UnknownEngineError):
        recognizer.recognize(clean(), tier="auto", engine="nobody")


def page_of(*words: tuple[str, float], unread: float = 0.0) -> Page:
    made = tuple(Word(text=t, confidence=c, bbox=(100 * i, 0, 100 * i + 90, 20)) for i, (t, c) in enumerate(words))
    line = Line(text=" ".join(word.text for word in made), bbox=(0, 0, 900, 20), words=made)
    boxes = ((0.0, 100.0, 900.0, 100.0 + unread),) if unread else ()
    warnings = (PageWarning(code="unread_regions", message="", boxes=boxes),)
    blocks = (Block(text=line.text, bbox=line.bbox, lines=(line,)),) if made else ()
    return Page(number=1, width=1000, height=1000, blocks=blocks, warnings=warnings)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (page_of(("printed", 0.97), ("clearly", 0.95)), ""),
        (page_of(), ""),
        (page_of(("written", 0.4), ("scrawl", 0.7)), "mean confidence of 0.54"),
        (page_of(("printed", 0.99), ("page", 0.99), ("signed", 0.99), ("Jxn", 0.2)), "15% of the text"),
        (page_of(("printed", 0.97), unread=30.0), "94% of what looks like text"),
    ],
)
def test_a_reading_is_doubtful_by_confidence_weak_words_and_what_was_not_read(page: Page, told: str) -> None:
    assert bool(doubt(page)) is bool(told)
    assert told in doubt(page)


def test_a_ceiling_is_never_passed_and_leave_that_was_not_used_comes_back() -> None:
    ceiling = Ceiling(2)
    assert [ceiling.leave(number) for number in (1, 2, 3)] == [True, True, False]
    ceiling.settle(1, page_of(("printed", 0.97)))
    assert [ceiling.leave(number) for number in (4, 5)] == [True, False]
    assert all(Ceiling(None).leave(number) for number in range(100))
    with pytest.raises(OptionError):
        Ceiling(-1)
