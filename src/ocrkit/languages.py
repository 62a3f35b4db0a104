"""The languages ocrkit knows and the scripts they are written in: one table, and what can be asked of it.

The lowest layer: plain data, no engine, no model file. Which models are installed is an engine's business.
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from ocrkit.errors import UnknownLanguageError

AUTO = "auto"
"""Stands for "find out" wherever a language code is expected."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language in one script.

    Attributes:
        code: as BCP 47 writes it: `en`, `zh-Hant`, `sr-Latn`; the script only where the language has several.
        name: in English.
        script: ISO 15924, such as `Latn`; `Hans`, `Hant`, `Jpan` and `Kore` for the written language as a whole.
        aliases: other codes and names that users write, in lower case with hyphens.
        tesseract: Tesseract models that read it, best first.
        ppocr: whether the dictionary of PP-OCRv6 spells it.
    """

    code: str
    name: str
    script: str
    aliases: tuple[str, ...]
    tesseract: tuple[str, ...]
    ppocr: bool

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """How its lines run where they are horizontal."""
        return "rtl" if self.script in RTL_SCRIPTS else "ltr"


RTL_SCRIPTS = frozenset({"Arab", "Hebr", "Syrc", "Thaa"})
"""Scripts written from right to left."""

UNSPACED_SCRIPTS = frozenset({"Hans", "Hant", "Hani", "Jpan", "Khmr", "Laoo", "Mymr", "Thai", "Tibt"})
"""Scripts that write no space between words."""

SCRIPT_MODELS = {
    "Arab": "Arabic",
    "Armn": "Armenian",
    "Beng": "Bengali",
    "Cans": "Canadian_Aboriginal",
    "Cher": "Cherokee",
    "Cyrl": "Cyrillic",
    "Deva": "Devanagari",
    "Ethi": "Ethiopic",
    "Geor": "Georgian",
    "Grek": "Greek",
    "Gujr": "Gujarati",
    "Guru": "Gurmukhi",
    "Hans": "HanS",
    "Hant": "HanT",
    "Hebr": "Hebrew",
    "Jpan": "Japanese",
    "Khmr": "Khmer",
    "Knda": "Kannada",
    "Kore": "Hangul",
    "Laoo": "Lao",
    "Latf": "Fraktur",
    "Latn": "Latin",
    "Mlym": "Malayalam",
    "Mymr": "Myanmar",
    "Orya": "Oriya",
    "Sinh": "Sinhala",
    "Syrc": "Syriac",
    "Taml": "Tamil",
    "Telu": "Telugu",
    "Thaa": "Thaana",
    "Thai": "Thai",
    "Tibt": "Tibetan",
}
"""Tesseract's model of each script: it reads every language written so, a little worse than a model of its own."""

_PPOCR_SCRIPTS = frozenset({"Hans", "Hant", "Jpan", "Latn"})
_BEYOND_PPOCR = frozenset({"ig", "vi", "yo"})
"""Languages of a script PP-OCRv6 reads whose letters with dots below or tone marks its dictionary lacks."""

