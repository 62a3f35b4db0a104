"""Keeps what C libraries print by themselves (libtiff on a broken file, say) out of the error lines."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def native_messages_hidden() -> Iterator[None]:
    """Within it, descriptor 2 goes nowhere, for this process and those it starts; `sys.stderr` writes as before."""
    stream = sys.stderr
    stream.flush()
    kept = os.dup(2)
    with (
        Path(os.devnull).open("wb") as nowhere,
        os.fdopen(os.dup(2), "w", encoding=stream.encoding, buffering=1) as ours,
    ):
        sys.stderr = ours
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr = stream
            os.dup2(kept, 2)
            os.close(kept)
