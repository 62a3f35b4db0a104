"""What users write is resolved to one language; the table contradicts neither itself nor the script ranges."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest

from ocrkit.errors import UnknownLanguageError
from ocrkit.languages import (
    AUTO,
    LANGUAGES,
    RTL_SCRIPTS,
    Language,
    normalize,
    resolve,
    script_of,
    scripts_in,
    written_in,
)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("en", "en"),
        ("ENG", "en"),
        ("en_GB", "en"),
        ("es-419", "es"),
        ("german", "de"),
        ("ger", "de"),
        ("deu_latf", "de-Latf"),
        ("Fraktur", "de-Latf"),
        ("chi_tra_vert", "zh-Hant"),
        ("cmn", "zh-Hans"),
        ("hbs", "sr-Latn"),
        ("zh", "zh-Hans"),
        ("ch", "zh-Hans"),
        ("chi_sim", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("chinese_cht", "zh-Hant"),
        ("sr", "sr"),
        ("sr-Cyrl", "sr"),
        ("sr-Latn-RS", "sr-Latn"),
        ("srp_latn", "sr-Latn"),
        ("ja", "ja"),
        ("nb", "no"),
        ("el-polyton", "grc"),
        (" fr ", "fr"),
    ],
)
def test_a_code_as_users_write_it_is_resolved(written: str, code: str) -> None:
    assert resolve(written).code == code


@pytest.mark.parametrize("code", ["xx", "", "de-Cyrl", "ru-Latn", "auto", "-"])
def test_a_code_that_names_no_language_is_refused(code: str) -> None:
    with pytest.raises(UnknownLanguageError):
        resolve(code)


def test_a_misspelt_language_is_answered_with_those_spelt_alike() -> None:
    with pytest.raises(UnknownLanguageError) as caught:
        resolve("germam")
    assert "de (German)" in caught.value.hint


def test_auto_is_normal_and_anything_else_becomes_its_code() -> None:
    assert normalize("AUTO") == AUTO
    assert normalize("jpn") == "ja"


def test_there_are_over_a_hundred_languages_in_the_scripts_promised() -> None:
    assert len(LANGUAGES) > 100
    promised = (
        "Latn Latf Grek Cyrl Hans Hant Jpan Kore Arab Hebr Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh "
        "Thai Khmr Laoo Mymr Geor Armn Ethi Tibt"
    )
    assert set(promised.split()) <= {language.script for language in LANGUAGES}


def test_no_code_or_alias_means_two_languages() -> None:
    names = Counter(name for language in LANGUAGES for name in (language.code.lower(), *language.aliases))
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_every_language_is_found_under_all_its_names_and_can_be_read(language: Language) -> None:
    assert {resolve(name) for name in (language.code, *language.aliases)} == {language}
    assert language.tesseract


def test_scripts_that_run_from_right_to_left_do_so_in_unicode_too() -> None:
    sample = {"Arab": "ب", "Hebr": "ב", "Syrc": "ܒ", "Thaa": "ބ"}
    assert set(sample) == RTL_SCRIPTS
    assert {unicodedata.bidirectional(letter) for letter in sample.values()} <= {"R", "AL"}


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Straße naïve Ǆ", "Latn"),
        ("Việt Nam", "Latn"),
        ("Ελληνικά ἄνθρωπος", "Grek"),
        ("Привет, world", "Cyrl"),
        ("漢字和汉字", "Hani"),
        ("日本語の文章", "Jpan"),
        ("한국어 大學", "Kore"),
        ("العربية", "Arab"),
        ("עברית", "Hebr"),
        ("हिन्दी", "Deva"),
        ("தமிழ்", "Taml"),
        ("ภาษาไทย", "Thai"),
        ("ភាសាខ្មែរ", "Khmr"),
        ("བོད་སྐད", "Tibt"),
        ("አማርኛ", "Ethi"),
        ("ქართული", "Geor"),
        ("1234 – 56 %", None),
        ("", None),
    ],
)
def test_the_script_of_a_text_is_that_of_most_letters(text: str, script: str | None) -> None:
    assert script_of(text) == script


_UNICODE_NAMES = {
    "LATIN": "Latn", "GREEK": "Grek", "CYRILLIC": "Cyrl", "ARMENIAN": "Armn", "HEBREW": "Hebr", "ARABIC": "Arab",
    "SYRIAC": "Syrc", "THAANA": "Thaa", "DEVANAGARI": "Deva", "BENGALI": "Beng", "GURMUKHI": "Guru", "GUJARATI": "Gujr",
    "ORIYA": "Orya", "TAMIL": "Taml", "TELUGU": "Telu", "KANNADA": "Knda", "MALAYALAM": "Mlym", "SINHALA": "Sinh",
    "THAI": "Thai", "LAO": "Laoo", "TIBETAN": "Tibt", "MYANMAR": "Mymr", "GEORGIAN": "Geor", "HANGUL": "Hang",
    "ETHIOPIC": "Ethi", "CHEROKEE": "Cher", "CANADIAN": "Cans", "KHMER": "Khmr", "HIRAGANA": "Hira",
    "KATAKANA": "Kana", "CJK": "Hani", "BOPOMOFO": "Bopo", "TIFINAGH": "Tfng", "MONGOLIAN": "Mong",
}  # fmt: skip


_PHONETIC = ("SUBSCRIPT", "SMALL CAPITAL", "REVERSED C")
"""Letters of phonetic notation, which borrows from all scripts: no page is written in them."""


def test_every_letter_of_the_basic_plane_is_counted_for_the_script_in_its_unicode_name() -> None:
    wrong = []
    for letter in map(chr, range(0x10000)):
        name = unicodedata.name(letter, "")
        script = _UNICODE_NAMES.get(name.replace("-", " ").split(" ")[0])
        if script and letter.isalpha() and not any(word in name for word in _PHONETIC):
            wrong += [name] if scripts_in(letter) != {script: 1} else []
    assert wrong == []


@pytest.mark.parametrize(("script", "codes"), [("Hani", {"zh-Hans", "zh-Hant"}), ("Kore", {"ko"}), ("Zzzz", set())])
def test_the_languages_of_a_script_are_known(script: str, codes: set[str]) -> None:
    assert {language.code for language in written_in(script)} == codes


def test_pp_ocr_is_not_trusted_with_vietnamese() -> None:
    assert resolve("fr").ppocr
    assert not resolve("vi").ppocr
