"""What is asked of every page, checked once: which engine, its options, and what happens to a page's own text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from ocrkit import languages
from ocrkit.errors import OptionError
from ocrkit.options import parse_options

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ocrkit.contracts import EngineOptions, EngineSpec, Tier
    from ocrkit.registry import Registry

TextLayerMode = Literal["auto", "always", "never"]
"""`auto`: where it can be trusted. `always`: wherever there is one. `never`: recognize every page."""

TIER_ENGINES: dict[Tier, tuple[str, ...]] = {"cpu": ("ppocr", "tesseract"), "vlm": ("surya",)}
"""The engines of each tier, the preferred one first; said here once, so that no engine elects itself."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of every page; made by `Pipeline.request`.

    Attributes:
        engine: name of the engine that recognizes.
        options: its options, the language among them.
        text_layer: when a PDF page's own text is used.
        languages: codes of what the engine reads; empty for any.
        second: engine and options for what the first could not read; `None` where the user chose engine or language.
    """

    engine: str
    options: EngineOptions
    text_layer: TextLayerMode = "auto"
    languages: frozenset[str] = frozenset()
    second: tuple[str, EngineOptions] | None = None

    @property
    def scripts(self) -> frozenset[str]:
        """ISO 15924 codes of what the engine reads; empty for any."""
        return frozenset(languages.resolve(code).script for code in self.languages)


def checked_request(
    registry: Registry,
    *,
    tier: Tier,
    engine: str | None,
    language: str,
    text_layer: TextLayerMode,
    options: Mapping[str, object] | None,
) -> Request:
    """The request, with the engine chosen by tier and language where the user named none.

    Raises:
        UnknownEngineError, UnknownLanguageError, OptionError: something of it does not exist or has a bad value.
    """
    if tier not in TIER_ENGINES:
        raise OptionError(f"There is no tier {tier!r}.", hint=f"Tiers: {', '.join(TIER_ENGINES)}.")
    if text_layer not in get_args(TextLayerMode):
        raise OptionError(f"There is no text_layer={text_layer!r}.", hint="Modes: auto, always, never.")
    codes = [languages.normalize(code) for code in language.split("+")]
    specs = [registry.engine_spec(name) for name in ([engine] if engine else TIER_ENGINES[tier])]
    spec = next((each for each in specs if _reads(each, codes)), specs[0])
    given = {"language": "+".join(codes), **(options or {})}
    parsed = parse_options(spec.options, given, owner=f"engine {spec.name}")
    second = None
    if engine is None and codes == [languages.AUTO] and len(specs) > 1:
        second = (specs[1].name, specs[1].options(min_confidence=parsed.min_confidence))
    return Request(
        engine=spec.name,
        options=parsed,
        text_layer=text_layer,
        languages=frozenset(spec.languages) - {"*"},
        second=second,
    )


def script_asked_for(request: Request) -> str | None:
    """Script of the first language asked for; `None` for any."""
    first = request.options.language.split("+")[0]
    return None if first == languages.AUTO else languages.resolve(first).script


def _reads(spec: EngineSpec, codes: Sequence[str]) -> bool:
    return "*" in spec.languages or all(code == languages.AUTO or code in spec.languages for code in codes)
