"""The OpenAPI 3.1 description of the API, made from the models of its answers and one table of operations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from ocrkit import __version__
from ocrkit.server import models

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

Schema = dict[str, Any]

_REF = "#/components/schemas/{model}"


def _parameter(name: str, where: str, text: str, **schema: Any) -> Schema:
    return {
        "name": name,
        "in": where,
        "description": text,
        "required": where == "path",
        "schema": {"type": "string", **schema},
    }


_JOB = _parameter("uuid", "path", "Of the job: 32 hex digits.", pattern="^[0-9a-f]{32}$")
_FORMAT = _parameter("format", "query", "`txt`, `md`, `docx`, `pdf`, `csv`, `json`, … of `/api/v1/formats/`.")
_KEY = _parameter(
    "Idempotency-Key",
    "header",
    "The same key with the same payload gives the job that it gave before, and is charged once.",
    pattern="^[ -~]{1,255}$",
)
_LAST_EVENT = _parameter("Last-Event-ID", "header", "Id of the last event seen.", pattern="^([0-9]{1,9}|end)$")
_BEFORE = _parameter("before", "query", "`next` of the list before.", type="number", exclusiveMinimum=0, maximum=1e15)
_LIMIT = _parameter("limit", "query", "Jobs a list; at most 200.", type="integer", minimum=1, default=50)

_FORM: Schema = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "contentMediaType": "application/octet-stream",
                 "description": "PNG, JPEG, WebP, GIF, BMP, TIFF (every frame is a page) or PDF."},
        "tier": {"type": "string", "enum": ["cpu", "vlm", "auto"], "default": "cpu",
                 "description": "`cpu` is fast and for print; `vlm` is for handwriting, hard layout and mathematics; "
                                "`auto` is `cpu`, and `vlm` for pages whose reading is doubtful: each page is charged "
                                "by the tier that read it."},
        "max_vlm_pages": {"type": "integer", "minimum": 0,
                          "description": "How many pages `auto` may give to `vlm`; by default a share of them."},
        "language": {"type": "string", "default": "auto", "description": "`auto`, or a code of `/api/v1/languages/`."},
        "tool": {"type": "string", "description": "A preset of `/api/v1/tools/`."},
        "translate_to": {"type": "string", "description": "Code of the language to translate into."},
        "pages": {"type": "string", "description": "Which pages, from 1: `3-`, `1,4-7`, `last`; all if left out."},
        "webhook_url": {"type": "string", "format": "uri",
                        "description": "Told when the job ends, signed as Standard Webhooks has it."},
    },
}  # fmt: skip


@dataclass(frozen=True)
class Operation:
    """One method of one address.

    Attributes:
        answer: the model of the answer; without one it is `media_type`.
        errors: statuses beside 401 that it may have.
        body: media type and schema of what is sent.
        open: whether it needs no token at all, wherever that is asked for.
    """

    method: str
    path: str
    name: str
    summary: str
    answer: type[BaseModel] | None = None
    status: int = 200
    media_type: str = ""
    parameters: tuple[Schema, ...] = ()
    errors: tuple[int, ...] = ()
    body: Mapping[str, Schema] = field(default_factory=dict)
    open: bool = False


OPERATIONS = (
    Operation("post", "/api/v1/ocr/", "submit", "Recognize a file; up to five pages are answered with the result",
              models.JobAnswer, parameters=(_KEY,), errors=(400, 402, 404, 409),
              body={"multipart/form-data": _FORM}),
    Operation("get", "/api/v1/ocr/", "list_jobs", "The jobs of the token's account, the newest first",
              models.JobListAnswer, parameters=(_BEFORE, _LIMIT), errors=(400,)),
    Operation("get", "/api/v1/ocr/{uuid}/", "job", "A job; poll it until it is done or failed",
              models.JobAnswer, parameters=(_JOB,), errors=(404,)),
    Operation("delete", "/api/v1/ocr/{uuid}/", "delete_job", "Delete a job with its upload and results",
              status=204, parameters=(_JOB,), errors=(404,)),
    Operation("get", "/api/v1/ocr/{uuid}/download/", "download", "The document as a file",
              media_type="*/*", parameters=(_JOB, _FORMAT), errors=(400, 404, 409)),
    Operation("get", "/api/v1/ocr/{uuid}/events/", "events", "Each page as it is read, as server-sent events",
              media_type="text/event-stream", parameters=(_JOB, _LAST_EVENT), errors=(400, 404)),
    Operation("post", "/api/v1/chat/{uuid}/", "chat", "Ask a question about a document; needs a token",
              models.ChatAnswer, parameters=(_JOB,), errors=(400, 404, 409),
              body={"application/json": {"$ref": _REF.format(model="ChatQuestion")}}),
    Operation("get", "/api/v1/chat/{uuid}/history/", "chat_history", "The whole conversation; needs a token",
              models.ChatHistoryAnswer, parameters=(_JOB,), errors=(404, 409)),
    Operation("get", "/api/v1/usage/", "usage", "What the caller has and has used", models.UsageAnswer),
    Operation("get", "/api/v1/formats/", "formats", "The formats of downloads", models.FormatListAnswer, open=True),
    Operation("get", "/api/v1/languages/", "languages", "The languages", models.LanguageListAnswer, open=True),
    Operation("get", "/api/v1/tools/", "tools", "The presets", models.ToolListAnswer, open=True),
)  # fmt: skip
"""Every operation that clients use, in the order of the documentation."""

_MODELS: tuple[type[BaseModel], ...] = (
    models.ErrorAnswer,
    models.OutOfCreditsAnswer,
    models.ChatQuestion,
    *dict.fromkeys(operation.answer for operation in OPERATIONS if operation.answer),
)

ERRORS = {
    400: "The request cannot be used: no file, unsupported or too large, or an unknown value.",
    401: "The token is missing where one is needed, or not valid.",
    402: "Out of pages or credits.",
    404: "There is no such job.",
    409: "Not now: the job is not finished or has failed, or the Idempotency-Key came with another payload.",
    429: "Too many requests.",
    503: "The service cannot do it now.",
}


def description(prefix: str = "") -> Schema:
    """The description, for an app that is mounted under `prefix`."""
    _, schemas = models_json_schema([(model, "serialization") for model in _MODELS], ref_template=_REF)
    paths: dict[str, dict[str, Schema]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ocrkit",
            "version": __version__,
            "summary": "The OCR.chat API: images and PDFs into text, Markdown, tables and searchable PDF.",
        },
        "servers": [{"url": prefix or "/"}],
        "security": [{}, {"bearer": []}, {"query": []}],
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "query": {"type": "apiKey", "in": "query", "name": "api_token"},
            },
        },
    }


def _operation(operation: Operation) -> Schema:
    codes = (*operation.errors, 429, 503) if operation.open else (*operation.errors, 401, 429, 503)
    responses = {str(operation.status): _success(operation)}
    if operation.name == "events":
        responses["204"] = {"description": "`Last-Event-ID` was that of the last event: there is nothing more."}
    responses |= {str(code): _json(ERRORS[code], _error_model(code)) for code in sorted(codes)}
    told: Schema = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": list(operation.parameters),
        "responses": responses,
    }
    if operation.body:
        content = {media_type: {"schema": schema} for media_type, schema in operation.body.items()}
        told["requestBody"] = {"required": True, "content": content}
    return told


def _error_model(code: int) -> str:
    return "OutOfCreditsAnswer" if code == 402 else "ErrorAnswer"  # noqa: PLR2004 - an HTTP status is its own name


def _success(operation: Operation) -> Schema:
    if operation.answer:
        return _json(operation.summary, operation.answer.__name__)
    if operation.media_type:
        return {"description": operation.summary, "content": {operation.media_type: {}}}
    return {"description": "Done."}


def _json(text: str, model: str) -> Schema:
    schema = {"$ref": _REF.format(model=model)}
    return {"description": text, "content": {"application/json": {"schema": schema}}}
