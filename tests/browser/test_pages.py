"""Every page, in light and dark, on a wide screen and a telephone, in English and German: nothing is wrong with it."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import expect

from .looking import AXE, LOOKS, looked_at
from .visiting import READY, sign_in, visiting
from .workspace import MISSED_PHONE

PUBLIC = [
    "/",
    "/leaks",
    "/leaks/one",
    "/leaks/two",
    "/about",
    "/problems",
    "/problems/budget-spent",
    "/nowhere",
]
LONG = 60  # seconds after which a test has failed
SIGNED_IN = ["/analyst", "/analyst/leaks/one", "/analyst/leaks/three", "/analyst/cases/friends"]


@pytest.fixture(scope="module")
def signed_in(browser, server, made):
    """What a browser keeps of an analyst who has signed in."""
    with visiting(browser) as visit:
        visit.page.goto(f"{server.address}/analyst")
        sign_in(visit.page, "ada", made.secret)
        expect(visit.page).to_have_url(f"{server.address}/analyst")
        yield visit.page.context.storage_state()


def opened(visit, address):
    """A page, in which axe can be asked."""
    visit.page.add_init_script(path=AXE)
    visit.page.goto(address)


@pytest.mark.parametrize("language", LOOKS)
@pytest.mark.parametrize("path", [*PUBLIC, "/sign-in"])
def test_nothing_is_wrong_with_a_page_that_is_for_all(browser, server, path, language):
    with visiting(browser) as visit:
        opened(visit, f"{server.address}{path}?language={language}")
        assert visit.page.get_attribute("html", "lang") == language
        assert looked_at(visit.page, f"page {path}", language) == {}


@pytest.mark.parametrize("language", LOOKS)
@pytest.mark.parametrize("path", SIGNED_IN)
def test_nothing_is_wrong_with_a_page_for_analysts(browser, server, signed_in, path, language):
    with visiting(browser, storage_state=signed_in) as visit:
        opened(visit, f"{server.address}{path}?language={language}")
        assert "sign-in" not in visit.page.url
        assert looked_at(visit.page, f"page {path}", language) == {}


@pytest.mark.parametrize("language", LOOKS)
@pytest.mark.parametrize("answer", ["found", "not found", "mistyped", "country", "refused", "running"])
def test_nothing_is_wrong_with_what_a_check_shows(browser, server, made, answer, language):
    with visiting(browser, locale="en" if answer == "country" else "en-GB") as visit:
        opened(visit, f"{server.address}/?language={language}")
        visit.page.wait_for_selector(READY)
        if answer == "refused":
            visit.page.context.set_offline(True)
        held = []
        if answer == "running":
            visit.page.route("**/v1/evaluate", lambda route: held.append(route))
        typed = {"not found": MISSED_PHONE, "mistyped": "ada@", "country": "030 123456"}.get(
            answer, made.phone
        )
        visit.ask(typed)
        shown = {
            "found": "#result-title",
            "not found": "#result-title",
            "mistyped": "#identifier-error",
            "country": "#country-error",
            "refused": "#refusal-title",
            "running": "#stop",
        }[answer]
        expect(visit.page.locator(shown)).to_be_visible()
        assert looked_at(visit.page, f"check {answer}", language) == {}
        for route in held:
            route.abort()


def test_every_page_that_a_link_leads_to_was_looked_at(server, signed_in):
    cookies = {one["name"]: one["value"] for one in signed_in["cookies"]}
    with httpx.Client(base_url=server.address, cookies=cookies, trust_env=False, timeout=LONG) as client:
        waiting, seen = ["/", "/analyst"], set()
        while waiting:
            path = waiting.pop()
            if path in seen or path.startswith(("/v1/", "/static/")):
                continue
            seen.add(path)
            answer = client.get(path)
            assert answer.status_code == 200, path
            if answer.headers["content-type"].startswith("text/html"):
                waiting += re.findall(r'href="(/[^"?#]*)', answer.text)
    # Of pages that differ in one thing's name alone, one was looked at.
    kinds = {re.sub(r"(?<=[a-z]/)[a-z-]+$", "NAME", path) for path in [*PUBLIC, *SIGNED_IN]}
    assert {re.sub(r"(?<=[a-z]/)[a-z-]+$", "NAME", path) for path in seen - {"/openapi.json"}} <= kinds


def test_pages_that_are_not_checks_need_no_script(browser, server):
    with visiting(browser, java_script_enabled=False) as visit:
        for path in ("/leaks", "/leaks/one", "/about", "/problems"):
            visit.page.goto(f"{server.address}{path}")
            assert visit.page.locator("main h1").inner_text()
            assert visit.page.locator("script[src]").count() == 0


def test_a_leak_that_is_sensitive_is_told_of_to_analysts_alone(browser, server, signed_in):
    with httpx.Client(base_url=server.address, trust_env=False, timeout=LONG) as client:
        for path in ("/leaks/three", "/v1/leaks/three", "/v1/leaks/three/profile"):
            assert client.get(path).status_code == 404
        assert "Clinic" not in client.get("/leaks").text
    with visiting(browser, storage_state=signed_in) as visit:
        visit.page.goto(f"{server.address}/analyst")
        assert "Clinic" in visit.page.locator("main").inner_text()


def test_who_signs_out_is_out(browser, server, signed_in):
    with visiting(browser, storage_state=signed_in) as visit:
        visit.page.goto(f"{server.address}/analyst")
        visit.page.locator("form[action^='/sign-out'] button").first.click()
        visit.page.goto(f"{server.address}/analyst")
        assert "/sign-in" in visit.page.url
