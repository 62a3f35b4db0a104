"""Files that stand between the blobs and the children: copies to read, and folders to write to.

Children may run as another user than we: they can read what is given to them and write to one folder, no more, and
what they have written is believed to be theirs only if it is.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import threading
from collections import OrderedDict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ocrkit.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from ocrkit.workers import ChildUser

    _Fetch: TypeAlias = Callable[[BinaryIO], None]


class Scratch:
    """A folder for one task: files that are given to a child, and those that it makes.

    Attributes:
        folder: of what is given.
        out: of what the child makes.
    """

    def __init__(self, folder: Path, *, reader: ChildUser | None) -> None:
        self.folder = folder
        self.out = folder / "out"
        self._reader = reader
        self.out.mkdir(mode=0o700)
        if reader is not None:
            os.chown(self.out, reader.uid, reader.gid)
            _enterable(folder, reader)

    def give(self, name: str, content: bytes) -> Path:
        """The path of a new file that the child may read.

        Raises:
            OSError: it cannot be written.
        """
        path = self.folder / name
        with given(path, self._reader) as out:
            out.write(content)
        return path


@contextmanager
def given(path: Path, reader: ChildUser | None) -> Iterator[BinaryIO]:
    """A new file to write, which children can read and nobody else but us."""
    with path.open("wb") as out:
        os.fchmod(out.fileno(), 0o600 if reader is None else 0o640)
        if reader is not None:
            os.fchown(out.fileno(), -1, reader.gid)
        yield out


@contextmanager
def made(path: Path, by: ChildUser | None) -> Iterator[BinaryIO]:
    """A file that a child has made, opened; never one that it only points at, for it may not be its to read.

    Raises:
        StorageError: it is no plain file, or another's.
        OSError: it cannot be opened.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or (by is not None and found.st_uid != by.uid):
            raise StorageError("A worker has put something else in the place of its result.")
        yield file


class Copies:
    """Copies of blobs in a temporary folder, the ones used longest ago deleted first.

    Args:
        limit: bytes of all that are not in use.
        reader: the user of the children, where it is not ours.
    """

    def __init__(self, limit: int, *, reader: ChildUser | None) -> None:
        self._limit = limit
        self._reader = reader
        self._lock = threading.Lock()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._copies: OrderedDict[str, _Copy] = OrderedDict()

    @contextmanager
    def used(self, key: str, fetch: _Fetch) -> Iterator[Path]:
        """The copy of a blob, fetched unless it is there; it stays as long as it is used."""
        with self._lock:
            copy = self._copies.setdefault(key, _Copy(self._new_path()))
            self._copies.move_to_end(key)
            copy.users += 1
        try:
            with copy.lock:
                if not copy.path.exists():
                    part = copy.path.with_suffix(".part")
                    with given(part, self._reader) as out:
                        fetch(out)
                    part.replace(copy.path)
            yield copy.path
        finally:
            with self._lock:
                copy.users -= 1
                self._shrink()

    def forget(self, prefix: str) -> None:
        """Deletes the copies of all keys that begin so, unless they are in use."""
        with self._lock:
            for key in [key for key in self._copies if key.startswith(prefix)]:
                self._drop(key)

    def close(self) -> None:
        """Deletes them all."""
        with self._lock:
            self._copies.clear()
            if self._folder is not None:
                self._folder.cleanup()
                self._folder = None

    def _new_path(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="ocrkit-blobs-")
            _enterable(Path(self._folder.name), self._reader)
        folder = Path(tempfile.mkdtemp(dir=self._folder.name))
        _enterable(folder, self._reader)
        return folder / "blob"

    def _shrink(self) -> None:
        total = sum(copy.size() for copy in self._copies.values())
        for key in list(self._copies):
            if total <= self._limit:
                return
            total -= self._copies[key].size() * (self._copies[key].users == 0)
            self._drop(key)

    def _drop(self, key: str) -> None:
        copy = self._copies.get(key)
        if copy is not None and copy.users == 0:
            del self._copies[key]
            shutil.rmtree(copy.path.parent)  # with it goes what an attempt to fetch it has left


class _Copy:
    """A copy, and who waits for it or reads it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = threading.Lock()
        self.users = 0

    def size(self) -> int:
        """Bytes it takes."""
        return self.path.stat().st_size if self.path.exists() else 0


def _enterable(folder: Path, reader: ChildUser | None) -> None:
    """Lets children go through a folder that is ours, to what they know the name of or may list."""
    if reader is not None:
        os.chown(folder, -1, reader.gid)
        folder.chmod(0o750)
