"""Small files that the tests of the library share."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def invoice() -> Path:
    return ROOT / "examples" / "invoice.png"


@pytest.fixture
def born_digital(tmp_path: Path) -> Path:
    """Three pages of real text."""
    path = tmp_path / "letter.pdf"
    with pymupdf.open() as pdf:
        for number in range(1, 4):
            page = pdf.new_page(width=595, height=842)
            page.insert_text((72, 100), f"Letter number {number}", fontsize=20)
            page.insert_text((72, 140), "The archive opens at nine and closes at five.", fontsize=11)
        pdf.set_metadata({"title": "Three letters"})
        pdf.save(path)
    return path
