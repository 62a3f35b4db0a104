"""What to do where the first engine could not read: which regions are in doubt, and whose reading of them counts.

Pure: lines in, boxes and lines out. Who reads them again is the pipeline's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ocrkit import geometry
from ocrkit.languages import block_of, script_of, scripts_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from ocrkit.geometry import BBox
    from ocrkit.model import Line

DOUBT = 0.8
"""Confidence under which a line may be in a script that its engine does not know."""

ENOUGH = 0.08
"""Share of the text's area in doubt from which looking for another script is worth its time."""

WHOLE = 0.4
"""Share from which the whole page is read again, and not region by region."""

MOST_REGIONS = 4
"""Regions read again on one page: the largest ones; each costs up to seconds."""

SURE = 0.7
"""Confidence that another engine's reading needs to take the place of the first."""

WEAK = 0.3
"""Confidence from which a line counts where most of its region is surely in the other script: what the first engine
made of it can only be worse."""

MOSTLY = 0.5
"""Share of the characters in sure lines from which that is so."""

AGREED = 0.5
"""The same where the first engine saw letters of that script itself, which it cannot spell with their accents."""

LEAST_LETTERS = 3
"""Fewer letters in another script, in a part of a page, are no text: boxes to tick were read as Tamil."""

MOST_OF_IT = 0.7
"""Share of a line's width that must have been read again; page layouts drop words at the ends of cells."""

_ODD = re.compile(r"[a-z][A-Z]|[A-Za-z][0-9][A-Za-z]|[0-9](?![xX][0-9])[A-Za-z]+[0-9]")
"""What no Latin word looks like; `3x8` is a product, as on every receipt."""
_MIN_TOKEN = 4
_ODD_SHARE = 0.5
_FOREIGN_SHARE = 0.2
_FOREIGN_LETTERS = 3
"""Different small letters of another script from which the first engine has seen that script. Of lines in 40 scripts
only Greek ones gave it more than two; capitals (`Π`, `Φ`) it also sees in Cyrillic."""
_NEAR = 1.2
_LONG = 3.0
_SPARSE = 4.0


def in_doubt(line: Line, scripts: Collection[str]) -> bool:
    """Whether a line may be in a script other than `scripts`, those that its engine reads.

    Either it was read badly; or it holds letters of another script, such as the Greek ones that PP-OCR knows from
    formulas; or its words look like letters taken for others of a like shape (`CepBep` for `Сервер`); or a long
    line gave hardly any character.
    """
    if (line.confidence is not None and line.confidence < DOUBT) or not line.text:
        return True
    if _is_sparse(line):
        return True
    if _foreign_share(line.text, scripts) > _FOREIGN_SHARE:
        return True
    tokens = [token for token in line.text.split() if len(token) >= _MIN_TOKEN]
    odd = sum(1 for token in tokens if _ODD.search(token))
    return bool(tokens) and odd / len(tokens) > _ODD_SHARE


def seen_script(text: str, scripts: Collection[str]) -> str | None:
    """The script other than `scripts` of which an engine that reads those knows letters and saw several, if any."""
    small = "".join(letter for letter in _foreign(text, scripts) if letter.islower())
    if len(set(small)) < _FOREIGN_LETTERS or _foreign_share(text, scripts) < _FOREIGN_SHARE:
        return None
    return script_of(small)


def _foreign(text: str, scripts: Collection[str]) -> str:
    """The letters of the text that are of no script that an engine reading `scripts` knows in full."""
    known = {None, *_letters_of(scripts)}
    return "".join(letter for letter in text if letter.isalpha() and block_of(letter) not in known)


def _foreign_share(text: str, scripts: Collection[str]) -> float:
    return len(_foreign(text, scripts)) / max(1, sum(scripts_in(text).values()))


def _is_sparse(line: Line) -> bool:
    """Whether the line has room for four times the characters that were read; a letter is half as wide as high."""
    long, short = sorted((geometry.width(line.bbox), geometry.height(line.bbox)), reverse=True)
    return long > _LONG * short and len(line.text) < long / (0.5 * short) / _SPARSE


def doubtful_regions(lines: Sequence[Line], scripts: Collection[str], page: BBox) -> list[BBox]:
    """The boxes to read again: none, the whole `page`, or the largest groups of neighbouring lines in doubt."""
    doubted = [line for line in lines if in_doubt(line, scripts)]
    total = sum(geometry.area(line.bbox) for line in lines)
    share = sum(geometry.area(line.bbox) for line in doubted) / total if total else 0.0
    if share < ENOUGH:
        return []
    if share > WHOLE:
        return [page]
    groups: list[BBox] = []
    for line in doubted:
        reach = _NEAR * min(geometry.height(line.bbox), geometry.width(line.bbox))
        x0, y0, x1, y1 = line.bbox
        box = (x0 - reach, y0 - reach / 2, x1 + reach, y1 + reach / 2)
        while near := [group for group in groups if geometry.intersection(box, group)]:
            box = geometry.union([box, *near])
            groups = [group for group in groups if group not in near]
        groups.append(box)
    groups.sort(key=geometry.area, reverse=True)
    return [geometry.clamp(box, page[2], page[3]) for box in groups[:MOST_REGIONS]]


