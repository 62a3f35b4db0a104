"""A page and what a served Surya 2 would say of it, for the tests of the wire."""

from __future__ import annotations

import base64
import io
import json
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from surya.inference.prompts import PROMPT_MAPPING

from ocrkit.raster import PageImage
from ocrkit.testing.endpoint import Reply, completion

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrkit.testing.endpoint import Asked

MODEL = "datalab-to/surya-ocr-2"

FULL = r"""<div data-bbox="226 89 852 159" data-label="Section-Header"><h1>Shared Database</h1>
<h2>Second line</h2></div>
<div data-bbox="426 201 651 247" data-label="Text"><p><b>Thomas</b><br/>at home</p></div>
<div data-bbox="196 267 835 469" data-label="Table"><table><thead>
<tr><th rowspan="2">Type</th><th colspan="2">Glob</th></tr><tr><th>pattern</th><th>weight</th></tr></thead>
<tbody><tr><td>text</td><td>*.diff</td><td>50</td></tr></tbody></table></div>
<div data-bbox="196 499 880 527" data-label="Equation-Block"><math display="block">w_i = \frac{1}{x} &lt; 1</math></div>
<div data-bbox="196 557 882 602" data-label="List-Group"><ul><li>one <math>x^2</math></li>
<li><input type="checkbox" checked=""/> two</li></ul></div>
<div data-bbox="100 620 300 700" data-label="Figure"><img alt="A diagram"/></div>
<div data-bbox="100 710 300 790" data-label="Complex-Block"><p>Inside a complex block</p></div>
<div data-bbox="875 930 881 938" data-label="Page-Footer">1</div>"""

TEXTS = [
    ("section_header", "Shared Database"),
    ("section_header", "Second line"),
    ("text", "Thomas\nat home"),
    ("table", "Type\tGlob\t\n\tpattern\tweight\ntext\t*.diff\t50"),
    ("formula", r"w_i = \frac{1}{x} < 1"),
    ("list_item", r"one \(x^2\)"),
    ("list_item", "two"),
    ("picture", "A diagram"),
    ("text", "Inside a complex block"),
    ("page_footer", "1"),
]

LAYOUT = json.dumps(
    [
        {"label": "Section-Header", "bbox": "226 89 852 159", "count": 50},
        {"label": "Text", "bbox": "196 399 842 450", "count": 300},
        {"label": "Complex-Block", "bbox": "196 492 880 669", "count": 150},
        {"label": "Figure", "bbox": "100 720 300 800", "count": 0},
    ]
)
"""Four blocks, of which Surya asks for the first two, and we for the third as well."""

BLOCK = "<p>One block, with <math>a^2</math>.</p>"
READ_BY_BLOCK = [
    ("section_header", r"One block, with \(a^2\)."),
    ("text", r"One block, with \(a^2\)."),
    ("text", r"One block, with \(a^2\)."),
    ("picture", ""),
]

_TASKS: dict[str, str] = {prompt: task for task, prompt in PROMPT_MAPPING.items()}


def task_of(asked: Asked) -> str:
    """`high_accuracy_bbox` for the whole page, `layout` or `block`."""
    return _TASKS[asked.prompt]


def sent_picture(asked: Asked) -> Image.Image:
    """The picture that was asked about."""
    picture, _ = asked.body["messages"][0]["content"]
    return Image.open(io.BytesIO(base64.b64decode(picture["image_url"]["url"].partition(",")[2])))


def script(**replies: Reply | str | Callable[[Asked], Reply]) -> Callable[[Asked], Reply]:
    """Replies by task (`page`, `layout`, `block`); good ones where none is given."""
    good: dict[str, Reply | str] = {"page": FULL, "layout": LAYOUT, "block": BLOCK}

    def reply(asked: Asked) -> Reply:
        task = task_of(asked).replace("high_accuracy_bbox", "page")
        chosen = replies.get(task, good[task])
        if callable(chosen):
            return chosen(asked)
        return completion(chosen, probability=0.9, model=MODEL) if isinstance(chosen, str) else chosen

    return reply


def printed_page(*, width: int = 1000, height: int = 1400, number: int = 1, blank_below: float = 0.95) -> PageImage:
    """A page full of short dark strokes down to a share of its height, so that every box above has ink."""
    pixels = np.full((height, width, 3), 255, np.uint8)
    for top in range(10, int(height * blank_below), 20):
        for left in range(10, width - 10, 25):
            pixels[top : top + 9, left : left + 15] = 20
    return PageImage.from_array(pixels, number=number)
