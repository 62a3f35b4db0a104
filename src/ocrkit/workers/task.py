"""What travels to a child process and back: a task, and a page or an error; both as one line of JSON."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from ocrkit import errors
from ocrkit.contracts import Tier  # noqa: TC001 - pydantic reads the annotation
from ocrkit.errors import OcrkitError
from ocrkit.model import Page  # noqa: TC001 - as above
from ocrkit.sources import Limits


class PageTask(BaseModel):
    """One page to read; everything a fresh process needs to know.

    Attributes:
        path: of the file, readable by the child.
        number: the page, from 1.
        disabled_plugins: entry-point names that the child must not import.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    number: int
    password: str | None = None
    limits: Limits = Limits()
    dpi: float = 200.0
    tier: Tier = "cpu"
    engine: str | None = None
    language: str = "auto"
    text_layer: Literal["auto", "always", "never"] = "auto"
    options: dict[str, Any] = {}
    disabled_plugins: tuple[str, ...] = ()


class Answer(BaseModel):
    """What a child says of a task: the page, or the error that ended the attempt."""

    page: Page | None = None
    error_type: str = ""
    message: str = ""
    hint: str = ""

    @classmethod
    def of_error(cls, error: OcrkitError) -> Answer:
        """The answer that carries the error."""
        return cls(error_type=type(error).__name__, message=error.message, hint=error.hint)

    def result(self) -> Page | OcrkitError:
        """The page, or the error as it was raised in the child; a plugin's own class comes as its known parent."""
        if self.page is not None:
            return self.page
        kind = getattr(errors, self.error_type, OcrkitError)
        return kind(self.message, hint=self.hint)
