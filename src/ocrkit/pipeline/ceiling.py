"""How many pages of a document tier `auto` may have read by tier `vlm`, kept while pages are read side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.errors import OptionError
from ocrkit.model import PageStatus

if TYPE_CHECKING:
    from ocrkit.model import Page


class Ceiling:
    """Gives pages leave to use tier `vlm`, never more than `most`; a page that did not use its leave gives it back.

    A page may thus be refused while others that will not need their leave are still being read.
    """

    def __init__(self, most: int | None) -> None:
        if most is not None and most < 0:
            raise OptionError("max_vlm_pages is a number of pages.", hint="Give 0 or more, or leave it out.")
        self._left = most
        self._given: set[int] = set()

    def leave(self, number: int) -> bool:
        """Whether page `number`, which is about to be read, may use tier `vlm`."""
        if self._left is None:
            return True
        if self._left == 0:
            return False
        self._left -= 1
        self._given.add(number)
        return True

    def settle(self, number: int, page: Page | None) -> None:
        """Takes the page as it was read, `None` where it was not; every page for which `leave` was asked once."""
        if self._left is not None and number in self._given:
            self._given.remove(number)
            self._left += page is None or not went_to_vlm(page)


def was_refused(page: Page) -> bool:
    """Whether tier `auto` would have had the page read by tier `vlm`, and it had no leave."""
    return any(warning.code == "vlm_ceiling" for warning in page.warnings)


def went_to_vlm(page: Page) -> bool:
    """Whether tier `auto` had the page read by tier `vlm`."""
    doubted = page.provenance is not None and page.provenance.doubt is not None
    return doubted and page.status is not PageStatus.FALLBACK
