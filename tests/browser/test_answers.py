"""What an answer claims: no more than is so, of no other identifier, and for no longer than that is what is typed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .looking import NARROWEST, WIDE, wider_than_its_window
from .recorder import recording
from .serving import PLENTY, serving
from .visiting import visiting
from .workspace import MISSED_EMAIL, MISSED_PHONE, copy, floodmark

TITLE = "https://a-very-long-address.example/without/a/place/to/break/it/anywhere/leak/2021.txt"
WORD = "x" * 1900
SOMEBODY = "somebody7@example.org"


@pytest.fixture(scope="module")
def mails(published, tmp_path_factory):
    """A server with one more leak: real, not verified, of e-mail addresses alone, with words that are too long."""
    own = copy(published, tmp_path_factory.mktemp("mails") / "own")
    rows = [f"somebody{number}@example.org,Somebody {number}" for number in range(60)]
    (own.folder / "mails.csv").write_text("\n".join(["email,name", *rows, ""]))
    floodmark(own.folder, "save", "mails", "mails.csv")
    floodmark(own.folder, "leak", "edit", "mails", "--title", TITLE, "--description", WORD)
    floodmark(own.folder, "seal", "mails", "--from", "mails.csv")
    floodmark(own.folder, "snapshot", "make")
    with serving(own, *PLENTY) as served:
        yield served


@pytest.fixture
def home(browser, server):
    with visiting(browser) as visit:
        visit.open(server.address)
        yield visit


def verdict(visit):
    """What the answer says at its top."""
    visit.result()
    return visit.page.locator("#result .verdict")


def test_an_answer_goes_as_soon_as_something_else_is_typed(home):
    home.check(MISSED_PHONE)
    home.page.locator("#identifier").press_sequentially("1")
    expect(home.page.locator("#result")).to_be_hidden()
    assert home.page.locator("#result-title").count() == 0


def test_an_answer_goes_as_soon_as_another_country_is_chosen(home):
    home.check("020 7946 0999")
    home.page.select_option("#country", "DE")
    expect(home.page.locator("#result")).to_be_hidden()


def test_a_refusal_goes_as_soon_as_something_else_is_typed(home):
    home.page.context.set_offline(True)
    home.ask(MISSED_PHONE)
    assert home.refused("offline")
    home.page.context.set_offline(False)
    home.page.fill("#identifier", MISSED_EMAIL)
    expect(home.page.locator("#refusal")).to_be_hidden()


def test_the_answer_says_of_which_number_it_is_and_of_which_country(home):
    home.check("020 7946 0999")
    expect(verdict(home).locator(".eyebrow")).to_have_text("+44 207 946 0999, United Kingdom")


def test_who_is_not_found_by_a_number_without_its_country_is_asked_whether_it_was_the_right_one(home):
    other = home.texts["result"]["otherCountry"]
    home.check("020 7946 0999")
    expect(verdict(home)).to_contain_text(other)
    home.check(MISSED_PHONE)
    expect(verdict(home)).not_to_contain_text(other)


@pytest.mark.parametrize("typed", ["tel:020 7946 0999", "020 7946 0999", "00442079460999"])
def test_the_country_is_shown_wherever_it_decides(home, typed):
    home.page.fill("#identifier", typed)
    assert home.page.locator("#country-field").is_visible() == (not typed.startswith("00"))


def test_a_browser_that_was_sold_with_american_english_is_not_taken_to_be_in_america(browser, server):
    with visiting(browser, locale="en-US") as visit:
        visit.open(server.address)
        assert visit.page.input_value("#country") == ""
        visit.ask("9123456780")
        expect(visit.page.locator("#country")).to_be_visible()


@pytest.mark.parametrize(
    ("typed", "country"),
    [("+14165550123", "Canada"), ("+12423025000", "Bahamas"), ("+447797712345", "Jersey")],
)
def test_a_number_under_a_shared_code_is_said_to_be_of_its_own_country(home, typed, country):
    home.page.fill("#identifier", typed)
    expect(home.page.locator("#identifier-hint")).to_contain_text(country)


def test_the_list_of_a_small_country_is_not_that_of_all_who_share_its_code(home):
    home.check("+12423025000")
    learnt = home.page.locator("#sent dl").inner_text()
    assert "Bahamas: about 2" in learnt
    assert "26,000" not in learnt
    assert home.texts["sent"]["crowd"]["here"] in learnt


def test_leaks_that_cannot_be_asked_for_numbers_are_no_clean_answer(browser, mails):
    with visiting(browser) as visit:
        visit.open(mails.address)
        assert visit.check(MISSED_PHONE).startswith("Not found in 2 of 3 leaks")
        expect(verdict(visit)).to_have_class("verdict verdict-unknown")
        expect(verdict(visit).locator("bdi")).to_have_text(TITLE)
        visit.check(MISSED_EMAIL)
        assert visit.page.locator("#result-title").inner_text() == "Not found in 3 leaks"
        expect(verdict(visit)).to_have_class("verdict verdict-clear")


def test_what_nobody_has_verified_is_not_said_to_have_happened(browser, mails):
    with visiting(browser) as visit:
        visit.open(mails.address)
        visit.check(SOMEBODY)
        said = verdict(visit).inner_text()
        texts = visit.texts["result"]
        assert texts["foundUnsure"] in said and texts["foundDoubtful"] in said
        assert texts["foundText"] not in said
        assert visit.page.locator("#advice [data-slot=drill]").count() == 0


def test_advice_for_made_up_leaks_is_headed_as_a_drill(home, made):
    home.check(made.phone)
    expect(home.page.locator("#advice")).to_contain_text("This is a drill.")


@pytest.mark.parametrize("size", [NARROWEST, WIDE])
def test_words_that_are_too_long_widen_no_page(browser, mails, size):
    with visiting(browser, viewport=size) as visit:
        for path in ("/leaks", "/leaks/mails"):
            visit.page.goto(mails.address + path)
            assert wider_than_its_window(visit.page) == []
        visit.open(mails.address)
        for identifier in (SOMEBODY, MISSED_PHONE):
            visit.check(identifier)
            assert wider_than_its_window(visit.page) == []


def test_nothing_that_was_typed_is_left_to_be_read_aloud(home):
    home.page.fill("#identifier", MISSED_PHONE)
    expect(home.page.locator("#announcer")).to_contain_text("+44")
    home.page.fill("#identifier", "")
    expect(home.page.locator("#announcer")).to_be_empty()


def test_who_comes_next_finds_the_country_as_it_was(home):
    home.page.fill("#identifier", "030 123456")
    home.page.select_option("#country", "DE")
    home.page.evaluate("() => dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert home.page.input_value("#country") == "GB"
    assert home.page.locator("#announcer").inner_text() == ""


def test_what_is_wrong_is_said_aloud_where_the_focus_already_is(home):
    home.page.locator("#identifier").focus()
    home.page.keyboard.type("ada@")
    home.page.keyboard.press("Enter")
    expect(home.page.locator("#announcer")).to_have_text(home.page.locator("#identifier-error").inner_text())


def test_nothing_of_a_check_is_for_programs_that_translate_pages(home):
    assert home.page.get_attribute("meta[name=google]", "content") == "notranslate"
    for place in ("#identifier", "#identifier-hint", "#announcer", "#result"):
        assert home.page.get_attribute(place, "translate") == "no"
    assert home.page.get_attribute("#identifier", "writingsuggestions") == "false"


def test_of_an_address_nobody_is_said_to_try_numbers(home):
    home.check(MISSED_EMAIL)
    learnt = home.page.locator("#sent dl").inner_text()
    assert "all addresses that it knows" in learnt
    assert "numbers" not in learnt


def test_where_there_is_one_server_no_preflight_is_told_of(home):
    home.check(MISSED_EMAIL)
    assert "OPTIONS" not in home.page.text_content("#sent")


def test_old_browsers_cannot_ask_what_they_could_not_show(browser, server):
    with visiting(browser) as visit:
        visit.page.add_init_script("delete Intl.ListFormat")
        visit.page.goto(server.address)
        visit.page.wait_for_load_state("networkidle")
        assert visit.page.locator("#identifier").is_disabled()
        assert visit.page.locator("#check[data-ready]").count() == 0


@pytest.mark.parametrize(
    ("wait", "code"),
    [("0", "budget-spent"), ("3600", "budget-spent-until"), ("90000", "budget-spent-for-days")],
)
def test_the_time_to_wait_is_said_so_that_it_is_true(home, wait, code):
    def spent(route):
        route.fulfill(status=429, headers={"Retry-After": wait})

    home.page.route("**/v1/evaluate", spent)
    home.ask(MISSED_PHONE)
    assert home.refused(code)
    said = home.page.locator("#refusal-next").inner_text()
    assert "{" not in said and " 0 " not in said and "days" not in said
    assert said.partition("{")[0].startswith(home.texts["refusals"][code]["next"].partition("{")[0])


@pytest.mark.parametrize(("status", "offered"), [(503, True), (200, False)])
def test_who_may_have_been_lied_to_is_not_asked_to_try_again(home, status, offered):
    home.page.route("**/v1/evaluate", lambda route: route.fulfill(status=status, body="{}"))
    home.ask(MISSED_PHONE)
    assert home.refused("server-failed" if offered else "broken")
    assert home.page.locator("#retry").is_visible() == offered


def test_a_server_that_fails_on_purpose_is_asked_for_the_same_drawers_again(browser, server):
    with recording(server.address) as recorder, visiting(browser) as visit:
        visit.open(recorder.address)
        served = []

        def failing(route):
            served.append(route.request.headers["range"])
            if len(served) == 3:
                route.fulfill(status=503, body="")
            else:
                route.continue_()

        visit.page.route("**/buckets.bin", failing)
        visit.ask(MISSED_PHONE)
        assert visit.refused("server-failed")
        visit.page.click("#retry")
        visit.result()
        first, second = served[:3], served[3:]
        assert len(second) == 4 and set(first) < set(second)
        visit.check(MISSED_PHONE)
        assert len(set(served[7:]) & set(second)) < 4  # which a check that had its answer does not say
