"""Uploads and results in S3, through the protocol itself: moto's server stands in for the store, over real HTTP."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pytest
from moto.server import ThreadedMotoServer

from ocrkit.errors import SourceNotFoundError
from ocrkit.jobs.blobs import Blobs, page_key, upload_key

from .rehearsal import SLOW
from .running import Running, pdf, png, posted, tiff, until_ended

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

BUCKET = "scans"


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of an empty place in a bucket; the credentials stand where the provider's own tools look for them."""
    peer = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    peer.start()
    host, port = peer.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    urlopen(Request(f"{endpoint}/{BUCKET}", method="PUT")).close()  # noqa: S310 - our own address
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": endpoint,
    }.items():
        monkeypatch.setenv(name, value)
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    yield f"s3://{BUCKET}/{tmp_path.name}"
    peer.stop()


def test_blobs_are_put_found_fetched_listed_and_deleted(bucket: str) -> None:
    blobs = Blobs(bucket)
    blobs.put(upload_key("a"), b"the upload")
    blobs.put(page_key("a", 1), b"{}")
    blobs.put(upload_key("b"), b"another")
    assert (blobs.get(upload_key("a")), blobs.size(upload_key("a"))) == (b"the upload", 10)
    with blobs.local(upload_key("a")) as path:
        assert path.read_bytes() == b"the upload"
    assert sorted(blobs.abandoned(older_than=-60)) == ["a", "b"]
    assert list(blobs.abandoned(older_than=60)) == []
    blobs.delete_job("a")
    assert blobs.size(upload_key("a")) is None
    with pytest.raises(SourceNotFoundError), blobs.local(upload_key("a")):
        pass
    assert blobs.get(upload_key("b")) == b"another"
    blobs.close()


def test_a_server_keeps_its_files_in_s3(bucket: str, tmp_path: Path) -> None:
    with Running(tmp_path, blobs=bucket) as running:
        running.start()
        with running.client(running.token("s3@example.org")) as client:
            short = posted(client, pdf(2)).json()
            assert (short["status"], short["page_count"]) == ("done", 2)
            long = until_ended(client, posted(client, tiff(600, SLOW, 600, 600, 600, 600)).json()["uuid"])
            assert (long["status"], long["pages_done"]) == ("done", 6)
            download = client.get(f"/api/v1/ocr/{long['uuid']}/download/?format=pdf")
            assert download.content.startswith(b"%PDF")
            assert posted(client, b"nonsense").status_code == 400
            large = posted(client, png() + bytes(12_000_000), "large.png").json()
            assert large["status"] == "done", "an upload in several parts"

            blobs = Blobs(bucket)
            known = {short["uuid"], long["uuid"], large["uuid"]}
            assert set(blobs.abandoned(older_than=-60)) == known, "what led to no job is not kept"
            for uuid in known:
                assert client.delete(f"/api/v1/ocr/{uuid}/").status_code == 204
            assert list(blobs.abandoned(older_than=-60)) == []
            blobs.close()
        assert not (tmp_path / "data" / "blobs").exists()
        assert running.stop() < 10
