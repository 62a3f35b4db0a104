"""The client against a real HTTP server on the loopback that fails in every way that endpoints do."""

from __future__ import annotations

import base64
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from ocrkit.errors import (
    BudgetExceededError,
    EndpointAnswerError,
    EndpointBusyError,
    EndpointCancelledError,
    EndpointError,
    EndpointRefusedError,
    EndpointUnavailableError,
)
from ocrkit.inference import ChatRequest, Usage
from ocrkit.testing.endpoint import FakeEndpoint, Reply, completion, token_logprob

if TYPE_CHECKING:
    from ocrkit.inference import Endpoint

    from .conftest import Connect

HELLO = ChatRequest("Hello", max_tokens=50)


def asks_in_vain(endpoint: Endpoint, kind: type[EndpointError], request: ChatRequest = HELLO) -> str:
    with pytest.raises(kind) as caught:
        endpoint.chat(request)
    assert type(caught.value) is kind
    return str(caught.value)


def test_a_question_travels_as_the_api_has_it_and_its_answer_comes_whole(connect: Connect) -> None:
    request = ChatRequest(
        "What is it?",
        images=(b"\x89PNG",),
        system="Be short.",
        max_tokens=77,
        temperature=0.2,
        top_p=0.9,
        response_format={"type": "json_object"},
        logprobs=True,
        stop=("END",),
        extra={"seed": 7},
    )
    with FakeEndpoint([completion("A dog.", probability=0.5)], key="sesame") as server:
        answer = connect(server, api_key="sesame").chat(request)
    [asked] = server.asked
    picture = {
        "type": "image_url",
        "image_url": {"url": "data:image/png;base64," + base64.b64encode(b"\x89PNG").decode()},
    }
    assert asked.body == {
        "model": "test-model",
        "messages": [
            {"role": "system", "content": "Be short."},
            {"role": "user", "content": [picture, {"type": "text", "text": "What is it?"}]},
        ],
        "max_tokens": 77,
        "temperature": 0.2,
        "top_p": 0.9,
        "response_format": {"type": "json_object"},
        "logprobs": True,
        "top_logprobs": 1,
        "stop": ["END"],
        "seed": 7,
    }
    assert (answer.text, answer.finish_reason, answer.model, answer.attempts) == ("A dog.", "stop", "test-model", 1)
    assert answer.logprobs is not None
    assert b"".join(token.bytes for token in answer.logprobs) == b"A dog."
    assert {round(token.probability, 3) for token in answer.logprobs} == {0.5}
    assert (answer.usage.calls, answer.usage.attempts, answer.usage.prompt_tokens) == (1, 1, 100)


def test_text_alone_is_sent_as_text_and_pictures_may_stand_last_or_alone() -> None:
    assert ChatRequest("Hi").body("m")["messages"] == [{"role": "user", "content": "Hi"}]
    last = ChatRequest("Hi", images=(b"x",), image_first=False).body("m")["messages"][0]["content"]
    assert [part["type"] for part in last] == ["text", "image_url"]
    alone = ChatRequest("", images=(b"x",)).body("m")["messages"][0]["content"]
    assert [part["type"] for part in alone] == ["image_url"]
    assert not {"logprobs", "top_p", "stop", "response_format"} & set(ChatRequest("Hi").body("m"))


def test_a_request_shows_no_picture_when_printed() -> None:
    assert "secret pixels" not in repr(ChatRequest("Hi", images=(b"secret pixels",)))


def test_without_a_model_set_the_first_served_one_is_asked_and_looked_up_once(connect: Connect) -> None:
    with FakeEndpoint(["a", "b"], models=("first", "second")) as server:
        endpoint = connect(server, model=None)
        assert endpoint.models() == ("first", "second")
        assert [endpoint.chat(HELLO).text, endpoint.chat(HELLO).text] == ["a", "b"]
    assert {asked.body["model"] for asked in server.asked} == {"first"}
    assert [request.path for request in server.requests].count("/v1/models") == 2


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_may_pass_is_asked_again_and_the_answer_taken(connect: Connect, status: int) -> None:
    with FakeEndpoint([Reply(status), Reply(status), "at last"]) as server:
        answer = connect(server).chat(HELLO)
    assert (answer.text, answer.attempts, answer.usage.attempts, len(server.asked)) == ("at last", 3, 3, 3)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422, 307])
