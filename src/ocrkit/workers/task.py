"""What travels to a child process and back: a task, and its result or an error; both as one line of JSON."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from ocrkit import errors
from ocrkit.contracts import Tier, TierAsked  # noqa: TC001 - pydantic reads the annotation
from ocrkit.errors import OcrkitError
from ocrkit.model import Page, PageError
from ocrkit.sources import Limits

Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)


class Answer(BaseModel, Generic[Result]):
    """What a child says of a task: its result, or the error that ended the attempt."""

    value: Result | None = None
    error_type: str = ""
    message: str = ""
    hint: str = ""

    @classmethod
    def of_error(cls, error: OcrkitError) -> Answer[Result]:
        """The answer that carries the error."""
        return cls(error_type=type(error).__name__, message=error.message, hint=error.hint)

    def result(self) -> Result | OcrkitError:
        """The result, or the error as it was raised in the child; a plugin's own class comes as its known parent."""
        if self.value is not None:
            return self.value
        kind = getattr(errors, self.error_type, OcrkitError)
        return kind(self.message, hint=self.hint)


class Task(BaseModel, ABC, Generic[Result_co]):
    """Something for a child to do; everything a fresh process needs to know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @property
    @abstractmethod
    def subject(self) -> str:
        """What is being done, for messages: `page 3`."""

    @abstractmethod
    def result_of(self, line: bytes) -> Result_co | OcrkitError:
        """What a child's line says of it."""


class PageTask(Task[Page]):
    """One page to read.

    Attributes:
        path: of the file, readable by the child.
        number: the page, from 1.
        disabled_plugins: entry-point names that the child must not import.
    """

    kind: Literal["page"] = "page"
    path: str
    number: int
    password: str | None = None
    limits: Limits = Limits()
    dpi: float = 200.0
    tier: TierAsked = "cpu"
    engine: str | None = None
    cpu_engine: str | None = None
    language: str = "auto"
    text_layer: Literal["auto", "always", "never"] = "auto"
    options: dict[str, Any] = {}
    align: bool = True
    may_use_vlm: bool = True
    disabled_plugins: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The page."""
        return f"page {self.number}"

    def result_of(self, line: bytes) -> Page | OcrkitError:
        """The page, or why there is none."""
        return Answer[Page].model_validate_json(line).result()


class WarmTask(Task["Warmed"]):
    """Loads what pages like this one will need, by reading a page made for it."""

    kind: Literal["warm"] = "warm"
    tier: Tier = "cpu"
    engine: str | None = None
    disabled_plugins: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The loading."""
        return "a first page"

    def result_of(self, line: bytes) -> Warmed | OcrkitError:
        """How the child stands."""
        return Answer[Warmed].model_validate_json(line).result()


class Warmed(BaseModel):
    """How a child stands once it is warm.

    Attributes:
        engine: that it has loaded.
        offline: whether the system keeps it from the network.
    """

    engine: str
    offline: bool


class InspectTask(Task["Inspected"]):
    """A file to open, to learn what it is."""

    kind: Literal["inspect"] = "inspect"
    path: str
    password: str | None = None
    limits: Limits = Limits()

    @property
    def subject(self) -> str:
        """The file."""
        return "the file"

    def result_of(self, line: bytes) -> Inspected | OcrkitError:
        """What the file is, or why it cannot be opened."""
        return Answer[Inspected].model_validate_json(line).result()


class Inspected(BaseModel):
    """What a file is, by its content."""

    media_type: str
    page_count: int


