"""Killed, stopped, started again, mounted, twice in one process: the service goes on."""

from __future__ import annotations

import io
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest
import uvicorn
from PIL import Image
from starlette.applications import Starlette
from starlette.routing import Mount

from ocrkit.server.app import create_app
from ocrkit.server.settings import Settings
from ocrkit.testing import text_image

from .rehearsal import SLOW, STUCK
from .running import Running, pdf, posted, tiff, until_ended

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import ASGIApp

SLOW_SCAN = [SLOW] * 7


@contextmanager
def hosted(app: ASGIApp, *, lifespan: str) -> Iterator[str]:
    """The address of an app that uvicorn runs in a thread."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, lifespan=lifespan, log_config=None))  # type: ignore[arg-type]  # a word of its own Literal
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.mark.slow
def test_a_job_goes_on_after_the_server_was_killed(tmp_path: Path) -> None:
    with Running(tmp_path) as running:
        running.start()
        token = running.token("survivor@example.org")
        with running.client(token) as client:
            uuid = posted(client, tiff(*SLOW_SCAN)).json()["uuid"]
            while client.get(f"/api/v1/ocr/{uuid}/").json()["pages_done"] == 0:
                time.sleep(0.05)
        running.kill()
        running.start()
        with running.client(token) as client:
            job = until_ended(client, uuid)
            assert (job["status"], job["pages_done"], len(job["pages"])) == ("done", 7, 7)
            assert client.get("/api/v1/usage/").json()["used"] == 7
        running.stop()


@pytest.mark.slow
def test_a_stop_takes_less_than_ten_seconds_and_lets_waiters_go(tmp_path: Path) -> None:
    with Running(tmp_path, inline_pages=20) as running:
        running.start()
        answers: list[httpx.Response] = []
        with running.client() as client:
            waiting = threading.Thread(target=lambda: answers.append(posted(client, tiff(*SLOW_SCAN))))
            waiting.start()
            time.sleep(1.0)
            assert running.stop() < 10
            waiting.join()
            first = answers[0].json()
            assert first["status"] in {"pending", "processing"}
        running.start()
        with running.client() as client:
            assert until_ended(client, first["uuid"])["pages_done"] == 7
        running.stop()


@pytest.mark.slow
def test_a_stop_is_in_order_whatever_hangs(tmp_path: Path) -> None:
    with Running(tmp_path) as running:
        running.start()
        with running.client() as client:
            uuid = posted(client, tiff(*[STUCK] * 7)).json()["uuid"]
            watching = threading.Thread(target=lambda: client.get(f"/api/v1/ocr/{uuid}/events/"))
            watching.start()
            time.sleep(1.0)
            assert running.stop() < 10
            watching.join()
        assert running.process is not None
        assert running.process.returncode == 0
        assert "Traceback" not in running.log.read_text("utf-8")
        running.start()
        with running.client() as client:
            job = client.get(f"/api/v1/ocr/{uuid}/").json()
            assert (job["status"], job["pages_failed"]) == ("pending", 0)
        running.kill()


def test_two_apps_in_one_process_do_not_meet(tmp_path: Path) -> None:
    apps = [
        create_app(Settings.load(environ={}, data=tmp_path / name, workers=1, cpu_engine="ppocr"))
        for name in ("one", "two")
    ]
    with hosted(apps[0], lifespan="on") as one, hosted(apps[1], lifespan="on") as two:
        uuid = httpx.post(f"{one}/api/v1/ocr/", files={"file": pdf(1)}, timeout=30).json()["uuid"]
        assert httpx.get(f"{one}/api/v1/ocr/{uuid}/").status_code == 200
        assert httpx.get(f"{two}/api/v1/ocr/{uuid}/").status_code == 404
        assert 'route="/api/v1/ocr/"' not in httpx.get(f"{two}/metrics").text


def test_a_mounted_app_starts_with_its_first_request(tmp_path: Path) -> None:
    app = create_app(Settings.load(environ={}, data=tmp_path / "data", workers=1, cpu_engine="ppocr"))
    mounted = Starlette(routes=[Mount("/ocr", app=app)])
    with hosted(mounted, lifespan="off") as url, httpx.Client(base_url=f"{url}/ocr", timeout=60) as client:
        try:
            assert client.get("/healthz").status_code == 200
            job = client.post("/api/v1/ocr", files={"file": pdf(1)}).json()
            assert job["status"] == "done"
            assert client.get("/api/openapi.json").json()["servers"] == [{"url": "/ocr"}]
            assert client.get(f"/api/v1/ocr/{job['uuid']}").status_code == 200
            assert client.get("/api/v1/nothing/").json()["code"] == "not_found"
        finally:
            app.state.service.stop()


@pytest.mark.slow
def test_a_scan_is_read_by_the_engine_that_comes_with_ocrkit(tmp_path: Path) -> None:
    with Running(tmp_path, cpu_engine="", workers=1) as running:
        running.start()
        scan = io.BytesIO()
        Image.fromarray(text_image("Invoice 2026\nTotal 417 euros", size=40).pixels).save(scan, "PNG")
        with running.client() as client:
            job = posted(client, scan.getvalue()).json()
        assert job["status"] == "done"
        assert "Invoice 2026" in job["text"]
        assert job["mean_confidence"] > 0.8
        running.stop()
