"""The report of `floodmark assess --html` as it is shown: light and dark, wide, on a telephone and narrower still."""

from pathlib import Path

import pytest

from floodmark.cli import main

from .looking import AXE, LOOKS, NARROWEST, keep, violations, wider_than_its_window

ADVERT = Path(__file__).parents[1] / "acceptance" / "advert-2022.txt"


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "advert.html"
    options = ("--reference-only", "--about", "whatsapp-2022", "--total", "487M", "--html", str(path))
    assert main(["assess", "--advert", str(ADVERT), *options]) == 0
    return path


@pytest.mark.parametrize(("scheme", "size"), [look for looks in LOOKS.values() for look in looks])
def test_the_report_can_be_read_by_everybody_and_runs_out_of_no_window(browser, report, scheme, size):
    context = browser.new_context(color_scheme=scheme, viewport=size, bypass_csp=True)
    page = context.new_page()
    page.goto(report.as_uri())
    assert wider_than_its_window(page) == []
    keep(page, f"advert {scheme} {size['width']}")
    page.add_script_tag(path=AXE)
    assert violations(page) == []
    page.set_viewport_size(NARROWEST)
    assert wider_than_its_window(page) == []
    context.close()


def test_the_report_asks_for_nothing_and_prints_what_is_folded(browser, report):
    context = browser.new_context()
    page = context.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(report.as_uri())
    page.emulate_media(media="print")
    assert page.locator("details table").is_visible()
    assert asked == [report.as_uri()]
    assert complaints == []
    context.close()
