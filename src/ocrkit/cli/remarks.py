"""What the user should know of a document that was read, in lines for standard error."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ocrkit.model import PageStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrkit.model import Document

_PAGES_SHOWN = 8
"""Page numbers that a warning names before it counts."""


def failure_lines(document: Document, label: str) -> Iterator[str]:
    """An error line for each page that could not be read; `label` names the file."""
    for page in document.pages:
        if page.status is PageStatus.FAILED:
            message = page.error.message if page.error else "it could not be read."
            yield " ".join(f"error: {label}: page {page.number}: {message}".split())


def warning_lines(document: Document, label: str) -> Iterator[str]:
    """A line for each different warning, with the pages that it is about."""
    warnings: dict[str, list[int]] = defaultdict(list)
    for page in document.pages:
        for warning in page.warnings:
            warnings[f"{warning.message} ({warning.code})"].append(page.number)
    for message, pages in warnings.items():
        yield f"warning: {label}: {_numbers(pages)}: {message}"


def _numbers(pages: Sequence[int]) -> str:
    """`page 3`, `pages 3, 5` or, of many, `pages 3, 5, 6, … (40)`."""
    if len(pages) == 1:
        return f"page {pages[0]}"
    shown = ", ".join(map(str, pages[:_PAGES_SHOWN]))
    return f"pages {shown}, … ({len(pages)})" if len(pages) > _PAGES_SHOWN else f"pages {shown}"
