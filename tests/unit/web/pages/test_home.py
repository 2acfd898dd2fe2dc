"""The page `/` as the server makes it: whole before anything is asked, with nothing that a strict policy refuses."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from floodmark.assessment.subscriptions import subscriptions
from floodmark.identifiers import FieldType
from floodmark.web.pages import home
from floodmark.web.pages.home_data import countries
from floodmark.web.pages.home_texts import phrases
from floodmark.web.settings import Operator
from floodmark.web.texts import languages, texts

from ...exposure.check.published import NOW, ROOT
from .asking import Page, asked, site_of

SOURCES = Path(__file__).resolve().parents[4] / "browser" / "src"
SCRIPT = "".join(path.read_text() for path in sorted((SOURCES / "page").glob("*.ts")))


@pytest.fixture(scope="module")
def routes(published):
    with site_of(published.folder) as site:
        yield home.router(site)


@pytest.fixture(params=languages())
def page(request, routes):
    return Page(asked(routes, f"/?language={request.param}").text)


def codes_of(path: str, name: str) -> set[str]:
    """The texts that a type of the browser's side allows."""
    union = re.search(rf"export type {name} =(.*?);\n", (SOURCES / path).read_text(), re.DOTALL)
    return set(re.findall(r'^\s*\|? ?"([a-z-]+)"', union[1], re.MULTILINE))


def test_the_page_speaks_the_language_that_the_browser_asks_for(routes):
    german = asked(routes, "/", **{"accept-language": "fr-FR, de-AT;q=0.9, en;q=0.1"})
    assert german.headers["content-language"] == "de" and '<html lang="de">' in german.text
    assert german.headers["vary"] == "Accept-Language"
    assert 'href="/leaks"' in german.text


def test_a_language_that_was_chosen_by_hand_goes_along_from_page_to_page(routes):
    english = asked(routes, "/?language=en", **{"accept-language": "de"}).text
    assert '<html lang="en">' in english and 'href="/leaks?language=en"' in english


def test_nothing_in_the_page_needs_more_than_the_policy_allows(page):
    for tag, found in page.elements:
        assert tag != "style" and "style" not in found
        assert not any(name.startswith("on") for name in found)
        if tag == "script":
            assert found.get("type") == "application/json" or str(found["src"]).startswith(
                "/static/check.js?v="
            )


def test_the_page_loads_its_style_its_icon_and_its_script_and_nothing_else(page):
    loaded = page.all("src") + [str(found["href"]) for tag, found in page.elements if tag == "link"]
    assert [re.sub(r"\?v=[0-9a-f]{12}$", "", one) for one in loaded] == [
        "/static/check.js",
        "/static/icon.svg",
        "/static/floodmark.css",
    ]
    assert not {"img", "iframe", "object", "embed", "video", "audio", "source"} & {
        tag for tag, _ in page.elements
    }
    assert all(one.startswith(("/", "#")) for one in page.all("href"))


def test_no_field_of_the_form_can_be_sent_by_the_form_itself(page):
    assert not page.all("name") or set(page.all("name")) <= {"viewport", "referrer", "color-scheme", "google"}
    [fields] = [found for tag, found in page.elements if tag == "fieldset"]
    assert "disabled" in fields


def test_the_script_finds_every_element_that_it_asks_for(page):
    there = set(page.all("id"))
    wanted = set(re.findall(r'byId(?:<\w+>)?\("([a-z-]+)"\)', SCRIPT)) | set(
        re.findall(r'Copy\("([a-z-]+)"\)', SCRIPT)
    )
    assert len(wanted) > 15
    assert wanted <= there
    assert len(page.all("id")) == len(there)


def test_the_templates_have_every_place_that_the_script_fills(page):
    wanted = set(re.findall(r'\.(?:text|fill|without|slot)\("([a-z-]+)"', SCRIPT))
    assert len(wanted) > 20
    assert wanted <= set(page.all("data-slot"))


def test_there_are_words_for_every_refusal_and_for_every_text_that_is_no_identifier(page):
    texts = page.data()["texts"]
    same = dict(
        re.findall(r'^  "([a-z-]+)": "([a-z-]+)",$', (SOURCES / "page/refusal.ts").read_text(), re.MULTILINE)
    )
    codes = codes_of("protocol/refusal.ts", "Code")
    assert len(codes) > 15
    assert {same.get(code, code) for code in codes} <= set(texts["refusals"])
    problems = codes_of("canon/asked.ts", "Problem")
    assert len(problems) > 10
    assert problems <= set(texts["problems"])
    for told in texts["refusals"].values():
        assert all(told.values())


def test_every_place_for_a_value_in_a_text_is_one_that_the_script_fills(page):
    def leaves(value):
        if isinstance(value, str):
            yield value
        else:
            for one in value.values() if isinstance(value, dict) else value:
                yield from leaves(one)

    places = {place for text in leaves(page.data()["texts"]) for place in re.findall(r"\{(\w*)\}", text)}
    assert places <= {
        "n", "most", "shown", "country", "leaks", "number", "made", "expires", "date", "fields", "host", "code", "all",
        "year", "wait", "when", "looked",
    }  # fmt: skip


