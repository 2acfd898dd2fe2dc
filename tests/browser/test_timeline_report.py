"""The page that `floodmark timeline` writes: read from a file, it has no faults and fits a telephone."""

from __future__ import annotations

import pytest

from .looking import AXE, NARROWEST, PHONE, WIDE, keep, violations, wider_than_its_window
from .workspace import floodmark


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("timeline")
    floodmark(folder, "timeline", "--html", "timeline.html")
    return folder / "timeline.html"


@pytest.fixture
def page(browser, report):
    context = browser.new_context(bypass_csp=True)  # the page itself lets no script run, and axe is one
    context.add_init_script(path=AXE)
    opened = context.new_page()
    opened.goto(report.as_uri())
    yield opened
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_nothing_is_wrong_with_the_page_of_a_timeline(page, scheme, size):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(size)
    keep(page, f"timeline {scheme} {size['width']}")
    assert violations(page) == []
    assert wider_than_its_window(page) == []


def test_one_drawing_of_each_incident_is_seen_at_a_time(page):
    for size in (WIDE, PHONE, NARROWEST):
        page.set_viewport_size(size)
        assert wider_than_its_window(page) == []
        for figure in page.locator("figure.drawn").all():
            assert sum(drawing.is_visible() for drawing in figure.locator("svg").all()) == 1


def test_no_text_of_a_drawing_is_smaller_than_can_be_read(page):
    for size in (WIDE, {"width": 900, "height": 900}, PHONE):
        page.set_viewport_size(size)
        heights = page.evaluate(
            """() => [...document.querySelectorAll("figure.drawn svg text")]
              .filter((one) => one.checkVisibility())
              .map((one) => parseFloat(getComputedStyle(one).fontSize) * one.ownerSVGElement.getScreenCTM().a)"""
        )
        assert min(heights) >= 9
