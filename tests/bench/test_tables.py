"""Tables made with their truth, and how found ones are scored."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, get_args

import pymupdf
import pytest
from PIL import Image

from bench.contenders import FIND_TABLES, Setup
from bench.dataset import NoDataError
from bench.measure import Entry
from bench.tables import cells, run
from bench.tables.design import Rules, designed
from bench.tables.making import make

if TYPE_CHECKING:
    from pathlib import Path

FRUIT = [["Fruit", "2023"], ["Apples", "12"], ["Pears", ""]]


def test_neighbours_skip_blanks_and_fold_case_and_spaces() -> None:
    assert cells.neighbours([["A b", "", "C"], ["d", "e", ""]]) == {
        ("ab", "c", "right"): 1,
        ("ab", "d", "below"): 1,
        ("d", "e", "right"): 1,
    }


def test_a_lost_row_and_a_cell_run_into_another_cost_their_neighbours() -> None:
    # fruit-2023, fruit-apples, apples-12, apples-pears, 2023-12: five; without the last row four.
    assert cells.score([FRUIT], [FRUIT[:2]]) == pytest.approx(2 * 4 / (5 + 4))
    assert cells.score([FRUIT], [[["Fruit 2023"], ["Apples 12"], ["Pears"]]]) == 0.0


def test_each_table_found_counts_for_one_of_the_true_ones() -> None:
    other = [["x", "y"], ["z", "1"]]
    assert cells.score([FRUIT, other], [other, FRUIT]) == 1.0
    assert cells.score([FRUIT, FRUIT], [FRUIT]) == 0.5
    assert cells.spurious([FRUIT], [FRUIT, other, other]) == 2


def test_tables_come_back_from_csv_as_they_were() -> None:
    tables = [[["a", "line\n\nbreaks, commas"], ["", ""]], [[""], ["b"]]]
    assert cells.read_csv(cells.write_csv(tables)) == [tables[0], [[" "], ["b"]]]


@pytest.mark.parametrize("rules", get_args(Rules))
def test_no_two_cells_of_a_designed_table_overlap(rules: Rules) -> None:
    for seed in range(40):
        design = designed(Random(seed), rules=rules)  # noqa: S311 - not secret
        places = [
            (row, column)
            for box in design.boxes
            for row in range(box.row, box.row + box.rows)
            for column in range(box.column, box.column + box.columns)
        ]
        assert len(set(places)) == len(places)
        assert max(column for _, column in places) < design.columns


def test_a_seed_makes_the_same_tables_again_and_their_texts_stand_on_the_pages(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make(tmp_path / name, count=5, seed=3)
    names = sorted(path.name for path in (tmp_path / "one").glob("*.csv"))
    assert [name.split(".")[0] for name in names] == [
        "001-grid", "002-rows", "003-head", "004-none", "005-grid-continued",
    ]  # fmt: skip
    for name in names:
        truth = (tmp_path / "one" / name).read_text("utf-8")
        assert truth == (tmp_path / "two" / name).read_text("utf-8")
        with pymupdf.open(tmp_path / "one" / name.replace(".gt.csv", ".pdf")) as pdf:
            assert len(pdf) == (2 if "continued" in name else 1)
            said = "".join("".join(page.get_text().split()) for page in pdf)
        texts = [text for rows in cells.read_csv(truth) for row in rows for text in row]
        assert all(word in said for text in texts for word in text.split())
    with Image.open(tmp_path / "one" / "001-grid.img.jpg") as scan:
        assert (scan.size, scan.info["dpi"]) == ((1653, 2339), (200, 200))


def test_whoever_finds_tables_is_scored_on_the_documents_that_it_reads(tmp_path: Path) -> None:
    make(tmp_path / "data", count=1, seed=5)
    entry = Entry("find_tables", FIND_TABLES, Setup(formats=("csv",)))
    (tmp_path / "scratch").mkdir()
    (result,) = run.race({"pdf": [entry]}, tmp_path / "data", tmp_path / "scratch", first_page=True)
    assert (result.errors, result.failure) == ({}, "")
    assert result.scores["001-grid"] > 0.9
    assert run.rows([result])[0] == ["001-grid", f"{100 * result.mean:.1f}"]


def test_a_folder_without_tables_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoDataError, match=r"holds no PDF or picture with a <id>\.gt\.csv"):
        run.race({"pdf": [], "picture": []}, tmp_path, tmp_path)
