"""`confidence`: whether words that an engine holds 90 % sure are right nine times in ten."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING

from bench.report import percent
from bench.scoring import fold, tokens
from ocrkit import Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

BINS = 10


@dataclass(frozen=True, slots=True)
class Claim:
    """One recognized word: how sure the engine was, and whether it was right.

    Attributes:
        confidence: 0 to 1.
        right: whether the truth has the word.
        letters: whether the truth has its letters there, however they are parted into words.
    """

    confidence: float
    right: bool
    letters: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """The claims with a confidence from `low` to `high`."""

    low: float
    high: float
    count: int
    confidence: float
    """Mean confidence of the claims."""
    accuracy: float
    """Share of them that were right."""


def words_of(path: Path) -> list[tuple[str, float | None]]:
    """The words of a document written as JSON, in reading order, with their confidence; none if it is not there."""
    if not path.exists():
        return []
    document = Document.from_json(path.read_bytes())
    return [(word.text, word.confidence) for page in document.pages for word in page.words]


def claims(truth: str, words: Iterable[tuple[str, float]]) -> list[Claim]:
    """Each recognized word judged against the truth of its page.

    A word is right if the sequence alignment puts it on an equal word of the truth, or, since columns may
    have been read in another order, if the truth holds an equal word that nothing else stands on. Its letters are
    right also if the words of the truth between the equal words around it, written together, hold them in order:
    transcribers part words otherwise than they are printed (`NANDO'SCHICKEN`).
    """
    case = not any(char.islower() for char in truth)
    expected = tokens(fold(truth, case=case))
    found = [(token, sure) for word, sure in words for token in tokens(fold(word, case=case))]
    right = [False] * len(found)
    left = Counter(expected)
    letters = [False] * len(found)
    matcher = SequenceMatcher(None, expected, [token for token, _ in found], autojunk=False)
    reached, told = 0, 0
    for match in matcher.get_matching_blocks():
        unmatched, at = "".join(expected[reached : match.a]), 0
        for place in range(told, match.b):
            begin = unmatched.find(found[place][0], at)
            if begin >= 0:
                letters[place], at = True, begin + len(found[place][0])
        reached, told = match.a + match.size, match.b + match.size
        for place in range(match.b, match.b + match.size):
            right[place] = True
            left[found[place][0]] -= 1
    for place, (token, _) in enumerate(found):
        if not right[place] and left[token] > 0:
            right[place] = True
            left[token] -= 1
    judged = zip(found, right, letters, strict=True)
    return [Claim(sure, right=word, letters=word or apart) for (_, sure), word, apart in judged]


def reliability(judged: Sequence[Claim], *, bins: int = BINS) -> list[Bin]:
    """The reliability diagram: claims by confidence in `bins` steps of equal width, empty ones left out."""
    diagram = []
    for low, high in pairwise(step / bins for step in range(bins + 1)):
        inside = [claim for claim in judged if low <= claim.confidence < high or high == claim.confidence == 1]
        if inside:
            sure = sum(claim.confidence for claim in inside) / len(inside)
            accuracy = sum(claim.right for claim in inside) / len(inside)
            diagram.append(Bin(low, high, len(inside), sure, accuracy))
    return diagram


def expected_calibration_error(diagram: Sequence[Bin]) -> float:
    """Mean distance of confidence from accuracy, each claim weighing the same (Naeini et al. 2015)."""
    return sum(step.count * abs(step.accuracy - step.confidence) for step in diagram) / sum(
        step.count for step in diagram
    )


HEAD = ("confidence", "words", "mean", "right", "off by", "")
_BAR = 20


def rows(diagram: Sequence[Bin]) -> list[list[str]]:
    """The table, with the share of right words as a bar and the mean confidence as a mark on it."""
    lines = []
    for step in diagram:
        bar = ["█" if place < round(_BAR * step.accuracy) else "·" for place in range(_BAR)]
        bar[min(_BAR - 1, int(_BAR * step.confidence))] = "|"
        lines.append(
            [
                f"{step.low:.1f} to {step.high:.1f}",
                str(step.count),
                percent(step.confidence),
                percent(step.accuracy),
                f"{100 * (step.accuracy - step.confidence):+.1f}",
                "".join(bar),
            ]
        )
    return lines
