"""Uploads and results as blobs under keys: in a directory, or in S3, Google Cloud Storage or Azure by URL.

Children read and write local files only; `local` and `put` of a path stand between them and a store elsewhere.
"""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, from_url

from ocrkit.errors import OptionError, SourceNotFoundError, StorageError
from ocrkit.jobs.copies import Copies, Scratch, made

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from typing import BinaryIO

    from obstore.store import ClientConfig, ObjectStore, RetryConfig

    from ocrkit.workers import ChildUser

_CHUNK = 1 << 20
_ATTEMPTS = 5
_PARTS = 2
"""Of an upload that are on their way to the store at a time, 5 MiB each, so that many uploads need little memory."""

_ENDPOINTS = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT", "AZURE_STORAGE_ENDPOINT")
_RETRIES: RetryConfig = {"max_retries": 3, "retry_timeout": timedelta(seconds=5)}
"""A store that is away is told of soon: whoever uses it tries again later, and a stop does not wait for it long."""
_ROOT = "jobs/"


def folder_key(job: str) -> str:
    """What all keys of a job begin with."""
    return f"{_ROOT}{job}/"


def upload_key(job: str) -> str:
    """The original file."""
    return f"{folder_key(job)}upload"


def page_key(job: str, number: int) -> str:
    """A page that was read, as JSON."""
    return f"{folder_key(job)}pages/{number}.json"


def document_key(job: str) -> str:
    """The document, as JSON."""
    return f"{folder_key(job)}document.json"


def translation_key(job: str) -> str:
    """The document in the language that was asked for, as JSON; it goes before the document for all but questions."""
    return f"{folder_key(job)}translation.json"


def export_key(job: str, name: str) -> str:
    """An export of the document."""
    return f"{folder_key(job)}exports/{name}"


