"""`recognize --tool` and `tools`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .conftest import MakePdf, Ocrkit


def test_the_tools_are_listed(ocrkit: Ocrkit) -> None:
    rows = json.loads(ocrkit("tools", "--json").stdout)
    assert {"extract-tables", "translate"} <= {row["name"] for row in rows}
    assert "handwriting" in ocrkit("tools", "handwriting-to-text").stdout.lower()


def test_a_tool_sets_the_format_unless_one_is_named(ocrkit: Ocrkit, make_pdf: MakePdf) -> None:
    make_pdf("a.pdf", "Only these words.")
    done = ocrkit("recognize", "a.pdf", "--tool", "pdf-to-text")
    assert (done.returncode, done.stdout.strip()) == (0, "Only these words.")
    told = json.loads(ocrkit("recognize", "a.pdf", "--tool", "pdf-to-text", "-f", "json").stdout)
    assert told["pages"][0]["blocks"]


def test_extract_tables_writes_no_words_where_there_is_no_table(ocrkit: Ocrkit, make_pdf: MakePdf) -> None:
    make_pdf("a.pdf", "Only these words.")
    done = ocrkit("recognize", "a.pdf", "--tool", "extract-tables")
    assert (done.returncode, done.stdout.strip()) == (0, "")
    assert "No table" in done.stderr


def test_a_tool_that_cannot_be_used_ends_with_2(ocrkit: Ocrkit) -> None:
    assert "extract-tables" in ocrkit("recognize", "absent.pdf", "--tool", "extract-stars").stderr
    done = ocrkit("recognize", "absent.pdf", "--tool", "translate")
    assert done.returncode == 2
    assert "translate_to" in done.stderr
