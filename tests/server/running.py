"""The server as a process of its own on a free port, and the files that tests send it."""

from __future__ import annotations

import io
import json
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import httpx
import pymupdf
from PIL import Image, ImageDraw

from ocrkit.accounts import Accounts, Credits, Plans, Tokens
from ocrkit.database import Database, migrate
from ocrkit.server.settings import Settings

from . import rehearsal

if TYPE_CHECKING:
    from collections.abc import Mapping

PLANS: dict[str, dict[str, object]] = {
    "anonymous": {"cap": 10_000, "max_pages": 50},
    "free": {"cap": 10_000},
    "tight": {"bucket": "monthly", "cap": 3, "max_pages": 10},
}
_START_SECONDS = 120


class Running:
    """A server; `start` it again after `kill` or `stop`, and it goes on with the same data."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.folder = folder
        self.log = folder / "server.log"
        # Not below pytest's folders: those are closed to the user that workers run as where root runs the tests.
        self._site = tempfile.TemporaryDirectory(prefix="ocrkit-site-")
        Path(self._site.name).chmod(0o755)
        self._environment = rehearsal.installed(Path(self._site.name))
        chosen: dict[str, object] = {"cpu_engine": rehearsal.NAME, "workers": 2, "plans": PLANS, **settings}
        self.settings = Settings.load(None, environ={}, data=folder / "data", port=0, **chosen)
        self._config = folder / "settings.toml"
        self._config.write_text(_toml({**chosen, "data": str(folder / "data"), "port": 0}), "utf-8")
        self.process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def start(self) -> Running:
        """Starts the process, and gives itself once that is ready."""
        seen = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ocrkit", "serve", "--config", str(self._config)],
                stdout=log,
                stderr=log,
                env=self._environment,
            )
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            found = re.search(r"running on (http://\S+)", self.log.read_text("utf-8")[seen:])
            if found:
                self.url = found[1]
                if httpx.get(f"{self.url}/readyz", timeout=30).status_code == 200:
                    return self
            time.sleep(0.05)
        raise AssertionError(f"the server did not start:\n{self.log.read_text('utf-8')}")

    def stop(self) -> float:
        """Ends it as an operator does; gives the seconds it took."""
        assert self.process is not None
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        return time.monotonic() - started

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()
        self._site.cleanup()

    def kill(self) -> None:
        """Ends it as a power cut does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def close_plugins(self) -> None:
        """Keeps the plugin with the test's engine from all other users."""
        Path(self._site.name).chmod(0o700)

    def client(self, token: str | None = None) -> httpx.Client:
        """A client, anonymous or with a token; the caller closes it."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30)

    def token(self, email: str, *, plan: str = "free", credits_bought: int = 0) -> str:
        """The token of a new account."""
        database = Database(self.settings.database_url)
        migrate(database)
        secrets, plans = self.settings.secrets(), Plans(self.settings.plans)
        account = Accounts(database, secrets, plans).create(email, plan=plan)
        if credits_bought:
            Credits(database, plans).grant(account.id, credits_bought)
        token = Tokens(database, secrets).show(account.id)
        database.close()
        return token

    def webhook_secret(self, email: str) -> str:
        """The secret of an account, as the command line prints it."""
        command = [sys.executable, "-m", "ocrkit", "account", "webhook-secret", email, "--config", str(self._config)]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=True)
        return done.stdout.strip()


def png(width: int = 600, text: str = "Hello") -> bytes:
    """A picture with some ink on it."""
    image = Image.new("RGB", (width, 200), "white")
    ImageDraw.Draw(image).text((20, 20), text, fill="black")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def tiff(*widths: int) -> bytes:
    """A frame, and so a page, for each width."""
    frames = [Image.open(io.BytesIO(png(width, f"frame {width}"))) for width in widths]
    out = io.BytesIO()
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def pdf(pages: int) -> bytes:
    """Born-digital pages: read without recognition."""
    with pymupdf.open() as document:
        for number in range(1, pages + 1):
            document.new_page().insert_text((72, 72), f"This is page number {number} of the document.")
        written: bytes = document.tobytes()
    return written


def posted(client: httpx.Client, content: bytes, name: str = "scan.png", **more: Any) -> httpx.Response:
    """The answer to a submission; `more` are fields, and `headers`."""
    headers = more.pop("headers", None)
    return client.post("/api/v1/ocr/", files={"file": (name, content)}, data=more, headers=headers)


def until_ended(client: httpx.Client, uuid: str, *, seconds: float = 30) -> dict[str, Any]:
    """The job, polled as a client of the public API polls it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        job: dict[str, Any] = client.get(f"/api/v1/ocr/{uuid}/").json()
        if job["status"] not in {"pending", "processing"}:
            return job
        time.sleep(0.05)
    raise AssertionError(f"job {uuid} did not end")


def _toml(values: Mapping[str, object]) -> str:
    plans = values.get("plans")
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items() if name != "plans"]
    assert isinstance(plans, dict)
    for plan, fields in plans.items():
        lines += [f"[plans.{plan}]", *(f"{name} = {json.dumps(value)}" for name, value in fields.items())]
    return "\n".join(lines) + "\n"
