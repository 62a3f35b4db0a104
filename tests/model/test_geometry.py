from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrkit.geometry import Affine, angle_of, clamp, intersection, overlap, quad_of, union

whole = st.integers(0, 1000).map(float)


@given(st.sampled_from([0, 90, 180, 270]), whole, whole)
def test_four_quarter_turns_are_none(degrees: int, x: float, y: float) -> None:
    width, height = 640.0, 480.0
    turned = Affine.turn(degrees, width, height)
    after = (width, height) if degrees in (0, 180) else (height, width)
    back = turned.then(Affine.turn(360 - degrees, *after))
    assert back.point((x, y)) == (x, y)


def test_a_quarter_turn_brings_the_top_left_corner_to_the_top_right() -> None:
    assert Affine.turn(90, 640, 480).point((0, 0)) == (480, 0)


def test_text_that_reads_upward_has_an_angle_of_minus_90() -> None:
    upright = quad_of((10, 10, 110, 30))
    assert angle_of(upright) == 0
    assert angle_of(Affine.turn(270, 640, 480).quad(upright)) == -90


def test_a_turn_that_is_no_quarter_is_refused() -> None:
    with pytest.raises(ValueError, match="quarter"):
        Affine.turn(45, 1, 1)


def test_overlap_is_the_share_of_the_first_box() -> None:
    assert overlap((0, 0, 10, 10), (5, 0, 50, 10)) == 0.5
    assert overlap((3, 3, 3, 9), (0, 0, 9, 9)) == 0.0
    assert intersection((0, 0, 1, 1), (1, 0, 2, 1)) is None


def test_a_box_outside_the_page_collapses_onto_its_edge() -> None:
    assert clamp((-5, -5, 120, 50), 100, 100) == (0, 0, 100, 50)
    assert clamp((200, 10, 300, 20), 100, 100) == (100, 10, 100, 20)


def test_the_union_of_no_boxes_is_refused() -> None:
    with pytest.raises(ValueError, match="no boxes"):
        union([])


def test_only_the_map_that_moves_nothing_keeps() -> None:
    assert Affine.turn(0, 10, 20).keeps
    assert Affine.turn(360, 10, 20).keeps
    assert not Affine.turn(90, 10, 10).keeps
    assert not Affine(1.0, 0.0, 0.5, 0.0, 1.0, 0.0).keeps
