"""What is refused, how, and that nothing of a token is ever told."""

from __future__ import annotations

import io
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from ocrkit import errors
from ocrkit.server.problems import status_of

from .rehearsal import SLOW, UNREADABLE
from .running import pdf, png, posted, tiff, until_ended
from .test_robustness import pdf_of

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from .running import Running

QUERY_TOKEN = "ocr_geheim-geheim-geheim"  # noqa: S105 - nobody's; made to be looked for


def refused(answer: httpx.Response, status: int, code: str) -> str:
    """The message, after all that every error has in common was seen."""
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), body
    assert {"error", "code"} <= set(body)
    message: str = body["error"]
    return message


def test_every_ocrkit_error_has_a_status() -> None:
    def tree(kind: type[errors.OcrkitError]) -> list[type[errors.OcrkitError]]:
        return [kind, *(each for below in kind.__subclasses__() for each in tree(below))]

    statuses = {kind.__name__: status_of(kind("")) for kind in tree(errors.OcrkitError)}
    assert set(statuses.values()) <= {400, 401, 402, 404, 409, 500, 503}
    assert statuses["FileTooLargeError"] == statuses["UnsupportedFormatError"] == 400
    assert (statuses["OutOfCreditsError"], statuses["NotAuthenticatedError"]) == (402, 401)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_source"),
        (b"just words", "unsupported_format"),
        (b"PK\x03\x04" + bytes(100), "unsupported_format"),
        (png()[:20], "corrupt_source"),
        (b"%PDF-1.7\n" + bytes(50), "corrupt_source"),
        (bytes(2_000_001), "file_too_large"),
    ],
    ids=["nothing", "text", "zip", "cut png", "empty pdf", "too large"],
)
def test_a_file_that_cannot_be_used_is_400(anyone: httpx.Client, *, content: bytes, code: str) -> None:
    refused(posted(anyone, content), 400, code)


def test_no_file_is_400(anyone: httpx.Client) -> None:
    for answer in (
        anyone.post("/api/v1/ocr/"),
        anyone.post("/api/v1/ocr/", json={"file": "x"}),
        anyone.post("/api/v1/ocr/", files={"other": ("a.png", b"x")}),
        anyone.post("/api/v1/ocr/", content=b"", headers={"Content-Type": "multipart/form-data; boundary=x"}),
    ):
        assert answer.status_code == 400
        assert answer.json()["code"] in {"no_file", "bad_form"}


