from __future__ import annotations

import json

import pytest

from ocrkit.engines.surya.judging import UnusableAnswerError, guided, is_loop, judged_layout, judged_page
from ocrkit.inference import ChatResponse
from ocrkit.usage import Usage

BLOCK = '<div data-bbox="0 0 9 9" data-label="Text">read</div>'
ENTRY = {"label": "Text", "bbox": "0 0 10 20", "count": 50}


def response(text: str, finish: str | None = "stop") -> ChatResponse:
    return ChatResponse(text, finish, Usage(), None, 1, 0.0, "model")


@pytest.mark.parametrize(
    ("text", "finish", "trouble", "rest"),
    [
        ("", "stop", "empty", None),
        ("Sorry.", "stop", "no_blocks", None),
        ('<div data-bbox="0 0 9 9" data-label="Text"> </div>', "stop", "empty", None),
        (BLOCK + '<div data-bbox="0 9 9 19" data-label="Text">half a se', "length", "cut", ["read", "half a se"]),
        (BLOCK + "again and " * 60, "length", "loop", ["read", "again and"]),
        ("", "length", "cut", None),
    ],
)
def test_an_answer_of_no_use_says_why_and_what_can_be_saved(
    text: str, finish: str, trouble: str, rest: list[str] | None
) -> None:
    with pytest.raises(UnusableAnswerError) as caught:
        judged_page(response(text, finish))
    assert caught.value.trouble == trouble
    saved = caught.value.rest
    assert (saved and [fragment.html for fragment in saved.fragments]) == rest


def test_a_picture_alone_is_an_answer() -> None:
    page = judged_page(response('<div data-bbox="0 0 999 999" data-label="Image"></div>'))
    assert [fragment.label for fragment in page.fragments] == ["Image"]


@pytest.mark.parametrize(
    ("finish", "loop"), [("length", True), (None, True), ("stop", False)], ids=["cut", "not told", "ended"]
)
def test_only_an_answer_that_did_not_end_by_itself_is_a_loop(finish: str | None, loop: bool) -> None:
    assert is_loop(response("the same words again " * 40, finish)) is loop


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (json.dumps([ENTRY]), True),
        (f"```json\n{json.dumps([ENTRY], indent=1)}\n```", True),
        (f"Here it is: {json.dumps([ENTRY])} Anything else?", True),
        (json.dumps([ENTRY])[:-1], False),
        (json.dumps([ENTRY, ENTRY])[:-20], False),
        (json.dumps([{**ENTRY, "bbox": [0, 0, 10, 20]}]), True),
        (json.dumps([{**ENTRY, "bbox": "10,20,-5,0"}]), True),
        (json.dumps([ENTRY, {"label": "Text", "bbox": "1 2 3"}, {"label": "Text", "bbox": "5 5 5 9"}, 7]), True),
    ],
)
def test_a_layout_keeps_every_entry_that_has_a_place(text: str, whole: bool) -> None:
    layout = judged_layout(response(text))
    assert json.loads(layout.text) == [ENTRY]
    assert layout.cut is not whole


@pytest.mark.parametrize("text", ["", "not json", "[]", "{}", '[{"label": "Text"}]', "[[[["])
def test_without_a_place_there_is_no_layout(text: str) -> None:
    with pytest.raises(UnusableAnswerError) as caught:
        judged_layout(response(text))
    assert caught.value.trouble == "no_layout"


def test_a_schema_loses_its_shorthand_for_digits_and_nothing_else() -> None:
    schema = {"type": "array", "items": {"pattern": r"^\d{1,4} \d$", "enum": ["d", "\\"]}}
    assert guided(schema) == {"type": "array", "items": {"pattern": "^[0-9]{1,4} [0-9]$", "enum": ["d", "\\"]}}
