from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import MakePdf, Ocrkit

SAMPLE = Path(__file__).parents[2] / "examples" / "invoice.png"


@pytest.mark.slow
def test_a_scan_comes_out_as_markdown_when_nothing_else_is_said(ocrkit: Ocrkit) -> None:
    done = ocrkit("recognize", SAMPLE)
    assert done.returncode == 0
    assert "Northlight Imaging" in done.stdout
    assert done.stderr == ""


def test_a_pipe_gets_the_text_and_nothing_else(ocrkit: Ocrkit, make_pdf: MakePdf) -> None:
    make_pdf("a.pdf", "the first page", "the second page")
    done = ocrkit("recognize", "a.pdf", "-f", "txt")
    assert (done.returncode, done.stderr) == (0, "")
    assert "the first page" in done.stdout
    assert "the second page" in done.stdout


def test_standard_input_goes_to_standard_output(ocrkit: Ocrkit, make_pdf: MakePdf) -> None:
    data = make_pdf("a.pdf", "from a stream").read_bytes()
    done = ocrkit("recognize", "-", "-f", "json", stdin=data)
    document = json.loads(done.stdout)
    assert done.returncode == 0
    assert document["source"] == "stdin"
    assert document["media_type"] == "application/pdf"


def test_several_files_and_formats_go_into_a_folder(ocrkit: Ocrkit, make_pdf: MakePdf, tmp_path: Path) -> None:
    make_pdf("a.pdf", "apples")
    make_pdf("b.pdf", "berries")
    done = ocrkit("recognize", "a.pdf", "b.pdf", "-f", "txt", "-f", "json", "-o", "out")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.json", "a.txt", "b.json", "b.txt"]
    assert "berries" in (tmp_path / "out" / "b.txt").read_text()


def test_the_ending_of_the_output_says_the_format(ocrkit: Ocrkit, make_pdf: MakePdf, tmp_path: Path) -> None:
    make_pdf("a.pdf", "apples")
    assert ocrkit("recognize", "a.pdf", "-o", "new/place.json").returncode == 0
    assert json.loads((tmp_path / "new" / "place.json").read_text())["source"] == "a.pdf"


def test_a_bad_file_costs_one_line_and_no_other_file(ocrkit: Ocrkit, make_pdf: MakePdf, tmp_path: Path) -> None:
    make_pdf("good.pdf", "good")
    make_pdf("last.pdf", "last")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7 and then nothing that makes sense")
    done = ocrkit("recognize", "good.pdf", "bad.pdf", "missing.pdf", "last.pdf", "-f", "txt", "-o", "out/")
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert [line.split(":")[0] for line in lines] == ["error", "error"]
    assert "bad.pdf" in lines[0]
    assert "missing.pdf" in lines[1]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["good.txt", "last.txt"]


def test_two_inputs_of_one_name_do_not_overwrite_each_other(ocrkit: Ocrkit, make_pdf: MakePdf, tmp_path: Path) -> None:
    inputs = [make_pdf("x/a.pdf", "one"), make_pdf("x/a.scan", "two"), make_pdf("y/a.pdf", "three")]
    inputs.append(make_pdf("z/a.pdf", "four"))
    assert ocrkit("recognize", *inputs, "-f", "txt", "-o", "out").returncode == 0
    texts = {path.name: path.read_text().strip() for path in (tmp_path / "out").iterdir()}
    assert texts == {"a.txt": "one", "a.scan.txt": "two", "a.pdf.txt": "three", "a.pdf-2.txt": "four"}


def test_an_input_is_never_overwritten(ocrkit: Ocrkit, make_pdf: MakePdf, tmp_path: Path) -> None:
    pdf = make_pdf("odd.txt", "a PDF under the name of a text")
    before = pdf.read_bytes()
    assert ocrkit("recognize", "odd.txt", "-f", "txt", "-o", ".").returncode == 0
    assert (tmp_path / "odd.txt.txt").read_text().strip() == "a PDF under the name of a text"
    done = ocrkit("recognize", "odd.txt", "-f", "txt", "-o", "./odd.txt")
    assert done.returncode == 2
    assert pdf.read_bytes() == before


def test_a_pattern_is_expanded_where_the_shell_did_not(ocrkit: Ocrkit, make_pdf: MakePdf, tmp_path: Path) -> None:
    for name in ("s1.pdf", "s2.pdf", "other.pdf"):
        make_pdf(name, name)
    assert ocrkit("recognize", "s*.pdf", tmp_path / "s?.pdf", "-f", "txt", "-o", "out").returncode == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["s1.txt", "s2.txt"]


