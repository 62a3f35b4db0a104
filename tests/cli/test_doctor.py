"""`ocrkit doctor` and the endpoints: reachable or not, key, model; and engine `vlm` at the prompt."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ocrkit.testing.endpoint import FakeEndpoint, Reply

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import MakePdf, Ocrkit

pytestmark = pytest.mark.slow


def rows(ocrkit: Ocrkit, **environment: str) -> tuple[int, dict[str, dict[str, str]]]:
    done = ocrkit("doctor", "--json", stdin=b"", cwd=None, **environment)
    assert "Traceback" not in done.stderr
    return done.returncode, {row["what"]: row for row in json.loads(done.stdout)}


def test_endpoints_that_answer_are_well_and_those_not_configured_are_missing(ocrkit: Ocrkit) -> None:
    with FakeEndpoint(["yes"], models=("page-reader",), key="sesame") as server:
        code, found = rows(ocrkit, OCRKIT_VLM_URL=server.url, OCRKIT_VLM_KEY="sesame", OCRKIT_LLM_URL="")
    assert code == 0
    assert found["vision model"]["state"] == "ok"
    assert server.url in found["vision model"]["detail"]
    assert found["language model"]["state"] == "missing"
    assert "OCRKIT_LLM_URL" in found["language model"]["detail"]


def test_a_key_that_is_refused_and_a_server_that_is_not_there_are_said_in_plain_words(ocrkit: Ocrkit) -> None:
    with FakeEndpoint([Reply(401)], key="right") as server:
        code, found = rows(
            ocrkit, OCRKIT_VLM_URL=server.url, OCRKIT_VLM_KEY="sk-wrong", OCRKIT_LLM_URL="http://127.0.0.1:9/v1"
        )
    assert code == 1
    assert found["vision model"]["state"] == found["language model"]["state"] == "broken"
    assert "Check its key" in found["vision model"]["detail"]
    assert "sk-wrong" not in json.dumps(found)
    assert "cannot be reached" in found["language model"]["detail"]


def test_a_url_that_cannot_be_used_is_a_finding(ocrkit: Ocrkit) -> None:
    code, found = rows(ocrkit, OCRKIT_VLM_URL="http://user:hidden@gpu.example/v1", OCRKIT_LLM_URL="")
    assert (code, found["vision model"]["state"]) == (1, "broken")
    assert "https" in found["vision model"]["detail"]
    assert "hidden" not in json.dumps(found)


def test_the_engine_reads_a_file_with_an_endpoint_given_as_an_option(ocrkit: Ocrkit, make_pdf: MakePdf) -> None:
    path: Path = make_pdf("letter.pdf", "Printed words that the model need not repeat")
    with FakeEndpoint(["# Words of the model"]) as server:
        command = ("recognize", path, "--tier", "vlm", "--engine", "vlm", "--text-layer", "never", "--no-align")
        done = ocrkit(*command, "-f", "md", "-E", f"url={server.url}", OCRKIT_VLM_URL="")
    assert (done.returncode, done.stdout.strip()) == (0, "# Words of the model"), done.stderr


def test_without_an_endpoint_the_prompt_says_how_to_configure_one(ocrkit: Ocrkit, make_pdf: MakePdf) -> None:
    path: Path = make_pdf("letter.pdf", "Words")
    done = ocrkit("recognize", path, "--engine", "vlm", "--text-layer", "never", OCRKIT_VLM_URL="")
    assert done.returncode == 1
    assert "OCRKIT_VLM_URL" in done.stderr
    assert "Traceback" not in done.stderr
