"""The fields of a submission, checked: each unknown value is refused with what there is. Knows no file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrkit.errors import OcrkitError, OptionError
from ocrkit.inference import configured
from ocrkit.jobs.webhooks import check_url
from ocrkit.languages import AUTO, LANGUAGES, normalize
from ocrkit.pipeline.request import TIER_ENGINES
from ocrkit.presets import filled
from ocrkit.server.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocrkit.contracts import Tier, TierAsked
    from ocrkit.registry import Registry
    from ocrkit.toolspec import ToolSpec

_LONGEST_URL = 2000
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Submission:
    """What is asked of a file.

    Attributes:
        language: as asked; `code` is what it means.
        engine: that reads it, where the operator named one for the tier; of tier `auto`, for tier `vlm`.
        cpu_engine: that reads for tier `cpu` beside tier `vlm`, where the operator named one.
        max_vlm_pages: how many pages tier `auto` may give to tier `vlm`; `None` leaves it to the server.
        pages: which pages, as asked; `None` for all.
        translate_to: the language to translate into, as asked; `Translations` knows what it means.
        tool: the preset, where one is asked for.
    """

    tier: TierAsked
    language: str
    code: str
    engine: str | None = None
    cpu_engine: str | None = None
    max_vlm_pages: int | None = None
    pages: str | None = None
    webhook_url: str | None = None
    translate_to: str | None = None
    tool: ToolSpec | None = None


def submission(fields: Mapping[str, str], registry: Registry, *, engines: Mapping[str, str]) -> Submission:
    """The fields of a form; those that are empty count as left out, those that nobody knows are ignored.

    Args:
        fields: by name.
        registry: the engines there are.
        engines: the engine of a tier, where the operator named one.

    Raises:
        Problem: a value does not exist here; the message says which do.
    """
    given = {name: value.strip() for name, value in fields.items() if value.strip()}
    tool = _tool(given, registry)
    tier = _tier(given.get("tier") or (tool.tier if tool else "cpu"), registry, engines)
    language = given.get("language", AUTO)
    return Submission(
        tier=tier,
        language=language,
        code=_language(language),
        engine=engines.get("vlm" if tier == "auto" else tier),
        cpu_engine=engines.get("cpu"),
        max_vlm_pages=_count("max_vlm_pages", given.get("max_vlm_pages")),
        pages=given.get("pages"),
        webhook_url=_webhook(given.get("webhook_url")),
        translate_to=given.get("translate_to"),
        tool=tool,
    )


def reading_settings(asked: Submission) -> dict[str, object]:
    """Engine, its options and the use of text layers: the operator's and the caller's choice before the tool's."""
    if asked.tool is None:
        return {"engine": asked.engine}
    chosen = {"tier": asked.tier} | ({"engine": asked.engine} if asked.engine else {})
    told = filled(asked.tool, chosen | dict.fromkeys(asked.tool.needs, True))
    return {
        "engine": told.get("engine"),
        "options": told.get("options") or {},
        "text_layer": told["text_layer"],
    }


def _tool(given: Mapping[str, str], registry: Registry) -> ToolSpec | None:
    if "tool" not in given:
        return None
    known = {spec.name: spec for spec in registry.tools}
    spec = known.get(given["tool"])
    if spec is None:
        raise _unknown("tool", given["tool"], there=tuple(known))
    for name in spec.needs:
        if name not in given:
            raise Problem(400, f"missing_{name}", message=f"The tool {spec.name!r} needs the field `{name}`.")
    return spec


def tiers(registry: Registry, engines: Mapping[str, str]) -> tuple[Tier, ...]:
    """The tiers that an engine serves here; `vlm` where an endpoint is configured or the operator named the engine."""
    known = {spec.name for spec in registry.engines}

    def served(tier: Tier) -> bool:
        if tier in engines:
            return engines[tier] in known
        return not known.isdisjoint(TIER_ENGINES[tier]) and (tier == "cpu" or configured("vlm"))

    return tuple(filter(served, TIER_ENGINES))


def _tier(asked: str, registry: Registry, engines: Mapping[str, str]) -> TierAsked:
    there: tuple[TierAsked, ...] = (*tiers(registry, engines), "auto")
    if asked not in there:
        raise _unknown("tier", asked, there=there)
    return asked


def _count(name: str, asked: str | None) -> int | None:
    if asked is None:
        return None
    if not asked.isdecimal() or len(asked) > _DIGITS:
        raise Problem(400, f"bad_{name}", message=f"`{name}` must be a whole number.")
    return int(asked)


def _language(asked: str) -> str:
    try:
        return normalize(asked)
    except OcrkitError as error:
        raise _unknown("language", asked, there=(AUTO, *(each.code for each in LANGUAGES))) from error


def _webhook(asked: str | None) -> str | None:
    if asked is None:
        return None
    try:
        # The signs are looked at here, where it comes from outside; what jobs checks is where it leads.
        if len(asked) <= _LONGEST_URL and asked.isascii() and asked.isprintable() and " " not in asked:
            return check_url(asked)
    except OptionError as error:
        raise Problem(400, "bad_webhook_url", message=str(error)) from error
    raise Problem(400, "bad_webhook_url", message="`webhook_url` must be an http or https address.")


def _unknown(what: str, asked: str, *, there: tuple[str, ...]) -> Problem:
    known = f"There is: {', '.join(there)}." if there else "This server has none."
    return Problem(400, f"unknown_{what}", message=f"Unknown {what} {asked[:60]!r}. {known}")
