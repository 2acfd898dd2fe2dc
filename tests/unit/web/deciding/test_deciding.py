"""The decision service, address by address."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.errors import FloodmarkError, UsageError
from floodmark.guard import Actor, Guard, MappedLookup, Policy
from floodmark.guard.allow import Allowance, AllowList
from floodmark.guard.budgets import Budgets
from floodmark.guard.decision import Action, Decision
from floodmark.guard.logs import Mapping
from floodmark.identifiers.digests import DigestKey
from floodmark.web.deciding import Deciding, NewestAllowList, Place
from floodmark.web.deciding.allow_list import EVERY

from ...guard.asgi import Answered, ask

KEY = DigestKey(bytes(range(32)))
POLICY = Policy.from_toml('shadow = false\n[[limit]]\nlevel = "account"\nburst = 2\nper_hour = 1')
MAPPING = Mapping.parse("""
most = 20
[[endpoints]]
name = "users/show"
method = "GET"
path = "/users/{identifier}"
kind = "username"
[[endpoints]]
name = "contacts/sync"
method = "POST"
path = "/sync"
identifier = "body:phones[]"
kind = "phone"
""")
NUMBERS = [f"+4474001234{number:02}" for number in range(30)]


class Says(Guard):
    said: Decision | None

    def decide(self, *told: Any) -> Decision:
        if self.said is None:
            raise RuntimeError
        return self.said


def says(decision: Decision | None, **policy: Any) -> Guard:
    found = Says(Policy(**policy), KEY)
    found.said = decision
    return found


def deciding(guard: Guard | None = None, **options: Any) -> Deciding:
    guard = guard or Guard(POLICY, KEY, Budgets(POLICY.limits, memory=1 << 20))
    return Deciding(guard, MappedLookup(MAPPING, {"account": "X-Account"}), **options)


def nginx(app: Deciding, target: str, method: str = "GET", **headers: str) -> Answered:
    told = {"X-Original-URI": target, "X-Original-Method": method, "X-Account": "ada", **headers}
    return ask(app, "/nginx", headers=told, client=None)


def decisions(app: Deciding, asked: Any) -> Answered:
    body = asked if isinstance(asked, bytes) else json.dumps(asked).encode()
    return ask(app, "/v1/decisions", method="POST", body=body, client=None)


def test_nginx_is_told_401_and_403_only_and_the_status_that_is_meant_in_a_header() -> None:
    app = deciding()
    answers = [nginx(app, f"/users/{name}") for name in "abc"]
    assert [answer.status for answer in answers] == [200, 200, 403]
    assert answers[2].headers["x-floodmark-status"] == "429"
    assert answers[2].headers["ratelimit"].startswith('"account";r=0;t=')
    assert nginx(app, "/elsewhere").status == 200
    assert nginx(deciding(says(Decision(Action.CHALLENGE, (0,)), shadow=False)), "/users/a").status == 401
    denied = nginx(deciding(says(Decision(Action.DENY, (0,)), shadow=False)), "/users/a")
    assert (denied.status, denied.headers["x-floodmark-status"]) == (403, "403")


def test_nginx_that_does_not_say_for_what_it_asks_is_refused() -> None:
    app = deciding()
    for headers in ({}, {"X-Original-URI": "/users/a"}, {"X-Original-Method": "GET"}):
        answer = ask(app, "/nginx", headers=headers)
        assert (answer.status, answer.json["type"]) == (403, "urn:floodmark:problem:misasked")


def test_identifiers_in_a_body_that_nginx_did_not_send_are_counted_as_unseen() -> None:
    app = deciding()
    assert nginx(app, "/sync", "POST").status == 200
    assert app.door.counts["unseen"] == 1


def test_an_address_comes_from_the_web_server_on_this_machine_and_from_nobody_else() -> None:
    app = deciding()
    forwarded = {"X-Account": "", "X-Forwarded-For": "192.0.2.7"}
    assert [nginx(app, f"/users/{name}", **forwarded).status for name in "abc"] == [200, 200, 403]
    assert nginx(app, "/users/c", **{"X-Account": "", "X-Forwarded-For": "192.0.2.8"}).status == 200


def test_envoy_asks_with_the_request_itself_and_is_told_what_the_client_is() -> None:
    app = deciding()
    headers = {"x-account": "ada"}
    assert [ask(app, f"/envoy/users/{name}?x=1", headers=headers).status for name in "abc"] == [200, 200, 429]
    body = json.dumps({"phones": NUMBERS[:3]}).encode()
    answer = ask(app, "/envoy/sync", method="POST", headers={"x-account": "grace"}, body=body)
    assert (answer.status, answer.json["refused"]) == (429, [2])
    assert ask(app, "/envoy", method="OPTIONS").status == 200
    assert ask(app, "/envoyed/users/a").status == 404
    assert ask(app, "/%65nvoy/users/a", headers=headers).status == 403
    many = json.dumps({"phones": NUMBERS}).encode()
    assert ask(app, "/envoy/sync", method="POST", body=many).status == 413


def test_what_the_application_honours_is_handed_on() -> None:
    coarse = says(Decision(Action.COARSEN), shadow=False)
    assert nginx(deciding(coarse), "/users/a").status == 403
    answer = nginx(deciding(coarse, honours=["coarsen"]), "/users/a")
    assert (answer.status, answer.headers["x-floodmark-action"]) == (200, "coarsen")


def test_a_delay_is_waited_for_and_a_crowd_is_not_kept() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    app = deciding(says(Decision(Action.DELAY, delay=1.5), shadow=False), sleep=sleep)
    assert (nginx(app, "/users/a").status, slept) == (200, [1.5])
    app._delayed = 1_000
    assert nginx(app, "/users/a").headers["x-floodmark-status"] == "503"


def test_in_shadow_everything_is_allowed_and_nothing_is_said() -> None:
    app = deciding(says(Decision(Action.DENY, (0,), shadow=True)))
    for answer in (nginx(app, "/users/a"), ask(app, "/nginx"), ask(app, "/envoy/users/" + "a" * 2_000)):
        assert answer.status == 200
        assert set(answer.headers) == {"content-length", "cache-control"}


@pytest.mark.parametrize(("fail", "status"), [("open", 200), ("closed", 503)])
def test_a_guard_that_fails_answers_or_refuses_as_it_was_told(fail: Any, status: int) -> None:
    app = deciding(says(None, shadow=False), fail=fail)
    assert ask(app, "/envoy/users/a").status == status
    assert decisions(app, {"endpoint": "e", "kind": "phone", "identifiers": ["x"]}).status == 503
    assert app.door.counts["failed"] == 2


def test_any_program_is_told_the_decision_in_json() -> None:
    asked = {"endpoint": "sync", "kind": "phone", "identifiers": NUMBERS[:4], "actor": {"account": "ada"}}
    answer = decisions(deciding(clock=lambda: 0.0), asked)
    assert answer.json["refused"] == [2, 3]
    assert (answer.json["action"], answer.json["shadow"], answer.json["retry_after"]) == (
        "allow",
        False,
        3_600.0,
    )
    assert [reason["code"] for reason in answer.json["reasons"]] == ["budget-spent"]
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "wrong",
    [
        b"[", b"[]", b"{}", b"[" * 9_999, b"\xff",
        {"kind": "shoe"}, {"endpoint": "two words"}, {"endpoint": 7}, {"identifiers": "x"}, {"identifiers": [7]},
        {"identifiers": ["x" * 1_025]}, {"actor": []}, {"actor": {"shoe": "x"}}, {"actor": {"account": 7}},
        {"region": "XX"}, {"region": 7}, {"region": "+"}, {"region": []}, {"kind": []}, {"more": 1},
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_a_problem(wrong: Any) -> None:
    asked = {"endpoint": "sync", "kind": "phone", "identifiers": []}
    app = deciding()
    answer = decisions(app, wrong if isinstance(wrong, bytes) else asked | wrong)
    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
    assert app.door.counts["failed"] == 0


def test_too_many_identifiers_and_a_body_too_long_are_refused() -> None:
    asked = {"endpoint": "sync", "kind": "phone", "identifiers": ["x"] * 10_001}
    assert decisions(deciding(), asked).status == 413
    assert decisions(deciding(), b" " * (1 << 21)).status == 413
    assert ask(deciding(), "/v1/decisions").status == 405


def test_health_and_numbers_are_told_without_a_name() -> None:
    app = deciding()
    nginx(app, "/users/lovelace")
    assert ask(app, "/healthz").json == {"alive": True}
    assert ask(app, "/healthz", method="HEAD").body == b""
    text = ask(app, "/metrics").body.decode()
    assert 'floodmark_guard_decisions_total{action="allow"} 1.0' in text
    assert "lovelace" not in text and "ada" not in text.replace("data", "")
    assert ask(app, "/").status == 404


@given(
    target=st.text(max_size=20).map(lambda text: "/users/" + text.replace("\ud800", "")),
    account=st.text(st.characters(blacklist_categories=["Cs"]), max_size=20),
    body=st.binary(max_size=40),
)
def test_whatever_is_sent_is_answered_without_an_error(target: str, account: str, body: bytes) -> None:
    app = deciding()
    target = target.encode("utf-8", "ignore").decode()
    answers = [
        nginx(app, target, **{"X-Account": account}),
        decisions(app, body),
        ask(app, "/envoy/sync", method="POST", body=body),
    ]
    assert {answer.status for answer in answers} <= {200, 400, 403}
    assert app.door.counts["failed"] == 0


def test_a_newer_allow_list_is_taken_within_seconds_and_a_damaged_one_is_not(tmp_path: Path) -> None:
    now = [0.0]
    wrong: list[FloodmarkError] = []
    guard = Guard(POLICY, KEY, Budgets(POLICY.limits, memory=1 << 20))
    path = tmp_path / "allow.json"
    before = NewestAllowList(guard, path, wrong.append, lambda: now[0])
    app = deciding(guard, before=before, clock=lambda: 1.0)
    for name in "abc":
        nginx(app, f"/users/{name}")
    digest = Actor.of(KEY, account="ada").account
    AllowList([Allowance("account", digest, "an inquiry", 0.0, 3e7)]).write(path, KEY.id)
    assert nginx(app, "/users/c").status == 403
    now[0] += EVERY
    assert nginx(app, "/users/c").status == 200
    path.write_text("{")
    os.utime(path, ns=(1, 1))
    now[0] += EVERY
    assert nginx(app, "/users/d").status == 200
    assert len(wrong) == 1


def test_places_to_listen_at_are_read_as_they_are_written() -> None:
    assert Place.of("127.0.0.1:8091") == Place("127.0.0.1", 8_091)
    assert Place.of("[::1]:0") == Place("::1", 0)
    assert Place.of("unix:/run/guard.sock") == Place(path=Path("/run/guard.sock"))
    local = ("127.0.0.1:1", "[::1]:1", "localhost:1", "unix:guard.sock")
    assert all(Place.of(place).is_local for place in local)
    assert not any(Place.of(place).is_local for place in ("0.0.0.0:1", "[::]:1", "guard.example.org:1"))
    for wrong in ("", "8091", ":8091", "localhost:", "localhost:x", "localhost:65536", "unix:", "[::1]:٣"):
        with pytest.raises(UsageError):
            Place.of(wrong)
