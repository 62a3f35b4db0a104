"""Pages on disk: they keep the memory of a long document from growing with its pages.

Knows pages as values; knows neither where they come from nor what is on them.
"""

from __future__ import annotations

import os
import tempfile
import weakref
import zlib
from array import array
from contextlib import contextmanager
from itertools import starmap
from operator import eq
from typing import TYPE_CHECKING, Self, overload

from ocrkit.errors import StorageError
from ocrkit.model import Page, PageStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

IN_MEMORY = 64
"""Pages up to which a document stays in memory: full of text they take some 35 MB, a fifth of what reading takes."""

_LEVEL = 1
"""Of zlib, the fastest: a page full of text shrinks to a tenth in a tenth of a millisecond."""


def kept(pages: Iterable[Page], count: int) -> Sequence[Page]:
    """The pages, which are `count`: on disk where they are many."""
    return tuple(pages) if count <= IN_MEMORY else PageSpool(pages)


class PageSpool(PageStore):
    """The pages in a temporary file without a name, each read when it is asked for; the file goes with the spool.

    May be read by several threads. Equals a tuple of equal pages, and is pickled as one.

    Args:
        pages: all of them; one is held at a time.

    Raises:
        StorageError: the folder of temporary files is full or cannot be written.
    """

    def __init__(self, pages: Iterable[Page]) -> None:
        with _storage():
            self._file = tempfile.TemporaryFile(prefix="ocrkit-", buffering=0)  # noqa: SIM115 - lives as long as the spool
        weakref.finalize(self, self._file.close)
        self._ends = array("Q", [0])
        for page in pages:
            record = zlib.compress(page.model_dump_json().encode(), _LEVEL)
            self._ends.append(self._ends[-1] + len(record))
            with _storage():
                while record:  # what little room was left on a full disk takes a part; the next part then fails
                    record = record[self._file.write(record) :]

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, index: int) -> Page: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Page, ...]: ...

    def __getitem__(self, index: int | slice) -> Page | tuple[Page, ...]:
        place = range(len(self))[index]
        return self._read(place) if isinstance(place, int) else tuple(map(self._read, place))

    def _read(self, place: int) -> Page:
        start, end = self._ends[place : place + 2]
        # Reading at a place moves no position that threads would share.
        return Page.model_validate_json(zlib.decompress(os.pread(self._file.fileno(), end - start, start)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, tuple | PageSpool):
            return NotImplemented
        return self is other or (len(self) == len(other) and all(starmap(eq, zip(self, other, strict=True))))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"<{len(self)} pages on disk>"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[type[tuple[Page, ...]], tuple[tuple[Page, ...]]]:
        return tuple, (tuple(self),)


@contextmanager
def _storage() -> Iterator[None]:
    """Turns what the system says of a disk into an error that users can act upon."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"Pages cannot be kept in the folder of temporary files: {error.strerror}.",
            hint="Make room there, or name another folder in TMPDIR.",
        ) from error
