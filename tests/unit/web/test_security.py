"""The headers of security: on every answer, over whatever a handler said, and of a policy that is strict."""

from __future__ import annotations

import asyncio
from ipaddress import ip_network

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from floodmark.web.security import FEATURES, NoServerAddress, SecurityHeaders, origin, over_https, policy
from floodmark.web.settings import Settings

NEEDED_EVERYWHERE = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    headers = {"Content-Security-Policy": "script-src *", "X-Frame-Options": "ALLOWALL", "X-Other": "stays"}
    await PlainTextResponse("page", headers=headers)(scope, receive, send)


def answer(
    path: str = "/", *, base: str = "http://127.0.0.1", settings: Settings | None = None, **headers: str
) -> httpx.Response:
    async def ask() -> httpx.Response:
        app = SecurityHeaders(page, settings or Settings())
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=base) as client:
            return await client.get(path, headers=headers)

    return asyncio.run(ask())


def test_a_page_may_load_from_its_own_server_alone_and_runs_nothing_that_stands_within_it() -> None:
    said = answer().headers["content-security-policy"]
    directives = dict(one.split(" ", 1) for one in said.split("; "))
    assert directives["default-src"] == "'none'"
    assert {directives[f"{kind}-src"] for kind in ("script", "style", "img")} == {"'self'"}
    assert directives["require-trusted-types-for"] == "'script'"
    assert directives["frame-ancestors"] == directives["base-uri"] == "'none'"
    assert "unsafe" not in said and "*" not in said and "data:" not in said


def test_what_a_handler_set_is_replaced_and_what_is_none_of_ours_stays() -> None:
    headers = answer().headers
    assert headers.get_list("content-security-policy") == [policy(Settings())]
    assert headers.get_list("x-frame-options") == ["DENY"]
    assert headers["x-other"] == "stays"


@pytest.mark.parametrize("path", ["/", "/leaks", "/v1/leaks", "/nowhere"])
def test_every_answer_is_taken_for_what_it_says_it_is_and_gives_no_referrer(path: str) -> None:
    headers = answer(path).headers
    assert NEEDED_EVERYWHERE.items() <= dict(headers).items()


def test_data_may_be_fetched_by_other_servers_pages_and_pages_may_not() -> None:
    assert answer("/v1/snapshot").headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer("/v1/snapshot").headers["content-security-policy"].startswith("default-src 'none'")
    assert answer("/").headers["cross-origin-resource-policy"] == "same-origin"
    assert answer("/").headers["cross-origin-opener-policy"] == "same-origin"


def test_a_page_may_ask_the_servers_that_evaluate_and_host_buckets() -> None:
    settings = Settings(
        evaluator_at="https://evaluate.example.org/v1", buckets_at="https://buckets.example.org:8443"
    )
    assert (
        "connect-src 'self' https://evaluate.example.org https://buckets.example.org:8443;"
        in policy(settings) + ";"
    )


@pytest.mark.parametrize(
    "place",
    [
        *("", "evaluate.example.org", "https://", "ftp://a.example", "data:text/html,x", "https://a b"),
        *("https://*", "https://user@a.example", "https://a.example:99999", "https://[::1"),
        "https://a.example;script-src *",
    ],
)
def test_an_address_that_would_change_the_policy_is_refused(place: str) -> None:
    with pytest.raises(NoServerAddress):
        SecurityHeaders(page, Settings(evaluator_at=place))


def test_the_origin_of_an_address_has_no_path() -> None:
    assert origin("https://[::1]:8080/x?y#z") == "https://[::1]:8080"


def test_only_what_came_over_tls_is_told_to_come_so_again() -> None:
    proxy = Settings(trusted_proxies=(ip_network("127.0.0.0/8"),))
    forwarded = {"x-forwarded-proto": "https"}
    assert "strict-transport-security" not in answer().headers
    assert "strict-transport-security" not in answer(**forwarded).headers
    assert "strict-transport-security" not in answer(settings=proxy).headers
    assert "strict-transport-security" in answer(settings=proxy, **forwarded).headers
    assert "strict-transport-security" in answer(base="https://127.0.0.1").headers


def test_the_last_proxy_says_how_it_was_reached() -> None:
    trusted = (ip_network("10.0.0.0/8"),)
    scope = {"scheme": "http", "client": ("10.1.2.3", 1), "headers": [(b"x-forwarded-proto", b"https, http")]}
    assert not over_https(scope, trusted)
    assert not over_https({**scope, "client": ("testclient", 1)}, trusted)
    assert not over_https({**scope, "client": None}, trusted)
    alone = {**scope, "headers": [(b"x-forwarded-proto", b"https")]}
    assert over_https(alone, trusted)
    assert over_https({**alone, "client": ("::ffff:10.1.2.3", 1)}, trusted)
    assert not over_https({**alone, "client": ("::ffff:192.0.2.7", 1)}, trusted)


def test_no_feature_of_the_browser_is_allowed() -> None:
    said = answer().headers["permissions-policy"].split(", ")
    assert len(said) == len(FEATURES) == len(set(FEATURES))
    assert all(one.endswith("=()") for one in said)


def test_what_is_no_request_passes_through() -> None:
    seen = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    async def receive() -> Message:
        return {"type": "lifespan.startup"}

    async def send(message: Message) -> None:
        raise AssertionError

    asyncio.run(SecurityHeaders(app, Settings())({"type": "lifespan"}, receive, send))
    assert seen == ["lifespan"]
