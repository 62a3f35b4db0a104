"""What is asked of every page, checked once: which engine, its options, and what happens to a page's own text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import metadata
from typing import TYPE_CHECKING, Literal, get_args

from ocrkit import languages
from ocrkit.contracts import TierAsked
from ocrkit.errors import OptionError
from ocrkit.options import parse_options

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ocrkit.contracts import EngineOptions, EngineSpec, Tier
    from ocrkit.registry import Registry

TextLayerMode = Literal["auto", "always", "never"]
"""`auto`: where it can be trusted. `always`: wherever there is one. `never`: recognize every page."""

TIER_ENGINES: dict[Tier, tuple[str, ...]] = {"cpu": ("ppocr", "tesseract"), "vlm": ("surya", "vlm")}
"""The engines of each tier, the preferred one first; said here once, so that no engine elects itself. Of tier `vlm` it
is the first one that is installed."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of every page; made by `Pipeline.request`.

    Attributes:
        engine: name of the engine that recognizes.
        options: its options, the language among them.
        text_layer: when a PDF page's own text is used.
        languages: codes of what the engine reads; empty for any.
        second: engine and options for what the first could not read; `None` where the user chose engine or language.
        cpu: of an engine of tier `vlm`: who reads the page where that fails, and where its words are.
        premium: of tier `auto`: who reads pages whose cpu reading is doubtful; `None` where no such engine is known.
        align: whether text without places is given those of the cpu reading, and compared with it.
        may_use_vlm: whether this page may go to tier `vlm` at all; not where a ceiling forbids it, or it has ended
            its worker there.
    """

    engine: str
    options: EngineOptions
    text_layer: TextLayerMode = "auto"
    languages: frozenset[str] = frozenset()
    second: tuple[str, EngineOptions] | None = None
    cpu: Request | None = None
    premium: Request | None = None
    align: bool = True
    may_use_vlm: bool = True

    @property
    def scripts(self) -> frozenset[str]:
        """ISO 15924 codes of what the engine reads; empty for any."""
        return frozenset(languages.resolve(code).script for code in self.languages)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a user asks of every page, not yet checked.

    Attributes:
        engine: by name; of tier `auto` an engine of tier `vlm` is who reads the doubtful pages.
        cpu_engine: by name, who reads for the cpu tier beside tier `vlm`, and first under `auto`; the tier's if unset.
        options: of `engine`; of the cpu tier's where none is named.
    """

    tier: TierAsked = "cpu"
    engine: str | None = None
    cpu_engine: str | None = None
    language: str = "auto"
    text_layer: TextLayerMode = "auto"
    options: Mapping[str, object] | None = None
    align: bool = True


def checked_request(registry: Registry, asked: Asked) -> Request:
    """The request, with the engine chosen by tier and language where the user named none.

    Raises:
        UnknownEngineError, UnknownLanguageError, OptionError: something of it does not exist or has a bad value.
    """
    if asked.tier not in get_args(TierAsked):
        raise OptionError(f"There is no tier {asked.tier!r}.", hint=f"Tiers: {', '.join(get_args(TierAsked))}.")
    if asked.text_layer not in get_args(TextLayerMode):
        raise OptionError(f"There is no text_layer={asked.text_layer!r}.", hint="Modes: auto, always, never.")
    codes = [languages.normalize(code) for code in asked.language.split("+")]
    named = registry.engine_spec(asked.engine) if asked.engine else None
    if asked.tier == "auto":
        return _auto(registry, asked, codes, named=named)
    tier = "vlm" if named is not None and named.tier == "vlm" else asked.tier
    specs = [named] if named else [registry.engine_spec(name) for name in _of_tier(registry, tier)]
    spec = next((each for each in specs if _reads(each, codes)), specs[0])
    request = _request(spec, asked, codes)
    if tier == "vlm":
        return replace(request, cpu=_cpu_beside(registry, asked))
    if named is None and codes == [languages.AUTO] and len(specs) > 1:
        second = (specs[1].name, specs[1].options(min_confidence=request.options.min_confidence))
        return replace(request, second=second)
    return request


def _auto(registry: Registry, asked: Asked, codes: Sequence[str], *, named: EngineSpec | None) -> Request:
    """The request of the cpu tier, and the one of tier `vlm` for what is doubtful."""
    of_vlm = named is not None and named.tier == "vlm"
    first = replace(asked, tier="cpu")
    if of_vlm or named is None:
        first = replace(first, engine=asked.cpu_engine, options=None if of_vlm else asked.options)
    request = checked_request(registry, first)
    name = asked.engine if of_vlm else next(iter(_of_tier(registry, "vlm", known=True)), None)
    if name is None:
        return request
    options = asked if of_vlm else replace(asked, options=None)
    premium = _request(registry.engine_spec(name), options, codes)
    return replace(request, premium=replace(premium, cpu=request))


def _cpu_beside(registry: Registry, asked: Asked) -> Request | None:
    """The request of the cpu tier beside one of tier `vlm`; `None` where a registry has no such engine."""
    known = {spec.name for spec in registry.engines}
    if not known.issuperset([asked.cpu_engine] if asked.cpu_engine else TIER_ENGINES["cpu"]):
        return None
    return checked_request(registry, replace(asked, tier="cpu", engine=asked.cpu_engine, options=None))


def _request(spec: EngineSpec, asked: Asked, codes: Sequence[str]) -> Request:
    given = {"language": "+".join(codes), **(asked.options or {})}
    return Request(
        engine=spec.name,
        options=parse_options(spec.options, given, owner=f"engine {spec.name}"),
        text_layer=asked.text_layer,
        languages=frozenset(spec.languages) - {"*"},
        align=asked.align,
    )


def _of_tier(registry: Registry, tier: Tier, *, known: bool = False) -> tuple[str, ...]:
    """The engines to choose from; of tier `vlm` the first that is installed, as one does not stand in for another.

    With `known` none where the registry has none.
    """
    if tier == "cpu":
        return TIER_ENGINES[tier]
    there = {spec.name: spec for spec in registry.engines}
    names = [name for name in TIER_ENGINES[tier] if name in there]
    ready = [name for name in names if all(map(_is_installed, there[name].requires))]
    return (*(ready or names), *(() if known or names else TIER_ENGINES[tier]))[:1]


def _is_installed(distribution: str) -> bool:
    try:
        metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return False
    return True


def script_asked_for(request: Request) -> str | None:
    """Script of the first language asked for; `None` for any."""
    first = request.options.language.split("+")[0]
    return None if first == languages.AUTO else languages.resolve(first).script


def _reads(spec: EngineSpec, codes: Sequence[str]) -> bool:
    return "*" in spec.languages or all(code == languages.AUTO or code in spec.languages for code in codes)