def test_what_is_refused_is_asked_once_and_no_redirection_is_followed(connect: Connect, status: int) -> None:
    refused = Reply(status, {"error": {"message": "image too large"}}, headers={"Location": "/v1/elsewhere"})
    with FakeEndpoint([refused]) as server:
        said = asks_in_vain(connect(server), EndpointRefusedError)
    assert len(server.requests) == 1
    assert f"HTTP {status}" in said


@pytest.mark.parametrize(
    ("reply", "kind"),
    [(Reply(500), EndpointUnavailableError), (Reply(429), EndpointBusyError), (Reply(503), EndpointUnavailableError)],
)
def test_trouble_that_stays_ends_after_the_retries(connect: Connect, reply: Reply, kind: type[EndpointError]) -> None:
    with FakeEndpoint([reply]) as server:
        asks_in_vain(connect(server, retries=2), kind)
    assert len(server.asked) == 3


def test_the_endpoint_says_how_long_to_wait(connect: Connect) -> None:
    with FakeEndpoint([Reply(429, headers={"Retry-After": "0.4"}), "now"]) as server:
        started = time.monotonic()
        assert connect(server, backoff=30.0).chat(HELLO).text == "now"
    assert 0.4 <= time.monotonic() - started < 5


def test_a_date_says_it_too(connect: Connect) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)
    with FakeEndpoint([Reply(503, headers={"Retry-After": soon}), "now"]) as server:
        assert connect(server, backoff=30.0).chat(HELLO).text == "now"


def test_a_wait_beyond_the_deadline_is_not_begun(connect: Connect) -> None:
    with FakeEndpoint([Reply(429, headers={"Retry-After": "3600"})]) as server:
        started = time.monotonic()
        asks_in_vain(connect(server), EndpointBusyError)
    assert time.monotonic() - started < 2
    assert len(server.asked) == 1


def test_a_connection_reset_in_the_middle_is_tried_again(connect: Connect) -> None:
    with FakeEndpoint([Reply(body="x" * 500, reset_after=100), "whole"]) as server:
        assert connect(server).chat(HELLO).text == "whole"
    assert len(server.asked) == 2


@pytest.mark.parametrize("reply", [Reply(body="{}", delay=30.0), Reply(body="x" * 500, trickle=0.1)])
def test_an_answer_that_does_not_come_in_time_is_left(connect: Connect, reply: Reply) -> None:
    with FakeEndpoint([reply]) as server:
        started = time.monotonic()
        said = asks_in_vain(connect(server, read_timeout=0.3, retries=1, deadline=2), EndpointUnavailableError)
    assert time.monotonic() - started < 2
    assert len(server.asked) == 2
    assert "within" in said


def test_time_for_an_answer_grows_with_its_tokens(connect: Connect) -> None:
    settings = connect("http://127.0.0.1:1/v1", read_timeout=60, tokens_per_second=15).settings
    assert (settings.seconds_for(100), settings.seconds_for(1800)) == (60, 120)


def test_nobody_there_is_said_at_once(connect: Connect) -> None:
    said = asks_in_vain(connect("http://127.0.0.1:9/v1"), EndpointUnavailableError)
    assert "cannot be reached" in said
    assert "ocrkit doctor" in said


@pytest.mark.parametrize("body", ["<html>welcome</html>", '{"choices": [', {"choices": []}, [1], {"choices": [{}]}])
def test_an_answer_that_is_none_is_said_and_not_repeated(connect: Connect, body: object) -> None:
    with FakeEndpoint([Reply(body=body)]) as server:
        asks_in_vain(connect(server), EndpointAnswerError)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("code", "kind", "times"),
    [(429, EndpointBusyError, 3), (400, EndpointRefusedError, 1), (None, EndpointUnavailableError, 3)],
)
def test_an_error_sent_as_success_is_an_error(
    connect: Connect, code: int | None, kind: type[EndpointError], times: int
) -> None:
    with FakeEndpoint([Reply(body={"error": {"message": "no", "code": code}})]) as server:
        asks_in_vain(connect(server), kind)
    assert len(server.asked) == times