class AssembleTask(Task["Assembled"]):
    """Pages that were read one by one, to be put together into a document.

    Attributes:
        path: of the original file, for what it says of itself; `None` where it is gone.
        folder: holds `<number>.json` for each page that was read, and for those that failed in an orderly way.
        numbers: the pages, in order.
        errors: why there is no file for a page.
        source: name of the original file.
        media_type: of the original file.
        page_count: pages of the original file.
        out: the document is written there, as JSON.
        tool: what is made of it first, if anything.
        disabled_plugins: entry-point names that the child must not import.
    """

    kind: Literal["assemble"] = "assemble"
    path: str | None
    limits: Limits = Limits()
    folder: str
    numbers: tuple[int, ...]
    errors: dict[int, PageError]
    source: str
    media_type: str
    page_count: int
    out: str
    tool: str | None = None
    disabled_plugins: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The document."""
        return "the document"

    def result_of(self, line: bytes) -> Assembled | OcrkitError:
        """What the document is like, or why it could not be put together."""
        return Answer[Assembled].model_validate_json(line).result()


class Assembled(BaseModel):
    """What a document is like as a whole."""

    mean_confidence: float | None
    detected_language: str | None


class ToolTask(Task["Exported"]):
    """A document for a tool to work on.

    Attributes:
        document: path of its JSON.
        tool: name of the tool.
        out: what it makes is written there, as JSON.
    """

    kind: Literal["tool"] = "tool"
    document: str
    tool: str
    out: str
    disabled_plugins: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The tool."""
        return f"the tool {self.tool}"

    def result_of(self, line: bytes) -> Exported | OcrkitError:
        """How large the document is, or why there is none."""
        return Answer[Exported].model_validate_json(line).result()


class TranslateTask(Task["Translated"]):
    """A document to be translated; what cannot be stays as it was read, with a warning on its page.

    Attributes:
        document: path of its JSON.
        to: code of the language to translate into.
        source: code of the language of the document; `None` for what was detected.
        translator: name of the one to use; `None` for the first that serves.
        failure: why it cannot be translated, known already: then its pages get the warning and no more is done.
        out: the document is written there, as JSON.
    """

    kind: Literal["translate"] = "translate"
    document: str
    to: str
    source: str | None = None
    translator: str | None = None
    failure: str = ""
    out: str
    disabled_plugins: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The translation."""
        return "the translation"

    def result_of(self, line: bytes) -> Translated | OcrkitError:
        """What came of it, or why nothing did."""
        return Answer[Translated].model_validate_json(line).result()


class Translated(BaseModel):
    """Who translated; `None` where nothing could be translated."""

    translator: str | None


class ExportTask(Task["Exported"]):
    """A document to be written in a format.

    Attributes:
        document: path of its JSON.
        format: name of the exporter.
        source: path of the original file; `None` where it is gone.
        out: the export is written there.
    """

    kind: Literal["export"] = "export"
    document: str
    format: str
    options: dict[str, Any] = {}
    source: str | None
    password: str | None = None
    out: str
    disabled_plugins: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The export."""
        return f"the {self.format} export"

    def result_of(self, line: bytes) -> Exported | OcrkitError:
        """How large it is, or why there is none."""
        return Answer[Exported].model_validate_json(line).result()


class RenderTask(Task["Exported"]):
    """A document to be written as whoever asks for it has it, by a function of theirs.

    Attributes:
        document: path of its JSON.
        load: `module:function` of the function, which takes a document and the registry and gives bytes.
        out: they are written there.
    """

    kind: Literal["render"] = "render"
    document: str
    load: str
    out: str
    disabled_plugins: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The answer."""
        return "the document's answer"

    def result_of(self, line: bytes) -> Exported | OcrkitError:
        """How large it is, or why there is none."""
        return Answer[Exported].model_validate_json(line).result()


class Exported(BaseModel):
    """What was written: bytes of the file."""

    size: int


AnyTask = Annotated[
    PageTask | WarmTask | InspectTask | AssembleTask | ToolTask | TranslateTask | ExportTask | RenderTask,
    Field(discriminator="kind"),
]
"""Whatever may come to a child."""


class ChildSettings(BaseModel):
    """What a child is told at its start.

    Attributes:
        parent: process id of whom it must not outlive.
        address_bytes: hard limit of its address space; `None` for none.
        network: whether it may reach the network.
        nice: steps by which it lets other processes go first.
        seconds: that it has for one task.
        user: number of the user that it becomes; `None` to stay who it is.
        group: number of that user's group.
    """

    parent: int
    address_bytes: int | None = None
    network: bool = True
    nice: int = 0
    seconds: float = 180.0
    user: int | None = None
    group: int | None = None
