"""The language of a text is named where it is sure, and only then."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ocrkit.langid import identify


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The ferry leaves the harbour every morning at seven.", "en"),
        ("Die Fähre verlässt den Hafen jeden Morgen um sieben Uhr.", "de"),
        ("Le bateau quitte le port tous les matins à sept heures.", "fr"),
        ("Phà rời bến cảng mỗi buổi sáng lúc bảy giờ.", "vi"),
        ("Prom wypływa z portu codziennie rano o godzinie siódmej.", "pl"),
        ("Паром отходит от причала каждое утро в семь часов.", "ru"),
        ("Пором відходить від причалу щоранку о сьомій годині.", "uk"),
        ("تغادر العبارة الميناء كل صباح في الساعة السابعة.", "ar"),
        ("کشتی هر روز صبح ساعت هفت بندر را ترک می‌کند.", "fa"),
        ("नाव हर सुबह सात बजे बंदरगाह से निकलती है।", "hi"),
        ("배는 매일 아침 일곱 시에 항구를 떠난다.", "ko"),
        ("เรือออกจากท่าทุกเช้าเวลาเจ็ดโมง", "th"),
        ("船は毎朝七時に港を出ます。", "ja"),
        ("די שיף פֿאָרט אַרויס פֿון האַפֿן יעדן פֿרימאָרגן און קומט צוריק אין אָוונט", "yi"),
        ("המעבורת יוצאת מן הנמל כל בוקר בשבע", "he"),
        ("እታ መርከብ ኩሉ ንግሆ ሰዓት ሸውዓተ ካብ ወደብ ትወፅእ ናይ መወዳእታ እያ", "ti"),
        ("ጀልባው በየቀኑ ጠዋት በአንድ ሰዓት ወደ ወደብ ይሄዳል እና ማታ ይመለሳል", "am"),
        ("གྲུ་གཟིངས་རྣམས་ཞོགས་པའི་ཆུ་ཚོད་བདུན་ལ་གྲུ་ཁ་ནས་ཐོན་གྱི་ཡོད།", "bo"),
        ("གྲུ་ཚུ་དྲོ་པ་ཆུ་ཚོད་བདུན་ལུ་གྲུ་ཁ་ལས་འཐོན་ནི་ཨིན།", "dz"),
        ("渡轮每天早上七点从码头开出，晚上回来。", "zh-Hans"),
        ("渡輪每天早上七點從碼頭開出，晚上回來。", "zh-Hant"),
    ],
)
def test_a_sentence_is_identified(text: str, code: str) -> None:
    assert identify(text) == code


@pytest.mark.parametrize("text", ["", "12.50 / 2024-11-03", "ok", "Nr. 5"])
def test_what_is_too_little_to_say_stays_unknown(text: str) -> None:
    assert identify(text) is None


def test_words_in_another_script_are_passed_over() -> None:
    assert identify("Паром Northern Harbour отходит от причала каждое утро", "Cyrl") == "ru"


def test_only_languages_of_the_script_are_named() -> None:
    assert identify("Трајект сваког јутра у седам сати напушта луку и враћа се увече.") == "sr"
    assert identify("Danas je vreme lepo, ali sutra će padati kiša i duvaće vetar.", "Latn") in {"sr-Latn", "hr", "bs"}


def test_importing_it_loads_no_model() -> None:
    code = "import sys, ocrkit.langid; print('numpy' in sys.modules, 'py3langid' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
