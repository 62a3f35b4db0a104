"""The whole plugin surface: the hooks that ocrkit calls, each with a complete plugin in its docstring.

A plugin is a module (or any object) named by an entry point of the group `ocrkit`. Hooks are called once,
when the registry is built, and yield light specs; nothing a spec describes is imported then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocrkit.contracts import AnswererSpec, EngineSpec, ExporterSpec, TranslatorSpec
    from ocrkit.toolspec import ToolSpec

PROJECT = "ocrkit"
"""Name of the pluggy project and of the entry-point group."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a plugin's hook functions: `from ocrkit.hookspecs import hookimpl`."""


class OcrkitHooks(Protocol):
    """Every hook there is."""

    @hookspec
    def ocrkit_engines(self) -> Iterable[EngineSpec]:
        """Yields the engines that the plugin adds.

        Called in every process that recognizes, and by `ocrkit engines`. A complete plugin:

            from ocrkit.contracts import EngineSpec
            from ocrkit.hookspecs import hookimpl

            @hookimpl
            def ocrkit_engines():
                yield EngineSpec(
                    name="blank",
                    summary="Finds nothing on any page",
                    load="my_package.engine:BlankEngine",
                    licence="MIT",
                )

        and in `my_package/engine.py`:

            from ocrkit.model import EngineRun

            class BlankEngine:
                def recognize(self, images, options, /):
                    for image in images:
                        yield image.page(run=EngineRun(engine="blank"), lines=[])

                def close(self):
                    pass
        """
        ...

    @hookspec
    def ocrkit_exporters(self) -> Iterable[ExporterSpec]:
        """Yields the exporters that the plugin adds.

        Called wherever documents are written, and by `ocrkit formats`. A complete plugin:

            from ocrkit.contracts import ExporterSpec
            from ocrkit.hookspecs import hookimpl

            @hookimpl
            def ocrkit_exporters():
                yield ExporterSpec(
                    name="shout",
                    summary="The text in capitals",
                    load="my_package.exporter:ShoutExporter",
                    extension=".shout.txt",
                    media_type="text/plain",
                )

        and in `my_package/exporter.py`:

            class ShoutExporter:
                def export(self, document, out, /, *, options, source):
                    out.write(document.text.upper().encode())
        """
        ...

    @hookspec
    def ocrkit_answerers(self) -> Iterable[AnswererSpec]:
        """Yields the answerers that the plugin adds: what answers questions about a document.

        Called by `ocrkit chat`, `ocrkit.ask` and the server. What an answerer claims is returned only with quotes
        that are found in the document. A complete plugin:

            from ocrkit.contracts import AnswererSpec
            from ocrkit.hookspecs import hookimpl

            @hookimpl
            def ocrkit_answerers():
                yield AnswererSpec(
                    name="first-line",
                    summary="The first line of the passage that fits best",
                    load="my_package.answerer:FirstLineAnswerer",
                )

        and in `my_package/answerer.py`:

            from ocrkit.contracts import Claim, Quote

            class FirstLineAnswerer:
                def answer(self, inquiry, options, /):
                    best = inquiry.passages[0]
                    line = best.text.splitlines()[0]
                    return [Claim(line, (Quote(best.id, line),))]

                def close(self):
                    pass
        """
        ...

    @hookspec
    def ocrkit_translators(self) -> Iterable[TranslatorSpec]:
        """Yields the translators that the plugin adds.

        Called wherever documents are translated, and by `ocrkit translators`. A complete plugin:

            from ocrkit.contracts import TranslatorSpec
            from ocrkit.hookspecs import hookimpl

            @hookimpl
            def ocrkit_translators():
                yield TranslatorSpec(
                    name="backwards",
                    summary="Every text backwards",
                    load="my_package.translator:BackwardsTranslator",
                    licence="MIT",
                )

        and in `my_package/translator.py`:

            class BackwardsTranslator:
                def pairs(self):
                    return frozenset({("*", "eo")})

                def translate(self, texts, /, *, source, target):
                    return [text[::-1] for text in texts]

                def close(self):
                    pass
        """
        ...

    @hookspec
    def ocrkit_tools(self) -> Iterable[ToolSpec]:
        """Yields the tools that the plugin adds.

        Called wherever documents are read, and by `ocrkit tools`. A complete plugin:

            from ocrkit.hookspecs import hookimpl
            from ocrkit.toolspec import ToolSpec

            @hookimpl
            def ocrkit_tools():
                yield ToolSpec(
                    name="first-block",
                    summary="The first block of each page",
                    load="my_package.tool:FirstBlock",
                    format="txt",
                )

        and in `my_package/tool.py`:

            class FirstBlock:
                def apply(self, document, /):
                    pages = [page.model_copy(update={"blocks": page.blocks[:1]}) for page in document.pages]
                    return document.model_copy(update={"pages": tuple(pages)})
        """
        ...