def test_an_encrypted_pdf_is_400(anyone: httpx.Client, tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    path.write_bytes(pdf(1))
    with pikepdf.open(path, allow_overwriting_input=True) as opened:
        opened.save(path, encryption=pikepdf.Encryption(user="u", owner="o"))
    refused(posted(anyone, path.read_bytes()), 400, "password_required")


@pytest.mark.parametrize(
    ("fields", "code", "named"),
    [
        ({"tier": "gpu"}, "unknown_tier", "cpu"),
        ({"language": "tlh"}, "unknown_language", "zh-Hans"),
        ({"tool": "extract-stars"}, "unknown_tool", "extract-stars"),
        ({"translate_to": "fr"}, "unknown_translate_to", "fr"),
        ({"pages": "7"}, "bad_page_range", "1 page"),
        ({"pages": "x"}, "bad_page_range", "ranges"),
        ({"webhook_url": "file:///etc/passwd"}, "bad_webhook_url", "http"),
    ],
)
def test_an_unknown_value_is_400_and_names_what_there_is(
    anyone: httpx.Client, *, fields: dict[str, str], code: str, named: str
) -> None:
    assert named in refused(posted(anyone, png(), **fields), 400, code)


def test_an_unknown_format_is_400_and_names_what_there_is(anyone: httpx.Client) -> None:
    uuid = posted(anyone, png()).json()["uuid"]
    message = refused(anyone.get(f"/api/v1/ocr/{uuid}/download/?format=exe"), 400, "unknown_format")
    assert all(name in message for name in ("txt", "md", "docx", "pdf", "csv", "json"))


@pytest.mark.parametrize("authorization", ["Bearer wrong", "Bearer", "Basic dTpw", "Bearer " + "x" * 5000])
def test_a_wrong_token_is_401_and_never_anonymous(anyone: httpx.Client, authorization: str) -> None:
    for answer in (
        anyone.post("/api/v1/ocr/", files={"file": png()}, headers={"Authorization": authorization}),
        anyone.get("/api/v1/usage/", headers={"Authorization": authorization}),
    ):
        refused(answer, 401, "not_authenticated")
        assert answer.headers["www-authenticate"] == "Bearer"


def test_an_empty_token_on_the_url_is_401(anyone: httpx.Client) -> None:
    refused(anyone.post("/api/v1/ocr/?api_token=", files={"file": png()}), 401, "not_authenticated")


def test_out_of_pages_is_402_with_used_and_cap(server: Running) -> None:
    with server.client(server.token("tight@example.org", plan="tight")) as client:
        assert posted(client, tiff(600, 600)).json()["status"] == "done"
        answer = posted(client, tiff(600, 600))
        refused(answer, 402, "out_of_credits")
        assert (answer.json()["used"], answer.json()["cap"]) == (2, 3)
        assert posted(client, png()).status_code == 200, "one page is left"


def test_more_pages_than_the_plan_allows_are_400(server: Running) -> None:
    with server.client(server.token("long@example.org", plan="tight", credits_bought=0)) as client:
        refused(posted(client, pdf(11)), 400, "too_many_pages")


def test_what_is_not_there_is_404_in_json(anyone: httpx.Client) -> None:
    for address in ("/", "/api/v1/nothing/", "/api/v1/ocr/x/y/z/", "/api/v1/ocr/%0aevil/%2e%2e/"):
        refused(anyone.get(address), 404, "not_found")
    refused(anyone.get("/api/v1/ocr/no-uuid/"), 404, "no_such_job")


def test_a_wrong_method_is_405_with_what_there_is(anyone: httpx.Client) -> None:
    answer = anyone.put("/api/v1/ocr/")
    refused(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    options = anyone.options("/api/v1/ocr/")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")


def test_a_download_before_the_end_is_409(anyone: httpx.Client) -> None:
    uuid = posted(anyone, tiff(*[SLOW] * 6)).json()["uuid"]
    refused(anyone.get(f"/api/v1/ocr/{uuid}/download/"), 409, "not_finished")
    assert until_ended(anyone, uuid)["status"] == "done"


def test_chat_is_refused_in_the_contracts_order(anyone: httpx.Client, ada: httpx.Client) -> None:
    uuid = posted(ada, png()).json()["uuid"]
    refused(anyone.post(f"/api/v1/chat/{uuid}/", json={"message": "?"}), 401, "not_authenticated")
    refused(anyone.get(f"/api/v1/chat/{uuid}/history/"), 401, "not_authenticated")
    refused(ada.post(f"/api/v1/chat/{'0' * 32}/", json={"message": "?"}), 404, "no_such_job")
    refused(ada.post(f"/api/v1/chat/{uuid}/", content=b"{"), 400, "bad_request")
    for body in ("[]", '{"message": ""}', '{"message": " "}', '{"message": 5}', '{"message": "\\ud800"}'):
        refused(ada.post(f"/api/v1/chat/{uuid}/", content=body), 400, "bad_request")
    failed = posted(ada, png(UNREADABLE)).json()["uuid"]
    refused(ada.post(f"/api/v1/chat/{failed}/", json={"message": "?"}), 409, "job_failed")
    refused(ada.get(f"/api/v1/chat/{failed}/history/"), 409, "job_failed")


def test_a_token_is_never_told(server: Running, anyone: httpx.Client) -> None:
    for address in ("/api/v1/ocr/", "/api/v1/ocr", "/nothing", "/api/v1/ocr/x/download", "/nothing%3Fapi_token="):
        answer = anyone.get(address + ("" if address.endswith("=") else "?api_token=") + QUERY_TOKEN)
        assert QUERY_TOKEN not in answer.text + str(answer.headers)
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert not answer.is_redirect
    log = server.log.read_text("utf-8")
    assert QUERY_TOKEN not in log
    assert "GET /api/v1/ocr/ 401" in log


def test_what_is_no_http_is_answered_in_json(server: Running) -> None:
    where = urlsplit(server.url)
    with socket.create_connection((where.hostname or "", where.port or 0)) as connection:
        connection.sendall(b"nonsense\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 400")
    assert b'"code": "bad_request"' in answer


def signed_scan() -> bytes:
    """A page without text of its own, in a PDF that is signed."""
    out = io.BytesIO()
    Image.open(io.BytesIO(png())).save(out, "PDF")
    with pikepdf.open(out) as scan:
        value = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=b"\x00" * 16, ByteRange=[0, 1, 2, 3])
        field = Dictionary(FT=Name.Sig, T=b"signature", V=scan.make_indirect(value))
        scan.Root[Name.AcroForm] = Dictionary(Fields=Array([scan.make_indirect(field)]))
        scan.save(signed := io.BytesIO())
    return signed.getvalue()


# MuPDF takes the first page and leaves it at that; qpdf, which would write the file anew, does not.
ROUND = pdf_of(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>").replace(b"/Kids[3 0 R]", b"/Kids[3 0 R 2 0 R]")


@pytest.mark.parametrize(
    ("content", "code"), [(signed_scan(), "signed_source"), (ROUND, "corrupt_source")], ids=["signed", "broken"]
)
def test_a_pdf_that_cannot_be_written_anew_is_read_and_its_download_is_409(
    anyone: httpx.Client, content: bytes, code: str
) -> None:
    job = posted(anyone, content, "scan.pdf").json()
    assert job["status"] == "done"
    address = f"/api/v1/ocr/{job['uuid']}/download/"
    message = refused(anyone.get(address, params={"format": "pdf"}), 409, code)
    assert "another format" in message
    assert "0x" not in message, "nothing of the server's inside"
    assert anyone.get(address, params={"format": "docx"}).status_code == 200
