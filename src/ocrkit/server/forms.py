"""The fields of a submission, checked: each unknown value is refused with what there is. Knows no file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrkit.errors import OcrkitError, OptionError
from ocrkit.jobs.webhooks import check_url
from ocrkit.languages import AUTO, LANGUAGES, normalize
from ocrkit.pipeline.request import TIER_ENGINES
from ocrkit.server.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocrkit.contracts import Tier
    from ocrkit.registry import Registry

_LONGEST_URL = 2000


@dataclass(frozen=True, slots=True)
class Submission:
    """What is asked of a file.

    Attributes:
        language: as asked; `code` is what it means.
        engine: that reads it, where the operator named one for the tier.
        pages: which pages, as asked; `None` for all.
    """

    tier: Tier
    language: str
    code: str
    engine: str | None = None
    pages: str | None = None
    webhook_url: str | None = None


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
    tier = _tier(given.get("tier", "cpu"), registry, engines)
    language = given.get("language", AUTO)
    if "tool" in given:
        raise _unknown("tool", given["tool"], there=())
    if "translate_to" in given:
        raise _unknown("translate_to", given["translate_to"], there=())
    return Submission(
        tier=tier,
        language=language,
        code=_language(language),
        engine=engines.get(tier),
        pages=given.get("pages"),
        webhook_url=_webhook(given.get("webhook_url")),
    )


def tiers(registry: Registry, engines: Mapping[str, str]) -> tuple[Tier, ...]:
    """The tiers that an engine serves here."""
    known = {spec.name for spec in registry.engines}
    return tuple(tier for tier in TIER_ENGINES if {engines.get(tier) or TIER_ENGINES[tier][0]} & known)


def _tier(asked: str, registry: Registry, engines: Mapping[str, str]) -> Tier:
    there = tiers(registry, engines)
    if asked not in there:
        raise _unknown("tier", asked, there=there)
    return asked


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