def test_the_script_says_every_text_that_it_is_given():
    def names(value):
        for name, one in value.items():
            if isinstance(one, dict) and not set(one) <= {"one", "other", "few", "many", "zero", "two"}:
                yield from names(one)
            else:
                yield name

    texts_of = {
        name: one for name, one in phrases(texts("en")).items() if name not in ("problems", "refusals")
    }
    said = set(re.findall(r"\w+", re.sub(r"export interface.*?\n}", "", SCRIPT, flags=re.DOTALL)))
    assert set(names(texts_of)) <= said


def test_the_script_is_given_the_root_key_and_the_names_of_all_field_types(page):
    data = page.data()
    assert data["rootKey"] == ROOT.public.hex()
    assert (data["source"], data["evaluator"]) == (None, None)
    assert set(data["fieldNames"]) == {one.label for one in FieldType}
    assert (data["fetched"], data["buckets"]) == (4, 65_536)


def test_another_evaluator_is_named_to_the_script_and_told_of(published):
    with site_of(published.folder, role="buckets", evaluator_at="https://evaluate.example.org") as site:
        found = asked(home.router(site), "/")
    assert Page(found.text).data()["evaluator"] == "https://evaluate.example.org"
    assert "Two servers take part" in found.text


@pytest.mark.parametrize(("role", "heading"), [("evaluator", "evaluates"), ("buckets", "hosts sealed leaks")])
def test_half_a_server_says_what_it_does_instead(published, role, heading):
    with site_of(published.folder, role=role, operator=Operator(contact="<cert@example.org>")) as site:
        found = asked(home.router(site), "/").text
    assert f"This server {heading}" in found and "<form" not in found and "check.js" not in found
    assert "&lt;cert@example.org&gt;" in found


def test_the_page_is_there_and_says_nothing_of_leaks_when_the_snapshot_has_expired(published):
    with site_of(published.folder, NOW + timedelta(days=4000)) as site:
        found = asked(home.router(site), "/").text
    assert 'id="check"' in found and "Looks in" not in found


def test_what_operators_write_is_text(published):
    with site_of(published.folder, operator=Operator(name="</footer><script>alert(1)</script>")) as site:
        found = Page(asked(home.router(site), "/").text)
    assert sum(tag == "script" for tag, _ in found.elements) == 2


def test_static_files_may_be_kept_for_ever_under_the_mark_of_their_content(routes):
    style = next(one for one in Page(asked(routes, "/").text).all("href") if "floodmark.css" in one)
    assert "immutable" in asked(routes, style).headers["cache-control"]
    assert asked(routes, style).headers["content-type"] == "text/css; charset=utf-8"
    assert asked(routes, "/static/floodmark.css?v=000000000000").headers["cache-control"] == "no-cache"
    assert asked(routes, style, "HEAD").content == b""
    assert asked(routes, "/static/../texts.py").status_code == 404


def test_static_files_are_compressed_for_whoever_takes_that(routes):
    script = next(one for one in Page(asked(routes, "/").text).all("src") if "check.js" in one)
    plain, compressed = [
        asked(routes, script, **{"accept-encoding": one}) for one in ("identity", "gzip, br")
    ]
    assert compressed.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert compressed.content == plain.content
    assert int(compressed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert compressed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert compressed.headers["etag"] != plain.headers["etag"]


@pytest.mark.parametrize("language", languages())
def test_every_country_has_a_name_in_the_language(language):
    territories = texts(language).locale.territories
    assert all(name == territories[code] for code, name in countries(language))
    assert len(countries(language)) > 240


def test_the_counts_of_subscriptions_are_those_of_countries_and_add_up_to_what_is_said_of_the_world():
    counted = subscriptions()
    assert set(counted) <= {code for code, _ in countries("en")}
    assert 8.4e9 < sum(number for number, _ in counted.values()) < 9e9
    assert all(2021 <= year <= 2023 for _, year in counted.values())


@pytest.mark.parametrize(("analysts", "there"), [(True, True), (False, False)])
def test_a_server_with_analysts_shows_them_where_to_sign_in(published, analysts, there):
    with site_of(published.folder, analysts=analysts) as site:
        found = Page(asked(home.router(site), "/").text)
    assert ("/analyst" in found.all("href")) == there


def test_two_operators_are_not_promised_for_as_if_they_were_one(published):
    with site_of(published.folder, role="buckets", evaluator_at="https://evaluate.example.org") as site:
        several = asked(home.router(site), "/").text
    with site_of(published.folder) as site:
        alone = asked(home.router(site), "/").text
    assert "What the servers can and cannot learn" in several
    assert "What this server can and cannot learn" in alone
    assert not any("Nobody learns what you look for" in text for text in (several, alone))


def test_the_country_of_a_number_is_known_where_several_share_a_calling_code(page):
    regions = page.data()["regions"]
    assert [first for first, _ in regions] == sorted(first for first, _ in regions)
    assert {"US", "CA", "BS", "GB", "JE", "RU", "KZ", "IT", "VA", "ZZ"} <= {country for _, country in regions}
    assert not {"DE", "IS", "FR"} & {country for _, country in regions}


def test_people_are_told_that_others_can_check_them_and_who_else_sees_what_they_type(routes):
    found = asked(routes, "/?language=en").text
    assert "Anybody who knows your number or address can check it, too" in found
    assert "If it translates pages, switch that off here" in found


def test_an_answer_that_could_not_be_read_is_not_blamed_on_the_connection_alone(page):
    offline = page.data()["texts"]["refusals"]["offline"]
    assert "server" in offline["text"].lower() and "server" in offline["next"].lower()
