"""What the API answers, as pydantic models: the JSON and its OpenAPI description are both made of these."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads the annotation
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ocrkit.found import FoundField  # noqa: TC001 - pydantic reads the annotation
from ocrkit.model import PageWarning, Table, Translation  # noqa: TC001 - as above

Status = Literal["pending", "processing", "done", "failed"]
Box = Annotated[list[float], Field(min_length=4, max_length=4)]
"""`[x0, y0, x1, y1]` in pixels of the page image, origin top left."""


class Answer(BaseModel):
    """Base of all answers; docstrings describe the fields."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class ErrorAnswer(Answer):
    """What every error says."""

    error: str
    """One short sentence."""
    code: str
    """A stable word for programs."""


class OutOfCreditsAnswer(ErrorAnswer):
    """No allowance and no bought credits cover the pages."""

    used: int
    """Credits of the bucket that are held or spent in its period."""
    cap: int
    """Credits it has in all."""


class LineAnswer(Answer):
    """One printed line."""

    text: str
    bbox: Box
    confidence: float | None


class BlockAnswer(Answer):
    """A paragraph, heading, list item, table, … of a page, in reading order."""

    text: str
    bbox: Box
    """`[x0, y0, x1, y1]` in pixels of the page image, origin top left."""
    confidence: float | None
    """0 to 1; null where unknown."""
    id: str = ""
    kind: str = "text"
    level: int | None = None
    lines: list[LineAnswer] = []
    table: Table | None = None
    latex: str | None = None
    agreement: float | None = None
    """Share of its words that another engine read too; null where nothing was compared."""
    source_text: str | None = None
    """What was read, where `text` is a translation; `lines` always are what stands on the page."""


class PageAnswer(Answer):
    """One page; a page that could not be read has `error` and `code`."""

    index: int
    """Page of the file, from 0."""
    text: str
    blocks: list[BlockAnswer]
    width: int
    """Pixels of the page image, in which boxes are."""
    height: int
    dpi: float | None
    status: str = "ok"
    tier: str | None = None
    """The tier that read it, whose price it has: under `auto` and after a fallback not always the one asked for."""
    engine: str | None = None
    """The engine whose text it is."""
    confidence: float | None = None
    agreement: float | None = None
    """Share of the words of two readings that they have in common; null where nothing was compared."""
    rotation: int = 0
    detected_language: str | None = None
    warnings: list[PageWarning] = []
    error: str | None = None
    code: str | None = None


class JobSummary(Answer):
    """A job without its result."""

    uuid: str
    status: Status
    tier: str
    language: str
    """As asked; `detected_language` says what was found."""
    page_count: int
    """Pages to be read."""
    pages_done: int
    pages_failed: int
    detected_language: str | None
    tool: str | None = None
    """The preset asked for."""
    translate_to: str | None = None
    filename: str
    media_type: str
    created: datetime
    finished: datetime | None
    expires: datetime | None
    """When it is deleted with all that belongs to it; counted from its end."""
    error: str | None = None
    """Why it failed."""
    code: str | None = None


class JobResult(Answer):
    """What was read; empty until the job is done."""

    mean_confidence: float | None = None
    text: str = ""
    """The text of all pages, parted by form feeds."""
    markdown: str = ""
    pages: list[PageAnswer] = []
    fields: list[FoundField] = []
    """What a tool such as `receipt-to-json` found, each value with its place."""
    translation: Translation | None = None
    """From what into what the texts were translated, and by whom; null where nothing was."""


class JobAnswer(JobSummary, JobResult):
    """A job; poll it until `status` is `done` or `failed`."""


class JobListAnswer(Answer):
    """Jobs, the newest first."""

    jobs: list[JobSummary]
    next: float | None
    """Pass it as `before` for the jobs that follow; null where there are none."""


class BalanceAnswer(Answer):
    """One bucket of credits in its current period; `held + spent + left == cap`."""

    bucket: str
    """`daily`, `monthly` or `paid`."""
    period: str
    cap: int
    used: int
    """`held + spent`."""
    held: int
    """Set aside for pages that are still to be read."""
    spent: int
    left: int
    resets: datetime | None
    """When the allowance is new; null for credits that were bought."""


class DayAnswer(Answer):
    """What one bucket was charged on one day of UTC."""

    date: str
    bucket: str
    pages: int
    credits: int


class UsageAnswer(Answer):
    """What the caller has and has used."""

    plan: str
    used: int
    """Of the plan's own bucket, as in the body of a 402."""
    cap: int
    balances: list[BalanceAnswer]
    days: list[DayAnswer]


class ChatQuestion(Answer):
    """A question about a job's document."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    message: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]


class CitationAnswer(Answer):
    """Where the document says so; looked for on the page, and found there."""

    page: int
    """Page of the file, from 1."""
    snippet: str
    """The words, exactly as they stand in that page's `text`."""
    bbox: Box
    """Around their lines or cells, in pixels of the page image."""
    block: str
    """Id of the block that they begin in."""
    verified: bool = True
    """Always true: what was not found is not cited."""


class MessageAnswer(Answer):
    """An answer."""

    role: Literal["assistant"] = "assistant"
    content: str
    """Its sentences, each with its pages: `… (p. 3).`"""
    citations: list[CitationAnswer]
    """Empty where the document does not say."""


class ChatAnswer(Answer):
    """The answer to a question about a document."""

    conversation: str
    message: MessageAnswer
    answerer: str
    """What answered: `extractive`, `llm`, or that of a plugin."""
    note: str | None = None
    """What a reader should know of how the answer came about, such as a language model that could not be reached."""


class PastMessageAnswer(Answer):
    """A question or an answer of before."""

    role: Literal["user", "assistant"]
    content: str
    citations: list[CitationAnswer]
    created: datetime


class ChatHistoryAnswer(Answer):
    """The whole conversation about a document, the oldest message first."""

    conversation: str | None
    """Null before the first question."""
    messages: list[PastMessageAnswer]


class ToolAnswer(Answer):
    """A preset that `tool` may name."""

    name: str
    summary: str
    tier: str
    """The tier that reads, unless `tier` says another."""
    default_format: str
    """What a download without `format` gives."""
    needs: list[str]
    """Fields that must be sent beside it."""


class ToolListAnswer(Answer):
    """The presets that `tool` may name."""

    tools: list[ToolAnswer]


class LanguageAnswer(Answer):
    """A language that `language` may name, by its code or an alias."""

    code: str
    name: str
    script: str
    aliases: list[str]


class LanguageListAnswer(Answer):
    """The languages that `language` may name."""

    languages: list[LanguageAnswer]


class FormatAnswer(Answer):
    """A format of downloads."""

    name: str
    summary: str
    extension: str
    media_type: str
    needs_upload: bool
    """Whether it can be had only as long as the upload is kept."""


class FormatListAnswer(Answer):
    """The formats of downloads."""

    formats: list[FormatAnswer]


class HealthAnswer(Answer):
    """Whether the service lives, or is ready."""

    status: Literal["ok", "not ready"]
    reasons: list[str] = []
