"""Engine `vlm` over real HTTP: what each kind of answer makes of a page, and what it costs."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from ocrkit.engines.vlm import VlmOptions
from ocrkit.engines.vlm.engine import VlmEngine
from ocrkit.engines.vlm.pictures import is_blank
from ocrkit.errors import (
    EndpointNotConfiguredError,
    EndpointRefusedError,
    EndpointUnavailableError,
    EngineFailedError,
    OcrkitError,
)
from ocrkit.model import BlockKind, PageStatus
from ocrkit.raster import PageImage
from ocrkit.testing import blank_image, text_image
from ocrkit.testing.endpoint import FakeEndpoint, Reply, completion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocrkit.model import Page
    from ocrkit.testing.endpoint import Asked

HTML = (
    '<div data-bbox="100 100 900 200" data-label="Section-Header"><h1>Invoice</h1></div>'
    '<div data-bbox="100 300 900 400" data-label="Text"><p>Total 12.50</p></div>'
)
LOOP = "Total 12.50\n\n" + "and so on and on " * 60


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[VlmEngine]:
    monkeypatch.setenv("OCRKIT_VLM_BACKOFF", "0.01")
    made = VlmEngine()
    yield made
    made.close()


def read(engine: VlmEngine, server: FakeEndpoint, image: PageImage | None = None, **options: Any) -> Page:
    chosen = VlmOptions(url=server.url, **options)
    [page] = engine.recognize([image or text_image("Total 12.50")], chosen)
    return page


def fails(engine: VlmEngine, server: FakeEndpoint, kind: type[OcrkitError], **options: Any) -> str:
    with pytest.raises(kind) as caught:
        read(engine, server, **options)
    return str(caught.value)


def picture_in(asked: Asked) -> Image.Image:
    part = next(part for part in asked.body["messages"][-1]["content"] if part["type"] == "image_url")
    return Image.open(io.BytesIO(base64.b64decode(part["image_url"]["url"].split(",")[1])))


def test_a_page_has_its_blocks_boxes_confidence_and_provenance(engine: VlmEngine) -> None:
    image = text_image("Total 12.50", width=1000, height=1500, number=7)
    with FakeEndpoint([completion(HTML, probability=0.8, model="chandra-2")], models=("chandra-2",)) as server:
        page = read(engine, server, image)
    assert (page.number, page.status, page.warnings) == (7, PageStatus.OK, ())
    assert [(block.kind, block.text, block.bbox) for block in page.blocks] == [
        (BlockKind.SECTION_HEADER, "Invoice", (100, 150, 900, 300)),
        (BlockKind.TEXT, "Total 12.50", (100, 450, 900, 600)),
    ]
    assert [block.confidence for block in page.blocks] == [0.8, 0.8]
    assert page.provenance is not None
    [run] = page.provenance.runs
    assert (run.engine, run.version, run.model) == ("vlm", "chandra-1", "chandra-2")
    assert run.usage is not None
    assert (run.usage.calls, run.usage.prompt_tokens) == (1, 100)


def test_without_probabilities_the_confidence_is_unknown(engine: VlmEngine) -> None:
    with FakeEndpoint([completion(HTML)], models=("chandra",)) as server:
        assert {block.confidence for block in read(engine, server).blocks} == {None}


def test_blocks_below_the_confidence_asked_for_are_left_out(engine: VlmEngine) -> None:
    with FakeEndpoint([completion("Doubtful.", probability=0.4)]) as server:
        assert read(engine, server, min_confidence=0.3).text == "Doubtful."
        assert read(engine, server, min_confidence=0.5).text == ""


def test_the_picture_and_the_prompt_are_those_of_the_dialect(engine: VlmEngine) -> None:
    image = text_image("Total 12.50", width=1654, height=2339)
    with FakeEndpoint(["words"]) as server:
        for dialect in ("chandra", "dots", "lightonocr", "olmocr", "markdown"):
            server.script = [HTML if dialect == "chandra" else '[{"bbox": [0, 0, 9, 9], "text": "x"}]']
            read(engine, server, image, dialect=dialect, picture="jpeg" if dialect == "dots" else "png")
    chandra, dots, lighton, olmocr, markdown = server.asked
    assert [part["type"] for part in olmocr.body["messages"][0]["content"]] == ["text", "image_url"]
    assert [part["type"] for part in lighton.body["messages"][0]["content"]] == ["image_url"]
    assert lighton.body["chat_template_kwargs"] == {"enable_thinking": False}
    assert [part["type"] for part in markdown.body["messages"][0]["content"]] == ["image_url", "text"]
    assert [picture_in(asked).format for asked in (chandra, dots)] == ["PNG", "JPEG"]
    sizes = [picture_in(asked).size for asked in server.asked]
    assert all(side % 28 == 0 for size in sizes[:3] for side in size)
    assert [max(size) for size in sizes[2:]] == [1540, 1288, 2044]
    assert all(asked.body["logprobs"] is True and asked.body["top_logprobs"] == 1 for asked in server.asked)


def test_a_prompt_and_a_bound_of_the_users_own_are_sent(engine: VlmEngine) -> None:
    with FakeEndpoint(["words"]) as server:
        read(engine, server, prompt="Read it.", max_tokens=999)
    assert (server.asked[0].prompt, server.asked[0].body["max_tokens"]) == ("Read it.", 999)


def test_handwriting_is_asked_for_only_of_models_that_follow_instructions(engine: VlmEngine) -> None:
    with FakeEndpoint(["words"]) as server:
        for dialect in ("markdown", "lightonocr", "olmocr"):
            read(engine, server, dialect=dialect, task="handwriting")
            read(engine, server, dialect=dialect)
        read(engine, server, task="handwriting", prompt="Mine.")
    prompts = [asked.prompt for asked in server.asked]
    assert "handwriting" in prompts[0]
    assert "handwriting" not in prompts[1]
    assert prompts[2] == prompts[3] == ""
    assert prompts[4] == prompts[5]
    assert prompts[6] == "Mine."


def test_lines_of_handwriting_stay_lines(engine: VlmEngine) -> None:
    with FakeEndpoint(["Dear Ann,\nwe ~~are~~ were\n[illegible] at sea"]) as server:
        page = read(engine, server, task="handwriting")
    assert page.text == "Dear Ann,\nwe ~~are~~ were\n[illegible] at sea"


def test_an_answer_cut_at_its_bound_is_part_of_a_page(engine: VlmEngine) -> None:
    with FakeEndpoint([completion("The first words", finish="length")]) as server:
        page = read(engine, server)
    assert (page.status, page.text) == (PageStatus.PARTIAL, "The first words")
    assert [warning.code for warning in page.warnings] == ["truncated"]
    assert len(server.asked) == 1


def test_a_model_that_repeats_itself_is_asked_again_with_more_chance(engine: VlmEngine) -> None:
    with FakeEndpoint([completion(LOOP, finish="length"), "Total 12.50"]) as server:
        page = read(engine, server)
    assert (page.status, page.text, page.warnings) == (PageStatus.OK, "Total 12.50", ())
    assert [asked.body["temperature"] for asked in server.asked] == [0.0, 0.3]
    assert page.provenance is not None
    assert page.provenance.runs[0].usage is not None
    assert page.provenance.runs[0].usage.calls == 2


def test_if_it_never_stops_the_likeliest_answer_counts_up_to_its_loop(engine: VlmEngine) -> None:
    with FakeEndpoint([completion(LOOP, finish="length"), completion("other " * 200)]) as server:
        page = read(engine, server)
    assert page.status is PageStatus.PARTIAL
    assert page.text.startswith("Total 12.50")
    assert page.text.count("and so on") == 1
    assert [warning.code for warning in page.warnings] == ["repetition"]
    assert len(server.asked) == 3


def test_what_came_before_the_endpoint_went_away_is_kept(engine: VlmEngine) -> None:
    with FakeEndpoint([completion(LOOP), Reply(400)]) as server:
        page = read(engine, server)
    assert (page.status, page.blocks[0].text) == (PageStatus.PARTIAL, "Total 12.50")


def test_empty_rows_of_a_form_are_no_loop(engine: VlmEngine) -> None:
    form = f"<table><tr><td>Name</td><td>Age</td></tr>{'<tr><td></td><td></td></tr>' * 30}</table>"
    with FakeEndpoint([form]) as server:
        page = read(engine, server)
    assert (page.status, len(server.asked)) == (PageStatus.OK, 1)
    assert page.blocks[0].table is not None


@pytest.mark.parametrize(
    "answer", ["", "  \n", "I'm sorry, I cannot read the text in this image.", "The image is blank."]
)
def test_an_answer_that_is_no_transcription_is_an_error_and_no_empty_page(engine: VlmEngine, answer: str) -> None:
    with FakeEndpoint([answer]) as server:
        fails(engine, server, EngineFailedError)
    assert len(server.asked) == 1


@pytest.mark.parametrize("dialect", ["chandra", "dots"])
def test_prose_from_a_model_that_should_write_blocks_names_the_dialect(engine: VlmEngine, dialect: str) -> None:
    with FakeEndpoint(["Total 12.50, as far as one can tell."]) as server:
        assert "dialect" in fails(engine, server, EngineFailedError, dialect=dialect)


def test_a_page_that_says_sorry_is_read(engine: VlmEngine) -> None:
    letter = "I am sorry that I could not come on Sunday. " + "The roads were flooded, as you know. " * 14
    with FakeEndpoint([letter]) as server:
        assert read(engine, server, attempts=1).text.startswith("I am sorry")


def test_a_page_that_is_one_picture_is_a_page(engine: VlmEngine) -> None:
    with FakeEndpoint(['<div data-bbox="0 0 1000 1000" data-label="Picture"></div>'], models=("chandra",)) as server:
        page = read(engine, server)
    assert (page.status, [block.kind for block in page.blocks]) == (PageStatus.OK, [BlockKind.PICTURE])


def test_a_blank_page_is_not_asked_for(engine: VlmEngine) -> None:
    with FakeEndpoint(["inventions"]) as server:
        page = read(engine, server, blank_image())
    assert (page.status, page.blocks, server.asked) == (PageStatus.OK, (), [])


def test_paper_with_noise_is_blank_and_one_full_stop_is_ink() -> None:
    noise = np.random.default_rng(1).normal(235, 8, (2339, 1654, 1)).clip(0, 255).astype(np.uint8).repeat(3, axis=2)
    assert is_blank(PageImage.from_array(noise))
    noise[1000:1014, 800:814] = 20
    assert not is_blank(PageImage.from_array(noise))


def test_a_page_on_its_side_is_turned_once_if_the_model_says_so(engine: VlmEngine) -> None:
    head = "---\nprimary_language: en\nis_rotation_valid: {}\nrotation_correction: {}\n---\n{}"
    answers = [head.format("False", 90, "garbled"), head.format("False", 90, "upright words")]
    with FakeEndpoint(answers, models=("olmocr",)) as server:
        page = read(engine, server, text_image("Total 12.50", width=900, height=300))
    assert (page.text, page.rotation, len(server.asked)) == ("upright words", 90, 2)
    first, second = (picture_in(asked) for asked in server.asked)
    assert (first.size, second.size) == ((900, 300), (300, 900))
    assert np.array_equal(np.rot90(np.asarray(first), -1), np.asarray(second)), "clockwise"
    assert page.provenance is not None
    assert page.provenance.runs[0].usage is not None
    assert page.provenance.runs[0].usage.calls == 2


def test_trouble_of_the_endpoint_is_its_own_error(engine: VlmEngine) -> None:
    with FakeEndpoint([Reply(500)]) as server:
        fails(engine, server, EndpointUnavailableError)
    with FakeEndpoint([Reply(401)]) as server:
        assert "key" in fails(engine, server, EndpointRefusedError)


def test_without_an_endpoint_the_error_says_how_to_configure_one(
    engine: VlmEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OCRKIT_VLM_URL", raising=False)
    with pytest.raises(EndpointNotConfiguredError, match="OCRKIT_VLM_URL"):
        list(engine.recognize([text_image("Hi")], VlmOptions()))
