"""Tesseract loaded and kept: one resident API a set of models, the one unused longest let go first.

Knows files and Tesseract's start, no pictures' meaning. Not safe to share between threads.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np
from tesserocr import OEM, PSM, PyTessBaseAPI

from ocrkit.errors import EngineUnavailableError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ocrkit.engines.tesseract.ink import Grey

_RESIDENT = 5
"""APIs kept loaded; each holds 10 to 100 MB."""
_DPI = 300
"""What pictures are scaled to before they come here, and what Tesseract's own thresholds are made for."""


class Apis:
    """The APIs loaded so far."""

    def __init__(self) -> None:
        self._loaded: OrderedDict[tuple[Path, ...], PyTessBaseAPI] = OrderedDict()

    def showing(self, grey: Grey, files: Sequence[Path], *, psm: int = PSM.RAW_LINE) -> PyTessBaseAPI:
        """The API of these models with the picture in it, to be segmented as `psm` says.

        Raises:
            EngineUnavailableError: Tesseract cannot load the models.
        """
        api = self._api(tuple(files))
        height, width = grey.shape
        api.SetPageSegMode(psm)
        api.SetImageBytes(np.ascontiguousarray(grey).tobytes(), width, height, 1, width)
        api.SetSourceResolution(_DPI)
        return api

    def close(self) -> None:
        """Lets go of all."""
        while self._loaded:
            self._loaded.popitem()[1].End()

    def _api(self, files: tuple[Path, ...]) -> PyTessBaseAPI:
        if files not in self._loaded:
            self._loaded[files] = _load(files)
        self._loaded.move_to_end(files)
        while len(self._loaded) > _RESIDENT:
            self._loaded.popitem(last=False)[1].End()
        return self._loaded[files]


def _load(files: tuple[Path, ...]) -> PyTessBaseAPI:
    folder = files[0].parent
    apart = [path.stem for path in files if path.parent != folder]
    if apart:
        raise EngineUnavailableError(
            f"Tesseract loads models of one folder together, and {', '.join(apart)} is not in {folder}.",
            hint="Put all the models into one folder, or ask for one language.",
        )
    name = "+".join(path.stem for path in files)
    try:
        return PyTessBaseAPI(path=f"{folder}/", lang=name, oem=OEM.LSTM_ONLY)
    except RuntimeError as error:
        raise EngineUnavailableError(
            f"Tesseract cannot load the model {name} from {folder}.", hint="Install it again: the file may be broken."
        ) from error
