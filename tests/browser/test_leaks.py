"""The leaks that a server tells of, as JSON and as pages: to everybody what is public, and nothing else to anybody."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from xml.etree import ElementTree

import httpx
import pytest

from .serving import serving
from .workspace import copy, floodmark

PAGES = ["/leaks", "/leaks/one", "/leaks/two", "/about", "/problems", "/problems/budget-spent"]
LONG = 60  # seconds after which a test has failed
SPEAKER = "Friends & <b>Sons</b>"
DATA = ["/v1/leaks", "/v1/leaks/one", "/v1/leaks/one/profile", "/v1/leaks/one/statements", "/openapi.json"]
# What a language link repeats of the address, and what every answer has anew.
CHANGING = {"date", "request-id"}


class Page(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def values(self, tag, name):
        return [
            attributes[name] for found, attributes in self.elements if found == tag and name in attributes
        ]


@pytest.fixture(scope="module")
def ask(server):
    with httpx.Client(base_url=server.address, timeout=LONG) as client:
        yield client.get


@pytest.fixture(scope="module")
def key(made):
    """An API key of whoever may read all."""
    return floodmark(made.folder, "api-keys", "make", "--label", "Newsroom", "--scope", "read").strip()


@pytest.fixture
def apart(published, tmp_path):
    """A workspace that a test may change as it likes."""
    return copy(published, tmp_path / "apart")


@pytest.fixture
def asking():
    """A client for any server."""
    with httpx.Client(timeout=LONG) as client:
        yield client


def test_the_list_has_what_is_in_the_snapshot_and_not_the_sensitive_leak(ask):
    found = ask("/v1/leaks").json()
    assert [(leak["slug"], leak["public"], leak["synthetic"]) for leak in found["leaks"]] == [
        ("one", True, True), ("two", True, True),
    ]  # fmt: skip
    assert found["snapshot"]["number"] == 1
    page = ask("/leaks").text
    assert "Friends, 2021" in page
    assert "Clinic" not in page


@pytest.mark.parametrize("path", ["/v1/leaks/{}", "/v1/leaks/{}/profile", "/v1/leaks/{}/statements", "/leaks/{}",
                                  "/leaks/{}/charts/world.svg"])  # fmt: skip
def test_a_leak_that_is_not_public_looks_like_one_that_is_not_there(ask, path):
    hidden, missing = ask(path.format("three")), ask(path.format("other"))
    assert hidden.status_code == missing.status_code == 404
    assert hidden.text.replace("three", "") == missing.text.replace("other", "")
    assert {name: value for name, value in hidden.headers.items() if name not in CHANGING} == {
        name: value for name, value in missing.headers.items() if name not in CHANGING
    }


def test_whoever_may_read_all_reads_the_sensitive_leak_and_no_cache_keeps_it(ask, key):
    allowed = {"Authorization": f"Bearer {key}"}
    assert [leak["slug"] for leak in ask("/v1/leaks", headers=allowed).json()["leaks"]] == [
        "one",
        "three",
        "two",
    ]
    for path in ("/v1/leaks", "/v1/leaks/three", "/v1/leaks/three/profile", "/v1/leaks/three/statements"):
        answer = ask(path, headers=allowed)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")
    leak = ask("/v1/leaks/three", headers=allowed).json()
    assert (leak["public"], leak["sensitive"], leak["sealed_at"]) == (False, True, None)


def test_a_key_that_is_not_good_is_refused_rather_than_ignored(ask):
    answer = ask("/v1/leaks", headers={"Authorization": "Bearer fmk_0000000000000000_" + "0" * 64})
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/api-key-refused")


@pytest.mark.parametrize("path", PAGES + DATA)
def test_what_a_client_has_already_is_not_sent_again(ask, asking, server, path):
    whole = ask(path)
    assert whole.status_code == 200
    again = ask(path, headers={"If-None-Match": whole.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == whole.headers["etag"]
    assert ask(path, headers={"If-None-Match": '"another"'}).content == whole.content
    head = asking.head(server.address + path)
    assert (head.status_code, head.content, head.headers["content-length"]) == (
        200,
        b"",
        str(len(whole.content)),
    )


@pytest.mark.parametrize("path", [*PAGES, "/nothing", "/leaks/nothing"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_page_is_whole_without_script_and_style_of_its_own(ask, path, language):
    answer = ask(path, params={"language": language})
    assert answer.headers["content-language"] == language
    page = Page(answer.text)
    assert not {tag for tag, _ in page.elements} & {"script", "style", "object", "embed", "iframe", "base"}
    assert not [
        name for _, attributes in page.elements for name in attributes if name == "style" or name[:2] == "on"
    ]
    assert page.values("html", "lang") == [language]
    assert all(address.startswith("/") for address in page.values("img", "src") + page.values("link", "href"))


def test_what_others_wrote_is_shown_as_text(ask):
    page = ask("/leaks/two").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Forum &lt;b&gt;&amp;amp;&lt;/b&gt; shop" in page
    assert ask("/v1/leaks/two").json()["title"] == "Forum <b>&amp;</b> shop"


def test_made_up_data_is_marked_on_every_page_that_shows_it(ask):
    for path in ("/leaks", "/leaks/one", "/leaks/two"):
        page = ask(path).text
        assert "<title>[synthetic]" in page
        assert "Synthetic data." in page
        assert 'class="badge badge-warn">Synthetic<' in page
    assert ask("/v1/leaks/one/profile").json()["synthetic"] is True


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_chart_is_a_picture_with_words_and_the_same_numbers_in_a_table(ask, theme):
    page = Page(ask("/leaks/one").text)
    addresses = page.values("source", "srcset") if theme == "dark" else page.values("img", "src")
    assert len(addresses) >= 3
    assert all(len(words) > 20 for words in page.values("img", "alt"))
    maps = sum("/world.svg" in address for address in addresses)  # which have the table of the countries
    assert [tag for tag, _ in page.elements].count("table") >= len(addresses) - maps
    for address in addresses:
        answer = ask(address)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
        assert answer.headers["etag"]
        drawing = ElementTree.fromstring(answer.content)
        assert drawing.find("{http://www.w3.org/2000/svg}title").text
        assert not re.search(rb"<script|<style|style=|href|class=|url\(|@import|on[a-z]+=", answer.content)


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_page_leaves_room_for_its_charts_before_they_have_come(ask, language):
    pictures = [
        found
        for tag, found in Page(ask("/leaks/one", params={"language": language}).text).elements
        if tag == "img"
    ]
    assert len(pictures) >= 3
    for one in pictures:
        drawing = ElementTree.fromstring(ask(one["src"]).content)
        true = float(drawing.get("height")) / float(drawing.get("width"))
        assert int(one["height"]) / int(one["width"]) == pytest.approx(true, rel=0.12), one["src"]


def test_charts_speak_the_language_of_the_page(ask):
    english, german = (
        ask("/leaks/one/charts/countries.svg", params={"language": code}).text for code in ("en", "de")
    )
    assert "Italy" in english
    assert "Italien" in german


@pytest.mark.parametrize("name", ["nothing", "years-nothing", "..%2Fleak", "world.svg"])
def test_there_are_no_other_charts(ask, name):
    assert ask(f"/leaks/one/charts/{name}.svg").status_code == 404


@pytest.mark.parametrize("path", ["/leaks/one", "/v1/leaks/one", "/v1/leaks/one/profile"])
def test_no_name_of_a_file_and_nobody_is_told_of(ask, made, path):
    text = ask(path).text
    assert "one.txt" not in text
    assert str(made.folder) not in text
    assert made.phone not in text
    assert made.phone[1:] not in text
    assert made.email not in text


def test_a_profile_is_in_tens_and_says_how_it_was_read(ask, made):
    found = ask("/v1/leaks/one/profile").json()
    assert found["rows"] % 10 == 0
    assert {one["country"] for one in found["numbers"]["named"]} >= {"EG"}
    assert all(one["distinct"] >= 10 for one in found["numbers"]["named"])
    assert found["custody"]["files"] == [], "600 rows are too few to tell their checksum"
    assert found["custody"]["other_files"] == 1
    assert found["custody"]["floodmark"]


def test_statements_are_told_as_soon_as_they_are_recorded_and_no_longer_than_that(made, ask):
    said = ["statement", "add", "one", "--kind", "denial", "--by", "company", "--speaker", SPEAKER,
            "--said", "2021-04", "--known", "2021-05-02", "--text", "It is old.\nIt was public.",
            "--url", "https://friends.example/news?a=1&b=2", "--source", "Its press page"]  # fmt: skip
    floodmark(made.folder, *said)
    found = next(
        one for one in ask("/v1/leaks/one/statements").json()["statements"] if one["speaker"] == SPEAKER
    )
    assert (found["kind"], found["said_on"], found["learnt_on"]) == ("denial", "2021-04", "2021-05-02")
    answer = ask("/leaks/one").text
    assert "Friends &amp; &lt;b&gt;Sons&lt;/b&gt;" in answer
    assert '<time class="when" datetime="2021-04">April 2021</time>' in answer
    links = [a for tag, a in Page(answer).elements if tag == "a" and a.get("href", "").startswith("http")]
    assert "https://friends.example/news?a=1&b=2" in [a["href"] for a in links]
    assert {a["rel"] for a in links} == {"noreferrer noopener nofollow external"}
    floodmark(made.folder, "statement", "remove", str(found["id"]))
    assert SPEAKER not in ask("/v1/leaks/one/statements").text


def test_a_server_of_files_alone_says_what_the_snapshot_says_and_no_more(apart, asking):
    nothing = apart.environment | {"FLOODMARK_HOME": str(apart.folder / "nothing")}
    with serving(apart, "--role", "buckets", "--snapshot", str(apart.public), "--root-key", apart.root_key,
                 "--evaluator-at", "https://evaluate.example.org", environment=nothing) as served:  # fmt: skip
        leak = asking.get(f"{served.address}/v1/leaks/one").json()
        assert (leak["title"], leak["saved_at"]) == ("Friends, 2021", None)
        assert leak["field_types"][:2] == ["phone", "email"]
        for part in ("profile", "statements"):
            answer = asking.get(f"{served.address}/v1/leaks/one/{part}")
            assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-held")
        page = asking.get(f"{served.address}/leaks/one")
        assert page.status_code == 200
        assert "Friends, 2021" in page.text
        described = asking.get(f"{served.address}/openapi.json").json()["paths"]
        assert "/v1/evaluate" not in described
        assert "/v1/snapshot" in described


def test_a_profile_that_is_not_what_was_signed_is_not_shown(apart, asking):
    (profile,) = (apart.folder / "home" / "leaks" / "one").glob("profile.json")
    profile.chmod(0o600)
    content = profile.read_bytes()
    profile.unlink()
    profile.write_bytes(content.replace(b'"rows":', b'"rows" :', 1))
    with serving(apart) as served:
        page = asking.get(f"{served.address}/leaks/one")
        assert page.status_code == 200
        assert "What was counted cannot be shown" in page.text
        answer = asking.get(f"{served.address}/v1/leaks/one/profile")
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/profile-unsound")
        assert asking.get(f"{served.address}/v1/leaks/two/profile").status_code == 200


def test_a_leak_that_became_sensitive_is_told_of_nowhere(apart, asking):
    with serving(apart) as served:
        assert asking.get(f"{served.address}/leaks/one").status_code == 200
        floodmark(apart.folder, "leak", "edit", "one", "--sensitive")
        until = time.monotonic() + LONG  # a server looks every two seconds
        while asking.get(f"{served.address}/v1/leaks/one").status_code == 200:
            assert time.monotonic() < until
            time.sleep(0.05)
        for path in ("/v1/leaks", "/v1/leaks/one", "/v1/leaks/one/profile", "/leaks", "/leaks/one"):
            answer = asking.get(served.address + path)
            assert answer.status_code == 503
            assert "Friends, 2021" not in answer.text
        assert asking.get(f"{served.address}/about").status_code == 200
