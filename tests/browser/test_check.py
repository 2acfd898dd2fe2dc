"""A check at the page, by somebody with a browser: found, not found, mistyped, refused, cut off."""

from __future__ import annotations

import json
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import expect

from .recorder import recording
from .serving import let_the_day_end, serving
from .visiting import visiting
from .workspace import MISSED_EMAIL, MISSED_PHONE, copy, floodmark


@pytest.fixture
def visit(browser):
    with visiting(browser) as visit:
        yield visit
        visit.page.goto("about:blank")


@pytest.fixture
def home(visit, server):
    """The page, open, in English."""
    visit.open(server.address)
    return visit


def test_who_is_in_two_leaks_is_told_which_and_what_to_do(home, made):
    assert "2 leaks" in home.check(made.phone)
    cards = home.page.locator("#result .card.leak")
    assert cards.locator("h3").all_inner_texts() == ["Friends, 2021", "Forum <b>&amp;</b> shop"]
    assert "31 August 2019" in cards.first.inner_text()
    assert home.page.locator("#result .requests > li").count() == 6
    assert home.faults == []


def test_the_page_tells_what_the_command_tells(home, made, server):
    told = json.loads(
        floodmark(
            made.folder,
            "check",
            server.address,
            "--root-key",
            made.root_key,
            "-o",
            "json",
            text=made.phone,
            code=10,
        )
    )
    home.check(made.phone)
    advice = [one.strip() for one in home.page.locator("#advice summary").all_inner_texts()]
    assert advice == [one["title"] for one in told["advice"]]
    fields = home.page.locator("#result .card.leak").first.locator(".tags li").count()
    assert fields == len(told["identifiers"][0]["leaks"][0]["field_types"])


@pytest.mark.parametrize("identifier", [MISSED_PHONE, MISSED_EMAIL])
def test_who_is_in_no_leak_is_told_so_and_that_it_does_not_mean_safe(home, identifier):
    title = home.check(identifier)
    assert title == home.texts["result"]["notFound"]["other"].replace("{n}", "2")
    assert home.page.locator("#result .card.leak").count() == 0
    assert home.page.locator("#result .requests > li").count() == 6
    assert home.faults == []


def test_an_address_is_found_in_other_letters_than_those_of_the_leak(home, made):
    name, _, domain = made.email.partition("@")
    assert "2 leaks" in home.check(f"  {name.upper()}@{domain.upper()}. ")


@pytest.fixture
def national(made):
    """The number as it is dialled in its country."""
    digits = "0" + made.phone.removeprefix("+44")
    return f"({digits[:5]}) {digits[5:8]}-{digits[8:]}"


def test_a_national_number_is_found_once_its_country_was_chosen(browser, server, national):
    with visiting(browser, locale="en") as visit:
        visit.open(server.address)
        visit.ask(national)
        expect(visit.page.locator("#country")).to_be_focused()
        expect(visit.page.locator("#country-error")).to_be_visible()
        visit.page.select_option("#country", "GB")
        visit.page.press("#identifier", "Enter")
        assert "2 leaks" in visit.result()


def test_a_national_number_is_taken_as_one_of_the_country_of_the_browsers_language(home, national):
    assert "2 leaks" in home.check(national)


@pytest.mark.parametrize(
    "typed", ["+44 1", "+999 12345678", "ada@", "ada example.org", "Ada", "", "1" * 2000]
)
def test_what_is_no_number_and_no_address_is_sent_to_nobody(browser, server, typed):
    with visiting(browser) as visit, recording(server.address) as recorder:
        visit.open(recorder.address)
        before = len(recorder.lines())
        visit.ask(typed)
        expect(visit.page.locator("#identifier-error")).to_be_visible()
        assert visit.page.get_attribute("#identifier", "aria-invalid") == "true"
        assert recorder.since(before) == []
        assert visit.page.locator("#result").is_hidden() and visit.page.locator("#refusal").is_hidden()


def test_a_budget_that_is_spent_ends_the_check_with_the_time_to_wait(browser, made, published, tmp_path):
    own = copy(published, tmp_path / "own")
    with serving(own, "--per-address", "1") as server, visiting(browser) as visit:
        visit.open(server.address)
        let_the_day_end()
        visit.check(MISSED_PHONE)
        visit.ask(made.phone)
        assert visit.refused("budget-spent-until")
        assert "{" not in visit.page.locator("#refusal-next").inner_text()


def test_an_expired_snapshot_is_refused(browser, server, made):
    with visiting(browser) as visit:
        visit.page.clock.set_fixed_time("2099-01-01T00:00:00Z")
        visit.open(server.address)
        visit.ask(made.phone)
        assert visit.refused("snapshot-expired")


@pytest.mark.parametrize("place", [0, -1])
def test_an_answer_with_one_bit_changed_is_refused(home, made, place):
    def changed(route):
        answer = route.fetch()
        body = bytearray(answer.body())
        body[place] ^= 1
        route.fulfill(response=answer, body=bytes(body))

    home.page.route("**/buckets.bin", changed)
    home.ask(made.phone)
    assert home.refused("answer-broken")


def test_a_snapshot_that_another_has_signed_is_refused(home, made):
    other = Ed25519PrivateKey.generate()

    def signed(route):
        answer = route.fetch()
        table = json.loads(answer.body())
        message = b"floodmark/snapshot/1\0" + table["snapshot"].encode()
        table |= {
            "public_key": other.public_key().public_bytes_raw().hex(),
            "signature": other.sign(message).hex(),
        }
        route.fulfill(response=answer, body=json.dumps(table, separators=(",", ":")) + "\n")

    home.page.route("**/v1/snapshot", signed)
    home.ask(made.phone)
    assert home.refused("wrong-root-key")


def test_without_a_connection_it_says_so_and_checks_again_when_there_is_one(home, made):
    home.page.context.set_offline(True)
    home.ask(made.phone)
    assert home.refused("offline")
    home.page.context.set_offline(False)
    home.page.click("#retry")
    assert "2 leaks" in home.result()


def test_a_check_can_be_stopped(home, made):
    held = []
    home.page.route("**/v1/evaluate", lambda route: held.append(route))
    home.ask(made.phone)
    home.page.click("#stop")
    assert home.refused("stopped")
    for route in held:
        route.abort()
    home.page.unroute("**/v1/evaluate")
    home.page.click("#retry")
    assert "2 leaks" in home.result()


def test_whoever_comes_back_to_the_page_finds_nothing_of_who_was_there(home, made, server):
    home.check(made.phone)
    home.page.goto("about:blank")
    home.page.go_back()
    home.page.wait_for_selector("#check[data-ready]")
    assert home.page.input_value("#identifier") == ""
    assert home.page.locator("#result").is_hidden()
    # Six digits stand in the random ones of a key by chance.
    assert made.phone[-6:] not in re.sub("[0-9a-f]{32,}", "", home.page.content())


def test_what_a_leak_is_called_is_text_and_never_markup(home, made):
    home.check(made.phone)
    assert home.page.locator("#result b, #result script").count() == 0
    assert "<script>alert(1)</script>" in home.page.locator("#result .card.leak").nth(1).inner_text()


def test_without_script_the_page_says_why_it_needs_it(browser, server):
    with visiting(browser, java_script_enabled=False) as visit:
        visit.page.goto(server.address)
        expect(visit.page.locator("noscript h2")).to_be_visible()
        assert visit.page.locator("#identifier").is_disabled()
