"""The engine beside the package's own client, its contract, and the traps of its settings."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, ClassVar

import pytest
import surya.inference
from PIL import Image
from surya.inference import SuryaInferenceManager
from surya.recognition import RecognitionPredictor
from surya.settings import settings

import ocrkit
from ocrkit.engines.surya import SuryaOptions
from ocrkit.engines.surya.backend import EndpointBackend, EndpointManager
from ocrkit.inference import Endpoint, EndpointSettings
from ocrkit.testing.endpoint import FakeEndpoint, completion
from ocrkit.testing.engine_contract import EngineContract

from .pages import FULL, MODEL, printed_page, script

if TYPE_CHECKING:
    from pathlib import Path

    from ocrkit.contracts import EngineOptions


@pytest.mark.parametrize("probability", [0.7, None])
def test_a_good_answer_gives_what_the_package_gives_with_its_own_client(
    probability: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = Image.fromarray(printed_page().pixels)
    reply = completion(FULL, probability=probability, model=MODEL)
    with FakeEndpoint(script(page=reply), models=(settings.SURYA_MODEL_CHECKPOINT,)) as server:
        monkeypatch.setattr(settings, "SURYA_INFERENCE_URL", server.url)
        theirs = RecognitionPredictor(SuryaInferenceManager(method="vllm"))([picture])
        with Endpoint(EndpointSettings(url=server.url)) as endpoint:
            ours = RecognitionPredictor(EndpointManager(EndpointBackend(endpoint)))([picture])
        first, second = (asked.body for asked in server.asked)
    assert ours == theirs
    assert len(ours[0].blocks) == 8
    second.pop("top_logprobs")
    assert first == second


def test_nothing_is_started_and_no_default_manager_is_made() -> None:
    assert settings.SURYA_INFERENCE_AUTOSTART is False
    assert surya.inference._default_manager is None  # noqa: SLF001 - there is no public way to ask


@pytest.mark.parametrize(("name", "value"), [("IMAGE_DPI", "high"), ("DETECTOR_BATCH_SIZE", "many")])
def test_variables_that_the_package_takes_for_its_own_are_named(name: str, value: str) -> None:
    code = "from ocrkit.registry import Registry; Registry.discover().engine('surya')"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, name: value}, capture_output=True, text=True, check=False
    )
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ocrkit.errors.EngineUnavailableError: ")
    assert name in last
    assert value not in last


@pytest.mark.parametrize("mode", ["CMYK", "L", "P", "RGBA", "I;16", "1"])
def test_pictures_of_any_mode_are_read_and_one_kills_no_other(mode: str, tmp_path: Path) -> None:
    picture = Image.fromarray(printed_page().pixels)
    whole = Image.new("I;16", picture.size, 60000) if mode == "I;16" else picture.convert(mode)
    if mode == "I;16":
        whole.paste(9000, (100, 100, 900, 900))
    whole.save(tmp_path / "page.tiff")
    with FakeEndpoint(
        script(page=completion('<div data-bbox="100 100 500 500" data-label="Text">read</div>')), models=(MODEL,)
    ) as server:
        document = ocrkit.recognize(tmp_path / "page.tiff", engine="surya", options={"url": server.url})
    assert document.text == "read"


class TestTheContract(EngineContract):
    """Every promise of an engine, before an endpoint that always gives the same page."""

    engine = "surya"
    server: ClassVar[FakeEndpoint]
    options: ClassVar[tuple[EngineOptions, ...]] = (SuryaOptions(mode="blocks"), SuryaOptions(language="de"))

    @classmethod
    def setup_class(cls) -> None:
        cls.server = FakeEndpoint(script(), models=(MODEL,)).__enter__()
        super().setup_class()

    @classmethod
    def teardown_class(cls) -> None:
        super().teardown_class()
        cls.server.__exit__(None, None, None)

    @pytest.fixture(autouse=True)
    def _served(self, quick: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG002 - it comes before this
        monkeypatch.setenv("OCRKIT_VLM_URL", self.server.url)
