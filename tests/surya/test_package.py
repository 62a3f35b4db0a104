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
from surya.inference.parsers import parse_full_page_html
from surya.recognition import RecognitionPredictor
from surya.settings import settings

import ocrkit
from ocrkit.engines.surya import SuryaOptions
from ocrkit.engines.surya.backend import EndpointBackend, EndpointManager
from ocrkit.inference import Endpoint, EndpointSettings
from ocrkit.markup.repair import mended
from ocrkit.model import PageStatus
from ocrkit.sources import open_source
from ocrkit.testing.endpoint import FakeEndpoint, Reply, completion
from ocrkit.testing.engine_contract import EngineContract
from ocrkit.testing.images import text_image

from .pages import FULL, MODEL, printed_page, script, sent_picture

if TYPE_CHECKING:
    from pathlib import Path

    from ocrkit.contracts import EngineOptions
    from ocrkit.engines.surya.engine import SuryaEngine
    from ocrkit.raster import PageImage


def image_of(path: Path) -> PageImage:
    return open_source(path).page(1)


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


@pytest.mark.parametrize(
    "inner",
    [
        "x<y",
        "a <b",
        "<div>open",
        "<div><div>open</div>",
        "<!-- never closed",
        "List<String",
        "<script>1",
        "</p></b>",
        "<textarea>a",
        "<math>a<b",
        "<table><tr><td>",
    ],
)
@pytest.mark.parametrize("closed", ["</div>", ""])
def test_the_parser_of_the_package_finds_every_block_of_a_mended_answer(inner: str, closed: str) -> None:
    first = f'<div data-label="Text" data-bbox="0,0,9,9">{inner}{closed}'
    answer = f'<html><body>{first}<div data-label="Code" data-bbox="0 9 9 19">two</div></body></html>'
    parsed = parse_full_page_html(mended(answer).markup)
    assert [(block.label, block.bbox) for block in parsed] == [("Text", (0, 0, 9, 9)), ("Code", (0, 9, 9, 19))]
    assert parsed[1].html == "two"


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
def test_pictures_of_any_mode_are_read(engine: SuryaEngine, mode: str, tmp_path: Path) -> None:
    picture = Image.fromarray(printed_page().pixels)
    whole = Image.new("I;16", picture.size, 60000) if mode == "I;16" else picture.convert(mode)
    if mode == "I;16":
        whole.paste(9000, (100, 100, 900, 900))
    whole.save(tmp_path / "page.tiff")
    with FakeEndpoint(
        script(page=completion('<div data-bbox="100 100 500 500" data-label="Text">read</div>')), models=(MODEL,)
    ) as server:
        [page] = engine.recognize([image_of(tmp_path / "page.tiff")], SuryaOptions(url=server.url))
    assert page.text == "read"


def test_a_picture_that_lies_on_its_side_is_sent_upright(engine: SuryaEngine, tmp_path: Path) -> None:
    picture = Image.fromarray(printed_page().pixels).rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation: the camera was turned
    picture.save(tmp_path / "page.jpg", exif=exif)
    with FakeEndpoint(script(), models=(MODEL,)) as server:
        [page] = engine.recognize([image_of(tmp_path / "page.jpg")], SuryaOptions(url=server.url))
        assert sent_picture(server.asked[0]).size == (1008, 1400)
    assert (page.width, page.height) == (1000, 1400)


def test_a_page_that_surya_cannot_read_is_read_by_the_cpu_tier_and_says_so() -> None:
    picture = Image.fromarray(text_image("Invoice 2024 Total", size=40).pixels)
    with FakeEndpoint(script(page=Reply(500)), models=(MODEL,)) as server:
        [page] = ocrkit.recognize(picture, tier="vlm", engine="surya", options={"url": server.url}).pages
    assert page.status is PageStatus.FALLBACK
    assert page.text.split() == ["Invoice", "2024", "Total"]
    assert len(server.asked) == 3
    assert [warning.code for warning in page.warnings] == ["fallback"]
    assert "surya" in page.warnings[0].message


def test_what_surya_reads_gets_the_places_of_the_words() -> None:
    picture = Image.fromarray(text_image("Invoice 2024 Total", size=40).pixels)
    answer = '<div data-bbox="0 0 1000 1000" data-label="Section-Header"><h1>Invoice 2024 Total</h1></div>'
    with FakeEndpoint(script(page=answer), models=(MODEL,)) as server:
        [page] = ocrkit.recognize(picture, tier="vlm", engine="surya", options={"url": server.url}).pages
    assert page.status is PageStatus.OK
    assert [word.text for word in page.words] == ["Invoice", "2024", "Total"]
    assert page.words[0].bbox[2] < page.words[1].bbox[0]
    assert page.agreement == 1.0


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
