"""`bench fields` counts what a tool finds beside what is known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pymupdf
import pytest

import ocrkit
from bench import fields
from bench.dataset import NoDataError

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = {"company": "SHOP LTD", "date": "24/12/2023", "total": "RM12.00", "address": "1 High Street, Hull HU1 1AA"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    texts = {
        "a": ("Shop Ltd", "1 High Street", "Hull HU1 1AA", "Date: 24/12/2023", "Total 12.00"),
        "b": ("Other Ltd", "Date: 25/12/2023"),
    }
    for name, lines in texts.items():
        with pymupdf.open() as made:
            page = made.new_page()
            for place, line in enumerate(lines):
                page.insert_text((72, 72 + 20 * place), line)
            made.save(tmp_path / f"{name}.pdf")
        (tmp_path / f"{name}.gt.json").write_text(json.dumps([KNOWN] if name == "a" else KNOWN), "utf-8")
    return tmp_path


def test_right_wrong_and_missing_values_are_counted(data: Path) -> None:
    [(name, score)] = fields.scored(data, read=ocrkit.recognize, tool="receipt-to-json").items()
    assert (name, score.documents, score.astray) == (f"{data.name} (pdf)", 2, [])
    told = {row[0]: row[1:5] for row in fields.rows(score)}
    assert told == {
        "vendor": ["2", "1", "1", "0"],
        "date": ["2", "1", "1", "0"],
        "total": ["2", "1", "0", "1"],
        "address": ["2", "1", "0", "1"],
        "all": ["8", "4", "2", "2"],
    }
    assert "b.pdf: total is 'RM12.00', not None" in score.misses


def test_a_value_that_does_not_stand_where_it_says_is_told(data: Path) -> None:
    document = ocrkit.recognize(data / "a.pdf", tool="receipt-to-json")
    moved = tuple(one.model_copy(update={"bbox": (0.0, 0.0, 5.0, 5.0)}) for one in document.fields)
    score = fields.Score()
    fields.judge("a.pdf", document.model_copy(update={"fields": moved}), {}, score=score)
    assert len(score.astray) == len(moved) > 0


@pytest.mark.parametrize(
    ("key", "given", "wanted", "same"),
    [
        ("vendor", "Acme Trading Ltd", "ACME TRADING", True),
        ("vendor", "Acme Tradlng Ltd", "ACME TRADING LTD", True),
        ("vendor", "Ltd", "Acme Ltd", False),
        ("vendor", "Zenith Ltd", "Acme Ltd", False),
        ("date", "2018-12-04", "04/12/18", True),
        ("date", "2018-04-12", "04/12/18", False),
        ("total", "8.60", "RM8.60", True),
        ("total", "8.61", "8.6", False),
        ("number", "BLR-1", "#BLR_1", True),
        ("address", "1 High Street Hull", "1, HIGH STREET, HULL", True),
        ("address", "1 High Street", "1 High Street, Old Town, Kingston upon Hull", False),
    ],
)
def test_values_are_compared_by_what_they_mean(key: str, given: str, wanted: str, same: bool) -> None:
    assert fields.same(key, given, wanted) is same


def test_a_folder_without_known_fields_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoDataError):
        fields.known_files(tmp_path)
