from __future__ import annotations

import base64
import hashlib
import hmac
import stat
import threading
from typing import TYPE_CHECKING

import pytest

from ocrkit.accounts import Secrets
from ocrkit.errors import SecretKeyError

from .conftest import SECRET

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_sealed_opens_for_its_owner_alone(secrets: Secrets) -> None:
    sealed = secrets.seal("tökén", owner="a")

    assert "tökén".encode() not in sealed
    assert secrets.open(sealed, owner="a") == "tökén"
    with pytest.raises(SecretKeyError):
        secrets.open(sealed, owner="b")


def test_another_key_opens_nothing_and_finds_nothing(secrets: Secrets) -> None:
    other = Secrets(SECRET + "!")

    assert other.digest("x", purpose="token") != secrets.digest("x", purpose="token")
    with pytest.raises(SecretKeyError, match="another key"):
        other.open(secrets.seal("x", owner="a"), owner="a")


@pytest.mark.parametrize("sealed", [b"", b"short", bytes(40)])
def test_what_was_never_sealed_does_not_open(secrets: Secrets, sealed: bytes) -> None:
    with pytest.raises(SecretKeyError):
        secrets.open(sealed, owner="a")


def test_sealing_twice_gives_different_bytes(secrets: Secrets) -> None:
    assert secrets.seal("x", owner="a") != secrets.seal("x", owner="a")


def test_a_digest_for_one_purpose_serves_no_other(secrets: Secrets) -> None:
    made = {secrets.digest("x", purpose="token"), secrets.digest("x", purpose="session"), secrets.csrf("x")}

    assert len(made) == 3


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:DB8:1:2::1", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("unix", "unix", True),
        ("unix", "testclient", False),
    ],
)
def test_addresses_are_told_apart_by_ipv4_address_and_ipv6_site(
    secrets: Secrets, *, one: str, other: str, same: bool
) -> None:
    assert (secrets.anonymous_id(one) == secrets.anonymous_id(other)) is same


def test_an_anonymous_id_cannot_be_made_without_the_key(secrets: Secrets) -> None:
    assert secrets.anonymous_id("192.0.2.1") != Secrets(SECRET + "!").anonymous_id("192.0.2.1")
    assert len(secrets.anonymous_id("192.0.2.1")) == 32


def test_a_form_passes_with_the_token_of_its_own_session_only(secrets: Secrets) -> None:
    assert secrets.csrf_matches("cookie", secrets.csrf("cookie"))
    assert not secrets.csrf_matches("cookie", secrets.csrf("another"))
    assert not secrets.csrf_matches("cookie", "")
    assert not secrets.csrf_matches("cookie", "ü\ud800")


def test_a_receiver_verifies_a_webhook_with_the_secret_it_was_shown(secrets: Secrets) -> None:
    message = b'msg_1.1795478243.{"uuid": "x"}'
    prefix, _, key = secrets.webhook_secret("a").partition("_")
    expected = base64.b64encode(hmac.new(base64.b64decode(key), message, hashlib.sha256).digest()).decode()

    assert prefix == "whsec"
    assert secrets.webhook_signature("a", message) == f"v1,{expected}"
    assert secrets.webhook_signature("b", message) != f"v1,{expected}"


def test_a_key_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "key"
    sealed = Secrets.from_file(path).seal("x", owner="a")

    assert Secrets.from_file(path).open(sealed, owner="a") == "x"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_servers_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    digests: list[str] = []
    ready = threading.Barrier(8)

    def start() -> None:
        ready.wait()
        digests.append(Secrets.from_file(tmp_path / "key").digest("x", purpose="token"))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(digests) == 8
    assert len(set(digests)) == 1


def test_a_short_key_is_refused_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hunter2\n")

    with pytest.raises(SecretKeyError, match="7 characters") as caught:
        Secrets.from_file(tmp_path / "key")
    assert "hunter2" not in str(caught.value)


def test_a_key_file_that_cannot_be_read_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SecretKeyError, match="OCRKIT_SECRET_KEY"):
        Secrets.from_file(tmp_path)


def test_the_key_does_not_show_in_what_is_printed(secrets: Secrets) -> None:
    assert SECRET not in repr(secrets)
