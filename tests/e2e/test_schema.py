"""The server keeps to its own OpenAPI description, whatever schemathesis thinks of to send."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.server.running import Running, png, posted

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def held_to_its_description(url: str, token: str, folder: Path, *chosen: str) -> None:
    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "schemathesis"),
            "--config-file", "schemathesis.toml",
            "run", f"{url}/api/openapi.json",
            "--header", f"Authorization: Bearer {token}",
            "--checks", CHECKS,
            *chosen,
            "--max-examples", "15", "--phases", "examples,coverage,fuzzing", "--seed", "1", "--no-color",
        ],
        cwd=folder,
        env={**os.environ, "PYTHONWARNINGS": ""},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-20000:] + done.stderr[-2000:]


@pytest.mark.slow
def test_answers_are_as_described(tmp_path: Path) -> None:
    with Running(tmp_path) as running:
        running.start()
        token = running.token("schema@example.org")
        with running.client(token) as client:
            uuid = posted(client, png()).json()["uuid"]
            (tmp_path / "schemathesis.toml").write_text(f'[parameters]\n"path.uuid" = "{uuid}"\n', "utf-8")
            held_to_its_description(running.url, token, tmp_path, "--exclude-operation-id", "delete_job")
            assert client.get(f"/api/v1/ocr/{uuid}/").status_code == 200
            held_to_its_description(running.url, token, tmp_path, "--include-operation-id", "delete_job")
            assert client.get(f"/api/v1/ocr/{uuid}/").status_code == 404
        assert running.process is not None
        assert running.process.poll() is None
        running.stop()
