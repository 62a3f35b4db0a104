"""`pdf`: searchable PDFs of the same files side by side: time, size, and how much of their text is found again."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pikepdf

from bench.measure import measured
from bench.pdfs import scanned_pdf
from bench.report import percent
from bench.scoring import Score, score

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bench.dataset import Item
    from bench.measure import Entry


@dataclass(frozen=True, slots=True)
class Scan:
    """A PDF to be made searchable, and what stands on it."""

    path: Path
    pages: int
    truth: str


@dataclass(slots=True)
class Result:
    """What one contender made of the files of one folder.

    Attributes:
        data: name of the folder.
        label: name of the contender.
        pages: pages of all files.
        wall_s: seconds from the start of its process to its end.
        cpu_s: processor seconds.
        given: bytes of the files that it made something of.
        made: bytes of what it made.
        score: of the text read back from what it made; a file that failed has none.
        errors: what went wrong, by file.
    """

    data: str
    label: str
    pages: int
    wall_s: float
    cpu_s: float
    given: int = 0
    made: int = 0
    score: Score = field(default_factory=Score)
    errors: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """The figures for programs."""
        return {
            "data": self.data,
            "contender": self.label,
            "pages": self.pages,
            "pages_per_s": self.pages / self.wall_s,
            "cpu_s_per_page": self.cpu_s / self.pages,
            "bytes_given": self.given,
            "bytes_made": self.made,
            "word_f1": self.score.mean_f1,
            "errors": self.errors,
        }


def scans(found: Sequence[Item], folder: Path) -> list[Scan]:
    """The items as PDFs: a PDF as it is, a picture as a 300-dpi scan of one page."""
    made = []
    for item in found:
        path = item.path
        if path.suffix.lower() != ".pdf":
            path = folder / f"{item.path.stem}.pdf"
            scanned_pdf([item.path], path)
        with pikepdf.open(path) as pdf:
            made.append(Scan(path, len(pdf.pages), item.truth))
    return made


def race(entries: Sequence[Entry], files: Sequence[Scan], folder: Path, *, data: str) -> Iterator[Result]:
    """Lets each contender make the files searchable, one after the other in one process."""
    for number, entry in enumerate(entries):
        run = measured(entry, [scan.path for scan in files], folder / str(number))
        pages = sum(scan.pages for scan in files)
        result = Result(data, entry.label, pages, run.wall_s, run.cpu_s, errors=run.errors)
        for scan in files:
            made = run.out / f"{scan.path.stem}.pdf"
            if made.exists():
                result.given += scan.path.stat().st_size
                result.made += made.stat().st_size
            result.score += score(scan.truth, text_of(made) if made.exists() else "")
        yield result


def text_of(pdf: Path) -> str:
    """The text of all pages, as `pdftotext` gives it."""
    return subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True).stdout.decode()


HEAD = ("data", "contender", "pages", "pages/s", "ratio", "CPU-s/page", "size of input", "word F1")


def rows(results: Sequence[Result]) -> list[list[str]]:
    """The table; each ratio is against the first contender on the same folder."""
    first: dict[str, Result] = {}
    made: list[list[str]] = []
    for result in results:
        baseline = first.setdefault(result.data, result)
        made.append(
            [
                result.data,
                result.label,
                str(result.pages),
                f"{result.pages / result.wall_s:.2f}",
                f"{baseline.wall_s / result.wall_s:.2f}",
                f"{result.cpu_s / result.pages:.2f}",
                f"{percent(result.made / max(1, result.given))} %",
                percent(result.score.mean_f1),
            ]
        )
    return made
