"""What every opened input has in common. Light: readers of formats inherit it and bring their libraries."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Self

from ocrkit.errors import PageRangeError

if TYPE_CHECKING:
    from types import TracebackType

    from ocrkit.raster import PageImage
    from ocrkit.sources.inputs import Content


class Source(ABC):
    """An opened input: pages by number, each decoded when its pixels are asked for.

    A context manager; a page's pixels cannot be fetched once its source is closed.

    Attributes:
        name: file name without its folder.
        media_type: by content, such as `application/pdf`.
        page_count: pages of the input.
        metadata: what the file says of itself: `title`, `author`, …
        password: the password that opened the file, `None` where it needed none.
    """

    def __init__(self, content: Content, *, media_type: str) -> None:
        self.name = content.name
        self.media_type = media_type
        self.page_count = 0
        self.metadata: dict[str, str] = {}
        self.password: str | None = None
        self._content = content

    def read(self) -> bytes:
        """The whole file, as it was given.

        Raises:
            SourceNotFoundError: the file is gone.
        """
        return self._content.read()

    def page(self, number: int) -> PageImage:
        """Page `number`, counted from 1; its pixels are not decoded yet.

        Raises:
            PageRangeError: there is no such page.
            CorruptSourceError: the page is broken beyond reading.
            PageTooLargeError: it has more pixels than the limit.
        """
        if not 1 <= number <= self.page_count:
            raise PageRangeError(f"There is no page {number}.", hint=f"The input has {self.page_count} pages.")
        return self._page(number)

    @abstractmethod
    def _page(self, number: int) -> PageImage:
        """Page `number`, which exists."""

    @abstractmethod
    def close(self) -> None:
        """Lets go of the file; a second call does nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
