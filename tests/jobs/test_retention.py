"""What is kept, and what is deleted when: uploads, jobs, blobs of nobody."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from ocrkit.errors import SourceNotFoundError
from ocrkit.jobs.blobs import Blobs, folder_key, page_key, upload_key
from ocrkit.jobs.ledger import new_id

from .conftest import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Service

    Serve = Callable[..., Service]


def test_an_upload_goes_when_its_job_ends_where_it_is_not_to_be_kept(serve: Serve) -> None:
    service = serve(keep_uploads=False)
    job = service.ended(service.submit(1))
    wait_for(lambda: service.jobs.blobs.size(upload_key(job.id)) is None)
    wait_for(lambda: (found := service.jobs.job(job.id)) is not None and found.upload_deleted)
    assert service.jobs.document(job.id).pages


def test_a_job_is_deleted_when_its_time_is_over_though_the_service_was_started_again(
    serve: Serve, tmp_path: Path
) -> None:
    first = serve()
    job = first.ended(first.submit(1, expires_after=0.5))
    assert job.state == "done"
    first.jobs.stop(grace=1.0)
    time.sleep(0.6)
    second = serve()
    wait_for(lambda: second.jobs.job(job.id) is None)
    assert not (tmp_path / "blobs" / folder_key(job.id)).exists()


def test_deleting_a_job_takes_what_a_killed_server_was_writing(blobs: Blobs, tmp_path: Path) -> None:
    job = new_id()
    blobs.put(page_key(job, 1), b"{}")
    folder = tmp_path / "blobs" / folder_key(job)
    (folder / "pages" / "2.json#1").write_bytes(b"half a pa")
    blobs.delete_job(job)
    assert not folder.exists()
    blobs.delete_job(job)


def test_blobs_of_nobody_are_found_by_their_age(blobs: Blobs, tmp_path: Path) -> None:
    old, young, staged = new_id(), new_id(), new_id()
    for job in (old, young):
        blobs.put(upload_key(job), b"x")
    half = tmp_path / "blobs" / folder_key(staged) / "upload#1"
    half.parent.mkdir()
    half.write_bytes(b"half an upl")
    for job in (old, staged):
        folder = tmp_path / "blobs" / folder_key(job)
        for path in (*folder.iterdir(), folder):
            os.utime(path, (0, 0))
    assert sorted(blobs.abandoned(older_than=60)) == sorted([old, staged])


def test_a_copy_that_could_not_be_fetched_leaves_the_cache_in_order() -> None:
    elsewhere = Blobs("memory:///", cache_bytes=0)
    for _ in range(2):
        with pytest.raises(SourceNotFoundError), elsewhere.local("jobs/none/upload"):
            pass
    elsewhere.put("jobs/none/upload", b"here now")
    with elsewhere.local("jobs/none/upload") as path:
        assert path.read_bytes() == b"here now"
    elsewhere.close()