# code | Tesseract models | script | name | other aliases.
# Models and name are aliases too. Where only a language's own model is named, the script's follows as the second best;
# where a script's model is named, the row is complete, and first if it reads the language better than its own.
_TABLE = """
af      | afr      | Latn | Afrikaans             |
am      | amh      | Ethi | Amharic               |
ar      | ara      | Arab | Arabic                |
as      | asm      | Beng | Assamese              |
ast     |          | Latn | Asturian              |
az      | aze      | Latn | Azerbaijani           | az-latn azj
az-Cyrl | Cyrillic/aze_cyrl | Cyrl | Azerbaijani, Cyrillic |
ba      |          | Cyrl | Bashkir               | bak
be      | bel      | Cyrl | Belarusian            |
bg      | bul      | Cyrl | Bulgarian             |
bho     |          | Deva | Bhojpuri              |
bn      | ben      | Beng | Bengali               | bangla
bo      | bod      | Tibt | Tibetan               | tib
br      | Latin/bre | Latn | Breton                |
bs      | bos      | Latn | Bosnian               | bs-latn
ca      | cat      | Latn | Catalan               | valencian ca-valencia
ce      |          | Cyrl | Chechen               | che
ceb     | ceb      | Latn | Cebuano               |
chr     | Cherokee/chr | Cher | Cherokee              |
ckb     |          | Arab | Kurdish, Central      | sorani ku-arab
co      | cos      | Latn | Corsican              |
cs      | ces      | Latn | Czech                 | cze
cv      |          | Cyrl | Chuvash               | chv
cy      | cym      | Latn | Welsh                 | wel
da      | dan      | Latn | Danish                |
de      | deu      | Latn | German                | ger deutsch
de-Latf | Fraktur/deu_latf/frk | Latf | German, Fraktur | frk fraktur de-fraktur deu-frak german-fraktur ger-fraktur
dsb     |          | Latn | Sorbian, Lower        |
dv      | div      | Thaa | Dhivehi               | maldivian
dz      | Tibetan/dzo | Tibt | Dzongkha              |
el      | ell      | Grek | Greek                 | gre
en      | eng      | Latn | English               |
enm     | enm      | Latn | English, Middle       |
eo      | epo      | Latn | Esperanto             |
es      | spa      | Latn | Spanish               | castilian espanol
es-x-old | spa_old | Latn | Spanish, old          |
et      | est      | Latn | Estonian              | ekk
eu      | Latin/eus | Latn | Basque                | baq
fa      | fas      | Arab | Persian               | per farsi prs dari
fi      | fin      | Latn | Finnish               |
fil     | fil      | Latn | Filipino              | tl tgl tagalog
fo      | fao      | Latn | Faroese               |
fr      | fra      | Latn | French                | fre francais
frm     | frm      | Latn | French, Middle        |
fur     |          | Latn | Friulian              |
fy      | fry      | Latn | Frisian, Western      | frisian
ga      | gle      | Latn | Irish                 |
gd      | gla      | Latn | Gaelic, Scottish      | gaelic
gl      | glg      | Latn | Galician              |
grc     | grc      | Grek | Greek, polytonic      | el-polyton el-polytonic polytonic ancient-greek
gu      | guj      | Gujr | Gujarati              |
ha      |          | Latn | Hausa                 | hau
haw     |          | Latn | Hawaiian              |
he      | heb      | Hebr | Hebrew                | iw hbo
hi      | hin      | Deva | Hindi                 |
hr      | hrv      | Latn | Croatian              |
hsb     |          | Latn | Sorbian, Upper        |
ht      | hat      | Latn | Haitian               | haitian-creole
hu      | hun      | Latn | Hungarian             |
hy      | hye      | Armn | Armenian              | arm
id      | ind      | Latn | Indonesian            | in
ig      |          | Latn | Igbo                  | ibo
is      | isl      | Latn | Icelandic             | ice
it      | ita      | Latn | Italian               |
it-x-old | ita_old | Latn | Italian, old          |
iu      | iku      | Cans | Inuktitut             |
ja      | jpn      | Jpan | Japanese              | jp japan
jv      | jav      | Latn | Javanese              | jw
ka      | kat      | Geor | Georgian              | geo kat-old
kk      | kaz      | Cyrl | Kazakh                |
kl      |          | Latn | Greenlandic           | kal kalaallisut
km      | khm      | Khmr | Khmer                 | cambodian
kn      | kan      | Knda | Kannada               |
ko      | kor      | Kore | Korean                | kr korea hangul
kok     |          | Deva | Konkani               |
ku      | kmr      | Latn | Kurdish, Northern     | kur kurdish kurmanji ku-latn
ky      | kir      | Cyrl | Kyrgyz                | kirghiz
la      | lat      | Latn | Latin                 |
lb      | Latin/ltz | Latn | Luxembourgish         |
lg      |          | Latn | Ganda                 | lug luganda
ln      |          | Latn | Lingala               | lin
lo      | lao      | Laoo | Lao                   |
lt      | lit      | Latn | Lithuanian            |
lv      | lav      | Latn | Latvian               | lvs
mai     |          | Deva | Maithili              |
mg      |          | Latn | Malagasy              | mlg
mi      | mri      | Latn | Maori                 | mao
mk      | mkd      | Cyrl | Macedonian            | mac
ml      | mal      | Mlym | Malayalam             |
mn      | mon      | Cyrl | Mongolian             | khk
mr      | mar      | Deva | Marathi               |
ms      | msa      | Latn | Malay                 | may zsm
mt      | mlt      | Latn | Maltese               |
my      | mya      | Mymr | Burmese               | bur myanmar
nds     |          | Latn | German, Low           | low-german
ne      | nep      | Deva | Nepali                | npi
nl      | nld      | Latn | Dutch                 | dut flemish
no      | nor      | Latn | Norwegian             | nb nn nob nno
oc      | oci      | Latn | Occitan               |
om      |          | Latn | Oromo                 | orm
or      | ori      | Orya | Odia                  | oriya ory
os      |          | Cyrl | Ossetian              | oss ossetic
pa      | pan      | Guru | Punjabi               | panjabi
pl      | pol      | Latn | Polish                |
ps      | pus      | Arab | Pashto                | pushto pbt
pt      | por      | Latn | Portuguese            |
qu      | que      | Latn | Quechua               |
rm      |          | Latn | Romansh               | roh
ro      | ron      | Latn | Romanian              | rum mo moldovan
ru      | rus      | Cyrl | Russian               |
rw      |          | Latn | Kinyarwanda           | kin
sa      | san      | Deva | Sanskrit              |
sah     |          | Cyrl | Yakut                 |
sc      |          | Latn | Sardinian             | srd
sd      | snd      | Arab | Sindhi                |
se      |          | Latn | Sami, Northern        | sme
si      | sin      | Sinh | Sinhala               | sinhalese
sk      | slk      | Latn | Slovak                | slo
sl      | slv      | Latn | Slovenian             | slovene
sn      |          | Latn | Shona                 | sna
so      |          | Latn | Somali                | som
sq      | sqi      | Latn | Albanian              | alb als
sr      | srp      | Cyrl | Serbian               | rsc
sr-Latn | srp_latn | Latn | Serbian, Latin        | rs-latin serbian-latin sh hbs
su      | sun      | Latn | Sundanese             |
sv      | swe      | Latn | Swedish               |
sw      | swa      | Latn | Swahili               | swh
syr     | syr      | Syrc | Syriac                |
ta      | tam      | Taml | Tamil                 |
te      | tel      | Telu | Telugu                |
tg      | tgk      | Cyrl | Tajik                 |
th      | tha      | Thai | Thai                  |
ti      | tir      | Ethi | Tigrinya              |
tk      |          | Latn | Turkmen               | tuk
to      | ton      | Latn | Tongan                |
tr      | tur      | Latn | Turkish               |
tt      | Cyrillic/tat | Cyrl | Tatar                 |
ug      | uig      | Arab | Uyghur                |
uk      | ukr      | Cyrl | Ukrainian             |
ur      | urd      | Arab | Urdu                  |
uz      | uzb      | Latn | Uzbek                 | uz-latn uzn
uz-Cyrl | uzb_cyrl | Cyrl | Uzbek, Cyrillic       |
vi      | vie/Vietnamese | Latn | Vietnamese      |
wo      |          | Latn | Wolof                 | wol
xh      |          | Latn | Xhosa                 | xho
yi      | yid      | Hebr | Yiddish               | ydd ji
yo      | yor      | Latn | Yoruba                |
zh-Hans | chi_sim  | Hans | Chinese, simplified   | zh ch cn zho chi chinese cmn hans zh-cn zh-sg simplified-chinese
zh-Hant | chi_tra  | Hant | Chinese, traditional  | zh-tw zh-hk zh-mo cht yue hant chinese-cht traditional-chinese
zu      |          | Latn | Zulu                  | zul
"""


