"""Signing in with a real browser: through nginx over TLS, and beside a page that means ill on the same machine."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyotp
import pytest
from playwright.sync_api import expect

from .nginx import running
from .serving import PLENTY, serving
from .visiting import visiting
from .workspace import PASSWORD, add_analyst, floodmark

# A page of somebody else, at another port of the same host: the same site to a browser, which sends our cookies along.
HOSTILE = """<!doctype html><title>Something nice</title>
<iframe id="frame" src="{address}/analyst"></iframe>
<form id="out" method="post" action="{address}/sign-out"><input name="token" value="{token}"></form>
<form id="in" method="post" action="{address}/sign-in"><input name="name" value="mallory"></form>"""


@dataclass(frozen=True)
class Analyst:
    """Somebody who may sign in.

    Attributes:
        name: of the analyst.
        secret: of the authenticator.
    """

    name: str
    secret: str

    def sign_in(self, page, address):
        page.goto(f"{address}/analyst")
        page.fill("#name", self.name)
        page.fill("#password", PASSWORD)
        page.fill("#code", pyotp.TOTP(self.secret).now())
        page.press("#code", "Enter")
        expect(page).to_have_url(f"{address}/analyst")


@contextmanager
def elsewhere(page):
    """A server of somebody else on this machine, which has one page."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as theirs:
        thread = threading.Thread(target=theirs.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{theirs.server_port}/"
        finally:
            theirs.shutdown()
            thread.join()


@pytest.fixture
def analyst(made, request):
    """An analyst of this test's own, so that no other test has used the code of now."""
    name = f"of-{request.node.name.replace('_', '-')[5:50]}"
    yield Analyst(name, add_analyst(made.folder, name))
    floodmark(made.folder, "analysts", "remove", name)


def test_through_nginx_cookies_go_over_tls_alone_and_to_this_host(browser, made, analyst, tmp_path):
    with (
        serving(made, "--analysts", "--trusted-proxy", "127.0.0.1", *PLENTY) as behind,
        running("floodmark.conf", tmp_path, made.public, behind.address) as nginx,
        visiting(browser, ignore_https_errors=True) as visit,
    ):
        analyst.sign_in(visit.page, nginx.address)
        kept = {cookie["name"]: cookie for cookie in visit.page.context.cookies()}
        assert kept.keys() == {"__Host-floodmark-session", "__Host-floodmark-browser"}
        for cookie in kept.values():
            assert cookie["secure"] and cookie["httpOnly"] and cookie["sameSite"] == "Strict"
        visit.page.get_by_role("button", name="Sign out everywhere").click()
        expect(visit.page).to_have_url(f"{nginx.address}/")
        assert "__Host-floodmark-session" not in {one["name"] for one in visit.page.context.cookies()}
        visit.page.goto(f"{nginx.address}/analyst")
        expect(visit.page).to_have_url(f"{nginx.address}/sign-in?next=/analyst")
        assert visit.faults == []
        log = behind.log.read_text()
        assert f'"outcome":"signed-in","analyst":"{analyst.name}"' in log
        assert "127.0.0.1" not in log.partition("\n")[2]  # behind the line that says where it listens


def test_a_page_of_somebody_else_frames_nothing_reads_nothing_and_sends_no_form(browser, server, analyst):
    with visiting(browser) as visit:
        page = visit.page
        analyst.sign_in(page, server.address)
        token = page.get_attribute("input[name=token]", "value")
        hostile = HOSTILE.format(address=server.address, token=token)  # even with the token
        with elsewhere(hostile) as theirs:
            for form in ("in", "out"):
                page.goto(theirs)
                framed = page.frame_locator("#frame").locator("body").text_content()
                assert "Signed in" not in (framed or "")
                fetched = page.evaluate(
                    "address => fetch(address, {credentials: 'include'}).then(() => 'read', () => 'refused')",
                    f"{server.address}/analyst",
                )
                assert fetched == "refused"
                with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
                    page.evaluate("id => document.getElementById(id).submit()", form)
                sent = answered.value.request.all_headers()
                assert (answered.value.status, sent["sec-fetch-site"]) == (403, "same-site")
                assert "floodmark-session=" in sent["cookie"]  # so it was for us to refuse
                expect(page.locator("h1")).to_have_text("The form did not come from here")
        page.goto(f"{server.address}/analyst")
        expect(page).to_have_url(f"{server.address}/analyst")


def test_nothing_of_an_analysts_page_is_kept_for_whoever_goes_back(browser, server, analyst):
    with visiting(browser) as visit:
        analyst.sign_in(visit.page, server.address)
        visit.page.get_by_role("button", name="Sign out", exact=True).click()
        expect(visit.page).to_have_url(f"{server.address}/")
        visit.page.go_back()
        expect(visit.page).to_have_url(f"{server.address}/sign-in?next=/analyst")
