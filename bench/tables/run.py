"""Races whoever finds tables on the same documents, as PDFs with their text and as pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pikepdf

from bench.dataset import PICTURES, NoDataError
from bench.measure import ContenderFailedError, measured
from bench.report import percent
from bench.tables.cells import read_csv, score, spurious

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bench.measure import Entry
    from bench.tables.cells import Rows

Kind = Literal["pdf", "picture"]

TRUTH = ".gt.csv"
_PICTURE = ".img"
"""A picture may be called `<id>.img.jpg`, where the PDF beside it is its original."""


@dataclass(frozen=True, slots=True)
class Item:
    """One document in one kind, and its true tables."""

    ident: str
    path: Path
    truth: list[Rows]


@dataclass(slots=True)
class Result:
    """What one contender found in documents of one kind.

    Attributes:
        label: of the contender.
        kind: of the documents.
        scores: adjacency F1 of each, between 0 and 1, by its id.
        spurious: tables found beyond those that there are.
        seconds: wall clock of the whole process.
        errors: what went wrong, by file.
        failure: why nothing was found at all.
    """

    label: str
    kind: Kind
    scores: dict[str, float] = field(default_factory=dict)
    spurious: int = 0
    seconds: float = 0.0
    errors: dict[str, str] = field(default_factory=dict)
    failure: str = ""

    @property
    def mean(self) -> float:
        """The mean over the documents, each weighing the same."""
        return sum(self.scores.values()) / max(1, len(self.scores))


def items(folder: Path, kind: Kind, *, scratch: Path | None = None) -> list[Item]:
    """The documents of one kind in the order of their names; none where the folder has none of that kind.

    Args:
        folder: holds `<id>.gt.csv` beside `<id>.pdf`, `<id>.jpg` or `<id>.img.jpg`.
        kind: of the documents.
        scratch: where the first page of each PDF is put to be read alone; `None` reads all pages.
    """
    found = []
    for truth in sorted(folder.glob(f"*{TRUTH}")):
        ident = truth.name.removesuffix(TRUTH)
        path = _beside(truth, ident, kind)
        if path and scratch and kind == "pdf":
            path = _first_page(path, scratch)
        if path:
            found.append(Item(ident, path, read_csv(truth.read_text("utf-8"))))
    return found


def _beside(truth: Path, ident: str, kind: Kind) -> Path | None:
    """The document of that kind which the truth is of."""
    endings = {".pdf"} if kind == "pdf" else PICTURES
    names = [ident + middle + ending for middle in (_PICTURE, "") for ending in sorted(endings)]
    return next((path for name in names if (path := truth.with_name(name)).is_file()), None)


def _first_page(path: Path, folder: Path) -> Path:
    with pikepdf.open(path) as pdf:
        del pdf.pages[1:]
        pdf.save(folder / path.name)
    return folder / path.name


def race(
    field: Mapping[Kind, Sequence[Entry]], folder: Path, scratch: Path, *, first_page: bool = False
) -> list[Result]:
    """What each contender finds in the documents of the kinds that it reads.

    Args:
        field: who reads which kind.
        folder: the documents.
        scratch: an empty folder.
        first_page: whether the truth is of the first pages only.

    Raises:
        NoDataError: the folder holds no document with its tables.
    """
    results = []
    for kind, entries in field.items():
        pages = scratch / f"{kind}-pages"
        pages.mkdir()
        wanted = items(folder, kind, scratch=pages if first_page else None)
        if wanted:
            results += [
                _run(entry, wanted, scratch / f"{kind}-{number}", kind=kind) for number, entry in enumerate(entries)
            ]
    if not results:
        raise NoDataError(f"{folder} holds no PDF or picture with a <id>{TRUTH} beside it.")
    return results


def _run(entry: Entry, wanted: Sequence[Item], out: Path, *, kind: Kind) -> Result:
    result = Result(entry.label, kind)
    try:
        run = measured(entry, [item.path for item in wanted], out)
    except ContenderFailedError as error:
        result.failure = str(error)
        return result
    result.seconds, result.errors = run.wall_s, run.errors
    for item in wanted:
        made = run.out / f"{item.path.stem}.csv"
        found = read_csv(made.read_text("utf-8")) if made.exists() else []
        result.scores[item.ident] = score(item.truth, found)
        result.spurious += spurious(item.truth, found)
    return result


def head(results: Sequence[Result]) -> tuple[str, ...]:
    """The names of the columns: contenders in their order."""
    return ("adjacency F1", *(f"{result.label}, {result.kind}" for result in results))


def rows(results: Sequence[Result]) -> list[list[str]]:
    """A line a document, then the mean, the tables too many, and the seconds; `failed` where there was no run."""
    names = sorted({name for result in results for name in result.scores})
    lines = [[name, *(_percent(result, result.scores.get(name)) for result in results)] for name in names]
    lines.append([f"mean of {len(names)}", *(_percent(result, result.mean) for result in results)])
    lines.append(["tables too many", *(str(result.spurious) for result in results)])
    lines.append(["seconds, start-up included", *(f"{result.seconds:.1f}" for result in results)])
    return lines


def _percent(result: Result, share: float | None) -> str:
    if result.failure:
        return "failed"
    return "" if share is None else percent(share)