def _key(code: str) -> str:
    return code.strip().lower().replace("_", "-")


def _language(row: str) -> Language:
    code, models, script, name, aliases = (part.strip() for part in row.split("|"))
    own = tuple(model for model in models.split("/") if model)
    common = SCRIPT_MODELS[script]
    named = (model for model in own if model[0].islower())
    also = dict.fromkeys((*map(_key, named), _key(name), *aliases.split()))
    return Language(
        code=code,
        name=name,
        script=script,
        aliases=tuple(alias for alias in also if alias != _key(code)),
        tesseract=own if any(model[0].isupper() for model in own) else (*own, common),
        ppocr=script in _PPOCR_SCRIPTS and code not in _BEYOND_PPOCR,
    )


LANGUAGES = tuple(map(_language, _TABLE.strip().splitlines()))
"""Every language, by code."""

_BY_KEY = {alias: language for language in LANGUAGES for alias in language.aliases} | {
    _key(language.code): language for language in LANGUAGES
}


_VERTICAL = "-vert"
"""Ends the names of Tesseract's models for text that runs from top to bottom; the language is the same."""


def resolve(code: str) -> Language:
    """The language that the user means: a code, alias or English name, in any case, `_` or `-`, with or without region.

    Raises:
        UnknownLanguageError: there is none; the hint names those spelt alike.
    """
    parts = _key(code).removesuffix(_VERTICAL).split("-")
    for length in range(len(parts), 0, -1):
        found = _BY_KEY.get("-".join(parts[:length]))
        if found is not None and all(_may_drop(part, found) for part in parts[length:]):
            return found
    close = difflib.get_close_matches(_key(code), _BY_KEY, n=3, cutoff=0.7)
    alike = dict.fromkeys(f"{_BY_KEY[key].code} ({_BY_KEY[key].name})" for key in close)
    hint = f"Do you mean {', '.join(alike)}?" if alike else "`ocrkit languages` lists all."
    raise UnknownLanguageError(f"There is no language {code!r}.", hint=hint)


