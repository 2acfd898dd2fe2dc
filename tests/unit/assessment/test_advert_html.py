"""The page of an assessment: well-formed, closed to the world, and whole."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from floodmark.assessment.advert import AdvertAssessment
from floodmark.assessment.advert_reading import Remark
from floodmark.assessment.report import advert_chart, advert_html
from floodmark.assessment.report.advert_words import words
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.quantity import Quantity

from .adverts import COUNTS, OTHER, assessed, known, made

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&\x1b[31m\u202egnp"


class Page(HTMLParser):
    """Reads a page; an end tag out of order is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).replace("\u00a0", " ").split())


def hostile() -> AdvertAssessment:
    said = made(
        {**COUNTS, "US": 9},
        Assertion(kind="attack-by", who=HOSTILE, scope=HOSTILE),
        name=HOSTILE,
        understood=[HOSTILE],
        remarks=[Remark(slug="a", words=HOSTILE)],
    )
    table = known(title=HOSTILE, sources=dict.fromkeys(COUNTS, HOSTILE))
    return assessed(said, [table])


ASSESSMENTS = {
    "found": assessed(made(total=Quantity(487_000_000, 3), said_on="2022-11-16", sample=10, drawn="seller")),
    "differing": assessed(made({**COUNTS, "US": 9})),
    "several": assessed(tables=[known(), known(slug="a-copy"), known(OTHER, slug="another")]),
    "not found": assessed(tables=[known(OTHER)]),
    "nothing": assessed(made({})),
    "no tables": assessed(tables=[]),
    "hostile": hostile(),
}


@pytest.fixture(params=sorted(ASSESSMENTS))
def found(request: pytest.FixtureRequest) -> AdvertAssessment:
    return ASSESSMENTS[request.param]


def test_the_page_is_well_formed_loads_nothing_and_runs_nothing(found):
    text = advert_html.render(found)
    page = Page(text)
    assert page.open == []
    assert "default-src 'none'" in text
    assert not page.tags & {"script", "iframe", "object", "embed", "link", "form", "img"}
    for name, value in page.attributes:
        assert not name.startswith("on")
        assert name not in {"src", "style", "srcset", "action"}
        assert name != "href" or value.startswith("#")


def test_anchors_lead_somewhere_and_regions_have_names_of_their_own(found):
    attributes = Page(advert_html.render(found)).attributes
    ids = [value for name, value in attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value[1:] for name, value in attributes if name == "href"} <= set(ids)
    labels = [value for name, value in attributes if name == "aria-label"]
    assert len(labels) == len(set(labels))


def test_every_sentence_of_the_assessment_is_on_the_page(found):
    text = Page(advert_html.render(found)).text
    said = words(found)
    shown = [one.words for one in said.findings] + [one.why for one in said.claims]
    for line in [said.headline, *shown, *said.not_shown, *said.cannot_tell, *said.settle, *said.certainty]:
        if "<script>" not in line:
            assert " ".join(line.replace("\u00a0", " ").split()) in text


def test_every_figure_stands_in_the_table_with_where_it_was_read():
    text = advert_html.render(ASSESSMENTS["differing"])
    for row in ASSESSMENTS["differing"].shown[0].rows:
        assert f'<td class="n">{row.said.value:,}</td><td class="n">{row.known.value:,}</td>' in text
    assert text.count('<td class="text">old-leak/list</td>') == len(COUNTS)
    assert text.count('<span class="flag">differs</span>') == 1


def test_a_figure_that_a_slip_would_explain_is_shown_as_one_that_does_not_agree():
    text = advert_html.render(assessed(made({**COUNTS, "EG": 44_833_547})))
    assert text.count('<span class="flag">one digit differs</span>') == 1
    assert text.count('class="s-danger"') == 1


def test_what_came_from_the_file_or_the_register_is_text_and_nothing_else():
    text = advert_html.render(ASSESSMENTS["hostile"])
    assert "<script" not in text and "<img" not in text
    assert escape("<script>alert(1)</script>") in text
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_the_drawing_has_a_mark_for_each_country_that_both_tables_have():
    drawn = ElementTree.fromstring(
        advert_chart.scatter([(10, 10, True), (500, 501, True), (9, 7000, False)], "a")
    )
    marks = [one for one in drawn.iter("path") if one.get("class") in ("f-mark", "s-danger")]
    assert len(marks) == 3


@pytest.mark.parametrize(
    "points", [[], [(0, 0, True)], [(0, 5, False)], [(10**15, 1, False)], [(1, 1, True)]]
)
def test_a_drawing_of_odd_counts_is_one_all_the_same(points):
    assert ElementTree.fromstring(advert_chart.scatter(points, HOSTILE)).tag == "svg"


def test_the_page_is_the_same_each_time_and_is_written_whole(tmp_path, found):
    advert_html.write(found, tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text() == advert_html.render(found)


def test_a_figure_that_was_multiplied_is_shown_as_it_was_read_with_its_factor():
    text = advert_html.render(assessed(made({country: 3 * count for country, count in COUNTS.items()})))
    assert '<td class="n">32,315,282 × 3</td>' in text
    assert "Its figures are multiplied by 3, as one further figure gives it." in text
    assert "3 times counts in An old leak" in text
    assert "Known counts are multiplied by 3. Each mark is a country" in text
