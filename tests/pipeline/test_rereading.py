"""Pages in scripts that the default engine cannot spell, drawn and read with the real engines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

import ocrkit
from ocrkit.engines.tesseract.data import installed_models
from ocrkit.raster import PageImage

if TYPE_CHECKING:
    from collections.abc import Iterator

FONTS = Path("/usr/share/fonts/truetype/noto")
FONT = "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"
RUSSIAN = ["Архив открыт с девяти до пяти часов", "Все письма хранятся в первом зале", "Входите без стука и тихо"]
GREEK = ["Το αρχείο ανοίγει στις εννέα", "Όλες οι επιστολές φυλάσσονται", "στην πρώτη αίθουσα του κτιρίου"]
ARABIC_FONT = "/usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf"
ARABIC = ["مرحبا بكم في المدينة", "أنا من ولاية الشمال", "هل أنت هنا اليوم", "عندي سبع قطط صغيرة"]
HEBREW = ["הארכיון פתוח מתשע עד חמש", "כל המכתבים שמורים באולם הראשון", "נא להיכנס בשקט ולא לדפוק בדלת"]
THAI = ["หอจดหมายเหตุเปิดตั้งแต่เก้าโมงเช้า", "จดหมายทั้งหมดเก็บไว้ในห้องแรก", "กรุณาเข้ามาอย่างเงียบ ๆ"]
KHMER = ["បណ្ណសារបើកពីម៉ោងប្រាំបួនដល់ម៉ោងប្រាំ", "លិខិតទាំងអស់រក្សាទុកក្នុងបន្ទប់ទីមួយ", "សូមចូលដោយស្ងៀមស្ងាត់"]
VIETNAMESE = [
    "Phòng lưu trữ mở cửa từ chín giờ sáng",
    "Tất cả thư từ được giữ ở phòng thứ nhất",
    "Xin vào nhẹ nhàng và giữ yên lặng",
]
ENGLISH = ["The archive opens at nine and closes at five", "Letters are kept in the first room on the left"]

pytestmark = pytest.mark.slow


def drawn(lines: list[str]) -> Image.Image:
    page = Image.new("RGB", (1200, 140 + 90 * len(lines)), "white")
    pen = ImageDraw.Draw(page)
    for row, text in enumerate(lines):
        pen.text((80, 70 + 90 * row), text, fill="black", font=ImageFont.truetype(FONT, 40))
    return page


def written(lines: list[str], font: str) -> Image.Image:
    """The lines in a font of their script, shaped as its readers write it."""
    face = ImageFont.truetype(FONTS / font, 40, layout_engine=ImageFont.Layout.RAQM)
    page = Image.new("RGB", (1300, 140 + 100 * len(lines)), "white")
    for row, text in enumerate(lines):
        ImageDraw.Draw(page).text((80, 70 + 100 * row), text, fill="black", font=face)
    return page


@pytest.fixture(scope="module")
def recognizer() -> Iterator[ocrkit.Recognizer]:
    assert Path(FONT).exists(), "make test installs fonts-noto-core"
    with ocrkit.Recognizer(workers=0) as shared:
        yield shared


@pytest.mark.parametrize(
    ("lines", "script", "language"),
    [(RUSSIAN, "Cyrl", "ru"), (GREEK, "Grek", "el"), (VIETNAMESE, "Latn", "vi")],
)
def test_a_page_in_another_script_is_found_and_read(
    recognizer: ocrkit.Recognizer, lines: list[str], script: str, language: str
) -> None:
    (page,) = recognizer.recognize(drawn(lines)).pages
    assert page.text.split() == " ".join(lines).split()
    assert (page.detected_script, page.detected_language) == (script, language)
    assert page.provenance is not None
    assert "tesseract" in {run.engine for run in page.provenance.runs}


def test_rules_around_the_text_do_not_hide_its_script(recognizer: ocrkit.Recognizer) -> None:
    page = Image.new("RGB", (1500, 900), "white")
    pen = ImageDraw.Draw(page)
    font = ImageFont.truetype(ARABIC_FONT, 40, layout_engine=ImageFont.Layout.RAQM)
    for row, text in enumerate(ARABIC):
        for column in (100, 750):
            pen.rectangle((column, 100 + 90 * row, column + 650, 190 + 90 * row), outline="black", width=3)
            pen.text((column + 630, 110 + 90 * row), text, fill="black", font=font, anchor="ra", direction="rtl")
    (read,) = recognizer.recognize(page).pages
    assert (read.detected_script, read.detected_language) == ("Arab", "ar")
    assert set(" ".join(ARABIC).split()) <= set(read.text.split())


def test_a_page_upside_down_in_another_script_is_read_and_its_boxes_stay_in_place(
    recognizer: ocrkit.Recognizer,
) -> None:
    upright = drawn(RUSSIAN)
    (page,) = recognizer.recognize(upright.rotate(180)).pages
    assert page.rotation == 180
    assert page.text.split() == " ".join(RUSSIAN).split()
    first = page.lines[0]
    assert first.bbox[1] > page.height / 2
    ink = np.asarray(upright.rotate(180).convert("L")) < 128
    x0, y0, x1, y1 = (round(side) for side in first.bbox)
    assert ink[y0:y1, x0:x1].any()


def test_blocks_in_two_scripts_on_one_page_are_each_read_by_their_engine(recognizer: ocrkit.Recognizer) -> None:
    (page,) = recognizer.recognize(drawn([*ENGLISH * 3, "", "", *RUSSIAN])).pages
    assert "The archive opens at nine" in page.text
    assert "Все письма хранятся в первом зале" in page.text
    assert page.provenance is not None
    assert [run.engine for run in page.provenance.runs] == ["ppocr", "tesseract"]


LABELS = ["데이터", "양자기술", "블록체인", "항공우주", "스마트시티", "첨단재료", "미래보안", "국가안보", "인공지능"]


def test_labels_in_a_drawing_are_read_though_its_layout_hides_them(recognizer: ocrkit.Recognizer) -> None:
    page = Image.new("RGB", (1150, 1250), "white")
    pen = ImageDraw.Draw(page)
    korean = ImageFont.truetype("/usr/share/fonts/truetype/nanum/NanumGothic.ttf", 30)
    places = [(200 + 370 * (n % 3), 230 + 380 * (n // 3)) for n in range(len(LABELS))]
    for place in places:
        pen.line((570, 620, *place), fill="gray", width=5)
    for n, (label, (x, y)) in enumerate(zip(LABELS, places, strict=True)):
        fill, ink = (("#ffd27f", "black"), ("#205080", "white"))[n % 2]
        pen.ellipse((x - 130, y - 130, x + 130, y + 130), fill=fill, outline="black", width=4)
        pen.text((x, y), label, fill=ink, font=korean, anchor="mm")
    (read,) = recognizer.recognize(page).pages
    assert sum(label in read.text for label in LABELS) >= len(LABELS) - 1
    assert (read.detected_script, read.detected_language) == ("Kore", "ko")


def test_a_tilted_page_in_another_script_is_found_and_read(recognizer: ocrkit.Recognizer) -> None:
    page = written(HEBREW * 4, "NotoSansHebrew-Regular.ttf").rotate(2, expand=True, fillcolor="white")
    (read,) = recognizer.recognize(page).pages
    assert (read.detected_script, read.detected_language) == ("Hebr", "he")
    found = read.text.split()
    assert sum(word in found for word in " ".join(HEBREW).split()) >= 0.9 * len(" ".join(HEBREW).split())


def test_a_page_is_read_with_the_model_of_its_language(recognizer: ocrkit.Recognizer) -> None:
    ukrainian = ["Архів відчинено з дев'ятої до п'ятої години", "Усі листи зберігаються в першій залі", "Заходьте тихо"]
    (read,) = recognizer.recognize(drawn(ukrainian)).pages
    assert read.detected_language == "uk"
    assert read.provenance is not None
    assert "ukr" in {run.model for run in read.provenance.runs}


def test_a_page_in_a_known_script_is_read_by_one_engine(recognizer: ocrkit.Recognizer) -> None:
    (page,) = recognizer.recognize(drawn(ENGLISH)).pages
    assert page.provenance is not None
    assert [run.engine for run in page.provenance.runs] == ["ppocr"]
    assert page.detected_language == "en"


def test_a_language_asked_for_chooses_the_engine(recognizer: ocrkit.Recognizer) -> None:
    (page,) = recognizer.recognize(drawn(RUSSIAN), language="ru").pages
    assert page.provenance is not None
    assert [run.engine for run in page.provenance.runs] == ["tesseract"]


def test_a_page_whose_text_nobody_can_read_says_so(recognizer: ocrkit.Recognizer) -> None:
    noise = np.random.default_rng(1).integers(0, 2, (12, 60)).astype(np.uint8) * 255
    strips = [np.kron(np.roll(noise, row * 7), np.ones((4, 12), np.uint8)) for row in range(4)]
    gap = np.full((60, 720), 255, np.uint8)
    page = np.vstack([part for strip in strips for part in (gap, strip)] + [gap])
    canvas = np.full((page.shape[0], 900), 255, np.uint8)
    canvas[:, 90:810] = page
    (read,) = recognizer.recognize(canvas).pages
    assert {warning.code for warning in read.warnings} & {"unread_script", "no_text", "low_confidence"}


@pytest.mark.parametrize(("font", "lines"), [("Hebrew", HEBREW), ("Thai", THAI), ("Khmer", KHMER)])
def test_a_page_in_a_script_that_no_model_here_reads_says_so(
    recognizer: ocrkit.Recognizer, font: str, lines: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = written(lines * 3, f"NotoSans{font}-Regular.ttf")
    (with_all,) = recognizer.recognize(page).pages
    assert "unread_script" not in {warning.code for warning in with_all.warnings}
    (tmp_path / "eng.traineddata").symlink_to(installed_models()["eng"])
    monkeypatch.setattr("ocrkit.engines.tesseract.data._PLACES", ())
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    (read,) = recognizer.recognize(page).pages
    assert "unread_script" in {warning.code for warning in read.warnings}


def test_frames_agree_whatever_way_up(recognizer: ocrkit.Recognizer) -> None:
    image = PageImage.from_array(np.asarray(drawn(RUSSIAN).rotate(90, expand=True)))
    (page,) = recognizer.recognize(image.pixels).pages
    assert (page.width, page.height) == (image.width, image.height)
    assert page.rotation == 90
    # How well the tilted letters read is not the claim; that they are read from this side is.
    assert "Архив" in page.text
