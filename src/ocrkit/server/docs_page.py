"""The OpenAPI description as one HTML page, with nothing from other hosts and no script."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #0a6; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 6rem; max-width: 54rem;
  font: 16px/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0 0 .25rem; font-size: 1.8rem; }
h2 { margin: 2.75rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: 1.15rem; }
h3 { margin: 1.25rem 0 .35rem; font-size: .95rem; }
code, pre { font: .9em/1.5 ui-monospace, monospace; }
pre { padding: .85rem 1rem; border-radius: .5rem; background: var(--soft); overflow-x: auto; overflow-wrap: normal; }
table { width: 100%; border-collapse: collapse; font-size: .92rem; }
td, th { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; font-weight: normal; }
th { white-space: nowrap; }
td:nth-child(2) { white-space: nowrap; opacity: .7; }
.method { display: inline-block; min-width: 4.2rem; color: var(--accent); font-weight: 700; }
nav ul { padding: 0; list-style: none; }
a { color: inherit; text-decoration-color: var(--line); }
.lead { margin-top: 0; opacity: .75; }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""The Content-Security-Policy of the page: its own style, and nothing else."""


def docs_html(description: Mapping[str, Any], *, base: str) -> str:
    """The page.

    Args:
        description: as `openapi.description` gives it.
        base: the address of the service, for the examples.
    """
    return "".join(_page(description, base))


def _page(description: Mapping[str, Any], base: str) -> Iterator[str]:
    info = description["info"]
    operations = [
        (method, path, operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]
    yield f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{escape(info['title'])} API</title>"
    yield f'<meta name=viewport content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head><body>'
    yield f"<h1>{escape(info['title'])} API</h1><p class=lead>{escape(info['summary'])}"
    yield f" Version {escape(info['version'])}."
    yield ' For programs: <a href="../openapi.json">openapi.json</a>.</p>'
    yield f"<pre>{escape(_example(base))}</pre>"
    yield "<p>Send your token as <code>Authorization: Bearer TOKEN</code>. Errors are JSON: "
    yield '<code>{"error": "…", "code": "…"}</code>.</p><nav><ul>'
    for method, path, operation in operations:
        yield f'<li><a href="#{operation["operationId"]}"><span class=method>{method.upper()}</span>'
        yield f" <code>{escape(path)}</code></a></li>"
    yield "</ul></nav>"
    for method, path, operation in operations:
        yield from _operation(method, path, operation=operation)
    for name, schema in sorted(description["components"]["schemas"].items()):
        yield from _model(name, schema)
    yield "</body></html>"


def _example(base: str) -> str:
    return (
        f"curl -H 'Authorization: Bearer TOKEN' -F file=@invoice.pdf {base}/api/v1/ocr/\n"
        f"curl -H 'Authorization: Bearer TOKEN' {base}/api/v1/ocr/UUID/\n"
        f"curl -H 'Authorization: Bearer TOKEN' -OJ '{base}/api/v1/ocr/UUID/download/?format=docx'"
    )


def _operation(method: str, path: str, *, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f'<h2 id="{operation["operationId"]}"><span class=method>{method.upper()}</span>'
    yield f" <code>{escape(path)}</code></h2>"
    yield f"<p>{_prose(operation['summary'])}.</p>"
    rows = [
        (parameter["name"], f"{parameter['in']}, {_kind(parameter['schema'])}", parameter["description"])
        for parameter in operation["parameters"]
    ]
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        schema = content["schema"]
        if "$ref" in schema:
            rows.append(("body", media_type, _kind(schema)))
        for name, part in schema.get("properties", {}).items():
            needed = "required" if name in schema["required"] else "field"
            rows.append((name, f"{needed}, {_kind(part)}", part["description"]))
    if rows:
        yield "<h3>Takes</h3>"
        yield from _table(rows)
    yield "<h3>Answers</h3>"
    yield from _table(
        [(status, _content(answer), answer["description"]) for status, answer in operation["responses"].items()]
    )


def _model(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield f'<h2 id="model-{escape(name)}">{escape(name)}</h2><p>{_prose(schema.get("description", ""))}</p>'
    yield from _table(
        [(key, _kind(part), part.get("description", "")) for key, part in schema.get("properties", {}).items()]
    )


def _table(rows: list[tuple[str, str, str]]) -> Iterator[str]:
    yield "<table>"
    for name, kind, text in rows:
        yield f"<tr><th><code>{escape(name)}</code></th><td>{_linked(kind)}</td><td>{_prose(text)}</td></tr>"
    yield "</table>"


def _content(answer: Mapping[str, Any]) -> str:
    return ", ".join(
        _kind(content["schema"]) if "schema" in content else media_type
        for media_type, content in answer.get("content", {}).items()
    )


def _kind(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(map(_kind, schema["anyOf"]))
    if "enum" in schema:
        return " or ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type", "any"))


def _linked(kind: str) -> str:
    words = kind.split(" ")
    return " ".join(
        f'<a href="#model-{escape(word)}">{escape(word)}</a>' if word.endswith(("Answer", "Question")) else escape(word)
        for word in words
    )


def _prose(text: str) -> str:
    """The text with `code` marked."""
    parts = escape(" ".join(text.split())).split("`")
    return "".join(f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts))
