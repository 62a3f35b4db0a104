"""`speed`: contenders side by side on fresh documents, rounds interleaved, error beside the ratio."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isnan, nan
from statistics import median
from typing import TYPE_CHECKING

from bench.measure import ContenderFailedError, measured
from bench.pdfs import drawn_scan, pdf_texts, scanned_pdf
from bench.report import percent
from bench.scoring import Score, score

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bench.dataset import Item
    from bench.measure import Entry, Run

SMALL_PAGE = (1200, 400)
"""Pixels of the one-line page that is read for the start-up time."""


@dataclass(frozen=True, slots=True)
class Lap:
    """A scanned document and the truth of its pages."""

    document: Path
    truths: tuple[str, ...]


@dataclass(slots=True)
class Result:
    """What one contender did in all rounds.

    Attributes:
        label: its name in the report.
        pages: pages read, all rounds together.
        laps: the runs, one a round.
        starts: the runs over the one-line document, one a round.
        score: the score of all pages.
        failure: why it is out of the race.
    """

    label: str
    pages: int = 0
    laps: list[Run] = field(default_factory=list)
    starts: list[Run] = field(default_factory=list)
    score: Score = field(default_factory=Score)
    failure: str = ""

    @property
    def cold_s(self) -> float:
        """Seconds from the start of a fresh process to the text of a one-line page: the median."""
        return median(run.wall_s for run in self.starts)

    @property
    def wall_s(self) -> float:
        """Seconds a page, start-up included."""
        return sum(run.wall_s for run in self.laps) / self.pages

    @property
    def warm_rate(self) -> float:
        """Pages a second less the start-up of every round: the rate on an endless document.

        Not a number where the documents were too short to tell it from the start-up.
        """
        seconds = sum(run.wall_s - self.cold_s for run in self.laps)
        return self.pages / seconds if seconds > 0 else nan

    @property
    def cpu_s(self) -> float:
        """Processor seconds a page, start-up included."""
        return sum(run.cpu_s for run in self.laps) / self.pages

    @property
    def peak_mb(self) -> float:
        """Peak resident memory of its largest process."""
        return max(run.peak_mb for run in self.laps)

    @property
    def total_mb(self) -> float:
        """Peak of the sum over its processes."""
        return max(run.total_mb for run in self.laps)

    def as_dict(self) -> dict[str, object]:
        """The figures for programs."""
        if self.failure:
            return {"contender": self.label, "failure": self.failure}
        return {
            "contender": self.label,
            "pages": self.pages,
            "pages_per_s": 1 / self.wall_s,
            "pages_per_s_without_start": None if isnan(self.warm_rate) else self.warm_rate,
            "cpu_s_per_page": self.cpu_s,
            "cold_start_s": self.cold_s,
            "peak_mb": self.peak_mb,
            "total_mb": self.total_mb,
            "word_f1": self.score.mean_f1,
            "line_error": self.score.line_error,
            "rounds": [{"wall_s": run.wall_s, "cpu_s": run.cpu_s} for run in self.laps],
        }


def laps(pictures: Sequence[Item], folder: Path, *, pages: int, rounds: int) -> list[Lap]:
    """Up to `rounds` scanned documents of `pages` pages, no picture used twice."""
    made: list[Lap] = []
    for start in range(0, min(len(pictures), pages * rounds), pages):
        chosen = pictures[start : start + pages]
        document = folder / f"lap-{len(made) + 1}.pdf"
        scanned_pdf([item.path for item in chosen], document)
        made.append(Lap(document, tuple(item.truth for item in chosen)))
    return made


def texts(run: Run, document: Path) -> list[str]:
    """The text of each page that a contender wrote down for `document`.

    Raises:
        ContenderFailedError: it wrote nothing.
    """
    if run.errors:
        raise ContenderFailedError(run.errors[document.name])
    pdf = run.out / f"{document.stem}.pdf"
    if pdf.exists():
        return pdf_texts(pdf)
    return (run.out / f"{document.stem}.txt").read_text("utf-8").split("\f")


def _scored(lap: Lap, got: Sequence[str]) -> Score:
    if len(got) != len(lap.truths):
        raise ContenderFailedError(f"{len(lap.truths)} pages went in and {len(got)} came out")
    return sum(map(score, lap.truths, got), start=Score())


def race(entries: Sequence[Entry], course: Sequence[Lap], folder: Path) -> Iterator[Result]:
    """Runs every contender on every document, the order turned from round to round; gives the results.

    A contender that fails is out, and its result says why.
    """
    small = folder / "start.pdf"
    picture = folder / "start.png"
    drawn_scan(["Start of the race"], size=SMALL_PAGE).save(picture, dpi=(300, 300))
    scanned_pdf([picture], small)
    results = {entry.label: Result(entry.label) for entry in entries}
    for number, lap in enumerate(course):
        turn = number % len(entries)
        for entry in (*entries[turn:], *entries[:turn]):
            result = results[entry.label]
            if result.failure:
                continue
            place = folder / f"{number}-{entries.index(entry)}"
            try:
                start = measured(entry, [small], place / "start")
                run = measured(entry, [lap.document], place / "lap")
                result.score += _scored(lap, texts(run, lap.document))
            except ContenderFailedError as error:
                result.failure = str(error)
                continue
            result.starts.append(start)
            result.laps.append(run)
            result.pages += len(lap.truths)
    yield from results.values()


HEAD = ("contender", "pages/s", "ratio", "less start-up", "ratio", "word F1", "line error",
        "CPU-s/page", "cold start s", "peak MB", "all MB")  # fmt: skip


def _number(figure: float) -> str:
    return "too short" if isnan(figure) else f"{figure:.2f}"


def rows(results: Sequence[Result], baseline: Result) -> list[list[str]]:
    """The table of results: each ratio is against `baseline` on the same pages in the same rounds."""
    return [
        [
            result.label,
            f"{1 / result.wall_s:.2f}",
            f"{baseline.wall_s / result.wall_s:.2f}",
            _number(result.warm_rate),
            _number(result.warm_rate / baseline.warm_rate),
            percent(result.score.mean_f1),
            percent(result.score.line_error, 2),
            f"{result.cpu_s:.2f}",
            f"{result.cold_s:.2f}",
            f"{result.peak_mb:.0f}",
            f"{result.total_mb:.0f}",
        ]
        for result in results
        if not result.failure
    ]


def verdicts(results: Sequence[Result], baseline: Result) -> list[str]:
    """A sentence for each contender that failed, or whose error is above the baseline's."""
    said = [f"{result.label} is out: {result.failure}" for result in results if result.failure]
    for result in results:
        if result.failure or result is baseline:
            continue
        worse = [
            f"{name} {percent(theirs, 2)} against {percent(ours, 2)}"
            for name, theirs, ours, bad in (
                ("word F1", result.score.mean_f1, baseline.score.mean_f1, -1),
                ("line error", result.score.line_error, baseline.score.line_error, 1),
            )
            if bad * (theirs - ours) > 0
        ]
        if worse:
            said.append(f"{result.label} reads worse than {baseline.label}: {', '.join(worse)}; its ratio is no gain.")
    return said