def test_missing_usage_logprobs_and_content_are_no_error(connect: Connect) -> None:
    bare = {"choices": [{"message": {"role": "assistant", "content": None}}]}
    with FakeEndpoint([completion("Hi.", usage=False), Reply(body=bare)]) as server:
        endpoint = connect(server)
        first, second = endpoint.chat(HELLO), endpoint.chat(HELLO)
    assert (first.text, first.logprobs, first.usage.tokens) == ("Hi.", None, 0)
    assert (second.text, second.finish_reason, second.model) == ("", None, "test-model")


def test_content_in_parts_and_tokens_that_are_parts_of_characters_are_joined(connect: Connect) -> None:
    tokens = [token_logprob(b"\xc3", 0.9), token_logprob(b"\xa9", 0.8), {"token": "!", "bytes": None, "logprob": -0.1}]
    parts = [{"type": "text", "text": "é"}, {"type": "text", "text": "!"}]
    body = {"choices": [{"message": {"content": parts}, "logprobs": {"content": tokens}}]}
    with FakeEndpoint([Reply(body=body)]) as server:
        answer = connect(server).chat(HELLO)
    assert answer.logprobs is not None
    assert b"".join(token.bytes for token in answer.logprobs).decode() == answer.text == "é!"


def test_it_waits_for_a_model_that_is_loading(connect: Connect) -> None:
    with FakeEndpoint(["ready"], loading=3) as server:
        assert connect(server, retries=0).chat(HELLO).text == "ready"


def test_it_does_not_wait_for_ever_for_a_model_that_is_loading(connect: Connect) -> None:
    with FakeEndpoint(["never"], loading=10_000) as server:
        said = asks_in_vain(connect(server, retries=0, loading_timeout=0.2), EndpointUnavailableError)
    assert "Loading model" in said
    assert len(server.asked) == 2


def test_after_three_failures_in_a_row_nobody_asks_until_one_finds_it_well(connect: Connect) -> None:
    with FakeEndpoint([Reply(500)]) as server:
        endpoint = connect(server, retries=1, cooldown=0.3)
        for _ in range(10):
            asks_in_vain(endpoint, EndpointUnavailableError)
        assert len(server.asked) == 6
        time.sleep(0.35)
        asks_in_vain(endpoint, EndpointUnavailableError)
        asks_in_vain(endpoint, EndpointUnavailableError)
        assert len(server.asked) == 7, "one asks, once, whether it is well again, and it is not"
        time.sleep(0.35)
        server.script = ["well"]
        assert [endpoint.chat(HELLO).text for _ in range(3)] == ["well"] * 3


def test_many_pages_at_a_dead_endpoint_cost_few_requests(connect: Connect) -> None:
    with FakeEndpoint([Reply(500, delay=0.02)]) as server:
        endpoint = connect(server, retries=2, concurrency=4)
        with ThreadPoolExecutor(16) as threads:
            list(threads.map(lambda _: asks_in_vain(endpoint, EndpointUnavailableError), range(60)))
    # Two that fail before, and four under way with the third: three attempts each. It would be 180 without an end.
    assert len(server.asked) <= 18


def test_a_refusal_is_no_failure_of_the_endpoint(connect: Connect) -> None:
    with FakeEndpoint([*[Reply(400)] * 5, "fine"]) as server:
        endpoint = connect(server)
        for _ in range(5):
            asks_in_vain(endpoint, EndpointRefusedError)
        assert endpoint.chat(HELLO).text == "fine"


def test_no_more_questions_are_under_way_than_allowed(connect: Connect) -> None:
    with FakeEndpoint(lambda asked: Reply(body=completion(asked.prompt).body, delay=0.05)) as server:
        endpoint = connect(server, concurrency=3)
        with ThreadPoolExecutor(12) as threads:
            answers = list(threads.map(lambda n: endpoint.chat(ChatRequest(f"question {n}")).text, range(24)))
    assert answers == [f"question {n}" for n in range(24)]
    assert server.peak == 3
    assert endpoint.usage.calls == 24


def test_a_caller_may_leave_while_it_waits_for_the_answer(connect: Connect) -> None:
    left = threading.Event()
    with FakeEndpoint([Reply(body="{}", delay=20.0), "next"]) as server:
        endpoint = connect(server, read_timeout=30.0, concurrency=1)
        threading.Timer(0.2, left.set).start()
        started = time.monotonic()
        with pytest.raises(EndpointCancelledError):
            endpoint.chat(HELLO, cancelled=left.is_set)
        assert time.monotonic() - started < 2
        assert endpoint.chat(HELLO).text == "next", "its place is free again"
        assert time.monotonic() - started < 5


