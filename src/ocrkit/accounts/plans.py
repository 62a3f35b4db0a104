"""Plans as data: how much an account may spend, on what, and how soon its pages have their turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from ocrkit.errors import OptionError, UnknownPlanError
from ocrkit.options import parse_options

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Bucket: TypeAlias = Literal["daily", "monthly", "paid"]

ANONYMOUS = "anonymous"
"""The plan of callers without a token."""
FREE = "free"
"""The plan of an account that has just signed up."""
PAID = "paid"
"""The plan by which credits are spent that an account of another plan has bought."""

Price: TypeAlias = Annotated[int, Field(ge=1, le=1_000_000)]


class Plan(BaseModel):
    """What accounts of one plan may spend."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    name: str
    bucket: Bucket
    """Where its credits come from: an allowance a day or a month (UTC), or what was bought."""
    cap: Annotated[int, Field(ge=0, le=10**15)] = 0
    """Credits a day or a month; without meaning for `paid`."""
    max_pages: Annotated[int, Field(ge=1)]
    """Pages that one file may have."""
    weight: Annotated[float, Field(gt=0, le=1000)] = 1.0
    """Share of the workers when they are short: weight 2 has two pages read while weight 1 has one."""
    prices: Annotated[dict[str, Price], Field(min_length=1)] = {"cpu": 1, "vlm": 3}
    """Credits a page, by tier."""

    def price(self, tier: str) -> int:
        """Credits that one page costs on this tier.

        Raises:
            OptionError: the plan has no such tier.
        """
        if tier not in self.prices:
            raise OptionError(f"There is no tier {tier!r}.", hint=f"Tiers: {', '.join(self.prices)}.")
        return self.prices[tier]


_DEFAULTS: dict[str, dict[str, object]] = {
    ANONYMOUS: {"bucket": "daily", "cap": 25, "max_pages": 25, "weight": 1},
    FREE: {"bucket": "monthly", "cap": 250, "max_pages": 100, "weight": 2},
    PAID: {"bucket": "paid", "max_pages": 2000, "weight": 8},
}


class Plans:
    """The plans of one server, by name.

    Args:
        changes: what differs from the defaults, by plan and field, as a settings file has it; other names than
            `anonymous`, `free` and `paid` are plans of their own.

    Raises:
        OptionError: a field does not exist, is missing or does not fit.
    """

    def __init__(self, changes: Mapping[str, Mapping[str, object]] | None = None) -> None:
        given = changes or {}
        self._plans = {
            name: parse_options(
                Plan, {**_DEFAULTS.get(name, {}), **given.get(name, {}), "name": name}, owner=f"plan {name}"
            )
            for name in (*_DEFAULTS, *(name for name in given if name not in _DEFAULTS))
        }
        if self._plans[PAID].bucket != "paid":
            raise OptionError("The plan 'paid' spends what was bought.", hint="Leave its bucket 'paid'.")

    def __getitem__(self, name: str) -> Plan:
        """The plan of this name.

        Raises:
            UnknownPlanError: there is none.
        """
        if name not in self._plans:
            raise UnknownPlanError(f"There is no plan {name!r}.", hint=f"Plans: {', '.join(self._plans)}.")
        return self._plans[name]

    def __iter__(self) -> Iterator[Plan]:
        return iter(self._plans.values())
