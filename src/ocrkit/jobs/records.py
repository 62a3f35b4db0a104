"""The values that the ledger takes and gives. Knows no SQL and no files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocrkit.contracts import Tier, TierAsked

Bucket = Literal["daily", "monthly", "paid"]
"""Which allowance a job is held from."""

JobState = Literal["open", "assembling", "done", "failed", "cancelled"]
"""`open`: pages are to do. `assembling`: every page has ended. The rest are ends."""

Outcome = Literal["done", "failed", "crashed", "lost", "returned"]
"""How one attempt at a page ended.

`done`: read, and its result is stored. `failed`: the page cannot be read, no retry would help. `crashed`: it ended
its worker, by a crash or by the time limit; after some of these it fails. `lost`: the worker went for reasons of its
own. `returned`: handed back unread, or read and not stored, through no fault of the page; it never counts.
"""

ENDED: tuple[JobState, ...] = ("done", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a job is taken: who pays how much a page, and from where.

    Attributes:
        weight: share of the workers beside other accounts with work to do; 4 gets four times what 1 gets.
        period: of a free bucket, such as `2026-11`; empty for `paid`.
        page_price: credits held for a page: what the dearest way of reading it costs; of tier `auto` what the cheapest
            costs, and the rest is held for as many pages as may go to tier `vlm`.
        prices: credits a page by tier, of the plan that pays; empty leaves those of the job's settings.
    """

    account: str
    weight: float
    bucket: Bucket
    period: str
    page_price: int
    prices: Mapping[str, int] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class NewJob:
    """What is to be read; the upload lies in the blobs under the job's id.

    Attributes:
        settings: `engine`, `text_layer`, `dpi`, `options`, `limits` as `PageTask` has them, all of which may be left
            out; `prices`, the credits a page by tier; and of tier `auto` `vlm_pages`, how many pages may go to tier
            `vlm`; validated by the caller.
        filename: as uploaded, without its folder.
        media_type: by content.
        bytes: of the upload.
        file_pages: pages of the file, of which `page_numbers` (from 1, ascending) are to be read.
        expires_after: seconds after its end at which everything of the job is deleted; `None` for never.
    """

    id: str
    tier: TierAsked
    language: str
    filename: str
    media_type: str
    bytes: int
    file_pages: int
    page_numbers: tuple[int, ...]
    tool: str | None = None
    translate_to: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    expires_after: float | None = None
    webhook_url: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A job as the ledger knows it; times in seconds since 1970.

    Attributes:
        file_pages: pages of the file.
        page_count: pages to be read, which may be fewer.
        upload_deleted: whether the file is gone before the job is, by the retention setting.
    """

    id: str
    account: str
    state: JobState
    tier: TierAsked
    language: str
    tool: str | None
    translate_to: str | None
    settings: dict[str, Any]
    filename: str
    media_type: str
    bytes: int
    file_pages: int
    page_count: int
    pages_done: int
    pages_failed: int
    created: float
    finished: float | None
    expires: float | None
    upload_deleted: bool
    mean_confidence: float | None
    detected_language: str | None
    error_code: str | None
    error: str | None
    webhook_url: str | None

    @property
    def ended(self) -> bool:
        """Whether nothing of it is to be done any more."""
        return self.state in ENDED


@dataclass(frozen=True, slots=True)
class PageState:
    """A page that has ended.

    Attributes:
        number: page of the file, from 1.
        ended_as: its place among the job's pages that have ended, from 1; a reader of events resumes from it.
        tier: that read it, where one did.
    """

    number: int
    state: Literal["done", "failed", "cancelled"]
    ended_as: int
    tier: Tier | None
    error_code: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class PageRun:
    """A page to be read now, with what a worker must know.

    Attributes:
        may_use_vlm: whether it may go to tier `vlm`, as `PageTask` has it.
    """

    job: str
    number: int
    tier: TierAsked
    language: str
    settings: dict[str, Any]
    may_use_vlm: bool = True


@dataclass(frozen=True, slots=True)
class PageEnd:
    """What became of a page that was sent out.

    Attributes:
        tier: that read it, where one did.
    """

    job: str
    number: int
    outcome: Outcome
    tier: Tier | None = None
    error_code: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit changed.

    Attributes:
        progressed: jobs of which a page has ended.
        assembling: those of them whose last page it was, as they are after it.
        gone: jobs that were deleted in the meantime; what their workers stored is nobody's.
    """

    progressed: tuple[str, ...] = ()
    assembling: tuple[Job, ...] = ()
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message to a webhook that is due."""

    id: str
    job: str
    account: str
    event: str
    url: str
    attempts: int