def normalize(code: str) -> str:
    """`auto`, or the canonical code of the language.

    Raises:
        UnknownLanguageError: there is no such language.
    """
    return AUTO if _key(code) == AUTO else resolve(code).code


def written_in(script: str) -> tuple[Language, ...]:
    """The languages written in a script as `script_of` names it: `Hani` is Chinese of both kinds."""
    family = {"Hani": ("Hans", "Hant"), "Latn": ("Latn", "Latf")}.get(script, (script,))
    return tuple(language for language in LANGUAGES if language.script in family)


_REGION = re.compile(r"[a-z]{2}|[0-9]{3}")
"""A region subtag (RFC 5646, section 2.2.4)."""


def _may_drop(subtag: str, language: Language) -> bool:
    """Whether a language tag says the same without this subtag: a region, or the script the language has anyway."""
    return _REGION.fullmatch(subtag) is not None or subtag == language.script.lower()


# First code point of each run of letters of one script, from the Unicode block chart; `-` ends a run.
_RUNS = """
41 Latn  250 Latn  2B0 -  370 Grek  400 Cyrl  530 Armn  590 Hebr  600 Arab  700 Syrc  750 Arab  780 Thaa  7C0 Nkoo
800 -  860 Syrc  870 Arab  900 Deva  980 Beng  A00 Guru  A80 Gujr  B00 Orya  B80 Taml  C00 Telu  C80 Knda  D00 Mlym
D80 Sinh  E00 Thai  E80 Laoo  F00 Tibt  1000 Mymr  10A0 Geor  1100 Hang  1200 Ethi  13A0 Cher  1400 Cans  1680 -
1780 Khmr  1800 Mong  18B0 Cans  1900 -  1C80 Cyrl  1C90 Geor  1CC0 -  1D00 Latn  1F00 Grek  2000 -  2C60 Latn
2C80 Copt  2D00 Geor  2D30 Tfng  2D80 Ethi  2DE0 Cyrl  2E00 -  2E80 Hani  3008 -  3021 Hani  3030 -  3041 Hira
30A0 Kana  3100 Bopo  3130 Hang  3190 -  31A0 Bopo  31C0 Hani  31F0 Kana  3200 -  3400 Hani  4DC0 -  4E00 Hani
A000 -  A640 Cyrl  A6A0 -  A722 Latn  A800 -  A8E0 Deva  A900 -  A960 Hang  A980 -  A9E0 Mymr  AA00 -  AA60 Mymr
AA80 -  AB00 Ethi  AB30 Latn  AB70 Cher  ABC0 -  AC00 Hang  D800 -  F900 Hani  FB00 Latn  FB13 Armn  FB1D Hebr
FB50 Arab  FE00 -  FE70 Arab  FF00 -  FF21 Latn  FF5B -  FF66 Kana  FFA0 Hang  FFDD -  20000 Hani  32000 -
"""
_FIELDS = _RUNS.split()
_STARTS = [int(field, 16) for field in _FIELDS[::2]]
_SCRIPTS = _FIELDS[1::2]


def scripts_in(text: str) -> Counter[str]:
    """How many letters of each script (ISO 15924) the text has; digits, marks and symbols belong to none."""
    if text.isascii():
        letters = sum(map(str.isalpha, text))
        return Counter({"Latn": letters} if letters else {})
    counts: Counter[str] = Counter()
    for letter, count in Counter(text).items():
        script = block_of(letter)
        if letter.isalpha() and script:
            counts[script] += count
    return counts


def block_of(sign: str) -> str | None:
    """The script (ISO 15924) in whose block of Unicode the sign is, marks and digits of the script included."""
    run = bisect_right(_STARTS, ord(sign)) - 1
    return None if run < 0 or _SCRIPTS[run] == "-" else _SCRIPTS[run]


_KANA_SHARE = 0.05
"""Share of kana among kana and Han from which a text is Japanese: Chinese has none, Japanese rarely under a third."""


def script_of(text: str) -> str | None:
    """The script most letters are of; `Jpan` where Han stands with kana, `Kore` for Hangul, `None` without letters."""
    counts = scripts_in(text)
    kana, han = counts.pop("Hira", 0) + counts.pop("Kana", 0), counts.pop("Hani", 0)
    counts["Jpan" if kana > _KANA_SHARE * (kana + han) else "Hani"] += kana + han
    counts["Kore"] += counts.pop("Hang", 0)
    script, count = counts.most_common(1)[0]
    return script if count else None
