"""Where root starts the server, what opens documents is not root; and where it cannot be otherwise, that is said."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from ocrkit.errors import OptionError, StorageError
from ocrkit.jobs.blobs import Blobs
from ocrkit.workers import ChildUser, InspectTask, Shield, ShieldLimits, child_user

from .rehearsal import SLOW
from .running import Running, pdf, png, posted, tiff, until_ended

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = 0
NOBODY = pwd.getpwnam("nobody")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with Running(tmp_path) as running:
        yield running.start()
        assert running.stop() < 10


def identities(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return {name: " ".join(value.split()) for name, _, value in (line.partition(":") for line in lines)}


def test_workers_have_the_rights_of_nobody_and_do_all_that_they_are_asked(running: Running) -> None:
    uid, gid = (NOBODY.pw_uid, NOBODY.pw_gid) if os.geteuid() == _ROOT else (os.geteuid(), os.getegid())
    assert running.process is not None
    with running.client(running.token("user@example.org")) as client:
        assert posted(client, pdf(2)).json()["status"] == "done"
        job = until_ended(client, posted(client, tiff(600, SLOW, 600, 600, 600, 600)).json()["uuid"])
        assert (job["status"], job["pages_done"]) == ("done", 6)
        for kind in ("pdf", "docx", "json"):
            download = client.get(f"/api/v1/ocr/{job['uuid']}/download/?format={kind}")
            assert download.status_code == 200, download.text
        children = psutil.Process(running.process.pid).children()
        assert len(children) >= 4, "those that read pages, those that open files, and one that exports"
        for child in children:
            found = identities(child.pid)
            assert found["Uid"] == " ".join([str(uid)] * 4)
            assert found["Gid"] == " ".join([str(gid)] * 4)
            assert found["NoNewPrivs"] == "1"
            if os.geteuid() == _ROOT:
                assert found["Groups"] == ""
                assert int(found["CapEff"], 16) == int(found["CapPrm"], 16) == 0
        assert client.delete(f"/api/v1/ocr/{job['uuid']}/").status_code == 204
    assert ("Workers run as user nobody" in running.log.read_text("utf-8")) == (os.geteuid() == _ROOT)


def test_a_worker_opens_what_it_is_given_and_no_file_of_the_servers(tmp_path: Path) -> None:
    closed = tmp_path / "closed.png"
    closed.write_bytes(png())
    closed.chmod(0o600)
    blobs = Blobs(tmp_path / "blobs", reader=child_user(""))
    blobs.put("jobs/a/upload", png())
    shield = Shield(ShieldLimits(user=blobs.reader))
    with blobs.local("jobs/a/upload") as path:
        assert shield.run(InspectTask(path=str(path))) == shield.run(InspectTask(path=str(path)))
        assert not isinstance(shield.run(InspectTask(path=str(path))), Exception)
        assert path.stat().st_uid == os.geteuid(), "it cannot change what others read"
    for path in (closed, tmp_path / "blobs" / "jobs" / "a" / "upload"):
        refused = shield.run(InspectTask(path=str(path)))
        assert isinstance(refused, Exception) == (os.geteuid() == _ROOT)
    shield.close()
    blobs.delete_job("a")
    blobs.close()


@pytest.mark.parametrize("trap", ["link", "pipe", "another's"])
def test_what_a_worker_puts_in_the_place_of_its_result_is_not_stored(tmp_path: Path, trap: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("sesame")
    stranger = ChildUser("stranger", os.geteuid() + 1, os.getegid())
    blobs = Blobs(tmp_path / "blobs")
    result = tmp_path / "result"
    if trap == "link":
        result.symlink_to(secret)
    elif trap == "pipe":
        os.mkfifo(result)
    else:
        blobs.reader = stranger
        os.link(secret, result)
    with pytest.raises(StorageError):
        blobs.put("jobs/a/document.json", result)
    assert blobs.size("jobs/a/document.json") is None


def test_a_user_that_does_not_exist_is_named(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ocrkit", "serve", "--port", "0"],
        env={**os.environ, "OCRKIT_DATA": str(tmp_path / "data"), "OCRKIT_WORKER_USER": "no-such-user"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "no-such-user" in done.stderr
    assert "Traceback" not in done.stderr
    with pytest.raises(OptionError, match="no-such-user"):
        child_user("no-such-user")


def test_workers_stay_root_where_nobody_could_not_work_and_the_start_says_so(tmp_path: Path) -> None:
    with Running(tmp_path) as running:
        running.close_plugins()
        running.start()
        with running.client() as client:
            assert posted(client, png()).json()["status"] == "done"
        said = running.log.read_text("utf-8")
        assert ("Workers run as root, for they cannot work as user nobody" in said) == (os.geteuid() == _ROOT)
        assert running.stop() < 10
