"""Page ranges as people write them. Pure text and numbers; knows no file."""

from __future__ import annotations

import re

from ocrkit.errors import PageRangeError

_PAGE = r"[0-9]{1,9}|last"
_ITEM = re.compile(rf"(?P<single>{_PAGE})|(?P<first>{_PAGE})?\s*-\s*(?P<final>{_PAGE})?", re.IGNORECASE)
_SHOWN = 40
"""Characters of an item that an error repeats."""
_HINT = "Write page numbers from 1, ranges and `last`, such as `1,4-7`, `3-`, `-2` or `last`."


def parse_pages(text: str | None, page_count: int) -> list[int]:
    """The pages that `text` names, ascending and each once; all of them for `None`.

    Items stand between commas: `4`, `4-7`, `3-` (to the end), `-2` (from the start), `last`. A range that
    begins within the document and ends beyond it stops at the last page.

    Raises:
        PageRangeError: an item cannot be understood, or names no page of the document.
    """
    if text is None:
        return list(range(1, page_count + 1))
    pages: set[int] = set()
    for item in text.split(","):
        pages.update(_pages_of(item.strip(), page_count))
    return sorted(pages)


def _pages_of(item: str, page_count: int) -> range:
    match = _ITEM.fullmatch(item)
    shown = item if len(item) <= _SHOWN else f"{item[:_SHOWN]}…"
    if match is None or item == "-":
        raise PageRangeError(f"{shown!r} is not a page or a range of pages.", hint=_HINT)
    start, stop = match["first"] or "1", match["final"] or "last"
    if match["single"]:
        start = stop = match["single"]
    first, final = (page_count if word.lower() == "last" else int(word) for word in (start, stop))
    if first < 1 or final < first:
        raise PageRangeError(f"{shown!r} names no page.", hint=_HINT)
    if first > page_count:
        raise PageRangeError(
            f"{shown!r} names no page of this document.", hint=f"It has {page_count} page{'s' * (page_count != 1)}."
        )
    return range(first, min(final, page_count) + 1)
