"""Jobs and documents as the API tells them. Pure: values in, answers out."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ocrkit.exporting import export_to
from ocrkit.server.models import (
    BalanceAnswer,
    BlockAnswer,
    ChatAnswer,
    ChatHistoryAnswer,
    CitationAnswer,
    DayAnswer,
    JobResult,
    JobSummary,
    LineAnswer,
    MessageAnswer,
    PageAnswer,
    PastMessageAnswer,
    Status,
    UsageAnswer,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocrkit.accounts.credits import Balance, Usage
    from ocrkit.chat import Answer
    from ocrkit.geometry import BBox
    from ocrkit.jobs.chats import Message
    from ocrkit.jobs.records import Job
    from ocrkit.model import Block, Document, Page
    from ocrkit.registry import Registry


def status_of(job: Job) -> Status:
    """The status in the contract's four words."""
    if job.state == "done":
        return "done"
    if job.ended:
        return "failed"
    started = job.state == "assembling" or job.pages_done + job.pages_failed > 0
    return "processing" if started else "pending"


def summary(job: Job) -> JobSummary:
    """The job without its result."""
    return JobSummary(
        uuid=job.id,
        status=status_of(job),
        tier=job.tier,
        language=job.language,
        page_count=job.page_count,
        pages_done=job.pages_done,
        pages_failed=job.pages_failed,
        detected_language=job.detected_language,
        tool=job.tool,
        translate_to=job.translate_to,
        filename=job.filename,
        media_type=job.media_type,
        created=_time(job.created),
        finished=None if job.finished is None else _time(job.finished),
        expires=None if job.expires is None else _time(job.expires),
        error=job.error,
        code=job.error_code,
    )


def job_json(job: Job, result: bytes | None = None) -> bytes:
    """The answer of a job: its summary and, where it is done, its result as `result_json` made it."""
    head = summary(job).model_dump_json().encode()
    body = result if result is not None else JobResult().model_dump_json().encode()
    return head[:-1] + b"," + body[1:]


def result_json(document: Document, registry: Registry) -> bytes:
    """What was read, as a JSON object of its own."""
    result = JobResult(
        mean_confidence=document.confidence,
        text=document.text,
        markdown=_markdown(document, registry),
        pages=[page_answer(page) for page in document.pages],
        fields=list(document.fields),
        translation=document.translation,
    )
    return result.model_dump_json().encode()


def page_answer(page: Page) -> PageAnswer:
    """A page."""
    return PageAnswer(
        index=page.number - 1,
        text=page.text,
        blocks=[_block(block) for block in page.blocks],
        width=page.width,
        height=page.height,
        dpi=page.dpi,
        status=page.status.value,
        tier=page.provenance.tier if page.provenance else None,
        engine=page.provenance.runs[0].engine if page.provenance and page.provenance.tier else None,
        agreement=page.agreement,
        confidence=page.confidence,
        rotation=page.rotation,
        detected_language=page.detected_language,
        warnings=list(page.warnings),
        error=page.error.message if page.error else None,
        code=page.error.code if page.error else None,
    )


def usage_answer(usage: Usage) -> UsageAnswer:
    """What a caller has and has used."""
    own = usage.balances[0]
    return UsageAnswer(
        plan=usage.plan,
        used=own.used,
        cap=own.cap,
        balances=[_balance(balance) for balance in usage.balances],
        days=[DayAnswer(date=day.date, bucket=day.bucket, pages=day.pages, credits=day.credits) for day in usage.days],
    )


def chat_answer(conversation: str, answer: Answer) -> ChatAnswer:
    """An answer to a question."""
    cited = [
        CitationAnswer(
            page=citation.page,
            snippet=citation.snippet,
            bbox=_box(citation.bbox),
            block=citation.block,
            verified=citation.verified,
        )
        for citation in answer.citations
    ]
    message = MessageAnswer(content=answer.content, citations=cited)
    return ChatAnswer(conversation=conversation, message=message, answerer=answer.answerer, note=answer.note or None)


def chat_history(conversation: str | None, messages: Iterable[Message]) -> ChatHistoryAnswer:
    """A conversation."""
    told = [
        PastMessageAnswer(
            role=message.role,
            content=message.content,
            citations=[CitationAnswer.model_validate(citation) for citation in message.citations],
            created=_time(message.created),
        )
        for message in messages
    ]
    return ChatHistoryAnswer(conversation=conversation, messages=told)


def credit_headers(balance: Balance) -> dict[str, str]:
    """What is left of the bucket that a caller spends first."""
    return {
        "X-Credits-Bucket": balance.bucket,
        "X-Credits-Used": str(balance.used),
        "X-Credits-Cap": str(balance.cap),
        "X-Credits-Remaining": str(max(0, balance.left)),
    }


def _block(block: Block) -> BlockAnswer:
    return BlockAnswer(
        text=block.text,
        bbox=_box(block.bbox),
        confidence=block.confidence,
        id=block.id,
        kind=block.kind.value,
        level=block.level,
        lines=[LineAnswer(text=line.text, bbox=_box(line.bbox), confidence=line.confidence) for line in block.lines],
        table=block.table,
        latex=block.latex,
        agreement=block.agreement,
        source_text=block.source_text,
    )


def _box(box: BBox) -> list[float]:
    # A hundredth of a pixel is more than any engine knows, and keeps the JSON short.
    return [round(value, 2) for value in box]


def _balance(balance: Balance) -> BalanceAnswer:
    return BalanceAnswer(
        bucket=balance.bucket,
        period=balance.period,
        cap=balance.cap,
        used=balance.used,
        held=balance.held,
        spent=balance.charged,
        left=max(0, balance.left),
        resets=None if balance.resets is None else _time(balance.resets),
    )


def _markdown(document: Document, registry: Registry) -> str:
    out = io.BytesIO()
    export_to(out, document, "md", registry=registry)
    return out.getvalue().decode()


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
