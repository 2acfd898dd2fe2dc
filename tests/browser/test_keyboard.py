"""A check without a mouse: every step can be reached, is seen to be reached, and says what became of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .visiting import visiting
from .workspace import MISSED_PHONE


@pytest.fixture
def home(browser, server):
    with visiting(browser) as visit:
        visit.open(server.address)
        yield visit


def focused(page):
    """What has the focus: its id, else its name, else its text."""
    return page.evaluate(
        "() => { const one = document.activeElement; return one.id || one.dataset.slot || one.textContent.trim(); }"
    )


def is_seen(page):
    """Whether one sees where the focus is: an outline or a shadow that is there with the focus and not without."""
    drawn = """() => {
      const style = getComputedStyle(document.activeElement);
      return [style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0, style.boxShadow];
    }"""
    outline, shadow = page.evaluate(drawn)
    return outline or shadow != "none"


def tabbed(page, to, most=60):
    """Press Tab until something has the focus, and give what had it on the way."""
    way = []
    while (now := focused(page)) != to:
        assert len(way) < most, way
        page.keyboard.press("Tab")
        way.append(now)
    return way


def test_a_check_from_the_first_key_to_the_last(home, made):
    page = home.page
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "identifier"
    page.keyboard.type(made.phone)
    page.keyboard.press("Enter")
    home.result()
    assert focused(page) == "result-title"
    tabbed(page, "What to do")
    page.keyboard.press("Enter")
    assert focused(page) == "advice-title"
    assert not page.url.endswith(
        "#advice-title"
    )  # the history of the browser would tell that there was advice
    summary = page.locator("#sent summary").first
    tabbed(page, summary.inner_text())
    page.keyboard.press("Enter")
    expect(page.locator("#sent details").first).to_have_attribute("open", "")
    tabbed(page, "again")
    page.keyboard.press("Enter")
    assert focused(page) == "identifier"
    assert page.locator("#result").is_hidden()
    page.keyboard.type(MISSED_PHONE)
    page.keyboard.press("Enter")
    home.result()
    assert focused(page) == "result-title"


def test_one_sees_where_the_focus_is_at_every_stop(home, made):
    home.check(made.phone)
    home.page.evaluate("() => document.activeElement.blur()")
    home.page.keyboard.press("Control+Home")
    stops = 0
    while stops < 12:
        home.page.keyboard.press("Tab")
        assert is_seen(home.page), focused(home.page)
        stops += 1


def test_the_focus_is_where_something_is_wrong(home):
    page = home.page
    page.locator("#identifier").focus()
    page.keyboard.type("ada@")
    page.keyboard.press("Enter")
    assert focused(page) == "identifier"
    error = page.locator("#identifier-error")
    expect(error).to_be_visible()
    assert "identifier-error" in page.get_attribute("#identifier", "aria-describedby")


def test_a_running_check_can_be_stopped_by_key_and_says_so(home, made):
    page, held = home.page, []
    page.route("**/v1/evaluate", lambda route: held.append(route))
    page.locator("#identifier").focus()
    page.keyboard.type(made.phone)
    page.keyboard.press("Enter")
    expect(page.locator("#announcer")).not_to_be_empty()
    expect(page.locator("#stop")).to_be_visible()
    tabbed(page, "stop")
    page.keyboard.press("Enter")
    assert home.refused("stopped")
    assert focused(page) == "refusal-title"
    for route in held:
        route.abort()


def test_the_country_is_chosen_by_key(browser, server, made):
    with visiting(browser, locale="en") as visit:
        visit.open(server.address)
        page = visit.page
        page.locator("#identifier").focus()
        page.keyboard.type("0" + made.phone.removeprefix("+44"))
        page.keyboard.press("Tab")
        assert focused(page) == "country"
        for _ in range(10):  # letter by letter, a name would have to be typed within a second each
            page.keyboard.press("U")
            if page.input_value("#country") == "GB":
                break
        assert page.input_value("#country") == "GB"
        tabbed(page, "go")
        page.keyboard.press("Enter")
        assert "2 leaks" in visit.result()
