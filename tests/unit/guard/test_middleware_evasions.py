"""Requests that some application answers and a guard might overlook."""

from __future__ import annotations

import json

import pytest

from floodmark.guard import GuardMiddleware, MappedLookup
from floodmark.guard.logs import Mapping

from .asgi import ask
from .guarding import NUMBERS, echo, guard_of, policy, wrapped

FIND = MappedLookup(
    Mapping.parse("""
[[endpoints]]
name = "users/find"
path = "/users:find"
identifier = "query:phone"
kind = "phone"
""")
)


@pytest.mark.parametrize(
    "target",
    [
        "/users%2Fada",
        "/users/x%2f..%2Fada",
        "/users/ada;v=1",
        "/users/ada#x",
        "/users/..;/users/ada",
        "/%75sers/ada",
        "//users//ada",
        "http://example.org/users/ada",
    ],
)
def test_one_user_is_one_identifier_however_the_path_is_written(target: str) -> None:
    app = wrapped(guard_of(policy(1)))
    assert ask(app, "/users/ada").status == 200
    assert ask(app, target).json["told"]
    assert ask(app, target.replace("ada", "bob")).status == 429


@pytest.mark.parametrize(
    "target",
    [
        "/users%3Afind?phone={}",
        "/users:find?x=1;phone={}",
        "/users:find?phone[]={}",
        "/users:find?phone[0]={}&phone[0]=1",
        "/users:find?x=#&phone={}",
        "/users:find?%70hone={}",
        "/users:find?phone=&phone={}",
    ],
)
def test_a_parameter_is_counted_however_some_server_would_find_it(target: str) -> None:
    app = GuardMiddleware(echo, guard_of(policy(1)), FIND)
    assert [ask(app, target.format(number)).status for number in NUMBERS[:2]] == [200, 429]


@pytest.mark.parametrize("pad", [70_000, 65_536, 65_510])
def test_a_parameter_that_lies_behind_what_is_looked_at_is_refused(pad: int) -> None:
    app = GuardMiddleware(echo, guard_of(policy(1)), FIND)
    assert ask(app, f"/users:find?x={'x' * pad}&phone={NUMBERS[0]}").status == 413
    assert ask(app, f"/other?x={'x' * pad}&phone={NUMBERS[0]}").status == 200


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/json; charset=utf-7", 415),
        ("application/json; charset = 'ibm037'", 415),
        ("application/json; charset=UTF-8", 200),
        ("text/plain", 200),
    ],
)
def test_a_body_that_could_be_read_as_something_else_than_json_is_refused(kind: str, status: int) -> None:
    app = wrapped(guard_of(policy(50)))
    body = json.dumps({"x": f"&phones={NUMBERS[1]}&", "phones": NUMBERS[:1]}).encode()
    assert ask(app, "/sync", method="POST", headers={"content-type": kind}, body=body).status == status


@pytest.mark.parametrize(
    "body",
    [
        b'{"phones": ["+447400123401"], "phones": []}',
        b'{"phones": [], "Phones": ["+447400123401"]}',
        b'{"PHONES": ["+447400123401"]}',
        b'{"phones": [], "\\u0070hones": ["+447400123401"]}',
    ],
)
def test_a_key_that_servers_take_for_another_is_refused(body: bytes) -> None:
    assert ask(wrapped(guard_of(policy(50))), "/sync", method="POST", body=body).status == 400


def test_a_body_of_any_depth_is_refused_in_a_sentence() -> None:
    app = wrapped(guard_of(policy(50)))
    for body in (
        b'{"phones": ' + b"[" * 200_000,
        b'{"phones": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001,
    ):
        assert ask(app, "/sync", method="POST", body=body).status == 400
    assert ask(app, "/sync", method="POST", body=b'{"phones": [1' + b"0" * 10_000 + b"]}").status == 400


def test_all_headers_of_a_coding_are_looked_at() -> None:
    app = wrapped(guard_of(policy(50)))
    headers = {"content-type": "application/x-www-form-urlencoded"}
    both = headers | {"content-encoding": "gzip", "Content-Encoding": "identity"}
    assert ask(app, "/form", method="POST", headers=headers, body=b"phone=%2B447400123456").status == 200
    assert ask(app, "/form", method="POST", headers=both, body=b"phone=%2B447400123456").status == 415


@pytest.mark.parametrize("written", ["{}!", "call {}", "{}*", "{}%00"])
def test_a_number_that_only_the_application_can_read_costs_as_one(written: str) -> None:
    app = GuardMiddleware(echo, guard_of(policy(2)), FIND)
    asked = [ask(app, "/users:find?phone=" + written.format(number)).status for number in NUMBERS[:4]]
    assert asked == [200, 200, 429, 429]
    assert app.door.guard.counters.none == 4
    assert ask(app, "/users:find?phone=" + written.format(NUMBERS[0])).status == 200


def test_what_nobody_can_read_an_identifier_from_costs_nothing() -> None:
    app = GuardMiddleware(echo, guard_of(policy(1)), FIND)
    for text in ("112", "*100*", "-", "07400 1", "forbidden99", "%2B44", NUMBERS[0]):
        assert ask(app, f"/users:find?phone={text}").status == 200
