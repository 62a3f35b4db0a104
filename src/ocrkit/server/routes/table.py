"""Every address of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.server.routes import account, chat, download, events, jobs, meta, submit
from ocrkit.server.routes.routing import address

if TYPE_CHECKING:
    from starlette.routing import BaseRoute


def routes() -> list[BaseRoute]:
    """The addresses, each with its methods."""
    return [
        address("/api/v1/ocr/", POST=submit.submit, GET=jobs.listing),
        address("/api/v1/ocr/{uuid}/", GET=jobs.show, DELETE=jobs.remove),
        address("/api/v1/ocr/{uuid}/download/", GET=download.download),
        address("/api/v1/ocr/{uuid}/events/", GET=events.events),
        address("/api/v1/chat/{uuid}/", POST=chat.ask),
        address("/api/v1/chat/{uuid}/history/", GET=chat.history),
        address("/api/v1/usage/", GET=account.usage),
        address("/api/v1/formats/", GET=account.formats),
        address("/api/v1/languages/", GET=account.languages),
        address("/api/v1/tools/", GET=account.tools),
        address("/api/openapi.json", GET=meta.openapi),
        address("/api/docs/", GET=meta.docs),
        address("/healthz", GET=meta.alive),
        address("/readyz", GET=meta.ready),
        address("/metrics", GET=meta.metrics),
    ]
