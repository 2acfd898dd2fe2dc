"""How much of budgets was used, beside the budgets themselves."""

from __future__ import annotations

import polars as pl
import pytest

from floodmark.guard.actors import Actor, who
from floodmark.guard.budgets import Budgets, Limit, simulate_budgets
from floodmark.guard.reduction import Reduced
from floodmark.guard.report.budget_use import BudgetUse, LevelUse, budget_use, used_by

from .asking import START, asks, frame, many

LIMITS = (
    Limit("account", 20, 1 / 3600),
    Limit("account", 15, 1 / 7200, endpoints=("contacts/delta",)),
    Limit("prefix", 60, 4 / 3600),
    Limit("network", 400, 50 / 3600, besides=("contacts/sync",)),
)


def used(
    lookups: pl.DataFrame, limits: tuple[Limit, ...]
) -> tuple[BudgetUse, dict[int, tuple[LevelUse, ...]]]:
    counted = lookups.with_columns(
        who(),
        is_account=pl.col("account") > 0,
        refused=~simulate_budgets(lookups, limits)["granted"],
    )
    found, standings = budget_use(counted, limits)
    return found, used_by(standings, counted["who"].unique().to_list())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_used_at_the_end_and_at_most_is_what_budgets_that_were_there_say(seed: int) -> None:
    lookups = many(30, seed=seed).head(3000)
    budgets = Budgets(LIMITS)
    peaks: dict[tuple[Limit, int], float] = {}
    actors: dict[tuple[Limit, int], tuple[Actor, str]] = {}
    last = 0.0
    for row in lookups.iter_rows(named=True):
        actor = Actor(**{part: row[part] for part in ("account", "address", "prefix", "network")})
        last = row["at"].timestamp()
        one = Reduced(row["identifier"], row["block"], row["position"])
        for standing in budgets.take(last, actor, row["endpoint"], [one]).standings:
            limit = standing.limit
            key = limit, actor.who if limit.level == "account" else getattr(actor, limit.level)
            peaks[key] = max(peaks.get(key, 0.0), standing.used)
            actors[key] = actor, row["endpoint"]
    found, by_actor = used(lookups, LIMITS)
    for limit, of_limit in zip(LIMITS, found.limits, strict=True):
        mine = {entity: peak for (one, entity), peak in peaks.items() if one == limit and peak > 0}
        assert of_limit.counted == len(mine)
        assert of_limit.half == sum(peak >= limit.burst / 2 for peak in mine.values())
        for use in of_limit.most_used:
            entity = int(use.name.partition("/")[2], 16)
            assert use.peak == pytest.approx(mine[entity], abs=1e-6)
            actor, endpoint = actors[limit, entity]
            now = next(one for one in budgets.standing(last, actor, endpoint) if one.limit == limit)
            assert use.used == pytest.approx(now.used, abs=1e-6)
            assert (use.refilled is None) == (now.used == 0)
    for actor_digest, uses in by_actor.items():
        for use in uses:
            limit = next(one for one in LIMITS if (one.level, one.burst) == (use.level, use.burst))
            assert use.peak == pytest.approx(peaks[limit, actor_digest], abs=1e-6)


def test_an_address_without_account_is_named_as_an_address() -> None:
    lookups = frame(asks(0, range(3), address=5))
    found, by_actor = used(lookups, LIMITS[:1])
    assert [use.name for use in found.most_used] == ["address/0000000000000005"]
    assert list(by_actor) == [5]


def test_who_is_not_known_uses_no_budget_that_is_shown() -> None:
    found, by_actor = used(frame(asks(0, range(3))), LIMITS[:1])
    assert (found.limits[0].counted, by_actor) == (0, {})


def test_asking_again_uses_nothing_and_what_comes_back_is_dated() -> None:
    found, _ = used(frame(asks(7, [1, 2, 2, 1, 1])), LIMITS[:1])
    (use,) = found.most_used
    assert use.peak == pytest.approx(2 - 1 / 60)
    assert use.refilled is not None
    assert (use.refilled - START).total_seconds() == pytest.approx(2 * 3600)
