from __future__ import annotations

from typing import Any

import pytest

from ocrkit.accounts import Plans
from ocrkit.errors import OptionError, UnknownPlanError


def test_a_change_of_one_field_leaves_the_others_of_the_plan() -> None:
    default, changed = Plans()["free"], Plans({"free": {"cap": 7}})["free"]

    assert changed.cap == 7
    assert changed == default.model_copy(update={"cap": 7})


def test_a_settings_file_may_name_plans_of_its_own() -> None:
    plans = Plans({"team": {"bucket": "daily", "cap": 9, "max_pages": 3, "prices": {"cpu": 2}}})

    assert [plan.name for plan in plans] == ["anonymous", "free", "paid", "team"]
    assert plans["team"].price("cpu") == 2


def test_by_default_anonymous_callers_have_a_day_free_accounts_a_month_and_payers_what_they_bought() -> None:
    assert {plan.name: plan.bucket for plan in Plans()} == {"anonymous": "daily", "free": "monthly", "paid": "paid"}


def test_paying_raises_pages_per_file_and_weight() -> None:
    anonymous, free, paid = Plans()

    assert anonymous.max_pages < free.max_pages < paid.max_pages
    assert anonymous.weight < free.weight < paid.weight


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"free": {"kap": 7}}, "'kap' does not exist for plan free"),
        ({"free": {"cap": -1}}, "'cap' of plan free"),
        ({"free": {"weight": 0}}, "'weight' of plan free"),
        ({"free": {"prices": {"cpu": 0}}}, "'prices.cpu' of plan free"),
        ({"team": {"bucket": "daily"}}, "'max_pages' of plan team"),
        ({"team": {"bucket": "weekly", "max_pages": 3}}, "'bucket' of plan team"),
        ({"paid": {"bucket": "daily"}}, "'paid' spends what was bought"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_by_name(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        Plans(changes)


def test_an_unknown_plan_or_tier_names_those_there_are() -> None:
    with pytest.raises(UnknownPlanError, match="Plans: anonymous, free, paid"):
        Plans()["gold"]
    with pytest.raises(OptionError, match="Tiers: cpu, vlm"):
        Plans()["free"].price("gpu")
