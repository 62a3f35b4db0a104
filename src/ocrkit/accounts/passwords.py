"""Passwords as argon2id hashes, compared in a time that does not tell whether there was one."""

from __future__ import annotations

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from ocrkit.errors import BadPasswordError

SHORTEST = 8
LONGEST = 1024
"""Characters; NIST SP 800-63B asks for at least 8, and to take at least 64."""
_AT_ONCE = 2
"""Hashes made at a time: each takes 64 MiB (RFC 9106, second recommended option), whoever asks for it."""


class Passwords:
    """Makes and checks hashes; safe from several threads."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._room = threading.BoundedSemaphore(_AT_ONCE)

    def hashed(self, password: str) -> str:
        """The hash to keep of a new password.

        Raises:
            BadPasswordError: it is too short or too long.
        """
        if not SHORTEST <= len(password) <= LONGEST:
            raise BadPasswordError(f"A password has {SHORTEST} to {LONGEST} characters.")
        with self._room:
            return self._hasher.hash(_bytes(password))

    def match(self, hashed: str | None, password: str) -> bool:
        """Whether the password is the one of this hash; takes as long if there is no hash."""
        # One character more than any password has cannot match, and costs no more to compare.
        given = _bytes(password[: LONGEST + 1])
        with self._room:
            if hashed is None:
                self._hasher.hash(given)
                return False
            try:
                return self._hasher.verify(hashed, given)
            except VerifyMismatchError:
                return False


def _bytes(password: str) -> bytes:
    # The same characters whichever keyboard composed them (NIST SP 800-63B, 3.1.1.2).
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
