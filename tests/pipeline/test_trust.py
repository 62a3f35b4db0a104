"""When a PDF page's own text is used: each reason has its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocrkit.model import Line, TextLayerUse, Word
from ocrkit.pipeline.trust import coverage, judge
from ocrkit.raster import TextLayer

if TYPE_CHECKING:
    from ocrkit.geometry import BBox

WIDTH, HEIGHT = 1000, 1400
WHOLE: BBox = (0.0, 0.0, WIDTH, HEIGHT)
ENGLISH = "The tenant shall pay the rent on the first day of each month without delay or deduction"
RUSSIAN = "Арендатор обязан платить арендную плату в первый день каждого месяца без задержки"
RUSSIAN_AS_LATIN = RUSSIAN.encode("cp1251").decode("latin-1")


def layer(
    text: str, *, times: int = 20, unmapped: int = 0, hidden: int = 0, pictures: tuple[BBox, ...] = ()
) -> TextLayer:
    words = tuple(Word(text=word, bbox=(0, 0, 10, 10)) for word in text.split() * times)
    characters = sum(len(word.text) for word in words)
    lines = (Line(text=text, bbox=(0, 0, 10, 10), words=words),) if words else ()
    return TextLayer(lines=lines, characters=characters, unmapped=unmapped, hidden=hidden, pictures=pictures)


@pytest.mark.parametrize(
    ("own", "script", "use", "reason"),
    [
        (layer(ENGLISH), None, TextLayerUse.USED, "trusted"),
        (layer(ENGLISH), "Latn", TextLayerUse.USED, "trusted"),
        (layer(RUSSIAN), "Cyrl", TextLayerUse.USED, "trusted"),
        (layer(ENGLISH), "Cyrl", TextLayerUse.USED, "trusted"),
        (layer(""), None, TextLayerUse.ABSENT, "no_text"),
        (layer(ENGLISH, unmapped=50), None, TextLayerUse.USED, "trusted"),
        (layer(ENGLISH, unmapped=400), None, TextLayerUse.IGNORED, "garbled"),
        (layer(RUSSIAN), "Latn", TextLayerUse.IGNORED, "script_mismatch"),
        (layer(RUSSIAN_AS_LATIN), None, TextLayerUse.IGNORED, "script_mismatch"),
        (layer("tеnаnt shаll рау rеnt оn first dау еасh mоnth"), None, TextLayerUse.IGNORED, "script_mismatch"),
        (layer(ENGLISH, hidden=1400, pictures=(WHOLE,)), None, TextLayerUse.IGNORED, "hidden_over_scan"),
        (layer(ENGLISH, hidden=1400), None, TextLayerUse.USED, "trusted"),
        (layer(ENGLISH, times=2, pictures=(WHOLE,)), None, TextLayerUse.MERGED, "pictures_with_little_text"),
        (layer(ENGLISH, times=20, pictures=(WHOLE,)), None, TextLayerUse.USED, "trusted"),
        (layer(ENGLISH, times=2, pictures=((0, 0, 200, 200),)), None, TextLayerUse.USED, "trusted"),
    ],
)
def test_the_decision_and_its_reason(own: TextLayer, script: str | None, use: TextLayerUse, reason: str) -> None:
    decision = judge(own, width=WIDTH, height=HEIGHT, script=script)
    assert (decision.use, decision.reason) == (use, reason)
    assert decision.detail


def test_vietnamese_and_french_are_not_taken_for_another_encoding() -> None:
    for text in ("Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm", "Élève très gênée à l'été"):
        assert judge(layer(text), width=WIDTH, height=HEIGHT).use is TextLayerUse.USED


def test_pictures_that_overlap_are_counted_once_and_only_on_the_page() -> None:
    half: BBox = (0, 0, WIDTH, HEIGHT / 2)
    assert coverage([half, half], WIDTH, HEIGHT) == 0.5
    assert coverage([(-5000, -5000, 5000, 5000)], WIDTH, HEIGHT) == 1.0
    assert coverage([], WIDTH, HEIGHT) == 0.0
