"""Addresses, names, rates, logs, settings: each alone."""

from __future__ import annotations

import ipaddress
import logging
from typing import TYPE_CHECKING

import pytest
from starlette.datastructures import Headers

from ocrkit.errors import OptionError
from ocrkit.server.client import client_address
from ocrkit.server.logs import RedactingFormatter
from ocrkit.server.names import attachment, download_name, safe_name
from ocrkit.server.rates import Rates
from ocrkit.server.results import Results
from ocrkit.server.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

PROXIES = [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("::1/128")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # a stranger's word does not count
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("::1", "[2001:db8::7]:443", "2001:db8::7"),
        ("::1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        (None, "198.51.100.1", "local"),
    ],
)
def test_a_caller_is_who_trusted_proxies_say(*, peer: str | None, forwarded: str, caller: str) -> None:
    assert client_address(peer, Headers({"X-Forwarded-For": forwarded}), trusted=PROXIES) == caller


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("scan.pdf", "scan.pdf"),
        ("C:\\Users\\me\\scan.pdf", "scan.pdf"),
        ("../..", "file"),
        ('a"b;c\r\nX: y.pdf', "a_b_cX_ y.pdf"),
        ("gnp\u202efdp.exe", "gnpfdp.exe"),
        ("Größe.pdf", "Größe.pdf"),
        ("", "file"),
    ],
)
def test_a_safe_name_keeps_what_can_be_kept(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_a_download_is_named_in_both_ways() -> None:
    assert attachment("a.pdf") == 'attachment; filename="a.pdf"'
    assert attachment("請求書.pdf") == (
        "attachment; filename=\"pdf\"; filename*=UTF-8''%E8%AB%8B%E6%B1%82%E6%9B%B8.pdf"
    )
    assert download_name("scan.tar.gz", ".docx") == "scan.tar.docx"


def test_a_caller_who_asks_too_often_waits() -> None:
    clock = [0.0]
    rates = Rates(60, now=lambda: clock[0])
    assert [rate.allowed for rate in (rates.spend("a") for _ in range(61)) if rate] == [True] * 60 + [False]
    other = rates.spend("b")
    assert other is not None
    assert other.allowed
    clock[0] = 1.0
    again, late = rates.spend("a"), rates.spend("a")
    assert again is not None
    assert late is not None
    assert (again.allowed, late.allowed, late.headers()["Retry-After"]) == (True, False, "1")


def test_without_a_limit_nothing_is_counted() -> None:
    assert Rates(0).spend("a") is None


def test_results_that_were_asked_for_longest_ago_go_first() -> None:
    results = Results(limit=10)
    results.keep("a", b"1234")
    results.keep("b", b"1234")
    results.get("a")
    results.keep("c", b"1234")
    assert [results.get(job) is not None for job in "abc"] == [True, False, True]
    results.keep("d", bytes(11))
    assert [results.get(job) for job in "acd"] == [None, None, None]


@pytest.mark.parametrize(
    "text",
    ["GET /x?api_token=geheim&a=b", "api_token%3Dgeheim", "{'api_token': 'geheim'}", "Authorization: Bearer geheim"],
)
def test_a_log_line_holds_no_token(text: str) -> None:
    record = logging.LogRecord("x", logging.INFO, "x", 1, text, None, None)
    told = RedactingFormatter().format(record)
    assert "geheim" not in told
    assert "***" in told


def test_what_is_chosen_counts_before_variables_and_those_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "ocrkit.toml"
    file.write_text('port = 1\nhost = "a"\nworkers = 1\n[plans.free]\ncap = 7\n', "utf-8")
    environ = {"OCRKIT_HOST": "b", "OCRKIT_WORKERS": "2", "OCRKIT_TRUSTED_PROXIES": "10.0.0.0/8, ::1", "OCRKIT_DB": ""}
    settings = Settings.load(file, environ=environ, workers=3, db=None)
    assert (settings.port, settings.host, settings.workers) == (1, "b", 3)
    assert len(settings.trusted_proxies) == 2
    assert settings.plans == {"free": {"cap": 7}}
    assert Settings.load(environ={"OCRKIT_CONFIG": str(file)}).port == 1


@pytest.mark.parametrize("text", ["prot = 1", "port = 70000", "port = ["])
def test_a_wrong_setting_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "ocrkit.toml").write_text(text, "utf-8")
    with pytest.raises(OptionError):
        Settings.load(tmp_path / "ocrkit.toml", environ={})


def test_a_secret_is_not_shown() -> None:
    assert "geheim" not in repr(Settings.load(environ={"OCRKIT_SECRET_KEY": "geheim" * 10}))
