"""What the engine reads on drawn pages: text, places, confidence, and nothing where nothing is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import ImageDraw

from ocrkit.engines.ppocr import PpocrOptions
from ocrkit.raster import PageImage

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrkit.engines.ppocr.engine import PpocrEngine
    from ocrkit.model import Page

Read = Any
Drawn = Any


def texts(page: Page) -> list[str]:
    return [line.text for line in page.lines]


@pytest.mark.parametrize("profile", ["fast", "balanced", "accurate"])
def test_every_profile_reads_a_clean_page_exactly(
    read: Read, drawn: Drawn, lines: tuple[str, ...], profile: str
) -> None:
    page = read(drawn.page(), profile=profile)
    assert texts(page) == list(lines)
    assert (page.rotation, page.skew, page.warnings) == (0, 0.0, ())
    assert page.provenance is not None
    assert page.provenance.runs[0].engine == "ppocr"


def test_a_word_box_holds_the_ink_of_its_word_and_of_no_other(read: Read, drawn: Drawn) -> None:
    page = read(drawn.page())
    assert [word.text for word in page.words] == [text for text, _ in drawn.words]
    for word, (_, ink) in zip(page.words, drawn.words, strict=True):
        assert word.bbox[0] == pytest.approx(ink[0], abs=4)
        assert word.bbox[2] == pytest.approx(ink[2], abs=4)
        assert word.bbox[1] <= ink[1] + 3
        assert word.bbox[3] >= ink[3] - 3


def test_every_word_and_line_has_a_confidence_of_its_own(read: Read, drawn: Drawn) -> None:
    page = read(drawn.page())
    confidences = [word.confidence for word in page.words]
    assert all(value is not None and 0.5 < value <= 1 for value in confidences)
    assert len(set(confidences)) > 1


def test_words_set_close_together_are_still_parted(
    read: Read, draw: Callable[..., Drawn], lines: tuple[str, ...]
) -> None:
    page = read(draw(gap=0.25).page())
    assert texts(page) == list(lines)


@pytest.mark.parametrize("colour", [0, 128, 255])
def test_a_page_of_one_colour_has_no_lines(read: Read, colour: int) -> None:
    page = read(PageImage.from_array(np.full((1200, 900, 3), colour, np.uint8)))
    assert page.blocks == ()
    assert page.warnings == ()


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (900, 3), (20, 6000), (6000, 20)])
def test_a_page_of_any_shape_is_read(read: Read, shape: tuple[int, int]) -> None:
    page = read(PageImage.from_array(np.full((*shape, 3), 255, np.uint8)))
    assert (page.height, page.width) == shape


def test_a_line_wider_than_the_network_takes_is_read_whole(read: Read, draw: Callable[..., Drawn]) -> None:
    words = " ".join(["seven", "words", "wider", "than", "any", "page"] * 8)
    drawn = draw([words], size=24)
    page = PageImage.from_array(np.asarray(drawn.image.crop((0, 24, 720, 96))))
    wide = np.concatenate([page.pixels] * 6, axis=1)
    got = read(PageImage.from_array(wide))
    assert " ".join(texts(got)).count("words") >= 6


def test_type_of_any_size_is_read(read: Read, draw: Callable[..., Drawn], lines: tuple[str, ...]) -> None:
    for size in (14, 90):
        assert texts(read(draw(size=size).page())) == list(lines), size


def test_regions_left_out_are_counted_and_can_be_had(read: Read, drawn: Drawn) -> None:
    strict = read(drawn.page(), min_confidence=1.0)
    everything = read(drawn.page(), min_confidence=0.0)
    assert len(everything.lines) == 6
    assert len(strict.lines) < 6
    assert [warning.code for warning in strict.warnings] == ["unread_regions"]
    assert everything.warnings == ()


def test_a_dotted_rule_is_no_line_that_could_not_be_read(read: Read, drawn: Drawn, lines: tuple[str, ...]) -> None:
    picture = drawn.image.copy()
    for x in range(60, 500, 8):
        for y in (picture.height - 50, picture.height - 41):
            ImageDraw.Draw(picture).ellipse((x, y, x + 4, y + 5), fill="black")
    page = read(PageImage.from_array(np.asarray(picture)), min_confidence=0.0)
    assert texts(page) == list(lines)


def test_calls_from_several_threads_keep_their_own_options(engine: PpocrEngine, draw: Callable[..., Drawn]) -> None:
    profiles = ["fast", "accurate", "balanced", "fast"]
    pages = [draw([f"Page number {n + 2} of nine"]).page() for n in range(4)]

    def one(n: int) -> Page:
        options = PpocrOptions.model_validate({"profile": profiles[n]})
        return next(iter(engine.recognize([pages[n]], options)))

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(one, range(4)))
    assert [texts(page) for page in found] == [[f"Page number {n + 2} of nine"] for n in range(4)]
    models = [page.provenance.runs[0].model or "" for page in found if page.provenance]
    assert ["small and" in m or "tiny and" in m for m in models] == [True, False, True, True]


def test_a_closed_engine_reads_again(draw: Callable[..., Drawn], engine: PpocrEngine) -> None:
    page = draw(["Once more with feeling"]).page()
    engine.close()
    engine.close()
    assert texts(next(iter(engine.recognize([page], PpocrOptions())))) == ["Once more with feeling"]
