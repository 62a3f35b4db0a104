"""Keeps the tables of a document and nothing else; knows no format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.model import PageWarning
from ocrkit.spool import kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrkit.model import Document, Page

NO_TABLE = PageWarning(code="no_table", message="No table was found on this page.")


class TablesOnly:
    """Work of `extract-tables` and `table-to-excel`."""

    def apply(self, document: Document, /) -> Document:
        """The document with its tables alone; a page that was read and has none says so by a warning."""

        def pages() -> Iterator[Page]:
            for page in document.pages:
                tables = tuple(block for block in page.blocks if block.table is not None)
                nothing = () if tables or page.error else (NO_TABLE,)
                yield page.model_copy(update={"blocks": tables, "warnings": (*page.warnings, *nothing)})

        return document.model_copy(update={"pages": kept(pages(), len(document.pages))})
