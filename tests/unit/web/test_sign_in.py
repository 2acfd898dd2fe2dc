"""Signing in over HTTP: cookies, tokens and origins, one answer for whatever is wrong, and pages for analysts alone."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from argon2.profiles import CHEAPEST
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import ASGIApp, Message

from floodmark.cli import main
from floodmark.register import lock
from floodmark.register.analyst_changes import add_analyst, reset_analyst
from floodmark.register.one_time_codes import AROUND, code_at, step_at
from floodmark.register.passwords import normal
from floodmark.register.sign_in_key import SignInKey
from floodmark.register.workspace import Workspace
from floodmark.web import sign_in
from floodmark.web.api import framework
from floodmark.web.attempts import Attempts, Full, Gate
from floodmark.web.cookies import InsecureCookies, cookies
from floodmark.web.forms import MOST_FIELDS, from_own_page, read_form
from floodmark.web.pages import analyst, leak
from floodmark.web.published import PublishedSnapshot
from floodmark.web.security import SecurityHeaders
from floodmark.web.settings import Settings
from floodmark.web.sign_in import NobodyCanSignIn, next_page
from floodmark.web.site import Site

HERE = "https://floodmark.example"
OWN = {"sec-fetch-site": "same-origin", "origin": "null"}  # what a browser sends with our pages' forms
PASSWORD = "correct horse battery"
START = datetime(2026, 1, 31, 13, 5, tzinfo=UTC)
KEY = SignInKey(bytes(range(32)))


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes at the least cost, as the fixtures make them, so that none is made anew."""
    monkeypatch.setattr(sign_in, "COST", CHEAPEST)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A workspace with an analyst, of which each test has a copy, and her secret."""
    made = Workspace.open(tmp_path_factory.mktemp("prepared") / "workspace", wait=0)
    before = START - timedelta(days=1)
    return made.folder, add_analyst(made, KEY, "ada", normal(PASSWORD.encode()), now=before, cost=CHEAPEST)


@pytest.fixture
def workspace(prepared: tuple[Path, bytes], tmp_path: Path) -> Workspace:
    return Workspace.open(shutil.copytree(prepared[0], tmp_path / "workspace"), wait=0)


@pytest.fixture
def secret(prepared: tuple[Path, bytes]) -> bytes:
    return prepared[1]


@pytest.fixture
def site(workspace: Workspace, clock: Clock) -> Iterator[Site]:
    published = PublishedSnapshot(workspace, bytes(32), clock)
    yield Site(
        settings=Settings(analysts=True, trusted_proxies=(ip_network("127.0.0.0/8"),)),
        clock=clock,
        published=published,
        evaluator=None,
        budget=None,
        workspace=workspace,
        sign_in_key=KEY,
    )
    published.close()


@pytest.fixture
def app(site: Site, secret: bytes) -> ASGIApp:
    made = framework(site)
    made.include_router(sign_in.router(site))
    made.include_router(analyst.router(site))
    made.include_router(leak.router(site))
    return SecurityHeaders(made, site.settings)


@asynccontextmanager
async def browser(app: ASGIApp, address: str = "203.0.113.7") -> AsyncIterator[httpx.AsyncClient]:
    headers = {**OWN, "x-forwarded-for": address}
    transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url=HERE, headers=headers) as client:
        yield client


@pytest.fixture
def code(secret: bytes, clock: Clock) -> Callable[[], str]:
    return lambda: code_at(secret, step_at(clock.now))


@pytest.fixture
def wrong_code(secret: bytes, clock: Clock) -> Callable[[], str]:
    """A code that is none of those which count now: of a secret that is drawn, they may be any."""

    def make() -> str:
        good = {code_at(secret, step_at(clock.now) + around) for around in AROUND}
        return next(one for one in ("000000", "111111", "222222", "333333") if one not in good)

    return make


async def form(client: httpx.AsyncClient, path: str = "/sign-in") -> dict[str, str]:
    """The hidden fields of the first form of a page."""
    page = (await client.get(path)).text
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


async def enter(client: httpx.AsyncClient, path: str = "/sign-in", **typed: str) -> httpx.Response:
    fields = {"name": "ada", "password": PASSWORD, **await form(client, path), **typed}
    return await client.post("/sign-in", data=fields)


def test_somebody_signs_in_reads_and_signs_out(app, code):
    async def visit() -> None:
        async with browser(app) as client:
            refused = await client.get("/analyst")
            assert (refused.status_code, refused.headers["location"]) == (303, "/sign-in?next=/analyst")
            entered = await enter(client, refused.headers["location"], code=code())
            assert (entered.status_code, entered.headers["location"]) == (303, "/analyst")
            page = await client.get("/analyst")
            assert page.status_code == 200 and "ada" in page.text
            assert page.headers["cache-control"] == "no-store" and "Cookie" in page.headers["vary"]
            left = await client.post("/sign-out", data=await form(client, "/analyst"))
            assert (left.status_code, left.headers["location"]) == (303, "/")
            assert (await client.get("/analyst")).status_code == 303

    asyncio.run(visit())


def test_cookies_are_of_this_host_over_tls_and_for_no_script(app, code):
    async def visit() -> list[str]:
        async with browser(app) as client:
            first = (await client.get("/sign-in")).headers.get_list("set-cookie")
            return first + (await enter(client, code=code())).headers.get_list("set-cookie")

    given = [one for one in asyncio.run(visit()) if "Max-Age=0" not in one]
    assert {one.partition("=")[0] for one in given} == {
        f"__Host-floodmark-{kind}" for kind in ("form", "session", "browser")
    }
    for one in given:
        parts = {part.strip().lower() for part in one.split(";")[1:]}
        assert {"secure", "httponly", "samesite=strict", "path=/"} <= parts
        assert not any(part.startswith("domain") for part in parts)


def test_a_session_is_a_new_one_whenever_somebody_signs_in_and_the_old_one_ends(app, code, clock, workspace):
    async def visit() -> None:
        async with browser(app) as client:
            await enter(client, code=code())
            first = client.cookies["__Host-floodmark-session"]
            clock.forward(minutes=1)
            fields = {"name": "ada", "password": PASSWORD, "code": code()}
            cookie = client.cookies["__Host-floodmark-session"]
            async with browser(app) as fresh:  # the form is not shown to whoever is signed in
                fields |= await form(fresh)
                fresh.cookies["__Host-floodmark-session"] = cookie
                assert (await fresh.post("/sign-in", data=fields)).status_code == 303
            assert (await client.get("/analyst")).status_code == 303
            assert first == cookie

    asyncio.run(visit())


@pytest.mark.parametrize(
    "typed",
    [{"name": "bob"}, {"password": "wrong"}, {"code": "x"}, {"password": ""}, {"name": "\x00"}, {"name": ""}],
)
def test_the_answer_is_the_same_whatever_is_wrong(app, code, typed):
    async def visit() -> tuple[int, str]:
        async with browser(app) as client:
            answer = await enter(client, **{"code": code(), **typed})
            assert "session" not in "".join(answer.headers.get_list("set-cookie"))
            return answer.status_code, re.sub(r'value="[0-9a-f]{64}"', "", answer.text)

    async def plainly_wrong() -> tuple[int, str]:
        async with browser(app, "203.0.113.8") as client:
            answer = await enter(client, name="nobody", code="000000", password="nothing")
            return answer.status_code, re.sub(r'value="[0-9a-f]{64}"', "", answer.text)

    assert asyncio.run(visit()) == asyncio.run(plainly_wrong())


def test_what_was_typed_is_not_shown_again(app):
    async def visit() -> str:
        async with browser(app) as client:
            return (await enter(client, name="typed-name", password="typed-password", code="typed-code")).text

    assert "typed-" not in asyncio.run(visit())


def test_of_two_posts_with_one_code_one_wins(app, code, monkeypatch):
    monkeypatch.setattr(sign_in, "WAIT", 60.0)  # the loser's is for the winner, whose disk may be slow

    async def visit() -> list[int]:
        async with browser(app) as one, browser(app, "203.0.113.8") as other:
            forms = [
                {"name": "ada", "password": PASSWORD, "code": code(), **await form(who)}
                for who in (one, other)
            ]
            answers = await asyncio.gather(
                *(who.post("/sign-in", data=fields) for who, fields in zip((one, other), forms, strict=True))
            )
            return sorted(answer.status_code for answer in answers)

    assert asyncio.run(visit()) == [303, 403]


def test_a_browser_that_keeps_failing_waits_and_another_does_not(app, code):
    async def visit() -> None:
        async with browser(app) as client:
            for _ in range(6):
                assert (await enter(client, name="bob", code="000000")).status_code == 403
            late = await enter(client, code=code())
            assert late.status_code == 429 and 1 <= int(late.headers["retry-after"]) <= 2
        async with browser(app, "203.0.113.8") as client:
            assert (await enter(client, code=code())).status_code == 303

    asyncio.run(visit())


def test_addresses_of_one_household_wait_together(app):
    async def visit() -> list[int]:
        found = []
        for host in range(7):
            async with browser(app, f"2001:db8:0:1200::{host:x}") as client:
                found.append((await enter(client, name="bob", code="000000")).status_code)
        return found

    assert asyncio.run(visit()) == [403] * 6 + [429]


def test_who_fails_on_purpose_everywhere_keeps_no_known_browser_out(app, code, wrong_code, clock):
    async def visit() -> None:
        async with browser(app) as known:
            await enter(known, code=code())
            await known.post("/sign-out", data=await form(known, "/analyst"))
            for number in range(20):
                clock.forward(seconds=30)
                async with browser(app, f"198.51.100.{number}") as stranger:
                    await enter(stranger, code=wrong_code())
            clock.forward(seconds=30)
            async with browser(app, "198.51.100.200") as stranger:
                assert (await enter(stranger, code=code())).status_code == 403
            assert (await enter(known, code=code())).status_code == 303

    asyncio.run(visit())


def test_signing_out_everywhere_ends_every_session(app, code, clock):
    async def visit() -> None:
        async with browser(app) as one, browser(app, "203.0.113.8") as other:
            await enter(one, code=code())
            clock.forward(minutes=1)
            await enter(other, code=code())
            fields = await form(one, "/analyst")
            await one.post("/sign-out", data={**fields, "everywhere": "yes"})
            assert (await other.get("/analyst")).status_code == 303

    asyncio.run(visit())


def test_signing_out_ends_this_session_alone(app, code, clock):
    async def visit() -> None:
        async with browser(app) as one, browser(app, "203.0.113.8") as other:
            await enter(one, code=code())
            clock.forward(minutes=1)
            await enter(other, code=code())
            await one.post("/sign-out", data=await form(one, "/analyst"))
            assert (await other.get("/analyst")).status_code == 200

    asyncio.run(visit())


def test_new_secrets_end_what_is_open(app, code, workspace, clock):
    async def visit() -> None:
        async with browser(app) as client:
            await enter(client, code=code())
            reset_analyst(workspace, KEY, "ada", normal(b"another"), now=clock.now, cost=CHEAPEST)
            assert (await client.get("/analyst")).status_code == 303

    asyncio.run(visit())


def test_half_an_hour_unused_signs_out(app, code, clock):
    async def visit() -> None:
        async with browser(app) as client:
            await enter(client, code=code())
            clock.forward(minutes=29)
            assert (await client.get("/analyst")).status_code == 200
            clock.forward(minutes=30)
            assert (await client.get("/analyst")).status_code == 303

    asyncio.run(visit())


def test_a_form_without_its_cookie_or_with_anothers_token_is_refused_and_made_anew(app, code):
    async def visit() -> None:
        async with browser(app) as client, browser(app) as other:
            theirs = await form(other)
            await form(client)
            for token in (theirs["token"], "", "0" * 64, "é"):
                fields = {"name": "ada", "password": PASSWORD, "code": code(), "token": token}
                assert (await client.post("/sign-in", data=fields)).status_code == 403
            client.cookies.clear()
            assert (await client.post("/sign-in", data={**fields, **theirs})).status_code == 403
            assert (await enter(client, code=code())).status_code == 303

    asyncio.run(visit())


def test_nobody_is_signed_out_by_anothers_form(app, code):
    async def visit() -> None:
        async with browser(app) as client:
            await enter(client, code=code())
            token = (await form(client, "/analyst"))["token"]
            for fields, headers in (
                ({"token": ""}, OWN),
                ({"token": token[::-1]}, OWN),
                ({"token": token}, {"sec-fetch-site": "cross-site", "origin": HERE}),
                (
                    {"token": token},
                    {"sec-fetch-site": "same-site", "origin": "https://evil.floodmark.example"},
                ),
            ):
                assert (await client.post("/sign-out", data=fields, headers=headers)).status_code == 403
            assert (await client.get("/analyst")).status_code == 200

    asyncio.run(visit())


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"name=ada&name=bob", "application/x-www-form-urlencoded", 400),
        (b"name=%ff", "application/x-www-form-urlencoded", 400),
        (b"\xff", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a%d=" % number for number in range(99)), "application/x-www-form-urlencoded", 400),
        (b"a=" + b"x" * 20_000, "application/x-www-form-urlencoded", 413),
        (b"{}", "application/json", 400),
        (b"--x\r\n", "multipart/form-data; boundary=x", 400),
        (b"", "", 400),
    ],
)
def test_a_form_that_no_page_of_ours_sends_is_refused(app, content, kind, status):
    async def visit() -> int:
        async with browser(app) as client:
            return (
                await client.post("/sign-in", content=content, headers={"content-type": kind})
            ).status_code

    assert asyncio.run(visit()) == status


def asked(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return Request({"type": "http", "headers": raw})


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({"sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "same-origin", "origin": "null"}, True),
        ({"sec_fetch_site": "none"}, False),
        ({"sec_fetch_site": "same-site", "origin": "https://a.example", "host": "a.example"}, False),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"sec_fetch_site": ""}, False),
        ({"origin": "https://a.example", "host": "a.example"}, True),
        ({"origin": "https://a.example:8443", "host": "a.example:8443"}, True),
        ({"origin": "http://a.example", "host": "a.example"}, False),
        ({"origin": "https://a.example", "host": "b.example"}, False),
        ({"origin": "null", "host": "a.example"}, False),
        ({"origin": "http://127.0.0.1:8080", "host": "127.0.0.1:8080"}, True),
        ({"origin": "http://localhost:8080", "host": "localhost:8080"}, True),
        ({"origin": "http://[::1]:8080", "host": "[::1]:8080"}, True),
        ({"origin": "http://[::1]", "host": "[::1]"}, True),
        ({"origin": "http://localhost.evil.example", "host": "localhost.evil.example"}, False),
        ({"host": "a.example"}, False),
        ({}, False),
    ],
)
def test_a_form_comes_from_a_page_of_ours(headers, own):
    assert from_own_page(asked(**headers)) is own


@given(st.text(st.characters(codec="latin-1"), max_size=30))
def test_where_the_browser_says_that_a_form_is_not_from_here_nothing_else_counts(said):
    if said != "same-origin":
        headers = {"sec_fetch_site": said, "origin": "https://a.example", "host": "a.example"}
        assert not from_own_page(asked(**headers))


@given(
    st.dictionaries(
        st.text(max_size=8), st.text(st.characters(codec="utf-8"), max_size=40), max_size=MOST_FIELDS
    )
)
def test_a_form_is_read_as_it_was_filled_in(fields):
    async def read() -> Mapping[str, str]:
        async def body() -> Message:
            return {"type": "http.request", "body": urlencode(fields).encode()}

        headers = {
            "sec_fetch_site": "same-origin",
            "content_type": "application/x-www-form-urlencoded; charset=x",
        }
        return await read_form(Request(asked(**headers).scope, body))

    assert asyncio.run(read()) == fields


@given(
    st.text(st.characters(codec="latin-1"), max_size=30), st.text(st.characters(codec="latin-1"), max_size=30)
)
def test_without_word_from_the_browser_only_our_own_origin_will_do(origin, host):
    own = from_own_page(asked(origin=origin, host=host))
    assert not own or (origin.partition("://")[2] == host and origin.startswith(("https://", "http://")))


@given(st.text(max_size=60) | st.from_regex(r"/[/\\a-z0-9.%@:-]{0,20}"))
def test_whatever_is_asked_for_leads_to_a_page_of_ours(asked_for):
    led = next_page(asked_for)
    assert re.fullmatch(r"/(analyst|leaks)(/[a-z0-9-]+)*", led)


@pytest.mark.parametrize(
    "asked_for", ["//evil.example", "/\\evil.example", "https://evil.example", "/sign-out", "/analyst\n"]
)
def test_after_signing_in_nobody_is_led_away(app, code, asked_for):
    async def visit() -> str:
        async with browser(app) as client:
            return (await enter(client, next=asked_for, code=code())).headers["location"]

    assert asyncio.run(visit()) == "/analyst"


def test_too_many_at_once_are_told_to_come_again():
    async def crowd() -> tuple[int, int]:
        gate, inside, most, refused = Gate(at_once=2, waiting=3), 0, 0, 0

        async def one() -> None:
            nonlocal inside, most, refused
            try:
                async with gate.passed(START):
                    inside += 1
                    most = max(most, inside)
                    await asyncio.sleep(0)
                    inside -= 1
            except Full:
                refused += 1

        await asyncio.gather(*(one() for _ in range(12)))
        async with gate.passed(START):  # and room again afterwards
            pass
        return most, refused

    assert asyncio.run(crowd()) == (2, 7)


def test_whoever_has_many_addresses_gets_no_more_than_so_many_attempts_a_minute():
    async def crowd() -> list[int]:
        gate, found = Gate(a_minute=6), []
        for seconds in (0, 0, 10, 60, 3600, -3600):
            passed = 0
            for _ in range(20):
                try:
                    async with gate.passed(START + timedelta(seconds=seconds)):
                        passed += 1
                except Full:
                    pass
            found.append(passed)
        return found

    assert asyncio.run(crowd()) == [6, 0, 1, 5, 6, 0]


def test_while_somebody_saves_nobody_is_blamed_for_failing(app, code, workspace, monkeypatch):
    async def visit() -> None:
        async with browser(app) as client:
            fields = {"name": "ada", "password": PASSWORD, "code": code(), **await form(client)}
            with lock.held(workspace.folder / "workspace.lock", "save", wait=0, waiting=None):
                for _ in range(8):
                    answer = await client.post("/sign-in", data=fields)
                    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
            assert (await client.post("/sign-in", data=fields)).status_code == 303

    monkeypatch.setattr(sign_in, "WAIT", 0)
    asyncio.run(visit())


def test_while_somebody_saves_nobody_is_told_to_have_left_who_has_not(app, code, workspace, monkeypatch):
    async def visit() -> None:
        async with browser(app) as client:
            await enter(client, code=code())
            fields = await form(client, "/analyst")
            with lock.held(workspace.folder / "workspace.lock", "save", wait=0, waiting=None):
                assert (await client.post("/sign-out", data=fields)).status_code == 503
            assert (await client.get("/analyst")).status_code == 200

    monkeypatch.setattr(sign_in, "LONG_WAIT", 0)
    asyncio.run(visit())


@given(data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_posted_is_refused_in_words_and_not_shown(app, data):
    names = st.sampled_from(["name", "password", "code", "token", "next", "everywhere", "other"])
    fields = data.draw(st.dictionaries(names, st.text(max_size=200) | st.just("ada"), max_size=5))
    cookie = data.draw(st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=100))
    path = data.draw(st.sampled_from(["/sign-in", "/sign-out"]))
    address = str(data.draw(st.ip_addresses()))

    async def visit() -> None:
        async with browser(app, address) as client:
            hidden = await form(client)
            for kind in ("session", "browser"):
                client.cookies[f"__Host-floodmark-{kind}"] = cookie
            answer = await client.post(path, data={**hidden, **fields})
            assert answer.status_code in ({303} if path == "/sign-out" else {403, 429, 503})
            shown = [text for text in fields.values() if len(text) > 20 and text in answer.text]
            assert shown == [] and answer.headers.get("location", "/") == "/"

    asyncio.run(visit())


def test_attempts_of_many_sources_take_bounded_memory():
    attempts = Attempts(most=10)
    for number in range(1_000):
        attempts.begin(number.to_bytes(2, "big"), START)
    assert len(attempts._sources) == 10


def test_a_success_takes_only_itself_back():
    attempts = Attempts()
    for _ in range(6):
        attempts.begin(b"a", START)
    later = START + timedelta(seconds=2)
    assert attempts.begin(b"a", later) == 0
    attempts.succeeded(b"a", later)
    assert [attempts.begin(b"a", later) for _ in range(2)] == [0, 4]


def test_a_log_names_analysts_alone_and_no_secret(app, code, wrong_code, capfd):
    wrong = wrong_code()

    async def visit() -> None:
        async with browser(app) as client:
            await enter(client, name="hunter2-in-the-wrong-field", code="111111", password="other-secret")
            await enter(client, code=wrong)
            await enter(client, code=code(), token="")
            await enter(client, code=code())
            await client.post("/sign-out", data=await form(client, "/analyst"))

    asyncio.run(visit())
    logged = capfd.readouterr().err
    lines = [json.loads(line) for line in logged.splitlines()]
    assert [(line["event"], line["outcome"], line["analyst"]) for line in lines] == [
        ("sign-in", "wrong-code", None),
        ("sign-in", "wrong-code", "ada"),
        ("sign-in", "out-of-date", None),
        ("sign-in", "signed-in", "ada"),
        ("sign-out", "here", "ada"),
    ]
    assert not any(text in logged for text in ("hunter2", "other-secret", PASSWORD, wrong, "203.0.113"))


def test_a_right_code_with_a_wrong_password_stands_out_in_the_log(app, code, capfd):
    async def visit() -> None:
        async with browser(app) as client:
            await enter(client, code=code(), password="another horse battery")

    asyncio.run(visit())
    assert json.loads(capfd.readouterr().err)["outcome"] == "wrong-password"


def test_over_plain_http_only_this_machine_gets_cookies():
    assert cookies(Settings(insecure_cookies=True)).name("session") == "floodmark-session"
    for refused in (
        Settings(insecure_cookies=True, host="0.0.0.0"),
        Settings(insecure_cookies=True, host="floodmark.example"),
        Settings(insecure_cookies=True, trusted_proxies=(ip_network("127.0.0.1"),)),
    ):
        with pytest.raises(InsecureCookies):
            cookies(refused)


def test_a_server_without_register_or_key_lets_nobody_sign_in(site):
    for missing in ("workspace", "sign_in_key"):
        lacking = Site(**{name: getattr(site, name) for name in site.__dataclass_fields__} | {missing: None})
        with pytest.raises(NobodyCanSignIn):
            sign_in.router(lacking)


def test_a_server_that_lets_nobody_sign_in_looks_at_no_cookie(site):
    closed = Site(
        **{name: getattr(site, name) for name in site.__dataclass_fields__} | {"settings": Settings()}
    )
    assert sign_in.signed_in(asked(cookie=f"__Host-floodmark-session={'0' * 64}"), closed) is None


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_form_says_what_it_is_in_each_language(app, language):
    async def visit() -> str:
        async with browser(app) as client:
            return (await client.get(f"/sign-in?language={language}")).text

    page = asyncio.run(visit())
    assert f'lang="{language}"' in page and "<script" not in page and "style=" not in page
    assert 'autocomplete="one-time-code"' in page and 'autocomplete="current-password"' in page


@pytest.fixture(scope="module")
def kept(prepared: tuple[Path, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a leak that is not public, and a case with its clocks."""
    place = tmp_path_factory.mktemp("kept")
    home = shutil.copytree(prepared[0], place / "workspace")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("FLOODMARK_HOME", str(home))
        patched.setenv("FLOODMARK_KEYS", str(place / "keys"))
        patched.chdir(place)
        for command in (
            "synth leak --twin facebook-2021 --rows 2000 --seed 3 -o acme.txt",
            "keys init --wrap none",
            "save acme acme.txt",
            "case open acme-2026 --title Acme --aware now --leak acme",
            "statement add acme --kind denial --by company --speaker Acme --said 2026-01-20 --text No. --source r",
            "statement add away --incident A --kind fine --by court --speaker Court --said 2026 --text Fined. "
            "--source r",
            "case link acme-2026 1 --kind statement",
            "case link acme-2026 2 --kind statement",
        ):
            assert main(command.split()) == 0
    return home