def taken_over(known: Sequence[Line], again: Sequence[Line], scripts: Collection[str]) -> list[Line]:
    """The lines of a region: those read again where they are surely in another script, else the known ones.

    A line of the first engine stays unless it is in doubt or a line taken over stands in its place.
    """
    others = [line for line in again if _is_foreign(line, scripts)]
    seen = [(line, seen_script(line.text, scripts)) for line in known]
    foreign = [
        line
        for line in others
        if (line.confidence or 0.0) >= SURE or ((line.confidence or 0.0) >= AGREED and _is_seen(line, seen, scripts))
    ]
    if not foreign:
        return list(known)
    if _characters(foreign) >= MOSTLY * _characters(again):
        foreign = [line for line in others if (line.confidence or 0.0) >= WEAK]
    # Lines in a script that the first engine reads stay its own, unless it doubted them: then the other may be right.
    kept = [line for line in known if not in_doubt(line, scripts) and not _covered(line, foreign)]
    rest = [
        line
        for line in again
        if line not in others and (line.confidence or 0.0) >= SURE and not _covered(line, [*kept, *foreign])
    ]
    return [*kept, *foreign, *rest]


def is_text(lines: Iterable[Line]) -> bool:
    """Whether what was read of a part of a page has letters enough: in an empty box some model always sees one."""
    return sum(map(str.isalpha, "".join(line.text for line in lines))) >= LEAST_LETTERS


def _characters(lines: Iterable[Line]) -> int:
    return sum(len(line.text) for line in lines)


def replaced(lines: Sequence[Line], others: Sequence[Line]) -> list[Line]:
    """`others`, and those of `lines` that they do not cover."""
    return [*(line for line in lines if not _covered(line, others)), *others]


def missed(known: Sequence[Line], again: Sequence[Line], scripts: Collection[str]) -> list[Line]:
    """The known lines in doubt that were not read again surely over most of their length, widest first; level ones."""
    sure = [line for line in again if (line.confidence or 0.0) >= SURE]
    doubted = [line for line in known if in_doubt(line, scripts)]
    level = [line for line in doubted if geometry.width(line.bbox) > geometry.height(line.bbox)]
    level = [line for line in level if _spanned(line, sure) < MOST_OF_IT]
    return sorted(level, key=lambda line: geometry.width(line.bbox), reverse=True)


def _is_foreign(line: Line, scripts: Collection[str]) -> bool:
    """Whether the line is in a script that the first engine cannot spell, or has sure words in one beside others."""
    found = script_of(line.text)
    if found is not None and found not in readable(scripts):
        return True
    sure = " ".join(word.text for word in line.words if (word.confidence or 0.0) >= AGREED)
    return len(_foreign(sure, scripts)) > _FOREIGN_SHARE * sum(scripts_in(line.text).values())


def _is_seen(line: Line, seen: Iterable[tuple[Line, str | None]], scripts: Collection[str]) -> bool:
    """Whether the first engine saw the line's script where the line stands."""
    script = script_of(_foreign(line.text, scripts))
    return any(script == saw and _covered(line, [other]) for other, saw in seen)


def _spanned(line: Line, others: Iterable[Line]) -> float:
    """Share of the line's width over which others stand in its row."""
    x0, y0, x1, y1 = line.bbox
    middle = [other.bbox for other in others if y0 <= (other.bbox[1] + other.bbox[3]) / 2 <= y1]
    reached, spanned = x0, 0.0
    for start, _, end, _ in sorted(middle):
        spanned += max(0.0, min(end, x1) - max(start, reached))
        reached = max(reached, min(end, x1))
    return spanned / (x1 - x0)


def _covered(line: Line, others: Iterable[Line]) -> bool:
    share = 0.4
    return any(
        geometry.overlap(line.bbox, other.bbox) > share or geometry.overlap(other.bbox, line.bbox) > share
        for other in others
    )


def readable(scripts: Collection[str]) -> set[str]:
    """`scripts` and what `script_of` calls a text in them."""
    han = {"Hani", "Jpan"} if {"Hans", "Hant", "Jpan"} & set(scripts) else set()
    return {*scripts, *han}


def _letters_of(scripts: Collection[str]) -> set[str]:
    kana = {"Hira", "Kana", "Hani", "Bopo"} if {"Hans", "Hant", "Jpan"} & set(scripts) else set()
    return {*scripts, *kana, *({"Hang"} if "Kore" in scripts else ())}
