"""Deletes what is over: blobs first, then the row that says they are there. Done twice, it does nothing more."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ocrkit.jobs.blobs import upload_key

if TYPE_CHECKING:
    from ocrkit.jobs.blobs import Blobs
    from ocrkit.jobs.ledger import Ledger

ABANDONED_AFTER = 3600.0
"""Seconds after which blobs without a job are deleted: an upload is stored before its job is submitted."""


class Retention:
    """The sweep.

    Args:
        keep_uploads: whether an upload stays as long as its job; if not, it goes when the job ends.
    """

    def __init__(self, ledger: Ledger, blobs: Blobs, *, keep_uploads: bool) -> None:
        self._ledger = ledger
        self._blobs = blobs
        self._keep_uploads = keep_uploads
        self._next_search = time.monotonic() + ABANDONED_AFTER

    def sweep(self) -> None:
        """Deletes jobs whose time is over, uploads that are not to be kept, and blobs that belong to no job.

        Raises:
            StorageError: the store cannot be reached.
            DatabaseUnavailableError: the database cannot.
        """
        for job in self._ledger.expired():
            self._blobs.delete_job(job)
            self._ledger.delete(job)
        if not self._keep_uploads:
            for job in self._ledger.with_upload():
                self._blobs.delete(upload_key(job))
                self._ledger.mark_upload_deleted(job)
        if time.monotonic() >= self._next_search:
            self._next_search = time.monotonic() + ABANDONED_AFTER
            self.delete_abandoned()

    def delete_abandoned(self, *, older_than: float = ABANDONED_AFTER) -> None:
        """Deletes blobs that belong to no job and are older than so many seconds.

        Raises:
            StorageError: the store cannot be reached.
            DatabaseUnavailableError: the database cannot.
        """
        for job in self._blobs.abandoned(older_than=older_than):
            if not self._ledger.known([job]):
                self._blobs.delete_job(job)
