"""A client for models behind an OpenAI-compatible HTTP endpoint, text and vision alike.

Retries where that helps, bounds what is asked at a time and in all, and says in errors of its own what went wrong.
Knows no page, no engine and no prompt; never logs a picture or a key.
"""

from ocrkit.inference.endpoint import Endpoint, endpoint_from
from ocrkit.inference.health import EndpointHealth
from ocrkit.inference.settings import EndpointKind, EndpointSettings, concurrency, configured, settings_from
from ocrkit.inference.wire import ChatRequest, ChatResponse, TokenLogprob
from ocrkit.usage import Usage

__all__ = [
    "ChatRequest",
    "ChatResponse",
    "Endpoint",
    "EndpointHealth",
    "EndpointKind",
    "EndpointSettings",
    "TokenLogprob",
    "Usage",
    "concurrency",
    "configured",
    "endpoint_from",
    "settings_from",
]
