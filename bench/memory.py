"""`memory`: peak resident memory against page count, on documents made on the spot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from bench.measure import ContenderFailedError, measured
from bench.pdfs import drawn_scan_pdf, text_pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bench.measure import Entry

Kind = Literal["text", "scan"]
KINDS: dict[Kind, Callable[[int, Path], None]] = {"text": text_pdf, "scan": drawn_scan_pdf}

Row: TypeAlias = dict[str, str | int | float]

HEAD = ("contender", "pdf", "pages", "peak MB", "of the first", "all MB", "s")


def growth(entries: Sequence[Entry], folder: Path, *, counts: Sequence[int], kinds: Sequence[Kind]) -> Iterator[Row]:
    """One row for each kind of PDF, page count and contender; `of_first` compares with the first count."""
    for kind in kinds:
        first: dict[str, float] = {}
        for count in counts:
            document = folder / f"{kind}-{count}.pdf"
            KINDS[kind](count, document)
            for entry in entries:
                run = measured(entry, [document], folder / f"{kind}-{count}-{entry.label}")
                if run.errors:
                    raise ContenderFailedError(f"{entry.label}: {run.errors[document.name]}")
                yield {
                    "contender": entry.label,
                    "pdf": kind,
                    "pages": count,
                    "peak_mb": run.peak_mb,
                    "of_first": run.peak_mb / first.setdefault(entry.label, run.peak_mb),
                    "total_mb": run.total_mb,
                    "wall_s": run.wall_s,
                }
            document.unlink()


def rows(figures: Sequence[Row]) -> list[list[str]]:
    """The table."""
    return [
        [
            str(row["contender"]),
            str(row["pdf"]),
            str(row["pages"]),
            f"{row['peak_mb']:.0f}",
            f"{row['of_first']:.2f}",
            f"{row['total_mb']:.0f}",
            f"{row['wall_s']:.1f}",
        ]
        for row in figures
    ]
