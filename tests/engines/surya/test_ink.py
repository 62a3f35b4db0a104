from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from ocrkit.engines.surya.ink import has_ink


def paper(shade: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((1000, 800, 3), shade, np.uint8)


@pytest.mark.parametrize("shade", [255, 128, 0])
def test_paper_of_any_shade_is_blank(shade: int) -> None:
    assert not has_ink(Image.fromarray(paper(shade)))


@pytest.mark.parametrize(("shade", "ink"), [(255, 0), (255, 200), (240, 60), (0, 255), (30, 220)])
def test_one_small_figure_is_ink(shade: int, ink: int) -> None:
    pixels = paper(shade)
    pixels[500:512, 400:403] = ink
    assert has_ink(Image.fromarray(pixels))


def test_noise_and_specks_are_none() -> None:
    pixels = paper(240)
    noise = np.random.default_rng(1).normal(0, 5, pixels.shape)
    pixels = np.clip(pixels + noise, 0, 255).astype(np.uint8)
    pixels[10:12, 10:13] = 0
    assert not has_ink(Image.fromarray(pixels))
