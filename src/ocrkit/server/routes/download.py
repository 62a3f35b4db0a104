"""`GET /api/v1/ocr/<uuid>/download/`: the document as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from ocrkit.errors import SourceError, SourceNotFoundError
from ocrkit.server.auth import visible_job
from ocrkit.server.names import attachment, download_name
from ocrkit.server.problems import Problem, no_such_job
from ocrkit.server.routes.routing import service_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from ocrkit.jobs.records import Job


async def download(request: Request) -> Response:
    """The file, made at the first call and kept with the job."""
    service = service_of(request)
    job = await run_in_threadpool(visible_job, request, service)
    tool = next((spec for spec in service.registry.tools if spec.name == job.tool), None)
    name = request.query_params.get("format") or (tool.format if tool else "txt")
    known = {spec.name: spec for spec in service.registry.exporters}
    if name not in known:
        message = f"Unknown format {name[:60]!r}. There is: {', '.join(known)}."
        raise Problem(400, "unknown_format", message=message)
    require_done(job)
    options = tool.format_options if tool and tool.format == name else {}
    try:
        key = await service.aside(lambda: service.jobs.export(job.id, name, options))
        size = await run_in_threadpool(service.jobs.blobs.size, key)
    except SourceNotFoundError as error:  # deleted between two looks
        raise no_such_job() from error
    except SourceError as error:  # its pages could be read, but the file cannot be written anew
        message = f"The upload is too broken to be made into {name}. Take another format."
        raise Problem(409, error.code, message=message) from error
    if size is None:
        raise no_such_job()
    headers = {
        "Content-Disposition": attachment(download_name(job.filename, known[name].extension)),
        "Content-Length": str(size),
    }
    if request.method == "HEAD":
        return Response(headers=headers, media_type=known[name].media_type)
    return StreamingResponse(service.jobs.blobs.stream(key), headers=headers, media_type=known[name].media_type)


def require_done(job: Job) -> None:
    """Lets a job that is done pass.

    Raises:
        Problem: it is not finished, or has failed.
    """
    if not job.ended:
        raise Problem(409, "not_finished", message="The job is not finished.")
    if job.state != "done":
        raise Problem(409, "job_failed", message=f"The job has failed: {job.error or 'it was not read.'}")
