"""Says where no formula was found; knows no format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.model import PageWarning
from ocrkit.spool import kept

if TYPE_CHECKING:
    from ocrkit.model import Document, Page

NO_FORMULA = PageWarning(
    code="no_formula", message="No formula was found on this page; the cpu tier writes none as LaTeX."
)


class Formulas:
    """Work of `math-to-latex`."""

    def apply(self, document: Document, /) -> Document:
        """The document as it was read; a page that was read and has no formula says so by a warning."""
        return document.model_copy(update={"pages": kept(map(_told, document.pages), len(document.pages))})


def _told(page: Page) -> Page:
    if page.error or any(block.latex or block.formulas for block in page.blocks):
        return page
    return page.model_copy(update={"warnings": (*page.warnings, NO_FORMULA)})
