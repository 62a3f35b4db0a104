"""The server's one secret key, and all that is made with it: digests, sealed texts, signatures.

Each use has a key of its own, derived from the one, so that what is made for one cannot serve another.
"""

from __future__ import annotations

import hmac
import ipaddress
import os
import secrets
from base64 import b64encode
from contextlib import suppress
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ocrkit.errors import SecretKeyError

if TYPE_CHECKING:
    from pathlib import Path

_SHORTEST = 32
"""Characters of the secret: as urlsafe base64 they carry 192 bits."""
_NONCE = 12
"""Bytes; what NIST SP 800-38D recommends for GCM. Random ones are safe for 2^32 seals under a key."""
_SITE = 64
"""Bits of an IPv6 address that name a site; its owner chooses the others (RFC 6177)."""


class Secrets:
    """Digests, sealed texts and signatures under the server's key.

    Args:
        secret: at least 32 characters that nobody can guess.

    Raises:
        SecretKeyError: it is too short.
    """

    def __init__(self, secret: str) -> None:
        if len(secret) < _SHORTEST:
            raise SecretKeyError(
                f"The secret key has {len(secret)} characters; it needs {_SHORTEST} or more.",
                hint='Make one: python -c "import secrets; print(secrets.token_urlsafe(48))"',
            )
        self._secret = secret.encode("utf-8", "surrogateescape")

    def __repr__(self) -> str:
        return "Secrets(…)"

    @classmethod
    def from_file(cls, path: Path) -> Secrets:
        """Those of the key in a file, which is made if it is not there, readable by its owner alone.

        Servers that start at once agree on one key.

        Raises:
            SecretKeyError: the file cannot be read or made, or holds too little.
        """
        try:
            if not path.exists():
                _write_key(path)
            text = path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SecretKeyError(
                f"The key file {str(path)!r} cannot be used: {error}.",
                hint="Name another one, or set OCRKIT_SECRET_KEY.",
            ) from error
        return cls(text)

    def digest(self, text: str, *, purpose: str) -> str:
        """64 hex digits by which `text` is found again in the database, where only they stand."""
        return hmac.digest(self._key(f"digest of {purpose}"), _bytes(text), "sha256").hex()

    def seal(self, text: str, *, owner: str) -> bytes:
        """`text`, encrypted (AES-256-GCM), to be opened for this owner alone."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self._key("seal")).encrypt(nonce, _bytes(text), _bytes(owner))

    def open(self, sealed: bytes, *, owner: str) -> str:
        """What was sealed.

        Raises:
            SecretKeyError: it was sealed under another key or for another owner, or has been changed.
        """
        try:
            return AESGCM(self._key("seal")).decrypt(sealed[:_NONCE], sealed[_NONCE:], _bytes(owner)).decode()
        except (InvalidTag, ValueError) as error:
            raise SecretKeyError(
                "What the database holds was sealed under another key.", hint="Use the key it was made with."
            ) from error

    def anonymous_id(self, address: str) -> str:
        """The account id, 32 hex digits, of callers from this IP address; of a whole /64 for IPv6.

        The address cannot be had back from it without the key.
        """
        return hmac.digest(self._key("address"), _bytes(_site(address)), "sha256").hex()[:32]

    def csrf(self, cookie: str) -> str:
        """The token that forms shown to the holder of this session cookie carry (64 hex digits)."""
        return self.digest(cookie, purpose="csrf")

    def csrf_matches(self, cookie: str, given: str) -> bool:
        """Whether a form carried the right token."""
        return hmac.compare_digest(_bytes(self.csrf(cookie)), _bytes(given))

    def webhook_secret(self, account: str) -> str:
        """What this account verifies its webhooks with: `whsec_` and base64, as Standard Webhooks has it."""
        return "whsec_" + b64encode(self._webhook_key(account)).decode()

    def webhook_signature(self, account: str, message: bytes) -> str:
        """The signature of a webhook: `v1,` and base64 of HMAC-SHA256, as Standard Webhooks has it.

        `message` is the id of the delivery, its time in whole seconds since 1970, and its body, joined by dots.
        """
        return "v1," + b64encode(hmac.digest(self._webhook_key(account), message, "sha256")).decode()

    def _webhook_key(self, account: str) -> bytes:
        return hmac.digest(self._key("webhook"), _bytes(account), "sha256")

    def _key(self, purpose: str) -> bytes:
        return hmac.digest(self._secret, b"ocrkit " + purpose.encode(), "sha256")


def _bytes(text: str) -> bytes:
    # What clients send may hold what UTF-8 has no bytes for; that is a text like another here.
    return text.encode("utf-8", "surrogatepass")


def _site(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address  # a Unix socket or a test client has a name of another kind
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _SITE), strict=False))


def _write_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        # Whole or not at all, and never over a key that another server has just made.
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