def test_a_folder_is_read_with_its_folders_but_not_what_was_written_into_it(
    ocrkit: Ocrkit, make_pdf: MakePdf, tmp_path: Path
) -> None:
    make_pdf("in/a.pdf", "a")
    make_pdf("in/deep/a.pdf", "deep a")
    make_pdf("in/out/old.pdf", "an output of last time")
    make_pdf("in/.hidden/b.pdf", "hidden")
    (tmp_path / "in" / "notes.txt").write_text("no picture")
    done = ocrkit("recognize", "in", "-f", "txt", "-o", "in/out")
    assert (done.returncode, done.stderr) == (0, "")
    written = {str(path.relative_to(tmp_path / "in/out")) for path in (tmp_path / "in/out").rglob("*.txt")}
    assert written == {"a.txt", "deep/a.txt"}


def test_only_the_pages_asked_for_are_read(ocrkit: Ocrkit, make_pdf: MakePdf) -> None:
    make_pdf("a.pdf", "first", "second", "third")
    done = ocrkit("recognize", "a.pdf", "-f", "json", "--pages", "2-")
    assert [page["number"] for page in json.loads(done.stdout)["pages"]] == [2, 3]


def test_a_limit_refuses_a_larger_file(ocrkit: Ocrkit, make_pdf: MakePdf) -> None:
    data = make_pdf("a.pdf", "first", "second").read_bytes()
    for args, stdin in ((["a.pdf", "--limit", "max_pages=1"], b""), (["-", "--limit", "max_bytes=100"], data)):
        done = ocrkit("recognize", *args, "-f", "txt", stdin=stdin)
        assert done.returncode == 1
        assert done.stderr.startswith("error: ")
        assert done.stderr.count("\n") == 1


def test_a_password_comes_from_the_environment_and_appears_nowhere(ocrkit: Ocrkit, make_pdf: MakePdf) -> None:
    right, wrong = "open sesame", "open barley"
    make_pdf("a.pdf", "a secret", password=right)
    done = ocrkit("recognize", "a.pdf", "-f", "txt")
    assert done.returncode == 1
    assert "OCRKIT_PASSWORD" in done.stderr
    done = ocrkit("recognize", "a.pdf", "-f", "txt", "--debug", OCRKIT_PASSWORD=wrong)
    assert done.returncode == 1
    assert "barley" not in done.stderr + done.stdout
    done = ocrkit("recognize", "a.pdf", "-f", "txt", OCRKIT_PASSWORD=right)
    assert (done.returncode, done.stdout.strip()) == (0, "a secret")


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["a.pdf", "--nonsense"],
        ["a.pdf", "-f", "nonsense"],
        ["a.pdf", "-f", "txt", "--engine", "nonsense"],
        ["a.pdf", "-f", "txt", "--language", "nonsense"],
        ["a.pdf", "-f", "txt", "-E", "nonsense=1"],
        ["a.pdf", "-f", "txt", "-O", "nonsense=1"],
        ["a.pdf", "-f", "txt", "-E", "nonsense"],
        ["a.pdf", "-f", "txt", "-E", "min_confidence=7"],
        ["a.pdf", "-f", "txt", "-E", "min_confidence=[0.1"],
        ["a.pdf", "-f", "txt", "--limit", "max_nonsense=1"],
        ["a.pdf", "-f", "txt", "--dpi", "0"],
        ["a.pdf", "-f", "txt", "-f", "json"],
        ["a.pdf", "b.pdf", "-f", "txt", "-o", "one.txt"],
        ["-", "-", "-f", "txt"],
        ["empty", "-f", "txt"],
        ["a.pdf", "-f", "txt", "--plugins", "nonsense"],
        ["a.pdf", "-f", "txt", "--password"],
    ],
)
def test_a_wrong_command_line_is_one_line_and_exit_2(
    ocrkit: Ocrkit, make_pdf: MakePdf, tmp_path: Path, args: list[str]
) -> None:
    make_pdf("a.pdf", "a")
    make_pdf("b.pdf", "b")
    (tmp_path / "empty").mkdir()
    done = ocrkit("recognize", *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


def test_a_failure_shows_its_traceback_only_with_debug(ocrkit: Ocrkit) -> None:
    assert "Traceback" not in ocrkit("recognize", "missing.pdf", "-f", "txt").stderr
    for args in (["recognize", "missing.pdf", "-f", "txt", "--debug"], ["--debug", "engines", "nonsense"]):
        done = ocrkit(*args)
        assert "Traceback" in done.stderr
        assert done.stderr.splitlines()[-1].startswith("error: ")


def test_an_output_that_cannot_be_written_is_an_error_line(ocrkit: Ocrkit, make_pdf: MakePdf, tmp_path: Path) -> None:
    make_pdf("a.pdf", "a")
    (tmp_path / "file").write_text("in the way")
    done = ocrkit("recognize", "a.pdf", "-f", "txt", "-o", "file/a.txt")
    assert done.returncode == 1
    assert done.stderr.startswith("error: a.pdf as txt: file/a.txt cannot be written")
    assert done.stderr.count("\n") == 1
