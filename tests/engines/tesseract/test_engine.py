"""The engine on pictures drawn here: boxes, order, confidence, blank pictures, threads, models that are missing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocrkit import geometry
from ocrkit.engines.tesseract import SPEC, TesseractOptions
from ocrkit.engines.tesseract.data import installed_models
from ocrkit.engines.tesseract.engine import TesseractEngine
from ocrkit.errors import EngineUnavailableError, UnknownLanguageError
from ocrkit.languages import LANGUAGES
from ocrkit.raster import PageImage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrkit.model import Page

SANS = "NotoSans-Regular.ttf"


@pytest.fixture(scope="module")
def engine() -> Iterator[TesseractEngine]:
    made = TesseractEngine()
    yield made
    made.close()


def drawn(*lines: str, size: int = 32, font: str = SANS, ink: str = "black", paper: str = "white") -> PageImage:
    """The lines below each other from (20, 20) on, one and a half ems apart."""
    face = ImageFont.truetype(next(Path("/usr/share/fonts").rglob(font)), size)
    width = round(max((face.getlength(line) for line in lines), default=400))
    image = Image.new("RGB", (width + 40, round(1.5 * size * max(1, len(lines))) + 40), paper)
    for index, line in enumerate(lines):
        ImageDraw.Draw(image).text((20, 20 + round(1.5 * size * index)), line, ink, face)
    return PageImage.from_array(np.asarray(image))


def read(engine: TesseractEngine, image: PageImage, **options: object) -> Page:
    return next(engine.recognize([image], TesseractOptions.model_validate({"language": "en", **options})))


def test_the_lines_of_a_block_come_in_order_with_words_and_confidences(engine: TesseractEngine) -> None:
    page = read(engine, drawn("The harbour opens at noon", "and closes in the evening", "on every working day"))
    assert [line.text for line in page.lines] == [
        "The harbour opens at noon",
        "and closes in the evening",
        "on every working day",
    ]
    assert all([word.text for word in line.words] == line.text.split() for line in page.lines)
    assert all(word.confidence is not None and 0.5 < word.confidence <= 1 for word in page.words)


def test_a_line_is_as_sure_as_its_words_together_not_as_its_first(engine: TesseractEngine) -> None:
    page = read(engine, drawn("#~^* opens at noon and closes in the evening"))
    (line,) = page.lines
    sure = [(len(word.text), word.confidence or 0.0) for word in line.words]
    mean = sum(count * share for count, share in sure) / sum(count for count, _ in sure)
    assert line.confidence == pytest.approx(mean)
    assert sure[0][1] < mean - 0.1


@pytest.mark.parametrize("size", [10, 32, 120])
def test_word_boxes_lie_on_their_words_at_any_size_of_type(engine: TesseractEngine, size: int) -> None:
    image = drawn("Quarterly figures", size=size)
    first, second = read(engine, image).words
    dark = np.flatnonzero((image.pixels[:, :, 0] < 128).any(axis=0))
    slack = 0.35 * size
    assert first.bbox[0] == pytest.approx(dark[0], abs=slack)
    assert second.bbox[2] == pytest.approx(dark[-1], abs=slack)
    assert first.bbox[2] < second.bbox[0] + slack
    assert geometry.height(first.bbox) == pytest.approx(size, rel=0.6)


def test_the_size_of_type_is_given_in_pixels_of_the_picture(engine: TesseractEngine) -> None:
    small, large = (read(engine, drawn("Harbour dues", size=size)).lines[0].font_size for size in (16, 64))
    assert small is not None
    assert large is not None
    assert large / small == pytest.approx(4, rel=0.25)


def test_text_from_right_to_left_comes_in_logical_order(engine: TesseractEngine) -> None:
    page = read(engine, drawn("שלום עולם טוב", font="NotoSansHebrew-Regular.ttf"), language="he")
    line = page.lines[0]
    assert line.text == "שלום עולם טוב"
    assert line.direction == "rtl"
    assert [word.text for word in line.words] == ["שלום", "עולם", "טוב"]
    assert line.words[0].bbox[0] > line.words[2].bbox[2]


def test_a_line_of_few_joined_pieces_is_not_lost(engine: TesseractEngine) -> None:
    lines = ["القاهرة بيروت دمشق", "بغداد", "عمان صنعاء تونس"]
    page = read(engine, drawn(*lines, font="NotoNaskhArabic-Regular.ttf"), language="ar")
    assert [line.text for line in page.lines] == lines


def test_latin_words_among_letters_of_another_script_are_read(engine: TesseractEngine) -> None:
    page = read(engine, drawn("Отчёт компании Northern Harbour за март"), language="ru")
    assert "Northern Harbour" in page.lines[0].text
    assert page.provenance is not None
    assert page.provenance.runs[0].model == "rus+eng"


def test_a_page_in_one_language_is_read_with_its_model_alone(engine: TesseractEngine) -> None:
    page = read(engine, drawn("Сегодня хорошая погода"), language="ru")
    assert page.provenance is not None
    assert page.provenance.runs[0].model == "rus"


def test_a_latin_line_among_others_is_read_and_the_others_stay(engine: TesseractEngine) -> None:
    lines = ["Сегодня хорошая погода", "Northern Harbour Company", "Завтра будет дождь и ветер"]
    page = read(engine, drawn(*lines), language="ru")
    assert [line.text for line in page.lines] == lines


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "font", "model"),
    [
        ("Усі люди народжуються вільними і рівними у своїй гідності та правах", SANS, "ukr"),
        ("همه افراد بشر آزاد زاده می شوند و از لحاظ حیثیت و حقوق با هم برابرند", "NotoNaskhArabic-Regular.ttf", "fas"),
        ("सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता प्राप्त है", "NotoSansDevanagari-Regular.ttf", "hin"),
        ("모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다", "NanumGothic.ttf", "kor"),
        ("Mọi con người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền", SANS, "vie"),
    ],
)
def test_the_language_is_found_and_its_model_used(engine: TesseractEngine, text: str, font: str, model: str) -> None:
    page = read(engine, drawn(text, font=font), language="auto")
    assert page.provenance is not None
    assert str(page.provenance.runs[0].model).split("+")[0] == model


def test_of_several_scripts_the_one_that_is_there_is_found(engine: TesseractEngine) -> None:
    russian, english = drawn("Сегодня хорошая погода"), drawn("The harbour opens at noon")
    assert read(engine, russian, language="auto", script="Grek+Cyrl").text == "Сегодня хорошая погода"
    assert read(engine, english, language="auto", script="Grek+Latn").text == "The harbour opens at noon"
    page = read(engine, russian, language="auto", script="Hebr+Thai")
    assert page.provenance is not None
    assert str(page.provenance.runs[0].model).split("+")[0] in {"heb", "tha", "Hebrew", "Thai"}


@pytest.mark.parametrize("script", ["", "Latn+Cyrl", "Latn+Armn"])
def test_a_long_name_in_latin_letters_does_not_speak_for_the_page(engine: TesseractEngine, script: str) -> None:
    lines = ["Northern Harbour and Shipping Company объявила о своём отчёте за год"]
    lines += ["Сегодня хорошая погода, завтра дождь и ветер", "Все письма хранятся в первом зале", "Просим войти тихо"]
    font = SANS
    if "Armn" in script:
        lines = [lines[0][:37] + " հրապարակեց իր տարեկան զեկույցը երեկ", "Բոլոր նամակները պահվում են առաջին սրահում"]
        lines += ["Արխիվը բաց է իննից մինչև հինգը", "Խնդրում ենք մտնել հանգիստ"]
        font = "DejaVuSans.ttf"
    page = read(engine, drawn(*lines, font=font), language="auto", script=script)
    assert page.provenance is not None
    assert str(page.provenance.runs[0].model).split("+")[0] in {"rus", "Cyrillic", "hye", "Armenian"}


def test_several_languages_may_be_asked_for(engine: TesseractEngine) -> None:
    page = read(engine, drawn("Größe und Maß", "Хорошая погода и жёлтый дом"), language="de+ru")
    assert [line.text for line in page.lines] == ["Größe und Maß", "Хорошая погода и жёлтый дом"]


@pytest.mark.parametrize("shade", ["white", "black", "#777777"])
def test_a_blank_picture_has_no_text(engine: TesseractEngine, shade: str) -> None:
    assert read(engine, drawn(paper=shade)).blocks == ()


def test_paper_grain_is_not_text(engine: TesseractEngine) -> None:
    grain = np.random.default_rng(1).normal(230, 8, (400, 300, 1)).clip(0, 255).astype(np.uint8)
    assert read(engine, PageImage.from_array(np.repeat(grain, 3, axis=2))).blocks == ()


def test_light_text_on_dark_is_read(engine: TesseractEngine) -> None:
    assert read(engine, drawn("Night timetable", ink="white", paper="#102040")).lines[0].text == "Night timetable"


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3), (40, 40)])
def test_a_picture_of_odd_size_does_no_harm(engine: TesseractEngine, size: tuple[int, int]) -> None:
    pixels = np.zeros((*size, 3), np.uint8)
    pixels[::2, ::2] = 255
    page = read(engine, PageImage.from_array(pixels))
    assert (page.height, page.width) == size


def test_every_box_lies_on_the_page(engine: TesseractEngine) -> None:
    image = drawn("Edge to edge", size=60)
    cut = PageImage.from_array(np.ascontiguousarray(image.pixels[35:75, 30:-30]))
    page = read(engine, cut)
    for word in page.words:
        assert word.bbox == geometry.clamp(word.bbox, cut.width, cut.height)


def test_a_language_without_model_says_which_package_brings_it(engine: TesseractEngine, tmp_path: Path) -> None:
    with pytest.raises(UnknownLanguageError):
        read(engine, drawn("text"), language="xx")
    (tmp_path / "eng.traineddata").write_bytes(b"not a model")
    with pytest.raises(EngineUnavailableError, match="cannot load the model eng"):
        read(engine, drawn("text"), tessdata=str(tmp_path))


def test_models_of_a_given_folder_are_used(engine: TesseractEngine, tmp_path: Path) -> None:
    (tmp_path / "deu.traineddata").symlink_to(installed_models()["eng"])
    page = read(engine, drawn("Harbour dues"), language="de", tessdata=str(tmp_path))
    assert page.lines[0].text == "Harbour dues"


def test_calls_from_several_threads_each_get_their_own_language(engine: TesseractEngine) -> None:
    pictures = {"en": drawn("Harbour dues"), "ru": drawn("Сегодня погода"), "el": drawn("Καλημέρα κόσμε")}
    wanted = {"en": "Harbour dues", "ru": "Сегодня погода", "el": "Καλημέρα κόσμε"}
    codes = [*pictures] * 4
    with ThreadPoolExecutor(4) as pool:
        texts = list(pool.map(lambda code: read(engine, pictures[code], language=code).lines[0].text, codes))
    assert texts == [wanted[code] for code in codes]


def test_an_engine_that_was_closed_reads_again() -> None:
    engine = TesseractEngine()
    before = read(engine, drawn("Harbour dues"))
    engine.close()
    engine.close()
    assert read(engine, drawn("Harbour dues")) == before
    engine.close()


def test_the_spec_names_every_language_of_the_table() -> None:
    assert set(SPEC.languages) == {language.code for language in LANGUAGES}
