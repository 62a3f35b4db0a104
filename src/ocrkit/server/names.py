"""File names that are safe to keep, to log and to send. Pure text."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath
from urllib.parse import quote

_LONGEST = 150
"""Characters of a name: with an extension it stays under the 255 bytes of file systems for most scripts."""
_RESERVED = re.compile(r'[<>:"/\\|?*%;]')


def safe_name(name: str, *, otherwise: str = "file") -> str:
    """The name without folders, control and direction characters, and signs that file systems or headers reserve."""
    last = re.split(r"[/\\]", name)[-1]
    # Cc, Cf, Cs, Co, Cn: controls, invisible formatting (which can turn an extension round), what is no character.
    printable = "".join(sign for sign in last if not unicodedata.category(sign).startswith("C"))
    cleaned = _RESERVED.sub("_", unicodedata.normalize("NFC", printable)).strip(" .")
    return cleaned[-_LONGEST:].strip(" .") or otherwise


def attachment(name: str) -> str:
    """The Content-Disposition by which a browser saves a download under this name (RFC 6266, RFC 8187)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    fallback = safe_name(plain, otherwise="download")
    if fallback == name:
        return f'attachment; filename="{name}"'
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe='')}"


def download_name(upload: str, extension: str) -> str:
    """The name of what was made of an upload: `scan.pdf` becomes `scan.docx`."""
    return safe_name(PurePath(safe_name(upload)).stem or "document") + extension
