"""What a client may use beyond the given half."""

from __future__ import annotations

import base64
import hmac
import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from .rehearsal import SLOW, UNREADABLE
from .running import Running, pdf, png, posted, tiff, until_ended

if TYPE_CHECKING:
    from pathlib import Path

    import httpx


def events_of(client: httpx.Client, uuid: str, **headers: str) -> list[tuple[str, str, Any]]:
    text = client.get(f"/api/v1/ocr/{uuid}/events/", headers=headers).text
    found = []
    for event in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in event.splitlines() if not line.startswith(":"))
        if lines:
            found.append((lines["event"], lines["id"], json.loads(lines["data"])))
    return found


def test_a_deleted_job_is_gone_with_all_that_belongs_to_it(server: Running, anyone: httpx.Client) -> None:
    uuid = posted(anyone, png()).json()["uuid"]
    folder = server.folder / "data" / "blobs" / "jobs" / uuid
    assert folder.exists()
    answer = anyone.delete(f"/api/v1/ocr/{uuid}/")
    assert (answer.status_code, answer.content) == (204, b"")
    assert anyone.get(f"/api/v1/ocr/{uuid}/").status_code == 404
    assert anyone.delete(f"/api/v1/ocr/{uuid}/").status_code == 404
    assert not folder.exists()


def test_deleting_a_running_job_gives_back_what_was_held(server: Running) -> None:
    with server.client(server.token("quits@example.org")) as client:
        uuid = posted(client, tiff(*[SLOW] * 6)).json()["uuid"]
        assert client.get("/api/v1/usage/").json()["used"] == 6
        client.delete(f"/api/v1/ocr/{uuid}/")
        usage = client.get("/api/v1/usage/").json()
        assert usage["balances"][0]["held"] == 0
        assert usage["used"] < 6


def test_jobs_are_listed_newest_first_and_page_by_page(server: Running) -> None:
    with server.client(server.token("lists@example.org")) as client:
        uuids = [posted(client, png()).json()["uuid"] for _ in range(3)]
        first = client.get("/api/v1/ocr/", params={"limit": 2}).json()
        assert [job["uuid"] for job in first["jobs"]] == uuids[:0:-1]
        assert "text" not in first["jobs"][0]
        rest = client.get("/api/v1/ocr/", params={"limit": 2, "before": first["next"]}).json()
        assert ([job["uuid"] for job in rest["jobs"]], rest["next"]) == ([uuids[0]], None)


@pytest.mark.parametrize("query", ["limit=0", "limit=0.5", "limit=x", "before=-1", "before=nan", "before=inf"])
def test_a_number_that_is_none_is_400(ada: httpx.Client, query: str) -> None:
    assert ada.get(f"/api/v1/ocr/?{query}").status_code == 400


def test_listing_needs_a_token(anyone: httpx.Client) -> None:
    assert anyone.get("/api/v1/ocr/").status_code == 401


def test_the_same_key_and_payload_give_the_same_job_once(server: Running, bob: httpx.Client) -> None:
    headers = {"Idempotency-Key": "order-17"}
    with server.client(server.token("twice@example.org")) as client:
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(lambda _: posted(client, png(), headers=headers).json(), range(4)))
        assert len({answer["uuid"] for answer in answers}) == 1
        assert client.get("/api/v1/usage/").json()["used"] == 1
        other = posted(client, png(text="another"), headers=headers)
        assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
        assert posted(client, png(), headers=headers, language="en").status_code == 409
        assert posted(bob, png(), headers=headers).json()["uuid"] != answers[0]["uuid"]


def test_a_key_sent_again_at_the_same_time_gives_its_job_though_that_took_the_last_credits(server: Running) -> None:
    with server.client(server.token("edge@example.org", plan="tight")) as client, ThreadPoolExecutor(12) as threads:
        content, headers = tiff(500, 500, 500), {"Idempotency-Key": "edge"}
        answers = list(threads.map(lambda _: posted(client, content, headers=headers), range(12)))
        assert [answer.status_code for answer in answers] == [200] * 12
        assert len({answer.json()["uuid"] for answer in answers}) == 1
        assert posted(client, png()).status_code == 402


def test_a_submission_that_waits_for_a_job_which_is_deleted_is_told_so(server: Running) -> None:
    with server.client(server.token("waits@example.org")) as client, ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(posted, client, tiff(*[SLOW] * 5))
        while not (jobs := client.get("/api/v1/ocr/").json()["jobs"]):
            time.sleep(0.02)
        assert client.delete(f"/api/v1/ocr/{jobs[0]['uuid']}/").status_code == 204
        answer = waiting.result()
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_job")


def test_only_the_pages_asked_for_are_read_and_charged(server: Running) -> None:
    with server.client(server.token("some@example.org")) as client:
        job = posted(client, pdf(9), "nine.pdf", pages="2,8-").json()
        assert (job["status"], job["page_count"]) == ("done", 3)
        assert [page["index"] for page in job["pages"]] == [1, 7, 8]
        assert client.get("/api/v1/usage/").json()["used"] == 3


def test_events_tell_each_page_and_the_end(anyone: httpx.Client) -> None:
    uuid = posted(anyone, tiff(600, SLOW, UNREADABLE, SLOW, 500, SLOW)).json()["uuid"]
    told = events_of(anyone, uuid)
    assert [name for name, _, _ in told] == ["page"] * 6 + ["done"]
    assert [identity for _, identity, _ in told] == ["1", "2", "3", "4", "5", "6", "end"]
    assert sorted(data["index"] for _, _, data in told[:-1]) == list(range(6))
    assert [data["index"] for _, _, data in told[:-1] if data["error"]] == [2]
    assert told[-1][2]["status"] == "done"


def test_events_go_on_after_the_last_one_seen(anyone: httpx.Client) -> None:
    uuid = posted(anyone, pdf(3)).json()["uuid"]
    everything = events_of(anyone, uuid)
    assert events_of(anyone, uuid, **{"Last-Event-ID": "2"}) == everything[2:]
    assert anyone.get(f"/api/v1/ocr/{uuid}/events/", headers={"Last-Event-ID": "end"}).status_code == 204
    assert anyone.get(f"/api/v1/ocr/{uuid}/events/", headers={"Last-Event-ID": "x"}).status_code == 400


def test_a_webhook_is_told_of_the_end_in_a_message_that_its_receiver_verifies(server: Running) -> None:
    heard: list[tuple[dict[str, str], bytes]] = []
    done = threading.Event()

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((dict(self.headers), body))
            self.send_response(200)
            self.end_headers()
            done.set()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Ear) as receiver, server.client(server.token("hook@example.org")) as client:
        threading.Thread(target=receiver.serve_forever).start()
        url = f"http://127.0.0.1:{receiver.server_port}/told"
        uuid = posted(client, png(), webhook_url=url).json()["uuid"]
        assert done.wait(15)
        receiver.shutdown()
    headers, body = heard[0]
    told = json.loads(body)
    assert (told["type"], told["data"]["uuid"], told["data"]["pages_done"]) == ("job.done", uuid, 1)
    # As https://www.standardwebhooks.com has it, with the secret that `ocrkit account webhook-secret` prints.
    key = base64.b64decode(server.webhook_secret("hook@example.org").removeprefix("whsec_"))
    signed = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    right = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    assert headers["webhook-signature"] == f"v1,{right}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60


@pytest.mark.slow
def test_a_webhook_is_sent_again_until_it_is_accepted(anyone: httpx.Client) -> None:
    answers = iter((500, 200))
    heard: list[str] = []
    done = threading.Event()

    class Moody(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            heard.append(self.headers["webhook-id"])
            status = next(answers)
            self.send_response(status)
            self.end_headers()
            if status == 200:
                done.set()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Moody) as receiver:
        threading.Thread(target=receiver.serve_forever).start()
        posted(anyone, png(), webhook_url=f"http://127.0.0.1:{receiver.server_port}/told")
        assert done.wait(40)
        receiver.shutdown()
    assert len(heard) == 2
    assert heard[0] == heard[1], "a receiver knows the same message again"


