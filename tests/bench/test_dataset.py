"""Folders of documents with their truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.dataset import NoDataError, items, mixed

if TYPE_CHECKING:
    from pathlib import Path


def folder(path: Path, *names: str) -> Path:
    path.mkdir()
    for name in names:
        (path / name).touch()
        (path / f"{name.rpartition('.')[0]}.gt.txt").write_text(f"\ufefftruth of {name}", "utf-8")
    return path


def test_an_item_is_a_document_with_its_truth_whatever_dots_are_in_its_name(tmp_path: Path) -> None:
    data = folder(tmp_path / "data", "2305.0v1-p9.jpg", "b.PDF")
    (data / "no-truth.png").touch()
    (data / "README.md").touch()
    assert [(item.ident, item.truth) for item in items(data)] == [
        ("2305.0v1-p9", "truth of 2305.0v1-p9.jpg"),
        ("b", "truth of b.PDF"),
    ]


def test_a_folder_without_truth_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    with pytest.raises(NoDataError, match=tmp_path.name):
        items(tmp_path)


def test_any_stretch_of_several_folders_is_a_mixture_and_nothing_comes_twice(tmp_path: Path) -> None:
    many = folder(tmp_path / "many", *(f"m{number}.png" for number in range(8)))
    few = folder(tmp_path / "few", "f0.png", "f1.png", "document.pdf")
    assert [item.ident for item in mixed([many, few])] == ["m0", "f0", "m1", "m2", "m3", "m4", "f1", "m5", "m6", "m7"]