@pytest.fixture
def keeping(workspace: Workspace, kept: Path) -> None:
    """A copy of it is the workspace of the test."""
    shutil.rmtree(workspace.folder)
    shutil.copytree(kept, workspace.folder)


def test_an_analyst_sees_leaks_that_are_not_public_with_their_profile_and_clocks(keeping, app, code, clock):
    clock.now = datetime.now(UTC)

    async def visit() -> dict[str, str]:
        async with browser(app) as client:
            for path in ("/analyst/leaks/acme", "/analyst/cases/acme-2026"):
                assert (await client.get(path)).status_code == 303
            await enter(client, code=code())
            found = {}
            for path in ("/analyst", "/analyst/leaks/acme", "/analyst/cases/acme-2026"):
                answer = await client.get(path, headers={"accept-language": "en"})
                assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
                found[path] = answer.text
            assert (await client.get("/analyst/leaks/nothing")).status_code == 404
            return found

    pages = asyncio.run(visit())
    assert "Not public" in pages["/analyst"] and "Running" in pages["/analyst"]
    assert "Countries by phone number" in pages["/analyst/leaks/acme"]
    case = pages["/analyst/cases/acme-2026"]
    assert "GDPR 33(1)" in case
    assert (
        'href="/analyst/leaks/acme#statement-1"' in case
        and 'id="statement-1"' in pages["/analyst/leaks/acme"]
    )
    assert "Fine: Court" in case and "statement-2" not in case, "of an incident there is no page"
    assert all("Synthetic data." in page and "style=" not in page for page in pages.values())


