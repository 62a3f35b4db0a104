"""The translator on Apertium: its real programs, and a service that has its API over loopback HTTP."""

from __future__ import annotations

import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest

from ocrkit.errors import TranslationError, TranslatorUnavailableError
from ocrkit.translators.apertium import URL_VARIABLE, ApertiumTranslator

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def programs() -> ApertiumTranslator:
    return ApertiumTranslator()


def test_the_installed_pairs_are_listed_under_our_codes(programs: ApertiumTranslator) -> None:
    assert {("en", "es"), ("es", "en")} <= programs.pairs()


def test_english_becomes_spanish_and_spanish_english(programs: ApertiumTranslator) -> None:
    assert list(programs.translate(["The red house"], source="en", target="es")) == ["La casa roja"]
    assert list(programs.translate(["La casa roja"], source="es", target="en")) == ["The red house"]


def test_many_texts_come_back_one_for_one(programs: ApertiumTranslator) -> None:
    texts = [f"House {number}" for number in range(300)]
    assert list(programs.translate(texts, source="en", target="es")) == [f"Casa {number}" for number in range(300)]


@pytest.mark.parametrize(
    "signs",
    ["[x] {y} <z> \\ / ^ $ @", "⟦0⟧ ⟦1⟧", "", "...", "2.", "\u00e9\u4e2d\U0001f600", "a[]b", "\\[", ".[]"],
)
def test_signs_that_mean_something_to_apertium_come_through(programs: ApertiumTranslator, signs: str) -> None:
    made = list(programs.translate([signs, "house", signs], source="en", target="es"))
    kept = [sign for sign in signs if not sign.isalnum() and not sign.isspace()]
    assert made[1] == "casa"
    assert [sign for sign in made[0] if not sign.isalnum() and not sign.isspace()] == kept
    assert made[0] == made[2]


def test_a_nul_does_not_end_a_text(programs: ApertiumTranslator) -> None:
    assert list(programs.translate(["red\0", "house"], source="en", target="es"))[1] == "casa"


def test_capitals_stay_as_in_the_source(programs: ApertiumTranslator) -> None:
    made = list(programs.translate(["INVOICE", "invoice", "Invoice"], source="en", target="es"))
    assert made == ["FACTURA", "factura", "Factura"]


def test_a_sentence_keeps_its_full_stop_and_a_title_gets_none(programs: ApertiumTranslator) -> None:
    made = list(programs.translate(["It is here.", "The house"], source="en", target="es"))
    assert made[0].endswith("aquí.")
    assert made[1] == "La casa"


def test_unknown_words_stay_without_marks(programs: ApertiumTranslator) -> None:
    made = programs.translate(["The xyzzy house"], source="en", target="es")[0]
    assert "xyzzy" in made.lower()
    assert "*" not in made


def test_a_pair_that_is_not_installed_is_an_error(programs: ApertiumTranslator) -> None:
    with pytest.raises(TranslationError, match="en-fr"):
        programs.translate(["house"], source="en", target="fr")


def test_without_the_programs_there_are_no_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ApertiumTranslator().pairs() == frozenset()


def test_a_program_that_fails_is_an_error_that_says_what_it_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "apertium"
    program.write_text('#!/bin/sh\n[ "$1" = -l ] && echo "  eng-spa" && exit\necho out of dictionaries >&2\nexit 3\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(TranslationError, match="out of dictionaries"):
        ApertiumTranslator().translate(["house"], source="en", target="es")


def test_a_program_that_loses_texts_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "apertium"
    program.write_text('#!/bin/sh\n[ "$1" = -l ] && echo "  eng-spa" && exit\ncat > /dev/null\nprintf "una\\0"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(TranslationError, match="3 texts"):
        ApertiumTranslator().translate(["one", "two", "three"], source="en", target="es")


class _Apy(BaseHTTPRequestHandler):
    """The calls of apertium-apy that are used, as its handlers answer them, with the real Apertium behind."""

    broken: str = ""

    def do_GET(self) -> None:
        assert self.path == "/listPairs"
        pairs = [("eng", "spa"), ("spa", "eng"), ("spa", "eng_US"), ("xxx", "spa")]
        self._send([{"sourceLanguage": source, "targetLanguage": target} for source, target in pairs])

    def do_POST(self) -> None:
        fields = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        assert fields["markUnknown"] == ["no"]
        mode = fields["langpair"][0].replace("|", "-")
        done = subprocess.run(
            ["apertium", "-u", mode], input=fields.get("q", [""])[0].encode(), capture_output=True, check=True
        )
        self._send({"translatedText": done.stdout.decode()})

    def _send(self, data: Any) -> None:
        body = self.broken or json.dumps({"responseData": data, "responseDetails": None, "responseStatus": 200})
        self.send_response(500 if self.broken == "500" else 200)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Apy]]:
    class Handler(_Apy):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    monkeypatch.setenv(URL_VARIABLE, f"http://user:hush@127.0.0.1:{server.server_port}/")
    yield Handler
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.usefixtures("service")
def test_the_service_serves_its_pairs_and_the_plain_one_of_variants() -> None:
    translator = ApertiumTranslator()
    assert translator.pairs() == {("en", "es"), ("es", "en")}
    made = list(translator.translate(["The red house", "INVOICE & 5 [X]"], source="en", target="es"))
    assert made == ["La casa roja", "FACTURA & 5 [X]"]
    translator.close()


@pytest.mark.parametrize("broken", ["500", "no json", "{}", "[]", '{"responseData": 5}'])
def test_a_service_that_answers_anything_else_is_an_error_without_its_address(service: type[_Apy], broken: str) -> None:
    service.broken = broken
    translator = ApertiumTranslator()
    with pytest.raises(TranslationError) as caught:
        translator.pairs()
    assert "hush" not in str(caught.value)
    translator.close()


def test_a_service_that_is_not_there_is_an_error_that_names_the_variable() -> None:
    translator = ApertiumTranslator("http://user:hush@127.0.0.1:9")
    with pytest.raises(TranslatorUnavailableError) as caught:
        translator.pairs()
    assert URL_VARIABLE in str(caught.value)
    assert "hush" not in str(caught.value)
    translator.close()
