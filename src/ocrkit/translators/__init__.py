"""The built-in translators, as a plugin like any other: one file each, imported when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrkit.contracts import TranslatorSpec
from ocrkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable


@hookimpl
def ocrkit_translators() -> Iterable[TranslatorSpec]:
    """Yields `apertium`, `argos` and `llm`."""
    yield TranslatorSpec(
        name="apertium",
        summary="Apertium's rules, offline: its programs on this machine, or its HTTP service at OCRKIT_APERTIUM_URL",
        load="ocrkit.translators.apertium:ApertiumTranslator",
        licence="programs and dictionaries GPL-2.0 or later, run as processes of their own",
        install="apt-get install apertium apertium-eng-spa (and other pairs)",
    )
    yield TranslatorSpec(
        name="argos",
        summary="Argos Translate, neural and offline, with the language packages that you installed",
        load="ocrkit.translators.argos:ArgosTranslator",
        licence="code MIT; each language package has its own",
        requires=("argostranslate",),
        install="pip install 'ocrkit[argos]', then argospm install translate-en_es (and other pairs)",
    )
    yield TranslatorSpec(
        name="llm",
        summary="A language model behind an OpenAI-compatible endpoint, named by OCRKIT_LLM_URL; any pair",
        load="ocrkit.translators.llm:LlmTranslator",
        licence="that of the model",
        install="set OCRKIT_LLM_URL, and OCRKIT_LLM_KEY and OCRKIT_LLM_MODEL where the endpoint needs them",
    )
