"""Paragraphs: lines of a region into runs that belong together, and the lines of a run into one text.

Works in the reading frame; knows nothing of tables and headings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ocrkit.layout.lists import has_leader, has_marker, is_dash, split_marker
from ocrkit.layout.pieces import is_wide, letter_width
from ocrkit.layout.rows import join_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocrkit.layout.pieces import Piece
    from ocrkit.model import Word

EXTRA_GAP = 0.35
"""A gap this much above the usual one parts paragraphs."""

INDENT = 0.7
"""A first line stands at least this far from the margin."""

MAX_INDENT = 6.0
"""What stands further in is no indented first line."""

SIZE_STEP = 0.25
"""Type that differs by this share belongs to another paragraph; line boxes of one size vary by less."""

OWN_MARGIN = 3
"""A paragraph of more lines than this shows its own right margin, which a figure beside it may narrow; one as narrow as
an address does not."""

PROSE_LINE = 12.0
"""Lines of running text are wider than this."""

NARROW_LINE = 7.0
"""Those of narrow columns are wider than this."""

NARROW_LINES = 4
"""So many of these in one paragraph run on; one or two do by chance in an address."""

PART_GAP = 1.5
"""No space between two words of running text is this wide, justified or not."""

FEWEST_ITEMS = 3
LONGEST_NUMBER = 3
"""So many items, with numbers of so many digits, are a list whose numbers have no point."""

CENTRED = 1.0
"""The middles of centred lines differ by less than this."""

SHORT = 0.2
"""A last line ends this share of the width or more before the margin."""

TOGETHER = 2
"""So many full-width signs may have to stay together, as one and the sign of punctuation behind it."""

FULL = 2.0
PARTED = 3.0
"""A line of full-width signs that ends so near to the margin, in heights of a line, is full; so far from it, the last
of its paragraph: such text fills its lines to the sign."""

_HYPHENATED = re.compile(r"[^\W\d_][-‐\u00ad¬⸗]$")
"""A line that ends inside a word."""

_NUMBERED = re.compile(r"(\d{1,2}(\.\d{1,2}){0,4}|[IVX]{1,5}|[A-Z])[.)]?")
"""The number of a heading."""

_INITIAL = re.compile(r"\b[A-Z]\.$")
_ENDED = re.compile(r"[.!?:;。！？…][\"'”’»)\]]*$")
"""A line that ends a sentence."""


@dataclass(frozen=True, slots=True)
class Margins:
    """Where the lines of a region begin and end, and the usual gap between them."""

    left: float
    right: float
    gap: float


def usual_gap(regions: Iterable[Sequence[Piece]], em: float) -> float:
    """The usual gap between two lines of a paragraph on the page; negative where boxes overlap."""
    gaps = [below.box[1] - above.box[3] for region in regions for above, below in pairwise(region)]
    near = sorted(gap for gap in gaps if -em < gap < 1.5 * em)
    # The lower third: gaps within paragraphs are smaller than those between, and on few pages the minority.
    return near[len(near) // 3] if near else 0.0


def flowing_lines(pieces: Sequence[Piece], gap: float, em: float) -> int:
    """How many lines of a region run on into the next because no more would have fitted, as those of prose do.

    The lines of a receipt, a list of names or a form end where what they say ends.
    """
    if not pieces:
        return 0
    margins = margins_of(pieces, gap)
    count = 0
    for run in paragraphs_of(pieces, margins, em=em):
        breaks = hard_breaks(run, margins, em)
        widths = [p.width / em for p, ends in zip(run, breaks, strict=False) if not ends]
        narrow = sum(width > NARROW_LINE for width in widths)
        count += narrow if narrow >= NARROW_LINES else sum(width > PROSE_LINE for width in widths)
    return count


def margins_of(region: Sequence[Piece], gap: float) -> Margins:
    """The margins of a region; a tenth of its lines may stick out on the right."""
    starts, ends = sorted(p.box[0] for p in region), sorted(p.box[2] for p in region)
    return Margins(starts[len(starts) // 10], ends[(len(ends) * 9) // 10], gap)


def paragraphs_of(pieces: Sequence[Piece], margins: Margins, *, em: float) -> list[list[Piece]]:
    """The pieces of one region, top to bottom, as paragraphs."""
    runs: list[list[Piece]] = []
    items = [pieces[index] for index in bare_items(pieces, em)]
    dashed = sum(is_dash(split_marker(piece.text)[0]) for piece in pieces)
    for piece in pieces:
        hangs = bool(runs) and runs[-1][0] in items and _hangs_below(runs[-1], piece, margins, em=em)
        # Between the lines of one verse or sentence a dash begins nothing; with others like it, it begins items.
        inside = dashed == 1 and bool(runs) and is_dash(split_marker(piece.text)[0]) and not _ends(runs[-1][-1])
        if runs and piece not in items and (hangs or not _starts_new(runs[-1], piece, margins, em=em, inside=inside)):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def bare_items(pieces: Sequence[Piece], em: float) -> list[int]:
    """Where items begin that are numbered without a point, as references are; none unless they are a list for sure.

    Three or more, numbered one after the other, and what stands between two of them begins further in.
    """
    numbered = {
        i: int(words[0].text) for i, piece in enumerate(pieces) if _begins_with_number(words := piece.line.words)
    }
    best: list[int] = []
    for first in numbered:
        chain = [first]
        for index, number in numbered.items():
            if index > first and number == numbered[chain[-1]] + 1:
                chain.append(index)
        best = max(best, chain, key=len)
    between = [(pieces[above], piece) for above, below in pairwise(best) for piece in pieces[above + 1 : below]]
    hanging = all(piece.box[0] > item.box[0] + INDENT * em for item, piece in between)
    return best if len(best) >= FEWEST_ITEMS and between and hanging else []


def _begins_with_number(words: Sequence[Word]) -> bool:
    return len(words) > 1 and words[0].text.isdecimal() and len(words[0].text) <= LONGEST_NUMBER


def _hangs_below(run: Sequence[Piece], piece: Piece, margins: Margins, *, em: float) -> bool:
    """Whether the line goes on with an item that is numbered without a point."""
    item, before = run[0], run[-1]
    close = piece.box[1] - before.box[3] <= margins.gap + EXTRA_GAP * em
    return close and piece.box[0] > item.box[0] + INDENT * em


def _starts_new(run: Sequence[Piece], piece: Piece, margins: Margins, *, em: float, inside: bool) -> bool:
    """Whether the line begins a paragraph; one `inside` another has no marker that says so."""
    before = run[-1]
    marked = has_marker(piece.text) and not inside
    if piece.box[1] - before.box[3] > margins.gap + EXTRA_GAP * em or marked:
        return True
    if abs(piece.size - before.size) > SIZE_STEP * max(piece.size, before.size) or _changes_weight(
        before, piece, margins
    ):
        return True
    indented = len(run) > 1 and run[1].box[0] < run[0].box[0] - INDENT * em
    if has_marker(run[0].text) and not indented:
        # A list item ends where a line goes back to its marker or beyond; one whose lines begin further out than its
        # marker is a paragraph that is numbered.
        return piece.box[0] < run[0].box[0] + 0.3 * em and len(run) > 1 and run[1].box[0] > run[0].box[0] + INDENT * em
    if (
        margins.left + INDENT * em < piece.box[0] < margins.left + MAX_INDENT * em
        and before.box[0] < piece.box[0] - INDENT * em
        and not (len(run) == 1 and _hangs(before, piece, em, right=margins.right))
    ):
        return len(run) > 1 or _is_short(before, margins) or before.box[0] <= margins.left + 0.3 * em
    if _ends_full_width(run, piece, margins, em=em) or _heads_in_capitals(run, piece, em):
        return True
    return _ends(before) and len(run) > 1 and _is_short(before, margins) and piece.text[:1].isupper()


def _ends_full_width(run: Sequence[Piece], piece: Piece, margins: Margins, *, em: float) -> bool:
    """Whether a short line of full-width signs ends its paragraph: below full lines, or above one, as a heading."""
    before = run[-1]
    if not (is_wide(before.text.rstrip()[-1:] or " ") and any(map(is_wide, piece.text[:3]))):
        return False
    if margins.right - before.box[2] <= PARTED * em:
        return False
    beside = piece if len(run) == 1 else run[-2]
    return any(margins.right - line.box[2] < FULL * em and line.width > PROSE_LINE * em for line in (beside, piece))


def _heads_in_capitals(run: Sequence[Piece], piece: Piece, em: float) -> bool:
    """Whether the one line above is in capitals and a sentence in small letters begins below it."""
    above, below = run[-1].text, piece.text
    capitals = len(run) == 1 and above.isupper() and len(above.split()) > 1 and above.rstrip()[-1].isalnum()
    return capitals and below[:1].isupper() and not below.isupper() and piece.width > PROSE_LINE * em


def _changes_weight(before: Piece, piece: Piece, margins: Margins) -> bool:
    """Whether bold type begins or ends here.

    Weight that was measured, not told by a font, may be wrong of a line or true of half of it; so it begins only below
    a sentence that ends, and it ends only below a short line, as a heading is.
    """
    if piece.line.bold == before.line.bold:
        return False
    if piece.line.font_size and before.line.font_size:
        return True
    return _is_short(before, margins) and (before.line.bold or _ends(before))


def _ends(piece: Piece) -> bool:
    """Whether a sentence ends with the line; the point of an initial ends none."""
    text = piece.text.rstrip()
    return _ENDED.search(text) is not None and not _INITIAL.search(text)


def _hangs(first: Piece, piece: Piece, em: float, *, right: float) -> bool:
    """Whether the line goes on below the second word of a full one that begins with a number: a long heading."""
    words = first.line.words
    if len(words) <= 1 or not _NUMBERED.fullmatch(words[0].text) or any(map(is_wide, piece.text[:1])):
        return False
    if right - first.box[2] > _first_word(piece) + em / 2:
        return False
    return abs((words[1].bbox[0] - first.line.bbox[0]) - (piece.box[0] - first.box[0])) < em / 2


def _is_short(piece: Piece, margins: Margins) -> bool:
    return piece.box[2] < margins.right - SHORT * (margins.right - margins.left)


def reflowed(lines: Sequence[str], breaks: Sequence[bool] = ()) -> str:
    """The lines as one text: words broken at a line's end made whole, no space between full-width characters.

    Args:
        lines: the texts of the lines.
        breaks: whether a line is to end where it ends in print, one for each line but the last.
    """
    text = ""
    for number, line in enumerate(lines):
        stripped = line.strip()
        if number and number <= len(breaks) and breaks[number - 1] and text and stripped:
            text = f"{text}\n{stripped}"
        elif stripped[:1].islower() and _HYPHENATED.search(text):
            text = text[:-1] + stripped
        else:
            text = join_words(text, stripped)
    return text


def goes_on(before: str, after: str) -> bool:
    """Whether the line after goes on with a word or a sentence of the line before."""
    if has_leader(before):
        return False
    return _HYPHENATED.search(before.rstrip()) is not None or after.lstrip("\"'“”„«(")[:1].islower()


def hard_breaks(run: Sequence[Piece], margins: Margins, em: float, *, verse: bool = True) -> list[bool]:
    """For each line but the last whether it ends before it had to: the next line's first word would have fitted.

    So the lines of an address, a poem or a receipt stay lines; so does a row whose parts stand far apart, or are joined
    by a leader of dots, as in contents. With `verse`, where most lines end so, all do.
    """
    own = len(run) > OWN_MARGIN and max(p.width for p in run) > PROSE_LINE * em
    right = max(p.box[2] for p in run)
    right = right if own else max(right, margins.right)
    centred = _centred(run, em)
    apart = [stands_apart(piece, em) for piece in run]
    room = [right - above.box[2] for above in run[:-1]]
    # Centred lines leave room on both sides; but what goes on with a small letter is a sentence, centred by chance.
    room = [2 * a if centred and not b.text[:1].islower() else a for a, b in zip(room, run[1:], strict=True)]
    led = [has_leader(piece.text) for piece in run]
    breaks = [
        led[i] or apart[i] or apart[i + 1] or room[i] > _first_word(below) + 1.5 * em for i, below in enumerate(run[1:])
    ]
    # Verse, whose longest line ends at the margin by chance.
    return [True] * len(breaks) if verse and 2 * sum(breaks) > len(breaks) else breaks


def _centred(run: Sequence[Piece], em: float) -> bool:
    """Whether the lines are centred below one another."""
    middles = [(p.box[0] + p.box[2]) / 2 for p in run]
    starts = [p.box[0] for p in run]
    return max(middles) - min(middles) < CENTRED * em and max(starts) - min(starts) > INDENT * em


def stands_apart(piece: Piece, em: float) -> bool:
    """Whether the line is a row of parts: an item and its price, a name and its value."""
    boxes = [word.bbox for word in piece.line.words]
    return any(max(b[0] - a[2], a[0] - b[2]) > PART_GAP * em for a, b in pairwise(boxes))


def _first_word(piece: Piece) -> float:
    """Width of the first word, by its share of the text; of full-width signs, between which any line may end, few."""
    word = piece.text.split(maxsplit=1)[0] if piece.text.strip() else ""
    count = min(len(word), TOGETHER) if is_wide(word[:1] or " ") else len(word)
    return piece.width * count / max(1, len(piece.text))


def typical_size(pieces: Sequence[Piece]) -> float:
    """Size of the type in which most of the text is set; never 0."""
    return max(of_most_text((p.size, len(p.text)) for p in pieces), 1.0)


def usual_letter(pieces: Sequence[Piece]) -> float:
    """Width of a letter in most of the text; never 0."""
    return max(of_most_text((letter_width(p), len(p.text)) for p in pieces), 1.0)


def of_most_text(measures: Iterable[tuple[float, int]]) -> float:
    """The median of measures, each counted as often as its text has characters; 0 where there are none."""
    ordered = sorted(measures)
    half = sum(n for _, n in ordered) / 2
    for value, count in ordered:
        half -= count
        if half <= 0:
            return value
    return 0.0