class Blobs:
    """The blobs of a store; may be used by several threads.

    Args:
        where: a directory, made if it is not there, or a URL: `s3://bucket/prefix`, `gs://…`, `az://…`, whose
            credentials come from the environment as the provider's own tools read them.
        cache_bytes: how much of a store elsewhere is kept in temporary files, what is in use not counted.
        reader: the user of the children that read the files and make others, where it is not ours. A directory is
            closed to it: it is given copies, and of them a tenth is kept.

    Raises:
        OptionError: the URL is of no store that we know.
        StorageError: the directory cannot be made.
    """

    def __init__(self, where: str | Path, *, cache_bytes: int = 2 << 30, reader: ChildUser | None = None) -> None:
        self.reader = reader
        self._directory = Path(where).absolute() if "://" not in str(where) else None
        with _in_our_terms(str(where)):
            self._store = _store(where, self._directory)
        self._cache = Copies(cache_bytes // 10 if self._directory else cache_bytes, reader=reader)

    def __repr__(self) -> str:
        return f"Blobs({self._store!r})"

    def put(self, key: str, content: bytes | Path) -> None:
        """Stores bytes, or a file that a child has made; what was there is replaced, at once.

        Raises:
            StorageError: the store is full or cannot be reached.
        """
        with _in_our_terms(key):
            if isinstance(content, Path):
                with made(content, self.reader) as file:
                    obstore.put(self._store, key, file)
            else:
                obstore.put(self._store, key, content)
            self._settle(key)

    async def put_stream(self, key: str, chunks: AsyncIterator[bytes]) -> int:
        """Stores bytes as they come and says how many; nothing is there before the last, or if one fails to come.

        Raises:
            StorageError: the store is full or cannot be reached.
        """
        size = 0

        async def counted() -> AsyncIterator[bytes]:
            nonlocal size
            async for chunk in chunks:
                size += len(chunk)
                yield chunk

        with _in_our_terms(key):
            await obstore.put_async(self._store, key, counted(), max_concurrency=_PARTS)
            await asyncio.to_thread(self._settle, key)
        return size

    def get(self, key: str) -> bytes:
        """The blob.

        Raises:
            SourceNotFoundError: there is none.
            StorageError: the store cannot be reached.
        """
        with _in_our_terms(key):
            return bytes(obstore.get(self._store, key).bytes())

    def size(self, key: str) -> int | None:
        """Bytes of the blob; `None` where there is none.

        Raises:
            StorageError: the store cannot be reached.
        """
        try:
            with _in_our_terms(key):
                return obstore.head(self._store, key)["size"]
        except SourceNotFoundError:
            return None

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        """The blob in chunks.

        Raises:
            SourceNotFoundError: there is none.
            StorageError: the store cannot be reached.
        """
        with _in_our_terms(key):
            found = await obstore.get_async(self._store, key)
            async for chunk in found.stream(min_chunk_size=_CHUNK):
                yield bytes(chunk)

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """The blob as a file that children can read: the blob itself in a directory that is open to them, else a copy.

        Raises:
            SourceNotFoundError: there is none.
            StorageError: the store, or the folder of temporary files, cannot be used.
        """
        if self._directory is not None and self.reader is None:
            path = self._directory / key
            if not path.exists():
                raise SourceNotFoundError(f"There is no {key}.")
            yield path
            return
        with self._cache.used(key, lambda out: self._fetch(key, out)) as path:
            yield path

    @contextmanager
    def scratch(self) -> Iterator[Scratch]:
        """A folder for files that are to become blobs; gone afterwards.

        Raises:
            StorageError: the folder of temporary files cannot be used, or what the caller does there fails.
        """
        with _in_our_terms("temporary file"), tempfile.TemporaryDirectory(prefix="ocrkit-") as name:
            yield Scratch(Path(name), reader=self.reader)

    def delete(self, key: str) -> None:
        """Deletes the blob, if there is one.

        Raises:
            StorageError: the store cannot be reached.
        """
        self._cache.forget(key)
        try:
            with _in_our_terms(key):
                obstore.delete(self._store, key)
        except SourceNotFoundError:
            return

    def delete_job(self, job: str) -> None:
        """Deletes everything of a job that is there.

        Raises:
            StorageError: the store cannot be reached.
        """
        self._cache.forget(folder_key(job))
        with _in_our_terms(folder_key(job)):
            if self._directory is not None:
                _remove(self._directory / folder_key(job))
                return
            for found in obstore.list(self._store, folder_key(job)):
                obstore.delete(self._store, [blob["path"] for blob in found])

    def abandoned(self, *, older_than: float) -> Iterator[str]:
        """Jobs of which there are blobs, and whose upload (or all else) is older than so many seconds."""
        if self._directory is not None:
            with _in_our_terms(_ROOT):
                yield from _old_folders(self._directory / _ROOT, before=time.time() - older_than)
            return
        limit = datetime.now(UTC) - timedelta(seconds=older_than)
        with _in_our_terms(_ROOT):
            prefixes = obstore.list_with_delimiter(self._store, _ROOT)["common_prefixes"]
        for prefix in prefixes:
            with _in_our_terms(prefix):
                found = [blob for some in obstore.list(self._store, f"{prefix}/") for blob in some]
            if found and all(blob["last_modified"] < limit for blob in found):
                yield prefix.removeprefix(_ROOT)

    def close(self) -> None:
        """Deletes the temporary files."""
        self._cache.close()

    def _fetch(self, key: str, out: BinaryIO) -> None:
        with _in_our_terms(key):
            out.writelines(obstore.get(self._store, key).stream(min_chunk_size=_CHUNK))

    def _settle(self, key: str) -> None:
        """Brings a file of the directory to the disk itself: a commit that follows must not outlive it."""
        if self._directory is not None:
            path = self._directory / key
            for place in (path, path.parent):
                file = os.open(place, os.O_RDONLY)
                try:
                    os.fsync(file)
                finally:
                    os.close(file)


def _store(where: str | Path, directory: Path | None) -> ObjectStore:
    if directory is not None:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        return LocalStore(directory)
    try:
        return from_url(str(where), client_options=_client(), retry_config=_RETRIES)
    except (BaseError, ValueError) as error:
        raise OptionError(
            f"There are no blobs at {where}.", hint="Give a directory, s3://…, gs://… or az://…."
        ) from error


def _client() -> ClientConfig:
    """How a store is spoken to; in the clear only where the operator's own endpoint is in the clear."""
    clear = any(os.environ.get(name, "").startswith("http://") for name in _ENDPOINTS)
    return {"connect_timeout": timedelta(seconds=5), "timeout": timedelta(seconds=60), "allow_http": clear}


@contextmanager
def _in_our_terms(what: str) -> Iterator[None]:
    try:
        yield
    except (NotFoundError, FileNotFoundError) as error:
        raise SourceNotFoundError(f"There is no {what}.") from error
    except (BaseError, OSError) as error:
        first = str(error).strip().partition("\n")[0]
        raise StorageError(
            f"Blobs cannot be used: {first}", hint="Look after the store, its room and rights."
        ) from error


def _remove(folder: Path) -> None:
    """Removes a folder with all that is in it: what a killed server was writing too, which a store does not list."""
    for _ in range(_ATTEMPTS):
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:  # the folder, or what another removes at the same time
            if not folder.exists():
                return
        except OSError as error:
            if error.errno != errno.ENOTEMPTY:  # else a worker has just stored a page
                raise
    if folder.exists():
        raise OSError(errno.ENOTEMPTY, "files are written as fast as they are removed", str(folder))


def _old_folders(root: Path, *, before: float) -> Iterator[str]:
    """The folders in which nothing has changed since."""
    for folder in list(root.iterdir()) if root.exists() else ():
        places = [folder, *(Path(path, name) for path, _, files in os.walk(folder) for name in files)]
        with suppress(FileNotFoundError):  # it is being removed
            if max(place.stat().st_mtime for place in places) < before:
                yield folder.name
