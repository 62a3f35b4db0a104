"""`alignment`: whether text without places gets its words' own boxes back, and whether what was invented is found."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from bench.dataset import DOCUMENTS, NoDataError
from bench.perturbing import Piece, spoilt, vocabulary
from bench.report import percent
from ocrkit import Document, Recognizer, geometry
from ocrkit.layout.alignment import align
from ocrkit.model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bench.perturbing import Spoilt
    from ocrkit.geometry import BBox
    from ocrkit.model import Page, Word

OWN = 0.5
"""Share of a word's box that the box it was given must cover, and the other way round."""


BESIDE = 4
"""Words on either side of a word that must be others for it to be told from one like it."""


@dataclass(slots=True)
class Count:
    """What was planted, and what became of it.

    Attributes:
        kept: words that were left as they are; `placed` of them got the box of their own.
        twins: further ones, that no text tells from others: they stand on the page with the same words around them more
            than once, and the block was given without its place.
        invented: words that are not on the page; `caught` of them carry a flag.
        numbers: numbers that were changed; `corrected` of them carry the flag that says so.
        dropped: words that were left out, of those that the engine was sure of; `missed` of them are named.
        honest: words that are on the page, misread ones among them; `accused` of them carry a flag.
        true: words of the truth, as the text of the page; `doubted` of them carry a flag.
        seconds: that aligning took.
    """

    pages: int = 0
    kept: int = 0
    placed: int = 0
    twins: int = 0
    invented: int = 0
    caught: int = 0
    numbers: int = 0
    corrected: int = 0
    dropped: int = 0
    missed: int = 0
    honest: int = 0
    accused: int = 0
    true: int = 0
    doubted: int = 0
    uncompared: int = 0
    seconds: float = 0.0

    def add(self, other: Count) -> None:
        """Adds what another counted."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


HEAD = ("data", "pages", "words", "own box", "twins", "inventions flagged", "numbers flagged", "omissions named",
        "false flags", "flags on the truth", "not compared", "ms a page")  # fmt: skip


def row(name: str, count: Count) -> list[str]:
    """The figures of one set."""
    return [
        name,
        str(count.pages),
        str(count.kept),
        _share(count.placed, count.kept),
        str(count.twins),
        f"{_share(count.caught, count.invented)} of {count.invented}",
        f"{_share(count.corrected, count.numbers)} of {count.numbers}",
        f"{_share(count.missed, count.dropped)} of {count.dropped}",
        _share(count.accused, count.honest),
        _share(count.doubted, count.true),
        str(count.uncompared),
        f"{1000 * count.seconds / max(1, count.pages):.0f}",
    ]


def readings(folder: Path, cache: Path | None) -> Iterator[tuple[str, Page]]:
    """The pages of a folder's documents as the cpu tier reads them, each with its truth; kept in `cache` if given.

    Raises:
        NoDataError: there is no document.
    """
    files = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in DOCUMENTS]
    if not files:
        raise NoDataError(f"{folder} holds no document.")
    with Recognizer(workers=0) as recognizer:
        for path in files:
            kept = cache / folder.name / f"{path.name}.json" if cache else None
            if kept and kept.exists():
                document = Document.from_json(kept.read_bytes())
            else:
                document = recognizer.recognize(path, text_layer="never")
            if kept and not kept.exists():
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_text(document.to_json(), "utf-8")
            truth = path.with_name(f"{path.stem}.gt.txt")
            whole = truth.read_text("utf-8-sig") if truth.is_file() and len(document.pages) == 1 else ""
            for page in document.pages:
                yield whole, page


def counted(pages: Sequence[tuple[str, Page]], *, seed: int, rounds: int) -> Count:
    """What comes of the pages, each spoilt in so many ways."""
    total = Count()
    words = vocabulary(page for _, page in pages)
    for number, (truth, page) in enumerate(pages):
        if not page.words:
            continue
        for turn in range(rounds):
            total.add(of_spoilt(spoilt(page, words, random.Random(f"{seed} {number} {turn}")), page))  # noqa: S311 - plants, no secrets
        total.add(of_truth(truth, page))
    return total


def of_spoilt(given: Spoilt, page: Page) -> Count:
    """What aligning makes of one spoilt page."""
    started = time.perf_counter()
    result = align(given.page, page)
    count = Count(pages=1, seconds=time.perf_counter() - started)
    codes = {warning.code: warning for warning in result.warnings}
    if "not_compared" in codes:
        count.uncompared = 1
    twins = _twins(page)
    whole = (0.0, 0.0, float(page.width), float(page.height))
    for asked, block, pieces in zip(given.page.blocks, result.blocks, given.pieces, strict=True):
        placeless = asked.bbox == whole
        for piece, words in _told(block, pieces):
            if piece.fate == "kept" and placeless and not twins.isdisjoint(piece.boxes):
                count.twins += 1
                continue
            flagged = any(word.flag for word in words) if words else block.agreement == 0
            _judge(piece, words, count, flagged=None if count.uncompared else flagged)
    if not count.uncompared:
        sure = [word for word in given.dropped if (word.confidence or 0) >= 0.9 and len(word.text) > 2]  # noqa: PLR2004 - as said
        named = codes["omitted_text"].boxes if "omitted_text" in codes else ()
        count.dropped = len(sure)
        count.missed = sum(any(geometry.overlap(word.bbox, box) > OWN for box in named) for word in sure)
    return count


def _twins(page: Page) -> set[BBox]:
    """The boxes of words that stand on the page more than once between the same words."""
    words = list(page.words)
    around = [
        tuple(word.text for word in words[max(0, place - BESIDE) : place + BESIDE + 1]) for place in range(len(words))
    ]
    times = Counter(around)
    return {word.bbox for word, key in zip(words, around, strict=True) if times[key] > 1}


def of_truth(truth: str, page: Page) -> Count:
    """How much of the truth itself, as the text of the page without any place, is doubted."""
    if not truth.strip():
        return Count()
    whole = Block(text=" ".join(truth.split()), bbox=(0.0, 0.0, float(page.width), float(page.height)))
    result = align(page.model_copy(update={"blocks": (whole,), "warnings": ()}), page)
    if any(warning.code == "not_compared" for warning in result.warnings):
        return Count()
    return Count(true=len(result.words), doubted=sum(word.flag is not None for word in result.words))


def _judge(piece: Piece, words: Sequence[Word], count: Count, *, flagged: bool | None) -> None:
    """Counts one piece; `flagged` is `None` where the page was not compared."""
    if piece.fate == "kept":
        count.kept += 1
        count.placed += all(any(_is_own(word.bbox, box) for word in words) for box in piece.boxes) or _shares(
            piece, words
        )
    if flagged is None:
        return
    if piece.fate == "invented":
        count.invented += 1
        count.caught += flagged
    elif piece.fate == "number":
        count.numbers += 1
        count.corrected += any(word.flag == "number_mismatch" for word in words)
    else:
        count.honest += 1
        count.accused += flagged


def _is_own(given: BBox, box: BBox) -> bool:
    return geometry.overlap(given, box) > OWN and geometry.overlap(box, given) > OWN


def _shares(piece: Piece, words: Sequence[Word]) -> bool:
    """Whether words that were run together got the one box around them."""
    return len(piece.boxes) > 1 and len(words) == 1 and _is_own(words[0].bbox, geometry.union(piece.boxes))


def _told(block: Block, pieces: Sequence[Piece]) -> Iterator[tuple[Piece, list[Word]]]:
    """The words that each piece came out as: one, or its parts on several lines."""
    words = iter([word for line in block.lines for word in line.words])
    for piece in pieces:
        parts: list[Word] = []
        letters = ""
        while len(letters) < len(piece.text) and (word := next(words, None)) is not None:
            parts.append(word)
            letters += word.text if piece.text.startswith(letters + word.text) else word.text.removesuffix("-")
        yield piece, parts


def _share(part: int, whole: int) -> str:
    return percent(part / whole) if whole else "-"