def test_who_asks_too_often_is_told_when_to_come_back(tmp_path: Path) -> None:
    with Running(tmp_path, requests_per_minute=30) as running:
        running.start()
        with running.client() as client, running.client(running.token("other@example.org")) as other:
            answers = [client.get("/api/v1/usage/") for _ in range(32)]
            assert {answer.status_code for answer in answers[:30]} == {200}
            refused = answers[-1]
            assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
            assert int(refused.headers["retry-after"]) >= 1
            assert refused.headers["x-ratelimit-remaining"] == "0"
            assert other.get("/api/v1/usage/").status_code == 200, "each caller has a bucket of its own"
        running.stop()


def test_pages_of_the_origins_named_may_call_and_of_no_others(tmp_path: Path) -> None:
    with Running(tmp_path, cors_origins=["https://app.example.org"]) as running:
        running.start()
        with running.client() as client:
            asked = {"Origin": "https://app.example.org", "Access-Control-Request-Method": "POST"}
            allowed = client.options("/api/v1/ocr/", headers=asked)
            assert allowed.headers["access-control-allow-origin"] == "https://app.example.org"
            assert "access-control-allow-credentials" not in allowed.headers
            other = client.get("/api/v1/formats/", headers={"Origin": "https://evil.example.org"})
            assert "access-control-allow-origin" not in other.headers
        running.stop()


def test_the_log_names_the_caller_behind_a_proxy_that_is_trusted(tmp_path: Path) -> None:
    with Running(tmp_path, trusted_proxies=["127.0.0.1"]) as running:
        running.start()
        with running.client() as client:
            client.get("/api/v1/formats/", headers={"X-Forwarded-For": "203.0.113.9, 192.0.2.7"})
        assert re.search(r"GET /api/v1/formats/ 200 [\d.]+ ms 192\.0\.2\.7\n", running.log.read_text("utf-8"))
        running.stop()


def test_no_origin_may_call_where_none_is_named(anyone: httpx.Client) -> None:
    answer = anyone.get("/api/v1/formats/", headers={"Origin": "https://app.example.org"})
    assert "access-control-allow-origin" not in answer.headers


def test_credits_and_rates_stand_in_headers(ada: httpx.Client) -> None:
    answer = posted(ada, png())
    assert answer.headers["x-credits-cap"] == "10000"
    assert int(answer.headers["x-credits-used"]) + int(answer.headers["x-credits-remaining"]) == 10_000
    assert answer.headers["x-ratelimit-limit"] == "60000"
    assert int(answer.headers["x-ratelimit-remaining"]) < 60_000


def test_head_says_what_get_would(anyone: httpx.Client) -> None:
    uuid = posted(anyone, png()).json()["uuid"]
    for address in (f"/api/v1/ocr/{uuid}/", f"/api/v1/ocr/{uuid}/download/", "/healthz"):
        head, get = anyone.head(address), anyone.get(address)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == get.headers["content-length"]


def test_the_service_tells_how_it_is(anyone: httpx.Client) -> None:
    assert anyone.get("/healthz").json()["status"] == "ok"
    assert anyone.get("/readyz").json()["status"] == "ok"
    figures = anyone.get("/metrics").text
    assert 'ocrkit_http_requests_total{method="GET",route="/healthz",status="200"}' in figures
    assert 'ocrkit_jobs{state="done"}' in figures


def test_the_api_describes_itself_offline(anyone: httpx.Client) -> None:
    told = anyone.get("/api/openapi.json").json()
    assert told["openapi"] == "3.1.0"
    assert {"get", "post"} <= set(told["paths"]["/api/v1/ocr/"])
    page = anyone.get("/api/docs/")
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert all(operation["operationId"] in page.text for path in told["paths"].values() for operation in path.values())
    for name in ("formats", "languages", "tools"):
        assert anyone.get(f"/api/v1/{name}/").json()[name] is not None
    uuid = posted(anyone, pdf(6)).json()["uuid"]
    assert until_ended(anyone, uuid)["pages"][0]["dpi"] == 200
