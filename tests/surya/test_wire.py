"""What goes over the wire, and what comes of each kind of answer: the real surya-ocr, real HTTP on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from surya.inference.prompts import HIGH_ACCURACY_BBOX_PROMPT

from ocrkit.engines.surya import SuryaOptions
from ocrkit.errors import (
    EndpointBusyError,
    EndpointNotConfiguredError,
    EndpointRefusedError,
    EndpointUnavailableError,
    EngineFailedError,
    OcrkitError,
    UnknownLanguageError,
)
from ocrkit.testing.endpoint import FakeEndpoint, Reply, completion
from ocrkit.testing.images import blank_image

from .pages import FULL, LAYOUT, MODEL, READ_BY_BLOCK, TEXTS, printed_page, script, sent_picture, task_of

if TYPE_CHECKING:
    from ocrkit.engines.surya.engine import SuryaEngine
    from ocrkit.model import Page
    from ocrkit.testing.endpoint import Asked

WORDS = "the same words again "
BY_BLOCK = ["high_accuracy_bbox", "layout", "block", "block", "block"]


def failing(status: int) -> Reply:
    return Reply(status, {"error": {"message": "no", "code": status}})


def cut(text: str) -> Reply:
    return completion(text, finish="length", probability=0.9, model=MODEL)


def read(engine: SuryaEngine, server: FakeEndpoint, **options: str) -> Page:
    [page] = engine.recognize([printed_page()], SuryaOptions.model_validate({"url": server.url, **options}))
    return page


def texts(page: Page) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in page.blocks]


def tasks(server: FakeEndpoint) -> list[str]:
    return [task_of(asked) for asked in server.asked]


def codes(page: Page) -> list[str]:
    return [warning.code for warning in page.warnings]


def test_one_request_asks_for_the_page_as_surya_was_trained(
    engine: SuryaEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCRKIT_VLM_KEY", "secret-key")
    with FakeEndpoint(script(), models=(MODEL,), key="secret-key") as server:
        monkeypatch.setenv("OCRKIT_VLM_URL", server.url)
        read(engine, server)
    [asked] = server.asked
    assert all(request.headers["authorization"] == "Bearer secret-key" for request in server.requests)
    body = asked.body
    assert {
        name: body[name] for name in ("model", "max_tokens", "temperature", "top_p", "logprobs", "top_logprobs")
    } == {
        "model": MODEL,
        "max_tokens": 12288,
        "temperature": 0.0,
        "top_p": 0.1,
        "logprobs": True,
        "top_logprobs": 1,
    }
    [message] = body["messages"]
    picture, prompt = message["content"]
    assert message["role"] == "user"
    assert prompt == {"type": "text", "text": HIGH_ACCURACY_BBOX_PROMPT}
    assert picture["image_url"]["url"].startswith("data:image/png;base64,")
    sent = sent_picture(asked)
    assert (sent.format, sent.mode) == ("PNG", "RGB")
    assert (sent.width % 28, sent.height % 28) == (0, 0)
    assert sent.width / sent.height == pytest.approx(1000 / 1400, rel=0.03)


@pytest.mark.parametrize(
    ("dpi", "sent"), [(384.0, (504, 700)), (192.0, (1008, 1400)), (96.0, (1008, 1400)), (None, (1008, 1400))]
)
def test_a_page_of_high_resolution_is_sent_at_the_resolution_of_the_training(
    engine: SuryaEngine, dpi: float | None, sent: tuple[int, int]
) -> None:
    page = printed_page()
    page.dpi = dpi
    with FakeEndpoint(script(), models=(MODEL,)) as server:
        [found] = engine.recognize([page], SuryaOptions(url=server.url))
    assert sent_picture(server.asked[0]).size == sent
    assert found.blocks[2].bbox == (426.0, 281.4, 651.0, 345.8)
    assert found.dpi == dpi


def test_boxes_of_blocks_are_in_pixels_of_the_page_whatever_was_sent(engine: SuryaEngine) -> None:
    page = printed_page()
    page.dpi = 384.0
    with FakeEndpoint(script(), models=(MODEL,)) as server:
        [found] = engine.recognize([page], SuryaOptions(url=server.url, mode="blocks"))
    assert found.blocks[1].bbox == (196.0, 558.6, 842.0, 630.0)


def test_a_good_answer_becomes_blocks_of_every_kind(engine: SuryaEngine) -> None:
    with FakeEndpoint(script(), models=(MODEL,)) as server:
        page = read(engine, server)
    assert texts(page) == TEXTS
    assert (page.status.value, codes(page)) == ("ok", [])
    assert page.blocks[2].bbox == (426.0, 281.4, 651.0, 345.8)
    assert page.blocks[0].level == 1
    table = page.blocks[3].table
    assert table is not None
    assert table.has_spans
    assert page.blocks[4].latex == r"w_i = \frac{1}{x} < 1"
    assert page.provenance is not None
    [run] = page.provenance.runs
    assert (run.engine, run.model) == ("surya", MODEL)
    assert run.version
    assert run.usage is not None
    assert (run.usage.calls, run.usage.prompt_tokens) == (1, 100)


@pytest.mark.parametrize(
    ("status", "requests", "error"),
    [
        (500, 3, EndpointUnavailableError),
        (502, 3, EndpointUnavailableError),
        (429, 3, EndpointBusyError),
        (400, 1, EndpointRefusedError),
        (401, 1, EndpointRefusedError),
        (403, 1, EndpointRefusedError),
        (404, 1, EndpointRefusedError),
        (413, 1, EndpointRefusedError),
    ],
)
def test_an_endpoint_that_fails_is_an_error_after_few_requests(
    engine: SuryaEngine, status: int, requests: int, error: type[OcrkitError]
) -> None:
    bad = failing(status)
    with FakeEndpoint(script(page=bad, layout=bad, block=bad), models=(MODEL,)) as server, pytest.raises(error):
        read(engine, server)
    assert len(server.asked) == requests


def test_an_endpoint_that_fails_only_for_whole_pages_is_an_error_that_the_cpu_tier_answers(engine: SuryaEngine) -> None:
    with FakeEndpoint(script(page=failing(500)), models=(MODEL,)) as server:
        with pytest.raises(EndpointUnavailableError):
            read(engine, server)
        assert tasks(server) == ["high_accuracy_bbox"] * 3
        assert texts(read(engine, server, mode="blocks")) == READ_BY_BLOCK, "who knows such an endpoint asks by blocks"


@pytest.mark.parametrize(
    ("answer", "asked", "reason"),
    [
        (cut(FULL[:1200]), BY_BLOCK, "cut at its bound"),
        (cut(FULL[:300] + WORDS * 60), ["high_accuracy_bbox", *BY_BLOCK], "repeated itself"),
        ("Sorry, I can only read text.", BY_BLOCK, "without any blocks"),
        ("", BY_BLOCK, "found nothing"),
        ('<div data-bbox="0 0 1000 1000" data-label="Blank-Page"></div>', BY_BLOCK, "found nothing"),
        ('<div data-bbox="1 1 9 9" data-label="Text"> </div>', BY_BLOCK, "found nothing"),
    ],
    ids=["cut", "loop", "prose", "empty", "blank page with ink", "blank text"],
)
def test_an_answer_of_no_use_is_made_up_block_by_block(
    engine: SuryaEngine, answer: Reply | str, asked: list[str], reason: str
) -> None:
    with FakeEndpoint(script(page=answer), models=(MODEL,)) as server:
        page = read(engine, server)
    assert tasks(server) == asked
    assert texts(page) == READ_BY_BLOCK
    assert (page.status.value, codes(page)) == ("ok", ["read_by_block"])
    assert reason in page.warnings[0].message
    assert page.provenance is not None
    assert page.provenance.runs[0].usage is not None
    assert page.provenance.runs[0].usage.calls == len(asked)


def test_a_loop_is_asked_once_more_less_greedily_and_a_good_second_answer_stands(engine: SuryaEngine) -> None:
    def first_loops(asked: Asked) -> Reply:
        return cut(WORDS * 60) if asked.number == 1 else completion(FULL, model=MODEL)

    with FakeEndpoint(script(page=first_loops), models=(MODEL,)) as server:
        page = read(engine, server)
    assert texts(page) == TEXTS
    assert [(a.body["temperature"], a.body["top_p"]) for a in server.asked] == [(0.0, 0.1), (0.2, 0.95)]
    assert page.status.value == "ok"


def test_a_form_of_empty_rows_is_no_loop(engine: SuryaEngine) -> None:
    rows = "<tr><td></td><td></td></tr>" * 30
    table = f"<table><tr><th>Name</th><th>Age</th></tr>{rows}</table>"
    form = f'<div data-bbox="100 100 900 900" data-label="Form">{table}</div>'
    with FakeEndpoint(script(page=form), models=(MODEL,)) as server:
        page = read(engine, server)
    assert len(server.asked) == 1
    assert page.blocks[0].table is not None
    assert page.blocks[0].table.rows == 31
    assert page.status.value == "ok"


@pytest.mark.parametrize(
    ("answer", "kept"),
    [(cut(FULL[:480]), TEXTS[:3]), (cut(FULL[:343] + WORDS * 60), [*TEXTS[:3]])],
    ids=["cut", "loop"],
)
@pytest.mark.parametrize("layout", [failing(500), "not json", "[]"], ids=["500", "not json", "no boxes"])
def test_what_was_read_before_the_end_is_a_partial_page_where_blocks_give_nothing(
    engine: SuryaEngine, answer: Reply, kept: list[tuple[str, str]], layout: Reply | str
) -> None:
    with FakeEndpoint(script(page=answer, layout=layout), models=(MODEL,)) as server:
        page = read(engine, server)
    assert page.status.value == "partial"
    assert codes(page)[0] == "answer_cut"
    assert texts(page)[:3] == kept
    assert len(server.asked) <= 5


@pytest.mark.parametrize("answer", ["", "Sorry.", "[]"])
@pytest.mark.parametrize("layout", ["not json", "[]", '[{"label": "Text", "bbox": "1 2 3"}]', ""])
def test_a_page_with_ink_is_never_passed_off_as_empty(engine: SuryaEngine, answer: str, layout: str) -> None:
    with FakeEndpoint(script(page=answer, layout=layout), models=(MODEL,)) as server:
        with pytest.raises(EngineFailedError, match="no layout"):
            read(engine, server)
        assert tasks(server) == ["high_accuracy_bbox", "layout"]


def test_blocks_without_a_word_are_a_failure_too(engine: SuryaEngine) -> None:
    with FakeEndpoint(script(page="", block=""), models=(MODEL,)) as server:
        with pytest.raises(EngineFailedError, match="nothing"):
            read(engine, server)
        assert tasks(server) == BY_BLOCK


def test_a_page_without_ink_costs_nothing(engine: SuryaEngine) -> None:
    with FakeEndpoint(script(), models=(MODEL,)) as server:
        pages = list(engine.recognize([blank_image(), blank_image(shade=90)], SuryaOptions(url=server.url)))
    assert [(page.status.value, page.blocks) for page in pages] == [("ok", ())] * 2
    assert server.requests == []


def test_a_page_with_one_small_figure_is_not_blank(engine: SuryaEngine) -> None:
    page = printed_page(blank_below=0.02)
    page.pixels[40:] = 255
    page.pixels[:, 40:] = 255
    answer = '<div data-bbox="0 0 1000 20" data-label="Page-Header">1</div>'
    with FakeEndpoint(script(page=answer), models=(MODEL,)) as server:
        [read_page] = engine.recognize([page], SuryaOptions(url=server.url))
    assert texts(read_page) == [("page_header", "1")]
    assert len(server.asked) == 1


def test_text_where_nothing_is_printed_is_left_out_and_told(engine: SuryaEngine) -> None:
    answer = FULL + '<div data-bbox="100 960 300 990" data-label="Text"><p>Made up.</p></div>'
    with FakeEndpoint(script(page=answer), models=(MODEL,)) as server:
        page = read(engine, server)
    assert texts(page) == TEXTS
    assert codes(page) == ["text_without_ink"]
    assert page.warnings[0].boxes == ((100.0, 1344.0, 300.0, 1386.0),)


def test_text_without_ink_is_found_in_an_answer_that_had_to_be_mended(engine: SuryaEngine) -> None:
    answer = '<div data-bbox="100,960,300,990" data-label="Text">Made up.</div>' + FULL
    with FakeEndpoint(script(page=answer), models=(MODEL,)) as server:
        page = read(engine, server)
    assert texts(page) == TEXTS
    assert codes(page) == ["text_without_ink"]


def test_some_blocks_that_fail_make_a_partial_page(engine: SuryaEngine) -> None:
    def first_fails(asked: Asked) -> Reply:
        return failing(400) if asked.body["max_tokens"] == 150 else completion("<p>read</p>", model=MODEL)

    with FakeEndpoint(script(block=first_fails), models=(MODEL,)) as server:
        page = read(engine, server, mode="blocks")
    assert texts(page) == [("text", "read"), ("text", "read"), ("picture", "")]
    assert (page.status.value, codes(page)) == ("partial", ["blocks_failed"])
    assert len(server.asked) == 4


def test_a_block_that_goes_round_in_circles_keeps_what_came_before(engine: SuryaEngine) -> None:
    with FakeEndpoint(script(block=cut("<p>read " + WORDS * 60)), models=(MODEL,)) as server:
        page = read(engine, server, mode="blocks")
    assert [text for _, text in texts(page)] == [f"read {WORDS.strip()}"] * 3 + [""]
    assert (page.status.value, codes(page)) == ("partial", ["answer_cut"])
    assert tasks(server).count("block") == 6


def test_an_endpoint_that_goes_away_among_the_blocks_is_not_asked_for_each(
    engine: SuryaEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCRKIT_VLM_CONCURRENCY", "1")
    layout = str([{"label": "Text", "bbox": f"0 {y} 999 {y + 40}", "count": 50} for y in range(0, 900, 45)])
    with FakeEndpoint(script(layout=layout.replace("'", '"'), block=failing(500)), models=(MODEL,)) as server:
        with pytest.raises(EndpointUnavailableError):
            read(engine, server, mode="blocks")
        assert tasks(server) == ["layout", "block", "block", "block"]


def test_blocks_have_budgets_boxes_and_a_schema_that_every_server_understands(engine: SuryaEngine) -> None:
    wild = LAYOUT.replace("226 89 852 159", "852 159 -20 89").replace("196 399 842 450", "196,399,1842,450")
    with FakeEndpoint(script(layout=wild), models=(MODEL,)) as server:
        page = read(engine, server, mode="blocks")
    layout, *blocks = server.asked
    pattern = layout.body["response_format"]["json_schema"]["schema"]["items"]["properties"]["bbox"]["pattern"]
    assert pattern == "^[0-9]{1,4} [0-9]{1,4} [0-9]{1,4} [0-9]{1,4}$"
    assert layout.body["max_tokens"] == 3072
    assert sorted(asked.body["max_tokens"] for asked in blocks) == [150, 250, 400]
    assert [block.bbox for block in page.blocks[:2]] == [(0, 124.6, 852, 222.6), (196, 558.6, 1000, 630)]
    assert texts(page) == READ_BY_BLOCK


def test_a_layout_that_breaks_off_keeps_its_whole_entries(engine: SuryaEngine) -> None:
    with FakeEndpoint(script(page="", layout=cut(LAYOUT[: LAYOUT.index('"Figure"')])), models=(MODEL,)) as server:
        page = read(engine, server)
    assert texts(page) == READ_BY_BLOCK[:3]
    assert (page.status.value, codes(page)) == ("partial", ["read_by_block", "layout_cut"])


def test_each_block_has_the_confidence_of_its_own_words(engine: SuryaEngine) -> None:
    reply = completion(FULL, probability=0.9, model=MODEL)
    assert isinstance(reply.body, dict)
    tokens = reply.body["choices"][0]["logprobs"]["content"]
    for token in tokens:
        token["logprob"] = -2.0 if "Thomas" in token["token"] or "home" in token["token"] else 0.0
    with FakeEndpoint(script(page=reply), models=(MODEL,)) as server:
        page = read(engine, server)
    known = [block.confidence for block in page.blocks]
    assert known[2] is not None
    assert known[2] < 0.5
    # What a picture shows is said in a tag, and how sure the model is of tags says little.
    assert [known[0], *known[3:]] == [1.0, 1.0, 1.0, 1.0, 1.0, None, 1.0, 1.0]


def test_blocks_that_are_doubted_are_left_out_where_asked_and_unknown_ones_stay(engine: SuryaEngine) -> None:
    doubted = completion(FULL, probability=0.4, model=MODEL)
    with FakeEndpoint(script(page=doubted), models=(MODEL,)) as server:
        assert texts(read(engine, server)) == TEXTS
        assert texts(read(engine, server, min_confidence="0.5")) == [("picture", "A diagram")]


def test_without_logprobs_confidence_is_unknown(engine: SuryaEngine) -> None:
    with FakeEndpoint(script(page=completion(FULL, model=MODEL)), models=(MODEL,)) as server:
        page = read(engine, server)
    assert {block.confidence for block in page.blocks} == {None}
    assert page.confidence is None


def test_several_endpoints_and_any_model_name_serve_one_process(engine: SuryaEngine) -> None:
    with (
        FakeEndpoint(script(), models=("/models/surya.gguf",)) as one,
        FakeEndpoint(script(), models=("b", "c")) as two,
    ):
        read(engine, one)
        read(engine, two, model="c")
        read(engine, one)
    assert [asked.body["model"] for asked in one.asked] == ["/models/surya.gguf"] * 2
    assert [asked.body["model"] for asked in two.asked] == ["c"]


def test_a_server_that_still_loads_its_model_is_waited_for(engine: SuryaEngine) -> None:
    with FakeEndpoint(script(), models=(MODEL,), loading=2) as server:
        assert texts(read(engine, server)) == TEXTS


def test_without_an_endpoint_the_error_names_the_variable(engine: SuryaEngine) -> None:
    with pytest.raises(EndpointNotConfiguredError, match="OCRKIT_VLM_URL"):
        list(engine.recognize([printed_page()], SuryaOptions()))


def test_a_language_that_does_not_exist_is_an_error(engine: SuryaEngine) -> None:
    with pytest.raises(UnknownLanguageError):
        list(engine.recognize([printed_page()], SuryaOptions(language="klingonisch")))
