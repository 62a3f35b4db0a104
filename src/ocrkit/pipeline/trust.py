"""Decides whether a PDF page's own text can be trusted. Pure: a text layer and page size in, a decision out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit import geometry
from ocrkit.languages import script_of, scripts_in
from ocrkit.model import TextLayerDecision, TextLayerUse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrkit.geometry import BBox
    from ocrkit.raster import TextLayer

MAX_UNMAPPED = 0.10
"""Share of characters without a Unicode meaning above which a layer is garbled. Symbol fonts used for bullets
stay under it; a font without a mapping is far above."""

MAX_MIXED_WORDS = 0.20
"""Share of words that mix Latin with Greek or Cyrillic letters above which the encoding is taken for wrong."""

SCAN_COVERAGE = 0.5
"""Share of the page that pictures cover from which hidden text is that of a scan."""

PICTURE_COVERAGE = 0.3
"""Share of the page that pictures cover from which a page with little text is read in its pictures too."""

LITTLE_TEXT = 400
"""Visible characters below which a page with large pictures may say more in the pictures than in its text."""

MAX_ACCENTED = 0.5
"""Share of letters from U+00C0 to U+00FF above which text is an 8-bit encoding read as another one (Cyrillic
shown as `Ïðèâåò`); no language written in Latin letters comes near it."""

_HAN_BASED = {"Hani", "Hans", "Hant", "Jpan", "Hira", "Kana", "Kore", "Hang"}
_GRID = 64
_MIN_LETTERS = 20


def judge(layer: TextLayer, *, width: int, height: int, script: str | None = None) -> TextLayerDecision:
    """What to do with the layer of a page of `width` × `height` pixels.

    Args:
        layer: the page's own text.
        width: of the page image.
        height: of the page image.
        script: ISO 15924 code of the language asked for, `None` for any.
    """
    if layer.characters == 0:
        return _decision(TextLayerUse.ABSENT, "no_text", "the page carries no characters")
    covered = coverage(layer.pictures, width, height)
    if layer.hidden > layer.characters / 2 and covered >= SCAN_COVERAGE:
        return _decision(
            TextLayerUse.IGNORED, "hidden_over_scan", f"hidden text over pictures on {covered:.0%} of the page"
        )
    unmapped = layer.unmapped / layer.characters
    if unmapped > MAX_UNMAPPED:
        return _decision(TextLayerUse.IGNORED, "garbled", f"{unmapped:.0%} of the characters have no meaning")
    mismatch = _script_mismatch(layer, script)
    if mismatch:
        return _decision(TextLayerUse.IGNORED, "script_mismatch", mismatch)
    if covered >= PICTURE_COVERAGE and layer.characters - layer.hidden < LITTLE_TEXT:
        detail = f"pictures on {covered:.0%} of the page, {layer.characters} characters"
        return _decision(TextLayerUse.MERGED, "pictures_with_little_text", detail)
    return _decision(TextLayerUse.USED, "trusted", f"{layer.characters} characters, {unmapped:.0%} without meaning")


def coverage(boxes: Sequence[BBox], width: int, height: int) -> float:
    """Share of the page that the boxes cover together, counted on a grid of 64 × 64 cells."""
    cells: set[tuple[int, int]] = set()
    for box in boxes:
        x0, y0, x1, y1 = geometry.clamp(box, width, height)
        columns = range(round(x0 * _GRID / width), round(x1 * _GRID / width))
        rows = range(round(y0 * _GRID / height), round(y1 * _GRID / height))
        cells.update((column, row) for column in columns for row in rows)
    return len(cells) / _GRID**2


def _script_mismatch(layer: TextLayer, script: str | None) -> str:
    words = [word.text for line in layer.lines for word in line.words]
    text = "".join(words)
    letters = sum(map(str.isalpha, text))
    if letters < _MIN_LETTERS:
        return ""
    found = script_of(text)
    if script and found and not _compatible(found, script):
        return f"the text is in {found}, the language asked for is written in {script}"
    accented = sum("\u00c0" <= char <= "\u00ff" for char in text) / letters
    if accented > MAX_ACCENTED:
        return f"{accented:.0%} of the letters are accented: another encoding read as Latin"
    mixed = sum(map(_mixes, words)) / len(words)
    return f"{mixed:.0%} of the words mix alphabets" if mixed > MAX_MIXED_WORDS else ""


def _mixes(word: str) -> bool:
    return len({"Latn", "Grek", "Cyrl"} & set(scripts_in(word))) > 1


def _compatible(found: str, asked: str) -> bool:
    """Whether a page asked for in one script may well be written in the other: Latin stands in any document."""
    return found in {asked, "Latn"} or {found, asked} <= {
        "Hani",
        "Hans",
        "Hant",
        "Jpan",
        "Hira",
        "Kana",
        "Kore",
        "Hang",
    }


def _decision(use: TextLayerUse, reason: str, detail: str) -> TextLayerDecision:
    return TextLayerDecision(use=use, reason=reason, detail=detail)
