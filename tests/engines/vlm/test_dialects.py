"""Each dialect on an answer of its family: what is asked, and what is read; golden files say what is right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ocrkit.engines.vlm.dialects import DIALECTS, dialect_of
from ocrkit.engines.vlm.items import items_in
from ocrkit.engines.vlm.transcripts import Transcript, View

if TYPE_CHECKING:
    from ocrkit.model import Block

GOLDEN = Path(__file__).parent / "golden"
PAGE = (1000, 2000)
PICTURE = (700, 980)


def read(dialect: str, answer: str) -> Transcript:
    return dialect_of(dialect, "").read(View(answer, PAGE, PICTURE))  # type: ignore[arg-type]  # a name of a file


def shown(block: Block) -> dict[str, Any]:
    fields = block.model_dump(mode="json", exclude_defaults=True, exclude={"table"})
    return fields | ({"grid": block.table.grid(), "spans": block.table.has_spans} if block.table else {})


@pytest.mark.parametrize("name", sorted(path.stem for path in GOLDEN.glob("*.txt")))
def test_an_answer_of_the_family_is_read_as_its_golden_file_says(name: str) -> None:
    answer = (GOLDEN / f"{name}.txt").read_text("utf-8")
    wanted = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    transcript = read(name.split("-", maxsplit=1)[0], answer)
    assert [shown(block) for block in transcript.blocks] == wanted
    assert not transcript.prose


def test_every_dialect_has_a_golden_file() -> None:
    assert {dialect.name for dialect in DIALECTS} <= {path.stem for path in GOLDEN.glob("*.json")}


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("datalab-to/chandra-ocr-2", "chandra"),
        ("lightonai/LightOnOCR-2-1B", "lightonocr"),
        ("rednote-hilab/dots.ocr", "dots"),
        ("dots.mocr", "dots"),
        ("allenai/olmOCR-2-7B-1025-FP8", "olmocr"),
        ("Qwen/Qwen3-VL-8B-Instruct", "markdown"),
        ("/models/some.gguf", "markdown"),
    ],
)
def test_the_dialect_goes_by_the_name_of_the_model(model: str, name: str) -> None:
    assert dialect_of("auto", model).name == name
    assert dialect_of("markdown", model).name == "markdown"


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda each: each.name)
def test_pictures_fit_the_model(dialect: Any) -> None:
    for size in [(1654, 2339), (100, 20), (8000, 12000), (1, 1), (2000, 3)]:
        across, down = dialect.fit.size(*size)
        assert across % dialect.fit.multiple == down % dialect.fit.multiple == 0
        assert across * down <= dialect.fit.max_pixels * 1.05
        assert min(across, down) >= 1
        longest = dialect.fit.longest or max(across, down)
        assert max(across, down) <= longest + dialect.fit.multiple
        if min(size) >= 100:
            assert across / down == pytest.approx(size[0] / size[1], rel=0.03)


@pytest.mark.parametrize("answer", ["I cannot read this.", "[]", "{}", '{"error": "no"}', "```json\n```"])
def test_an_answer_without_blocks_is_prose_to_dialects_that_must_have_them(answer: str) -> None:
    assert read("dots", answer).prose
    assert read("chandra", answer).prose or "```" in answer
    assert read("chandra", answer).blocks == ()


def test_a_list_cut_anywhere_gives_what_came_whole_and_what_there_is_of_the_last() -> None:
    whole = json.dumps(
        [{"bbox": [1, 2, 3, 4], "category": "Text", "text": f"block {n} \\alpha {{x}} “é” 😀"} for n in range(4)]
    )
    for end in range(len(whole)):
        items = items_in(whole[:end])
        texts = [item.text for item in items]
        assert len(items) == whole[:end].count('{"bbox":')
        assert all(f"block {n} \\alpha {{x}} “é” 😀" == text for n, text in enumerate(texts[:-1]))
        assert not any(0xD800 <= ord(sign) < 0xE000 for sign in "".join(texts))
    assert [item.box for item in items_in(whole)] == [(1, 2, 3, 4)] * 4


def test_latex_with_single_backslashes_is_kept_in_json() -> None:
    [item] = items_in(
        r'[{"bbox": [0, 0, 1, 1], "category": "Formula", "text": "\frac{\beta}{\rho} \times \nabla \\\\ \n x"}]'
    )
    assert item.text == "\\frac{\\beta}{\\rho} \\times \\nabla \\\\ \n x"


def test_each_item_says_where_it_stands_though_backslashes_were_added() -> None:
    answer = r'[{"bbox": [0,0,1,1], "text": "\alpha \omega"}, {"bbox": [0,0,1,1], "text": "two"}]'
    spans = [answer[slice(*item.span)] for item in items_in(answer)]
    assert spans == [r'{"bbox": [0,0,1,1], "text": "\alpha \omega"}', '{"bbox": [0,0,1,1], "text": "two"}']


@pytest.mark.parametrize(
    ("head", "turn"),
    [
        ("is_rotation_valid: False\nrotation_correction: 90", 90),
        ("is_rotation_valid: False\nrotation_correction: 45", 0),
        ("is_rotation_valid: True\nrotation_correction: 90", 0),
    ],
)
def test_olmocr_says_how_the_page_must_be_turned(head: str, turn: int) -> None:
    assert read("olmocr", f"---\nprimary_language: en\n{head}\n---\nWords").turn == turn


@pytest.mark.parametrize("answer", ["---\nprimary_language: null\n---\nnull", "---\na: b\n---\n", "---\na: b\n---"])
def test_olmocr_says_null_for_a_page_without_text(answer: str) -> None:
    assert read("olmocr", answer).blocks == ()


@pytest.mark.parametrize(
    "answer",
    [
        "Words",
        "```\nWords\n```",
        "```markdown\nWords",
        "Sure, here is the text:\n\nWords",
        "<think>The page says Words.</think>\nWords",
        "Here's the page:\n```md\nWords\n```\n",
    ],
)
def test_what_models_put_around_a_transcription_is_left_out(answer: str) -> None:
    assert [block.text for block in read("markdown", answer).blocks] == ["Words"]


def test_code_on_the_page_is_no_fence_around_it() -> None:
    kinds = [block.kind.value for block in read("markdown", "```python\nx = 1\n```\n\nand\n\n```\ny\n```").blocks]
    assert kinds == ["code", "text", "code"]
