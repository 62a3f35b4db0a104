"""What a page image keeps of its pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ocrkit.raster import PageImage

if TYPE_CHECKING:
    from ocrkit.raster import Pixels


class File:
    """A page of 400 × 200 that writes down at which scales it was decoded."""

    def __init__(self) -> None:
        self.scales: list[float] = []
        self.page = PageImage(number=1, width=400, height=200, load=self.load)

    def load(self, scale: float) -> Pixels:
        self.scales.append(scale)
        return np.zeros((round(200 * scale), round(400 * scale), 3), np.uint8)


def test_what_was_decoded_is_given_to_whoever_wants_no_more() -> None:
    file = File()
    first = file.page.at_scale(0.5)
    assert file.page.at_scale(0.5) is first
    assert file.page.at_scale(0.2) is first
    assert file.scales == [0.5]


def test_more_than_was_decoded_is_decoded_anew_and_the_whole_page_serves_all() -> None:
    file = File()
    file.page.at_scale(0.2)
    assert file.page.at_scale(0.5).shape == (100, 200, 3)
    whole = file.page.pixels
    assert file.page.at_scale(0.5) is whole
    assert file.scales == [0.2, 0.5, 1.0]


def test_pixels_let_go_of_are_decoded_again() -> None:
    file = File()
    file.page.at_scale(0.5)
    file.page.drop_pixels()
    file.page.at_scale(0.2)
    assert file.scales == [0.5, 0.2]
