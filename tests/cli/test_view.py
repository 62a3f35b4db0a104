"""`ocrkit view` as users call it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import MakePdf, Ocrkit


def test_the_page_is_written_into_this_folder_and_named(ocrkit: Ocrkit, make_pdf: MakePdf, tmp_path: Path) -> None:
    make_pdf("in/letter.pdf", "Dear reader", "Yours")
    done = ocrkit("view", "in/letter.pdf")
    assert (done.returncode, done.stdout, done.stderr) == (0, "letter.view.html\n", "")
    page = (tmp_path / "letter.view.html").read_text("utf-8")
    assert "Dear reader" in page
    assert page.count("<section") == 2


def test_standard_output_gets_the_page_and_nothing_else(ocrkit: Ocrkit, make_pdf: MakePdf) -> None:
    done = ocrkit("view", make_pdf("a.pdf", "one", "two"), "-o", "-", "--pages", "2")
    assert done.stdout.startswith("<!DOCTYPE html>")
    assert done.stdout.endswith("</html>\n")
    assert done.stdout.count("<section") == 1
    assert 'data-number="2"' in done.stdout


def test_standard_input_is_shown(ocrkit: Ocrkit, make_pdf: MakePdf) -> None:
    done = ocrkit("view", "-", "-o", "-", stdin=make_pdf("a.pdf", "from a pipe").read_bytes())
    assert "<title>stdin</title>" in done.stdout
    assert "from a pipe" in done.stdout


def test_pictures_are_written_one_a_page_at_the_resolution_asked_for(
    ocrkit: Ocrkit, make_pdf: MakePdf, tmp_path: Path
) -> None:
    done = ocrkit("view", make_pdf("a.pdf", "one", "two", "three"), "-f", "png", "--pages", "2-", "--dpi", "72")
    assert done.stdout.split() == ["a.view-2.png", "a.view-3.png"]
    pictures = [io.BytesIO((tmp_path / name).read_bytes()) for name in done.stdout.split()]
    assert [Image.open(picture).size for picture in pictures] == [(595, 842)] * 2


def test_the_ending_of_the_output_says_that_a_picture_is_wanted(
    ocrkit: Ocrkit, make_pdf: MakePdf, tmp_path: Path
) -> None:
    pdf = make_pdf("a.pdf", "one")
    assert ocrkit("view", pdf, "-o", "new/plain.png", "--show", "words").stdout == "new/plain.png\n"
    assert ocrkit("view", pdf, "-o", "new/order.png").returncode == 0
    plain, order = ((tmp_path / "new" / name).read_bytes() for name in ("plain.png", "order.png"))
    assert plain.startswith(b"\x89PNG")
    assert plain != order


def test_what_is_shown_at_first_is_chosen_on_the_command_line(ocrkit: Ocrkit, make_pdf: MakePdf) -> None:
    done = ocrkit("view", make_pdf("a.pdf", "one"), "-o", "-", "--show", "lines", "--show", "confidence")
    assert '<body class="show-lines show-confidence">' in done.stdout


def test_the_input_is_never_overwritten(ocrkit: Ocrkit, tmp_path: Path) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(picture, "PNG")
    path = tmp_path / "scan.png"
    path.write_bytes(picture.getvalue())
    done = ocrkit("view", "scan.png", "-o", "scan.png")
    assert (done.returncode, path.read_bytes()) == (2, picture.getvalue())
    assert "is the input" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.pdf"], "missing.pdf"),
        (["a.pdf", "-f", "png", "-o", "-"], "Several pictures need a folder"),
        (["a.pdf", "--show", "colours"], "'colours' is not one of"),
        (["a.pdf", "-f", "gif"], "'gif' is not one of"),
        (["*.pdf"], "names 2 files; name one"),
    ],
)
def test_a_mistake_is_one_line(ocrkit: Ocrkit, make_pdf: MakePdf, arguments: list[str], said: str) -> None:
    make_pdf("a.pdf", "one", "two")
    make_pdf("b.pdf", "one")
    done = ocrkit("view", *arguments)
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
