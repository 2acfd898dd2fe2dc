"""The page of `floodmark guard report --html`: light and dark, wide, on a telephone and narrower still."""

from __future__ import annotations

import polars as pl
import pytest

from floodmark.cli import main
from floodmark.guard import LookupsFile, write_lookups
from floodmark.guard.canaries import Canaries, CanarySet
from floodmark.guard.evidence import Learned, reference, train, write_model
from floodmark.identifiers.digests import DigestKey
from floodmark.synth.traffic import START, traffic

from .looking import AXE, LOOKS, NARROWEST, keep, violations, wider_than_its_window

KEY = DigestKey(bytes(32))
PHONES = [{"width": 400, "height": 800}, NARROWEST]


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A report with a part of every sort in it."""
    folder = tmp_path_factory.mktemp("guard")
    made = traffic(KEY, actors=120, days=7, scrapers={"fast": 1, "ring": 1}, seed=3)
    write_lookups(folder / "lookups.parquet", [made.lookups], LookupsFile(KEY.id, 0, synthetic=True))
    made.truth.write_parquet(folder / "truth.parquet")
    guard = folder / "home" / "guard"
    guard.mkdir(parents=True)
    asked = sorted(set(made.lookups.filter(~pl.col("hit"))["identifier"].tail(20).to_list()))
    started = START.timestamp()
    one = CanarySet("spring", "phone", "+447400", 10**6, 9 * 10**5, 10**5, started, tuple(asked))
    Canaries([one]).write(guard / "canaries.json", KEY.id)
    (guard / "policy.toml").write_text('profile = "contacts"\n[used]\ndelay = 0.5\n')
    halves = [made.lookups.filter(pl.col("network") % 2 == half) for half in (0, 1)]
    model = train(halves[0])
    write_model(guard / "model", Learned(model, reference(halves[1], model), KEY.id, synthetic=True))
    page = folder / "report.html"
    options = ("--truth", str(folder / "truth.parquet"), "--html", str(page))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("FLOODMARK_HOME", str(folder / "home"))
        assert main(["guard", "report", str(folder / "lookups.parquet"), *options]) == 0
    return page


@pytest.mark.parametrize(("scheme", "size"), [look for looks in LOOKS.values() for look in looks])
def test_the_report_can_be_read_by_everybody_and_runs_out_of_no_window(browser, report, scheme, size):
    context = browser.new_context(color_scheme=scheme, viewport=size, bypass_csp=True)
    page = context.new_page()
    page.goto(report.as_uri())
    assert wider_than_its_window(page) == []
    keep(page, f"guard {scheme} {size['width']}")
    page.add_script_tag(path=AXE)
    assert violations(page) == []
    for narrow in PHONES:
        page.set_viewport_size(narrow)
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


def test_on_a_telephone_who_asked_and_for_how_much_is_seen_without_scrolling(browser, report):
    context = browser.new_context(viewport=PHONES[0])
    page = context.new_page()
    page.goto(report.as_uri())
    for column in ("Actor", "Identifiers"):
        box = page.locator("#actors thead th", has_text=column).first.bounding_box()
        assert box["x"] + box["width"] <= PHONES[0]["width"]
    context.close()


def test_one_drawing_of_lookups_over_time_is_seen_at_a_time_and_its_text_is_no_smaller_than_can_be_read(
    browser, report
):
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(report.as_uri())
    for size in ({"width": 1280, "height": 900}, *PHONES):
        page.set_viewport_size(size)
        assert sum(one.is_visible() for one in page.locator("figure.drawn svg").all()) == 1
        heights = page.evaluate(
            """() => [...document.querySelectorAll("svg text")].filter((one) => one.checkVisibility())
              .map((one) => parseFloat(getComputedStyle(one).fontSize) * one.ownerSVGElement.getScreenCTM().a)"""
        )
        assert min(heights) >= 8.5
    context.close()
