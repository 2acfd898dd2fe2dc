import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from floodmark.triage.profile import CountryProfile, Profile
from floodmark.triage.report.html import render, write

VOID = {"meta", "br", "img", "input", "link", "hr"}


class Page(HTMLParser):
    """Reads a page and keeps what tests ask about; an end tag out of order is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


@pytest.fixture(scope="module")
def twin_page(twin: Profile) -> str:
    return render(twin)


@pytest.fixture(scope="module")
def hostile_page(hostile: Profile) -> str:
    return render(hostile)


@pytest.fixture(scope="module")
def empty_page(empty: Profile) -> str:
    return render(empty)


@pytest.fixture(params=["twin_page", "hostile_page", "empty_page"])
def page(request: pytest.FixtureRequest) -> Page:
    return Page(request.getfixturevalue(request.param))


def test_every_element_is_closed_in_order(page: Page) -> None:
    assert page.open == []


def test_no_page_holds_a_script_a_form_or_anything_that_loads(page: Page) -> None:
    assert not page.tags & {
        "script",
        "img",
        "link",
        "iframe",
        "object",
        "embed",
        "form",
        "base",
        "foreignobject",
    }
    for tag, name, value in page.attributes:
        assert not name.startswith("on"), tag
        assert name not in {"src", "srcset", "style", "action", "xlink:href"}
        if name == "href":
            assert re.fullmatch(r"#[a-z]+", value)


def test_the_page_forbids_itself_everything_but_its_style(twin_page: str) -> None:
    text = twin_page
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy
    assert policy[1].startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert "http:" not in text
    assert "https:" not in text
    assert "url(" not in text
    assert "@import" not in text
    assert text.index("Content-Security-Policy") < text.index("<style>")


def test_links_within_the_page_lead_somewhere(page: Page) -> None:
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    targets = {value for _, name, value in page.attributes if name in {"href", "aria-labelledby"}}
    assert {target.removeprefix("#") for target in targets} <= set(ids)


def test_the_first_screen_is_the_summary_with_the_loud_findings(twin_page: str) -> None:
    text = Page(twin_page).text
    order = ["Synthetic data.", "Summary", "299,812", "Serious", "What can be said", "What cannot be said"]
    places = [text.index(part) for part in [*order, "What to ask next", "By the numbering plan of valid"]]
    assert places == sorted(places)


def test_every_number_of_a_chart_stands_in_a_table_too(twin: Profile, twin_page: str) -> None:
    text = re.sub(r"<svg.*?</svg>", "", twin_page, flags=re.S)
    for country in twin.countries:
        assert f"{country.phones:,}" in text
    for bucket in twin.runs.lengths:
        assert f"{bucket['numbers']:,}" in text
    for one in twin.field_sets:
        assert f"{one.rows:,}" in text
    for date in twin.dates:
        for year in date.years:
            assert f'<span>{year["year"]}</span> <span class="n">{year["rows"]:,}</span>' in text


def test_markup_in_names_is_shown_and_never_obeyed(hostile_page: str) -> None:
    text = hostile_page
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert text.count("<style>") == text.count("</style>") == 1


def test_identifiers_that_a_column_is_named_by_are_covered(hostile_page: str) -> None:
    text = hostile_page
    assert "7700" not in text
    assert "who@" not in text


def test_quick_numbers_show_their_intervals(twin_page: str, hostile_page: str) -> None:
    text = Page(hostile_page).text
    assert "Quick mode: numbers are estimates" in text
    assert "5,000,000,000 (4,900,000,000 to 5,100,000,000)" in text
    assert "Quick mode" not in Page(twin_page).text


def test_only_synthetic_data_carries_the_synthetic_banner(twin: Profile, twin_page: str) -> None:
    assert "[synthetic]" in twin_page
    real = render(replace(twin, synthetic=False))
    assert "Synthetic data." not in real
    assert "[synthetic]" not in real


def test_an_island_too_small_for_the_map_is_in_map_and_table(twin: Profile) -> None:
    text = render(replace(twin, countries=[CountryProfile("NU", 1, 1)]))
    assert "Niue" in text
    assert "f-level5" in text


def test_a_page_without_rows_says_why(empty: Profile, empty_page: str) -> None:
    text = Page(empty_page).text
    assert "no row was read" in text
    assert "The file is empty. Check the path." in text
    assert "World map" not in text


def test_the_page_of_the_twin_stays_small(twin_page: str, hostile_page: str) -> None:
    assert len(twin_page.encode()) < 1_500_000
    assert len(hostile_page.encode()) < 1_500_000


def test_the_same_profile_gives_the_same_page(twin: Profile, twin_page: str) -> None:
    assert render(twin) == twin_page


def test_writing_leaves_one_whole_file(empty: Profile, tmp_path: Path) -> None:
    write(empty, tmp_path / "report.html")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert (tmp_path / "report.html").read_text().rstrip().endswith("</html>")
