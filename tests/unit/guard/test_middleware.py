"""The guard around applications: who is answered, who is refused, and what the application is told."""

from __future__ import annotations

from typing import Any

import pytest

from floodmark.guard import Actor, Policy
from floodmark.guard.allow import Allowance, AllowList
from floodmark.guard.budgets import Budgets
from floodmark.guard.decision import Action, Decision
from floodmark.guard.middleware import NAME

from .asgi import ask
from .guarding import (
    KEY,
    NUMBERS,
    SIGNED_IN,
    Observing,
    echo,
    guard_of,
    policy,
    says,
    sync,
    wrapped,
)


def test_new_identifiers_are_answered_until_the_budget_is_spent_and_old_ones_for_ever() -> None:
    app = wrapped(guard_of(policy()))
    statuses = [ask(app, f"/users/{name}", headers=SIGNED_IN).status for name in ("a", "b", "c", "a", "b")]
    assert statuses == [200, 200, 429, 200, 200]
    assert ask(app, "/users/c", headers={"x-account": "grace"}).status == 200


def test_a_refusal_is_a_problem_with_limits_in_headers_and_no_identifier() -> None:
    app = wrapped(guard_of(policy()), clock=lambda: 0.0)
    for name in ("one", "two"):
        ask(app, f"/users/{name}", headers=SIGNED_IN)
    answer = ask(app, "/users/lovelace", headers=SIGNED_IN)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "3600"
    assert answer.headers["ratelimit"] == '"account";r=0;t=3600'
    assert answer.headers["ratelimit-policy"] == '"account";q=2;w=7200'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json["type"] == "urn:floodmark:problem:lookups-spent"
    assert answer.json["status"] == answer.status == 429
    assert answer.json["refused"] == [0]
    assert b"lovelace" not in answer.body and b"ada" not in answer.body


def test_a_batch_beyond_the_budget_is_refused_whole_unless_the_application_answers_in_part() -> None:
    app = wrapped(guard_of(policy(3)))
    answer = sync(app, NUMBERS[:5])
    assert (answer.status, answer.json["refused"]) == (429, [3, 4])
    assert sync(app, NUMBERS[:3]).status == 200  # what was granted before is free


def test_an_application_that_answers_in_part_is_told_what_is_refused() -> None:
    app = wrapped(guard_of(policy(3)), honours=["partial"])
    answer = sync(app, NUMBERS[:5])
    assert (answer.status, answer.json["refused"], answer.json["granted"]) == (200, [3, 4], NUMBERS[:3])
    assert sync(app, NUMBERS[5:7]).status == 429  # nothing of it is granted


def test_in_shadow_every_byte_is_that_of_the_application_and_everything_is_counted() -> None:
    guard = guard_of(Policy(limits=policy(1).limits))
    app = wrapped(guard)
    for target in ("/users/a", "/users/b", "/users/nobody", "/other"):
        bare, guarded = ask(echo, target), ask(app, target, headers=SIGNED_IN)
        assert (guarded.status, guarded.headers) == (bare.status, bare.headers)
        assert guarded.json["refused"] == []
    assert sync(app, NUMBERS[:4]).json["granted"] == NUMBERS[:4]
    assert guard.counters.refused == 6


def test_the_guard_learns_which_identifiers_existed() -> None:
    guard = Observing(policy(9), KEY, Budgets(policy(9).limits, memory=1 << 20))
    guard.seen = []
    app = wrapped(guard, honours=["partial"])
    for target in ("/users/a", "/users/nobody"):
        ask(app, target, headers=SIGNED_IN)
    sync(app, NUMBERS[:9])
    assert guard.seen == [
        ("users/show", 1, [True], "username"),
        ("users/show", 1, [False], "username"),
        ("contacts/sync", 7, [True, *[False] * 6], "phone"),
    ]


def test_whoever_is_denied_is_answered_nothing_and_not_told_why() -> None:
    app = wrapped(says(Decision(Action.DENY, (0,))))
    answer = ask(app, "/users/a")
    assert (answer.status, answer.json["type"]) == (403, "urn:floodmark:problem:lookup-denied")
    assert set(answer.json) == {"type", "title", "status", "detail", "hint"}


@pytest.mark.parametrize(("action", "status"), [(Action.CHALLENGE, 401), (Action.COARSEN, 403)])
def test_what_an_application_does_not_honour_is_refused_in_its_stead(action: Action, status: int) -> None:
    decision = Decision(action, (0,) if action is Action.CHALLENGE else ())
    answer = ask(wrapped(says(decision)), "/users/a")
    assert answer.status == status
    assert ("www-authenticate" in answer.headers) == (status == 401)
    told: list[Action] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        told.append(scope[NAME].action)
        await echo(scope, receive, send)

    assert ask(wrapped(says(decision), app, honours=[str(action)]), "/users/a").status == 200
    assert told == [action]
    with pytest.raises(ValueError, match="sing"):
        wrapped(says(decision), honours=["sing"])


def test_an_application_tells_of_a_challenge_that_was_passed() -> None:
    guard = guard_of(policy())

    async def app(scope: Any, receive: Any, send: Any) -> None:
        scope[NAME].passed_challenge()
        await echo(scope, receive, send)

    ask(wrapped(guard, app), "/users/a", headers=SIGNED_IN)
    assert guard.counters.passed == 1


def test_an_answer_is_delayed_by_what_the_policy_says_and_a_crowd_is_not_kept() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    app = wrapped(says(Decision(Action.DELAY, delay=2.5)), sleep=sleep)
    assert (ask(app, "/users/a").status, slept) == (200, [2.5])
    app._delayed = 1_000
    assert ask(app, "/users/a").status == 503
    shadow = wrapped(says(Decision(Action.DELAY, delay=2.5, shadow=True), shadow=True), sleep=sleep)
    assert (ask(shadow, "/users/a").status, slept) == (200, [2.5])


def test_whoever_is_on_the_allow_list_is_never_limited() -> None:
    until = Allowance("account", Actor.of(KEY, account="ada").account, "an inquiry", 0.0, 1e12)
    app = wrapped(guard_of(policy(1), allowed=AllowList([until])))
    assert {ask(app, f"/users/{name}", headers=SIGNED_IN).status for name in "abcd"} == {200}