def test_the_page_of_a_leak_that_is_not_public_leads_analysts_to_theirs_and_tells_nobody_else(
    keeping, app, code, clock
):
    clock.now = datetime.now(UTC)
    there, nothing = "/leaks/acme", "/leaks/none"

    async def visit() -> None:
        async with browser(app) as client:
            answers = [await client.get(path) for path in (there, nothing)]
            assert answers[0].status_code == answers[1].status_code != 303
            assert answers[0].headers == answers[1].headers
            assert answers[0].text.replace(there, nothing) == answers[1].text
            await enter(client, code=code())
            led = await client.get(there)
            assert (led.status_code, led.headers["location"]) == (303, "/analyst/leaks/acme")
            assert led.headers["cache-control"] == "no-store"
            assert (await client.get(nothing)).status_code == 404

    asyncio.run(visit())


def asked_with(*cookie: str) -> Request:
    return Request({"type": "http", "headers": [(b"cookie", one.encode("latin-1")) for one in cookie]})


@pytest.mark.parametrize(
    ("headers", "value"),
    [
        (["__Host-floodmark-session=abc"], "abc"),
        (["a=1;__Host-floodmark-session=abc; b=2"], "abc"),
        (["a=1", "b=2; __Host-floodmark-session=abc"], "abc"),
        (["__Host-floodmark-session=abc; __Host-floodmark-session=def"], "abc"),
        (["floodmark-session=abc"], ""),
        (["x__Host-floodmark-session=abc"], ""),
        (["__Host-floodmark-session"], ""),
        ([f"__Host-floodmark-session={'a' * 513}"], ""),
        ([f"__Host-floodmark-session=abc; a={'b' * 4096}"], ""),
        ([f"a={'b' * 4096}", "__Host-floodmark-session=abc"], "abc"),
        ([], ""),
    ],
)
def test_a_cookie_of_ours_is_read_beside_any_others(headers, value):
    assert cookies(Settings()).read(asked_with(*headers), "session") == value


@settings(deadline=None)
@given(st.lists(st.text(st.characters(max_codepoint=255)), max_size=3))
def test_whatever_stands_in_cookies_is_read_as_text(headers):
    assert isinstance(cookies(Settings()).read(asked_with(*headers), "browser"), str)


def test_no_other_cookie_is_unquoted(monkeypatch):
    # Which is quadratic before Python 3.11.10: fifteen thousand escapes take a second.
    monkeypatch.setattr("http.cookies._unquote", lambda text: pytest.fail("it was"))
    request = asked_with('a="' + '\\"' * 1_500 + '"; __Host-floodmark-form=abc')
    assert cookies(Settings()).read(request, "form") == "abc"
