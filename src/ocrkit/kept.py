"""Folders of files that take long to make and can be made again, kept for this user's other processes."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def kept(name: str, make: Callable[[Path], None]) -> Path | None:
    """The folder of this name, filled by `make` where it is not there yet; `None` where nothing can be kept.

    It lies in the user's folder for caches: `$XDG_CACHE_HOME/ocrkit`, else `~/.cache/ocrkit`. Who finds it finds it
    whole, however many processes make it at once; whatever is in it may be deleted at any time between two runs.

    Args:
        name: another one for other content, as of another version.
        make: fills the empty folder that it is given.
    """
    try:
        root = _root()
        folder = root / name
        if folder.is_dir():
            return folder if os.access(folder, os.R_OK | os.X_OK) else None
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        return _made(root, folder, make)
    except (OSError, RuntimeError):  # no home, no right, no room: it is made anew each time
        return None


def _root() -> Path:
    caches = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (caches if caches.is_absolute() else Path.home() / ".cache") / "ocrkit"


def _made(root: Path, folder: Path, make: Callable[[Path], None]) -> Path:
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=root))
    try:
        make(draft)
        draft.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another process was faster
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder
