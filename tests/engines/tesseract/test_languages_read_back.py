"""A rendered line in every language of the table, read back with the models of Debian's tesseract-ocr-all."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from babel import Locale
from PIL import Image, ImageDraw, ImageFont
from rapidfuzz.distance import Levenshtein

from ocrkit.engines.tesseract import TesseractOptions
from ocrkit.engines.tesseract.data import installed_languages
from ocrkit.engines.tesseract.engine import TesseractEngine
from ocrkit.languages import LANGUAGES, UNSPACED_SCRIPTS, Language, resolve
from ocrkit.raster import PageImage

if TYPE_CHECKING:
    from collections.abc import Iterator

QUICK = ("en", "de", "ru", "el", "ar", "he", "hi", "th", "vi", "ja")

ALLOWED_ERROR = 0.05
"""Share of wrong characters, spaces apart, that a clean line may have."""

HARD = {
    "ce": 0.1,  # no model has the palochka
    "ckb": 0.4,  # the Arabic model spells Persian, not the Kurdish vowel letters
    "cv": 0.1,  # no model has ӗ, ҫ and ӑ
    "ha": 0.1,  # the modifier apostrophe
    "ln": 0.2,  # no model has the open vowels ɔ and ɛ
    "os": 0.25,  # no model has the Cyrillic ӕ
    "yo": 0.3,  # tone marks over dotted letters
}
"""Languages whose letters no model spells in full, and what that may cost."""

FONTS = Path("/usr/share/fonts")

_FONT_FILES = {
    "Arab": "NotoNaskhArabic-Regular.ttf",
    "Beng": "NotoSansBengali-Regular.ttf",
    "Cans": "NotoSansCanadianAboriginal-Regular.ttf",
    "Cher": "NotoSansCherokee-Regular.ttf",
    "Deva": "NotoSansDevanagari-Regular.ttf",
    "Ethi": "NotoSansEthiopic-Regular.ttf",
    "Geor": "NotoSansGeorgian-Regular.ttf",
    "Gujr": "NotoSansGujarati-Regular.ttf",
    "Guru": "NotoSansGurmukhi-Regular.ttf",
    "Hans": "DroidSansFallbackFull.ttf",
    "Hant": "DroidSansFallbackFull.ttf",
    "Jpan": "DroidSansFallbackFull.ttf",
    "Kore": "NanumGothic.ttf",
    "Hebr": "NotoSansHebrew-Regular.ttf",
    "Armn": "NotoSansArmenian-Regular.ttf",
    "Khmr": "NotoSansKhmer-Regular.ttf",
    "Knda": "NotoSansKannada-Regular.ttf",
    "Laoo": "NotoLoopedLao-Regular.ttf",
    "Mlym": "NotoSansMalayalam-Regular.ttf",
    "Mymr": "NotoSansMyanmar-Regular.ttf",
    "Orya": "NotoSansOriya-Regular.ttf",
    "Sinh": "NotoSansSinhala-Regular.ttf",
    "Syrc": "NotoSansSyriac-Regular.ttf",
    "Taml": "NotoSansTamil-Regular.ttf",
    "Telu": "NotoSansTelugu-Regular.ttf",
    "Thaa": "NotoSansThaana-Regular.ttf",
    "Thai": "NotoLoopedThai-Regular.ttf",
    "Tibt": "NotoSerifTibetan-Regular.ttf",
}
_USUAL_FONT = "NotoSerif-Regular.ttf"  # Latin, Greek, Cyrillic

_NOT_IN_CLDR = {
    "ba": "Йәкшәмбе Дүшәмбе Шишәмбе Шаршамбы Кесаҙна Йома Шәмбе",
    "dv": "އާދީއްތަ ހޯމަ އަންގާރަ ބުދަ ބުރާސްފަތި ހުކުރު ހޮނިހިރު",
    "enm": "Sonday Moneday Tewesday Wednesday Thoresday Friday Saterday",
    "frm": "dimenche lundy mardy mercredy jeudy vendredy samedy",
    "grc": "Ἑκατομβαιών Μεταγειτνιών Βοηδρομιών Πυανοψιών Γαμηλιών Ἀνθεστηριών Ἐλαφηβολιών",
}
"""Names of days, and of Attic months, in languages whose names CLDR lacks."""


def words(language: Language) -> list[str]:
    """Names of the days in the language, and of the months where those are short."""
    if language.code in _NOT_IN_CLDR:
        return _NOT_IN_CLDR[language.code].split()
    tag = language.code.replace("-x-old", "").replace("-Latf", "").replace("-", "_")
    names = [*Locale.parse(tag).days["format"]["wide"].values()]
    return [word for name in dict.fromkeys(names) for word in name.split()]


def text_of(language: Language) -> str:
    """The line that is rendered."""
    return ("" if language.script in UNSPACED_SCRIPTS else " ").join(words(language))


@cache
def font(script: str, size: int) -> ImageFont.FreeTypeFont:
    """The font for a script; fonts-droid-fallback has Han and kana, fonts-nanum Hangul, fonts-noto-core all others."""
    name = _FONT_FILES.get(script, _USUAL_FONT)
    path = next(FONTS.rglob(name), None)
    assert path is not None, (
        f"{name} is not installed: apt-get install fonts-noto-core fonts-droid-fallback fonts-nanum"
    )
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.RAQM)


def line_of(language: Language, *, size: int = 40) -> PageImage:
    """Names of the days in the language, black on white, `size` pixels an em, with a margin of half an em."""
    face, margin, direction = font(language.script, size), size // 2, language.direction
    width = round(face.getlength(text_of(language), direction=direction))
    image = Image.new("RGB", (width + 2 * margin, round(size * 2.2)), "white")
    place, anchor = (margin, image.height // 2), "lm"
    ImageDraw.Draw(image).text(place, text_of(language), "black", face, anchor, direction=direction)
    return PageImage.from_array(np.asarray(image))


@pytest.fixture(scope="module")
def engine() -> Iterator[TesseractEngine]:
    made = TesseractEngine()
    yield made
    made.close()


def error_of(engine: TesseractEngine, language: Language, *, asked: str) -> float:
    page = next(engine.recognize([line_of(language)], TesseractOptions(language=asked)))
    read, truth = (_letters(text) for text in ("".join(line.text for line in page.lines), text_of(language)))
    return Levenshtein.normalized_distance(read, truth)


def _letters(text: str) -> str:
    kept = (c for c in unicodedata.normalize("NFKC", text) if not c.isspace() and unicodedata.category(c) != "Cf")
    return "".join(kept)


@pytest.mark.parametrize("code", QUICK)
def test_a_line_is_read_back(engine: TesseractEngine, code: str) -> None:
    assert error_of(engine, resolve(code), asked=code) <= ALLOWED_ERROR


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_a_line_of_every_language_is_read_back(engine: TesseractEngine, language: Language) -> None:
    assert error_of(engine, language, asked=language.code) <= HARD.get(language.code, ALLOWED_ERROR)


def test_debians_models_together_read_every_language_of_the_table() -> None:
    assert installed_languages() == LANGUAGES
    assert len(LANGUAGES) > 100


@pytest.mark.slow
@pytest.mark.parametrize("code", [*QUICK, "ko"])
def test_the_script_is_found_without_being_told(engine: TesseractEngine, code: str) -> None:
    assert error_of(engine, resolve(code), asked="auto") <= 0.1