def test_a_caller_may_leave_between_two_attempts_and_in_the_queue(connect: Connect) -> None:
    left = threading.Event()
    with FakeEndpoint([Reply(503, headers={"Retry-After": "25"})]) as server:
        endpoint = connect(server, read_timeout=30.0, concurrency=1)
        threading.Timer(0.3, left.set).start()
        started = time.monotonic()
        with ThreadPoolExecutor(4) as threads:
            waiting = [threads.submit(endpoint.chat, HELLO, cancelled=left.is_set) for _ in range(4)]
        assert time.monotonic() - started < 3
    assert [type(each.exception()) for each in waiting] == [EndpointCancelledError] * 4
    assert len(server.asked) <= 4, "nobody asked again"


def test_closing_calls_off_what_is_under_way_and_a_later_question_opens_anew(connect: Connect) -> None:
    with FakeEndpoint([Reply(body="{}", delay=20.0), "again"]) as server:
        endpoint = connect(server, read_timeout=30.0)
        with ThreadPoolExecutor(1) as threads:
            waiting = threads.submit(endpoint.chat, HELLO)
            while not server.asked:
                time.sleep(0.01)
            endpoint.close()
            assert isinstance(waiting.exception(5), EndpointCancelledError)
        endpoint.close()
        assert endpoint.chat(HELLO).text == "again"


def test_a_budget_of_calls_and_one_of_tokens_stop_further_questions(connect: Connect) -> None:
    with FakeEndpoint(["fine"]) as server:
        few = connect(server, max_calls=2)
        assert [few.chat(HELLO).text for _ in range(2)] == ["fine"] * 2
        asks_in_vain(few, BudgetExceededError)
        assert len(server.asked) == 2
        short = connect(server, max_total_tokens=150)
        assert [short.chat(HELLO).text for _ in range(2)] == ["fine"] * 2
        assert "of 150 tokens" in asks_in_vain(short, BudgetExceededError)
        assert len(server.asked) == 4


def test_usage_is_a_sum() -> None:
    once = Usage(calls=1, attempts=2, prompt_tokens=10, completion_tokens=5, seconds=0.5)
    assert sum([once, once], Usage()) == Usage(calls=2, attempts=4, prompt_tokens=20, completion_tokens=10, seconds=1.0)


def test_no_secret_is_in_an_error_a_log_or_a_representation(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with FakeEndpoint(key="other") as server:
        with_key = connect(server, api_key="sk-very-secret")
        with_login = connect(server.url.replace("//", "//alice:wonder%40land@"))
        refused = [asks_in_vain(each, EndpointRefusedError) for each in (with_key, with_login)]
        shown = [repr(with_key.settings), str(with_login.settings), with_login.check().detail, *refused]
    [first, second] = [request.headers["authorization"] for request in server.asked[:2]]
    assert first == "Bearer sk-very-secret"
    assert base64.b64decode(second.removeprefix("Basic ")) == b"alice:wonder@land"
    for text in (*shown, caplog.text):
        assert not {word for word in ("sk-very-secret", "wonder", "alice") if word in text}
    assert "Bad key Bearer ***" in refused[0]


def test_the_check_tells_a_sound_endpoint_from_the_others(connect: Connect) -> None:
    with FakeEndpoint(["yes"], models=("page-reader",), key="k") as server:
        sound = connect(server, model=None, api_key="k").check()
        assert (sound.reachable, sound.works, sound.model, sound.models) == (
            True,
            True,
            "page-reader",
            ("page-reader",),
        )
        assert "page-reader answers" in sound.detail
        locked = connect(server, model=None).check()
        assert (locked.reachable, locked.works, locked.hint) == (True, False, "Check its key.")
    gone = connect("http://127.0.0.1:9/v1", retries=0).check()
    assert (gone.reachable, gone.works) == (False, False)
    with FakeEndpoint(models=()) as server:
        empty = connect(server, model=None).check()
    assert (empty.reachable, empty.works) == (True, False)
    assert "Name the model" in empty.hint
